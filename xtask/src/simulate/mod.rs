//! How far one machine goes: registers and snapshots from a million accounts to a hundred million.

mod plot;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use demur_snapshot::{Key, Snapshot, Word};

use crate::bench::machine;
use crate::chore;
use crate::scale::chance::Dice;
use crate::scale::configuration::Configuration;
use crate::scale::people::People;
use crate::scale::table::Table;
use crate::scale::{PURPOSE, grouped, measure, megabytes};
use crate::workspace::Workspace;

/// How this chore goes.
pub(crate) const HELP: &str = "\
Usage: cargo xtask simulate [OPTION...]

Enters one objection for ten accounts, compiles a snapshot and looks accounts up, on platforms of 1, 3, 10,
30 and 100 million accounts: build first with `cargo build --release`. Wants 12 GB of memory, 20 GB of disk
and some ten minutes.
  --most N        no platform of more than N accounts; 100,000,000 unless told
  --write-docs    write docs/sizing.md and docs/images/sizing.svg
";

/// Everything follows from this number.
const SEED: u64 = 33;
const SIZES: [u64; 5] = [1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000];
/// Accounts for each objection.
const SHARE: u64 = 10;
/// Objections of one file: an import holds all of a file in memory.
const FILE: u64 = 1_000_000;
/// Ids that are looked up, and how many at once.
const LOOKED_UP: usize = 20_000_000;
const BATCH: usize = 32_768;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    most: u64,
    write_docs: bool,
}

/// What was found of a platform.
pub(crate) struct Found {
    accounts: u64,
    objections: u64,
    import: Duration,
    import_memory: u64,
    register: u64,
    compile: Duration,
    compile_memory: u64,
    snapshot: u64,
    /// Look-ups a second on one core: many at once, one at a time.
    at_once: f64,
    alone: f64,
}

/// Runs the chore with what follows its name.
pub(crate) fn run(words: &[&str]) -> ExitCode {
    chore::run("simulate", words, parse, simulate)
}

fn parse(words: &[&str]) -> Result<Request, String> {
    let mut request = Request { most: SIZES[SIZES.len() - 1], write_docs: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--write-docs" => request.write_docs = true,
            "--most" => {
                let number = words.next().and_then(|n| n.replace(['_', ','], "").parse().ok());
                let number = number.filter(|n| *n >= SIZES[0]);
                request.most =
                    number.ok_or_else(|| format!("{word} wants a number from {} on", SIZES[0]))?;
            }
            other => return Err(format!("simulate has no option `{other}`")),
        }
    }
    Ok(request)
}

fn simulate(request: &Request) -> Result<()> {
    let workspace = Workspace::load()?;
    let demur = workspace.demur();
    if !demur.is_file() {
        bail!("{} is not there: `cargo build --release` makes it", demur.display());
    }
    let folder = workspace.target().join("simulate");
    let mut all = Vec::new();
    for accounts in SIZES.into_iter().filter(|accounts| *accounts <= request.most) {
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let found = platform(&demur, &folder, accounts)?;
        println!("{}", found.words());
        all.push(found);
    }
    fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    println!("\n{}", table(&all));
    if request.write_docs {
        let docs = workspace.root().join("docs");
        fs::write(docs.join("sizing.md"), page(&all)).context("docs/sizing.md")?;
        fs::write(docs.join("images/sizing.svg"), plot::svg(&all)).context("the plot")?;
    }
    Ok(())
}

/// Makes one platform in an empty folder, and measures.
fn platform(demur: &Path, folder: &Path, accounts: u64) -> Result<Found> {
    let configuration = Configuration {
        platform: Path::new(""),
        made: Path::new(""),
        corpora: &[("posts", "posts/*.parquet")],
        notices: false,
        persons: true,
        mentioned: "keep",
        depicted: "drop",
    };
    fs::write(folder.join("demur.toml"), configuration.text())?;
    eprintln!("\nmaking {} accounts", grouped(accounts));
    let people = People::new(SEED, accounts);
    let mut table = Table::begin(&folder.join("accounts.parquet"));
    people.write_accounts(&mut table)?;
    table.finish()?;

    let objections = accounts / SHARE;
    let (mut import, mut import_memory) = (Duration::ZERO, 0);
    for first in (0..objections).step_by(FILE as usize) {
        let mut table = Table::begin(&folder.join("objections.parquet"));
        let part = first..objections.min(first + FILE);
        people.write_some_objections(part, objections, &mut table)?;
        table.finish()?;
        let measured =
            measure::demur(demur, folder, &["objection", "import", "objections.parquet"])?;
        import += measured.took;
        import_memory = measured.memory.unwrap_or(0).max(import_memory);
    }
    let arguments = ["snapshot", PURPOSE, "--to", "purpose.snapshot"];
    let compiled = measure::demur(demur, folder, &arguments)?;
    let snapshot = folder.join("purpose.snapshot");
    let (at_once, alone) = look_up(&Snapshot::open(&snapshot)?, &people, accounts)?;
    Ok(Found {
        accounts,
        objections,
        import,
        import_memory,
        register: fs::metadata(folder.join("demur.db"))?.len(),
        compile: compiled.took,
        compile_memory: compiled.memory.unwrap_or(0),
        snapshot: fs::metadata(&snapshot)?.len(),
        at_once,
        alone,
    })
}

/// Looks up accounts drawn from all alike, on one core: as the gate does, and one at a time.
fn look_up(snapshot: &Snapshot, people: &People, accounts: u64) -> Result<(f64, f64)> {
    let mut dice = Dice::new(SEED, 1);
    let ids: Vec<u64> =
        (0..LOOKED_UP).map(|_| people.id(dice.below(accounts)).cast_unsigned()).collect();
    let (mut words, mut listed) = (vec![Word::ABSENT; BATCH], 0);
    let started = Instant::now();
    for batch in ids.chunks(BATCH) {
        snapshot.get_numbers(batch.iter().copied(), &mut words);
        listed += words[..batch.len()].iter().filter(|word| **word != Word::ABSENT).count();
    }
    let at_once = started.elapsed();
    let alone = &ids[..LOOKED_UP / 10];
    let started = Instant::now();
    let again = alone.iter().filter(|id| snapshot.get(Key::Number(**id)) != Word::ABSENT).count();
    let took = started.elapsed();
    if listed != ids.len() || again != alone.len() {
        bail!("an account that is listed was not found");
    }
    let rate = |count: usize, took: Duration| count as f64 / took.as_secs_f64();
    Ok((rate(ids.len(), at_once), rate(alone.len(), took)))
}

impl Found {
    fn words(&self) -> String {
        format!(
            "{} accounts, {} objections: imported in {:.1} s, compiled in {:.2} s",
            grouped(self.accounts),
            grouped(self.objections),
            self.import.as_secs_f64(),
            self.compile.as_secs_f64()
        )
    }

    fn cells(&self) -> [String; 9] {
        let millions = |rate: f64| format!("{:.1}", rate / 1e6);
        [
            grouped(self.accounts),
            grouped(self.objections),
            format!("{:.1} s", self.import.as_secs_f64()),
            megabytes(self.register),
            format!("{:.2} s", self.compile.as_secs_f64()),
            megabytes(self.compile_memory),
            format!(
                "{} ({:.1})",
                megabytes(self.snapshot),
                self.snapshot as f64 / self.accounts as f64
            ),
            millions(self.at_once),
            millions(self.alone),
        ]
    }
}

const HEAD: [&str; 9] = [
    "accounts",
    "objections",
    "import",
    "register",
    "compile",
    "its peak memory",
    "snapshot (bytes an account)",
    "million look-ups a second and core",
    "the same one at a time",
];

/// As Markdown, which reads well on a terminal too.
fn table(all: &[Found]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut table = line(&HEAD.map(str::to_owned));
    table.push_str(&format!("|{}\n", "---|".repeat(HEAD.len())));
    for found in all {
        table.push_str(&line(&found.cells()));
    }
    table
}

fn page(all: &[Found]) -> String {
    let machine: String =
        machine::describe().iter().map(|(what, said)| format!("| {what} | {said} |\n")).collect();
    let import = all.iter().map(|found| found.import_memory).max().unwrap_or(0);
    format!(
        "# How far one machine goes\n\n\
         Made-up platforms on which every tenth account objects: objections are imported from files of a million, then \
         a snapshot of everybody is compiled, and accounts drawn from all alike are looked up in it. The page is \
         written by `cargo xtask simulate --write-docs`, nothing in it by hand; \
         [operating.md](operating.md) reckons from it what larger platforms need.\n\n\
         ![Compiling, by number of accounts](images/sizing.svg)\n\n\
         {}\n\
         An import of a million objections took at most {} of memory. Each figure was taken once.\n\n\
         | | |\n|---|---|\n{machine}",
        table(all),
        megabytes(import)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_wrong_ones_refused() {
        let request = parse(&["--most", "10_000_000", "--write-docs"]).unwrap();
        assert_eq!(request, Request { most: 10_000_000, write_docs: true });
        for wrong in [&["--most"][..], &["--most", "5"], &["--least", "5"]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
