//! What the interface tells of the training sets that an objection covers.

use demur_register::{Case, Held, Run, TrainingSet};
use serde::Serialize;
use utoipa::ToSchema;

use crate::letters::covers;

/// A training set that was made while the objection was not in force.
#[derive(Serialize, ToSchema)]
pub(crate) struct CoveredSet {
    /// Its name.
    set: String,
    /// When it was made.
    #[schema(format = DateTime)]
    made_at: String,
    /// What became of the records that the objection covers.
    state: SetState,
    /// Since when no version of the set shows them; absent where the newest does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    hidden_at: Option<String>,
    /// Since when their bytes are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    erased_at: Option<String>,
    /// Since when the set as a whole no longer exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    gone_at: Option<String>,
    /// Training runs that read it before they were taken out, oldest first.
    runs: Vec<ReadingRun>,
}

/// What became of the records that an objection covers.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SetState {
    /// The newest version of the set may hold them.
    InUse,
    /// No version that can be read shows them; their bytes may still lie in its files.
    Hidden,
    /// Their bytes are gone.
    Erased,
    /// The set no longer exists, the operator says.
    Gone,
}

/// A training run that read a set.
#[derive(Serialize, ToSchema)]
struct ReadingRun {
    /// Its id, a UUID.
    run: String,
    /// What its owner calls it.
    name: String,
    /// The version of the set that it read.
    version: u64,
    /// When it began.
    #[schema(format = DateTime)]
    started_at: String,
    /// When it ended; absent where it has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    ended_at: Option<String>,
}

impl CoveredSet {
    /// The sets of the case's purpose that may have held what it covers, oldest first. None where
    /// nobody knows yet what that is.
    pub(crate) fn of_case(case: &Case, sets: &[TrainingSet], runs: &[Run]) -> Vec<Self> {
        if covers(case).is_to_be_found() {
            return Vec::new();
        }
        let own = sets.iter().filter(|set| set.committed.purpose == case.summary.purpose);
        own.filter_map(|set| CoveredSet::of(case, set, runs)).collect()
    }

    fn of(case: &Case, set: &TrainingSet, runs: &[Run]) -> Option<Self> {
        let in_force = |size| case.was_in_force(size);
        let (state, hidden, erased, gone) = match set.held(in_force) {
            Held::Never => return None,
            Held::InUse => (SetState::InUse, None, None, None),
            Held::Hidden(at) => (SetState::Hidden, Some(at), None, None),
            Held::Erased { hidden, at } => (SetState::Erased, Some(hidden), Some(at), None),
            Held::Gone(at) => (SetState::Gone, None, None, Some(at)),
        };
        let runs = runs.iter().filter(|run| set.was_read_by(run, in_force));
        Some(CoveredSet {
            set: set.committed.set.clone(),
            made_at: set.at.to_string(),
            state,
            hidden_at: hidden.map(|at| at.to_string()),
            erased_at: erased.map(|at| at.to_string()),
            gone_at: gone.map(|at| at.to_string()),
            runs: runs.filter_map(|run| ReadingRun::of(run, &set.committed.set)).collect(),
        })
    }
}

impl ReadingRun {
    fn of(run: &Run, set: &str) -> Option<Self> {
        Some(ReadingRun {
            run: run.started.run.clone(),
            name: run.started.name.clone(),
            version: run.version_of(set)?,
            started_at: run.at.to_string(),
            ended_at: run.finished.map(|(at, _)| at.to_string()),
        })
    }
}
