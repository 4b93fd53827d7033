//! Building, taking back, purging, giving up: each is one transaction that checks and writes.

use jiff::Timestamp;

use super::behind::{excludes_more, newest};
use super::{
    Stale, TrainingSet, TrainingSetCommitted, TrainingSetGone, TrainingSetPurged,
    TrainingSetRetracted, Version, beside, existing, find,
};
use crate::Register;
use crate::error::{Error, Result};
use crate::event::{By, What};
use crate::merkle::Hash;
use crate::projection::{TrainingRow, VersionRow};
use crate::register::find_purpose;
use crate::writer::{Writer, load_frontier, load_root};

impl Register {
    /// Freezes a training set, unless who is excluded has changed since its snapshot; the check and
    /// the freezing are one. The manifest's text is kept. Returns the log's size after it. Committing
    /// the very same set again returns the size after the first time.
    ///
    /// # Errors
    /// Where the counts do not add up, the purpose's version was never recorded, the snapshot is not
    /// of this register, the manifest is not the one that is named, or another set has the name.
    pub fn commit_training_set(
        &mut self,
        set: TrainingSetCommitted,
        manifest: &str,
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
        beside::check_manifest(&set.set, &set.manifest_digest, manifest)?;
        self.check_snapshot(&set.set, set.snapshot_size, set.snapshot_root)?;
        let mut writer = self.writer(at)?;
        check_purpose(&writer, &set.purpose, &set.purpose_digest)?;
        if let Some(known) = find(&*writer.tx, &set.set)? {
            if known.committed == set {
                return Ok(Ok(known.seq + 1));
            }
            return Err(Error::Invalid(format!(
                "another training set is already named \"{}\"; choose a new name",
                set.set
            )));
        }
        if let Some(stale) = stale(&writer, &set.purpose, set.snapshot_size)? {
            return Ok(Err(stale));
        }
        let name = set.set.clone();
        let version = Version::built(writer.size(), writer.at(), &set);
        let seq = writer.append(What::TrainingSetCommitted(set), None)?;
        writer.tx.put_training(&TrainingRow { seq, set: name.clone(), gone: None })?;
        add(writer, name, version, manifest).map(Ok)
    }

    /// Records a new version of a set without what may no longer be used. Its table has it already, so
    /// somebody who objected since its snapshot is no reason to refuse: the set is behind then. The
    /// manifest's text is kept. Returns the log's size after it; the very same version again returns the
    /// size after the first time.
    ///
    /// # Errors
    /// Where the set is not known or gone, the version is not newer than its last, the counts do not
    /// follow from the last ones, the purpose's version was never recorded, the snapshot is not of this
    /// register, or the manifest is not the one that is named.
    pub fn retract_training_set(
        &mut self,
        set: TrainingSetRetracted,
        manifest: &str,
        at: Timestamp,
    ) -> Result<u64> {
        beside::check_manifest(&set.set, &set.manifest_digest, manifest)?;
        self.check_snapshot(&set.set, set.snapshot_size, set.snapshot_root)?;
        let mut writer = self.writer(at)?;
        let known = existing(&*writer.tx, &set.set)?;
        check_purpose(&writer, &known.committed.purpose, &set.purpose_digest)?;
        let mut version = Version::retracted(writer.size(), writer.at(), &set);
        if let Some(same) = said_before(&known, &mut version)? {
            return Ok(same);
        }
        let last = known.newest();
        if u128::from(set.kept) + u128::from(set.left)
            != u128::from(last.kept) + u128::from(set.returned)
        {
            return Err(Error::Invalid(format!(
                "version {} of training set \"{}\" does not add up: {} records before, {} left, {} \
                 returned, {} now",
                set.version, set.set, last.kept, set.left, set.returned, set.kept
            )));
        }
        // A version that knew less than the one before it would bring excluded people back.
        if set.snapshot_size < last.snapshot_size {
            return Err(Error::Invalid(format!(
                "version {} of training set \"{}\" knows less than the one before it; compile a new snapshot",
                set.version, set.set
            )));
        }
        let name = set.set.clone();
        writer.append(What::TrainingSetRetracted(set), None)?;
        add(writer, name, version, manifest)
    }

    /// Does something while nobody can object, unless who is excluded for a purpose has changed since the
    /// log had `since` events: records must not come back to a set between an objection and the act that
    /// does not know it. Returns what it came to, or that it was not done.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn while_current<T>(
        &mut self,
        purpose: &str,
        since: u64,
        at: Timestamp,
        act: impl FnOnce() -> T,
    ) -> Result<std::result::Result<T, Stale>> {
        // Whoever writes is alone; nothing is written, so nothing is committed.
        let writer = self.writer(at)?;
        match stale(&writer, purpose, since)? {
            Some(stale) => Ok(Err(stale)),
            None => Ok(Ok(act())),
        }
    }

    /// Records that what was hidden in a set is gone from the disk. The manifest's text is kept. Returns
    /// the log's size after it; the very same purge again returns the size after the first time.
    ///
    /// # Errors
    /// Where the set is not known or gone, the version is not newer than its last, or the manifest is
    /// not the one that is named.
    pub fn purge_training_set(
        &mut self,
        set: TrainingSetPurged,
        manifest: &str,
        at: Timestamp,
    ) -> Result<u64> {
        beside::check_manifest(&set.set, &set.manifest_digest, manifest)?;
        let mut writer = self.writer(at)?;
        let known = existing(&*writer.tx, &set.set)?;
        let mut version = Version::purged(writer.size(), writer.at(), &set, known.newest());
        if let Some(same) = said_before(&known, &mut version)? {
            return Ok(same);
        }
        let name = set.set.clone();
        writer.append(What::TrainingSetPurged(set), None)?;
        add(writer, name, version, manifest)
    }

    /// Records that a set no longer exists; nothing more can be done with it.
    ///
    /// # Errors
    /// Where the set is not known, or gone already.
    pub fn training_set_gone(&mut self, set: &str, by: By, at: Timestamp) -> Result<u64> {
        let mut writer = self.writer(at)?;
        let known = existing(&*writer.tx, set)?;
        let what = TrainingSetGone { set: set.to_owned(), by };
        let gone = writer.append(What::TrainingSetGone(what), None)?;
        let row = TrainingRow { seq: known.seq, set: set.to_owned(), gone: Some(gone) };
        writer.tx.put_training(&row)?;
        writer.commit()
    }

    /// Refuses a snapshot of another register. What the log was at a past size never changes, so this
    /// needs no transaction of its own.
    fn check_snapshot(&self, set: &str, size: u64, root: Hash) -> Result<()> {
        let tx = self.store.read()?;
        let is_long_enough = size <= load_frontier(&*tx, &self.keys)?.size();
        if is_long_enough && load_root(&*tx, &self.keys, size)? == root {
            return Ok(());
        }
        Err(Error::Invalid(format!(
            "the snapshot of training set \"{set}\" was not taken of this register; compile a new one"
        )))
    }
}

fn check_purpose(writer: &Writer<'_>, purpose: &str, digest: &str) -> Result<()> {
    let is_it =
        |row: &crate::projection::PurposeRow| row.purpose == purpose && row.digest == digest;
    match find_purpose(&*writer.tx, is_it)? {
        Some(_) => Ok(()),
        None => Err(Error::NoSuchPurpose(purpose.to_owned())),
    }
}

fn stale(writer: &Writer<'_>, purpose: &str, size: u64) -> Result<Option<Stale>> {
    let newest = newest(&*writer.tx, purpose)?;
    let misses = excludes_more(&*writer.tx, purpose, size..newest)?;
    Ok(misses.then_some(Stale { newer_than: size, newest }))
}

/// The log's size after a version was said the first time, where this is it again: an interrupted
/// command that goes on must not fail on what it already did.
fn said_before(known: &TrainingSet, version: &mut Version) -> Result<Option<u64>> {
    let last = known.newest();
    if version.version > last.version {
        return Ok(None);
    }
    if let Some(same) = known.version(version.version) {
        let as_then = Version { seq: same.seq, at: same.at, ..version.clone() };
        if as_then == *same {
            return Ok(Some(same.seq + 1));
        }
    }
    Err(Error::Invalid(format!(
        "training set \"{}\" is at version {} already, so version {} cannot follow; begin again from \
         its newest version",
        known.committed.set, last.version, version.version
    )))
}

fn add(mut writer: Writer<'_>, set: String, version: Version, manifest: &str) -> Result<u64> {
    writer.tx.add_manifest(&version.manifest_digest, manifest)?;
    writer.tx.add_version(&VersionRow { set, version })?;
    writer.commit()
}
