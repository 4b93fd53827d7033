//! Holds the configuration against the files that it names.

use std::path::{Path, PathBuf};

use arrow::datatypes::SchemaRef;
use demur_core::id::IdKind;
use demur_corpus::{AccountSource, CorpusSource, Error, Format, expand};
use demur_gate::{People, Unit, Value};

use super::problem::{Problem, sort};
use super::{Config, MailWay, jsonl, parquet};

/// A column that the configuration names, and what must be in it.
pub(super) struct Wanted<'a> {
    /// The key that names it: `corpus.0.author`.
    pub(super) key: String,
    /// Its name.
    pub(super) column: &'a str,
    /// What must be in it.
    pub(super) expect: Expect<'a>,
}

/// What a column must hold.
pub(super) enum Expect<'a> {
    /// Integers or strings.
    Id,
    /// Account ids, of the accounts' kind where that is known.
    Account(Option<IdKind>),
    /// Strings.
    Words,
    /// Dates of birth.
    Birth,
    /// Moments; integers where a unit is given.
    Moment(Option<Unit>),
    /// Lists of people.
    People(&'a People, Option<IdKind>),
}

/// What is wrong with a column, and the key under which it can be mended.
pub(super) struct Fault {
    pub(super) key: String,
    pub(super) what: String,
    pub(super) fix: String,
    /// Whether records can be judged all the same.
    pub(super) mild: bool,
}

impl Fault {
    pub(super) fn new(key: &str, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Fault { key: key.to_owned(), what: what.into(), fix: fix.into(), mild: false }
    }
}

/// Opens what `[accounts]`, each `[[corpus]]` and each `[[purpose]]` name, and reports what does not
/// fit, at the line of the key that can mend it. Of Parquet only the footers are read, of JSON lines
/// the first few hundred.
#[must_use]
pub(crate) fn check_files(config: &Config) -> Vec<Problem> {
    let (mut faults, kind) = check_accounts(config);
    for (index, corpus) in config.corpora.iter().enumerate() {
        faults.extend(check_corpus(config, index, corpus, kind));
    }
    faults.extend(check_documents(config));
    faults.extend(check_secrets(config));
    let mut problems: Vec<_> = faults
        .into_iter()
        .map(|fault| {
            let line = config.lines.of(&fault.key);
            let problem = Problem::error(&config.path, line, fault.what, fault.fix);
            if fault.mild { problem.into_warning() } else { problem }
        })
        .collect();
    sort(&mut problems);
    problems
}

fn account_files(accounts: &AccountSource, folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    const KEY: &str = "accounts.location";
    let (files, format) = expand(&accounts.location, folder)
        .map_err(|error| unreachable_location(KEY, folder, error))?;
    if format != Format::Parquet {
        let what = format!("\"{}\" names JSON lines", accounts.location);
        return Err(Fault::new(KEY, what, "account facts are read from Parquet: convert them"));
    }
    Ok(files)
}

fn unreachable_location(key: &str, folder: &Path, error: Error) -> Fault {
    match error {
        Error::Input { path, what, hint, .. } => {
            Fault::new(key, format!("{}: {what}", shown(&path, folder)), hint)
        }
        other => Fault::new(key, other.to_string(), "let this user read the files"),
    }
}

fn check_accounts(config: &Config) -> (Vec<Fault>, Option<IdKind>) {
    let files = match account_files(&config.accounts, &config.folder) {
        Ok(files) => files,
        Err(fault) => return (vec![fault], None),
    };
    let mut faults = Vec::new();
    let first = common_schema("accounts.location", &files, &config.folder, &mut faults);
    let Some((file, schema)) = first else { return (faults, None) };
    let name = shown(file, &config.folder);
    faults.extend(parquet::check(&schema, &name, &wanted_of_accounts(&config.accounts)));
    (faults, parquet::id_kind(&schema, &config.accounts.account))
}

fn check_corpus(
    config: &Config,
    index: usize,
    corpus: &CorpusSource,
    kind: Option<IdKind>,
) -> Vec<Fault> {
    let key = format!("corpus.{index}.location");
    let (files, format) = match expand(&corpus.location, &config.folder) {
        Ok(found) => found,
        Err(error) => return vec![unreachable_location(&key, &config.folder, error)],
    };
    let wanted = wanted_of_corpus(index, corpus, kind);
    let mut faults = Vec::new();
    match format {
        Format::Parquet => {
            if let Some((file, schema)) = common_schema(&key, &files, &config.folder, &mut faults) {
                faults.extend(parquet::check(&schema, &shown(file, &config.folder), &wanted));
            }
        }
        Format::Jsonl => {
            if let Some(file) = files.first() {
                faults.extend(jsonl::check(&key, file, &shown(file, &config.folder), &wanted));
            }
        }
    }
    faults
}

/// The schema of the first file that can be read; those that cannot or that differ are faults.
fn common_schema<'a>(
    key: &str,
    files: &'a [PathBuf],
    folder: &Path,
    faults: &mut Vec<Fault>,
) -> Option<(&'a PathBuf, SchemaRef)> {
    let mut first: Option<(&PathBuf, SchemaRef)> = None;
    let mut differing = 0_usize;
    for file in files {
        match (parquet::schema(file, folder), &first) {
            (Err(fault), _) => faults.push(Fault { key: key.to_owned(), ..fault }),
            (Ok(schema), None) => first = Some((file, schema)),
            (Ok(schema), Some((neighbour, expected))) => {
                let Some(difference) = parquet::difference(expected, &schema) else { continue };
                differing += 1;
                if differing == 1 {
                    let what = format!(
                        "{} differs from {}: {difference}",
                        shown(file, folder),
                        shown(neighbour, folder)
                    );
                    let fix = "write all files with one schema, or put them apart under locations \
                               of their own";
                    faults.push(Fault::new(key, what, fix));
                }
            }
        }
    }
    if differing > 1
        && let Some(fault) = faults.iter_mut().find(|fault| fault.what.contains(" differs from "))
    {
        fault.what = format!("{} (and {} more files do)", fault.what, differing - 1);
    }
    first
}

fn check_documents(config: &Config) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, purpose) in config.purposes.iter().enumerate() {
        let references = &purpose.references;
        for (key, reference) in [
            ("interest", &references.interest),
            ("necessity", &references.necessity),
            ("balancing_test", &references.balancing_test),
            ("dpia", &references.dpia),
        ] {
            let file = reference.split('#').next().unwrap_or_default();
            if reference.contains("://") || config.folder.join(file).is_file() {
                continue;
            }
            faults.push(Fault {
                mild: true,
                ..Fault::new(
                    &format!("purpose.{index}.{key}"),
                    format!("`{key}` is \"{reference}\", and no such file is there"),
                    "write the document, or mend its location: an auditor will ask for it",
                )
            });
        }
    }
    faults
}

/// The files that hold secrets, and what they are checked against.
fn check_secrets(config: &Config) -> Vec<Fault> {
    let mut files = Vec::new();
    if let Some(MailWay::Server(server)) = config.mail.as_ref().map(|mail| &mail.way) {
        let named =
            [("password_file", &server.password_file), ("certificate", &server.certificate)];
        for (key, file) in named {
            files.extend(file.as_ref().map(|file| (format!("mail.{key}"), file)));
        }
    }
    let secrets = config.recipients.iter().enumerate().filter_map(|(index, recipient)| {
        let webhook = recipient.webhook.as_ref()?;
        Some((format!("recipient.{index}.secret_file"), &webhook.secret_file))
    });
    files
        .into_iter()
        .chain(secrets)
        .filter(|(_, file)| !config.folder.join(file).is_file())
        .map(|(key, file)| {
            let name = key.rsplit('.').next().unwrap_or_default();
            let what = format!("`{name}` is \"{}\", and no such file is there", file.display());
            Fault::new(
                &key,
                what,
                "write the file (a secret readable by nobody else), or mend its location",
            )
        })
        .collect()
}

fn wanted_of_accounts(accounts: &AccountSource) -> Vec<Wanted<'_>> {
    let optional = [
        ("birth_date", &accounts.birth_date, Expect::Birth),
        ("region", &accounts.region, Expect::Words),
        ("status", &accounts.status, Expect::Words),
        ("person", &accounts.person, Expect::Id),
        ("email", &accounts.email, Expect::Words),
        ("locale", &accounts.locale, Expect::Words),
    ];
    let account = ("account", accounts.account.as_str(), Expect::Account(None));
    std::iter::once(account)
        .chain(optional.into_iter().filter_map(|(key, column, expect)| {
            column.as_deref().map(|column| (key, column, expect))
        }))
        .map(|(key, column, expect)| Wanted { key: format!("accounts.{key}"), column, expect })
        .collect()
}

fn wanted_of_corpus(index: usize, corpus: &CorpusSource, kind: Option<IdKind>) -> Vec<Wanted<'_>> {
    let columns = &corpus.columns;
    let mut wanted = vec![
        ("record", columns.record.as_str(), Expect::Id),
        ("author", columns.author.as_str(), Expect::Account(kind)),
        ("created", columns.created.column.as_str(), Expect::Moment(columns.created.unit)),
    ];
    for (key, value) in [("kind", &columns.kind), ("visibility", &columns.visibility)] {
        if let Value::Column(column) = value {
            wanted.push((key, column, Expect::Words));
        }
    }
    if let Some(text) = &columns.text {
        wanted.push(("text", text, Expect::Words));
    }
    for (key, people) in [("mentioned", &columns.mentioned), ("depicted", &columns.depicted)] {
        if let Some(people) = people {
            wanted.push((key, &people.column, Expect::People(people, kind)));
        }
    }
    wanted
        .into_iter()
        .map(|(key, column, expect)| Wanted {
            key: format!("corpus.{index}.{key}"),
            column,
            expect,
        })
        .collect()
}

/// A path as it is written in the configuration.
pub(super) fn shown(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}
