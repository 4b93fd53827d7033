//! The manifest: what a training set was made of, under which rules, and how the counts add up.

use std::collections::BTreeMap;
use std::path::Path;

use demur_core::purpose::Purpose;
use demur_core::rules::Reason;
use demur_gate::{Columns, Counts};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::files;
use crate::source::Format;

/// The name of the file beside the data.
pub const MANIFEST: &str = "manifest.json";

/// The reason of [`Manifest::held_back`] records, among those of rules.
pub const HELD_BACK: &str = "held_back";

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// A training set's account of itself.
///
/// Two builds from the same inputs differ in `set` and `committed_at` only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format.
    pub format: u32,
    /// Id of the training set.
    pub set: String,
    /// When it was committed (RFC 3339, UTC).
    pub committed_at: String,
    /// The Demur that made it.
    pub demur: String,
    /// What the files are.
    pub data: Format,
    /// Whether the files are the corpus' own.
    pub mode: Mode,
    /// The version of the table that this describes: 0 is the build, each retraction and purge adds one.
    pub version: u64,
    /// Whether older versions of the table can still be read.
    pub history: bool,
    /// Records that this version took out and put back.
    #[serde(default)]
    pub moved: Moved,
    /// Records that may be used again and were not put back, as others kept objecting meanwhile; the next
    /// retraction looks at them. They are counted as [`HELD_BACK`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub held_back: u64,
    /// Records that were taken out and whose bytes still lie in the files.
    pub hidden: u64,
    /// Records that were taken out and whose bytes are gone.
    pub erased: u64,
    /// The purpose it was built for, whole.
    pub purpose: Purpose,
    /// SHA-256 of the purpose as the register records it.
    pub purpose_digest: String,
    /// What it was judged by.
    pub snapshot: SnapshotSource,
    /// A signed checkpoint of the register at that size (C2SP `tlog-checkpoint`).
    pub checkpoint: String,
    /// How unreadable records were treated: `fail` or `drop`.
    pub unreadable: String,
    /// Where the records came from.
    pub corpora: Vec<CorpusUse>,
    /// The files it consists of.
    pub files: Vec<DataFile>,
    /// What is still known of rows whose bytes are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purged: Vec<PurgedFile>,
    /// All records by verdict.
    pub counts: CountsByReason,
}

/// A data file that gave way to one without the rows that were taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurgedFile {
    /// The version of the table from which on it is gone.
    pub version: u64,
    /// Rows that it held.
    pub rows: u64,
    /// Its index, relative to the folder of the training set.
    pub index: String,
    /// Which of its rows were taken out, and when.
    pub hidden: Vec<HiddenRows>,
}

/// Records that left a set and that came back to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Taken out.
    pub left: u64,
    /// Put back.
    pub returned: u64,
}

/// How the files of a training set came to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Records that may be used were written to files of the set's own.
    #[default]
    Copy,
    /// The corpus' own files, with a deletion vector over every row that may not be used.
    Overlay,
}

/// The snapshot that judged a training set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotSource {
    /// BLAKE3 of the file's content.
    pub digest: String,
    /// Events of the register that it knew.
    pub register_size: u64,
    /// Merkle root of those events.
    pub register_root: String,
    /// Digest over the account facts' files.
    pub accounts_digest: String,
}

/// One corpus that a training set was built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorpusUse {
    /// Its name in the configuration.
    pub id: String,
    /// Where it lay.
    pub location: String,
    /// Which column held what.
    pub columns: Columns,
    /// Its files.
    pub files: Vec<InputFile>,
}

/// One file of a corpus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// Path, relative to the folder of the configuration where it lies below it.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the content.
    pub blake3: String,
    /// Its records by verdict.
    pub counts: CountsByReason,
}

/// One file of a training set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// Path, relative to the folder of the training set; or the URL of an object of the corpus.
    pub path: String,
    /// The corpus that its records come from.
    pub corpus: String,
    /// The file of that corpus ([`InputFile::path`]).
    pub from: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Records that the set has of it.
    pub records: u64,
    /// Rows or lines that it holds, those included that the set does not have.
    pub rows: u64,
    /// A file of the corpus in its place: when it was last changed, in nanoseconds since 1970 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<i64>,
    /// An object of the corpus in its place: what its store called this version of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// BLAKE3 of the content.
    pub blake3: String,
    /// Rows that were taken out and still lie in the file, as of each version that took some out or put
    /// some back; the last counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<HiddenRows>,
    /// A copied file: how many of its rows were taken out, by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub taken: BTreeMap<String, u64>,
}

/// A list of rows beside the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenRows {
    /// The version of the table that it belongs to.
    pub version: u64,
    /// Its file, relative to the folder of the training set.
    pub path: String,
    /// How many rows.
    pub rows: u64,
    /// BLAKE3 of the file.
    pub blake3: String,
}

/// Records by verdict, in the form in which they are printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountsByReason {
    /// All records read.
    pub input: u64,
    /// Used as they are.
    pub kept: u64,
    /// Used without names.
    pub redacted: u64,
    /// Not used, by reason.
    pub dropped: BTreeMap<String, u64>,
}

impl CountsByReason {
    /// `input` is counted where records are read, `counts` where they are judged.
    #[must_use]
    pub fn new(input: u64, counts: &Counts) -> Self {
        let dropped = counts.reasons().map(|(reason, n)| (reason.name().to_owned(), n)).collect();
        CountsByReason { input, kept: counts.kept, redacted: counts.redacted, dropped }
    }

    /// Records in the training set.
    #[must_use]
    pub fn stays(&self) -> u64 {
        self.kept + self.redacted
    }

    /// Adds another file's counts.
    pub fn add(&mut self, other: &CountsByReason) {
        self.input += other.input;
        self.kept += other.kept;
        self.redacted += other.redacted;
        for (reason, n) in &other.dropped {
            *self.dropped.entry(reason.clone()).or_default() += n;
        }
    }

    /// The same as workers count, without what was read.
    pub(crate) fn counts(&self) -> Counts {
        let dropped = |reason: Reason| self.dropped.get(reason.name()).copied().unwrap_or(0);
        Counts { kept: self.kept, redacted: self.redacted, dropped: Reason::ALL.map(dropped) }
    }

    /// A record that was kept is out now.
    pub(crate) fn leave(&mut self, reason: Reason) {
        self.kept = self.kept.saturating_sub(1);
        *self.dropped.entry(reason.name().to_owned()).or_default() += 1;
    }

    /// Records that are out are so for another reason now.
    pub(crate) fn move_between(&mut self, from: Reason, to: Reason, records: u64) {
        let was = self.dropped.entry(from.name().to_owned()).or_default();
        let moved = records.min(*was);
        *was -= moved;
        *self.dropped.entry(to.name().to_owned()).or_default() += moved;
        self.dropped.retain(|_, n| *n > 0);
    }

    /// input = kept + redacted + Σ dropped.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.input == self.stays() + self.dropped.values().sum::<u64>()
    }
}

impl Manifest {
    /// The version that this program writes.
    pub const FORMAT: u32 = 2;

    /// How this program names itself.
    pub(crate) fn program() -> String {
        format!("demur {}", env!("CARGO_PKG_VERSION"))
    }

    /// Sums the counts of all corpus files up.
    pub(crate) fn count(&mut self) {
        self.counts = CountsByReason::default();
        for input in self.corpora.iter().flat_map(|corpus| &corpus.files) {
            self.counts.add(&input.counts);
        }
    }

    /// Checks that every record is accounted for: by file, by corpus, and in what was written.
    ///
    /// # Errors
    /// Says which sum is wrong.
    pub fn check(&self) -> Result<(), Error> {
        let mut sum = CountsByReason::default();
        for file in self.corpora.iter().flat_map(|c| &c.files) {
            if !file.counts.adds_up() {
                return Err(Error::Accounting(format!("{}: {:?}", file.path, file.counts)));
            }
            sum.add(&file.counts);
        }
        let written: u64 = self.files.iter().map(|f| f.records).sum();
        if sum != self.counts || written != sum.stays() {
            let what =
                format!("files sum to {sum:?}, {written} written, the set has {:?}", self.counts);
            return Err(Error::Accounting(what));
        }
        Ok(())
    }

    /// The manifest as it is stored.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("a manifest holds only strings and numbers");
        text.push('\n');
        text
    }

    /// BLAKE3 of [`to_json`](Self::to_json): what the register records.
    #[must_use]
    pub fn digest(&self) -> String {
        blake3::hash(self.to_json().as_bytes()).to_hex().to_string()
    }

    /// Reads the manifest of a training set.
    ///
    /// # Errors
    /// Where the folder holds none, or one of another version, or a damaged one.
    pub fn read(set: &Path) -> Result<(Manifest, String), Error> {
        Manifest::read_from(set, MANIFEST)
    }

    /// Reads a manifest of that file name.
    pub(crate) fn read_from(set: &Path, name: &str) -> Result<(Manifest, String), Error> {
        let path = set.join(name);
        let hint = "point at the folder of a training set that `demur build` made";
        let Some(text) = files::read(&path)? else {
            return Err(Error::input(set, None, "there is no training set here", hint));
        };
        let text = String::from_utf8(text)
            .map_err(|e| Error::input(&path, None, format!("not a manifest ({e})"), hint))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|e| {
            let version = serde_json::from_str::<serde_json::Value>(&text);
            let version = version.ok().and_then(|v| v.get("format")?.as_u64());
            match version.filter(|v| *v != u64::from(Manifest::FORMAT)) {
                Some(v) => Error::input(
                    &path,
                    None,
                    format!("manifest format {v}; this Demur reads {}", Manifest::FORMAT),
                    "use the Demur that wrote it, or a later one",
                ),
                None => Error::input(&path, None, format!("not a manifest ({e})"), hint),
            }
        })?;
        Ok((manifest, blake3::hash(text.as_bytes()).to_hex().to_string()))
    }
}
