//! `demur purge`: the bytes of records that were taken out.

use demur_corpus::manifest::Manifest;
use demur_corpus::set::Purged;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::alone::Alone;
use crate::cli;
use crate::context::{Context, now};
use crate::failure::Failure;
use crate::output::grouped;
use crate::sets::update::{Rules, Updater};
use crate::sets::{Outcomes, find};

pub(crate) fn run(context: &Context, args: &cli::Purge) -> Result<(), Failure> {
    let mut register = context.register_to_decide()?;
    let mut sets = find(context, &register, &args.sets)?;
    if let Some(days) = args.older_than {
        // Before every time that there is, nothing was taken out.
        let before = now().checked_sub(SignedDuration::from_hours(24 * i64::from(days)));
        let before = before.unwrap_or(Timestamp::MIN);
        let known = register.training_sets()?;
        sets.retain(|found| {
            let set = known.iter().find(|set| set.committed.set == found.set);
            set.and_then(hidden_since).is_some_and(|since| since <= before)
        });
    }
    let mut updater = Updater::new(context, &mut register, Rules::default());
    let mut outcomes = Outcomes::default();
    for found in &sets {
        let alone = Alone::with_set(context, &found.set)
            .and_then(|alone| alone.map_err(|busy| busy.with_set(&found.set)));
        match alone.and_then(|_alone| updater.purge(found)) {
            Ok((manifest, purged)) => {
                let json = json!({
                    "set": manifest.set,
                    "version": manifest.version,
                    "records": purged.records,
                    "files": purged.files,
                });
                outcomes.done(vec![words(&manifest, purged)], json);
            }
            Err(failure) => outcomes.failed(&found.set, failure),
        }
    }
    outcomes.tell(context, "no set holds what was to be removed")
}

/// When the oldest rows were taken out that still lie in the files.
fn hidden_since(set: &demur_register::TrainingSet) -> Option<Timestamp> {
    let purged = set.last(demur_register::VersionKind::Purged).map_or(0, |version| version.version);
    let out = set.versions.iter().find(|version| version.version > purged && version.left > 0);
    out.map(|version| version.at)
}

pub(super) fn words(manifest: &Manifest, purged: Purged) -> String {
    let Manifest { set, version, .. } = manifest;
    if purged.files == 0 {
        return format!("{set}: nothing was taken out that still lies in the files");
    }
    format!(
        "{set}: version {version}, {} records erased, {} files written anew and read back",
        grouped(purged.records),
        grouped(purged.files)
    )
}
