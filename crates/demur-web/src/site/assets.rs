//! Files that pages ask for. They hold nothing about anybody and may be kept.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// The style of every page.
pub(crate) async fn style() -> Response {
    css(include_str!("../../assets/style.css"))
}

/// What the form for people without an account has beside it.
pub(crate) async fn form_style() -> Response {
    css(include_str!("../../assets/form.css"))
}

/// The style of the console's pages.
pub(crate) async fn console_style() -> Response {
    css(include_str!("../../assets/console.css"))
}

/// The style of the figures.
pub(crate) async fn figures_style() -> Response {
    css(include_str!("../../assets/figures.css"))
}

/// Keys for the console's pages, which work without.
pub(crate) async fn console_script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("../../assets/console.js"))
}

/// The picture beside the title of a window. Browsers ask for one whether or not there is any.
pub(crate) async fn icon() -> Response {
    file("image/svg+xml", include_str!("../../assets/icon.svg"))
}

fn css(text: &'static str) -> Response {
    file("text/css; charset=utf-8", text)
}

fn file(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "max-age=600")], text).into_response()
}
