//! Accounts for the console, and refusals that two people must look at.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use support::Platform;

/// `demur reviewer …` with a password on stdin.
fn typed(p: &Platform, args: &[&str], password: &str) -> (i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_demur"))
        .current_dir(p.folder())
        .args(args)
        .args(["--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), said)
}

#[test]
fn an_account_is_made_listed_changed_and_removed() {
    let p = Platform::new();
    let made = p.demur(&["reviewer", "add", "Ann Reviewer", "--json"]).ok().json();
    let password = made["password"].as_str().unwrap();
    assert!(password.len() > 20, "{made}");
    let (code, said) =
        typed(&p, &["reviewer", "add", "Otto", "--role", "auditor"], "a password of his own\n");
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("his own"), "a password that was typed is never shown: {said}");

    let listed = p.demur(&["reviewer", "list", "--json"]).ok().json();
    let of = |at: usize, what: &str| listed["reviewers"][at][what].as_str().unwrap().to_owned();
    assert_eq!((of(0, "name"), of(0, "role")), ("Ann Reviewer".into(), "reviewer".into()));
    assert_eq!((of(1, "name"), of(1, "role")), ("Otto".into(), "auditor".into()));

    let again = p.demur(&["reviewer", "password", "ann reviewer", "--json"]).ok().json();
    assert_ne!(again["password"].as_str().unwrap(), password);
    p.demur(&["reviewer", "remove", "Ann Reviewer"]).ok();
    let listed = p.demur(&["reviewer", "list"]).ok();
    assert!(listed.stdout.contains("Otto") && !listed.stdout.contains("Ann"), "{listed:?}");
}

#[test]
fn what_is_no_account_is_refused_in_words() {
    let p = Platform::new();
    p.demur(&["reviewer", "add", "Ann"]).ok();
    p.demur(&["reviewer", "add", " ann "]).refused(&["already"]);
    p.demur(&["reviewer", "add", "  "]).refused(&["1 to 100 characters"]);
    p.demur(&["reviewer", "remove", "Eva"]).refused(&["no account", "Eva"]);
    p.demur(&["reviewer", "password", "Eva"]).refused(&["no account", "Eva"]);
    let (code, said) = typed(&p, &["reviewer", "add", "Ben"], "short\n");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("at least 12 characters") && !said.contains("short"), "{said}");
    assert!(!p.demur(&["reviewer", "list"]).ok().stdout.contains("Ben"));
}

#[test]
fn the_first_of_two_reviewers_proposes_and_the_second_refuses() {
    let p = Platform::new();
    p.configure("refusals = \"allowed\"", "refusals = \"two_reviewers\"");
    let added =
        p.demur(&["objection", "add", "--account", "1", "--scope", "third_party", "--json"]);
    let case = added.ok().json()["case"].as_str().unwrap().to_owned();
    let refuse = |by: &str, grounds: &str| {
        p.demur(&[
            "objection",
            "refuse",
            &case,
            "--by",
            by,
            "--grounds",
            grounds,
            "--country",
            "IE",
            "--json",
        ])
    };
    let status = |ran: support::Ran| ran.json()["status"].as_str().unwrap().to_owned();
    let proposed = refuse("Ann", "the balance").ok();
    assert!(proposed.stderr.contains("proposed"), "{proposed:?}");
    assert_eq!(status(proposed), "received");
    assert_eq!(status(refuse("ann", "the balance").ok()), "received", "herself again");
    refuse("Ben", "something else").refused(&["two reviewers", "grounds"]);
    assert_eq!(status(refuse("Ben", "the balance").ok()), "refused");
}
