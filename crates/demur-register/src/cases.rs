//! Looking cases up, personal parts opened.

use demur_core::id::RecordId;
use demur_core::objection::Status;

use crate::error::{Error, Result};
use crate::event::{Event, What};
use crate::keys::Keys;
use crate::projection::CaseRow;
use crate::store::{CaseQuery, Read};
use crate::subject::{Identity, Subject};
use crate::writer::{load_personal, load_subject};
use crate::{Act, Case, CaseFilter, CaseId, CaseSummary, HistoryEntry, Register};

impl Register {
    /// One case with its whole history.
    ///
    /// # Errors
    /// Where the register cannot be read, or a sealed part of the case was changed.
    pub fn case(&self, case: &CaseId) -> Result<Option<Case>> {
        let tx = self.store.read()?;
        let Some(row) = tx.case(*case)? else { return Ok(None) };
        let subject = load_subject(&*tx, &self.keys, row.subject)?;
        let mut history = Vec::new();
        for seq in std::iter::once(row.opened).chain(tx.history(row.opened)?) {
            let event = Event::parse(seq, &tx.event(seq)?.body)?;
            let personal = load_personal(&*tx, &subject, seq)?;
            history.push(HistoryEntry {
                seq,
                at: event.at.timestamp(),
                what: event.what,
                personal,
            });
        }
        let What::ObjectionReceived(received) = &history[0].what else {
            return Err(Error::Damaged(format!("event {} opens no case", row.opened)));
        };
        let source = received.source;
        let said = history[0].personal.clone().unwrap_or_default();
        Ok(Some(Case {
            summary: summary(row, subject),
            record: said.record.map(RecordId),
            grounds: said.grounds,
            contact: said.contact,
            source,
            history,
        }))
    }

    /// Whether there is a case of this number; nothing of it is opened.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn has_case(&self, case: &CaseId) -> Result<bool> {
        Ok(self.store.read()?.case(*case)?.is_some())
    }

    /// Up to `limit` cases in the order of their arrival in the log.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn cases(&self, filter: &CaseFilter, limit: usize) -> Result<Vec<CaseSummary>> {
        let tx = self.store.read()?;
        let Some(query) = self.query(&*tx, filter, limit)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        tx.cases(&query, &mut |row| {
            found.push(row);
            Ok(())
        })?;
        found.into_iter().map(|row| summarise(&*tx, &self.keys, row)).collect()
    }

    /// How many cases there are of each purpose and status, those of erased people not counted.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn count_cases(&self) -> Result<Vec<(String, Status, u64)>> {
        self.store.read()?.count_cases()
    }

    /// `None` where the filter names an account of which nothing is known.
    fn query(&self, tx: &dyn Read, filter: &CaseFilter, limit: usize) -> Result<Option<CaseQuery>> {
        let subject = match &filter.account {
            None => None,
            Some(account) => {
                let tag = self.keys.subject_tag(&Identity::Account(account.clone()));
                let Some(row) = tx.subject_by_tag(&tag)? else { return Ok(None) };
                Some(row.id)
            }
        };
        let (purpose, status) = (filter.purpose.clone(), filter.status);
        Ok(Some(CaseQuery { purpose, status, subject, limit: Some(limit) }))
    }
}

impl Act<'_, '_> {
    /// One case as this transaction sees it, without its history.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn summary(&self, case: &CaseId) -> Result<Option<CaseSummary>> {
        let row = self.writer.tx.case(*case)?;
        row.map(|row| summarise(&*self.writer.tx, self.writer.keys, row)).transpose()
    }
}

fn summarise(tx: &(impl Read + ?Sized), keys: &Keys, row: CaseRow) -> Result<CaseSummary> {
    let subject = load_subject(tx, keys, row.subject)?;
    Ok(summary(row, subject))
}

fn summary(row: CaseRow, subject: Subject) -> CaseSummary {
    CaseSummary {
        case: row.case,
        account: match subject.identity {
            Identity::Account(account) => Some(account),
            Identity::Record(_) | Identity::Contact(_) => None,
        },
        purpose: row.purpose,
        scopes: row.scopes,
        names_record: row.names_record,
        status: row.status,
        received_at: row.received_at.timestamp(),
        changed_at: row.changed_at.timestamp(),
        due_from: row.due_from.timestamp(),
        extended_until: row.extended_until,
    }
}
