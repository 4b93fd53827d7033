//! Running the rivals: the Python programs in `tests/rivals`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::ground::Ground;
use super::outcome::{Outcome, bytes};
use crate::needs;
use crate::scale::measure;
use crate::workspace::Workspace;
use crate::{python, readers, shell};

/// Another engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rival {
    DuckDb,
    Polars,
    Spark,
}

impl Rival {
    /// What its makers call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Rival::DuckDb => "DuckDB",
            Rival::Polars => "Polars",
            Rival::Spark => "Spark",
        }
    }

    fn program(self) -> &'static str {
        match self {
            Rival::DuckDb => "with_duckdb.py",
            Rival::Polars => "with_polars.py",
            Rival::Spark => "with_spark.py",
        }
    }
}

/// The programs, and the interpreters that have the packages.
pub(super) struct Rivals {
    programs: PathBuf,
    python: PathBuf,
    /// Only where Spark takes part.
    spark: Option<PathBuf>,
}

impl Rivals {
    /// Makes the environments.
    pub(super) fn prepare(workspace: &Workspace, spark: bool) -> Result<Self> {
        let programs = workspace.root().join("tests").join("rivals");
        let spark = spark.then(|| {
            need_java()?;
            python::prepare(&workspace.target().join("spark"), &programs.join("spark.txt"))
        });
        Ok(Self { python: readers::interpreter(workspace)?, spark: spark.transpose()?, programs })
    }

    /// Whether it takes part.
    pub(super) fn has(&self, rival: Rival) -> bool {
        rival != Rival::Spark || self.spark.is_some()
    }

    /// Has it do a job, whose result goes to `out`.
    pub(super) fn run(
        &self,
        rival: Rival,
        ground: &Ground,
        job: &str,
        out: &Path,
        more: &[&str],
    ) -> Result<Outcome> {
        let python = match rival {
            Rival::Spark => self.spark.as_ref().context("Spark does not take part")?,
            Rival::DuckDb | Rival::Polars => &self.python,
        };
        let shown = format!("{} {job} {}", rival.name(), more.join(" "));
        eprintln!("\n$ {shown}");
        let mut command = self.program(python, rival.program());
        command.arg(job).arg(ground.platform().folder()).arg(out).args(more);
        let measured = measure::run(command).with_context(|| shown)?;
        let seconds = measured.said["seconds"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(Outcome {
            seconds: super::outcome::median(seconds.iter().filter_map(Value::as_f64).collect())
                .context("it did not say how long it took")?,
            // Spark works in a process of its own, which this one does not see.
            memory: measured.memory.filter(|_| rival != Rival::Spark),
            rows: measured.said["rows"].as_u64(),
            bytes: bytes(out)?,
            said: measured.said,
        })
    }

    /// Writes the ids of a set as readers of its Delta log see them.
    pub(super) fn delta_ids(&self, set: &Path, out: &Path) -> Result<()> {
        shell::run(self.program(&self.python, "ids.py").arg(set).arg(out))
    }

    fn program(&self, python: &Path, name: &str) -> Command {
        let mut command = Command::new(python);
        command.arg(self.programs.join(name)).env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// Spark runs on Java 17 or later.
fn need_java() -> Result<()> {
    needs::java().context("Spark cannot take part; leave it out with --without-spark")
}
