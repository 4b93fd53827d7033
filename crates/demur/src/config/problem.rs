//! What is wrong with a configuration, in words for the person who can mend it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// Whether a [`Problem`] stops the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// Nothing runs until it is mended.
    Error,
    /// Commands run, though perhaps not as was meant.
    Warning,
}

/// One thing that is wrong, where it is written, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    /// The file in which it can be mended.
    pub(crate) path: PathBuf,
    /// The line there, counted from 1.
    pub(crate) line: Option<usize>,
    /// Whether it stops the command.
    pub(crate) severity: Severity,
    /// What is wrong, with the value that is.
    pub(crate) what: String,
    /// What would be right.
    pub(crate) fix: String,
}

impl Problem {
    /// An error.
    pub(crate) fn error(
        path: &Path,
        line: Option<usize>,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        let severity = Severity::Error;
        Problem { path: path.to_owned(), line, severity, what: what.into(), fix: fix.into() }
    }

    /// The same as a warning.
    pub(crate) fn into_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Whether it stops the command.
    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if self.severity == Severity::Warning {
            write!(f, " warning:")?;
        }
        write!(f, " {}\n  hint: {}", self.what, self.fix)
    }
}

impl std::error::Error for Problem {}

/// Sorts problems as a reader meets them: file by file, from the top.
pub(super) fn sort(problems: &mut [Problem]) {
    problems.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
}

/// The line of every key of a configuration, by path: `corpus.0.author`, `purpose.1.notice`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines(BTreeMap<String, usize>);

impl Lines {
    /// The line of a key or, where it is not written, of the innermost table around it.
    pub(crate) fn of(&self, key: &str) -> Option<usize> {
        let mut key = key;
        loop {
            if let Some(line) = self.0.get(key) {
                return Some(*line);
            }
            key = key.rsplit_once('.')?.0;
        }
    }

    pub(super) fn note(&mut self, key: String, line: usize) {
        self.0.insert(key, line);
    }
}

/// The candidate that someone who wrote `word` most likely meant, if any comes near.
pub(super) fn near<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// A hint for a name that is not among `candidates`: the nearest of them, or what there is.
pub(super) fn hint_for<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
    introduction: &str,
) -> String {
    match near(word, candidates.clone()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("{introduction} {}", enumerate(candidates)),
    }
}

/// `a, b and c`; cut short where there are more than twenty.
pub(super) fn enumerate<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= 20 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..20].join(", "), names.len() - 20),
    }
}
