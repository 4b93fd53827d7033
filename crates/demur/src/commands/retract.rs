//! `demur retract`: out of the sets that exist, what may no longer be used.

use crate::alone::Alone;
use crate::cli;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{grouped, seconds};
use crate::sets::update::{Rules, Updated, Updater};
use crate::sets::{Outcomes, find, kept};
use demur_corpus::manifest::Mode;

pub(crate) fn run(context: &Context, args: &cli::Retract) -> Result<(), Failure> {
    let mut register = context.register_to_judge()?;
    let sets = find(context, &register, &args.sets)?;
    let rules = Rules { keep_history: args.keep_history, accept_purpose: args.accept_purpose };
    let mut updater = Updater::new(context, &mut register, rules);
    let mut outcomes = Outcomes::default();
    for found in &sets {
        let alone = Alone::with_set(context, &found.set)
            .and_then(|alone| alone.map_err(|busy| busy.with_set(&found.set)));
        let result = alone.and_then(|_alone| {
            let updated = updater.retract(found)?;
            // What waits to come back would be erased.
            let purges = args.purge && updated.held_back == 0;
            let purged = if purges { Some(updater.purge(found)?) } else { None };
            Ok((updated, purged))
        });
        match result {
            Ok((updated, purged)) => {
                let (mut json, mut lines) = (updated.json(), vec![words(&updated)]);
                if let Some((manifest, purged)) = purged {
                    json["version"] = manifest.version.into();
                    json["hidden"] = manifest.hidden.into();
                    json["erased"] = purged.records.into();
                    lines.push(super::purge::words(&manifest, purged));
                }
                if args.purge && updated.held_back > 0 {
                    lines.push("  nothing was erased, as they would be too; run it again".into());
                }
                outcomes.done(lines, json);
            }
            Err(failure) => outcomes.failed(&found.set, failure),
        }
    }
    let kept = updater.finish().and_then(|()| kept::tidy(context, &register));
    outcomes.tell(context, "the register knows no training set").and(kept)
}

fn words(updated: &Updated) -> String {
    let Updated { set, version, .. } = updated;
    let records = grouped(updated.records);
    if updated.was_current {
        return format!("{set}: knows everything already, version {version}, {records} records");
    }
    let took = seconds(updated.took);
    let mut words = format!(
        "{set}: version {version}, {} records taken out, {} put back, {records} left, {took}",
        grouped(updated.left),
        grouped(updated.returned)
    );
    if updated.held_back > 0 {
        words += &format!(
            "\n  {} records may come back and wait for the next retraction: others objected just then",
            grouped(updated.held_back)
        );
    }
    if updated.hidden > 0 && updated.mode == Mode::Copy {
        words += &format!(
            "\n  hidden, not erased: {} records still lie in the files, where readers of bare Parquet files see them; `demur purge {set}` removes them",
            grouped(updated.hidden)
        );
    }
    words
}
