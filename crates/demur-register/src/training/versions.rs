//! The versions of a training set, and what became of one objection in it.

use jiff::Timestamp;

use super::{Run, TrainingSet, TrainingSetCommitted, TrainingSetPurged, TrainingSetRetracted};
use crate::event::Moment;

/// One version of a training set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number in the set's table; the build's is 0.
    pub version: u64,
    /// When it was committed.
    pub at: Timestamp,
    /// Its event.
    pub seq: u64,
    /// What made it.
    pub kind: VersionKind,
    /// Records in the set, redacted ones included.
    pub kept: u64,
    /// Records that left with it.
    pub left: u64,
    /// Records that came back with it.
    pub returned: u64,
    /// Records whose bytes it removed.
    pub purged: u64,
    /// How many events of the register it knows: a purge knows what the version before it knew.
    pub snapshot_size: u64,
    /// The version of the purpose that it follows.
    pub purpose_digest: String,
    /// Digest of its manifest; [`Register::manifest`](crate::Register::manifest) has the text.
    pub manifest_digest: String,
    /// Whether the versions before it can still be read.
    pub history_kept: bool,
}

/// What makes a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VersionKind {
    /// A build.
    Built,
    /// A retraction.
    Retracted,
    /// A purge.
    Purged,
}

impl VersionKind {
    /// Every kind. Tables hold the place in this list, so a new one comes last.
    pub const ALL: [VersionKind; 3] =
        [VersionKind::Built, VersionKind::Retracted, VersionKind::Purged];

    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            VersionKind::Built => "built",
            VersionKind::Retracted => "retracted",
            VersionKind::Purged => "purged",
        }
    }
}

/// What became of the records that an objection covers, in one training set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// No version of the set ever held them.
    Never,
    /// The newest version holds them.
    InUse,
    /// The table shows them no longer since then; their bytes may still lie in its files.
    Hidden(Timestamp),
    /// Their bytes are gone.
    Erased {
        /// Since when the table showed them no longer.
        hidden: Timestamp,
        /// Since when the bytes are gone.
        at: Timestamp,
    },
    /// The set itself no longer exists since then.
    Gone(Timestamp),
}

impl TrainingSet {
    /// The newest version.
    ///
    /// # Panics
    /// Never on a set that the register gave: the build is a version.
    #[must_use]
    pub fn newest(&self) -> &Version {
        self.versions.last().expect("a training set has the version that was built")
    }

    /// The version of this number.
    #[must_use]
    pub fn version(&self, number: u64) -> Option<&Version> {
        self.versions.iter().find(|version| version.version == number)
    }

    /// What became of an objection's records. `was_in_force` says whether it was in force when the log
    /// had so many events; see [`Case::was_in_force`](crate::Case::was_in_force).
    #[must_use]
    pub fn held(&self, was_in_force: impl Fn(u64) -> bool) -> Held {
        let holds = |version: &Version| !was_in_force(version.snapshot_size);
        let Some(last) = self.versions.iter().rposition(holds) else { return Held::Never };
        let later = &self.versions[last + 1..];
        // Versions that can still be read show them.
        let hidden = later.iter().find(|version| !version.history_kept).map(|version| version.at);
        let purged = later.iter().find(|version| version.kind == VersionKind::Purged);
        match (hidden, purged, self.gone) {
            (Some(hidden), Some(purge), _) => Held::Erased { hidden, at: purge.at },
            (_, None, Some(gone)) => Held::Gone(gone),
            (Some(hidden), None, None) => Held::Hidden(hidden),
            (None, ..) => Held::InUse,
        }
    }

    /// The same for an objection in force since event `seq` and ever after.
    #[must_use]
    pub fn held_since(&self, seq: u64) -> Held {
        self.held(|size| seq < size)
    }

    /// Whether a run read a version of this set that held an objection's records.
    #[must_use]
    pub fn was_read_by(&self, run: &Run, was_in_force: impl Fn(u64) -> bool) -> bool {
        let read = run.version_of(&self.committed.set).and_then(|number| self.version(number));
        read.is_some_and(|version| !was_in_force(version.snapshot_size))
    }

    /// When the first version was committed whose snapshot knows event `seq`: from then on nothing that
    /// the event excludes is in the set. The build counts too; [`held`](Self::held) tells apart what was
    /// never in.
    #[must_use]
    pub fn hidden_at(&self, seq: u64) -> Option<Timestamp> {
        self.first_that_knows(seq).map(|at| self.versions[at].at)
    }

    /// When the first purge at or after [`hidden_at`](Self::hidden_at) was committed.
    #[must_use]
    pub fn erased_at(&self, seq: u64) -> Option<Timestamp> {
        let later = &self.versions[self.first_that_knows(seq)?..];
        later.iter().find(|version| version.kind == VersionKind::Purged).map(|version| version.at)
    }

    /// Records that the table no longer shows and whose bytes may still lie in its files.
    #[must_use]
    pub fn hidden_records(&self) -> u64 {
        let purged = self.versions.iter().rposition(|version| version.kind == VersionKind::Purged);
        let since = &self.versions[purged.map_or(0, |at| at + 1)..];
        // What comes back after a purge was hidden before it, so this may fall short, never below none.
        since.iter().fold(0, |hidden: u64, version| {
            (hidden + version.left).saturating_sub(version.returned)
        })
    }

    /// Records whose bytes were removed by purges.
    #[must_use]
    pub fn erased_records(&self) -> u64 {
        self.versions.iter().map(|version| version.purged).sum()
    }

    /// The last version of a kind.
    #[must_use]
    pub fn last(&self, kind: VersionKind) -> Option<&Version> {
        self.versions.iter().rfind(|version| version.kind == kind)
    }

    fn first_that_knows(&self, seq: u64) -> Option<usize> {
        self.versions.iter().position(|version| seq < version.snapshot_size)
    }
}

impl Version {
    pub(crate) fn built(seq: u64, at: Moment, set: &TrainingSetCommitted) -> Self {
        Version {
            version: 0,
            at: at.timestamp(),
            seq,
            kind: VersionKind::Built,
            kept: set.kept.saturating_add(set.redacted),
            left: 0,
            returned: 0,
            purged: 0,
            snapshot_size: set.snapshot_size,
            purpose_digest: set.purpose_digest.clone(),
            manifest_digest: set.manifest_digest.clone(),
            history_kept: false,
        }
    }

    pub(crate) fn retracted(seq: u64, at: Moment, set: &TrainingSetRetracted) -> Self {
        Version {
            version: set.version,
            at: at.timestamp(),
            seq,
            kind: VersionKind::Retracted,
            kept: set.kept,
            left: set.left,
            returned: set.returned,
            purged: 0,
            snapshot_size: set.snapshot_size,
            purpose_digest: set.purpose_digest.clone(),
            manifest_digest: set.manifest_digest.clone(),
            history_kept: set.history_kept,
        }
    }

    /// A purge changes nothing of what the set shows.
    pub(crate) fn purged(seq: u64, at: Moment, set: &TrainingSetPurged, before: &Version) -> Self {
        Version {
            version: set.version,
            at: at.timestamp(),
            seq,
            kind: VersionKind::Purged,
            left: 0,
            returned: 0,
            purged: set.records,
            manifest_digest: set.manifest_digest.clone(),
            history_kept: false,
            ..before.clone()
        }
    }
}
