//! Reading the account facts, a column at a time.

use std::path::{Path, PathBuf};

use arrow::array::types::{Date32Type, Date64Type};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use demur_core::day;
use demur_core::facts::AccountFacts;
use demur_core::id::IdKind;
use demur_gate::arrays::{Id, Ids, Texts};
use demur_snapshot::Key;
use jiff::civil::Date;

use crate::digest;
use crate::error::{Error, Place};
use crate::parquet::{ParquetFile, open_alike};
use crate::source::{AccountSource, Format, expand};

/// The account facts' files, opened.
#[derive(Debug)]
pub struct Accounts<'a> {
    source: &'a AccountSource,
    files: Vec<ParquetFile>,
    kind: IdKind,
}

/// Rows a piece, about.
const PIECE: u64 = 1 << 18;

/// Some neighbouring row groups of one file.
#[derive(Debug)]
pub struct Piece<'a> {
    file: &'a ParquetFile,
    groups: Vec<usize>,
}

/// One row of the account facts.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// Whose facts.
    pub id: Key<'a>,
    /// What is known.
    pub facts: AccountFacts<'a>,
    /// The person behind the account.
    pub person: Option<Key<'a>>,
}

/// How someone is reached, as one row of the account facts says.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    /// Whose row.
    pub id: Key<'a>,
    /// The person behind the account.
    pub person: Option<Key<'a>>,
    /// The e-mail address.
    pub email: Option<&'a str>,
    /// The locale of the account.
    pub locale: Option<&'a str>,
    /// Where the account is at home.
    pub region: Option<&'a str>,
}

impl<'a> Accounts<'a> {
    /// Opens the files; `folder` is that of the configuration.
    ///
    /// # Errors
    /// Where a file is missing or damaged, or a column is missing or of a wrong type.
    pub fn open(source: &'a AccountSource, folder: &Path) -> Result<Self, Error> {
        let (paths, format) = expand(&source.location, folder)?;
        if format != Format::Parquet {
            let hint = "account facts are read from Parquet files";
            return Err(Error::input(&paths[0], None, "not Parquet", hint));
        }
        let files = open_alike(&paths)?;
        let schema = files[0].schema();
        let kind = match schema.field_with_name(&source.account).map(|f| f.data_type().clone()) {
            Ok(DataType::Dictionary(_, value)) => id_kind(&value),
            Ok(other) => id_kind(&other),
            Err(_) => {
                let place = Some(Place::Column(source.account.clone()));
                let hint = "mend `account` under [accounts]";
                return Err(Error::input(&paths[0], place, "there is no such column", hint));
            }
        };
        let Some(kind) = kind else {
            let place = Some(Place::Column(source.account.clone()));
            let hint = "account ids are 64-bit integers or strings";
            return Err(Error::input(&paths[0], place, "it cannot hold account ids", hint));
        };
        Ok(Accounts { source, files, kind })
    }

    /// What account ids are.
    #[must_use]
    pub fn id_kind(&self) -> IdKind {
        self.kind
    }

    /// Rows of all files.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.files.iter().map(ParquetFile::rows).sum()
    }

    /// One digest over names and contents of the files.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn digest(&self) -> Result<String, Error> {
        let paths: Vec<PathBuf> = self.files.iter().map(|f| f.path.clone()).collect();
        digest::of_files(&paths)
    }

    /// The files in pieces that can be read side by side.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        for file in &self.files {
            pieces.extend(file.pieces(PIECE).into_iter().map(|groups| Piece { file, groups }));
        }
        pieces
    }

    /// Calls `each` with every row of a piece whose account id is not null, in the order of the file.
    /// Returns how many ids were null: facts of nobody, which help nobody.
    ///
    /// # Errors
    /// Where the file is damaged or a column is of a wrong type.
    pub fn for_each(
        &self,
        piece: &Piece<'_>,
        mut each: impl FnMut(Account<'_>),
    ) -> Result<u64, Error> {
        let source = self.source;
        let optional = [&source.birth_date, &source.region, &source.status, &source.person];
        let mut columns: Vec<&str> = optional.into_iter().flatten().map(String::as_str).collect();
        columns.push(&source.account);
        let mut nobody = 0;
        for batch in piece.file.read(Some(piece.groups.clone()), Some(&columns))? {
            nobody += self.batch(&piece.file.path, &batch?, &mut each)?;
        }
        Ok(nobody)
    }

    /// Calls `each` with how to reach whoever has a row in a piece; rows without an id are passed over.
    ///
    /// # Errors
    /// As [`for_each`](Self::for_each).
    pub fn for_each_reach(
        &self,
        piece: &Piece<'_>,
        mut each: impl FnMut(Reach<'_>),
    ) -> Result<(), Error> {
        let source = self.source;
        let path = &piece.file.path;
        let optional = [&source.region, &source.person, &source.email, &source.locale];
        let mut columns: Vec<&str> = optional.into_iter().flatten().map(String::as_str).collect();
        columns.push(&source.account);
        for batch in piece.file.read(Some(piece.groups.clone()), Some(&columns))? {
            let batch = batch?;
            let texts = |name: &Option<String>, role| texts(path, &batch, name, role);
            let ids = column(path, &batch, &source.account, "account")?;
            let ids = Ids::new(ids, self.kind, &source.account, "account").map_err(gate(path))?;
            let regions = texts(&source.region, "region")?;
            let emails = texts(&source.email, "email")?;
            let locales = texts(&source.locale, "locale")?;
            let persons = match &source.person {
                Some(name) => Some(persons(path, column(path, &batch, name, "person")?, name)?),
                None => None,
            };
            for row in 0..batch.num_rows() {
                let Id::Known(id) = ids.get(row) else { continue };
                each(Reach {
                    id,
                    person: person(persons.as_ref(), row),
                    email: emails.as_ref().and_then(|e| e.get(row)),
                    locale: locales.as_ref().and_then(|l| l.get(row)),
                    region: regions.as_ref().and_then(|r| r.get(row)),
                });
            }
        }
        Ok(())
    }

    fn batch(
        &self,
        path: &Path,
        batch: &RecordBatch,
        each: &mut impl FnMut(Account<'_>),
    ) -> Result<u64, Error> {
        let source = self.source;
        let texts = |name: &Option<String>, role| texts(path, batch, name, role);
        let ids = column(path, batch, &source.account, "account")?;
        let ids = Ids::new(ids, self.kind, &source.account, "account").map_err(gate(path))?;
        let births = match &source.birth_date {
            Some(name) => Some(Births::new(path, column(path, batch, name, "birth_date")?, name)?),
            None => None,
        };
        let regions = texts(&source.region, "region")?;
        let statuses = texts(&source.status, "status")?;
        let persons = match &source.person {
            Some(name) => Some(persons(path, column(path, batch, name, "person")?, name)?),
            None => None,
        };

        let mut nobody = 0;
        for row in 0..batch.num_rows() {
            let Id::Known(id) = ids.get(row) else {
                nobody += 1;
                continue;
            };
            let facts = AccountFacts {
                birth_date: births.as_ref().and_then(|b| b.get(row)),
                region: regions.as_ref().and_then(|r| r.get(row)),
                status: statuses.as_ref().and_then(|s| s.get(row)),
            };
            each(Account { id, facts, person: person(persons.as_ref(), row) });
        }
        Ok(nobody)
    }
}

fn texts(
    path: &Path,
    batch: &RecordBatch,
    name: &Option<String>,
    role: &'static str,
) -> Result<Option<Texts>, Error> {
    let Some(name) = name else { return Ok(None) };
    Texts::new(column(path, batch, name, role)?, name, role).map(Some).map_err(gate(path))
}

fn person(persons: Option<&Ids>, row: usize) -> Option<Key<'_>> {
    match persons?.get(row) {
        // Many exports write nothing as an empty text; nobody shares a person by that.
        Id::Known(Key::Text(text)) if text.trim().is_empty() => None,
        Id::Known(person) => Some(person),
        _ => None,
    }
}

fn column<'a>(
    path: &Path,
    batch: &'a RecordBatch,
    name: &str,
    role: &'static str,
) -> Result<&'a ArrayRef, Error> {
    demur_gate::arrays::column(batch, name, role).map_err(gate(path))
}

fn gate(path: &Path) -> impl Fn(demur_gate::Error) -> Error {
    move |error| {
        Error::input(path, None, error.to_string(), "mend the name under [accounts], or the file")
    }
}

fn id_kind(data_type: &DataType) -> Option<IdKind> {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(IdKind::Text),
        t if t.is_unsigned_integer() => Some(IdKind::Unsigned),
        t if t.is_signed_integer() => Some(IdKind::Signed),
        _ => None,
    }
}

fn persons(path: &Path, array: &ArrayRef, name: &str) -> Result<Ids, Error> {
    let inner = match array.data_type() {
        DataType::Dictionary(_, value) => value.as_ref(),
        other => other,
    };
    // A column without any person may have been written as one of nulls.
    let kind = id_kind(inner).unwrap_or(IdKind::Text);
    Ids::new(array, kind, name, "person").map_err(gate(path))
}

/// A column of birth dates.
enum Births {
    Days(ArrayRef),
    Millis(ArrayRef),
    Texts(Texts),
}

impl Births {
    fn new(path: &Path, array: &ArrayRef, name: &str) -> Result<Self, Error> {
        Ok(match array.data_type() {
            DataType::Date32 => Births::Days(array.clone()),
            DataType::Date64 => Births::Millis(array.clone()),
            other => Births::Texts(Texts::new(array, name, "birth_date").map_err(|_| {
                let what = format!("it is {other}, named as `birth_date`");
                let hint = "a birth date is a date (or text such as 1990-02-28); cast the column";
                Error::input(path, Some(Place::Column(name.to_owned())), what, hint)
            })?),
        })
    }

    fn get(&self, row: usize) -> Option<Date> {
        match self {
            Births::Days(array) | Births::Millis(array) if array.is_null(row) => None,
            Births::Days(array) => day::to_date(array.as_primitive::<Date32Type>().value(row)),
            Births::Millis(array) => {
                let days = array.as_primitive::<Date64Type>().value(row).div_euclid(86_400_000);
                day::to_date(i32::try_from(days).ok()?)
            }
            // A text that is no date is a birth date that nobody knows.
            Births::Texts(texts) => texts.get(row).and_then(day::parse_date),
        }
    }
}
