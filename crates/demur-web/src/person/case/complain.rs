//! Where someone can complain, and go to court (Art. 77, 79).

use demur_core::authority::{self, Authority, court_route};
use demur_notice::letter::authority_name;
use demur_register::event::What;

use crate::letters;
use crate::site::frame::Frame;

use super::open::Opened;

/// The European Data Protection Board's list of its members.
const ALL: &str = "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en";

/// What the page says of it.
pub(super) struct Complain {
    pub(super) intro: Vec<String>,
    /// The authority: name and address.
    pub(super) authority: Option<(String, &'static str)>,
    /// Where the national authority is not the only one: why, and the list of the others.
    pub(super) regional: Option<(String, &'static str)>,
    /// The list of all, where the one shown may be another country's.
    pub(super) all: Option<&'static str>,
    pub(super) court: String,
}

pub(super) fn complain(opened: &Opened, frame: &Frame) -> Complain {
    let purpose = &opened.purpose.purpose;
    let country = opened.country.as_deref();
    let own = country.and_then(authority::for_country);
    // The page names the authority that the letter named.
    let named = refusal(opened);
    let remedy = letters::remedy(purpose, country, named);
    let found = remedy.map(|remedy| remedy.authority);
    let mut intro = Vec::new();
    if own.is_some() && own == found {
        intro.push(frame.t("case-complain"));
    } else {
        intro.push(frame.t("case-complain-any"));
        if country.is_none() {
            intro.push(frame.t("case-complain-country"));
        }
        if found.is_some() && found == letters::remedy(purpose, None, None).map(|r| r.authority) {
            intro.push(frame.t("case-complain-lead"));
        }
    }
    let lives = remedy.map_or(country.unwrap_or_default(), |remedy| remedy.country);
    Complain {
        intro,
        authority: found.map(|authority| shown(frame, authority)),
        regional: found
            .and_then(|authority| authority.regional)
            .map(|regional| (frame.t(regional.note.key), regional.web)),
        all: own.is_none().then_some(ALL),
        court: frame.t(court_route(lives).key),
    }
}

/// The authority that a refusal named.
fn refusal(opened: &Opened) -> Option<&str> {
    let mut entries = opened.case.history.iter().rev();
    let refused = entries.find(|entry| matches!(entry.what, What::ObjectionRefused(_)))?;
    refused.personal.as_ref()?.authority.as_deref()
}

fn shown(frame: &Frame, authority: &Authority) -> (String, &'static str) {
    (authority_name(frame.language, authority), authority.web)
}
