//! Health, figures and logs.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use demur_web::api::key::KeyScope;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::api::Software;
use crate::sets::{build, retract};
use crate::support::{Answer, PURPOSE, Site};

#[tokio::test]
async fn it_is_alive_and_ready_as_long_as_the_register_can_be_written() {
    let site = Site::new();
    assert_eq!(site.get("/healthz").await.body, "alive\n");
    let ready = site.get("/readyz").await;
    assert_eq!((ready.status, ready.body.as_str()), (StatusCode::OK, "ready\n"));

    // Somebody else holds the register, and does not let go.
    let mut other = site.register();
    let held = other.batch().unwrap();
    site.pass(SignedDuration::from_mins(1));
    let ready = site.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
    drop(held);
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
}

/// The value of a line of the figures.
fn figure(text: &str, line: &str) -> Option<f64> {
    let value = text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '))?;
    Some(value.parse().unwrap())
}

#[tokio::test]
async fn figures_count_what_happened_and_name_nobody() {
    let site = Site::new();
    let link = site.link("bo");
    site.get(&link).await;
    site.post(&link, "").await;
    site.post(&link, "").await;
    site.get("/nowhere").await;
    let software = Software::with(&site, &[KeyScope::MetricsRead, KeyScope::ObjectionsWrite]);
    let said = json!({ "purpose": PURPOSE, "account": "cy" });
    software.post("/api/v1/objections", &said).await;
    let text = software.get("/metrics").await.body;
    let of = |line: &str| figure(&text, line).unwrap_or_else(|| panic!("{line}\n{text}"));
    let requests = |method: &str, route: &str, status: &str| {
        of(&format!(
            "demur_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}"
        ))
    };
    assert_eq!(requests("GET", "/o/{token}", "2xx"), 1.0);
    assert_eq!(requests("POST", "/o/{token}", "2xx"), 2.0);
    assert_eq!(requests("POST", "/api/v1/objections", "2xx"), 1.0);
    assert_eq!(requests("GET", "none", "4xx"), 1.0);
    let seconds = "demur_http_request_duration_seconds";
    assert_eq!(of(&format!("{seconds}_count{{route=\"/o/{{token}}\"}}")), 3.0);
    assert_eq!(of(&format!("{seconds}_bucket{{route=\"/o/{{token}}\",le=\"+Inf\"}}")), 3.0);
    assert_eq!(of(&format!("demur_cases{{purpose=\"{PURPOSE}\",status=\"received\"}}")), 2.0);
    assert_eq!(of("demur_desk_items{drawer=\"letter\"}"), 2.0);
    assert_eq!(of("demur_register_batch_acts_sum"), 3.0);
    assert_eq!(of("demur_register_batches_failed_total"), 0.0);
    let token = link.strip_prefix("/o/").unwrap();
    assert!(!text.contains(token) && !text.contains("/nowhere") && !text.contains("\"cy\""));
}

#[tokio::test]
async fn every_figure_says_what_it_is_and_every_line_can_be_read() {
    let site = Site::new();
    let text = Software::all(&site).get("/metrics").await.body;
    let mut known = "";
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            known = help.split(' ').next().unwrap();
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            assert_eq!(kind.split(' ').next(), Some(known));
        } else {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with(known) && value.parse::<f64>().is_ok(), "{line}");
        }
    }
}

#[tokio::test]
async fn what_waits_too_long_shows() {
    let site = Site::new();
    site.post(&site.link("bo"), "").await;
    site.pass(SignedDuration::from_mins(5));
    let text = Software::all(&site).get("/metrics").await.body;
    assert_eq!(figure(&text, "demur_desk_overdue_seconds{drawer=\"letter\"}"), Some(300.0));
    assert_eq!(figure(&text, "demur_desk_overdue_seconds{drawer=\"mail\"}"), Some(0.0));
}

#[tokio::test]
async fn what_a_set_lacks_shows_and_for_how_long() {
    let site = Site::new();
    let show = async || Software::all(&site).get("/metrics").await.body;
    let oldest = "demur_oldest_objection_not_in_force_seconds";
    let lacking = format!("demur_set_objections_lacking{{set=\"v1\",purpose=\"{PURPOSE}\"}}");
    assert_eq!(figure(&show().await, oldest), Some(0.0), "there is no set");
    build(&site, "v1");
    assert_eq!(figure(&show().await, &lacking), Some(0.0));
    site.post(&site.link("bo"), "").await;
    site.pass(SignedDuration::from_mins(5));
    let text = show().await;
    assert_eq!((figure(&text, &lacking), figure(&text, oldest)), (Some(1.0), Some(300.0)));
    retract(&site, "v1");
    let text = show().await;
    assert_eq!((figure(&text, &lacking), figure(&text, oldest)), (Some(0.0), Some(0.0)));
}

#[tokio::test]
async fn figures_are_for_this_machine_and_for_keys() {
    let site = Site::new();
    let from = |peer: &str, header: Option<&'static str>| {
        let peer: SocketAddr = peer.parse().unwrap();
        let mut request = Request::get("/metrics").extension(ConnectInfo(peer));
        if let Some(header) = header {
            request = request.header(header, "203.0.113.7");
        }
        async { site.send(request, "").await.status }
    };
    assert_eq!(from("127.0.0.1:9000", None).await, StatusCode::OK);
    assert_eq!(from("[::1]:9000", None).await, StatusCode::OK);
    assert_eq!(from("[::ffff:127.0.0.1]:9000", None).await, StatusCode::OK);
    assert_eq!(from("192.0.2.1:9000", None).await, StatusCode::UNAUTHORIZED);
    for header in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
        let passed_on = from("127.0.0.1:9000", Some(header)).await;
        assert_eq!(passed_on, StatusCode::UNAUTHORIZED, "a proxy on this machine sent {header}");
    }
}

/// Where logs of the test go.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_say_what_happened_and_nothing_of_anybody() {
    let kept = Kept::default();
    let writer = kept.clone();
    let logs = demur_web::log_subscriber(true, move || writer.clone());
    // For every thread: the register's writer and readers log as well.
    tracing::dispatcher::set_global_default(logs).unwrap();

    let site = Site::new();
    let software = Software::all(&site);
    let link = site.link("person-7781");
    let token = link.strip_prefix("/o/").unwrap().to_owned();
    let grounds = "I have an illness that is nobody's business";
    let email = "someone@example.org";
    site.get(&link).await;
    site.post(&link, &format!("public_content=1&email={email}")).await;
    site.get(&format!("{link}x?email={email}")).await;
    site.get(&format!("/nowhere/{email}")).await;
    site.get_as(&format!("demur={token}"), &format!("/style.css?{email}")).await;
    let said = json!({ "purpose": PURPOSE, "account": "person-7781", "grounds": grounds });
    let mut handed: Vec<Answer> = vec![
        software.post("/api/v1/objections", &said).await,
        software.post("/api/v1/handover", &json!({ "account": "person-7781" })).await,
        software.post("/api/v1/accounts/check", &json!({ "purpose": email })).await,
        software.post("/api/v1/objections", &json!({ "purpose": PURPOSE, "account": 7 })).await,
    ];
    let handover: Value = serde_json::from_str(&handed.remove(1).body).unwrap();
    let address = handover["url"].as_str().unwrap();
    let one_time = address.rsplit('/').next().unwrap().to_owned();
    site.get(&format!("/privacy/enter/{one_time}")).await;
    site.send(Request::get("/metrics").header("authorization", &token), "").await;
    let case = site.cases()[0].case;
    software.get(&format!("/api/v1/objections/{case}")).await;
    let refusal = json!({ "decision": "refuse", "by": "Rosalind Verifier", "grounds": grounds, "country": "DE" });
    software.post(&format!("/api/v1/objections/{case}/decision"), &refusal).await;
    // The register cannot be written for a moment, which is an error that is logged.
    let broken = site.app.registry.act(|_| -> Result<(), _> { panic!("on purpose") }).await;
    assert!(broken.is_err());
    // The writer goes on, so by now it has logged that.
    site.app.registry.act(|_| Ok(())).await.unwrap();

    let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let requests = lines.iter().filter(|line| line["message"] == "request");
    let seen: Vec<(&str, &str, u64)> = requests
        .map(|line| {
            assert!(line["ms"].is_u64(), "{line}");
            let text = |name: &str| line[name].as_str().unwrap();
            (text("method"), text("route"), line["status"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(
        seen[..4],
        [
            ("GET", "/o/{token}", 200),
            ("POST", "/o/{token}", 200),
            ("GET", "/o/{token}", 200),
            ("GET", "none", 404),
        ]
    );
    assert!(seen.contains(&("POST", "/api/v1/objections/{case}/decision", 202)), "{seen:?}");
    assert!(lines.iter().any(|line| line["level"] == "ERROR"), "{text}");
    let key = software.secret();
    for secret in [&token, &one_time, key, email, grounds, "person-7781", "Rosalind", "/nowhere"] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
}

#[tokio::test]
async fn what_operators_are_told_to_watch_is_there() {
    let site = Site::new();
    build(&site, "v1");
    site.post(&site.link("bo"), "").await;
    let there = Software::all(&site).get("/metrics").await.body;
    let told = std::fs::read_to_string("../../docs/operating.md").unwrap();
    let name = |text: &str| -> String {
        text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
    };
    let told: std::collections::BTreeSet<String> =
        told.match_indices("demur_").map(|(at, _)| name(&told[at..])).collect();
    assert!(told.len() > 10, "{told:?}");
    for figure in &told {
        assert!(there.contains(figure), "{figure}");
    }
    let heads = there.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    for figure in heads.map(name) {
        assert!(told.contains(&figure), "docs/operating.md does not speak of {figure}");
    }
}
