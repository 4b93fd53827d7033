//! What the measuring chores have in common: words that are read, and a program that is optimised.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::shell;

/// Runs a chore with what follows its name. A program that is not optimised would take minutes for what
/// takes seconds, and the processor from what it measures: it has one that is do the work in its place.
pub(crate) fn run<R>(
    name: &str,
    words: &[&str],
    parse: impl FnOnce(&[&str]) -> Result<R, String>,
    work: impl FnOnce(&R) -> Result<()>,
) -> ExitCode {
    let request = match parse(words) {
        Ok(request) => request,
        Err(wrong) => return crate::usage(&wrong),
    };
    let done = if cfg!(debug_assertions) { again_optimised(name, words) } else { work(&request) };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn again_optimised(name: &str, words: &[&str]) -> Result<()> {
    let mut command =
        shell::cargo(&["run", "--quiet", "--release", "--package", "xtask", "--", name]);
    if !command.args(words).status().context("cargo could not be started")?.success() {
        bail!("{name} failed");
    }
    Ok(())
}
