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

/// The style of the console's pages.
pub(crate) async fn console_style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=600")];
    (headers, include_str!("../../assets/console.css")).into_response()
}

/// Keys for the console's pages, which work without.
pub(crate) async fn console_script() -> Response {
    let headers =
        [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "max-age=600")];
    (headers, include_str!("../../assets/console.js")).into_response()
}
