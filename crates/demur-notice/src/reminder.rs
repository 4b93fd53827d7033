//! Reminders for reviewers of what waits for an answer. Reviewers are written to in English.

use crate::compose::{Block, Composed, compose};
use crate::language::Language;

/// A mail with a line for each thing, and the way to the console.
#[must_use]
pub fn reminder(lines: &[String], console: &str) -> Composed {
    let subject = "Objections that wait for an answer";
    let blocks = [
        Block::Title(subject.to_owned()),
        Block::Items(lines.to_vec()),
        Block::Button { label: "Open the console".to_owned(), url: console.to_owned() },
    ];
    compose(Language::ENGLISH, subject, &blocks)
}
