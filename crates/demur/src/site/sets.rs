//! Training sets that follow the register by themselves: where a rule approves objections, seconds after
//! one arrived no set has what it covers.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use demur_core::purpose::Review;
use demur_register::Register;

use crate::alone::Alone;
use crate::context::Context;
use crate::failure::Failure;
use crate::sets::update::{Rules, Updater};
use crate::sets::{kept, place};
use crate::tombstones;

/// How often the register is asked whether somebody objected.
const LOOK: Duration = Duration::from_millis(200);
/// The longest rest after bringing sets up to date: whoever objects meanwhile waits for it.
const REST: Duration = Duration::from_secs(1);
/// How long a set that could not be brought up to date is left alone.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often what the account facts say of those who objected is noted, where no set is brought up to
/// date: it takes a look at all of them.
const NOTE: Duration = Duration::from_secs(60);

/// What is known of the sets while the register is followed.
#[derive(Default)]
struct Known {
    /// By purpose: up to where all its sets are current.
    purposes: HashMap<String, u64>,
    /// The same by set, where others of its purpose are not.
    sets: HashMap<String, u64>,
    /// By purpose or set: when it could last not be brought up to date.
    failed: HashMap<String, Instant>,
}

impl Known {
    fn is_left_alone(&self, name: &str) -> bool {
        self.failed.get(name).is_some_and(|at| at.elapsed() <= PATIENCE)
    }

    fn fails(&mut self, name: &str, failure: &Failure) {
        tracing::error!(name, "training sets lack objections: {failure}");
        self.failed.insert(name.to_owned(), Instant::now());
    }
}

/// Follows the register until it is told to stop; a change that was begun is finished.
pub(crate) fn keep_current(context: &Context, register: &mut Register, stop: &AtomicBool) {
    let mut known = Known::default();
    let mut noted: (Option<Instant>, HashMap<String, u64>) = Default::default();
    while !stop.load(Ordering::Relaxed) {
        let start = Instant::now();
        for purpose in &context.config.purposes {
            if purpose.review == Review::Automatic
                && !known.is_left_alone(&purpose.id)
                && let Err(failure) = look(context, register, &purpose.id, &mut known)
            {
                known.fails(&purpose.id, &failure);
            }
        }
        if noted.0.is_none_or(|at| at.elapsed() > NOTE) {
            noted.0 = Some(Instant::now());
            if let Err(failure) = note(context, register, &mut noted.1) {
                tracing::error!("those who objected may not be recognised later: {failure}");
            }
        }
        // Up to half of the time is left to those whom the server serves.
        std::thread::sleep(start.elapsed().clamp(LOOK, REST));
    }
}

/// Has the register remember who objected before the account facts forget it.
fn note(
    context: &Context,
    register: &mut Register,
    noted: &mut HashMap<String, u64>,
) -> Result<(), Failure> {
    let newest = |register: &Register| -> Result<HashMap<String, u64>, Failure> {
        let of = |id: &String| Ok((id.clone(), register.newest_objection(id)?));
        context.config.purposes.iter().map(|purpose| of(&purpose.id)).collect()
    };
    if newest(register)? != *noted {
        tombstones::note(context, register)?;
        *noted = newest(register)?;
    }
    Ok(())
}

/// Brings those sets of a purpose up to date that are not. One that fails keeps no other from it.
fn look(
    context: &Context,
    register: &mut Register,
    purpose: &str,
    known: &mut Known,
) -> Result<(), Failure> {
    let newest = register.newest_objection(purpose)?;
    if known.purposes.get(purpose) == Some(&newest) {
        return Ok(());
    }
    let sets = register.training_sets()?.into_iter();
    let sets = sets.filter(|set| set.gone.is_none() && set.committed.purpose == purpose);
    let lagging: Vec<String> = sets
        .map(|set| set.committed.set)
        .filter(|set| known.sets.get(set) != Some(&newest))
        .collect();
    let now: Vec<String> =
        lagging.iter().filter(|set| !known.is_left_alone(set)).cloned().collect();
    let (mut current, mut finished) = (Vec::new(), Ok(()));
    if !now.is_empty() {
        let sets = now.iter().map(|set| place(context, register, set));
        let sets = sets.collect::<Result<Vec<_>, Failure>>()?;
        let mut updater = Updater::new(context, register, Rules::default());
        for found in &sets {
            let _alone = match Alone::with_set(context, &found.set) {
                Ok(Ok(alone)) => alone,
                // Another server is at it, and will be done soon; it is looked at again all the same.
                Ok(Err(_)) => continue,
                Err(failure) => {
                    known.fails(&found.set, &failure);
                    continue;
                }
            };
            // A bug that one set finds must not keep the others from following.
            let done = catch_unwind(AssertUnwindSafe(|| updater.retract(found)));
            match done.unwrap_or_else(|_| Err(Failure::machine("a bug; the log has where"))) {
                Ok(updated) => {
                    current.push(found.set.clone());
                    if !updated.was_current {
                        tracing::info!(
                            set = updated.set,
                            version = updated.version,
                            left = updated.left,
                            returned = updated.returned,
                            seconds = updated.took.as_secs_f64(),
                            "a training set was brought up to the register"
                        );
                    }
                }
                Err(failure) => known.fails(&found.set, &failure),
            }
        }
        // Sets that are current are so whether or not the next change will find what they were judged by.
        finished = updater.finish().and_then(|()| kept::tidy(context, register));
    }
    // Tombstones of those who were taken out are entered meanwhile, and exclude nobody else.
    let until = register.newest_objection(purpose)?;
    let since = if register.excludes_more(purpose, newest)? { newest } else { until };
    if current.len() == lagging.len() {
        known.purposes.insert(purpose.to_owned(), since);
    }
    known.sets.extend(current.into_iter().map(|set| (set, since)));
    finished
}
