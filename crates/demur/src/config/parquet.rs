//! Holds wanted columns against the schema of a Parquet file.

use std::path::Path;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use demur_core::id::IdKind;
use demur_gate::People;

use super::files::{Expect, Fault, Wanted, shown};
use super::problem::hint_for;

/// The schema of a file, as a build reads it.
pub(super) fn schema(path: &Path, folder: &Path) -> Result<SchemaRef, Fault> {
    demur_corpus::parquet_schema(path).map_err(|error| {
        let said = error.to_string();
        let said = said.lines().next().unwrap_or_default();
        let said = said.strip_prefix(&path.display().to_string()).unwrap_or(said);
        let what = format!("{}{said}", shown(path, folder));
        Fault::new("", what, "copy the file again in full, or take it away")
    })
}

/// The first thing that sets a schema apart from its neighbours'. Nullability does not.
pub(super) fn difference(expected: &Schema, other: &Schema) -> Option<String> {
    for field in expected.fields() {
        match other.field_with_name(field.name()) {
            Err(_) => return Some(format!("it has no column `{}`", field.name())),
            Ok(found) if !found.data_type().equals_datatype(field.data_type()) => {
                return Some(format!(
                    "its column `{}` holds {}, not {}",
                    field.name(),
                    describe(found.data_type()),
                    describe(field.data_type())
                ));
            }
            Ok(_) => {}
        }
    }
    for (field, place) in other.fields().iter().zip(expected.fields()) {
        if expected.field_with_name(field.name()).is_err() {
            return Some(format!("it has a column `{}` more", field.name()));
        }
        if field.name() != place.name() {
            let name = field.name();
            return Some(format!("its columns are in another order, from `{name}` on"));
        }
    }
    let more = other.fields().get(expected.fields().len())?;
    Some(format!("it has a column `{}` more", more.name()))
}

/// What the ids in a column are; `None` where it holds none.
pub(super) fn id_kind(schema: &Schema, column: &str) -> Option<IdKind> {
    kind_of(schema.field_with_name(column).ok()?.data_type())
}

/// What is wrong with the wanted columns.
pub(super) fn check(schema: &Schema, file: &str, wanted: &[Wanted<'_>]) -> Vec<Fault> {
    wanted
        .iter()
        .filter_map(|want| match schema.field_with_name(want.column) {
            Ok(field) => wrong_type(want, field, file),
            Err(_) => {
                let names = schema.fields().iter().map(|field| field.name().as_str());
                let what = format!("{file} has no column `{}`", want.column);
                Some(Fault::new(&want.key, what, hint_for(want.column, names, "its columns are")))
            }
        })
        .collect()
}

fn wrong_type(want: &Wanted<'_>, field: &Field, file: &str) -> Option<Fault> {
    let found = field.data_type();
    // Whatever is null excludes, which is lawful and hardly meant. The account column must say what
    // ids are.
    if *found == DataType::Null && !matches!(want.expect, Expect::Account(None)) {
        let what = format!("column `{}` of {file} holds nothing but nulls", want.column);
        let fix = "fill it, or name another column";
        return Some(Fault { mild: true, ..Fault::new(&want.key, what, fix) });
    }
    let fix = match &want.expect {
        Expect::Id => {
            kind_of(found).is_none().then(|| "name a column of integers or strings".to_owned())
        }
        Expect::Account(kind) => wrong_account(found, *kind),
        Expect::Words => (!is_text(found)).then(|| "name a column of strings".to_owned()),
        Expect::Birth => match found {
            DataType::Date32 | DataType::Date64 => None,
            text if is_text(text) => None,
            DataType::Timestamp(..) => Some(
                "cast it to a date: in which time zone a birthday begins is not for Demur to guess"
                    .to_owned(),
            ),
            _ => Some("name a column of dates, or of strings such as 1990-02-28".to_owned()),
        },
        Expect::Moment(unit) => match found {
            number if number.is_integer() => unit.is_none().then(|| {
                format!(
                    "say what they count: write {{ column = \"{}\", unit = \"ms\" }}; units are s, \
                     ms, us and ns",
                    want.column
                )
            }),
            moment if is_moment(moment) => {
                unit.as_ref()?;
                let what = format!(
                    "column `{}` of {file} holds {}, which need no `unit`",
                    want.column,
                    describe(found)
                );
                let fix = format!("write created = \"{}\"", want.column);
                return Some(Fault { mild: true, ..Fault::new(&want.key, what, fix) });
            }
            _ => {
                Some("name a column of timestamps, dates, ISO 8601 strings or integers".to_owned())
            }
        },
        Expect::People(people, kind) => return wrong_people(want, people, *kind, found, file),
    }?;
    let what = format!("column `{}` of {file} holds {}", want.column, describe(found));
    Some(Fault::new(&want.key, what, fix))
}

fn wrong_account(found: &DataType, accounts: Option<IdKind>) -> Option<String> {
    let Some(kind) = kind_of(found) else {
        return Some("account ids are integers or strings: name a column of these".to_owned());
    };
    let accounts = accounts?;
    if (kind == IdKind::Text) == (accounts == IdKind::Text) {
        return None;
    }
    let other = if accounts == IdKind::Text { "strings" } else { "integers" };
    Some(format!(
        "the account ids in [accounts] are {other}, so nobody would be found: name a column of \
         {other}, or cast it"
    ))
}

fn wrong_people(
    want: &Wanted<'_>,
    people: &People,
    kind: Option<IdKind>,
    found: &DataType,
    file: &str,
) -> Option<Fault> {
    let fault = |key: &str, what: String, fix: String| Some(Fault::new(key, what, fix));
    let (DataType::List(element)
    | DataType::LargeList(element)
    | DataType::FixedSizeList(element, _)
    | DataType::ListView(element)
    | DataType::LargeListView(element)) = found
    else {
        let what = format!("column `{}` of {file} holds {}", want.column, describe(found));
        return fault(&want.key, what, "name a column of lists".to_owned());
    };
    if *element.data_type() == DataType::Null {
        return None;
    }
    let lists = format!("the lists in column `{}` of {file}", want.column);
    let Some(account) = &people.account else {
        if let DataType::Struct(fields) = element.data_type() {
            let what = format!("{lists} hold structs of {}", names(fields).join(", "));
            let fix = format!(
                "say which field is the account: {{ column = \"{}\", account = \"…\" }}",
                want.column
            );
            return fault(&want.key, what, fix);
        }
        let fix = wrong_account(element.data_type(), kind)?;
        return fault(&want.key, format!("{lists} hold {}", describe(element.data_type())), fix);
    };
    let DataType::Struct(fields) = element.data_type() else {
        let what = format!("{lists} hold {}, not structs", describe(element.data_type()));
        return fault(&want.key, what, format!("write \"{}\" alone", want.column));
    };
    let span = people.span.iter().flat_map(|(start, end)| [("start", start), ("end", end)]);
    for (key, name) in std::iter::once(("account", account)).chain(span) {
        let key = format!("{}.{key}", want.key);
        let Some((_, field)) = fields.find(name) else {
            let fix = hint_for(name, names(fields), "their fields are");
            return fault(&key, format!("{lists} have no field `{name}`"), fix);
        };
        let fix = if key.ends_with(".account") {
            wrong_account(field.data_type(), kind)
        } else {
            (!field.data_type().is_integer())
                .then(|| "name a field of integers, which count bytes of the text".to_owned())
        };
        if let Some(fix) = fix {
            let what = format!("field `{name}` of {lists} holds {}", describe(field.data_type()));
            return fault(&key, what, fix);
        }
    }
    None
}

fn names(fields: &Fields) -> Vec<&str> {
    fields.iter().map(|field| field.name().as_str()).collect()
}

fn kind_of(found: &DataType) -> Option<IdKind> {
    match found {
        signed if signed.is_signed_integer() => Some(IdKind::Signed),
        unsigned if unsigned.is_unsigned_integer() => Some(IdKind::Unsigned),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(IdKind::Text),
        DataType::Dictionary(_, values) => kind_of(values),
        _ => None,
    }
}

fn is_moment(found: &DataType) -> bool {
    matches!(found, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64) || is_text(found)
}

fn is_text(found: &DataType) -> bool {
    kind_of(found) == Some(IdKind::Text)
}

/// A type as it is called in a sentence.
fn describe(found: &DataType) -> String {
    match found {
        text if is_text(text) => "strings".to_owned(),
        DataType::Int64 | DataType::UInt64 => "64-bit integers".to_owned(),
        number if number.is_integer() => format!("integers ({number})"),
        number if number.is_floating() => "floating-point numbers".to_owned(),
        DataType::Boolean => "true and false".to_owned(),
        DataType::Timestamp(..) => "timestamps".to_owned(),
        DataType::Date32 | DataType::Date64 => "dates".to_owned(),
        DataType::Struct(_) => "structs".to_owned(),
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::FixedSizeList(..)
        | DataType::ListView(_)
        | DataType::LargeListView(_) => "lists".to_owned(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => "bytes".to_owned(),
        other => format!("the type {other}"),
    }
}
