//! Reads `[register]`, `[accounts]` and `[[corpus]]`.

use std::path::{Path, PathBuf};

use demur_corpus::{AccountSource, CorpusSource};
use demur_gate::{Columns, Created, People, Unit, Value};
use demur_register::RegisterUrl;

use super::RegisterConfig;
use super::reader::Section;

pub(super) const REGISTER_KEYS: [&str; 3] = ["url", "key", "name"];

pub(super) const ACCOUNT_KEYS: [&str; 8] =
    ["location", "account", "birth_date", "region", "status", "person", "email", "locale"];

pub(super) const CORPUS_KEYS: [&str; 10] = [
    "id",
    "location",
    "record",
    "author",
    "kind",
    "visibility",
    "created",
    "text",
    "mentioned",
    "depicted",
];

const UNITS: [(&str, Unit); 4] =
    [("s", Unit::Seconds), ("ms", Unit::Millis), ("us", Unit::Micros), ("ns", Unit::Nanos)];

/// Reads `[register]`; what is not there has its default.
pub(super) fn register(section: Option<&Section<'_>>) -> RegisterConfig {
    const FIX: &str = "write `url = \"sqlite:demur.db\"` for a file, or \
                       `url = \"postgres://user@host/database\"`";
    let mut register = RegisterConfig::default();
    let Some(section) = section else { return register };
    if let Some(item) = section.item("url")
        && let Some(url) = item.text()
    {
        // A message never repeats an address whole: there may be a password in it.
        let (scheme, rest) = url.split_once(':').unwrap_or_default();
        match (scheme, rest.trim_start_matches("//")) {
            ("sqlite", file) if !file.is_empty() && !file.starts_with(':') => register.url = url,
            ("sqlite", _) => item.error(format!("`url` is \"{url}\", which names no file"), FIX),
            ("postgres" | "postgresql", _) => match RegisterUrl::parse(&url, Path::new("")) {
                Ok(_) => register.url = url,
                Err(error) => item.error(error.to_string(), FIX),
            },
            ("", _) => item.error("`url` is not the address of a register".to_owned(), FIX),
            (scheme, _) => {
                item.error(format!("`url` begins with \"{scheme}:\", which is no register's"), FIX);
            }
        }
    }
    if let Some(key) = section.text("key") {
        register.key = PathBuf::from(key);
    }
    if let Some(item) = section.item("name")
        && let Some(name) = item.text()
    {
        if name.contains(char::is_whitespace) || name.contains('+') {
            item.error(
                format!("`name` is \"{name}\", which cannot head a checkpoint"),
                "write a name without spaces and plus signs, such as \"example.com/demur\"",
            );
        }
        register.name = Some(name);
    }
    register
}

/// Reads `[accounts]`.
pub(super) fn accounts(section: &Section<'_>) -> Option<AccountSource> {
    let location = location(section, "accounts.parquet");
    if let Some(item) = section.item("location")
        && let Some(text) = item.as_text()
        && [".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv"].iter().any(|end| text.ends_with(end))
    {
        item.error(
            format!("`location` is \"{text}\", but account facts are read from Parquet only"),
            "convert the file to Parquet and name that",
        );
    }
    let account = section
        .need_text("account", "write `account = \"account_id\"`: the column with the account's id");
    let [birth_date, region, status, person, email, locale] =
        ["birth_date", "region", "status", "person", "email", "locale"]
            .map(|key| section.text(key));
    Some(AccountSource {
        location: location?,
        account: account?,
        birth_date,
        region,
        status,
        person,
        email,
        locale,
    })
}

/// Reads one `[[corpus]]`.
pub(super) fn corpus(section: &Section<'_>) -> Option<CorpusSource> {
    let id = id(section);
    let location = location(section, "corpus/*.parquet");
    let record = section
        .need_text("record", "write `record = \"record_id\"`: the column with the record's id");
    let author = section.need_text(
        "author",
        "write `author = \"author_id\"`: the column with the author's account id",
    );
    let kind = value(section, "kind", "post");
    let visibility = value(section, "visibility", "public");
    let created = created(section);
    let text = section.text("text");
    let mentioned = people(section, "mentioned");
    let depicted = people(section, "depicted");
    if let (Some(one), Some(other), Some(item)) = (&mentioned, &depicted, section.item("depicted"))
        && one.column == other.column
    {
        item.error(
            format!("`mentioned` and `depicted` are one column, `{}`", one.column),
            "name it once, under the rule that shall hold for it",
        );
    }
    Some(CorpusSource {
        id: id?,
        location: location?,
        columns: Columns {
            record: record?,
            author: author?,
            kind: kind?,
            visibility: visibility?,
            created: created?,
            text,
            mentioned,
            depicted,
        },
    })
}

/// Reads the `id` of a corpus or purpose: it becomes part of file names and commands.
pub(super) fn id(section: &Section<'_>) -> Option<String> {
    let item = section.need(
        "id",
        "write `id = \"posts\"`, or whatever the command line and file names shall call it",
    )?;
    let id = item.text()?;
    let sound = id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        && id.len() <= 100;
    if !sound {
        item.error(
            format!("`id` is \"{id}\", which cannot become part of a file name"),
            "write up to 100 letters a-z, digits, dots, underscores and hyphens, and a letter or \
             digit first",
        );
        return None;
    }
    Some(id)
}

fn location(section: &Section<'_>, example: &str) -> Option<String> {
    let item = section.need(
        "location",
        &format!("write `location = \"{example}\"`: a file, a folder or a glob"),
    )?;
    let location = item.text()?;
    if location.contains("://") && !demur_corpus::is_url(Path::new(&location)) {
        item.error(
            format!("`location` is \"{location}\", a URL of a kind that is not read"),
            "write a file, a folder or a glob, or the URL of one: s3://bucket/…, gs://bucket/… or \
             az://container/…",
        );
        return None;
    }
    Some(location)
}

fn value(section: &Section<'_>, key: &str, example: &str) -> Option<Value> {
    let fix = format!(
        "write `{key} = \"{key}\"` where a column says it, or `{key} = {{ value = \"{example}\" \
         }}` where it is the same for all records"
    );
    let item = section.need(key, &fix)?;
    if item.is_table() {
        let table = item.table(item.within(section), &["value"], &fix)?;
        return Some(Value::Constant(table.need_text("value", &fix)?));
    }
    item.text_or(&fix).map(Value::Column)
}

fn created(section: &Section<'_>) -> Option<Created> {
    const FIX: &str = "write `created = \"created_at\"` for a column of timestamps, dates or ISO \
                       8601 strings, or `created = { column = \"ts\", unit = \"ms\" }` for \
                       integers";
    let item = section.need("created", FIX)?;
    if !item.is_table() {
        return Some(Created { column: item.text_or(FIX)?, unit: None });
    }
    let table = item.table(item.within(section), &["column", "unit"], FIX)?;
    let column = table.need_text("column", FIX);
    let unit = match table.item("unit") {
        None => None,
        Some(_) => Some(table.choice("unit", &UNITS, None)?),
    };
    Some(Created { column: column?, unit })
}

fn people(section: &Section<'_>, key: &str) -> Option<People> {
    let fix = format!(
        "write `{key} = \"column\"` for a list of account ids, or `{key} = {{ column = \
         \"column\", account = \"user_id\", start = \"start\", end = \"end\" }}` for a list of \
         structs"
    );
    let item = section.item(key)?;
    if !item.is_table() {
        return Some(People { column: item.text_or(&fix)?, account: None, span: None });
    }
    let table = item.table(item.within(section), &["column", "account", "start", "end"], &fix)?;
    let column = table.need_text("column", &fix);
    let account = table.need_text(
        "account",
        &format!(
            "name the field that holds the account id, or write `{key} = \"{}\"` alone",
            column.as_deref().unwrap_or("column")
        ),
    );
    let (start, end) = (table.text("start"), table.text("end"));
    if table.item("start").is_some() != table.item("end").is_some() {
        let (there, absent) =
            if table.item("start").is_some() { ("start", "end") } else { ("end", "start") };
        item.error(
            format!("`{key}` has `{there}` without `{absent}`"),
            "name both fields of the span, or neither",
        );
    }
    Some(People { column: column?, account: Some(account?), span: start.zip(end) })
}
