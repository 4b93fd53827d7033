//! Recognising people who objected: under another account id, with the same e-mail address, as the same
//! person, or under an id that was once linked with theirs.
//!
//! The register's tombstones say whom marks lead to, the account facts say who has which marks. Whatever
//! the facts say of somebody whose objection is in force becomes a tombstone, and whoever has one of those
//! marks is covered, until nothing new is found. So what the facts forget later is still known.
//!
//! Finding them reads every address. What was found of which facts is kept on the desk, so that only new
//! objections or new facts are looked for again.

use std::collections::{HashMap, HashSet};

use demur_core::id::{AccountId, IdKind};
use demur_core::objection::{Effect, Scopes, Status};
use demur_core::purpose::Purpose;
use demur_core::rules::{Objection, World};
use demur_corpus::rows::AccountRow;
use demur_corpus::{Accounts, Piece};
use demur_register::desk::Drawer;
use demur_register::{Hash, Mark, Marker, PurposeState, Register, Tombstone, Tombstones};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::compile::{owned, side_by_side};
use crate::context::{Context, now};
use crate::failure::Failure;

/// Accounts that objections of other accounts cover, as objections of their own.
#[derive(Debug)]
pub(crate) struct Recognised {
    pub(crate) objections: Vec<Objection>,
    /// The register's size and root that this follows from.
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

/// What was found so far, of which facts.
#[derive(Serialize, Deserialize)]
struct Known {
    /// Digest of the account facts, and the columns that name people.
    facts: (String, [Option<String>; 3]),
    /// The register's size for the purpose.
    size: u64,
    /// Accounts, as texts, with the number of whose objection covers them; sorted.
    found: Vec<(String, u64)>,
    /// What that came to.
    covered: Vec<(String, Scopes, Status)>,
}

impl Known {
    fn name(purpose: &Purpose) -> Vec<u8> {
        format!("tombstones {}", purpose.id).into_bytes()
    }

    fn load(register: &Register, purpose: &Purpose) -> Result<Option<Known>, Failure> {
        let item = register.item(Drawer::Bookmark, &Self::name(purpose))?;
        Ok(item.and_then(|item| serde_json::from_str(&item.text).ok()))
    }
}

/// The columns that name people.
fn columns(context: &Context) -> [Option<String>; 3] {
    let source = &context.config.accounts;
    [Some(source.account.clone()), source.email.clone(), source.person.clone()]
}

/// Who an account can be covered by.
type Owners = HashMap<AccountId, Vec<u64>>;

/// Finds the accounts that a purpose's objections cover besides those that they name, and keeps what
/// recognises them next time.
///
/// # Errors
/// Where the account facts cannot be read, or the register cannot be written.
pub(crate) fn recognise(
    context: &Context,
    register: &mut Register,
    purpose: &Purpose,
    accounts: &Accounts<'_>,
    accounts_digest: &str,
    state: &PurposeState,
) -> Result<Recognised, Failure> {
    let kind = accounts.id_kind();
    let facts = (accounts_digest.to_owned(), columns(context));
    let before = Known::load(register, purpose)?;
    // Of known facts, only what was said since leads to anybody new.
    let before = before.filter(|known| known.facts == facts && known.size <= state.size);
    if let Some(known) = before.as_ref().filter(|known| known.size == state.size) {
        let objections = objections(&known.covered, kind)?;
        return Ok(Recognised { objections, size: state.size, root: state.root });
    }
    let since = before.as_ref().map_or(0, |known| known.size);

    let tombstones = register.tombstones(&purpose.id, 0..u64::MAX)?;
    let covering = covering(state, &tombstones);
    let again: HashSet<u64> = register.in_force_again(&purpose.id, since)?.into_iter().collect();
    let (mut owners, mut new) = (Owners::new(), HashSet::new());
    for (said, whose) in state.objections.iter().zip(&state.whose) {
        let is_new = whose.opened >= since || again.contains(&whose.of);
        if !is_new || !covering.contains_key(&whose.of) {
            continue;
        }
        new.insert(whose.of);
        if let Some(account) = said.account.as_ref().and_then(|id| placed(id, kind)) {
            let known = owners.entry(account).or_default();
            if !known.contains(&whose.of) {
                known.push(whose.of);
            }
        }
    }
    let recent = register.tombstones(&purpose.id, since..u64::MAX)?.entries;
    let of_new = tombstones.entries.iter().filter(|one| new.contains(&one.of)).copied();
    let marks = recent.into_iter().chain(of_new).filter(|one| covering.contains_key(&one.of));
    let mut marks: Vec<Tombstone> = marks.collect();
    marks.sort_unstable();
    marks.dedup();

    let mut found: HashSet<(AccountId, u64)> = HashSet::new();
    // Whose objection is over is looked for again should it come into force again.
    let still = before.iter().flat_map(|known| &known.found);
    for (account, of) in still.filter(|(_, of)| covering.contains_key(of)) {
        found.insert((parsed(account, kind)?, *of));
    }
    let mut kept = search(&register.marker(), accounts, owners, marks, &tombstones, &mut found)?;
    let same = match kept.is_empty() {
        true => Some((state.size, state.root)),
        false => register.keep_tombstones(&purpose.id, state.size, &mut kept, now())?,
    };
    let (size, root) = same.unwrap_or((state.size, state.root));

    let mut found: Vec<(String, u64)> =
        found.into_iter().map(|(account, of)| (account.to_string(), of)).collect();
    found.sort_unstable();
    let stands = |(account, of): &(String, u64)| {
        let stands = covering.get(of).into_iter().flatten();
        stands.map(|(scopes, status)| (account.clone(), *scopes, *status)).collect::<Vec<_>>()
    };
    let covered: Vec<_> = found.iter().flat_map(stands).collect();
    let known = Known { facts, size, found, covered };
    let text = serde_json::to_string(&known)
        .map_err(|e| Failure::machine(format!("what was found cannot be noted: {e}")))?;
    register.act(now(), |act| {
        let name = Known::name(purpose);
        act.put(Drawer::Bookmark, &name, Timestamp::MAX, None, &text).map(drop)
    })?;
    Ok(Recognised { objections: objections(&known.covered, kind)?, size, root })
}

/// Whom objections of other accounts cover, known without a look at the account facts.
pub(crate) enum Covered {
    /// There is nothing by which anybody could be recognised.
    Nobody,
    /// What the last search found; nothing was said since, and the facts are the same.
    Found(Vec<(String, u64)>, Vec<(String, Scopes, Status)>),
}

/// As far as it is known when the register has `size` events for the purpose; `None` where [`recognise`]
/// has to look.
///
/// # Errors
/// Where the register cannot be read.
pub(crate) fn covered(
    context: &Context,
    register: &Register,
    purpose: &Purpose,
    accounts: &Accounts<'_>,
    accounts_digest: &str,
    size: u64,
) -> Result<Option<Covered>, Failure> {
    if !accounts.has_kin() && register.tombstones(&purpose.id, 0..u64::MAX)?.entries.is_empty() {
        return Ok(Some(Covered::Nobody));
    }
    let facts = (accounts_digest.to_owned(), columns(context));
    let known = Known::load(register, purpose)?;
    let known = known.filter(|known| known.facts == facts && known.size == size);
    Ok(known.map(|known| Covered::Found(known.found, known.covered)))
}

impl Covered {
    /// The accounts that objections of these owners cover, each with all that covers it.
    ///
    /// # Errors
    /// Where the accounts are of another kind now.
    pub(crate) fn by(
        &self,
        owners: &HashSet<u64>,
        kind: IdKind,
    ) -> Result<Vec<Objection>, Failure> {
        let Covered::Found(found, covered) = self else { return Ok(Vec::new()) };
        let theirs = found.iter().filter(|(_, of)| owners.contains(of));
        let theirs: HashSet<&str> = theirs.map(|(account, _)| account.as_str()).collect();
        let covered = covered.iter().filter(|(account, ..)| theirs.contains(account.as_str()));
        objections(covered, kind)
    }
}

/// Notes what the account facts say of everybody whose objection is in force, before they may forget it.
///
/// # Errors
/// As [`recognise`].
pub(crate) fn note(context: &Context, register: &mut Register) -> Result<(), Failure> {
    let accounts = context.accounts()?;
    let digest = accounts.digest()?;
    for purpose in &context.config.purposes {
        let state = register.purpose_state(&purpose.id, None)?;
        recognise(context, register, purpose, &accounts, &digest, &state)?;
    }
    Ok(())
}

/// The same after something was entered: what is entered stands, whether or not this succeeds.
pub(crate) fn note_entered(context: &Context, register: &mut Register) {
    if let Err(failure) = note(context, register) {
        context.out.warn(&format!(
            "warning: {failure}\n  what was said is entered; by what people are recognised under another account id is noted with the next snapshot, so compile one before the account facts change"
        ));
    }
}

/// What each owner of tombstones objected to, as far as it is in force.
fn covering(state: &PurposeState, tombstones: &Tombstones) -> HashMap<u64, Vec<(Scopes, Status)>> {
    let said = state.objections.iter().zip(&state.whose);
    let said = said.map(|(said, whose)| (whose.of, said.scopes, said.status));
    let erased = tombstones.erased.iter().map(|one| (one.of, one.scopes, one.status));
    let mut covering: HashMap<u64, Vec<(Scopes, Status)>> = HashMap::new();
    for (of, scopes, status) in said.chain(erased) {
        if status.effect() != Effect::None && !scopes.is_empty() {
            covering.entry(of).or_default().push((scopes, status));
        }
    }
    covering
}

fn objections<'a>(
    covered: impl IntoIterator<Item = &'a (String, Scopes, Status)>,
    kind: IdKind,
) -> Result<Vec<Objection>, Failure> {
    let one = |(account, scopes, status): &(String, Scopes, Status)| {
        let account = Some(parsed(account, kind)?);
        Ok(Objection { account, scopes: *scopes, record: None, status: *status })
    };
    covered.into_iter().map(one).collect()
}

fn parsed(account: &str, kind: IdKind) -> Result<AccountId, Failure> {
    AccountId::parse(kind, account).map_err(Failure::input)
}

/// An id as the account facts have it now; `None` of one that cannot be theirs, which compiling refuses.
fn placed(id: &AccountId, kind: IdKind) -> Option<AccountId> {
    if id.fits(kind) { Some(id.clone()) } else { AccountId::parse(kind, &id.to_string()).ok() }
}

/// A row of the account facts that somebody's objection covers.
struct Hit {
    account: AccountId,
    of: u64,
    /// Whether the objection names this account itself.
    named: bool,
    marks: [Option<Mark>; 2],
}

/// Looks for everybody whom `owners` and `marks` lead to, and whom these lead to in turn. Enters accounts
/// into `found`, and returns the tombstones that are missing.
fn search(
    marker: &Marker,
    accounts: &Accounts<'_>,
    mut owners: Owners,
    mut marks: Vec<Tombstone>,
    known: &Tombstones,
    found: &mut HashSet<(AccountId, u64)>,
) -> Result<Vec<Tombstone>, Failure> {
    let mut kept: HashSet<Tombstone> = HashSet::new();
    // Accounts that objections name; linked ones are found besides.
    let mut named = true;
    while !(owners.is_empty() && marks.is_empty()) {
        if !accounts.has_kin() && marks.is_empty() {
            break;
        }
        let hits = scan(accounts, marker, &owners, &Marks::new(marks), named)?;
        named = false;
        (owners, marks) = (Owners::new(), Vec::new());
        for hit in hits {
            if !hit.named && found.insert((hit.account.clone(), hit.of)) {
                owners.entry(hit.account.clone()).or_default().push(hit.of);
            }
            let own = (!hit.named).then(|| marker.account(&hit.account.to_string()));
            for mark in hit.marks.into_iter().chain([own]).flatten() {
                let one = Tombstone { mark, of: hit.of };
                if known.entries.binary_search(&one).is_err() && kept.insert(one) {
                    marks.push(one);
                }
            }
        }
    }
    Ok(kept.into_iter().collect())
}

/// Marks that are looked for, sorted, and found by their first bits.
struct Marks {
    entries: Vec<Tombstone>,
    starts: Vec<u32>,
    bits: u32,
}

impl Marks {
    fn new(mut entries: Vec<Tombstone>) -> Self {
        entries.sort_unstable();
        let bits = (entries.len() / 4).max(1).ilog2();
        let mut starts = vec![0u32; (1 << bits) + 1];
        for entry in &entries {
            starts[first_bits(entry.mark, bits) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Marks { entries, starts, bits }
    }

    fn owners(&self, mark: Mark) -> impl Iterator<Item = u64> {
        let slice = first_bits(mark, self.bits);
        let slice = self.starts[slice] as usize..self.starts[slice + 1] as usize;
        self.entries[slice].iter().filter(move |entry| entry.mark == mark).map(|entry| entry.of)
    }
}

/// Marks are random, so their first bits cut them into even slices.
fn first_bits(mark: Mark, bits: u32) -> usize {
    let [a, b, c, d, ..] = mark.bytes();
    (u64::from(u32::from_be_bytes([a, b, c, d])) << 32 >> 1 >> (63 - bits)) as usize
}

/// One look at every row of the account facts.
fn scan(
    accounts: &Accounts<'_>,
    marker: &Marker,
    owners: &Owners,
    marks: &Marks,
    named: bool,
) -> Result<Vec<Hit>, Failure> {
    let kind = accounts.id_kind();
    let look = |piece: &Piece<'_>| {
        let (mut hits, mut text) = (Vec::new(), String::new());
        let mut of_row: Vec<(u64, bool)> = Vec::new();
        accounts.for_each_kin(piece, |row| {
            let id = owned(row.id, kind);
            of_row.clear();
            of_row.extend(owners.get(&id).into_iter().flatten().map(|of| (*of, named)));
            if of_row.is_empty() && marks.entries.is_empty() {
                return;
            }
            let email = row.email.and_then(|email| marker.email(email));
            let person = row.person.map(|person| marker.person(person));
            if !marks.entries.is_empty() {
                text.clear();
                // A text in memory always takes more.
                let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{id}"));
                for mark in [Some(marker.account(&text)), email, person].into_iter().flatten() {
                    for of in marks.owners(mark) {
                        if !of_row.iter().any(|(known, _)| *known == of) {
                            of_row.push((of, false));
                        }
                    }
                }
            }
            for (of, named) in &of_row {
                let marks = [email, person];
                hits.push(Hit { account: id.clone(), of: *of, named: *named, marks });
            }
        })?;
        Ok::<_, Failure>(hits)
    };
    let mut hits = Vec::new();
    for part in side_by_side(&accounts.pieces(), look) {
        hits.extend(part?);
    }
    Ok(hits)
}

/// The same knowledge, worked out again by plain maps over all rows, for audit and explain: it asks the
/// register for tombstones and for nothing that a compile has found.
pub(crate) struct Kinship {
    /// Nobody can be recognised where the facts have ids alone and nothing was kept.
    marker: Option<Marker>,
    rows: Vec<(AccountId, Vec<Mark>)>,
}

impl Kinship {
    pub(crate) fn new(context: &Context, register: &Register, tombstones: &Tombstones) -> Self {
        let source = &context.config.accounts;
        let can = source.email.is_some() || source.person.is_some();
        let marker = (can || !tombstones.entries.is_empty()).then(|| register.marker());
        Kinship { marker, rows: Vec::new() }
    }

    /// Takes a row of the account facts in.
    pub(crate) fn add(&mut self, row: &AccountRow) {
        let Some(marker) = &self.marker else { return };
        let account = marker.account(&row.id.to_string());
        let email = row.email.as_deref().and_then(|email| marker.email(email));
        let person = row.person.as_ref().map(|person| marker.person(&person.to_string()));
        let marks = [Some(account), email, person].into_iter().flatten().collect();
        self.rows.push((row.id.clone(), marks));
    }

    /// Enters the objections that cover accounts which they do not name.
    pub(crate) fn enter(&self, world: &mut World, state: &PurposeState, tombstones: &Tombstones) {
        let covering = covering(state, tombstones);
        let mut by_account: HashMap<String, HashSet<u64>> = HashMap::new();
        let mut by_mark: HashMap<Mark, HashSet<u64>> = HashMap::new();
        let mut named: HashSet<(String, u64)> = HashSet::new();
        for (said, whose) in state.objections.iter().zip(&state.whose) {
            let account = said.account.as_ref().filter(|_| covering.contains_key(&whose.of));
            if let Some(account) = account {
                by_account.entry(account.to_string()).or_default().insert(whose.of);
                named.insert((account.to_string(), whose.of));
            }
        }
        for one in tombstones.entries.iter().filter(|one| covering.contains_key(&one.of)) {
            by_mark.entry(one.mark).or_default().insert(one.of);
        }
        let mut found_more = true;
        while found_more {
            found_more = false;
            for (account, marks) in &self.rows {
                let mut owners: HashSet<u64> =
                    by_account.get(&account.to_string()).cloned().unwrap_or_default();
                owners.extend(marks.iter().filter_map(|mark| by_mark.get(mark)).flatten());
                for of in owners {
                    found_more |= by_account.entry(account.to_string()).or_default().insert(of);
                    for mark in marks {
                        found_more |= by_mark.entry(*mark).or_default().insert(of);
                    }
                }
            }
        }
        for (account, _) in &self.rows {
            for of in by_account.get(&account.to_string()).into_iter().flatten() {
                if named.contains(&(account.to_string(), *of)) {
                    continue;
                }
                for (scopes, status) in covering.get(of).into_iter().flatten() {
                    world.recognise(&Objection {
                        account: Some(account.clone()),
                        scopes: *scopes,
                        record: None,
                        status: *status,
                    });
                }
            }
        }
    }
}
