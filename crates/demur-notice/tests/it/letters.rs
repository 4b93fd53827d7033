//! Every letter in every language, with awkward values.

use demur_core::authority::for_country;
use demur_core::objection::Scope;
use demur_core::purpose::{Purpose, Review, ThirdPartyRule, ThirdPartyRules, sample};
use demur_notice::letter::{
    Approval, Because, Case, Covers, Extension, Incomplete, Lifting, OwnWords, Receipt, Refusal,
    Remedy, Withdrawal,
};
use demur_notice::messages::text;
use demur_notice::notice::Notice;
use demur_notice::{Composed, Language};
use jiff::civil::date;

const LINK: &str = "https://example.com/o/AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789AbCdEf?a=1&b=2";
const AWKWARD: &str = "<b>Ü&\"'\u{202e}\r\nBcc: x</b> ";

fn case(language: Language) -> Case<'static> {
    Case {
        language,
        controller: "Größe <b> & Söhne",
        purpose: AWKWARD,
        number: "2025-0001",
        received: date(2025, 5, 27),
        link: LINK,
        contact: "privacy@example.com",
    }
}

fn remedy(country: &'static str) -> Remedy<'static> {
    Remedy { authority: for_country(country).unwrap(), country }
}

fn letters(language: Language) -> Vec<Composed> {
    let case = case(language);
    let long = "long ".repeat(200) + &"x".repeat(300);
    let covers = Covers { scopes: Scope::ALL.into_iter().collect(), record: Some(AWKWARD) };
    let (decided, due) = (date(2025, 6, 3), date(2025, 6, 27));
    let mut all = vec![
        Receipt { case, covers, restricted_since: date(2025, 5, 27), due, noted: &[] }.compose(),
        Refusal {
            case,
            decided,
            reviewer: AWKWARD,
            grounds: &long,
            lifted: Some(due),
            remedy: remedy("DE"),
        }
        .compose()
        .unwrap(),
        Refusal {
            case,
            decided,
            reviewer: "R",
            grounds: "One.\n\n\nTwo.",
            lifted: None,
            remedy: remedy("BE"),
        }
        .compose()
        .unwrap(),
        Extension { case, due, until: date(2025, 8, 27), reasons: AWKWARD, remedy: remedy("FR") }
            .compose()
            .unwrap(),
        Withdrawal { case, withdrawn: decided }.compose(),
    ];
    for because in [Because::Refused, Because::Withdrawn] {
        all.push(Lifting { case, because, decided, lifted: due }.compose());
    }
    for rule in [ThirdPartyRule::Keep, ThirdPartyRule::Redact, ThirdPartyRule::Drop] {
        let third_party =
            ThirdPartyRules { mentioned: rule, depicted: rule, ..sample().third_party };
        all.push(Approval { case, covers, decided, third_party }.compose());
    }
    all
}

fn notice(language: Language, purpose: &Purpose) -> Composed {
    notice_with(language, purpose, LINK)
}

fn notice_with(language: Language, purpose: &Purpose, link: &str) -> Composed {
    Notice {
        language,
        purpose,
        link,
        privacy_centre: "https://example.com/privacy",
        public_notice: "https://example.com/notice/assistant-training",
        interest: AWKWARD,
        recipients: &["Cloud <Host> & Co", ""],
        transfers: None,
        retention: "24 months",
        contact: "privacy@example.com",
        authority: for_country("PL").unwrap(),
    }
    .compose()
}

#[test]
fn another_link_makes_the_same_mail_for_somebody_else() {
    for language in Language::all() {
        let [one, other] = ["https://example.com/o/----", "https://example.com/o/AbC-dEf_123"];
        let composed = notice_with(language, &sample(), one);
        assert_eq!(composed.with_link(one, other), notice_with(language, &sample(), other));
    }
}

fn notices(language: Language) -> Vec<Composed> {
    let mut manual = sample();
    manual.review = Review::Manual;
    manual.title = AWKWARD.into();
    manual.minimum_age = 0;
    manual.content.insert("<poll>".into(), manual.content["post"].clone());
    vec![notice(language, &sample()), notice(language, &manual)]
}

#[test]
fn every_letter_reads_well_in_every_language() {
    for language in Language::all() {
        for mail in letters(language).into_iter().chain(notices(language)) {
            let Composed { subject, text, html, .. } = &mail;
            let shown = format!("{language}: {subject}\n{text}\n{html}");
            assert!(!subject.is_empty() && !subject.contains(char::is_control), "{shown}");

            assert_eq!(text.matches(LINK).count(), 1, "{shown}");
            let escaped = LINK.replace('&', "&amp;");
            assert_eq!(html.matches(&escaped).count(), 1, "{shown}");

            for line in text.lines().filter(|line| line.contains(' ')) {
                let width = line.chars().count();
                let unbroken = line.split(' ').any(|word| word.chars().count() > 70);
                assert!(width <= 76 || unbroken, "{width}: {line}\n{shown}");
            }
            assert!(!text.contains("\n\n\n") && text.ends_with('\n'), "{shown}");
            assert!(!text.lines().any(|line| line.ends_with(' ')), "{shown}");
            assert!(!text.starts_with('\n'), "{shown}");

            for forbidden in [
                "<b>",
                "<Host>",
                "<poll>",
                "<p></p>",
                "\"></dd>",
                "<li></li>",
                "<img",
                "<script",
                "url(",
                "{ $",
                "\u{202e}",
            ] {
                assert!(!html.contains(forbidden), "{forbidden}: {shown}");
            }
            assert!(html.contains(&format!("<html lang=\"{language}\">")), "{shown}");
            assert!(html.contains("content=\"light dark\""), "{shown}");
            assert!(!html.contains("background") && !html.contains("color: #"), "{shown}");
            balanced(html);
        }
    }
}

fn balanced(html: &str) {
    let mut open = Vec::new();
    for tag in html.split('<').skip(1) {
        let tag = &tag[..tag.find('>').unwrap()];
        let name = tag.split_whitespace().next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None if matches!(name, "!doctype" | "meta") => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_right_to_object_stands_before_all_else_and_apart() {
    for language in Language::all() {
        let mail = notice(language, &sample());
        let right = text(language, "notice-title", &[]);
        assert!(mail.subject.starts_with(&right), "{}", mail.subject);
        let mut lines = mail.text.lines().filter(|line| !line.is_empty());
        assert!(lines.next().unwrap().chars().all(|c| c == '*'));
        assert_eq!(lines.next().unwrap(), right);
        let section = mail.html.find("<section").unwrap();
        let end = mail.html.find("</section>").unwrap();
        assert!(mail.html[..section].ends_with("margin: 0 auto\">\n"));
        let inside = |needle: &str| (section..end).contains(&mail.html.find(needle).unwrap());
        assert!(inside("<h1") && inside("/o/") && inside("27"));
        assert!(!mail.html[section..end].contains("/privacy"));
        let later = text(language, "notice-advised", &[("date", date(2025, 5, 27).into())]);
        assert!(inside(&later), "{language}: {later}");
        assert!(inside(&text(language, "notice-no-reason", &[])));
    }
}

#[test]
fn a_refusal_has_all_its_parts() {
    let language = Language::from_locale("de").unwrap();
    let refusal = Refusal {
        case: case(language),
        decided: date(2025, 6, 3),
        reviewer: "Ada Muster",
        grounds: "Grund eins.",
        lifted: None,
        remedy: remedy("DE"),
    };
    let mail = refusal.compose().unwrap();
    for part in [
        "Ada Muster",
        "| Grund eins.",
        "am 3. Juni",
        "bfdi.bund.de/\n",
        "Laender-node",
        "Art. 77",
        "Art. 79",
    ] {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
    let words = OwnWords {
        authority: Some("The authority of Hesse, Wiesbaden"),
        court_route: Some("You can go to the court in Wiesbaden."),
    };
    let own = refusal.compose_saying(&words).unwrap();
    for said in [words.authority.unwrap(), words.court_route.unwrap()] {
        assert!(own.text.contains(said) && own.html.contains(said), "{}", own.text);
    }
    assert!(!own.text.contains("www.bfdi.bund.de"), "{}", own.text);
    let nobody = Refusal { reviewer: " ", ..refusal };
    assert_eq!(nobody.compose(), Err(Incomplete::Reviewer));
    let groundless = Refusal { grounds: "\n", ..refusal };
    assert_eq!(groundless.compose(), Err(Incomplete::Grounds));
}

#[test]
fn a_receipt_tells_of_the_restriction() {
    let mail = letters(Language::ENGLISH).remove(0);
    assert_eq!(mail.subject, "Your objection has arrived (case 2025-0001)");
    for part in [
        "restricted",
        "Article 18(1)(d)",
        "27 June 2025",
        "Article 18(3)",
        "What others published about you",
    ] {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
}

#[test]
fn the_same_case_makes_the_same_letter() {
    for language in Language::all() {
        assert_eq!(letters(language), letters(language));
        assert_eq!(notices(language), notices(language));
    }
}
