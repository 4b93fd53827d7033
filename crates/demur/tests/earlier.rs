//! Builds that start from an earlier set: what they take over is what a build from nothing finds, to the byte.
//! The oracle is `--anew`, which looks at everything; the audit judges by other code again.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arrow::array::{Date32Array, Int64Array, StringArray};
use serde_json::Value;
use support::{AUTHORS, Platform, dice};

const OVERLAY: [&str; 7] =
    ["build", "assistant-training", "--json", "--corpus", "posts", "--mode", "overlay"];
const SAME: &str = "what people said since was looked at";

/// Adults, young people and people elsewhere; some have two accounts, and one mentions the other. The corpus
/// was last changed long ago.
fn platform(mentioned: &str) -> Platform {
    let p = Platform::new();
    p.configure(r#"mentioned = "keep""#, &format!("mentioned = {mentioned:?}"));
    p.configure(r#"review = "automatic""#, r#"review = "manual""#);
    p.configure("status = \"status\"", "status = \"status\"\nperson = \"person\"");
    let ids: Vec<i64> = (1..=AUTHORS).collect();
    let born = |id: &i64| -> Option<i32> {
        Some(match id % 7 {
            0 => 19_000,
            // Came of age after some records were made.
            1 => 12_000,
            _ => 3_653,
        })
    };
    let region = |id: &i64| if id % 11 == 0 { "US" } else { "IE" };
    let person = |id: &i64| (id % 6 < 2).then(|| format!("p{}", id / 6));
    p.parquet(
        "accounts.parquet",
        vec![
            ("account_id", Arc::new(Int64Array::from(ids.clone()))),
            ("birth_date", Arc::new(ids.iter().map(born).collect::<Date32Array>())),
            ("region", Arc::new(ids.iter().map(region).map(Some).collect::<StringArray>())),
            ("status", Arc::new(StringArray::from(vec!["active"; ids.len()]))),
            ("person", Arc::new(ids.iter().map(person).collect::<StringArray>())),
        ],
    );
    for file in p.files("corpus", "parquet") {
        date(&file);
    }
    p.told()
}

fn date(file: &Path) {
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_000_000);
    std::fs::File::options().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
}

/// Everything that a set says and holds, but for its name and when it was made.
fn content(p: &Platform, set: &str) -> (Value, Vec<(String, Vec<u8>)>) {
    let text = std::fs::read_to_string(p.path(set).join("manifest.json")).unwrap();
    let mut manifest: Value = serde_json::from_str(&text).unwrap();
    for stamp in ["set", "committed_at", "checkpoint"] {
        manifest.as_object_mut().unwrap().remove(stamp).unwrap();
    }
    let mut files = p.files(set, "bin");
    files.extend(p.files(&format!("{set}/_index"), "index"));
    files.extend(p.files(&format!("{set}/_corpus"), "rows"));
    let folder = p.path(set);
    let named = |file: &std::path::PathBuf| {
        let name = file.strip_prefix(&folder).unwrap().display().to_string();
        (name, std::fs::read(file).unwrap())
    };
    (manifest, files.iter().map(named).collect())
}

/// Builds twice, once from nothing, and says whether something was taken from an earlier set.
fn compare(p: &Platform, to: &str) -> bool {
    let quick = p.demur(&[&OVERLAY[..], &["--to", to]].concat()).ok();
    let slow = p.demur(&[&OVERLAY[..], &["--to", "sets/anew", "--anew"]].concat()).ok();
    assert!(!slow.stderr.contains(SAME), "{slow:?}");
    assert_eq!(content(p, to), content(p, "sets/anew"), "{quick:?}");
    let audit = p.demur(&["audit", to, "--json"]).ok().json();
    assert_eq!((&audit["clean"], &audit["complete"]), (&true.into(), &true.into()), "{audit}");
    std::fs::remove_dir_all(p.path("sets/anew")).unwrap();
    p.demur(&["gone", slow.json()["set"].as_str().unwrap()]).ok();
    quick.stderr.contains(SAME)
}

#[test]
fn whatever_was_said_since_the_next_build_is_what_a_build_from_nothing_is() {
    let mut roll = dice(11);
    for mentioned in ["keep", "drop", "redact"] {
        let p = platform(mentioned);
        p.demur(&[&OVERLAY[..], &["--to", "sets/first"]].concat()).ok();
        let (mut cases, mut taken) = (Vec::<String>::new(), 0);
        for round in 0..9 {
            for _ in 0..=roll(4) {
                // Few people, so that several things are said of the same rows.
                let account = (roll(16) + 1).to_string();
                let record = format!("r{}", roll(16));
                let chosen = roll(cases.len().max(1) as u64) as usize;
                let scope: &[&str] = match roll(10) {
                    0 if round > 1 => &["--record"],
                    0..4 => &[],
                    4..6 => &["--scope", "third_party"],
                    6..8 if !cases.is_empty() => {
                        p.demur(&["objection", "approve", &cases[chosen], "--by", "A. Reviewer"]);
                        continue;
                    }
                    8 if !cases.is_empty() => {
                        p.demur(&["objection", "withdraw", &cases.swap_remove(chosen)]);
                        continue;
                    }
                    _ => &["--scope", "ai_interactions"],
                };
                let whom: &[&str] = match scope {
                    ["--record"] => &["--record", &record],
                    _ => &["--account", &account],
                };
                let add = [&["objection", "add", "--json"], whom].concat();
                let add = if scope == ["--record"] { add } else { [&add[..], scope].concat() };
                cases.push(p.demur(&add).ok().json()["case"].as_str().unwrap().to_owned());
                cases.sort();
                cases.dedup();
            }
            if roll(2) == 0 {
                p.demur(&["retract"]).ok();
            }
            if roll(5) == 0 {
                p.demur(&["purge"]).ok();
            }
            taken += u32::from(compare(&p, &format!("sets/round-{round}")));
        }
        assert!(taken > 2, "hardly anything was taken over with {mentioned}: {taken}");
    }
}

#[test]
fn only_what_is_the_same_is_taken_over() {
    let p = platform("drop");
    assert!(!compare(&p, "sets/a"), "there was no earlier set");
    assert!(compare(&p, "sets/b"));

    // A new file is judged, and the others are not.
    p.corpus("corpus/part-9.parquet", 1_000..1_100);
    assert!(compare(&p, "sets/c"));
    date(&p.path("corpus/part-9.parquet"));
    // One of another content in its place, too.
    p.corpus("corpus/part-1.parquet", 2_000..2_250);
    date(&p.path("corpus/part-1.parquet"));
    assert!(compare(&p, "sets/d"));

    // Whatever is wrong with the earlier sets, the build is right.
    for set in ["sets/a", "sets/b", "sets/c", "sets/d"] {
        for file in p.files(set, "bin") {
            std::fs::write(file, "damaged").unwrap();
        }
    }
    assert!(!compare(&p, "sets/e"));
    for file in p.files("sets/e/_index", "index") {
        std::fs::remove_file(&file).unwrap();
        std::fs::write(&file, "damaged").unwrap();
    }
    assert!(!compare(&p, "sets/f"));
    std::fs::remove_dir_all(p.path("sets/f")).unwrap();
    assert!(!compare(&p, "sets/g"), "e has no index that could be taken");

    // Nor is anything taken over once the facts or the rules have changed.
    let ids: Vec<i64> = (1..=AUTHORS).collect();
    p.configure("person = \"person\"", "");
    p.accounts(&ids, |_| Some(3_653));
    assert!(!compare(&p, "sets/h"));
    p.configure("minimum_age = 18", "minimum_age = 21");
    assert!(!compare(&p, "sets/i"));
    assert!(compare(&p, "sets/j"));

    // Whoever was told since may be in the set from now on.
    p.accounts(&(1..=AUTHORS + 1).collect::<Vec<_>>(), |_| Some(3_653));
    assert!(!compare(&p, "sets/k"));
    p.write("late.csv", "account_id,delivered_at\n41,2025-04-14T08:00:00Z\n");
    p.demur(&["notice", "import", "late.csv"]).ok();
    assert!(!compare(&p, "sets/l"));
}
