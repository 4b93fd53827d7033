use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::PathBuf;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

use super::days::{ADULT_IF_BORN_BY, NOTICE_TOO_LATE, SECONDS, rfc3339};
use super::*;

const SMALL: Size = Size { accounts: 2_000, records: 20_000 };

fn made(seed: u64, size: &Size) -> (TempDir, Platform) {
    let folder = tempfile::tempdir().unwrap();
    let platform = generate(folder.path(), seed, size, &mut |_| ()).unwrap();
    (folder, platform)
}

fn paths(folder: &TempDir) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = (0..PARTS)
        .map(|part| folder.path().join(format!("corpus/part-{part:03}.parquet")))
        .collect();
    paths.extend(
        ["accounts.parquet", "objections.csv", "notices.csv"].map(|f| folder.path().join(f)),
    );
    paths
}

fn batches(path: &PathBuf) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    reader.build().unwrap().map(Result::unwrap).collect()
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> &'a ArrayRef {
    batch.column_by_name(name).unwrap()
}

#[derive(Debug)]
struct Account {
    birth: Option<i32>,
    region: Option<String>,
    status: Option<String>,
    person: Option<i64>,
    email: String,
}

fn accounts(folder: &TempDir) -> HashMap<i64, Account> {
    let mut all = HashMap::new();
    for batch in batches(&folder.path().join("accounts.parquet")) {
        let text = |name, i| {
            let column = column(&batch, name).as_string::<i32>();
            column.is_valid(i).then(|| column.value(i).to_owned())
        };
        let ids = column(&batch, "account_id").as_primitive::<Int64Type>();
        let births = column(&batch, "birth_date").as_primitive::<Date32Type>();
        let persons = column(&batch, "person_id").as_primitive::<Int64Type>();
        for i in 0..batch.num_rows() {
            assert!(ids.value(i) > 0);
            let account = Account {
                birth: births.is_valid(i).then(|| births.value(i)),
                region: text("region", i),
                status: text("status", i),
                person: persons.is_valid(i).then(|| persons.value(i)),
                email: text("email", i).unwrap(),
            };
            assert!(all.insert(ids.value(i), account).is_none(), "an account id twice");
        }
    }
    all
}

struct Row {
    id: String,
    author: Option<i64>,
    kind: Option<String>,
    visibility: Option<String>,
    created: Option<i64>,
    text: String,
    mentions: Vec<(i64, i32, i32)>,
    tagged: Vec<i64>,
}

fn rows(folder: &TempDir) -> Vec<Row> {
    let mut all = Vec::new();
    for batch in paths(folder)[..PARTS].iter().flat_map(batches) {
        let text = |name, i| {
            let column = column(&batch, name).as_string::<i32>();
            column.is_valid(i).then(|| column.value(i).to_owned())
        };
        let authors = column(&batch, "author_id").as_primitive::<Int64Type>();
        let created = column(&batch, "created_at").as_primitive::<TimestampMicrosecondType>();
        for i in 0..batch.num_rows() {
            let spans = column(&batch, "mentions").as_list::<i32>().value(i);
            let spans = spans.as_struct();
            let number = |c: usize, m| spans.column(c).as_primitive::<Int32Type>().value(m);
            let users = spans.column(0).as_primitive::<Int64Type>();
            let tagged = column(&batch, "tagged").as_list::<i32>().value(i);
            all.push(Row {
                id: text("record_id", i).unwrap(),
                author: authors.is_valid(i).then(|| authors.value(i)),
                kind: text("kind", i),
                visibility: text("visibility", i),
                created: created.is_valid(i).then(|| created.value(i)),
                text: text("text", i).unwrap(),
                mentions: (0..spans.len())
                    .map(|m| (users.value(m), number(1, m), number(2, m)))
                    .collect(),
                tagged: tagged.as_primitive::<Int64Type>().values().to_vec(),
            });
        }
    }
    all
}

fn lines(folder: &TempDir, file: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(folder.path().join(file)).unwrap();
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let size = Size { accounts: 600, records: 6_000 };
    let (one, first) = made(7, &size);
    let (two, second) = made(7, &size);
    let (other, _) = made(8, &size);
    assert_eq!(first, second);
    for ((a, b), c) in paths(&one).iter().zip(paths(&two)).zip(paths(&other)) {
        let bytes = fs::read(a).unwrap();
        assert!(bytes == fs::read(b).unwrap(), "{} differs", a.display());
        assert!(bytes != fs::read(c).unwrap(), "{} is the same", a.display());
    }
    let left = fs::read_dir(one.path().join("corpus")).unwrap().count();
    assert_eq!(left, PARTS, "no passing file stays behind");
}

#[test]
fn sizes_are_respected_and_progress_ends_at_the_last_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut last = 0;
    let size = Size { accounts: 333, records: 2_021 };
    let platform = generate(folder.path(), 1, &size, &mut |done| last = done).unwrap();
    assert_eq!(last, 2_021);
    assert_eq!((platform.accounts, platform.records), (333, 2_021));
    assert_eq!(accounts(&folder).len(), 333);
    let rows = rows(&folder);
    assert_eq!(rows.len(), 2_021);
    assert_eq!(rows.iter().map(|r| &r.id).collect::<HashSet<_>>().len(), 2_021);
    let too_small = generate(folder.path(), 1, &Size { accounts: 3, records: 3 }, &mut |_| ());
    assert!(too_small.unwrap_err().to_string().contains("at least"));
}

#[test]
fn mentions_name_what_stands_in_the_text_except_where_they_are_meant_not_to() {
    let (folder, platform) = made(3, &SMALL);
    let mut broken = 0;
    let mut named = 0;
    for row in rows(&folder) {
        let mut spans = row.mentions.clone();
        spans.sort_by_key(|span| span.1);
        let apart = spans.windows(2).all(|two| two[0].2 <= two[1].1);
        let inside = spans.iter().all(|(_, start, end)| {
            row.text.get(*start as usize..*end as usize).is_some_and(|name| {
                named += 1;
                !name.is_empty() && name.trim() == name && name.starts_with(char::is_uppercase)
            })
        });
        broken += usize::from(!(apart && inside));
    }
    assert_eq!(broken, platform.broken_spans);
    assert!(named > 2_000 && broken >= 6, "{named} mentions, {broken} broken");
}

#[test]
fn every_case_that_the_purpose_knows_occurs() {
    let (folder, platform) = made(3, &SMALL);
    let accounts = accounts(&folder);
    let rows = rows(&folder);
    let objections = lines(&folder, "objections.csv");
    let notices = lines(&folder, "notices.csv");

    let regions: HashSet<&str> = accounts.values().filter_map(|a| a.region.as_deref()).collect();
    for state in demur_core::purpose::EU.iter().chain(&["GB", "CH", "NO"]) {
        assert!(regions.contains(state), "nobody in {state}");
    }
    for status in ["active", "deactivated", "suspended", "memorialised"] {
        assert!(accounts.values().any(|a| a.status.as_deref() == Some(status)), "{status}");
    }
    let facts = accounts.values();
    assert!(facts.clone().any(|a| a.birth.is_none()));
    assert!(facts.clone().any(|a| a.region.is_none()));
    assert!(facts.clone().any(|a| a.status.is_none()));
    let minors = facts.clone().filter(|a| a.birth.is_some_and(|b| b > ADULT_IF_BORN_BY)).count();
    assert!((40..140).contains(&minors), "{minors} minors");
    let mut persons: HashMap<i64, usize> = HashMap::new();
    facts.clone().filter_map(|a| a.person).for_each(|p| *persons.entry(p).or_default() += 1);
    let linked: usize = persons.values().filter(|n| **n > 1).sum();
    assert!((30..120).contains(&linked), "{linked} linked");
    assert_eq!(facts.map(|a| &a.email).collect::<HashSet<_>>().len(), accounts.len());

    for status in ["approved", "pending", "received", "refused", "withdrawn"] {
        assert!(objections.iter().any(|o| &o[1] == status), "{status}");
    }
    for scopes in ["", "ai_interactions", "third_party"] {
        assert!(objections.iter().any(|o| &o[3] == scopes && o[6].is_empty()), "{scopes}");
    }
    assert!(objections.iter().any(|o| &o[3] == "public_content|ai_interactions|third_party"));
    assert!(
        objections.iter().any(|o| &o[2] > "2025-05-27T23")
            && objections.iter().all(|o| &o[2] < "2025-06-21")
    );
    assert!(objections.iter().any(|o| !o[5].is_empty()));
    let known: HashSet<&str> = rows.iter().map(|r| r.id.as_str()).collect();
    let items: Vec<_> = objections.iter().filter(|o| !o[6].is_empty()).collect();
    assert_eq!((objections.len(), items.len()), (platform.objections, platform.record_objections));
    assert!(items.len() == ITEMS && items.iter().all(|o| known.contains(&o[6])));
    assert!(items.iter().any(|o| o[0].is_empty()) && items.iter().any(|o| !o[0].is_empty()));
    let person = |o: &csv::StringRecord| accounts.get(&o[0].parse::<i64>().unwrap())?.person;
    let of_persons = objections.iter().filter(|o| !o[0].is_empty()).filter_map(person);
    assert!(of_persons.into_iter().any(|p| persons[&p] > 1), "an objection of a linked account");

    let late = rfc3339(i64::from(NOTICE_TOO_LATE) * SECONDS);
    assert!(notices.iter().any(|n| n[1] >= *late) && notices.len() < accounts.len());
    assert_eq!(notices.len(), platform.notices);

    for kind in ["post", "comment", "photo", "ai_interaction", "story"] {
        assert!(rows.iter().any(|r| r.kind.as_deref() == Some(kind)), "{kind}");
    }
    for visibility in ["public", "friends", "private"] {
        assert!(rows.iter().any(|r| r.visibility.as_deref() == Some(visibility)));
    }
    let posts = || rows.iter().filter(|r| r.kind.as_deref() != Some("ai_interaction"));
    assert!(posts().any(|r| r.visibility.is_none()) && rows.iter().any(|r| r.kind.is_none()));
    assert!(rows.iter().any(|r| r.author.is_none()) && rows.iter().any(|r| r.created.is_none()));
    assert!(rows.iter().any(|r| r.author.is_some_and(|a| !accounts.contains_key(&a))));
    let third_party: HashSet<i64> = objections
        .iter()
        .filter(|o| {
            o[3].contains("third_party") && matches!(&o[1], "approved" | "pending" | "received")
        })
        .map(|o| o[0].parse().unwrap())
        .collect();
    assert!(rows.iter().any(|r| r.tagged.iter().any(|t| third_party.contains(t))));
    assert!(rows.iter().any(|r| r.mentions.iter().any(|m| third_party.contains(&m.0))));
    let came_of_age = |birth: i32| i64::from(birth + 6_574) * SECONDS * 1_000_000;
    assert!(rows.iter().any(|r| {
        let birth = r.author.and_then(|a| accounts.get(&a)).and_then(|a| a.birth);
        birth
            .is_some_and(|b| b <= ADULT_IF_BORN_BY && r.created.is_some_and(|c| c < came_of_age(b)))
    }));
}

#[test]
fn the_late_objector_is_whom_the_story_needs() {
    for (seed, size) in [(1, SMALL), (2, Size { accounts: 200, records: 1_000 })] {
        let (folder, platform) = made(seed, &size);
        let account = &accounts(&folder)[&platform.late_objector];
        assert_eq!(account.region.as_deref(), Some("IE"));
        assert_eq!(account.status.as_deref(), Some("active"));
        assert!(account.birth.is_some_and(|b| b < ADULT_IF_BORN_BY - 20 * 365));
        assert_eq!(account.person, None);
        let id = platform.late_objector.to_string();
        let notice = lines(&folder, "notices.csv").into_iter().find(|n| n[0] == *id).unwrap();
        assert!(&notice[1] < "2025-04-20");
        let rows = rows(&folder);
        assert!(lines(&folder, "objections.csv").iter().all(|o| {
            o[0] != *id
                && !rows.iter().any(|r| r.id == o[6] && r.author == Some(platform.late_objector))
        }));
        let public = rows.iter().filter(|r| {
            r.author == Some(platform.late_objector) && r.visibility.as_deref() == Some("public")
        });
        assert_eq!(public.clone().count(), platform.late_objector_public);
        assert!(platform.late_objector_public >= 12, "{}", platform.late_objector_public);
        assert!(public.into_iter().any(|r| r.id == platform.late_objector_record));
    }
}

#[test]
fn most_texts_are_written_once() {
    let (folder, _) = made(5, &SMALL);
    let rows = rows(&folder);
    let distinct: HashSet<&str> = rows.iter().map(|r| r.text.as_str()).collect();
    assert!(distinct.len() * 100 > rows.len() * 90, "{} of {}", distinct.len(), rows.len());
    assert!(rows.iter().all(|r| !r.text.is_empty() && !r.text.contains("  ")));
    assert!(rows.iter().all(|r| !r.text.contains(['{', '}', '<', '>', '[', ']', '|'])));
}
