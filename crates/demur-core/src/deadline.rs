//! By when an objection must be answered (Art. 12(3) GDPR, counted by Art. 3 of Regulation
//! (EEC, Euratom) 1182/71).
//!
//! The day of receipt is not counted (Art. 3(1)), and every later day is, holidays included
//! (Art. 3(3)). A period of months ends with the last hour of the day that bears the number of the
//! day of receipt, or of the month's last day where there is no such day (Art. 3(2)(c)). Where that
//! is a Saturday, a Sunday or a public holiday, it ends with the last hour of the next working day
//! (Art. 3(4)). Art. 3(5), two working days in every period of two days or more, adds nothing: no
//! month has fewer.
//!
//! Which day a moment falls on, and when that day's last hour is over, is for the time zone to say;
//! which days are public holidays, for the country in which the answer is written (Art. 2(1)). See
//! [`holidays`] for what is listed and why a gap there is harmless.

pub mod holidays;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How many calendar days ahead a case is due soon.
pub const SOON: i32 = 7;

/// The end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The day on which the months are over.
    pub nominal: Date,
    /// The last day on which an answer is in time: [`nominal`](Self::nominal), or the working day
    /// that follows it.
    pub due: Date,
    /// The first moment at which an answer is late: the start of the day after
    /// [`due`](Self::due).
    pub at: Timestamp,
}

/// By how much the first month is extended (Art. 12(3), second sentence). In files and events it is
/// the number 1 or 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Extension {
    /// By one month: two in all.
    OneMonth,
    /// By two months: three in all.
    TwoMonths,
}

impl Extension {
    /// The months that are added.
    #[must_use]
    pub fn months(self) -> u8 {
        match self {
            Extension::OneMonth => 1,
            Extension::TwoMonths => 2,
        }
    }
}

impl From<Extension> for u8 {
    fn from(extension: Extension) -> u8 {
        extension.months()
    }
}

impl TryFrom<u8> for Extension {
    type Error = NoExtension;
    fn try_from(months: u8) -> Result<Self, NoExtension> {
        match months {
            1 => Ok(Extension::OneMonth),
            2 => Ok(Extension::TwoMonths),
            _ => Err(NoExtension::Months { months }),
        }
    }
}

/// Why a case gets no extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoExtension {
    /// Neither one month nor two.
    #[error("an extension is by one or two months, not by {months} (Art. 12(3))")]
    Months {
        /// What was asked for.
        months: u8,
    },
    /// There is one already.
    #[error("the time to answer has been extended before, and once is all there is (Art. 12(3))")]
    Already,
    /// The first month is over.
    #[error(
        "the time to answer ended on {due}; an extension had to reach the person by then (Art. 12(3))"
    )]
    Expired {
        /// The last day of the first month.
        due: Date,
    },
}

/// By when an objection received at `received` must be answered: within one month (Art. 12(3)).
///
/// `country` is an ISO 3166-1 alpha-2 code; with none, or one without a
/// [calendar](holidays::has_calendar), only weekends move the day. At the end of the year 9999 the
/// answer stays on the last day there is.
#[must_use]
pub fn due(received: Timestamp, zone: &TimeZone, country: Option<&str>) -> Due {
    after(received, 1, zone, country)
}

/// By when it must be answered after an extension: within two or three months of receipt.
///
/// Art. 12(3) lengthens "that period" and opens no second one, so all months are counted from the
/// day of receipt, not from the first deadline. What 31 January asks is due on 28 February and,
/// extended by two months, on 30 April, not 28; nor does a weekend at the end of the first month
/// move the end of the third.
#[must_use]
pub fn extended(
    received: Timestamp,
    extension: Extension,
    zone: &TimeZone,
    country: Option<&str>,
) -> Due {
    after(received, 1 + extension.months(), zone, country)
}

/// By when a case must be answered as it stands: within one month, or until the day `extended_until`
/// that an extension gave it.
#[must_use]
pub fn answer_by(
    received: Timestamp,
    extended_until: Option<Date>,
    zone: &TimeZone,
    country: Option<&str>,
) -> Due {
    match extended_until {
        None => due(received, zone, country),
        Some(until) => Due { nominal: until, due: until, at: end_of(until, zone) },
    }
}

/// Whether the time to answer may be extended at `now`, and to when.
///
/// The person must be told, with the reasons, inside the first month; `already` says whether the
/// case was extended before.
///
/// # Errors
/// Where the case was extended before, or the first month is over.
pub fn may_extend(
    now: Timestamp,
    received: Timestamp,
    extension: Extension,
    already: bool,
    zone: &TimeZone,
    country: Option<&str>,
) -> Result<Due, NoExtension> {
    if already {
        return Err(NoExtension::Already);
    }
    let first = due(received, zone, country);
    if now >= first.at {
        return Err(NoExtension::Expired { due: first.due });
    }
    Ok(extended(received, extension, zone, country))
}

/// Whether `date` is neither a Saturday, a Sunday nor a public holiday of `country` (Reg. 1182/71,
/// Art. 2(2)).
#[must_use]
pub fn is_working_day(date: Date, country: Option<&str>) -> bool {
    date.weekday().to_monday_zero_offset() < 5
        && country.is_none_or(|country| holidays::is_holiday(country, date).is_none())
}

/// The first moment of receipt whose answer is due on `day` or later, without an extension: what lies
/// before it in a list ordered by receipt was due earlier.
#[must_use]
pub fn first_receipt_due(day: Date, zone: &TimeZone, country: Option<&str>) -> Timestamp {
    // A month, and the days by which a shorter month or a run of holidays moves the end of one.
    let mut received = day.saturating_sub(LONGEST_MONTH.days());
    while last_day(received, 1, country).1 < day {
        match received.tomorrow() {
            Ok(next) => received = next,
            Err(_) => break,
        }
    }
    zone.to_timestamp(received.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}

/// The calendar days between today and the last day for an answer: 0 on that day, negative after it.
#[must_use]
pub fn days_left(now: Timestamp, due: &Due, zone: &TimeZone) -> i32 {
    crate::day::of_date(due.due) - crate::day::of_date(zone.to_datetime(now).date())
}

/// How pressing a case is. The most pressing sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// The period is over.
    Overdue,
    /// It is over within the days asked about.
    DueSoon,
    /// There is time.
    Open,
}

impl Urgency {
    /// The urgency at `now`, where "soon" is `soon` calendar days ahead or fewer.
    #[must_use]
    pub fn of(now: Timestamp, due: &Due, zone: &TimeZone, soon: i32) -> Urgency {
        if now >= due.at {
            Urgency::Overdue
        } else if days_left(now, due, zone) <= soon {
            Urgency::DueSoon
        } else {
            Urgency::Open
        }
    }
}

/// More days than there ever are between receipt and the last day for an answer.
const LONGEST_MONTH: i64 = 60;

fn after(received: Timestamp, months: u8, zone: &TimeZone, country: Option<&str>) -> Due {
    let (nominal, due) = last_day(zone.to_datetime(received).date(), months, country);
    Due { nominal, due, at: end_of(due, zone) }
}

/// The start of the day after `day`. Where midnight is skipped, a day starts after the gap; where it
/// comes twice, with the first.
fn end_of(day: Date, zone: &TimeZone) -> Timestamp {
    let next = day.tomorrow().and_then(|next| zone.to_timestamp(next.at(0, 0, 0, 0)));
    next.unwrap_or(Timestamp::MAX)
}

/// The day on which the months are over, and the working day on which or after which it falls.
fn last_day(received: Date, months: u8, country: Option<&str>) -> (Date, Date) {
    // Months are added at once: step by step, the 31st would be lost in February for good.
    let nominal = received.saturating_add(i64::from(months).months());
    let mut due = nominal;
    while !is_working_day(due, country) {
        match due.tomorrow() {
            Ok(next) => due = next,
            Err(_) => break,
        }
    }
    (nominal, due)
}

#[cfg(test)]
mod tests;
