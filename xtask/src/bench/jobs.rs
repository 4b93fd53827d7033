//! The jobs that are run in turn: Demur's and the rivals', and which of them must agree.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::ground::{Ground, Setting, text};
use super::ids;
use super::outcome::{Outcome, bytes};
use super::rivals::{Rival, Rivals};
use crate::scale::PURPOSE;

/// Which records a job lets through. Jobs of the same sort must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// The corpus, without the rule for third parties.
    Plain,
    /// The corpus, with that rule.
    ThirdParty,
    /// The extract of JSON lines, without the rule.
    Lines,
}

impl Sort {
    /// What it is, in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Sort::Plain => "without the third-party rule",
            Sort::ThirdParty => "with the third-party rule",
            Sort::Lines => "JSON lines",
        }
    }

    fn setting(self) -> Setting {
        if self == Sort::ThirdParty { Setting::ThirdParty } else { Setting::Plain }
    }
}

/// How Demur builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Build {
    /// Copies what may be used.
    Copied,
    /// The same by a snapshot that is there.
    CopiedGiven,
    /// Lays deletion vectors over the corpus; compiles a snapshot first.
    Overlay,
    /// The same by a snapshot that is there.
    OverlayGiven,
}

/// What a rival does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Task {
    /// Writes the lawful rows.
    Write,
    /// Only counts them.
    Count,
}

/// One thing to do and to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Job {
    Demur(Build, Sort),
    Rival(Rival, Task, Sort),
}

use Build::{Copied, CopiedGiven, Overlay, OverlayGiven};
use Rival::{DuckDb, Polars, Spark};
use Sort::{Lines, Plain, ThirdParty};
use Task::{Count, Write};

/// All of them, in the order of a round. Demur and the others take turns, so that a slow minute of the
/// machine meets both.
pub(super) const ALL: [Job; 19] = [
    Job::Demur(Copied, Plain),
    Job::Rival(DuckDb, Write, Plain),
    Job::Demur(Overlay, Plain),
    Job::Rival(Polars, Write, Plain),
    Job::Demur(OverlayGiven, Plain),
    Job::Rival(DuckDb, Count, Plain),
    Job::Rival(Polars, Count, Plain),
    Job::Demur(Copied, Lines),
    Job::Rival(DuckDb, Write, Lines),
    Job::Demur(CopiedGiven, Lines),
    Job::Rival(Polars, Write, Lines),
    Job::Demur(Copied, ThirdParty),
    Job::Rival(DuckDb, Write, ThirdParty),
    Job::Demur(OverlayGiven, ThirdParty),
    Job::Rival(Polars, Write, ThirdParty),
    Job::Rival(DuckDb, Count, ThirdParty),
    Job::Rival(Polars, Count, ThirdParty),
    Job::Rival(Spark, Write, Plain),
    Job::Rival(Spark, Write, ThirdParty),
];

impl Job {
    /// Whether it can be done: where Spark takes part, and where this Demur has overlays.
    pub(super) fn is_possible(self, ground: &Ground, rivals: &Rivals) -> bool {
        match self {
            Job::Demur(Copied | CopiedGiven, _) => true,
            Job::Demur(Overlay | OverlayGiven, _) => ground.knows("--mode"),
            Job::Rival(rival, ..) => rivals.has(rival),
        }
    }

    /// Which records it should let through.
    pub(super) fn sort(self) -> Sort {
        match self {
            Job::Demur(_, sort) | Job::Rival(_, _, sort) => sort,
        }
    }

    /// Who does it.
    pub(super) fn engine(self) -> &'static str {
        match self {
            Job::Demur(..) => "Demur",
            Job::Rival(rival, ..) => rival.name(),
        }
    }

    /// What is done.
    pub(super) fn words(self) -> String {
        let (does, sort) = match self {
            Job::Demur(Overlay, sort) => ("overlay build", sort),
            Job::Demur(OverlayGiven, sort) => ("overlay build, snapshot given", sort),
            Job::Demur(Copied, sort) => ("copy build", sort),
            Job::Demur(CopiedGiven, sort) => ("copy build, snapshot given", sort),
            Job::Rival(_, Write, Lines) => return "writes NDJSON".to_owned(),
            Job::Rival(_, Write, sort) => ("writes Parquet", sort),
            Job::Rival(_, Count, sort) => ("counts", sort),
        };
        match sort {
            Plain => does.to_owned(),
            sort => format!("{does}, {}", sort.words()),
        }
    }

    /// Where its result goes.
    pub(super) fn out(self, ground: &Ground) -> PathBuf {
        ground.file(match self {
            Job::Demur(..) => "set",
            Job::Rival(Spark, ..) => "spark",
            Job::Rival(_, _, Lines) => "rows.jsonl",
            Job::Rival(..) => "rows.parquet",
        })
    }

    /// Does it.
    pub(super) fn run(self, ground: &Ground, rivals: &Rivals) -> Result<Outcome> {
        let out = self.out(ground);
        match self {
            Job::Demur(build, sort) => {
                let corpus = if sort == Lines { "extract" } else { "posts" };
                let snapshot = ground.snapshot(sort.setting());
                let mut arguments = vec!["build", PURPOSE, "--corpus", corpus, "--to", text(&out)?];
                // What earlier rounds built is of no help.
                if ground.knows("--anew") {
                    arguments.push("--anew");
                }
                if matches!(build, Overlay | OverlayGiven) {
                    arguments.extend(["--mode", "overlay"]);
                }
                if matches!(build, CopiedGiven | OverlayGiven) {
                    arguments.extend(["--snapshot", text(&snapshot)?]);
                }
                demur(ground, sort.setting(), &arguments, &out)
            }
            Job::Rival(rival, task, sort) => {
                let job = match (task, sort) {
                    (Write, Lines) => "lines",
                    (Write, _) => "write",
                    (Count, _) => "count",
                };
                let rule: &[&str] = if sort == ThirdParty { &["--third-party"] } else { &[] };
                rivals.run(rival, ground, job, &out, rule)
            }
        }
    }

    /// The ids of the records that it let through, ascending; `None` where it only counted.
    pub(super) fn ids(self, ground: &Ground, rivals: &Rivals) -> Result<Option<Vec<i64>>> {
        let out = self.out(ground);
        let found = match self {
            Job::Rival(_, Count, _) => return Ok(None),
            Job::Demur(_, Lines) | Job::Rival(_, _, Lines) => ids::in_lines(&out)?,
            Job::Demur(..) => delta(ground, rivals, &out)?,
            Job::Rival(..) => ids::in_parquet(&out)?,
        };
        Ok(Some(found))
    }
}

/// A build of Demur's.
pub(super) fn demur(
    ground: &Ground,
    setting: Setting,
    arguments: &[&str],
    set: &Path,
) -> Result<Outcome> {
    let measured = ground.demur(setting, arguments)?;
    let rows = measured.said["kept"].as_u64().context("it did not say how many it kept")?;
    Ok(Outcome {
        seconds: measured.took.as_secs_f64(),
        memory: measured.memory,
        rows: Some(rows),
        bytes: bytes(set)?,
        said: measured.said,
    })
}

/// The ids in a training set, as its Delta log has it.
pub(super) fn delta(ground: &Ground, rivals: &Rivals, set: &Path) -> Result<Vec<i64>> {
    let list = ground.file("ids.parquet");
    rivals.delta_ids(set, &list)?;
    ids::in_parquet(&list)
}
