//! The transparency page: how many objected, what became of it, how long it took, in numbers that point
//! at nobody.

mod cache;
mod chart;
mod files;
mod page;
mod protect;
mod publish;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

pub(crate) use cache::Cache;

use crate::app::Shared;
use crate::routes::{Access, Route, show};
use crate::site::assets;
use crate::site::problem::Problem;

/// Its addresses.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        show("/transparency", Access::Public, get(page::show)),
        show("/transparency.json", Access::Public, get(json)),
        show("/transparency.csv", Access::Public, get(csv)),
        show("/figures.css", Access::Public, get(assets::figures_style)),
    ]
}

async fn json(State(app): State<Shared>) -> Result<Response, Problem> {
    let published = cache::published(&app).await?;
    let text = files::json(&published).to_string();
    Ok((open("application/json"), text).into_response())
}

async fn csv(State(app): State<Shared>) -> Result<Response, Problem> {
    let published = cache::published(&app).await?;
    let name = (CONTENT_DISPOSITION, "attachment; filename=\"transparency.csv\"");
    Ok((open("text/csv; charset=utf-8; header=present"), [name], files::csv(&published))
        .into_response())
}

/// Headers of what every other site may read too.
fn open(kind: &'static str) -> [(HeaderName, &'static str); 4] {
    [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "public, max-age=300"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ]
}
