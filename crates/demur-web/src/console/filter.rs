//! What a queue is narrowed down to, read from an address and written back into one.

use std::fmt::Write;

use demur_core::deadline::Urgency;
use demur_core::objection::Status;
use demur_register::event::Source;
use demur_register::{Place, QueueFilter};
use serde::{Deserialize, Serialize};

use super::words;
use crate::settings::Settings;

/// The form above the queue; empty fields mean all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    pub(super) purpose: String,
    pub(super) status: String,
    pub(super) urgency: String,
    pub(super) source: String,
    pub(super) about: String,
    /// The place behind which the page begins.
    pub(super) after: String,
    /// How many cases lie before it.
    pub(super) skipped: u64,
}

/// One entry of a list to choose from.
pub(super) struct Entry {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// A list to choose from.
pub(super) struct Select {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) entries: Vec<Entry>,
}

const STATUSES: [Status; 2] = [Status::Received, Status::UnderReview];
const URGENCIES: [(Urgency, &str); 3] =
    [(Urgency::Overdue, "overdue"), (Urgency::DueSoon, "due_soon"), (Urgency::Open, "in_time")];
const SOURCES: [(Source, &str); 5] = [
    (Source::DirectLink, "direct_link"),
    (Source::PrivacyCentre, "privacy_centre"),
    (Source::Agent, "agent"),
    (Source::CommandLine, "command_line"),
    (Source::Import, "import"),
];
/// Whether a case names one record, and whether it is of someone without an account.
const ABOUT: [(&str, &str, Option<bool>, Option<bool>); 3] = [
    ("own", "a person’s data", Some(false), Some(false)),
    ("record", "one record", Some(true), None),
    ("contact", "someone without an account", None, Some(true)),
];

impl Filter {
    /// As the register takes it. What it does not know is as if it were not there.
    pub(super) fn query(&self) -> QueueFilter {
        let about = ABOUT.iter().find(|(value, ..)| *value == self.about);
        let urgency = URGENCIES.iter().find(|(_, value)| *value == self.urgency);
        let source = SOURCES.iter().find(|(_, value)| *value == self.source);
        QueueFilter {
            purpose: (!self.purpose.is_empty()).then(|| self.purpose.clone()),
            status: STATUSES.into_iter().find(|status| status.name() == self.status),
            urgency: urgency.map(|(urgency, _)| *urgency),
            source: source.map(|(source, _)| *source),
            names_record: about.and_then(|(.., names_record, _)| *names_record),
            has_contact: about.and_then(|(.., has_contact)| *has_contact),
            below: None,
        }
    }

    pub(super) fn place(&self) -> Option<Place> {
        self.after.parse().ok()
    }

    /// Whether anything is left out.
    pub(super) fn is_narrow(&self) -> bool {
        self.query() != QueueFilter::default()
    }

    /// The same with another urgency, from its beginning.
    pub(super) fn pressing(&self, urgency: &str) -> String {
        let filter = Filter { urgency: urgency.to_owned(), ..self.clone() };
        Filter { after: String::new(), skipped: 0, ..filter }.address()
    }

    /// The page behind a place.
    pub(super) fn behind(&self, place: &Place, skipped: u64) -> String {
        Filter { after: place.to_string(), skipped, ..self.clone() }.address()
    }

    /// The address of the queue that it describes.
    pub(super) fn address(&self) -> String {
        let mut text = String::from("/console");
        let skipped = if self.skipped > 0 { self.skipped.to_string() } else { String::new() };
        let fields = self.fields().map(|(name, value)| (name, value.to_owned()));
        let places = [("after", self.after.clone()), ("skipped", skipped)];
        let all = fields.into_iter().chain(places).filter(|(_, value)| !value.is_empty());
        for (at, (name, value)) in all.enumerate() {
            let sign = if at == 0 { '?' } else { '&' };
            // Writing to a text does not fail.
            let _ = write!(text, "{sign}{name}={}", encoded(&value));
        }
        text
    }

    /// What a form carries along.
    pub(super) fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("purpose", &self.purpose),
            ("status", &self.status),
            ("urgency", &self.urgency),
            ("source", &self.source),
            ("about", &self.about),
        ]
    }

    /// The lists of the form, with what is chosen now.
    pub(super) fn selects(&self, settings: &Settings) -> Vec<Select> {
        let purposes =
            settings.purposes.iter().map(|p| (p.purpose.id.clone(), p.purpose.title.clone()));
        let statuses = STATUSES.map(|s| (s.name().to_owned(), words::status(s).to_owned()));
        let urgencies = URGENCIES.map(|(u, v)| (v.to_owned(), words::urgency(u).to_owned()));
        let sources = SOURCES.map(|(s, v)| (v.to_owned(), words::source(s).to_owned()));
        let about = ABOUT.map(|(value, label, ..)| (value.to_owned(), label.to_owned()));
        vec![
            select("urgency", "Urgency", &self.urgency, urgencies),
            select("status", "Status", &self.status, statuses),
            select("purpose", "Purpose", &self.purpose, purposes),
            select("source", "Arrived by", &self.source, sources),
            select("about", "About", &self.about, about),
        ]
    }
}

fn select(
    name: &'static str,
    label: &'static str,
    chosen: &str,
    entries: impl IntoIterator<Item = (String, String)>,
) -> Select {
    let all = (String::new(), "all".to_owned());
    let entries = std::iter::once(all).chain(entries);
    let entry = |(value, label)| Entry { chosen: value == chosen, value, label };
    Select { name, label, entries: entries.map(entry).collect() }
}

/// A value as it stands in an address.
fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_carries_all_that_was_chosen() {
        let filter = Filter {
            purpose: "a b&c".into(),
            urgency: "due_soon".into(),
            about: "contact".into(),
            ..Filter::default()
        };
        assert_eq!(filter.address(), "/console?purpose=a%20b%26c&urgency=due_soon&about=contact");
        let query = filter.query();
        assert_eq!((query.urgency, query.has_contact), (Some(Urgency::DueSoon), Some(true)));
        assert_eq!(Filter::default().address(), "/console");
        assert!(filter.is_narrow() && !Filter::default().is_narrow());
    }

    #[test]
    fn what_is_not_known_narrows_nothing() {
        let strange = Filter {
            status: "gone".into(),
            source: "x".into(),
            after: "y".into(),
            ..Filter::default()
        };
        assert!(!strange.is_narrow() && strange.place().is_none());
    }
}
