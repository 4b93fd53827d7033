//! The Python package: built as it is shipped, installed into an environment with the engines that it
//! works in, and tested there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::needs;
use crate::python;
use crate::shell::run;
use crate::workspace::Workspace;

/// A wheel is no larger than this.
const LIMIT: u64 = 15_000_000;

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let demur = workspace.demur();
    if !demur.is_file() {
        bail!("{} is not there; run the step `release` first", demur.display());
    }
    let python = installed(workspace)?;
    let tests = workspace.root().join("python").join("tests");
    // The tests look at what was installed, not at the folder that it was built from. Engines take long to start,
    // and one can while the other does.
    run(Command::new(python)
        .args(["-m", "pytest", "--numprocesses", "2", "--dist", "loadfile"])
        .args(["-p", "no:cacheprovider", "--rootdir"])
        .args([&tests, &tests])
        .current_dir(&tests)
        .env("DEMUR", demur)
        .env("RAY_USAGE_STATS_ENABLED", "0")
        .env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// A Python with the wheel, built just now, and with Spark, Ray, `datasets` and their like.
pub(crate) fn installed(workspace: &Workspace) -> Result<PathBuf> {
    needs::java()?;
    let package = workspace.root().join("python");
    let requirements = package.join("tests").join("requirements.txt");
    let python = python::prepare(&workspace.target().join("wheel"), &requirements)?;
    let wheel = build(&python, &package, &workspace.target().join("wheels"))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--quiet"]);
    run(pip.args(["--force-reinstall", "--no-deps"]).arg(wheel))?;
    Ok(python)
}

/// What `pip install ./python` does, stopped before it installs.
fn build(python: &Path, package: &Path, to: &Path) -> Result<PathBuf> {
    let shown = || to.display().to_string();
    if to.exists() {
        fs::remove_dir_all(to).with_context(shown)?;
    }
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "wheel", "--disable-pip-version-check", "--quiet", "--no-deps"]);
    run(pip.arg("--wheel-dir").arg(to).arg(package))?;
    let wheels: Vec<PathBuf> = fs::read_dir(to)
        .with_context(shown)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()
        .with_context(shown)?;
    let [wheel] = wheels.as_slice() else {
        bail!("{} should hold one wheel, and holds {} files", shown(), wheels.len());
    };
    let size = fs::metadata(wheel).with_context(shown)?.len();
    if size > LIMIT {
        bail!("{} has {size} bytes, more than {LIMIT}", wheel.display());
    }
    eprintln!("{} has {:.1} MB", wheel.display(), size as f64 / 1e6);
    Ok(wheel.clone())
}
