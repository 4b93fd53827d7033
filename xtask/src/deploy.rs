//! The units in `deploy/`, as systemd reads them: no mistakes in them, and hardly anything that they may do.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::shell::{ask, run};
use crate::workspace::Workspace;

/// Where the units expect the program, which nobody installs for a test.
const PROGRAM: &str = "/usr/local/bin/demur";
/// The most that systemd may hold against a service, of 100 points: 12 when this was written.
const EXPOSURE: &str = "--threshold=15";

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    if ask(Command::new("systemd-analyze").arg("--version")).is_none() {
        debian::install(&["systemd"]).context(
            "systemd-analyze is not here: install it (Debian: `apt-get install systemd`)",
        )?;
    }
    let folder = tempfile::tempdir()?;
    let mut services = Vec::new();
    let mut units = Vec::new();
    for entry in fs::read_dir(workspace.root().join("deploy"))? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if !matches!(ending, Some("service" | "timer")) {
            continue;
        }
        let unit = folder.path().join(path.file_name().context("a unit without a name")?);
        fs::write(&unit, fs::read_to_string(&path)?.replace(PROGRAM, "/bin/true"))?;
        if ending == Some("service") {
            services.push(unit.clone());
        }
        units.push(unit);
    }
    if services.is_empty() {
        bail!("there is no service in deploy/");
    }
    run(Command::new("systemd-analyze").args(["verify", "--man=no"]).args(&units))?;
    for service in services {
        let mut ask = Command::new("systemd-analyze");
        let output = ask.args(["security", "--offline=true", EXPOSURE]).arg(&service).output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stdout);
            bail!("{} may do too much:\n{said}", service.display());
        }
    }
    println!("  {} units read, each service as closed as it should be", units.len());
    Ok(())
}
