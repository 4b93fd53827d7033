//! Who is excluded for a purpose, now or when the log had a given size: what a snapshot is made of.

use std::num::NonZeroUsize;
use std::sync::{Mutex, mpsc};

use demur_core::id::RecordId;
use demur_core::rules::Objection;

use crate::Register;
use crate::error::{Error, Result};
use crate::event::{Event, What};
use crate::keys::Keys;
use crate::merkle::Hash;
use crate::notices::{self, Notices};
use crate::projection::{Link, Picture};
use crate::store::{Each, Read, SaidRow};
use crate::subject::Identity;
use crate::training::newest;
use crate::writer::{load_personal, load_root, open_subject};

/// Cases that are opened at once.
const BLOCK: usize = 4096;

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
    /// For each of them, whose it is.
    pub whose: Vec<Whose>,
    /// Who was told.
    pub notices: Notices,
}

/// Whose an objection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// A number for whoever said it, as [`Tombstone::of`](crate::Tombstone::of) has it: what was said
    /// under one account has one.
    pub of: u64,
    /// The event with which it arrived.
    pub opened: u64,
}

impl Register {
    /// The state for a purpose when the log had `upto` events, replayed from them; `None` for now.
    /// People erased since are missing from past states too.
    ///
    /// # Errors
    /// Where the log was never that long, or is damaged.
    pub fn purpose_state(&self, purpose: &str, upto: Option<u64>) -> Result<PurposeState> {
        let tx = self.store.read()?;
        let size = match upto {
            Some(upto) => upto,
            None => newest(&*tx, purpose)?,
        };
        let root = load_root(&*tx, &self.keys, size)?;
        let notices = notices::load(&*tx, self.keys.notice_key(), purpose, size)?;
        let (objections, whose) = open_objections(&*tx, &self.keys, |each| match upto {
            None => tx.said(purpose, each),
            Some(upto) => replayed(&*tx, purpose, upto)?.into_iter().try_for_each(each),
        })?;
        Ok(PurposeState { size, root, objections, whose, notices })
    }
}

/// The cases that the first `upto` events give, whatever the projections say.
fn replayed(tx: &dyn Read, purpose: &str, upto: u64) -> Result<Vec<SaidRow>> {
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
    let mut subjects = Vec::new();
    tx.subjects(&mut |row| {
        subjects.push(row);
        Ok(())
    })?;
    let subject = |id: i64| {
        let at = subjects.binary_search_by_key(&id, |subject| subject.id).ok()?;
        Some(subjects[at].clone())
    };
    let said = picture.cases().map(|case| SaidRow {
        opened: case.opened,
        subject: subject(case.subject),
        scopes: case.scopes,
        names_record: case.names_record,
        status: case.status,
    });
    Ok(said.collect())
}

/// Opens whom the cases are about. Unsealing takes longer than reading, so every core takes a part of
/// it while the rows are still coming in.
fn open_objections(
    tx: &dyn Read,
    keys: &Keys,
    read: impl FnOnce(Each<'_, SaidRow>) -> Result<()>,
) -> Result<(Vec<Objection>, Vec<Whose>)> {
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    // Blocks wait here when the reader is ahead.
    let (give, take) = mpsc::sync_channel::<(usize, Vec<SaidRow>)>(4 * threads);
    let take = Mutex::new(take);
    let next = || take.lock().ok()?.recv().ok();
    let work = || {
        let mut opened = Vec::new();
        while let Some((place, rows)) = next() {
            let block: Result<Vec<_>> = rows.iter().map(|row| open_objection(keys, row)).collect();
            let of = |row: &SaidRow| row.subject.as_ref().map_or(0, |s| s.id.cast_unsigned());
            let whose = rows.iter().map(|row| Whose { of: of(row), opened: row.opened });
            let whose: Vec<Whose> = whose.collect();
            let of_records = rows.into_iter().enumerate().filter(|(_, row)| row.names_record);
            opened.push((place, block, whose, of_records.collect::<Vec<_>>()));
        }
        opened
    };
    let (read, mut blocks) = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let (mut place, mut block) = (0, Vec::with_capacity(BLOCK));
        let mut hand_over = |block: &mut Vec<SaidRow>| {
            let full = std::mem::replace(block, Vec::with_capacity(BLOCK));
            // Fails only where every worker panicked, which joining them brings up.
            let _ = give.send((place, full));
            place += 1;
        };
        let read = read(&mut |row| {
            block.push(row);
            if block.len() == BLOCK {
                hand_over(&mut block);
            }
            Ok(())
        });
        hand_over(&mut block);
        drop(give);
        let join = |worker: std::thread::ScopedJoinHandle<'_, _>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        (read, workers.into_iter().flat_map(join).collect::<Vec<_>>())
    });
    read?;
    blocks.sort_unstable_by_key(|(place, ..)| *place);

    let mut objections = Vec::with_capacity(blocks.len() * BLOCK);
    let mut whose = Vec::with_capacity(blocks.len() * BLOCK);
    for (_, block, mut of, of_records) in blocks {
        let mut block = block?;
        // An account's objection to one record names the record in its sealed part; these are few.
        for (at, row) in of_records {
            if block[at].account.is_some() {
                block[at].record = Some(named_record(tx, keys, &row)?);
            }
        }
        objections.append(&mut block);
        whose.append(&mut of);
    }
    Ok((objections, whose))
}

fn named_record(tx: &dyn Read, keys: &Keys, row: &SaidRow) -> Result<RecordId> {
    let subject = open_subject(keys, row.subject.as_ref().ok_or_else(|| lost(row))?)?;
    let said = load_personal(tx, &subject, row.opened)?.unwrap_or_default();
    said.record.map(RecordId).ok_or_else(|| lost(row))
}

fn open_objection(keys: &Keys, row: &SaidRow) -> Result<Objection> {
    let subject = row.subject.as_ref().ok_or_else(|| lost(row))?;
    let (account, record) = match open_subject(keys, subject)?.identity {
        Identity::Account(account) => (Some(account), None),
        Identity::Record(record) => (None, Some(record)),
        // Someone without an account who named no record: a person looks for what is meant.
        Identity::Contact(_) => (None, None),
    };
    Ok(Objection { account, scopes: row.scopes, record, status: row.status })
}

fn lost(row: &SaidRow) -> Error {
    Error::Damaged(format!("what event {} says of a person is missing", row.opened))
}
