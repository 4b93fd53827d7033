//! Keys of the programming interface and recipients, from the command line.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use support::Platform;

#[test]
fn a_key_is_shown_once_and_listed_until_it_is_revoked() {
    let p = Platform::new();
    let add =
        ["key", "add", "app backend", "--scope", "people:handover", "--scope", "accounts:check"];
    let made = p.demur(&[&add[..], &["--json"]].concat()).ok().json();
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("demur_") && key.len() == 49, "{key}");
    assert_eq!(made["scopes"], json!(["accounts:check", "people:handover"]));
    assert_eq!(made["expires"], json!(null));

    let short = p.demur(&["key", "add", "audit", "--scope", "metrics:read", "--days", "30"]).ok();
    assert!(short.stdout.contains("demur_") && short.stdout.contains("not shown again"));
    let listed = p.demur(&["key", "list"]).ok();
    assert!(listed.stdout.contains("app backend") && listed.stdout.contains("audit"));
    assert!(!listed.stdout.contains("demur_"), "{}", listed.stdout);
    p.demur(&add).refused(&["\"app backend\"", "revoke it first"]);

    p.demur(&["key", "revoke", "app backend"]).ok();
    p.demur(&["key", "revoke", "app backend"]).refused(&["\"app backend\"", "key list"]);
    let left = p.demur(&["key", "list", "--json"]).ok().json();
    assert_eq!(left["keys"].as_array().unwrap().len(), 1);
    assert_eq!(left["keys"][0]["name"], "audit");
}

#[test]
fn a_key_needs_a_scope_that_there_is() {
    let p = Platform::new();
    let none = p.demur(&["key", "add", "x"]);
    assert_eq!(none.code, 2, "{none:?}");
    let wrong = p.demur(&["key", "add", "x", "--scope", "everything"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(wrong.stderr.contains("objections:write"), "{wrong:?}");
}

#[test]
fn recipients_that_have_everything_have_nothing_to_replay() {
    let p = Platform::new();
    p.demur(&["objection", "add", "--account", "7"]).ok();
    let listed = p.demur(&["recipient", "list", "--json"]).ok().json();
    assert_eq!(listed, json!({ "backlog": [] }));
    let replayed = p.demur(&["recipient", "replay", "partner", "--json"]).ok().json();
    assert_eq!(replayed, json!({ "replayed": 0 }));
}
