//! The form as it was filled in, and what is wrong with it.

use demur_core::objection::{Scope, Scopes};
use demur_register::event::Route;

use crate::settings::Settings;

/// How many items one form takes.
pub(super) const MOST_ITEMS: usize = 50;
/// The longest address or number of an item.
pub(super) const LONGEST_ITEM: usize = 500;
/// The longest text of another field.
pub(super) const LONGEST: usize = 4000;

/// What an objection is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// What the owner of the address published, and said to AI features.
    Own,
    /// Single items.
    Items,
    /// What names or shows somebody, or one of the ways that lead to a person.
    Route(Route),
}

/// Every choice, in the order of the form: its value, and the message that names it.
pub(super) const CHOICES: [(&str, About, &str); 9] = [
    ("items", About::Items, "form-about-items"),
    ("mentions", About::Route(Route::Mentions), "form-about-mentions"),
    ("own", About::Own, "form-about-own"),
    ("guardian", About::Route(Route::Guardian), "route-guardian"),
    ("heir", About::Route(Route::Heir), "route-heir"),
    ("locked-out", About::Route(Route::LockedOut), "route-locked-out"),
    ("page-author", About::Route(Route::PageAuthor), "route-page-author"),
    ("output", About::Route(Route::Output), "route-output"),
    ("other", About::Route(Route::Other), "route-other"),
];

/// A form, as it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Filled {
    pub(super) about: String,
    pub(super) items: String,
    pub(super) names: String,
    pub(super) message: String,
    pub(super) purposes: Vec<String>,
}

/// What is wrong with a form: the field, the message, and the number that it names.
pub(super) type Wrong = (&'static str, &'static str, u64);

impl Filled {
    /// Reads what a browser sends; of a field that comes twice, the last counts.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Self {
        let mut filled = Filled::default();
        for (name, value) in pairs {
            match name.as_str() {
                "about" => filled.about = value,
                "items" => filled.items = value,
                "names" => filled.names = value,
                "message" => filled.message = value,
                "purpose" => filled.purposes.push(value),
                _ => {}
            }
        }
        filled
    }

    /// What it is about; `None` where nothing was chosen.
    pub(super) fn about(&self) -> Option<About> {
        CHOICES.iter().find(|(value, ..)| *value == self.about).map(|(_, about, _)| *about)
    }

    /// The items, each once, in the order in which they were named.
    pub(super) fn items(&self) -> Vec<&str> {
        let mut items: Vec<&str> = Vec::new();
        for item in self.items.lines().map(str::trim).filter(|item| !item.is_empty()) {
            if !items.contains(&item) {
                items.push(item);
            }
            // One more than a form takes is enough to see that it is too many.
            if items.len() > MOST_ITEMS {
                break;
            }
        }
        items
    }

    /// The purposes that are objected to.
    pub(super) fn purposes<'s>(&self, settings: &'s Settings) -> Vec<&'s str> {
        let all = settings.purposes.iter().map(|purpose| purpose.purpose.id.as_str());
        // Where there is but one, nothing is asked.
        let is_only = settings.purposes.len() == 1;
        all.filter(|id| is_only || self.purposes.iter().any(|chosen| chosen == id)).collect()
    }

    /// What is wrong, in the order of the form.
    pub(super) fn wrong(&self, settings: &Settings) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        if self.purposes(settings).is_empty() {
            wrong.push(("purpose", "privacy-choose", 0));
        }
        match self.about() {
            None => wrong.push(("about", "privacy-choose", 0)),
            Some(About::Items) => {
                let items = self.items();
                if items.is_empty() {
                    wrong.push(("items", "privacy-record-missing", 0));
                } else if items.len() > MOST_ITEMS {
                    wrong.push(("items", "form-items-many", MOST_ITEMS as u64));
                } else if items.iter().any(|item| item.chars().count() > LONGEST_ITEM) {
                    wrong.push(("items", "form-item-long", LONGEST_ITEM as u64));
                }
            }
            Some(About::Own) => {}
            Some(About::Route(route)) => {
                if route != Route::Mentions && self.message.trim().is_empty() {
                    wrong.push(("message", "route-message-missing", 0));
                }
                for (field, text) in self.fields(route) {
                    if text.chars().count() > LONGEST {
                        wrong.push((field, "form-too-long", LONGEST as u64));
                    }
                }
            }
        }
        wrong
    }

    /// The fields that belong to a way.
    fn fields(&self, route: Route) -> impl Iterator<Item = (&'static str, &str)> {
        let names = (route == Route::Mentions).then_some(("names", self.names.trim()));
        names.into_iter().chain([("message", self.message.trim())])
    }

    /// What a person has to read.
    pub(super) fn said(&self, route: Route) -> Option<String> {
        let parts = self.fields(route).map(|(_, text)| text).filter(|text| !text.is_empty());
        let parts: Vec<&str> = parts.collect();
        (!parts.is_empty()).then(|| parts.join("\n\n"))
    }
}

/// What an objection that leads to a person covers, once that person knows what is meant.
pub(super) fn scopes(route: Route) -> Scopes {
    match route {
        Route::Items => Scopes::NONE,
        Route::Mentions | Route::Output => [Scope::ThirdParty].into_iter().collect(),
        Route::LockedOut => Scopes::OWN,
        Route::PageAuthor => [Scope::PublicContent].into_iter().collect(),
        Route::Guardian | Route::Heir | Route::Other => Scope::ALL.into_iter().collect(),
    }
}
