//! Replacing a text and two lists inside a line, and nothing else of it.

use demur_gate::{Columns, Entry, People, Redaction};
use serde_json::value::RawValue;

use crate::jsonl::record::{Fields, Role, entry_fields};

/// The line with `redaction` carried out.
///
/// # Errors
/// Where the line is not what the redaction was made for.
pub(crate) fn redact_line(
    line: &[u8],
    fields: &Fields,
    columns: &Columns,
    redaction: &Redaction,
) -> Result<Vec<u8>, String> {
    let raw = fields.find(line)?;
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    if let Some(value) = raw.get(Role::Text) {
        let text = serde_json::to_string(&redaction.text).map_err(|e| e.to_string())?;
        edits.push(edit(line, value, text));
    }
    for (role, people, entries) in [
        (Role::Mentioned, &columns.mentioned, &redaction.mentioned),
        (Role::Depicted, &columns.depicted, &redaction.depicted),
    ] {
        if let (Some(value), Some(people)) = (raw.get(role), people) {
            edits.extend(list(value, people, entries)?.map(|text| edit(line, value, text)));
        }
    }
    edits.sort_unstable();
    if edits.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err("two of its columns are one, so what to change is not certain".into());
    }
    let mut out = Vec::with_capacity(line.len());
    let mut copied = 0;
    for (start, end, text) in edits {
        out.extend_from_slice(&line[copied..start]);
        out.extend_from_slice(text.as_bytes());
        copied = end;
    }
    out.extend_from_slice(&line[copied..]);
    Ok(out)
}

/// A replacement of a value by where it stands in the line that it was borrowed from.
fn edit(line: &[u8], value: &RawValue, text: String) -> (usize, usize, String) {
    let start = value.get().as_ptr() as usize - line.as_ptr() as usize;
    (start, start + value.get().len(), text)
}

fn list(value: &RawValue, people: &People, entries: &[Entry]) -> Result<Option<String>, String> {
    let listed: Option<Vec<&RawValue>> =
        serde_json::from_str(value.get()).map_err(|e| e.to_string())?;
    let Some(listed) = listed else { return Ok(None) };
    let mut stays: Vec<String> = Vec::new();
    for (value, entry) in listed.into_iter().zip(entries) {
        match (entry, &people.account) {
            (Entry::Remove, _) => {}
            (Entry::Move(start, end), Some(account)) => {
                stays.push(move_entry(value, people, account, *start, *end)?);
            }
            _ => stays.push(value.get().to_owned()),
        }
    }
    Ok(Some(format!("[{}]", stays.join(","))))
}

fn move_entry(
    value: &RawValue,
    people: &People,
    account: &str,
    start: i64,
    end: i64,
) -> Result<String, String> {
    let [_, first, last] = entry_fields(value, people, account)?;
    let line = value.get();
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for (field, new) in [(first, start), (last, end)] {
        edits.extend(field.map(|field| edit(line.as_bytes(), field, new.to_string())));
    }
    edits.sort_unstable();
    let mut out = line.to_owned();
    for (start, end, text) in edits.into_iter().rev() {
        out.replace_range(start..end, &text);
    }
    Ok(out)
}
