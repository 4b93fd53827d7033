//! On random platforms the gate, the readable rules and the oracle say the same of every record, and
//! carrying the verdicts out gives what the oracle says should be left.
#![allow(clippy::unwrap_used)]

mod oracle;

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, DictionaryArray, Int64Array, LargeListArray, ListArray,
    RecordBatch, StringArray, StructArray, TimestampMillisecondArray, UInt64Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int32Type, TimeUnit};
use demur_core::day::{self, Zone};
use demur_core::facts::{AccountFacts, Standing};
use demur_core::id::{AccountId, IdKind, RecordId};
use demur_core::objection::{Scope, Scopes};
use demur_core::purpose::{
    self, Allowed, ContentOfMinors, Purpose, ThirdPartyObjections, ThirdPartyRule,
};
use demur_core::rules::{self, Appearance, Objection, Place, Reason, Record, Verdict, World};
use demur_gate::{Columns, Created, Gate, Outcome, People, Unit, Value};
use demur_snapshot::{Compiler, Key, Origin, Snapshot};
use jiff::civil::{Date, date};
use oracle::{Account, Judged, Person, Row, Said};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const PLATFORMS: u64 = 1_500;

struct Platform {
    purpose: Purpose,
    kind: IdKind,
    accounts: Vec<Account>,
    said: Vec<Said>,
    rows: Vec<Row>,
}

fn pick<T: Clone>(rng: &mut ChaCha8Rng, of: &[T]) -> T {
    of[rng.random_range(0..of.len())].clone()
}

fn maybe<T>(rng: &mut ChaCha8Rng, value: T) -> Option<T> {
    rng.random_bool(0.96).then_some(value)
}

fn maybe_of<T: Clone>(rng: &mut ChaCha8Rng, of: &[T]) -> Option<T> {
    let value = pick(rng, of);
    maybe(rng, value)
}

fn platform(rng: &mut ChaCha8Rng) -> Platform {
    let mut purpose = purpose::sample();
    let rule = [ThirdPartyRule::Keep, ThirdPartyRule::Redact, ThirdPartyRule::Drop];
    purpose.third_party.mentioned = pick(rng, &rule);
    purpose.third_party.depicted = pick(rng, &rule);
    purpose.third_party.objections =
        pick(rng, &[ThirdPartyObjections::ThirdParty, ThirdPartyObjections::Any]);
    purpose.minimum_age = pick(rng, &[18, 18, 16, 0]);
    purpose.content_of_minors = pick(rng, &[ContentOfMinors::Exclude, ContentOfMinors::Include]);
    purpose.notice.required = rng.random_bool(0.5);
    if rng.random_bool(0.2) {
        purpose.regions = Allowed::Any;
        purpose.account_status = Allowed::Any;
    }

    let kind = pick(rng, &[IdKind::Signed, IdKind::Signed, IdKind::Unsigned, IdKind::Text]);
    let ids: Vec<AccountId> = match kind {
        IdKind::Signed => [i64::MIN, i64::MIN + 1, -1, 0, 1, 2, 3, 77, i64::MAX - 1, i64::MAX]
            .map(AccountId::from)
            .to_vec(),
        IdKind::Unsigned => [0, 1, 2, 3, 77, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX]
            .map(|n| AccountId::Number(n.into()))
            .to_vec(),
        IdKind::Text => {
            [" ", "a", "b", "ab", "é", "user 7", "-1", "1", "a\u{0}"].map(AccountId::from).to_vec()
        }
    };
    let adult = Some(date(1980, 6, 1));
    let leap_day = Some(date(2004, 2, 29));
    let births = [
        Some(date(2007, 5, 27)),
        Some(date(2007, 5, 28)),
        leap_day,
        leap_day,
        adult,
        adult,
        adult,
        adult,
        None,
    ];
    let some = |value| Some(value).filter(|v: &&str| !v.is_empty());
    let accounts = (0..rng.random_range(4..24))
        .map(|_| Account {
            id: pick(rng, &ids),
            birth: pick(rng, &births),
            region: pick(rng, &["IE", "DE", "FR", "PL", "IT", "US", "ie", ""].map(some)),
            status: pick(
                rng,
                &["active", "active", "active", "deactivated", "suspended", ""].map(some),
            ),
            person: pick(rng, &[None, None, Some(1), Some(1), Some(2), Some(i64::MIN)]),
            told: rng.random_bool(0.8),
        })
        .collect();
    let scopes: [&[&'static str]; 6] = [
        &["public_content", "ai_interactions"],
        &["public_content", "ai_interactions"],
        &["ai_interactions"],
        &["public_content"],
        &["third_party"],
        &["public_content", "third_party"],
    ];
    let items = rng.random_bool(0.4);
    let said = (0..rng.random_range(0..8))
        .map(|_| Said {
            account: pick(rng, &ids),
            record: (items && rng.random_bool(0.3)).then(|| rng.random_range(0..40).to_string()),
            scopes: pick(rng, &scopes).to_vec(),
            status: pick(
                rng,
                &["received", "under_review", "approved", "approved", "refused", "withdrawn"],
            ),
        })
        .collect();
    let rows = (0..rng.random_range(0..60)).map(|n| row(rng, n, &ids)).collect();
    Platform { purpose, kind, accounts, said, rows }
}

fn row(rng: &mut ChaCha8Rng, n: u64, ids: &[AccountId]) -> Row {
    let mut text = String::new();
    let mut mentioned = Vec::new();
    for _ in 0..rng.random_range(0..4) {
        text.push_str(pick(rng, &["hi ", "Grüße, ", "🎉 ", ""]));
        let start = text.len() as i64;
        text.push_str(pick(rng, &["Zoë", "Bob", "@anna", "Łukasz"]));
        let end = text.len() as i64;
        let bad = if rng.random_bool(0.05) { rng.random_range(-4..30) } else { 0 };
        let (start, end) = (maybe(rng, start + bad), maybe(rng, end));
        mentioned.push(Person { id: maybe_of(rng, ids), start, end });
    }
    let made = [
        date(2025, 5, 26),
        date(2025, 5, 27),
        date(2022, 2, 28),
        date(2022, 3, 1),
        date(1999, 1, 1),
    ];
    let depicted = (0..rng.random_range(0..3)).map(|_| maybe_of(rng, ids)).collect();
    Row {
        id: maybe(rng, n.to_string()),
        kind: pick(
            rng,
            &[
                Some("post"),
                Some("post"),
                Some("photo"),
                Some("photo"),
                Some("ai_interaction"),
                Some("story"),
                None,
            ],
        ),
        visibility: pick(
            rng,
            &[
                Some("public"),
                Some("public"),
                Some("public"),
                Some("public"),
                Some("friends"),
                None,
            ],
        ),
        author: maybe_of(rng, ids),
        created: maybe_of(rng, &made),
        text: maybe(rng, text),
        mentioned: maybe(rng, mentioned),
        depicted: maybe(rng, depicted),
    }
}

fn objections(platform: &Platform) -> Vec<Objection> {
    let scope = |name: &&str| name.parse::<Scope>().unwrap();
    let objection = |said: &Said| Objection {
        account: Some(said.account.clone()),
        scopes: if said.record.is_some() {
            Scopes::NONE
        } else {
            said.scopes.iter().map(scope).collect()
        },
        record: said.record.clone().map(RecordId),
        status: said.status.parse().unwrap(),
    };
    platform.said.iter().map(objection).collect()
}

fn standing(purpose: &Purpose, account: &Account) -> Standing {
    let facts =
        AccountFacts { birth_date: account.birth, region: account.region, status: account.status };
    Standing::of(purpose, &facts, account.told)
}

fn snapshot(platform: &Platform, folder: &std::path::Path) -> Snapshot {
    let mut compiler = Compiler::new(platform.kind);
    for account in &platform.accounts {
        let key = match &account.id {
            AccountId::Number(n) => Key::Number(*n as u64),
            AccountId::Text(text) => Key::Text(text),
        };
        let person = account.person.map(|p| Key::Number(p as u64));
        compiler.account(key, standing(&platform.purpose, account), person);
    }
    for objection in objections(platform) {
        compiler.objection(&platform.purpose, &objection).unwrap();
    }
    let path = folder.join("snapshot");
    let origin = Origin {
        purpose: &platform.purpose,
        register_size: 0,
        register_root: String::new(),
        accounts_digest: String::new(),
        facts_read: String::new(),
    };
    compiler.write(&path, origin).unwrap();
    Snapshot::open(path).unwrap()
}

fn world(platform: &Platform) -> World {
    let mut world = World::default();
    for account in &platform.accounts {
        let person = account.person.map(AccountId::from);
        world.add_account(account.id.clone(), standing(&platform.purpose, account), person);
    }
    for objection in objections(platform) {
        world.add_objection(&objection);
    }
    world
}

fn record(row: &Row) -> Record {
    let mentioned = row.mentioned.iter().flatten().map(|m| Appearance {
        account: m.id.clone(),
        place: match (m.start, m.end) {
            (Some(start), Some(end)) => Place::At(start, end),
            _ => Place::Null,
        },
    });
    let depicted = row.depicted.iter().flatten();
    let depicted = depicted.map(|d| Appearance { account: d.clone(), place: Place::NotGiven });
    Record {
        id: row.id.clone().map(RecordId),
        kind: row.kind.map(str::to_owned),
        visibility: row.visibility.map(str::to_owned),
        author: row.author.clone(),
        created: row.created.map(day::of_date),
        text: row.text.clone(),
        mentioned: mentioned.collect(),
        depicted: depicted.collect(),
    }
}

fn columns(created: Option<Unit>) -> Columns {
    Columns {
        record: "id".into(),
        author: "author".into(),
        kind: Value::Column("kind".into()),
        visibility: Value::Column("visibility".into()),
        created: Created { column: "created".into(), unit: created },
        text: Some("text".into()),
        mentioned: Some(People {
            column: "mentions".into(),
            account: Some("who".into()),
            span: Some(("from".into(), "to".into())),
        }),
        depicted: Some(People { column: "tagged".into(), account: None, span: None }),
    }
}

/// Ids in a column of the platform's kind, or of a narrower type where every value allows it.
fn ids(rng: &mut ChaCha8Rng, kind: IdKind, ids: &[Option<AccountId>]) -> ArrayRef {
    let number = |id: &Option<AccountId>| match id {
        Some(AccountId::Number(n)) => Some(*n),
        _ => None,
    };
    let array: ArrayRef = match kind {
        IdKind::Signed => {
            Arc::new(ids.iter().map(|id| number(id).map(|n| n as i64)).collect::<Int64Array>())
        }
        IdKind::Unsigned => {
            Arc::new(ids.iter().map(|id| number(id).map(|n| n as u64)).collect::<UInt64Array>())
        }
        IdKind::Text => {
            let text = ids.iter().map(|id| id.as_ref().map(ToString::to_string));
            let array: ArrayRef = Arc::new(text.collect::<StringArray>());
            return strings(rng, array);
        }
    };
    let other = pick(rng, &[DataType::Int64, DataType::UInt64, DataType::Int8]);
    let same_values = |narrow: &ArrayRef| narrow.null_count() == array.null_count();
    cast(&array, &other).ok().filter(same_values).unwrap_or(array)
}

fn strings(rng: &mut ChaCha8Rng, array: ArrayRef) -> ArrayRef {
    let dictionary =
        |key: DataType, value: DataType| DataType::Dictionary(Box::new(key), Box::new(value));
    let to = pick(
        rng,
        &[
            DataType::Utf8,
            DataType::LargeUtf8,
            DataType::Utf8View,
            dictionary(DataType::Int32, DataType::Utf8),
            dictionary(DataType::UInt8, DataType::LargeUtf8),
        ],
    );
    cast(&array, &to).unwrap()
}

fn dates(rng: &mut ChaCha8Rng, days: &[Option<Date>], zone: &Zone) -> (ArrayRef, Option<Unit>) {
    // The last millisecond of the day in the purpose's zone: the hardest one to place.
    let millis = |day: &Date| {
        let next = zone.time_zone().to_timestamp(day.tomorrow().unwrap().at(0, 0, 0, 0)).unwrap();
        next.as_millisecond() - 1
    };
    let stamps: TimestampMillisecondArray = days.iter().map(|d| d.as_ref().map(millis)).collect();
    let stamps: ArrayRef = Arc::new(stamps.with_timezone("UTC"));
    let to = |unit| DataType::Timestamp(unit, Some("Asia/Tokyo".into()));
    match rng.random_range(0..6) {
        0 => (stamps, None),
        1 => (cast(&stamps, &to(TimeUnit::Microsecond)).unwrap(), None),
        2 => (cast(&stamps, &to(TimeUnit::Nanosecond)).unwrap(), None),
        3 => (cast(&stamps, &DataType::Int64).unwrap(), Some(Unit::Millis)),
        4 => {
            let text = days.iter().map(|d| match d {
                Some(day) => day.to_string(),
                None => "some day".to_owned(),
            });
            (strings(rng, Arc::new(text.map(Some).collect::<StringArray>())), None)
        }
        _ => {
            let days: Date32Array = days.iter().map(|d| d.map(day::of_date)).collect();
            (Arc::new(days), None)
        }
    }
}

fn list(rng: &mut ChaCha8Rng, lengths: Vec<Option<usize>>, values: ArrayRef) -> ArrayRef {
    let item = Arc::new(Field::new("item", values.data_type().clone(), true));
    let nulls: NullBuffer = lengths.iter().map(Option::is_some).collect();
    let lengths = lengths.into_iter().map(|n| n.unwrap_or(0));
    if rng.random_bool(0.5) {
        let offsets = OffsetBuffer::<i32>::from_lengths(lengths);
        Arc::new(ListArray::try_new(item, offsets, values, Some(nulls)).unwrap())
    } else {
        let offsets = OffsetBuffer::<i64>::from_lengths(lengths);
        Arc::new(LargeListArray::try_new(item, offsets, values, Some(nulls)).unwrap())
    }
}

fn batch(rng: &mut ChaCha8Rng, platform: &Platform, zone: &Zone) -> (RecordBatch, Option<Unit>) {
    let rows = &platform.rows;
    let mut text = |of: fn(&Row) -> Option<String>| {
        let array: ArrayRef = Arc::new(rows.iter().map(of).collect::<StringArray>());
        strings(rng, array)
    };
    let (record, kind, visibility, body) = (
        text(|r| r.id.clone()),
        text(|r| r.kind.map(str::to_owned)),
        text(|r| r.visibility.map(str::to_owned)),
        text(|r| r.text.clone()),
    );
    let record = match rng.random_bool(0.5) {
        true => record,
        false => cast(&cast(&record, &DataType::Utf8).unwrap(), &DataType::Int32).unwrap(),
    };
    let authors: Vec<_> = rows.iter().map(|r| r.author.clone()).collect();
    let author = ids(rng, platform.kind, &authors);
    let made: Vec<_> = rows.iter().map(|r| r.created).collect();
    let (created, unit) = dates(rng, &made, zone);

    let people: Vec<&Person> = rows.iter().flat_map(|r| r.mentioned.iter().flatten()).collect();
    let who: Vec<_> = people.iter().map(|p| p.id.clone()).collect();
    let who = ids(rng, platform.kind, &who);
    let from: ArrayRef = Arc::new(people.iter().map(|p| p.start).collect::<Int64Array>());
    let to: ArrayRef = Arc::new(people.iter().map(|p| p.end).collect::<Int64Array>());
    let width = pick(rng, &[DataType::Int32, DataType::Int64]);
    let (from, to) = (cast(&from, &width).unwrap(), cast(&to, &width).unwrap());
    let field =
        |name: &str, array: &ArrayRef| Arc::new(Field::new(name, array.data_type().clone(), true));
    let people: ArrayRef = Arc::new(StructArray::from(vec![
        (field("from", &from), from.clone()),
        (field("who", &who), who.clone()),
        (field("to", &to), to.clone()),
    ]));
    let lengths = rows.iter().map(|r| r.mentioned.as_ref().map(Vec::len)).collect();
    let mentions = list(rng, lengths, people);
    let tagged: Vec<_> = rows.iter().flat_map(|r| r.depicted.iter().flatten().cloned()).collect();
    let tagged = ids(rng, platform.kind, &tagged);
    let lengths = rows.iter().map(|r| r.depicted.as_ref().map(Vec::len)).collect();
    let tagged = list(rng, lengths, tagged);

    let batch = RecordBatch::try_from_iter_with_nullable([
        ("id", record, true),
        ("author", author, true),
        ("kind", kind, true),
        ("visibility", visibility, true),
        ("created", created, true),
        ("text", body, true),
        ("mentions", mentions, true),
        ("tagged", tagged, true),
    ]);
    (batch.unwrap(), unit)
}

#[test]
fn gate_rules_and_oracle_agree_on_random_platforms() {
    let mut seen = std::collections::BTreeMap::<String, u64>::new();
    for seed in 0..PLATFORMS {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let platform = platform(&mut rng);
        let folder = tempfile::tempdir().unwrap();
        let zone = Zone::named(&platform.purpose.time_zone).unwrap();
        let (batch, unit) = batch(&mut rng, &platform, &zone);
        let snapshot = Arc::new(snapshot(&platform, folder.path()));
        let gate = Gate::new(snapshot, columns(unit)).unwrap();
        let world = world(&platform);

        // The whole batch, and a slice of it that starts anywhere.
        let from = if batch.num_rows() == 0 { 0 } else { rng.random_range(0..batch.num_rows()) };
        for (offset, part) in
            [(0, batch.clone()), (from, batch.slice(from, batch.num_rows() - from))]
        {
            let verdicts = gate.judge(&part).unwrap();
            let left = gate.apply(&part, &verdicts).unwrap();
            assert_eq!(left.schema(), part.schema());
            let mut next = 0;
            for row in 0..part.num_rows() {
                let source = &platform.rows[offset + row];
                let expected =
                    oracle::judge(&platform.purpose, &platform.accounts, &platform.said, source);
                let readable = rules::judge(&platform.purpose, &world, &record(source));
                let context = || {
                    format!("seed {seed}, row {}: {source:?}\n{:?}", offset + row, platform.said)
                };
                match &expected {
                    Judged::Keep => {
                        assert_eq!(verdicts.get(row), Outcome::Keep, "{}", context());
                        assert_eq!(readable, Verdict::Keep, "{}", context());
                        assert_eq!(left.slice(next, 1), part.slice(row, 1), "{}", context());
                        next += 1;
                    }
                    Judged::Redact(text, mentioned, depicted) => {
                        assert_eq!(verdicts.get(row), Outcome::Redact, "{}", context());
                        assert!(matches!(readable, Verdict::Redact(_)), "{}", context());
                        check_redacted(&left.slice(next, 1), text, mentioned, depicted, source);
                        next += 1;
                    }
                    Judged::Drop(reason) => {
                        let reason: Reason = reason.parse().unwrap();
                        assert_eq!(verdicts.get(row), Outcome::Drop(reason), "{}", context());
                        assert_eq!(readable, Verdict::Drop(reason), "{}", context());
                    }
                }
                let name = match expected {
                    Judged::Keep => "keep".to_owned(),
                    Judged::Redact(..) => "redact".to_owned(),
                    Judged::Drop(reason) => reason.to_owned(),
                };
                *seen.entry(name).or_default() += 1;
            }
            assert_eq!(left.num_rows(), next);
            assert_eq!(verdicts.counts().total(), part.num_rows() as u64);
        }
    }
    // Unreadable is for lines that never reach a batch.
    for reason in Reason::ALL.into_iter().filter(|r| *r != Reason::Unreadable) {
        assert!(seen.contains_key(reason.name()), "{reason} never occurred: {seen:?}");
    }
    assert!(seen["keep"] > 1_000 && seen["redact"] > 100, "{seen:?}");
}

fn names(array: &dyn Array) -> Vec<String> {
    let text = cast(array, &DataType::Utf8).unwrap();
    text.as_string::<i32>().iter().flatten().map(str::to_owned).collect()
}

fn check_redacted(
    row: &RecordBatch,
    text: &str,
    mentioned: &[AccountId],
    depicted: &[AccountId],
    before: &Row,
) {
    let column = |name: &str| row.column_by_name(name).unwrap();
    let body = cast(column("text"), &DataType::Utf8).unwrap();
    let body = body.as_string::<i32>().value(0);
    assert_eq!(body, text);
    let entries = |name: &str| match column(name).data_type() {
        DataType::List(_) => column(name).as_list::<i32>().value(0),
        _ => column(name).as_list::<i64>().value(0),
    };
    let shown = |ids: &[AccountId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let people = entries("mentions");
    let people = people.as_struct();
    assert_eq!(names(people.column_by_name("who").unwrap()), shown(mentioned));
    if !column("tagged").is_null(0) {
        assert_eq!(names(&entries("tagged")), shown(depicted));
    }
    // Whoever stays is still named where the offsets say.
    let at = |field: &str| cast(people.column_by_name(field).unwrap(), &DataType::Int64).unwrap();
    let (from, to) = (at("from"), at("to"));
    let (from, to) = (
        from.as_primitive::<arrow::datatypes::Int64Type>(),
        to.as_primitive::<arrow::datatypes::Int64Type>(),
    );
    let before_text = before.text.clone().unwrap();
    let still: Vec<&str> = before
        .mentioned
        .iter()
        .flatten()
        .filter(|m| m.id.as_ref().is_none_or(|id| mentioned.contains(id)))
        .filter_map(|m| Some(&before_text[m.start? as usize..m.end? as usize]))
        .collect();
    let now: Vec<&str> = (0..people.len())
        .filter(|i| from.is_valid(*i) && to.is_valid(*i))
        .map(|i| &body[from.value(i) as usize..to.value(i) as usize])
        .collect();
    assert_eq!(now, still);
}

#[test]
fn a_column_that_is_missing_or_of_a_wrong_type_is_named() {
    let platform = Platform {
        purpose: purpose::sample(),
        kind: IdKind::Signed,
        accounts: vec![],
        said: vec![],
        rows: vec![],
    };
    let folder = tempfile::tempdir().unwrap();
    let snapshot = Arc::new(snapshot(&platform, folder.path()));
    let zone = Zone::named("UTC").unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let good = batch(&mut rng, &platform, &zone).0;
    let message = |change: fn(&mut Columns)| {
        let mut columns = columns(Some(Unit::Millis));
        change(&mut columns);
        let gate = Gate::new(snapshot.clone(), columns).unwrap();
        gate.check(&good.schema()).unwrap_err().to_string()
    };
    let missing = message(|c| c.author = "Author".into());
    assert!(
        missing.contains("no column `Author`") && missing.contains("did you mean `author`"),
        "{missing}"
    );
    let wrong = message(|c| c.author = "text".into());
    assert!(
        wrong.contains("`text`") && wrong.contains("an integer, as the account ids are"),
        "{wrong}"
    );
    let wrong = message(|c| c.kind = Value::Column("author".into()));
    assert!(wrong.contains("`author`") && wrong.contains("a string"), "{wrong}");
    let wrong = message(|c| {
        c.depicted = Some(People { column: "mentions".into(), account: None, span: None })
    });
    assert!(wrong.contains("list of account ids"), "{wrong}");
}

#[test]
fn a_dictionary_whose_value_is_null_is_a_null() {
    let platform = Platform {
        purpose: purpose::sample(),
        kind: IdKind::Signed,
        accounts: vec![],
        said: vec![],
        rows: vec![row(&mut ChaCha8Rng::seed_from_u64(3), 0, &[AccountId::from(1)])],
    };
    let folder = tempfile::tempdir().unwrap();
    let snapshot = Arc::new(snapshot(&platform, folder.path()));
    let zone = Zone::named("UTC").unwrap();
    let (batch, unit) = batch(&mut ChaCha8Rng::seed_from_u64(3), &platform, &zone);
    let nothing = DictionaryArray::<Int32Type>::new(
        vec![0].into(),
        Arc::new(StringArray::from(vec![None::<&str>])),
    );
    let mut columns_now = batch.columns().to_vec();
    columns_now[2] = Arc::new(nothing);
    let fields: Vec<_> = batch.schema().fields().iter().map(|f| f.name().clone()).collect();
    let batch = RecordBatch::try_from_iter_with_nullable(
        fields.into_iter().zip(columns_now).map(|(name, column)| (name, column, true)),
    );
    let gate = Gate::new(snapshot, columns(unit)).unwrap();
    let verdicts = gate.judge(&batch.unwrap()).unwrap();
    assert_eq!(verdicts.get(0), Outcome::Drop(Reason::KindNotCovered));
}
