//! Programs that the steps need and cannot install by themselves.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use crate::debian;
use crate::shell;

/// A program that must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Rustfmt,
    Clippy,
    Python,
    Node,
    Java,
}

/// Fails, saying why, where Python is too old or cannot make environments.
const PYTHON_CHECK: &str = "\
import sys, venv, ensurepip
if sys.version_info < (3, 11): sys.exit(1)
print('.'.join(map(str, sys.version_info[:3])))";

impl Need {
    /// Whether it is there.
    fn is_met(self) -> bool {
        match self {
            Need::Rustfmt => shell::ask(&mut shell::cargo(&["fmt", "--version"])).is_some(),
            Need::Clippy => shell::ask(&mut shell::cargo(&["clippy", "--version"])).is_some(),
            Need::Python => python_version().is_some(),
            Need::Node => node_version().is_some(),
            Need::Java => java_version().is_some(),
        }
    }

    /// What is missing, and how to get it.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Need::Rustfmt => "rustfmt: run `rustup component add rustfmt`",
            Need::Clippy => "clippy: run `rustup component add clippy`",
            Need::Python => {
                "python3, 3.11 or later, with venv: from python.org or the system's packages \
                 (Debian: python3 and python3-venv), found as `python3` or as the variable PYTHON says"
            }
            Need::Java => {
                "java, 17 or later, for Spark: from the system's packages (Debian: \
                 openjdk-17-jre-headless), found as `java` or as the variable JAVA_HOME says"
            }
            Need::Node => "node, 20 or later, with npm: from nodejs.org or the system's packages",
        }
    }
}

/// The Python to make environments with.
pub(crate) fn python() -> Command {
    Command::new(std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into()))
}

/// Its version, where it will do.
pub(crate) fn python_version() -> Option<String> {
    shell::ask(python().args(["-c", PYTHON_CHECK]))
}

/// The version of Node, where it will do and npm is with it.
pub(crate) fn node_version() -> Option<String> {
    shell::ask(Command::new("npm").arg("--version"))?;
    let version = shell::ask(Command::new("node").arg("--version"))?;
    let major: u32 = version.strip_prefix('v')?.split('.').next()?.parse().ok()?;
    (major >= 20).then_some(version)
}

/// Makes sure of Java, which is installed where it is missing and this user may do that.
///
/// # Errors
/// Where it is missing all the same, with advice.
pub(crate) fn java() -> anyhow::Result<()> {
    if Need::Java.is_met() {
        return Ok(());
    }
    debian::install(&["openjdk-17-jre-headless"]).context(Need::Java.advice())?;
    all(&[Need::Java])
}

/// The version of Java, where it will do.
fn java_version() -> Option<u32> {
    let java = match std::env::var_os("JAVA_HOME") {
        Some(home) => PathBuf::from(home).join("bin").join("java"),
        None => PathBuf::from("java"),
    };
    let said = shell::ask(Command::new(java).arg("--version"))?;
    let number = said.lines().next()?.split_whitespace().nth(1)?;
    let major: u32 = number.split('.').next()?.parse().ok()?;
    (major >= 17).then_some(major)
}

/// Fails where one of them is missing, with advice for all that are.
pub(crate) fn all(needs: &[Need]) -> anyhow::Result<()> {
    let missing = missing(needs);
    if !missing.is_empty() {
        anyhow::bail!("nothing was run, this is missing:\n  {}", missing.join("\n  "));
    }
    Ok(())
}

/// Advice for everything that is missing.
fn missing(needs: &[Need]) -> Vec<&'static str> {
    needs.iter().filter(|need| !need.is_met()).map(|need| need.advice()).collect()
}
