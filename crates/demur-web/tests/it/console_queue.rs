//! The queue: what is due first comes first.

use axum::http::StatusCode;
use demur_core::deadline;
use demur_core::id::RecordId;
use demur_core::objection::Scopes;
use demur_register::{CaseId, Extension, NewObjection};
use jiff::SignedDuration;

use crate::console::{days_ago, manual, message, objection, reviewer, submit};
use crate::sets;
use crate::support::{Answer, Site};

/// The cases on a page, in its order.
fn listed(page: &Answer) -> Vec<String> {
    let rows = page.body.split("href=\"/console/case/").skip(1);
    rows.map(|row| row.split('"').next().unwrap().to_owned()).collect()
}

fn numbers(cases: &[CaseId]) -> Vec<String> {
    cases.iter().map(ToString::to_string).collect()
}

fn extend(site: &Site, case: CaseId, months: u8) {
    let zone = jiff::tz::TimeZone::get("Europe/Dublin").unwrap();
    let received = site.register().case(&case).unwrap().unwrap().summary.received_at;
    let months = deadline::Extension::try_from(months).unwrap();
    let extension = Extension {
        by: "Ann".into(),
        reasons: "many".into(),
        first_deadline: deadline::due(received, &zone, Some("IE")).due,
        until: deadline::extended(received, months, &zone, Some("IE")).due,
    };
    site.register().extend(&case, &extension, site.app.now()).unwrap();
}

#[tokio::test]
async fn cases_come_by_their_due_day_extended_ones_included() {
    let site = Site::new();
    let cookie = reviewer(&site, "Ann").await;
    let on = |days, n: &str| submit(&site, objection(n, days_ago(&site, days)));
    let new = on(1, "a");
    let soon = on(27, "b");
    let overdue = on(60, "c");
    let long = on(28, "d");
    let longer = on(29, "e");
    extend(&site, long, 1);
    extend(&site, longer, 2);
    let page = site.get_as(&cookie, "/console").await;
    // Received 12 May minus 28 days, and a month more: due on 14 June, after what came yesterday.
    assert_eq!(listed(&page), numbers(&[overdue, soon, new, long, longer]));
    assert_eq!(page.body.matches(">extended<").count(), 2);
    for (filter, cases) in [
        ("urgency=overdue", vec![overdue]),
        ("urgency=due_soon", vec![soon]),
        ("urgency=in_time", vec![new, long, longer]),
        ("status=under_review", vec![]),
        ("source=privacy_centre&about=own", vec![overdue, soon, new, long, longer]),
        ("source=agent", vec![]),
        ("purpose=ads", vec![]),
        ("urgency=nonsense", vec![overdue, soon, new, long, longer]),
    ] {
        let page = site.get_as(&cookie, &format!("/console?{filter}")).await;
        assert_eq!(listed(&page), numbers(&cases), "{filter}");
    }
    site.register().approve(&overdue, "Ann", site.app.now()).unwrap();
    let page = site.get_as(&cookie, "/console").await;
    assert!(page.says("<strong>0</strong> overdue") && page.says("<strong>1</strong> due within"));
}

#[tokio::test]
async fn who_has_no_account_and_single_records_can_be_listed_alone() {
    let site = Site::new();
    let cookie = reviewer(&site, "Ann").await;
    let own = submit(&site, objection("a", site.app.now()));
    let record = NewObjection {
        account: None,
        record: Some(RecordId("post-1".into())),
        scopes: Scopes::NONE,
        ..objection("a", site.app.now())
    };
    let record = submit(&site, record);
    let contact = submit(&site, message("w@example.org", "my daughter", site.app.now()));
    for (about, case) in [("own", own), ("record", record), ("contact", contact)] {
        let page = site.get_as(&cookie, &format!("/console?about={about}")).await;
        assert_eq!(listed(&page), numbers(&[case]), "{about}");
        assert!(!page.says("w@example.org") && !page.says("post-1"));
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let site = Site::new();
    let cookie = reviewer(&site, "Ann").await;
    let mut register = site.register();
    for n in 0..130i64 {
        let at = site.app.now() - SignedDuration::from_mins(n / 3);
        register.submit(objection(&n.to_string(), at), at).unwrap();
    }
    let mut all = Vec::new();
    let mut address = Some("/console?about=own".to_owned());
    while let Some(here) = address {
        let page = site.get_as(&cookie, &here).await;
        let before = all.len();
        all.extend(listed(&page));
        assert!(page.says(&format!("Cases {} to {} of 130", before + 1, all.len())));
        assert_eq!(page.says("First page"), before > 0);
        address = page
            .body
            .split("href=\"")
            .skip(1)
            .find(|link| {
                link.contains("rel=\"next\"") && link.find('>') > link.find("rel=\"next\"")
            })
            .map(|link| {
                link.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
            });
    }
    assert_eq!(all.len(), 130);
    let distinct: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), 130);
}

#[tokio::test]
async fn a_case_is_found_by_its_number_and_an_account_by_its_id() {
    let site = Site::new();
    let cookie = reviewer(&site, "Ann").await;
    let case = submit(&site, objection("ana", site.app.now()));
    let search = |text: String| {
        let (site, cookie) = (&site, &cookie);
        async move { site.get_as(cookie, &format!("/console/search?q={text}")).await }
    };
    for typed in [case.to_string(), case.to_string().to_lowercase().replace('-', "")] {
        let found = search(typed).await;
        assert_eq!(
            (found.status, found.leads_to().to_owned()),
            (StatusCode::SEE_OTHER, format!("/console/case/{case}"))
        );
    }
    for account in ["ana", "ana-work"] {
        assert_eq!(listed(&search(account.into()).await), numbers(&[case]), "{account}");
    }
    for nothing in ["bo", "an", "7K3M-QZ4P-W2XC", "%3Cscript%3E"] {
        let page = search(nothing.into()).await;
        assert!(page.status == StatusCode::OK && listed(&page).is_empty());
        assert!(page.says("No case has this number") && !page.says("<script>"));
    }
    assert!(!search(String::new()).await.says("No case"));
}

#[tokio::test]
async fn the_record_and_the_training_sets_can_be_read() {
    let site = Site::with(manual());
    let cookie = crate::console::auditor(&site).await;
    submit(&site, objection("ana", site.app.now()));
    let record = site.get_as(&cookie, "/console/record").await;
    for part in ["Example Platform Ltd", "docs/dpia.md", "Art. 6(1)(f)", "Recipients", "Kept for"] {
        assert!(record.says(part), "{part}");
    }
    assert!(record.says(&manual().digest()));
    sets::build(&site, "spring");
    let size = site.register().size().unwrap();
    let page = site.get_as(&cookie, "/console/training-sets").await;
    assert!(page.says("No run was entered yet") && !page.says("Versions of"));
    assert!(page.says("spring") && page.says(&format!(">{}<", size - 1)) && page.says("3,001"));
}

#[tokio::test]
async fn what_sets_lack_their_versions_and_runs_can_be_read() {
    let site = Site::with(manual());
    let cookie = crate::console::auditor(&site).await;
    sets::build(&site, "spring");
    submit(&site, objection("ana", site.app.now()));
    sets::run(&site, "nightly", "spring");
    let shown = site.get_as(&cookie, "/console/training-sets").await;
    let lacks = "<td>1, the oldest since 12 May 2025";
    assert!(shown.says(lacks) && shown.says("spring@0") && shown.says("as a test"));
    sets::retract(&site, "spring");
    sets::purge(&site, "spring");
    let shown = site.get_as(&cookie, "/console/training-sets").await;
    for part in
        ["<td>0</td>", "Versions of spring", "<td>retracted</td>", "<td>purged</td>", "2,994"]
    {
        assert!(shown.says(part), "{part}: {}", shown.body);
    }
    assert!(!shown.says(lacks), "{}", shown.body);
}
