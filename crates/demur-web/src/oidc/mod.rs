//! Signing in at a provider of OpenID Connect: people at the platform's, staff at their own.
//!
//! The authorization code flow with PKCE, state and nonce. Both are addresses that are looked at, not
//! forms: the content policy lets no form lead elsewhere. Nothing is stored before somebody is signed
//! in: what ties the way there to the way back is one random cookie (see [`attempt`]). A provider that is
//! down takes nothing else with it; the page says so and names the other ways.
//!
//! Of what a provider says nothing is logged, only which step failed.

mod attempt;
mod claims;
mod http;
mod person;
mod provider;
mod staff;
mod way;

use axum::routing::get;

use crate::routes::{Access, Route, show};
use crate::settings::Settings;
pub(crate) use person::START as PEOPLE;
use provider::Provider;

/// Their addresses.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        show(person::START, Access::Public, get(person::start)),
        show(person::BACK, Access::Public, get(person::back)),
        show(staff::START, Access::Public, get(staff::start)),
        show(staff::BACK, Access::Public, get(staff::back)),
    ]
}

/// The providers that the operator named.
pub(crate) struct Providers {
    people: Option<Provider>,
    staff: Option<Provider>,
}

impl Providers {
    /// Those of the settings; none is asked anything yet.
    pub(crate) fn of(settings: &Settings) -> Self {
        let people = settings.oidc_people.as_ref();
        let staff = settings.oidc_staff.as_ref().map(|staff| &staff.provider);
        let at = |path: &str| format!("{}{path}", settings.url);
        Providers {
            people: people.map(|oidc| Provider::new(oidc.clone(), at(person::BACK))),
            staff: staff.map(|oidc| Provider::new(oidc.clone(), at(staff::BACK))),
        }
    }
}
