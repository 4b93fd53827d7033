//! Packages for Node, for programs that other people made.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::needs;
use crate::shell::run;

/// Written into a folder when it is complete: what it was made of.
const STAMP: &str = "packages.stamp";

/// Fetches the packages that the `package.json` of some tests names into a folder, unless those of the same list and Node are there.
pub(crate) fn install(folder: &Path, tests: &Path) -> Result<()> {
    let shown = |path: &Path| path.display().to_string();
    std::fs::create_dir_all(folder).with_context(|| shown(folder))?;
    let version = needs::node_version().context("node has gone")?;
    let mut wanted = format!("Node {version}\n");
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        let path = tests.join(name);
        let text = std::fs::read_to_string(&path).with_context(|| shown(&path))?;
        wanted.push_str(&text);
        let copy = folder.join(name);
        std::fs::write(&copy, text).with_context(|| shown(&copy))?;
    }
    let stamp = folder.join(STAMP);
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    run(&mut npm).with_context(|| {
        format!(
            "the packages could not be installed; this needs the npm registry, once for each \
             change of {}",
            shown(&tests.join("package-lock.json"))
        )
    })?;
    std::fs::write(&stamp, wanted).with_context(|| shown(&stamp))
}
