//! Training sets: frozen only while nobody has objected since.

use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Register;
use crate::error::{Error, Result};
use crate::event::{Event, What};
use crate::merkle::{self, Hash};
use crate::projection::{TrainingRow, changes_exclusion};
use crate::register::find_purpose;
use crate::store::Read;

/// What a build produced, and from what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingSetCommitted {
    /// Its name; unique in the register.
    pub set: String,
    /// The purpose that it was built for.
    pub purpose: String,
    /// The version of that purpose.
    pub purpose_digest: String,
    /// Digest of the snapshot that it was built with.
    pub snapshot_digest: String,
    /// The register's size when the snapshot was taken.
    pub snapshot_size: u64,
    /// The register's root at that size.
    pub snapshot_root: Hash,
    /// Digest of the manifest.
    pub manifest_digest: String,
    /// Records read.
    pub input: u64,
    /// Records kept as they were.
    pub kept: u64,
    /// Records kept with names taken out.
    pub redacted: u64,
    /// Records dropped.
    pub dropped: u64,
}

/// A training set in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingSet {
    /// Its event.
    pub seq: u64,
    /// When it was committed.
    pub at: Timestamp,
    /// What was committed.
    pub committed: TrainingSetCommitted,
}

/// A snapshot that misses something: somebody may be excluded since it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The register's size when the snapshot was taken.
    pub newer_than: u64,
    /// Its size after the newest event that changed who is excluded.
    pub newest: u64,
}

impl Register {
    /// Freezes a training set, unless who is excluded has changed since its snapshot; the check and
    /// the freezing are one. Returns the log's size after it. Committing the very same set again
    /// returns the size after the first time.
    ///
    /// # Errors
    /// Where the counts do not add up, the purpose's version was never recorded, the snapshot is not
    /// of this register, or another set has the name.
    pub fn commit_training_set(
        &mut self,
        set: TrainingSetCommitted,
        at: Timestamp,
    ) -> Result<Result<u64, Stale>> {
        if u128::from(set.input)
            != [set.kept, set.redacted, set.dropped].map(u128::from).iter().sum()
        {
            return Err(Error::Invalid(format!(
                "training set \"{}\" does not add up: {} records in, {} kept + {} redacted + {} dropped",
                set.set, set.input, set.kept, set.redacted, set.dropped
            )));
        }
        // What the log was at a past size never changes, so this needs no transaction of its own.
        let leaves = self.store.read()?.leaves(set.snapshot_size)?;
        if leaves.len() as u64 != set.snapshot_size || merkle::root(&leaves) != set.snapshot_root {
            return Err(Error::Invalid(format!(
                "the snapshot of training set \"{}\" was not taken of this register; compile a new one",
                set.set
            )));
        }
        let mut writer = self.writer(at)?;
        let version = find_purpose(&*writer.tx, |row| {
            row.purpose == set.purpose && row.digest == set.purpose_digest
        })?;
        if version.is_none() {
            return Err(Error::NoSuchPurpose(set.purpose));
        }
        if let Some(row) = writer.tx.training()?.into_iter().find(|row| row.set == set.set) {
            if load(&*writer.tx, row.seq)?.committed == set {
                return Ok(Ok(row.seq + 1));
            }
            return Err(Error::Invalid(format!(
                "another training set is already named \"{}\"; choose a new name",
                set.set
            )));
        }
        let newest = newest(&*writer.tx, &set.purpose)?;
        if excludes_more(&*writer.tx, &set.purpose, set.snapshot_size..newest)? {
            return Ok(Err(Stale { newer_than: set.snapshot_size, newest }));
        }
        let name = set.set.clone();
        let seq = writer.append(What::TrainingSetCommitted(set), None)?;
        writer.tx.add_training(&TrainingRow { seq, set: name })?;
        writer.commit().map(Ok)
    }

    /// The log's size right after the last event that changed who is excluded for a purpose:
    /// objections, decisions, withdrawals, erasures, notices. 0 where there was none.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn newest_objection(&self, purpose: &str) -> Result<u64> {
        newest(&*self.store.read()?, purpose)
    }

    /// Whether anything that was said since the log had `since` events may exclude somebody for a
    /// purpose. Delivered notices do not: they only let more people in.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn excludes_more(&self, purpose: &str, since: u64) -> Result<bool> {
        let tx = self.store.read()?;
        let newest = newest(&*tx, purpose)?;
        excludes_more(&*tx, purpose, since..newest)
    }

    /// Every training set, oldest first.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn training_sets(&self) -> Result<Vec<TrainingSet>> {
        let tx = self.store.read()?;
        tx.training()?.into_iter().map(|row| load(&*tx, row.seq)).collect()
    }

    /// The training set of this name.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn training_set(&self, set: &str) -> Result<Option<TrainingSet>> {
        let tx = self.store.read()?;
        let row = tx.training()?.into_iter().find(|row| row.set == set);
        row.map(|row| load(&*tx, row.seq)).transpose()
    }
}

/// Whether any of these events may exclude somebody for a purpose. Delivered notices only ever let more
/// people in, and while they are being sent there are some every second: no build would ever end.
fn excludes_more(tx: &(impl Read + ?Sized), purpose: &str, range: Range<u64>) -> Result<bool> {
    let mut found = false;
    let mut cases = Vec::new();
    tx.events(range, &mut |row| {
        let what = Event::parse(row.seq, &row.body)?.what;
        match &what {
            What::RegisterOpened { .. }
            | What::PurposeRecorded { .. }
            | What::NoticesDelivered { .. }
            | What::TrainingSetCommitted(_) => {}
            What::ObjectionReceived(received) => found |= received.purpose == purpose,
            What::NoticesUndelivered { purpose: of, .. } => found |= of == purpose,
            What::SubjectErased { .. } => found = true,
            step => cases.extend(step.case().filter(|_| changes_exclusion(step))),
        }
        Ok(())
    })?;
    for case in cases {
        // A case that is gone was erased, by an event of its own.
        found |= tx.case(case)?.is_none_or(|row| row.purpose == purpose);
    }
    Ok(found)
}

pub(crate) fn newest(tx: &(impl Read + ?Sized), purpose: &str) -> Result<u64> {
    let found = tx.newest()?.into_iter().find(|(of, _)| of == purpose);
    Ok(found.map_or(0, |(_, size)| size))
}

fn load(tx: &(impl Read + ?Sized), seq: u64) -> Result<TrainingSet> {
    let event = Event::parse(seq, &tx.event(seq)?.body)?;
    match event.what {
        What::TrainingSetCommitted(committed) => {
            Ok(TrainingSet { seq, at: event.at.timestamp(), committed })
        }
        _ => Err(Error::Damaged(format!("event {seq} holds no training set"))),
    }
}
