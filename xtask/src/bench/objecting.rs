//! Who objects, as the rivals get it: worked out from the files that Demur imports, by another way than
//! Demur's.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use arrow::array::{ArrayRef, BooleanBuilder, Int64Builder};

use super::tables::{ids, read, texts};
use crate::scale::table::{Table, rows};

/// Scopes of an objection that names none.
const OWN: &str = "public_content|ai_interactions";
const SCOPES: [&str; 3] = ["public_content", "ai_interactions", "third_party"];

/// Everybody's other accounts.
#[derive(Default)]
pub(super) struct Persons {
    of: HashMap<i64, i64>,
    accounts: HashMap<i64, Vec<i64>>,
}

impl Persons {
    /// Reads the account facts.
    pub(super) fn read(accounts: &Path) -> Result<Self> {
        let mut persons = Self::default();
        for batch in read(accounts, &["account_id", "person_id"])? {
            for pair in ids(&batch, "account_id")?.zip(ids(&batch, "person_id")?) {
                if let (Some(account), Some(person)) = pair {
                    persons.of.insert(account, person);
                    persons.accounts.entry(person).or_default().push(account);
                }
            }
        }
        Ok(persons)
    }

    /// Whether this account is the only one of its person, as far as anybody knows.
    pub(super) fn is_alone(&self, account: i64) -> bool {
        !self.of.contains_key(&account)
    }
}

/// Writes `account_id`, `person_id` and a column for each scope: an objection that is in force, decided
/// or not, covers all accounts of the person.
pub(super) fn write(objections: &Path, persons: &Persons, to: &Path) -> Result<usize> {
    let mut covered: HashMap<i64, [bool; 3]> = HashMap::new();
    for batch in read(objections, &["account_id", "status", "scopes"])? {
        let said = texts(&batch, "status")?.zip(texts(&batch, "scopes")?);
        for (account, (status, scopes)) in ids(&batch, "account_id")?.zip(said) {
            let (Some(account), Some("received" | "pending" | "approved")) = (account, status)
            else {
                continue;
            };
            let own = [account];
            let person = persons.of.get(&account).and_then(|person| persons.accounts.get(person));
            for account in person.map_or(own.as_slice(), Vec::as_slice) {
                let covered = covered.entry(*account).or_default();
                for scope in scopes.unwrap_or(OWN).split('|') {
                    for (at, name) in SCOPES.iter().enumerate() {
                        covered[at] |= *name == scope;
                    }
                }
            }
        }
    }
    let mut covered: Vec<(i64, [bool; 3])> = covered.into_iter().collect();
    covered.sort_unstable();
    let mut table = Table::begin(to);
    for chunk in covered.chunks(100_000) {
        let (mut accounts, mut people) = (Int64Builder::new(), Int64Builder::new());
        let mut scopes: [BooleanBuilder; 3] = Default::default();
        for (account, covers) in chunk {
            accounts.append_value(*account);
            people.append_option(persons.of.get(account).copied());
            for (builder, covers) in scopes.iter_mut().zip(covers) {
                builder.append_value(*covers);
            }
        }
        let [public, ai, third] = scopes.map(|mut scope| Arc::new(scope.finish()) as ArrayRef);
        table.write(&rows([
            ("account_id", Arc::new(accounts.finish()) as ArrayRef),
            ("person_id", Arc::new(people.finish())),
            (SCOPES[0], public),
            (SCOPES[1], ai),
            (SCOPES[2], third),
        ])?)?;
    }
    table.finish()?;
    Ok(covered.len())
}
