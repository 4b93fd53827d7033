//! A case as people see it.

use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Effect, Scopes, Status};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::CaseId;
use crate::event::{Contact, Personal, Source, What};

/// One line of a list of cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseSummary {
    /// Its number.
    pub case: CaseId,
    /// The account that objects; `None` where it names a record alone, or comes from someone without an
    /// account.
    pub account: Option<AccountId>,
    /// The purpose objected to.
    pub purpose: String,
    /// What it covers.
    pub scopes: Scopes,
    /// Whether it names a single record.
    pub names_record: bool,
    /// Where it stands.
    pub status: Status,
    /// When it arrived.
    pub received_at: Timestamp,
    /// When it got its status, or its deadline was extended.
    pub changed_at: Timestamp,
    /// From when the time to answer counts: its arrival, or when it was last opened again.
    pub due_from: Timestamp,
    /// The last day of an extended deadline.
    pub extended_until: Option<Date>,
}

/// A case with its history, personal parts opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What a list shows of it.
    pub summary: CaseSummary,
    /// The record that it names.
    pub record: Option<RecordId>,
    /// What the person said; never required.
    pub grounds: Option<String>,
    /// Where the person is answered, who has no account.
    pub contact: Option<Contact>,
    /// How it arrived.
    pub source: Source,
    /// Every event of the case, the arrival included, oldest first.
    pub history: Vec<HistoryEntry>,
}

impl Case {
    /// Whether it was in force, that is undecided or approved, when the log had so many events.
    #[must_use]
    pub fn was_in_force(&self, size: u64) -> bool {
        let earlier = self.history.iter().take_while(|entry| entry.seq < size);
        let status = earlier.filter_map(|entry| entry.what.status()).last();
        status.is_some_and(|status| status.effect() != Effect::None)
    }
}

/// Whom and what a case is about, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The account that objects.
    pub account: Option<AccountId>,
    /// The one record that it names.
    pub record: Option<RecordId>,
    /// Where the person is answered, who has no account.
    pub contact: Option<Contact>,
}

/// One event of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Its place in the log.
    pub seq: u64,
    /// When it was entered.
    pub at: Timestamp,
    /// What the log says.
    pub what: What,
    /// What lies sealed beside it: names, grounds, authority and court route.
    pub personal: Option<Personal>,
}

/// Which cases to list; the default is all.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    /// Those about this purpose.
    pub purpose: Option<String>,
    /// Those of this status.
    pub status: Option<Status>,
    /// Those of this account.
    pub account: Option<AccountId>,
}
