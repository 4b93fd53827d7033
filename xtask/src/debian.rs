//! Debian's packages, for programs that a step needs and that are not part of a language's registry.

use std::process::Command;

use anyhow::{Result, bail};

use crate::shell::{ask, run};

/// Installs packages, where this is a system that has `apt-get` and this user may do that.
///
/// # Errors
/// Where it is not or may not, or where they cannot be installed.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let may_sudo = || ask(Command::new("sudo").args(["-n", "true"])).is_some();
    let by: &[&str] = match is_root() {
        true => &[],
        false if may_sudo() => &["sudo", "-n"],
        false => bail!("only root may install packages"),
    };
    if ask(Command::new("apt-get").arg("--version")).is_none() {
        bail!("there is no apt-get here");
    }
    let apt = |arguments: &[&str]| {
        let mut words = by.iter().chain(&["apt-get"]).chain(arguments);
        let mut command = Command::new(words.next().unwrap_or(&"apt-get"));
        run(command.args(words).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "--quiet"])?;
    apt(&[&["install", "--yes", "--quiet", "--no-install-recommends"], packages].concat())
}

/// Whether the user is root.
pub(crate) fn is_root() -> bool {
    ask(Command::new("id").arg("-u")).as_deref() == Some("0")
}
