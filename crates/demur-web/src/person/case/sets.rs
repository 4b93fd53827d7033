//! Which training data an objection covers: what was made while it was not in force, what became of
//! that since, and which training runs read it before.

use demur_core::objection::Effect;
use demur_notice::format;
use demur_register::{Held, TrainingSet};
use jiff::Timestamp;

use crate::letters::covers;
use crate::site::frame::Frame;

use super::open::Opened;

/// How many sets, and how many runs, a page names at most: the newest.
const MOST: usize = 20;

/// What the page says of training data.
pub(super) struct Sets {
    /// Made while the objection was not in force.
    pub(super) before: Vec<Before>,
    /// Whether what it covers has to be taken out of them.
    pub(super) is_owed: bool,
    /// Runs that read them before it was taken out.
    pub(super) runs: Vec<Read>,
    /// Made while it was in force.
    pub(super) after: Option<String>,
}

/// A set that held what the objection covers.
pub(super) struct Before {
    pub(super) name: String,
    pub(super) made: String,
    /// Since when no version shows it, and since when its bytes are gone.
    pub(super) hidden: String,
    pub(super) erased: String,
}

/// A run that read such a set.
pub(super) struct Read {
    pub(super) name: String,
    pub(super) set: String,
    pub(super) began: String,
    pub(super) ended: String,
}

/// What is to be said; `None` where nobody knows yet what the objection covers.
pub(super) fn sets(opened: &Opened, frame: &Frame) -> Option<Sets> {
    let Opened { case, sets, .. } = opened;
    if covers(case).is_to_be_found() {
        return None;
    }
    let judged = sets.iter().rev().map(|set| (set, set.held(|size| case.was_in_force(size))));
    let (after, before): (Vec<_>, Vec<_>) = judged.partition(|(_, held)| *held == Held::Never);
    let names = after.iter().take(MOST).map(|(set, _)| set.committed.set.as_str());
    let names = names.collect::<Vec<_>>().join(", ");
    let args = [("names", (&names).into())];
    let of: Vec<&TrainingSet> = before.iter().map(|(set, _)| *set).collect();
    Some(Sets {
        runs: runs(opened, frame, &of),
        before: before.into_iter().take(MOST).map(|known| shown(opened, frame, known)).collect(),
        is_owed: case.summary.status.effect() != Effect::None,
        after: (!after.is_empty()).then(|| frame.text("case-sets-after", &args)),
    })
}

fn shown(opened: &Opened, frame: &Frame, (set, held): (&TrainingSet, Held)) -> Before {
    let open = || frame.t("case-set-open");
    let time = |at| moment(opened, frame, at);
    let (hidden, erased) = match held {
        Held::Hidden(at) => (time(at), open()),
        Held::Erased { hidden, at } => (time(hidden), time(at)),
        Held::Gone(at) => (time(at), frame.t("case-set-gone")),
        Held::InUse | Held::Never => (open(), open()),
    };
    Before { name: set.committed.set.clone(), made: day(opened, frame, set.at), hidden, erased }
}

/// The newest first; a run that read two of the sets stands there twice.
fn runs(opened: &Opened, frame: &Frame, before: &[&TrainingSet]) -> Vec<Read> {
    let in_force = |size| opened.case.was_in_force(size);
    let read = opened.runs.iter().rev().flat_map(|run| {
        let sets = before.iter().filter(move |set| set.was_read_by(run, in_force));
        sets.map(move |set| (run, set))
    });
    read.take(MOST)
        .map(|(run, set)| Read {
            name: run.started.name.clone(),
            set: set.committed.set.clone(),
            began: day(opened, frame, run.at),
            ended: match run.finished {
                Some((at, _)) => day(opened, frame, at),
                None => frame.t("case-set-open"),
            },
        })
        .collect()
}

fn day(opened: &Opened, frame: &Frame, at: Timestamp) -> String {
    format::date(frame.language, opened.zone.to_datetime(at).date())
}

fn moment(opened: &Opened, frame: &Frame, at: Timestamp) -> String {
    format::date_time(frame.language, opened.zone.to_datetime(at))
}
