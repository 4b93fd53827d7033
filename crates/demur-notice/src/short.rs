//! Short mails that belong to no case: a code, that there is no account, a reminder for reviewers.

use crate::compose::{Block, Composed, compose};
use crate::language::Language;
use crate::messages::text;

/// A one-time code that somebody asked for, and how long it is valid.
#[must_use]
pub fn code(language: Language, code: &str, minutes: u64) -> Composed {
    let subject = text(language, "form-code-subject", &[("code", code.into())]);
    let args = [("code", code.into()), ("minutes", minutes.into())];
    let words = text(language, "form-code-mail", &args);
    compose(language, &subject, &[Block::Title(subject.clone()), Block::Paragraph(words)])
}

/// A code was asked for, and no account has the address: where to object all the same.
#[must_use]
pub fn no_account(language: Language, form: &str) -> Composed {
    let say = |id| text(language, id, &[]);
    let subject = say("mail-no-account-subject");
    let blocks = [
        Block::Title(subject.clone()),
        Block::Paragraph(say("mail-no-account")),
        Block::Button { label: say("site-no-account"), url: form.to_owned() },
    ];
    compose(language, &subject, &blocks)
}

/// What reviewers are reminded of; reviewers are written to in English.
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
