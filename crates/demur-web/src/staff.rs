//! Who may use the console: reviewers and auditors with a local account.
//!
//! Their passwords lie on the register's desk as argon2id hashes. Signing in takes the same time for a
//! name that nobody has, and never more of the machine than two hashes at once.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use demur_register::desk::{Drawer, Item};
use demur_register::{Act, Error, Register};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::guard::Role;
use crate::site::problem::Problem;

/// The fewest characters of a password. Length is the only rule: any other makes passwords worse.
pub const SHORTEST: usize = 12;
/// The longest that is hashed, in bytes: what keeps a long one from costing more than others.
const LONGEST: usize = 1000;
/// The longest name, in characters; letters carry it.
const LONGEST_NAME: usize = 100;
/// How many hashes are computed at once; each takes 19 MiB and some tens of milliseconds.
const AT_ONCE: usize = 2;
/// How many accounts are listed.
const MANY: usize = 10_000;

/// Someone with an account for the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Their name, as letters and the log have it.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub added_at: Timestamp,
}

/// An account as the desk holds it.
#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    role: Role,
    hash: String,
    added_at: Timestamp,
}

/// Makes the hash under which a password is stored.
///
/// # Errors
/// Where the password is too short or too long.
pub fn hash(password: &str, salt: [u8; 16]) -> Result<String, Error> {
    if password.chars().count() < SHORTEST {
        return Err(Error::Invalid(format!("a password has at least {SHORTEST} characters")));
    }
    if password.len() > LONGEST {
        return Err(Error::Invalid(format!("a password has at most {LONGEST} bytes")));
    }
    let hashed: Result<PasswordHash, _> =
        Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hashed
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Invalid(format!("the password cannot be hashed: {error}")))
}

/// A password of 24 letters and digits, in groups that can be read aloud.
#[must_use]
pub fn password(random: [u8; 24]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let letters = random.map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
    let groups: Vec<String> = letters.chunks(6).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Adds an account.
///
/// # Errors
/// Where the name is taken or cannot be one, or the register cannot be written.
pub fn add(act: &mut Act<'_, '_>, name: &str, role: Role, hash: &str) -> Result<(), Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control)
    {
        return Err(Error::Invalid(format!(
            "a name has 1 to {LONGEST_NAME} characters, in one line; letters carry it"
        )));
    }
    if act.item(Drawer::Reviewer, &key(name))?.is_some() {
        return Err(Error::Invalid(format!(
            "there is an account of the name {name} already; set its password, or remove it first"
        )));
    }
    let (name, hash, added_at) = (name.to_owned(), hash.to_owned(), act.at());
    put(act, &Stored { name, role, hash, added_at })
}

/// Gives an account another password, and ends its sessions.
///
/// # Errors
/// Where there is no such account, or the register cannot be written.
pub fn set_password(act: &mut Act<'_, '_>, name: &str, hash: &str) -> Result<(), Error> {
    let found = act.item(Drawer::Reviewer, &key(name))?.and_then(|item| read(&item));
    let Some(account) = found else { return Err(nobody(name)) };
    put(act, &Stored { hash: hash.to_owned(), ..account })?;
    end_sessions(act, name)
}

/// Removes an account, and ends its sessions.
///
/// # Errors
/// Where there is no such account, or the register cannot be written.
pub fn remove(act: &mut Act<'_, '_>, name: &str) -> Result<(), Error> {
    if !act.remove_named(Drawer::Reviewer, &key(name))? {
        return Err(nobody(name));
    }
    end_sessions(act, name)
}

/// Every account, the oldest first.
///
/// # Errors
/// Where the register cannot be read.
pub fn list(register: &Register) -> Result<Vec<Account>, Error> {
    let items = register.items_due(Drawer::Reviewer, Timestamp::MAX, MANY)?;
    let account = |Stored { name, role, added_at, .. }| Account { name, role, added_at };
    Ok(items.iter().filter_map(read).map(account).collect())
}

/// Whether sessions that someone began at `since` were ended meanwhile.
pub(crate) fn is_ended(register: &Register, name: &str, since: Timestamp) -> Result<bool, Error> {
    let ended = register.item(Drawer::Revocation, &sessions(name))?;
    // A moment that cannot be read ends every session.
    let goes_on = |item: Item| item.text.parse::<i64>().is_ok_and(|at| since.as_microsecond() > at);
    Ok(!ended.is_none_or(goes_on))
}

/// Whose password this is; `None` for a wrong one and for a name that nobody has, after the same time.
pub(crate) async fn recognise(
    app: &App,
    name: &str,
    password: String,
) -> Result<Option<Account>, Problem> {
    /// What a password is compared with where there is no account.
    static NOBODY: LazyLock<String> =
        LazyLock::new(|| hash("nobody has this password", [0; 16]).unwrap_or_default());
    static GATE: Semaphore = Semaphore::const_new(AT_ONCE);

    if password.len() > LONGEST {
        return Ok(None);
    }
    let place = key(name);
    let item = app.registry.read(move |r| r.item(Drawer::Reviewer, &place)).await?;
    let found = item.as_ref().and_then(read);
    let hash = found.as_ref().map_or_else(|| NOBODY.clone(), |account| account.hash.clone());
    let permit = GATE.acquire().await.map_err(|_| Problem::Unavailable)?;
    let is_right = tokio::task::spawn_blocking(move || matches(&password, &hash)).await;
    drop(permit);
    let is_right = is_right.map_err(|_| Problem::Internal)?;
    let account = found.filter(|_| is_right);
    Ok(account.map(|Stored { name, role, added_at, .. }| Account { name, role, added_at }))
}

fn matches(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// The name under which an account lies: however it is typed, it is one.
fn key(name: &str) -> Vec<u8> {
    name.trim().to_lowercase().into_bytes()
}

/// The name under which it is noted that sessions were ended.
fn sessions(name: &str) -> Vec<u8> {
    [b"s".to_vec(), key(name)].concat()
}

fn end_sessions(act: &mut Act<'_, '_>, name: &str) -> Result<(), Error> {
    let at = act.at();
    act.put(Drawer::Revocation, &sessions(name), at, None, &at.as_microsecond().to_string())
        .map(drop)
}

fn put(act: &mut Act<'_, '_>, account: &Stored) -> Result<(), Error> {
    let text = serde_json::to_string(account).unwrap_or_default();
    act.put(Drawer::Reviewer, &key(&account.name), account.added_at, None, &text).map(drop)
}

fn read(item: &Item) -> Option<Stored> {
    serde_json::from_str(&item.text).ok()
}

fn nobody(name: &str) -> Error {
    Error::Invalid(format!("there is no account of the name {}", name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_and_fits_its_password_only() {
        let hash = hash("correct horse battery", [7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(matches("correct horse battery", &hash));
        assert!(!matches("correct horse batterx", &hash));
        assert!(!matches("", &hash) && !matches("correct horse battery", "no hash"));
    }

    #[test]
    fn length_is_the_only_rule() {
        assert!(hash("aaaaaaaaaaa", [0; 16]).is_err());
        assert!(hash("aaaaaaaaaaaa", [0; 16]).is_ok());
        assert!(hash("ääääääääääää", [0; 16]).is_ok());
        assert!(hash(&"a".repeat(LONGEST + 1), [0; 16]).is_err());
    }

    #[test]
    fn generated_passwords_are_long_and_differ() {
        let made = password([255; 24]);
        assert_eq!((made.len(), made.matches('-').count()), (27, 3));
        assert_ne!(made, password([254; 24]));
        assert!(hash(&made, [0; 16]).is_ok());
    }
}
