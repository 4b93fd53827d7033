//! The full test: what the README names and continuous integration runs.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::needs::{self, Need};
use crate::shell::{ask, cargo, run as sh};
use crate::workspace::Workspace;
use crate::{bench, browser, deploy, edges, evidence, objects, postgres, readers, wheel};

/// One part of the full test.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    needs: &'static [Need],
    run: fn(&Workspace) -> Result<()>,
}

/// All of them, cheap ones first.
pub(crate) const STEPS: [Step; 15] = [
    Step {
        name: "format",
        about: "the code is formatted",
        needs: &[Need::Rustfmt],
        run: |_| sh(&mut cargo(&["fmt", "--all", "--check"])),
    },
    Step {
        name: "edges",
        about: "crates depend on each other in the order that the design gives",
        needs: &[],
        run: |workspace| edges::check(&workspace.metadata),
    },
    Step { name: "clippy", about: "no warnings", needs: &[Need::Clippy], run: clippy },
    Step {
        name: "docs",
        about: "the documentation builds without warnings",
        needs: &[],
        run: docs,
    },
    Step {
        name: "doctests",
        about: "the documentation's examples run",
        needs: &[],
        run: |_| sh(cargo(&["test", "--doc"]).args(PRODUCT)),
    },
    Step { name: "tests", about: "unit and integration tests", needs: &[], run: tests },
    Step {
        name: "postgres",
        about: "registers in PostgreSQL, and processes that die while they write to one",
        needs: &[],
        run: postgres::check,
    },
    Step {
        name: "deploy",
        about: "systemd finds nothing wrong with the units, and little that they may do",
        needs: &[],
        run: deploy::check,
    },
    Step {
        name: "release",
        about: "the product builds as it is shipped",
        needs: &[],
        run: |_| sh(&mut cargo(&["build", "--release", "--package", "demur"])),
    },
    Step {
        name: "readers",
        about: "Polars, delta-rs, DuckDB and PyArrow read what the release build wrote",
        needs: &[Need::Python],
        run: readers::check,
    },
    Step {
        name: "objects",
        about: "the release build works on an S3 server as on a disk, however the server behaves",
        needs: &[Need::Python],
        run: objects::check,
    },
    Step {
        name: "rivals",
        about: "DuckDB and Polars let the same records through as the release build",
        needs: &[Need::Python],
        run: bench::check,
    },
    Step {
        name: "train",
        about: "a small model trained on the release build's sets knows nobody who objected",
        needs: &[Need::Rustfmt],
        run: evidence::check,
    },
    Step {
        name: "python",
        about: "the Python package, in Spark, Ray and datasets, keeps what the release build keeps",
        needs: &[Need::Python],
        run: wheel::check,
    },
    Step {
        name: "browser",
        about: "people, reviewers and axe-core use the release build in Chromium",
        needs: &[Need::Node],
        run: browser::check,
    },
];

/// All but the Python package, which has more of Arrow compiled in: what is tested here has what the
/// product has, and no more.
pub(crate) const PRODUCT: [&str; 3] = ["--workspace", "--exclude", PYTHON[1]];
/// The Python package alone.
const PYTHON: [&str; 2] = ["--package", "demur-python"];

fn clippy(_: &Workspace) -> Result<()> {
    for which in [&PRODUCT[..], &PYTHON] {
        let mut command = cargo(&["clippy"]);
        sh(command.args(which).args(["--all-targets", "--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn docs(_: &Workspace) -> Result<()> {
    for which in [&PRODUCT[..], &PYTHON] {
        let mut command = cargo(&["doc", "--no-deps"]);
        sh(command.args(which).env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(())
}

/// With cargo-nextest where it is there: it runs tests of all crates side by side.
fn tests(_: &Workspace) -> Result<()> {
    if ask(&mut cargo(&["nextest", "--version"])).is_some() {
        sh(cargo(&["nextest", "run"]).args(PRODUCT))
    } else {
        sh(cargo(&["test", "--lib", "--bins", "--tests"]).args(PRODUCT))
    }
}

/// Runs the steps named, or all.
pub(crate) fn run(names: &[&str]) -> ExitCode {
    let steps = match choose(names) {
        Ok(steps) => steps,
        Err(wrong) => return crate::usage(&wrong),
    };
    let started = Instant::now();
    match run_steps(&steps) {
        Ok(()) => {
            let all = if steps.len() == 1 { "1 step" } else { &format!("{} steps", steps.len()) };
            eprintln!("xtask: {all} passed in {}", seconds(started));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The steps of these names, in the order of [`STEPS`].
fn choose(names: &[&str]) -> Result<Vec<&'static Step>, String> {
    const ALL: &[Step] = &STEPS;
    if let Some(wrong) = names.iter().find(|name| ALL.iter().all(|step| step.name != **name)) {
        return Err(format!("there is no step `{wrong}`"));
    }
    Ok(ALL.iter().filter(|step| names.is_empty() || names.contains(&step.name)).collect())
}

fn run_steps(steps: &[&Step]) -> Result<()> {
    let needs: Vec<Need> = steps.iter().flat_map(|step| step.needs.iter().copied()).collect();
    needs::all(&needs)?;
    let workspace = Workspace::load()?;
    std::env::set_current_dir(workspace.root()).context("the workspace cannot be entered")?;
    for step in steps {
        eprintln!("\nxtask: {}: {}", step.name, step.about);
        let started = Instant::now();
        (step.run)(&workspace)
            .with_context(|| format!("{} failed after {}", step.name, seconds(started)))?;
        eprintln!("xtask: {} passed in {}", step.name, seconds(started));
    }
    Ok(())
}

fn seconds(since: Instant) -> String {
    format!("{:.1} s", since.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[&str]) -> Vec<&'static str> {
        choose(names).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn steps_run_in_their_own_order() {
        assert_eq!(chosen(&[]).len(), STEPS.len());
        assert_eq!(chosen(&["readers", "format", "format"]), ["format", "readers"]);
        assert!(choose(&["tests", "test"]).err().unwrap().contains("`test`"));
    }
}
