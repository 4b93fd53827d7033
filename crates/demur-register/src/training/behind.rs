//! What a training set does not know yet.

use std::ops::Range;

use demur_core::objection::Effect;
use jiff::Timestamp;

use super::find;
use crate::Register;
use crate::error::{Error, Result};
use crate::event::{Event, What};
use crate::projection::{CaseRow, changes_exclusion};
use crate::store::Read;

/// What the newest version of a set does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Objections that are in force now and were not when its snapshot was taken.
    pub objections: u64,
    /// When the oldest of them was received, or opened again.
    pub oldest: Option<Timestamp>,
}

impl Register {
    /// How many objections in force the newest version of a set does not know: what they cover may be
    /// in it. Each case counts once. An index answers, however many there are.
    ///
    /// # Errors
    /// Where the set is not known, or the register cannot be read.
    pub fn behind(&self, set: &str) -> Result<Behind> {
        let tx = self.store.read()?;
        let known = find(&*tx, set)?.ok_or_else(|| {
            Error::Invalid(format!("the register knows no training set \"{set}\""))
        })?;
        behind(&*tx, &known.committed.purpose, known.newest().snapshot_size)
    }

    /// The log's size right after the last event that changed who is excluded for a purpose:
    /// objections, decisions, withdrawals, erasures, notices. 0 where there was none.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn newest_objection(&self, purpose: &str) -> Result<u64> {
        newest(&*self.store.read()?, purpose)
    }

    /// Whether anything that was said since the log had `since` events may exclude somebody for a
    /// purpose. Delivered notices do not: they only let more people in.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn excludes_more(&self, purpose: &str, since: u64) -> Result<bool> {
        let tx = self.store.read()?;
        let newest = newest(&*tx, purpose)?;
        excludes_more(&*tx, purpose, since..newest)
    }
}

/// What is in force for a purpose and was not when the log had `size` events.
pub(super) fn behind(tx: &(impl Read + ?Sized), purpose: &str, size: u64) -> Result<Behind> {
    let (mut objections, mut oldest) = tx.count_in_force_since(purpose, size)?;
    // A case that was closed and opened again may have been in force then, too.
    let mut again = Vec::new();
    tx.in_force_again_since(purpose, size, &mut |row| {
        again.push(row);
        Ok(())
    })?;
    for row in again {
        if !was_in_force(tx, &row, size)? {
            objections += 1;
            oldest = Some(oldest.map_or(row.due_from, |oldest| oldest.min(row.due_from)));
        }
    }
    Ok(Behind { objections, oldest: oldest.map(|at| at.timestamp()) })
}

/// Whether a case that was opened before the log had `size` events was in force then.
fn was_in_force(tx: &(impl Read + ?Sized), row: &CaseRow, size: u64) -> Result<bool> {
    let mut effect = Effect::Restricted;
    for seq in tx.history(row.opened)?.into_iter().take_while(|seq| *seq < size) {
        let status = Event::parse(seq, &tx.event(seq)?.body)?.what.status();
        effect = status.map_or(effect, |status| status.effect());
    }
    Ok(effect != Effect::None)
}

pub(crate) fn newest(tx: &(impl Read + ?Sized), purpose: &str) -> Result<u64> {
    let found = tx.newest()?.into_iter().find(|(of, _)| of == purpose);
    Ok(found.map_or(0, |(_, size)| size))
}

/// Whether any of these events may exclude somebody for a purpose. Delivered notices only ever let more
/// people in, and while they are being sent there are some every second: no build would ever end.
pub(super) fn excludes_more(
    tx: &(impl Read + ?Sized),
    purpose: &str,
    range: Range<u64>,
) -> Result<bool> {
    let mut found = false;
    let mut cases = Vec::new();
    tx.events(range, &mut |row| {
        let what = Event::parse(row.seq, &row.body)?.what;
        match &what {
            What::ObjectionReceived(received) => found |= received.purpose == purpose,
            What::NoticesUndelivered { purpose: of, .. } => found |= of == purpose,
            What::SubjectErased { .. } => found = true,
            // What is about no case, such as a delivered notice or another set, excludes nobody. Nor do
            // tombstones: whom they recognise by the same account facts, the set's snapshot did as well.
            step => cases.extend(step.case().filter(|_| changes_exclusion(step))),
        }
        Ok(())
    })?;
    for case in cases {
        // A case that is gone was erased, by an event of its own.
        found |= tx.case(case)?.is_none_or(|row| row.purpose == purpose);
    }
    Ok(found)
}
