//! What came out, on the terminal and in `docs/benchmarks.md`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::outcome::{Outcome, Spread};
use super::promises::{self, Bound, Promise};
use super::{Contest, gate, machine, plot, seconds};
use crate::scale::platform::Sizes;
use crate::scale::{grouped, megabytes};

/// A job's line in the table.
pub(super) struct Line {
    pub(super) engine: String,
    pub(super) what: String,
    pub(super) seconds: Spread,
    memory: Option<u64>,
    bytes: Option<u64>,
}

/// All that is told of a contest.
pub(super) struct Report {
    sizes: Sizes,
    rounds: u32,
    command: String,
    machine: Vec<(&'static str, String)>,
    lines: Vec<Line>,
    promises: Vec<Promise>,
    notes: Vec<String>,
}

impl Report {
    pub(super) fn new(
        sizes: &Sizes,
        rounds: u32,
        words: &[&str],
        contest: Contest,
        gate: gate::Outcomes,
    ) -> Result<Self> {
        let mut machine = machine::describe();
        machine.push(("versions", versions(&contest)));
        let promises = promises::all(&contest, &gate, sizes.accounts);
        let lines = lines(&contest, &gate);
        let notes = notes(&contest, &gate);
        let words = words.iter().filter(|word| **word != "--write-docs" && **word != "--keep");
        let command: Vec<&str> = ["cargo xtask bench"].into_iter().chain(words.copied()).collect();
        Ok(Self {
            sizes: *sizes,
            rounds,
            command: command.join(" "),
            machine,
            lines,
            promises,
            notes,
        })
    }

    /// For the terminal.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("\n");
        for row in self.table(&lines_head(), self.lines.iter().map(Line::cells)) {
            text.push_str(&row);
        }
        text.push('\n');
        for row in self.table(&promises_head(), self.promises.iter().map(cells)) {
            text.push_str(&row);
        }
        text.push('\n');
        for note in &self.notes {
            text.push_str(&format!("{note}\n"));
        }
        text
    }

    /// Columns as wide as what is in them; numbers stay where they are.
    fn table<const N: usize>(
        &self,
        head: &[&str; N],
        rows: impl Iterator<Item = [String; N]>,
    ) -> Vec<String> {
        let mut all = vec![head.map(str::to_owned)];
        all.extend(rows);
        let widths: [usize; N] = std::array::from_fn(|at| {
            all.iter().map(|row| row[at].chars().count()).max().unwrap_or_default()
        });
        let line = |row: &[String; N]| {
            let padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
        };
        all.iter().map(line).collect()
    }

    /// Writes the page and its plot.
    pub(super) fn write(&self, docs: &Path) -> Result<()> {
        let write = |name: &str, text: &str| {
            let path = docs.join(name);
            fs::write(&path, text).with_context(|| path.display().to_string())
        };
        write("benchmarks.md", &self.page())?;
        write("images/benchmarks.svg", &plot::svg(&self.lines))
    }

    /// Who took part.
    fn engines(&self) -> String {
        let mut engines: Vec<&str> = Vec::new();
        for line in &self.lines {
            if !engines.contains(&line.engine.as_str()) {
                engines.push(&line.engine);
            }
        }
        engines.join(", ")
    }

    fn page(&self) -> String {
        let Sizes { records, accounts, objections } = self.sizes;
        let machine: String =
            self.machine.iter().map(|(what, said)| format!("| {what} | {said} |\n")).collect();
        let notes: String = self.notes.iter().map(|note| format!("- {note}\n")).collect();
        format!(
            "# Benchmarks\n\n\
             The same job for {engines}: of {records} records in 8 Parquet files, keep \
             those of adults in the EU that are public or were said to the AI, by whom no objection is approved \
             or undecided ({accounts} accounts, {objections} objections). All engines let the same records \
             through; the program that made this page checked it. It is written by `{command} --write-docs`, \
             nothing in it by hand.\n\n\
             ![Seconds a job, lower is better](images/benchmarks.svg)\n\n\
             ## What was promised\n\n\
             Medians of {rounds} rounds with lowest and highest; ratios are taken within a round.\n\n\
             {promises}\n\
             ## Every job\n\n\
             {lines}\n\
             ## How\n\n\
             | | |\n|---|---|\n{machine}\n\
             - The rivals' programs are in `tests/rivals`. Each is written for speed, in its engine's own idiom, \
             on two threads, and says what was chosen and why.\n\
             - Demur's time is that of the whole command, from start to end, with everything made durable. The \
             rivals' clock runs only while their engine works: starting Python, the package and a session is \
             not counted.\n\
             - All inputs were read once before, so that they are in memory for everybody. The jobs take turns, and \
             waiting writes are flushed before each.\n\
             {notes}",
            engines = self.engines(),
            records = grouped(records),
            accounts = grouped(accounts),
            objections = grouped(objections),
            command = self.command,
            rounds = self.rounds,
            promises = markdown(&promises_head(), self.promises.iter().map(cells)),
            lines = markdown(&lines_head(), self.lines.iter().map(Line::cells)),
        )
    }
}

fn markdown<const N: usize>(head: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head = row(&head.map(str::to_owned)) + &format!("|{}\n", "---|".repeat(N));
    head + &rows.map(|cells| row(&cells)).collect::<String>()
}

fn lines_head() -> [&'static str; 5] {
    ["engine", "job", "seconds", "peak memory", "size"]
}

fn promises_head() -> [&'static str; 5] {
    ["Demur", "against", "found", "promised", ""]
}

impl Line {
    pub(super) fn new(engine: &str, what: impl Into<String>, outcomes: &[Outcome]) -> Option<Self> {
        Some(Self {
            engine: engine.to_owned(),
            what: what.into(),
            seconds: Spread::of(seconds(outcomes))?,
            memory: outcomes.iter().filter_map(|outcome| outcome.memory).max(),
            bytes: outcomes.last()?.bytes,
        })
    }

    fn cells(&self) -> [String; 5] {
        let size = |bytes: Option<u64>| bytes.map_or_else(String::new, megabytes);
        [
            self.engine.clone(),
            self.what.clone(),
            spread(&self.seconds, ""),
            size(self.memory),
            size(self.bytes),
        ]
    }
}

fn lines(contest: &Contest, gate: &gate::Outcomes) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut jobs: Vec<_> = contest.outcomes.iter().collect();
    jobs.sort_by_key(|(job, _)| (job.sort(), **job));
    lines.extend(jobs.into_iter().map(|(job, all)| Line::new(job.engine(), job.words(), all)));
    if let Some(leaving) = &contest.leaving {
        lines.push(Line::new("Demur", "next overlay build", &leaving.next));
        lines.push(Line::new("Demur", "next overlay build, snapshot given", &leaving.next_given));
        lines.push(Line::new("Demur", "retracts 1,000 people", &leaving.retract));
        lines.push(Line::new("Demur", "retracts them, a tenth of the set", &leaving.retract_tenth));
        lines.push(Line::new("DuckDB", "rewrites the set without them", &leaving.rewrite));
    }
    lines.push(Line::new("Demur", "judges rows in memory", &gate.gate));
    lines.push(Line::new("DuckDB", "joins and filters them in memory", &gate.duckdb));
    lines.push(Line::new("Polars", "joins and filters them in memory", &gate.polars));
    lines.into_iter().flatten().collect()
}

fn cells(promise: &Promise) -> [String; 5] {
    let found = |unit: &str| promise.found.map_or_else(|| "–".into(), |found| spread(&found, unit));
    let (found, promised) = match promise.bound {
        Bound::Faster(least) => (found("×"), format!("at least {least}× faster")),
        Bound::Longer(most) => (found("×"), format!("at most {most}× as long")),
        Bound::Seconds(most) => (found(" s"), format!("under {most} s")),
        Bound::Each(most) => (found(" bytes"), format!("at most {most} bytes")),
        Bound::Within(most) => (found(" %"), format!("within {most} %")),
        Bound::Bytes(most) => {
            let most = megabytes(most as u64);
            let found = promise.found.map_or_else(|| "–".into(), |f| megabytes(f.highest as u64));
            (found, format!("at most {most}"))
        }
    };
    [promise.what.clone(), promise.against.clone(), found, promised, promise.verdict().to_owned()]
}

/// A median with its spread, as many digits as mean something.
fn spread(of: &Spread, unit: &str) -> String {
    let digits = |n: f64| {
        if n.abs() >= 100.0 {
            0
        } else if n.abs() >= 10.0 {
            1
        } else {
            2
        }
    };
    let number = |n: f64| format!("{n:.*}", digits(of.median));
    if of.lowest == of.highest {
        return format!("{}{unit}", number(of.median));
    }
    format!("{}{unit} ({}–{})", number(of.median), number(of.lowest), number(of.highest))
}

fn versions(contest: &Contest) -> String {
    let mut versions = vec![format!("Demur {}", env!("CARGO_PKG_VERSION"))];
    for (job, all) in &contest.outcomes {
        let said = all.last().and_then(|outcome| outcome.said["version"].as_str());
        let version = said.map(|said| format!("{} {said}", job.engine()));
        versions.extend(version.filter(|version| !versions.contains(version)));
    }
    versions.join(", ")
}

fn notes(contest: &Contest, gate: &gate::Outcomes) -> Vec<String> {
    let millions = |rates: &[f64]| Spread::of(rates.iter().map(|rate| rate / 1e6));
    let mut notes = vec![format!(
        "Compiling the snapshot takes {:.2} s and {} of memory; the file has {}.",
        contest.snapshot.took.as_secs_f64(),
        contest.snapshot.memory.map_or_else(|| "an unknown amount".into(), megabytes),
        megabytes(contest.snapshot_bytes)
    )];
    if let Some((records, loads)) =
        millions(&gate.a_second_and_core).zip(millions(&gate.loads_a_second))
    {
        notes.push(format!(
            "In memory are {} records whose authors are drawn from all accounts alike. The gate judges {} million a \
             second and core, by all rules; a plain loop on one core, in which each address is what the last load \
             found, does {} million loads a second on a table of the snapshot's size.",
            grouped(gate.records),
            spread(&records, ""),
            spread(&loads, "")
        ));
    }
    if let Some(leaving) = &contest.leaving {
        notes.push(
            "Builds take no verdicts and no snapshot of earlier ones (`--anew`), only digests of the corpus' files, which any build \
             before has found; a corpus that no build has read yet has to be hashed as well. *The next one* is the overlay of the same corpus that is \
             built once 1,000 more people have objected, while the last one lies beside it. It looks only at them."
                .to_owned(),
        );
        notes.push(format!(
            "{} people left with {} records in {} retractions.",
            grouped(leaving.people as u64),
            grouped(leaving.left as u64),
            leaving.retract.len()
        ));
    }
    notes
}
