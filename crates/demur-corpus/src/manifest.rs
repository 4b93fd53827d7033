//! The manifest: what a training set was made of, under which rules, and how the counts add up.

use std::collections::BTreeMap;
use std::path::Path;

use demur_core::purpose::Purpose;
use demur_gate::{Columns, Counts};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::source::Format;

/// The name of the file beside the data.
pub const MANIFEST: &str = "manifest.json";

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
    /// All records by verdict.
    pub counts: CountsByReason,
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
    /// Path, relative to the folder of the training set.
    pub path: String,
    /// The corpus that its records come from.
    pub corpus: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Records in it.
    pub records: u64,
    /// BLAKE3 of the content.
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

    /// input = kept + redacted + Σ dropped.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.input == self.stays() + self.dropped.values().sum::<u64>()
    }
}

impl Manifest {
    /// The version that this program writes.
    pub const FORMAT: u32 = 1;

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
        let path = set.join(MANIFEST);
        let hint = "point at the folder of a training set that `demur build` made";
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::input(set, None, "there is no training set here", hint));
            }
            Err(e) => return Err(Error::io(path, "read", e)),
        };
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
