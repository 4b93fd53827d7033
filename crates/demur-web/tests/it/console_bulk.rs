//! Approving many at once.

use axum::http::StatusCode;
use demur_core::objection::Status;
use demur_core::purpose::{Purpose, Refusals};
use demur_register::desk::Drawer;
use demur_register::{CaseFilter, Refusal};
use demur_web::acts;

use crate::console::{case, days_ago, fields, manual, message, objection, reviewer, submit};
use crate::support::{Answer, Site, id};

/// Waits for a job to be done, as its page tells.
async fn done(site: &Site, cookie: &str, progress: &str) -> Answer {
    loop {
        let page = site.get_as(cookie, progress).await;
        assert_eq!(page.status, StatusCode::OK);
        if !page.says("Look again") {
            return page;
        }
        tokio::task::yield_now().await;
    }
}

fn all(site: &Site) -> Vec<demur_register::CaseSummary> {
    site.register().cases(&CaseFilter::default(), 100_000).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_are_approved_with_one_confirmation_and_a_letter_each() {
    const MANY: u64 = 3000;
    let site = Site::new();
    let cookie = reviewer(&site, "Ann").await;
    let at = days_ago(&site, 5);
    let mut register = site.register();
    let mut batch = register.batch().unwrap();
    for n in 0..MANY {
        let new = objection(&format!("user-{n}"), at);
        batch.act(at, |act| acts::submit(act, new)).unwrap();
    }
    batch.commit().unwrap();
    let receipts = register.count_items(Drawer::Letter).unwrap();

    let asked = site.post_as(&cookie, "/console/bulk", "which=all").await;
    assert!(asked.says("<strong>3,000</strong> cases"), "{}", asked.body);
    assert!(all(&site).iter().all(|case| case.status == Status::Received), "nothing happened yet");
    // Whoever objects now was not part of what is confirmed.
    let late = submit(&site, objection("late", site.app.now()));

    let form = fields(&asked, "/console/bulk/start");
    let begun = site.post_as(&cookie, "/console/bulk/start", &form).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER);
    let twice = site.post_as(&cookie, "/console/bulk/start", &form).await;
    assert_eq!(begun.leads_to(), twice.leads_to(), "a form sent twice begins one job");
    let page = done(&site, &cookie, begun.leads_to()).await;
    assert!(page.says("<dd>3,000</dd>") && page.says("100 %"), "{}", page.body);

    let cases = all(&site);
    let approved = cases.iter().filter(|case| case.status == Status::Approved).count() as u64;
    assert_eq!((approved, case(&site, late).summary.status), (MANY, Status::Received));
    let letters = site.register().count_items(Drawer::Letter).unwrap();
    assert_eq!(letters, receipts + 1 + MANY);
    let one = case(&site, cases[7].case);
    let by = one.history.last().unwrap().personal.clone().unwrap().by;
    assert_eq!(by.as_deref(), Some("Ann"));
    assert!(site.register().verify().unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_must_look_at_is_left() {
    let site = Site::with(Purpose { refusals: Refusals::TwoReviewers, ..manual() });
    let cookie = reviewer(&site, "Ann").await;
    let plain = submit(&site, objection("bo", site.app.now()));
    let described = submit(&site, message("w@example.org", "my daughter", site.app.now()));
    let proposed = submit(&site, objection("ana", site.app.now()));
    let refusal = Refusal {
        by: "Ben".into(),
        grounds: "g".into(),
        authority: "a".into(),
        court_route: "c".into(),
        ground: None,
    };
    let mut register = site.register();
    register.propose_refusal(&proposed, &refusal, site.app.now()).unwrap();
    let confirmed = submit(&site, objection("cy", site.app.now()));
    register.propose_refusal(&confirmed, &refusal, site.app.now()).unwrap();
    let confirm = Refusal { by: "Cleo".into(), ..refusal };
    let send = |act: &mut demur_register::Act<'_, '_>| {
        acts::send_refusal(act, confirmed, Some(&id("cy")), &confirm)
    };
    register.act(site.app.now(), send).unwrap();

    let asked = site.post_as(&cookie, "/console/bulk", "which=all").await;
    let form = fields(&asked, "/console/bulk/start");
    let begun = site.post_as(&cookie, "/console/bulk/start", &form).await;
    let page = done(&site, &cookie, begun.leads_to()).await;
    assert!(page.says("<dd>3: decided meanwhile"), "{}", page.body);
    let status = |number| case(&site, number).summary.status;
    assert_eq!(status(plain), Status::Approved);
    for left in [described, proposed, confirmed] {
        assert_eq!(status(left), Status::Received);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_ticked_or_matching_are_taken_and_no_others() {
    let site = Site::new();
    let cookie = reviewer(&site, "Ann").await;
    let [a, b, c] = ["a", "b", "c"].map(|n| submit(&site, objection(n, site.app.now())));
    let old = submit(&site, objection("d", days_ago(&site, 60)));
    let ticked = format!("which=ticked&case={a}&case={b}");
    let asked = site.post_as(&cookie, "/console/bulk", &ticked).await;
    assert!(asked.says("<strong>2</strong> cases"));
    let form = fields(&asked, "/console/bulk/start");
    let begun = site.post_as(&cookie, "/console/bulk/start", &form).await;
    done(&site, &cookie, begun.leads_to()).await;

    let asked = site.post_as(&cookie, "/console/bulk", "which=all&urgency=overdue").await;
    assert!(asked.says("<strong>1</strong> case?") && asked.says("<dd>overdue</dd>"));
    let form = fields(&asked, "/console/bulk/start");
    let begun = site.post_as(&cookie, "/console/bulk/start", &form).await;
    done(&site, &cookie, begun.leads_to()).await;
    let status = [a, b, c, old].map(|number| case(&site, number).summary.status);
    use Status::{Approved, Received};
    assert_eq!(status, [Approved, Approved, Received, Approved]);

    let none = site.post_as(&cookie, "/console/bulk", "which=ticked").await;
    assert_eq!(none.leads_to(), "/console");
    let bare = site.post_as(&cookie, "/console/bulk/start", "id=x").await;
    assert_eq!(bare.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_job_goes_on() {
    let site = Site::new();
    let cookie = reviewer(&site, "Ann").await;
    let open = submit(&site, objection("a", site.app.now()));
    let asked = site.post_as(&cookie, "/console/bulk", "which=all").await;
    let form = fields(&asked, "/console/bulk/start");
    let begun = site.post_as(&cookie, "/console/bulk/start", &form).await;
    let progress = begun.leads_to().to_owned();
    done(&site, &cookie, &progress).await;
    // As if the machine had stopped before any of it.
    let again = submit(&site, objection("b", site.app.now()));
    let size = site.register().size().unwrap();
    site.register()
        .act(site.app.now(), |act| {
            let item = act.item(Drawer::Bookmark, b"bulk")?.unwrap();
            let mut jobs: serde_json::Value = serde_json::from_str(&item.text).unwrap();
            jobs[0]["done_at"] = serde_json::Value::Null;
            jobs[0]["below"] = size.into();
            act.put(Drawer::Bookmark, b"bulk", item.due, None, &jobs.to_string())
        })
        .unwrap();
    assert!(site.get_as(&cookie, &progress).await.says("Look again"));
    demur_web::resume_bulk(std::sync::Arc::clone(&site.app)).await.unwrap();
    done(&site, &cookie, &progress).await;
    assert_eq!(case(&site, again).summary.status, Status::Approved);
    assert_eq!(case(&site, open).history.iter().filter(|e| e.what.status().is_some()).count(), 2);
}
