//! Every wrong input a user is likely to have: a clear error, nothing published, nothing lost.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use arrow::array::{Date32Array, Int32Array, Int64Array, StringArray};
use support::{Platform, RECORDS, line};

const BUILD: [&str; 6] = ["build", "assistant-training", "--corpus", "posts", "--to", "sets/x"];

#[track_caller]
fn refused(p: &Platform, words: &[&str]) {
    p.demur(&BUILD).refused(words);
    assert!(!p.path("sets/x").exists(), "a failed build published something");
    let left = std::fs::read_dir(p.path("sets")).map(|d| d.count()).unwrap_or(0);
    assert!(left <= 1, "more than the lock is left behind");
}

#[test]
fn columns_and_files_that_are_not_there() {
    let p = Platform::new().told();
    p.configure("author = \"author_id\"", "author = \"Author_id\"");
    refused(&p, &["part-0.parquet", "no column `Author_id`", "did you mean `author_id`"]);
    p.demur(&["check"]).refused(&["demur.toml:16", "Author_id", "author_id"]);
    p.configure("author = \"Author_id\"", "author = \"text\"");
    refused(&p, &["column `text`", "an integer, as the account ids are"]);
    p.configure("author = \"text\"", "author = \"author_id\"");

    p.configure("corpus/*.parquet", "nowhere.parquet");
    refused(&p, &["nowhere.parquet", "no such file"]);
    p.configure("nowhere.parquet", "corpus/*.jsonl");
    refused(&p, &["corpus/*.jsonl", "no file is there"]);
    p.configure("corpus/*.jsonl", "corpus/*.parquet");
    p.configure("\"accounts.parquet\"", "\"people.parquet\"");
    refused(&p, &["people.parquet", "no such file"]);
    let nothing = ["build", "assistant-training", "--corpus", "psots"];
    p.demur(&nothing).refused(&["psots", "posts"]);
    p.demur(&["build", "asistant-training", "--corpus", "posts"]).refused(&["assistant-training"]);
}

#[test]
fn parquet_files_that_are_damaged_or_differ() {
    let p = Platform::new().told();
    let path = p.path("corpus/part-2.parquet");
    let whole = std::fs::read(&path).unwrap();
    for length in [0, 3, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        refused(&p, &["part-2.parquet", "not a whole Parquet file"]);
    }
    p.parquet("corpus/part-2.parquet", vec![("record_id", Arc::new(StringArray::from(vec!["a"])))]);
    refused(&p, &["part-2.parquet", "column `author_id`", "part-0.parquet"]);
    p.demur(&["check"]).refused(&["part-2.parquet"]);

    // A page in the middle that cannot be decoded.
    let mut torn = whole.clone();
    for byte in &mut torn[200..2_000] {
        *byte ^= 0x5a;
    }
    std::fs::write(&path, torn).unwrap();
    refused(&p, &["part-2.parquet"]);
    std::fs::write(&path, whole).unwrap();
    p.demur(&BUILD).ok();
}

#[test]
fn a_broken_line_ends_the_build_or_is_dropped_and_counted() {
    let good = line(7);
    let mut bad: Vec<(Vec<u8>, &str)> = vec![
        (good.as_bytes()[..good.len() - 2].to_vec(), "EOF"),
        (b"not json at all".to_vec(), "expected"),
        (b"[1, 2]".to_vec(), "one JSON object on the line"),
        (format!("{good}{good}").into_bytes(), "trailing characters"),
        (
            good.replace("\"extra\":", "\"author_id\":99,\"extra\":").into_bytes(),
            "`author_id` occurs twice",
        ),
        (
            good.replace("\"extra\":", "\"author_\\u0069d\":99,\"extra\":").into_bytes(),
            "`author_id` occurs twice",
        ),
        (good.replace("\"end\":", "\"user_id\":9,\"end\":").into_bytes(), "`user_id` occurs twice"),
        (good.replace("\"author_id\": 8", "\"author_id\": 8.5").into_bytes(), "8.5"),
        (good.replace("\"author_id\": 8", "\"author_id\": \"08\"").into_bytes(), "\"08\""),
        (good.replace("\"kind\":\"post\"", "\"kind\":[]").into_bytes(), "field `kind`"),
        (good.replace("\"tagged\":[]", "\"tagged\":{}").into_bytes(), "field `tagged`"),
        (good.replace("\"2020-09-13T12:26:40Z\"", "1600000000").into_bytes(), "say what it counts"),
    ];
    let mut latin = good.clone().into_bytes();
    latin[12] = 0xfc;
    bad.push((latin, "UTF-8"));

    let p = Platform::new().told();
    p.configure("corpus/*.parquet", "lines/*.jsonl");
    // Lists that no rule asks about are not looked into.
    p.configure("mentioned = \"keep\"", "mentioned = \"redact\"");
    for (line, words) in bad {
        let mut text = (0..5).map(|n| support::line(n) + "\n").collect::<String>().into_bytes();
        text.extend_from_slice(&line);
        text.extend_from_slice(b"\n");
        text.extend_from_slice((support::line(9) + "\n").as_bytes());
        std::fs::create_dir_all(p.path("lines")).unwrap();
        std::fs::write(p.path("lines/a.jsonl"), text).unwrap();
        refused(&p, &["a.jsonl:6:", words, "--unreadable drop"]);
        let built =
            p.demur(&[&BUILD[..], &["--unreadable", "drop", "--json"]].concat()).ok().json();
        assert_eq!(
            (built["kept"].as_u64(), built["dropped"]["unreadable"].as_u64()),
            (Some(6), Some(1))
        );
        p.demur(&["audit", "sets/x"]).ok();
        std::fs::remove_dir_all(p.path("sets")).unwrap();
    }
}

#[test]
fn a_field_that_no_line_has_is_a_wrong_name() {
    let p = Platform::new().told();
    p.jsonl("lines/a.jsonl", 0..10);
    p.configure("corpus/*.parquet", "lines/*.jsonl");
    p.configure("author = \"author_id\"", "author = \"user\"");
    refused(&p, &["a.jsonl", "column `user`", "no line has it"]);
}

#[test]
fn a_compressed_stream_cut_short() {
    let p = Platform::new().told();
    let text: String = (0..500).map(|n| line(n) + "\n").collect();
    let packed = zstd::encode_all(text.as_bytes(), 3).unwrap();
    std::fs::create_dir_all(p.path("lines")).unwrap();
    std::fs::write(p.path("lines/a.jsonl.zst"), &packed[..packed.len() - 20]).unwrap();
    p.configure("corpus/*.parquet", "lines/*.jsonl.zst");
    refused(&p, &["a.jsonl.zst", "cannot be read on"]);
}

#[test]
fn values_that_are_null_or_no_date_stay_out() {
    let p = Platform::new().told();
    let n = 4;
    p.parquet(
        "corpus2/a.parquet",
        vec![
            ("record_id", Arc::new(StringArray::from(vec!["a", "b", "c", "d"]))),
            ("author_id", Arc::new(Int64Array::from(vec![None, Some(1), Some(999), Some(2)]))),
            ("kind", Arc::new(StringArray::from(vec!["post"; n]))),
            ("visibility", Arc::new(StringArray::from(vec!["public"; n]))),
            (
                "created_at",
                Arc::new(StringArray::from(vec![
                    Some("2020-01-01"),
                    Some("2021-02-30"),
                    Some("2020-01-01"),
                    None,
                ])),
            ),
            ("text", Arc::new(StringArray::from(vec!["x"; n]))),
        ],
    );
    p.configure("corpus/*.parquet", "corpus2");
    p.configure("mentioned = { column", "# mentioned = { column");
    p.configure("depicted = \"tagged\"", "# depicted");
    let built = p.build("sets/a");
    assert_eq!(built["dropped"], serde_json::json!({"author_unknown": 2, "created_unknown": 2}));
    assert_eq!(built["kept"], 0);
}

#[test]
fn an_account_listed_twice_counts_by_its_stricter_listing() {
    let p = Platform::new();
    let ids: Vec<i64> = (1..=support::AUTHORS).chain([7]).collect();
    let n = ids.len();
    // The second listing of account 7 makes it a minor.
    let births: Vec<i32> = (0..n).map(|i| if i == n - 1 { 19_000 } else { 3_653 }).collect();
    p.parquet(
        "accounts.parquet",
        vec![
            ("account_id", Arc::new(Int64Array::from(ids))),
            ("birth_date", Arc::new(Date32Array::from(births))),
            ("region", Arc::new(StringArray::from(vec!["IE"; n]))),
            ("status", Arc::new(StringArray::from(vec!["active"; n]))),
        ],
    );
    let p = p.told();
    let ran = p
        .demur(&["build", "assistant-training", "--corpus", "posts", "--to", "sets/a", "--json"])
        .ok();
    assert!(ran.stderr.contains("1 accounts more than once"), "{ran:?}");
    assert_eq!(ran.json()["dropped"], serde_json::json!({"author_minor": 25}));
    p.demur(&["audit", "sets/a"]).ok();
}

#[test]
fn an_import_with_one_bad_line_imports_nothing() {
    let p = Platform::new().told();
    for (row, words) in [
        ("2,objected,2025-05-01,", ":3: \"objected\" is not a status"),
        ("2,approved,2025-02-30,", ":3: `received_at`"),
        ("2,approved,,", ":3: `received_at` is empty"),
        (",approved,2025-05-01,", ":3: it names neither"),
        ("anna,approved,2025-05-01,", ":3: \"anna\" is not an account id"),
        ("9223372036854775808,approved,2025-05-01,", ":3: \"9223372036854775808\""),
        ("2,approved,2025-05-01,everything", ":3: \"everything\" is not a scope"),
        ("1,refused,2025-05-01,", "lines 2 and 3"),
        ("2,approved", ":3"),
    ] {
        let text = format!("account_id,status,received_at,scopes\n1,approved,2025-05-01,\n{row}\n");
        p.write("o.csv", &text);
        let ran = p.demur(&["objection", "import", "o.csv"]).refused(&[words]);
        assert!(ran.stderr.contains("o.csv"), "{ran:?}");
        let listed = p.demur(&["objection", "list", "--json"]).ok().json();
        assert_eq!(listed["cases"], serde_json::json!([]), "{row}");
    }
    p.write("o.csv", "account_id,state,received_at\n1,approved,2025-05-01\n");
    p.demur(&["objection", "import", "o.csv"]).refused(&["column `state` is not known", "status"]);
    p.demur(&["objection", "import", "nowhere.csv"]).refused(&["nowhere.csv"]);
    p.write("o.parquet", "PAR1 and no more");
    p.demur(&["objection", "import", "o.parquet"]).refused(&["o.parquet", "Parquet"]);
}

#[test]
fn a_folder_that_is_taken_or_that_nobody_may_write() {
    let p = Platform::new().told();
    p.build("sets/x");
    p.demur(&BUILD).refused(&["training set assistant-training-", "is there already", "--to"]);
    assert_eq!(p.ids("sets/x").len() as i64, RECORDS);
    p.write("other/thing.txt", "mine");
    let into_other = ["build", "assistant-training", "--corpus", "posts", "--to", "other"];
    p.demur(&into_other).refused(&["something else is there already"]);
    assert!(p.path("other/thing.txt").exists());
    // A place where not even root may create a folder.
    let read_only =
        p.demur(&["build", "assistant-training", "--corpus", "posts", "--to", "/proc/demur/x"]);
    assert_eq!(read_only.code, 3, "{read_only:?}");
    assert!(read_only.stderr.contains("/proc/demur"), "{read_only:?}");
}

#[test]
fn two_builds_into_one_folder() {
    let p = Platform::new().told();
    std::fs::create_dir_all(p.path("sets")).unwrap();
    let lock = std::fs::File::create(p.path("sets/.x.demur-lock")).unwrap();
    lock.lock().unwrap();
    p.demur(&BUILD).refused(&["another build is writing there"]);
    drop(lock);
    p.demur(&BUILD).ok();
}

#[test]
fn a_register_from_a_newer_version_and_a_missing_key() {
    let p = Platform::new().told();
    std::fs::rename(p.path("demur.key"), p.path("kept.key")).unwrap();
    p.demur(&["register", "verify"]).refused(&["demur.key"]);
    p.write("demur.key", &"ab".repeat(32));
    p.demur(&["register", "verify"]).refused(&["key does not belong"]);
    std::fs::rename(p.path("kept.key"), p.path("demur.key")).unwrap();
    p.demur(&["register", "verify"]).ok();
}

#[test]
fn the_exit_code_says_who_can_mend_it() {
    let p = Platform::new();
    assert_eq!(p.demur(&["bild"]).code, 2);
    assert_eq!(p.demur(&["build"]).code, 2);
    p.write("demur.toml", "[register\n");
    p.demur(&["build", "x", "--corpus", "y"]).refused(&["demur.toml:1"]);
    let failed = p.demur(&["build", "x", "--corpus", "y", "--json"]);
    assert!(failed.json()["error"].as_str().unwrap().contains("demur.toml:1"));
}

#[test]
fn a_narrow_id_column_is_read_by_value() {
    let p = Platform::new().told();
    p.parquet(
        "corpus2/a.parquet",
        vec![
            ("record_id", Arc::new(Int32Array::from(vec![1, 2]))),
            ("author_id", Arc::new(Int32Array::from(vec![1, -1]))),
            ("kind", Arc::new(StringArray::from(vec!["post"; 2]))),
            ("visibility", Arc::new(StringArray::from(vec!["public"; 2]))),
            ("created_at", Arc::new(Date32Array::from(vec![18_000; 2]))),
            ("text", Arc::new(StringArray::from(vec!["x"; 2]))),
        ],
    );
    p.configure("corpus/*.parquet", "corpus2");
    p.configure("mentioned = { column", "# mentioned = { column");
    p.configure("depicted = \"tagged\"", "# depicted");
    let built = p.build("sets/a");
    assert_eq!(
        (built["kept"].as_u64(), built["dropped"]["author_unknown"].as_u64()),
        (Some(1), Some(1))
    );
    p.demur(&["audit", "sets/a"]).ok();
}
