//! The programming interface.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::header::{
    ALLOW, AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{Method, Request, StatusCode};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::{Purpose, Refusals, Review, sample};
use demur_register::desk::Drawer;
use demur_register::event::Source;
use demur_register::{CaseId, parse_account};
use demur_web::api::key::{self, KeyScope};
use serde_json::{Value, json};

use crate::sets;
use crate::support::{Answer, PURPOSE, Site, URL, id, moment, register};

/// Software that uses the interface.
pub struct Software<'a> {
    site: &'a Site,
    key: String,
}

impl<'a> Software<'a> {
    /// Software with a key of these scopes.
    pub fn with(site: &'a Site, scopes: &[KeyScope]) -> Self {
        static MADE: AtomicU64 = AtomicU64::new(100);
        let seed = MADE.fetch_add(1, Ordering::Relaxed);
        let mut register = register(&site.dir, seed);
        let key = key::add(&mut register, &seed.to_string(), scopes, None, moment(0)).unwrap();
        Software { site, key }
    }

    pub fn all(site: &'a Site) -> Self {
        Software::with(site, &KeyScope::ALL)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.site.send(Request::get(path).header(AUTHORIZATION, self.bearer()), "").await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, body, &[]).await
    }

    pub async fn post_with(&self, path: &str, body: &Value, more: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path)
            .header(AUTHORIZATION, self.bearer())
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        self.site.send(request, &body.to_string()).await
    }

    /// The key itself.
    pub fn secret(&self) -> &str {
        &self.key
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.key)
    }
}

pub fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"))
}

/// Status and sort of a problem, after checking that it is one as RFC 9457 has them.
fn problem(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json", "{answer:?}");
    let said = json(answer);
    assert_eq!(said["status"], answer.status.as_u16());
    assert!(said["title"].is_string() && said["instance"].is_string(), "{said}");
    let sort = said["type"].as_str().unwrap();
    let name = sort.strip_prefix(&format!("{URL}/api/v1/problems/")).unwrap();
    (answer.status.as_u16(), name.to_owned())
}

fn pointers(answer: &Answer) -> Vec<String> {
    let said = json(answer);
    let errors = said["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

fn objection(account: &str) -> Value {
    json!({ "purpose": PURPOSE, "account": account })
}

#[tokio::test]
async fn an_objection_is_in_force_and_can_be_seen_when_it_is_answered() {
    let site = Site::new();
    let software = Software::all(&site);
    let said = json!({
        "purpose": PURPOSE, "account": "bo", "scopes": ["third_party"], "grounds": "My photos.",
        "received_at": "2025-05-11T08:00:00Z",
    });
    let made = software.post("/api/v1/objections", &said).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let case = site.only_case();
    let number = case.summary.case.to_string();
    assert_eq!(
        json(&made),
        json!({ "case": number, "is_new": true, "status": "received", "due_on": "2025-06-11" })
    );
    assert_eq!((case.summary.account, case.source), (Some(id("bo")), Source::Agent));
    assert_eq!(case.summary.scopes, Scopes::parse("third_party").unwrap());
    assert_eq!(case.grounds.as_deref(), Some("My photos."));
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 1);

    let seen = software.get(made.headers[LOCATION].to_str().unwrap()).await;
    assert_eq!(
        json(&seen),
        json!({
            "case": number, "purpose": PURPOSE, "scopes": ["third_party"], "names_record": false,
            "status": "received", "received_at": "2025-05-11T08:00:00Z",
            "restricted_since": moment(0).to_string(), "due_on": "2025-06-11",
            "pending_letter": false, "training_sets": [],
        })
    );
}

#[tokio::test]
async fn software_is_told_what_became_of_older_training_sets() {
    let site = Site::new();
    let software = Software::all(&site);
    for set in ["v1", "v2", "v3"] {
        sets::build(&site, set);
    }
    let made = software.post("/api/v1/objections", &objection("bo")).await;
    let run = sets::run(&site, "nightly", "v2").started.run;
    let moment = site.app.now().to_string();
    sets::retract(&site, "v2");
    sets::purge(&site, "v2");
    sets::run(&site, "later", "v2");
    sets::retract(&site, "v3");
    sets::build(&site, "v4");
    let seen = json(&software.get(made.headers[LOCATION].to_str().unwrap()).await);
    let read = json!({ "run": run, "name": "nightly", "version": 0, "started_at": moment });
    assert_eq!(
        seen["training_sets"],
        json!([
            { "set": "v1", "made_at": moment, "state": "in_use", "runs": [] },
            {
                "set": "v2", "made_at": moment, "state": "erased", "hidden_at": moment,
                "erased_at": moment, "runs": [read],
            },
            { "set": "v3", "made_at": moment, "state": "hidden", "hidden_at": moment, "runs": [] },
        ])
    );
}

#[tokio::test]
async fn an_open_objection_is_not_doubled() {
    let site = Site::new();
    let software = Software::all(&site);
    let first = software.post("/api/v1/objections", &objection("bo")).await;
    let second = software.post("/api/v1/objections", &objection("bo")).await;
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::OK));
    assert_eq!(json(&first)["case"], json(&second)["case"]);
    assert_eq!(json(&second)["is_new"], false);
    assert_eq!(site.only_case().summary.scopes, Scopes::OWN);
}

#[tokio::test]
async fn everything_wrong_with_an_objection_is_said_at_once_and_where() {
    let site = Site::new();
    let software = Software::all(&site);
    let wrong = json!({
        "purpose": "ads", "account": "", "record": "", "scopes": [],
        "received_at": "2025-05-12T08:00:01Z", "grounds": "x".repeat(20_001),
    });
    let answer = software.post("/api/v1/objections", &wrong).await;
    assert_eq!(problem(&answer), (422, "invalid".into()));
    let fields = ["#/purpose", "#/account", "#/record", "#/grounds", "#/received_at"];
    assert_eq!(pointers(&answer), fields);

    for (said, pointer) in [
        (json!({ "purpose": PURPOSE }), "#/account"),
        (json!({ "purpose": PURPOSE, "account": "bo", "scopes": [] }), "#/scopes"),
        (json!({ "purpose": PURPOSE, "record": "r", "scopes": ["third_party"] }), "#/scopes"),
        (json!({ "purpose": PURPOSE, "account": "bo", "scopes": ["ads"] }), "#/scopes/0"),
        (json!({ "purpose": PURPOSE, "account": 7 }), "#/account"),
        (json!({ "purpose": PURPOSE, "acount": "bo" }), "#/acount"),
        (json!({ "account": "bo" }), "#"),
        (json!({ "purpose": PURPOSE, "account": "bo", "received_at": "noon" }), "#/received_at"),
    ] {
        let answer = software.post("/api/v1/objections", &said).await;
        assert_eq!(
            (problem(&answer).0, pointers(&answer)),
            (422, vec![pointer.to_owned()]),
            "{said}"
        );
    }
    assert!(site.cases().is_empty());
}

#[tokio::test]
async fn bodies_that_are_no_json_do_no_harm() {
    let site = Site::new();
    let software = Software::all(&site);
    let send = |content: &'static str, body: String| {
        let request = Request::post("/api/v1/objections")
            .header(AUTHORIZATION, software.bearer())
            .header(CONTENT_TYPE, content);
        async move { problem(&site_send(software.site, request, body).await) }
    };
    let unreadable = (400, "unreadable".to_owned());
    assert_eq!(send("application/json", "{".into()).await, unreadable);
    assert_eq!(send("application/json", String::new()).await, unreadable);
    assert_eq!(send("application/json", "[".repeat(1_000_000)).await.0, 422);
    let nested = format!("{{\"purpose\":{}", "[".repeat(1_000_000));
    assert_eq!(send("application/json", nested).await.0, 422);
    let twice = format!("{}{}", objection("bo"), objection("bo"));
    assert_eq!(send("application/json", twice).await, unreadable);
    let huge = format!("{{\"purpose\":\"{}\"}}", "x".repeat(5 * 1024 * 1024));
    assert_eq!(send("application/json", huge).await, (413, "too-large".into()));
    let media_type = (415, "unsupported-media-type".to_owned());
    assert_eq!(send("text/plain", objection("bo").to_string()).await, media_type);
    assert!(site.cases().is_empty());
    let charset = Request::post("/api/v1/objections")
        .header(AUTHORIZATION, software.bearer())
        .header(CONTENT_TYPE, "application/json; charset=utf-8");
    let taken = site.send(charset, &objection("bo").to_string()).await;
    assert_eq!(taken.status, StatusCode::CREATED);
}

async fn site_send(site: &Site, request: axum::http::request::Builder, body: String) -> Answer {
    site.send(request, &body).await
}

#[tokio::test]
async fn a_problem_with_a_field_does_not_repeat_what_was_in_it() {
    let site = Site::new();
    let software = Software::all(&site);
    let said = json!({ "purpose": PURPOSE, "account": "bo", "scopes": "I am ill and afraid" });
    let answer = software.post("/api/v1/objections", &said).await;
    assert_eq!(pointers(&answer), ["#/scopes"]);
    assert!(!answer.says("afraid"), "{}", answer.body);
}

#[tokio::test]
async fn a_withdrawn_objection_is_over() {
    let site = Site::new();
    let software = Software::all(&site);
    software.post("/api/v1/objections", &objection("bo")).await;
    let case = site.only_case().summary.case;
    let path = format!("/api/v1/objections/{case}/withdraw");
    let done = software.post(&path, &json!({})).await;
    assert_eq!(json(&done), json!({ "case": case.to_string(), "status": "withdrawn" }));
    let seen = json(&software.get(&format!("/api/v1/objections/{case}")).await);
    assert_eq!((&seen["status"], &seen["decided_by"]), (&json!("withdrawn"), &json!("person")));
    assert_eq!((&seen["restricted_since"], &seen["due_on"]), (&Value::Null, &Value::Null));
    let again = software.post(&path, &json!({})).await;
    assert_eq!(problem(&again), (409, "case-state".into()));
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 2);
}

#[tokio::test]
async fn unknown_cases_are_not_found() {
    let site = Site::new();
    let software = Software::all(&site);
    let other = "/api/v1/objections/0000-0000-0000";
    let not_found = (404, "not-found".to_owned());
    assert_eq!(problem(&software.get(other).await), not_found);
    assert_eq!(problem(&software.get("/api/v1/objections/%22").await), not_found);
    let approve = json!({ "decision": "approve" });
    for (path, body) in [("withdraw", json!({})), ("decision", approve)] {
        let answer = software.post(&format!("{other}/{path}"), &body).await;
        assert_eq!(problem(&answer), not_found, "{path}");
    }
}

#[tokio::test]
async fn an_approval_is_in_force_at_once() {
    let site = Site::new();
    let software = Software::all(&site);
    software.post("/api/v1/objections", &objection("bo")).await;
    let case = site.only_case().summary.case;
    let path = format!("/api/v1/objections/{case}/decision");
    let odd = json!({ "decision": "approve", "by": "Ada", "grounds": "none" });
    assert_eq!(pointers(&software.post(&path, &odd).await), ["#/grounds"]);
    let done = software.post(&path, &json!({ "decision": "approve", "by": "Ada" })).await;
    assert_eq!(
        json(&done),
        json!({ "case": case.to_string(), "outcome": "approved", "status": "approved" })
    );
    let history = site.only_case().history;
    assert_eq!(history.last().unwrap().personal.as_ref().unwrap().by.as_deref(), Some("Ada"));
    let seen = json(&software.get(&format!("/api/v1/objections/{case}")).await);
    assert_eq!((&seen["status"], &seen["decided_by"]), (&json!("approved"), &json!("reviewer")));
    assert!(seen["restricted_since"].is_string() && seen["due_on"].is_null());
}

#[tokio::test]
async fn a_refusal_lifts_nothing_before_its_letter_went_out() {
    let site = Site::new();
    let software = Software::all(&site);
    software.post("/api/v1/objections", &objection("bo")).await;
    let case = site.only_case().summary.case;
    let path = format!("/api/v1/objections/{case}/decision");
    let bare = software.post(&path, &json!({ "decision": "refuse" })).await;
    assert_eq!(pointers(&bare), ["#/by", "#/grounds"]);
    let refusal = json!({ "decision": "refuse", "by": "Ada", "grounds": "Safety." });
    let done = software.post(&path, &refusal).await;
    assert_eq!(done.status, StatusCode::ACCEPTED);
    assert_eq!(json(&done)["outcome"], "pending_letter");
    assert_eq!(site.only_case().summary.status, Status::Received);
    let seen = json(&software.get(&format!("/api/v1/objections/{case}")).await);
    assert_eq!((&seen["pending_letter"], &seen["status"]), (&json!(true), &json!("received")));
    let letters = site.register().items_due(Drawer::Letter, moment(9), 10).unwrap();
    let letter = letters.iter().find(|item| item.text.contains("Safety.")).unwrap();
    assert!(letter.text.contains("bfdi.bund.de"), "Bo lives in Germany: {}", letter.text);

    let again = software.post(&path, &refusal).await;
    assert_eq!(problem(&again), (409, "case-state".into()));
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 2);
}

#[tokio::test]
async fn who_lives_nowhere_known_needs_an_authority() {
    let site = Site::new();
    let software = Software::all(&site);
    software.post("/api/v1/objections", &objection("cy")).await;
    let path = format!("/api/v1/objections/{}/decision", site.only_case().summary.case);
    let mut refusal = json!({ "decision": "refuse", "by": "Ada", "grounds": "Safety." });
    assert_eq!(pointers(&software.post(&path, &refusal).await), ["#/authority"]);
    refusal["country"] = "FR".into();
    assert_eq!(software.post(&path, &refusal).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_purpose_that_forbids_refusals_takes_none() {
    let forbids = Purpose { refusals: Refusals::Never, review: Review::Manual, ..sample() };
    let site = Site::with(forbids);
    let software = Software::all(&site);
    software.post("/api/v1/objections", &objection("bo")).await;
    let path = format!("/api/v1/objections/{}/decision", site.only_case().summary.case);
    let refusal = json!({ "decision": "refuse", "by": "Ada", "grounds": "Safety." });
    let answer = software.post(&path, &refusal).await;
    assert_eq!(problem(&answer), (409, "refusals-forbidden".into()));
}

#[tokio::test]
async fn a_repeated_request_acts_once_and_hears_the_same_answer() {
    let site = Site::new();
    let software = Software::all(&site);
    let key = [("idempotency-key", "k1")];
    let said = objection("bo");
    let first = software.post_with("/api/v1/objections", &said, &key).await;
    let case: CaseId = json(&first)["case"].as_str().unwrap().parse().unwrap();
    site.register().withdraw(&case, moment(1)).unwrap();
    let again = software.post_with("/api/v1/objections", &said, &key).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(first.headers[LOCATION], again.headers[LOCATION]);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(site.cases().len(), 1, "without the key it would be objected to anew");

    let other = software.post_with("/api/v1/objections", &objection("cy"), &key).await;
    assert_eq!(problem(&other), (422, "idempotency-key-reused".into()));
    let path = format!("/api/v1/objections/{case}/withdraw");
    let elsewhere = software.post_with(&path, &said, &key).await;
    assert_eq!(problem(&elsewhere).0, 422, "another address is another request");
    let stranger = Software::all(&site);
    let own = stranger.post_with("/api/v1/objections", &objection("cy"), &key).await;
    assert_eq!(own.status, StatusCode::CREATED, "each key has idempotency keys of its own");

    site.pass(jiff::SignedDuration::from_hours(25));
    let later = software.post_with("/api/v1/objections", &said, &key).await;
    assert_eq!(later.status, StatusCode::CREATED);
    assert_eq!(site.cases().len(), 3);
}

#[tokio::test]
async fn two_repeats_at_once_make_one_case() {
    let site = Site::new();
    let software = Software::all(&site);
    let said = objection("bo");
    let key = [("idempotency-key", "k1")];
    let post = || software.post_with("/api/v1/objections", &said, &key);
    let (one, two) = tokio::join!(post(), post());
    assert_eq!(one.body, two.body);
    assert_eq!((one.status, two.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(site.cases().len(), 1);
}

#[tokio::test]
async fn what_failed_may_be_repeated_until_it_succeeds() {
    let site = Site::new();
    let software = Software::all(&site);
    software.post("/api/v1/objections", &objection("bo")).await;
    let case = site.only_case().summary.case;
    let key = [("idempotency-key", "k1")];
    let path = format!("/api/v1/objections/{case}/decision");
    let approve = json!({ "decision": "approve" });
    site.register().withdraw(&case, moment(1)).unwrap();
    assert_eq!(problem(&software.post_with(&path, &approve, &key).await).0, 409);
    let person = demur_register::event::By::Person;
    site.register().reopen(&case, person, None, moment(2)).unwrap();
    assert_eq!(software.post_with(&path, &approve, &key).await.status, StatusCode::OK);
    assert_eq!(software.post_with(&path, &approve, &key).await.status, StatusCode::OK);
    for bad in ["", &"k".repeat(256)] {
        let answer = software.post_with(&path, &approve, &[("idempotency-key", bad)]).await;
        assert_eq!(problem(&answer), (400, "unreadable".into()));
    }
}

#[tokio::test]
async fn accounts_are_checked_by_person_and_the_unknown_are_not_free() {
    let site = Site::new();
    let software = Software::all(&site);
    let third = json!({ "purpose": PURPOSE, "account": "ana-work", "scopes": ["third_party"] });
    software.post("/api/v1/objections", &third).await;
    software.post("/api/v1/objections", &objection("gone")).await;
    let cases = site.cases();
    let gone = cases.iter().find(|case| case.account == Some(id("gone"))).unwrap();
    site.register().approve(&gone.case, "Ada", moment(1)).unwrap();
    let question =
        json!({ "purpose": PURPOSE, "accounts": ["bo", "ana", "gone", "nobody", "", "bo"] });
    let answer = json(&software.post("/api/v1/accounts/check", &question).await);
    let none = json!({ "account": "bo", "state": "none" });
    assert_eq!(
        answer["accounts"],
        json!([
            none,
            { "account": "ana", "state": "restricted", "restricted": ["third_party"] },
            { "account": "gone", "state": "objected", "objected": ["public_content", "ai_interactions"] },
            { "account": "nobody", "state": "unknown" },
            { "account": "", "state": "unknown" },
            none,
        ])
    );
}

#[tokio::test]
async fn ten_thousand_accounts_are_checked_and_no_more() {
    let site = Site::new();
    let software = Software::all(&site);
    let ask = |count: usize| {
        let accounts: Vec<String> = (0..count).map(|n| format!("account-{n}")).collect();
        json!({ "purpose": PURPOSE, "accounts": accounts })
    };
    let all = software.post("/api/v1/accounts/check", &ask(10_000)).await;
    assert_eq!(json(&all)["accounts"].as_array().unwrap().len(), 10_000);
    let more = software.post("/api/v1/accounts/check", &ask(10_001)).await;
    assert_eq!((problem(&more).0, pointers(&more)), (422, vec!["#/accounts".into()]));
    let question = json!({ "purpose": "ads", "accounts": [] });
    let other = software.post("/api/v1/accounts/check", &question).await;
    assert_eq!(pointers(&other), ["#/purpose"]);
}

#[tokio::test]
async fn a_handover_is_a_one_time_address_for_that_account() {
    let site = Site::new();
    let software = Software::all(&site);
    let made = software.post("/api/v1/handover", &json!({ "account": "bo" })).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let said = json(&made);
    let token = said["url"].as_str().unwrap().strip_prefix(&format!("{URL}/privacy/enter/"));
    let bytes =
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, token.unwrap());
    let bytes = bytes.unwrap();
    assert_eq!(bytes.len(), 32);
    let item = site.register().item(Drawer::Handover, &bytes).unwrap().unwrap();
    assert_eq!(parse_account(&item.text), Some(id("bo")));
    assert_eq!(said["expires_at"], item.due.to_string());
    assert_eq!(item.due, moment(2));
    assert_eq!(made.headers["cache-control"], "no-store");

    site.pass(jiff::SignedDuration::from_mins(3));
    software.post("/api/v1/handover", &json!({ "account": "cy" })).await;
    assert_eq!(site.register().count_items(Drawer::Handover).unwrap(), 1, "the old one is gone");
    let nobody = software.post("/api/v1/handover", &json!({ "account": "" })).await;
    assert_eq!(pointers(&nobody), ["#/account"]);
}

/// Every address with a key, with a scope that admits to it and a body that it takes.
fn addresses() -> Vec<(Method, String, KeyScope, Value)> {
    let case = "/api/v1/objections/0000-0000-0000";
    let handover = json!({ "account": "bo" });
    let question = json!({ "purpose": PURPOSE, "accounts": [] });
    let approve = json!({ "decision": "approve" });
    let path = |path: &str| path.to_owned();
    vec![
        (Method::POST, path("/api/v1/objections"), KeyScope::ObjectionsWrite, objection("bo")),
        (Method::GET, path(case), KeyScope::ObjectionsRead, Value::Null),
        (Method::POST, format!("{case}/withdraw"), KeyScope::ObjectionsWrite, Value::Null),
        (Method::POST, format!("{case}/decision"), KeyScope::DecisionsWrite, approve),
        (Method::POST, path("/api/v1/accounts/check"), KeyScope::AccountsCheck, question),
        (Method::POST, path("/api/v1/handover"), KeyScope::PeopleHandover, handover),
        (
            Method::GET,
            path("/api/v1/snapshots/assistant-training"),
            KeyScope::SnapshotsRead,
            Value::Null,
        ),
        (Method::GET, path("/metrics"), KeyScope::MetricsRead, Value::Null),
    ]
}

#[tokio::test]
async fn every_address_takes_its_own_scope_and_no_other() {
    let site = Site::new();
    for (method, path, needed, body) in addresses() {
        let request = |key: &str| {
            Request::builder()
                .method(method.clone())
                .uri(&path)
                .header(CONTENT_TYPE, "application/json")
                .header(AUTHORIZATION, key.to_owned())
        };
        for scope in KeyScope::ALL {
            let software = Software::with(&site, &[scope]);
            let answer = site.send(request(&software.bearer()), &body.to_string()).await;
            let admitted = answer.status != StatusCode::FORBIDDEN;
            assert_eq!(admitted, scope == needed, "{method} {path} with {scope}: {answer:?}");
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED);
        }
        let software = Software::with(&site, &[needed]);
        let key = &software.key;
        let (middle, other) = (key.len() / 2, |c: &str| if c == "A" { "B" } else { "A" });
        let swapped = other(&key[middle..=middle]);
        let swapped = format!("Bearer {}{swapped}{}", &key[..middle], &key[middle + 1..]);
        for wrong in ["", "Bearer", "Bearer ", "Basic abc", key, &swapped, "Bearer demur_"] {
            let answer = site.send(request(wrong), &body.to_string()).await;
            assert_eq!(problem(&answer), (401, "unauthorised".into()), "{path} {wrong}");
            assert!(answer.headers[WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"));
        }
        let bare = Request::builder().method(method.clone()).uri(&path);
        assert_eq!(site.send(bare, "").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let all = demur_web::routes();
    let keyed = all.iter().filter(|route| matches!(route.access, demur_web::Access::Key(_)));
    assert_eq!(keyed.count(), addresses().len(), "every address with a key is tried above");
}

#[tokio::test]
async fn revoked_and_expired_keys_stop_at_once() {
    let site = Site::new();
    let mut register = site.register();
    let hour = std::time::Duration::from_secs(3600);
    let scopes = [KeyScope::ObjectionsRead];
    let short = key::add(&mut register, "short", &scopes, Some(hour), moment(0)).unwrap();
    let software = Software { site: &site, key: short };
    let path = "/api/v1/objections/0000-0000-0000";
    assert_eq!(software.get(path).await.status, StatusCode::NOT_FOUND);
    site.pass(jiff::SignedDuration::from_mins(60));
    assert_eq!(software.get(path).await.status, StatusCode::UNAUTHORIZED);

    let long = key::add(&mut register, "long", &scopes, None, moment(0)).unwrap();
    let software = Software { site: &site, key: long };
    assert_eq!(software.get(path).await.status, StatusCode::NOT_FOUND);
    assert!(key::revoke(&mut register, "long", moment(1)).unwrap());
    assert_eq!(software.get(path).await.status, StatusCode::UNAUTHORIZED);
    assert!(!key::revoke(&mut register, "long", moment(1)).unwrap());
}

#[tokio::test]
async fn keys_have_names_of_their_own_and_can_do_something() {
    let site = Site::new();
    let mut register = site.register();
    let scopes = [KeyScope::ObjectionsRead, KeyScope::AccountsCheck, KeyScope::ObjectionsRead];
    let mut add = |name: &str, scopes: &[KeyScope]| {
        key::add(&mut register, name, scopes, None, moment(0)).map_err(|error| error.to_string())
    };
    let (one, two) = (add("one", &scopes).unwrap(), add("two", &scopes).unwrap());
    assert!(one.starts_with("demur_") && one.len() == 49 && one != two);
    assert!(add("one", &scopes).unwrap_err().contains("\"one\""));
    assert!(add(" ", &scopes).is_err() && add("three", &[]).is_err());
    let known = key::list(&register).unwrap();
    let names: Vec<&str> = known.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(known[0].scopes, [KeyScope::AccountsCheck, KeyScope::ObjectionsRead]);
}

#[tokio::test]
async fn guessing_keys_is_slowed_down_and_a_right_one_passes_all_the_same() {
    let site =
        Site::set_up(sample(), |settings| demur_web::settings::Settings { proxies: 1, ..settings });
    let software = Software::all(&site);
    let path = "/api/v1/objections/0000-0000-0000";
    let from = |net: &str, key: &str| {
        Request::get(path).header("x-forwarded-for", net).header(AUTHORIZATION, key.to_owned())
    };
    let guess = format!("Bearer demur_{}", "A".repeat(43));
    let mut last = site.send(from("192.0.2.1", &guess), "").await;
    for _ in 0..200 {
        if last.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        assert_eq!(problem(&last), (401, "unauthorised".into()));
        last = site.send(from("192.0.2.1", &guess), "").await;
    }
    assert_eq!(problem(&last), (429, "too-many-requests".into()));
    assert!(last.headers.contains_key(RETRY_AFTER));
    let right = site.send(from("192.0.2.1", &software.bearer()), "").await;
    assert_eq!(right.status, StatusCode::NOT_FOUND);
    assert_eq!(site.send(from("192.0.2.2", &guess), "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_the_router_refuses_is_a_problem_too() {
    let site = Site::new();
    let software = Software::all(&site);
    let nowhere = software.get("/api/v1/nowhere").await;
    assert_eq!(problem(&nowhere), (404, "not-found".into()));
    let method = software.get("/api/v1/handover").await;
    assert_eq!(problem(&method), (405, "method-not-allowed".into()));
    assert_eq!(method.headers[ALLOW], "POST");
    let page = site.get("/nowhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.headers[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn every_problem_explains_itself_where_it_says() {
    let site = Site::new();
    let answer = site.get("/api/v1/nowhere").await;
    let sort = json(&answer)["type"].as_str().unwrap().to_owned();
    let explained = site.get(sort.strip_prefix(URL).unwrap()).await;
    assert_eq!(explained.status, StatusCode::OK);
    assert!(explained.says("There is nothing here (404)"), "{}", explained.body);
    assert_eq!(problem(&site.get("/api/v1/problems/other").await).0, 404);
}

#[tokio::test]
async fn the_document_is_the_one_in_the_repository() {
    let site = Site::new();
    let document = site.get("/api/v1/openapi.json").await;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os("DEMUR_RENEW").is_some() {
        std::fs::write(&path, &document.body).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        document.body == kept,
        "the interface is not the one of docs/openapi.json; if that is meant, renew the file with\n\
         DEMUR_RENEW=1 cargo test -p demur-web --test it the_document_is_the_one_in_the_repository\n\
         and say in the changelog what changed"
    );
}

#[tokio::test]
async fn the_document_names_every_address_and_its_scope() {
    let site = Site::new();
    let document = json(&site.get("/api/v1/openapi.json").await);
    let mut described = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let scope = operation["security"][0]["key"][0].as_str().map(str::to_owned);
            described.push((method.to_uppercase(), path.clone(), scope));
        }
    }
    let mut served: Vec<_> = demur_web::routes()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/"))
        .map(|route| {
            let scope = match route.access {
                demur_web::Access::Key(scope) => Some(scope.to_string()),
                _ => None,
            };
            (route.method.to_string(), route.path.to_owned(), scope)
        })
        .collect();
    described.sort();
    served.sort();
    assert_eq!(described, served);
}
