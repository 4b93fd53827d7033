//! Where someone can turn who is refused (Art. 12(4), 77, 79): the words that a reviewer is offered, and
//! whether what they made of them is still the usual.
//!
//! The register keeps a refusal's words as they are. Its letter says the usual ones in the person's
//! language, with the authority's address as a link, and any other as it stands.

use demur_core::authority::{AUTHORITIES, Authority, court_route};
use demur_notice::letter::{OwnWords, authority_name};
use demur_notice::{Language, messages};

/// An authority with its address.
pub(crate) fn authority(language: Language, authority: &Authority) -> String {
    format!("{}, {}", authority_name(language, authority), authority.web)
}

/// The way to the courts of someone who lives in a country.
pub(crate) fn court(language: Language, country: &str) -> String {
    messages::text(language, court_route(country).key, &[])
}

/// What a reviewer wrote in other words than the usual.
pub(crate) fn own_words<'a>(authority: &'a str, court_route: &'a str) -> OwnWords<'a> {
    OwnWords {
        authority: Some(authority).filter(|words| !is_usual_authority(words)),
        court_route: Some(court_route).filter(|words| !is_usual_court(words)),
    }
}

/// Whether a text names an authority and says nothing else; nothing at all is usual too.
fn is_usual_authority(words: &str) -> bool {
    let says_nothing = |words: &str| !words.contains(char::is_alphanumeric);
    let names_only = |authority: &Authority| {
        let Authority { name, english, web, .. } = authority;
        [*web, *name, *english]
            .into_iter()
            .try_fold(words.to_owned(), |rest, part| Some(rest.replacen(part, "", 1)))
            .is_some_and(|rest: String| says_nothing(&rest))
    };
    says_nothing(words) || AUTHORITIES.iter().any(names_only)
}

fn is_usual_court(words: &str) -> bool {
    let usual = |country| {
        let english = court_route(country).english;
        words.trim() == english || Language::all().any(|l| words.trim() == court(l, country))
    };
    words.trim().is_empty() || usual("IE") || usual("")
}

#[cfg(test)]
mod tests {
    use demur_core::authority::for_country;

    use super::*;

    #[test]
    fn what_is_offered_is_usual_in_every_language() {
        for language in Language::all() {
            for known in &AUTHORITIES {
                let authority = authority(language, known);
                let court = court(language, known.country);
                assert_eq!(own_words(&authority, &court), OwnWords::default(), "{authority}");
            }
        }
    }

    #[test]
    fn what_the_command_line_writes_is_usual() {
        let german = for_country("DE").unwrap();
        let written = format!("{} ({}), {}", german.name, german.english, german.web);
        let court = court_route("US").english;
        assert_eq!(own_words(&written, court), OwnWords::default());
    }

    #[test]
    fn other_words_stay_as_they_are() {
        let hesse = "Der Hessische Beauftragte für Datenschutz, https://datenschutz.hessen.de/";
        let more = format!("{}, or that of Hesse", authority(Language::ENGLISH, &AUTHORITIES[5]));
        for words in [hesse, &more] {
            let own = own_words(words, "You can go to the court in Kassel.");
            assert_eq!(own.authority, Some(words));
            assert!(own.court_route.is_some());
        }
    }
}
