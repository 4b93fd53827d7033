//! The configuration: one `demur.toml`, read whole, with everything that is wrong in it at once.
//!
//! | module | what it does |
//! |---|---|
//! | `reader` | walks TOML with the line of every key |
//! | `corpus`, `purpose`, `content` | one table each, from keys to types |
//! | `people`, `address` | where people are reached, and who else gets their data |
//! | `sign_in` | where people and staff sign in |
//! | `lineage` | where events about training runs go |
//! | `words` | what people are told of a purpose, in their language |
//! | `advice` | what two tables together make doubtful |
//! | `files`, `parquet`, `jsonl` | the configuration held against the data that it names |
//! | `init` | the file that `demur init` writes |

mod address;
mod advice;
mod content;
mod corpus;
mod files;
mod init;
mod jsonl;
mod lineage;
mod parquet;
mod people;
mod problem;
mod purpose;
mod reader;
mod sign_in;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use demur_core::purpose::Purpose;
use demur_corpus::{AccountSource, CorpusSource};
use demur_notice::Language;
use toml::de::DeTable;

pub(crate) use files::check_files;
pub(crate) use init::template;
pub(crate) use lineage::LineageConfig;
pub(crate) use people::{MailConfig, MailServer, MailWay, RecipientConfig, SiteConfig};
pub(crate) use problem::{Lines, Problem};
pub(crate) use sign_in::{ProviderConfig, StaffConfig};
pub(crate) use words::{PurposeText, Told};

use problem::{hint_for, sort};
use reader::{Reader, Section};

/// A configuration that is sound in itself; [`check_files`] holds it against the data.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The file itself.
    pub(crate) path: PathBuf,
    /// Its folder, against which relative locations resolve.
    pub(crate) folder: PathBuf,
    /// `[register]`
    pub(crate) register: RegisterConfig,
    /// `[accounts]`
    pub(crate) accounts: AccountSource,
    /// Every `[[corpus]]`, in the order of the file.
    pub(crate) corpora: Vec<CorpusSource>,
    /// Every `[[purpose]]`, in the order of the file.
    pub(crate) purposes: Vec<Purpose>,
    /// What people are told of each purpose, in the same order.
    texts: Vec<PurposeText>,
    /// `[site]`
    pub(crate) site: Option<SiteConfig>,
    /// `[mail]`
    pub(crate) mail: Option<MailConfig>,
    /// `[sign_in]`
    pub(crate) sign_in: Option<ProviderConfig>,
    /// `[staff_sign_in]`
    pub(crate) staff_sign_in: Option<StaffConfig>,
    /// Every `[[recipient]]`, in the order of the file.
    pub(crate) recipients: Vec<RecipientConfig>,
    /// `[lineage]`
    pub(crate) lineage: LineageConfig,
    /// Where every key is written.
    pub(crate) lines: Lines,
}

/// `[register]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RegisterConfig {
    /// Where the register is kept: `sqlite:` and a path, or a PostgreSQL URL. It may hold a password.
    pub(crate) url: String,
    /// The file with the key that signs checkpoints.
    pub(crate) key: PathBuf,
    /// The name under which checkpoints are signed.
    pub(crate) name: Option<String>,
}

impl Default for RegisterConfig {
    fn default() -> Self {
        RegisterConfig {
            url: "sqlite:demur.db".to_owned(),
            key: PathBuf::from("demur.key"),
            name: None,
        }
    }
}

/// A configuration, and what its author should hear of it all the same.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// The configuration.
    pub(crate) config: Config,
    /// Warnings only.
    pub(crate) warnings: Vec<Problem>,
}

/// Reads the configuration and judges it by its text alone.
///
/// # Errors
/// Every problem of the file, warnings among them, from the top down.
pub(crate) fn load(path: &Path) -> Result<Loaded, Vec<Problem>> {
    let bytes = std::fs::read(path).map_err(|error| {
        let fix = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "write one with `demur init`, or name another with --config"
            }
            _ => "name a file that this user may read",
        };
        vec![Problem::error(path, None, format!("cannot be read: {error}"), fix)]
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        vec![Problem::error(path, Some(line), "is not UTF-8", "save the file in UTF-8")]
    })?;
    parse(path, &text)
}

/// Judges the text of a configuration.
///
/// # Errors
/// Every problem of the text, warnings among them, from the top down.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Loaded, Vec<Problem>> {
    let reader = Reader::new(path, text);
    let document = DeTable::parse(text).map_err(|error| vec![not_toml(&reader, path, &error)])?;
    let parts = read(&reader, document.get_ref());
    let (mut problems, lines) = reader.finish();
    let config = parts.map(|parts| {
        // `Path::parent` of a bare file name is empty, which stands for the working folder.
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let Parts {
            register,
            accounts,
            corpora,
            purposes,
            texts,
            site,
            mail,
            sign_in,
            staff_sign_in,
            recipients,
            lineage,
        } = parts;
        let path = path.to_owned();
        Config {
            path,
            folder,
            register,
            accounts,
            corpora,
            purposes,
            texts,
            site,
            mail,
            sign_in,
            staff_sign_in,
            recipients,
            lineage,
            lines,
        }
    });
    // Advice on a file with errors in it would be about what was left out of it.
    if let Some(config) = &config
        && !problems.iter().any(Problem::is_error)
    {
        problems.extend(advice::about(config));
    }
    sort(&mut problems);
    debug_assert!(
        config.is_some() || problems.iter().any(Problem::is_error),
        "whatever cannot be read is reported"
    );
    match config {
        Some(config) if !problems.iter().any(Problem::is_error) => {
            Ok(Loaded { config, warnings: problems })
        }
        _ => Err(problems),
    }
}

fn not_toml(reader: &Reader<'_>, path: &Path, error: &toml::de::Error) -> Problem {
    let (line, column) = reader.position(error.span().map_or(0, |span| span.start));
    Problem::error(
        path,
        Some(line),
        format!("column {column}: this is not TOML: {}", error.message().trim()),
        "mend this first; the rest of the file was not looked at",
    )
}

struct Parts {
    register: RegisterConfig,
    accounts: AccountSource,
    corpora: Vec<CorpusSource>,
    purposes: Vec<Purpose>,
    texts: Vec<PurposeText>,
    site: Option<SiteConfig>,
    mail: Option<MailConfig>,
    sign_in: Option<ProviderConfig>,
    staff_sign_in: Option<StaffConfig>,
    recipients: Vec<RecipientConfig>,
    lineage: LineageConfig,
}

fn read<'a>(reader: &'a Reader<'a>, table: &'a DeTable<'a>) -> Option<Parts> {
    let root = Section::open(
        reader,
        table,
        (String::new(), String::new(), 1),
        &[
            "register",
            "accounts",
            "corpus",
            "purpose",
            "site",
            "mail",
            "sign_in",
            "staff_sign_in",
            "recipient",
            "lineage",
        ],
    );
    let header = |key: &str, keys: &[&'a str]| {
        root.item(key)?.table(format!("[{key}]"), keys, &format!("write [{key}] above its keys"))
    };
    let register = corpus::register(header("register", &corpus::REGISTER_KEYS).as_ref());
    let accounts = header("accounts", &corpus::ACCOUNT_KEYS);
    if root.item("accounts").is_none() && !root.misspells("accounts") {
        reader.error(
            1,
            "there is no [accounts]",
            "write [accounts], and under it `location` and `account`: whoever is not in there is \
             unknown, and excluded",
        );
    }
    let accounts = accounts.and_then(|section| corpus::accounts(&section));
    let tables = |key: &str, keys: &[&'a str], without: &str| match root.item(key) {
        Some(item) => item.tables(keys),
        None => {
            if !root.misspells(key) {
                reader.warning(
                    1,
                    format!("there is no [[{key}]]"),
                    format!("write one: without it {without}"),
                );
            }
            Vec::new()
        }
    };
    let corpora = tables("corpus", &corpus::CORPUS_KEYS, "there is nothing to judge");
    let purposes = tables("purpose", &purpose::PURPOSE_KEYS, "nothing can be built");
    let recipients = match root.item("recipient") {
        Some(item) => item.tables(&people::RECIPIENT_KEYS),
        None => Vec::new(),
    };
    unique(&corpora);
    unique(&purposes);
    unique(&recipients);
    let ids: Vec<String> = purposes
        .iter()
        .filter_map(|section| section.item("id")?.as_text().map(str::to_owned))
        .collect();
    let corpora: Vec<_> = corpora.iter().map(corpus::corpus).collect();
    let texts = purposes.iter().map(words::words).collect();
    let purposes: Vec<_> = purposes.iter().map(purpose::purpose).collect();
    let recipients: Vec<_> = recipients.iter().map(|s| people::recipient(s, &ids)).collect();
    let site = header("site", &people::SITE_KEYS).map(|section| people::site(&section));
    let mail = header("mail", &people::MAIL_KEYS).map(|section| people::mail(&section));
    let sign_in = header("sign_in", &sign_in::PEOPLE_KEYS).map(|section| sign_in::people(&section));
    let staff_sign_in =
        header("staff_sign_in", &sign_in::STAFF_KEYS).map(|section| sign_in::staff(&section));
    let lineage = lineage::lineage(header("lineage", &lineage::LINEAGE_KEYS).as_ref());
    Some(Parts {
        register,
        accounts: accounts?,
        corpora: corpora.into_iter().collect::<Option<_>>()?,
        purposes: purposes.into_iter().collect::<Option<_>>()?,
        texts,
        site: site.map_or(Some(None), |site| site.map(Some))?,
        mail: mail.map_or(Some(None), |mail| mail.map(Some))?,
        sign_in: sign_in.map_or(Some(None), |part| part.map(Some))?,
        staff_sign_in: staff_sign_in.map_or(Some(None), |part| part.map(Some))?,
        recipients: recipients.into_iter().collect::<Option<_>>()?,
        lineage: lineage?,
    })
}

/// Reports an id that two tables share.
fn unique(sections: &[Section<'_>]) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for section in sections {
        let Some(item) = section.item("id") else { continue };
        let Some(id) = item.as_text() else { continue };
        if let Some(first) = seen.get(id) {
            item.error(
                format!("the id `{id}` is taken: {} on line {first} has it already", section.name),
                "give each an id of its own",
            );
        } else {
            seen.insert(id, item.line);
        }
    }
}

impl Config {
    /// The purpose that the command line names.
    ///
    /// # Errors
    /// Where there is none of that id: the nearest one, and all that there are.
    pub(crate) fn purpose(&self, id: &str) -> Result<&Purpose, Problem> {
        let ids = self.purposes.iter().map(|purpose| purpose.id.as_str());
        self.purposes
            .iter()
            .find(|purpose| purpose.id == id)
            .ok_or_else(|| self.unknown("purpose", id, ids))
    }

    /// The corpus that the command line names.
    ///
    /// # Errors
    /// Where there is none of that id: the nearest one, and all that there are.
    pub(crate) fn corpus(&self, id: &str) -> Result<&CorpusSource, Problem> {
        let ids = self.corpora.iter().map(|corpus| corpus.id.as_str());
        self.corpora
            .iter()
            .find(|corpus| corpus.id == id)
            .ok_or_else(|| self.unknown("corpus", id, ids))
    }

    /// What people of a language are told of a purpose of this configuration.
    pub(crate) fn told<'a>(&'a self, purpose: &'a Purpose, language: Language) -> Told<'a> {
        static NONE: PurposeText = PurposeText::NONE;
        self.text_of(&purpose.id).unwrap_or(&NONE).told(purpose, language, self.language())
    }

    /// The words about the purpose of that id.
    pub(crate) fn text_of(&self, purpose: &str) -> Option<&PurposeText> {
        let at = self.purposes.iter().position(|known| known.id == purpose)?;
        self.texts.get(at)
    }

    /// The language of what nobody translated.
    pub(crate) fn language(&self) -> Language {
        self.site.as_ref().map_or(Language::ENGLISH, |site| site.language)
    }

    /// Who gets data of a purpose (Art. 13(1)(e), 19).
    pub(crate) fn recipients_of(&self, purpose: &str) -> impl Iterator<Item = &RecipientConfig> {
        self.recipients.iter().filter(move |recipient| recipient.gets(purpose))
    }

    fn unknown<'a>(
        &self,
        sort: &str,
        id: &str,
        ids: impl ExactSizeIterator<Item = &'a str> + Clone,
    ) -> Problem {
        let introduction = if ids.len() == 1 { "the only one is" } else { "there are" };
        let mut fix = hint_for(id, ids.clone(), introduction);
        if ids.len() == 0 {
            fix = format!("write a [[{sort}]] into the configuration");
        } else if ids.len() > 1 && fix.starts_with("did") {
            fix = format!("{fix} There are {}", problem::enumerate(ids));
        }
        Problem::error(&self.path, None, format!("there is no [[{sort}]] with the id `{id}`"), fix)
    }
}
