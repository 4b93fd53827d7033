//! What lies where in a training set's folder.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::store;

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

/// What names of what belongs to a data file begin with. Objects of a corpus in their place may have one
/// name in several folders.
pub(crate) fn stem(file: &str) -> String {
    let path = Path::new(file);
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    if !store::is_url(path) {
        return name.into_owned();
    }
    // A name inside the set needs no escapes, or it would be another in a URL than in the store.
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let name: String = name.chars().map(plain).collect();
    let digest = blake3::hash(file.as_bytes()).to_hex();
    format!("{name}-{}", &digest[..12])
}

/// The index of a data file.
pub(crate) fn index_of(file: &str) -> String {
    format!("_index/{}.index", stem(file))
}

/// The index of a data file by a judgement that is not yet the set's.
pub(crate) fn next_index_of(file: &str) -> String {
    format!("{}.new", index_of(file))
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

/// Entries of a table's log, and its checkpoints.
///
/// # Errors
/// Where the folder cannot be listed.
pub(crate) fn log_entries(set: &Path) -> Result<Vec<String>, Error> {
    list(set, "_delta_log/", |_| true)
}

/// Files of deletion vectors.
///
/// # Errors
/// Where the folder cannot be listed.
pub(crate) fn vectors(set: &Path) -> Result<Vec<String>, Error> {
    list(set, "", |name| name.starts_with("deletion_vector_"))
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

/// Everything that lies in a set's folder, at any depth.
///
/// # Errors
/// Where the folder cannot be listed.
pub(crate) fn all_files(set: &Path) -> Result<Vec<String>, Error> {
    if store::is_url(set) {
        return Ok(store::list(set)?.into_iter().map(|entry| entry.name).collect());
    }
    let (mut folders, mut found) = (vec![set.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|e| Error::io(&folder, "list", e))? {
            let path = entry.map_err(|e| Error::io(&folder, "list", e))?.path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(set).unwrap_or(&path);
                found.push(name.to_string_lossy().into_owned());
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn list(set: &Path, folder: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>, Error> {
    let at = set.join(folder);
    if store::is_url(set) {
        let inside = |name: &str| !name.contains('/') && wanted(name);
        let entries = store::list(&at)?.into_iter().filter(|entry| inside(&entry.name));
        return Ok(entries.map(|entry| format!("{folder}{}", entry.name)).collect());
    }
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
