//! Pages for people.

mod case;
mod link;
mod no_account;
mod public_notice;

pub(crate) use no_account::PerDay;

use axum::routing::{get, post};
use demur_register::{CaseId, Link, LinkKind};
use jiff::tz::TimeZone;

use crate::app::App;
use crate::guard::after;
use crate::routes::{Access, Route, act, show};
use crate::settings::PurposeSettings;
use crate::site::problem::Problem;

/// Their addresses.
pub(crate) fn routes() -> Vec<Route> {
    let mut all = vec![
        show("/o/{token}", Access::Public, get(link::show)),
        act("/o/{token}", Access::Public, post(link::act)),
        show("/notice/{purpose}", Access::Public, get(public_notice::show)),
    ];
    all.extend(case::routes());
    all.extend(no_account::routes());
    all
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
