//! The languages in which people are addressed (Art. 12(1)).

use std::fmt;

use crate::messages;

/// A language's file.
pub(crate) struct Locale {
    /// BCP 47 tag: the name of the file.
    pub(crate) code: &'static str,
    /// What the file says.
    pub(crate) source: &'static str,
}

macro_rules! locales {
    ($($code:literal),+ $(,)?) => {
        &[$(Locale {
            code: $code,
            source: include_str!(concat!("../locales/", $code, ".ftl")),
        }),+]
    };
}

// To add a language, translate `locales/en.ftl` into `locales/<tag>.ftl` and name the tag here. The
// tests then say which message is missing, takes other variables or is still English. English stays
// first: it is the one that people get whose own is not here.
pub(crate) static LOCALES: &[Locale] = locales!["en", "de", "fr", "es", "it", "pl"];

/// Parts of an `Accept-Language` header that are looked at; no browser sends as many.
const LONGEST_LIST: usize = 64;

/// One of the languages in which every message exists.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(u8);

impl Language {
    /// The language of whoever asks for one that is not here.
    pub const ENGLISH: Language = Language(0);

    /// Every language, English first.
    pub fn all() -> impl ExactSizeIterator<Item = Language> + Clone {
        (0..LOCALES.len()).map(|index| Language(index as u8))
    }

    /// Its BCP 47 tag, as `lang` attributes and headers take it.
    #[must_use]
    pub fn code(self) -> &'static str {
        LOCALES[self.index()].code
    }

    /// What it calls itself: a list of languages is read by people who know none but their own.
    #[must_use]
    pub fn endonym(self) -> String {
        messages::text(self, "language-name", &[])
    }

    /// The language of a locale such as `de-AT`, `de_AT.UTF-8` or `DE`.
    ///
    /// ```
    /// use demur_notice::Language;
    /// assert_eq!(Language::from_locale("de-AT").map(Language::code), Some("de"));
    /// assert_eq!(Language::from_locale("nl"), None);
    /// ```
    #[must_use]
    pub fn from_locale(locale: &str) -> Option<Language> {
        let end = locale.find(['.', '@']).unwrap_or(locale.len());
        let mut wanted = locale[..end].trim().replace('_', "-");
        loop {
            let found = Language::all().find(|l| l.code().eq_ignore_ascii_case(&wanted));
            if found.is_some() {
                return found;
            }
            let shorter = wanted.rfind('-')?;
            wanted.truncate(shorter);
        }
    }

    /// The language for someone: their account's, else the browser's first choice that is here
    /// (RFC 9110, 12.5.4), else English.
    ///
    /// An account in a language that is not here leaves the choice to the browser.
    #[must_use]
    pub fn negotiate(account_locale: Option<&str>, accept_language: Option<&str>) -> Language {
        account_locale
            .and_then(Language::from_locale)
            .or_else(|| accept_language.and_then(preferred))
            .unwrap_or(Language::ENGLISH)
    }

    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for Language {
    fn default() -> Self {
        Language::ENGLISH
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The language that a header weighs most; among equals, the one that it names first.
fn preferred(header: &str) -> Option<Language> {
    let mut best: Option<(u16, Language)> = None;
    let mut refused = Vec::new();
    let mut any = 0;
    for part in header.split(',').take(LONGEST_LIST) {
        let (range, weight) = match part.split_once(';') {
            None => (part.trim(), 1000),
            Some((range, parameter)) => match quality(parameter) {
                Some(weight) => (range.trim(), weight),
                None => continue,
            },
        };
        if range == "*" {
            any = any.max(weight);
            continue;
        }
        let Some(language) = Language::from_locale(range) else { continue };
        if weight == 0 {
            refused.push(language);
        } else if best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    match best {
        Some((_, language)) => Some(language),
        None if any > 0 => Language::all().find(|language| !refused.contains(language)),
        None => None,
    }
}

/// A weight in thousandths: `q=0.8` is 800.
fn quality(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    let value = value.trim();
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|b| b.is_ascii_digit());
    if !name.trim().eq_ignore_ascii_case("q") || !digits {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiated(account: Option<&str>, header: &str) -> &'static str {
        Language::negotiate(account, Some(header)).code()
    }

    #[test]
    fn locales_are_read_in_every_spelling() {
        for spelling in ["de", "DE", "de-AT", "de_CH", "de_AT.UTF-8", "de-Latn-DE", " de "] {
            assert_eq!(Language::from_locale(spelling).unwrap().code(), "de", "{spelling}");
        }
        for unknown in ["", "-", "x", "deu", "nl-BE", "ü", "C.UTF-8"] {
            assert_eq!(Language::from_locale(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_account_comes_before_the_browser() {
        assert_eq!(negotiated(Some("pl_PL"), "de"), "pl");
        assert_eq!(negotiated(Some("nl"), "fr-CA"), "fr");
        assert_eq!(Language::negotiate(None, None), Language::ENGLISH);
    }

    #[test]
    fn weights_decide_and_then_the_order() {
        assert_eq!(negotiated(None, "nl, de;q=0.7, fr;q=0.9"), "fr");
        assert_eq!(negotiated(None, "it;q=0.5,es;q=0.5"), "it");
        assert_eq!(negotiated(None, "de;q=0, *;q=0.1"), "en");
        assert_eq!(negotiated(None, "en;q=0, *"), "de");
        assert_eq!(negotiated(None, "nl;q=1, pl ; q=0.001"), "pl");
        assert_eq!(negotiated(None, "de;q=2, fr;q=x, es;q=0.1234, it;q=0.2"), "it");
        assert_eq!(negotiated(None, "sv"), "en");
        assert_eq!(negotiated(None, ";;,,=,q=1"), "en");
    }

    #[test]
    fn endonyms_are_their_own() {
        let names: Vec<_> = Language::all().map(Language::endonym).collect();
        assert_eq!(names, ["English", "Deutsch", "Français", "Español", "Italiano", "Polski"]);
    }
}
