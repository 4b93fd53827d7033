//! Small files and folders, written so that they are there after a power cut.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::error::Error;

/// Writes a small file and synchronises it.
///
/// # Errors
/// Where the machine fails.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    let failed = |e| Error::io(path, "write", e);
    let mut file = File::create(path).map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    file.sync_all().map_err(failed)
}

/// Synchronises a folder's entries.
///
/// # Errors
/// Where the machine fails.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(|e| Error::io(folder, "synchronise", e))
}

/// Removes a file, if it is there.
///
/// # Errors
/// Where the machine fails.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(path, "remove", e)),
        _ => Ok(()),
    }
}
