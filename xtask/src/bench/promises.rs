//! What was promised, and whether it holds.

use super::gate;
use super::jobs::{Build, Job, Sort, Task};
use super::outcome::{Outcome, Spread};
use super::rivals::Rival;
use super::rounds::Outcomes;
use super::{Contest, seconds};

const GB: f64 = 1e9;

/// In which way a number can break a promise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bound {
    /// At least so many times faster.
    Faster(f64),
    /// At most so many times as long.
    Longer(f64),
    Seconds(f64),
    Bytes(f64),
    /// At most so many bytes an account.
    Each(f64),
    /// A size that differs by at most so many per cent.
    Within(f64),
}

/// One promise with what was measured.
pub(super) struct Promise {
    pub(super) what: String,
    pub(super) against: String,
    pub(super) bound: Bound,
    /// `None` where it could not be measured.
    pub(super) found: Option<Spread>,
}

impl Promise {
    /// Whether the median keeps it.
    pub(super) fn verdict(&self) -> &'static str {
        let Some(found) = self.found else { return "not measured" };
        let met = match self.bound {
            Bound::Faster(least) => found.median >= least,
            Bound::Longer(most) | Bound::Seconds(most) | Bound::Bytes(most) | Bound::Each(most) => {
                found.median <= most
            }
            Bound::Within(most) => found.lowest >= -most && found.highest <= most,
        };
        if met { "met" } else { "not met" }
    }
}

/// All of them, in the order in which they were given.
pub(super) fn all(contest: &Contest, gate: &gate::Outcomes, accounts: u64) -> Vec<Promise> {
    let outcomes = &contest.outcomes;
    let demur = |build, sort| outcomes.get(&Job::Demur(build, sort)).map(Vec::as_slice);
    let written = best(outcomes, Sort::Plain);
    let lines = best(outcomes, Sort::Lines);
    let count = Job::Rival(Rival::DuckDb, Task::Count, Sort::Plain);
    let count = outcomes.get(&count).map(|all| ("DuckDB, counts".to_owned(), all.as_slice()));
    let in_memory = [("DuckDB", &gate.duckdb), ("Polars", &gate.polars)]
        .map(|(name, all)| (format!("{name}, joins and filters"), all.as_slice()));
    let in_memory = quickest(in_memory);
    let leaving = contest.leaving.as_ref();
    let rewrite = leaving.map(|all| ("DuckDB, rewrites".to_owned(), all.rewrite.as_slice()));
    let retract = leaving.map(|all| all.retract.as_slice());
    let next = leaving.map(|all| all.next.as_slice());
    let next_given = leaving.map(|all| all.next_given.as_slice());
    let overlay = demur(Build::Overlay, Sort::Plain);
    let given = demur(Build::OverlayGiven, Sort::Plain);
    let compiled = demur(Build::Copied, Sort::Lines);
    let copy = demur(Build::Copied, Sort::Plain);

    let mut promises = vec![
        faster("overlay build, snapshot compile included", overlay, written.clone(), 12.0),
        faster("overlay build, snapshot given", given, written.clone(), 25.0),
        faster("overlay build, snapshot given", given, count.clone(), 2.5),
        faster("the next one, snapshot compile included", next, written.clone(), 12.0),
        faster("the next one, snapshot given", next_given, written.clone(), 25.0),
        faster("the next one, snapshot given", next_given, count, 2.5),
        faster("copy build, snapshot compile included", copy, written.clone(), 2.0),
        size(copy, written),
        faster("JSON lines build, snapshot compile included", compiled, lines.clone(), 4.0),
        faster(
            "JSON lines build, snapshot given",
            demur(Build::CopiedGiven, Sort::Lines),
            lines,
            4.0,
        ),
        faster("gate alone, rows in memory", Some(&gate.gate), in_memory, 3.0),
        faster("retraction of 1,000 people", retract, rewrite, 100.0),
    ];
    let mut absolute = |what: &str, against: &str, bound, found: Option<Spread>| {
        promises.push(Promise { what: what.into(), against: against.into(), bound, found });
    };
    let took = retract.and_then(|all| Spread::of(seconds(all)));
    absolute("retraction of 1,000 people", "the clock", Bound::Seconds(1.0), took);
    let clicks = leaving.and_then(|all| Spread::of(all.clicks.iter().copied()));
    absolute("from a click to hidden in two sets", "the clock", Bound::Seconds(5.0), clicks);
    let traces = leaving.and_then(|all| Spread::of(all.traces.iter().copied()));
    absolute("what held one person's records", "the clock", Bound::Seconds(1.0), traces);
    let larger = leaving.and_then(|all| ratios(&all.retract_tenth, &all.retract));
    absolute("retraction", "the same from a tenth of the set", Bound::Longer(1.5), larger);
    let each = Spread::of([contest.snapshot_bytes as f64 / accounts as f64]);
    absolute("snapshot with 64-bit ids", "each account", Bound::Each(16.0), each);
    absolute("peak memory, overlay build", "the machine", Bound::Bytes(GB), memory(overlay));
    absolute("peak memory, copy build", "the machine", Bound::Bytes(1.5 * GB), memory(copy));
    let ruled = demur(Build::OverlayGiven, Sort::ThirdParty);
    let ruled = given.zip(ruled).and_then(|(without, with)| ratios(without, with));
    absolute("overlay build, third-party rule", "without the rule", Bound::Longer(1.5), ruled);
    promises
}

fn faster(
    what: &str,
    demur: Option<&[Outcome]>,
    rival: Option<(String, &[Outcome])>,
    least: f64,
) -> Promise {
    let found = demur.zip(rival.as_ref()).and_then(|(demur, (_, rival))| ratios(demur, rival));
    let against = rival.map_or_else(|| "not measured".into(), |(name, _)| name);
    Promise { what: what.into(), against, bound: Bound::Faster(least), found }
}

/// How much larger the copy is, in per cent.
fn size(copy: Option<&[Outcome]>, rival: Option<(String, &[Outcome])>) -> Promise {
    let against = rival.as_ref().map_or_else(|| "not measured".into(), |(name, _)| name.clone());
    let found = copy.zip(rival).and_then(|(copy, (_, rival))| {
        let pairs = copy.iter().zip(rival).filter_map(|(a, b)| Some((a.bytes?, b.bytes?)));
        Spread::of(pairs.map(|(a, b)| (a as f64 / b as f64 - 1.0) * 100.0))
    });
    Promise { what: "copy build, size".into(), against, bound: Bound::Within(5.0), found }
}

/// How many times as long the second took, round by round: what slows the machine for a while slows
/// both.
fn ratios(first: &[Outcome], second: &[Outcome]) -> Option<Spread> {
    Spread::of(first.iter().zip(second).map(|(first, second)| second.seconds / first.seconds))
}

fn memory(outcomes: Option<&[Outcome]>) -> Option<Spread> {
    Spread::of(outcomes?.iter().filter_map(|outcome| Some(outcome.memory? as f64)))
}

/// Who of DuckDB and Polars writes the lawful rows sooner, by the median.
fn best(outcomes: &Outcomes, sort: Sort) -> Option<(String, &[Outcome])> {
    let of = |rival| {
        let job = Job::Rival(rival, Task::Write, sort);
        let all = outcomes.get(&job).map_or(&[][..], Vec::as_slice);
        (format!("{}, {}", rival.name(), job.words()), all)
    };
    quickest([Rival::DuckDb, Rival::Polars].map(of))
}

fn quickest<const N: usize>(all: [(String, &[Outcome]); N]) -> Option<(String, &[Outcome])> {
    let timed = all
        .into_iter()
        .filter_map(|(name, all)| Some((Spread::of(seconds(all))?.median, (name, all))));
    timed.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, best)| best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(seconds: &[f64]) -> Vec<Outcome> {
        seconds.iter().map(|s| Outcome { seconds: *s, ..Outcome::default() }).collect()
    }

    #[test]
    fn ratios_are_taken_round_by_round_and_the_median_decides() {
        let (demur, duckdb, polars) =
            (took(&[1.0, 2.0, 1.0]), took(&[9.0, 20.0, 12.0]), took(&[30.0; 3]));
        let best = quickest([("Polars".into(), &polars), ("DuckDB".into(), &duckdb)]);
        let promise = faster("build", Some(&demur), best, 10.0);
        assert_eq!(promise.found, Some(Spread { median: 10.0, lowest: 9.0, highest: 12.0 }));
        assert_eq!((promise.against.as_str(), promise.verdict()), ("DuckDB", "met"));
        let promise = faster("build", Some(&demur), Some(("DuckDB".into(), &duckdb)), 10.1);
        assert_eq!(promise.verdict(), "not met");
        assert_eq!(faster("build", None, None, 2.0).verdict(), "not measured");
    }

    #[test]
    fn a_size_may_differ_in_both_directions() {
        let sized = |bytes| vec![Outcome { bytes: Some(bytes), ..Outcome::default() }];
        let verdict =
            |bytes| size(Some(&sized(bytes)), Some((String::new(), &sized(1000)))).verdict();
        assert_eq!([949, 951, 1049, 1051].map(verdict), ["not met", "met", "met", "not met"]);
    }
}
