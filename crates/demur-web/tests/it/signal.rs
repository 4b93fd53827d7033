//! `Sec-GPC: 1` from somebody whom we know (Art. 21(5)).

use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::Signals;
use demur_core::purpose::{Purpose, Review, sample};
use demur_register::desk::Drawer;
use demur_register::event::Source;
use jiff::SignedDuration;

use crate::support::{Answer, Site};

const OBJECTED: &str = "It is recorded as your objection";
const NOTED: &str = "It is noted";

/// A site for whose purpose a signal is an objection.
fn heeding() -> Site {
    let purpose = Purpose { review: Review::Manual, ..sample() };
    Site::set_up(purpose, |mut settings| {
        settings.purposes[0].purpose.signals = Signals::Object;
        settings
    })
}

async fn look(site: &Site, cookie: &str) -> Answer {
    let request = Request::get("/privacy?lang=en").header(COOKIE, cookie).header("sec-gpc", "1");
    let page = site.send(request, "").await;
    assert_eq!(page.status, StatusCode::OK);
    page
}

fn noted(site: &Site) -> u64 {
    site.register().count_items(Drawer::Signal).unwrap()
}

#[tokio::test]
async fn it_is_noted_where_it_is_no_objection() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    for _ in 0..2 {
        assert!(look(&site, &cookie).await.says(NOTED));
        site.pass(SignedDuration::from_mins(10));
    }
    assert_eq!((noted(&site), site.cases().len()), (1, 0));
}

#[tokio::test]
async fn it_objects_once_where_the_purpose_says_so() {
    let site = heeding();
    let cookie = site.enter("bo").await;
    for _ in 0..3 {
        assert!(look(&site, &cookie).await.says(OBJECTED));
    }
    let case = site.only_case();
    assert_eq!((case.source, case.summary.scopes), (Source::Agent, Scopes::OWN));
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 1);
    let silent = site.get_as(&cookie, "/privacy").await;
    assert!(!silent.says(OBJECTED) && silent.says(&case.summary.case.to_string()));
}

#[tokio::test]
async fn many_requests_of_one_browser_are_one_objection() {
    let site = heeding();
    let cookie = site.enter("ana").await;
    tokio::join!(look(&site, &cookie), look(&site, &cookie), look(&site, &cookie));
    assert_eq!((noted(&site), site.cases().len()), (1, 1));
}

#[tokio::test]
async fn who_withdrew_is_not_overruled_by_their_browser() {
    let site = heeding();
    let cookie = site.enter("ana").await;
    look(&site, &cookie).await;
    let case = site.only_case().summary.case;
    site.post_as(&cookie, "/privacy/withdraw", &format!("case={case}")).await;
    for cookie in [cookie, site.enter("ana-work").await] {
        assert!(look(&site, &cookie).await.says(NOTED));
        assert_eq!(site.only_case().summary.status, Status::Withdrawn);
    }
}

#[tokio::test]
async fn an_objection_that_was_withdrawn_before_stays_withdrawn() {
    let site = heeding();
    let link = site.link("bo");
    site.post(&link, "").await;
    let cookie = site.enter("bo").await;
    let case = site.only_case().summary.case;
    site.post_as(&cookie, "/privacy/withdraw", &format!("case={case}")).await;
    look(&site, &cookie).await;
    assert_eq!(site.only_case().summary.status, Status::Withdrawn);
}

#[tokio::test]
async fn whoever_has_objected_gets_no_second_case() {
    let site = heeding();
    site.post(&site.link("ana"), "").await;
    let cookie = site.enter("ana-work").await;
    let page = look(&site, &cookie).await;
    assert!(!page.says(OBJECTED) && !page.says(NOTED));
    assert_eq!(site.cases().len(), 1);
}

#[tokio::test]
async fn a_purpose_that_heeds_signals_later_heeds_those_that_come_then() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    look(&site, &cookie).await;
    assert_eq!(site.cases().len(), 0);
    let site = site.reopen(|settings| settings.purposes[0].purpose.signals = Signals::Object);
    assert!(look(&site, &cookie).await.says(OBJECTED));
    assert_eq!((noted(&site), site.cases().len()), (1, 1));
}

#[tokio::test]
async fn a_stranger_and_a_mail_scanner_object_to_nothing() {
    let site = heeding();
    for path in ["/privacy".to_owned(), site.link("bo")] {
        let request = Request::get(&path).header("sec-gpc", "1");
        assert_eq!(site.send(request, "").await.status, StatusCode::OK);
    }
    let cookie = site.enter("bo").await;
    site.get_as(&cookie, "/privacy").await;
    assert_eq!((noted(&site), site.cases().len()), (0, 0));
}
