//! Reading tables that other systems export: CSV or Parquet, by column name.

use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, TimeUnit};
use demur_core::id::{AccountId, IdKind};
use jiff::Timestamp;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::failure::Failure;

/// One row, its values as text; lists become `a|b`.
pub(crate) struct Row {
    /// The line of a CSV file, or the row of a Parquet file counted from 1.
    pub(crate) line: u64,
    values: Vec<Option<String>>,
}

impl Row {
    /// The value of a column by its place in the list given to [`read`], without spaces around it;
    /// empty text is no value.
    pub(crate) fn get(&self, column: usize) -> Option<&str> {
        self.exact(column).map(str::trim).filter(|v| !v.is_empty())
    }

    /// The same with its spaces, which are part of an id.
    pub(crate) fn exact(&self, column: usize) -> Option<&str> {
        self.values[column].as_deref().filter(|v| !v.trim().is_empty())
    }

    /// An account id; spaces around a number mean nothing.
    pub(crate) fn account(&self, column: usize, kind: IdKind) -> Result<Option<AccountId>, String> {
        let text = if kind == IdKind::Text { self.exact(column) } else { self.get(column) };
        text.map(|text| AccountId::parse(kind, text)).transpose()
    }

    /// The value of a column that every row must have.
    pub(crate) fn need(&self, column: usize, name: &str) -> Result<&str, String> {
        self.get(column).ok_or_else(|| format!("`{name}` is empty"))
    }
}

/// Reads a file whose columns are among `names`; the first `required` of them must be there.
///
/// # Errors
/// Names the file and line, the column that is missing, or the one that is not known.
pub(crate) fn read(path: &Path, names: &[&str], required: usize) -> Result<Vec<Row>, Failure> {
    let parquet = path.extension().is_some_and(|e| e == "parquet");
    if parquet { read_parquet(path, names, required) } else { read_csv(path, names, required) }
}

/// For each wanted name, where it is among the columns.
fn places<'a>(
    path: &Path,
    found: impl Iterator<Item = &'a str>,
    names: &[&str],
    required: usize,
) -> Result<Vec<Option<usize>>, Failure> {
    let found: Vec<&str> = found.collect();
    for (at, column) in found.iter().enumerate() {
        let known = names.contains(column);
        if !known || found[..at].contains(column) {
            let (what, hint) = if known {
                ("there twice", "leave one out".to_owned())
            } else {
                ("not known", format!("columns are {}", names.join(", ")))
            };
            return Err(Failure::input(format!(
                "{}: column `{column}` is {what}\n  hint: {hint}",
                path.display()
            )));
        }
    }
    let places: Vec<Option<usize>> =
        names.iter().map(|name| found.iter().position(|f| f == name)).collect();
    match places[..required].iter().position(Option::is_none) {
        None => Ok(places),
        Some(missing) => Err(Failure::input(format!(
            "{}: there is no column `{}`\n  hint: the columns needed are {}; there are {}",
            path.display(),
            names[missing],
            names[..required].join(", "),
            if found.is_empty() { "none".to_owned() } else { found.join(", ") }
        ))),
    }
}

fn read_csv(path: &Path, names: &[&str], required: usize) -> Result<Vec<Row>, Failure> {
    let broken = |e: &csv::Error| {
        let line = e.position().map_or(String::new(), |p| format!(":{}", p.line()));
        let hint = "every line has as many values as the first";
        Failure::input(format!("{}{line}: {e}\n  hint: {hint}", path.display()))
    };
    let text = text_of(path)?;
    check_quotes(path, &text)?;
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| broken(&e))?.clone();
    // Spreadsheets put a byte order mark before the first name.
    let found = header.iter().map(|name| name.trim_start_matches('\u{feff}'));
    let places = places(path, found, names, required)?;
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| broken(&e))? {
        let line = record.position().map_or(0, csv::Position::line);
        let value = |place: &Option<usize>| place.and_then(|at| record.get(at)).map(str::to_owned);
        rows.push(Row { line, values: places.iter().map(value).collect() });
    }
    Ok(rows)
}

/// A CSV file's text, which is UTF-8.
fn text_of(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path)
        .map_err(|e| Failure::input(format!("{}: could not read: {e}", path.display())))?;
    if bytes.starts_with(b"PAR1") {
        let hint = "name it .parquet";
        return Err(Failure::input(format!(
            "{}: this is a Parquet file\n  hint: {hint}",
            path.display()
        )));
    }
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let line = e.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
        let hint = "save the file as CSV in UTF-8";
        Failure::input(format!("{}:{line}: not UTF-8\n  hint: {hint}", path.display()))
    })
}

/// Refuses quotes that a lenient reader would guess about (RFC 4180): one that is never closed swallows
/// every line after it, and with them everybody who objected there.
fn check_quotes(path: &Path, text: &str) -> Result<(), Failure> {
    let wrong = |line: usize, what: &str| {
        let hint = "a value with a comma, a quote or a line end stands in quotes, and a quote in it is doubled";
        Err(Failure::input(format!("{}:{line}: {what}\n  hint: {hint}", path.display())))
    };
    let (mut line, mut opened) = (1, None);
    let mut field_starts = true;
    let mut chars = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match (opened, c) {
            (Some(_), '"') if chars.peek() == Some(&'"') => {
                chars.next();
            }
            (Some(_), '"') => {
                opened = None;
                if !matches!(chars.peek(), None | Some(',' | '\r' | '\n')) {
                    return wrong(line, "something follows a closing quote");
                }
            }
            (Some(_), _) => {}
            (None, '"') if field_starts => opened = Some(line),
            (None, '"') => return wrong(line, "a quote stands inside a value that is not quoted"),
            (None, _) => {}
        }
        field_starts = opened.is_none() && matches!(c, ',' | '\n' | '\r');
    }
    match opened {
        Some(line) => wrong(line, "a quote is opened here and never closed"),
        None => Ok(()),
    }
}

fn read_parquet(path: &Path, names: &[&str], required: usize) -> Result<Vec<Row>, Failure> {
    let shown = path.display();
    let broken = |e: &dyn std::fmt::Display| {
        Failure::input(format!("{shown}: not a whole Parquet file ({e})\n  hint: write it again"))
    };
    let file = std::fs::File::open(path)
        .map_err(|e| Failure::input(format!("{shown}: could not open: {e}")))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| broken(&e))?;
    let schema = builder.schema().clone();
    let found = schema.fields().iter().map(|f| f.name().as_str());
    let places = places(path, found, names, required)?;
    let mut rows = Vec::new();
    for batch in builder.build().map_err(|e| broken(&e))? {
        let batch = batch.map_err(|e| broken(&e))?;
        let columns = places
            .iter()
            .zip(names)
            .map(|(place, name)| place.map(|at| text(path, &batch, at, name)).transpose())
            .collect::<Result<Vec<_>, Failure>>()?;
        for row in 0..batch.num_rows() {
            let value =
                |column: &Option<Vec<Option<String>>>| column.as_ref().and_then(|c| c[row].clone());
            rows.push(Row {
                line: rows.len() as u64 + 1,
                values: columns.iter().map(value).collect(),
            });
        }
    }
    Ok(rows)
}

fn text(
    path: &Path,
    batch: &RecordBatch,
    at: usize,
    name: &str,
) -> Result<Vec<Option<String>>, Failure> {
    let array = batch.column(at);
    let strings = |array: &ArrayRef| -> Result<Vec<Option<String>>, Failure> {
        let text = arrow::compute::cast(array, &DataType::Utf8).map_err(|e| {
            Failure::input(format!(
                "{}: column `{name}` cannot be read as text ({e})",
                path.display()
            ))
        })?;
        Ok(text.as_string::<i32>().iter().map(|v| v.map(str::to_owned)).collect())
    };
    match array.data_type() {
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => {
            let list = arrow::compute::cast(array, &DataType::LargeList(item.clone()))
                .map_err(|e| Failure::input(format!("{}: column `{name}`: {e}", path.display())))?;
            let list = list.as_list::<i64>();
            let entries = |row: usize| -> Result<Option<String>, Failure> {
                if list.is_null(row) {
                    return Ok(None);
                }
                let entries = strings(&list.value(row))?;
                Ok(Some(entries.into_iter().flatten().collect::<Vec<_>>().join("|")))
            };
            (0..list.len()).map(entries).collect()
        }
        DataType::Timestamp(_, zone) => {
            // Without a zone a timestamp is taken as UTC, as everywhere else.
            let utc = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
            let micros = arrow::compute::cast(array, &utc)
                .and_then(|a| arrow::compute::cast(&a, &DataType::Int64));
            let micros = micros.map_err(|e| Failure::input(format!("{}: {e}", path.display())))?;
            let micros = micros.as_primitive::<arrow::datatypes::Int64Type>();
            // One that no calendar holds stays a number, which is then refused as no moment.
            let moment =
                |m: i64| Timestamp::from_microsecond(m).map_or(m.to_string(), |t| t.to_string());
            Ok(micros.iter().map(|m| m.map(moment)).collect())
        }
        _ => strings(array),
    }
}

/// Reads a moment (RFC 3339, or ISO 8601 in UTC) or a day, which stands for its beginning in UTC.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let naive = text.parse::<jiff::civil::DateTime>().ok();
    naive.and_then(|n| jiff::tz::TimeZone::UTC.to_timestamp(n).ok()).ok_or_else(|| {
        format!("\"{text}\" is not a moment; write it like 2025-05-27T09:30:00Z or 2025-05-27")
    })
}
