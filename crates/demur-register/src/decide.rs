//! A case's life: submitted, reviewed, decided, withdrawn, reopened (Art. 21, 12).

use demur_core::day;
use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Effect, Scope, Scopes, Status};
use demur_core::purpose::{Purpose, Review};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::error::{Error, Result};
use crate::event::{By, Contact, Ground, Letter, Moment, News, Personal, Source, Step, What};
use crate::keys::{Keys, Tag};
use crate::merkle::Hash;
use crate::projection::CaseRow;
use crate::register::find_purpose;
use crate::store::CaseQuery;
use crate::subject::{Identity, account_text};
use crate::tombstones::{self, Marker, Tombstone};
use crate::writer::{Arrival, Writer, load_personal};
use crate::{About, Act, CaseId, Register, proposal};

/// An objection as it comes in. It names an account, a record, or both; or else it says where someone
/// is answered for whom a person must find what is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewObjection {
    /// Who objects; `None` for someone without an account, who names a record.
    pub account: Option<AccountId>,
    /// The one record objected to; `None` for all that the scopes cover.
    pub record: Option<RecordId>,
    /// The purpose objected to.
    pub purpose: String,
    /// What it covers; may be empty only where a record is named.
    pub scopes: Scopes,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What the person says; never required.
    pub grounds: Option<String>,
    /// Where someone without an account is answered.
    pub contact: Option<Contact>,
    /// How it came.
    pub source: Source,
}

/// What became of an objection that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// Its case.
    pub case: CaseId,
    /// Whether the case is new; an open one of the same content is not doubled.
    pub is_new: bool,
    /// Where it stands now.
    pub status: Status,
}

/// A refusal with all that Art. 12(4) and 21(1) ask for; no text may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The reviewer's name: no rule refuses (Art. 22).
    pub by: String,
    /// The compelling grounds.
    pub grounds: String,
    /// The supervisory authority that the person may turn to (Art. 77).
    pub authority: String,
    /// The court that the person may go to (Art. 79).
    pub court_route: String,
    /// Of what kind the grounds are; `None` counts as [`Ground::Other`].
    pub ground: Option<Ground>,
}

/// A longer deadline (Art. 12(3)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The reviewer's name.
    pub by: String,
    /// Why; the person is told.
    pub reasons: String,
    /// The last day of the first month, inside which an extension must be decided.
    pub first_deadline: Date,
    /// The new last day, at most two months later.
    pub until: Date,
}

/// How many days weekends and holidays may push an extended deadline beyond two months.
const LONGEST_BREAK: i64 = 7;

impl Act<'_, '_> {
    /// Takes an objection in. Where the purpose's review is automatic and the objection is to the
    /// person's own data, it is approved by rule at once. An open objection of the same content is
    /// not doubled: its case is returned.
    ///
    /// # Errors
    /// Where it names neither account nor record, covers nothing, or names an unknown purpose.
    pub fn submit(&mut self, new: NewObjection) -> Result<Submitted> {
        let identity =
            Identity::of(new.account.as_ref(), new.record.as_ref(), new.contact.as_ref());
        let identity = identity.ok_or_else(|| Error::Invalid(NAMES_NOBODY.into()))?;
        if new.record.is_none() && new.scopes.is_empty() {
            return Err(Error::Invalid(COVERS_NOTHING.into()));
        }
        let writer = &mut *self.writer;
        let purpose = purpose_of(writer, &new.purpose)?;
        let subject = writer.subject(identity)?;
        // Whoever is answered at an address is recognised by it, should they have an account.
        let marker = Marker { key: writer.keys.tombstone_key() };
        let email = new.contact.as_ref().and_then(|contact| marker.email(&contact.email));
        let personal = Personal {
            account: new.account.as_ref().map(account_text),
            record: new.record.as_ref().map(ToString::to_string),
            grounds: new.grounds,
            contact: new.contact,
            ..Personal::default()
        };

        let of_subject = CaseQuery {
            purpose: Some(new.purpose.clone()),
            subject: Some(subject.id),
            ..CaseQuery::default()
        };
        let mut known = Vec::new();
        writer.tx.cases(&of_subject, &mut |row| {
            known.push(row);
            Ok(())
        })?;
        for row in known {
            if row.status.effect() == Effect::None || row.scopes != new.scopes {
                continue;
            }
            let said = load_personal(&*writer.tx, &subject, row.opened)?.unwrap_or_default();
            let same = said.record == personal.record && said.contact == personal.contact;
            // Who has no account says in words what is meant: other words, another case.
            if same && (personal.contact.is_none() || said.grounds == personal.grounds) {
                return Ok(Submitted { case: row.case, is_new: false, status: row.status });
            }
        }

        let received_at = Moment::from(new.received_at);
        let own = new.account.is_some()
            && new.record.is_none()
            && !new.scopes.contains(Scope::ThirdParty);
        let identity = objection_tag(writer.keys, &personal, &new.purpose, new.scopes, received_at);
        let mut row = writer.receive(
            &subject,
            Arrival {
                purpose: &new.purpose,
                scopes: new.scopes,
                received_at,
                source: new.source,
                identity,
                personal,
            },
        )?;
        if own && purpose.review == Review::Automatic {
            let step = Step { case: row.case, by: By::Rule, commitment: None };
            writer.step(&mut row, What::ObjectionApproved(step), None)?;
        }
        writer.save(&row)?;
        if let (Some(mark), false) = (email, new.scopes.is_empty()) {
            let of = subject.id.cast_unsigned();
            tombstones::keep(writer, &new.purpose, &mut vec![Tombstone { mark, of }])?;
        }
        Ok(Submitted { case: row.case, is_new: true, status: row.status })
    }

    /// A reviewer takes a case that has just arrived.
    ///
    /// # Errors
    /// Where the case is unknown or further on, or the reviewer has no name.
    pub fn start_review(&mut self, case: &CaseId, reviewer: &str) -> Result<()> {
        named(reviewer)?;
        let personal = by(reviewer);
        self.step(*case, By::Reviewer, Some(personal), What::ReviewStarted, |row, _| {
            allow(row, row.status == Status::Received, "only a newly received case can be taken")
        })
    }

    /// Approves a case.
    ///
    /// # Errors
    /// Where the case is unknown or no longer open, or the reviewer has no name.
    pub fn approve(&mut self, case: &CaseId, reviewer: &str) -> Result<()> {
        named(reviewer)?;
        let personal = by(reviewer);
        self.step(*case, By::Reviewer, Some(personal), What::ObjectionApproved, |row, _| {
            allow(row, is_open(row), "reopen it before deciding it anew")
        })
    }

    /// Refuses a case. Where the purpose asks for two reviewers, another one must have proposed it on
    /// the same grounds.
    ///
    /// # Errors
    /// Where the case is unknown or no longer open, a part of the refusal is empty, the purpose forbids
    /// refusals, or a second reviewer is missing.
    pub fn refuse(&mut self, case: &CaseId, refusal: &Refusal) -> Result<()> {
        let personal = sealed_parts(refusal)?;
        self.step(*case, By::Reviewer, Some(personal), What::ObjectionRefused, |row, writer| {
            proposal::may_refuse(row, writer, refusal)
        })
    }

    /// Whom and what a case is about.
    ///
    /// # Errors
    /// Where the case is unknown, or what the register says of its person was changed.
    pub fn about(&self, case: &CaseId) -> Result<About> {
        let row = self.writer.tx.case(*case)?.ok_or(Error::NoSuchCase(*case))?;
        let subject = self.writer.subject_of(&row)?;
        let said = load_personal(&*self.writer.tx, &subject, row.opened)?.unwrap_or_default();
        Ok(About {
            account: match subject.identity {
                Identity::Account(account) => Some(account),
                Identity::Record(_) | Identity::Contact(_) => None,
            },
            record: said.record.map(RecordId),
            contact: said.contact,
        })
    }

    /// Withdraws a case for the person who made it.
    ///
    /// # Errors
    /// Where the case is unknown or withdrawn already.
    pub fn withdraw(&mut self, case: &CaseId) -> Result<()> {
        self.step(*case, By::Person, None, What::ObjectionWithdrawn, |row, _| {
            let open = row.status != Status::Withdrawn;
            allow(row, open, "reopen it if the person objects again")
        })
    }

    /// Reopens a refused or withdrawn case; the data is restricted again from here. `by` is
    /// [`By::Person`] or [`By::Authority`].
    ///
    /// # Errors
    /// Where the case is unknown, open or approved, or `by` is someone else.
    pub fn reopen(&mut self, case: &CaseId, by: By, grounds: Option<&str>) -> Result<()> {
        if !matches!(by, By::Person | By::Authority) {
            return Err(Error::Invalid(
                "only the person or an authority reopens a case; a reviewer decides open ones"
                    .into(),
            ));
        }
        let personal = grounds
            .map(|grounds| Personal { grounds: Some(grounds.to_owned()), ..Personal::default() });
        self.step(*case, by, personal, What::ObjectionReopened, |row, _| {
            let closed = row.status.effect() == Effect::None;
            allow(row, closed, "only a refused or withdrawn case can be reopened")
        })
    }

    /// Extends a case's deadline: once, inside the first month, by at most two more, with reasons
    /// (Art. 12(3)).
    ///
    /// # Errors
    /// Where any of that does not hold, or the case is unknown or no longer open.
    pub fn extend(&mut self, case: &CaseId, extension: &Extension) -> Result<()> {
        let Extension { by, reasons, first_deadline, until } = extension;
        named(by)?;
        if reasons.trim().is_empty() {
            return Err(Error::Invalid("an extension needs its reasons (Art. 12(3))".into()));
        }
        let personal = Personal {
            by: Some(by.clone()),
            grounds: Some(reasons.clone()),
            ..Personal::default()
        };
        let what = |step: Step| What::DeadlineExtended {
            case: step.case,
            until: *until,
            commitment: step.commitment.expect("reasons are always sealed"),
        };
        self.step(*case, By::Reviewer, Some(personal), what, |row, writer| {
            allow(row, is_open(row), "a closed case has no deadline to extend")?;
            if let Some(until) = row.extended_until {
                return Err(Error::Invalid(format!(
                    "case {} was already extended to {until}; a deadline is extended only once",
                    row.case
                )));
            }
            let zone = purpose_of(writer, &row.purpose)?.time_zone;
            let zone = day::Zone::named(&zone).map_err(Error::Invalid)?;
            let today = zone.time_zone().to_datetime(writer.at().timestamp()).date();
            check_extension(row.case, today, *first_deadline, *until)
        })
    }

    /// Notes that a reviewer or auditor looked at a case.
    ///
    /// # Errors
    /// Where the case is unknown, or they have no name.
    pub fn view(&mut self, case: &CaseId, by_whom: &str) -> Result<()> {
        named(by_whom)?;
        self.step(*case, By::Reviewer, Some(by(by_whom)), What::CaseViewed, |_, _| Ok(()))
    }

    /// Notes that the person was sent a letter about a case.
    ///
    /// # Errors
    /// Where the case is unknown.
    pub fn letter_sent(&mut self, case: &CaseId, letter: Letter) -> Result<()> {
        let what = |step: Step| What::LetterSent { case: step.case, letter };
        self.step(*case, By::Rule, None, what, |_, _| Ok(()))
    }

    /// Notes that a recipient of the data was told of a case (Art. 19).
    ///
    /// # Errors
    /// Where the case is unknown.
    pub fn recipient_told(&mut self, case: &CaseId, recipient: &str, news: News) -> Result<()> {
        let recipient = recipient.to_owned();
        let what = |step: Step| What::RecipientTold { case: step.case, recipient, news };
        self.step(*case, By::Rule, None, what, |_, _| Ok(()))
    }

    /// Takes one step in one case: checks it, seals what is personal, appends, saves.
    pub(crate) fn step(
        &mut self,
        case: CaseId,
        by: By,
        personal: Option<Personal>,
        what: impl FnOnce(Step) -> What,
        check: impl FnOnce(&CaseRow, &Writer<'_>) -> Result<()>,
    ) -> Result<()> {
        let writer = &mut *self.writer;
        let mut row = writer.tx.case(case)?.ok_or(Error::NoSuchCase(case))?;
        check(&row, writer)?;
        let part = match personal {
            Some(personal) => {
                let subject = writer.subject_of(&row)?;
                Some(writer.seal(&subject, &personal))
            }
            None => None,
        };
        let commitment: Option<Hash> = part.as_ref().map(|part| part.commitment);
        writer.step(&mut row, what(Step { case, by, commitment }), part)?;
        writer.save(&row)
    }
}

/// The same, one act to a transaction.
impl Register {
    /// Takes an objection in; see [`Act::submit`].
    ///
    /// # Errors
    /// As there.
    pub fn submit(&mut self, new: NewObjection, at: Timestamp) -> Result<CaseId> {
        self.act(at, |act| act.submit(new).map(|submitted| submitted.case))
    }

    /// A reviewer takes a case; see [`Act::start_review`].
    ///
    /// # Errors
    /// As there.
    pub fn start_review(&mut self, case: &CaseId, reviewer: &str, at: Timestamp) -> Result<()> {
        self.act(at, |act| act.start_review(case, reviewer))
    }

    /// Approves a case; see [`Act::approve`].
    ///
    /// # Errors
    /// As there.
    pub fn approve(&mut self, case: &CaseId, reviewer: &str, at: Timestamp) -> Result<()> {
        self.act(at, |act| act.approve(case, reviewer))
    }

    /// Refuses a case; see [`Act::refuse`].
    ///
    /// # Errors
    /// As there.
    pub fn refuse(&mut self, case: &CaseId, refusal: &Refusal, at: Timestamp) -> Result<()> {
        self.act(at, |act| act.refuse(case, refusal))
    }

    /// Withdraws a case; see [`Act::withdraw`].
    ///
    /// # Errors
    /// As there.
    pub fn withdraw(&mut self, case: &CaseId, at: Timestamp) -> Result<()> {
        self.act(at, |act| act.withdraw(case))
    }

    /// Reopens a case; see [`Act::reopen`].
    ///
    /// # Errors
    /// As there.
    pub fn reopen(
        &mut self,
        case: &CaseId,
        by: By,
        grounds: Option<&str>,
        at: Timestamp,
    ) -> Result<()> {
        self.act(at, |act| act.reopen(case, by, grounds))
    }

    /// Extends a deadline; see [`Act::extend`].
    ///
    /// # Errors
    /// As there.
    pub fn extend(&mut self, case: &CaseId, extension: &Extension, at: Timestamp) -> Result<()> {
        self.act(at, |act| act.extend(case, extension))
    }
}

pub(crate) const NAMES_NOBODY: &str = "an objection names an account, a record, or both";
pub(crate) const COVERS_NOTHING: &str =
    "an objection without scopes covers nothing; name a scope or a single record";

/// The tag by which an objection is recognised when it comes again.
pub(crate) fn objection_tag(
    keys: &Keys,
    personal: &Personal,
    purpose: &str,
    scopes: Scopes,
    received_at: Moment,
) -> Tag {
    let scopes = scopes.to_string();
    let at = received_at.micros().to_le_bytes();
    // A tag part's first byte tells "none" from the empty text.
    let part = |text: &Option<String>| text.as_ref().map_or_else(String::new, |t| format!("={t}"));
    let (account, record) = (part(&personal.account), part(&personal.record));
    keys.objection_tag(&[
        account.as_bytes(),
        record.as_bytes(),
        purpose.as_bytes(),
        scopes.as_bytes(),
        &at,
    ])
}

/// The latest version of a purpose.
pub(crate) fn purpose_of(writer: &Writer<'_>, id: &str) -> Result<Purpose> {
    find_purpose(&*writer.tx, |row| row.purpose == id)?
        .ok_or_else(|| Error::NoSuchPurpose(id.to_owned()))
}

/// The parts of a refusal as they are sealed, all of them there.
pub(crate) fn sealed_parts(refusal: &Refusal) -> Result<Personal> {
    let Refusal { by, grounds, authority, court_route, ground } = refusal;
    for (part, text) in [
        ("the name of the reviewer who decided", by),
        ("the compelling grounds", grounds),
        ("the competent authority", authority),
        ("the court route", court_route),
    ] {
        if text.trim().is_empty() {
            return Err(Error::Invalid(format!("a refusal needs {part} (Art. 12(4), 21(1))")));
        }
    }
    Ok(Personal {
        by: Some(by.clone()),
        grounds: Some(grounds.clone()),
        authority: Some(authority.clone()),
        court_route: Some(court_route.clone()),
        ground: *ground,
        ..Personal::default()
    })
}

fn named(reviewer: &str) -> Result<()> {
    if reviewer.trim().is_empty() {
        return Err(Error::Invalid("a reviewer's step needs the reviewer's name".into()));
    }
    Ok(())
}

fn by(reviewer: &str) -> Personal {
    Personal { by: Some(reviewer.to_owned()), ..Personal::default() }
}

pub(crate) fn is_open(row: &CaseRow) -> bool {
    row.status.effect() == Effect::Restricted
}

pub(crate) fn allow(row: &CaseRow, legal: bool, hint: &'static str) -> Result<()> {
    if legal {
        return Ok(());
    }
    let (case, status, since) = (row.case, row.status, row.changed_at.timestamp());
    Err(Error::Transition { case, status, since, hint })
}

/// The limits of Art. 12(3), as far as dates show them.
fn check_extension(case: CaseId, today: Date, first: Date, until: Date) -> Result<()> {
    let wrong = |why: String| Err(Error::Invalid(format!("case {case} cannot be extended: {why}")));
    if today > first {
        return wrong(format!("its first month ended on {first}"));
    }
    if until <= first {
        return wrong(format!("{until} is not later than its first deadline, {first}"));
    }
    let limit = Span::new().months(2).days(LONGEST_BREAK);
    match first.checked_add(limit) {
        Ok(limit) if until > limit => {
            wrong(format!("{until} is more than two months after its first deadline, {first}"))
        }
        _ => Ok(()),
    }
}
