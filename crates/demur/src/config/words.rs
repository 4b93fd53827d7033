//! Reads what people are told of a purpose, in the controller's own words and in several languages.
//!
//! These words are no part of [`Purpose`]: whoever mends a sentence changes no rule, and no digest.

use std::collections::BTreeMap;

use demur_core::purpose::Purpose;
use demur_notice::Language;

use super::people;
use super::reader::Section;

/// The words about one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PurposeText {
    /// In the configuration's own language; the title stands in the purpose.
    own: Words,
    /// In others.
    translations: BTreeMap<Language, Words>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    title: Option<String>,
    interest: Option<String>,
    retention: Option<String>,
    transfers: Option<String>,
}

impl Words {
    const NONE: Words = Words { title: None, interest: None, retention: None, transfers: None };
}

/// What people are told of a purpose in one language; what nobody translated is in the
/// configuration's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told<'a> {
    /// What it is.
    pub(crate) title: &'a str,
    /// The interest that is pursued, in plain words (Art. 13(1)(d)).
    pub(crate) interest: Option<&'a str>,
    /// How long the data is kept (Art. 13(2)(a)).
    pub(crate) retention: Option<&'a str>,
    /// Transfers outside the European Economic Area, with their safeguards (Art. 13(1)(f)).
    pub(crate) transfers: Option<&'a str>,
    /// Whether any of it is in the configuration's own language for want of a translation.
    pub(crate) is_mixed: bool,
}

impl PurposeText {
    /// No words at all.
    pub(super) const NONE: PurposeText =
        PurposeText { own: Words::NONE, translations: BTreeMap::new() };

    /// The words for people of a language; `own` is the configuration's.
    pub(super) fn told<'a>(
        &'a self,
        purpose: &'a Purpose,
        language: Language,
        own: Language,
    ) -> Told<'a> {
        let translated = self.translations.get(&language);
        let mut is_mixed = false;
        let mut pick = |field: fn(&Words) -> &Option<String>| {
            let found = translated.and_then(|words| field(words).as_deref());
            let word = found.or(field(&self.own).as_deref());
            is_mixed |= word.is_some() && found.is_none() && language != own;
            word
        };
        let interest = pick(|words| &words.interest);
        let retention = pick(|words| &words.retention);
        let transfers = pick(|words| &words.transfers);
        let title = translated.and_then(|words| words.title.as_deref());
        is_mixed |= title.is_none() && language != own;
        Told { title: title.unwrap_or(&purpose.title), interest, retention, transfers, is_mixed }
    }

    /// Names the keys without which no notice may go out (Art. 13(1)(d), 13(2)(a)).
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        [("interest_text", &self.own.interest), ("retention", &self.own.retention)]
            .into_iter()
            .filter_map(|(key, words)| words.is_none().then_some(key))
            .collect()
    }
}

/// Reads the words of one `[[purpose]]`.
pub(super) fn words(section: &Section<'_>) -> PurposeText {
    const FIX: &str = "write `translations = { de = { title = \"…\", interest = \"…\", retention = \
                       \"…\" } }`";
    let own = Words {
        title: None,
        interest: section.text("interest_text"),
        retention: section.text("retention"),
        transfers: section.text("transfers"),
    };
    let mut text = PurposeText { own, ..PurposeText::NONE };
    let Some(item) = section.item("translations") else { return text };
    let Some(table) = item.free_table(item.within(section), FIX) else { return text };
    for item in table.items() {
        let Some(language) = people::language(&item, Some(item.key)) else { continue };
        let keys = ["title", "interest", "retention", "transfers"];
        let Some(words) = item.table(item.within(&table), &keys, FIX) else { continue };
        let [title, interest, retention, transfers] = keys.map(|key| words.text(key));
        text.translations.insert(language, Words { title, interest, retention, transfers });
    }
    text
}
