//! From a form to objections.

use demur_core::id::AccountId;
use demur_core::objection::Scopes;
use demur_notice::Language;
use demur_register::NewObjection;
use demur_register::event::{Contact, Route, Source};
use jiff::Timestamp;

use crate::app::App;

use super::form::{About, Filled, scopes};

/// How many people may share an address; more are left to a person.
const MOST_PEOPLE: usize = 10;

/// What a form asks for: to every purpose chosen, an objection for each thing named.
pub(super) fn objections(
    app: &App,
    filled: &Filled,
    about: About,
    email: &str,
    language: Language,
    received_at: Timestamp,
) -> Vec<NewObjection> {
    let mut all = Vec::new();
    for purpose in filled.purposes(&app.settings) {
        let contact = |route| {
            let (email, language) = (email.to_owned(), language.code().to_owned());
            Some(Contact { email, language, route })
        };
        let new = NewObjection {
            account: None,
            record: None,
            purpose: purpose.to_owned(),
            scopes: Scopes::NONE,
            received_at,
            grounds: None,
            contact: None,
            source: Source::PrivacyCentre,
        };
        match about {
            About::Items => all.extend(filled.items().into_iter().map(|item| NewObjection {
                record: Some(app.settings.record(item)),
                contact: contact(Route::Items),
                ..new.clone()
            })),
            About::Route(route) => all.push(NewObjection {
                scopes: scopes(route),
                grounds: filled.said(route),
                contact: contact(route),
                ..new
            }),
            About::Own => {
                let people = people(app, email);
                if people.is_empty() {
                    // Nobody here has the address: a person looks for what is meant.
                    let contact = contact(Route::Other);
                    all.push(NewObjection { scopes: Scopes::OWN, contact, ..new.clone() });
                }
                all.extend(people.into_iter().map(|account| NewObjection {
                    account: Some(account),
                    scopes: Scopes::OWN,
                    ..new.clone()
                }));
            }
        }
    }
    all
}

/// One account of each person who has an address; an objection covers all accounts of a person.
fn people(app: &App, email: &str) -> Vec<AccountId> {
    let mut people: Vec<(AccountId, Vec<AccountId>)> = Vec::new();
    for account in app.directory.with_email(email) {
        if people.iter().any(|(_, all)| all.contains(&account)) {
            continue;
        }
        let all = app.directory.person(&account).map(|person| person.accounts);
        people.push((account.clone(), all.unwrap_or_else(|| vec![account])));
    }
    people.into_iter().take(MOST_PEOPLE).map(|(account, _)| account).collect()
}
