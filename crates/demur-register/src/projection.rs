//! From events to current state, as pure functions: what the register's tables must say, whether
//! they were written one event at a time, rebuilt, or replayed up to a past moment.

use std::collections::{BTreeMap, HashMap};

use demur_core::objection::{Effect, Scopes, Status};
use jiff::civil::Date;

use crate::CaseId;
use crate::event::{By, Event, Moment, Received, Source, What};
use crate::keys::Tag;
use crate::training::Version;

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CaseRow {
    /// The event that opened it.
    pub(crate) opened: u64,
    pub(crate) case: CaseId,
    pub(crate) subject: i64,
    pub(crate) purpose: String,
    pub(crate) scopes: Scopes,
    pub(crate) names_record: bool,
    /// Whether someone without an account is answered at an address.
    pub(crate) has_contact: bool,
    pub(crate) source: Source,
    pub(crate) status: Status,
    pub(crate) received_at: Moment,
    /// From when the time to answer counts: its arrival, or when it was last opened again.
    pub(crate) due_from: Moment,
    /// Stands for account, record, purpose, scopes and moment of receipt.
    pub(crate) identity: Tag,
    /// The last event about it.
    pub(crate) changed: u64,
    pub(crate) changed_at: Moment,
    pub(crate) extended_until: Option<Date>,
    /// What an import last said of it. A file that says so again says nothing new, even where the
    /// case has moved on here since.
    pub(crate) imported: Option<Status>,
    /// The event since which the case excludes without a break; `None` where it does not.
    pub(crate) in_force: Option<u64>,
}

impl CaseRow {
    /// The case that an arrival opens.
    pub(crate) fn open(seq: u64, at: Moment, what: &Received, link: Link) -> Self {
        let Link { subject, identity, has_contact } = link;
        CaseRow {
            opened: seq,
            case: what.case,
            subject,
            purpose: what.purpose.clone(),
            scopes: what.scopes,
            names_record: what.names_record,
            has_contact,
            source: what.source,
            status: Status::Received,
            received_at: what.received_at,
            due_from: what.received_at,
            identity,
            changed: seq,
            changed_at: at,
            extended_until: None,
            imported: (what.source == Source::Import).then_some(Status::Received),
            in_force: Some(seq),
        }
    }

    /// Takes a later event of the case in.
    pub(crate) fn apply(&mut self, seq: u64, at: Moment, what: &What) {
        // Who looked and who was told changes nothing about where the case stands.
        if matches!(
            what,
            What::CaseViewed(_) | What::LetterSent { .. } | What::RecipientTold { .. }
        ) {
            return;
        }
        self.changed = seq;
        self.changed_at = at;
        match what {
            What::DeadlineExtended { until, .. } => self.extended_until = Some(*until),
            // Who objects again is answered within a month from then.
            What::ObjectionReopened(_) => (self.due_from, self.extended_until) = (at, None),
            _ => {}
        }
        if let Some(status) = what.status() {
            self.status = status;
            self.in_force = match status.effect() {
                Effect::None => None,
                Effect::Restricted | Effect::Objected => self.in_force.or(Some(seq)),
            };
            if what.by() == Some(By::Import) {
                self.imported = Some(status);
            }
        }
    }
}

/// Whether an event of a case changes what the case does to data.
pub(crate) fn changes_exclusion(what: &What) -> bool {
    what.status().is_some_and(|status| status != Status::UnderReview)
}

/// A version of a purpose; its text is in the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PurposeRow {
    pub(crate) seq: u64,
    pub(crate) purpose: String,
    pub(crate) digest: String,
}

/// A training set; what it is stands in the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrainingRow {
    pub(crate) seq: u64,
    pub(crate) set: String,
    /// The event that says that it no longer exists.
    pub(crate) gone: Option<u64>,
}

/// A version of a training set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionRow {
    pub(crate) set: String,
    pub(crate) version: Version,
}

/// A training run; what it read stands in the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunRow {
    pub(crate) seq: u64,
    pub(crate) run: String,
    /// The event that says how it ended.
    pub(crate) finished: Option<u64>,
}

/// Whom a case is about, known from its sealed part; a case without was erased.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) subject: i64,
    pub(crate) identity: Tag,
    pub(crate) has_contact: bool,
}

/// The subject of erased cases while events are replayed; no table holds it.
const NOBODY: i64 = -1;

impl Link {
    /// What an erased case hangs on.
    const NOBODY: Link = Link { subject: NOBODY, identity: [0; 16], has_contact: false };
}

/// The whole current state, as the log gives it.
#[derive(Default)]
pub(crate) struct Picture {
    cases: BTreeMap<u64, CaseRow>,
    opened: HashMap<CaseId, u64>,
    /// Which events followed the arrival of a case: (opened, event).
    pub(crate) history: Vec<(u64, u64)>,
    pub(crate) purposes: Vec<PurposeRow>,
    pub(crate) training: Vec<TrainingRow>,
    pub(crate) versions: Vec<VersionRow>,
    pub(crate) runs: Vec<RunRow>,
    /// For each purpose, the log's size after the last event that changed who is excluded.
    pub(crate) newest: BTreeMap<String, u64>,
}

impl Picture {
    /// Takes the next event in. `link` matters for arrivals only.
    pub(crate) fn apply(&mut self, seq: u64, event: &Event, link: Option<Link>) {
        match &event.what {
            What::ObjectionReceived(received) => {
                let row = CaseRow::open(seq, event.at, received, link.unwrap_or(Link::NOBODY));
                self.newest.insert(row.purpose.clone(), seq + 1);
                self.opened.insert(row.case, seq);
                self.cases.insert(seq, row);
            }
            What::PurposeRecorded { purpose, digest, .. } => self.purposes.push(PurposeRow {
                seq,
                purpose: purpose.clone(),
                digest: digest.clone(),
            }),
            What::NoticesDelivered { purpose, .. }
            | What::NoticesUndelivered { purpose, .. }
            | What::TombstonesKept { purpose, .. }
            | What::ErasedStayOut { purpose, .. } => {
                self.newest.insert(purpose.clone(), seq + 1);
            }
            What::TrainingSetCommitted(set) => {
                self.training.push(TrainingRow { seq, set: set.set.clone(), gone: None });
                self.version(&set.set, Version::built(seq, event.at, set));
            }
            What::TrainingSetRetracted(set) => {
                self.version(&set.set, Version::retracted(seq, event.at, set));
            }
            What::TrainingSetPurged(set) => {
                let before = self.versions.iter().rfind(|row| row.set == set.set);
                if let Some(before) = before {
                    let version = Version::purged(seq, event.at, set, &before.version);
                    self.version(&set.set, version);
                }
            }
            What::TrainingSetGone(gone) => {
                let row = self.training.iter_mut().find(|row| row.set == gone.set);
                row.into_iter().for_each(|row| row.gone = Some(seq));
            }
            What::RunStarted(run) => {
                self.runs.push(RunRow { seq, run: run.run.clone(), finished: None });
            }
            What::RunFinished(run) => {
                let row = self.runs.iter_mut().find(|row| row.run == run.run);
                row.into_iter().for_each(|row| row.finished = Some(seq));
            }
            What::SubjectErased { cases } => {
                for case in cases.iter().filter_map(|case| self.opened.get(case)) {
                    self.newest.insert(self.cases[case].purpose.clone(), seq + 1);
                }
            }
            what => self.step(seq, event.at, what),
        }
    }

    fn version(&mut self, set: &str, version: Version) {
        self.versions.push(VersionRow { set: set.to_owned(), version });
    }

    fn step(&mut self, seq: u64, at: Moment, what: &What) {
        let Some(opened) = what.case().and_then(|case| self.opened.get(&case)) else { return };
        let Some(row) = self.cases.get_mut(opened) else { return };
        row.apply(seq, at, what);
        self.history.push((*opened, seq));
        if changes_exclusion(what) {
            self.newest.insert(row.purpose.clone(), seq + 1);
        }
    }

    /// Every case that was not erased, in the order of arrival.
    pub(crate) fn cases(&self) -> impl Iterator<Item = &CaseRow> {
        self.cases.values().filter(|row| row.subject != NOBODY)
    }
}
