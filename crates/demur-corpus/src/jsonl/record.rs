//! One line: which of its values the verdict needs, and what they are.
//!
//! Stricter than most readers on purpose. Readers that disagree about a line (a key twice, a cut
//! end) let it show one author to the gate and another to the trainer, so such a line is unreadable.

use std::borrow::Cow;
use std::fmt;

use demur_core::day::{self, Day, Zone};
use demur_core::id::IdKind;
use demur_gate::{Columns, Unit, Value};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The names of the fields that the verdict needs, by what they stand for.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    names: Vec<(Role, String)>,
    created_unit: Option<Unit>,
    mentioned: Option<demur_gate::People>,
    depicted: Option<demur_gate::People>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Record,
    Author,
    Kind,
    Visibility,
    Created,
    Text,
    Mentioned,
    Depicted,
}

/// Whether there is a field for each role, by `Role as usize`.
pub(crate) type Present = [bool; Role::COUNT];

impl Role {
    const COUNT: usize = 8;

    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::Record => "record",
            Role::Author => "author",
            Role::Kind => "kind",
            Role::Visibility => "visibility",
            Role::Created => "created",
            Role::Text => "text",
            Role::Mentioned => "mentioned",
            Role::Depicted => "depicted",
        }
    }
}

impl Fields {
    pub(crate) fn new(columns: &Columns) -> Self {
        let mut names = vec![
            (Role::Record, columns.record.clone()),
            (Role::Author, columns.author.clone()),
            (Role::Created, columns.created.column.clone()),
        ];
        for (role, value) in [(Role::Kind, &columns.kind), (Role::Visibility, &columns.visibility)]
        {
            if let Value::Column(name) = value {
                names.push((role, name.clone()));
            }
        }
        names.extend(columns.text.clone().map(|name| (Role::Text, name)));
        for (role, people) in
            [(Role::Mentioned, &columns.mentioned), (Role::Depicted, &columns.depicted)]
        {
            names.extend(people.as_ref().map(|p| (role, p.column.clone())));
        }
        Fields {
            names,
            created_unit: columns.created.unit,
            mentioned: columns.mentioned.clone(),
            depicted: columns.depicted.clone(),
        }
    }

    /// Names of lists of people.
    pub(crate) fn lists(&self) -> impl Iterator<Item = (Role, &str)> {
        let list = |role| matches!(role, Role::Mentioned | Role::Depicted);
        self.names.iter().filter(move |(role, _)| list(*role)).map(|(r, n)| (*r, n.as_str()))
    }

    /// Names of fields without which no record can be judged.
    pub(crate) fn required(&self) -> impl Iterator<Item = (Role, &str)> {
        let optional = |role| matches!(role, Role::Text | Role::Mentioned | Role::Depicted);
        self.names.iter().filter(move |(role, _)| !optional(*role)).map(|(r, n)| (*r, n.as_str()))
    }
}

/// The values of one line that the verdict needs.
#[derive(Debug, Default)]
pub(crate) struct Parsed<'a> {
    pub(crate) record: Option<Cow<'a, str>>,
    pub(crate) author: Option<Id<'a>>,
    pub(crate) kind: Option<Cow<'a, str>>,
    pub(crate) visibility: Option<Cow<'a, str>>,
    pub(crate) created: Option<Day>,
    pub(crate) text: Option<Cow<'a, str>>,
    pub(crate) mentioned: Option<Vec<Listed<'a>>>,
    pub(crate) depicted: Option<Vec<Listed<'a>>>,
    /// Which roles the line has a field for.
    pub(crate) present: Present,
}

/// An account id, in the kind that the account facts have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Id<'a> {
    Signed(i64),
    Unsigned(u64),
    Text(Cow<'a, str>),
}

/// One entry of a list of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed<'a> {
    pub(crate) id: Option<Id<'a>>,
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
}

/// The values as they stand in the line, and where.
#[derive(Default)]
pub(crate) struct Raw<'a>([Option<&'a RawValue>; Role::COUNT]);

impl<'a> Raw<'a> {
    pub(crate) fn get(&self, role: Role) -> Option<&'a RawValue> {
        self.0[role as usize]
    }
}

impl Fields {
    /// Finds the fields in a line.
    pub(crate) fn find<'a>(&self, line: &'a [u8]) -> Result<Raw<'a>, String> {
        let text = utf8(line)?;
        let mut json = serde_json::Deserializer::from_str(text);
        let raw = Finder(self).deserialize(&mut json).map_err(|e| broken(&e))?;
        json.end().map_err(|e| broken(&e))?;
        Ok(raw)
    }

    /// Reads a line.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(crate) fn parse<'a>(
        &self,
        line: &'a [u8],
        kind: IdKind,
        zone: &Zone,
    ) -> Result<Parsed<'a>, String> {
        let raw = self.find(line)?;
        let within = |role: Role| move |e: String| format!("field `{}`: {e}", self.name(role));
        let text = |role| raw.get(role).map_or(Ok(None), text_value).map_err(within(role));
        let people = |role, people: &Option<demur_gate::People>| match (raw.get(role), people) {
            (Some(value), Some(people)) => list(value, people, kind).map_err(within(role)),
            _ => Ok(None),
        };
        let mut present = Present::default();
        for (at, value) in raw.0.iter().enumerate() {
            present[at] = value.is_some();
        }
        Ok(Parsed {
            record: raw
                .get(Role::Record)
                .map_or(Ok(None), record_id)
                .map_err(within(Role::Record))?,
            author: raw
                .get(Role::Author)
                .map_or(Ok(None), |value| account_id(value, kind))
                .map_err(within(Role::Author))?,
            kind: text(Role::Kind)?,
            visibility: text(Role::Visibility)?,
            created: raw
                .get(Role::Created)
                .map_or(Ok(None), |value| self.created(value, zone))
                .map_err(within(Role::Created))?,
            text: text(Role::Text)?,
            mentioned: people(Role::Mentioned, &self.mentioned)?,
            depicted: people(Role::Depicted, &self.depicted)?,
            present,
        })
    }

    fn name(&self, role: Role) -> &str {
        self.names.iter().find(|(r, _)| *r == role).map_or("", |(_, name)| name)
    }

    fn created(&self, value: &RawValue, zone: &Zone) -> Result<Option<Day>, String> {
        let json = value.get();
        if json == "null" {
            return Ok(None);
        }
        if json.starts_with('"') {
            return Ok(text_value(value)?.and_then(|text| day::parse(&text, zone)));
        }
        let Ok(count) = json.parse::<i64>() else { return Ok(None) };
        let micros = match self.created_unit {
            None => {
                return Err(format!(
                    "{json} is a number; say what it counts: created = {{ column = \"…\", unit = \"s\" }} (or ms, us, ns)"
                ));
            }
            Some(Unit::Seconds) => count.checked_mul(1_000_000),
            Some(Unit::Millis) => count.checked_mul(1_000),
            Some(Unit::Micros) => Some(count),
            Some(Unit::Nanos) => Some(count.div_euclid(1_000)),
        };
        Ok(micros.and_then(|micros| zone.day(micros)))
    }
}

fn utf8(line: &[u8]) -> Result<&str, String> {
    // The quick way does not say where.
    simdutf8::basic::from_utf8(line)
        .or_else(|_| std::str::from_utf8(line))
        .map_err(|e| format!("byte {} is not UTF-8", e.valid_up_to() + 1))
}

fn broken(error: &serde_json::Error) -> String {
    // The line number is ours to give; serde_json's is always 1.
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default().to_owned();
    match error.column() {
        0 => text,
        column => format!("{text}, at byte {column}"),
    }
}

fn text_value(value: &RawValue) -> Result<Option<Cow<'_, str>>, String> {
    if value.get() == "null" {
        return Ok(None);
    }
    borrowed(value).map(Some).map_err(|()| format!("{} is not a string", short(value.get())))
}

/// A string, borrowed from the line where it has no escapes.
fn borrowed(value: &RawValue) -> Result<Cow<'_, str>, ()> {
    let json = value.get();
    if !json.starts_with('"') {
        return Err(());
    }
    let inside = &json[1..json.len() - 1];
    if !inside.contains('\\') {
        return Ok(Cow::Borrowed(inside));
    }
    serde_json::from_str(json).map(Cow::Owned).map_err(|_| ())
}

fn record_id(value: &RawValue) -> Result<Option<Cow<'_, str>>, String> {
    let json = value.get();
    let integer = json.parse::<i64>().is_ok() || json.parse::<u64>().is_ok();
    if integer && json != "-0" {
        return Ok(Some(Cow::Borrowed(json)));
    }
    text_value(value).map_err(|_| format!("{} is neither an integer nor a string", short(json)))
}

fn account_id(value: &RawValue, kind: IdKind) -> Result<Option<Id<'_>>, String> {
    let json = value.get();
    if json == "null" {
        return Ok(None);
    }
    let text = borrowed(value).ok();
    let wrong = || format!("{} is not {kind}, as the account ids are", short(json));
    // Many exporters write 64-bit numbers as strings.
    let digits = text.as_deref().unwrap_or(json);
    match kind {
        IdKind::Text => text.map(Id::Text),
        IdKind::Signed => canonical::<i64>(digits).map(Id::Signed),
        IdKind::Unsigned => canonical::<u64>(digits).map(Id::Unsigned),
    }
    .map(Some)
    .ok_or_else(wrong)
}

/// A number written in the one way in which it is also printed: `007` and `+7` may be other ids.
fn canonical<N: std::str::FromStr>(digits: &str) -> Option<N> {
    let as_printed =
        matches!(digits.as_bytes(), [b'0'] | [b'1'..=b'9', ..] | [b'-', b'1'..=b'9', ..]);
    digits.parse::<N>().ok().filter(|_| as_printed)
}

fn list<'a>(
    value: &'a RawValue,
    people: &demur_gate::People,
    kind: IdKind,
) -> Result<Option<Vec<Listed<'a>>>, String> {
    // So are most.
    match value.get() {
        "null" => return Ok(None),
        "[]" => return Ok(Some(Vec::new())),
        _ => {}
    }
    let entries: Option<Vec<&RawValue>> = serde_json::from_str(value.get())
        .map_err(|_| format!("{} is not a list", short(value.get())))?;
    let Some(entries) = entries else { return Ok(None) };
    let entry = |value: &'a RawValue| match &people.account {
        None => Ok(Listed { id: account_id(value, kind)?, ..Listed::default() }),
        Some(_) if value.get() == "null" => Ok(Listed::default()),
        Some(account) => {
            let entry = entry_fields(value, people, account)?;
            Ok(Listed {
                id: entry[0].map_or(Ok(None), |v| account_id(v, kind))?,
                start: entry[1].map_or(Ok(None), integer)?,
                end: entry[2].map_or(Ok(None), integer)?,
            })
        }
    };
    entries.into_iter().map(entry).collect::<Result<_, String>>().map(Some)
}

/// The account, start and end of one entry, as they stand in the line.
pub(crate) fn entry_fields<'a>(
    value: &'a RawValue,
    people: &demur_gate::People,
    account: &str,
) -> Result<[Option<&'a RawValue>; 3], String> {
    let (start, end) = match &people.span {
        Some((start, end)) => (Some(start.as_str()), Some(end.as_str())),
        None => (None, None),
    };
    let names = [Some(account), start, end];
    let mut json = serde_json::Deserializer::from_str(value.get());
    Keys(&names)
        .deserialize(&mut json)
        .map_err(|e| format!("{} is not an entry ({})", short(value.get()), broken(&e)))
}

fn integer(value: &RawValue) -> Result<Option<i64>, String> {
    if value.get() == "null" {
        return Ok(None);
    }
    value.get().parse().map(Some).map_err(|_| format!("{} is not an integer", short(value.get())))
}

fn short(json: &str) -> String {
    let mut shown: String = json.chars().take(40).collect();
    if shown.len() < json.len() {
        shown.push('…');
    }
    shown
}

/// Walks an object's keys, refusing one that occurs twice, whether it is asked for or not.
struct Finder<'f>(&'f Fields);

impl<'de> DeserializeSeed<'de> for Finder<'_> {
    type Value = Raw<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Finder<'_> {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one JSON object on the line")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
        let mut raw = Raw::default();
        // Keys that nobody asked for; of those asked for, the values say which there were.
        let mut others = Seen::default();
        while let Some(Key(key)) = map.next_key()? {
            let mut asked = self.0.names.iter().filter(|(_, name)| *name == key).peekable();
            if asked.peek().is_none() {
                map.next_value::<IgnoredAny>()?;
                others.insert(key)?;
                continue;
            }
            let value: &'de RawValue = map.next_value()?;
            for (role, _) in asked {
                if raw.0[*role as usize].replace(value).is_some() {
                    return Err(twice(&key));
                }
            }
        }
        Ok(raw)
    }
}

/// The same for the entries of a list.
struct Keys<'f>(&'f [Option<&'f str>; 3]);

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = [Option<&'de RawValue>; 3];
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = [Option<&'de RawValue>; 3];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [None; 3];
        let mut keys = Seen::default();
        while let Some(Key(key)) = map.next_key()? {
            let value: &'de RawValue = map.next_value()?;
            for (slot, name) in found.iter_mut().zip(self.0) {
                if *name == Some(key.as_ref()) {
                    *slot = Some(value);
                }
            }
            keys.insert(key)?;
        }
        Ok(found)
    }
}

fn twice<E: serde::de::Error>(key: &str) -> E {
    E::custom(format!("the key `{key}` occurs twice"))
}

/// A key, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The keys of one object so far.
#[derive(Default)]
struct Seen<'a> {
    few: Vec<Cow<'a, str>>,
    many: std::collections::HashSet<Cow<'a, str>>,
}

impl<'a> Seen<'a> {
    /// Up to this many keys, comparing with each is quicker than hashing.
    const FEW: usize = 24;

    fn insert<E: serde::de::Error>(&mut self, key: Cow<'a, str>) -> Result<(), E> {
        if self.few.contains(&key) || self.many.contains(&key) {
            return Err(twice(&key));
        }
        if self.few.len() < Self::FEW {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
        Ok(())
    }
}
