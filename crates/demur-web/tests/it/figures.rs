//! The transparency page and its files.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::{Purpose, sample};
use demur_register::event::{Ground, Source};
use demur_register::{Act, CaseId, NewObjection, Refusal};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Answer, PURPOSE, Site, id};

/// Objects `count` times, each time as somebody else, and returns the cases.
async fn object(site: &Site, name: &'static str, count: usize, scopes: Scopes) -> Vec<CaseId> {
    let at = site.app.now();
    let new = move |n: usize| NewObjection {
        account: Some(id(&format!("{name}-{n}"))),
        record: None,
        purpose: PURPOSE.into(),
        scopes,
        received_at: at,
        grounds: None,
        contact: None,
        source: Source::DirectLink,
    };
    let submit = move |act: &mut Act<'_, '_>| {
        (0..count).map(|n| act.submit(new(n)).map(|submitted| submitted.case)).collect()
    };
    site.app.registry.act(submit).await.unwrap()
}

async fn refuse(site: &Site, cases: &[CaseId], ground: Option<Ground>) {
    let refusal = Refusal {
        by: "Rosalind Verifier".into(),
        grounds: "the reasons".into(),
        authority: "Data Protection Commission".into(),
        court_route: "Circuit Court".into(),
        ground,
    };
    let cases = cases.to_vec();
    let refuse =
        move |act: &mut Act<'_, '_>| cases.iter().try_for_each(|case| act.refuse(case, &refusal));
    site.app.registry.act(refuse).await.unwrap();
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

async fn figures(site: &Site) -> Value {
    json(&site.get("/transparency.json").await)["purposes"][0].clone()
}

#[tokio::test]
async fn nobody_has_objected_yet() {
    let site = Site::new();
    let page = site.get("/transparency").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("There are no objections yet."), "{}", page.body);
    assert_eq!(figures(&site).await["objections"]["received"], 0);
}

#[tokio::test]
async fn what_happened_is_told_exactly_where_it_points_at_nobody() {
    let site = Site::new();
    object(&site, "open", 1234, Scopes::OWN).await;
    let refused = object(&site, "refused", 30, Scopes::OWN).await;
    site.pass(SignedDuration::from_mins(90));
    refuse(&site, &refused[..14], Some(Ground::Security)).await;
    refuse(&site, &refused[14..], None).await;

    let told = figures(&site).await;
    assert_eq!(
        told["objections"],
        json!({ "received": 1264, "approved": 0, "refused": 30, "withdrawn": 0, "open": 1234 })
    );
    assert_eq!(told["refused_by_ground"]["security"], 14);
    assert_eq!(told["refused_by_ground"]["other"], 16);
    assert_eq!(told["by_source"]["direct_link"], 1264);
    assert_eq!(told["by_scope"]["public_content+ai_interactions"], 1264);
    assert_eq!(told["by_month"][0]["month"], "2025-05");
    assert_eq!(told["time_to_answer"]["median_at_most_seconds"], 90 * 60);
    assert_eq!(told["time_to_effect"]["p95_at_most_seconds"], 1);

    let page = site.get("/transparency").await;
    for words in ["1,264", "1,234", "Security of people or systems", "90 minutes", "role=\"img\""] {
        assert!(page.says(words), "{words}: {}", page.body);
    }
}

#[tokio::test]
async fn what_is_small_is_told_nowhere() {
    let site = Site::new();
    object(&site, "open", 57, Scopes::OWN).await;
    let few = object(&site, "few", 3, Scopes::parse("third_party").unwrap()).await;
    refuse(&site, &few, Some(Ground::Security)).await;

    let told = figures(&site).await;
    assert_eq!(told["objections"]["received"], 60);
    assert_eq!(told["objections"]["refused"], json!({ "fewer_than": 10 }));
    assert_eq!(told["objections"]["open"], Value::Null, "60 - 57 would be the refused");
    assert_eq!(told["by_scope"]["third_party"], json!({ "fewer_than": 10 }));
    assert_eq!(told["by_scope"]["public_content+ai_interactions"], Value::Null);
    assert!(told["refused_by_ground"].as_object().unwrap().values().all(Value::is_null));
    assert_eq!(told["time_to_answer"]["median_at_most_seconds"], Value::Null);

    let page = site.get("/transparency").await;
    let csv = site.get("/transparency.csv").await;
    for answer in [&page, &csv, &site.get("/transparency.json").await] {
        assert!(!answer.body.contains("57"), "{}", answer.body);
    }
    assert!(page.says("fewer than 10") && page.says("not shown"));
    assert!(csv.says("refused,,fewer than 10\r\n") && csv.says("open,,not shown\r\n"));
}

#[tokio::test]
async fn a_limit_below_five_is_five() {
    let site = Site::set_up(sample(), |settings| demur_web::settings::Settings {
        small_counts: 1,
        ..settings
    });
    object(&site, "a", 4, Scopes::OWN).await;
    assert_eq!(figures(&site).await["objections"]["received"], json!({ "fewer_than": 5 }));
}

#[tokio::test]
async fn page_and_files_say_the_same() {
    let site = Site::with(sample());
    object(&site, "a", 40, Scopes::OWN).await;
    object(&site, "b", 25, Scopes::parse("public_content").unwrap()).await;
    let told = figures(&site).await;
    let csv = site.get("/transparency.csv").await.body;
    let lines: BTreeMap<String, String> = csv
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<_> = line.split(',').collect();
            (fields[2..5].join(" "), fields[5].to_owned())
        })
        .collect();
    for name in ["received", "approved", "refused", "withdrawn", "open"] {
        let value = &told["objections"][name];
        assert_eq!(lines[&format!("objections  {name}")], value.to_string());
        assert_eq!(lines[&format!("by_month 2025-05 {name}")], value.to_string());
    }
    assert_eq!(lines["by_scope public_content received"], "25");
    let page = site.get("/transparency").await;
    assert!(page.says("<dd>65</dd>"), "{}", page.body);
}

#[tokio::test]
async fn files_may_be_read_by_every_site_and_kept_for_a_while() {
    let site = Site::new();
    for (path, kind) in [
        ("/transparency.json", "application/json"),
        ("/transparency.csv", "text/csv; charset=utf-8; header=present"),
    ] {
        let answer = site.get(path).await;
        let header = |name| answer.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header(CONTENT_TYPE), Some(kind));
        assert_eq!(header(ACCESS_CONTROL_ALLOW_ORIGIN), Some("*"));
        assert_eq!(header(CACHE_CONTROL), Some("public, max-age=300"));
    }
}

#[tokio::test]
async fn it_is_counted_at_most_once_a_minute() {
    let site = Site::with(sample());
    object(&site, "a", 20, Scopes::OWN).await;
    assert_eq!(figures(&site).await["objections"]["received"], 20);
    object(&site, "b", 20, Scopes::OWN).await;
    assert_eq!(figures(&site).await["objections"]["received"], 20);
    assert!(site.get("/transparency").await.says("<dd>20</dd>"));
    site.pass(SignedDuration::from_mins(1));
    assert_eq!(figures(&site).await["objections"]["received"], 40);
}

#[tokio::test]
async fn it_is_read_in_every_language() {
    let site = Site::with(sample());
    object(&site, "a", 12_345, Scopes::OWN).await;
    for (code, number) in
        [("en", "12,345"), ("de", "12.345"), ("es", "12.345"), ("pl", "12\u{a0}345")]
    {
        let page = site.get(&format!("/transparency?lang={code}")).await;
        assert!(page.says(&format!("<html lang=\"{code}\">")) && page.says(number), "{code}");
        assert!(!page.says("figures-"), "a message is missing in {code}");
    }
}

#[tokio::test]
async fn a_purpose_that_the_register_does_not_know_is_empty() {
    let site = Site::set_up(sample(), |mut settings| {
        let mut other = settings.purposes[0].clone();
        other.purpose = Purpose { id: "other".into(), ..sample() };
        settings.purposes.push(other);
        settings
    });
    object(&site, "a", 20, Scopes::OWN).await;
    let told = json(&site.get("/transparency.json").await);
    let received = |at: usize| told["purposes"][at]["objections"]["received"].clone();
    assert_eq!((received(0), received(1)), (json!(20), json!(0)));
    assert_eq!(site.cases()[0].status, Status::Approved);
}
