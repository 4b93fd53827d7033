//! What people write: one grammar for each language, and the pen that writes with it.
//!
//! A grammar file is a list of rules: `= name`, then one alternative a line. Inside an alternative
//! `{rule}` stands for one of that rule's alternatives, `{@}` for a friend's full name and `{@1}` for
//! a friend's first name (both are recorded as mentions), `{3-9}` for a number, `[a|b|]` for a choice
//! on the spot, `{.}` for a full stop where nothing ends the sentence yet, and `<m|f>` for what agrees
//! with the author's gender. Lines that begin with `//` are remarks. The rules of `shared.txt` are in
//! every grammar; an alternative of `post` or `comment` that stands there twice is chosen twice as
//! often.

mod grammar;
mod pen;

pub(super) use grammar::{Grammar, RuleId};
pub(super) use pen::{Pen, Voice};

/// The languages that people write in, with their grammars.
const SOURCES: [(&str, &str); 9] = [
    ("en", include_str!("en.txt")),
    ("de", include_str!("de.txt")),
    ("fr", include_str!("fr.txt")),
    ("es", include_str!("es.txt")),
    ("it", include_str!("it.txt")),
    ("pl", include_str!("pl.txt")),
    ("nl", include_str!("nl.txt")),
    ("pt", include_str!("pt.txt")),
    ("sv", include_str!("sv.txt")),
];

/// One language: its grammar and where each kind of text begins.
pub(super) struct Language {
    /// The two-letter code.
    pub(super) code: &'static str,
    /// The rules.
    pub(super) grammar: Grammar,
    /// Posts.
    pub(super) post: RuleId,
    /// Comments.
    pub(super) comment: RuleId,
    /// Captions of photos.
    pub(super) photo: RuleId,
    /// What people say to the platform's AI.
    pub(super) ai: RuleId,
    /// Stories, gone after a day.
    pub(super) story: RuleId,
    /// Why people object.
    pub(super) reason: RuleId,
}

/// All languages, English first.
///
/// # Errors
/// Says which grammar is broken, and where.
pub(super) fn languages() -> Result<Vec<Language>, String> {
    SOURCES
        .iter()
        .map(|(code, source)| {
            let grammar = Grammar::parse(&[include_str!("shared.txt"), source])
                .map_err(|problem| format!("the texts in \"{code}\": {problem}"))?;
            let root = |name| {
                grammar
                    .rule(name)
                    .ok_or_else(|| format!("the texts in \"{code}\": no rule \"{name}\""))
            };
            Ok(Language {
                code,
                post: root("post")?,
                comment: root("comment")?,
                photo: root("photo")?,
                ai: root("ai")?,
                story: root("story")?,
                reason: root("reason")?,
                grammar,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grammar_is_whole_and_uses_all_its_rules() {
        for language in languages().unwrap() {
            let unused = language.grammar.unused(&[
                language.post,
                language.comment,
                language.photo,
                language.ai,
                language.story,
                language.reason,
            ]);
            assert!(unused.is_empty(), "{}: {unused:?}", language.code);
        }
    }
}
