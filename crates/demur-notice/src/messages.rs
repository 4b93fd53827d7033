//! Every sentence that people read, in every language.
//!
//! The texts lie in `locales/*.ftl`, with the pages that another crate renders among them, so that the
//! same thing bears the same name in a mail, on a page and in a letter. Tests hold all files to the
//! same ids and variables.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use intl_memoizer::Memoizable;
use jiff::civil::Date;
use unic_langid::LanguageIdentifier;

use demur_core::objection::{Scope, Status};

use crate::format::{self, Style};
use crate::language::{LOCALES, Language};

/// A value for a variable of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arg<'a> {
    /// Words, used as they are. HTML is escaped by whoever writes HTML.
    Text(&'a str),
    /// A count: grouped as the language does, and its plural form chosen.
    Number(u64),
    /// A number with so many decimals.
    Decimal(f64, u8),
    /// A day, written out.
    Date(Date),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Arg::Text(text)
    }
}

impl From<u64> for Arg<'_> {
    fn from(number: u64) -> Self {
        Arg::Number(number)
    }
}

impl From<Date> for Arg<'_> {
    fn from(date: Date) -> Self {
        Arg::Date(date)
    }
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<Bundle>> = LazyLock::new(|| LOCALES.iter().map(bundle).collect());

fn bundle(locale: &crate::language::Locale) -> Bundle {
    let tag: LanguageIdentifier = locale.code.parse().expect("a file is named by its language tag");
    // What does not parse is left out, and a test fails on it.
    let resource = match FluentResource::try_new(locale.source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // The marks would stand in mail subjects, addresses and copied case numbers.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, memoizer| match value {
        FluentValue::Number(number) => {
            memoizer.with_try_get::<NumberStyle, _, _>((), |style| style.0.number(number)).ok()
        }
        _ => None,
    }));
    bundle.add_resource(resource).expect("the ids of one file differ");
    bundle
}

/// How the language of a bundle writes numbers, looked up once per bundle.
struct NumberStyle(Style);

impl Memoizable for NumberStyle {
    type Args = ();
    type Error = ();
    fn construct(tag: LanguageIdentifier, (): ()) -> Result<Self, ()> {
        let language = Language::from_locale(&tag.to_string()).ok_or(())?;
        Ok(NumberStyle(Style::of(language)))
    }
}

/// The message `id` in `language`.
///
/// Every id exists in every language; a test sees to that. For an id that exists in none, the id itself
/// comes back, so that a page with a slip in it still renders; check yours with [`has`] in a test.
///
/// ```
/// use demur_notice::{Language, messages::text};
/// let german = Language::from_locale("de").unwrap();
/// let shown = text(german, "case-decision-approved", &[("date", jiff::civil::date(2025, 5, 27).into())]);
/// assert_eq!(shown, "Stattgegeben am 27. Mai 2025.");
/// ```
#[must_use]
pub fn text(language: Language, id: &str, args: &[(&str, Arg<'_>)]) -> String {
    let bundle = &BUNDLES[language.index()];
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return id.to_owned();
    };
    let mut values = FluentArgs::with_capacity(args.len());
    for (name, arg) in args {
        values.set(*name, value(language, *arg));
    }
    // A variable without a value shows as its name: visible, and found by the test that fills all.
    let mut errors = Vec::new();
    bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned()
}

fn value(language: Language, arg: Arg<'_>) -> FluentValue<'_> {
    match arg {
        Arg::Text(text) => FluentValue::String(text.into()),
        Arg::Number(number) => {
            FluentValue::Number(FluentNumber::new(number as f64, FluentNumberOptions::default()))
        }
        Arg::Decimal(number, digits) => FluentValue::Number(FluentNumber::new(
            number,
            FluentNumberOptions {
                minimum_fraction_digits: Some(usize::from(digits)),
                maximum_fraction_digits: Some(usize::from(digits)),
                ..FluentNumberOptions::default()
            },
        )),
        Arg::Date(date) => FluentValue::String(format::date(language, date).into()),
    }
}

/// Whether there is a message `id`.
#[must_use]
pub fn has(id: &str) -> bool {
    BUNDLES[Language::ENGLISH.index()].has_message(id)
}

/// What a scope is called.
#[must_use]
pub fn scope(language: Language, scope: Scope) -> String {
    text(language, scope_id(scope), &[])
}

/// The id of what a scope is called; with `-about` behind it, of its explanation.
#[must_use]
pub fn scope_id(scope: Scope) -> &'static str {
    match scope {
        Scope::PublicContent => "scope-public-content",
        Scope::AiInteractions => "scope-ai-interactions",
        Scope::ThirdParty => "scope-third-party",
    }
}

/// The id of what a status is called; with `-about` behind it, of its explanation.
#[must_use]
pub fn status_id(status: Status) -> &'static str {
    match status {
        Status::Received => "status-received",
        Status::UnderReview => "status-under-review",
        Status::Approved => "status-approved",
        Status::Refused => "status-refused",
        Status::Withdrawn => "status-withdrawn",
    }
}

/// What a kind of record is called; a kind of the platform's own keeps the name that it has there.
#[must_use]
pub fn kind(language: Language, name: &str) -> String {
    let id = format!("kind-{}", name.replace('_', "-"));
    if has(&id) { text(language, &id, &[]) } else { name.to_owned() }
}
