//! Dates and numbers, as each language writes them.

use std::fmt::Write as _;

use fluent_bundle::types::FluentNumber;
use jiff::civil::{Date, DateTime};

use crate::language::Language;
use crate::messages::text;

/// How a language writes numbers.
pub(crate) struct Style {
    thousands: String,
    decimal: String,
    /// Digits from which on numbers are grouped: some languages leave four together.
    grouping_from: usize,
}

impl Style {
    pub(crate) fn of(language: Language) -> Style {
        let say = |id| text(language, id, &[]);
        Style {
            thousands: say("format-thousands"),
            decimal: say("format-decimal"),
            grouping_from: say("format-grouping-from").parse().unwrap_or(4),
        }
    }

    pub(crate) fn number(&self, number: &FluentNumber) -> String {
        self.decimal(number.value, number.options.minimum_fraction_digits.unwrap_or(0))
    }

    fn decimal(&self, number: f64, digits: usize) -> String {
        let plain = format!("{number:.digits$}");
        let (sign, plain) = match plain.strip_prefix('-') {
            Some(rest) => ("\u{2212}", rest),
            None => ("", plain.as_str()),
        };
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let mut out = String::from(sign);
        let grouped = whole.len() >= self.grouping_from;
        for (at, digit) in whole.chars().enumerate() {
            if grouped && at > 0 && (whole.len() - at) % 3 == 0 {
                out.push_str(&self.thousands);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            let _ = write!(out, "{}{fraction}", self.decimal);
        }
        out
    }
}

/// A whole number: `1,234` in English, `1.234` in German.
#[must_use]
pub fn number(language: Language, number: u64) -> String {
    Style::of(language).decimal(number as f64, 0)
}

/// A number with `digits` decimals.
#[must_use]
pub fn decimal(language: Language, number: f64, digits: u8) -> String {
    Style::of(language).decimal(number, usize::from(digits))
}

/// A share of 1 as a percentage with `digits` decimals.
#[must_use]
pub fn percent(language: Language, share: f64, digits: u8) -> String {
    let number = decimal(language, share * 100.0, digits);
    text(language, "format-percent", &[("number", (&number).into())])
}

/// A day, with the month's name.
///
/// ```
/// use demur_notice::{Language, format};
/// let french = Language::from_locale("fr").unwrap();
/// assert_eq!(format::date(french, jiff::civil::date(2025, 5, 1)), "1er mai 2025");
/// ```
#[must_use]
pub fn date(language: Language, date: Date) -> String {
    let month = text(language, &format!("month-{}", date.month()), &[]);
    let year = date.year().to_string();
    let day = (date.day().unsigned_abs() as u64).into();
    text(
        language,
        "format-date",
        &[("day", day), ("month", (&month).into()), ("year", (&year).into())],
    )
}

/// A month of a year, as a heading or on an axis.
#[must_use]
pub fn month(language: Language, date: Date) -> String {
    let month = text(language, &format!("month-alone-{}", date.month()), &[]);
    let year = date.year().to_string();
    text(language, "format-month", &[("month", (&month).into()), ("year", (&year).into())])
}

/// A day with the time of day, to the minute.
#[must_use]
pub fn date_time(language: Language, at: DateTime) -> String {
    let (hour, minute) = (at.hour().to_string(), format!("{:02}", at.minute()));
    let args = [("hour", (&hour).into()), ("minute", (&minute).into())];
    let time = text(language, "format-time", &args);
    let date = date(language, at.date());
    text(language, "format-date-time", &[("date", (&date).into()), ("time", (&time).into())])
}

/// So many days.
#[must_use]
pub fn days(language: Language, count: u64) -> String {
    text(language, "format-days", &[("count", count.into())])
}
