//! `demur trace`: which sets, versions and runs held somebody's records, and what became of them.

use demur_core::id::AccountId;
use demur_corpus::manifest::Manifest;
use demur_corpus::set::{Held, Trace, trace};
use demur_register::{Run, TrainingSet};
use demur_snapshot::Snapshot;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::compile::{self, key};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{grouped, table};
use crate::sets::find;

pub(crate) fn run(context: &Context, account: &str) -> Result<(), Failure> {
    let register = context.existing_register()?;
    let accounts = accounts(context, account)?;
    let hashes: Vec<u64> = accounts.iter().map(hash).collect();
    let runs = register.runs()?;
    let (mut rows, mut sets, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for found in find(context, &register, &[])? {
        let Some(known) = register.training_set(&found.set)? else { continue };
        let (manifest, _) = match Manifest::read(&found.folder) {
            Ok(read) => read,
            Err(error) => {
                notes.push(format!("{}: {error}", found.set));
                continue;
            }
        };
        let traced = match trace(&found.folder, &manifest, &hashes) {
            Ok(traced) => traced,
            Err(error) => {
                notes.push(format!("{}: {error}", found.set));
                continue;
            }
        };
        if traced.is_unsettled {
            notes.push(format!(
                "{}: its table is being changed, or was changed by somebody else; `demur retract` settles it",
                found.set
            ));
        }
        for file in &traced.lost {
            notes.push(format!(
                "{}: {file} is lost or damaged, which says what was taken out; restore it from a backup",
                found.set
            ));
        }
        for file in &traced.unknown {
            notes.push(format!(
                "{}: the index of {file} is lost or damaged; `demur retract` makes it anew",
                found.set
            ));
        }
        let lines = lines(&known, &traced);
        if lines.is_empty() {
            continue;
        }
        let read_by: Vec<Value> = runs
            .iter()
            .flat_map(|run| run.started.read.iter().map(move |read| (run, read)))
            .filter(|(_, read)| read.set == found.set && lines.iter().any(|line| line.was_in(read.version)))
            .map(|(run, read)| json!({ "run": run.started.run, "name": run.started.name, "version": read.version }))
            .collect();
        let names: Vec<&str> = read_by.iter().filter_map(|run| run["name"].as_str()).collect();
        for (nth, line) in lines.iter().enumerate() {
            let first = |text: &str| if nth == 0 { text.to_owned() } else { String::new() };
            rows.push(line.row(first(&found.set), first(&names.join("\n"))));
        }
        sets.push(json!({
            "set": found.set,
            "records": lines.iter().map(Line::described).collect::<Vec<_>>(),
            "runs": read_by,
        }));
    }
    // Whatever a run has read is in a model, whether or not the set still is.
    for set in register.training_sets()?.iter().filter(|set| set.gone.is_some()) {
        let read = |run: &&Run| run.version_of(&set.committed.set).is_some();
        let names: Vec<&str> = runs.iter().filter(read).map(|run| &*run.started.name).collect();
        if !names.is_empty() {
            let (set, names) = (&set.committed.set, names.join(", "));
            notes.push(format!("{set}: it no longer exists, and was read by {names}"));
        }
    }
    let mut words = match rows.as_slice() {
        [] if notes.is_empty() => "no training set held a record of this person".to_owned(),
        [] => "no training set that could be looked into held a record of this person".to_owned(),
        rows => {
            let head = ["set", "state", "from", "until", "runs", "author", "mentioned", "depicted"];
            table(&head, rows, 5)
        }
    };
    for note in &notes {
        words += &format!("\nnot known: {note}");
    }
    let accounts: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    let json = json!({ "accounts": accounts, "sets": sets, "unknown": notes });
    context.out.result(&words, &json);
    Ok(())
}

/// Records that shared a fate.
struct Line {
    held: Held,
    state: &'static str,
    from: Timestamp,
    /// The versions that had them: from the build to before this one.
    until: Option<(u64, Timestamp)>,
    erased: Option<Timestamp>,
}

fn lines(set: &TrainingSet, traced: &Trace) -> Vec<Line> {
    let at = |version: u64| set.version(version).map(|version| version.at);
    let until = |version: u64| at(version).map(|at| (version, at));
    let from = set.at;
    let mut lines = Vec::new();
    if !traced.in_use.is_empty() {
        lines.push(Line { held: traced.in_use, state: "in use", from, until: None, erased: None });
    }
    // As long as every version since was to leave the older ones readable, they show the records.
    let is_shown = |from: u64| {
        let mut since = set.versions.iter().filter(|version| version.version >= from);
        since.all(|version| version.history_kept)
    };
    for (version, held) in &traced.hidden {
        lines.push(Line {
            held: *held,
            state: if is_shown(*version) { "in older versions" } else { "hidden" },
            from,
            until: until(*version),
            erased: None,
        });
    }
    for (version, purged, held) in &traced.erased {
        let erased = at(*purged);
        lines.push(Line { held: *held, state: "erased", from, until: until(*version), erased });
    }
    lines
}

impl Line {
    fn was_in(&self, version: u64) -> bool {
        self.until.is_none_or(|(until, _)| version < until)
    }

    fn row(&self, set: String, runs: String) -> Vec<String> {
        let day = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        let until = self.until.map_or_else(String::new, |(_, at)| day(at));
        let state = match self.erased {
            Some(at) => format!("{} {}", self.state, day(at)),
            None => self.state.to_owned(),
        };
        let Held { author, mentioned, depicted } = self.held;
        let counts = [author, mentioned, depicted].map(grouped);
        [vec![set, state, day(self.from), until, runs], counts.to_vec()].concat()
    }

    fn described(&self) -> Value {
        json!({
            "state": self.state.replace(' ', "_"),
            "held": self.held,
            "from": self.from.to_string(),
            "until": self.until.map(|(_, at)| at.to_string()),
            "until_version": self.until.map(|(version, _)| version),
            "erased_at": self.erased.map(|at| at.to_string()),
        })
    }
}

/// The account and all others of its person, as the account facts have them now.
fn accounts(context: &Context, account: &str) -> Result<Vec<AccountId>, Failure> {
    let facts = context.accounts()?;
    let kind = facts.id_kind();
    let account = AccountId::parse(kind, account).map_err(Failure::input)?;
    let mut all = vec![account.clone()];
    if context.config.accounts.person.is_none() {
        return Ok(all);
    }
    // Twice over the facts: first whose account it is, then which others are theirs.
    let pieces = facts.pieces();
    let persons = compile::side_by_side(&pieces, |piece| {
        let mut persons: Vec<String> = Vec::new();
        facts.for_each_kin(piece, |row| {
            if let Some(person) = row.person.filter(|_| row.id == key(&account)) {
                persons.push(person.to_owned());
            }
        })?;
        Ok::<_, demur_corpus::Error>(persons)
    });
    let persons = persons.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
    if persons.is_empty() {
        return Ok(all);
    }
    let others = compile::side_by_side(&pieces, |piece| {
        let mut others = Vec::new();
        facts.for_each_kin(piece, |row| {
            if row.person.is_some_and(|person| persons.iter().any(|known| known == person)) {
                others.push(compile::owned(row.id, kind));
            }
        })?;
        Ok::<_, demur_corpus::Error>(others)
    });
    for other in others.into_iter().collect::<Result<Vec<_>, _>>()?.concat() {
        if !all.contains(&other) {
            all.push(other);
        }
    }
    Ok(all)
}

fn hash(account: &AccountId) -> u64 {
    Snapshot::hash(key(account))
}
