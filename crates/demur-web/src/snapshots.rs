//! Snapshots for workers that judge records elsewhere. The site hands out files and knows nothing of
//! what is in them.

use std::fs::File;

/// A compiled snapshot, opened: what replaces its file later does not change what is read here.
#[derive(Debug)]
pub struct SnapshotFile {
    /// The file, from its beginning.
    pub file: File,
    /// A digest of its bytes, in hexadecimal; two files of one digest are the same.
    pub digest: String,
}

/// Finds snapshots.
pub trait Snapshots: Send + Sync {
    /// The newest snapshot of a purpose; `None` where there is none. It may compile one first, so it is
    /// never called where others would wait for it.
    ///
    /// # Errors
    /// In words for the operator, where there should be one and it cannot be made or read.
    fn newest(&self, purpose: &str) -> Result<Option<SnapshotFile>, String>;
}
