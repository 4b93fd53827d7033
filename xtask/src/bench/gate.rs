//! The gate alone, on rows in memory, against the rivals joining and filtering the same rows.
//!
//! The rows are a quarter of the corpus without its texts; authors are drawn anew, all alike, so that
//! no cache helps with the busy ones.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use arrow::array::{Array, Int64Array};

use super::ground::{Ground, Setting};
use super::outcome::{Outcome, median};
use super::rivals::{Rival, Rivals};
use super::tables;
use crate::scale::chance::Dice;
use crate::scale::measure;
use crate::scale::table::Table;
use crate::shell;
use crate::workspace::Workspace;

const COLUMNS: [&str; 7] =
    ["record_id", "author_id", "kind", "visibility", "created_at", "mentions", "tagged"];
const SEED: u64 = 5;
/// How often each program judges all rows; it says how long each time took.
const REPEATS: &str = "3";

/// What the rounds took.
#[derive(Default)]
pub(super) struct Outcomes {
    pub(super) gate: Vec<Outcome>,
    pub(super) duckdb: Vec<Outcome>,
    pub(super) polars: Vec<Outcome>,
    pub(super) records: u64,
    /// Records a second and core.
    pub(super) a_second_and_core: Vec<f64>,
    /// Loads a second of a loop in which each address is what the last load found.
    pub(super) loads_a_second: Vec<f64>,
}

/// Builds the program that judges rows in memory, and says where it is.
pub(super) fn program(workspace: &Workspace) -> Result<PathBuf> {
    let arguments = ["build", "--release", "--package", "demur-gate", "--example", "throughput"];
    shell::run(&mut shell::cargo(&arguments))?;
    let name = format!("throughput{}", std::env::consts::EXE_SUFFIX);
    Ok(workspace.target().join("release").join("examples").join(name))
}

/// Makes the rows and runs the rounds.
pub(super) fn run(
    program: &Path,
    ground: &Ground,
    rivals: &Rivals,
    rounds: u32,
) -> Result<Outcomes> {
    let rows = ground.file("gate.parquet");
    let mut outcomes = Outcomes { records: write_rows(ground, &rows)?, ..Outcomes::default() };
    for _ in 0..rounds {
        let mut command = std::process::Command::new(program);
        command.arg(ground.snapshot(Setting::ThirdParty)).arg(&rows).args(["--rounds", REPEATS]);
        eprintln!("\n$ throughput");
        let measured = measure::run(command).context("throughput")?;
        let said = &measured.said;
        let each = said["seconds"].as_array().into_iter().flatten();
        let seconds = median(each.filter_map(serde_json::Value::as_f64).collect())
            .context("it did not say how long it took")?;
        let number = |key: &str| said[key].as_f64().with_context(|| format!("no `{key}`"));
        let threads = number("threads")?;
        outcomes.a_second_and_core.push(outcomes.records as f64 / seconds / threads);
        outcomes.loads_a_second.push(number("loads_a_second")?);
        let kept = said["kept"].as_u64();
        for (rival, outcomes) in
            [(Rival::DuckDb, &mut outcomes.duckdb), (Rival::Polars, &mut outcomes.polars)]
        {
            let more = ["--third-party", "--rounds", REPEATS];
            let outcome = rivals.run(rival, ground, "memory", &ground.file("none"), &more)?;
            ensure!(
                outcome.rows == kept,
                "{} keeps {:?} of the rows in memory, the gate {kept:?}",
                rival.name(),
                outcome.rows
            );
            outcomes.push(outcome);
        }
        outcomes.gate.push(Outcome {
            seconds,
            memory: measured.memory,
            rows: kept,
            bytes: None,
            said: measured.said,
        });
    }
    Ok(outcomes)
}

/// Writes the rows; returns how many.
pub(super) fn write_rows(ground: &Ground, to: &Path) -> Result<u64> {
    let mut accounts = Vec::new();
    for batch in tables::read(&ground.platform().file("accounts.parquet"), &["account_id"])? {
        accounts.extend(tables::ids(&batch, "account_id")?.flatten());
    }
    let mut dice = Dice::new(SEED, 0);
    let (mut table, mut count) = (Table::begin(to), 0);
    let files = tables::files(&ground.platform().file("corpus"), ".parquet")?;
    for file in &files[..files.len().div_ceil(4)] {
        for batch in tables::open(file, &COLUMNS)? {
            let batch = batch?;
            let known = tables::column(&batch, "author_id")?;
            let authors: Int64Array = (0..batch.num_rows())
                .map(|row| {
                    let author = accounts[dice.below(accounts.len() as u64) as usize];
                    known.is_valid(row).then_some(author)
                })
                .collect();
            table.write(&tables::replaced(&batch, "author_id", Arc::new(authors))?)?;
            count += batch.num_rows() as u64;
        }
    }
    table.finish()?;
    Ok(count)
}
