//! Signing in at a provider of OpenID Connect.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_core::purpose::sample;
use demur_web::settings::{Settings, StaffOidc};
use jiff::SignedDuration;
use serde_json::json;

use crate::provider::Provider;
use crate::support::{Answer, Site, moment};

const PEOPLE: &str = "/privacy/sign-in";
const STAFF: &str = "/console/sign-in/oidc";

fn site(provider: &Provider) -> Site {
    Site::set_up(sample(), |settings| Settings {
        oidc_people: Some(provider.oidc("sub")),
        oidc_staff: Some(StaffOidc {
            provider: provider.oidc("name"),
            groups_claim: "groups".into(),
            reviewer_group: Some("reviewers".into()),
            auditor_group: Some("auditors".into()),
        }),
        ..settings
    })
}

/// Goes to the provider and comes back.
async fn sign_in(site: &Site, provider: &Provider, door: &str) -> Answer {
    let left = site.get(door).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.body);
    let back = provider.visit(left.leads_to());
    site.get_as(&left.cookie().unwrap(), &back).await
}

/// Whether somebody is signed in by it.
fn is_in(answer: &Answer) -> bool {
    let session = answer.cookie().filter(|cookie| cookie.starts_with("__Host-demur="));
    answer.status == StatusCode::SEE_OTHER && session.is_some()
}

/// Whether nobody is, and a page says what to do.
fn is_out(answer: &Answer) -> bool {
    answer.status == StatusCode::FORBIDDEN
        && answer.says("<h1>")
        && answer.cookie().is_some_and(|cookie| cookie == "__Host-demur-sign-in=")
}

#[tokio::test]
async fn a_person_comes_back_signed_in() {
    let provider = Provider::start().await;
    let site = site(&provider);
    let left = site.get(PEOPLE).await;
    let set = left.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(["Secure", "HttpOnly", "SameSite=Lax", "Path=/"].iter().all(|a| set.contains(a)));
    let back = provider.visit(left.leads_to());
    assert!(back.starts_with("/privacy/sign-in/callback?"), "{back}");

    let done = site.get_as(&left.cookie().unwrap(), &back).await;
    assert!(is_in(&done), "{done:?}");
    assert_eq!(done.leads_to(), "/privacy");
    let session = done.cookie().unwrap();
    // Ana reads Spanish, and is asked no more who she is.
    let centre = site.get_as(&session, "/privacy").await;
    assert!(centre.says("<html lang=\"es\">") && !centre.says(PEOPLE));
    assert!(site.get("/privacy?lang=de").await.says("href=\"/privacy/sign-in?lang=de\""));
    // Who is identified is not asked again.
    assert_eq!(site.get_as(&session, PEOPLE).await.leads_to(), "/privacy");
    assert_eq!(site.get_as(&session, &back).await.leads_to(), "/privacy");
}

#[tokio::test]
async fn a_language_that_was_chosen_stays() {
    let provider = Provider::start().await;
    let site = site(&provider);
    let done = sign_in(&site, &provider, "/privacy/sign-in?lang=pl").await;
    assert_eq!(done.leads_to(), "/privacy?lang=pl");
    provider.says(json!({ "sub": "nobody" }));
    let unknown = sign_in(&site, &provider, "/privacy/sign-in?lang=pl").await;
    assert!(unknown.says("Nie znaleziono konta"));
    assert!(unknown.says("/privacy/no-account?lang=pl"));
}

#[tokio::test]
async fn the_account_may_stand_in_any_claim_as_text_or_number() {
    let provider = Provider::start().await;
    let site = Site::set_up(sample(), |settings| Settings {
        oidc_people: Some(provider.oidc("https://platform.example/account")),
        ..settings
    });
    assert!(is_out(&sign_in(&site, &provider, PEOPLE).await));
    provider.says(json!({ "https://platform.example/account": "bo" }));
    assert!(is_in(&sign_in(&site, &provider, PEOPLE).await));
    provider.says(json!({ "https://platform.example/account": ["bo"] }));
    assert!(is_out(&sign_in(&site, &provider, PEOPLE).await));

    // Told only when asked, as many providers do; and not of somebody else.
    provider.says(json!({}));
    provider.tells(json!({ "sub": "ana", "https://platform.example/account": "bo" }));
    assert!(is_in(&sign_in(&site, &provider, PEOPLE).await));
    provider.tells(json!({ "sub": "bo", "https://platform.example/account": "bo" }));
    assert!(is_out(&sign_in(&site, &provider, PEOPLE).await));
}

#[tokio::test]
async fn who_has_no_account_is_told_and_can_object_without_one() {
    let provider = Provider::start().await;
    let site = site(&provider);
    provider.says(json!({ "sub": "nobody" }));
    let answer = sign_in(&site, &provider, PEOPLE).await;
    assert!(is_out(&answer), "{answer:?}");
    assert!(answer.says("/privacy/no-account"));
    assert!(!answer.says("dee"));
}

#[tokio::test]
async fn only_the_browser_that_left_may_come_back() {
    let provider = Provider::start().await;
    let site = site(&provider);
    let (mine, theirs) = (site.get(PEOPLE).await, site.get(PEOPLE).await);
    let back = provider.visit(mine.leads_to());
    assert!(is_out(&site.get(&back).await), "no cookie");
    assert!(is_out(&site.get_as(&theirs.cookie().unwrap(), &back).await), "another's cookie");
    let stateless = back.split('&').next().unwrap();
    assert!(is_out(&site.get_as(&mine.cookie().unwrap(), stateless).await), "no state");
    let codeless = back.replace("code=", "error=");
    assert!(is_out(&site.get_as(&mine.cookie().unwrap(), &codeless).await), "no code");
    let twice = format!("{back}&code=another");
    assert!(is_out(&site.get_as(&mine.cookie().unwrap(), &twice).await), "two codes");
    let foreign = format!("{back}&iss=https://elsewhere.example");
    assert!(is_out(&site.get_as(&mine.cookie().unwrap(), &foreign).await), "another provider");
    let staff = mine.cookie().unwrap().replace("demur-sign-in", "demur-sign-in-staff");
    let at_the_other_door = back.replace("/privacy/sign-in", "/console/sign-in/oidc");
    assert_eq!(site.get_as(&staff, &at_the_other_door).await.status, StatusCode::FORBIDDEN);
    // After all of that it is still good for whom it was meant; and then no more.
    assert!(is_in(&site.get_as(&mine.cookie().unwrap(), &back).await));
    assert!(is_out(&site.get_as(&mine.cookie().unwrap(), &back).await), "the code a second time");
}

#[tokio::test]
async fn a_token_that_is_not_for_this_attempt_is_worth_nothing() {
    let provider = Provider::start().await;
    let site = site(&provider);
    let wrong = [
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "exp": moment(0).as_second() }),
        json!({ "aud": "another-site" }),
        json!({ "aud": ["demur", "another-site"] }),
        json!({ "iss": "https://elsewhere.example" }),
        json!({ "at_hash": "bm90IHRoaXMgb25l" }),
    ];
    for claims in wrong {
        provider.says(claims.clone());
        assert!(is_out(&sign_in(&site, &provider, PEOPLE).await), "{claims}");
    }
    provider.says(json!({}));
    assert!(is_in(&sign_in(&site, &provider, PEOPLE).await));
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_is_worth_nothing() {
    let provider = Provider::start().await;
    let site = site(&provider);
    let forgeries: [fn(String) -> String; 4] = [
        // The signature of nothing.
        |token| format!("{}.", token.rsplit_once('.').unwrap().0),
        // No signature at all, which the provider's own document would allow.
        |token| with_header(&token, &json!({ "alg": "none" }), ""),
        // Signed with what both know; the document would allow it as well.
        |token| with_header(&token, &json!({ "alg": "HS256" }), "c2lnbmVk"),
        // Another content under the same signature.
        |token| {
            let [header, claims, signature] = parts(&token);
            let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
            let claims = URL_SAFE_NO_PAD.encode(claims.replace("\"ana\"", "\"bo\""));
            format!("{header}.{claims}.{signature}")
        },
    ];
    for forge in forgeries {
        provider.forges(forge);
        assert!(is_out(&sign_in(&site, &provider, PEOPLE).await));
    }
    provider.forges(|token| token);
    assert!(is_in(&sign_in(&site, &provider, PEOPLE).await));
}

fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().unwrap()
}

fn with_header(token: &str, header: &serde_json::Value, signature: &str) -> String {
    let [_, claims, _] = parts(token);
    format!("{}.{claims}.{signature}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_fetched() {
    let provider = Provider::start().await;
    let site = site(&provider);
    assert!(is_in(&sign_in(&site, &provider, PEOPLE).await));
    provider.changes_its_key();
    site.pass(SignedDuration::from_mins(2));
    assert!(is_in(&sign_in(&site, &provider, PEOPLE).await));
}

#[tokio::test]
async fn a_provider_that_is_down_stops_nothing_else() {
    let provider = Provider::start().await;
    let site = site(&provider);
    provider.goes_down(true);
    let answer = site.get(PEOPLE).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.says("href=\"/privacy\"") && answer.says("/privacy/no-account"));
    let german = Request::get(PEOPLE).header("accept-language", "de");
    assert!(site.send(german, "").await.says("Die Anmeldung hat nicht funktioniert"));
    assert_eq!(site.get(STAFF).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.get(&site.link("bo")).await.status, StatusCode::OK);

    provider.goes_down(false);
    site.pass(SignedDuration::from_mins(1));
    assert!(is_in(&sign_in(&site, &provider, PEOPLE).await));

    // Down between the way there and the way back.
    let left = site.get(PEOPLE).await;
    let back = provider.visit(left.leads_to());
    provider.goes_down(true);
    let answer = site.get_as(&left.cookie().unwrap(), &back).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn an_issuer_without_tls_elsewhere_is_not_asked() {
    let provider = Provider::start().await;
    let mut oidc = provider.oidc("sub");
    oidc.issuer = oidc.issuer.replace("127.0.0.1", "127.0.0.2");
    let site = Site::set_up(sample(), |settings| Settings { oidc_people: Some(oidc), ..settings });
    assert_eq!(site.get(PEOPLE).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_group_says_what_staff_may_do() {
    let provider = Provider::start().await;
    let site = site(&provider);
    for groups in [json!(["staff", "reviewers"]), json!("auditors")] {
        provider.says(json!({ "name": "Ada Reviewer", "groups": groups }));
        let done = sign_in(&site, &provider, STAFF).await;
        assert!(is_in(&done), "{done:?}");
        assert_eq!(done.leads_to(), "/console");
        let session = done.cookie().unwrap();
        assert!(site.get_as(&session, "/console").await.says("Ada Reviewer"));
        assert_eq!(site.get_as(&session, STAFF).await.leads_to(), "/console");
    }
    let outside = [
        json!({ "name": "Ada" }),
        json!({ "name": "Ada", "groups": ["staff"] }),
        json!({ "name": "Ada", "groups": { "reviewers": true } }),
        json!({ "groups": ["reviewers"] }),
        json!({ "name": " ", "groups": ["reviewers"] }),
        json!({ "name": "Ada\nApproved", "groups": ["reviewers"] }),
    ];
    for claims in outside {
        provider.says(claims.clone());
        let answer = sign_in(&site, &provider, STAFF).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{claims}");
        assert!(answer.says("You may not use the console"), "{claims}");
    }
    assert!(site.get("/console/sign-in").await.says(STAFF));
}

#[tokio::test]
async fn without_a_provider_there_is_nothing() {
    let site = Site::new();
    for path in [PEOPLE, "/privacy/sign-in/callback", STAFF, "/console/sign-in/oidc/callback"] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// Takes down what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_says_which_step_failed_and_nothing_else() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let provider = Provider::start().await;
    let site = site(&provider);
    let guard = tracing::subscriber::set_default(subscriber);
    for claims in [
        json!({ "nonce": "a-nonce" }),
        json!({ "aud": "an-audience" }),
        json!({ "sub": "a-stranger" }),
    ] {
        provider.says(claims);
        sign_in(&site, &provider, PEOPLE).await;
    }
    let left = site.get(PEOPLE).await;
    let back = provider.visit(left.leads_to());
    let cookie = left.cookie().unwrap();
    site.get_as(&cookie, &back.replace("code=", "code=wrong-")).await;
    provider.goes_down(true);
    site.get_as(&cookie, &back).await;
    drop(guard);

    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("the id token is of another attempt"), "{said}");
    assert!(said.contains("the id token is for another site"), "{said}");
    assert!(said.contains("the provider does not take the code"), "{said}");
    let (code, state) = back.split_once("code=").unwrap().1.split_once("&state=").unwrap();
    let secrets = [
        "a-nonce",
        "an-audience",
        "a-stranger",
        "an-access-token",
        "a-secret-of-the-provider",
        "eyJ",
        "wrong-",
        cookie.split_once('=').unwrap().1,
        code,
        state,
    ];
    for secret in secrets {
        assert!(!said.contains(secret), "{secret} stands in the log: {said}");
    }
}
