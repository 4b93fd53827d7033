//! The privacy centre for someone who is signed in.

use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Request, StatusCode};
use demur_core::id::RecordId;
use demur_core::objection::{Scope, Scopes, Status};
use demur_register::desk::Drawer;
use demur_register::event::Source;
use jiff::SignedDuration;

use crate::support::{Answer, PURPOSE, Site, id};

const OBJECT: &str = "/privacy/object";
const WITHDRAW: &str = "/privacy/withdraw";

fn form(rest: &str) -> String {
    format!("purpose={PURPOSE}&{rest}")
}

/// The page to which a form led.
async fn led(site: &Site, cookie: &str, answer: &Answer) -> Answer {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    site.get_as(cookie, answer.leads_to()).await
}

#[tokio::test]
async fn a_stranger_sees_what_is_used_and_how_to_say_who_they_are() {
    let site = Site::new();
    let page = site.get("/privacy").await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["Training the AI assistant", "27 May 2025", "Comments", "Article 6(1)(f)"] {
        assert!(page.says(text), "{text}: {}", page.body);
    }
    for way in ["action=\"/privacy/code\"", "/privacy/no-account", "/notice/assistant-training"] {
        assert!(page.says(way), "{way}");
    }
    assert!(!page.says("Where you stand"));
}

#[tokio::test]
async fn whoever_holds_a_link_is_not_asked_again() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    let page = site.get_as(&cookie, "/privacy").await;
    assert!(page.says("You have not objected.") && page.says("Sign out"));
    assert!(!page.says("type=\"email\"") && !page.says("code"), "{}", page.body);
    assert!(site.cases().is_empty());
}

#[tokio::test]
async fn a_link_that_is_over_opens_no_session() {
    let site = Site::new();
    let enter = format!("{}/privacy", site.link("bo"));
    let broken = site.post("/o/abc/privacy", "").await;
    site.pass(SignedDuration::from_hours(24 * 500));
    for answer in [broken, site.post(&enter, "").await] {
        assert_eq!((answer.status, answer.cookie()), (StatusCode::OK, None));
        assert!(answer.says("/privacy/code"));
    }
}

#[tokio::test]
async fn one_click_objects_to_all_that_is_ones_own() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    // What the browser sends where nothing but the button was touched.
    let sent = form("public_content=1&ai_interactions=1&grounds=");
    let page = led(&site, &cookie, &site.post_as(&cookie, OBJECT, &sent).await).await;
    let case = site.only_case();
    assert_eq!((case.source, case.grounds), (Source::PrivacyCentre, None));
    assert_eq!((case.summary.scopes, case.summary.account), (Scopes::OWN, Some(id("bo"))));
    assert!(page.says("Your objection has arrived"));
    assert!(page.says(&case.summary.case.to_string()));
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 1);
}

#[tokio::test]
async fn leaving_takes_the_same_form_and_changes_nothing() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    let page = site.get_as(&cookie, "/privacy").await.body;
    let object = page.find("<button type=\"submit\">Object</button>").unwrap();
    let leave = "<button type=\"submit\" name=\"leave\" value=\"1\">Leave it as it is</button>";
    let between = &page[object..page.find(leave).unwrap()];
    assert!(!between.contains("</form>"), "the two buttons stand side by side");

    let sent = form("leave=1&public_content=1&ai_interactions=1");
    let page = led(&site, &cookie, &site.post_as(&cookie, OBJECT, &sent).await).await;
    assert!(page.says("Nothing has changed"));
    assert!(site.cases().is_empty());
}

#[tokio::test]
async fn choosing_nothing_says_so_and_keeps_what_was_typed() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    let page = site.post_as(&cookie, OBJECT, &form("grounds=my+own+words")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("href=\"#scopes-0\"") && page.says("id=\"scopes-0\""));
    assert!(page.says("my own words"));
    assert!(site.cases().is_empty());
}

#[tokio::test]
async fn reasons_are_kept_and_content_of_others_is_a_choice_of_its_own() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    site.post_as(&cookie, OBJECT, &form("third_party=1&grounds=+I+am+a+nurse.+")).await;
    let case = site.only_case();
    assert_eq!(case.summary.scopes, Scopes::from(vec![Scope::ThirdParty]));
    assert_eq!(case.grounds.as_deref(), Some("I am a nurse."));
}

#[tokio::test]
async fn one_person_has_one_state_on_all_accounts() {
    let site = Site::new();
    let first = site.enter("ana").await;
    site.post_as(&first, OBJECT, &form("public_content=1&ai_interactions=1")).await;
    let case = site.only_case().summary.case.to_string();

    let second = site.enter("ana-work").await;
    let page = site.get_as(&second, "/privacy?lang=en").await;
    assert!(page.says(&case) && page.says("all 2 of your accounts"), "{}", page.body);
    assert!(!page.says("name=\"public_content\"") && page.says("name=\"third_party\""));
    let again = site.post_as(&second, OBJECT, &form("public_content=1&ai_interactions=1")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let link = site.link("ana-work");
    assert!(site.get(&link).await.says(&case));
    assert_eq!(site.cases().len(), 1);

    // What is not covered yet is a case of its own.
    let all = form("public_content=1&ai_interactions=1&third_party=1");
    site.post_as(&second, OBJECT, &all).await;
    let scopes: Vec<Scopes> = site.cases().iter().map(|case| case.scopes).collect();
    assert_eq!(scopes, [Scopes::OWN, Scopes::from(vec![Scope::ThirdParty])]);
    assert!(site.get_as(&first, "/privacy?lang=en").await.says("covers everything"));
}

#[tokio::test]
async fn a_click_counts_for_its_account_whatever_is_known_of_others() {
    let site = Site::new();
    site.post(&site.link("ana"), "").await;
    site.post(&site.link("ana-work"), "").await;
    site.post(&site.link("ana-work"), "").await;
    let mut accounts: Vec<_> = site.cases().into_iter().filter_map(|case| case.account).collect();
    accounts.sort();
    assert_eq!(accounts, ["ana", "ana-work"].map(id));
}

#[tokio::test]
async fn single_items_are_named_by_address_or_id() {
    let site = Site::set_up(demur_core::purpose::sample(), |mut settings| {
        settings.record_url = Some("https://platform.example/posts/{id}".into());
        settings
    });
    let cookie = site.enter("bo").await;
    let items = "items=https://platform.example/posts/a1?from=share%0D%0A%0D%0Ab2%0D%0Aa1";
    let page = led(
        &site,
        &cookie,
        &site.post_as(&cookie, OBJECT, &form(&format!("{items}&grounds=mine"))).await,
    )
    .await;
    let register = site.register();
    let cases: Vec<_> =
        site.cases().iter().map(|case| register.case(&case.case).unwrap().unwrap()).collect();
    let named: Vec<_> = cases.iter().map(|case| case.record.clone().unwrap()).collect();
    assert_eq!(named, [RecordId("a1".into()), RecordId("b2".into())]);
    let said: Vec<_> = cases.iter().map(|case| case.grounds.clone().unwrap()).collect();
    assert_eq!(said, ["https://platform.example/posts/a1?from=share\n\nmine", "mine"]);
    // A rule approves what is somebody's own; whose an item is, a person looks at.
    assert!(cases.iter().all(|case| case.summary.status == Status::Received));
    assert!(cases.iter().all(|case| page.says(&case.summary.case.to_string())));

    site.post_as(&cookie, OBJECT, &form("items=a1")).await;
    assert_eq!(site.cases().len(), 2, "an item that is out already needs no second case");
    let state = site.register().purpose_state(PURPOSE, None).unwrap();
    let records: Vec<_> = state.objections.into_iter().filter_map(|o| o.record).collect();
    assert_eq!(records, named, "the next build leaves them out");
}

#[tokio::test]
async fn items_that_cannot_be_taken_are_shown_again() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    let many: Vec<String> = (0..21).map(|n| format!("item-{n}")).collect();
    for items in ["", "+%0D%0A+", &many.join("%0D%0A"), &"x".repeat(3000)] {
        let page = site.post_as(&cookie, OBJECT, &form(&format!("items={items}"))).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("href=\"#items-0\"") && page.says("<details open>"));
        assert!(items.len() < 10 || page.says("item-20") || page.says("xxx"));
    }
    assert!(site.cases().is_empty());
}

#[tokio::test]
async fn withdrawing_says_what_it_means_and_then_does_it() {
    let site = Site::new();
    let cookie = site.enter("ana-work").await;
    site.post(&site.link("ana"), "").await;
    let case = site.only_case().summary.case;

    let ask = format!("{WITHDRAW}?case={case}&lang=en");
    let page = site.get_as(&cookie, &ask).await;
    assert!(page.says("the data may be used again"), "{}", page.body);
    let left = site.post_as(&cookie, WITHDRAW, &format!("case={case}&leave=1")).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    assert_eq!(site.only_case().summary.status, Status::Received);

    for _ in 0..2 {
        let done = site.post_as(&cookie, WITHDRAW, &format!("case={case}")).await;
        let page = led(&site, &cookie, &done).await;
        assert!(page.says("Su oposición ha sido retirada."), "{}", page.body);
    }
    assert_eq!(site.only_case().summary.status, Status::Withdrawn);
    // The receipt and the letter about the withdrawal, once each.
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 2);
    assert!(site.get_as(&cookie, "/privacy").await.says("name=\"public_content\""));
}

#[tokio::test]
async fn nobody_sees_or_withdraws_the_case_of_another() {
    let site = Site::new();
    site.post(&site.link("ana"), "").await;
    let case = site.only_case().summary.case.to_string();
    let other = site.enter("bo").await;
    let ask = site.get_as(&other, &format!("{WITHDRAW}?case={case}")).await;
    let act = site.post_as(&other, WITHDRAW, &format!("case={case}")).await;
    let unknown = site.post_as(&other, WITHDRAW, "case=7K3M-QZ4P-W2XC").await;
    let broken = site.post_as(&other, WITHDRAW, "case=x").await;
    for answer in [&ask, &act, &unknown, &broken] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.body, unknown.body, "a case of another is as no case");
    }
    assert_eq!(site.only_case().summary.status, Status::Received);
    for page in ["/privacy".to_owned(), format!("/privacy?done={case}&withdrawn={case}")] {
        assert!(!site.get_as(&other, &page).await.says(&case));
    }
}

#[tokio::test]
async fn only_who_is_signed_in_acts_and_only_by_a_form_of_this_site() {
    let site = Site::new();
    site.post(&site.link("ana"), "").await;
    let case = site.only_case().summary.case;
    let acts = [
        (OBJECT, form("public_content=1")),
        (WITHDRAW, format!("case={case}")),
        ("/privacy/sign-out", String::new()),
    ];
    let cookie = site.enter("ana").await;
    for (path, body) in &acts {
        let stranger = site.post(path, body).await;
        assert_eq!((stranger.status, stranger.leads_to()), (StatusCode::SEE_OTHER, "/privacy"));
        let forged = Request::post(*path)
            .header(COOKIE, &cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site");
        assert_eq!(site.send(forged, body).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(site.only_case().summary.status, Status::Received);
    let unknown = site.post_as(&cookie, OBJECT, "purpose=other&public_content=1").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_time_does_too() {
    let site = Site::new();
    let (first, second) = (site.enter("bo").await, site.enter("bo").await);
    let out = site.post_as(&first, "/privacy/sign-out", "").await;
    assert_eq!((out.status, out.leads_to()), (StatusCode::SEE_OTHER, "/privacy"));
    let is_in = |answer: Answer| answer.says("Where you stand");
    assert!(!is_in(site.get_as(&first, "/privacy").await));
    assert!(is_in(site.get_as(&second, "/privacy").await));
    site.pass(SignedDuration::from_hours(3));
    assert!(!is_in(site.get_as(&second, "/privacy").await));
}

#[tokio::test]
async fn after_the_start_objecting_works_the_same_way() {
    let site = Site::new();
    site.pass(SignedDuration::from_hours(24 * 30));
    let cookie = site.enter("bo").await;
    assert!(site.get_as(&cookie, "/privacy").await.says("Data use began on 27 May 2025."));
    site.post_as(&cookie, OBJECT, &form("public_content=1")).await;
    assert_eq!(site.only_case().summary.status, Status::Received);
}
