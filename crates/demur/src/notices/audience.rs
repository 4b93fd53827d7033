//! Who is affected by a purpose, who of them was told, and to whom a mail goes.
//!
//! Affected is whoever the purpose's rules on age, region and account state would let in. Somebody of
//! whom too little is known to say so is not written to, and not used either; they are counted by what
//! is missing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use demur_core::authority::{self, Authority};
use demur_core::facts::{AccountFacts, Age, Standing};
use demur_core::id::{AccountId, IdKind};
use demur_core::objection::{Effect, Scope, Scopes};
use demur_core::purpose::Purpose;
use demur_core::rules::Reason;
use demur_corpus::{Contact, Piece};
use demur_notice::Language;
use demur_notice::mail::is_address;
use demur_register::{Notices, PurposeState};
use demur_snapshot::Key;

use crate::compile::{owned, side_by_side};
use crate::context::Context;
use crate::failure::Failure;

/// Where an account stands. An account that is listed twice stands where the later of both comes in
/// this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stands {
    /// Affected, and told.
    Told,
    /// Affected, not told, and has an address.
    ToTell,
    /// Affected, and objected to everything that the purpose uses: there is nothing to tell.
    Objected,
    /// Affected; the last notice came back.
    Returned,
    /// Affected, and has no address.
    NoAddress,
    /// Affected; the address cannot be read.
    BadAddress,
    /// The account's state is not one that is used.
    Status,
    /// Outside the purpose's regions.
    Region,
    /// Under age.
    Minor,
    /// The account's state is not known.
    StatusUnknown,
    /// The region is not known.
    RegionUnknown,
    /// The birth date is not known.
    BirthUnknown,
}

/// Somebody to whom one mail goes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Addressee {
    /// The accounts that are told by it: those of one person with one address. The mail is numbered
    /// after the first, and its link acts for it; an objection covers all accounts of the person.
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) email: String,
    pub(crate) language: Language,
    /// Whom they can complain to; none where neither their country nor the configuration names one.
    pub(crate) authority: Option<&'static Authority>,
}

/// Everybody in the account facts.
pub(crate) struct Audience {
    /// Accounts by where they stand.
    pub(crate) accounts: BTreeMap<Stands, u64>,
    /// To whom mails go, in the order of the account facts.
    pub(crate) addressees: Vec<Arc<Addressee>>,
    /// Whose address cannot be read.
    pub(crate) bad_addresses: Vec<AccountId>,
    /// Rows of the account facts without an account id.
    pub(crate) nobody: u64,
}

/// Reads the account facts and judges everybody by the register's state for the purpose. Those whose
/// notice came back are among the addressees only where `also_returned` says so.
pub(crate) fn audience(
    context: &Context,
    purpose: &Purpose,
    state: &PurposeState,
    also_returned: bool,
) -> Result<Audience, Failure> {
    let accounts = context.accounts()?;
    let kind = accounts.id_kind();
    let judge = Judge {
        purpose,
        notices: &state.notices,
        kind,
        also_returned,
        objecting: objecting(state, purpose),
        fallback: fallback_authority(context, purpose),
        language: context.config.language(),
    };
    let progress = context.out.progress("reading accounts", Some(accounts.rows()));
    let pieces = accounts.pieces();
    let read = |piece: &Piece<'_>| -> Result<Part, demur_corpus::Error> {
        let mut part = Part::default();
        part.nobody = accounts.for_each_contact(piece, |contact| judge.row(&contact, &mut part))?;
        progress.add(part.rows.len() as u64 + part.nobody);
        Ok(part)
    };
    let mut whole = Part::default();
    for part in side_by_side(&pieces, read) {
        whole.absorb(part?);
    }
    Ok(whole.finish())
}

/// Accounts that objected to everything that the purpose uses, with objections in force.
fn objecting(state: &PurposeState, purpose: &Purpose) -> HashSet<AccountId> {
    let needed: HashSet<Scope> = purpose.content.values().map(|rule| rule.scope).collect();
    let mut scopes: HashMap<AccountId, Scopes> = HashMap::new();
    for objection in &state.objections {
        let in_force = objection.status.effect() != Effect::None && objection.record.is_none();
        if let (true, Some(account)) = (in_force, &objection.account) {
            let known = scopes.entry(account.clone()).or_insert(Scopes::NONE);
            *known = known.iter().chain(objection.scopes.iter()).collect();
        }
    }
    let all = |(_, scopes): &(AccountId, Scopes)| needed.iter().all(|s| scopes.contains(*s));
    scopes.into_iter().filter(all).map(|(account, _)| account).collect()
}

/// Whom people complain to whose own country has no authority under the GDPR.
fn fallback_authority(context: &Context, purpose: &Purpose) -> Option<&'static Authority> {
    let configured = context.config.site.as_ref().and_then(|site| site.authority);
    configured.or_else(|| purpose.holidays.as_deref().and_then(authority::for_country))
}

struct Judge<'a> {
    purpose: &'a Purpose,
    notices: &'a Notices,
    kind: IdKind,
    also_returned: bool,
    objecting: HashSet<AccountId>,
    fallback: Option<&'static Authority>,
    /// For those who chose none, or one that is not spoken here.
    language: Language,
}

/// What a part of the account facts gives.
#[derive(Default)]
struct Part {
    /// Every row: the account, hashed, and where it stands.
    rows: Vec<(u64, Stands)>,
    /// Rows of those who may be written to, by their place in `rows`.
    found: Vec<Found>,
    /// People of whom one account has objected, hashed.
    objected: HashSet<u64>,
    bad_addresses: Vec<AccountId>,
    nobody: u64,
}

struct Found {
    row: usize,
    account: AccountId,
    person: Option<u64>,
    email: String,
    language: Language,
    authority: Option<&'static Authority>,
}

impl Judge<'_> {
    fn row(&self, contact: &Contact<'_>, part: &mut Part) {
        let account = owned(contact.account.id, self.kind);
        let person = contact.account.person.map(hash_of_key);
        let objected = self.objecting.contains(&account);
        if objected {
            part.objected.extend(person);
        }
        let email = contact.email.map(str::trim).filter(|email| !email.is_empty());
        let stands = self.stands(&contact.account.facts, &account, objected, email);
        let row = part.rows.len();
        part.rows.push((hash_of(&account), stands));
        match (stands, email) {
            (Stands::BadAddress, _) => part.bad_addresses.push(account),
            (Stands::ToTell, Some(email)) => part.found.push(Found {
                row,
                account,
                person,
                email: email.to_owned(),
                language: contact.locale.and_then(Language::from_locale).unwrap_or(self.language),
                authority: contact
                    .account
                    .facts
                    .region
                    .and_then(authority::for_country)
                    .or(self.fallback),
            }),
            _ => {}
        }
    }

    fn stands(
        &self,
        facts: &AccountFacts<'_>,
        account: &AccountId,
        objected: bool,
        email: Option<&str>,
    ) -> Stands {
        if let Some(outside) = self.unaffected(facts) {
            return outside;
        }
        let returned = self.notices.undelivered_through(account).is_some();
        if self.notices.earliest(account).is_some() {
            Stands::Told
        } else if objected {
            Stands::Objected
        } else if returned && !self.also_returned {
            Stands::Returned
        } else {
            match email {
                None => Stands::NoAddress,
                Some(email) if !is_address(email) => Stands::BadAddress,
                Some(_) => Stands::ToTell,
            }
        }
    }

    /// Why the purpose's rules leave the account out before anybody is told.
    fn unaffected(&self, facts: &AccountFacts<'_>) -> Option<Stands> {
        let purpose = self.purpose;
        let standing = Standing::of(purpose, facts, true);
        match (standing.age, standing.bar) {
            (Age::Unknown, _) if purpose.regions.is_needed() && facts.region.is_none() => {
                Some(Stands::RegionUnknown)
            }
            (Age::Unknown, _) if purpose.account_status.is_needed() && facts.status.is_none() => {
                Some(Stands::StatusUnknown)
            }
            (Age::Unknown, _) => Some(Stands::BirthUnknown),
            (Age::Minor, _) => Some(Stands::Minor),
            (Age::Adult, Some(Reason::AuthorOutsideRegion)) => Some(Stands::Region),
            (Age::Adult, Some(_)) => Some(Stands::Status),
            (Age::Adult, None) => None,
        }
    }
}

impl Part {
    fn absorb(&mut self, part: Part) {
        let before = self.rows.len();
        self.rows.extend(part.rows);
        self.found.extend(part.found.into_iter().map(|f| Found { row: f.row + before, ..f }));
        self.objected.extend(part.objected);
        self.bad_addresses.extend(part.bad_addresses);
        self.nobody += part.nobody;
    }

    fn finish(mut self) -> Audience {
        let objected = std::mem::take(&mut self.objected);
        for found in &self.found {
            if found.person.is_some_and(|person| objected.contains(&person)) {
                self.rows[found.row].1 = Stands::Objected;
            }
        }
        let twice = self.twice();
        // Of an account that is listed twice, the first listing is written to, if both may be.
        let mut written: HashSet<u64> = HashSet::new();
        let mut addressees = Addressees::default();
        for found in self.found {
            let (hash, stands) = self.rows[found.row];
            let stands = twice.get(&hash).copied().unwrap_or(stands);
            if stands == Stands::ToTell && (!twice.contains_key(&hash) || written.insert(hash)) {
                addressees.add(found);
            }
        }
        let mut accounts = BTreeMap::new();
        let once = self.rows.iter().filter(|(hash, _)| !twice.contains_key(hash));
        for stands in once.map(|(_, stands)| stands).chain(twice.values()) {
            *accounts.entry(*stands).or_default() += 1;
        }
        let addressees = addressees.all.into_iter().map(Arc::new).collect();
        let (bad_addresses, nobody) = (self.bad_addresses, self.nobody);
        Audience { accounts, addressees, bad_addresses, nobody }
    }

    /// Accounts that are listed more than once, and where both listings together put them.
    fn twice(&self) -> HashMap<u64, Stands> {
        let mut sorted = self.rows.clone();
        sorted.sort_unstable();
        let runs = sorted.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1);
        // Sorted by where they stand: the last listing decides.
        runs.filter_map(|run| run.last().copied()).collect()
    }
}

/// Gathers accounts of one person with one address.
#[derive(Default)]
struct Addressees {
    all: Vec<Addressee>,
    by_person: HashMap<(u64, String), usize>,
}

impl Addressees {
    fn add(&mut self, found: Found) {
        let Found { account, person, email, language, authority, .. } = found;
        let mut addressee = Addressee { accounts: vec![account], email, language, authority };
        let Some(person) = person else { return self.all.push(addressee) };
        let key = (person, addressee.email.to_lowercase());
        match self.by_person.get(&key) {
            Some(at) => self.all[*at].accounts.append(&mut addressee.accounts),
            None => {
                self.by_person.insert(key, self.all.len());
                self.all.push(addressee);
            }
        }
    }
}

pub(super) fn hash_of_key(key: Key<'_>) -> u64 {
    match key {
        Key::Number(number) => hash_of(&(0u8, number)),
        Key::Text(text) => hash_of(&(1u8, text)),
    }
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
