//! Taking over objections that another system recorded.

use std::collections::HashMap;

use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::{Purpose, Refusals};
use jiff::Timestamp;

use crate::decide::{COVERS_NOTHING, NAMES_NOBODY, objection_tag};
use crate::error::{Error, Result};
use crate::event::{By, Moment, Personal, Source, Step, What};
use crate::keys::Tag;
use crate::projection::CaseRow;
use crate::register::find_purpose;
use crate::subject::{Identity, account_text};
use crate::writer::{Arrival, Writer};
use crate::{CaseId, Register};

/// One objection as another system states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectionRow {
    /// The line that it came from, for messages.
    pub line: u64,
    /// Who objected.
    pub account: Option<AccountId>,
    /// The one record objected to.
    pub record: Option<RecordId>,
    /// The purpose objected to.
    pub purpose: String,
    /// What it covers.
    pub scopes: Scopes,
    /// Where it stands there.
    pub status: Status,
    /// When it arrived there.
    pub received_at: Timestamp,
    /// What the person said. Taken on arrival only; it is no part of what makes two rows the same.
    pub reason: Option<String>,
}

/// What an import changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// Objections that were new.
    pub received: usize,
    /// Known objections whose status moved.
    pub updated: usize,
    /// Rows that said nothing new.
    pub unchanged: usize,
}

/// How many rows pass between two reports of progress.
const STRIDE: usize = 4096;

impl Register {
    /// Takes rows over, all or none. Account, record, purpose, scopes and moment of receipt make two
    /// rows the same objection; a row of another status than the last import's moves the case. A row
    /// that repeats what was imported before changes nothing, even where the case has moved on here.
    /// `progress` hears how many rows are done.
    ///
    /// # Errors
    /// Names the line of a row without account and record, without anything covered, of an
    /// unrecorded purpose, or refused where the purpose forbids it; and both lines where two rows
    /// contradict each other.
    pub fn import_objections(
        &mut self,
        rows: &[ObjectionRow],
        at: Timestamp,
        progress: &mut dyn FnMut(usize),
    ) -> Result<ImportSummary> {
        let mut import =
            Import { writer: self.writer(at)?, purposes: HashMap::new(), seen: HashMap::new() };
        let mut summary = ImportSummary::default();
        for (done, row) in rows.iter().enumerate() {
            if done % STRIDE == 0 {
                progress(done);
                import.expect(&rows[done..rows.len().min(done + STRIDE)])?;
            }
            match import.row(row)? {
                Outcome::Received => summary.received += 1,
                Outcome::Updated => summary.updated += 1,
                Outcome::Unchanged => summary.unchanged += 1,
            }
        }
        if summary.received + summary.updated > 0 {
            import.writer.commit()?;
        }
        progress(rows.len());
        Ok(summary)
    }
}

enum Outcome {
    Received,
    Updated,
    Unchanged,
}

struct Import<'a> {
    writer: Writer<'a>,
    purposes: HashMap<String, Option<Purpose>>,
    /// Objections of this batch, with line and status.
    seen: HashMap<Tag, (u64, Status)>,
}

impl Import<'_> {
    /// Tells the store whom the next rows are about.
    fn expect(&self, rows: &[ObjectionRow]) -> Result<()> {
        let keys = self.writer.keys;
        let subject = |row: &ObjectionRow| {
            Identity::of(row.account.as_ref(), row.record.as_ref(), None)
                .map(|identity| keys.subject_tag(&identity))
        };
        let identity = |row: &ObjectionRow| {
            let received_at = Moment::from(row.received_at);
            objection_tag(keys, &personal(row), &row.purpose, row.scopes, received_at)
        };
        let subjects: Vec<Tag> = rows.iter().filter_map(subject).collect();
        let identities: Vec<Tag> = rows.iter().map(identity).collect();
        self.writer.tx.expect(&subjects, &identities)
    }

    fn row(&mut self, row: &ObjectionRow) -> Result<Outcome> {
        let subject = self.check(row)?;
        let personal = personal(row);
        let received_at = Moment::from(row.received_at);
        let keys = self.writer.keys;
        let identity = objection_tag(keys, &personal, &row.purpose, row.scopes, received_at);

        if let Some((first, status)) = self.seen.insert(identity, (row.line, row.status)) {
            if status == row.status {
                return Ok(Outcome::Unchanged);
            }
            return Err(Error::Conflict {
                first,
                second: row.line,
                first_status: status,
                second_status: row.status,
            });
        }
        if let Some(mut known) = self.writer.tx.case_by_identity(&identity)? {
            if known.imported == Some(row.status) {
                return Ok(Outcome::Unchanged);
            }
            if known.status == row.status {
                // It came to the same here. That the other system says so too is noted, so that its
                // next word is compared with this one and not with an older.
                let what = last_step(row.status).unwrap_or(What::ObjectionReopened);
                let said = what(imported(known.case));
                self.writer.step(&mut known, said, None)?;
                self.writer.save(&known)?;
                return Ok(Outcome::Updated);
            }
            self.advance(&mut known, row.status)?;
            return Ok(Outcome::Updated);
        }
        let subject = self.writer.subject(subject)?;
        let arrival = Arrival {
            purpose: &row.purpose,
            scopes: row.scopes,
            received_at,
            source: Source::Import,
            identity,
            personal,
        };
        let mut case = self.writer.receive(&subject, arrival)?;
        self.advance(&mut case, row.status)?;
        Ok(Outcome::Received)
    }

    /// Refuses what cannot be taken over; returns whom the row is about.
    fn check(&mut self, row: &ObjectionRow) -> Result<Identity> {
        let identity = Identity::of(row.account.as_ref(), row.record.as_ref(), None)
            .ok_or_else(|| Error::row(row.line, NAMES_NOBODY))?;
        if row.record.is_none() && row.scopes.is_empty() {
            return Err(Error::row(row.line, COVERS_NOTHING));
        }
        if !self.purposes.contains_key(&row.purpose) {
            let found = find_purpose(&*self.writer.tx, |known| known.purpose == row.purpose)?;
            self.purposes.insert(row.purpose.clone(), found);
        }
        let Some(purpose) = &self.purposes[&row.purpose] else {
            return Err(Error::row(
                row.line,
                Error::NoSuchPurpose(row.purpose.clone()).to_string(),
            ));
        };
        if row.status == Status::Refused && purpose.refusals == Refusals::Never {
            let forbidden = Error::RefusalsForbidden(row.purpose.clone());
            return Err(Error::row(row.line, forbidden.to_string()));
        }
        Ok(identity)
    }

    /// Moves a case to the status that the other system states, by the steps that lead there.
    fn advance(&mut self, case: &mut CaseRow, to: Status) -> Result<()> {
        for step in steps(case.status, to) {
            let what = step(imported(case.case));
            self.writer.step(case, what, None)?;
        }
        self.writer.save(case)
    }
}

fn personal(row: &ObjectionRow) -> Personal {
    Personal {
        account: row.account.as_ref().map(account_text),
        record: row.record.as_ref().map(ToString::to_string),
        grounds: row.reason.clone(),
        ..Personal::default()
    }
}

fn imported(case: CaseId) -> Step {
    Step { case, by: By::Import, commitment: None }
}

/// The step that leads to a status; none leads to the first one.
fn last_step(to: Status) -> Option<fn(Step) -> What> {
    match to {
        Status::Received => None,
        Status::UnderReview => Some(What::ReviewStarted),
        Status::Approved => Some(What::ObjectionApproved),
        Status::Refused => Some(What::ObjectionRefused),
        Status::Withdrawn => Some(What::ObjectionWithdrawn),
    }
}

/// The steps from one status to another. A decided case is reopened before it is decided anew.
fn steps(from: Status, to: Status) -> Vec<fn(Step) -> What> {
    let last = last_step(to);
    let reopens = match (from, to) {
        _ if from == to => return Vec::new(),
        (_, Status::Withdrawn) | (Status::Received, _) => false,
        (Status::UnderReview, to) => to == Status::Received,
        _ => true,
    };
    let reopened: Option<fn(Step) -> What> = reopens.then_some(What::ObjectionReopened);
    reopened.into_iter().chain(last).collect()
}
