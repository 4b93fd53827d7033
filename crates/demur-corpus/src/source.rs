//! Where a corpus and the account facts lie, and which files that is.

use std::path::{Path, PathBuf};

use demur_core::purpose::FactColumns;
use demur_gate::Columns;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// One `[[corpus]]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorpusSource {
    /// Its name on the command line.
    pub id: String,
    /// A file, a folder or a glob; relative to the folder of the configuration.
    pub location: String,
    /// Which column holds what.
    pub columns: Columns,
}

/// The `[accounts]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSource {
    /// Parquet files: a file, a folder or a glob; relative to the folder of the configuration.
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
/// whose names start with `.` or `_` are passed over, as every engine does.
///
/// # Errors
/// Where nothing is there, nothing matches, or the files are of both formats or of neither.
pub fn expand(location: &str, base: &Path) -> Result<(Vec<PathBuf>, Format), Error> {
    let wrong = |what: String, hint: &str| Error::Input {
        path: base.join(location),
        at: None,
        what,
        hint: hint.to_owned(),
    };
    let path = base.join(location);
    let mut files: Vec<PathBuf> = if path.is_file() {
        vec![path]
    } else if path.is_dir() {
        walk(&path)?
    } else if location.contains(['*', '?', '[']) {
        let pattern = path
            .to_str()
            .ok_or_else(|| wrong("the location is not UTF-8".into(), "rename the folder"))?;
        let matches = glob::glob(pattern).map_err(|e| {
            wrong(format!("not a glob: {e}"), "see the glob's syntax: * ? [a-z] **")
        })?;
        let mut files = Vec::new();
        for entry in matches {
            let entry = entry.map_err(|e| Error::io(e.path().to_owned(), "read", e.into()))?;
            let hidden = entry.file_name().is_some_and(|n| {
                n.as_encoded_bytes().starts_with(b".") || n.as_encoded_bytes().starts_with(b"_")
            });
            if entry.is_file() && !hidden {
                files.push(entry);
            }
        }
        files
    } else {
        return Err(wrong("no such file or folder".into(), "mend `location` in the configuration"));
    };
    files.sort();
    if location.contains(['*', '?', '[']) || base.join(location).is_dir() {
        let stray = files.iter().find(|f| Format::of(f).is_none()).cloned();
        if base.join(location).is_dir() {
            files.retain(|f| Format::of(f).is_some());
        } else if let Some(stray) = stray {
            return Err(Error::Input {
                path: stray,
                at: None,
                what: "neither Parquet nor JSON lines".into(),
                hint: "let the glob match .parquet, .jsonl, .jsonl.gz or .jsonl.zst only".into(),
            });
        }
    }
    let Some(first) = files.first() else {
        return Err(wrong(
            "no file is there".into(),
            "an empty corpus is more often a wrong path than a wish: mend `location`",
        ));
    };
    let format = Format::of(first).ok_or_else(|| {
        wrong(
            "neither Parquet nor JSON lines".into(),
            "name it .parquet, .jsonl, .jsonl.gz or .jsonl.zst",
        )
    })?;
    if let Some(other) = files.iter().find(|f| Format::of(f) != Some(format)) {
        return Err(Error::Input {
            path: other.clone(),
            at: None,
            what: "Parquet and JSON lines lie side by side".into(),
            hint: "make them two corpora, each with a glob of its own".into(),
        });
    }
    Ok((files, format))
}

fn walk(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder).map_err(|e| Error::io(folder, "list", e))?;
    for entry in entries {
        let path = entry.map_err(|e| Error::io(folder, "list", e))?.path();
        let name = path.file_name().map(|n| n.as_encoded_bytes().to_vec()).unwrap_or_default();
        if name.starts_with(b".") || name.starts_with(b"_") {
            continue;
        }
        if path.is_dir() {
            files.extend(walk(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
