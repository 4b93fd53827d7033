//! Sets of JSON lines that exist: lines leave them for good, whatever happens meanwhile. The audit and the
//! corpus itself are the oracles.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{AUTHORS, Platform, dice, line};

const LINES: i64 = 1_000;

/// The platform with JSON lines as its corpus, and a set of them in sets/j.
fn built() -> Platform {
    let p = platform();
    p.build("sets/j");
    p
}

fn platform() -> Platform {
    let p = Platform::new().told();
    for part in 0..3 {
        p.jsonl(&format!("lines/{part}.jsonl"), part * LINES / 3..(part + 1) * LINES / 3);
    }
    p.configure("corpus/*.parquet", "lines/*.jsonl*");
    p
}

fn object(p: &Platform, account: i64, more: &[&str]) -> String {
    let account = account.to_string();
    let args = [&["objection", "add", "--account", &account, "--json"], more].concat();
    p.demur(&args).ok().json()["case"].as_str().unwrap().to_owned()
}

fn retract(p: &Platform) -> Value {
    let done = p.demur(&["retract", "--json"]).ok().json();
    done["sets"][0].clone()
}

/// What a reader of the folder finds, byte by byte.
fn text(p: &Platform) -> String {
    let files = p.files("sets/j", ".jsonl");
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

/// The corpus without the records of these accounts.
fn without(gone: &[i64]) -> String {
    let stays = |n: &i64| !gone.contains(&(n % AUTHORS + 1));
    (0..LINES).filter(stays).map(|n| line(n) + "\n").collect()
}

#[track_caller]
fn audited(p: &Platform) {
    let audit = p.demur(&["audit", "sets/j", "--json"]).ok().json();
    assert_eq!((&audit["clean"], &audit["complete"]), (&true.into(), &true.into()), "{audit}");
}

fn manifest(p: &Platform) -> Value {
    let text = std::fs::read_to_string(p.path("sets/j/manifest.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn lines_leave_for_good() {
    let p = built();
    assert!(text(&p) == without(&[]), "every line is there");
    let case = object(&p, 3, &[]);
    let mut open = std::fs::File::open(&p.files("sets/j", ".jsonl")[0]).unwrap();
    let done = retract(&p);
    assert_eq!(
        (&done["left"], &done["hidden"], &done["judged_anew"]),
        (&25.into(), &0.into(), &Value::Null)
    );
    assert!(text(&p) == without(&[3]));
    audited(&p);
    // Who had the file open reads on what it opened.
    let mut before = String::new();
    open.read_to_string(&mut before).unwrap();
    assert!(without(&[]).starts_with(&before) && before.contains(r#""record_id":"r2""#));

    let was = (manifest(&p), text(&p));
    assert_eq!(retract(&p)["changed"], false);
    let purged = p.demur(&["purge", "--json"]).ok().json();
    assert_eq!(purged["sets"][0]["records"], 0, "{purged}");
    assert_eq!((manifest(&p), text(&p)), was);
    assert_eq!((&was.0["hidden"], &was.0["erased"]), (&0.into(), &25.into()));

    // Hidden and erased at once, and on record as both.
    let trace = p.demur(&["trace", "3", "--json"]).ok().json();
    let held = trace["sets"][0]["records"].as_array().unwrap();
    let own = held.iter().find(|of| of["held"]["author"] == 25).unwrap();
    assert_eq!(own["state"], "erased", "{trace}");
    assert!(own["until"].is_string() && own["erased_at"].is_string(), "{trace}");
    let status = p.demur(&["status", "--json"]).ok().json();
    let set = &status["sets"][0];
    assert_eq!(
        (&set["hidden_records"], &set["erased_records"]),
        (&0.into(), &25.into()),
        "{status}"
    );
    assert_eq!((&set["objections_lacking"], &set["version"]), (&0.into(), &2.into()), "{status}");

    // What was erased does not come back; a set that is built anew has it.
    p.demur(&["objection", "withdraw", &case]).ok();
    let done = retract(&p);
    assert_eq!((&done["left"], &done["returned"]), (&0.into(), &0.into()), "{done}");
    assert!(text(&p) == without(&[3]));
    p.demur(&["audit", "sets/j"]).ok();
    p.demur(&["register", "verify"]).ok();
}

#[test]
fn a_lost_or_damaged_index_and_a_moved_set_come_to_the_same() {
    let p = built();
    object(&p, 7, &[]);
    object(&p, 3, &["--scope", "ai_interactions"]);
    p.demur(&["objection", "add", "--record", "r17"]).ok();
    let indexes = p.files("sets/j/_index", ".index");
    std::fs::write(&indexes[0], "damaged").unwrap();
    std::fs::remove_file(&indexes[1]).unwrap();
    let mut bytes = std::fs::read(&indexes[2]).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&indexes[2], bytes).unwrap();
    std::fs::rename(p.path("sets/j"), p.path("elsewhere")).unwrap();
    p.demur(&["retract"]).refused(&["is not there any more", "name the folder where it lies now"]);
    p.demur(&["retract", "elsewhere"]).ok();
    let trace = p.demur(&["trace", "9", "--json"]).ok().json();
    assert_eq!(trace["unknown"].as_array().unwrap().len(), 0, "{trace}");
    assert_eq!(trace["sets"][0]["records"][0]["held"]["author"], 25, "{trace}");
    std::fs::rename(p.path("elsewhere"), p.path("sets/j")).unwrap();
    let without_one = line(17) + "\n";
    assert!(text(&p) == without(&[7]).replace(&without_one, ""));
    audited(&p);
}

#[test]
fn a_line_that_somebody_changed_is_refused() {
    let p = built();
    object(&p, 3, &[]);
    let file = p.files("sets/j", ".jsonl").remove(0);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("extra", "extrb", 1)).unwrap();
    p.demur(&["retract"]).refused(&["it was changed since it was judged", "build it anew"]);
    std::fs::write(&file, &text[..text.len() / 2]).unwrap();
    p.demur(&["retract"]).refused(&["it was changed since it was judged", "build it anew"]);
    std::fs::write(&file, text).unwrap();
    assert_eq!(retract(&p)["left"], 25);
    audited(&p);
}

#[test]
fn compressed_lines_and_names_that_were_taken_out() {
    let p = platform();
    p.configure(r#"mentioned = "keep""#, r#"mentioned = "redact""#);
    let lines: String = (0..LINES).map(|n| line(n) + "\n").collect();
    let packed = zstd::encode_all(lines.as_bytes(), 3).unwrap();
    std::fs::write(p.path("lines/9.jsonl.zst"), packed).unwrap();
    for part in 0..3 {
        std::fs::remove_file(p.path(&format!("lines/{part}.jsonl"))).unwrap();
    }
    object(&p, 7, &["--scope", "third_party"]);
    p.build("sets/j");
    let read = || {
        let file = std::fs::File::open(&p.files("sets/j", ".jsonl.zst")[0]).unwrap();
        String::from_utf8(zstd::decode_all(file).unwrap()).unwrap()
    };
    let redacted = read();
    assert_eq!(redacted.lines().count(), LINES as usize);
    // Account 6 writes what mentions account 7, whose name is gone already: only 6 itself leaves.
    object(&p, 7, &[]);
    object(&p, 6, &[]);
    let done = retract(&p);
    assert_eq!((&done["left"], &done["judged_anew"]), (&50.into(), &Value::Null), "{done}");
    let stays = |n: &i64| ![6, 7].contains(&(n % AUTHORS + 1));
    let wanted: Vec<&str> =
        (0..LINES).filter(stays).map(|n| redacted.lines().nth(n as usize).unwrap()).collect();
    assert_eq!(read().lines().collect::<Vec<_>>(), wanted);
    p.demur(&["audit", "sets/j"]).ok();
    // A name that would have to be taken out now takes its line with it.
    object(&p, 20, &["--scope", "third_party"]);
    assert_eq!(retract(&p)["left"], 25);
    p.demur(&["audit", "sets/j"]).ok();
}

#[test]
fn whatever_happens_the_set_is_what_nobody_ever_objected_to() {
    let p = built();
    let mut roll = dice(5);
    let (mut gone, mut cases) = (Vec::new(), Vec::new());
    for round in 0..10 {
        for _ in 0..=roll(3) {
            let account = roll(AUTHORS as u64) as i64 + 1;
            match roll(4) {
                0 if !cases.is_empty() => {
                    // Before it was taken out, it may stay.
                    let (account, case): (i64, String) =
                        cases.swap_remove(roll(cases.len() as u64) as usize);
                    if p.demur(&["objection", "withdraw", &case]).code == 0 {
                        gone.retain(|(known, taken)| *known != account || *taken);
                    }
                }
                1 => drop(object(&p, account, &["--scope", "third_party"])),
                _ => {
                    cases.push((account, object(&p, account, &[])));
                    cases.sort();
                    cases.dedup();
                    gone.push((account, false));
                }
            }
        }
        if roll(4) == 0 {
            let index = p.files("sets/j/_index", "0.index");
            index.first().into_iter().for_each(|index| std::fs::remove_file(index).unwrap());
        }
        retract(&p);
        gone.iter_mut().for_each(|(_, taken)| *taken = true);
        let accounts: Vec<i64> = gone.iter().map(|(account, _)| *account).collect();
        assert!(text(&p) == without(&accounts), "round {round}");
        p.demur(&["audit", "sets/j"]).ok();
    }
}

#[test]
fn a_set_can_come_to_nothing() {
    let p = built();
    // Sets of before there were indexes have none at all.
    std::fs::remove_dir_all(p.path("sets/j/_index")).unwrap();
    (1..=AUTHORS).for_each(|account| drop(object(&p, account, &[])));
    assert_eq!(retract(&p)["records"], 0);
    assert_eq!(text(&p), "");
    audited(&p);
    assert_eq!(retract(&p)["changed"], false);
}

#[test]
fn a_full_disk_changes_nothing() {
    let p = platform();
    (0..3).for_each(|part| std::fs::remove_file(p.path(&format!("lines/{part}.jsonl"))).unwrap());
    p.jsonl("lines/0.jsonl", 0..20_000);
    p.build("sets/j");
    object(&p, 3, &[]);
    let (was, before) = (text(&p), manifest(&p));
    // The limit is more than the register takes, and less than a file of the set.
    let script = "trap '' XFSZ; ulimit -f 3000; exec \"$0\" \"$@\"";
    let mut command = std::process::Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_demur"), "retract", "sets/j"]);
    let output = command.current_dir(p.folder()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("part-00000.jsonl") && said.contains("could not write"), "{said}");
    assert!(text(&p) == was && manifest(&p) == before, "the set is as it was");
    assert_eq!(retract(&p)["left"], 500);
    audited(&p);
}

#[test]
fn a_retraction_that_is_killed_is_finished_or_forgotten_by_the_next() {
    const ROUNDS: u32 = 38;
    let p = built();
    object(&p, 1, &[]);
    let start = Instant::now();
    retract(&p);
    let whole: Duration = start.elapsed();
    let (mut gone, mut interrupted) = (vec![1], 0);
    for round in 0..ROUNDS {
        let with = without(&gone);
        gone.push(i64::from(round) + 2);
        object(&p, i64::from(round) + 2, &[]);
        let mut child = p.command(&["retract"]);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The order is mixed, the moments are spread evenly.
        std::thread::sleep(whole * (round * 17 % ROUNDS) * 5 / 4 / ROUNDS);
        interrupted += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        // Whatever moment it was, a reader finds every line that stays once, and no line twice.
        let (found, without) = (text(&p), without(&gone));
        let lines =
            |text: &str| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        let (found_lines, all) = (lines(&found), lines(&with));
        assert_eq!(found.lines().count(), found_lines.len(), "round {round}");
        assert!(
            found_lines.is_superset(&lines(&without)) && found_lines.is_subset(&all),
            "round {round}"
        );
        retract(&p);
        assert!(text(&p) == without, "round {round}");
    }
    assert!(interrupted > ROUNDS / 4, "{interrupted} of {ROUNDS} rounds were interrupted");
    audited(&p);
    p.demur(&["register", "verify"]).ok();
}
