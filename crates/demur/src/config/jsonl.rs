//! Holds wanted fields against the first lines of a JSON lines file.

use std::collections::BTreeSet;
use std::path::Path;

use demur_core::id::IdKind;
use demur_corpus::Lines;
use demur_gate::People;
use serde_json::{Map, Value};

use super::files::{Expect, Fault, Wanted};
use super::problem::hint_for;

/// How many lines are looked at.
const LINES: usize = 200;

/// What is wrong with the wanted fields.
pub(super) fn check(key: &str, path: &Path, file: &str, wanted: &[Wanted<'_>]) -> Vec<Fault> {
    match Lines::open(path) {
        Ok(lines) => look(lines, key, file, wanted),
        Err(error) => {
            let what = format!("{file} cannot be read: {error}");
            vec![Fault::new(key, what, "let this user read the file")]
        }
    }
}

fn look(mut lines: Lines<'_>, key: &str, file: &str, wanted: &[Wanted<'_>]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut fields: BTreeSet<String> = BTreeSet::new();
    let mut line = Vec::new();
    let mut seen = 0_usize;
    for _ in 0..LINES {
        let number = match lines.next(&mut line) {
            Ok(Some(number)) => number,
            Ok(None) => break,
            Err(error) => {
                faults.push(Fault::new(key, first_line(&error), "copy the file again"));
                break;
            }
        };
        let place = format!("line {number} of {file}");
        let object: Map<String, Value> = match serde_json::from_slice(&line) {
            Ok(object) => object,
            Err(error) => {
                if !faults.iter().any(|fault| fault.key == key) {
                    let what = format!("{place} is not a JSON object: {}", without_line(&error));
                    let fix = "mend the line, or build with --unreadable drop";
                    faults.push(mild(Fault::new(key, what, fix)));
                }
                continue;
            }
        };
        seen += 1;
        for want in wanted {
            if faults.iter().any(|fault| fault.key.starts_with(&want.key)) {
                continue;
            }
            if let Some(value) = object.get(want.column) {
                faults.extend(wrong_value(want, value, &place));
            }
        }
        fields.extend(object.into_iter().map(|(name, _)| name));
    }
    if seen == 0 {
        if faults.is_empty() {
            faults.push(mild(Fault::new(key, format!("{file} is empty"), "mend `location`")));
        }
        return faults;
    }
    let lines = match seen {
        1 => "its first readable line".to_owned(),
        _ => format!("its first {seen} readable lines"),
    };
    for want in wanted.iter().filter(|want| !fields.contains(want.column)) {
        let optional = ["text", "mentioned", "depicted"].iter().any(|end| want.key.ends_with(end));
        let what = format!("{file} has no field `{}` in {lines}", want.column);
        let fix = hint_for(want.column, fields.iter().map(String::as_str), "its fields are");
        faults.push(Fault { mild: optional, ..Fault::new(&want.key, what, fix) });
    }
    faults
}

/// What the reader of JSON says, without its own count of lines, which starts anew with each.
fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

/// An error without its hint, which the check replaces by one of its own.
fn first_line(error: &demur_corpus::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

fn mild(fault: Fault) -> Fault {
    Fault { mild: true, ..fault }
}

fn wrong_value(want: &Wanted<'_>, value: &Value, place: &str) -> Option<Fault> {
    // A null is not a mistake of the configuration: the gate excludes what it cannot know.
    if value.is_null() {
        return None;
    }
    let fix = match &want.expect {
        Expect::Id => (!is_integer(value) && !value.is_string())
            .then(|| "name a field of integers or strings".to_owned()),
        Expect::Account(kind) => wrong_account(value, *kind),
        Expect::Words => (!value.is_string()).then(|| "name a field of strings".to_owned()),
        // Account facts are Parquet.
        Expect::Birth => None,
        Expect::Moment(None) if is_integer(value) => Some(format!(
            "say what it counts: write {{ column = \"{}\", unit = \"ms\" }}; units are s, ms, us \
             and ns",
            want.column
        )),
        Expect::Moment(None) => (!value.is_string())
            .then(|| "name a field of ISO 8601 strings, or of integers with a unit".to_owned()),
        Expect::Moment(Some(_)) => (!is_integer(value) && !value.is_string())
            .then(|| "name a field of integers, or of ISO 8601 strings".to_owned()),
        Expect::People(people, kind) => return wrong_people(want, people, *kind, value, place),
    }?;
    let what = format!("field `{}` is {} on {place}", want.column, describe(value));
    Some(Fault::new(&want.key, what, fix))
}

fn wrong_people(
    want: &Wanted<'_>,
    people: &People,
    kind: Option<IdKind>,
    value: &Value,
    place: &str,
) -> Option<Fault> {
    let fault = |key: &str, what: String, fix: String| Some(Fault::new(key, what, fix));
    let Some(list) = value.as_array() else {
        let what = format!("field `{}` is {} on {place}", want.column, describe(value));
        return fault(&want.key, what, "name a field of lists".to_owned());
    };
    let element = list.iter().find(|element| !element.is_null())?;
    let inside = format!("field `{}` holds {} on {place}", want.column, describe(element));
    let Some(account) = &people.account else {
        if element.is_object() {
            let fix = format!(
                "say which field is the account: {{ column = \"{}\", account = \"…\" }}",
                want.column
            );
            return fault(&want.key, inside, fix);
        }
        return fault(&want.key, inside, wrong_account(element, kind)?);
    };
    let Some(object) = element.as_object() else {
        return fault(&want.key, inside, format!("write \"{}\" alone", want.column));
    };
    let span = people.span.iter().flat_map(|(start, end)| [("start", start), ("end", end)]);
    for (key, name) in std::iter::once(("account", account)).chain(span) {
        let key = format!("{}.{key}", want.key);
        let Some(found) = object.get(name) else {
            let what =
                format!("field `{}` holds an object without `{name}` on {place}", want.column);
            let fix = hint_for(name, object.keys().map(String::as_str), "its fields are");
            return fault(&key, what, fix);
        };
        let fix = match found {
            Value::Null => None,
            found if key.ends_with(".account") => wrong_account(found, kind),
            found => (!is_integer(found))
                .then(|| "name a field of integers, which count bytes of the text".to_owned()),
        };
        if let Some(fix) = fix {
            let what =
                format!("`{name}` in field `{}` is {} on {place}", want.column, describe(found));
            return fault(&key, what, fix);
        }
    }
    None
}

fn wrong_account(value: &Value, accounts: Option<IdKind>) -> Option<String> {
    if !is_integer(value) && !value.is_string() {
        return Some("account ids are integers or strings: name a field of these".to_owned());
    }
    let accounts = accounts?;
    // Many exporters write 64-bit numbers as strings, which the gate reads as well.
    let digits = |text: &str| text.parse::<i128>().is_ok_and(|n| n.to_string() == text);
    let fits = match accounts {
        IdKind::Text => value.is_string(),
        IdKind::Signed | IdKind::Unsigned => {
            is_integer(value) || value.as_str().is_some_and(digits)
        }
    };
    if fits {
        return None;
    }
    let other = if accounts == IdKind::Text { "strings" } else { "integers" };
    Some(format!(
        "the account ids in [accounts] are {other}, so nobody would be found: name a field of \
         {other}"
    ))
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

/// A value as it is called in a sentence; never the value itself, which may be personal data.
fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) if is_integer(value) => "an integer",
        Value::Number(_) => "a number with a fraction",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
