//! The Python package against Rust, and within Spark against joins in Spark's SQL.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::gate;
use super::ground::{Ground, Setting};
use super::ids;
use super::outcome::{Spread, median};
use crate::scale::measure;
use crate::wheel;
use crate::workspace::Workspace;

/// What Python may cost: the gate's speed from there, as a share of its speed from Rust.
const LEAST_SHARE: f64 = 0.8;
/// How many times as fast as joins the gate is to be within Spark.
const LEAST_TIMES: f64 = 2.0;

/// Runs it in turns, and prints what came of it.
pub(super) fn run(workspace: &Workspace, ground: &Ground, rounds: u32) -> Result<()> {
    let python = wheel::installed(workspace)?;
    let programs = workspace.root().join("python").join("benchmarks");
    let throughput = gate::program(workspace)?;
    ground.compile(Setting::ThirdParty)?;
    ground.warm_up()?;
    speed(ground, &python, &programs, &throughput, rounds)?;
    spark(workspace, ground, &python, &programs, rounds)
}

fn speed(
    ground: &Ground,
    python: &Path,
    programs: &Path,
    throughput: &Path,
    rounds: u32,
) -> Result<()> {
    let rows = ground.file("gate.parquet");
    let records = gate::write_rows(ground, &rows)?;
    let snapshot = ground.snapshot(Setting::ThirdParty);
    let mut shares = Vec::new();
    for _ in 0..rounds {
        let mut rust = Command::new(throughput);
        rust.arg(&snapshot).arg(&rows).args(["--rounds", "5", "--threads", "1"]);
        let mut other = Command::new(python);
        other.arg(programs.join("gate_speed.py")).arg(&snapshot).arg(&rows).args(["--rounds", "5"]);
        let [rust, other] = [rust, other].map(measure::run);
        let (rust, other) =
            (rust.context("throughput")?.said, other.context("gate_speed.py")?.said);
        ensure!(rust["kept"] == other["kept"], "Rust and Python keep different records");
        let (rust, other) = (seconds(&rust)?, seconds(&other)?);
        println!("gate, one thread, {records} records: Rust {rust:.3} s, Python {other:.3} s");
        shares.push(rust / other);
    }
    print("the gate's speed from Python, as a share of Rust's", shares, LEAST_SHARE)
}

fn spark(
    workspace: &Workspace,
    ground: &Ground,
    python: &Path,
    programs: &Path,
    rounds: u32,
) -> Result<()> {
    let joins = workspace.root().join("tests").join("rivals").join("with_spark.py");
    let gate = programs.join("spark_gate.py");
    for job in ["write", "count"] {
        let mut times = Vec::new();
        for _ in 0..rounds {
            let mut took = [0.0; 2];
            let mut kept: Vec<Vec<i64>> = Vec::new();
            for (program, took) in [&joins, &gate].into_iter().zip(&mut took) {
                let out = ground.file("spark");
                remove(&out)?;
                let said = in_spark(python, program, job, ground, &out)?;
                *took = seconds(&said)?;
                kept.push(match said["rows"].as_i64() {
                    Some(rows) => vec![rows],
                    None => ids::in_parquet(&out)?,
                });
            }
            ensure!(kept[0] == kept[1], "joins and the gate keep different records");
            let [joins, gate] = took;
            println!("Spark, {job}: joins {joins:.1} s, gate {gate:.1} s");
            times.push(joins / gate);
        }
        print(&format!("Spark, {job}: joins take so many times as long"), times, LEAST_TIMES)?;
    }
    Ok(())
}

fn in_spark(
    python: &Path,
    program: &Path,
    job: &str,
    ground: &Ground,
    out: &Path,
) -> Result<Value> {
    let mut command = Command::new(python);
    command.arg(program).arg(job).arg(ground.platform().folder()).arg(out).arg("--third-party");
    command.env("PYSPARK_PYTHON", python).env("PYTHONDONTWRITEBYTECODE", "1");
    eprintln!("\n$ {} {job} --third-party", program.display());
    Ok(measure::run(command).with_context(|| program.display().to_string())?.said)
}

fn remove(out: &Path) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out).with_context(|| out.display().to_string())?;
    }
    Ok(())
}

fn seconds(said: &Value) -> Result<f64> {
    let each = said["seconds"].as_array().into_iter().flatten();
    median(each.filter_map(Value::as_f64).collect()).context("it did not say how long it took")
}

fn print(what: &str, numbers: Vec<f64>, promised: f64) -> Result<()> {
    let Spread { median, lowest, highest } = Spread::of(numbers).context("there was no round")?;
    let word = if median >= promised { "kept" } else { "NOT KEPT" };
    println!("{what}: {median:.2} ({lowest:.2} to {highest:.2}); promised {promised:.1}, {word}");
    Ok(())
}
