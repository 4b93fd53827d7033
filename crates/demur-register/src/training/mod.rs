//! Training sets over time: built, taken back from, purged, read by runs.
//!
//! A set is frozen only while nobody has objected since its snapshot, and so is every later version of
//! it. Each version says how many events its snapshot knew; from that and a case's history follows
//! whether the set held what the objection covers, and until when ([`TrainingSet::held`]).

mod behind;
mod beside;
mod commit;
mod runs;
mod versions;

pub use behind::Behind;
pub use runs::{NewRun, Outcome, Run, RunFinished, RunStarted, SetVersion};
pub use versions::{Held, Version, VersionKind};

pub(crate) use behind::newest;
pub(crate) use beside::digest_of;

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Register;
use crate::error::{Error, Result};
use crate::event::{By, Event, What};
use crate::merkle::Hash;
use crate::projection::{TrainingRow, VersionRow};
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

/// A new version of a set, without the records that may no longer be used (Art. 17(1)(c), 18(1)(d)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingSetRetracted {
    /// The set.
    pub set: String,
    /// The version of its table; the build's is 0.
    pub version: u64,
    /// The version of the purpose that it follows.
    pub purpose_digest: String,
    /// Digest of the snapshot that said who leaves.
    pub snapshot_digest: String,
    /// The register's size when the snapshot was taken.
    pub snapshot_size: u64,
    /// The register's root at that size.
    pub snapshot_root: Hash,
    /// Digest of the version's manifest.
    pub manifest_digest: String,
    /// Records in the set now.
    pub kept: u64,
    /// Records that left it.
    pub left: u64,
    /// Records that came back: of someone whose objection was refused or withdrawn.
    pub returned: u64,
    /// Whether earlier versions of the table can still be read.
    pub history_kept: bool,
}

/// What was hidden is gone from the disk (Art. 17(1)(c)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingSetPurged {
    /// The set.
    pub set: String,
    /// The version of its table.
    pub version: u64,
    /// Digest of the version's manifest.
    pub manifest_digest: String,
    /// Records whose bytes are gone.
    pub records: u64,
    /// Files that were rewritten or removed for it.
    pub files: u64,
}

/// The set no longer exists, whoever runs the system says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingSetGone {
    /// The set.
    pub set: String,
    /// Who said so, as a role.
    pub by: By,
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
    /// Its versions, oldest first; the build is the first.
    pub versions: Vec<Version>,
    /// Since when it no longer exists.
    pub gone: Option<Timestamp>,
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
    /// Every training set, oldest first, those that are gone included.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn training_sets(&self) -> Result<Vec<TrainingSet>> {
        all(&*self.store.read()?)
    }

    /// The training set of this name.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn training_set(&self, set: &str) -> Result<Option<TrainingSet>> {
        find(&*self.store.read()?, set)
    }
}

pub(crate) fn all(tx: &(impl Read + ?Sized)) -> Result<Vec<TrainingSet>> {
    let mut versions: HashMap<String, Vec<VersionRow>> = HashMap::new();
    for row in tx.training_versions(None)? {
        versions.entry(row.set.clone()).or_default().push(row);
    }
    let load = |row: &TrainingRow| load(tx, row, versions.remove(&row.set).unwrap_or_default());
    tx.training()?.iter().map(load).collect()
}

fn find(tx: &(impl Read + ?Sized), set: &str) -> Result<Option<TrainingSet>> {
    let Some(row) = tx.training()?.into_iter().find(|row| row.set == set) else { return Ok(None) };
    load(tx, &row, tx.training_versions(Some(set))?).map(Some)
}

/// The set of this name, which must be known and still exist.
fn existing(tx: &(impl Read + ?Sized), set: &str) -> Result<TrainingSet> {
    let found = find(tx, set)?.ok_or_else(|| {
        Error::Invalid(format!(
            "the register knows no training set \"{set}\"; `demur status` lists those that it knows"
        ))
    })?;
    match found.gone {
        Some(since) => Err(Error::Invalid(format!(
            "training set \"{set}\" no longer exists, as was said on {since:.0}"
        ))),
        None => Ok(found),
    }
}

fn load(
    tx: &(impl Read + ?Sized),
    row: &TrainingRow,
    versions: Vec<VersionRow>,
) -> Result<TrainingSet> {
    let moment = |seq: u64| Event::parse(seq, &tx.event(seq)?.body);
    let event = moment(row.seq)?;
    let What::TrainingSetCommitted(committed) = event.what else {
        return Err(Error::Damaged(format!("event {} holds no training set", row.seq)));
    };
    let gone = row.gone.map(moment).transpose()?;
    if versions.is_empty() {
        return Err(Error::Damaged(format!("training set \"{}\" has lost its versions", row.set)));
    }
    Ok(TrainingSet {
        seq: row.seq,
        at: event.at.timestamp(),
        committed,
        versions: versions.into_iter().map(|row| row.version).collect(),
        gone: gone.map(|event| event.at.timestamp()),
    })
}
