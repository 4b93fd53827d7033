//! Doing the jobs in turn, round after round, and seeing that all agree.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::ground::Ground;
use super::ids;
use super::jobs::{ALL, Job, Sort};
use super::outcome::Outcome;
use super::rivals::Rivals;
use crate::scale::grouped;
use crate::shell;

/// What every round of every job took.
pub(super) type Outcomes = BTreeMap<Job, Vec<Outcome>>;

/// Runs all jobs that can be done, so many rounds of them. In the first, every result is read back.
pub(super) fn run(ground: &Ground, rivals: &Rivals, rounds: u32) -> Result<Outcomes> {
    let mut outcomes = Outcomes::new();
    let mut agreed = Agreed::default();
    for round in 1..=rounds {
        for job in ALL.into_iter().filter(|job| job.is_possible(ground, rivals)) {
            let shown = || format!("{}: {}", job.engine(), job.words());
            if rounds > 1 {
                eprintln!("\nround {round} of {rounds}, {}", shown());
            }
            settle();
            let outcome = job.run(ground, rivals).with_context(shown)?;
            if round == 1 {
                agreed.check(job, &outcome, job.ids(ground, rivals)?).with_context(shown)?;
            }
            remove(&job.out(ground))?;
            outcomes.entry(job).or_default().push(outcome);
        }
    }
    agreed.print()?;
    Ok(outcomes)
}

/// What all said so far.
#[derive(Default)]
struct Agreed {
    /// By sort, the ids, and who found them.
    ids: BTreeMap<Sort, (Vec<&'static str>, Vec<i64>)>,
}

impl Agreed {
    fn check(&mut self, job: Job, outcome: &Outcome, found: Option<Vec<i64>>) -> Result<()> {
        let engine = job.engine();
        let known = self.ids.get_mut(&job.sort());
        let kept = match (&found, &known) {
            (Some(found), _) => found.len(),
            (None, Some((_, known))) => known.len(),
            (None, None) => return Ok(()),
        };
        if outcome.rows.is_some_and(|rows| rows != kept as u64) {
            bail!("it counted {} records, and there are {kept}", outcome.rows.unwrap_or_default());
        }
        match (found, known) {
            (Some(found), Some((engines, known))) => {
                ids::compare((engines[0], known), (engine, &found))?;
                if !engines.contains(&engine) {
                    engines.push(engine);
                }
            }
            (Some(found), None) => {
                self.ids.insert(job.sort(), (vec![engine], found));
            }
            (None, _) => {}
        }
        Ok(())
    }

    /// Says what was found; a platform on which nothing happens would prove nothing.
    fn print(&self) -> Result<()> {
        println!();
        for (sort, (engines, ids)) in &self.ids {
            let (engines, count) = (engines.join(", "), grouped(ids.len() as u64));
            println!("the same {count} records from {engines}: {}", sort.words());
        }
        let count = |sort| self.ids.get(&sort).map_or(0, |(_, ids)| ids.len());
        if count(Sort::ThirdParty) == 0 || count(Sort::ThirdParty) >= count(Sort::Plain) {
            bail!("the rule for third parties dropped nothing, or everything");
        }
        Ok(())
    }
}

/// Lets the system write what waits, so that nobody pays for the one before.
pub(super) fn settle() {
    if cfg!(unix) {
        let _ = shell::ask(&mut std::process::Command::new("sync"));
    }
}

/// Removes a result.
pub(super) fn remove(path: &Path) -> Result<()> {
    let done = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match done {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| path.display().to_string())
        }
        _ => Ok(()),
    }
}
