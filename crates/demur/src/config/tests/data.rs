//! Configurations held against small files.

use std::fs::{self, File};
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use arrow::array::{ArrayRef, RecordBatch, new_empty_array};
use arrow::datatypes::{DataType, Field, Fields, Schema, TimeUnit};
use tempfile::TempDir;

use super::*;

/// A folder with what `base.toml` names.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Place(TempDir::new().unwrap());
        place.parquet("accounts.parquet", &accounts());
        place.parquet("corpus/a.parquet", &posts());
        for name in ["interest", "necessity", "balancing-test"] {
            place.file(&format!("docs/{name}.md"), "…");
        }
        place
    }

    fn file(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn parquet(&self, name: &str, fields: &[(&str, DataType)]) {
        self.file(name, "");
        let field = |(name, kind): &(&str, DataType)| Field::new(*name, kind.clone(), true);
        let schema = Arc::new(Schema::new(fields.iter().map(field).collect::<Vec<_>>()));
        let columns: Vec<ArrayRef> =
            schema.fields().iter().map(|field| new_empty_array(field.data_type())).collect();
        let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
        let file = File::create(self.0.path().join(name)).unwrap();
        let mut writer = ArrowWriter::try_new(file, schema, None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }

    fn config(&self, edits: &[(&str, &str)]) -> Config {
        let mut text = BASE.to_owned();
        for (old, new) in edits {
            assert_eq!(text.matches(old).count(), 1, "{old}");
            text = text.replace(old, new);
        }
        self.file("demur.toml", &text);
        load(&self.0.path().join("demur.toml")).map_err(|problems| say(&problems)).unwrap().config
    }

    /// What is said, without the folder's name.
    fn check(&self, edits: &[(&str, &str)]) -> String {
        let folder = format!("{}/", self.0.path().display());
        say(&check_files(&self.config(edits))).replace(&folder, "")
    }
}

#[test]
fn secrets_that_are_not_there_are_named() {
    let place = Place::new();
    let edits = [
        (
            "[register]",
            "[site]\nurl = \"http://localhost:8080\"\ncontact = \"dpo@example.com\"\n\
             [mail]\nfrom = \"privacy@example.com\"\nserver = \"mail.example.com:587\"\n\
             user = \"demur\"\npassword_file = \"mail.password\"\ncertificate = \"ca.pem\"\n\
             [[recipient]]\nid = \"cloud\"\nname = \"Cloud\"\nurl = \"https://cloud.example/\"\n\
             secret_file = \"cloud.secret\"\n[register]",
        ),
        (
            "dpia = \"https://example.com/dpia\"",
            "dpia = \"https://example.com/dpia\"\ninterest_text = \"x\"\nretention = \"x\"",
        ),
        ("birth_date = \"birth_date\"", "birth_date = \"birth_date\"\nemail = \"region\""),
    ];
    place.file("mail.password", "secret\n");
    assert_eq!(
        place.check(&edits),
        "\
demur.toml:9: `certificate` is \"ca.pem\", and no such file is there
  hint: write the file (a secret readable by nobody else), or mend its location
demur.toml:14: `secret_file` is \"cloud.secret\", and no such file is there
  hint: write the file (a secret readable by nobody else), or mend its location
"
    );
}

fn list(element: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(element, true)))
}

fn accounts() -> Vec<(&'static str, DataType)> {
    vec![
        ("account_id", DataType::Int64),
        ("birth_date", DataType::Date32),
        ("region", DataType::Utf8),
        ("status", DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8))),
    ]
}

fn posts() -> Vec<(&'static str, DataType)> {
    let mention = Fields::from(vec![
        Field::new("user_id", DataType::Int64, true),
        Field::new("start", DataType::Int32, true),
        Field::new("end", DataType::Int32, true),
    ]);
    vec![
        ("record_id", DataType::Utf8View),
        ("author_id", DataType::UInt32),
        ("kind", DataType::LargeUtf8),
        ("visibility", DataType::Utf8),
        ("created_at", DataType::Timestamp(TimeUnit::Millisecond, None)),
        ("text", DataType::Utf8),
        ("mentions", list(DataType::Struct(mention))),
        ("tagged", list(DataType::Int64)),
    ]
}

/// The columns with some of another type.
fn with(
    mut columns: Vec<(&'static str, DataType)>,
    changes: &[(&str, DataType)],
) -> Vec<(&'static str, DataType)> {
    for (name, kind) in changes {
        columns.iter_mut().find(|(column, _)| column == name).unwrap().1 = kind.clone();
    }
    columns
}

#[test]
fn what_fits_is_passed_over() {
    assert_eq!(Place::new().check(&[]), "");
}

#[test]
fn a_missing_column_is_told_at_the_line_of_its_key() {
    let said = Place::new().check(&[
        ("author = \"author_id\"", "author = \"auhtor_id\""),
        ("account = \"account_id\"", "account = \"uid\""),
        ("start = \"start\"", "start = \"begin\""),
    ]);
    assert_eq!(
        said,
        "\
demur.toml:6: accounts.parquet has no column `uid`
  hint: its columns are account_id, birth_date, region and status
demur.toml:15: corpus/a.parquet has no column `auhtor_id`
  hint: did you mean `author_id`?
demur.toml:20: the lists in column `mentions` of corpus/a.parquet have no field `begin`
  hint: their fields are user_id, start and end
"
    );
}

#[test]
fn a_wrong_type_is_told_with_the_right_one() {
    let place = Place::new();
    let timestamp = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    place.parquet("accounts.parquet", &with(accounts(), &[("birth_date", timestamp)]));
    place.parquet(
        "corpus/a.parquet",
        &with(
            posts(),
            &[
                ("record_id", DataType::Float64),
                ("author_id", DataType::Utf8),
                ("visibility", DataType::Boolean),
                ("created_at", DataType::Int64),
                ("mentions", list(DataType::Int64)),
                ("tagged", DataType::Utf8),
                ("text", DataType::Null),
            ],
        ),
    );
    assert_eq!(
        place.check(&[]),
        "\
demur.toml:7: column `birth_date` of accounts.parquet holds timestamps
  hint: cast it to a date: in which time zone a birthday begins is not for Demur to guess
demur.toml:14: column `record_id` of corpus/a.parquet holds floating-point numbers
  hint: name a column of integers or strings
demur.toml:15: column `author_id` of corpus/a.parquet holds strings
  hint: the account ids in [accounts] are integers, so nobody would be found: name a column of integers, or cast it
demur.toml:17: column `visibility` of corpus/a.parquet holds true and false
  hint: name a column of strings
demur.toml:18: column `created_at` of corpus/a.parquet holds 64-bit integers
  hint: say what they count: write { column = \"created_at\", unit = \"ms\" }; units are s, ms, us and ns
demur.toml:19: warning: column `text` of corpus/a.parquet holds nothing but nulls
  hint: fill it, or name another column
demur.toml:20: the lists in column `mentions` of corpus/a.parquet hold 64-bit integers, not structs
  hint: write \"mentions\" alone
demur.toml:21: column `tagged` of corpus/a.parquet holds strings
  hint: name a column of lists
"
    );
}

#[test]
fn people_are_ids_of_the_accounts_kind() {
    let place = Place::new();
    place.parquet("accounts.parquet", &with(accounts(), &[("account_id", DataType::Utf8)]));
    let said = place.check(&[]);
    assert_eq!(
        said,
        "\
demur.toml:15: column `author_id` of corpus/a.parquet holds integers (UInt32)
  hint: the account ids in [accounts] are strings, so nobody would be found: name a column of strings, or cast it
demur.toml:20: field `user_id` of the lists in column `mentions` of corpus/a.parquet holds 64-bit integers
  hint: the account ids in [accounts] are strings, so nobody would be found: name a column of strings, or cast it
demur.toml:21: the lists in column `tagged` of corpus/a.parquet hold 64-bit integers
  hint: the account ids in [accounts] are strings, so nobody would be found: name a column of strings, or cast it
"
    );
}

#[test]
fn a_unit_that_nothing_needs_is_a_warning() {
    let said = Place::new().check(&[(
        "created = \"created_at\"",
        "created = { column = \"created_at\", unit = \"s\" }",
    )]);
    assert_eq!(
        said,
        "\
demur.toml:18: warning: column `created_at` of corpus/a.parquet holds timestamps, which need no `unit`
  hint: write created = \"created_at\"
"
    );
}

#[test]
fn neighbours_share_a_schema() {
    let place = Place::new();
    let mut fewer = posts();
    fewer.pop();
    place.parquet("corpus/b.parquet", &fewer);
    place.parquet("corpus/c.parquet", &with(posts(), &[("author_id", DataType::Utf8)]));
    let mut turned = posts();
    turned.reverse();
    place.parquet("corpus/d.parquet", &turned);
    let said = place.check(&[]);
    assert_eq!(
        said,
        "\
demur.toml:13: corpus/b.parquet differs from corpus/a.parquet: it has no column `tagged` (and 2 more files do)
  hint: write all files with one schema, or put them apart under locations of their own
"
    );
    fs::remove_file(place.0.path().join("corpus/b.parquet")).unwrap();
    assert!(
        place.check(&[]).contains("its column `author_id` holds strings, not integers (UInt32)")
    );
    fs::remove_file(place.0.path().join("corpus/c.parquet")).unwrap();
    assert!(place.check(&[]).contains("its columns are in another order, from `tagged` on\n"));
}

#[test]
fn files_that_are_not_there_or_not_whole() {
    let place = Place::new();
    let whole = fs::read(place.0.path().join("corpus/a.parquet")).unwrap();
    fs::write(place.0.path().join("corpus/b.parquet"), &whole[..whole.len() / 2]).unwrap();
    fs::remove_file(place.0.path().join("accounts.parquet")).unwrap();
    fs::remove_file(place.0.path().join("docs/necessity.md")).unwrap();
    let said = place.check(&[]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "demur.toml:5: accounts.parquet: no such file or folder", "{said}");
    assert!(lines[2].starts_with("demur.toml:13: corpus/b.parquet: not a whole Parquet file"));
    assert_eq!(
        lines[4],
        "demur.toml:29: warning: `necessity` is \"docs/necessity.md\", and no such file is there"
    );
    assert_eq!(lines.len(), 6, "{said}");
    let said = place.check(&[("corpus/*.parquet", "nothing/*.parquet")]);
    assert!(said.contains("demur.toml:13: nothing/*.parquet: no file is there\n"), "{said}");
}

const LINE: &str = r#"{"record_id":"r","author_id":7,"kind":"post","visibility":"public","created_at":"2024-01-01","text":"Hi","mentions":[{"user_id":7,"start":0,"end":1}],"tagged":[]}"#;

#[test]
fn json_lines_are_looked_into() {
    let place = Place::new();
    let jsonl = ("corpus/*.parquet", "corpus/*.jsonl");
    let quoted = LINE.replace("\"author_id\":7", "\"author_id\":\"-7\"");
    place.file("corpus/a.jsonl", &format!("{LINE}\r\n\n{quoted}\n"));
    assert_eq!(place.check(&[jsonl]), "");
    let packed = zstd::encode_all(quoted.as_bytes(), 1).unwrap();
    fs::write(place.0.path().join("corpus/a.jsonl.zst"), &packed).unwrap();
    assert_eq!(place.check(&[("corpus/*.parquet", "corpus/*.zst")]), "");
    fs::write(place.0.path().join("corpus/a.jsonl.zst"), &packed[..packed.len() - 9]).unwrap();
    let said = place.check(&[("corpus/*.parquet", "corpus/*.zst")]);
    assert!(said.contains("cannot be read on"), "{said}");
    fs::remove_file(place.0.path().join("corpus/a.jsonl.zst")).unwrap();

    let broken = LINE.replace("\"author_id\":7", "\"author\":null").replace("\"tagged\":[],", "");
    let odd = LINE
        .replace("author_id", "author")
        .replace("\"2024-01-01\"", "1704067200")
        .replace("\"user_id\":7", "\"user_id\":\"u7\"")
        .replace("\"r\"", "[1]")
        .replace("tagged", "people");
    place.file(
        "corpus/a.jsonl",
        &format!("{}\n{{\"record_id\":\n{odd}\n", broken.replace("tagged", "people")),
    );
    assert_eq!(
        place.check(&[jsonl]),
        "\
demur.toml:13: warning: line 2 of corpus/a.jsonl is not a JSON object: EOF while parsing a value at column 13
  hint: mend the line, or build with --unreadable drop
demur.toml:14: field `record_id` is a list on line 3 of corpus/a.jsonl
  hint: name a field of integers or strings
demur.toml:15: corpus/a.jsonl has no field `author_id` in its first 2 readable lines
  hint: did you mean `author`?
demur.toml:18: field `created_at` is an integer on line 3 of corpus/a.jsonl
  hint: say what it counts: write { column = \"created_at\", unit = \"ms\" }; units are s, ms, us and ns
demur.toml:20: `user_id` in field `mentions` is a string on line 3 of corpus/a.jsonl
  hint: the account ids in [accounts] are integers, so nobody would be found: name a field of integers
demur.toml:21: warning: corpus/a.jsonl has no field `tagged` in its first 2 readable lines
  hint: its fields are author, created_at, kind, mentions, people, record_id, text and visibility
"
    );
}

#[test]
fn json_lines_that_are_empty_or_mixed_with_parquet() {
    let place = Place::new();
    place.file("corpus/a.jsonl", "");
    let said = place.check(&[("corpus/*.parquet", "corpus/*.jsonl")]);
    assert!(said.starts_with("demur.toml:13: warning: corpus/a.jsonl is empty\n"), "{said}");
    let said = place.check(&[("corpus/*.parquet", "corpus")]);
    assert!(
        said.contains("demur.toml:13: corpus/a.parquet: Parquet and JSON lines lie side by side\n")
            || said.contains(
                "demur.toml:13: corpus/a.jsonl: Parquet and JSON lines lie side by side\n"
            ),
        "{said}"
    );
}
