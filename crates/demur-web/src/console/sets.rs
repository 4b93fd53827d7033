//! Which training sets there are, what became of them, and which runs read them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use demur_register::{Behind, Run, TrainingSet, Version};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Bar, words};
use crate::app::{App, Shared};
use crate::guard::Visitor;
use crate::settings::PurposeSettings;
use crate::site::frame::html;
use crate::site::problem::Problem;

/// Training sets, and runs, that are listed: the newest.
const MANY: usize = 500;

/// Versions of one set that are listed: the newest.
const VERSIONS: usize = 20;

#[derive(Template)]
#[template(path = "console/training_sets.html")]
struct SetsPage {
    bar: Bar,
    sets: Vec<Set>,
    is_full: bool,
    runs: Vec<RunLine>,
}

struct Set {
    name: String,
    purpose: String,
    at: String,
    position: String,
    snapshot: String,
    input: String,
    used: String,
    dropped: String,
    /// Objections in force that the newest version does not know, and since when the oldest waits.
    lacks: String,
    hidden: String,
    erased: String,
    /// The newest first; there are more than the build.
    versions: Vec<VersionLine>,
    is_cut: bool,
}

struct VersionLine {
    number: String,
    kind: &'static str,
    at: String,
    kept: String,
    left: String,
    returned: String,
    purged: String,
    note: &'static str,
}

struct RunLine {
    name: String,
    id: String,
    read: String,
    began: String,
    state: String,
    reason: String,
}

/// Every training set with its place in the register.
pub(super) async fn training_sets(
    State(app): State<Shared>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let bar = Bar::new(&app, &visitor, "training-sets", "Training sets").await?;
    let known = app.registry.read(|register| {
        let mut sets = register.training_sets()?;
        let is_full = sets.len() > MANY;
        sets.reverse();
        sets.truncate(MANY);
        let with_behind = |set: TrainingSet| {
            let behind = match set.gone {
                None => register.behind(&set.committed.set)?,
                Some(_) => Behind::default(),
            };
            Ok((set, behind))
        };
        let sets = sets.into_iter().map(with_behind).collect::<Result<Vec<_>, _>>()?;
        Ok((sets, is_full, register.runs()?))
    });
    let (sets, is_full, runs) = known.await?;
    let zone = app.settings.zone();
    let page = SetsPage {
        bar,
        sets: sets.iter().map(|(set, behind)| line(&app, set, *behind)).collect(),
        is_full,
        runs: runs.iter().rev().take(MANY).map(|run| run_line(run, &zone)).collect(),
    };
    Ok(html(StatusCode::OK, &page))
}

fn line(app: &App, set: &TrainingSet, behind: Behind) -> Set {
    let committed = &set.committed;
    let purpose = app.settings.purpose(&committed.purpose);
    let zone = purpose.map_or(TimeZone::UTC, PurposeSettings::zone);
    let time = |at: Timestamp| words::moment(at, &zone);
    let lacks = match (set.gone, behind.oldest) {
        (Some(since), _) => format!("no longer exists since {}", time(since)),
        (None, Some(since)) => {
            format!("{}, the oldest since {}", words::count(behind.objections), time(since))
        }
        (None, None) => words::count(behind.objections),
    };
    let versions = set.versions.iter().rev().take(VERSIONS);
    Set {
        name: committed.set.clone(),
        purpose: purpose.map_or_else(|| committed.purpose.clone(), |p| p.purpose.title.clone()),
        at: time(set.at),
        position: words::count(set.seq),
        snapshot: words::count(set.newest().snapshot_size),
        input: words::count(committed.input),
        used: words::count(set.newest().kept),
        dropped: words::count(committed.dropped),
        lacks,
        hidden: words::count(set.hidden_records()),
        erased: words::count(set.erased_records()),
        versions: versions.map(|version| version_line(version, time(version.at))).collect(),
        is_cut: set.versions.len() > VERSIONS,
    }
}

fn version_line(version: &Version, at: String) -> VersionLine {
    VersionLine {
        number: version.version.to_string(),
        kind: version.kind.name(),
        at,
        kept: words::count(version.kept),
        left: words::count(version.left),
        returned: words::count(version.returned),
        purged: words::count(version.purged),
        note: if version.history_kept { "earlier versions can still be read" } else { "" },
    }
}

fn run_line(run: &Run, zone: &TimeZone) -> RunLine {
    let started = &run.started;
    let read: Vec<String> = started.read.iter().map(ToString::to_string).collect();
    RunLine {
        name: started.name.clone(),
        id: started.run.clone(),
        read: read.join(", "),
        began: words::moment(run.at, zone),
        state: match run.finished {
            None => "running".into(),
            Some((at, outcome)) => format!("{}, {}", outcome.name(), words::moment(at, zone)),
        },
        reason: started.even_if_behind.clone().unwrap_or_default(),
    }
}
