//! Staff sign in where they work; a group says what they may do.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::attempt::{Door, over};
use super::claims::{self, Claims};
use super::provider::Failure;
use super::way::{Back, confirmed, leave};
use crate::app::Shared;
use crate::console;
use crate::guard::{self, Role, Visitor, Who, see_other, with_cookie};
use crate::settings::StaffOidc;
use crate::site::limits::{Limit, take_from};
use crate::site::problem::Problem;

/// Where it begins.
pub(super) const START: &str = "/console/sign-in/oidc";
/// Where the provider sends staff back to.
pub(super) const BACK: &str = "/console/sign-in/oidc/callback";
const DOOR: Door = Door::Staff;
/// The longest name that is taken into the log, in characters.
const LONGEST: usize = 120;

/// Why somebody may not in.
enum Unadmitted {
    By(Failure),
    /// They are confirmed, and in neither group.
    Outside,
    /// They are confirmed, and have no name.
    Nameless,
}

/// Sends staff to the provider.
pub(super) async fn start(
    State(app): State<Shared>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let provider = app.providers.staff.as_ref().ok_or(Problem::NotFound)?;
    if visitor.staff().is_some() {
        return Ok(see_other("/console"));
    }
    match leave(&app, provider, &visitor, DOOR).await? {
        Ok(response) => Ok(response),
        Err(failure) => Ok(page(&Unadmitted::By(failure))),
    }
}

/// Signs in whoever comes back.
pub(super) async fn back(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    sent: Result<Query<Back>, QueryRejection>,
) -> Result<Response, Problem> {
    let (Some(provider), Some(settings)) = (&app.providers.staff, &app.settings.oidc_staff) else {
        return Err(Problem::NotFound);
    };
    if visitor.staff().is_some() {
        return Ok(over(&app, DOOR, see_other("/console")));
    }
    let sent = sent.map(|Query(sent)| sent).unwrap_or_default();
    let wanted = [settings.provider.account_claim.as_str(), settings.groups_claim.as_str()];
    let admitted = confirmed(&app, provider, &headers, sent, DOOR, &wanted)
        .await
        .map_err(Unadmitted::By)
        .and_then(|claims| admit(settings, &claims));
    let response = match admitted {
        Ok((name, role)) => {
            if let Some(session) = &visitor.session {
                guard::sign_out(&app, session).await?;
            }
            let cookie = guard::sign_in(&app, Who::Staff { name, role }).await?;
            with_cookie(see_other("/console"), cookie)
        }
        Err(unadmitted) => {
            take_from(&app, Limit::Guesses, visitor.address).await?;
            page(&unadmitted)
        }
    };
    Ok(over(&app, DOOR, response))
}

fn admit(settings: &StaffOidc, claims: &Claims) -> Result<(String, Role), Unadmitted> {
    let groups = claims::list(claims, &settings.groups_claim);
    let is_in = |group: &Option<String>| group.as_deref().is_some_and(|g| groups.contains(&g));
    let role = if is_in(&settings.reviewer_group) {
        Role::Reviewer
    } else if is_in(&settings.auditor_group) {
        Role::Auditor
    } else {
        return Err(Unadmitted::Outside);
    };
    let name = claims::text(claims, &settings.provider.account_claim).unwrap_or_default();
    let name = name.trim();
    // It stands in letters and in the log for good.
    let fits = !name.is_empty() && name.chars().count() <= LONGEST;
    if !fits || name.chars().any(char::is_control) {
        return Err(Unadmitted::Nameless);
    }
    Ok((name.to_owned(), role))
}

/// Says that it did not work; like the console itself, in English.
fn page(why: &Unadmitted) -> Response {
    let (status, title, text) = match why {
        Unadmitted::By(Failure::Down(_)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Signing in did not work",
            "The sign-in service does not answer. Try again in a few minutes, or sign in with a local account.",
        ),
        Unadmitted::By(Failure::Unconfirmed(_)) => (
            StatusCode::FORBIDDEN,
            "Signing in did not work",
            "The sign-in service did not confirm who you are. Try again; if it goes on, tell whoever runs this site.",
        ),
        Unadmitted::Outside => (
            StatusCode::FORBIDDEN,
            "You may not use the console",
            "You are signed in where you work, but in no group that may use the console. Whoever runs this site can change that.",
        ),
        Unadmitted::Nameless => (
            StatusCode::FORBIDDEN,
            "You may not use the console",
            "The sign-in service gives no usable name for you, and decisions need one. Whoever runs this site can change that.",
        ),
    };
    console::failed(status, title, text)
}
