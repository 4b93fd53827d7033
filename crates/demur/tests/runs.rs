//! Training runs and the state of training sets, from the command line.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::{Value, json};
use support::Platform;

/// A platform with one training set; its name.
fn built() -> (Platform, String) {
    let p = Platform::new().told();
    let set = p.build("sets/a")["set"].as_str().unwrap().to_owned();
    (p, set)
}

fn lineage(p: &Platform, file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(p.path(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn status_says_what_a_set_lacks_and_for_how_long() {
    let (p, set) = built();
    let fresh = p.demur(&["status"]).ok();
    assert!(fresh.stdout.contains(&set), "{fresh:?}");
    assert!(fresh.stdout.ends_with("every objection is in force in every set\n"), "{fresh:?}");

    let long_ago = ["--received-at", "2025-01-01T00:00:00Z"];
    p.demur(&[&["objection", "add", "--account", "3"], &long_ago[..]].concat()).ok();
    p.demur(&["objection", "add", "--account", "4"]).ok();
    let told = p.demur(&["status"]).ok();
    let last = told.stdout.trim_end().lines().rev().nth(1).unwrap();
    assert!(last.starts_with("oldest objection not yet in force in some set: "), "{told:?}");
    assert!(last.ends_with("(since 2025-01-01 00:00 UTC)"), "{told:?}");

    let json = p.demur(&["status", "--json"]).ok().json();
    let line = &json["sets"][0];
    assert_eq!(line["set"], json!(set));
    assert_eq!(
        [&line["version"], &line["objections_lacking"], &line["hidden_records"]],
        [&json!(0), &json!(2), &json!(0)]
    );
    assert_eq!(line["records"].as_i64().unwrap(), support::RECORDS);
    assert_eq!(json["oldest_objection_not_in_force"]["received_at"], "2025-01-01T00:00:00Z");
    assert!(json["oldest_objection_not_in_force"]["age_seconds"].as_u64().unwrap() > 86_400);

    p.demur(&["gone", &set]).ok();
    let json = p.demur(&["status", "--json"]).ok().json();
    assert_eq!(json, json!({ "sets": [], "oldest_objection_not_in_force": null }));
    let json = p.demur(&["status", "--all", "--json"]).ok().json();
    assert!(json["sets"][0]["gone_at"].is_string(), "{json}");
    p.demur(&["gone", &set]).refused(&["no longer exists"]);
    p.demur(&["gone", "none"]).refused(&["no training set \"none\"", "demur status"]);
}

#[test]
fn a_run_is_entered_told_as_lineage_and_ended_once() {
    let (p, set) = built();
    let at = format!("{set}@0");
    let id = p.demur(&["run", "start", &at, "--name", "nightly"]).ok().stdout.trim().to_owned();
    p.demur(&["run", "finish", &id, "--failed"]).ok();
    p.demur(&["run", "finish", &id]).refused(&["has failed already"]);
    let other = p.demur(&["run", "start", &set, "--name", "nightly", "--json"]).ok().json();
    assert_eq!(other["read"], json!([{ "set": set, "version": 0 }]));
    let other = other["run"].as_str().unwrap().to_owned();
    p.demur(&["run", "finish", &other]).ok();

    let events = lineage(&p, "lineage.jsonl");
    let told: Vec<_> = events
        .iter()
        .map(|e| (e["eventType"].as_str().unwrap(), e["run"]["runId"].clone()))
        .collect();
    let (id, other) = (json!(id), json!(other));
    assert_eq!(
        told,
        [("START", id.clone()), ("FAIL", id), ("START", other.clone()), ("COMPLETE", other)]
    );
    for event in &events {
        assert_eq!(
            event["schemaURL"],
            "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
        );
        assert_eq!(event["job"]["name"], "nightly");
        let input = &event["inputs"][0];
        assert_eq!(input["name"], json!(set));
        assert_eq!(input["facets"]["version"]["datasetVersion"], "0");
        assert!(input["facets"]["version"]["_schemaURL"].is_string());
    }
    let listed = p.demur(&["run", "list", "--json"]).ok().json();
    let states: Vec<_> = listed["runs"].as_array().unwrap().iter().map(|r| &r["outcome"]).collect();
    assert_eq!(states, [&json!("completed"), &json!("failed")], "the newest comes first");
    assert!(p.demur(&["run", "list"]).ok().stdout.contains(&at));
}

#[test]
fn a_run_does_not_read_what_somebody_has_objected_to() {
    let (p, set) = built();
    p.demur(&["objection", "add", "--account", "3"]).ok();
    let start = ["run", "start", &set, "--name", "nightly"];
    p.demur(&start).refused(&["lacks 1 objection in force", "--even-if-behind"]);
    assert!(lineage(&p, "lineage.jsonl").is_empty());
    let reason = ["--even-if-behind", "a comparison that is thrown away"];
    let run = p.demur(&[&start[..], &reason, &["--json"]].concat()).ok().json();
    assert_eq!(run["even_if_behind"], reason[1]);
    p.demur(&["run", "start", "none", "--name", "x"]).refused(&["no training set \"none\""]);
    let wrong = p.demur(&["run", "start", "a@b", "--name", "x"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("is no version"), "{wrong:?}");
}

#[test]
fn lineage_is_posted_and_kept_where_nobody_takes_it() {
    let (p, set) = built();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let section = format!(
        "[lineage]\nfile = \"events/l.jsonl\"\npost_to = \"http://localhost:{port}/api/v1/lineage\"\n[register]"
    );
    p.configure("[register]", &section);
    let start = ["run", "start", &set, "--name", "nightly"];
    let failed = p.demur(&start);
    assert_eq!(failed.code, 3, "{failed:?}");
    assert!(failed.stderr.contains("nothing was entered"), "{failed:?}");
    assert_eq!(p.demur(&["run", "list", "--json"]).ok().json(), json!({ "runs": [] }));

    p.write("events/l.jsonl", "");
    let taken = std::thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        let mut request = Vec::new();
        let body = loop {
            let mut part = [0; 4096];
            let n = stream.read(&mut part).unwrap();
            request.extend_from_slice(&part[..n]);
            let text = String::from_utf8_lossy(&request).into_owned();
            if let Some((_, body)) = text.split_once("\r\n\r\n")
                && serde_json::from_str::<Value>(body).is_ok()
            {
                break text;
            }
        };
        stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n").unwrap();
        body
    });
    let quiet = p.demur(&start).ok();
    assert_eq!(quiet.stderr, "");
    let request = taken.join().unwrap();
    assert!(request.starts_with("POST /api/v1/lineage HTTP/1.1\r\n"), "{request}");
    let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(lineage(&p, "events/l.jsonl"), [body]);

    // Nobody listens any more.
    let warned = p.demur(&start).ok();
    assert!(warned.stderr.contains("was not taken by the address in `post_to`"), "{warned:?}");
    assert!(!warned.stderr.contains("localhost"), "{warned:?}");
    assert_eq!(lineage(&p, "events/l.jsonl").len(), 2);
}

#[test]
fn a_lineage_event_after_half_a_line_has_its_own() {
    let (p, set) = built();
    p.write("lineage.jsonl", "{\"eventType\":\"STA");
    p.demur(&["run", "start", &set, "--name", "nightly"]).ok();
    let text = std::fs::read_to_string(p.path("lineage.jsonl")).unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((text.lines().count(), &last["eventType"]), (2, &"START".into()));
}
