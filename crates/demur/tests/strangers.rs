//! What others do to sets: they put an older version of a table back, take rows out, remove folders, lose files.
//! One set that cannot be kept up keeps no other from it, and nothing is said that is not known.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{AUTHORS, Platform};

/// Records of each account.
const EACH: u64 = 25;

/// The platform with a covered-up set in sets/a and a copied one in sets/b.
fn built() -> Platform {
    let p = Platform::new().told();
    let overlay = ["build", "assistant-training", "--corpus", "posts", "--mode", "overlay"];
    p.demur(&[&overlay[..], &["--to", "sets/a"]].concat()).ok();
    p.build("sets/b");
    p
}

fn object(p: &Platform, account: i64) -> String {
    let add = ["objection", "add", "--account", &account.to_string(), "--json"];
    p.demur(&add).ok().json()["case"].as_str().unwrap().to_owned()
}

#[track_caller]
fn audited(p: &Platform, set: &str) {
    let audit = p.demur(&["audit", set, "--json"]).ok().json();
    assert_eq!((&audit["clean"], &audit["complete"]), (&true.into(), &true.into()), "{audit}");
}

/// The name of the set that lies in a folder.
fn name(p: &Platform, set: &str) -> String {
    let text = fs::read_to_string(p.path(set).join("manifest.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["set"].as_str().unwrap().to_owned()
}

/// The actions of one kind in an entry of a table's log.
fn actions(p: &Platform, set: &str, version: u64, kind: &str) -> Vec<Value> {
    let entry = p.path(&format!("{set}/_delta_log/{version:020}.json"));
    let text = fs::read_to_string(entry).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter_map(|mut line| line.as_object_mut()?.remove(kind)).collect()
}

/// Has the table show again what it showed at version `back`, as engines do that restore one.
fn restore(p: &Platform, set: &str, newest: u64, back: u64) {
    let info = json!({ "commitInfo": { "timestamp": 1, "operation": "RESTORE" } });
    let mut lines = vec![info.to_string()];
    for add in actions(p, set, newest, "add") {
        let remove = json!({ "remove": {
            "path": add["path"], "deletionTimestamp": 1, "dataChange": true,
            "deletionVector": add["deletionVector"],
        } });
        lines.push(remove.to_string());
        let before = actions(p, set, back, "add");
        let before = before.into_iter().find(|old| old["path"] == add["path"]).unwrap();
        lines.push(json!({ "add": before }).to_string());
    }
    let entry = format!("{set}/_delta_log/{:020}.json", newest + 1);
    p.write(&entry, &(lines.join("\n") + "\n"));
}

#[test]
fn rows_that_somebody_puts_back_into_the_table_leave_again() {
    let p = built();
    object(&p, 3);
    p.demur(&["retract", "sets/a", "--keep-history"]).ok();
    restore(&p, "sets/a", 1, 0);
    assert_eq!(p.demur(&["audit", "sets/a"]).code, 1, "the table shows them");
    let notes = p.demur(&["trace", "3", "--json"]).ok().json()["unknown"].to_string();
    assert!(notes.contains("changed by somebody else"), "{notes}");

    p.demur(&["purge", "sets/a"]).refused(&["`demur retract` first"]);

    // Nothing new was said, and still it is no set that knows everything.
    let done = p.demur(&["retract", "sets/a", "--json"]).ok().json();
    assert_eq!(done["sets"][0]["left"], EACH, "{done}");
    audited(&p, "sets/a");
    assert_eq!(p.demur(&["retract", "sets/a", "--json"]).ok().json()["sets"][0]["changed"], false);
}

#[test]
fn rows_that_somebody_took_out_of_the_table_keep_nobody_in_it() {
    let p = built();
    let case = object(&p, 3);
    p.demur(&["retract", "sets/a", "--keep-history"]).ok();
    p.demur(&["objection", "withdraw", &case]).ok();
    p.demur(&["retract", "sets/a", "--keep-history"]).ok();
    // The records of account 3 are lawful, and somebody takes them out.
    restore(&p, "sets/a", 2, 1);
    object(&p, 9);
    let done = p.demur(&["retract", "sets/a", "--json"]).ok().json();
    assert_eq!(done["failed"], json!([]), "{done}");
    audited(&p, "sets/a");
    p.demur(&["purge", "sets/a"]).ok();
    object(&p, 11);
    p.demur(&["retract", "sets/a"]).ok();
    p.demur(&["audit", "sets/a"]).ok();
}

#[test]
fn rows_that_somebody_took_out_of_a_copy_are_erased_where_their_author_objects_then() {
    let p = built();
    let case = object(&p, 3);
    p.demur(&["retract", "sets/b", "--keep-history"]).ok();
    p.demur(&["objection", "withdraw", &case]).ok();
    p.demur(&["retract", "sets/b", "--keep-history"]).ok();
    // The first version lets the table have vectors.
    restore(&p, "sets/b", 3, 2);
    object(&p, 3);
    p.demur(&["retract", "sets/b"]).ok();
    p.demur(&["purge", "sets/b"]).ok();
    let of_three = |id: &String| id[1..].parse::<i64>().unwrap() % AUTHORS == 2;
    assert!(!p.ids("sets/b").iter().any(of_three), "their bytes are left");
    let trace = p.demur(&["trace", "3", "--json"]).ok().json();
    assert!(!trace.to_string().contains("\"hidden\""), "{trace}");
    audited(&p, "sets/b");
}

#[test]
fn a_version_that_somebody_else_commits_is_not_taken_for_the_one_that_was_begun() {
    let p = built();
    let states = ["demur.db", "sets/a"].map(|name| (p.path(name), p.path("kept").join(name)));
    let copy = |from: &Path, to: &Path| {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        assert!(Command::new("cp").arg("-aT").args([from, to]).status().unwrap().success());
    };
    let keep = || states.iter().for_each(|(now, kept)| copy(now, kept));
    let go_back = || {
        fs::remove_dir_all(p.path("sets/a")).unwrap();
        states.iter().for_each(|(now, kept)| copy(kept, now));
    };
    let entry = p.path("sets/a/_delta_log/00000000000000000001.json");
    // What somebody commits: the records of account 9 leave, as many as account 3 has in every file.
    keep();
    object(&p, 9);
    p.demur(&["retract", "sets/a", "--keep-history"]).ok();
    let theirs = fs::read_to_string(&entry).unwrap().replace("demur ", "engine ");
    let vectors: Vec<_> =
        p.files("sets/a", ".bin").into_iter().map(|v| (fs::read(&v).unwrap(), v)).collect();
    go_back();
    // What Demur was about to commit when it was interrupted.
    object(&p, 3);
    keep();
    p.demur(&["retract", "sets/a", "--keep-history"]).ok();
    let next = fs::read(p.path("sets/a/manifest.json")).unwrap();
    go_back();
    fs::write(p.path("sets/a/manifest.next.json"), next).unwrap();
    fs::write(&entry, theirs).unwrap();
    for (bytes, vector) in vectors {
        fs::write(vector, bytes).unwrap();
    }

    let done = p.demur(&["retract", "sets/a", "--json"]).ok().json();
    assert_eq!(done["sets"][0]["changed"], true, "{done}");
    audited(&p, "sets/a");
}

#[test]
fn a_set_with_a_damaged_vector_does_not_know_everything() {
    let p = built();
    object(&p, 3);
    p.demur(&["retract"]).ok();
    for set in ["sets/a", "sets/b"] {
        for vector in p.files(set, "bin") {
            let mut bytes = fs::read(&vector).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(&vector, bytes).unwrap();
        }
        p.demur(&["retract", set]).refused(&["deletion vector"]);
    }
}

#[test]
fn versions_that_were_kept_are_closed_by_the_next_retraction_that_keeps_none() {
    let p = built();
    object(&p, 3);
    let entries = || p.files("sets/a/_delta_log", "json").len();
    p.demur(&["retract", "sets/a", "--keep-history"]).ok();
    let state = || p.demur(&["trace", "3", "--json"]).ok().json()["sets"].to_string();
    assert!(state().contains("in_older_versions"), "{}", state());
    let status = p.demur(&["status"]).ok().stdout;
    assert!(status.contains("were left readable"), "{status}");
    let again = p.demur(&["retract", "sets/a", "--keep-history", "--json"]).ok().json();
    assert_eq!((&again["sets"][0]["changed"], entries()), (&false.into(), 2));
    p.demur(&["retract", "sets/a"]).ok();
    assert_eq!(entries(), 1);
    assert!(!state().contains("in_older_versions") && state().contains("hidden"), "{}", state());
    assert!(!p.demur(&["status"]).ok().stdout.contains("were left readable"));
    audited(&p, "sets/a");
}

#[test]
fn one_set_that_is_lost_keeps_no_other_from_being_erased() {
    let p = built();
    object(&p, 3);
    p.demur(&["retract"]).ok();
    let lost = name(&p, "sets/a");
    fs::remove_dir_all(p.path("sets/a")).unwrap();
    let purged = p.demur(&["purge", "--json"]);
    assert_eq!(purged.code, 1, "{purged:?}");
    let purged = purged.json();
    assert_eq!(
        (&purged["sets"][0]["records"], &purged["failed"][0]["set"]),
        (&EACH.into(), &lost.as_str().into())
    );
    p.demur(&["purge", &lost]).refused(&["is not there any more"]);
    // Longer ago than there are times.
    let none = p.demur(&["purge", "--older-than", "4294967295", "--json"]).ok().json();
    assert_eq!(none["sets"], json!([]));
}

#[test]
fn a_set_that_was_committed_and_removed_is_not_looked_for() {
    let p = built();
    fs::rename(p.path("sets/a"), p.path("sets/.a.demur-staging")).unwrap();
    object(&p, 3);
    p.build("sets/c");
    assert!(!p.path("sets/.a.demur-staging").exists());
    p.demur(&["retract"]).ok();
    let status = p.demur(&["status", "--json"]).ok().json();
    let sets = status["sets"].as_array().unwrap();
    assert!(sets.iter().all(|set| set["objections_lacking"] == 0), "{status}");
}

#[test]
fn a_trace_says_what_it_does_not_know() {
    let p = built();
    let started = [name(&p, "sets/b") + "@0"];
    p.demur(&["run", "start", &started[0], "--name", "first-model"]).ok();
    object(&p, 3);
    p.demur(&["retract"]).ok();
    for list in p.files("sets/a/_index", ".hidden") {
        fs::remove_file(list).unwrap();
    }
    p.demur(&["gone", &name(&p, "sets/b")]).ok();
    let trace = p.demur(&["trace", "3", "--json"]).ok().json();
    let notes = trace["unknown"].to_string();
    assert!(notes.contains("restore it from a backup"), "{trace}");
    assert!(notes.contains("was read by first-model"), "{trace}");
    p.demur(&["retract", "sets/b"]).refused(&["no longer exists"]);
}

#[test]
fn a_server_keeps_up_every_set_that_it_can() {
    let p = built();
    // Two purposes, each with a set; that of the first is lost.
    let text = fs::read_to_string(p.path("demur.toml")).unwrap();
    let purpose = &text[text.find("[[purpose]]").unwrap()..];
    let other = purpose.replace("assistant-training", "other-training");
    let site = "[site]\nurl = \"http://127.0.0.1:1\"\ncontact = \"privacy@example.com\"\n";
    p.write("demur.toml", &format!("{site}\n{text}\n{other}"));
    let told = fs::read_to_string(p.path("notices.csv")).unwrap();
    p.write("other.csv", &told);
    p.demur(&["notice", "import", "other.csv", "--purpose", "other-training"]).ok();
    let build = ["build", "other-training", "--corpus", "posts", "--to", "sets/c", "--json"];
    p.demur(&build).ok();
    fs::remove_dir_all(p.path("sets/a")).unwrap();

    let mut server = p.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let of_three = ["objection", "add", "--account", "3"];
    p.demur(&[&of_three[..], &["--purpose", "assistant-training"]].concat()).ok();
    p.demur(&[&of_three[..], &["--purpose", "other-training"]].concat()).ok();
    let wanted = [name(&p, "sets/b"), name(&p, "sets/c")];
    let start = Instant::now();
    loop {
        let status = p.demur(&["status", "--json"]).ok().json();
        let sets = status["sets"].as_array().unwrap().clone();
        let known = |set: &&Value| wanted.iter().any(|name| set["set"] == name.as_str());
        if sets.iter().filter(known).all(|set| set["objections_lacking"] == 0) {
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "they still have the rows: {status}");
    }
    server.kill().unwrap();
    server.wait().unwrap();
}
