//! What a reviewer finds for someone who could only say in words what is meant.

use axum::http::StatusCode;
use demur_core::objection::Status;
use demur_core::rules::Objection;
use demur_register::desk::Drawer;

use crate::console::{case, days_ago, encoded, manual, message, objection, reviewer, submit};
use crate::support::{PURPOSE, Site, id};

fn site() -> Site {
    Site::set_up(manual(), |settings| demur_web::settings::Settings {
        record_url: Some("https://platform.example/posts/{id}".into()),
        ..settings
    })
}

/// What excludes data now.
fn excluding(site: &Site) -> Vec<Objection> {
    let all = site.register().purpose_state(PURPOSE, None).unwrap().objections;
    all.into_iter().filter(|one| one.account.is_some() || one.record.is_some()).collect()
}

#[tokio::test]
async fn records_and_an_account_become_cases_in_force_from_the_day_of_the_message() {
    let site = site();
    let cookie = reviewer(&site, "Ann").await;
    let wrote = days_ago(&site, 4);
    let original = submit(&site, message("w@example.org", "my daughter is in a photo", wrote));
    assert!(excluding(&site).is_empty());
    let page = format!("/console/case/{original}");
    let shown = site.get_as(&cookie, &page).await;
    assert!(shown.says("my daughter is in a photo") && shown.says("Nothing is restricted yet"));
    let letters = site.register().count_items(Drawer::Letter).unwrap();

    let records = encoded("post-1\r\nhttps://platform.example/posts/post-2?x=1\r\n\r\n");
    let form = format!("records={records}&account=ana");
    let done = site.post_as(&cookie, &format!("{page}/records"), &form).await;
    assert!(done.leads_to().ends_with("?done=found"));
    let excluding = excluding(&site);
    let records: Vec<String> =
        excluding.iter().filter_map(|one| one.record.as_ref()).map(ToString::to_string).collect();
    assert_eq!(records, ["post-1", "post-2"]);
    assert_eq!(excluding[2].account, Some(id("ana")));
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), letters, "no second receipt");

    let found = site.cases().into_iter().filter(|one| one.case != original);
    for one in found {
        assert_eq!(one.received_at, wrote);
        let whole = case(&site, one.case);
        assert_eq!(whole.grounds, Some(format!("found for {original}")));
        let shown = site.get_as(&cookie, &format!("/console/case/{}", one.case)).await;
        assert!(shown.says(&format!("href=\"{page}\"")), "it leads back");
        assert!(site.get_as(&cookie, &page).await.says(&one.case.to_string()), "and forth");
    }
    let again = site.post_as(&cookie, &format!("{page}/records"), "records=post-1").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(site.cases().len(), 4, "what was found before is not doubled");
}

#[tokio::test]
async fn what_names_nothing_is_not_taken() {
    let site = site();
    let cookie = reviewer(&site, "Ann").await;
    let original = submit(&site, message("w@example.org", "a photo", site.app.now()));
    let form = format!("/console/case/{original}/records");
    for (sent, kept) in [
        ("records=+&account=", ""),
        ("records=https%3A%2F%2Felsewhere.example%2F1", "https://elsewhere.example/1"),
    ] {
        let again = site.post_as(&cookie, &form, sent).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.says("href=\"#records\"") && again.says(kept));
    }
    let own = submit(&site, objection("bo", site.app.now()));
    site.post_as(&cookie, &format!("/console/case/{own}/records"), "records=post-1").await;
    site.register().approve(&original, "Ann", site.app.now()).unwrap();
    site.post_as(&cookie, &form, "records=post-1").await;
    assert_eq!(site.cases().len(), 2, "only an open message has something to be found for");
    assert_eq!(case(&site, original).summary.status, Status::Approved);
}

#[tokio::test]
async fn approving_what_was_not_found_is_warned_of() {
    let site = site();
    let cookie = reviewer(&site, "Ann").await;
    let original = submit(&site, message("w@example.org", "a photo", site.app.now()));
    let preview = format!("/console/case/{original}/preview");
    assert!(site.post_as(&cookie, &preview, "act=approve").await.says("Nothing was found"));
    site.post_as(&cookie, &format!("/console/case/{original}/records"), "records=post-1").await;
    assert!(!site.post_as(&cookie, &preview, "act=approve").await.says("Nothing was found"));
}
