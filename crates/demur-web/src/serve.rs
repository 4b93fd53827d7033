//! From the list of addresses to a running server.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, any};
use tokio::net::TcpListener;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::api::body::LARGEST;
use crate::app::Shared;
use crate::guard;
use crate::ops;
use crate::routes::{Access, Route, routes};
use crate::site::headers;
use crate::site::problem::{self, Problem};

/// The largest body that is read: the longest form with room to spare. Nothing is uploaded.
const BODY: usize = 64 * 1024;
/// How long an answer may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The site as a service, for a server or for tests.
pub fn router(app: Shared) -> Router {
    let mut router = Router::new();
    for Route { path, access, handler, .. } in routes() {
        let limit = if let Access::Key(_) = access { LARGEST } else { BODY };
        let guard = from_fn_with_state((app.clone(), access), guard::stand);
        let handler: MethodRouter<Shared> = handler.layer(guard);
        let handler: MethodRouter<Shared> = handler.layer(RequestBodyLimitLayer::new(limit));
        router = router.route(path, handler);
    }
    router
        .fallback(any(|| async { Problem::NotFound }))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(from_fn_with_state(app.clone(), problem::render))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), ops::watch))
        .with_state(app)
}

/// Answers on `listener` until `stop` is done, then finishes what was begun.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    app: Shared,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
