//! The contest: the same job for Demur and for the engines that a data engineer would otherwise use.
//!
//! Every engine reads the same files on the same two cores, and all must let the same records through.
//! Nothing is asserted about time; what was promised stands beside what was measured.

mod clicking;
mod gate;
mod ground;
mod ids;
mod jobs;
mod leaving;
pub(crate) mod machine;
mod objecting;
mod outcome;
mod plot;
mod promises;
mod report;
mod rivals;
mod rounds;
mod tables;
mod wheel;

use std::process::ExitCode;

use anyhow::Result;

use self::ground::{Ground, Setting};
use self::outcome::Outcome;
use self::report::Report;
use self::rivals::Rivals;
use self::rounds::Outcomes;
use crate::chore;
use crate::needs::{self, Need};
use crate::scale::measure::Measured;
use crate::scale::platform::Sizes;
use crate::workspace::Workspace;

/// How this chore goes.
pub(crate) const HELP: &str = "\
Usage: cargo xtask bench [OPTION...]

Has Demur, DuckDB, Polars and Spark do the same job in turn on the large platform, checks that all let
the same records through, and prints ratios: build Demur first with `cargo build --release`.
  --records N      20,000,000 unless told
  --accounts N     5,000,000 unless told
  --objections N   530,000 unless told
  --small          200,000 records, 50,000 accounts, 5,300 objections
  --rounds N       5 unless told
  --without-spark  it needs Java 17, a package of 400 MB, and most of the time
  --python         instead: the gate from Python against Rust's, and within Spark against joins in SQL
  --check          one round without a watch, and without Spark
  --keep           leave what was made where it is
  --write-docs     write docs/benchmarks.md and docs/images/benchmarks.svg
";

const SMALL: Sizes = Sizes { records: 200_000, accounts: 50_000, objections: 5_300 };
/// What the full test runs: made in seconds even by a program that is not optimised.
const TINY: Sizes = Sizes { records: 80_000, accounts: 12_000, objections: 4_000 };

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    sizes: Sizes,
    rounds: u32,
    spark: bool,
    check: bool,
    python: bool,
    keep: bool,
    write_docs: bool,
}

/// Runs the chore with what follows its name.
pub(crate) fn run(words: &[&str]) -> ExitCode {
    chore::run("bench", words, parse, |request| bench(request, words))
}

fn parse(words: &[&str]) -> Result<Request, String> {
    let mut request = Request {
        sizes: Sizes::default(),
        rounds: 5,
        spark: true,
        check: false,
        python: false,
        keep: false,
        write_docs: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut number = || {
            let number: Option<u64> =
                words.next().and_then(|n| n.replace(['_', ','], "").parse().ok());
            number.filter(|n| *n > 0).ok_or_else(|| format!("{word} wants a number"))
        };
        match *word {
            "--records" => request.sizes.records = number()?,
            "--accounts" => request.sizes.accounts = number()?,
            "--objections" => request.sizes.objections = number()?,
            "--rounds" => request.rounds = number()?.min(100) as u32,
            "--small" => request.sizes = SMALL,
            "--without-spark" => request.spark = false,
            "--check" => (request.check, request.spark, request.rounds) = (true, false, 1),
            "--python" => request.python = true,
            "--keep" => request.keep = true,
            "--write-docs" => request.write_docs = true,
            other => return Err(format!("bench has no option `{other}`")),
        }
    }
    let Sizes { records, accounts, objections } = request.sizes;
    if records < 20_000 || accounts < 5_000 {
        return Err("the contest wants at least 20,000 records and 5,000 accounts".into());
    }
    if objections > accounts {
        return Err("there is at most one objection an account".into());
    }
    if (request.check || request.python) && request.write_docs {
        return Err("--check and --python measure nothing that is written down".into());
    }
    if request.check && request.python {
        return Err("--check has no watch, and --python looks at nothing else".into());
    }
    Ok(request)
}

/// The step of the full test: correctness only, on a small platform.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let rivals = Rivals::prepare(workspace, false)?;
    let ground = Ground::prepare(workspace.target(), workspace.demur(), &TINY, true)?;
    contest(&ground, &rivals, 1)?;
    ground.clear()
}

fn bench(request: &Request, words: &[&str]) -> Result<()> {
    let workspace = Workspace::load()?;
    if request.python {
        needs::all(&[Need::Python])?;
        let ground = Ground::prepare(workspace.target(), workspace.demur(), &request.sizes, false)?;
        wheel::run(&workspace, &ground, request.rounds)?;
        return if request.keep { Ok(()) } else { ground.clear() };
    }
    let rivals = Rivals::prepare(&workspace, request.spark)?;
    let ground =
        Ground::prepare(workspace.target(), workspace.demur(), &request.sizes, request.check)?;
    if request.check {
        contest(&ground, &rivals, 1)?;
    } else {
        let gate = gate::program(&workspace)?;
        ground.warm_up()?;
        let contest = contest(&ground, &rivals, request.rounds)?;
        let gate = gate::run(&gate, &ground, &rivals, request.rounds)?;
        let report = Report::new(&request.sizes, request.rounds, words, contest, gate)?;
        print!("{}", report.text());
        if request.write_docs {
            report.write(&workspace.root().join("docs"))?;
        }
    }
    if request.keep {
        println!("\nAll of it is in {}.", ground.file("").display());
        return Ok(());
    }
    ground.clear()
}

/// What the contest showed, but for the gate alone.
struct Contest {
    snapshot: Measured,
    snapshot_bytes: u64,
    outcomes: Outcomes,
    /// `None` where this Demur takes nothing back.
    leaving: Option<leaving::Outcomes>,
}

fn contest(ground: &Ground, rivals: &Rivals, rounds: u32) -> Result<Contest> {
    let snapshot = ground.compile(Setting::Plain)?;
    let snapshot_bytes = std::fs::metadata(ground.snapshot(Setting::Plain))?.len();
    ground.compile(Setting::ThirdParty)?;
    let outcomes = rounds::run(ground, rivals, rounds)?;
    let leaving = leaving::run(ground, rivals, rounds)?;
    Ok(Contest { snapshot, snapshot_bytes, outcomes, leaving })
}

/// The seconds of some rounds.
fn seconds(outcomes: &[Outcome]) -> Vec<f64> {
    outcomes.iter().map(|outcome| outcome.seconds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_wrong_ones_refused() {
        let request = parse(&["--small", "--records", "1_000_000", "--rounds", "3"]).unwrap();
        assert_eq!(request.sizes, Sizes { records: 1_000_000, ..SMALL });
        assert!(request.rounds == 3 && request.spark && !request.check);
        let check = parse(&["--check"]).unwrap();
        assert!(check.check && !check.spark && check.rounds == 1);
        for wrong in [
            &["--records"][..],
            &["--rounds", "0"],
            &["--fast"],
            &["--accounts", "10"],
            &["--check", "--write-docs"],
            &["--check", "--python"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
