//! The verdict: may this record be used, and which rule decided.
//!
//! This is the readable form of the rules, one after the other as the design states them. The
//! audit and `explain` run it; the gate has its own fast form, and tests hold the two together.
//! **Whatever is unknown is excluded.**

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::day::{self, Day};
use crate::facts::{Age, Standing};
use crate::id::{AccountId, RecordId};
use crate::objection::{Effect, Scope, Scopes, Status};
use crate::purpose::{Purpose, ThirdPartyObjections, ThirdPartyRule};
use crate::redaction::{self, Span};

/// Why a record is not used, in the order in which the rules are asked.
///
/// The numbers are part of the file formats; a new reason takes a new number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Reason {
    /// The purpose does not name this kind of record, or the kind is null.
    KindNotCovered = 1,
    /// Its visibility is null, or not one that the purpose allows for its kind.
    NotPublic = 2,
    /// This very record was objected to, or its id is null while some records were.
    ItemObjected = 3,
    /// The author is null, has no account facts, or lacks one that the purpose needs.
    AuthorUnknown = 4,
    /// The author is under age on the start day.
    AuthorMinor = 5,
    /// The record's date is null or unreadable, so the author's age then is unknown.
    CreatedUnknown = 6,
    /// The record was made before its author came of age.
    ContentOfMinor = 7,
    /// The author's region is not one of the purpose's.
    AuthorOutsideRegion = 8,
    /// The author's account is memorialised, suspended, or otherwise not listed.
    AuthorStatus = 9,
    /// The author was not told, or not long enough ago.
    AuthorNotNotified = 10,
    /// The author has an undecided objection.
    AuthorRestricted = 11,
    /// The author has an approved objection.
    AuthorObjected = 12,
    /// Someone else who is in the record objected, and cannot or need not be taken out of it.
    ThirdParty = 13,
    /// Someone is to be taken out of the text, but the spans do not fit it.
    RedactionImpossible = 14,
    /// The record could not be read, and the build was told to drop such records.
    Unreadable = 15,
}

impl Reason {
    /// Every reason, in order.
    pub const ALL: [Reason; 15] = [
        Reason::KindNotCovered,
        Reason::NotPublic,
        Reason::ItemObjected,
        Reason::AuthorUnknown,
        Reason::AuthorMinor,
        Reason::CreatedUnknown,
        Reason::ContentOfMinor,
        Reason::AuthorOutsideRegion,
        Reason::AuthorStatus,
        Reason::AuthorNotNotified,
        Reason::AuthorRestricted,
        Reason::AuthorObjected,
        Reason::ThirdParty,
        Reason::RedactionImpossible,
        Reason::Unreadable,
    ];

    /// Whether a record that is out for this reason may come back when an objection is refused or
    /// withdrawn. What other reasons say depends on facts and rules alone.
    #[must_use]
    pub fn may_end(self) -> bool {
        matches!(
            self,
            Reason::ItemObjected
                | Reason::AuthorRestricted
                | Reason::AuthorObjected
                | Reason::ThirdParty
                | Reason::RedactionImpossible
        )
    }

    /// The name in manifests and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reason::KindNotCovered => "kind_not_covered",
            Reason::NotPublic => "not_public",
            Reason::ItemObjected => "item_objected",
            Reason::AuthorUnknown => "author_unknown",
            Reason::AuthorMinor => "author_minor",
            Reason::CreatedUnknown => "created_unknown",
            Reason::ContentOfMinor => "content_of_minor",
            Reason::AuthorOutsideRegion => "author_outside_region",
            Reason::AuthorStatus => "author_status",
            Reason::AuthorNotNotified => "author_not_notified",
            Reason::AuthorRestricted => "author_restricted",
            Reason::AuthorObjected => "author_objected",
            Reason::ThirdParty => "third_party",
            Reason::RedactionImpossible => "redaction_impossible",
            Reason::Unreadable => "unreadable",
        }
    }

    /// The reason in words that need no glossary.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::KindNotCovered => "not a kind of content that the purpose covers",
            Reason::NotPublic => "not public",
            Reason::ItemObjected => "someone objected to this very record",
            Reason::AuthorUnknown => "nothing, or too little, is known of the author",
            Reason::AuthorMinor => "the author is under age",
            Reason::CreatedUnknown => "nobody knows when it was made",
            Reason::ContentOfMinor => "made while the author was under age",
            Reason::AuthorOutsideRegion => "the author lives outside the purpose's regions",
            Reason::AuthorStatus => "the author's account is suspended, memorialised or the like",
            Reason::AuthorNotNotified => "the author was not told in time",
            Reason::AuthorRestricted => "the author objected, not decided yet",
            Reason::AuthorObjected => "the author objected",
            Reason::ThirdParty => "someone who objected is in it",
            Reason::RedactionImpossible => "a name in it could not be taken out safely",
            Reason::Unreadable => "could not be read",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Reason {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Reason::ALL
            .into_iter()
            .find(|r| r.name() == text)
            .ok_or_else(|| format!("\"{text}\" is not a verdict's reason"))
    }
}

/// One piece of content, as far as the rules need it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: Option<RecordId>,
    /// Post, comment, photo and so on.
    pub kind: Option<String>,
    /// Who may see it.
    pub visibility: Option<String>,
    /// Who wrote it.
    pub author: Option<AccountId>,
    /// The day it was made, in the purpose's time zone.
    pub created: Option<Day>,
    /// What it says.
    pub text: Option<String>,
    /// Whom the text names.
    pub mentioned: Vec<Appearance>,
    /// Whom a picture shows.
    pub depicted: Vec<Appearance>,
}

/// One person's place in a record that someone else made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// Who; `None` where the corpus has a null.
    pub account: Option<AccountId>,
    /// Where the text names them.
    pub place: Place,
}

/// Where the text names someone, as far as the corpus says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The list has no columns for it.
    NotGiven,
    /// The list has columns for it, and they are null here.
    Null,
    /// First byte and one past the last, unchecked.
    At(i64, i64),
}

/// What is to happen to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Used as it is.
    Keep,
    /// Used with these people taken out of text and lists.
    Redact(Vec<AccountId>),
    /// Not used.
    Drop(Reason),
}

/// One objection as it stands, for one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Whose; `None` where it names a record and no account.
    pub account: Option<AccountId>,
    /// What it covers; empty where it names one record and nothing else.
    pub scopes: Scopes,
    /// The one record that it names, if it names one.
    pub record: Option<RecordId>,
    /// How far it has come.
    pub status: Status,
}

/// Everything the rules may ask about people, in plain maps: the slow, obvious counterpart of a
/// snapshot.
#[derive(Clone, Debug, Default)]
pub struct World {
    standings: HashMap<AccountId, Standing>,
    person_of: HashMap<AccountId, Vec<AccountId>>,
    /// Person → accounts; persons are named by what the `person` column holds.
    accounts_of: HashMap<AccountId, Vec<AccountId>>,
    objections: HashMap<AccountId, Vec<(Scopes, Effect)>>,
    items: HashSet<RecordId>,
    /// Accounts that objections cover which do not name them.
    recognised: HashSet<AccountId>,
}

impl World {
    /// Adds one listing of an account.
    pub fn add_account(&mut self, id: AccountId, standing: Standing, person: Option<AccountId>) {
        if let Some(person) = person {
            let persons = self.person_of.entry(id.clone()).or_default();
            if !persons.contains(&person) {
                persons.push(person.clone());
                self.accounts_of.entry(person).or_default().push(id.clone());
            }
        }
        self.standings
            .entry(id)
            .and_modify(|known| *known = known.stricter(standing))
            .or_insert(standing);
    }

    /// Adds one objection.
    pub fn add_objection(&mut self, objection: &Objection) {
        let effect = objection.status.effect();
        if effect == Effect::None {
            return;
        }
        if let Some(record) = &objection.record {
            self.items.insert(record.clone());
        }
        if let Some(account) = objection.account.as_ref().filter(|_| !objection.scopes.is_empty()) {
            let entry = self.objections.entry(account.clone()).or_default();
            entry.push((objection.scopes, effect));
        }
    }

    /// Adds what an objection does to an account that it does not name, and whose person was recognised.
    pub fn recognise(&mut self, objection: &Objection) {
        self.recognised.extend(objection.account.clone());
        self.add_objection(objection);
    }

    /// Where an account stands.
    #[must_use]
    pub fn standing(&self, id: &AccountId) -> Standing {
        self.standings.get(id).copied().unwrap_or(Standing::UNKNOWN)
    }

    /// Whether account facts list the account.
    #[must_use]
    pub fn knows(&self, id: &AccountId) -> bool {
        self.standings.contains_key(id)
    }

    /// Every account reached from `id` over the persons that the facts name, `id` included. An
    /// account that is listed under two persons joins them, so that no objection is lost.
    fn covered_with(&self, id: &AccountId) -> Vec<AccountId> {
        let mut reached = vec![id.clone()];
        let mut next = 0;
        while next < reached.len() {
            for person in self.person_of.get(&reached[next]).into_iter().flatten() {
                for account in &self.accounts_of[person] {
                    if !reached.contains(account) {
                        reached.push(account.clone());
                    }
                }
            }
            next += 1;
        }
        reached
    }

    /// The strongest effect of all objections of the person behind `id` that `counts` admits.
    fn effect(&self, id: &AccountId, counts: impl Fn(Scopes) -> bool) -> Effect {
        self.covered_with(id)
            .iter()
            .filter_map(|account| self.objections.get(account))
            .flatten()
            .filter_map(|(scopes, effect)| counts(*scopes).then_some(*effect))
            .max()
            .unwrap_or(Effect::None)
    }

    /// Whether two accounts are one, or certainly of one person: an account listed under two
    /// persons is certainly of neither.
    #[must_use]
    pub fn same_person(&self, a: &AccountId, b: &AccountId) -> bool {
        let only_person = |id| match self.person_of.get(id).map(Vec::as_slice) {
            Some([person]) => Some(person),
            _ => None,
        };
        a == b || only_person(a).is_some_and(|person| only_person(b) == Some(person))
    }
}

/// What one rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's number in the design.
    pub rule: u8,
    /// What the rule asks.
    pub asks: &'static str,
    /// The reason that it gives to drop the record, if it does.
    pub reason: Option<Reason>,
    /// The facts behind the answer.
    pub because: String,
}

/// Judges a record.
#[must_use]
pub fn judge(purpose: &Purpose, world: &World, record: &Record) -> Verdict {
    let mut rules = Rules { purpose, world, record, findings: None, verdict: None };
    rules.run();
    rules.verdict.unwrap_or(Verdict::Keep)
}

/// Judges a record and says what every rule found, those after the deciding one included.
#[must_use]
pub fn explain(purpose: &Purpose, world: &World, record: &Record) -> (Verdict, Vec<Finding>) {
    let mut rules = Rules { purpose, world, record, findings: Some(Vec::new()), verdict: None };
    rules.run();
    (rules.verdict.unwrap_or(Verdict::Keep), rules.findings.unwrap_or_default())
}

struct Rules<'a> {
    purpose: &'a Purpose,
    world: &'a World,
    record: &'a Record,
    /// Present when every rule is to be answered in words.
    findings: Option<Vec<Finding>>,
    verdict: Option<Verdict>,
}

impl Rules<'_> {
    fn run(&mut self) {
        let (purpose, world, record) = (self.purpose, self.world, self.record);

        let content = record.kind.as_ref().and_then(|kind| purpose.content.get(kind));
        self.answer(
            1,
            "does the purpose cover this kind of record?",
            content.is_none(),
            Reason::KindNotCovered,
            || format!("kind is {}", shown(record.kind.as_deref())),
        );

        let visible = content.is_some_and(|rule| match &record.visibility {
            Some(visibility) => rule.visibility.permits(visibility),
            None => !rule.visibility.is_needed(),
        });
        self.answer(2, "may everyone see it?", !visible, Reason::NotPublic, || {
            format!("visibility is {}", shown(record.visibility.as_deref()))
        });

        let item = match &record.id {
            Some(id) => world.items.contains(id),
            None => !world.items.is_empty(),
        };
        self.answer(
            3,
            "did someone object to this very record?",
            item,
            Reason::ItemObjected,
            || match &record.id {
                Some(_) if item => "an objection names it".into(),
                Some(_) => {
                    format!("none of {} objections to single records names it", world.items.len())
                }
                None => "its id is null".into(),
            },
        );

        let author = record.author.as_ref();
        let standing = author.map_or(Standing::UNKNOWN, |id| world.standing(id));
        self.answer(
            4,
            "is enough known of the author?",
            standing.age == Age::Unknown,
            Reason::AuthorUnknown,
            || match author {
                None => "the author is null".into(),
                Some(id) if !world.knows(id) => "the account facts do not list the author".into(),
                Some(_) if standing.age == Age::Unknown => {
                    "a fact that the purpose needs (birth date, region, status) is missing".into()
                }
                Some(_) => "every fact that the purpose needs is there".into(),
            },
        );
        self.answer(
            5,
            "is the author of age on the start day?",
            standing.age == Age::Minor,
            Reason::AuthorMinor,
            || of_age(purpose, standing),
        );

        let (unknown, minor) = match record.created {
            _ if !purpose.needs_created() => (false, false),
            None => (true, false),
            Some(created) => (false, created < standing.of_age_on),
        };
        self.answer(
            6,
            "was the author of age when it was made?",
            unknown || minor,
            if unknown { Reason::CreatedUnknown } else { Reason::ContentOfMinor },
            || match record.created.and_then(day::to_date) {
                _ if !purpose.needs_created() => "the purpose does not ask".into(),
                None => "its date is null or unreadable".into(),
                Some(made) => format!("made on {made}; {}", of_age(purpose, standing)),
            },
        );

        for (rule, asks, reason) in [
            (7, "does the author live in a region of the purpose?", Reason::AuthorOutsideRegion),
            (8, "is the author's account in a state that the purpose lists?", Reason::AuthorStatus),
            (9, "was the author told in time?", Reason::AuthorNotNotified),
        ] {
            let fires = standing.bar == Some(reason);
            self.answer(rule, asks, fires, reason, || match standing.bar {
                _ if standing.age == Age::Unknown => "unknown".into(),
                Some(bar) if bar == reason => reason.sentence().into(),
                Some(bar) if bar < reason => {
                    "not asked: an earlier rule excludes the author".into()
                }
                _ => "yes, or the purpose does not ask".into(),
            });
        }

        let scope = content.map(|rule| rule.scope);
        let effect = author.map_or(Effect::None, |id| {
            world.effect(id, |scopes| scope.is_some_and(|scope| scopes.contains(scope)))
        });
        let reason = if effect == Effect::Objected {
            Reason::AuthorObjected
        } else {
            Reason::AuthorRestricted
        };
        self.answer(10, "did the author object?", effect != Effect::None, reason, || {
            let scope = scope.map_or("no scope", Scope::name);
            let recognised = author.is_some_and(|id| world.recognised.contains(id));
            let by = if recognised { ", of the same person under another account" } else { "" };
            match effect {
                Effect::None => {
                    format!("no objection in force covers {scope} of the author's person")
                }
                Effect::Restricted => format!("an objection to {scope} is undecided{by}"),
                Effect::Objected => format!("an objection to {scope} is approved{by}"),
            }
        });

        let third = self.third_party();
        let reason = third.as_ref().err().copied().unwrap_or(Reason::ThirdParty);
        self.answer(11, "is someone else in it who objected?", third.is_err(), reason, || {
            match &third {
                Ok(gone) if gone.is_empty() => {
                    "nobody whom the purpose's rule would take out".into()
                }
                Ok(gone) => format!("{} taken out of text and lists", people(gone.len())),
                Err(Reason::RedactionImpossible) => "the spans do not fit the text".into(),
                Err(_) => {
                    "yes, and the purpose's rule drops it, or no span says where the name is".into()
                }
            }
        });
        if let (None, Ok(gone)) = (&self.verdict, third)
            && !gone.is_empty()
        {
            self.verdict = Some(Verdict::Redact(gone));
        }
    }

    /// Records one rule's answer; without findings asked for, later rules cost nothing much.
    fn answer(
        &mut self,
        rule: u8,
        asks: &'static str,
        fires: bool,
        reason: Reason,
        because: impl FnOnce() -> String,
    ) {
        if fires && self.verdict.is_none() {
            self.verdict = Some(Verdict::Drop(reason));
        }
        if let Some(findings) = &mut self.findings {
            let because = because();
            findings.push(Finding { rule, asks, reason: fires.then_some(reason), because });
        }
    }

    /// Rule 11: who is to be taken out, or why the record cannot stay.
    fn third_party(&self) -> Result<Vec<AccountId>, Reason> {
        let (purpose, world, record) = (self.purpose, self.world, self.record);
        let counts = |scopes: Scopes| match purpose.third_party.objections {
            ThirdPartyObjections::ThirdParty => scopes.contains(Scope::ThirdParty),
            ThirdPartyObjections::Any => true,
        };
        let objected = |id: &AccountId| {
            let own = record.author.as_ref().is_some_and(|author| world.same_person(author, id));
            !own && world.effect(id, counts) != Effect::None
        };

        let mut gone: Vec<AccountId> = Vec::new();
        for (rule, appearances) in [
            (purpose.third_party.mentioned, &record.mentioned),
            (purpose.third_party.depicted, &record.depicted),
        ] {
            if rule == ThirdPartyRule::Keep {
                continue;
            }
            for appearance in appearances {
                // A null in the list is somebody, and nobody knows who.
                let Some(id) = &appearance.account else { return Err(Reason::ThirdParty) };
                if !objected(id) {
                    continue;
                }
                if rule == ThirdPartyRule::Drop {
                    return Err(Reason::ThirdParty);
                }
                if !gone.contains(id) {
                    gone.push(id.clone());
                }
            }
        }
        if gone.is_empty() {
            return Ok(gone);
        }

        // Somewhere the text must say where each of them is named, and nowhere may it leave that open.
        let everywhere = || record.mentioned.iter().chain(&record.depicted);
        for id in &gone {
            let mut located = false;
            for appearance in everywhere().filter(|a| a.account.as_ref() == Some(id)) {
                match appearance.place {
                    Place::NotGiven => {}
                    Place::Null => return Err(Reason::ThirdParty),
                    Place::At(..) => located = true,
                }
            }
            if !located {
                return Err(Reason::ThirdParty);
            }
        }
        let goes = |a: &Appearance| a.account.as_ref().is_some_and(|id| gone.contains(id));
        let spans: Vec<Span> = everywhere()
            .filter_map(|a| match a.place {
                Place::At(start, end) => Some(Span { start, end, remove: goes(a) }),
                _ => None,
            })
            .collect();
        let text = record.text.as_deref().ok_or(Reason::RedactionImpossible)?;
        redaction::redact(text, &spans).map_err(|_| Reason::RedactionImpossible)?;
        gone.sort_unstable();
        Ok(gone)
    }
}

fn shown(value: Option<&str>) -> String {
    value.map_or_else(|| "null".into(), |v| format!("\"{v}\""))
}

fn people(n: usize) -> String {
    if n == 1 { "1 person is".into() } else { format!("{n} people are") }
}

fn of_age(purpose: &Purpose, standing: Standing) -> String {
    if !purpose.needs_birth_date() {
        return "the purpose asks for no age".into();
    }
    match day::to_date(standing.of_age_on) {
        Some(on) => format!(
            "the author is {} from {on}, use starts on {}",
            purpose.minimum_age, purpose.starts_on
        ),
        None => "the author's age is unknown".into(),
    }
}
