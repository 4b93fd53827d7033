//! Walks a TOML document with the line of every key, and gathers what is wrong with it instead of
//! stopping at the first thing.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::path::Path;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::problem::{Lines, Problem, enumerate, near};

/// What is known and wrong so far.
pub(super) struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    problems: RefCell<Vec<Problem>>,
    lines: RefCell<Lines>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        Reader { path, text, problems: RefCell::default(), lines: RefCell::default() }
    }

    /// Line and column, both counted from 1, of a byte.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        (line + 1, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
    }

    fn line(&self, at: usize) -> usize {
        self.position(at).0
    }

    pub(super) fn error(&self, line: usize, what: impl Into<String>, fix: impl Into<String>) {
        self.report(Problem::error(self.path, Some(line), what, fix));
    }

    pub(super) fn warning(&self, line: usize, what: impl Into<String>, fix: impl Into<String>) {
        self.report(Problem::error(self.path, Some(line), what, fix).into_warning());
    }

    pub(super) fn report(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn finish(self) -> (Vec<Problem>, Lines) {
        (self.problems.into_inner(), self.lines.into_inner())
    }
}

/// One table of the document.
pub(super) struct Section<'a> {
    pub(super) reader: &'a Reader<'a>,
    table: &'a DeTable<'a>,
    /// What the table is called in a sentence: `[[corpus]]`.
    pub(super) name: String,
    /// Where the table is: `corpus.0`.
    pub(super) path: String,
    /// The line on which it starts.
    pub(super) line: usize,
    /// Keys that are there under a wrong spelling, which has been reported.
    misspelt: Vec<&'a str>,
}

/// One value of a [`Section`] or of a list in it.
#[derive(Clone)]
pub(super) struct Item<'a> {
    reader: &'a Reader<'a>,
    /// The key under which it is found.
    pub(super) key: &'a str,
    /// What the value is called in a sentence: the key in backticks.
    name: String,
    path: String,
    pub(super) line: usize,
    value: &'a DeValue<'a>,
}

impl<'a> Section<'a> {
    /// Opens a table, and reports every key in it that is not `known`.
    pub(super) fn open(
        reader: &'a Reader<'a>,
        table: &'a DeTable<'a>,
        (name, path, line): (String, String, usize),
        known: &[&'a str],
    ) -> Self {
        let mut section = Section { reader, table, name, path, line, misspelt: Vec::new() };
        for item in section.items() {
            let key = item.key;
            if known.contains(&key) {
                continue;
            }
            let absent = known.iter().copied().filter(|k| !table.keys().any(|t| t.get_ref() == *k));
            let fix = match near(key, absent).or_else(|| near(key, known.iter().copied())) {
                Some(meant) => {
                    section.misspelt.push(meant);
                    format!("did you mean `{meant}`?")
                }
                None => format!("the keys here are {}", enumerate(known.iter().copied())),
            };
            let place = if section.name.is_empty() {
                String::new()
            } else {
                format!(" in {}", section.name)
            };
            reader.error(item.line, format!("unknown key `{key}`{place}"), fix);
        }
        section
    }

    /// Opens a table whose keys are the user's own.
    pub(super) fn open_free(
        reader: &'a Reader<'a>,
        table: &'a DeTable<'a>,
        (name, path, line): (String, String, usize),
    ) -> Self {
        Section { reader, table, name, path, line, misspelt: Vec::new() }
    }

    /// Everything in the table.
    pub(super) fn items(&self) -> Vec<Item<'a>> {
        self.table.iter().map(|(key, value)| self.wrap(key, value)).collect()
    }

    /// One value.
    pub(super) fn item(&self, key: &str) -> Option<Item<'a>> {
        self.table
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(key, value)| self.wrap(key, value))
    }

    /// Whether a misspelling of this key has been reported.
    pub(super) fn misspells(&self, key: &str) -> bool {
        self.misspelt.contains(&key)
    }

    /// One value, whose absence is an error.
    pub(super) fn need(&self, key: &str, fix: &str) -> Option<Item<'a>> {
        let item = self.item(key);
        if item.is_none() && !self.misspells(key) {
            self.reader.error(self.line, format!("{} has no `{key}`", self.name), fix);
        }
        item
    }

    /// A string, if it is there.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.item(key)?.text()
    }

    /// A string, whose absence is an error.
    pub(super) fn need_text(&self, key: &str, fix: &str) -> Option<String> {
        let item = self.need(key, fix)?;
        item.text_or(fix)
    }

    /// One of a few words; `default` where the key is not there.
    pub(super) fn choice<T: Copy>(
        &self,
        key: &str,
        choices: &[(&str, T)],
        default: Option<T>,
    ) -> Option<T> {
        let words: Vec<String> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let (first, others) = (&words[0], words[1..].join(" or "));
        let or = if others.is_empty() { "" } else { ", or " };
        let write = format!("write `{key} = {first}`{or}{others}");
        let item = match default {
            Some(default) => match self.item(key) {
                Some(item) => item,
                None => return Some(default),
            },
            None => self.need(key, &write)?,
        };
        let found = item.as_text().and_then(|text| choices.iter().find(|(word, _)| *word == text));
        if found.is_none() {
            item.wrong(&write);
        }
        found.map(|(_, value)| *value)
    }

    fn wrap(&self, key: &'a Spanned<DeString<'a>>, value: &'a Spanned<DeValue<'a>>) -> Item<'a> {
        let line = self.reader.line(key.span().start);
        let name: &'a str = key.get_ref();
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        self.reader.lines.borrow_mut().note(path.clone(), line);
        Item {
            reader: self.reader,
            key: name,
            name: format!("`{name}`"),
            path,
            line,
            value: value.get_ref(),
        }
    }
}

impl<'a> Item<'a> {
    /// What the value is called in a sentence, with the table that it is in.
    pub(super) fn within(&self, section: &Section<'_>) -> String {
        format!("{} of {}", self.name, section.name)
    }

    /// Reports that the value is not what it should be.
    pub(super) fn wrong(&self, fix: &str) {
        self.error(format!("{} is {}", self.name, describe(self.value)), fix);
    }

    pub(super) fn error(&self, what: impl Into<String>, fix: impl Into<String>) {
        self.reader.error(self.line, what, fix);
    }

    pub(super) fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// A string that is not empty.
    pub(super) fn text(&self) -> Option<String> {
        self.text_or("write a string in double quotes, with something in it")
    }

    /// A string that is not empty, and what to write where it is not one.
    pub(super) fn text_or(&self, fix: &str) -> Option<String> {
        let text = self.as_text().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.wrong(fix);
        }
        text.map(str::to_owned)
    }

    /// A whole number.
    pub(super) fn whole(&self, range: RangeInclusive<i64>) -> Option<i64> {
        let number = self
            .value
            .as_integer()
            .and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok())
            .filter(|n| range.contains(n));
        if number.is_none() {
            self.wrong(&format!("write a whole number from {} to {}", range.start(), range.end()));
        }
        number
    }

    /// `true` or `false`.
    pub(super) fn truth(&self) -> Option<bool> {
        let truth = self.value.as_bool();
        if truth.is_none() {
            self.wrong("write true or false, without quotes");
        }
        truth
    }

    /// A calendar date.
    pub(super) fn date(&self) -> Option<Date> {
        const FIX: &str = "write a date such as 2025-05-27";
        let date = match self.value {
            DeValue::Datetime(written) if written.time.is_none() && written.offset.is_none() => {
                written.date.and_then(|date| {
                    let year = i16::try_from(date.year).ok()?;
                    Date::new(year, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
                        .ok()
                })
            }
            DeValue::String(text) => {
                let bytes = text.as_bytes();
                let shaped = bytes.len() == 10
                    && bytes.iter().enumerate().all(|(at, byte)| match at {
                        4 | 7 => *byte == b'-',
                        _ => byte.is_ascii_digit(),
                    });
                if !shaped {
                    self.wrong(FIX);
                    return None;
                }
                text.parse().ok()
            }
            _ => {
                self.wrong(FIX);
                return None;
            }
        };
        match date {
            None => self.error(
                format!("{} is {}, a date that does not exist", self.name, describe(self.value)),
                FIX,
            ),
            Some(date) if !(2000..=2100).contains(&date.year()) => {
                self.error(
                    format!("{} is {date}, which is hardly meant", self.name),
                    "write a date of this century",
                );
                return None;
            }
            Some(_) => {}
        }
        date
    }

    /// The items of a list that is not empty.
    pub(super) fn list(&self, fix: &str) -> Option<Vec<Item<'a>>> {
        let Some(list) = self.value.as_array() else {
            self.wrong(fix);
            return None;
        };
        if list.is_empty() {
            self.error(format!("{} is an empty list, which lets nothing through", self.name), fix);
            return None;
        }
        let item = |value: &'a Spanned<DeValue<'a>>| Item {
            name: format!("an entry of {}", self.name),
            line: self.reader.line(value.span().start),
            value: value.get_ref(),
            ..self.clone()
        };
        Some(list.iter().map(item).collect())
    }

    /// The strings of a list that is not empty.
    pub(super) fn texts(&self, fix: &str) -> Option<Vec<String>> {
        let texts: Vec<Option<String>> = self.list(fix)?.iter().map(Item::text).collect();
        texts.into_iter().collect()
    }

    /// A table with the given keys.
    pub(super) fn table(&self, name: String, known: &[&'a str], fix: &str) -> Option<Section<'a>> {
        let identity = (name, self.path.clone(), self.line);
        Some(Section::open(self.reader, self.as_table(fix)?, identity, known))
    }

    /// A table whose keys are the user's own.
    pub(super) fn free_table(&self, name: String, fix: &str) -> Option<Section<'a>> {
        let identity = (name, self.path.clone(), self.line);
        Some(Section::open_free(self.reader, self.as_table(fix)?, identity))
    }

    fn as_table(&self, fix: &str) -> Option<&'a DeTable<'a>> {
        let table = self.value.as_table();
        if table.is_none() {
            self.wrong(fix);
        }
        table
    }

    /// The tables of `[[name]]`, each with its header's line.
    pub(super) fn tables(&self, known: &[&'a str]) -> Vec<Section<'a>> {
        let key = self.key;
        let fix = format!("write [[{key}]] above each of them, in double brackets");
        let Some(list) = self.value.as_array() else {
            if self.is_table() {
                self.error(format!("[{key}] stands in single brackets"), fix);
            } else {
                self.wrong(&fix);
            }
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (index, value) in list.iter().enumerate() {
            let line = self.reader.line(value.span().start);
            let path = format!("{}.{index}", self.path);
            self.reader.lines.borrow_mut().note(path.clone(), line);
            match value.get_ref() {
                DeValue::Table(table) => {
                    let identity = (format!("[[{key}]]"), path, line);
                    sections.push(Section::open(self.reader, table, identity, known));
                }
                other => self.reader.error(line, format!("{key} is {}", describe(other)), &fix),
            }
        }
        sections
    }
}

/// A value as it is called in a sentence.
fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.is_empty() => "an empty string".to_owned(),
        DeValue::String(text) => format!("\"{text}\""),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(list) if list.is_empty() => "an empty list".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
