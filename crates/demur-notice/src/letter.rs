//! What a person is told as their case goes on: received, decided, extended, withdrawn, lifted.
//!
//! A letter is plain data until it is composed, so that the console can show a reviewer exactly what
//! will go out, in the person's language.

use demur_core::authority::{Authority, court_route};
use demur_core::objection::{Scope, Scopes};
use demur_core::purpose::{ThirdPartyObjections, ThirdPartyRule, ThirdPartyRules};
use jiff::civil::Date;
use thiserror::Error;

use crate::compose::{Block, Composed, compose};
use crate::language::Language;
use crate::messages::{self, Arg, text};

/// A letter without a part that the law asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Incomplete {
    /// A refusal by nobody (Art. 22).
    #[error("a refusal names the person who decided it (Art. 22 GDPR)")]
    Reviewer,
    /// A refusal without grounds.
    #[error("a refusal states its compelling grounds (Art. 21(1), 12(4) GDPR)")]
    Grounds,
    /// An extension without reasons.
    #[error("an extension states its reasons (Art. 12(3) GDPR)")]
    Reasons,
    /// Nobody to complain to: neither the person's country is known nor the controller's.
    #[error("a refusal or extension names a supervisory authority (Art. 12(4), 77 GDPR)")]
    Authority,
}

/// What every letter says about its case.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The person's language.
    pub language: Language,
    /// Who answers for the purpose.
    pub controller: &'a str,
    /// What people are told the purpose is.
    pub purpose: &'a str,
    /// The case's number.
    pub number: &'a str,
    /// The day on which the objection arrived.
    pub received: Date,
    /// The personal address of the case page.
    pub link: &'a str,
    /// How to reach the controller's data protection.
    pub contact: &'a str,
}

/// What an objection covers.
#[derive(Clone, Copy, Debug)]
pub struct Covers<'a> {
    /// Its scopes.
    pub scopes: Scopes,
    /// The one record that it names, as the person named it.
    pub record: Option<&'a str>,
}

impl Covers<'_> {
    /// Whether a person must first find what is meant: someone without an account described it, or gave
    /// the address of a page. Nothing is restricted before that, and nobody is told that it is.
    #[must_use]
    pub fn is_to_be_found(&self) -> bool {
        match self.record {
            Some(record) => record.contains("://"),
            None => self.scopes.is_empty(),
        }
    }
}

/// An objection that arrived together with others.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    /// Its number.
    pub number: &'a str,
    /// The one record that it names.
    pub record: Option<&'a str>,
    /// The personal address of its page.
    pub link: &'a str,
}

/// Where a person can turn (Art. 77, 79).
#[derive(Clone, Copy, Debug)]
pub struct Remedy<'a> {
    /// The authority of the person's country, or the controller's lead authority.
    pub authority: &'a Authority,
    /// ISO 3166-1 alpha-2 code of the country where the person lives.
    pub country: &'a str,
}

/// What a reviewer wrote about where a person can turn, in place of the usual words. A letter says what the
/// register says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnWords<'a> {
    /// In place of the authority's name and address.
    pub authority: Option<&'a str>,
    /// In place of the sentence about the courts.
    pub court_route: Option<&'a str>,
}

/// The objection has arrived and its data is restricted (Art. 18(1)(d)).
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// The case.
    pub case: Case<'a>,
    /// What it covers.
    pub covers: Covers<'a>,
    /// The first day of the restriction.
    pub restricted_since: Date,
    /// The last day for an answer.
    pub due: Date,
    /// All that one form brought, this one included; empty where it brought one.
    pub noted: &'a [Noted<'a>],
}

/// The objection is approved.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    /// The case.
    pub case: Case<'a>,
    /// What it covers.
    pub covers: Covers<'a>,
    /// The day of the decision.
    pub decided: Date,
    /// What happens to what others published about the person.
    pub third_party: ThirdPartyRules,
}

/// The objection is refused, with all that Art. 12(4) asks for.
#[derive(Clone, Copy, Debug)]
pub struct Refusal<'a> {
    /// The case.
    pub case: Case<'a>,
    /// The day of the decision.
    pub decided: Date,
    /// Who decided.
    pub reviewer: &'a str,
    /// The compelling grounds, in the person's language.
    pub grounds: &'a str,
    /// The first day on which the restriction no longer holds, where it is known by now.
    pub lifted: Option<Date>,
    /// Where to complain.
    pub remedy: Remedy<'a>,
}

/// The answer takes longer (Art. 12(3)).
#[derive(Clone, Copy, Debug)]
pub struct Extension<'a> {
    /// The case.
    pub case: Case<'a>,
    /// The last day for an answer so far.
    pub due: Date,
    /// The last day for an answer from now on.
    pub until: Date,
    /// Why, in the person's language.
    pub reasons: &'a str,
    /// Where to complain.
    pub remedy: Remedy<'a>,
}

/// The person took the objection back.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawal<'a> {
    /// The case.
    pub case: Case<'a>,
    /// The day on which they did.
    pub withdrawn: Date,
}

/// Why a restriction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The objection was refused.
    Refused,
    /// The person took it back.
    Withdrawn,
}

/// The restriction is about to be lifted (Art. 18(3)).
#[derive(Clone, Copy, Debug)]
pub struct Lifting<'a> {
    /// The case.
    pub case: Case<'a>,
    /// Why.
    pub because: Because,
    /// The day of the refusal or withdrawal.
    pub decided: Date,
    /// The first day on which it no longer holds.
    pub lifted: Date,
}

impl Receipt<'_> {
    /// The letter.
    #[must_use]
    pub fn compose(&self) -> Composed {
        let mut letter = Letter::new(&self.case, "letter-receipt-title");
        letter.say("letter-receipt", &[("received", self.case.received.into())]);
        if self.noted.is_empty() {
            letter.covers(&self.covers);
        } else {
            letter.noted(self.noted);
        }
        if self.covers.is_to_be_found() {
            letter.say("letter-receipt-search", &[]);
        } else {
            letter.say("letter-receipt-restricted", &[("since", self.restricted_since.into())]);
        }
        letter.say("letter-receipt-due", &[("due", self.due.into())]);
        letter.say("letter-receipt-lifted", &[]);
        letter.finish("letter-receipt-subject")
    }
}

impl Approval<'_> {
    /// The letter.
    #[must_use]
    pub fn compose(&self) -> Composed {
        let mut letter = Letter::new(&self.case, "letter-approval-title");
        letter.say(
            "letter-approval",
            &[("decided", self.decided.into()), ("received", self.case.received.into())],
        );
        letter.covers(&self.covers);
        let found = self.covers.is_to_be_found();
        letter.say(if found { "letter-approval-search" } else { "letter-approval-effect" }, &[]);
        letter.say("letter-approval-recipients", &[]);
        letter.heading("case-stays-title");
        let stays = stays(self.case.language, &self.covers, &self.third_party);
        letter.blocks.extend(stays.into_iter().map(Block::Paragraph));
        letter.say("case-stays-runs", &[]);
        letter.finish("letter-approval-subject")
    }
}

impl Refusal<'_> {
    /// The letter.
    ///
    /// # Errors
    /// Where nobody is named or no grounds are given.
    pub fn compose(&self) -> Result<Composed, Incomplete> {
        self.compose_saying(&OwnWords::default())
    }

    /// The letter, with the reviewer's own words where there are any.
    ///
    /// # Errors
    /// Where nobody is named or no grounds are given.
    pub fn compose_saying(&self, own: &OwnWords<'_>) -> Result<Composed, Incomplete> {
        if self.reviewer.trim().is_empty() {
            return Err(Incomplete::Reviewer);
        }
        if self.grounds.trim().is_empty() {
            return Err(Incomplete::Grounds);
        }
        let mut letter = Letter::new(&self.case, "letter-refusal-title");
        letter.say(
            "letter-refusal",
            &[
                ("reviewer", self.reviewer.into()),
                ("received", self.case.received.into()),
                ("decided", self.decided.into()),
            ],
        );
        letter.say("letter-refusal-grounds", &[]);
        letter.blocks.push(Block::Quote(self.grounds.to_owned()));
        if let Some(lifted) = self.lifted {
            letter.say("letter-refusal-lifted", &[("lifted", lifted.into())]);
        }
        letter.heading("letter-refusal-complain-title");
        letter.remedy("letter-refusal-complain", &self.remedy, own);
        letter.say("letter-again", &[]);
        Ok(letter.finish("letter-refusal-subject"))
    }
}

impl Extension<'_> {
    /// The letter.
    ///
    /// # Errors
    /// Where no reasons are given.
    pub fn compose(&self) -> Result<Composed, Incomplete> {
        if self.reasons.trim().is_empty() {
            return Err(Incomplete::Reasons);
        }
        let mut letter = Letter::new(&self.case, "letter-extension-title");
        letter.say(
            "letter-extension",
            &[
                ("received", self.case.received.into()),
                ("due", self.due.into()),
                ("until", self.until.into()),
            ],
        );
        letter.say("letter-extension-reasons", &[]);
        letter.blocks.push(Block::Quote(self.reasons.to_owned()));
        letter.say("letter-extension-restricted", &[]);
        letter.remedy("letter-extension-complain", &self.remedy, &OwnWords::default());
        Ok(letter.finish("letter-extension-subject"))
    }
}

impl Withdrawal<'_> {
    /// The letter.
    #[must_use]
    pub fn compose(&self) -> Composed {
        let mut letter = Letter::new(&self.case, "letter-withdrawal-title");
        letter.say(
            "letter-withdrawal",
            &[("withdrawn", self.withdrawn.into()), ("received", self.case.received.into())],
        );
        letter.say("letter-withdrawal-effect", &[]);
        letter.say("letter-again", &[]);
        letter.say("letter-withdrawal-mistake", &[]);
        letter.finish("letter-withdrawal-subject")
    }
}

impl Lifting<'_> {
    /// The letter.
    #[must_use]
    pub fn compose(&self) -> Composed {
        let mut letter = Letter::new(&self.case, "letter-lifting-title");
        letter.say(
            "letter-lifting",
            &[("received", self.case.received.into()), ("lifted", self.lifted.into())],
        );
        let because = match self.because {
            Because::Refused => "letter-lifting-refused",
            Because::Withdrawn => "letter-lifting-withdrawn",
        };
        letter.say(because, &[("decided", self.decided.into())]);
        letter.say("letter-lifting-effect", &[]);
        letter.say("letter-again", &[]);
        letter.finish("letter-lifting-subject")
    }
}

/// The id of what happens to texts that mention someone who objected.
#[must_use]
pub fn mentioned_id(rule: ThirdPartyRule) -> &'static str {
    match rule {
        ThirdPartyRule::Keep => "case-stays-mentioned-keep",
        ThirdPartyRule::Redact => "case-stays-mentioned-redact",
        ThirdPartyRule::Drop => "case-stays-mentioned-drop",
    }
}

/// The id of what happens to pictures that show someone who objected.
#[must_use]
pub fn depicted_id(rule: ThirdPartyRule) -> &'static str {
    match rule {
        ThirdPartyRule::Keep => "case-stays-depicted-keep",
        ThirdPartyRule::Redact => "case-stays-depicted-redact",
        ThirdPartyRule::Drop => "case-stays-depicted-drop",
    }
}

/// What stays usable beside what an objection covers, and why: only what is true of this one.
#[must_use]
pub fn stays(language: Language, covers: &Covers<'_>, rules: &ThirdPartyRules) -> Vec<String> {
    if covers.record.is_some() {
        return vec![text(language, "case-stays-record", &[])];
    }
    if covers.is_to_be_found() {
        return Vec::new();
    }
    let others =
        covers.scopes.contains(Scope::ThirdParty) || rules.objections == ThirdPartyObjections::Any;
    let mut all: Vec<String> = Scope::ALL
        .into_iter()
        .filter(|scope| !covers.scopes.contains(*scope))
        .filter(|scope| *scope != Scope::ThirdParty || !others)
        .map(|scope| messages::scope(language, scope))
        .map(|scope| text(language, "case-stays-scopes", &[("scope", (&scope).into())]))
        .collect();
    if others {
        let ids = [mentioned_id(rules.mentioned), depicted_id(rules.depicted)];
        all.extend(ids.map(|id| text(language, id, &[])));
    }
    all
}

/// A letter in the making.
struct Letter<'a> {
    case: &'a Case<'a>,
    blocks: Vec<Block>,
}

impl<'a> Letter<'a> {
    fn new(case: &'a Case<'a>, title: &str) -> Self {
        let mut letter = Letter { case, blocks: Vec::new() };
        let title = Block::Title(letter.words(title, &[]));
        letter.blocks.push(title);
        letter
            .say("letter-about", &[("case", case.number.into()), ("purpose", case.purpose.into())]);
        letter
    }

    fn words(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        text(self.case.language, id, args)
    }

    fn say(&mut self, id: &str, args: &[(&str, Arg<'_>)]) {
        let words = self.words(id, args);
        self.blocks.push(Block::Paragraph(words));
    }

    fn heading(&mut self, id: &str) {
        let words = self.words(id, &[]);
        self.blocks.push(Block::Heading(words));
    }

    fn covers(&mut self, covers: &Covers<'_>) {
        let language = self.case.language;
        let mut items: Vec<_> =
            covers.scopes.iter().map(|scope| messages::scope(language, scope)).collect();
        if let Some(record) = covers.record {
            items.push(self.words("letter-record", &[("record", record.into())]));
        }
        if !items.is_empty() {
            self.say("letter-covers", &[]);
            self.blocks.push(Block::Items(items));
        }
    }

    fn noted(&mut self, noted: &[Noted<'_>]) {
        self.say("letter-receipt-more", &[]);
        for Noted { number, record, link } in noted {
            let item =
                record.map(|record| self.words("letter-record", &[("record", record.into())]));
            let label =
                item.map_or_else(|| (*number).to_owned(), |item| format!("{number}, {item}"));
            self.blocks.push(Block::Link { label, url: (*link).to_owned() });
        }
    }

    fn remedy(&mut self, id: &str, remedy: &Remedy<'_>, own: &OwnWords<'_>) {
        self.say(id, &[]);
        match own.authority {
            Some(words) => self.blocks.push(Block::Paragraph(words.to_owned())),
            None => self.authority(remedy.authority),
        }
        match own.court_route {
            Some(words) => self.blocks.push(Block::Paragraph(words.to_owned())),
            None => self.say(court_route(remedy.country).key, &[]),
        }
    }

    fn authority(&mut self, authority: &Authority) {
        let label = authority_name(self.case.language, authority);
        self.blocks.push(Block::Link { label, url: authority.web.to_owned() });
        if let Some(regional) = authority.regional {
            self.say(regional.note.key, &[]);
            let label = self.words("authority-german-laender-link", &[]);
            self.blocks.push(Block::Link { label, url: regional.web.to_owned() });
        }
    }

    fn finish(mut self, subject: &str) -> Composed {
        let case = self.case;
        self.say("letter-case-hint", &[]);
        let label = self.words("letter-case-link", &[]);
        self.blocks.push(Block::Button { label, url: case.link.to_owned() });
        self.say("letter-closing", &[("controller", case.controller.into())]);
        self.say("letter-contact", &[("contact", case.contact.into())]);
        let subject = self.words(subject, &[("case", case.number.into())]);
        compose(case.language, &subject, &self.blocks)
    }
}

/// An authority's name as it writes it; in English, with the English one before it.
#[must_use]
pub fn authority_name(language: Language, authority: &Authority) -> String {
    if language == Language::ENGLISH && authority.english != authority.name {
        format!("{} ({})", authority.english, authority.name)
    } else {
        authority.name.to_owned()
    }
}
