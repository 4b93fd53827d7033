//! What reviewers are reminded of. They are written to in English.

use crate::compose::{Block, Composed, compose};
use crate::language::Language;

/// The mail: a line for each thing that waits, and where to go.
#[must_use]
pub fn compose_reminder(lines: &[String], console: &str) -> Composed {
    let subject = "Objections that wait for an answer";
    let blocks = [
        Block::Title(subject.to_owned()),
        Block::Items(lines.to_vec()),
        Block::Button { label: "Open the console".to_owned(), url: console.to_owned() },
    ];
    compose(Language::ENGLISH, subject, &blocks)
}
