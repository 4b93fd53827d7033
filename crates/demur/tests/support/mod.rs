//! A small platform in a temporary folder, and the command line on it.
#![allow(dead_code, clippy::unwrap_used)]

pub(crate) mod sink;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Array, Int32Array, Int64Array, ListArray, RecordBatch, StringArray,
    StructArray, TimestampMicrosecondArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field};
use parquet::arrow::ArrowWriter;
use serde_json::Value;

/// A platform of a few people, each with a few records; see [`Platform::new`].
pub(crate) struct Platform {
    folder: tempfile::TempDir,
}

/// What a command printed, and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The result of a command that was given `--json`.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Ran {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// The command failed for its input's sake, and says all of `words`.
    #[track_caller]
    pub(crate) fn refused(self, words: &[&str]) -> Ran {
        assert_eq!(self.code, 1, "{self:?}");
        for word in words {
            let said = self.stderr.contains(word) || self.stdout.contains(word);
            assert!(said, "no {word:?} in {self:?}");
        }
        self
    }
}

impl std::fmt::Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit {}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

pub(crate) const AUTHORS: i64 = 40;
pub(crate) const RECORDS: i64 = 1_000;

impl Platform {
    /// Adults in Ireland, told in time, with ids from 1 on; record `n` is written by account
    /// `n % 40 + 1` and mentions the next one as `@name`.
    pub(crate) fn new() -> Platform {
        let platform = Platform { folder: tempfile::tempdir().unwrap() };
        platform.write("demur.toml", &configuration());
        for name in ["interest", "necessity", "balancing-test", "dpia"] {
            platform.write(&format!("docs/{name}.md"), "a stand-in\n");
        }
        let ids: Vec<i64> = (1..=AUTHORS).collect();
        platform.accounts(&ids, |_| Some(3_653));
        for part in 0..4 {
            let from = part * RECORDS / 4;
            platform.corpus(&format!("corpus/part-{part}.parquet"), from..from + RECORDS / 4);
        }
        let told: String = ids.iter().map(|id| format!("{id},2025-04-14T08:00:00Z\n")).collect();
        platform.write("notices.csv", &format!("account_id,delivered_at\n{told}"));
        platform
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Changes the configuration.
    pub(crate) fn configure(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path("demur.toml")).unwrap();
        assert!(text.contains(from), "{from}");
        self.write("demur.toml", &text.replace(from, to));
    }

    /// Writes the account facts; `birth` gives days since 1970.
    pub(crate) fn accounts(&self, ids: &[i64], birth: impl Fn(i64) -> Option<i32>) {
        let n = ids.len();
        self.parquet(
            "accounts.parquet",
            vec![
                ("account_id", Arc::new(Int64Array::from(ids.to_vec()))),
                ("birth_date", Arc::new(ids.iter().map(|id| birth(*id)).collect::<Date32Array>())),
                ("region", Arc::new(StringArray::from(vec!["IE"; n]))),
                ("status", Arc::new(StringArray::from(vec!["active"; n]))),
            ],
        );
    }

    /// Writes records of the corpus.
    pub(crate) fn corpus(&self, name: &str, records: std::ops::Range<i64>) {
        let n: Vec<i64> = records.collect();
        let author = |n: &i64| n % AUTHORS + 1;
        let other = |n: &i64| (n + 1) % AUTHORS + 1;
        let texts: Vec<String> = n.iter().map(|n| format!("Grüße {n} an @name und alle")).collect();
        let start = "Grüße  an ".len();
        let starts: Vec<i32> = n.iter().map(|n| (start + n.to_string().len()) as i32).collect();
        let ends: Vec<i32> = starts.iter().map(|s| s + 5).collect();
        let field = |name: &str, t: DataType| Arc::new(Field::new(name, t, true));
        let people = StructArray::from(vec![
            (
                field("user_id", DataType::Int64),
                Arc::new(n.iter().map(other).collect::<Int64Array>()) as ArrayRef,
            ),
            (field("start", DataType::Int32), Arc::new(Int32Array::from(starts)) as ArrayRef),
            (field("end", DataType::Int32), Arc::new(Int32Array::from(ends)) as ArrayRef),
        ]);
        let one_each = || OffsetBuffer::<i32>::from_lengths(n.iter().map(|_| 1));
        let item = Arc::new(Field::new("item", people.data_type().clone(), true));
        let mentions = ListArray::try_new(item, one_each(), Arc::new(people), None).unwrap();
        let none = OffsetBuffer::<i32>::from_lengths(n.iter().map(|_| 0));
        let item = Arc::new(Field::new("item", DataType::Int64, true));
        let nobody = Arc::new(Int64Array::from(Vec::<i64>::new()));
        let tagged = ListArray::try_new(item, none, nobody, None).unwrap();
        let made = TimestampMicrosecondArray::from(vec![1_600_000_000_000_000; n.len()]);
        self.parquet(
            name,
            vec![
                (
                    "record_id",
                    Arc::new(n.iter().map(|n| Some(format!("r{n}"))).collect::<StringArray>()),
                ),
                ("author_id", Arc::new(n.iter().map(author).collect::<Int64Array>())),
                ("kind", Arc::new(StringArray::from(vec!["post"; n.len()]))),
                ("visibility", Arc::new(StringArray::from(vec!["public"; n.len()]))),
                ("created_at", Arc::new(made.with_timezone("UTC"))),
                ("text", Arc::new(StringArray::from(texts))),
                ("mentions", Arc::new(mentions)),
                ("tagged", Arc::new(tagged)),
            ],
        );
    }

    /// Writes any Parquet file.
    pub(crate) fn parquet(&self, name: &str, columns: Vec<(&str, ArrayRef)>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let columns = columns.into_iter().map(|(name, array)| (name, array, true));
        let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
        let file = std::fs::File::create(path).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }

    /// The same records as JSON lines.
    pub(crate) fn jsonl(&self, name: &str, records: std::ops::Range<i64>) {
        let lines: String = records.map(|n| line(n) + "\n").collect();
        self.write(name, &lines);
    }

    /// A command, run in the platform's folder.
    pub(crate) fn demur(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_demur"));
        command.args(args).current_dir(self.folder.path()).env_remove("DEMUR_KEY");
        command
    }

    /// Records that everybody was told.
    pub(crate) fn told(self) -> Platform {
        self.demur(&["notice", "import", "notices.csv"]).ok();
        self
    }

    /// Builds into `to` and returns the summary.
    #[track_caller]
    pub(crate) fn build(&self, to: &str) -> Value {
        self.demur(&["build", "assistant-training", "--corpus", "posts", "--to", to, "--json"])
            .ok()
            .json()
    }

    /// The ids of a set's records, sorted, read with nothing of Demur's.
    pub(crate) fn ids(&self, set: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for path in self.files(set, "parquet") {
            let file = std::fs::File::open(path).unwrap();
            let reader =
                parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(file, 1024);
            for batch in reader.unwrap() {
                let batch = batch.unwrap();
                let column = batch.column_by_name("record_id").unwrap();
                let column = column.as_any().downcast_ref::<StringArray>().unwrap();
                ids.extend(column.iter().map(|id| id.unwrap().to_owned()));
            }
        }
        ids.sort();
        ids
    }

    /// The files of a folder with that ending, sorted.
    pub(crate) fn files(&self, folder: &str, ending: &str) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(self.path(folder)).unwrap().map(|e| e.unwrap().path()).collect();
        files.retain(|f| f.to_str().unwrap().ends_with(ending));
        files.sort();
        files
    }
}

/// Numbers below what is asked for, the same in every run with the same seed.
pub(crate) fn dice(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// Record `n` as a JSON line, with spaces and an order of keys that no serializer would choose.
pub(crate) fn line(n: i64) -> String {
    let (author, other) = (n % AUTHORS + 1, (n + 1) % AUTHORS + 1);
    let start = "Grüße  an ".len() + n.to_string().len();
    format!(
        r#"{{ "text":"Gr\u00fc\u00dfe {n} an @name und alle" ,"author_id": {author},"record_id":"r{n}", "kind":"post","extra":{{"a":[1, 2.50]}}, "visibility":"public","created_at":"2020-09-13T12:26:40Z","mentions":[ {{"start":{start}, "end":{end},"user_id":{other} }} ],"tagged":[]}}"#,
        end = start + 5
    )
}

fn configuration() -> String {
    r#"
[register]
url = "sqlite:demur.db"

[accounts]
location = "accounts.parquet"
account = "account_id"
birth_date = "birth_date"
region = "region"
status = "status"

[[corpus]]
id = "posts"
location = "corpus/*.parquet"
record = "record_id"
author = "author_id"
kind = "kind"
visibility = "visibility"
created = "created_at"
text = "text"
mentioned = { column = "mentions", account = "user_id", start = "start", end = "end" }
depicted = "tagged"

[[purpose]]
id = "assistant-training"
title = "Training the AI assistant"
controller = "Example Platform Ltd"
legal_basis = "legitimate-interests"
interest = "docs/interest.md"
necessity = "docs/necessity.md"
balancing_test = "docs/balancing-test.md"
dpia = "docs/dpia.md"
starts_on = 2025-05-27
object_by = 2025-05-27
time_zone = "Europe/Dublin"
minimum_age = 18
content_of_minors = "exclude"
regions = ["EU"]
account_status = ["active", "deactivated"]
content = { post = ["public"], comment = ["public"], photo = ["public"], ai_interaction = "any" }
notice = { required = true, days_before = 30 }
review = "automatic"
refusals = "allowed"
third_party = { mentioned = "keep", depicted = "drop", objections = "third_party" }
"#
    .to_owned()
}
