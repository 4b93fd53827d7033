//! Which training data an objection covers: what was made while it was in force, and what was not.

use demur_core::objection::Effect;
use demur_notice::format;
use demur_register::{Case, TrainingSet};

use crate::letters::covers;
use crate::site::frame::Frame;

use super::open::Opened;

/// How many sets a page names at most, the newest.
const MOST: usize = 20;

/// What the page says of training data.
pub(super) struct Sets {
    /// Made while the objection was not in force: name, and the day it was made.
    pub(super) before: Vec<(String, String)>,
    /// Whether what it covers has to be taken out of them.
    pub(super) is_owed: bool,
    /// Made while it was in force.
    pub(super) after: Option<String>,
}

/// What is to be said; `None` where nobody knows yet what the objection covers.
pub(super) fn sets(opened: &Opened, frame: &Frame) -> Option<Sets> {
    let Opened { case, zone, sets, .. } = opened;
    if covers(case).is_to_be_found() {
        return None;
    }
    let (after, before): (Vec<_>, Vec<_>) =
        sets.iter().rev().partition(|set| was_in_force(case, set));
    let day = |set: &TrainingSet| format::date(frame.language, zone.to_datetime(set.at).date());
    let shown = |set: &&TrainingSet| (set.committed.set.clone(), day(set));
    let names: Vec<&str> = after.iter().take(MOST).map(|set| set.committed.set.as_str()).collect();
    let names = names.join(", ");
    let args = [("names", (&names).into())];
    Some(Sets {
        before: before.iter().take(MOST).map(shown).collect(),
        is_owed: case.summary.status.effect() != Effect::None,
        after: (!after.is_empty()).then(|| frame.text("case-sets-after", &args)),
    })
}

/// Whether the objection kept data out of a set. No set is committed while an objection is newer than
/// its snapshot, so the log's order says it.
fn was_in_force(case: &Case, set: &TrainingSet) -> bool {
    let earlier = case.history.iter().take_while(|entry| entry.seq < set.seq);
    let status = earlier.filter_map(|entry| entry.what.status()).last();
    status.is_some_and(|status| status.effect() != Effect::None)
}
