//! Letters that were given up: somebody has a right to each, so a person must see to it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use demur_register::{Error, Register};

use super::{Bar, words};
use crate::acts::{self, StuckLetter};
use crate::app::Shared;
use crate::guard::Visitor;
use crate::site::frame::html;
use crate::site::problem::Problem;

/// How many are listed; what is done makes room for more.
const MANY: usize = 200;

#[derive(Template)]
#[template(path = "console/mails.html")]
struct Page {
    bar: Bar,
    letters: Vec<Line>,
    is_full: bool,
}

struct Line {
    case: String,
    what: &'static str,
    why: &'static str,
    position: u64,
    can_be_told: bool,
}

/// How many there are, as far as they are counted.
pub(super) fn count_failed(register: &Register) -> Result<u64, Error> {
    Ok(acts::stuck_letters(register, MANY)?.len() as u64)
}

pub(super) async fn show(State(app): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    let bar = Bar::new(&app, &visitor, "mails", "Mails that failed").await?;
    let letters = app.registry.read(|register| acts::stuck_letters(register, MANY)).await?;
    let is_full = letters.len() == MANY;
    let letters = letters.into_iter().map(line).collect();
    Ok(html(StatusCode::OK, &Page { bar, letters, is_full }))
}

fn line(letter: StuckLetter) -> Line {
    Line {
        case: letter.case.to_string(),
        what: words::letter(letter.letter),
        why: super::case::stuck(letter.why),
        position: letter.position,
        can_be_told: super::case::can_be_told(letter.letter, letter.why),
    }
}
