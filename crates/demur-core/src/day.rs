//! Which calendar day a moment is, in the purpose's time zone.
//!
//! Days are counted from 1970-01-01 as in Arrow's `Date32`, so that the gate compares integers.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Days since 1970-01-01 of the proleptic Gregorian calendar.
pub type Day = i32;

const EPOCH: Date = jiff::civil::date(1970, 1, 1);
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The day number of a date.
#[must_use]
pub fn of_date(date: Date) -> Day {
    // jiff's dates span the years -9999 to 9999: 7.3 million days.
    i32::try_from(date.duration_since(EPOCH).as_hours() / 24).expect("a date fits a day number")
}

/// The date of a day number, where there is one in the years -9999 to 9999.
#[must_use]
pub fn to_date(day: Day) -> Option<Date> {
    EPOCH.checked_add(SignedDuration::from_hours(i64::from(day) * 24)).ok()
}

/// The date on which someone born on `birth` turns `age`; a 29 February moves to 1 March where the
/// year has none. `None` past the year 9999.
#[must_use]
pub fn birthday(birth: Date, age: u8) -> Option<Date> {
    let year = birth.year().checked_add(i16::from(age))?;
    Date::new(year, birth.month(), birth.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

/// A time zone unrolled into a table, so that the day of a moment costs a search and a division
/// rather than a walk through the zone's rules.
#[derive(Clone, Debug)]
pub struct Zone {
    zone: TimeZone,
    /// Moments (µs since 1970, UTC) from which an offset (µs) holds, ascending.
    from: Vec<i64>,
    offset: Vec<i64>,
    /// Moments from here on are not in the table.
    end: i64,
}

impl Zone {
    /// Looks the zone up by its IANA name.
    ///
    /// # Errors
    /// Where the time zone database does not know the name.
    pub fn named(name: &str) -> Result<Self, String> {
        let zone = TimeZone::get(name).map_err(|_| {
            format!("\"{name}\" is not a time zone; write an IANA name such as Europe/Dublin")
        })?;
        let start = Timestamp::from_second(-2_500_000_000).expect("1890 is a moment");
        let end = Timestamp::from_second(4_102_444_800).expect("2100 is a moment");
        let micros = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1_000_000;
        let mut from = vec![start.as_microsecond()];
        let mut offset = vec![micros(zone.to_offset(start))];
        for transition in zone.following(start).take_while(|t| t.timestamp() < end) {
            from.push(transition.timestamp().as_microsecond());
            offset.push(micros(transition.offset()));
        }
        Ok(Zone { zone, from, offset, end: end.as_microsecond() })
    }

    /// The zone itself.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The day of a moment given in µs since 1970 UTC; `None` where no calendar holds it.
    #[must_use]
    pub fn day(&self, micros: i64) -> Option<Day> {
        if micros < self.from[0] || micros >= self.end {
            return self.day_outside_table(micros);
        }
        let at = self.from.partition_point(|from| *from <= micros) - 1;
        // Inside the table the quotient spans some 76,000 days.
        Some((micros + self.offset[at]).div_euclid(MICROS_PER_DAY) as Day)
    }

    #[cold]
    fn day_outside_table(&self, micros: i64) -> Option<Day> {
        let moment = Timestamp::from_microsecond(micros).ok()?;
        Some(of_date(self.zone.to_datetime(moment).date()))
    }
}

/// Reads a day alone: `1990-02-28` and nothing else, since a moment is another day elsewhere.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// Reads a date or moment as people write it (ISO 8601, RFC 3339): a day alone is that day, a moment
/// with an offset or `Z` is converted, and one without either is taken as UTC.
#[must_use]
pub fn parse(text: &str, zone: &Zone) -> Option<Day> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return zone.day(moment.as_microsecond());
    }
    if text.len() == 10 {
        return parse_date(text).map(of_date);
    }
    // A zone in brackets is one that nobody asked for; without an offset it would be passed over.
    if text.contains('[') {
        return None;
    }
    let naive: jiff::civil::DateTime = text.parse().ok()?;
    zone.day(TimeZone::UTC.to_timestamp(naive).ok()?.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn leap_day_birthdays_fall_on_the_first_of_march() {
        assert_eq!(birthday(date(2008, 2, 29), 18), Some(date(2026, 3, 1)));
        assert_eq!(birthday(date(2008, 2, 29), 20), Some(date(2028, 2, 29)));
        assert_eq!(birthday(date(2007, 5, 27), 18), Some(date(2025, 5, 27)));
        assert_eq!(birthday(date(9990, 1, 1), 18), None);
    }

    #[test]
    fn the_table_agrees_with_the_zone() {
        for name in ["Europe/Dublin", "America/St_Johns", "Pacific/Apia", "UTC"] {
            let zone = Zone::named(name).unwrap();
            for step in -400_000..400_000i64 {
                let micros = step * 13_000_000_000_001 + step;
                let by_table = zone.day(micros);
                assert_eq!(by_table, zone.day_outside_table(micros), "{name} {micros}");
            }
        }
    }

    #[test]
    fn days_and_dates_are_the_same_thing() {
        assert_eq!(of_date(date(1970, 1, 2)), 1);
        assert_eq!(of_date(date(1969, 12, 31)), -1);
        assert_eq!(to_date(of_date(date(2025, 5, 27))), Some(date(2025, 5, 27)));
        assert_eq!(to_date(i32::MAX), None);
    }

    #[test]
    fn dates_are_read_as_written_and_never_guessed() {
        let zone = Zone::named("Europe/Dublin").unwrap();
        let day = |text| parse(text, &zone).and_then(to_date);
        assert_eq!(day("2024-07-01T23:30:00Z"), Some(date(2024, 7, 2)));
        assert_eq!(day("2024-07-01T23:30:00"), Some(date(2024, 7, 2)));
        assert_eq!(day("2024-07-01 22:30:00+00:00"), Some(date(2024, 7, 1)));
        assert_eq!(day("2024-07-01"), Some(date(2024, 7, 1)));
        for bad in [
            "2024-02-30",
            "01/07/2024",
            "",
            "yesterday",
            "2024-07-01T00:30:00[Asia/Tokyo]",
            "1719874800",
            "2024-07-01T25:00:00Z",
        ] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }
}
