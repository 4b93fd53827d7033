//! Snapshots for workers that judge records elsewhere. The site hands out files and knows nothing of
//! what is in them.

use std::fs::File;
use std::sync::Arc;

use tokio::sync::Mutex;

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
    /// The newest snapshot of a purpose; `None` where there is none. It may take the time to compile one:
    /// it is asked by one thread at a time, beside those that serve.
    ///
    /// # Errors
    /// In words for the operator, where there should be one and it cannot be made or read.
    fn newest(&self, purpose: &str) -> Result<Option<SnapshotFile>, String>;
}

/// Where snapshots are asked for, one request after the other: a thousand workers that ask while one is
/// being compiled take one thread and not a thousand.
pub(crate) struct Shelf {
    snapshots: Arc<dyn Snapshots>,
    turn: Mutex<()>,
}

impl Shelf {
    pub(crate) fn new(snapshots: Arc<dyn Snapshots>) -> Self {
        Shelf { snapshots, turn: Mutex::new(()) }
    }

    /// The newest snapshot of a purpose.
    pub(crate) async fn newest(&self, purpose: String) -> Result<Option<SnapshotFile>, String> {
        let turn = self.turn.lock().await;
        let snapshots = Arc::clone(&self.snapshots);
        let found = tokio::task::spawn_blocking(move || snapshots.newest(&purpose)).await;
        drop(turn);
        found.unwrap_or_else(|_| Err("looking for it failed".into()))
    }
}
