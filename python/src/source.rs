//! Where a snapshot lies.

use std::path::PathBuf;

use pyo3::PyResult;

use crate::error::SnapshotError;

/// The file to map for what was given as path or URL. A URL is where fetching from an object store
/// begins: into a file beside others of the same digest, to be mapped like any other.
pub(crate) fn file(path_or_url: PathBuf) -> PyResult<PathBuf> {
    match path_or_url.to_str() {
        Some(text) if text.contains("://") => Err(SnapshotError::new_err(format!(
            "{text}: this is a URL, and this version reads local files\n  hint: copy the snapshot \
             to a local disk and give its path"
        ))),
        _ => Ok(path_or_url),
    }
}
