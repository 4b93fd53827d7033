//! Training sets that exist: rows leave them, come back, are erased and found again. The audit is the
//! oracle: it judges the whole corpus record by record, with other code.
#![allow(clippy::unwrap_used)]

mod support;

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{Platform, dice};

const OVERLAY: [&str; 6] =
    ["build", "assistant-training", "--corpus", "posts", "--mode", "overlay"];

/// The platform with a covered-up set in sets/a and a copied one in sets/b.
fn built() -> Platform {
    let p = Platform::new().told();
    p.demur(&[&OVERLAY[..], &["--to", "sets/a"]].concat()).ok();
    p.build("sets/b");
    p
}

fn object(p: &Platform, account: i64, more: &[&str]) -> String {
    let account = account.to_string();
    let args = [&["objection", "add", "--account", &account, "--json"], more].concat();
    p.demur(&args).ok().json()["case"].as_str().unwrap().to_owned()
}

fn retract(p: &Platform) -> Vec<Value> {
    let done = p.demur(&["retract", "--json"]).ok().json();
    done["sets"].as_array().unwrap().clone()
}

/// The set has exactly what it may and should have.
#[track_caller]
fn audited(p: &Platform, set: &str) -> Value {
    let audit = p.demur(&["audit", set, "--json"]).ok().json();
    assert_eq!((&audit["clean"], &audit["complete"]), (&true.into(), &true.into()), "{audit}");
    audit["report"]["records"].clone()
}

fn manifest(p: &Platform, set: &str) -> Value {
    let text = std::fs::read_to_string(p.path(set).join("manifest.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn rows_leave_and_come_back() {
    let p = built();
    let before = audited(&p, "sets/a");
    assert_eq!(audited(&p, "sets/b"), before);

    let case = object(&p, 3, &[]);
    let late = p.demur(&["audit", "sets/a"]);
    assert_eq!(late.code, 1, "{late:?}");
    for set in retract(&p) {
        assert_eq!((&set["left"], &set["returned"]), (&25.into(), &0.into()), "{set}");
        assert_eq!(set["amended"], true, "one objection is no reason to look at everybody: {set}");
        assert_eq!(set["judged_anew"], Value::Null, "{set}");
    }
    assert_eq!(manifest(&p, "sets/a")["version"], 1, "one commit");
    assert_eq!(audited(&p, "sets/a").as_u64(), before.as_u64().map(|n| n - 25));
    assert_eq!(audited(&p, "sets/b"), audited(&p, "sets/a"));

    // Once more changes nothing at all.
    let was = manifest(&p, "sets/a");
    for set in retract(&p) {
        assert_eq!(set["changed"], false, "{set}");
    }
    assert_eq!(manifest(&p, "sets/a"), was);

    p.demur(&["objection", "withdraw", &case]).ok();
    for set in retract(&p) {
        assert_eq!((&set["left"], &set["returned"]), (&0.into(), &25.into()), "{set}");
    }
    assert_eq!(audited(&p, "sets/a"), before);
    assert_eq!(audited(&p, "sets/b"), before);
}

#[test]
fn what_others_published_follows_the_rule() {
    let p = Platform::new();
    p.configure(r#"mentioned = "keep""#, r#"mentioned = "redact""#);
    let p = p.told();
    p.demur(&[&OVERLAY[..], &["--to", "sets/a"]].concat()).ok();
    p.build("sets/b");
    object(&p, 7, &["--scope", "third_party"]);
    // In place, and in a copy that was written before, a name cannot be taken out: the record goes.
    for set in retract(&p) {
        assert_eq!(set["left"], 25, "{set}");
    }
    audited(&p, "sets/a");
    p.demur(&["audit", "sets/b"]).ok();
    let reasons = &manifest(&p, "sets/a")["counts"]["dropped"];
    assert_eq!(reasons["third_party"], 25, "{reasons}");
}

#[test]
fn single_records_leave_too() {
    let p = built();
    p.demur(&["objection", "add", "--record", "r17"]).ok();
    for set in retract(&p) {
        assert_eq!((&set["left"], &set["judged_anew"]), (&1.into(), &Value::Null), "{set}");
    }
    audited(&p, "sets/a");
    audited(&p, "sets/b");
}

#[test]
fn whatever_happens_the_set_is_what_a_fresh_build_would_be() {
    let p = built();
    let mut roll = dice(7);
    let mut cases: Vec<String> = Vec::new();
    for round in 0..12 {
        for _ in 0..=roll(3) {
            match roll(4) {
                0 if !cases.is_empty() => {
                    let at = roll(cases.len() as u64) as usize;
                    p.demur(&["objection", "withdraw", &cases.swap_remove(at)]).ok();
                }
                1 => cases.push(object(&p, roll(40) as i64 + 1, &["--scope", "third_party"])),
                2 => cases.push(object(&p, roll(40) as i64 + 1, &["--scope", "ai_interactions"])),
                _ => cases.push(object(&p, roll(40) as i64 + 1, &[])),
            }
            cases.sort();
            cases.dedup();
        }
        retract(&p);
        if roll(4) == 0 {
            p.demur(&["purge"]).ok();
        }
        let to = format!("sets/fresh-{round}");
        let fresh =
            p.demur(&[&OVERLAY[..], &["--to", &to, "--anew", "--json"]].concat()).ok().json();
        p.demur(&["audit", "sets/b"]).ok();
        p.demur(&["audit", "sets/a"]).ok();
        let digest = |set: &str| manifest(&p, set)["snapshot"]["digest"].clone();
        assert_eq!(digest("sets/a"), digest(&to), "what was amended is what is compiled");
        let purged = manifest(&p, "sets/a")["erased"].as_u64().unwrap() > 0;
        if !purged {
            let counts = |set: &str| manifest(&p, set)["counts"].clone();
            assert_eq!(counts("sets/a"), counts(&to), "round {round}");
            audited(&p, "sets/a");
        }
        std::fs::remove_dir_all(p.path(&to)).unwrap();
        let set = fresh["set"].as_str().unwrap();
        p.demur(&["gone", set]).ok();
    }
}

#[test]
fn rows_are_taken_out_and_erased_at_once_or_when_they_were_out_for_long() {
    let p = built();
    object(&p, 3, &[]);
    assert_eq!(p.demur(&["retract", "--purge", "--keep-history"]).code, 2);
    let done = p.demur(&["retract", "sets/b", "--purge", "--json"]).ok().json();
    let done = &done["sets"][0];
    assert_eq!(
        (&done["left"], &done["hidden"], &done["erased"]),
        (&25.into(), &0.into(), &25.into())
    );
    assert!(!p.ids("sets/b").contains(&"r2".to_owned()), "r2 is of account 3");
    let audit = p.demur(&["audit", "sets/b", "--json"]).ok().json();
    assert_eq!((&audit["hidden_records"], &audit["erased_records"]), (&0.into(), &25.into()));

    p.demur(&["retract"]).ok();
    let purged = |days: &str| {
        let done = p.demur(&["purge", "--older-than", days, "--json"]).ok().json();
        done["sets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|set| set["records"].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!((purged("1"), purged("0")), (0, 25));
    audited(&p, "sets/a");
}

#[test]
fn what_was_hidden_is_erased_and_found_again() {
    let p = built();
    object(&p, 3, &[]);
    let told = p.demur(&["retract"]).ok();
    assert!(told.stdout.contains("hidden, not erased: 25 records"), "{told:?}");
    let state = |state: &str| {
        let trace = p.demur(&["trace", "3", "--json"]).ok().json();
        let sets = trace["sets"].as_array().unwrap().clone();
        assert_eq!(sets.len(), 2, "{trace}");
        for set in sets {
            // Others mention account 3, which the purpose keeps.
            let own =
                set["records"].as_array().unwrap().iter().find(|of| of["held"]["author"] == 25);
            assert_eq!(own.unwrap()["state"], state, "{trace}");
        }
    };
    state("hidden");
    let purged = p.demur(&["purge", "--json"]).ok().json();
    for set in purged["sets"].as_array().unwrap() {
        assert_eq!(set["records"], 25, "{set}");
    }
    state("erased");
    audited(&p, "sets/a");
    audited(&p, "sets/b");
    let ids = p.ids("sets/b");
    assert!(!ids.is_empty() && !ids.contains(&"r2".to_owned()), "r2 is of account 3");
    // Nothing of account 3 lies anywhere under either folder.
    for file in p.files("sets/a/_corpus", "rows").into_iter().chain(p.files("sets/b", "parquet")) {
        let file = std::fs::File::open(file).unwrap();
        let rows = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(file, 4096);
        for batch in rows.unwrap() {
            let batch = batch.unwrap();
            let authors = batch.column_by_name("author_id").unwrap();
            let authors = authors.as_any().downcast_ref::<arrow::array::Int64Array>().unwrap();
            assert!(authors.values().iter().all(|author| *author != 3));
        }
    }
    let again = p.demur(&["purge", "--json"]).ok().json();
    assert!(again["sets"].as_array().unwrap().iter().all(|set| set["records"] == 0));
}

#[test]
fn older_versions_are_closed_unless_they_are_kept() {
    let p = built();
    object(&p, 3, &[]);
    let log = |set: &str| p.files(&format!("{set}/_delta_log"), "json").len();
    p.demur(&["retract", "sets/a"]).ok();
    p.demur(&["retract", "sets/b", "--keep-history"]).ok();
    assert_eq!((log("sets/a"), log("sets/b") > 1), (1, true));
    assert_eq!(p.files("sets/a", "bin").len(), 1, "only the present vectors");
    let set = manifest(&p, "sets/b")["set"].as_str().unwrap().to_owned();
    let status = p.demur(&["status", "--json"]).ok().json();
    let sets = status["sets"].as_array().unwrap();
    let kept = sets.iter().find(|one| one["set"] == set.as_str()).unwrap();
    assert_eq!(kept["history_kept"], true, "{status}");
}

#[test]
fn a_set_may_move_and_may_not_be_tampered_with() {
    let p = built();
    object(&p, 3, &[]);
    std::fs::rename(p.path("sets/a"), p.path("moved")).unwrap();
    p.demur(&["retract"]).refused(&["is not there any more", "name the folder where it lies now"]);
    audited(&p, "sets/b");
    p.demur(&["retract", "moved"]).ok();
    audited(&p, "moved");
    retract(&p);

    // A lost or damaged index is made again, with the same result.
    object(&p, 9, &[]);
    for index in p.files("moved/_index", "index") {
        std::fs::write(index, "damaged").unwrap();
    }
    let first = p.files("sets/b/_index", "index").remove(0);
    std::fs::remove_file(first).unwrap();
    for set in retract(&p) {
        assert_eq!(set["left"], 25, "{set}");
        let why = set["judged_anew"].as_str().unwrap();
        assert!(why.contains("lost or damaged"), "{set}");
    }
    audited(&p, "moved");
    audited(&p, "sets/b");
    // The same where nothing leaves: a trace must be able to rely on it.
    let index = p.files("moved/_index", "index").remove(0);
    let mut bytes = std::fs::read(&index).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&index, bytes).unwrap();
    let mended = p.demur(&["retract"]).ok();
    assert!(mended.stderr.contains("lost or damaged and is made anew"), "{mended:?}");
    assert!(!p.demur(&["retract"]).ok().stderr.contains("made anew"));
    assert_eq!(p.demur(&["trace", "9", "--json"]).ok().json()["unknown"], serde_json::json!([]));

    // A deletion vector that is damaged hides nobody knows what.
    object(&p, 11, &[]);
    let vectors = p.files("moved", "bin").remove(0);
    let whole = std::fs::read(&vectors).unwrap();
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&vectors, bytes).unwrap();
    p.demur(&["retract", "moved"]).refused(&["deletion vector", "must not be read"]);
    p.demur(&["audit", "moved"]).refused(&["deletion vector"]);
    std::fs::write(&vectors, whole).unwrap();
    p.demur(&["retract", "moved"]).ok();

    // A file of the corpus that is written anew in its place is noticed.
    object(&p, 12, &[]);
    let file = p.path("corpus/part-1.parquet");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    p.demur(&["retract", "moved"]).refused(&["changed since it was judged", "part-1.parquet"]);
}

/// The digests that a manifest has of the corpus, by file.
fn digests(p: &Platform, set: &str) -> Vec<String> {
    let manifest = manifest(p, set);
    let files = manifest["corpora"][0]["files"].as_array().unwrap();
    files.iter().map(|file| file["blake3"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_corpus_file_is_read_again_only_if_it_is_another() {
    let p = Platform::new().told();
    let part = p.path("corpus/part-1.parquet");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_000_000);
    let date = |path: &std::path::Path| {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
    };
    let build = |to: &str| {
        p.demur(&[&OVERLAY[..], &["--to", to]].concat()).ok();
        let digests = digests(&p, to);
        // The audit reads everything, and compares.
        audited(&p, to);
        digests
    };
    date(&part);
    let first = build("sets/a");
    assert_eq!(build("sets/b"), first);

    // Another file of the same size and time takes the name; the sets keep theirs.
    let mut bytes = std::fs::read(&part).unwrap();
    let at = bytes.windows(4).position(|window| window == b"alle").unwrap();
    bytes[at] = b'A';
    let new = p.path("new.parquet");
    std::fs::write(&new, bytes).unwrap();
    date(&new);
    std::fs::rename(&new, &part).unwrap();
    let third = build("sets/c");
    assert!(third[1] != first[1] && third[0] == first[0], "{third:?} {first:?}");
}

#[test]
fn what_somebody_else_adds_to_the_table_is_refused() {
    let p = built();
    object(&p, 3, &[]);
    let entry = p.path("sets/a/_delta_log/00000000000000000001.json");
    let info = r#"{"commitInfo":{"timestamp":1,"operation":"SET TBLPROPERTIES"}}"#;
    std::fs::write(&entry, format!("{info}\n")).unwrap();
    let done = p.demur(&["retract", "sets/a", "--json"]).ok().json();
    assert_eq!((&done["sets"][0]["left"], &done["sets"][0]["version"]), (&25.into(), &2.into()));
    audited(&p, "sets/a");

    object(&p, 4, &[]);
    let size = std::fs::metadata(p.path("corpus/part-0.parquet")).unwrap().len();
    std::fs::copy(p.path("corpus/part-0.parquet"), p.path("sets/a/more.parquet")).unwrap();
    let add = format!(
        r#"{{"add":{{"path":"more.parquet","partitionValues":{{}},"size":{size},"modificationTime":1,"dataChange":true,"stats":"{{\"numRecords\":250}}"}}}}"#
    );
    let entry = p.path("sets/a/_delta_log/00000000000000000003.json");
    std::fs::write(&entry, format!("{info}\n{add}\n")).unwrap();
    p.demur(&["retract", "sets/a"]).refused(&["not the set's: more.parquet", "build the set anew"]);
}

#[test]
fn other_rules_are_refused_with_what_differs() {
    let p = built();
    p.configure("minimum_age = 18", "minimum_age = 21");
    object(&p, 3, &[]);
    p.demur(&["retract"]).refused(&["other rules now", "minimum_age: 18 → 21", "--accept-purpose"]);
    p.demur(&["retract", "--accept-purpose"]).ok();
    audited(&p, "sets/a");
}

#[test]
fn an_overlay_says_what_it_cannot_do() {
    let p = Platform::new().told();
    p.jsonl("lines/a.jsonl", 0..10);
    p.configure(r#"location = "corpus/*.parquet""#, r#"location = "lines""#);
    p.demur(&[&OVERLAY[..], &["--to", "sets/x"]].concat()).refused(&["--mode copy"]);
    assert!(!p.path("sets/x").exists());
}

/// The ids of the records that a set has, by its table, read with the table format's own library.
fn live(p: &Platform, set: &str) -> Vec<String> {
    use delta_kernel::engine::arrow_data::EngineDataArrowExt;
    let root = url::Url::from_directory_path(p.path(set)).unwrap();
    let store = std::sync::Arc::new(object_store::local::LocalFileSystem::new());
    let engine =
        std::sync::Arc::new(delta_kernel_default_engine::DefaultEngineBuilder::new(store).build());
    let snapshot = delta_kernel::snapshot::Snapshot::builder_for(root.as_str())
        .build(engine.as_ref())
        .unwrap();
    let scan = snapshot.scan_builder().build().unwrap();
    let mut ids = Vec::new();
    for batch in scan.execute(engine).unwrap() {
        let batch = batch.unwrap().try_into_record_batch().unwrap();
        let column = batch.column_by_name("record_id").unwrap();
        let column = column.as_any().downcast_ref::<arrow::array::StringArray>().unwrap();
        ids.extend(column.iter().map(|id| id.unwrap().to_owned()));
    }
    ids.sort();
    ids
}

#[test]
fn the_table_has_what_the_manifest_counts() {
    let p = built();
    object(&p, 3, &[]);
    retract(&p);
    for set in ["sets/a", "sets/b"] {
        assert_eq!(
            live(&p, set).len() as u64,
            manifest(&p, set)["counts"]["kept"].as_u64().unwrap()
        );
    }
    assert_eq!(live(&p, "sets/a"), live(&p, "sets/b"));
}

/// Starts a command and kills it at some moment, up to a little past the time that it takes.
fn kill_in(p: &Platform, args: &[&str], whole: Duration, nth: u32, of: u32) -> bool {
    let mut child = p.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // The order is mixed, the moments are spread evenly.
    std::thread::sleep(whole * (nth * 37 % of) * 5 / 4 / of);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

#[test]
fn a_retraction_that_is_killed_is_whole_or_not_there() {
    const ROUNDS: u32 = 140;
    let p = built();
    let mut case = object(&p, 3, &[]);
    let with = live(&p, "sets/a");
    let start = Instant::now();
    retract(&p);
    let whole = start.elapsed();
    let without = live(&p, "sets/a");
    let mut interrupted = 0;
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            p.demur(&["objection", "withdraw", &case]).ok();
        } else {
            case = object(&p, 3, &[]);
        }
        interrupted += u32::from(kill_in(&p, &["retract"], whole, round, ROUNDS));
        for set in ["sets/a", "sets/b"] {
            let found = live(&p, set);
            assert!(found == with || found == without, "round {round}: {set} is neither");
        }
        p.demur(&["retract"]).ok();
        let wanted = if round % 2 == 0 { &with } else { &without };
        assert!(live(&p, "sets/a") == *wanted && live(&p, "sets/b") == *wanted, "round {round}");
    }
    assert!(interrupted > ROUNDS / 4, "{interrupted} of {ROUNDS} rounds were interrupted");
    audited(&p, "sets/a");
    audited(&p, "sets/b");
    p.demur(&["register", "verify"]).ok();
}

#[test]
fn a_purge_that_is_killed_changes_nothing_that_is_read() {
    const ROUNDS: u32 = 30;
    let p = built();
    object(&p, 1, &[]);
    retract(&p);
    let start = Instant::now();
    p.demur(&["purge"]).ok();
    let whole = start.elapsed();
    let mut interrupted = 0;
    for round in 0..ROUNDS {
        object(&p, i64::from(round) + 2, &[]);
        retract(&p);
        let before = live(&p, "sets/a");
        interrupted += u32::from(kill_in(&p, &["purge"], whole, round, ROUNDS));
        assert!(live(&p, "sets/a") == before && live(&p, "sets/b") == before, "round {round}");
        p.demur(&["purge"]).ok();
        assert!(live(&p, "sets/a") == before && live(&p, "sets/b") == before, "round {round}");
        for set in ["sets/a", "sets/b"] {
            assert_eq!(manifest(&p, set)["hidden"], 0, "round {round}");
        }
    }
    assert!(interrupted > 0, "no round was interrupted");
    audited(&p, "sets/a");
    audited(&p, "sets/b");
}

#[test]
fn an_overlay_build_that_is_killed_is_never_half_visible() {
    const ROUNDS: u32 = 30;
    let p = Platform::new().told();
    object(&p, 5, &[]);
    let build = [&OVERLAY[..], &["--to", "sets/x"]].concat();
    let start = Instant::now();
    p.demur(&build).ok();
    let whole = start.elapsed();
    let wanted = live(&p, "sets/x");
    for round in 0..ROUNDS {
        std::fs::remove_dir_all(p.path("sets/x")).unwrap();
        kill_in(&p, &build, whole, round, ROUNDS);
        if !p.path("sets/x").exists() {
            // The next build publishes what was committed, or builds what was not.
            p.demur(&build);
        }
        assert_eq!(live(&p, "sets/x"), wanted, "round {round}");
    }
}

#[test]
fn a_server_takes_rows_out_by_itself() {
    let p = built();
    let site = "[site]\nurl = \"http://127.0.0.1:1\"\ncontact = \"privacy@example.com\"\n";
    p.configure("[accounts]", &format!("{site}\n[accounts]"));
    let mut server = p
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let output = server.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
    assert!(line.contains("Listening"), "{line}");
    let lacking = || {
        let status = p.demur(&["status", "--json"]).ok().json();
        let sets = status["sets"].as_array().unwrap();
        sets.iter().map(|set| set["objections_lacking"].as_u64().unwrap()).sum::<u64>()
    };
    // Record n is of account n % 40 + 1.
    let of_three = |id: &String| id[1..].parse::<i64>().unwrap() % 40 + 1 == 3;
    for set in ["sets/a", "sets/b"] {
        assert!(live(&p, set).iter().any(of_three));
    }
    object(&p, 3, &[]);
    let start = Instant::now();
    while lacking() > 0 {
        assert!(start.elapsed() < Duration::from_secs(60), "the sets still have the rows");
    }
    let ended = std::process::Command::new("kill").arg(server.id().to_string()).status();
    assert!(ended.unwrap().success() && server.wait().unwrap().success());
    // Whatever was begun was finished. A reader in the moment in which a table's past is closed may find
    // a version gone that it was about to read, so the tables are read only now.
    assert_eq!(lacking(), 0);
    for set in ["sets/a", "sets/b"] {
        assert!(!live(&p, set).iter().any(of_three));
        audited(&p, set);
    }
}
