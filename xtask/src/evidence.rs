//! The proof that a model obeys: the crate `examples/train`, which has a lock file of its own and is no part of the workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::shell::{cargo, run as sh};
use crate::workspace::Workspace;

pub(crate) const HELP: &str = "\
Usage: cargo xtask evidence [OPTION...]

Trains a small language model with and without the gate, and measures whom it remembers; under ten minutes on
two cores, builds aside.
  --write-docs    write docs/model-evidence.md and its plot anew
  --seed N        draw phrases, authors and weights from this number
  --small         a minute instead, with few phrases
";

/// Hands the options on: the example knows them.
pub(crate) fn run(options: &[&str]) -> ExitCode {
    let done = Workspace::load().and_then(|workspace| {
        let to = workspace.target().join("evidence");
        sh(example(&workspace, "run").arg("--").args(options).arg("--to").arg(to))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Its own tests, then the small run on the release build.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let demur = workspace.demur();
    if !demur.is_file() {
        bail!("{} is not there; run the step `release` first", demur.display());
    }
    let manifest = manifest(workspace.root());
    sh(cargo(&["fmt", "--check", "--manifest-path"]).arg(manifest))?;
    sh(&mut example(workspace, "test"))?;
    sh(example(workspace, "run")
        .args(["--", "--small", "--demur"])
        .arg(demur)
        .arg("--to")
        .arg(workspace.target().join("evidence-small")))
}

/// A command of cargo on the example, in the profile in which it is fast enough, by its own lock file.
fn example(workspace: &Workspace, what: &str) -> Command {
    let mut command = cargo(&[what, "--release", "--locked", "--manifest-path"]);
    command.arg(manifest(workspace.root()));
    command.arg("--target-dir").arg(workspace.target().join("train"));
    command
}

fn manifest(root: &Path) -> PathBuf {
    root.join("examples").join("train").join("Cargo.toml")
}
