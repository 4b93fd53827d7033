//! What is open, in the order in which it falls due, for registers with hundreds of thousands of cases.
//!
//! The last day of a case depends on its purpose: on the zone its days are counted in, and on whose
//! holidays move them. Of one purpose, who came later is never due earlier, so the order in which people
//! objected, or objected again, is the order of days; extended cases carry their day with them. A page
//! merges these two orders of every purpose. Nothing sealed is opened: a queue shows no person's data.

use std::fmt;
use std::str::FromStr;

use demur_core::day;
use demur_core::deadline::{self, SOON, Urgency};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::Purpose;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::error::{Error, Result};
use crate::event::{Moment, Source};
use crate::projection::CaseRow;
use crate::register::latest_purposes;
use crate::store::{OpenQuery, OpenSpan, Read};
use crate::{CaseId, Register};

/// Which open cases to list; the default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// Those about this purpose.
    pub purpose: Option<String>,
    /// Those of this status.
    pub status: Option<Status>,
    /// Those that press so much.
    pub urgency: Option<Urgency>,
    /// Those that arrived this way.
    pub source: Option<Source>,
    /// Those that name a single record, or those that do not.
    pub names_record: Option<bool>,
    /// Those of people without an account, who are answered at an address; or all others.
    pub has_contact: Option<bool>,
    /// Those that were there when the log had so many events.
    pub below: Option<u64>,
}

/// One open case in a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCase {
    /// Its number.
    pub case: CaseId,
    /// The purpose objected to.
    pub purpose: String,
    /// What it covers.
    pub scopes: Scopes,
    /// Whether it names a single record.
    pub names_record: bool,
    /// Whether someone without an account is answered at an address.
    pub has_contact: bool,
    /// Where it stands.
    pub status: Status,
    /// How it arrived.
    pub source: Source,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Whether its deadline was extended.
    pub is_extended: bool,
    /// The last day for an answer.
    pub due: Date,
    /// How pressing that is.
    pub urgency: Urgency,
    /// Its place, from which the next page goes on.
    pub place: Place,
}

/// A place in a queue, as the address of its next page carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    due: Date,
    from: i64,
    opened: u64,
}

/// How many open cases there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// All of them.
    pub open: u64,
    /// Those whose time is over.
    pub overdue: u64,
    /// Those whose time is over within [`SOON`] days.
    pub due_soon: u64,
}

impl Register {
    /// Up to `limit` open cases by due day, from `after` on.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn queue(
        &self,
        filter: &QueueFilter,
        now: Timestamp,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<OpenCase>> {
        let tx = self.store.read()?;
        let mut found = Vec::new();
        for clock in clocks(&*tx, filter, now)? {
            for span in clock.spans(filter.urgency, after) {
                tx.open_cases(&query(filter, &clock, span), limit, &mut |row| {
                    found.push(clock.open_case(row, now));
                    Ok(())
                })?;
            }
        }
        found.sort_unstable_by_key(|case| case.place);
        found.truncate(limit);
        Ok(found)
    }

    /// How many open cases a filter admits, whatever urgency it asks for.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn queue_counts(&self, filter: &QueueFilter, now: Timestamp) -> Result<QueueCounts> {
        let tx = self.store.read()?;
        let mut counts = QueueCounts::default();
        for clock in clocks(&*tx, filter, now)? {
            counts.open += count(&*tx, filter, &clock, None)?;
            counts.overdue += count(&*tx, filter, &clock, Some(Urgency::Overdue))?;
            counts.due_soon += count(&*tx, filter, &clock, Some(Urgency::DueSoon))?;
        }
        Ok(counts)
    }

    /// How many cases of each purpose have each status, in the order of names.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn tally(&self) -> Result<Vec<(String, Status, u64)>> {
        self.store.read()?.count_cases()
    }
}

fn clocks(tx: &dyn Read, filter: &QueueFilter, now: Timestamp) -> Result<Vec<Clock>> {
    let purposes = latest_purposes(tx)?.into_iter();
    let wanted = |purpose: &Purpose| filter.purpose.as_ref().is_none_or(|id| *id == purpose.id);
    purposes.filter(wanted).map(|purpose| Clock::of(purpose, now)).collect()
}

fn count(
    tx: &dyn Read,
    filter: &QueueFilter,
    clock: &Clock,
    urgency: Option<Urgency>,
) -> Result<u64> {
    clock
        .spans(urgency, None)
        .into_iter()
        .map(|span| tx.count_open(&query(filter, clock, span)))
        .sum()
}

fn query(filter: &QueueFilter, clock: &Clock, span: OpenSpan) -> OpenQuery {
    OpenQuery {
        purpose: clock.purpose.id.clone(),
        span,
        status: filter.status,
        source: filter.source,
        names_record: filter.names_record,
        has_contact: filter.has_contact,
        below: filter.below,
    }
}

/// How days are counted for one purpose.
struct Clock {
    purpose: Purpose,
    zone: TimeZone,
    today: Date,
}

impl Clock {
    fn of(purpose: Purpose, now: Timestamp) -> Result<Self> {
        let zone = day::Zone::named(&purpose.time_zone).map_err(Error::Invalid)?;
        let zone = zone.time_zone().clone();
        let today = zone.to_datetime(now).date();
        Ok(Clock { purpose, zone, today })
    }

    /// The first day of an urgency, and the last.
    fn days(&self, urgency: Option<Urgency>) -> (Date, Date) {
        let soon = self.today.saturating_add(SOON.days());
        match urgency {
            None => (Date::MIN, Date::MAX),
            Some(Urgency::Overdue) => (Date::MIN, self.today.saturating_sub(1.day())),
            Some(Urgency::DueSoon) => (self.today, soon),
            Some(Urgency::Open) => (soon.saturating_add(1.day()), Date::MAX),
        }
    }

    /// What is due on the days of an urgency, behind a place: a stretch of either order.
    fn spans(&self, urgency: Option<Urgency>, after: Option<&Place>) -> [OpenSpan; 2] {
        let (first, last) = self.days(urgency);
        let mut received = (self.received(first), None);
        let mut extended = (first, i64::MIN, None);
        if let Some(place) = after.filter(|place| place.due >= first) {
            let here = (place.from, Some(place.opened));
            // Cases of the place's own day lie on both sides of it; earlier and later days on one.
            let own = (self.received(place.due), None);
            let next = (self.received(place.due.saturating_add(1.day())), None);
            received = here.clamp(own, next);
            extended = (place.due, place.from, Some(place.opened));
        }
        let before = match last {
            Date::MAX => i64::MAX,
            last => self.received(last.saturating_add(1.day())),
        };
        [
            OpenSpan::Received { after: received, before },
            OpenSpan::Extended { after: extended, until: last },
        ]
    }

    /// From which receipt on cases are due that day or later, in µs.
    fn received(&self, due: Date) -> i64 {
        if due == Date::MIN {
            return i64::MIN;
        }
        let holidays = self.purpose.holidays.as_deref();
        Moment::from(deadline::first_receipt_due(due, &self.zone, holidays)).micros()
    }

    fn open_case(&self, row: CaseRow, now: Timestamp) -> OpenCase {
        let holidays = self.purpose.holidays.as_deref();
        let from = row.due_from.timestamp();
        let due = deadline::answer_by(from, row.extended_until, &self.zone, holidays);
        OpenCase {
            case: row.case,
            purpose: row.purpose,
            scopes: row.scopes,
            names_record: row.names_record,
            has_contact: row.has_contact,
            status: row.status,
            source: row.source,
            received_at: row.received_at.timestamp(),
            is_extended: row.extended_until.is_some(),
            due: due.due,
            urgency: Urgency::of(now, &due, &self.zone, SOON),
            place: Place { due: due.due, from: row.due_from.micros(), opened: row.opened },
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.due, self.from, self.opened)
    }
}

impl FromStr for Place {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let mut parts = text.split('.');
            let due = parts.next()?.parse().ok()?;
            let from = parts.next()?.parse().ok()?;
            let opened = parts.next()?.parse().ok()?;
            parts.next().is_none().then_some(Place { due, from, opened })
        };
        read().ok_or_else(|| "that is no place in a queue".to_owned())
    }
}
