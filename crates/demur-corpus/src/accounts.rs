//! Reading the account facts, a column at a time.

mod kin;
mod standing;

use std::path::{Path, PathBuf};

use arrow::array::types::{Date32Type, Date64Type};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use demur_core::day;
use demur_core::facts::{AccountFacts, Standing};
use demur_core::id::IdKind;
use demur_core::purpose::Purpose;
use demur_gate::Needed;
use demur_gate::arrays::{Id, Ids, Texts};
use demur_snapshot::Key;
use jiff::civil::Date;

pub use self::kin::Kin;
use self::standing::Standings;
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

/// One row of the account facts, with how its person is reached.
#[derive(Clone, Copy)]
pub struct Contact<'a> {
    /// What rules are judged by.
    pub account: Account<'a>,
    /// The address.
    pub email: Option<&'a str>,
    /// The language that the person chose.
    pub locale: Option<&'a str>,
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
        self.read(piece, &[], |batch| {
            self.batch(&piece.file.path, batch, &mut |_, account| each(account))
        })
    }

    /// The same with where each account stands for a purpose, which is all that a snapshot keeps. `told`
    /// says of an account whether its notice was in time; it is asked where the purpose requires one.
    ///
    /// # Errors
    /// As [`for_each`](Self::for_each).
    pub fn for_each_standing(
        &self,
        piece: &Piece<'_>,
        purpose: &Purpose,
        told: impl Fn(Key<'_>) -> bool,
        mut each: impl FnMut(Key<'_>, Standing, Option<Key<'_>>),
    ) -> Result<u64, Error> {
        let mut standings = Standings::new(purpose);
        self.read(piece, &[], |batch| {
            let facts = Facts::new(&piece.file.path, batch, self)?;
            let places = standings.places(&facts);
            Ok(facts.each(|row, id, person| {
                let told = purpose.notice.required && told(id);
                each(id, standings.of(&facts, &places, row, told), person);
            }))
        })
    }

    /// The same with how each person is reached.
    ///
    /// # Errors
    /// As [`for_each`](Self::for_each).
    pub fn for_each_contact(
        &self,
        piece: &Piece<'_>,
        mut each: impl FnMut(Contact<'_>),
    ) -> Result<u64, Error> {
        let (path, source) = (&piece.file.path, self.source);
        self.read(piece, &[&source.email, &source.locale], |batch| {
            let emails = texts(path, batch, &source.email, "email")?;
            let locales = texts(path, batch, &source.locale, "locale")?;
            self.batch(path, batch, &mut |row, account| {
                let email = emails.as_ref().and_then(|texts| texts.get(row));
                let locale = locales.as_ref().and_then(|texts| texts.get(row));
                each(Contact { account, email, locale });
            })
        })
    }

    /// Reads the columns that rules need, and `more`.
    fn read(
        &self,
        piece: &Piece<'_>,
        more: &[&Option<String>],
        mut each: impl FnMut(&RecordBatch) -> Result<u64, Error>,
    ) -> Result<u64, Error> {
        let source = self.source;
        let optional = [&source.birth_date, &source.region, &source.status, &source.person];
        let optional = optional.into_iter().chain(more.iter().copied());
        let mut columns: Vec<Needed<'_>> =
            optional.flatten().map(|name| name.as_str().into()).collect();
        columns.push(source.account.as_str().into());
        let mut nobody = 0;
        for batch in piece.file.read(Some(piece.groups.clone()), Some(&columns))? {
            nobody += each(&batch?)?;
        }
        Ok(nobody)
    }

    fn batch(
        &self,
        path: &Path,
        batch: &RecordBatch,
        each: &mut impl FnMut(usize, Account<'_>),
    ) -> Result<u64, Error> {
        let facts = Facts::new(path, batch, self)?;
        Ok(facts.each(|row, id, person| each(row, Account { id, facts: facts.get(row), person })))
    }
}

/// The columns of one batch.
struct Facts {
    rows: usize,
    ids: Ids,
    births: Option<Births>,
    regions: Option<Texts>,
    statuses: Option<Texts>,
    persons: Option<Ids>,
}

impl Facts {
    fn new(path: &Path, batch: &RecordBatch, accounts: &Accounts<'_>) -> Result<Self, Error> {
        let source = accounts.source;
        let ids = column(path, batch, &source.account, "account")?;
        let ids = Ids::new(ids, accounts.kind, &source.account, "account").map_err(gate(path))?;
        let births = match &source.birth_date {
            Some(name) => Some(Births::new(path, column(path, batch, name, "birth_date")?, name)?),
            None => None,
        };
        let regions = texts(path, batch, &source.region, "region")?;
        let statuses = texts(path, batch, &source.status, "status")?;
        let persons = match &source.person {
            Some(name) => Some(persons(path, column(path, batch, name, "person")?, name)?),
            None => None,
        };
        Ok(Facts { rows: batch.num_rows(), ids, births, regions, statuses, persons })
    }

    /// Calls `each` with row, account and person of every row that has an account id. Returns how
    /// many have none.
    fn each(&self, mut each: impl FnMut(usize, Key<'_>, Option<Key<'_>>)) -> u64 {
        let mut nobody = 0;
        for row in 0..self.rows {
            let Id::Known(id) = self.ids.get(row) else {
                nobody += 1;
                continue;
            };
            let person = match self.persons.as_ref().map(|p| p.get(row)) {
                // Many exports write nothing as an empty text; nobody shares a person by that.
                Some(Id::Known(Key::Text(text))) if text.trim().is_empty() => None,
                Some(Id::Known(person)) => Some(person),
                _ => None,
            };
            each(row, id, person);
        }
        nobody
    }

    fn get(&self, row: usize) -> AccountFacts<'_> {
        AccountFacts {
            birth_date: self.births.as_ref().and_then(|b| b.get(row)),
            region: self.regions.as_ref().and_then(|r| r.get(row)),
            status: self.statuses.as_ref().and_then(|s| s.get(row)),
        }
    }
}

/// A column of texts, where one is named.
fn texts(
    path: &Path,
    batch: &RecordBatch,
    name: &Option<String>,
    role: &'static str,
) -> Result<Option<Texts>, Error> {
    let open = |name: &String| {
        Texts::new(column(path, batch, name, role)?, name, role).map_err(gate(path))
    };
    name.as_ref().map(open).transpose()
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

/// What a column holds, dictionary or not.
fn inner(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::Dictionary(_, value) => value.as_ref(),
        other => other,
    }
}

fn persons(path: &Path, array: &ArrayRef, name: &str) -> Result<Ids, Error> {
    // A column without any person may have been written as one of nulls.
    let kind = id_kind(inner(array.data_type())).unwrap_or(IdKind::Text);
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
