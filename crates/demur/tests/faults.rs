//! Processes that end at any moment, people who object at the worst one, and disks that are full:
//! nothing acknowledged is lost, and no half training set is ever visible.
#![allow(clippy::unwrap_used)]

mod support;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::{AUTHORS, Platform, line};

const ROUNDS: u32 = 25;
const BUILD: [&str; 6] = ["build", "assistant-training", "--corpus", "posts", "--to", "sets/x"];

fn start(p: &Platform, args: &[&str]) -> Child {
    p.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Runs a command to its end and says how long it took.
fn time(p: &Platform, args: &[&str]) -> Duration {
    let start = Instant::now();
    p.demur(args).ok();
    start.elapsed()
}

/// Starts a command and kills it after a share of the time that it takes.
fn kill_after(p: &Platform, args: &[&str], whole: Duration, round: u32) {
    let mut child = start(p, args);
    std::thread::sleep(whole * round / ROUNDS);
    child.kill().unwrap();
    child.wait().unwrap();
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn an_import_that_is_killed_took_in_all_or_nothing() {
    let rows = 3_000;
    let accounts: Vec<i64> = (1..=rows).collect();
    let text: String = accounts.iter().map(|id| format!("{id},approved,2025-05-01\n")).collect();
    let text = format!("account_id,status,received_at\n{text}");
    let import = ["objection", "import", "objections.csv"];
    let whole = {
        let p = Platform::new().told();
        p.write("objections.csv", &text);
        time(&p, &import)
    };
    let p = Platform::new().told();
    p.write("objections.csv", &text);
    let mut seen = (false, false);
    for round in 0..ROUNDS {
        kill_after(&p, &import, whole, round);
        p.demur(&["register", "verify"]).ok();
        let listed = p.demur(&["objection", "list", "--limit", "10000", "--json"]).ok().json();
        let count = listed["cases"].as_array().unwrap().len() as i64;
        assert!(count == 0 || count == rows, "{count} of {rows} after round {round}");
        seen = (seen.0 || count == 0, seen.1 || count == rows);
    }
    assert!(seen.0, "no round was interrupted before the end");
    let end = p.demur(&["objection", "import", "objections.csv", "--json"]).ok().json();
    assert_eq!(end["received"].as_i64().unwrap() + end["unchanged"].as_i64().unwrap(), rows);
}

#[test]
fn a_build_that_is_killed_is_never_half_visible_and_the_next_one_completes() {
    let p = Platform::new().told();
    p.demur(&["objection", "add", "--account", "5"]).ok();
    let whole = time(&p, &BUILD);
    let expected = p.ids("sets/x");
    std::fs::remove_dir_all(p.path("sets/x")).unwrap();
    let mut interrupted = 0;
    for round in 0..ROUNDS {
        kill_after(&p, &BUILD, whole, round);
        if p.path("sets/x").exists() {
            // It got to its end, or so close that it was published whole.
            p.demur(&["audit", "sets/x"]).ok();
        } else {
            interrupted += 1;
            // Either it builds anew, or it publishes what was committed and says so.
            let next = p.demur(&BUILD);
            assert!(next.code == 0 || next.stderr.contains("of an interrupted build"), "{next:?}");
            assert!(p.path("sets/x/manifest.json").exists(), "{next:?}");
        }
        assert_eq!(p.ids("sets/x"), expected);
        p.demur(&["register", "verify"]).ok();
        std::fs::remove_dir_all(p.path("sets/x")).unwrap();
        let hidden: Vec<_> = p.files("sets", "staging");
        assert!(hidden.is_empty(), "{hidden:?}");
    }
    assert!(interrupted > 0, "no round was interrupted before the end");
}

#[test]
fn a_set_that_was_committed_and_not_yet_renamed_is_published_by_the_next_build() {
    let p = Platform::new().told();
    p.build("sets/x");
    let expected = p.ids("sets/x");
    // What a crash between the two steps leaves behind.
    std::fs::rename(p.path("sets/x"), p.path("sets/.x.demur-staging")).unwrap();
    // It is published, and is not passed off as what this command built.
    p.demur(&BUILD).refused(&["of an interrupted build was waiting for this name"]);
    assert_eq!(p.ids("sets/x"), expected);

    // The same, found by a build into another folder.
    std::fs::rename(p.path("sets/x"), p.path("sets/.x.demur-staging")).unwrap();
    p.build("sets/y");
    assert_eq!(p.ids("sets/x"), expected);
    // What nobody committed is removed.
    std::fs::rename(p.path("sets/x"), p.path("sets/.x.demur-staging")).unwrap();
    std::fs::write(p.path("sets/.x.demur-staging/manifest.json"), "{}").unwrap();
    p.build("sets/z");
    assert!(!p.path("sets/x").exists() && p.files("sets", "staging").is_empty());
    // So is what was damaged meanwhile, and what somebody has objected to meanwhile.
    let staged = p.path("sets/.z.demur-staging");
    std::fs::rename(p.path("sets/z"), &staged).unwrap();
    std::fs::remove_file(staged.join("part-00001.parquet")).unwrap();
    p.build("sets/w");
    assert!(!p.path("sets/z").exists() && !staged.exists());
    std::fs::rename(p.path("sets/w"), p.path("sets/.w.demur-staging")).unwrap();
    p.demur(&["objection", "add", "--account", "1"]).ok();
    p.build("sets/v");
    assert!(!p.path("sets/w").exists() && p.files("sets", "staging").is_empty());
}

#[test]
fn who_objects_while_a_build_runs_is_left_out_of_it() {
    let p = Platform::new().told();
    let records = 40_000;
    p.jsonl("lines/a.jsonl", 0..records);
    p.configure("corpus/*.parquet", "lines/*.jsonl");
    let mut child = p.command(&BUILD);
    let mut child = child.stdout(Stdio::piped()).spawn().unwrap();
    // The staging folder shows that the snapshot is compiled and the corpus is being read.
    while !p.path("sets/.x.demur-staging").exists() {
        assert!(child.try_wait().unwrap().is_none(), "the build ended too early");
        std::thread::yield_now();
    }
    signal(&child, "STOP");
    p.demur(&["objection", "add", "--account", "9"]).ok();
    signal(&child, "CONT");
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("somebody objected while this was being built"), "{said}");
    let text = std::fs::read_to_string(&p.files("sets/x", ".jsonl")[0]).unwrap();
    let expected: String =
        (0..records).filter(|n| n % AUTHORS != 8).map(|n| line(n) + "\n").collect();
    assert!(text == expected, "the objector's lines are not exactly those left out");
    p.demur(&["audit", "sets/x"]).ok();
}

#[test]
fn a_full_disk_ends_the_build_and_leaves_nothing() {
    let p = Platform::new().told();
    p.jsonl("lines/a.jsonl", 0..8_000);
    p.configure("corpus/*.parquet", "lines/*.jsonl");
    // A limit on file sizes stands in for a full disk: writing fails in the same place.
    let script = "trap '' XFSZ; ulimit -f 1000; exec \"$0\" \"$@\"";
    let mut command = Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_demur")]).args(BUILD).current_dir(p.folder());
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("part-00000.jsonl") && said.contains("could not write"), "{said}");
    assert!(!p.path("sets/x").exists() && p.files("sets", "staging").is_empty());
    p.demur(&BUILD).ok();
}
