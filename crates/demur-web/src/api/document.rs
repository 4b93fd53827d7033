//! The interface as an OpenAPI document, made from the code.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::api::{accounts, decision, handover, objections, problem, snapshots};

const ABOUT: &str = "\
Objections to the use of people's data (Art. 21 GDPR), for the platform's own systems and for software \
that acts for people.

Every address but this document takes a key, made by `demur key add NAME --scope SCOPE` and sent as \
`Authorization: Bearer`. Bodies are JSON of at most 4 MiB; unknown fields are refused. Account ids are \
text, as the platform writes them, so that no client rounds a number.

What goes wrong is told as problem details (RFC 9457); each `type` is an address that explains it. A \
request with an `Idempotency-Key` may be repeated until it is answered.

Whatever is unknown is excluded: an account that the account facts do not list is `unknown`, and its data \
is not to be used.";

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Demur", description = ABOUT, version = "1", license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT")),
    paths(
        objections::submit,
        objections::show,
        objections::withdraw,
        decision::decide,
        accounts::check,
        handover::make,
        snapshots::fetch,
        problem::explain,
        show
    ),
    modifiers(&Keys),
    tags(
        (name = "Objections", description = "What people said no to"),
        (name = "Decisions", description = "What became of it"),
        (name = "Accounts", description = "What holds for accounts"),
        (name = "People", description = "The way into the privacy centre"),
        (name = "Snapshots", description = "What workers judge by"),
        (name = "About this interface", description = "The interface in its own words"),
    ),
)]
struct Document;

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A key of this interface; each address names the scope that it takes",
            ))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

/// The document as JSON text, the same bytes each time.
static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = serde_json::to_string_pretty(&Document::openapi()).unwrap_or_default();
    text.push('\n');
    text
});

/// This document.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "About this interface",
    operation_id = "showDocument",
    security(),
    responses((status = 200, description = "An OpenAPI 3.1 document", content_type = "application/json", body = Object)),
)]
pub(crate) async fn show() -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "max-age=600")];
    (headers, TEXT.as_str()).into_response()
}
