//! What went wrong elsewhere, and must not here. What each page owes people is tested with the page;
//! here stand the stories that cross pages, campaigns and accounts.

use demur_core::objection::Status;
use demur_core::purpose::{Purpose, Review, sample};
use jiff::civil::date;

use crate::support::{PURPOSE, Site, id, moment};

#[tokio::test]
async fn the_same_request_a_thousand_times_is_one_case() {
    let site = Site::new();
    let link = site.link("bo");
    for _ in 0..1000 {
        site.post(&link, "").await;
    }
    site.only_case();
}

#[tokio::test]
async fn an_objection_outlives_the_campaign_it_was_made_in() {
    let site = Site::new();
    site.post(&site.link("bo"), "").await;
    let case = site.only_case().summary.case.to_string();
    // The purpose gets other rules and another start; its people are written to once more.
    let later = Purpose { review: Review::Manual, starts_on: date(2026, 5, 27), ..sample() };
    assert!(site.register().record_purpose(&later, moment(60)).unwrap());
    let link = site.link("bo");
    assert!(site.get(&link).await.says(&case), "nobody is asked again");
    site.post(&link, "").await;
    assert_eq!(site.only_case().summary.status, Status::Received);
    let state = site.register().purpose_state(PURPOSE, None).unwrap();
    assert!(state.objections.iter().any(|o| o.account == Some(id("bo"))));
}

#[tokio::test]
async fn an_objection_made_with_one_account_stands_for_the_other() {
    let site = Site::new();
    site.post(&site.link("ana"), "").await;
    let case = site.only_case().summary.case.to_string();
    let page = site.get(&site.link("ana-work")).await;
    assert!(page.says(&case), "{}", page.body);
}

#[tokio::test]
async fn a_pattern_is_a_name_like_any_other() {
    let site = Site::new();
    let cookie = site.enter("bo").await;
    for pattern in ["*", "%25", ".*", "post-_"] {
        let form = format!("purpose={PURPOSE}&items={pattern}");
        site.post_as(&cookie, "/privacy/object", &form).await;
    }
    let state = site.register().purpose_state(PURPOSE, None).unwrap();
    let records: Vec<String> =
        state.objections.iter().filter_map(|o| o.record.as_ref()).map(|r| r.0.clone()).collect();
    assert!(records.iter().all(|record| ["*", "%", ".*", "post-_"].contains(&record.as_str())));
    assert!(!records.is_empty() && !records.contains(&"post-1".to_owned()), "{records:?}");
}

#[tokio::test]
async fn nobody_objects_for_another_by_naming_their_case_or_account() {
    let site = Site::new();
    site.post(&site.link("ana"), "").await;
    let case = site.only_case().summary.case;
    let cookie = site.enter("bo").await;
    site.post_as(&cookie, &format!("/privacy/case/{case}/withdraw"), "").await;
    site.post_as(&cookie, "/privacy/withdraw", &format!("case={case}")).await;
    site.post_as(
        &cookie,
        "/privacy/object",
        &format!("purpose={PURPOSE}&account=ana&public_content=1"),
    )
    .await;
    let mut cases: Vec<_> =
        site.cases().into_iter().map(|case| (case.account, case.status)).collect();
    cases.sort_by_key(|(account, _)| account.as_ref().map(ToString::to_string));
    let expected = [(Some(id("ana")), Status::Received), (Some(id("bo")), Status::Received)];
    assert_eq!(cases, expected);
}
