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
fn a_url_that_is_not_written_to_is_no_folder() {
    let p = Platform::new().told();
    for words in [
        ["build", "assistant-training", "--corpus", "posts", "--to", "http://bucket/set"]
            .as_slice(),
        &["snapshot", "assistant-training", "--to", "hdfs://bucket/set"],
    ] {
        let done = p.demur(words);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.stderr.contains("://bucket/set") && done.stderr.contains("s3://"), "{done:?}");
        assert!(!p.path("http:").exists() && !p.path("hdfs:").exists());
    }
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
    assert!(ran.stderr.contains("listed more than once in the account facts: 1;"), "{ran:?}");
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
fn ids_below_zero_are_no_options() {
    let p = Platform::new();
    p.demur(&["objection", "add", "--account", "-5"]).ok();
    let listed = p.demur(&["objection", "list", "--account", "-5", "--json"]).ok().json();
    assert_eq!(listed["cases"].as_array().map(Vec::len), Some(1), "{listed}");
    p.demur(&["trace", "-5"]).ok();
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

#[test]
fn a_register_that_is_gone_is_not_begun_anew() {
    let p = Platform::new().told();
    p.demur(&["objection", "add", "--account", "2"]).ok();
    std::fs::rename(p.path("demur.db"), p.path("kept.db")).unwrap();
    for command in
        [&BUILD[..], &["objection", "add", "--account", "3"], &["snapshot", "assistant-training"]]
    {
        p.demur(command).refused(&["demur.db is missing or empty", "demur.key is here"]);
    }
    p.write("demur.db", "");
    refused(&p, &["demur.db is missing or empty"]);
    p.configure("sqlite:demur.db", "sqlite:demurr.db");
    refused(&p, &["demurr.db is missing or empty"]);
    p.configure("sqlite:demurr.db", "sqlite:demur.db");
    std::fs::rename(p.path("kept.db"), p.path("demur.db")).unwrap();
    assert_eq!(p.build("sets/x")["dropped"], serde_json::json!({"author_objected": 25}));
    // Where nobody has ever entered anything, that is said.
    let first = Platform::new();
    assert!(first.demur(&BUILD).ok().stderr.contains("knows of no objection"));
}

#[test]
fn a_quote_that_is_never_closed_swallows_nobody() {
    let p = Platform::new().told();
    for (rows, words) in [
        (
            "1,approved,2025-05-01,\"no, thanks\n2,approved,2025-05-01,no\n",
            ":2: a quote is opened here",
        ),
        ("1,approved,2025-05-01,\"no\n2,approved,2025-05-01,\"no\"\n", ":3: something follows"),
        ("1,approved,2025-05-01,say \"no\"\n", ":2: a quote stands inside"),
        ("1,approved,2025-05-01,\"no\" x\n", ":2: something follows"),
    ] {
        p.write("o.csv", &format!("account_id,status,received_at,reason\n{rows}"));
        p.demur(&["objection", "import", "o.csv"]).refused(&["o.csv", words]);
    }
    p.write("o.csv", "account_id,status,received_at,reason\r\n1,approved,2025-05-01,\"a \"\"b\"\",\nc\"\r\n2,approved,2025-05-01,\n");
    let summary = p.demur(&["objection", "import", "o.csv", "--json"]).ok().json();
    assert_eq!(summary["received"], 2);
    let mut latin = b"account_id,status,received_at,reason\n1,approved,2025-05-01,gr".to_vec();
    latin.extend([0xfc, b'n', b'\n']);
    std::fs::write(p.path("o.csv"), latin).unwrap();
    p.demur(&["objection", "import", "o.csv"]).refused(&["o.csv:2: not UTF-8"]);
}

#[test]
fn an_objection_made_again_elsewhere_counts_again_here() {
    let p = Platform::new().told();
    let import = |status: &str| {
        p.write("o.csv", &format!("account_id,status,received_at\n2,{status},2025-05-01\n"));
        p.demur(&["objection", "import", "o.csv", "--json"]).ok().json()
    };
    import("received");
    let listed = p.demur(&["objection", "list", "--json"]).ok().json();
    p.demur(&["objection", "withdraw", listed["cases"][0]["case"].as_str().unwrap()]).ok();
    assert_eq!(import("received")["unchanged"], 1, "an old export undoes nothing");
    import("withdrawn");
    assert_eq!(import("received")["updated"], 1);
    assert_eq!(p.build("sets/x")["dropped"], serde_json::json!({"author_restricted": 25}));
    p.demur(&["register", "verify"]).ok();
}

#[test]
fn a_record_and_a_scope_in_one_objection_both_count() {
    let p = Platform::new().told();
    p.write(
        "o.csv",
        "account_id,record_id,status,received_at,scopes\n2,r0,approved,2025-05-01,public_content\n",
    );
    p.demur(&["objection", "import", "o.csv"]).ok();
    let built = p.build("sets/x");
    assert_eq!(built["dropped"], serde_json::json!({"item_objected": 1, "author_objected": 25}));
}

#[test]
fn files_that_readers_would_understand_differently() {
    let p = Platform::new().told();
    let one = || Arc::new(Int64Array::from(vec![1, 2])) as arrow::array::ArrayRef;
    p.parquet("corpus2/a.parquet", vec![("author_id", one()), ("Author_ID", one())]);
    p.configure("corpus/*.parquet", "corpus2");
    refused(&p, &["a.parquet", "`Author_ID`", "a column `author_id` as well"]);
    p.configure("\"corpus2\"", "\"corpus\"");
    p.write("corpus/_delta_log/00000000000000000000.json", "{}");
    refused(&p, &["this is a Delta table", "rows that were removed"]);
    std::fs::remove_dir_all(p.path("corpus/_delta_log")).unwrap();
    // A link back to the folder itself shows no record twice.
    std::os::unix::fs::symlink(".", p.path("corpus/loop")).unwrap();
    assert_eq!(p.build("sets/x")["input"], RECORDS);
}

#[test]
fn lists_of_people_that_no_line_has_are_not_overlooked() {
    let p = Platform::new().told();
    p.jsonl("lines/a.jsonl", 0..10);
    p.configure("corpus/*.parquet", "lines/*.jsonl");
    p.configure("depicted = \"tagged\"", "depicted = \"tags\"");
    refused(&p, &["a.jsonl", "column `tags`", "no line of corpus `posts` has it"]);
    p.configure("depicted = \"tags\"", "");
    let check = p.demur(&["check"]).ok();
    assert!(check.stderr.contains("names no column for them"), "{check:?}");
    p.configure(
        "start = \"start\", end = \"end\" }",
        "start = \"start\", end = \"end\" }\ndepicted = \"mentions\"",
    );
    p.demur(&["check"]).refused(&["`mentioned` and `depicted` are one column"]);
}

#[test]
fn an_empty_person_is_nobody() {
    let p = Platform::new();
    let ids: Vec<i64> = (1..=support::AUTHORS).collect();
    let n = ids.len();
    p.parquet(
        "accounts.parquet",
        vec![
            ("account_id", Arc::new(Int64Array::from(ids))),
            ("birth_date", Arc::new(Date32Array::from(vec![3_653; n]))),
            ("region", Arc::new(StringArray::from(vec!["IE"; n]))),
            ("status", Arc::new(StringArray::from(vec!["active"; n]))),
            ("who", Arc::new(StringArray::from(vec![""; n]))),
        ],
    );
    p.configure("status = \"status\"", "status = \"status\"\nperson = \"who\"");
    p.configure("mentioned = \"keep\"", "mentioned = \"drop\"");
    let p = p.told();
    p.demur(&["objection", "add", "--account", "2", "--scope", "third_party"]).ok();
    assert_eq!(p.build("sets/x")["dropped"], serde_json::json!({"third_party": 25}));
    p.demur(&["audit", "sets/x"]).ok();
}

#[test]
fn a_snapshot_replaces_nothing_but_a_snapshot_and_ages_with_the_facts() {
    let p = Platform::new().told();
    for taken in ["demur.db", "accounts.parquet"] {
        p.demur(&["snapshot", "assistant-training", "--to", taken])
            .refused(&[taken, "no snapshot is there already"]);
    }
    p.demur(&["snapshot", "assistant-training", "--to", "s"]).ok();
    let ids: Vec<i64> = (1..=support::AUTHORS).collect();
    p.accounts(&ids, |_| None);
    let build =
        ["build", "assistant-training", "--corpus", "posts", "--to", "sets/x", "--snapshot", "s"];
    p.demur(&build).refused(&["the account facts have changed since"]);
}

#[test]
fn an_account_that_nobody_knows_is_said() {
    let p = Platform::new().told();
    p.demur(&["objection", "add", "--account", "4711"]).ok();
    let built = p.demur(&BUILD).ok();
    assert!(built.stderr.contains("that the account facts do not list: 1;"), "{built:?}");
}

#[test]
fn a_damaged_parquet_file_ends_with_its_name_whatever_byte_it_is() {
    let p = Platform::new().told();
    let path = p.path("corpus/part-1.parquet");
    let whole = std::fs::read(&path).unwrap();
    for at in (4..whole.len()).step_by(whole.len() / 60) {
        let mut torn = whole.clone();
        torn[at] ^= 0xa5;
        std::fs::write(&path, torn).unwrap();
        let ran = p.demur(&BUILD);
        assert!(!ran.stderr.contains("panicked"), "{at}: {ran:?}");
        // A flipped bit in a text is another text; all else is refused with the file's name.
        assert!(
            ran.code == 0 || ran.code == 1 && ran.stderr.contains("part-1.parquet"),
            "{at}: {ran:?}"
        );
        let _ = std::fs::remove_dir_all(p.path("sets"));
    }
}

#[test]
fn odd_values_that_no_rule_asks_about_do_no_harm() {
    let p = Platform::new().told();
    let odd = format!("{}{}", "[".repeat(300), "]".repeat(300));
    let lines: String = (0..5)
        .map(|n| {
            line(n).replace(
                "\"extra\":{\"a\":[1, 2.50]}",
                &format!("\"extra\":{odd},\"x\":1e999,\"y\":\"\\ud800\""),
            ) + "\n"
        })
        .collect();
    p.write("lines/a.jsonl", &lines);
    p.configure("corpus/*.parquet", "lines/*.jsonl");
    assert_eq!(p.build("sets/x")["kept"], 5);
    assert_eq!(std::fs::read_to_string(&p.files("sets/x", ".jsonl")[0]).unwrap(), lines);
    p.demur(&["audit", "sets/x"]).ok();
}
