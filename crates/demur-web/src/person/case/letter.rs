//! A letter of a case, to be read on a page: whoever lost the mail, or has no address, has it here.

use askama::Template;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::letters;
use crate::site::frame::{Frame, html};
use crate::site::problem::Problem;

use super::open::Opened;

#[derive(Template)]
#[template(path = "person/case/letter.html")]
struct Page {
    frame: Frame,
    letter: String,
    back: String,
}

/// Which letter: the first is 1.
#[derive(Deserialize)]
pub(super) struct Which {
    number: usize,
}

/// Shows one.
pub(super) async fn show(
    which: Result<Path<Which>, PathRejection>,
    opened: Opened,
) -> Result<Response, Problem> {
    let all = letters::all(&opened.case);
    let at = which.ok().and_then(|Path(which)| which.number.checked_sub(1));
    let told = *at.and_then(|at| all.get(at)).ok_or(Problem::NotFound)?;
    let address = opened.address();
    let written = opened.writing(&address).compose(told, &[]);
    let written = written.map_err(|_| Problem::NotFound)?;
    let day = opened.zone.to_datetime(opened.case.history[told.entry].at).date();
    let frame =
        Frame::new(&opened.app, &opened.visitor, "case-letter-title", &[("date", day.into())]);
    let page = Page { back: frame.to(&opened.base), letter: written.for_page(), frame };
    Ok(html(StatusCode::OK, &page))
}
