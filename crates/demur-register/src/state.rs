//! Who is excluded for a purpose, now or when the log had a given size: what a snapshot is made of.

use std::num::NonZeroUsize;

use demur_core::id::RecordId;
use demur_core::rules::Objection;

use crate::Register;
use crate::error::{Error, Result};
use crate::event::{Event, What};
use crate::keys::Keys;
use crate::merkle::{self, Hash};
use crate::notices::{self, Notices};
use crate::projection::{CaseRow, Link, Picture};
use crate::store::{CaseQuery, Read, SubjectRow};
use crate::subject::Identity;
use crate::training::newest;
use crate::writer::{load_frontier, load_personal, open_subject};

/// The register's state for one purpose.
pub struct PurposeState {
    /// How many events it takes in. Now, that is up to the newest that counts for the purpose: what
    /// has nothing to do with it, such as a build, changes no snapshot.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// Every objection in the order of arrival, refused and withdrawn ones included, erased ones
    /// not.
    pub objections: Vec<Objection>,
    /// Who was told.
    pub notices: Notices,
}

impl Register {
    /// The state for a purpose when the log had `upto` events, replayed from them; `None` for now.
    /// People erased since are missing from past states too.
    ///
    /// # Errors
    /// Where the log was never that long, or is damaged.
    pub fn purpose_state(&self, purpose: &str, upto: Option<u64>) -> Result<PurposeState> {
        let tx = self.store.read()?;
        let end = load_frontier(&*tx, &self.keys)?;
        let (size, root, cases) = match upto {
            None => {
                let size = newest(&*tx, purpose)?;
                // The end's root is at hand; any other takes reading every leaf before it.
                let root =
                    if size == end.size() { end.root() } else { merkle::root(&tx.leaves(size)?) };
                (size, root, current(&*tx, purpose)?)
            }
            Some(upto) if upto > end.size() => {
                return Err(Error::Invalid(format!(
                    "the register has {} events, not yet {upto}",
                    end.size()
                )));
            }
            Some(upto) => (upto, merkle::root(&tx.leaves(upto)?), replayed(&*tx, purpose, upto)?),
        };
        let notices = notices::load(&*tx, self.keys.notice_key(), purpose, size)?;
        let objections = open_objections(&*tx, &self.keys, &cases)?;
        Ok(PurposeState { size, root, objections, notices })
    }
}

fn current(tx: &dyn Read, purpose: &str) -> Result<Vec<CaseRow>> {
    let mut cases = Vec::new();
    let query = CaseQuery { purpose: Some(purpose.to_owned()), ..CaseQuery::default() };
    tx.cases(&query, &mut |row| {
        cases.push(row);
        Ok(())
    })?;
    Ok(cases)
}

/// The cases that the first `upto` events give, whatever the projections say.
fn replayed(tx: &dyn Read, purpose: &str, upto: u64) -> Result<Vec<CaseRow>> {
    let mut links = Vec::new();
    tx.personal_links(&mut |link| {
        links.push(link);
        Ok(())
    })?;
    let mut picture = Picture::default();
    tx.events(0..upto, &mut |row| {
        let event = Event::parse(row.seq, &row.body)?;
        if matches!(&event.what, What::ObjectionReceived(new) if new.purpose != purpose) {
            return Ok(());
        }
        let found = links.binary_search_by_key(&row.seq, |(seq, _)| *seq).ok();
        // Recognising imports and filtering queues do not matter here.
        let link = |at: usize| Link { subject: links[at].1, identity: [0; 16], has_contact: false };
        let link = found.map(link);
        picture.apply(row.seq, &event, link);
        Ok(())
    })?;
    Ok(picture.cases().cloned().collect())
}

/// Opens whom the cases are about. Unsealing takes longer than reading, so every core takes a part.
fn open_objections(tx: &dyn Read, keys: &Keys, cases: &[CaseRow]) -> Result<Vec<Objection>> {
    let mut subjects = Vec::new();
    tx.subjects(&mut |row| {
        subjects.push(row);
        Ok(())
    })?;
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = cases.len().div_ceil(threads).max(1);
    let open = |part: &[CaseRow]| -> Result<Vec<Objection>> {
        part.iter().map(|row| open_objection(keys, &subjects, row)).collect()
    };
    let opened: Result<Vec<Vec<Objection>>> = std::thread::scope(|scope| {
        let parts: Vec<_> = cases.chunks(share).map(|part| scope.spawn(|| open(part))).collect();
        let join = |part: std::thread::ScopedJoinHandle<'_, _>| {
            part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        parts.into_iter().map(join).collect()
    });
    let mut objections = opened?.concat();

    // An account's objection to one record names the record in its sealed part; these are few.
    for (objection, row) in objections.iter_mut().zip(cases) {
        if row.names_record && objection.account.is_some() {
            let subject = open_subject(keys, find(&subjects, row)?)?;
            let said = load_personal(tx, &subject, row.opened)?.unwrap_or_default();
            let record = said.record.ok_or_else(|| lost(row))?;
            objection.record = Some(RecordId(record));
        }
    }
    Ok(objections)
}

fn open_objection(keys: &Keys, subjects: &[SubjectRow], row: &CaseRow) -> Result<Objection> {
    let (account, record) = match open_subject(keys, find(subjects, row)?)?.identity {
        Identity::Account(account) => (Some(account), None),
        Identity::Record(record) => (None, Some(record)),
        // Someone without an account who named no record: a person looks for what is meant.
        Identity::Contact(_) => (None, None),
    };
    Ok(Objection { account, scopes: row.scopes, record, status: row.status })
}

fn find<'s>(subjects: &'s [SubjectRow], row: &CaseRow) -> Result<&'s SubjectRow> {
    let at = subjects.binary_search_by_key(&row.subject, |subject| subject.id);
    at.map(|at| &subjects[at]).map_err(|_| lost(row))
}

fn lost(row: &CaseRow) -> Error {
    Error::Damaged(format!("what event {} says of a person is missing", row.opened))
}
