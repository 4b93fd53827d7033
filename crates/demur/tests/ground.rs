//! What sets are judged by may change under them, and change back: columns, account facts, who was told, of which
//! kind ids are, which snapshots are at hand. Nobody who is out may come back by it, or stay in.
//!
//! The oracles are the audit, which judges the whole corpus by other code, and a build with `--anew`.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::{PipeReader, Read, Write};
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};
use serde_json::Value;
use support::{AUTHORS, Platform};

const BUILD: [&str; 5] = ["build", "assistant-training", "--corpus", "posts", "--json"];
/// Records of each account.
const EACH: u64 = 25;

fn overlay(p: &Platform, to: &str) {
    p.demur(&[&BUILD[..], &["--mode", "overlay", "--to", to]].concat()).ok();
}

/// A platform whose corpus was last changed long ago, so that builds take its word for what it is.
fn platform() -> Platform {
    let p = Platform::new();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_000_000);
    for file in p.files("corpus", "parquet") {
        fs::File::options().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
    }
    p
}

fn object(p: &Platform, account: i64) -> String {
    let add = ["objection", "add", "--account", &account.to_string(), "--json"];
    p.demur(&add).ok().json()["case"].as_str().unwrap().to_owned()
}

/// Brings a set up to date; says how many records left it and how many came back.
#[track_caller]
fn retract(p: &Platform, set: &str) -> (u64, u64) {
    let done = p.demur(&["retract", set, "--json"]).ok().json();
    let of = |what: &str| done["sets"][0][what].as_u64().unwrap();
    (of("left"), of("returned"))
}

/// The set has exactly what it may and should have.
#[track_caller]
fn audited(p: &Platform, set: &str) {
    let audit = p.demur(&["audit", set, "--json"]).ok().json();
    assert_eq!((&audit["clean"], &audit["complete"]), (&true.into(), &true.into()), "{audit}");
}

/// The next overlay is what one is that takes nothing over.
#[track_caller]
fn next_is_right(p: &Platform) {
    let counts = |to: &str| -> Value {
        audited(p, to);
        let text = fs::read_to_string(p.path(to).join("manifest.json")).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["counts"].clone()
    };
    overlay(p, "sets/next");
    p.demur(&[&BUILD[..], &["--mode", "overlay", "--to", "sets/anew", "--anew"]].concat()).ok();
    assert_eq!(counts("sets/next"), counts("sets/anew"));
}

/// Account facts with some columns changed or added.
fn facts(p: &Platform, other: Vec<(&'static str, ArrayRef)>) {
    let ids: Vec<i64> = (1..=AUTHORS).collect();
    let n = ids.len();
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("account_id", Arc::new(Int64Array::from(ids))),
        ("birth_date", Arc::new(Date32Array::from(vec![3_653; n]))),
        ("region", Arc::new(StringArray::from(vec!["IE"; n]))),
        ("status", Arc::new(StringArray::from(vec!["active"; n]))),
    ];
    for (name, array) in other {
        match columns.iter_mut().find(|(known, _)| *known == name) {
            Some(column) => column.1 = array,
            None => columns.push((name, array)),
        }
    }
    p.parquet("accounts.parquet", columns);
}

/// A column of texts that says something else of one account.
fn but(account: i64, otherwise: &str, text: impl Fn(i64) -> String) -> ArrayRef {
    let of = |id| Some(if id == account { otherwise.to_owned() } else { text(id) });
    Arc::new((1..=AUTHORS).map(of).collect::<StringArray>())
}

fn suspended(account: i64) -> Vec<(&'static str, ArrayRef)> {
    vec![("status", but(account, "suspended", |_| "active".to_owned()))]
}

#[test]
fn another_column_of_the_same_facts_is_another_fact() {
    let p = platform();
    // Account 5 came of age two months after its records were made.
    let verified = (1..=AUTHORS).map(|id| Some(if id == 5 { 12_000 } else { 3_653 }));
    facts(&p, vec![("verified", Arc::new(verified.collect::<Date32Array>()))]);
    let p = p.told();
    overlay(&p, "sets/a");
    p.build("sets/b");
    p.demur(&["snapshot", "assistant-training", "--to", "old.snapshot"]).ok();

    p.configure("birth_date = \"birth_date\"", "birth_date = \"verified\"");
    let given = ["--snapshot", "old.snapshot", "--to", "sets/given"];
    p.demur(&[&BUILD[..], &given].concat()).refused(&["other columns", "compile it again"]);
    for set in ["sets/a", "sets/b"] {
        assert_eq!(retract(&p, set), (EACH, 0), "{set}");
        p.demur(&["audit", set]).ok();
    }
    audited(&p, "sets/a");
    next_is_right(&p);
}

#[test]
fn whoever_is_told_late_comes_back_without_a_new_build() {
    let p = platform();
    // Nobody mentions them, so that no index knows them.
    let mentioned =
        r#"mentioned = { column = "mentions", account = "user_id", start = "start", end = "end" }"#;
    p.configure(mentioned, "");
    let told = (1..=AUTHORS).filter(|id| *id != 7).map(|id| format!("{id},2025-04-14T08:00:00Z\n"));
    let told: String = told.collect();
    p.write("notices.csv", &format!("account_id,delivered_at\n{told}"));
    let p = p.told();
    overlay(&p, "sets/a");
    audited(&p, "sets/a");
    p.write("late.csv", "account_id,delivered_at\n7,2025-04-14T09:00:00Z\n");
    p.demur(&["notice", "import", "late.csv"]).ok();
    assert_eq!(retract(&p, "sets/a"), (0, EACH));
    audited(&p, "sets/a");
    next_is_right(&p);
}

#[test]
fn a_purge_without_the_snapshot_forgets_nobody_who_is_in_the_set() {
    let p = platform();
    facts(&p, Vec::new());
    let p = p.told();
    for set in ["sets/a", "sets/b"] {
        let mode = if set == "sets/a" { "overlay" } else { "copy" };
        p.demur(&[&BUILD[..], &["--mode", mode, "--to", set]].concat()).ok();
    }
    object(&p, 3);
    p.demur(&["retract"]).ok();

    // Elsewhere, where nobody kept the snapshot, and by facts that soon are others again.
    fs::rename(p.path("snapshots"), p.path("away")).unwrap();
    facts(&p, suspended(7));
    p.demur(&["purge"]).ok();
    let _ = fs::remove_dir_all(p.path("snapshots"));
    fs::rename(p.path("away"), p.path("snapshots")).unwrap();
    facts(&p, Vec::new());

    object(&p, 7);
    for set in ["sets/a", "sets/b"] {
        assert_eq!(retract(&p, set), (EACH, 0), "{set}");
        p.demur(&["audit", set]).ok();
    }
    let unknown = &p.demur(&["trace", "7", "--json"]).ok().json()["unknown"];
    assert_eq!(unknown, &serde_json::json!([]), "retracting has made the indexes anew");
    next_is_right(&p);
}

#[test]
fn a_retraction_that_fails_leaves_no_index_of_what_it_judged() {
    let p = platform();
    p.jsonl("lines.jsonl", 0..1_000);
    p.configure("[[purpose]]", &lines_of(&p));
    facts(&p, Vec::new());
    let p = p.told();
    overlay(&p, "sets/a");
    p.build("sets/b");
    p.demur(&["build", "assistant-training", "--corpus", "lines", "--to", "sets/c"]).ok();

    // An export that is wrong, and a retraction that ends before it has changed anything.
    facts(&p, suspended(7));
    for set in ["sets/a", "sets/b", "sets/c"] {
        let next = p.path(set).join("manifest.next.json");
        fs::create_dir(&next).unwrap();
        assert_ne!(p.demur(&["retract", set]).code, 0, "{set}");
        fs::remove_dir(&next).unwrap();
    }
    facts(&p, Vec::new());
    object(&p, 7);
    for set in ["sets/a", "sets/b", "sets/c"] {
        assert_eq!(retract(&p, set), (EACH, 0), "{set}");
        p.demur(&["audit", set]).ok();
    }
    audited(&p, "sets/a");
    next_is_right(&p);
    // One that succeeds has a whole index again.
    assert_eq!(p.demur(&["trace", "7", "--json"]).ok().json()["unknown"], serde_json::json!([]));
}

/// The corpus of JSON lines, with the columns of the other one.
fn lines_of(p: &Platform) -> String {
    let text = fs::read_to_string(p.path("demur.toml")).unwrap();
    let start = text.find("[[corpus]]").unwrap();
    let posts = &text[start..text.find("[[purpose]]").unwrap()];
    let lines = posts.replace("posts", "lines").replace("corpus/*.parquet", "lines.jsonl");
    format!("{lines}\n[[purpose]]")
}

#[test]
fn ids_of_another_kind_are_still_the_same_account() {
    let p = platform();
    p.configure("notice = { required = true, days_before = 30 }", "notice = { required = false }");
    let texts = (1..=AUTHORS).map(|id| Some(id.to_string())).collect::<StringArray>();
    facts(&p, vec![("account_id", Arc::new(texts))]);
    let first = object(&p, 7);
    facts(&p, Vec::new());
    let second = object(&p, 7);
    overlay(&p, "sets/a");
    audited(&p, "sets/a");
    assert_ne!(first, second, "one account, entered twice");

    p.demur(&["objection", "withdraw", &second]).ok();
    assert_eq!(retract(&p, "sets/a"), (0, 0), "the other objection stands");
    audited(&p, "sets/a");
    next_is_right(&p);
}

#[test]
fn whoever_was_recognised_meanwhile_is_still_recognised() {
    let p = platform();
    p.configure("notice = { required = true, days_before = 30 }", "notice = { required = false }");
    p.configure("status = \"status\"", "status = \"status\"\nemail = \"email\"");
    let address = |id: i64| format!("a{id}@example.com");
    let usual = || vec![("email", but(0, "", address))];
    facts(&p, usual());
    object(&p, 3);
    overlay(&p, "sets/a");
    audited(&p, "sets/a");

    // For a while, account 9 has the address of account 3.
    facts(&p, vec![("email", but(9, "a3@example.com", address))]);
    object(&p, 20);
    facts(&p, usual());
    object(&p, 21);
    assert_eq!(retract(&p, "sets/a"), (3 * EACH, 0), "9, 20 and 21");
    audited(&p, "sets/a");
    next_is_right(&p);
}

#[test]
fn an_index_is_never_written_into_that_of_another_set() {
    let p = platform().told();
    overlay(&p, "sets/a");
    overlay(&p, "sets/b");
    let index = |set: &str| p.files(&format!("{set}/_index"), "index").remove(0);
    let whole = fs::read(index("sets/a")).unwrap();
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    replace(&index("sets/b"), &damaged);
    assert!(p.demur(&["retract", "sets/b"]).ok().stderr.contains("made anew"));
    assert_eq!(fs::read(index("sets/b")).unwrap(), whole);

    // A build that takes an index and then cannot use it writes its own.
    object(&p, 3);
    p.demur(&["objection", "withdraw", &object(&p, 9)]).ok();
    overlay(&p, "sets/c");
    assert_eq!(fs::read(index("sets/a")).unwrap(), whole);
    assert_ne!(file_number(&index("sets/a")), file_number(&index("sets/c")));
}

fn file_number(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).unwrap().ino()
}

#[test]
fn a_set_that_another_process_brought_further_is_not_brought_back() {
    let p = platform();
    // Account 41 has no records.
    p.accounts(&(1..=AUTHORS + 1).collect::<Vec<_>>(), |_| Some(3_653));
    let told = fs::read_to_string(p.path("notices.csv")).unwrap();
    p.write("notices.csv", &format!("{told}41,2025-04-14T08:00:00Z\n"));
    let p = p.told();
    overlay(&p, "sets/a");
    overlay(&p, "sets/b");
    object(&p, 3);
    let index = p.files("sets/a/_index", "index").remove(0);
    replace(&index, b"damaged");

    let first =
        Waiting::begin(&p, &["retract", "sets/a", "sets/b"], &index.with_extension("index.new"));
    object(&p, 41);
    assert_eq!(retract(&p, "sets/b"), (EACH, 0));
    first.go_on();

    assert_eq!(retract(&p, "sets/b"), (0, 0));
    object(&p, 9);
    for set in ["sets/a", "sets/b"] {
        assert_eq!(retract(&p, set), (EACH, 0));
        audited(&p, set);
    }
}

#[test]
fn rows_come_back_while_others_object_unless_it_is_to_those_rows() {
    let p = platform().told();
    overlay(&p, "sets/a");
    let case = object(&p, 3);
    assert_eq!(retract(&p, "sets/a"), (EACH, 0));
    p.demur(&["objection", "withdraw", &case]).ok();
    let index = p.files("sets/a/_index", "index").remove(0);
    replace(&index, b"damaged");
    let first = Waiting::begin(&p, &["retract", "sets/a"], &index.with_extension("index.new"));
    object(&p, 9);
    assert_eq!(first.go_on().matches("judged anew").count(), 1, "once is enough");
    let status = p.demur(&["status", "--json"]).ok().json();
    assert_eq!(status["sets"][0]["objections_lacking"], 1, "{status}");
    assert_eq!(retract(&p, "sets/a"), (EACH, 0));

    audited(&p, "sets/a");

    let case = object(&p, 17);
    assert_eq!(retract(&p, "sets/a"), (EACH, 0));
    p.demur(&["objection", "withdraw", &case]).ok();
    replace(&index, b"damaged");
    let first = Waiting::begin(&p, &["retract", "sets/a"], &index.with_extension("index.new"));
    object(&p, 9);
    let case = object(&p, 17);
    // Nobody leaves, so that it may be judged once more. Account 9 was out already, and account 17 stays so.
    assert_eq!(
        first.go_on().matches("judged anew").count(),
        2,
        "those rows were about to come back"
    );
    assert_eq!(retract(&p, "sets/a"), (0, 0));
    audited(&p, "sets/a");

    // Of account 900 nothing is known, so that nobody can tell whose records are meant; account 21 leaves all the same.
    p.demur(&["objection", "withdraw", &case]).ok();
    object(&p, 21);
    replace(&index, b"damaged");
    let first = Waiting::begin(&p, &["retract", "sets/a"], &index.with_extension("index.new"));
    object(&p, 900);
    let said = first.go_on();
    assert!(said.contains("25 records taken out, 0 put back"), "{said}");
    assert!(said.contains("25 records may come back and wait"), "{said}");
    let shown = manifest(&p, "sets/a");
    assert_eq!(
        (&shown["held_back"], &shown["counts"]["dropped"]["held_back"]),
        (&EACH.into(), &EACH.into())
    );
    let hidden = shown["hidden"].clone();
    audited(&p, "sets/a");
    p.demur(&["purge", "sets/a"]).refused(&["held back", "`demur retract` first"]);
    assert_eq!(retract(&p, "sets/a"), (0, EACH));
    assert_eq!(manifest(&p, "sets/a")["hidden"], hidden.as_u64().unwrap() - EACH);
    audited(&p, "sets/a");
    next_is_right(&p);
}

#[test]
fn rows_of_a_copy_are_held_back_alike() {
    let p = platform().told();
    p.build("sets/b");
    let case = object(&p, 3);
    assert_eq!(retract(&p, "sets/b"), (EACH, 0));
    p.demur(&["objection", "withdraw", &case]).ok();
    object(&p, 21);
    let index = p.files("sets/b/_index", "index").remove(0);
    replace(&index, b"damaged");
    let first = Waiting::begin(&p, &["retract", "sets/b"], &index.with_extension("index.new"));
    object(&p, 900);
    let said = first.go_on();
    assert!(said.contains("25 records taken out, 0 put back"), "{said}");
    assert_eq!(manifest(&p, "sets/b")["hidden"], 2 * EACH, "a purge removes both");
    assert_eq!(retract(&p, "sets/b"), (0, EACH));
    assert_eq!(manifest(&p, "sets/b")["hidden"], EACH);
    audited(&p, "sets/b");
}

fn manifest(p: &Platform, set: &str) -> Value {
    let text = fs::read_to_string(p.path(set).join("manifest.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_build_goes_on_from_what_it_staged_before_somebody_objected() {
    let p = platform().told();
    overlay(&p, "sets/a");
    object(&p, 3);
    let build = [&BUILD[..4], &["--mode", "overlay", "--to", "sets/b"]].concat();
    let staging = p.path("sets/.b.demur-staging");
    let build = Waiting::begin(&p, &build, &staging);
    object(&p, 9);
    let said = build.go_on();
    assert!(said.contains("looking at what they said"), "{said}");
    let ids = fs::read_to_string(p.path("sets/b/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&ids).unwrap();
    assert_eq!(manifest["counts"]["kept"], (AUTHORS as u64 - 2) * EACH, "{manifest}");
    assert!(!staging.exists() && !p.path("sets/b/.demur-before").exists());
    audited(&p, "sets/b");
    next_is_right(&p);
    object(&p, 17);
    assert_eq!(retract(&p, "sets/b"), (EACH, 0));
}

#[test]
fn the_first_build_goes_on_from_what_it_staged_as_well() {
    let p = platform().told();
    // Account 900 is in no facts: once the snapshot is there, the build warns of it.
    object(&p, 900);
    let build = [&BUILD[..4], &["--mode", "overlay", "--to", "sets/a"]].concat();
    let build = Waiting::begin(&p, &build, &p.path("assistant-training.snapshot"));
    object(&p, 9);
    let said = build.go_on();
    assert!(said.contains("4 corpus files are known from the attempt before"), "{said}");
    audited(&p, "sets/a");
    next_is_right(&p);
}

/// A process that knows what the register says, and has not yet been able to say what it does about it.
struct Waiting {
    process: Child,
    said: PipeReader,
}

impl Waiting {
    /// Begins a command, and waits until it has made a file.
    fn begin(p: &Platform, args: &[&str], made: &Path) -> Waiting {
        let (said, mut errors) = std::io::pipe().unwrap();
        errors.write_all(&[b' '; PIPE]).unwrap();
        let mut process = {
            // Dropped with the command, the pipe's end is the process's alone.
            let mut command = p.command(args);
            command.stdout(errors.try_clone().unwrap()).stderr(errors).spawn().unwrap()
        };
        while !made.exists() {
            assert!(process.try_wait().unwrap().is_none(), "it ended");
            std::thread::yield_now();
        }
        Waiting { process, said }
    }

    /// Lets it go on to its good end; returns what it says.
    fn go_on(mut self) -> String {
        let mut text = String::new();
        self.said.read_to_string(&mut text).unwrap();
        assert!(self.process.wait().unwrap().success(), "{}", text.trim());
        text
    }
}

/// Bytes that a pipe takes before whoever writes to it has to wait.
const PIPE: usize = 65_536;

/// Puts other bytes where a file lies, in a file of its own.
fn replace(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}
