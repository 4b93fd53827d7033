//! What lies where in a training set's folder.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::error::Error;

/// Where the corpus' own files are linked.
pub(crate) fn corpus(set: &Path) -> PathBuf {
    set.join("_corpus")
}

/// The name of a linked file inside the set: one that is no Parquet file to whoever scans folders.
pub(crate) fn linked(part: usize) -> String {
    format!("_corpus/part-{part:05}.rows")
}

/// Where the indexes lie.
pub(crate) fn indexes(set: &Path) -> PathBuf {
    set.join("_index")
}

/// The index of a data file.
pub(crate) fn index_of(file: &str) -> String {
    let name = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    format!("_index/{name}.index")
}

/// When a file was last changed, in nanoseconds since 1970 UTC.
///
/// # Errors
/// Where the file system does not know.
pub(crate) fn modified(path: &Path, meta: &Metadata) -> Result<i64, Error> {
    let at = meta.modified().map_err(|e| Error::io(path, "read", e))?;
    let nanos = match at.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()),
        Err(before) => i64::try_from(before.duration().as_nanos()).map(|nanos| -nanos),
    };
    Ok(nanos.unwrap_or(i64::MAX))
}

/// Data files that lie in a set's folder, whether or not the set has them, by their paths inside it.
///
/// # Errors
/// Where the folder cannot be listed.
pub(crate) fn data_files(set: &Path) -> Result<Vec<String>, Error> {
    let mut found = list(set, "", |name| name.ends_with(".parquet"))?;
    found.extend(list(set, "_corpus/", |name| name.ends_with(".rows"))?);
    Ok(found)
}

/// Files of JSON lines that lie in a set's folder, by their names.
///
/// # Errors
/// Where the folder cannot be listed.
pub(crate) fn line_files(set: &Path) -> Result<Vec<String>, Error> {
    list(set, "", |name| name.ends_with(".jsonl") || name.ends_with(".jsonl.zst"))
}

/// Where the next files of a set of JSON lines are written; folder scans pass over it.
pub(crate) fn staged(set: &Path) -> PathBuf {
    set.join(".demur-next")
}

/// Indexes and lists that lie in a set's folder.
///
/// # Errors
/// Where the folder cannot be listed.
pub(crate) fn index_files(set: &Path) -> Result<Vec<String>, Error> {
    list(set, "_index/", |_| true)
}

fn list(set: &Path, folder: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>, Error> {
    let at = set.join(folder);
    let entries = match std::fs::read_dir(&at) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|e| Error::io(&at, "list", e))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.map_err(|e| Error::io(&at, "list", e))?.file_name();
        let name = name.to_string_lossy();
        if wanted(&name) {
            found.push(format!("{folder}{name}"));
        }
    }
    found.sort_unstable();
    Ok(found)
}
