//! Files that pages ask for. They hold nothing about anybody and may be kept.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const ICON: &str = include_str!("../../assets/icon.svg");
const STYLE: &str = include_str!("../../assets/style.css");

/// The style of every page.
pub(crate) async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=600")];
    (headers, STYLE).into_response()
}

/// The picture beside the title of a window. Browsers ask for one whether or not there is any.
pub(crate) async fn icon() -> Response {
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "max-age=86400")];
    (headers, ICON).into_response()
}
