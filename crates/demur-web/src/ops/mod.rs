//! For whoever keeps the site running: is it alive, is it ready, how is it doing, what happened.
//!
//! None of it names anybody. Addresses of the site are told by their templates, `/o/{token}` and not
//! `/o/…`, because a whole address is a person's.

mod health;
mod logs;
pub(crate) mod metrics;
pub(crate) mod tally;

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;

use crate::api::key::KeyScope;
use crate::app::Shared;
use crate::routes::{Access, Route, show};

pub(crate) use health::Readiness;
pub use logs::{init_logs, log_subscriber};

/// The addresses.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        show("/healthz", Access::Public, get(health::alive)),
        show("/readyz", Access::Public, get(health::ready)),
        show("/metrics", Access::Key(KeyScope::MetricsRead), get(metrics::show)),
    ]
}

/// Counts and logs every request: its template, its answer, how long it took.
pub(crate) async fn watch(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let took = begun.elapsed();
    let route = path.as_ref().map_or("none", MatchedPath::as_str);
    let (method, status) = (metrics::method(&method), response.status().as_u16());
    app.metrics.request(method, route, status, took);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(method, route, status, ms, "request");
    response
}
