//! Where a corpus and the account facts lie, and which files that is.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use demur_core::purpose::FactColumns;
use demur_gate::Columns;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store;

/// One `[[corpus]]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorpusSource {
    /// Its name on the command line.
    pub id: String,
    /// A file, a folder or a glob, relative to the folder of the configuration; or the URL of one.
    pub location: String,
    /// Which column holds what.
    pub columns: Columns,
}

/// The `[accounts]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSource {
    /// Parquet files: a file, a folder or a glob, relative to the folder of the configuration; or the URL
    /// of one.
    pub location: String,
    /// Account id: 64-bit integer or string.
    pub account: String,
    /// Date of birth.
    pub birth_date: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub region: Option<String>,
    /// State of the account.
    pub status: Option<String>,
    /// Person id: accounts of one person share it.
    pub person: Option<String>,
    /// Where notices go.
    pub email: Option<String>,
    /// Which language they are in.
    pub locale: Option<String>,
}

impl AccountSource {
    /// Which facts there are columns for.
    #[must_use]
    pub fn fact_columns(&self) -> FactColumns {
        FactColumns {
            birth_date: self.birth_date.is_some(),
            region: self.region.is_some(),
            status: self.status.is_some(),
            person: self.person.is_some(),
        }
    }
}

/// What the files of a corpus are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `.parquet`
    Parquet,
    /// `.jsonl`, `.jsonl.gz` or `.jsonl.zst`
    Jsonl,
}

impl Format {
    /// The format that a file name stands for, if any.
    #[must_use]
    pub fn of(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?;
        if name.ends_with(".parquet") {
            Some(Format::Parquet)
        } else if [".jsonl", ".jsonl.gz", ".jsonl.zst"].iter().any(|end| name.ends_with(end)) {
            Some(Format::Jsonl)
        } else {
            None
        }
    }
}

/// The files that a location stands for, sorted by name, and their common format. Files and folders
/// whose names start with `.` or `_` are passed over, as every engine does; a file that is reached
/// twice, over a link, counts once.
///
/// # Errors
/// Where nothing is there, nothing matches, the files are of both formats or of neither, or lie in a
/// table whose log says which of them still count.
pub fn expand(location: &str, base: &Path) -> Result<(Vec<PathBuf>, Format), Error> {
    let path = store::resolve(base, location);
    let wrong = |what: String, hint: &str| Error::input(&path, None, what, hint);
    let (mut files, chosen) = if store::is_url(&path) {
        let (mut files, chosen) = store::matching(&path)?;
        files.retain(|file| chosen || Format::of(file).is_some());
        (files, chosen)
    } else if path.is_file() {
        (vec![path.clone()], true)
    } else if path.is_dir() {
        let mut files = Vec::new();
        walk(&path, &mut Vec::new(), &mut files)?;
        files.retain(|file| Format::of(file).is_some());
        (files, false)
    } else if location.contains(['*', '?', '[']) {
        (matches(location, base)?, true)
    } else {
        return Err(wrong("no such file or folder".into(), "mend `location` in the configuration"));
    };
    files.sort();
    let mut seen = HashSet::new();
    files.retain(|file| {
        store::is_url(file) || file.canonicalize().is_ok_and(|real| seen.insert(real))
    });

    let Some(first) = files.first() else {
        let hint = "an empty corpus is more often a wrong path than a wish: mend `location`";
        return Err(wrong("no file is there".into(), hint));
    };
    if let Some(stray) = files.iter().find(|file| Format::of(file).is_none() && chosen) {
        let hint = "files are told apart by their names: .parquet, .jsonl, .jsonl.gz, .jsonl.zst";
        return Err(Error::input(stray, None, "neither Parquet nor JSON lines", hint));
    }
    let format = Format::of(first).unwrap_or(Format::Parquet);
    if let Some(other) = files.iter().find(|file| Format::of(file) != Some(format)) {
        let hint = "make them two corpora, each with a glob of its own";
        return Err(Error::input(other, None, "Parquet and JSON lines lie side by side", hint));
    }
    refuse_tables(&files)?;
    Ok((files, format))
}

/// The files that a glob stands for. Only the location is a pattern; what its folder is called is not.
fn matches(location: &str, base: &Path) -> Result<Vec<PathBuf>, Error> {
    let wrong = |what: String, hint: &str| Error::input(base.join(location), None, what, hint);
    let folder = base.to_str().map(glob::Pattern::escape);
    let folder = folder.ok_or_else(|| wrong("the folder is not UTF-8".into(), "rename it"))?;
    let pattern = if Path::new(location).is_absolute() || folder.is_empty() {
        location.to_owned()
    } else {
        format!("{folder}/{location}")
    };
    let found = glob::glob(&pattern)
        .map_err(|e| wrong(format!("not a glob: {e}"), "see the glob's syntax: * ? [a-z] **"))?;
    let mut files = Vec::new();
    for entry in found {
        let entry = entry.map_err(|e| Error::io(e.path().to_owned(), "read", e.into()))?;
        let below = entry.strip_prefix(base).unwrap_or(&entry);
        if entry.is_file() && !below.iter().any(is_hidden) {
            files.push(entry);
        }
    }
    Ok(files)
}

/// Collects the files below a folder. `above` are the folders on the way here, so that a link back to
/// one of them is not followed.
fn walk(folder: &Path, above: &mut Vec<PathBuf>, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let real = folder.canonicalize().map_err(|e| Error::io(folder, "list", e))?;
    if above.contains(&real) {
        return Ok(());
    }
    above.push(real);
    for entry in std::fs::read_dir(folder).map_err(|e| Error::io(folder, "list", e))? {
        let path = entry.map_err(|e| Error::io(folder, "list", e))?.path();
        if path.file_name().is_none_or(is_hidden) {
            continue;
        }
        if path.is_dir() {
            walk(&path, above, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    above.pop();
    Ok(())
}

fn is_hidden(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    (name.starts_with(b".") && name != b"." && name != b"..") || name.starts_with(b"_")
}

/// A table's folder also holds rows that its log has removed: reading the files alone brings them back.
fn refuse_tables(files: &[PathBuf]) -> Result<(), Error> {
    let refused = |folder: &Path, what: &str| {
        let hint = "its folder also holds rows that were removed from it; export the table to plain Parquet files first";
        Err(Error::input(folder, None, format!("this is a {what} table"), hint))
    };
    if let Some((folder, what)) = store::folders_with_log(files)? {
        return refused(&folder, what);
    }
    for file in files.iter().filter(|file| !store::is_url(file)) {
        for folder in file.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
            for (log, what) in [("_delta_log", "Delta"), ("metadata/version-hint.text", "Iceberg")]
            {
                if folder.join(log).exists() {
                    return refused(folder, what);
                }
            }
        }
    }
    Ok(())
}
