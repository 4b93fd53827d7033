//! Objecting without an account.

use axum::http::StatusCode;
use demur_core::deadline;
use demur_core::objection::{Effect, Scopes, Status};
use demur_core::purpose::{Purpose, Review, sample};
use demur_notice::{Language, format};
use demur_register::desk::Drawer;
use demur_register::event::{Route, Source};
use demur_web::mails::{MailKind, WaitingMail};
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::post_room::{Sink, room};
use crate::support::{Answer, PURPOSE, Site, id, mailing, moment};

const START: &str = "/privacy/no-account";
const EMAIL: &str = "dana@example.net";

/// Asks for a code and returns the page that takes it; mails of before are gone.
async fn ask(site: &Site, email: &str) -> String {
    site.register().act(moment(0), |act| act.lapse(Drawer::Mail, moment(1_000_000))).unwrap();
    let answer = site.post(&format!("{START}/code"), &format!("email={email}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.leads_to().to_owned()
}

/// The code that waits to be sent.
fn code(site: &Site) -> String {
    let items = site.register().items_due(Drawer::Mail, moment(1_000_000), 1000).unwrap();
    let mail: WaitingMail = serde_json::from_str(&items[0].text).unwrap();
    match mail.mail {
        MailKind::Code { code, .. } => code.replace(' ', ""),
        _ => panic!("not a code"),
    }
}

/// Goes through both steps and returns the form.
async fn form(site: &Site, email: &str) -> String {
    let at = ask(site, email).await;
    let answer = site.post(&at, &format!("code={}", code(site))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.leads_to().starts_with("/privacy/no-account/form/"), "{}", answer.leads_to());
    site.register().act(moment(0), |act| act.lapse(Drawer::Mail, moment(1_000_000))).unwrap();
    answer.leads_to().to_owned()
}

async fn done(site: &Site, answer: &Answer) -> Answer {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    site.get(answer.leads_to()).await
}

#[tokio::test]
async fn items_are_objected_to_one_by_one_and_kept_out_at_once() {
    let site = Site::set_up(Purpose { review: Review::Manual, ..sample() }, |settings| {
        demur_web::settings::Settings {
            record_url: Some("https://platform.example/posts/{id}".into()),
            ..mailing(settings)
        }
    });
    let form = form(&site, EMAIL).await;
    assert!(site.get(&form).await.says("Single items"));
    let items = "about=items&items=r-1%0D%0A%0D%0Ahttps%3A%2F%2Fplatform.example%2Fposts%2Fr-2%0D%0Ar-1%0D%0Ahttps%3A%2F%2Felsewhere.example%2F3";
    let shown = done(&site, &site.post(&form, items).await).await;
    let cases = site.cases();
    assert_eq!(cases.len(), 3);
    let zone = TimeZone::get("Europe/Dublin").unwrap();
    let due = deadline::due(moment(0), &zone, Some("IE")).due;
    assert!(shown.says(&format::date(Language::ENGLISH, due)), "{}", shown.body);
    for case in &cases {
        assert!(shown.says(&case.case.to_string()));
        let case = site.register().case(&case.case).unwrap().unwrap();
        let contact = case.contact.unwrap();
        assert_eq!((contact.email.as_str(), contact.route), (EMAIL, Route::Items));
        assert_eq!((case.source, case.summary.account), (Source::PrivacyCentre, None));
        assert_eq!(case.summary.status.effect(), Effect::Restricted);
    }
    let state = site.register().purpose_state(PURPOSE, None).unwrap();
    let records: Vec<String> =
        state.objections.iter().map(|o| o.record.as_ref().unwrap().to_string()).collect();
    assert_eq!(records, ["r-1", "r-2", "https://elsewhere.example/3"]);

    let sink = Sink::default();
    assert_eq!(room(&site, &sink).round().await.unwrap().sent, 1, "one mail for one form");
    let mail = &sink.sent()[0];
    assert_eq!(mail.header("To"), EMAIL);
    for case in cases {
        assert!(mail.raw.contains(&case.case.to_string()), "{}", mail.raw);
        let sent = site.register().case(&case.case).unwrap().unwrap().history;
        assert_eq!(sent.len(), 2, "that the letter went out is entered for each");
    }
    let link = shown.address("/c/").unwrap();
    assert!(site.get(&link).await.says("the item r-1"));
}

#[tokio::test]
async fn mentions_and_every_other_way_lead_to_a_person() {
    let ways = [
        ("mentions", Route::Mentions),
        ("guardian", Route::Guardian),
        ("heir", Route::Heir),
        ("locked-out", Route::LockedOut),
        ("page-author", Route::PageAuthor),
        ("output", Route::Output),
        ("other", Route::Other),
    ];
    for (value, route) in ways {
        let site = Site::new();
        let form = form(&site, EMAIL).await;
        let sent = format!("about={value}&names=Dana+D&message=Please+look&items=ignored");
        assert!(done(&site, &site.post(&form, &sent).await).await.says("under the number"));
        let case = site.only_case();
        assert_eq!(case.contact.unwrap().route, route);
        let names = if route == Route::Mentions { "Dana D\n\n" } else { "" };
        assert_eq!(case.grounds, Some(format!("{names}Please look")));
        assert_eq!((case.record, case.summary.status), (None, Status::Received), "{value}");
        assert!(!case.summary.scopes.is_empty());
    }
}

#[tokio::test]
async fn a_form_that_lacks_something_is_shown_again_with_what_was_typed() {
    let site = Site::new();
    let form = form(&site, EMAIL).await;
    let many: String = (0..51).map(|n| format!("r-{n}%0A")).collect();
    for (sent, says, link) in [
        ("names=Dana", "Choose at least one", "#about"),
        ("about=items&items=+%0A", "Enter the address or number", "#items"),
        (&format!("about=items&items={many}"), "at most 50 items", "#items"),
        (&format!("about=items&items={}", "x".repeat(501)), "at most 500 characters", "#items"),
        ("about=heir&names=Dana", "Write what it is about", "#message"),
        (&format!("about=mentions&names={}", "x".repeat(4001)), "at most 4,000", "#names"),
    ] {
        let answer = site.post(&form, sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sent}");
        assert!(answer.says(says) && answer.says(&format!("href=\"{link}\"")), "{}", answer.body);
    }
    let kept = site.post(&form, "about=heir&names=Dana").await;
    assert!(kept.says(">Dana</textarea>") && kept.says("value=\"heir\" checked"));
    assert!(site.cases().is_empty());
}

#[tokio::test]
async fn the_same_request_a_thousand_times_is_one_case_and_one_mail() {
    let site = Site::new();
    let form = form(&site, EMAIL).await;
    for _ in 0..1000 {
        let answer = site.post(&form, "about=items&items=r-1").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(site.cases().len(), 1);
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 1);
}

#[tokio::test]
async fn an_address_that_brings_very_much_goes_on_the_next_day_and_loses_nothing() {
    let site = Site::new();
    let form = form(&site, EMAIL).await;
    let batch = |from: usize| {
        let items: String = (from..from + 50).map(|n| format!("r-{n}%0A")).collect();
        format!("about=items&items={items}")
    };
    for from in [0, 50] {
        assert_eq!(site.post(&form, &batch(from)).await.status, StatusCode::SEE_OTHER);
    }
    let answer = site.post(&form, &batch(100)).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.says("You can send it tomorrow") && answer.says("r-149"), "{}", answer.body);
    assert_eq!(site.cases().len(), 100);
    let other = crate::no_account::form(&site, "someone@else.example").await;
    assert_eq!(site.post(&other, &batch(100)).await.status, StatusCode::SEE_OTHER);
    site.pass(SignedDuration::from_hours(23));
    assert_eq!(site.post(&form, &batch(200)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nothing_tells_whether_an_address_has_an_account() {
    let look = async |email: &str| {
        let site = Site::new();
        let answer = site.post(&format!("{START}/code"), &format!("email={email}")).await;
        let at = answer.leads_to().to_owned();
        let page = site.get(&at).await;
        let wrong = site.post(&at, "code=00000000").await;
        let blank = |text: &str| text.replace(&at, "AT").replace(email, "EMAIL");
        let headers = |answer: &Answer| blank(&format!("{:?}", answer.headers));
        let drawers = [Drawer::Code, Drawer::Mail, Drawer::Session, Drawer::Request];
        (
            (answer.status, headers(&answer), at.len()),
            (page.status, headers(&page), blank(&page.body)),
            (wrong.status, headers(&wrong), blank(&wrong.body)),
            drawers.map(|drawer| site.register().count_items(drawer).unwrap()),
            site.register().size().unwrap(),
        )
    };
    let known = look("bo@example.org").await;
    assert_eq!(known, look("no@example.org").await);
    assert_eq!(known.3, [1, 1, 0, 0]);
}

#[tokio::test]
async fn whoever_has_an_account_and_lost_the_link_objects_for_it_all_the_same() {
    let site = Site::new();
    for (email, accounts) in
        [("ana@example.org", vec!["ana"]), ("family@example.org", vec!["dee", "eli"])]
    {
        let form = form(&site, email).await;
        let known = done(&site, &site.post(&form, "about=own").await).await;
        assert!(known.says("and answer by e-mail by"), "{}", known.body);
        for account in accounts {
            let case = site.only_case_of(account, false);
            let case = site.register().case(&case).unwrap().unwrap();
            assert_eq!(case.summary.account, Some(id(account)));
            assert_eq!(case.summary.scopes, Scopes::OWN);
        }
    }
    let before = site.cases().len();
    let form = form(&site, EMAIL).await;
    let unknown = done(&site, &site.post(&form, "about=own").await).await;
    assert!(unknown.says("under the number") && site.cases().len() == before + 1);
    let last = site.cases().pop().unwrap();
    assert_eq!((last.account, last.scopes), (None, Scopes::OWN));
}

#[tokio::test]
async fn a_code_is_guessed_five_times_and_used_once() {
    let site = Site::new();
    let at = ask(&site, EMAIL).await;
    let right = code(&site);
    for _ in 0..5 {
        let wrong = site.post(&at, "code=1").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let late = site.post(&at, &format!("code={right}")).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "the sixth is too many");

    let at = ask(&site, EMAIL).await;
    let gap = right_with_gap(&code(&site));
    assert_eq!(site.post(&at, &format!("code={gap}")).await.status, StatusCode::SEE_OTHER);
    let again = site.post(&at, &format!("code={gap}")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

fn right_with_gap(code: &str) -> String {
    format!("{}+{}", &code[..4], &code[4..])
}

#[tokio::test]
async fn a_code_belongs_to_its_form_and_expires() {
    let site = Site::new();
    let first = ask(&site, EMAIL).await;
    let of_first = code(&site);
    let second = ask(&site, "else@example.net").await;
    let wrong = site.post(&second, &format!("code={of_first}")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.pass(SignedDuration::from_mins(31));
    let late = site.post(&first, &format!("code={of_first}")).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.says("action=\"/privacy/no-account/code\""), "it leads to the beginning");
}

#[tokio::test]
async fn an_address_must_look_like_one_and_gets_few_codes() {
    let site = Site::new();
    let wrong = site.post(&format!("{START}/code"), "email=dana").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.says("value=\"dana\"") && wrong.says("href=\"#email\""));
    let mut last = StatusCode::SEE_OTHER;
    let mut sent = 0;
    while last == StatusCode::SEE_OTHER {
        last = site.post(&format!("{START}/code"), &format!("email={EMAIL}")).await.status;
        sent += 1;
        assert!(sent < 50, "there is no limit");
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn another_code_can_be_had_without_typing_the_address_again() {
    let site = Site::new();
    let at = ask(&site, EMAIL).await;
    assert!(site.get(&at).await.says(EMAIL));
    let again = site.post(&format!("{at}/again"), "").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_ne!(again.leads_to(), at);
    assert_eq!(site.register().count_items(Drawer::Mail).unwrap(), 2);
}

#[tokio::test]
async fn tickets_that_nobody_gave_out_lead_to_the_beginning() {
    let site = Site::new();
    for path in
        ["/code/x", "/form/x", "/done/x", "/form/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        let answer = site.get(&format!("{START}{path}")).await;
        assert!(answer.says("action=\"/privacy/no-account/code\""), "{path}");
    }
    // A ticket that waits for its code opens no form.
    let at = ask(&site, EMAIL).await.replace("/code/", "/form/");
    assert_eq!(
        site.post(&at, "about=items&items=r-1").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(site.cases().is_empty());
}
