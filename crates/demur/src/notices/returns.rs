//! Whose mail came back: delivery reports, matched with the people that they are about.
//!
//! A report names the mail by its message id, which is computed again for every account; only where it
//! names none does the address count, and then against the last notice. What is matched once is known
//! when it comes again, as the next mail to the same person has another id.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use demur_core::id::{AccountId, IdKind};
use demur_core::purpose::Purpose;
use demur_corpus::{Contact, Piece};
use demur_notice::bounce::{self, Bounce};
use demur_register::{MailIds, Notices, Register};

use super::audience::hash_of_key;
use super::sending::under_way;
use crate::compile::{owned, side_by_side};
use crate::context::{Context, now};
use crate::failure::Failure;

/// What was found in files.
#[derive(Default)]
pub(crate) struct Reports {
    /// Files that were read.
    pub(crate) files: u64,
    /// Those among them without any report.
    pub(crate) without: u64,
    /// Those that could not be read, and why.
    pub(crate) unreadable: Vec<(PathBuf, io::Error)>,
    /// Reports on mails that did not arrive.
    pub(crate) failed: u64,
    /// Reports on mails that were delayed, relayed or delivered.
    pub(crate) other: u64,
    /// What the failed ones name.
    named: HashMap<Named, u64>,
}

/// By what a report names its mail.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Named {
    /// The part of the message id that the register makes.
    Id(String),
    /// The address, where there is no message id.
    Address(String),
}

/// What reports did.
#[derive(Debug, Default)]
pub(crate) struct Marked {
    /// Accounts that are no longer told.
    pub(crate) accounts: u64,
    /// Reports on mails of which it was known.
    pub(crate) known: u64,
    /// Reports that match nobody.
    pub(crate) nobody: u64,
}

impl Reports {
    /// Reads a file (a report or an mbox), a folder of reports, or a Maildir.
    ///
    /// # Errors
    /// Where there is no such thing. A file in a folder that cannot be read stops nothing.
    pub(crate) fn read(path: &Path) -> Result<Reports, Failure> {
        let mut reports = Reports::default();
        let files = files(path).map_err(|error| {
            Failure::input(format!(
                "{}: cannot be read: {error}\n  hint: name a file of reports, a folder of them, or a Maildir",
                path.display()
            ))
        })?;
        for file in files {
            match read(&file) {
                Ok(bytes) => reports.file(&bytes),
                Err(error) => reports.unreadable.push((file, error)),
            }
        }
        Ok(reports)
    }

    fn file(&mut self, bytes: &[u8]) {
        self.files += 1;
        let bounces = bounce::read(bytes);
        self.without += u64::from(bounces.is_empty());
        for bounce in bounces {
            if !bounce.is_undelivered() && !bounce.is_given_up() {
                self.other += 1;
                continue;
            }
            self.failed += 1;
            if let Some(named) = named(&bounce) {
                *self.named.entry(named).or_default() += 1;
            }
        }
    }
}

/// Reads a file; whatever else stands in a folder might never end.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.is_file() {
        return fs::read(path);
    }
    Err(io::Error::other("it is not a file"))
}

fn named(bounce: &Bounce) -> Option<Named> {
    match (&bounce.message_id, &bounce.recipient) {
        (Some(id), _) => Some(Named::Id(id.split('@').next().unwrap_or_default().to_owned())),
        (None, Some(address)) => Some(Named::Address(address.to_lowercase())),
        (None, None) => None,
    }
}

/// The files of a path: itself, those of a Maildir, or those of a folder.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        fs::metadata(path)?;
        return Ok(vec![path.to_owned()]);
    }
    let inboxes: Vec<PathBuf> =
        ["new", "cur"].map(|name| path.join(name)).into_iter().filter(|p| p.is_dir()).collect();
    let folders = if inboxes.is_empty() { vec![path.to_owned()] } else { inboxes };
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(folder)? {
            let file = entry?.path();
            let is_hidden = file.file_name().is_some_and(|n| n.as_encoded_bytes()[0] == b'.');
            if !is_hidden && !file.is_dir() {
                files.push(file);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Records whose notices did not arrive.
///
/// # Errors
/// Where the register or the account facts cannot be read.
pub(crate) fn mark(
    context: &Context,
    register: &mut Register,
    purpose: &Purpose,
    reports: &Reports,
) -> Result<Marked, Failure> {
    let accounts = context.accounts()?;
    let (kind, pieces) = (accounts.id_kind(), accounts.pieces());
    let notices = register.notices(&purpose.id)?;
    let window: HashSet<AccountId> =
        under_way(register, purpose, kind)?.into_iter().flatten().collect();
    let search = Search {
        ids: register.mail_ids(),
        purpose: &purpose.id,
        notices: &notices,
        window: &window,
        named: &reports.named,
        kind,
    };
    let mut found = Vec::new();
    let read = |piece: &Piece<'_>| -> Result<Vec<Match>, demur_corpus::Error> {
        let mut found = Vec::new();
        accounts.for_each_contact(piece, |contact| found.extend(search.matches(&contact)))?;
        Ok(found)
    };
    for part in side_by_side(&pieces, read) {
        found.extend(part?);
    }

    let mut marked = Marked::default();
    let mut returned: HashSet<AccountId> = HashSet::new();
    let mut seen: HashMap<&Named, bool> = HashMap::new();
    for one in &found {
        let is_news = seen.entry(&one.named).or_default();
        if one.is_news {
            *is_news = true;
            returned.insert(one.account.clone());
        }
    }
    marked.nobody = reports.failed;
    for (named, is_news) in &seen {
        let count = reports.named.get(*named).copied().unwrap_or_default();
        marked.nobody -= count;
        marked.known += if *is_news { 0 } else { count };
    }
    let siblings = Siblings::of(&found, &notices);
    if !siblings.0.is_empty() {
        let read = |piece: &Piece<'_>| -> Result<Vec<AccountId>, demur_corpus::Error> {
            let mut found = Vec::new();
            accounts.for_each_contact(piece, |contact| {
                found.extend(siblings.account(&contact, kind, &notices));
            })?;
            Ok(found)
        };
        for part in side_by_side(&pieces, read) {
            returned.extend(part?);
        }
    }
    let at = now();
    let through = returned.into_iter().map(|account| (account, at));
    marked.accounts = register.record_undelivered(&purpose.id, through, at)?.recorded as u64;
    Ok(marked)
}

/// Looks for accounts that reports are about.
struct Search<'a> {
    ids: MailIds,
    purpose: &'a str,
    notices: &'a Notices,
    /// Accounts whose mails may be under way, so that their delivery is not in the log yet.
    window: &'a HashSet<AccountId>,
    named: &'a HashMap<Named, u64>,
    kind: IdKind,
}

/// An account that a report is about.
struct Match {
    named: Named,
    account: AccountId,
    person: Option<u64>,
    email: String,
    /// Whether it is about the last notice, of whose return nothing is known yet.
    is_news: bool,
}

impl Search<'_> {
    fn matches(&self, contact: &Contact<'_>) -> Vec<Match> {
        let account = owned(contact.account.id, self.kind);
        let email = contact.email.map(|email| email.trim().to_lowercase()).unwrap_or_default();
        let mut matches = Vec::new();
        let mut add = |named: Named, is_news: bool| {
            if self.named.contains_key(&named) {
                let (account, email) = (account.clone(), email.clone());
                let person = contact.account.person.map(hash_of_key);
                matches.push(Match { named, account, person, email, is_news });
            }
        };
        // Each notice was numbered after the return of the one before.
        let returns: Vec<i64> = self.notices.returns(&account).collect();
        let numbers = std::iter::once(None).chain(returns.iter().copied().map(Some));
        for (nth, after) in numbers.enumerate() {
            let id = self.ids.notice(self.purpose, &account, after);
            add(Named::Id(id), nth == returns.len());
        }
        let is_told = self.notices.earliest(&account).is_some() || self.window.contains(&account);
        if is_told || !returns.is_empty() {
            add(Named::Address(email.clone()), is_told);
        }
        matches
    }
}

/// The other accounts that were told by the same mail: those of the person with the same address, or
/// told at the same moment, should the address have changed since.
struct Siblings(HashMap<u64, Vec<(String, Option<i64>)>>);

impl Siblings {
    fn of(found: &[Match], notices: &Notices) -> Siblings {
        let mut people: HashMap<u64, Vec<(String, Option<i64>)>> = HashMap::new();
        for one in found.iter().filter(|one| one.is_news) {
            if let Some(person) = one.person {
                let told = notices.earliest(&one.account);
                people.entry(person).or_default().push((one.email.clone(), told));
            }
        }
        Siblings(people)
    }

    fn account(&self, contact: &Contact<'_>, kind: IdKind, notices: &Notices) -> Option<AccountId> {
        let mails = self.0.get(&hash_of_key(contact.account.person?))?;
        let account = owned(contact.account.id, kind);
        let told = notices.earliest(&account)?;
        let email = contact.email.map(|email| email.trim().to_lowercase()).unwrap_or_default();
        let same = mails.iter().any(|(address, at)| *address == email || *at == Some(told));
        same.then_some(account)
    }
}
