//! Waiting for the disk, apart from those who have work to do.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;

use crate::error::Error;

/// Files that are written and not yet known to lie on the disk.
pub(super) struct Syncs {
    files: mpsc::Sender<(PathBuf, File)>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Syncs {
    pub(super) fn begin() -> Self {
        let (files, incoming) = mpsc::channel::<(PathBuf, File)>();
        let sync = |(path, file): (PathBuf, File)| {
            file.sync_all().map_err(|e| Error::io(&path, "synchronise", e))
        };
        let thread = std::thread::spawn(move || incoming.into_iter().try_for_each(sync));
        Syncs { files, thread }
    }

    /// Synchronises a file that nothing more will be written to.
    pub(super) fn later(&self, path: &Path, file: File) {
        // Fails only where an earlier file could not be synchronised, which `finish` tells.
        let _ = self.files.send((path.to_owned(), file));
    }

    /// Waits for all of them.
    ///
    /// # Errors
    /// Where one could not be synchronised.
    pub(super) fn finish(self) -> Result<(), Error> {
        drop(self.files);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}
