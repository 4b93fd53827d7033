//! Python environments, for programs that other people made.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::needs;
use crate::shell::run;

/// Written into an environment when it is complete: what it was made of.
const STAMP: &str = "requirements.stamp";

/// Makes an environment, unless one of the same requirements and Python is there. Returns its
/// interpreter.
pub(crate) fn prepare(environment: &Path, requirements: &Path) -> Result<PathBuf> {
    let shown = |path: &Path| path.display().to_string();
    let list = std::fs::read_to_string(requirements).with_context(|| shown(requirements))?;
    let version = needs::python_version().context("python3 has gone")?;
    let wanted = format!("Python {version}\n{list}");
    let stamp = environment.join(STAMP);
    if is_stamped(&stamp, &wanted) {
        return Ok(interpreter(environment));
    }
    // Half an environment, or one of other versions, is of no use.
    if environment.exists() {
        std::fs::remove_dir_all(environment).with_context(|| shown(environment))?;
    }
    run(needs::python().args(["-m", "venv"]).arg(environment))?;
    let mut pip = Command::new(interpreter(environment));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--requirement"]);
    run(pip.arg(requirements)).with_context(|| {
        format!(
            "the packages could not be installed; this needs the Python package index, once for \
             each change of {}",
            shown(requirements)
        )
    })?;
    std::fs::write(&stamp, wanted).with_context(|| shown(&stamp))?;
    Ok(interpreter(environment))
}

fn is_stamped(stamp: &Path, wanted: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|found| found == wanted)
}

fn interpreter(environment: &Path) -> PathBuf {
    if cfg!(windows) {
        environment.join("Scripts").join("python.exe")
    } else {
        environment.join("bin").join("python")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_environment_of_the_same_requirements_is_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join(STAMP);
        assert!(!is_stamped(&stamp, "Python 3.11.7\npolars==2\n"));
        std::fs::write(&stamp, "Python 3.11.7\npolars==1\n").unwrap();
        assert!(!is_stamped(&stamp, "Python 3.11.7\npolars==2\n"));
        assert!(is_stamped(&stamp, "Python 3.11.7\npolars==1\n"));
    }
}
