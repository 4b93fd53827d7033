//! The letters of a case, each composed anew from the case's history: the one that is sent, and the
//! same one on the case page for as long as there is a case.

use demur_core::authority::{self, AUTHORITIES, Authority};
use demur_core::objection::Scopes;
use demur_core::purpose::Purpose;
use demur_notice::letter::{
    Approval, Because, Covers, Extension, Incomplete, Lifting, Noted, Receipt, Refusal, Remedy,
    Withdrawal,
};
use demur_notice::{Composed, Language, letter};
use demur_register::event::{By, Letter, What};
use demur_register::{Case, HistoryEntry};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::complaint;
use crate::settings::{PurposeSettings, Settings};
use crate::term::Term;

/// Whoever writes about a case, and to whom.
pub(crate) struct Writing<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) purpose: &'a PurposeSettings,
    pub(crate) zone: &'a TimeZone,
    pub(crate) case: &'a Case,
    /// The number of the case.
    pub(crate) number: &'a str,
    pub(crate) language: Language,
    /// Where the person lives, as far as is known.
    pub(crate) country: Option<&'a str>,
    /// The address of the case page, whole.
    pub(crate) link: &'a str,
}

/// A refusal as a reviewer wrote it.
#[derive(Clone, Copy)]
pub(crate) struct Refused<'a> {
    pub(crate) by: &'a str,
    pub(crate) grounds: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) court_route: &'a str,
    pub(crate) decided: Date,
}

/// Which event of a case a letter tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The letter.
    pub(crate) letter: Letter,
    /// The place of the event in the case's history.
    pub(crate) entry: usize,
}

/// Every letter that a case has given rise to, oldest first.
pub(crate) fn all(case: &Case) -> Vec<Told> {
    let letter = |entry: usize| Some(Told { letter: kind(case, entry)?, entry });
    (0..case.history.len()).filter_map(letter).collect()
}

fn kind(case: &Case, entry: usize) -> Option<Letter> {
    Some(match &case.history[entry].what {
        What::ObjectionReceived(_) => {
            // What a rule approves at once is told in one letter.
            let next = case.history.get(entry + 1).map(|next| &next.what);
            if matches!(next, Some(What::ObjectionApproved(step)) if step.by == By::Rule) {
                return None;
            }
            Letter::Receipt
        }
        What::ObjectionReopened(_) => Letter::Receipt,
        What::ObjectionApproved(_) => Letter::Approval,
        What::ObjectionRefused(_) => Letter::Refusal,
        What::ObjectionWithdrawn(_) => Letter::Withdrawal,
        What::DeadlineExtended { .. } => Letter::Extension,
        _ => return None,
    })
}

/// The letter of this kind about the latest event before `position` in the log.
pub(crate) fn last(case: &Case, letter: Letter, position: u64) -> Option<Told> {
    let is_about = |told: &Told| match letter {
        // That a restriction ends is told of a refusal or a withdrawal.
        Letter::Lifting => matches!(told.letter, Letter::Refusal | Letter::Withdrawal),
        letter => told.letter == letter,
    };
    let is_it = |told: &Told| is_about(told) && case.history[told.entry].seq < position;
    all(case).into_iter().rfind(is_it).map(|told| Told { letter, ..told })
}

/// What a case covers, as letters and pages say it.
pub(crate) fn covers(case: &Case) -> Covers<'_> {
    // Without account and record, somebody described in words what is meant.
    let described = case.summary.account.is_none() && case.record.is_none();
    Covers {
        scopes: if described { Scopes::NONE } else { case.summary.scopes },
        record: case.record.as_ref().map(|record| record.0.as_str()),
    }
}

/// Where someone can complain: the authority that a refusal names, that of their country, or that of the
/// country from which they are answered. `None` where none of them is known.
pub(crate) fn remedy<'a>(
    purpose: &'a Purpose,
    country: Option<&'a str>,
    named: Option<&str>,
) -> Option<Remedy<'a>> {
    let of = |code: Option<&str>| code.and_then(authority::for_country);
    let named = named.and_then(named_in);
    let authority = named.or_else(|| of(country)).or_else(|| of(purpose.holidays.as_deref()))?;
    // Of someone whose country nobody knows, the authority chosen for them says it.
    let country = country.or(named.map(|authority| authority.country)).unwrap_or_default();
    Some(Remedy { authority, country })
}

/// The authority that a text names, surest sign first: two countries may call theirs the same.
fn named_in(text: &str) -> Option<&'static Authority> {
    let signs: [fn(&Authority) -> &'static str; 3] = [|a| a.web, |a| a.english, |a| a.name];
    let names = |sign: &fn(&Authority) -> &'static str| {
        AUTHORITIES.iter().find(|authority| text.contains(sign(authority)))
    };
    signs.iter().find_map(names)
}

impl Writing<'_> {
    /// The letter about an event. `noted` are the cases that the same form opened.
    ///
    /// # Errors
    /// Where a part that the law asks for is missing.
    pub(crate) fn compose(&self, told: Told, noted: &[Noted<'_>]) -> Result<Composed, Incomplete> {
        let entry = &self.case.history[told.entry];
        let term = self.term(told.entry + 1);
        let (case, covers, day) = (self.head(&term), covers(self.case), self.day(entry.at));
        Ok(match told.letter {
            Letter::Receipt => {
                let due = term.first;
                Receipt { case, covers, restricted_since: day, due, noted }.compose()
            }
            Letter::Approval => {
                let third_party = self.purpose.purpose.third_party;
                Approval { case, covers, decided: day, third_party }.compose()
            }
            Letter::Refusal => return self.refusal(&refused(entry, day)),
            Letter::Extension => {
                let reasons = personal(entry, |personal| personal.grounds.as_deref());
                let remedy = self.remedy(None)?;
                let (due, until) = (term.first, term.due());
                Extension { case, due, until, reasons, remedy }.compose()?
            }
            Letter::Withdrawal => Withdrawal { case, withdrawn: day }.compose(),
            Letter::Lifting => {
                let because = match entry.what {
                    What::ObjectionRefused(_) => Because::Refused,
                    _ => Because::Withdrawn,
                };
                Lifting { case, because, decided: day, lifted: day }.compose()
            }
        })
    }

    /// The letter about a refusal, also before it is entered in the register: that happens with the note
    /// that the letter went out.
    ///
    /// # Errors
    /// Where a part that the law asks for is missing.
    pub(crate) fn refusal(&self, refused: &Refused<'_>) -> Result<Composed, Incomplete> {
        let decided = refused.decided;
        Refusal {
            case: self.head(&self.term(self.case.history.len())),
            decided,
            reviewer: refused.by,
            grounds: refused.grounds,
            lifted: Some(decided),
            remedy: self.remedy(Some(refused.authority))?,
        }
        .compose_saying(&complaint::own_words(refused.authority, refused.court_route))
    }

    fn head(&self, term: &Term) -> letter::Case<'_> {
        letter::Case {
            language: self.language,
            controller: &self.purpose.purpose.controller,
            purpose: &self.purpose.text(self.language).title,
            number: self.number,
            received: self.day(term.received),
            link: self.link,
            contact: &self.settings.contact,
        }
    }

    fn remedy(&self, named: Option<&str>) -> Result<Remedy<'_>, Incomplete> {
        remedy(&self.purpose.purpose, self.country, named).ok_or(Incomplete::Authority)
    }

    fn term(&self, events: usize) -> Term {
        Term::of(self.case, events, &self.purpose.purpose, self.zone)
    }

    fn day(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }
}

/// What a refusal's event holds.
pub(crate) fn refused(entry: &HistoryEntry, decided: Date) -> Refused<'_> {
    Refused {
        by: personal(entry, |personal| personal.by.as_deref()),
        grounds: personal(entry, |personal| personal.grounds.as_deref()),
        authority: personal(entry, |personal| personal.authority.as_deref()),
        court_route: personal(entry, |personal| personal.court_route.as_deref()),
        decided,
    }
}

fn personal<'e>(
    entry: &'e HistoryEntry,
    part: impl Fn(&'e demur_register::event::Personal) -> Option<&'e str>,
) -> &'e str {
    entry.personal.as_ref().and_then(part).unwrap_or_default()
}
