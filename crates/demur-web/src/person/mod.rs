//! Pages for people.

mod case;
mod centre;
mod code;
mod held;
mod identify;
mod link;
mod no_account;
mod object;
mod public_notice;
mod signal;
mod used;
mod withdraw;

use axum::routing::{get, post};
use demur_core::id::AccountId;
use demur_register::{CaseId, Link, LinkKind};
use jiff::tz::TimeZone;

use crate::app::App;
use crate::directory::Person;
use crate::guard::after;
use crate::routes::{Access, Route, act, show};
use crate::settings::PurposeSettings;
use crate::site::problem::Problem;

/// Their addresses.
pub(crate) fn routes() -> Vec<Route> {
    let mut all = vec![
        show("/o/{token}", Access::Public, get(link::show)),
        act("/o/{token}", Access::Public, post(link::act)),
        act("/o/{token}/privacy", Access::Public, post(link::enter)),
        show("/privacy", Access::Public, get(centre::show)),
        act("/privacy/object", Access::Person, post(object::act)),
        show("/privacy/withdraw", Access::Person, get(withdraw::show)),
        act("/privacy/withdraw", Access::Person, post(withdraw::act)),
        act("/privacy/sign-out", Access::Person, post(identify::sign_out)),
        act("/privacy/code", Access::Public, post(code::ask)),
        show("/privacy/enter", Access::Public, get(code::show)),
        act("/privacy/enter", Access::Public, post(code::enter)),
        show("/privacy/enter/{token}", Access::Public, get(identify::hand_over)),
        show("/notice/{purpose}", Access::Public, get(public_notice::show)),
    ];
    all.extend(case::routes());
    all.extend(no_account::routes());
    all
}

/// The person of an account; one that is gone from the account facts is still heard.
fn person(app: &App, account: &AccountId) -> Person {
    app.directory.person(account).unwrap_or_else(|| Person {
        account: account.clone(),
        accounts: vec![account.clone()],
        email: None,
        language: None,
        country: None,
    })
}

/// The time zone in which a purpose counts its days.
pub(crate) fn zone(settings: &PurposeSettings) -> Result<TimeZone, Problem> {
    let zone = demur_core::day::Zone::named(&settings.purpose.time_zone);
    zone.map(|zone| zone.time_zone().clone()).map_err(|_| Problem::Internal)
}

/// The personal address of a case's page, as letters carry it.
pub(crate) fn case_address(app: &App, case: CaseId) -> String {
    let now = app.now();
    let expires_at = after(now, app.settings.times.link);
    let link = Link { kind: LinkKind::Case(case), issued_at: now, expires_at };
    format!("/c/{}", app.links.seal(&link))
}
