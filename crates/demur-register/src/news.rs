//! What the recipients of data must hear (Art. 19), read from the log.
//!
//! Whoever tells them keeps the place up to which they were told. So nothing is lost between an act and
//! its telling, however the act came in: the event itself is the note that it must be told.

use demur_core::id::{AccountId, RecordId};
use demur_core::objection::Scopes;
use jiff::Timestamp;

use crate::error::Result;
use crate::event::{By, Event, News, What};
use crate::keys::Keys;
use crate::store::Read;
use crate::subject::Identity;
use crate::writer::{load_frontier, load_personal, load_subject};
use crate::{Act, CaseId, Register};

/// Something that happened to a case and concerns whoever received the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseNews {
    /// The event's place in the log.
    pub seq: u64,
    /// When it was entered.
    pub at: Timestamp,
    /// The case.
    pub case: CaseId,
    /// What it means for the data.
    pub news: News,
    /// The purpose objected to.
    pub purpose: String,
    /// What the case covers.
    pub scopes: Scopes,
    /// Whose data it is.
    pub account: Option<AccountId>,
    /// The one record that it is about.
    pub record: Option<RecordId>,
}

impl Register {
    /// The news of up to `limit` events from `from` on, and the place after the last of them.
    ///
    /// What one act receives and decides at once is one piece of news. Cases of people who were erased
    /// since, and such as name neither an account nor a record, are passed over: nobody could tell by
    /// them which data is meant.
    ///
    /// # Errors
    /// Where the register cannot be read, or is damaged.
    pub fn news_since(&self, from: u64, limit: u64) -> Result<(Vec<CaseNews>, u64)> {
        let tx = self.store.read()?;
        let size = load_frontier(&*tx, &self.keys)?.size();
        let until = from.saturating_add(limit).min(size);
        let mut events = Vec::new();
        // One more on either side, to see what was received and decided at once.
        tx.events(from.saturating_sub(1)..until.saturating_add(1).min(size), &mut |row| {
            events.push((row.seq, Event::parse(row.seq, &row.body)?));
            Ok(())
        })?;
        let mut found = Vec::new();
        for (at, (seq, event)) in events.iter().enumerate() {
            let (Some(news), Some(case)) = (news(&event.what), event.what.case()) else { continue };
            if !(from..until).contains(seq) {
                continue;
            }
            let before = at.checked_sub(1).and_then(|before| events.get(before));
            let overtaken = events.get(at + 1).is_some_and(|(_, next)| settles(next, event));
            let never_in_force = news == News::Lifted
                && before.is_some_and(|(_, before)| {
                    settles(event, before) && matches!(before.what, What::ObjectionReceived(_))
                });
            if overtaken || never_in_force {
                continue;
            }
            found.extend(about(&*tx, &self.keys, *seq, event, case, news)?);
        }
        Ok((found, until.max(from)))
    }
}

impl Act<'_, '_> {
    /// Whether the register knows an account: whoever was erased it does not.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn knows(&self, account: &AccountId) -> Result<bool> {
        let tag = self.writer.keys.subject_tag(&Identity::Account(account.clone()));
        Ok(self.writer.tx.subject_by_tag(&tag)?.is_some())
    }
}

fn news(what: &What) -> Option<News> {
    match what {
        What::ObjectionReceived(_) | What::ObjectionReopened(_) => Some(News::Restricted),
        What::ObjectionApproved(_) => Some(News::Erased),
        What::ObjectionRefused(_) | What::ObjectionWithdrawn(_) => Some(News::Lifted),
        _ => None,
    }
}

/// Whether `next` decides in the same act what `arrival` opened: rules do, and imports.
fn settles(next: &Event, arrival: &Event) -> bool {
    news(&arrival.what) == Some(News::Restricted)
        && matches!(next.what.by(), Some(By::Rule | By::Import))
        && news(&next.what).is_some()
        && next.what.case() == arrival.what.case()
        && next.at == arrival.at
}

fn about(
    tx: &dyn Read,
    keys: &Keys,
    seq: u64,
    event: &Event,
    case: CaseId,
    news: News,
) -> Result<Option<CaseNews>> {
    let Some(row) = tx.case(case)? else { return Ok(None) };
    let subject = load_subject(tx, keys, row.subject)?;
    let (account, record) = match &subject.identity {
        Identity::Account(account) if row.names_record => {
            let said = load_personal(tx, &subject, row.opened)?.unwrap_or_default();
            (Some(account.clone()), said.record.map(RecordId))
        }
        Identity::Account(account) => (Some(account.clone()), None),
        Identity::Record(record) => (None, Some(record.clone())),
        Identity::Contact(_) => return Ok(None),
    };
    Ok(Some(CaseNews {
        seq,
        at: event.at.timestamp(),
        case,
        news,
        purpose: row.purpose,
        scopes: row.scopes,
        account,
        record,
    }))
}
