//! Letters claim only what is true of their case; letters on pages, reminders.

use demur_core::objection::{Scope, Scopes};
use demur_core::purpose::{ThirdPartyObjections, ThirdPartyRules, sample};
use demur_notice::letter::{Approval, Case, Covers, Noted, Receipt, mentioned_id, stays};
use demur_notice::messages::text;
use demur_notice::reminder::reminder;
use demur_notice::{Composed, Language};
use jiff::civil::date;

const LINK: &str = "https://example.com/c/AbC";

fn case(language: Language) -> Case<'static> {
    Case {
        language,
        controller: "Example Ltd",
        purpose: "Training <models>",
        number: "7K3M-QZ4P-W2XC",
        received: date(2025, 5, 27),
        link: LINK,
        contact: "privacy@example.com",
    }
}

fn receipt(covers: Covers<'_>, noted: &[Noted<'_>]) -> Composed {
    let (restricted_since, due) = (date(2025, 5, 27), date(2025, 6, 27));
    Receipt { case: case(Language::ENGLISH), covers, restricted_since, due, noted }.compose()
}

const DESCRIBED: Covers<'_> = Covers { scopes: Scopes::NONE, record: None };

#[test]
fn nobody_is_told_of_a_restriction_before_it_is_known_what_is_meant() {
    let page = Covers { scopes: Scopes::NONE, record: Some("https://example.com/p/1") };
    for covers in [DESCRIBED, page] {
        let mail = receipt(covers, &[]);
        assert!(mail.text.contains("A person looks for"), "{}", mail.text);
        assert!(!mail.text.contains("Since 27 May"), "{}", mail.text);
        let decided = date(2025, 6, 1);
        let third_party = sample().third_party;
        let approval = Approval { case: case(Language::ENGLISH), covers, decided, third_party };
        let text = approval.compose().text;
        assert!(text.contains("that we found") && !text.contains("The data it covers"), "{text}");
    }
    let numbered = Covers { scopes: Scopes::NONE, record: Some("r-1") };
    assert!(receipt(numbered, &[]).text.contains("Since 27 May 2025"));
}

#[test]
fn what_others_published_is_promised_only_where_the_objection_reaches_it() {
    let rules = sample().third_party;
    let any = ThirdPartyRules { objections: ThirdPartyObjections::Any, ..rules };
    let own = Covers { scopes: Scopes::OWN, record: None };
    let all = Covers { scopes: Scope::ALL.into_iter().collect(), record: None };
    let say = |id| text(Language::ENGLISH, id, &[]);
    let stays = |covers, rules| stays(Language::ENGLISH, covers, rules);
    let promised = say(mentioned_id(rules.mentioned));
    assert_eq!(
        stays(&own, &rules),
        ["What your objection does not cover: What others published about you."]
    );
    assert!(stays(&own, &any).contains(&promised));
    assert!(stays(&all, &rules).contains(&promised));
    let half = Covers { scopes: [Scope::AiInteractions].into_iter().collect(), record: None };
    assert_eq!(stays(&half, &rules).len(), 2);
    let one = Covers { scopes: Scopes::NONE, record: Some("r-1") };
    assert_eq!(stays(&one, &any), [say("case-stays-record")]);
}

#[test]
fn one_receipt_names_all_that_one_form_brought() {
    let noted = [
        Noted { number: "AAAA-AAAA-AAAA", record: Some("r-1"), link: "https://example.com/c/1" },
        Noted { number: "BBBB-BBBB-BBBB", record: None, link: "https://example.com/c/2" },
    ];
    let covers = Covers { scopes: Scopes::NONE, record: Some("r-1") };
    let mail = receipt(covers, &noted);
    for part in ["AAAA-AAAA-AAAA, the item r-1\nhttps://example.com/c/1", "BBBB-BBBB-BBBB\nhttps"] {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
}

#[test]
fn on_a_page_a_letter_has_no_style_and_no_first_heading() {
    for language in Language::all() {
        let covers = Covers { scopes: Scopes::OWN, record: None };
        let third_party = sample().third_party;
        let approval =
            Approval { case: case(language), covers, decided: date(2025, 6, 1), third_party };
        let page = approval.compose().for_page();
        for forbidden in ["style", "<h1", "<html", "<main", "<models>", "\" \""] {
            assert!(!page.contains(forbidden), "{forbidden}: {page}");
        }
        let title = text(language, "letter-approval-title", &[]);
        assert!(page.starts_with(&format!("<h2>{title}</h2>\n")), "{page}");
        let stays = text(language, "case-stays-title", &[]);
        assert!(page.contains(&format!("<h3>{stays}</h3>")), "{page}");
        assert!(page.contains(&format!("<p><a href=\"{LINK}\">")), "{page}");
        assert!(page.ends_with("</p>\n"), "{page}");
    }
}

#[test]
fn words_that_look_like_style_stay_on_a_page() {
    let mut third = case(Language::ENGLISH);
    third.purpose = "a style=\"x\" <h1>b</h1>";
    let covers = Covers { scopes: Scopes::OWN, record: None };
    let (restricted_since, due) = (date(2025, 5, 27), date(2025, 6, 27));
    let page = Receipt { case: third, covers, restricted_since, due, noted: &[] }.compose();
    let page = page.for_page();
    assert!(page.contains("a style=&quot;x&quot; &lt;h1&gt;b&lt;/h1&gt;"), "{page}");
}

#[test]
fn a_reminder_names_what_waits() {
    let mail = reminder(&["2 cases are due".into()], "https://example.com/console");
    assert!(mail.text.contains("- 2 cases are due"), "{}", mail.text);
    assert!(mail.text.contains("https://example.com/console"), "{}", mail.text);
}
