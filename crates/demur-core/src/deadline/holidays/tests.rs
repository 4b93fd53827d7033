//! Against published dates, and against a calendar of 2026 typed out by country.

use jiff::civil::date;

use super::*;
use crate::purpose::{EEA_BEYOND_EU, EU};

/// Easter Sunday of the western and of the Orthodox churches.
const EASTERS: [(Date, Date); 16] = [
    (date(1954, 4, 18), date(1954, 4, 25)),
    (date(1981, 4, 19), date(1981, 4, 26)),
    (date(2000, 4, 23), date(2000, 4, 30)),
    (date(2008, 3, 23), date(2008, 4, 27)),
    (date(2018, 4, 1), date(2018, 4, 8)),
    (date(2019, 4, 21), date(2019, 4, 28)),
    (date(2020, 4, 12), date(2020, 4, 19)),
    (date(2021, 4, 4), date(2021, 5, 2)),
    (date(2022, 4, 17), date(2022, 4, 24)),
    (date(2023, 4, 9), date(2023, 4, 16)),
    (date(2024, 3, 31), date(2024, 5, 5)),
    (date(2025, 4, 20), date(2025, 4, 20)),
    (date(2026, 4, 5), date(2026, 4, 12)),
    (date(2027, 3, 28), date(2027, 5, 2)),
    (date(2030, 4, 21), date(2030, 4, 28)),
    (date(2038, 4, 25), date(2038, 4, 25)),
];

/// The holidays of 2026 from Monday to Friday.
#[rustfmt::skip]
const IN_2026: [(&str, &str); 32] = [
    ("AT", "01-01 01-06 04-06 05-01 05-14 05-25 06-04 10-26 12-08 12-25"),
    ("BE", "01-01 04-06 05-01 05-14 05-25 07-21 11-11 12-25"),
    ("BG", "01-01 03-03 04-10 04-13 05-01 05-06 09-22 12-24 12-25"),
    ("CH", "01-01 05-14 12-25"),
    ("CY", "01-01 01-06 02-23 03-25 04-01 04-10 04-13 05-01 06-01 10-01 10-28 12-25"),
    ("CZ", "01-01 04-03 04-06 05-01 05-08 07-06 09-28 10-28 11-17 12-24 12-25"),
    ("DE", "01-01 04-03 04-06 05-01 05-14 05-25 12-25"),
    ("DK", "01-01 04-02 04-03 04-06 05-14 05-25 12-25"),
    ("EE", "01-01 02-24 04-03 05-01 06-23 06-24 08-20 12-24 12-25"),
    ("ES", "01-01 04-03 05-01 10-12 12-08 12-25"),
    ("FI", "01-01 01-06 04-03 04-06 05-01 05-14 12-25"),
    ("FR", "01-01 04-06 05-01 05-08 05-14 05-25 07-14 11-11 12-25"),
    ("GB", "01-01 04-03 05-04 05-25 12-25"),
    ("GR", "01-01 01-06 03-25 04-13 05-01 10-28 12-25"),
    ("HR", "01-01 01-06 04-06 05-01 06-04 06-22 08-05 11-18 12-25"),
    ("HU", "01-01 04-03 04-06 05-01 05-25 08-20 10-23 12-24 12-25"),
    ("IE", "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25"),
    ("IS", "01-01 04-02 04-03 04-06 04-23 05-01 05-14 05-25 06-17 08-03 12-25"),
    ("IT", "01-01 01-06 04-06 05-01 06-02 12-08 12-25"),
    ("LI", "01-01 01-06 02-02 03-19 04-06 05-01 05-14 05-25 06-04 09-08 12-08 12-25"),
    ("LT", "01-01 02-16 03-11 04-06 05-01 06-24 07-06 11-02 12-24 12-25"),
    ("LU", "01-01 04-06 05-01 05-14 05-25 06-23 12-25"),
    ("LV", "01-01 04-03 04-06 05-01 05-04 06-23 06-24 11-18 12-24 12-25 12-31"),
    ("MT", "01-01 02-10 03-19 03-31 04-03 05-01 06-29 09-08 09-21 12-08 12-25"),
    ("NL", "01-01 04-06 04-27 05-05 05-14 05-25 12-25"),
    ("NO", "01-01 04-02 04-03 04-06 05-01 05-14 05-25 12-25"),
    ("PL", "01-01 01-06 04-06 05-01 06-04 11-11 12-24 12-25"),
    ("PT", "01-01 04-03 05-01 06-04 06-10 10-05 12-01 12-08 12-25"),
    ("RO", "01-01 01-02 01-06 01-07 04-10 04-13 05-01 06-01 11-30 12-01 12-25"),
    ("SE", "01-01 01-06 04-03 04-06 05-01 05-14 12-25"),
    ("SI", "01-01 01-02 04-06 04-27 05-01 06-25 12-25"),
    ("SK", "01-01 01-06 04-03 04-06 05-01 12-24 12-25"),
];

/// Days that are a holiday, with its name, or are none.
const DAYS: [(&str, &str, Option<&str>); 34] = [
    // Saint Brigid: the first Monday, or a Friday that is 1 February
    ("IE", "2022-02-07", None),
    ("IE", "2023-02-06", Some("Saint Brigid's Day")),
    ("IE", "2027-02-01", Some("Saint Brigid's Day")),
    ("IE", "2030-02-01", Some("Saint Brigid's Day")),
    ("IE", "2030-02-04", None),
    ("IE", "2028-02-01", None),
    ("IE", "2028-02-07", Some("Saint Brigid's Day")),
    ("IE", "2025-04-18", None),
    ("IE", "2025-10-27", Some("October Bank Holiday")),
    ("IE", "2025-10-20", None),
    // Saturdays and Thursdays between two dates
    ("SE", "2025-06-21", Some("Midsummer Day")),
    ("SE", "2025-06-20", None),
    ("FI", "2026-06-20", Some("Midsummer Day")),
    ("FI", "2026-10-31", Some("All Saints' Day")),
    ("FI", "2026-11-07", None),
    ("IS", "2024-04-25", Some("First Day of Summer")),
    ("IS", "2026-04-23", Some("First Day of Summer")),
    // King's Day is never on a Sunday
    ("NL", "2025-04-26", Some("King's Day")),
    ("NL", "2025-04-27", None),
    ("NL", "2026-04-27", Some("King's Day")),
    // A Greek 1 May in Holy Week is moved
    ("GR", "2024-05-01", None),
    ("GR", "2025-05-01", Some("Labour Day")),
    ("GR", "2024-05-06", Some("Easter Monday")),
    // Days that came and went
    ("DK", "2023-05-05", Some("Great Prayer Day")),
    ("DK", "2024-04-26", None),
    ("SK", "2024-11-17", Some("Struggle for Freedom and Democracy")),
    ("SK", "2025-11-17", None),
    ("PL", "2024-12-24", None),
    ("PL", "2025-12-24", Some("Christmas Eve")),
    ("HR", "2019-10-08", Some("Independence Day")),
    ("HR", "2020-10-08", None),
    ("IT", "2027-10-04", Some("Saint Francis of Assisi")),
    // Before the table, and outside it
    ("DE", "2017-12-25", None),
    ("US", "2025-12-25", None),
];

#[test]
fn easter_is_on_the_published_dates() {
    for (western, orthodox) in EASTERS {
        assert_eq!(western_easter(western.year()), Some(western));
        assert_eq!(orthodox_easter(orthodox.year()), Some(orthodox));
    }
    assert_eq!((western_easter(1582), orthodox_easter(-33)), (None, None));
}

#[test]
fn easter_is_always_a_sunday_in_its_season() {
    for year in 1583..=9999 {
        let western = western_easter(year).unwrap();
        assert_eq!(western.weekday(), Weekday::Sunday, "{western}");
        assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&western), "{western}");
        assert_eq!(orthodox_easter(year).unwrap().weekday(), Weekday::Sunday, "{year}");
    }
}

#[test]
fn every_country_has_its_holidays_of_2026() {
    for (country, expected) in IN_2026 {
        let mut found = Vec::new();
        let mut day = date(2026, 1, 1);
        while day.year() == 2026 {
            let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            if is_holiday(country, day).is_some() && !weekend {
                found.push(day.strftime("%m-%d").to_string());
            }
            day = day.tomorrow().unwrap();
        }
        assert_eq!(found.join(" "), expected, "{country}");
    }
}

#[test]
fn rules_fall_on_the_days_they_should() {
    for (country, day, expected) in DAYS {
        assert_eq!(is_holiday(country, day.parse().unwrap()), expected, "{country} {day}");
    }
}

#[test]
fn the_whole_area_has_a_calendar() {
    let known = countries();
    assert!(known.is_sorted() && known.iter().all(|code| has_calendar(code)));
    let mut expected: Vec<_> = EU.into_iter().chain(EEA_BEYOND_EU).chain(["CH", "GB"]).collect();
    expected.sort_unstable();
    assert_eq!(known, expected);
    assert_eq!(IN_2026.map(|(country, _)| country).to_vec(), expected);
    for unknown in ["US", "de", "", "EU", "DE AT"] {
        assert!(!has_calendar(unknown), "{unknown}");
    }
}

#[test]
fn no_row_names_a_country_twice_or_a_day_that_never_comes() {
    for holiday in TABLE {
        let mut codes: Vec<_> = holiday.countries.split(' ').collect();
        let before = codes.len();
        codes.dedup();
        assert!(codes.len() == before && codes.is_sorted(), "{}", holiday.name);
        let (first, last) = holiday.years;
        let mut day = Date::new(first, 1, 1).unwrap();
        let found = std::iter::from_fn(|| {
            day = day.tomorrow().ok()?;
            (day.year() <= last.min(first + 12)).then_some(day)
        })
        .any(|day| holiday.rule.falls_on(day));
        assert!(found, "{}", holiday.name);
    }
}
