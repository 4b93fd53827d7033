//! `demur status`: every training set, what it lacks, and how long the oldest objection has waited.

use demur_register::{Behind, Register, TrainingSet, VersionKind};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::context::{Context, now};
use crate::failure::Failure;
use crate::output::{age, grouped, table};

/// A set and what its newest version does not know.
struct Line {
    set: TrainingSet,
    behind: Behind,
    place: Option<String>,
}

pub(crate) fn run(context: &Context, all: bool) -> Result<(), Failure> {
    let register = context.existing_register()?;
    let mut lines = Vec::new();
    for set in register.training_sets()? {
        if all || set.gone.is_none() {
            lines.push(Line::of(&register, set)?);
        }
    }
    let oldest = lines.iter().filter_map(|line| line.behind.oldest).min();
    let words = format!("{}\n{}{}", sets(&lines), headline(&lines, oldest), still_shown(&lines));
    let json = json!({
        "sets": lines.iter().map(Line::described).collect::<Vec<_>>(),
        "oldest_objection_not_in_force": oldest.map(|at| json!({
            "received_at": at.to_string(),
            "age_seconds": waited(at).as_secs(),
        })),
    });
    context.out.result(&words, &json);
    Ok(())
}

fn sets(lines: &[Line]) -> String {
    if lines.is_empty() {
        return "the register knows no training set".to_owned();
    }
    let header = [
        "set",
        "purpose",
        "retracted",
        "purged",
        "version",
        "records",
        "lacks",
        "hidden",
        "erased",
    ];
    table(&header, &lines.iter().map(Line::row).collect::<Vec<_>>(), 4)
}

/// The figure by which all of this is to be measured.
fn headline(lines: &[Line], oldest: Option<Timestamp>) -> String {
    match oldest {
        Some(at) => format!(
            "oldest objection not yet in force in some set: {} (since {})\n  hint: demur retract brings the sets up to the register",
            age(waited(at)),
            time(at)
        ),
        None if lines.is_empty() => String::new(),
        None => "every objection is in force in every set".to_owned(),
    }
}

/// Of which sets somebody can still read versions with what was taken out.
fn still_shown(lines: &[Line]) -> String {
    let is_open = |set: &TrainingSet| {
        let mut kept = set.versions.iter().rev().take_while(|version| version.history_kept);
        set.gone.is_none() && kept.any(|version| version.left > 0)
    };
    let open = lines.iter().filter(|line| is_open(&line.set));
    let open: Vec<&str> = open.map(|line| line.set.committed.set.as_str()).collect();
    if open.is_empty() {
        return String::new();
    }
    format!(
        "\nolder versions that show what was taken out were left readable: {}\n  hint: demur retract, without --keep-history, closes them",
        open.join(", ")
    )
}

fn waited(since: Timestamp) -> std::time::Duration {
    now().duration_since(since).try_into().unwrap_or_default()
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

impl Line {
    fn of(register: &Register, set: TrainingSet) -> Result<Self, Failure> {
        let name = &set.committed.set;
        // What no longer exists keeps nobody waiting.
        let behind = match set.gone {
            None => register.behind(name)?,
            Some(_) => Behind::default(),
        };
        let place = register.place_of(name)?;
        Ok(Line { set, behind, place })
    }

    fn row(&self) -> Vec<String> {
        let set = &self.set;
        let last = |kind| set.last(kind).map_or_else(String::new, |version| time(version.at));
        let lacks = match (set.gone, self.behind.objections) {
            (Some(since), _) => format!("gone {}", time(since)),
            (None, n) => grouped(n),
        };
        vec![
            set.committed.set.clone(),
            set.committed.purpose.clone(),
            last(VersionKind::Retracted),
            last(VersionKind::Purged),
            set.newest().version.to_string(),
            grouped(set.newest().kept),
            lacks,
            grouped(set.hidden_records()),
            grouped(set.erased_records()),
        ]
    }

    fn described(&self) -> Value {
        let set = &self.set;
        let last = |kind| set.last(kind).map(|version| version.at.to_string());
        let newest = set.newest();
        json!({
            "set": set.committed.set,
            "purpose": set.committed.purpose,
            "place": self.place,
            "version": newest.version,
            "records": newest.kept,
            "objections_lacking": self.behind.objections,
            "oldest_lacking": self.behind.oldest.map(|at| at.to_string()),
            "hidden_records": set.hidden_records(),
            "erased_records": set.erased_records(),
            "history_kept": newest.history_kept,
            "built_at": set.at.to_string(),
            "retracted_at": last(VersionKind::Retracted),
            "purged_at": last(VersionKind::Purged),
            "gone_at": set.gone.map(|at| at.to_string()),
        })
    }
}
