//! Who people are: the account facts in memory, as the site asks for them with each request.
//!
//! Texts lie end to end, and rows are found by sorted digests: some seventy bytes and the texts for
//! each account. The files are looked at now and then, and read again where they changed.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use demur_core::id::{AccountId, IdKind};
use demur_corpus::{AccountSource, State};
use demur_notice::Language;
use demur_snapshot::Key;
use demur_web::directory::{Directory, Person};

use crate::context::Context;
use crate::failure::Failure;

/// The account facts as they were when they were read.
struct People {
    kind: IdKind,
    ids: Texts,
    emails: Texts,
    /// Indices into `words`.
    locales: Vec<u16>,
    regions: Vec<u16>,
    /// Locales and regions, of which there are few; the first is empty.
    words: Vec<String>,
    /// A digest of the person behind each account; 0 where none is stated.
    persons: Vec<u128>,
    by_id: Index<u64>,
    by_email: Index<u64>,
    by_person: Index<u128>,
}

/// Texts end to end.
#[derive(Default)]
struct Texts {
    bytes: String,
    ends: Vec<u64>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u64);
    }

    fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.bytes[start..self.ends[row] as usize]
    }
}

/// Rows by digest, sorted.
struct Index<D>(Vec<(D, u32)>);

impl<D: Ord + Copy> Index<D> {
    fn new(mut rows: Vec<(D, u32)>) -> Self {
        rows.sort_unstable();
        Index(rows)
    }

    /// The rows of a digest, in the order of the files.
    fn rows(&self, digest: D) -> impl Iterator<Item = usize> {
        let start = self.0.partition_point(|(of, _)| *of < digest);
        self.0[start..]
            .iter()
            .take_while(move |(of, _)| *of == digest)
            .map(|(_, row)| *row as usize)
    }
}

fn digest(text: &str) -> u64 {
    let (low, _) = halves(text.as_bytes());
    low
}

fn digest_person(key: Key<'_>) -> u128 {
    let (low, high) = match key {
        Key::Number(number) => halves(&number.to_le_bytes()),
        Key::Text(text) => halves(format!("t{text}").as_bytes()),
    };
    u128::from(high) << 64 | u128::from(low)
}

fn halves(bytes: &[u8]) -> (u64, u64) {
    let hash = *blake3::hash(bytes).as_bytes();
    let eight = |from: usize| u64::from_le_bytes(std::array::from_fn(|i| hash[from + i]));
    (eight(0), eight(8))
}

/// An address as it is compared: mail servers that tell capitals apart are a thing of the standard,
/// people who type them as they like are not.
fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

impl People {
    fn read(context: &Context) -> Result<Self, Failure> {
        let accounts = context.accounts()?;
        let kind = accounts.id_kind();
        let (mut ids, mut emails) = (Texts::default(), Texts::default());
        let (mut locales, mut regions) = (Vec::new(), Vec::new());
        let mut words = vec![String::new()];
        let mut word = |text: Option<&str>| -> u16 {
            let text = text.unwrap_or_default();
            let known = words.iter().position(|word| word == text);
            let at = known.unwrap_or_else(|| {
                words.push(text.to_owned());
                words.len() - 1
            });
            // Sixty thousand locales are no locales any more; what is past them is unknown.
            u16::try_from(at).unwrap_or(0)
        };
        let mut persons = Vec::new();
        for piece in accounts.pieces() {
            accounts.for_each_contact(&piece, |row| {
                ids.push(&text_of(row.account.id, kind));
                emails.push(row.email.map(str::trim).unwrap_or_default());
                locales.push(word(row.locale));
                regions.push(word(row.account.facts.region));
                persons.push(row.account.person.map_or(0, digest_person));
            })?;
        }
        let count = u32::try_from(persons.len())
            .map_err(|_| Failure::input("the account facts have more rows than 32 bits count"))?;
        let by_id = (0..count).map(|row| (digest(ids.get(row as usize)), row)).collect();
        let by_email = (0..count)
            .filter(|row| !emails.get(*row as usize).is_empty())
            .map(|row| (digest(&folded(emails.get(row as usize))), row))
            .collect();
        let by_person = (0..count)
            .filter(|row| persons[*row as usize] != 0)
            .map(|row| (persons[row as usize], row))
            .collect();
        Ok(People {
            kind,
            by_id: Index::new(by_id),
            by_email: Index::new(by_email),
            by_person: Index::new(by_person),
            ids,
            emails,
            locales,
            regions,
            words,
            persons,
        })
    }

    fn id(&self, row: usize) -> Option<AccountId> {
        AccountId::parse(self.kind, self.ids.get(row)).ok()
    }

    fn row(&self, account: &AccountId) -> Option<usize> {
        let text = account.to_string();
        self.by_id
            .rows(digest(&text))
            .find(|row| self.ids.get(*row) == text && self.id(*row).as_ref() == Some(account))
    }

    fn word(&self, words: &[u16], row: usize) -> Option<&str> {
        Some(self.words[usize::from(words[row])].as_str()).filter(|word| !word.is_empty())
    }

    fn person(&self, account: &AccountId) -> Option<Person> {
        let row = self.row(account)?;
        let mut accounts: Vec<AccountId> = match self.persons[row] {
            0 => Vec::new(),
            person => self.by_person.rows(person).filter_map(|row| self.id(row)).collect(),
        };
        if !accounts.contains(account) {
            accounts.push(account.clone());
        }
        accounts.sort();
        accounts.dedup();
        let email = Some(self.emails.get(row)).filter(|email| !email.is_empty());
        Some(Person {
            account: account.clone(),
            accounts,
            email: email.map(str::to_owned),
            language: self.word(&self.locales, row).and_then(Language::from_locale),
            country: self.word(&self.regions, row).map(str::to_owned),
        })
    }

    fn with_email(&self, email: &str) -> Vec<AccountId> {
        let email = folded(email);
        if email.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<AccountId> = self
            .by_email
            .rows(digest(&email))
            .filter(|row| folded(self.emails.get(*row)) == email)
            .filter_map(|row| self.id(row))
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

fn text_of(key: Key<'_>, kind: IdKind) -> String {
    match (key, kind) {
        (Key::Text(text), _) => text.to_owned(),
        (Key::Number(number), IdKind::Unsigned) => number.to_string(),
        (Key::Number(number), _) => (number as i64).to_string(),
    }
}

/// The account facts, read again where their files changed.
pub(crate) struct LivePeople {
    current: RwLock<Arc<People>>,
    seen: RwLock<Vec<Trace>>,
}

/// What tells one state of a file from another.
type Trace = (PathBuf, State);

impl LivePeople {
    /// Reads the account facts.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub(crate) fn open(context: &Context) -> Result<Self, Failure> {
        let seen = traces(&context.config.accounts, context)?;
        let people = People::read(context)?;
        Ok(LivePeople { current: RwLock::new(Arc::new(people)), seen: RwLock::new(seen) })
    }

    /// How many rows they have.
    pub(crate) fn rows(&self) -> usize {
        self.now().persons.len()
    }

    /// Reads them again where a file changed; says whether one did. Where they cannot be read, what is
    /// known stays known.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub(crate) fn refresh(&self, context: &Context) -> Result<bool, Failure> {
        let seen = traces(&context.config.accounts, context)?;
        if *self.seen.read().unwrap_or_else(PoisonError::into_inner) == seen {
            return Ok(false);
        }
        let people = Arc::new(People::read(context)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = people;
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(true)
    }

    fn now(&self) -> Arc<People> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn traces(source: &AccountSource, context: &Context) -> Result<Vec<Trace>, Failure> {
    let (paths, _) = demur_corpus::expand(&source.location, &context.config.folder)?;
    let trace = |path: PathBuf| {
        let state = demur_corpus::state(&path)?;
        Ok((path, state))
    };
    paths.into_iter().map(trace).collect()
}

impl Directory for LivePeople {
    fn person(&self, account: &AccountId) -> Option<Person> {
        self.now().person(account)
    }

    fn with_email(&self, email: &str) -> Vec<AccountId> {
        self.now().with_email(email)
    }

    fn parse(&self, text: &str) -> Option<AccountId> {
        AccountId::parse(self.now().kind, text).ok()
    }
}
