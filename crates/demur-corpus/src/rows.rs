//! Records one at a time, read the slow and obvious way.
//!
//! The audit trusts nothing of the build: this reader shares no code with the gate's columns or its
//! JSON reader. Every value goes through Arrow's own conversion to text, or `serde_json`'s tree.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StructArray};
use arrow::datatypes::DataType;
use demur_core::day::{self, Day, Zone};
use demur_core::id::{AccountId, IdKind, RecordId};
use demur_core::rules::{Appearance, Place as Named, Record};
use demur_gate::{Columns, People, Unit, Value};
use jiff::civil::Date;

use crate::error::{Error, Place};
use crate::files;
use crate::parquet::ParquetFile;
use crate::source::{AccountSource, Format, expand};
use crate::tree;

/// How to read the records of one corpus.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Which column holds what.
    pub columns: &'a Columns,
    /// What account ids are.
    pub kind: IdKind,
    /// Where days are counted.
    pub zone: &'a Zone,
}

impl Reader<'_> {
    /// Calls `each` with every record of a file and its position (a row from 0, a line from 1);
    /// lines that cannot be read come as `None`.
    ///
    /// # Errors
    /// Where the file cannot be read, or `each` fails.
    pub fn for_each(
        &self,
        path: &Path,
        format: Format,
        mut each: impl FnMut(Place, Option<Record>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match format {
            Format::Parquet => {
                let mut row = 0;
                for batch in ParquetFile::open(path)?.read(None, None)? {
                    let batch = batch?;
                    for record in self.batch(path, &batch)? {
                        each(Place::Row(row), Some(record))?;
                        row += 1;
                    }
                }
                Ok(())
            }
            Format::Jsonl => {
                let file = files::open(path, None)?;
                let plain: Box<dyn Read> = match path.extension().and_then(|e| e.to_str()) {
                    Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(file)),
                    Some("zst") => Box::new(
                        zstd::stream::read::Decoder::new(file)
                            .map_err(|e| Error::io(path, "open", e))?,
                    ),
                    _ => file,
                };
                for (nth, line) in BufReader::new(plain).split(b'\n').enumerate() {
                    let line = line.map_err(|e| Error::io(path, "read", e))?;
                    if !line.trim_ascii().is_empty() {
                        each(Place::Line(nth as u64 + 1), self.line(&line))?;
                    }
                }
                Ok(())
            }
        }
    }

    fn batch(&self, path: &Path, batch: &RecordBatch) -> Result<Vec<Record>, Error> {
        let column = |name: &str| {
            batch.column_by_name(name).cloned().ok_or_else(|| {
                let place = Some(Place::Column(name.to_owned()));
                Error::input(
                    path,
                    place,
                    "there is no such column",
                    "the file is of another schema",
                )
            })
        };
        let text = |array: &ArrayRef| -> Result<Vec<Option<String>>, Error> {
            let text =
                arrow::compute::cast(array, &DataType::Utf8).map_err(|e| arrow_failed(path, &e))?;
            Ok(text.as_string::<i32>().iter().map(|v| v.map(str::to_owned)).collect())
        };
        let value = |value: &Value| match value {
            Value::Constant(value) => Ok(vec![Some(value.clone()); batch.num_rows()]),
            Value::Column(name) => text(&column(name)?),
        };
        let columns = self.columns;
        let ids = text(&column(&columns.record)?)?;
        let authors = text(&column(&columns.author)?)?;
        let (kinds, visibilities) = (value(&columns.kind)?, value(&columns.visibility)?);
        let created = column(&columns.created.column)?;
        let texts = columns.text.as_ref().map(|name| text(&column(name)?)).transpose()?;
        let people = |people: &Option<People>| {
            people.as_ref().map(|p| Ok((p.clone(), column(&p.column)?))).transpose()
        };
        let (mentioned, depicted) = (people(&columns.mentioned)?, people(&columns.depicted)?);

        (0..batch.num_rows())
            .map(|row| {
                Ok(Record {
                    id: ids[row].clone().map(RecordId),
                    kind: kinds[row].clone(),
                    visibility: visibilities[row].clone(),
                    author: authors[row].as_deref().and_then(|id| self.account(id)),
                    created: self.day(path, &created, row)?,
                    text: texts.as_ref().and_then(|texts| texts[row].clone()),
                    mentioned: self.people(path, &mentioned, row)?,
                    depicted: self.people(path, &depicted, row)?,
                })
            })
            .collect()
    }

    /// An id of the platform's kind; a number that no account can have stays a number.
    fn account(&self, text: &str) -> Option<AccountId> {
        match self.kind {
            IdKind::Text => Some(AccountId::Text(text.to_owned())),
            IdKind::Signed | IdKind::Unsigned => {
                let number: i128 = text.parse().ok()?;
                // `007` may be another account than `7`.
                (number.to_string() == text).then_some(AccountId::Number(number))
            }
        }
    }

    fn day(&self, path: &Path, array: &ArrayRef, row: usize) -> Result<Option<Day>, Error> {
        if array.is_null(row) {
            return Ok(None);
        }
        let one = array.slice(row, 1);
        let number = || -> Result<i64, Error> {
            let number =
                arrow::compute::cast(&one, &DataType::Int64).map_err(|e| arrow_failed(path, &e))?;
            Ok(number.as_primitive::<arrow::datatypes::Int64Type>().value(0))
        };
        use arrow::datatypes::TimeUnit;
        let moment = |count: i64, a_second: i64| {
            let second = count.div_euclid(a_second);
            let rest = count.rem_euclid(a_second) * (1_000_000_000 / a_second);
            let moment = jiff::Timestamp::new(second, i32::try_from(rest).ok()?).ok()?;
            Some(day::of_date(self.zone.time_zone().to_datetime(moment).date()))
        };
        Ok(match array.data_type() {
            DataType::Date32 => {
                let days = one.as_primitive::<arrow::datatypes::Date32Type>().value(0);
                day::to_date(days).map(|_| days)
            }
            DataType::Date64 => i32::try_from(number()?.div_euclid(86_400_000))
                .ok()
                .filter(|days| day::to_date(*days).is_some()),
            DataType::Timestamp(unit, _) => moment(
                number()?,
                match unit {
                    TimeUnit::Second => 1,
                    TimeUnit::Millisecond => 1_000,
                    TimeUnit::Microsecond => 1_000_000,
                    TimeUnit::Nanosecond => 1_000_000_000,
                },
            ),
            integer if integer.is_integer() => self
                .columns
                .created
                .unit
                .map(a_second)
                .and_then(|unit| Some(moment(number().ok()?, unit)))
                .flatten(),
            _ => {
                let text = arrow::compute::cast(&one, &DataType::Utf8)
                    .map_err(|e| arrow_failed(path, &e))?;
                let text = text.as_string::<i32>();
                text.is_valid(0).then(|| day::parse(text.value(0), self.zone)).flatten()
            }
        })
    }

    fn people(
        &self,
        path: &Path,
        list: &Option<(People, ArrayRef)>,
        row: usize,
    ) -> Result<Vec<Appearance>, Error> {
        let Some((people, array)) = list else { return Ok(Vec::new()) };
        if array.is_null(row) {
            return Ok(Vec::new());
        }
        let entries = match array.data_type() {
            DataType::List(_) => array.as_list::<i32>().value(row),
            DataType::LargeList(_) => array.as_list::<i64>().value(row),
            DataType::FixedSizeList(..) => array.as_fixed_size_list().value(row),
            DataType::ListView(_) => array.as_list_view::<i32>().value(row),
            DataType::LargeListView(_) => array.as_list_view::<i64>().value(row),
            _ => return Ok(Vec::new()),
        };
        let text = |array: &ArrayRef, at: usize| -> Result<Option<String>, Error> {
            let text =
                arrow::compute::cast(array, &DataType::Utf8).map_err(|e| arrow_failed(path, &e))?;
            let text = text.as_string::<i32>();
            Ok(text.is_valid(at).then(|| text.value(at).to_owned()))
        };
        let field =
            |entries: &StructArray, name: &str, at: usize| match entries.column_by_name(name) {
                Some(field) if entries.is_valid(at) => text(field, at),
                _ => Ok(None),
            };
        (0..entries.len())
            .map(|at| match &people.account {
                None => Ok(Appearance {
                    account: text(&entries, at)?.and_then(|id| self.account(&id)),
                    place: Named::NotGiven,
                }),
                Some(account) => {
                    let entries = entries.as_struct();
                    let place = match &people.span {
                        None => Named::NotGiven,
                        Some((start, end)) => {
                            let start = field(entries, start, at)?.and_then(|n| n.parse().ok());
                            let end = field(entries, end, at)?.and_then(|n| n.parse().ok());
                            start.zip(end).map_or(Named::Null, |(start, end)| Named::At(start, end))
                        }
                    };
                    let account = field(entries, account, at)?.and_then(|id| self.account(&id));
                    Ok(Appearance { account, place })
                }
            })
            .collect()
    }

    /// Reads one JSON line; `None` where it is broken or a value is of a wrong kind.
    fn line(&self, line: &[u8]) -> Option<Record> {
        let columns = self.columns;
        let mut wanted: Vec<&str> = vec![&columns.record, &columns.author, &columns.created.column];
        for value in [&columns.kind, &columns.visibility] {
            if let Value::Column(name) = value {
                wanted.push(name);
            }
        }
        wanted.extend(columns.text.as_deref());
        wanted.extend(
            [&columns.mentioned, &columns.depicted]
                .into_iter()
                .flatten()
                .map(|p| p.column.as_str()),
        );
        let json = tree::object(line, &wanted)?;
        // A value of another type makes the line unreadable.
        let text = |name: &str| match json.get(name) {
            None | Some(serde_json::Value::Null) => Some(None),
            Some(serde_json::Value::String(text)) => Some(Some(text.clone())),
            Some(_) => None,
        };
        let value = |value: &Value| match value {
            Value::Constant(value) => Some(Some(value.clone())),
            Value::Column(name) => text(name),
        };
        let account = |value: &serde_json::Value| match value {
            serde_json::Value::Number(n) if self.kind != IdKind::Text => {
                self.account(&n.to_string())
            }
            serde_json::Value::String(text) => self.account(text),
            _ => None,
        };
        let people = |people: &Option<People>| -> Vec<Appearance> {
            let Some(people) = people else { return Vec::new() };
            let list = match json.get(&people.column) {
                None | Some(serde_json::Value::Null) => return Vec::new(),
                Some(serde_json::Value::Array(list)) => list,
                // Not a list: somebody may be in it, and nobody knows who.
                Some(_) => return vec![Appearance { account: None, place: Named::NotGiven }],
            };
            let entry = |value: &serde_json::Value| match &people.account {
                None => Appearance { account: account(value), place: Named::NotGiven },
                Some(name) => {
                    let number = |name: &str| value.get(name).and_then(serde_json::Value::as_i64);
                    let place = match &people.span {
                        None => Named::NotGiven,
                        Some((start, end)) => number(start)
                            .zip(number(end))
                            .map_or(Named::Null, |(start, end)| Named::At(start, end)),
                    };
                    Appearance { account: value.get(name).and_then(account), place }
                }
            };
            list.iter().map(entry).collect()
        };
        let created = json.get(&columns.created.column).and_then(|value| match value {
            serde_json::Value::String(text) => day::parse(text, self.zone),
            serde_json::Value::Number(n) => {
                let a_second = a_second(columns.created.unit?);
                let count = n.as_i64()?;
                let micros = if a_second <= 1_000_000 {
                    count.checked_mul(1_000_000 / a_second)?
                } else {
                    count.div_euclid(a_second / 1_000_000)
                };
                let moment = jiff::Timestamp::from_microsecond(micros).ok()?;
                Some(day::of_date(self.zone.time_zone().to_datetime(moment).date()))
            }
            _ => None,
        });
        Some(Record {
            id: match json.get(&columns.record) {
                Some(serde_json::Value::Number(n)) if !n.is_f64() => Some(RecordId(n.to_string())),
                Some(serde_json::Value::Number(_)) => return None,
                _ => text(&columns.record)?.map(RecordId),
            },
            kind: value(&columns.kind)?,
            visibility: value(&columns.visibility)?,
            author: json.get(&columns.author).and_then(account),
            created,
            text: columns.text.as_ref().and_then(|name| text(name).flatten()),
            mentioned: people(&columns.mentioned),
            depicted: people(&columns.depicted),
        })
    }
}

fn a_second(unit: Unit) -> i64 {
    match unit {
        Unit::Seconds => 1,
        Unit::Millis => 1_000,
        Unit::Micros => 1_000_000,
        Unit::Nanos => 1_000_000_000,
    }
}

fn arrow_failed(path: &Path, error: &arrow::error::ArrowError) -> Error {
    Error::input(
        path,
        None,
        format!("a column cannot be read ({error})"),
        "the file is of another schema",
    )
}

impl Reader<'_> {
    /// Every record of that id in a file, with its position.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn find(
        &self,
        path: &Path,
        format: Format,
        id: &str,
    ) -> Result<Vec<(Place, Record)>, Error> {
        let mut found = Vec::new();
        if format == Format::Jsonl {
            self.for_each(path, format, |place, record| {
                let here = record.filter(|r| r.id.as_ref().is_some_and(|r| r.0 == id));
                found.extend(here.map(|record| (place, record)));
                Ok(())
            })?;
            return Ok(found);
        }
        // The ids alone first; the rest only of row groups that hold a hit.
        let file = ParquetFile::open(path)?;
        let mut first = 0;
        for piece in file.pieces(1) {
            let (mut hits, mut rows) = (Vec::new(), 0);
            for batch in
                file.read(Some(piece.clone()), Some(&[self.columns.record.as_str().into()]))?
            {
                let batch = batch?;
                let ids = batch.columns().first().ok_or_else(|| {
                    let place = Some(Place::Column(self.columns.record.clone()));
                    Error::input(
                        path,
                        place,
                        "there is no such column",
                        "mend `record` under [[corpus]]",
                    )
                })?;
                let ids = arrow::compute::cast(ids, &DataType::Utf8)
                    .map_err(|e| arrow_failed(path, &e))?;
                let ids = ids.as_string::<i32>();
                let here = (0..ids.len()).filter(|row| ids.is_valid(*row) && ids.value(*row) == id);
                hits.extend(here.map(|row| rows + row));
                rows += ids.len();
            }
            if !hits.is_empty() {
                let mut start = 0;
                for batch in file.read(Some(piece), None)? {
                    let batch = batch?;
                    for row in hits.iter().filter(|r| (start..start + batch.num_rows()).contains(r))
                    {
                        let records = self.batch(path, &batch.slice(row - start, 1))?;
                        let place = Place::Row(first + *row as u64);
                        found.extend(records.into_iter().map(|record| (place.clone(), record)));
                    }
                    start += batch.num_rows();
                }
            }
            first += rows as u64;
        }
        Ok(found)
    }
}

/// A day alone, or midnight of it, as a date column in milliseconds prints.
fn birth_date(text: &str) -> Option<Date> {
    day::parse_date(text.strip_suffix("T00:00:00").unwrap_or(text))
}

/// One row of the account facts, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Whose facts.
    pub id: AccountId,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// ISO 3166-1 alpha-2 code.
    pub region: Option<String>,
    /// State of the account.
    pub status: Option<String>,
    /// Person id, as text or number.
    pub person: Option<AccountId>,
    /// The address that its person is reached at.
    pub email: Option<String>,
}

/// Calls `each` with every row of the account facts that has an id.
///
/// # Errors
/// Where a file cannot be read or a column is missing.
pub fn for_each_account(
    source: &AccountSource,
    folder: &Path,
    kind: IdKind,
    mut each: impl FnMut(AccountRow),
) -> Result<(), Error> {
    let (paths, _) = expand(&source.location, folder)?;
    for path in &paths {
        for batch in ParquetFile::open(path)?.read(None, None)? {
            let batch = batch?;
            let text = |name: &String| -> Result<Vec<Option<String>>, Error> {
                let column = batch.column_by_name(name).ok_or_else(|| {
                    let place = Some(Place::Column(name.clone()));
                    Error::input(
                        path,
                        place,
                        "there is no such column",
                        "mend the name under [accounts]",
                    )
                })?;
                let text = arrow::compute::cast(column, &DataType::Utf8)
                    .map_err(|e| arrow_failed(path, &e))?;
                Ok(text.as_string::<i32>().iter().map(|v| v.map(str::to_owned)).collect())
            };
            let optional = |name: &Option<String>| match name {
                Some(name) => text(name),
                None => Ok(vec![None; batch.num_rows()]),
            };
            let ids = text(&source.account)?;
            let (births, regions) = (optional(&source.birth_date)?, optional(&source.region)?);
            let (statuses, persons) = (optional(&source.status)?, optional(&source.person)?);
            let emails = optional(&source.email)?;
            for row in 0..batch.num_rows() {
                let Some(id) = &ids[row] else { continue };
                let Ok(id) = (match kind {
                    IdKind::Text => Ok(AccountId::Text(id.clone())),
                    _ => id.parse().map(AccountId::Number),
                }) else {
                    continue;
                };
                each(AccountRow {
                    id,
                    birth_date: births[row].as_deref().and_then(birth_date),
                    region: regions[row].clone(),
                    status: statuses[row].clone(),
                    person: persons[row]
                        .clone()
                        .filter(|p| !p.trim().is_empty())
                        .map(AccountId::Text),
                    email: emails[row].clone(),
                });
            }
        }
    }
    Ok(())
}
