//! The clocks against a table of dates.

use jiff::civil::date;

use super::*;

/// Received, time zone and country (`-` for none); then the day on which the month is over, the
/// last day for an answer, and the first moment that is too late.
#[rustfmt::skip]
const CASES: [(&str, &str, &str, &str, &str, &str); 76] = [
    // plain months
    ("2025-05-05T10:00Z", "UTC", "-", "2025-06-05", "2025-06-05", "2025-06-06T00:00Z"),
    ("2025-03-05T09:00Z", "Europe/Brussels", "BE", "2025-04-05", "2025-04-07", "2025-04-07T22:00Z"),
    ("2025-08-31T12:00Z", "Europe/Brussels", "-", "2025-09-30", "2025-09-30", "2025-09-30T22:00Z"),
    // month ends and leap days
    ("2024-01-29T12:00Z", "UTC", "-", "2024-02-29", "2024-02-29", "2024-03-01T00:00Z"),
    ("2024-01-30T12:00Z", "UTC", "-", "2024-02-29", "2024-02-29", "2024-03-01T00:00Z"),
    ("2024-01-31T12:00Z", "UTC", "-", "2024-02-29", "2024-02-29", "2024-03-01T00:00Z"),
    ("2025-01-28T12:00Z", "UTC", "-", "2025-02-28", "2025-02-28", "2025-03-01T00:00Z"),
    ("2025-01-29T12:00Z", "UTC", "-", "2025-02-28", "2025-02-28", "2025-03-01T00:00Z"),
    ("2025-01-30T12:00Z", "UTC", "-", "2025-02-28", "2025-02-28", "2025-03-01T00:00Z"),
    ("2025-01-31T12:00Z", "UTC", "-", "2025-02-28", "2025-02-28", "2025-03-01T00:00Z"),
    ("2024-02-28T12:00Z", "UTC", "-", "2024-03-28", "2024-03-28", "2024-03-29T00:00Z"),
    ("2024-02-29T12:00Z", "UTC", "-", "2024-03-29", "2024-03-29", "2024-03-30T00:00Z"),
    ("2025-02-28T12:00Z", "UTC", "-", "2025-03-28", "2025-03-28", "2025-03-29T00:00Z"),
    ("2025-03-31T12:00Z", "UTC", "-", "2025-04-30", "2025-04-30", "2025-05-01T00:00Z"),
    ("2025-05-31T12:00Z", "UTC", "-", "2025-06-30", "2025-06-30", "2025-07-01T00:00Z"),
    ("2025-10-31T12:00Z", "UTC", "-", "2025-11-30", "2025-12-01", "2025-12-02T00:00Z"),
    ("2026-01-31T12:00Z", "UTC", "-", "2026-02-28", "2026-03-02", "2026-03-03T00:00Z"),
    // year ends
    ("2025-12-01T12:00Z", "Europe/Berlin", "DE", "2026-01-01", "2026-01-02", "2026-01-02T23:00Z"),
    ("2025-12-31T12:00Z", "Europe/Berlin", "DE", "2026-01-31", "2026-02-02", "2026-02-02T23:00Z"),
    ("2024-12-06T12:00Z", "Europe/Vienna", "AT", "2025-01-06", "2025-01-07", "2025-01-07T23:00Z"),
    ("2024-12-06T12:00Z", "Europe/Berlin", "DE", "2025-01-06", "2025-01-06", "2025-01-06T23:00Z"),
    ("2024-12-01T12:00Z", "Europe/Bucharest", "RO", "2025-01-01", "2025-01-03", "2025-01-03T22:00Z"),
    // weekends
    ("2025-07-09T12:00Z", "UTC", "-", "2025-08-09", "2025-08-11", "2025-08-12T00:00Z"),
    ("2025-07-10T12:00Z", "UTC", "-", "2025-08-10", "2025-08-11", "2025-08-12T00:00Z"),
    ("2025-07-11T12:00Z", "UTC", "-", "2025-08-11", "2025-08-11", "2025-08-12T00:00Z"),
    // Christmas
    ("2025-11-25T12:00Z", "Europe/Berlin", "DE", "2025-12-25", "2025-12-29", "2025-12-29T23:00Z"),
    ("2025-11-25T12:00Z", "Europe/Berlin", "-", "2025-12-25", "2025-12-25", "2025-12-25T23:00Z"),
    ("2025-11-24T12:00Z", "Europe/Berlin", "DE", "2025-12-24", "2025-12-24", "2025-12-24T23:00Z"),
    ("2025-11-24T12:00Z", "Europe/Warsaw", "PL", "2025-12-24", "2025-12-29", "2025-12-29T23:00Z"),
    ("2024-11-24T12:00Z", "Europe/Warsaw", "PL", "2024-12-24", "2024-12-24", "2024-12-24T23:00Z"),
    ("2026-11-24T12:00Z", "Europe/Budapest", "HU", "2026-12-24", "2026-12-28", "2026-12-28T23:00Z"),
    ("2026-11-25T12:00Z", "Europe/Dublin", "IE", "2026-12-25", "2026-12-28", "2026-12-29T00:00Z"),
    ("2025-11-25T12:00Z", "Europe/Paris", "FR", "2025-12-25", "2025-12-26", "2025-12-26T23:00Z"),
    ("2024-11-24T12:00Z", "Europe/Vilnius", "LT", "2024-12-24", "2024-12-27", "2024-12-27T22:00Z"),
    ("2025-11-30T12:00Z", "Europe/Riga", "LV", "2025-12-30", "2025-12-30", "2025-12-30T22:00Z"),
    // Easter
    ("2025-03-18T12:00Z", "Europe/Berlin", "DE", "2025-04-18", "2025-04-22", "2025-04-22T22:00Z"),
    ("2025-03-18T12:00Z", "Europe/Dublin", "IE", "2025-04-18", "2025-04-18", "2025-04-18T23:00Z"),
    ("2025-03-17T12:00Z", "Europe/Copenhagen", "DK", "2025-04-17", "2025-04-22", "2025-04-22T22:00Z"),
    ("2026-03-03T12:00Z", "Europe/Madrid", "ES", "2026-04-03", "2026-04-06", "2026-04-06T22:00Z"),
    ("2026-03-03T12:00Z", "Europe/Amsterdam", "NL", "2026-04-03", "2026-04-03", "2026-04-03T22:00Z"),
    ("2024-04-03T12:00Z", "Europe/Sofia", "BG", "2024-05-03", "2024-05-07", "2024-05-07T21:00Z"),
    ("2024-04-03T12:00Z", "Europe/Bucharest", "RO", "2024-05-03", "2024-05-07", "2024-05-07T21:00Z"),
    ("2025-04-25T12:00Z", "Europe/Copenhagen", "DK", "2025-05-25", "2025-05-26", "2025-05-26T22:00Z"),
    ("2023-04-05T12:00Z", "Europe/Copenhagen", "DK", "2023-05-05", "2023-05-08", "2023-05-08T22:00Z"),
    ("2025-05-09T12:00Z", "Europe/Paris", "FR", "2025-06-09", "2025-06-10", "2025-06-10T22:00Z"),
    // national days
    ("2025-07-04T12:00Z", "Europe/Dublin", "IE", "2025-08-04", "2025-08-05", "2025-08-05T23:00Z"),
    ("2026-01-02T12:00Z", "Europe/Dublin", "IE", "2026-02-02", "2026-02-03", "2026-02-04T00:00Z"),
    ("2030-01-01T12:00Z", "Europe/Dublin", "IE", "2030-02-01", "2030-02-04", "2030-02-05T00:00Z"),
    ("2027-04-03T12:00Z", "Europe/Dublin", "IE", "2027-05-03", "2027-05-04", "2027-05-04T23:00Z"),
    ("2025-09-27T12:00Z", "Europe/Dublin", "IE", "2025-10-27", "2025-10-28", "2025-10-29T00:00Z"),
    ("2025-10-17T12:00Z", "Europe/Bratislava", "SK", "2025-11-17", "2025-11-17", "2025-11-17T23:00Z"),
    ("2025-10-17T12:00Z", "Europe/Prague", "CZ", "2025-11-17", "2025-11-18", "2025-11-18T23:00Z"),
    ("2026-04-05T12:00Z", "Europe/Amsterdam", "NL", "2026-05-05", "2026-05-06", "2026-05-06T22:00Z"),
    ("2025-05-20T12:00Z", "Europe/Stockholm", "SE", "2025-06-20", "2025-06-20", "2025-06-20T22:00Z"),
    ("2025-05-06T12:00Z", "Europe/Stockholm", "SE", "2025-06-06", "2025-06-09", "2025-06-09T22:00Z"),
    ("2026-03-23T12:00Z", "Atlantic/Reykjavik", "IS", "2026-04-23", "2026-04-24", "2026-04-25T00:00Z"),
    ("2025-04-17T12:00Z", "Europe/Oslo", "NO", "2025-05-17", "2025-05-19", "2025-05-19T22:00Z"),
    ("2026-04-17T12:00Z", "Europe/Oslo", "NO", "2026-05-17", "2026-05-18", "2026-05-18T22:00Z"),
    ("2025-07-15T12:00Z", "Europe/Rome", "IT", "2025-08-15", "2025-08-18", "2025-08-18T22:00Z"),
    ("2025-05-01T12:00Z", "Europe/Zurich", "CH", "2025-06-01", "2025-06-02", "2025-06-02T22:00Z"),
    ("2025-07-01T12:00Z", "Europe/Zurich", "CH", "2025-08-01", "2025-08-04", "2025-08-04T22:00Z"),
    ("2025-11-25T12:00Z", "Europe/London", "GB", "2025-12-25", "2025-12-29", "2025-12-30T00:00Z"),
    // which day it was
    ("2025-07-01T22:59:59Z", "Europe/Dublin", "IE", "2025-08-01", "2025-08-01", "2025-08-01T23:00Z"),
    ("2025-07-01T23:30Z", "Europe/Dublin", "IE", "2025-08-02", "2025-08-05", "2025-08-05T23:00Z"),
    ("2025-12-01T23:30Z", "Europe/Dublin", "IE", "2026-01-01", "2026-01-02", "2026-01-03T00:00Z"),
    ("2025-06-30T12:30Z", "Pacific/Auckland", "-", "2025-08-01", "2025-08-01", "2025-08-01T12:00Z"),
    ("2025-06-30T11:30Z", "Pacific/Auckland", "-", "2025-07-30", "2025-07-30", "2025-07-30T12:00Z"),
    ("2025-07-01T02:00Z", "America/St_Johns", "-", "2025-07-30", "2025-07-30", "2025-07-31T02:30Z"),
    ("2025-07-01T02:30Z", "America/St_Johns", "-", "2025-08-01", "2025-08-01", "2025-08-02T02:30Z"),
    ("2025-01-31T10:30Z", "Pacific/Apia", "-", "2025-02-28", "2025-02-28", "2025-02-28T11:00Z"),
    // when the last hour is over
    ("2025-02-28T12:00Z", "Europe/Berlin", "DE", "2025-03-28", "2025-03-28", "2025-03-28T23:00Z"),
    ("2025-09-24T12:00Z", "Europe/Berlin", "DE", "2025-10-24", "2025-10-24", "2025-10-24T22:00Z"),
    ("2025-09-26T12:00Z", "Europe/Berlin", "DE", "2025-10-26", "2025-10-27", "2025-10-27T23:00Z"),
    ("2025-03-24T12:00Z", "Africa/Cairo", "-", "2025-04-24", "2025-04-24", "2025-04-24T22:00Z"),
    ("2025-09-30T12:00Z", "Africa/Cairo", "-", "2025-10-30", "2025-10-30", "2025-10-30T22:00Z"),
    ("2026-02-27T12:00Z", "America/St_Johns", "-", "2026-03-27", "2026-03-27", "2026-03-28T02:30Z"),
];

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

#[test]
fn one_month_ends_when_the_regulation_says() {
    for (received, name, country, nominal, last, late) in CASES {
        let country = Some(country).filter(|code| *code != "-");
        let found = due(at(received), &zone(name), country);
        let expected =
            Due { nominal: nominal.parse().unwrap(), due: last.parse().unwrap(), at: at(late) };
        assert_eq!(found, expected, "{received} {name} {country:?}");
    }
}

#[test]
fn an_extension_counts_from_the_day_of_receipt() {
    let zone = zone("Europe/Berlin");
    let cases = [
        // The 31st is lost in February and found again in March.
        ("2025-01-31", 1, "2025-03-31", "2025-03-31"),
        ("2025-01-31", 2, "2025-04-30", "2025-04-30"),
        ("2024-01-31", 1, "2024-03-31", "2024-04-02"),
        ("2024-11-30", 2, "2025-02-28", "2025-02-28"),
        ("2023-11-30", 2, "2024-02-29", "2024-02-29"),
        ("2025-11-30", 2, "2026-02-28", "2026-03-02"),
        ("2025-12-31", 1, "2026-02-28", "2026-03-02"),
        // The first month ends on a holiday; that moves nothing later.
        ("2025-11-25", 1, "2026-01-25", "2026-01-26"),
        ("2025-11-25", 2, "2026-02-25", "2026-02-25"),
        ("2025-10-25", 1, "2025-12-25", "2025-12-29"),
        ("2025-10-01", 2, "2026-01-01", "2026-01-02"),
    ];
    for (received, months, nominal, last) in cases {
        let received = at(&format!("{received}T11:00Z"));
        let extension = Extension::try_from(months).unwrap();
        let found = extended(received, extension, &zone, Some("DE"));
        assert_eq!(found.nominal, nominal.parse().unwrap(), "{received} {months}");
        assert_eq!(found.due, last.parse().unwrap(), "{received} {months}");
    }
}

#[test]
fn an_extension_is_given_once_and_inside_the_first_month() {
    let zone = zone("Europe/Berlin");
    let received = at("2025-11-25T11:00Z");
    let ask = |now, already| {
        may_extend(at(now), received, Extension::TwoMonths, already, &zone, Some("DE"))
    };
    // Due on 29 December, until midnight in Berlin.
    assert_eq!(ask("2025-12-29T22:59:59.999999999Z", false).unwrap().due, date(2026, 2, 25));
    assert_eq!(ask("2025-11-25T11:00Z", false).unwrap().due, date(2026, 2, 25));
    let late = ask("2025-12-29T23:00Z", false).unwrap_err();
    assert_eq!(late, NoExtension::Expired { due: date(2025, 12, 29) });
    assert!(late.to_string().contains("2025-12-29"));
    assert_eq!(ask("2025-12-01T11:00Z", true), Err(NoExtension::Already));
    for months in [0, 3, 255] {
        assert_eq!(Extension::try_from(months), Err(NoExtension::Months { months }));
    }
}

#[test]
fn an_extension_is_a_number_in_files() {
    assert_eq!(serde_json::to_string(&Extension::TwoMonths).unwrap(), "2");
    assert_eq!(serde_json::from_str::<Extension>("1").unwrap(), Extension::OneMonth);
    assert!(serde_json::from_str::<Extension>("3").unwrap_err().to_string().contains("not by 3"));
}

#[test]
fn a_calendar_never_brings_a_deadline_forward() {
    let utc = TimeZone::UTC;
    let start = at("2024-01-01T12:00Z");
    for country in holidays::countries() {
        for hours in (0..24 * 366 * 3).step_by(24) {
            let received = start + jiff::SignedDuration::from_hours(hours);
            let (with, without) = (due(received, &utc, Some(country)), due(received, &utc, None));
            assert!(with.due >= without.due && with.nominal == without.nominal);
            assert!(is_working_day(with.due, Some(country)), "{country} {}", with.due);
            let moved = with.due.duration_since(with.nominal).as_hours() / 24;
            assert!(moved <= 6, "{country} {} to {}", with.nominal, with.due);
        }
    }
}

#[test]
fn an_unknown_country_has_weekends_only() {
    let received = at("2025-11-25T11:00Z");
    assert_eq!(due(received, &TimeZone::UTC, Some("US")), due(received, &TimeZone::UTC, None));
}

#[test]
fn the_end_of_the_calendar_is_no_panic() {
    let last = due(Timestamp::MAX, &TimeZone::UTC, Some("DE"));
    assert_eq!((last.due, last.at), (Date::MAX, Timestamp::MAX));
}

#[test]
fn queues_are_sorted_by_urgency() {
    let dublin = zone("Europe/Dublin");
    // Due on 4 August with no calendar, on the 5th in Ireland.
    let due = due(at("2025-07-04T12:00Z"), &dublin, Some("IE"));
    let cases = [
        ("2025-07-29T22:59Z", 7, Urgency::Open),
        ("2025-07-29T23:00Z", 6, Urgency::Open),
        ("2025-07-30T23:00Z", 5, Urgency::DueSoon),
        ("2025-08-05T22:59Z", 0, Urgency::DueSoon),
        ("2025-08-05T23:00Z", -1, Urgency::Overdue),
        ("2025-09-05T12:00Z", -31, Urgency::Overdue),
    ];
    for (now, left, urgency) in cases {
        assert_eq!(days_left(at(now), &due, &dublin), left, "{now}");
        assert_eq!(Urgency::of(at(now), &due, &dublin, 5), urgency, "{now}");
    }
    assert!(Urgency::Overdue < Urgency::DueSoon && Urgency::DueSoon < Urgency::Open);
}

#[test]
fn the_first_receipt_of_a_day_parts_earlier_from_later_ones() {
    let tick = jiff::SignedDuration::from_micros(1);
    for (name, country) in
        [("Europe/Dublin", Some("IE")), ("Europe/Berlin", None), ("America/Santiago", Some("DE"))]
    {
        let zone = zone(name);
        for day in date(2023, 11, 1).series(1.day()).take(800) {
            let first = first_receipt_due(day, &zone, country);
            assert!(due(first, &zone, country).due >= day, "{name} {day}");
            assert!(due(first - tick, &zone, country).due < day, "{name} {day}");
        }
    }
}
