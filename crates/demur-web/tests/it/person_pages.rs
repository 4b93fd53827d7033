//! The case page, the form without an account and the public notice in every language, and what every
//! page owes its readers.

use axum::http::StatusCode;
use demur_core::purpose::{Purpose, Review, sample};
use demur_notice::Language;
use demur_register::desk::Drawer;
use demur_register::event::News;
use demur_register::{CaseId, Link, LinkKind, Refusal};
use demur_web::acts;
use demur_web::mails::{MailKind, WaitingMail};
use demur_web::settings::{PurposeText, Recipient};

use crate::language::phrases;
use crate::support::{Answer, Site, id, moment};

/// A site on which nothing that the operator or a person wrote reads like English.
fn site(language: &str) -> Site {
    let tag = Language::from_locale(language).unwrap();
    let purpose = Purpose { review: Review::Manual, controller: "Y".into(), ..sample() };
    Site::set_up(purpose, |mut settings| {
        let said = || Some("Z".to_owned());
        let text = PurposeText {
            title: "X".into(),
            interest: said(),
            retention: said(),
            transfers: said(),
        };
        settings.purposes[0].texts.insert(tag, text);
        let recipient =
            Recipient { id: "r".into(), name: "R".into(), purposes: Vec::new(), webhook: None };
        settings.recipients = vec![recipient];
        settings
    })
}

/// Every page, asked for in one language.
async fn pages(language: &str) -> Vec<(String, String)> {
    let site = site(language);
    let asked = |path: &str| format!("{path}?lang={language}");
    let page = |case: CaseId| {
        let expires_at = moment(60 * 24 * 400);
        let link = Link { kind: LinkKind::Case(case), issued_at: moment(0), expires_at };
        format!("/c/{}", site.app.links.seal(&link))
    };
    let mut pages: Vec<(String, Answer)> = Vec::new();
    let mut see = async |name: &str, path: &str| {
        pages.push((name.to_owned(), site.get(&asked(path)).await));
    };
    see("notice", "/notice/assistant-training").await;
    see("start", "/privacy/no-account").await;

    for account in ["bo", "dee", "eli"] {
        site.post(&site.link(account), "").await;
    }
    let [open, approved, refused] =
        ["bo", "dee", "eli"].map(|account| site.only_case_of(account, false));
    let (by, grounds) = ("B".to_owned(), "G".to_owned());
    let (authority, court_route) = ("https://www.cnil.fr/".to_owned(), "C".to_owned());
    let refusal = Refusal { by, grounds, authority, court_route, ground: None };
    let decide = |act: &mut demur_register::Act<'_, '_>| {
        acts::approve(act, approved, Some(&id("dee")), "B")?;
        act.recipient_told(&approved, "r", News::Erased)?;
        act.refuse(&refused, &refusal)
    };
    site.register().act(moment(0), decide).unwrap();
    for (name, case) in [("open", open), ("approved", approved), ("refused", refused)] {
        see(name, &page(case)).await;
        for letter in 1..=2 {
            if (name, letter) != ("open", 2) {
                see(&format!("{name} {letter}"), &format!("{}/letter/{letter}", page(case))).await;
            }
        }
    }
    see("withdraw", &format!("{}/withdraw", page(open))).await;
    let long = format!("text={}", "x".repeat(5000));
    let again = format!("{}/again", page(refused));
    let again = site.post(&asked(&again), &long).await;

    let code_page = site.post(&asked("/privacy/no-account/code"), "email=d@example.net").await;
    let code_page = code_page.leads_to().to_owned();
    let code = site.get(&code_page).await;
    let wrong = site.post(&code_page, "code=1").await;
    let mail = &site.register().items_due(Drawer::Mail, moment(10_000), 10).unwrap()[0];
    let mail: WaitingMail = serde_json::from_str(&mail.text).unwrap();
    let MailKind::Code { code: typed, .. } = mail.mail else { panic!("a code") };
    let entered = site.post(&code_page, &format!("code={typed}")).await;
    let form = entered.leads_to().to_owned();
    pages.push(("too long".into(), again));
    pages.push(("code".into(), code));
    pages.push(("wrong code".into(), wrong));
    pages.push(("form".into(), site.get(&form).await));
    for (name, sent) in [
        ("nothing chosen", ""),
        ("no items", "about=items"),
        ("no message", "about=heir"),
        ("long names", &format!("about=mentions&names={}", "x".repeat(5000))),
    ] {
        pages.push((name.into(), site.post(&form, sent).await));
    }
    let done = site.post(&form, "about=items&items=a%0Ab").await;
    pages.push(("done".into(), site.get(done.leads_to()).await));
    let described = site.post(&form, "about=guardian&message=M").await;
    let described = site.get(described.leads_to()).await;
    let described = described.address("/c/").unwrap();
    pages.push(("described".into(), site.get(&described).await));

    let known = [StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY];
    let body = |(name, answer): (String, Answer)| {
        assert!(known.contains(&answer.status), "{name}: {}", answer.status);
        (name, answer.body)
    };
    pages.into_iter().map(body).collect()
}

#[tokio::test]
async fn each_of_these_pages_is_in_one_language_throughout() {
    let english = phrases("en");
    for (name, body) in pages("en").await {
        let said = english.iter().filter(|phrase| body.contains(*phrase)).count();
        assert!(said > 4, "{name}: English would not be noticed");
    }
    for language in ["de", "fr", "es", "it", "pl"] {
        let own = phrases(language);
        for (name, body) in pages(language).await {
            assert!(body.contains(&format!("<html lang=\"{language}\">")), "{language}: {name}");
            for phrase in english.difference(&own) {
                assert!(!body.contains(phrase), "{language}: {name} says “{phrase}”");
            }
        }
    }
}

#[tokio::test]
async fn each_of_these_pages_has_one_headline_and_nothing_that_the_policy_forbids() {
    for (name, body) in pages("en").await {
        assert_eq!(body.matches("<h1>").count(), 1, "{name}");
        for never in [" style=", "<style", "<script", " onclick=", "src="] {
            assert!(!body.contains(never), "{name}: {never}");
        }
        for error in body.split("<li><a href=\"#").skip(1) {
            let field = error.split('"').next().unwrap();
            assert!(body.contains(&format!("id=\"{field}\"")), "{name}: {field}");
        }
        let mut level = 1;
        for heading in body.split("<h").skip(1).filter_map(|rest| rest[..1].parse().ok()) {
            assert!(heading <= level + 1, "{name}: a heading of level {heading} below {level}");
            level = heading;
        }
    }
}
