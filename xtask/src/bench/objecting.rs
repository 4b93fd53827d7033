//! Who objects: files that Demur imports beside the platform's own, and what follows from all of them,
//! as the rivals get it, worked out by another way than Demur's.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use arrow::array::{
    ArrayRef, BooleanBuilder, Int64Array, Int64Builder, StringArray, TimestampMicrosecondArray,
};

use super::tables::{ids, read, texts};
use crate::scale::platform::{Sizes, UTC};
use crate::scale::table::{Table, rows};

/// How many single records somebody objected to, at most.
const ITEMS: u64 = 1_000;
/// 2025-05-27, in microseconds.
const START: i64 = 20_235 * 86_400_000_000;

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
pub(super) fn write(objections: &[PathBuf], persons: &Persons, to: &Path) -> Result<()> {
    let mut covered: HashMap<i64, [bool; 3]> = HashMap::new();
    let read = |path: &PathBuf| read(path, &["account_id", "status", "scopes"]);
    let batches = objections.iter().map(read).collect::<Result<Vec<_>>>()?;
    for batch in batches.into_iter().flatten() {
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
    table.finish()
}

/// Writes objections to be imported: account or record, approved at one moment.
pub(super) fn write_approved(
    name: &str,
    ids: &[i64],
    scopes: Option<&str>,
    at: i64,
    to: &Path,
) -> Result<()> {
    let column = |text: Option<&str>| -> ArrayRef {
        Arc::new(std::iter::repeat_n(text, ids.len()).collect::<StringArray>())
    };
    let moments = TimestampMicrosecondArray::from(vec![at; ids.len()]).with_timezone(UTC);
    let mut table = Table::begin(to);
    table.write(&rows([
        (name, Arc::new(Int64Array::from(ids.to_vec())) as ArrayRef),
        ("status", column(Some("approved"))),
        ("received_at", Arc::new(moments)),
        ("scopes", column(scopes)),
    ])?)?;
    table.finish()
}

/// Single records that were objected to, spread over the corpus.
pub(super) fn write_items(sizes: &Sizes, to: &Path) -> Result<()> {
    let count = ITEMS.min(sizes.records / 100);
    let ids: Vec<i64> = (0..count).map(|n| (n * (sizes.records / count)) as i64).collect();
    write_approved("record_id", &ids, None, START, to)
}

/// One account of everybody who has several objects to being named by others, unless it objects already.
pub(super) fn write_close_knit(objections: &Path, persons: &Persons, to: &Path) -> Result<()> {
    let mut objecting = HashSet::new();
    for batch in read(objections, &["account_id"])? {
        objecting.extend(ids(&batch, "account_id")?.flatten());
    }
    let free = |accounts: &Vec<i64>| accounts.iter().find(|id| !objecting.contains(*id)).copied();
    let mut chosen: Vec<i64> = persons.accounts.values().filter_map(free).collect();
    chosen.sort_unstable();
    write_approved("account_id", &chosen, Some(SCOPES[2]), START, to)
}
