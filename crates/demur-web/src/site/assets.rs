//! Files that pages ask for. They hold nothing about anybody and may be kept.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const STYLE: &str = include_str!("../../assets/style.css");
const FORM_STYLE: &str = include_str!("../../assets/form.css");

/// The style of every page.
pub(crate) async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=600")];
    (headers, STYLE).into_response()
}

/// What the form for people without an account has beside it.
pub(crate) async fn form_style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=600")];
    (headers, FORM_STYLE).into_response()
}
