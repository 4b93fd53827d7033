//! Every message in every language, with the same variables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use demur_core::authority::{AUTHORITIES, court_route};
use demur_core::objection::{Scope, Status};
use demur_notice::messages::{has, scope_id, status_id, text};
use demur_notice::{Language, format};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use jiff::civil::date;

/// A message's text without its variables, and their names.
#[derive(Default)]
struct Message {
    words: String,
    variables: BTreeSet<String>,
    /// Plural forms.
    variants: BTreeSet<String>,
}

fn source(language: Language) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    std::fs::read_to_string(folder.join(format!("{language}.ftl"))).unwrap()
}

fn messages(language: Language) -> BTreeMap<String, Message> {
    let source = source(language);
    let resource = fluent_syntax::parser::parse(source.as_str())
        .unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
    let mut all = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        assert!(message.attributes.is_empty(), "{language}: {}", message.id.name);
        let mut found = Message::default();
        gather(message.value.as_ref().unwrap(), &mut found);
        let id = message.id.name.to_owned();
        assert!(all.insert(id, found).is_none(), "{language}: {} twice", message.id.name);
    }
    all
}

fn gather(pattern: &Pattern<&str>, found: &mut Message) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => found.words.push_str(value),
            PatternElement::Placeable { expression } => expression_of(expression, found),
        }
    }
}

fn expression_of(expression: &Expression<&str>, found: &mut Message) {
    match expression {
        Expression::Inline(inline) => inline_of(inline, found),
        Expression::Select { selector, variants } => {
            inline_of(selector, found);
            for variant in variants {
                found.variants.insert(format!("{:?}", variant.key));
                gather(&variant.value, found);
            }
        }
    }
}

fn inline_of(inline: &InlineExpression<&str>, found: &mut Message) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.variables.insert(id.name.to_owned());
        }
        InlineExpression::StringLiteral { .. } => {}
        other => panic!("only variables and characters stand in braces: {other:?}"),
    }
}

#[test]
fn every_message_is_there_in_every_language_with_the_same_variables() {
    let english = messages(Language::ENGLISH);
    assert!(english.len() > 300);
    for language in Language::all() {
        let all = messages(language);
        for (id, message) in &english {
            let here = all.get(id).unwrap_or_else(|| panic!("{language}: {id} is missing"));
            assert_eq!(here.variables, message.variables, "{language}: {id}");
            assert!(has(id));
        }
        for id in all.keys() {
            assert!(english.contains_key(id), "{language}: {id} is not in English");
        }
    }
}

#[test]
fn nothing_is_left_in_english() {
    let english = messages(Language::ENGLISH);
    for language in Language::all().filter(|language| *language != Language::ENGLISH) {
        for (id, message) in messages(language) {
            let long = message.words.split_whitespace().count() > 3;
            assert!(!long || message.words != english[&id].words, "{language}: {id} is a copy");
        }
    }
}

#[test]
fn every_file_is_a_language_and_every_language_a_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let files: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let languages: BTreeSet<_> = Language::all().map(|l| format!("{l}.ftl")).collect();
    assert_eq!(files, languages);
}

#[test]
fn every_message_renders_with_its_variables_and_no_marks() {
    for language in Language::all() {
        for (id, message) in messages(language) {
            let args: Vec<_> = message
                .variables
                .iter()
                .map(|name| match name.as_str() {
                    "count" | "seconds" | "minutes" | "age" | "day" => (name.as_str(), 22.into()),
                    "date" | "starts" | "due" | "received" => {
                        (name.as_str(), date(2025, 5, 27).into())
                    }
                    _ => (name.as_str(), "X".into()),
                })
                .collect();
            let shown = text(language, &id, &args);
            assert!(!shown.is_empty() && !shown.contains(['{', '}', '$']), "{language}: {id}");
            assert!(!shown.contains(['\u{2068}', '\u{2069}']), "{language}: {id}");
            assert!(!shown.contains('\n'), "{language}: {id} has lines: {shown}");
        }
    }
}

#[test]
fn what_the_core_names_is_translated() {
    let keys = AUTHORITIES.iter().filter_map(|a| a.regional).map(|r| r.note);
    let courts = ["DE", "US"].map(|country| *court_route(country));
    for sentence in keys.chain(courts) {
        let english: Vec<_> = sentence.english.split_whitespace().collect();
        assert_eq!(text(Language::ENGLISH, sentence.key, &[]), english.join(" "));
    }
    for id in Scope::ALL.map(scope_id).into_iter().chain(Status::ALL.map(status_id)) {
        assert!(has(id) && has(&format!("{id}-about")), "{id}");
    }
}

#[test]
fn the_law_is_cited_in_each_language() {
    let cited = [
        ("en", "Article 21(1) GDPR"),
        ("de", "Art. 21 Abs. 1 DSGVO"),
        ("fr", "article 21, paragraphe 1, du RGPD"),
        ("es", "artículo 21, apartado 1, del RGPD"),
        ("it", "articolo 21, paragrafo 1, del GDPR"),
        ("pl", "art. 21 ust. 1 RODO"),
    ];
    for (code, cited) in cited {
        let language = Language::from_locale(code).unwrap();
        assert!(text(language, "notice-right", &[]).contains(cited), "{code}");
        let source = source(language);
        for (other, law) in [("en", "GDPR"), ("de", "DSGVO"), ("fr", "RGPD"), ("pl", "RODO")] {
            let shared =
                other == code || (other, code) == ("en", "it") || (other, code) == ("fr", "es");
            assert!(shared || !source.contains(law), "{code} cites the {law}");
        }
    }
}

#[test]
fn both_ways_out_are_offered_in_the_same_words_everywhere() {
    for language in Language::all() {
        let say = |id| text(language, id, &[]);
        assert_eq!(say("notice-button"), say("action-object"), "{language}");
        assert_eq!(say("notice-title"), say("public-right-title"), "{language}");
        assert_eq!(say("site-privacy"), say("privacy-title"), "{language}");
        assert_eq!(say("site-figures"), say("figures-title"), "{language}");
        assert_eq!(say("letter-receipt-title"), say("link-done-title"), "{language}");
        assert_eq!(
            say("link-no-reason"),
            say("privacy-grounds-hint").split_inclusive('.').next().unwrap()
        );
    }
}

#[test]
fn dates_and_numbers_follow_the_language() {
    let shown = |code: &str| {
        let language = Language::from_locale(code).unwrap();
        (
            format::date(language, date(2025, 5, 1)),
            format::number(language, 1_234_567),
            format::decimal(language, -1234.5, 2),
            format::percent(language, 0.125, 1),
        )
    };
    let own = |a: &str, b: &str, c: &str, d: &str| (a.into(), b.into(), c.into(), d.into());
    assert_eq!(shown("en"), own("1 May 2025", "1,234,567", "−1,234.50", "12.5%"));
    assert_eq!(shown("de"), own("1. Mai 2025", "1.234.567", "−1.234,50", "12,5\u{a0}%"));
    assert_eq!(
        shown("fr"),
        own("1er mai 2025", "1\u{202f}234\u{202f}567", "−1\u{202f}234,50", "12,5\u{a0}%")
    );
    assert_eq!(shown("es"), own("1 de mayo de 2025", "1.234.567", "−1234,50", "12,5\u{a0}%"));
    assert_eq!(shown("it"), own("1º maggio 2025", "1.234.567", "−1.234,50", "12,5%"));
    assert_eq!(shown("pl"), own("1 maja 2025", "1\u{a0}234\u{a0}567", "−1234,50", "12,5%"));

    let polish = Language::from_locale("pl").unwrap();
    assert_eq!(format::month(polish, date(2025, 5, 1)), "maj 2025");
    let days = [1, 3, 5, 22, 12_345].map(|count| format::days(polish, count));
    assert_eq!(days, ["1 dzień", "3 dni", "5 dni", "22 dni", "12\u{a0}345 dni"]);
    let french = Language::from_locale("fr").unwrap();
    let at = date(2025, 8, 31).at(9, 5, 0, 0);
    assert_eq!(format::date_time(french, at), "31 août 2025 à 9 h 05");
}

#[test]
fn an_unknown_id_shows_itself() {
    assert_eq!(text(Language::ENGLISH, "no-such-thing", &[]), "no-such-thing");
    assert!(!has("no-such-thing"));
}
