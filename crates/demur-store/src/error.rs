//! What can go wrong with files, in words for the person who can mend it.

use std::fmt;
use std::path::PathBuf;

/// Why a corpus could not be read or a training set not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is not what it should be; its owner can mend it.
    #[error("{}{}: {what}\n  hint: {hint}", path.display(), At(at))]
    Input {
        /// The file or folder.
        path: PathBuf,
        /// Where in it.
        at: Option<Place>,
        /// What is wrong, with the value that is.
        what: String,
        /// What would be right.
        hint: String,
    },
    /// The machine failed: no space, no permission, a broken disk.
    #[error("{}: could not {doing}: {source}{}", path.display(), hint_for(source))]
    Machine {
        /// The file or folder.
        path: PathBuf,
        /// A verb: read, write, list.
        doing: &'static str,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Counts do not add up: a bug in Demur, caught before anything became visible.
    #[error(
        "the counts do not add up, so nothing was published: {0}\n  hint: this is a bug in Demur; please report it with the command that you ran"
    )]
    Accounting(String),
}

/// A place inside a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line, counted from 1.
    Line(u64),
    /// A column by name.
    Column(String),
    /// A row, counted from 0 over the file.
    Row(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(line) => write!(f, "line {line}"),
            Place::Column(name) => write!(f, "column `{name}`"),
            Place::Row(row) => write!(f, "row {row}"),
        }
    }
}

struct At<'a>(&'a Option<Place>);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => Ok(()),
            Some(Place::Line(line)) => write!(f, ":{line}"),
            Some(place) => write!(f, ": {place}"),
        }
    }
}

fn hint_for(source: &std::io::Error) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::StorageFull => {
            "\n  hint: make room, or point --to at another disk; nothing was published"
        }
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            "\n  hint: the folder must be writable for the user who runs Demur"
        }
        _ => "",
    }
}

impl Error {
    /// An error of the operating system, with the file that it is about.
    pub fn io(path: impl Into<PathBuf>, doing: &'static str, source: std::io::Error) -> Self {
        Error::Machine { path: path.into(), doing, source }
    }

    /// Something wrong with a file's content.
    pub fn input(
        path: impl Into<PathBuf>,
        at: Option<Place>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Error::Input { path: path.into(), at, what: what.into(), hint: hint.into() }
    }

    /// Whether the input or configuration is at fault rather than the machine.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(self, Error::Input { .. })
    }
}
