//! Public holidays, by rule: the 27 states of the EU, IS, LI and NO, and CH and GB.
//!
//! Listed is what a state's law makes a public holiday for everyone on its whole territory. Leaving
//! a day out is the safe mistake: a deadline that should have moved stays where it was, so the
//! answer is asked for earlier than the law asks, never later. A day too many would be the opposite.
//! Whatever is doubtful is therefore left out:
//!
//! - days of a region, a Land, a canton or a religion only, among them 6 January in Spain, which a
//!   region may exchange, and everything in Switzerland that is not held in all cantons;
//! - days off in lieu of a holiday on a weekend (BG, GB, IE, LV, and 1 May in Greece where it falls
//!   into Holy Week), bridging days (BG, HU, LV) and days declared for one year;
//! - days that are treated like a holiday without being one: Midsummer Eve and Christmas Eve in
//!   Finland and Sweden, Good Friday in the Netherlands and Liechtenstein, Clean Monday, Good Friday
//!   and Whit Monday in Greece, Constitution Day and 24 December in Denmark;
//! - 8 May and 15 September in Slovakia from 2026 on, which were given up for 2026 and may be again.
//!
//! The table begins with 2018, the year in which the GDPR came to apply, and follows the law as known
//! in November 2026; it is to be read again every year. Before 2018 no day is a holiday.

mod table;

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, ToSpan};

use table::TABLE;

/// The first year that the table describes.
pub const FIRST_YEAR: i16 = 2018;

/// On which day of a year a holiday falls.
#[derive(Clone, Copy)]
enum Rule {
    /// Month and day.
    Fixed(i8, i8),
    /// Days after Easter Sunday of the western churches.
    Western(i16),
    /// Days after Easter Sunday of the Orthodox churches.
    Orthodox(i16),
    /// The nth such day of a month, counted from its end where negative.
    Nth(i8, Weekday, i8),
    /// The first such day on or after a month and day.
    From(Weekday, i8, i8),
    /// Whatever a function says of a date.
    Special(fn(Date) -> bool),
}

impl Rule {
    fn falls_on(self, date: Date) -> bool {
        match self {
            Rule::Fixed(month, day) => (date.month(), date.day()) == (month, day),
            Rule::Western(offset) => days_after(date, western_easter(date.year())) == Some(offset),
            Rule::Orthodox(offset) => {
                days_after(date, orthodox_easter(date.year())) == Some(offset)
            }
            Rule::Nth(nth, weekday, month) => {
                date.month() == month
                    && date.nth_weekday_of_month(nth, weekday).is_ok_and(|day| day == date)
            }
            Rule::From(weekday, month, day) => {
                date.weekday() == weekday
                    && Date::new(date.year(), month, day).is_ok_and(|first| {
                        days_after(date, Some(first)).is_some_and(|n| (0..7).contains(&n))
                    })
            }
            Rule::Special(falls_on) => falls_on(date),
        }
    }
}

struct Holiday {
    name: &'static str,
    rule: Rule,
    /// The first and the last year.
    years: (i16, i16),
    /// ISO 3166-1 alpha-2 codes, a space between any two.
    countries: &'static str,
}

impl Holiday {
    fn is_held_in(&self, country: &str) -> bool {
        self.countries.split(' ').any(|code| code == country)
    }
}

/// The English name of the public holiday that `date` is in `country` (ISO 3166-1 alpha-2, in
/// capitals).
///
/// `None` where it is none, and for every date of a country without a [calendar](has_calendar), so
/// that only weekends move a deadline there.
#[must_use]
pub fn is_holiday(country: &str, date: Date) -> Option<&'static str> {
    TABLE
        .iter()
        .find(|holiday| {
            let (first, last) = holiday.years;
            (first..=last).contains(&date.year())
                && holiday.is_held_in(country)
                && holiday.rule.falls_on(date)
        })
        .map(|holiday| holiday.name)
}

/// Whether the holidays of `country` are known.
#[must_use]
pub fn has_calendar(country: &str) -> bool {
    TABLE.iter().any(|holiday| holiday.is_held_in(country))
}

/// The codes of the countries with a calendar, sorted.
#[must_use]
pub fn countries() -> Vec<&'static str> {
    let mut codes: Vec<_> = TABLE.iter().flat_map(|h| h.countries.split(' ')).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Easter Sunday of the western churches, by the Gregorian reckoning; `None` before 1583.
#[must_use]
pub fn western_easter(year: i16) -> Option<Date> {
    if year < 1583 {
        return None;
    }
    let y = i32::from(year);
    let (golden, century) = (y % 19, y / 100);
    // Days from 21 March to the paschal full moon, with the corrections of sun and moon.
    let sun = century - century / 4;
    let moon = (8 * century + 13) / 25;
    let epact = (19 * golden + sun - moon + 15) % 30;
    let full_moon = epact - i32::from(epact == 29 || (epact == 28 && golden > 10));
    // Days from there to the next Sunday.
    let weekday = (y + y / 4 + full_moon + 2 - sun) % 7;
    march_plus(year, 28 + full_moon - weekday)
}

/// Easter Sunday of the Orthodox churches, by the Julian reckoning, as a Gregorian date; `None`
/// before 1583.
#[must_use]
pub fn orthodox_easter(year: i16) -> Option<Date> {
    if year < 1583 {
        return None;
    }
    let y = i32::from(year);
    let full_moon = (19 * (y % 19) + 15) % 30;
    let weekday = (y + y / 4 + full_moon) % 7;
    // By how many days the Julian calendar lags.
    let lag = y / 100 - y / 400 - 2;
    march_plus(year, 28 + full_moon - weekday + lag)
}

/// The `day`-th of March, where days past the 31st run on.
fn march_plus(year: i16, day: i32) -> Option<Date> {
    Date::new(year, 3, 1).ok()?.checked_add((i64::from(day) - 1).days()).ok()
}

/// The days from `start` to `date`.
fn days_after(date: Date, start: Option<Date>) -> Option<i16> {
    let passed: SignedDuration = start?.duration_until(date);
    i16::try_from(passed.as_hours() / 24).ok()
}

#[cfg(test)]
mod tests;
