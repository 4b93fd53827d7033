//! Training sets that exist: finding them, and bringing them up to what the register says.

pub(crate) mod earlier;
pub(crate) mod kept;
pub(crate) mod update;

use std::path::{Path, PathBuf};

use demur_corpus::manifest::Manifest;
use demur_corpus::{is_url, resolve};
use demur_register::Register;
use serde_json::{Value, json};

use crate::context::Context;
use crate::failure::Failure;

/// A training set, and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) set: String,
    pub(crate) folder: PathBuf,
}

/// The sets of these names or folders; all that the register knows where none is named.
///
/// # Errors
/// Where a name stands for nothing.
pub(crate) fn find(
    context: &Context,
    register: &Register,
    named: &[String],
) -> Result<Vec<Found>, Failure> {
    if named.is_empty() {
        let sets = register.training_sets()?;
        let alive = sets.into_iter().filter(|set| set.gone.is_none());
        return alive.map(|set| place(context, register, &set.committed.set)).collect();
    }
    named
        .iter()
        .map(|name| {
            let folder = resolve(Path::new(""), name);
            if is_url(&folder) || folder.is_dir() {
                let (manifest, _) = Manifest::read(&folder)?;
                return Ok(Found { set: manifest.set, folder });
            }
            if register.training_set(name)?.is_none() {
                return Err(Failure::input(format!(
                    "{name}: neither a folder nor the name of a training set\n  hint: `demur status` lists those that the register knows"
                )));
            }
            place(context, register, name)
        })
        .collect()
}

/// Where the register saw a set last.
pub(crate) fn place(context: &Context, register: &Register, set: &str) -> Result<Found, Failure> {
    let folder = match register.place_of(set)? {
        Some(place) => context.path(place),
        // Sets of before places were noted lie where builds put them.
        None => context.path("training-sets").join(set),
    };
    Ok(Found { set: set.to_owned(), folder })
}

/// Notes where a set lies, for those who name it by its name.
pub(crate) fn note_place(register: &mut Register, set: &str, folder: &Path) -> Result<(), Failure> {
    let folder = match is_url(folder) {
        true => folder.to_owned(),
        false => std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()),
    };
    Ok(register.set_place(set, &folder.to_string_lossy())?)
}

/// What came of a command on several sets. One that fails does not keep the others from what they need.
#[derive(Default)]
pub(crate) struct Outcomes {
    lines: Vec<String>,
    done: Vec<Value>,
    failed: Vec<Value>,
    /// The first of those that tell most of the machine.
    worst: Option<Failure>,
}

impl Outcomes {
    pub(crate) fn done(&mut self, lines: Vec<String>, json: Value) {
        self.lines.extend(lines);
        self.done.push(json);
    }

    pub(crate) fn failed(&mut self, set: &str, failure: Failure) {
        self.lines.push(format!("{set}: {failure}"));
        self.failed.push(json!({ "set": set, "error": failure.to_string() }));
        if self.worst.as_ref().is_none_or(|worst| worst.exit_code() < failure.exit_code()) {
            self.worst = Some(failure);
        }
    }

    /// Prints it; `nothing` is said where there was no set.
    ///
    /// # Errors
    /// Where a set failed.
    pub(crate) fn tell(mut self, context: &Context, nothing: &str) -> Result<(), Failure> {
        let json = json!({ "sets": self.done, "failed": self.failed });
        if self.lines.is_empty() {
            self.lines.push(nothing.to_owned());
        }
        match self.worst {
            None => {
                context.out.result(&self.lines.join("\n"), &json);
                Ok(())
            }
            Some(failure) if self.failed.len() == 1 && self.done.is_empty() => {
                Err(failure.with_json(json))
            }
            Some(failure) => Err(failure.into_finding(self.lines.join("\n"), json)),
        }
    }
}
