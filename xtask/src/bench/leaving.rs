//! People leave: a thousand object after a set was built. Demur takes their rows out of the table;
//! DuckDB writes the table again without them. And once more on a set a tenth as large that holds the
//! same rows of theirs, as the cost should follow the rows that leave.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::ground::{Ground, Setting, text};
use super::jobs::{delta, demur};
use super::objecting::write_approved;
use super::outcome::{Outcome, bytes};
use super::rivals::{Rival, Rivals};
use super::rounds::{remove, settle};
use super::{ids, tables};
use crate::scale::chance::Dice;
use crate::scale::{PURPOSE, grouped};

/// How many leave in a round, and how many at most of all who are in the set.
const PEOPLE: usize = 1_000;
const SHARE: usize = 20;
const SEED: u64 = 4;
/// 2025-06-20, after the corpus ends, in microseconds.
const OBJECTED: i64 = 20_259 * 86_400_000_000;

/// What the rounds took.
#[derive(Default)]
pub(super) struct Outcomes {
    /// Demur, on the set of the whole corpus.
    pub(super) retract: Vec<Outcome>,
    /// Demur, on the set of a tenth.
    pub(super) retract_tenth: Vec<Outcome>,
    /// DuckDB writes the large one again.
    pub(super) rewrite: Vec<Outcome>,
    /// How many people and rows left, in all rounds.
    pub(super) people: usize,
    pub(super) left: usize,
}

/// Runs the rounds; `None` where this Demur takes nothing back.
pub(super) fn run(ground: &Ground, rivals: &Rivals, rounds: u32) -> Result<Option<Outcomes>> {
    if !ground.knows("retract") {
        eprintln!("\nthis demur has no command `retract`: nobody leaves");
        return Ok(None);
    }
    let set = ground.file("whole");
    build(ground, "posts", &set)?;
    let members = Members::read(ground, rivals, &set)?;
    let leavers = Leavers::choose(ground, &members, rounds as usize);
    let all = ground.file("all-leavers.parquet");
    Leavers::write(&leavers.rounds.concat(), &all)?;
    let people = ["--people", text(&all)?];
    rivals.run(Rival::DuckDb, ground, "tenth", &ground.file("tenth.parquet"), &people)?;
    let tenth = ground.file("tenth");
    build(ground, "tenth", &tenth)?;
    let rewritable = ground.file("rewritable.parquet");
    rivals.run(Rival::DuckDb, ground, "write", &rewritable, &[])?;

    let mut outcomes = Outcomes::default();
    let mut left = BTreeSet::new();
    for (round, people) in leavers.rounds.iter().enumerate() {
        eprintln!("\npeople leave, round {} of {rounds}", round + 1);
        let file = ground.file("leavers.parquet");
        Leavers::write(people, &file)?;
        let rewrite = ["--set", text(&rewritable)?, "--people", text(&file)?];
        let rewritten = ground.file("rewritten.parquet");
        settle();
        outcomes.rewrite.push(rivals.run(
            Rival::DuckDb,
            ground,
            "rewrite",
            &rewritten,
            &rewrite,
        )?);
        if round == 0 {
            let expected = members.without(&people.iter().copied().collect());
            ids::compare(("Demur's set", &expected), ("DuckDB's", &ids::in_parquet(&rewritten)?))?;
        }
        remove(&rewritten)?;

        ground.demur(Setting::Leaving, &["objection", "import", text(&file)?])?;
        settle();
        // Which of the two goes first, changes.
        let large = |outcomes: &mut Outcomes| -> Result<()> {
            outcomes.retract.push(retract(ground, &set)?);
            Ok(())
        };
        if round % 2 == 0 {
            large(&mut outcomes)?;
        }
        outcomes.retract_tenth.push(retract(ground, &tenth)?);
        if round % 2 == 1 {
            large(&mut outcomes)?;
        }
        left.extend(people.iter().copied());
        let expected = members.without(&left);
        ids::compare(
            ("what should be left", &expected),
            ("the set", &delta(ground, rivals, &set)?),
        )?;
    }
    outcomes.people = left.len();
    outcomes.left = members.records.len() - members.without(&left).len();
    println!(
        "the same {} records after {} people left with {} records, from Demur and DuckDB",
        grouped((members.records.len() - outcomes.left) as u64),
        grouped(outcomes.people as u64),
        grouped(outcomes.left as u64)
    );
    for path in [set, tenth, rewritable] {
        remove(&path)?;
    }
    Ok(Some(outcomes))
}

fn build(ground: &Ground, corpus: &str, set: &Path) -> Result<Outcome> {
    let mut arguments = vec!["build", PURPOSE, "--corpus", corpus, "--to", text(set)?];
    if ground.knows("--mode") {
        arguments.extend(["--mode", "overlay"]);
    }
    demur(ground, Setting::Leaving, &arguments, set)
}

fn retract(ground: &Ground, set: &Path) -> Result<Outcome> {
    let measured = ground.demur(Setting::Leaving, &["retract", text(set)?])?;
    Ok(Outcome {
        seconds: measured.took.as_secs_f64(),
        memory: measured.memory,
        rows: None,
        bytes: bytes(set)?,
        said: measured.said,
    })
}

/// Who wrote what is in the set.
struct Members {
    /// Record and author, by record.
    records: Vec<(i64, i64)>,
}

impl Members {
    /// Who wrote it, the corpus says: the set's own files may have rows that it does not hold.
    fn read(ground: &Ground, rivals: &Rivals, set: &Path) -> Result<Self> {
        let inside = delta(ground, rivals, set)?;
        let mut records = Vec::with_capacity(inside.len());
        for file in tables::files(&ground.platform().file("corpus"), ".parquet")? {
            for batch in tables::open(&file, &["record_id", "author_id"])? {
                let batch = batch?;
                let pairs =
                    tables::ids(&batch, "record_id")?.zip(tables::ids(&batch, "author_id")?);
                for (record, author) in pairs {
                    let record = record.context("a record has no id")?;
                    if inside.binary_search(&record).is_ok() {
                        records
                            .push((record, author.context("a record in the set has no author")?));
                    }
                }
            }
        }
        records.sort_unstable();
        ensure!(records.len() == inside.len(), "the set holds records that the corpus does not");
        Ok(Self { records })
    }

    /// The records of all but these people.
    fn without(&self, people: &BTreeSet<i64>) -> Vec<i64> {
        let stay = self.records.iter().filter(|(_, author)| !people.contains(author));
        stay.map(|(record, _)| *record).collect()
    }
}

/// Who leaves, round by round: people with one account, drawn from those in the set.
struct Leavers {
    rounds: Vec<Vec<i64>>,
}

impl Leavers {
    fn choose(ground: &Ground, members: &Members, rounds: usize) -> Self {
        let mut authors: Vec<i64> = members.records.iter().map(|(_, author)| *author).collect();
        authors.sort_unstable();
        authors.dedup();
        authors.retain(|author| ground.persons.is_alone(*author));
        let each = PEOPLE.min(authors.len() / SHARE / rounds).max(1);
        let mut dice = Dice::new(SEED, 0);
        let rounds = (0..rounds).map(|_| {
            let draw = |_| authors.swap_remove(dice.below(authors.len() as u64) as usize);
            (0..each).map(draw).collect()
        });
        Self { rounds: rounds.collect() }
    }

    /// As a file that Demur imports and others read.
    fn write(people: &[i64], to: &Path) -> Result<()> {
        write_approved("account_id", people, None, OBJECTED, to)
    }
}
