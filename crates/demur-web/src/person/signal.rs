//! `Sec-GPC: 1` from somebody whom we know (Art. 21(5)): noted once for each purpose, and an objection
//! where the purpose says so. What a person has said themselves goes before what their browser says:
//! once they withdrew, the signal objects no more.

use demur_core::id::AccountId;
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::Signals;
use demur_register::desk::Drawer;
use demur_register::event::Source;
use demur_register::{Act, CaseId, Error, NewObjection, account_text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::acts;
use crate::app::Shared;
use crate::directory::Person;
use crate::person::held::{self, Held};
use crate::registry::Failed;
use crate::settings::PurposeSettings;

/// That a signal was seen.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The purpose for which it was noted.
    pub(super) purpose: String,
    /// When it was first seen.
    first_seen: Timestamp,
    /// Whether it has done what it may: it objects at most once.
    spent: bool,
    /// The case that it opened.
    pub(super) case: Option<CaseId>,
}

/// Notes the signal of a person, and objects where it counts as that.
pub(super) async fn heed(app: &Shared, person: &Person) -> Result<(), Failed> {
    let marks = marks(app, person).await?;
    let mut todo = Vec::new();
    let heeded = app.settings.purposes.iter().filter(|s| s.purpose.signals != Signals::Ignore);
    for settings in heeded {
        let of_purpose = || marks.iter().filter(|mark| mark.purpose == settings.purpose.id);
        let is_done = of_purpose().any(|mark| mark.spent)
            || of_purpose().next().is_some() && !signals_object(settings);
        if !is_done {
            todo.push(settings);
        }
    }
    if todo.is_empty() {
        return Ok(());
    }
    let cases = held::cases(app, person).await?;
    for settings in todo {
        let objection = objection(app, person, settings, &cases);
        let spent = signals_object(settings);
        let (purpose, account) = (settings.purpose.id.clone(), person.account.clone());
        app.registry.act(move |act| note(act, &account, purpose, spent, objection)).await?;
    }
    Ok(())
}

/// What was noted of a person's signal, on any of their accounts.
pub(super) async fn marks(app: &Shared, person: &Person) -> Result<Vec<Mark>, Failed> {
    let ids = app.settings.purposes.iter().map(|settings| &settings.purpose.id);
    let names: Vec<Vec<u8>> =
        ids.flat_map(|id| person.accounts.iter().map(|account| name(account, id))).collect();
    app.registry
        .read(move |register| {
            let mut marks = Vec::new();
            for name in names {
                let item = register.item(Drawer::Signal, &name)?;
                marks.extend(item.and_then(|item| serde_json::from_str(&item.text).ok()));
            }
            Ok(marks)
        })
        .await
}

/// Whether a signal is an objection for this purpose.
fn signals_object(settings: &PurposeSettings) -> bool {
    settings.purpose.signals == Signals::Object
}

/// What the signal objects to: what is not covered yet, unless the person withdrew before.
fn objection(
    app: &Shared,
    person: &Person,
    settings: &PurposeSettings,
    cases: &[Held],
) -> Option<NewObjection> {
    let purpose = &settings.purpose.id;
    let withdrew = cases.iter().map(|held| &held.summary).any(|case| {
        case.purpose == *purpose && !case.names_record && case.status == Status::Withdrawn
    });
    let scopes = held::left(Scopes::OWN, held::covered(cases, purpose));
    let objects = signals_object(settings) && !withdrew && !scopes.is_empty();
    objects.then(|| NewObjection {
        account: Some(person.account.clone()),
        record: None,
        purpose: purpose.clone(),
        scopes,
        received_at: app.now(),
        grounds: None,
        contact: None,
        source: Source::Agent,
    })
}

/// Notes it and objects, unless another request of the same browser was faster.
fn note(
    act: &mut Act<'_, '_>,
    account: &AccountId,
    purpose: String,
    spent: bool,
    objection: Option<NewObjection>,
) -> Result<(), Error> {
    let name = name(account, &purpose);
    let known = act.item(Drawer::Signal, &name)?;
    let known: Option<Mark> = known.and_then(|item| serde_json::from_str(&item.text).ok());
    if known.as_ref().is_some_and(|mark| mark.spent) {
        return Ok(());
    }
    let first_seen = known.map_or(act.at(), |mark| mark.first_seen);
    let submitted = objection.map(|new| acts::submit(act, new)).transpose()?;
    let case = submitted.filter(|submitted| submitted.is_new).map(|submitted| submitted.case);
    let mark = Mark { purpose, first_seen, spent, case };
    let text = serde_json::to_string(&mark).unwrap_or_default();
    act.put(Drawer::Signal, &name, first_seen, Some(account), &text).map(drop)
}

/// The name under which a signal is noted.
fn name(account: &AccountId, purpose: &str) -> Vec<u8> {
    format!("{}:{purpose}{}", purpose.len(), account_text(account)).into_bytes()
}
