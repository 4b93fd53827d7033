//! Training sets that follow the register by themselves: where a rule approves objections, seconds after
//! one arrived no set has what it covers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use demur_core::purpose::Review;
use demur_register::Register;

use crate::alone::Alone;
use crate::context::Context;
use crate::failure::Failure;
use crate::sets::update::{Rules, Updater};
use crate::sets::{find, kept};
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

/// Follows the register until it is told to stop; a change that was begun is finished.
pub(crate) fn keep_current(context: &Context, register: &mut Register, stop: &AtomicBool) {
    // By purpose: up to where its sets are current.
    let mut current: HashMap<String, u64> = HashMap::new();
    let mut failed: Option<Instant> = None;
    let mut noted: (Option<Instant>, HashMap<String, u64>) = Default::default();
    while !stop.load(Ordering::Relaxed) {
        let start = Instant::now();
        if failed.is_none_or(|at| at.elapsed() > PATIENCE) {
            failed = None;
            if let Err(failure) = look(context, register, &mut current) {
                tracing::error!("training sets lack objections: {failure}");
                failed = Some(Instant::now());
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

fn look(
    context: &Context,
    register: &mut Register,
    current: &mut HashMap<String, u64>,
) -> Result<(), Failure> {
    let automatic = context.config.purposes.iter().filter(|p| p.review == Review::Automatic);
    for purpose in automatic {
        let newest = register.newest_objection(&purpose.id)?;
        if current.get(&purpose.id) == Some(&newest) {
            continue;
        }
        let of_purpose: Vec<String> = register
            .training_sets()?
            .into_iter()
            .filter(|set| set.gone.is_none() && set.committed.purpose == purpose.id)
            .map(|set| set.committed.set)
            .collect();
        let (mut not_done, mut is_busy) = (None, false);
        if !of_purpose.is_empty() {
            let sets = find(context, register, &of_purpose)?;
            let mut updater = Updater::new(context, register, Rules::default());
            for found in &sets {
                // Another server is at it, and will be done soon; it is looked at again all the same.
                let Ok(_alone) = Alone::with_set(context, &found.set)? else {
                    is_busy = true;
                    continue;
                };
                match updater.retract(found) {
                    Ok(updated) if updated.was_current => {}
                    Ok(updated) => tracing::info!(
                        set = updated.set,
                        version = updated.version,
                        left = updated.left,
                        returned = updated.returned,
                        seconds = updated.took.as_secs_f64(),
                        "a training set was brought up to the register"
                    ),
                    // The others are brought up to date all the same.
                    Err(failure) => not_done = Some(failure),
                }
            }
            updater.finish()?;
            kept::tidy(context, register)?;
        }
        if let Some(failure) = not_done {
            return Err(failure);
        }
        if !is_busy {
            // Tombstones of those who were taken out are entered meanwhile, and exclude nobody else.
            let until = register.newest_objection(&purpose.id)?;
            let since = if register.excludes_more(&purpose.id, newest)? { newest } else { until };
            current.insert(purpose.id.clone(), since);
        }
    }
    Ok(())
}
