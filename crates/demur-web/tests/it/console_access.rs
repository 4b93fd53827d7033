//! Who may go where on the console, and how one gets in.

use axum::http::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use axum::http::{Method, Request, StatusCode};
use demur_core::objection::Status;
use demur_register::desk::Drawer;
use demur_web::{Access, Role, routes, staff};
use jiff::SignedDuration;

use crate::console::{
    PASSWORD, auditor, case, days_ago, encoded, manual, objection, reviewer, sign_in, submit,
};
use crate::support::{Answer, Site, URL};

/// A minute later, so that moments differ.
fn later(site: &Site) {
    site.pass(SignedDuration::from_mins(1));
}

async fn ask(site: &Site, cookie: Option<&str>, method: &Method, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header(ORIGIN, URL);
    let request = request.header("sec-fetch-site", "same-origin");
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = match cookie {
        Some(cookie) => request.header(COOKIE, cookie),
        None => request,
    };
    site.send(request, "").await
}

#[tokio::test]
async fn every_address_lets_in_whom_it_says_and_nobody_else() {
    let site = Site::new();
    let open = submit(&site, objection("bo", site.app.now()));
    let auditor = auditor(&site).await;
    let reviewer = reviewer(&site, "Ann").await;
    let person = site.enter("ana").await;
    let console = routes().into_iter().filter(|route| route.path.starts_with("/console"));
    let mut seen = 0;
    for route in console.filter(|route| route.access != Access::Public) {
        if route.path == "/console/sign-out" {
            continue;
        }
        seen += 1;
        let path = route.path.replace("{case}", &open.to_string()).replace("{job}", "none");
        let (method, says) = (&route.method, format!("{} {path}", route.method));
        let stranger = ask(&site, None, method, &path).await;
        assert_eq!(
            (stranger.status, stranger.leads_to()),
            (StatusCode::SEE_OTHER, "/console/sign-in"),
            "{says}"
        );
        assert_eq!(ask(&site, Some(&person), method, &path).await.status, StatusCode::FORBIDDEN);
        let looks_only = ask(&site, Some(&auditor), method, &path).await.status;
        match route.access {
            Access::Decide => assert_eq!(looks_only, StatusCode::FORBIDDEN, "{says}"),
            Access::Read => assert_ne!(looks_only, StatusCode::FORBIDDEN, "{says}"),
            other => panic!("{says} lets in {other:?}"),
        }
    }
    assert!(seen > 15);
    assert_eq!(case(&site, open).summary.status, Status::Received, "nobody decided anything");
    let page = site.get_as(&reviewer, &format!("/console/case/{open}")).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn an_auditor_sees_a_case_and_no_form() {
    let site = Site::new();
    let open = submit(&site, objection("bo", site.app.now()));
    let page = format!("/console/case/{open}");
    let auditor = auditor(&site).await;
    let shown = site.get_as(&auditor, &page).await;
    assert!(shown.says("bo@example.org") && !shown.says("/preview") && !shown.says("/refuse"));
    assert!(!site.get_as(&auditor, "/console").await.says("name=\"which\""));
    let reviewer = reviewer(&site, "Ann").await;
    assert!(site.get_as(&reviewer, &page).await.says("/preview"));
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let site = Site::new();
    let open = submit(&site, objection("bo", site.app.now()));
    let cookie = reviewer(&site, "Ann").await;
    for origin in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = Request::post(format!("/console/case/{open}/approve"))
            .header(COOKIE, &cookie)
            .header(origin.0, origin.1);
        assert_eq!(site.send(request, "").await.status, StatusCode::FORBIDDEN);
    }
    let bare = Request::post(format!("/console/case/{open}/approve")).header(COOKIE, &cookie);
    assert_eq!(site.send(bare, "").await.status, StatusCode::FORBIDDEN, "a cookie without origin");
    assert_eq!(case(&site, open).summary.status, Status::Received);
}

fn form(name: &str, password: &str) -> String {
    format!("name={}&password={}", encoded(name), encoded(password))
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_look_the_same() {
    let site = Site::new();
    reviewer(&site, "Ann").await;
    let wrong = site.post("/console/sign-in", &form("Ann", "not her password")).await;
    let nobody = site.post("/console/sign-in", &form("Eva", "not her password")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.status, nobody.status);
    assert_eq!(wrong.body.replace("Ann", "Eva"), nobody.body);
    assert!(wrong.cookie().is_none() && !wrong.says("not her password"));
    let long = site.post("/console/sign-in", &form("Ann", &"x".repeat(2000))).await;
    assert_eq!(long.body, wrong.body);
}

#[tokio::test]
async fn names_are_one_however_they_are_typed_and_letters_carry_the_right_one() {
    let site = Site::new();
    reviewer(&site, "Ann Reviewer").await;
    let answer = site.post("/console/sign-in", &form(" ann reviewer ", PASSWORD)).await;
    let page = site.get_as(&answer.cookie().unwrap(), "/console").await;
    assert!(page.says("Ann Reviewer"));
    let again = site
        .register()
        .act(site.app.now(), |act| staff::add(act, "ANN REVIEWER", Role::Auditor, "whatever"));
    assert!(again.unwrap_err().to_string().contains("already"));
}

#[tokio::test]
async fn guessing_is_slowed_down_by_name_and_by_address() {
    let site =
        Site::set_up(manual(), |settings| demur_web::settings::Settings { proxies: 1, ..settings });
    reviewer(&site, "Ann").await;
    let attempt = |name: String, from: &'static str| {
        let request = Request::post("/console/sign-in")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", from);
        let site = &site;
        async move { site.send(request, &form(&name, "some other password")).await }
    };
    // By name, known or not, wherever it comes from.
    for name in ["Ann", "Eva"] {
        let mut last = StatusCode::OK;
        for _ in 0..30 {
            let answer = attempt(name.into(), "192.0.2.1").await;
            last = answer.status;
            if last == StatusCode::TOO_MANY_REQUESTS {
                assert!(answer.headers.contains_key("retry-after"));
                break;
            }
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "{name}");
    }
    let right = site.post("/console/sign-in", &form("Ann", PASSWORD)).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "the right one has to wait as well");
    // By address, whatever the name.
    let mut last = StatusCode::OK;
    for n in 0..200 {
        last = attempt(format!("name {n}"), "192.0.2.2").await.status;
        if last == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let elsewhere = attempt("someone else".into(), "192.0.2.3").await.status;
    assert_eq!(elsewhere, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let site = Site::new();
    let cookie = auditor(&site).await;
    let out = site.post_as(&cookie, "/console/sign-out", "").await;
    assert_eq!(out.leads_to(), "/console/sign-in");
    assert_eq!(site.get_as(&cookie, "/console").await.leads_to(), "/console/sign-in");
    assert_eq!(site.register().count_items(Drawer::Session).unwrap(), 0);
}

#[tokio::test]
async fn a_session_ends_with_the_account_its_password_or_the_day() {
    let site = Site::new();
    let removed = sign_in(&site, "Ann", Role::Reviewer).await;
    let changed = sign_in(&site, "Ben", Role::Reviewer).await;
    let stays = sign_in(&site, "Cleo", Role::Reviewer).await;
    later(&site);
    let hash = staff::hash("another long password", [1; 16]).unwrap();
    let change = |act: &mut demur_register::Act<'_, '_>| {
        staff::remove(act, "ann")?;
        staff::set_password(act, "Ben", &hash)
    };
    site.register().act(site.app.now(), change).unwrap();
    for gone in [&removed, &changed] {
        assert_eq!(site.get_as(gone, "/console").await.leads_to(), "/console/sign-in");
    }
    assert_eq!(site.get_as(&stays, "/console").await.status, StatusCode::OK);
    later(&site);
    let old = site.post("/console/sign-in", &form("Ben", PASSWORD)).await;
    let new = site.post("/console/sign-in", &form("Ben", "another long password")).await;
    assert!(old.cookie().is_none());
    let again = new.cookie().unwrap();
    assert_eq!(site.get_as(&again, "/console").await.status, StatusCode::OK);
    let names: Vec<String> =
        staff::list(&site.register()).unwrap().into_iter().map(|account| account.name).collect();
    assert_eq!(names, ["Ben", "Cleo"]);

    site.pass(SignedDuration::from_hours(9));
    assert_eq!(site.get_as(&stays, "/console").await.leads_to(), "/console/sign-in");
}

#[tokio::test]
async fn what_leads_nowhere_says_so() {
    let site = Site::new();
    let cookie = reviewer(&site, "Ann").await;
    submit(&site, objection("bo", days_ago(&site, 1)));
    for path in ["/console/case/nonsense", "/console/case/7K3M-QZ4P-W2XC", "/console/bulk/none"] {
        assert_eq!(site.get_as(&cookie, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let approve = site.post_as(&cookie, "/console/case/7K3M-QZ4P-W2XC/approve", "").await;
    assert_eq!(approve.status, StatusCode::NOT_FOUND);
}
