//! People leave: a thousand object after a set was built. Demur takes their rows out of the table;
//! DuckDB writes the table again without them. And once more on a set a tenth as large that holds the
//! same rows of theirs, as the cost should follow the rows that leave.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::ground::{Ground, Setting, text};
use super::jobs::{delta, demur};
use super::objecting::write_approved;
use super::outcome::{Outcome, bytes};
use super::rivals::{Rival, Rivals};
use super::rounds::{remove, settle};
use super::{clicking, ids, tables};
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
    /// Demur builds the next set of the whole corpus once they have objected.
    pub(super) next: Vec<Outcome>,
    /// The same by a snapshot that is there.
    pub(super) next_given: Vec<Outcome>,
    /// Demur, on the set of the whole corpus.
    pub(super) retract: Vec<Outcome>,
    /// Demur, on the set of a tenth.
    pub(super) retract_tenth: Vec<Outcome>,
    /// From a click on the direct link until both sets lack nothing, in seconds.
    pub(super) clicks: Vec<f64>,
    /// `trace` of each of them afterwards, in seconds.
    pub(super) traces: Vec<f64>,
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
    let (sets, mut people) = Sets::build(ground, rivals, rounds as usize + 1)?;
    let mut clickers = people.pop().context("nobody is left to click")?;
    clickers.truncate(rounds as usize);
    let (mut outcomes, mut left) = (Outcomes::default(), BTreeSet::new());
    for (round, leavers) in people.iter().enumerate() {
        eprintln!("\npeople leave, round {} of {rounds}", round + 1);
        left.extend(leavers.iter().copied());
        let file = ground.file("leavers.parquet");
        write_approved("account_id", leavers, None, OBJECTED, &file)?;
        settle();
        outcomes.rewrite.push(sets.rewrite(ground, rivals, leavers, &file)?);
        ground.demur(Setting::Leaving, &["objection", "import", text(&file)?])?;
        settle();
        outcomes.next.push(sets.build_next(ground, rivals, None, &left)?);
        let given = ground.snapshot(Setting::Leaving);
        ground.compile(Setting::Leaving)?;
        settle();
        outcomes.next_given.push(sets.build_next(ground, rivals, Some(&given), &left)?);
        settle();
        // Which of the two goes first, changes.
        let mut order =
            [(&sets.whole, &mut outcomes.retract), (&sets.tenth, &mut outcomes.retract_tenth)];
        order.rotate_left(round % 2);
        for (set, outcomes) in order {
            outcomes.push(retract(ground, set)?);
        }
        sets.check(ground, rivals, &left)?;
    }
    outcomes.clicks = clicking::run(ground, &clickers)?;
    for person in &clickers {
        let traced = ground.demur(Setting::Leaving, &["trace", &person.to_string()])?;
        let sets = traced.said["sets"].as_array().map_or(0, Vec::len);
        ensure!(sets >= 2, "a trace does not know the sets that held somebody's records");
        outcomes.traces.push(traced.took.as_secs_f64());
    }
    left.extend(clickers);
    sets.check(ground, rivals, &left)?;
    let stay = sets.members.without(&left).len();
    (outcomes.people, outcomes.left) = (left.len(), sets.members.records.len() - stay);
    println!(
        "the same {} records after {} people left with {}, from Demur and DuckDB",
        grouped(stay as u64),
        grouped(outcomes.people as u64),
        grouped(outcomes.left as u64)
    );
    sets.remove()?;
    Ok(Some(outcomes))
}

/// The sets that people leave.
struct Sets {
    /// Demur's, of the whole corpus, and who is in it.
    whole: PathBuf,
    members: Members,
    /// Demur's, of a tenth of the corpus that has all rows of those who will leave; and its records.
    tenth: PathBuf,
    in_tenth: Vec<i64>,
    /// DuckDB's, of the whole corpus.
    rewritable: PathBuf,
}

impl Sets {
    /// Builds them, and chooses who leaves, round by round.
    fn build(ground: &Ground, rivals: &Rivals, rounds: usize) -> Result<(Self, Vec<Vec<i64>>)> {
        let [whole, tenth] = ["whole", "tenth"].map(|name| ground.file(name));
        build(ground, "posts", &whole)?;
        let members = Members::read(ground, rivals, &whole)?;
        let leavers = members.choose(ground, rounds);
        let all = ground.file("all-leavers.parquet");
        write_approved("account_id", &leavers.concat(), None, OBJECTED, &all)?;
        let people = ["--people", text(&all)?];
        rivals.run(Rival::DuckDb, ground, "tenth", &ground.file("tenth.parquet"), &people)?;
        build(ground, "tenth", &tenth)?;
        let in_tenth = delta(ground, rivals, &tenth)?;
        let rewritable = ground.file("rewritable.parquet");
        rivals.run(Rival::DuckDb, ground, "write", &rewritable, &[])?;
        Ok((Self { whole, members, tenth, in_tenth, rewritable }, leavers))
    }

    /// Has DuckDB write its set without these people.
    fn rewrite(
        &self,
        ground: &Ground,
        rivals: &Rivals,
        people: &[i64],
        file: &Path,
    ) -> Result<Outcome> {
        let out = ground.file("rewritten.parquet");
        let arguments = ["--set", text(&self.rewritable)?, "--people", text(file)?];
        let outcome = rivals.run(Rival::DuckDb, ground, "rewrite", &out, &arguments)?;
        let expected = self.members.without(&people.iter().copied().collect());
        let found = ids::in_parquet(&out)?;
        ids::compare(("what should be left", &expected), ("DuckDB's set", &found))?;
        remove(&out)?;
        Ok(outcome)
    }

    /// Has Demur build the set that comes after, and forgets it. It may start from what the last one knows.
    fn build_next(
        &self,
        ground: &Ground,
        rivals: &Rivals,
        snapshot: Option<&Path>,
        left: &BTreeSet<i64>,
    ) -> Result<Outcome> {
        let out = ground.file("next");
        let mut arguments = build_arguments(ground, "posts", &out)?;
        if let Some(snapshot) = snapshot {
            arguments.extend(["--snapshot", text(snapshot)?]);
        }
        let outcome = demur(ground, Setting::Leaving, &arguments, &out)?;
        let found = delta(ground, rivals, &out)?;
        ids::compare(("what should be left", &self.members.without(left)), ("the next", &found))?;
        remove(&out)?;
        let set = outcome.said["set"].as_str().context("it did not name the set")?;
        ground.demur(Setting::Leaving, &["gone", set])?;
        Ok(outcome)
    }

    /// Fails where Demur's sets hold other records than those of the people who have not left.
    fn check(&self, ground: &Ground, rivals: &Rivals, left: &BTreeSet<i64>) -> Result<()> {
        let expected = self.members.without(left);
        let found = delta(ground, rivals, &self.whole)?;
        ids::compare(("what should be left", &expected), ("the set", &found))?;
        let stays = |id: &i64| expected.binary_search(id).is_ok();
        let expected: Vec<i64> = self.in_tenth.iter().copied().filter(stays).collect();
        let found = delta(ground, rivals, &self.tenth)?;
        ids::compare(("what should be left", &expected), ("the set of a tenth", &found))
    }

    fn remove(&self) -> Result<()> {
        [&self.whole, &self.tenth, &self.rewritable].into_iter().try_for_each(|path| remove(path))
    }
}

fn build(ground: &Ground, corpus: &str, set: &Path) -> Result<Outcome> {
    demur(ground, Setting::Leaving, &build_arguments(ground, corpus, set)?, set)
}

fn build_arguments<'a>(ground: &Ground, corpus: &'a str, set: &'a Path) -> Result<Vec<&'a str>> {
    let mut arguments = vec!["build", PURPOSE, "--corpus", corpus, "--to", text(set)?];
    if ground.knows("--mode") {
        arguments.extend(["--mode", "overlay"]);
    }
    Ok(arguments)
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

    /// Who leaves, round by round: people with one account, drawn from those in the set.
    fn choose(&self, ground: &Ground, rounds: usize) -> Vec<Vec<i64>> {
        let mut authors: Vec<i64> = self.records.iter().map(|(_, author)| *author).collect();
        authors.sort_unstable();
        authors.dedup();
        authors.retain(|author| ground.persons.is_alone(*author));
        let each = PEOPLE.min(authors.len() / SHARE / rounds).max(1);
        let mut dice = Dice::new(SEED, 0);
        let rounds = (0..rounds).map(|_| {
            let draw = |_| authors.swap_remove(dice.below(authors.len() as u64) as usize);
            (0..each).map(draw).collect()
        });
        rounds.collect()
    }
}
