//! The letter that a step would bring, before it is taken: composed by the very code that composes it when
//! it goes out, from the case as it will then be.

use demur_notice::Composed;
use demur_register::event::{By, Letter, Personal, Step, What};
use demur_register::{Case, Extension, Hash, HistoryEntry, Refusal};
use jiff::Timestamp;

use super::dossier::Dossier;
use crate::app::App;
use crate::letters::{Refused, Told, Writing};

/// What a reviewer is about to do.
pub(super) enum Plan {
    Approve,
    Extend(Extension),
    Refuse(Refusal),
}

/// The letter; or what it lacks, in words. The address of the person's own page is left out: whoever has
/// it may act for them.
pub(super) fn letter(
    app: &App,
    dossier: &Dossier,
    plan: &Plan,
    by: &str,
    now: Timestamp,
) -> Result<Composed, String> {
    let number = dossier.number().to_string();
    let mut case = dossier.case.clone();
    let step = match plan {
        Plan::Refuse(_) => None,
        Plan::Approve => Some((Letter::Approval, approved(&case))),
        Plan::Extend(extension) => Some((Letter::Extension, extended(&case, extension))),
    };
    let told = step.map(|(letter, what)| {
        let mut personal = Personal::default();
        personal.by = Some(by.to_owned());
        if let Plan::Extend(extension) = plan {
            personal.grounds = Some(extension.reasons.clone());
        }
        let seq = case.history.last().map_or(0, |entry| entry.seq + 1);
        case.history.push(HistoryEntry { seq, at: now, what, personal: Some(personal) });
        Told { letter, entry: case.history.len() - 1 }
    });
    let writing = Writing {
        settings: &app.settings,
        purpose: &dossier.purpose,
        zone: &dossier.zone,
        case: &case,
        number: &number,
        language: dossier.language,
        country: dossier.country(),
        link: &format!("{}/c/…", app.settings.url),
    };
    let composed = match (plan, told) {
        (Plan::Refuse(refusal), _) => writing.refusal(&Refused {
            by: &refusal.by,
            grounds: &refusal.grounds,
            authority: &refusal.authority,
            court_route: &refusal.court_route,
            decided: dossier.zone.to_datetime(now).date(),
        }),
        (_, Some(told)) => writing.compose(told, &[]),
        (_, None) => return Err("there is nothing to be told".to_owned()),
    };
    composed.map_err(|error| error.to_string())
}

fn approved(case: &Case) -> What {
    What::ObjectionApproved(Step { case: case.summary.case, by: By::Reviewer, commitment: None })
}

fn extended(case: &Case, extension: &Extension) -> What {
    let commitment = Hash([0; 32]);
    What::DeadlineExtended { case: case.summary.case, until: extension.until, commitment }
}
