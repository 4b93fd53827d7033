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
use crate::sets::find;
use crate::sets::update::{Rules, Updater};

pub(crate) fn run(context: &Context, args: &cli::Purge) -> Result<(), Failure> {
    let mut register = context.register_to_decide()?;
    let mut sets = find(context, &register, &args.sets)?;
    if let Some(days) = args.older_than {
        let before = now() - SignedDuration::from_hours(24 * i64::from(days));
        let known = register.training_sets()?;
        sets.retain(|found| {
            let set = known.iter().find(|set| set.committed.set == found.set);
            set.and_then(hidden_since).is_some_and(|since| since <= before)
        });
    }
    let mut updater = Updater::new(context, &mut register, Rules::default());
    let (mut lines, mut json) = (Vec::new(), Vec::new());
    for found in &sets {
        let _alone = Alone::with_set(context, &found.set)?.map_err(|b| b.with_set(&found.set))?;
        let (manifest, purged) = updater.purge(found)?;
        lines.push(words(&manifest, purged));
        json.push(json!({
            "set": manifest.set,
            "version": manifest.version,
            "records": purged.records,
            "files": purged.files,
        }));
    }
    if sets.is_empty() {
        lines.push("no set holds what was to be removed".into());
    }
    context.out.result(&lines.join("\n"), &json!({ "sets": json }));
    Ok(())
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
