//! Other programs read what Demur wrote: the tests in `tests/readers`, in a Python environment of
//! their own.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::python;
use crate::shell::run;
use crate::workspace::Workspace;

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let demur = workspace.demur();
    if !demur.is_file() {
        bail!("{} is not there; run the step `release` first", demur.display());
    }
    let tests = workspace.root().join("tests").join("readers");
    run(Command::new(interpreter(workspace)?)
        .args(["-m", "pytest", "-p", "no:cacheprovider", "--rootdir"])
        .args([&tests, &tests])
        .env("DEMUR", demur)
        .env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// The Python with DuckDB, Polars, delta-rs and PyArrow.
pub(crate) fn interpreter(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.root().join("tests").join("readers").join("requirements.txt");
    python::prepare(&workspace.target().join("python"), &requirements)
}
