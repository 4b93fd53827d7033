//! How people say who they are: codes by e-mail, and addresses from the platform's app.

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_register::account_text;
use demur_register::desk::Drawer;
use demur_web::mails::{MailKind, WaitingMail};
use jiff::SignedDuration;

use crate::support::{Answer, Site, id, moment};

const ENTER: &str = "/privacy/enter";

/// Asks for a code and returns the number of the form that takes it.
async fn ask(site: &Site, email: &str) -> String {
    let answer = site.post("/privacy/code", &format!("email={email}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.leads_to().strip_prefix("/privacy/enter?at=").unwrap().to_owned()
}

async fn enter(site: &Site, at: &str, code: &str) -> Answer {
    site.post(ENTER, &format!("at={at}&code={code}")).await
}

/// The mails that wait, the latest last.
fn mails(site: &Site) -> Vec<WaitingMail> {
    let items = site.register().items_due(Drawer::Mail, moment(1_000_000), 100).unwrap();
    items.into_iter().map(|item| serde_json::from_str(&item.text).unwrap()).collect()
}

/// The only code that waits to be sent.
fn code(site: &Site) -> String {
    let mails = mails(site);
    let [WaitingMail { mail: MailKind::Code { code, .. }, .. }] = mails.as_slice() else {
        panic!("one code: {mails:?}")
    };
    code.clone()
}

fn is_in(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER
        && answer.leads_to() == "/privacy"
        && answer.cookie().is_some()
}

#[tokio::test]
async fn a_code_opens_the_privacy_centre_once() {
    let site = Site::new();
    let at = ask(&site, "bo@example.org").await;
    assert!(site.get(&format!("{ENTER}?at={at}")).await.says("valid for 30 minutes"));
    let code = code(&site);
    let first = enter(&site, &at, &code).await;
    assert!(is_in(&first), "{}", first.body);
    let page = site.get_as(&first.cookie().unwrap(), "/privacy").await;
    assert!(page.says("Where you stand"));
    let second = enter(&site, &at, &code).await;
    assert_eq!((second.status, second.cookie()), (StatusCode::UNPROCESSABLE_ENTITY, None));
}

#[tokio::test]
async fn a_code_may_be_typed_with_or_without_its_gap() {
    let site = Site::new();
    let at = ask(&site, "bo@example.org").await;
    let code = code(&site);
    assert_eq!(code.split(' ').map(str::len).collect::<Vec<_>>(), [4, 4]);
    assert!(is_in(&enter(&site, &at, &code.replace(' ', "-")).await));
}

#[tokio::test]
async fn the_mail_is_in_the_language_of_the_account_and_goes_to_its_address() {
    let site = Site::new();
    ask(&site, "Ana@Example.org").await;
    let mail = &mails(&site)[0];
    assert_eq!((mail.to.as_str(), mail.language.as_str()), ("ana@example.org", "es"));
    let composed = mail.compose(&site.app.settings);
    assert!(composed.subject.contains(&code(&site)), "{}", composed.subject);
    assert!(!format!("{mail:?}").contains("ana@"), "what is logged names nobody");
}

#[tokio::test]
async fn nothing_tells_whether_an_address_has_an_account() {
    let look = async |email: &str| {
        let site = Site::new();
        let before = site.register().size().unwrap();
        let answer = site.post("/privacy/code", &format!("email={email}")).await;
        let at = answer.leads_to().strip_prefix("/privacy/enter?at=").unwrap().to_owned();
        let page = site.get(answer.leads_to()).await;
        let wrong = enter(&site, &at, "0000 0000").await;
        let headers = |answer: &Answer| format!("{:?}", answer.headers).replace(&at, "AT");
        let drawers = [Drawer::Code, Drawer::Mail, Drawer::Session, Drawer::Request];
        let items = drawers.map(|drawer| site.register().count_items(drawer).unwrap());
        (
            (answer.status, headers(&answer), answer.body.clone(), at.len()),
            (page.status, headers(&page), page.body.replace(&at, "AT")),
            (wrong.status, headers(&wrong), wrong.body.replace(&at, "AT")),
            (items, site.register().size().unwrap() - before),
        )
    };
    let known = look("bo@example.org").await;
    assert_eq!(known, look("nobody@example.org").await);
    assert_eq!(known.3, ([1, 1, 0, 0], 0));
}

#[tokio::test]
async fn who_has_no_account_learns_it_by_mail_alone() {
    let site = Site::new();
    site.post("/privacy/code?lang=fr", "email=nobody@example.org").await;
    let mails = mails(&site);
    assert!(matches!(mails[0].mail, MailKind::NoAccount));
    assert_eq!((mails[0].to.as_str(), mails[0].language.as_str()), ("nobody@example.org", "fr"));
    let composed = mails[0].compose(&site.app.settings);
    assert!(composed.text.contains("https://privacy.example/privacy/no-account"));
}

#[tokio::test]
async fn guessing_a_code_ends_after_five() {
    let site = Site::new();
    let at = ask(&site, "bo@example.org").await;
    let code = code(&site);
    let wrong = if code == "1234 5678" { "8765 4321" } else { "1234 5678" };
    for _ in 0..5 {
        let answer = enter(&site, &at, wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.says("href=\"#code\"") && answer.says(&at), "it can be tried again");
    }
    assert!(!is_in(&enter(&site, &at, &code).await));
    assert_eq!(site.register().count_items(Drawer::Code).unwrap(), 0);
}

#[tokio::test]
async fn four_wrong_codes_are_forgiven() {
    let site = Site::new();
    let at = ask(&site, "bo@example.org").await;
    let code = code(&site);
    for _ in 0..4 {
        enter(&site, &at, "").await;
    }
    assert!(is_in(&enter(&site, &at, &code).await));
}

#[tokio::test]
async fn a_code_works_in_its_own_form_and_time_only() {
    let site = Site::new();
    let at = ask(&site, "bo@example.org").await;
    let code = code(&site);
    let other = ask(&site, "ana@example.org").await;
    for at in [other.as_str(), "", "x", &"A".repeat(43)] {
        assert!(!is_in(&enter(&site, at, &code).await), "{at}");
    }
    site.pass(SignedDuration::from_mins(31));
    assert!(!is_in(&enter(&site, &at, &code).await));
}

#[tokio::test]
async fn people_who_share_an_address_choose_who_they_are() {
    let site = Site::new();
    let at = ask(&site, "family@example.org").await;
    let code = code(&site);
    let page = enter(&site, &at, &code).await;
    assert_eq!((page.status, page.cookie()), (StatusCode::OK, None));
    assert!(page.says("dee") && page.says("eli"));
    for foreign in ["tbo", "", "dee"] {
        let form = format!("at={at}&code={code}&account={foreign}");
        let answer = site.post(ENTER, &form).await;
        assert_eq!((answer.status, answer.cookie()), (StatusCode::UNPROCESSABLE_ENTITY, None));
    }
    let eli = account_text(&id("eli"));
    let chosen = site.post(ENTER, &format!("at={at}&code={code}&account={eli}")).await;
    assert!(is_in(&chosen), "{}", chosen.body);
    let object = "purpose=assistant-training&public_content=1";
    site.post_as(&chosen.cookie().unwrap(), "/privacy/object", object).await;
    assert_eq!(site.only_case().summary.account, Some(id("eli")));
}

#[tokio::test]
async fn one_person_with_two_accounts_chooses_nothing() {
    let site = Site::new();
    let at = ask(&site, "ana@example.org").await;
    assert!(is_in(&enter(&site, &at, &code(&site)).await));
}

#[tokio::test]
async fn a_mailbox_cannot_be_flooded() {
    let site = Site::new();
    for email in ["bo@example.org", "nobody@example.org"] {
        for _ in 0..5 {
            ask(&site, email).await;
        }
        let upper = email.to_uppercase();
        let stopped = site.post("/privacy/code", &format!("email={upper}")).await;
        assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(stopped.headers.contains_key(RETRY_AFTER));
    }
    ask(&site, "ana@example.org").await;
    assert_eq!(mails(&site).len(), 11);
}

#[tokio::test]
async fn what_is_no_address_is_shown_again() {
    let site = Site::new();
    for typed in ["", "bo", "bo@", "@example.org", "a b@example.org", "a@b@example.org", "bo@host"]
    {
        let answer = site.post("/privacy/code", &format!("email={typed}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(answer.says("href=\"#email\"") && answer.says(&format!("value=\"{typed}\"")));
    }
    assert_eq!(site.register().count_items(Drawer::Mail).unwrap(), 0);
}

#[tokio::test]
async fn the_app_hands_a_person_over_once() {
    let site = Site::new();
    let token = [7; 32];
    let until = moment(2);
    let put = |at: i64, text: String| {
        let mut register = site.register();
        register
            .act(moment(at), |act| act.put(Drawer::Handover, &token, until, None, &text))
            .unwrap();
    };
    let path = format!("/privacy/enter/{}", URL_SAFE_NO_PAD.encode(token));
    put(0, account_text(&id("bo")));
    let first = site.get(&path).await;
    assert!(is_in(&first), "{}", first.body);
    let page = site.get_as(&first.cookie().unwrap(), "/privacy").await;
    assert!(page.says("Where you stand"));

    let over = async |path: &str| {
        let answer = site.get(path).await;
        assert_eq!((answer.status, answer.cookie()), (StatusCode::SEE_OTHER, None));
        let page = site.get(answer.leads_to()).await;
        assert!(page.says("This link no longer works") && page.says("action=\"/privacy/code\""));
    };
    over(&path).await;
    over("/privacy/enter/abc").await;
    put(0, account_text(&id("bo")));
    site.pass(SignedDuration::from_mins(2));
    over(&path).await;
}
