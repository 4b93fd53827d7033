//! Whether the site is alive, and whether it is ready to serve.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::app::Shared;
use crate::registry::Failed;

/// How long the register may take to show that it is there.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long a good answer holds: whoever asks more often makes no more work.
const FRESH: SignedDuration = SignedDuration::from_secs(1);

/// When the register was last there.
#[derive(Default)]
pub(crate) struct Readiness(Mutex<Option<Timestamp>>);

/// The process runs.
pub(crate) async fn alive() -> Response {
    say(StatusCode::OK, "alive\n")
}

/// The register can be read, and its writer writes.
pub(crate) async fn ready(State(app): State<Shared>) -> Response {
    let mut last = app.readiness.0.lock().await;
    let now = app.now();
    let is_fresh = last.is_some_and(|last| now.duration_since(last) < FRESH);
    if !is_fresh {
        let probe = tokio::time::timeout(PATIENCE, probe(&app)).await;
        *last = match probe {
            Ok(Ok(())) => Some(now),
            Ok(Err(error)) => {
                tracing::error!(%error, "not ready");
                None
            }
            Err(_) => {
                tracing::error!("not ready: the register does not answer");
                None
            }
        };
    }
    match *last {
        Some(_) => say(StatusCode::OK, "ready\n"),
        None => say(StatusCode::SERVICE_UNAVAILABLE, "the register is not available\n"),
    }
}

async fn probe(app: &Shared) -> Result<(), Failed> {
    app.registry.read(|register| register.size().map(drop)).await?;
    // An act that does nothing goes all the way to the disk.
    app.registry.act(|_| Ok(())).await
}

fn say(status: StatusCode, text: &'static str) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
