//! The direct link.

use axum::http::{Request, StatusCode};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::{Review, sample};
use demur_register::LinkKind;
use demur_register::desk::Drawer;
use demur_register::event::Source;

use crate::support::{PURPOSE, Site, id, moment};

#[tokio::test]
async fn looking_changes_nothing_and_one_click_objects() {
    let site = Site::new();
    let link = site.link("bo");
    // What a mail scanner does, with every method that may not change anything.
    for _ in 0..3 {
        assert_eq!(site.get(&link).await.status, StatusCode::OK);
        site.send(Request::head(&link), "").await;
    }
    assert!(site.cases().is_empty());

    let done = site.post(&link, "").await;
    assert_eq!(done.status, StatusCode::OK);
    let case = site.only_case();
    assert!(done.says(&case.summary.case.to_string()), "{}", done.body);
    assert!(done.cookie().is_none());
    assert_eq!(case.summary.account, Some(id("bo")));
    assert_eq!((case.summary.scopes, case.summary.status), (Scopes::OWN, Status::Received));
    assert_eq!((case.source, case.summary.received_at), (Source::DirectLink, moment(0)));
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 1);
}

#[tokio::test]
async fn clicking_twice_is_one_objection_and_one_letter() {
    let site = Site::new();
    let link = site.link("bo");
    let first = site.post(&link, "").await;
    let second = site.post(&link, "").await;
    assert_eq!((first.status, second.status), (StatusCode::OK, StatusCode::OK));
    let case = site.only_case().summary.case.to_string();
    assert!(second.says(&case));
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 1);
    assert!(site.get(&link).await.says(&case), "whoever comes back sees that it is done");
}

#[tokio::test]
async fn a_rule_approves_at_once_where_the_purpose_says_so() {
    let site = Site::with(sample());
    assert_eq!(sample().review, Review::Automatic);
    site.post(&site.link("bo"), "").await;
    assert_eq!(site.only_case().summary.status, Status::Approved);
}

#[tokio::test]
async fn leaving_it_as_it_is_leaves_it() {
    let site = Site::new();
    let left = site.post(&site.link("bo"), "leave=1").await;
    assert_eq!(left.status, StatusCode::OK);
    assert!(site.cases().is_empty());
}

#[tokio::test]
async fn scopes_may_be_chosen() {
    let site = Site::new();
    site.post(&site.link("bo"), "narrowed=1&ai_interactions=1&third_party=1").await;
    let scopes = Scopes::parse("ai_interactions|third_party").unwrap();
    assert_eq!(site.only_case().summary.scopes, scopes);
}

#[tokio::test]
async fn choosing_nothing_shows_the_page_again() {
    let site = Site::new();
    let link = site.link("bo");
    let answer = site.post(&link, "narrowed=1").await;
    assert_eq!((answer.status, answer.leads_to()), (StatusCode::SEE_OTHER, link.as_str()));
    assert!(site.cases().is_empty());
}

#[tokio::test]
async fn the_account_language_counts_and_another_may_be_chosen() {
    let site = Site::new();
    let link = site.link("ana");
    assert!(site.get(&link).await.says("<html lang=\"es\">"));
    assert!(site.get(&format!("{link}?lang=pl")).await.says("<html lang=\"pl\">"));
    let request = Request::get(site.link("bo")).header("accept-language", "fr-CA, en;q=0.5");
    assert!(site.send(request, "").await.says("<html lang=\"fr\">"));
}

#[tokio::test]
async fn broken_expired_and_revoked_links_lead_to_a_form() {
    let site = Site::new();
    let link = site.link("bo");
    let leads = |answer: crate::support::Answer| {
        answer.status == StatusCode::OK && answer.says("/privacy/no-account")
    };
    let broken = format!("{}x", link);
    assert!(leads(site.get(&broken).await) && leads(site.post(&broken, "").await));

    let kind = LinkKind::Object { account: id("bo"), purpose: PURPOSE.into() };
    site.register().act(moment(1), |act| act.revoke_links(&kind, moment(0))).unwrap();
    assert!(leads(site.get(&link).await) && leads(site.post(&link, "").await));

    let other = site.link("ana");
    site.pass(jiff::SignedDuration::from_hours(24 * 500));
    assert!(leads(site.get(&other).await) && leads(site.post(&other, "").await));
    assert!(site.cases().is_empty());
}

#[tokio::test]
async fn an_account_that_left_the_facts_is_still_heard() {
    let site = Site::new();
    site.post(&site.link("nobody-any-more"), "").await;
    assert_eq!(site.only_case().summary.account, Some(id("nobody-any-more")));
}

#[tokio::test]
async fn many_objections_at_once_are_each_kept_once() {
    let site = Site::new();
    let links: Vec<String> = (0..200).map(|n| site.link(&format!("user-{n}"))).collect();
    let posts = links.iter().map(|link| site.post(link, ""));
    let answers = futures_join(posts).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    let mut accounts: Vec<String> =
        site.cases().iter().map(|case| case.account.as_ref().unwrap().to_string()).collect();
    accounts.sort();
    accounts.dedup();
    assert_eq!((accounts.len(), site.cases().len()), (200, 200));
    assert!(site.register().verify().unwrap().is_sound());
}

/// Runs all of them at once.
async fn futures_join<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut pending = false;
        for (future, done) in &mut waiting {
            if done.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *done = Some(value),
                    std::task::Poll::Pending => pending = true,
                }
            }
        }
        if pending { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    waiting.into_iter().filter_map(|(_, done)| done).collect()
}
