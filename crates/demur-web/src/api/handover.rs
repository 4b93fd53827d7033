//! Handing a person over who is signed in to the platform's app: its backend asks for a one-time
//! address, and opens it in the app's web view. Nobody identified is asked again (Art. 12(6)).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_register::account_text;
use demur_register::desk::Drawer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::Body;
use crate::api::key::Caller;
use crate::api::objections::{NO_ACCOUNT, account};
use crate::api::problem::{ApiProblem, FieldError};
use crate::app::Shared;
use crate::guard::after;

/// Who is handed over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Handover {
    /// The account that is signed in, as the platform writes its id.
    #[schema(max_length = 1024)]
    account: String,
}

/// Where to open the privacy centre.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandoverAnswer {
    /// The address. It works once, for whoever opens it: give it to nobody but this person.
    #[schema(format = "uri", example = "https://privacy.example/privacy/enter/…")]
    url: String,
    /// Until when.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Makes a one-time address that signs a person in to the privacy centre.
///
/// Whoever calls vouches that the person is signed in to this account. Asking again makes another
/// address; there is nothing to repeat safely, so no idempotency key is taken.
#[utoipa::path(
    post,
    path = "/api/v1/handover",
    tag = "People",
    operation_id = "handOver",
    security(("key" = ["people:handover"])),
    request_body = Handover,
    responses(
        (status = 201, description = "The address", body = HandoverAnswer),
        super::NotAdmitted, super::NotAccepted,
    ),
)]
pub(crate) async fn make(
    State(app): State<Shared>,
    _: Caller,
    body: Body<Handover>,
) -> Result<Response, ApiProblem> {
    let Some(account) = account(&app, &body.said.account) else {
        let error = FieldError { pointer: "#/account".into(), detail: NO_ACCOUNT.into() };
        return Err(ApiProblem::fields(vec![error]));
    };
    let now = app.now();
    let until = after(now, app.settings.times.handover);
    let token = app
        .registry
        .act(move |act| {
            // Those that nobody opened go as new ones come.
            act.lapse(Drawer::Handover, now)?;
            let token: [u8; 32] = act.random();
            act.put(Drawer::Handover, &token, until, Some(&account), &account_text(&account))?;
            Ok(token)
        })
        .await?;
    let token = URL_SAFE_NO_PAD.encode(token);
    let url = format!("{}/privacy/enter/{token}", app.settings.url);
    let answer = HandoverAnswer { url, expires_at: until.to_string() };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}
