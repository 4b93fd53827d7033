//! Who may go where: every address of the site, asked for by everybody.
//!
//! Ana asks for what is hers, Bo for what is Ana's. An address that is not in the table fails the test,
//! and so does a line of the table that no address bears.

use std::collections::BTreeSet;

use axum::http::header::COOKIE;
use axum::http::{Method, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_register::desk::Drawer;
use demur_register::{Link, LinkKind};
use demur_web::{Access, Route, routes};

use crate::support::{Answer, PURPOSE, Site, URL, moment};

/// What somebody gets: the page or its act, the way to sign in, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    /// The page, or an answer of its own to an empty form.
    In,
    /// Sent to where one signs in.
    Sign,
    /// 403.
    No,
    /// 404: nothing that they may know of.
    Nothing,
    /// 401: a key is wanted.
    Key,
}
use Gets::{In, Key, No, Nothing, Sign};

/// A kind of address, with what anonymous, Ana, Bo, a reviewer and an auditor get.
type Line = (&'static str, &'static [&'static str], [Gets; 5]);

const TABLE: &[Line] = &[
    ("for everybody", PUBLIC, [In, In, In, In, In]),
    ("that lead nowhere with a made-up name", UNKNOWN, [Nothing; 5]),
    ("that are there where a provider is configured", ELSEWHERE, [Nothing; 5]),
    ("for people", PEOPLE, [Sign, In, In, No, No]),
    ("of a case of Ana's", CASES, [Sign, In, Nothing, No, No]),
    ("for whoever works on cases", STAFF, [Sign, No, No, In, In]),
    ("that name a job nobody has", JOBS, [Sign, No, No, Nothing, Nothing]),
    ("for reviewers", REVIEWERS, [Sign, No, No, In, No]),
    ("for software with a key", KEYS, [Key; 5]),
];

const PUBLIC: &[&str] = &[
    "/style.css",
    "/icon.svg",
    "/form.css",
    "/console.css",
    "/console.js",
    "/figures.css",
    "/healthz",
    "/readyz",
    "/notice/{purpose}",
    "/transparency",
    "/transparency.json",
    "/transparency.csv",
    "/api/v1/openapi.json",
    "/privacy",
    "/privacy/code (form)",
    "/privacy/enter",
    "/privacy/enter (form)",
    "/privacy/enter/{token}",
    "/privacy/no-account",
    "/privacy/no-account/code (form)",
    "/privacy/no-account/code/{ticket}",
    "/privacy/no-account/code/{ticket} (form)",
    "/privacy/no-account/code/{ticket}/again (form)",
    "/privacy/no-account/form/{ticket}",
    "/privacy/no-account/form/{ticket} (form)",
    "/privacy/no-account/done/{ticket}",
    "/o/{token}",
    "/o/{token} (form)",
    "/o/{token}/privacy (form)",
    "/c/{token}",
    "/c/{token}/letter/{number}",
    "/c/{token}/receipt.json",
    "/c/{token}/withdraw",
    "/c/{token}/withdraw (form)",
    "/c/{token}/again (form)",
    "/console/sign-in",
    "/console/sign-in (form)",
];

const UNKNOWN: &[&str] = &["/api/v1/problems/{name}"];

const ELSEWHERE: &[&str] = &[
    "/privacy/sign-in",
    "/privacy/sign-in/callback",
    "/console/sign-in/oidc",
    "/console/sign-in/oidc/callback",
];

const PEOPLE: &[&str] = &["/privacy/object (form)", "/privacy/sign-out (form)"];

const CASES: &[&str] = &[
    "/privacy/case/{case}",
    "/privacy/case/{case}/letter/{number}",
    "/privacy/case/{case}/receipt.json",
    "/privacy/case/{case}/withdraw",
    "/privacy/case/{case}/withdraw (form)",
    "/privacy/case/{case}/again (form)",
    "/privacy/withdraw",
    "/privacy/withdraw (form)",
];

const STAFF: &[&str] = &[
    "/console",
    "/console/sign-out (form)",
    "/console/search",
    "/console/case/{case}",
    "/console/mails",
    "/console/record",
    "/console/training-sets",
];

const JOBS: &[&str] = &["/console/bulk/{job}"];

const REVIEWERS: &[&str] = &[
    "/console/case/{case}/extend",
    "/console/case/{case}/refuse",
    "/console/case/{case}/review (form)",
    "/console/case/{case}/preview (form)",
    "/console/case/{case}/approve (form)",
    "/console/case/{case}/extend (form)",
    "/console/case/{case}/refuse (form)",
    "/console/case/{case}/records (form)",
    "/console/case/{case}/take-back (form)",
    "/console/case/{case}/told (form)",
    "/console/case/{case}/again (form)",
    "/console/bulk (form)",
    "/console/bulk/start (form)",
];

const KEYS: &[&str] = &[
    "/metrics",
    "/api/v1/objections (form)",
    "/api/v1/objections/{case}",
    "/api/v1/objections/{case}/withdraw (form)",
    "/api/v1/objections/{case}/decision (form)",
    "/api/v1/accounts/check (form)",
    "/api/v1/handover (form)",
    "/api/v1/snapshots/{purpose}",
];

/// Who asks.
const WHO: [&str; 5] = ["anonymous", "Ana", "Bo", "a reviewer", "an auditor"];

fn path(route: &Route, site: &Site, case: &str) -> String {
    let token = match route.path.starts_with("/c/") {
        true => {
            let kind = LinkKind::Case(case.parse().unwrap());
            let link = Link { kind, issued_at: moment(0), expires_at: moment(9000) };
            site.app.links.seal(&link)
        }
        false => site.link("ana").trim_start_matches("/o/").to_owned(),
    };
    route
        .path
        .replace("{token}", &token)
        .replace("{case}", case)
        .replace("{purpose}", PURPOSE)
        .replace("{number}", "1")
        .replace("{ticket}", "nobodys")
        .replace("{job}", "nobodys")
        .replace("{name}", "nobodys")
        .replace("/privacy/withdraw", &format!("/privacy/withdraw?case={case}"))
}

/// A session of the kind that signing in makes.
fn session(site: &Site, text: &str) -> String {
    let token = [7u8; 32];
    let put = |act: &mut demur_register::Act<'_, '_>| {
        act.put(Drawer::Session, &token, moment(9000), None, text)
    };
    site.register().act(moment(0), put).unwrap();
    format!("__Host-demur={}", URL_SAFE_NO_PAD.encode(token))
}

async fn ask(route: &Route, who: usize) -> Gets {
    let site = Site::new();
    site.post(&site.link("ana"), "").await;
    let case = site.only_case().summary.case.to_string();
    let cookie = match WHO[who] {
        "Ana" => Some(session(&site, r#"{"who":"person","account":"tana"}"#)),
        "Bo" => Some(session(&site, r#"{"who":"person","account":"tbo"}"#)),
        "a reviewer" => Some(session(&site, r#"{"who":"staff","name":"R","role":"reviewer"}"#)),
        "an auditor" => Some(session(&site, r#"{"who":"staff","name":"A","role":"auditor"}"#)),
        _ => None,
    };
    let mut request = Request::builder()
        .method(route.method.clone())
        .uri(path(route, &site, &case))
        .header("sec-fetch-site", "same-origin")
        .header("origin", URL)
        .header("content-type", "application/x-www-form-urlencoded");
    if let Some(cookie) = cookie {
        request = request.header(COOKIE, cookie);
    }
    judge(route, &site.send(request, &format!("case={case}")).await)
}

fn judge(route: &Route, answer: &Answer) -> Gets {
    let signs_in = ["/privacy", "/console/sign-in"].contains(&answer.leads_to());
    match answer.status {
        StatusCode::UNAUTHORIZED => Key,
        StatusCode::FORBIDDEN => No,
        StatusCode::NOT_FOUND => Nothing,
        StatusCode::SEE_OTHER if signs_in && answer.cookie().is_none() => match route.access {
            Access::Public => In,
            _ => Sign,
        },
        status => {
            assert!(!status.is_server_error(), "{} {}: {status}", route.method, route.path);
            In
        }
    }
}

fn name(route: &Route) -> String {
    let how = if route.method == Method::GET { "" } else { " (form)" };
    format!("{}{how}", route.path)
}

#[test]
fn every_address_has_its_line() {
    let known: BTreeSet<String> = routes().iter().map(name).collect();
    let listed: BTreeSet<String> = TABLE
        .iter()
        .flat_map(|(_, paths, _)| paths.iter().map(|path| (*path).to_owned()))
        .collect();
    let missing: Vec<_> = known.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&known).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not listed: {missing:#?}; gone: {gone:#?}");
    let lines: usize = TABLE.iter().map(|(_, paths, _)| paths.len()).sum();
    assert_eq!(lines, known.len(), "an address stands in two lines");
}

async fn everywhere(who: usize) {
    let mut wrong = Vec::new();
    for (kind, paths, gets) in TABLE {
        for route in routes().iter().filter(|route| paths.contains(&name(route).as_str())) {
            let got = ask(route, who).await;
            if got != gets[who] {
                wrong.push(format!("{} ({kind}): {got:?} instead of {:?}", name(route), gets[who]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} asks for\n{}", WHO[who], wrong.join("\n"));
}

#[tokio::test]
async fn who_is_not_signed_in_sees_what_is_public() {
    everywhere(0).await;
}

#[tokio::test]
async fn a_person_sees_what_is_their_own() {
    everywhere(1).await;
}

#[tokio::test]
async fn a_person_sees_nothing_of_anothers() {
    everywhere(2).await;
}

#[tokio::test]
async fn a_reviewer_works_on_cases_and_is_nobody_else() {
    everywhere(3).await;
}

#[tokio::test]
async fn an_auditor_looks_and_does_nothing() {
    everywhere(4).await;
}
