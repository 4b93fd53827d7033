//! The whole product in a browser: the tests in `tests/browser`, with a real mail server and a real
//! provider of OpenID Connect beside it, in an environment of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use demur_web::Route;
use serde_json::json;

use crate::debian;
use crate::needs;
use crate::shell::{cargo, run};
use crate::workspace::Workspace;

/// Written into an environment when it is complete: what it was made of.
const STAMP: &str = "packages.stamp";
/// What browsers of the right kind are called.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target().join("browser");
    let tests = workspace.root().join("tests").join("browser");
    std::fs::create_dir_all(&folder).with_context(|| shown(&folder))?;
    let chromium = chromium()?;
    install(&folder, &tests)?;
    // Modules are looked for above the file that wants them, and they belong under target/.
    let copy = folder.join("tests");
    if copy.exists() {
        std::fs::remove_dir_all(&copy).with_context(|| shown(&copy))?;
    }
    copy_folder(&tests, &copy)?;
    let routes = folder.join("routes.json");
    std::fs::write(&routes, addresses()).with_context(|| shown(&routes))?;
    run(&mut cargo(&["build", "--release", "--package", "demur"]))?;
    run(Command::new("node")
        .args(["--test", "--test-reporter=spec", "all.test.mjs"])
        .current_dir(copy)
        .env("CHROMIUM", chromium)
        .env("DEMUR", workspace.demur())
        .env("FOLDER", &folder)
        .env("LOCALES", workspace.root().join("crates/demur-notice/locales"))
        .env("ROUTES", routes))
    .with_context(|| {
        format!("what the pages look like is in {}", shown(&folder.join("screenshots")))
    })
}

/// Every address of the site, for the test that asks whether each was looked at.
fn addresses() -> String {
    let all = demur_web::routes();
    let list = all.iter().map(|Route { method, path, access, .. }| {
        json!({ "method": method.as_str(), "path": path, "access": format!("{access:?}") })
    });
    serde_json::Value::Array(list.collect()).to_string()
}

/// Fetches the packages, unless those of the same list and Node are there.
fn install(folder: &Path, tests: &Path) -> Result<()> {
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
    run(&mut npm).context(
        "the packages could not be installed; this needs the npm registry, once for each change of \
         tests/browser/package-lock.json",
    )?;
    std::fs::write(&stamp, wanted).with_context(|| shown(&stamp))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| shown(to))?;
    for entry in std::fs::read_dir(from).with_context(|| shown(from))? {
        let entry = entry?;
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if entry.file_name() == "node_modules" {
            // What an editor wanted; the tests have their own.
        } else if entry.file_type()?.is_dir() {
            copy_folder(&path, &copy)?;
        } else {
            std::fs::copy(&path, &copy).with_context(|| shown(&path))?;
        }
    }
    Ok(())
}

/// The browser; Debian's is installed where there is none and this user may do that.
fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Ok(path.into());
    }
    if let Some(path) = find() {
        return Ok(path);
    }
    debian::install(&["chromium", "fonts-liberation"]).context(MISSING)?;
    find().context(MISSING)
}

const MISSING: &str = "no Chromium: install it (Debian: the package `chromium`), or say where a \
                       Chromium or Chrome is in the variable CHROMIUM";

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
