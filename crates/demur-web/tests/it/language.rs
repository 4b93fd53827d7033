//! One language throughout a page, and what every page owes its readers.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::StatusCode;
use demur_notice::Language;
use demur_register::desk::Drawer;
use demur_web::mails::{MailKind, WaitingMail};
use demur_web::settings::PurposeText;

use crate::support::{PURPOSE, Site, moment};

/// Runs of words that a language's messages are made of, without what stands in braces.
pub fn phrases(language: &str) -> BTreeSet<String> {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demur-notice/locales");
    let text = std::fs::read_to_string(locales.join(format!("{language}.ftl"))).unwrap();
    let values = text.lines().filter_map(|line| Some(line.split_once(" = ")?.1.to_owned()));
    let fragments = values.flat_map(|value| {
        let parts = value.split(['{', '}']).step_by(2).map(|part| part.trim().to_owned());
        parts.collect::<Vec<_>>()
    });
    // Too short a run says nothing of its language: “, in” is German as well.
    let is_telling =
        |part: &String| part.split_whitespace().filter(|word| word.len() > 2).count() > 1;
    fragments.filter(is_telling).collect()
}

/// Every page for people that this part of the site has, asked for in one language.
async fn pages(language: &str) -> Vec<(String, String)> {
    let tag = Language::from_locale(language).unwrap();
    let site = Site::set_up(demur_core::purpose::sample(), |mut settings| {
        let text = PurposeText { title: "X".into(), ..PurposeText::default() };
        settings.purposes[0].purpose.controller = "Y".into();
        settings.purposes[0].texts.insert(tag, text);
        settings
    });
    let asked = |path: &str| {
        let join = if path.contains('?') { '&' } else { '?' };
        format!("{path}{join}lang={language}")
    };
    let (link, other) = (site.link("bo"), site.link("cy"));
    let cookie = site.enter("bo").await;
    let items = format!("purpose={PURPOSE}&items=a1");
    let mut pages = vec![
        ("link", site.get(&asked(&link)).await),
        ("left", site.post(&asked(&other), "leave=1").await),
        ("done", site.post(&asked(&link), "").await),
        ("already", site.get(&asked(&link)).await),
        ("invalid", site.get(&asked("/o/x")).await),
        ("identify", site.get(&asked("/privacy?expired=1")).await),
        ("no address", site.post(&asked("/privacy/code"), "email=x").await),
        ("code", site.get(&asked("/privacy/enter?at=x")).await),
        ("wrong code", site.post(&asked("/privacy/enter"), "at=x&code=1").await),
    ];
    site.post_as(&cookie, "/privacy/object", &items).await;
    let case = site.only_case_of("bo", true);
    pages.extend([
        ("privacy", site.get_as(&cookie, &asked(&format!("/privacy?done={case}"))).await),
        ("left in the centre", site.get_as(&cookie, &asked("/privacy?left=1")).await),
        ("no items", site.post_as(&cookie, &asked("/privacy/object"), &items[..31]).await),
        ("withdraw", site.get_as(&cookie, &asked(&format!("/privacy/withdraw?case={case}"))).await),
    ]);
    let asks = site.post(&asked("/privacy/code"), "email=family@example.org").await;
    let at = asks.leads_to().split(['=', '&']).nth(1).unwrap().to_owned();
    let mail = &site.register().items_due(Drawer::Mail, moment(10_000), 10).unwrap()[0];
    let mail: WaitingMail = serde_json::from_str(&mail.text).unwrap();
    let MailKind::Code { code, .. } = mail.mail else { panic!("a code") };
    let form = format!("at={at}&code={code}");
    pages.push(("choose", site.post(&asked("/privacy/enter"), &form).await));
    let known = [StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY];
    pages
        .into_iter()
        .map(|(name, answer)| {
            assert!(known.contains(&answer.status), "{name}: {}", answer.status);
            (name.to_owned(), answer.body)
        })
        .collect()
}

#[tokio::test]
async fn a_page_is_in_one_language_throughout() {
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
async fn every_page_has_one_headline_and_neither_style_nor_script_of_its_own() {
    for (name, body) in pages("en").await {
        assert_eq!(body.matches("<h1>").count(), 1, "{name}");
        for never in [" style=", "<style", "<script", " onclick=", "http://", "https://"] {
            assert!(!body.contains(never), "{name}: {never}");
        }
        let labelled = body.matches("<input type=\"checkbox\"").count()
            + body.matches("<input type=\"radio\"").count();
        assert_eq!(body.matches("class=\"choice\"").count(), labelled, "{name}");
        for error in body.split("<li><a href=\"#").skip(1) {
            let field = error.split('"').next().unwrap();
            assert!(body.contains(&format!("id=\"{field}\"")), "{name}: {field}");
        }
    }
}

#[tokio::test]
async fn a_language_that_was_chosen_stays_on_the_way() {
    let site = Site::new();
    let page = site.get("/privacy?lang=pl").await;
    assert!(page.says("action=\"/privacy/code?lang=pl\""), "{}", page.body);
    let asked = site.post("/privacy/code?lang=pl", "email=bo@example.org").await;
    assert!(asked.leads_to().ends_with("&lang=pl"), "{}", asked.leads_to());
    let link = site.link("ana");
    assert!(site.get(&format!("{link}?lang=pl")).await.says(&format!("{link}/privacy?lang=pl")));
    let entered = site.post(&format!("{link}/privacy?lang=pl"), "").await;
    assert_eq!(entered.leads_to(), "/privacy?lang=pl");
    assert_eq!(site.get("/privacy").await.address("/privacy/code").unwrap(), "/privacy/code");
}

#[tokio::test]
async fn another_language_shows_the_same_page() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    let choice = format!("purpose={PURPOSE}");
    let pages = [
        site.post_as(&cookie, "/privacy/object", &choice).await,
        site.post("/privacy/code", "email=x").await,
        site.post("/privacy/enter", "at=abc&code=1").await,
        site.post("/o/x/privacy", "").await,
        site.get("/o/x").await,
    ];
    for (page, leads) in pages.iter().zip([
        "/privacy?lang=de",
        "/privacy?lang=de",
        "/privacy/enter?at=abc&lang=de",
        "/privacy?lang=de",
        "/privacy?lang=de",
    ]) {
        let link = format!("{}\" lang=\"de\"", leads.replace('&', "&#38;"));
        assert!(page.says(&link), "{leads}: {}", page.body);
        assert!(site.get_as(&cookie, leads).await.says("<html lang=\"de\">"));
    }
}
