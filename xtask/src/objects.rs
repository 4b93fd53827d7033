//! Object stores: the tests in `tests/objects`, which start an S3 server on this machine and stop it, in the
//! environment that the readers' tests use.

use std::process::Command;

use anyhow::{Result, bail};

use crate::readers;
use crate::shell::run;
use crate::workspace::Workspace;

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let demur = workspace.demur();
    if !demur.is_file() {
        bail!("{} is not there; run the step `release` first", demur.display());
    }
    let tests = workspace.root().join("tests").join("objects");
    run(Command::new(readers::interpreter(workspace)?)
        .args(["-m", "pytest", "-p", "no:cacheprovider", "--rootdir"])
        .args([&tests, &tests])
        .env("DEMUR", demur)
        .env("PYTHONPATH", workspace.root().join("tests").join("readers"))
        .env("PYTHONDONTWRITEBYTECODE", "1"))
}
