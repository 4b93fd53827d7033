//! The main job, as a person with a folder of files does it.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Date32Array, Int64Array, StringArray};
use serde_json::json;
use support::{AUTHORS, Platform, RECORDS, line};

/// Ids of the records that the given accounts did not write.
fn without(accounts: &[i64]) -> Vec<String> {
    let mut ids: Vec<String> = (0..RECORDS)
        .filter(|n| !accounts.contains(&(n % AUTHORS + 1)))
        .map(|n| format!("r{n}"))
        .collect();
    ids.sort();
    ids
}

#[test]
fn objections_keep_their_people_out_of_the_next_set() {
    let p = Platform::new().told();
    assert_eq!(p.build("sets/a")["kept"], RECORDS);
    assert_eq!(p.ids("sets/a"), without(&[]));

    p.write("objections.csv", "account_id,status,received_at\n1,approved,2025-05-01\n2,pending,2025-05-02T10:00:00Z\n3,refused,2025-05-02T10:00:00Z\n4,received,2025-06-30T10:00:00+02:00\n5,withdrawn,2025-05-02\n");
    let imported = p.demur(&["objection", "import", "objections.csv", "--json"]).ok().json();
    assert_eq!(imported, json!({"received": 5, "updated": 0, "unchanged": 0}));
    let built = p.build("sets/b");
    assert_eq!(p.ids("sets/b"), without(&[1, 2, 4]));
    assert_eq!(built["dropped"], json!({"author_objected": 25, "author_restricted": 50}));
    assert_eq!(built["input"], RECORDS);

    let again = p.demur(&["objection", "import", "objections.csv", "--json"]).ok().json();
    assert_eq!(again, json!({"received": 0, "updated": 0, "unchanged": 5}));
}

#[test]
fn a_case_is_added_decided_and_withdrawn_from_the_command_line() {
    let p = Platform::new().told();
    let case = p.demur(&["objection", "add", "--account", "7", "--json"]).ok().json();
    assert_eq!(
        case["status"], "approved",
        "the purpose grants objections to one's own data by rule"
    );
    let id = case["case"].as_str().unwrap();
    assert_eq!(p.build("sets/a")["dropped"], json!({"author_objected": 25}));
    p.demur(&["objection", "withdraw", id]).ok();
    assert_eq!(p.build("sets/b")["kept"], RECORDS);
    p.demur(&["objection", "withdraw", id]).refused(&[id, "already withdrawn"]);

    // Others' content about a person waits for a reviewer, and is restricted meanwhile.
    p.configure("mentioned = \"keep\"", "mentioned = \"drop\"");
    let third = ["objection", "add", "--account", "8", "--scope", "third_party", "--json"];
    let third = p.demur(&third).ok().json();
    assert_eq!(third["status"], "received");
    assert_eq!(p.build("sets/c")["dropped"], json!({"third_party": 25}));
    let id = third["case"].as_str().unwrap();
    let refuse = [
        "objection",
        "refuse",
        id,
        "--by",
        "R. Reviewer",
        "--grounds",
        "compelling",
        "--country",
        "IE",
    ];
    let shown = p.demur(&refuse).ok().stdout;
    assert!(
        shown.contains("Data Protection Commission") && shown.contains("R. Reviewer"),
        "{shown}"
    );
    assert_eq!(p.build("sets/d")["kept"], RECORDS);
    let listed = p.demur(&["objection", "list", "--status", "refused", "--json"]).ok().json();
    assert_eq!(listed["cases"][0]["case"], id);

    p.configure("refusals = \"allowed\"", "refusals = \"never\"");
    let other = p
        .demur(&["objection", "add", "--account", "9", "--scope", "third_party", "--json"])
        .ok()
        .json();
    let id = other["case"].as_str().unwrap();
    p.demur(&["objection", "refuse", id, "--by", "R", "--grounds", "g", "--country", "IE"])
        .refused(&["forbids"]);
}

#[test]
fn one_record_can_be_objected_to() {
    let p = Platform::new().told();
    p.demur(&["objection", "add", "--record", "r17"]).ok();
    let built = p.build("sets/a");
    assert_eq!(built["dropped"], json!({"item_objected": 1}));
    assert!(!p.ids("sets/a").contains(&"r17".to_owned()));
    let why = p.demur(&[
        "explain",
        "assistant-training",
        "--corpus",
        "posts",
        "--record",
        "r17",
        "--json",
    ]);
    let why = why.ok().json();
    assert_eq!(why["found"][0]["reason"], "item_objected");
    assert_eq!(why["found"][0]["rules"].as_array().unwrap().len(), 11);
}

#[test]
fn names_are_taken_out_of_what_others_wrote() {
    let p = Platform::new().told();
    p.configure("mentioned = \"keep\"", "mentioned = \"redact\"");
    p.demur(&["objection", "add", "--account", "2", "--scope", "third_party"]).ok();
    let built = p.build("sets/parquet");
    assert_eq!((built["redacted"].as_u64(), built["kept"].as_u64()), (Some(25), Some(975)));
    p.demur(&["audit", "sets/parquet"]).ok();

    p.jsonl("lines/a.jsonl", 0..RECORDS);
    p.configure("corpus/*.parquet", "lines/*.jsonl");
    let built = p.build("sets/lines");
    assert_eq!((built["redacted"].as_u64(), built["kept"].as_u64()), (Some(25), Some(975)));
    p.demur(&["audit", "sets/lines"]).ok();
    let text = std::fs::read_to_string(&p.files("sets/lines", "jsonl")[0]).unwrap();
    for n in 0..RECORDS {
        let mentioned = (n + 1) % AUTHORS + 1;
        let before = line(n);
        let expected = if mentioned == 2 {
            // Only the text and the list of people change; the rest of the line stays as it was.
            let (_, rest) = before.split_once("und alle\"").unwrap();
            let (rest, _) = rest.split_once("\"mentions\":").unwrap();
            format!(
                "{{ \"text\":\"Grüße {n} an [person] und alle\"{rest}\"mentions\":[],\"tagged\":[]}}"
            )
        } else {
            before
        };
        assert!(text.contains(&format!("{expected}\n")), "{expected}");
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let p = Platform::new().told();
    p.demur(&["objection", "add", "--account", "7"]).ok();
    let files = |set: &str| -> BTreeMap<String, Vec<u8>> {
        p.files(set, ".parquet")
            .iter()
            .map(|f| {
                (f.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(f).unwrap())
            })
            .collect()
    };
    let manifest = |set: &str| {
        let text = std::fs::read_to_string(p.path(set).join("manifest.json")).unwrap();
        let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
        for key in ["set", "committed_at"] {
            assert!(json[key].take().is_string());
        }
        json
    };
    let build = |to: &str, workers: &str| {
        p.demur(&[
            "build",
            "assistant-training",
            "--corpus",
            "posts",
            "--to",
            to,
            "--workers",
            workers,
        ])
        .ok();
    };
    build("sets/a", "1");
    build("sets/b", "3");
    assert_eq!(files("sets/a"), files("sets/b"));
    assert_eq!(manifest("sets/a"), manifest("sets/b"));
}

#[test]
fn a_stale_snapshot_is_refused() {
    let p = Platform::new().told();
    p.demur(&["snapshot", "assistant-training", "--to", "s.snapshot"]).ok();
    let build =
        ["build", "assistant-training", "--corpus", "posts", "--snapshot", "s.snapshot", "--to"];
    p.demur(&[&build[..], &["sets/a"]].concat()).ok();
    p.demur(&["objection", "add", "--account", "1"]).ok();
    p.demur(&[&build[..], &["sets/b"]].concat()).refused(&["register has changed", "s.snapshot"]);
    assert!(!p.path("sets/b").exists());
    p.configure("minimum_age = 18", "minimum_age = 16");
    p.demur(&[&build[..], &["sets/b"]].concat()).refused(&["another version of this purpose"]);
}

#[test]
fn the_audit_finds_what_the_law_finds() {
    let p = Platform::new().told();
    p.demur(&["objection", "add", "--account", "3"]).ok();
    p.build("sets/a");
    let clean = p.demur(&["audit", "sets/a", "--json"]).ok().json();
    assert_eq!(
        (clean["clean"].as_bool(), clean["report"]["records"].as_u64()),
        (Some(true), Some(975))
    );

    // Somebody objects later: the set that exists holds rows that may no longer be used.
    p.demur(&["objection", "add", "--account", "4"]).ok();
    let late = p.demur(&["audit", "sets/a", "--json"]);
    assert_eq!(late.code, 1);
    assert_eq!(
        late.json()["report"]["faults"],
        json!({"no_longer_lawful": {"author_objected": 25}})
    );

    // A file that was changed, one too many, one too few.
    let part = p.files("sets/a", ".parquet")[0].clone();
    let other = p.files("sets/a", ".parquet")[1].clone();
    let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    std::fs::copy(&part, p.path("sets/a/extra.parquet")).unwrap();
    p.demur(&["audit", "sets/a"]).refused(&["extra.parquet does not belong"]);
    std::fs::remove_file(p.path("sets/a/extra.parquet")).unwrap();
    std::fs::copy(&other, &part).unwrap();
    p.demur(&["audit", "sets/a"]).refused(&[&name(&part), "is not what was built"]);
    std::fs::remove_file(&part).unwrap();
    p.demur(&["audit", "sets/a"]).refused(&[&name(&part), "is missing"]);
    p.demur(&["audit", "sets"]).refused(&["no training set here"]);
}

#[test]
fn a_manifest_that_was_changed_is_not_believed() {
    let p = Platform::new().told();
    p.build("sets/a");
    let path = p.path("sets/a/manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"minimum_age\": 18", "\"minimum_age\": 1")).unwrap();
    p.demur(&["audit", "sets/a"]).refused(&["does not know this training set with this manifest"]);
}

#[test]
fn json_lines_that_stay_are_copied_byte_for_byte() {
    let p = Platform::new().told();
    p.jsonl("lines/a.jsonl", 0..600);
    let rest: String = (600..RECORDS).map(|n| line(n) + "\r\n\n").collect();
    let packed = zstd::encode_all(rest.as_bytes(), 3).unwrap();
    std::fs::write(p.path("lines/b.jsonl.zst"), packed).unwrap();
    p.configure("corpus/*.parquet", "lines");
    p.demur(&["objection", "add", "--account", "5"]).ok();
    let built = p.build("sets/a");
    assert_eq!(built["dropped"], json!({"author_objected": 25}));
    assert_eq!(built["input"], RECORDS);
    let mut lines = std::fs::read_to_string(&p.files("sets/a", ".jsonl")[0]).unwrap();
    let packed = std::fs::read(&p.files("sets/a", ".jsonl.zst")[0]).unwrap();
    lines.push_str(&String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap());
    let expected: String =
        (0..RECORDS).filter(|n| n % AUTHORS != 4).map(|n| line(n) + "\n").collect();
    assert_eq!(lines, expected);
    p.demur(&["audit", "sets/a"]).ok();
}

#[test]
fn an_objection_covers_every_account_of_the_person() {
    let p = Platform::new();
    let ids: Vec<i64> = (1..=AUTHORS).collect();
    let n = ids.len();
    // Accounts 11 and 12 are one person.
    let persons = ids.iter().map(|id| [11, 12].contains(id).then_some(700));
    p.parquet(
        "accounts.parquet",
        vec![
            ("account_id", Arc::new(Int64Array::from(ids.clone()))),
            ("birth_date", Arc::new(Date32Array::from(vec![3_653; n]))),
            ("region", Arc::new(StringArray::from(vec!["IE"; n]))),
            ("status", Arc::new(StringArray::from(vec!["active"; n]))),
            ("who", Arc::new(persons.collect::<Int64Array>())),
        ],
    );
    p.configure("status = \"status\"", "status = \"status\"\nperson = \"who\"");
    let p = p.told();
    p.demur(&["objection", "add", "--account", "11"]).ok();
    p.build("sets/a");
    assert_eq!(p.ids("sets/a"), without(&[11, 12]));
    p.demur(&["audit", "sets/a"]).ok();
}

#[test]
fn scopes_count_and_string_ids_work() {
    let p = Platform::new();
    let names = ["anna", "Ánna", "anna ", "0123"];
    let told: String = names.iter().map(|n| format!("\"{n}\",2025-04-01\n")).collect();
    p.write("notices.csv", &format!("account_id,delivered_at\n{told}"));
    p.parquet(
        "accounts.parquet",
        vec![
            ("account_id", Arc::new(StringArray::from(names.to_vec()))),
            ("birth_date", Arc::new(Date32Array::from(vec![3_653; 4]))),
            ("region", Arc::new(StringArray::from(vec!["IE"; 4]))),
            ("status", Arc::new(StringArray::from(vec!["active"; 4]))),
        ],
    );
    let lines: String = ["post", "ai_interaction"]
        .iter()
        .flat_map(|kind| names.map(|name| (kind, name)))
        .enumerate()
        .map(|(n, (kind, name))| {
            format!("{{\"id\":{n},\"who\":\"{name}\",\"kind\":\"{kind}\",\"seen\":\"public\",\"made\":1600000000}}\n")
        })
        .collect();
    p.write("lines/a.jsonl", &lines);
    let text = std::fs::read_to_string(p.path("demur.toml")).unwrap();
    let start = text.find("[[corpus]]").unwrap();
    let end = text.find("[[purpose]]").unwrap();
    let corpus = "[[corpus]]\nid = \"posts\"\nlocation = \"lines\"\nrecord = \"id\"\nauthor = \"who\"\nkind = \"kind\"\nvisibility = \"seen\"\ncreated = { column = \"made\", unit = \"s\" }\n\n";
    p.write("demur.toml", &format!("{}{corpus}{}", &text[..start], &text[end..]));
    let p = p.told();
    p.demur(&["objection", "add", "--account", "anna", "--scope", "ai_interactions"]).ok();
    p.demur(&["objection", "add", "--account", "0123", "--scope", "public_content"]).ok();
    let built = p.build("sets/a");
    assert_eq!(built["dropped"], json!({"author_objected": 2}));
    let kept = std::fs::read_to_string(&p.files("sets/a", ".jsonl")[0]).unwrap();
    let ids: Vec<&str> = kept.lines().map(|l| &l[6..7]).collect();
    assert_eq!(ids, ["0", "1", "2", "5", "6", "7"]);
    p.demur(&["audit", "sets/a"]).ok();
}

#[test]
fn the_register_can_be_verified_rebuilt_and_checkpointed() {
    let p = Platform::new();
    p.demur(&["register", "verify"]).refused(&["no register"]);
    assert!(!p.path("demur.db").exists(), "looking creates nothing");
    let p = p.told();
    p.demur(&["objection", "add", "--account", "3", "--grounds", "please leave me out"]).ok();
    let before = p.demur(&["register", "checkpoint", "--json"]).ok().json();
    p.demur(&["register", "rebuild"]).ok();
    assert_eq!(p.demur(&["register", "checkpoint", "--json"]).ok().json(), before);
    let sound = p.demur(&["register", "verify", "--json"]).ok().json();
    assert_eq!((sound["problems"].clone(), sound["notices"].as_i64()), (json!([]), Some(AUTHORS)));
    let database = std::fs::read(p.path("demur.db")).unwrap();
    let holds = |text: &[u8]| database.windows(text.len()).any(|w| w == text);
    assert!(!holds(b"please leave me out"), "grounds lie in the clear");
}

#[test]
fn a_new_configuration_says_what_it_lacks() {
    let p = Platform::new();
    p.demur(&["init", "new"]).ok();
    p.demur(&["init", "new"]).refused(&["is there already"]);
    let check =
        p.demur(&["check", "--config", "new/demur.toml", "--json"]).refused(&["accounts.parquet"]);
    let problems = check.json()["problems"].clone();
    let lines: Vec<u64> =
        problems.as_array().unwrap().iter().map(|p| p["line"].as_u64().unwrap()).collect();
    assert!(lines.len() >= 2 && lines.is_sorted(), "{problems}");
    p.demur(&["check"]).ok();
}

#[test]
fn a_small_demo_tells_its_story_twice() {
    let folder = tempfile::tempdir().unwrap();
    let demo = || {
        let demo = ["demo", "--accounts", "600", "--records", "9000", "--json"];
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_demur"))
            .args(demo)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains("Somebody objects"), "{told}");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let first = demo();
    assert_eq!(
        (first["first"]["input"].as_u64(), first["audit_clean"].as_bool()),
        (Some(9_000), Some(true))
    );
    let fewer =
        first["first"]["kept"].as_u64().unwrap() - first["second"]["kept"].as_u64().unwrap();
    assert_eq!(Some(fewer), first["late_objection"]["records"].as_u64());
    let again = demo();
    assert_eq!(again["first"]["kept"], first["second"]["kept"], "what was said stays said");
}
