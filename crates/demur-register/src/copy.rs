//! Moving a register to another store, whole.

use crate::error::{Error, Result};
use crate::keys::{KeySource, Keys};
use crate::merkle::Hash;
use crate::reseal::Reseal;
use crate::store::{self, CaseQuery, Read, Write};
use crate::verify::{VerifyReport, verify};
use crate::{Register, RegisterUrl};

/// Stands in the settings of a copy until it was compared with its source. A register that has it is
/// never opened: half of the objections would look like all of them.
pub(crate) const UNFINISHED: &str = "unfinished copy";

/// What was copied, and found the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// How many events the log has.
    pub size: u64,
    /// The root over all of them (RFC 9162).
    pub root: Hash,
    /// Sealed parts that were opened and compared.
    pub personal_parts: u64,
    /// What lies on the desk.
    pub items: u64,
}

impl Register {
    /// Copies everything to another place, where no register may be, and verifies both. Nobody can write
    /// to this one meanwhile; who writes to it afterwards writes to what is no longer in use. Both need
    /// the same key. `progress` hears how many events are done.
    ///
    /// # Errors
    /// Where there is something at the other place, one of the two is not sound, or either cannot be
    /// read or written. What was copied by then cannot be opened, and has to be removed.
    pub fn copy_to(
        &mut self,
        place: &RegisterUrl,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Copied> {
        self.copy(place, None, progress)
    }

    /// The same, and the copy has another secret, which is the key at `key`; a file is created where there is
    /// none. Whoever had the secret opens nothing of the copy. The root, checkpoints, and links already sent stay
    /// as they are.
    ///
    /// # Errors
    /// As [`copy_to`](Self::copy_to), and where the key is malformed or the secret that the register has.
    pub fn copy_under(
        &mut self,
        place: &RegisterUrl,
        key: &KeySource,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Copied> {
        self.copy(place, Some(key), progress)
    }

    fn copy(
        &mut self,
        place: &RegisterUrl,
        key: Option<&KeySource>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Copied> {
        let occupied = || {
            Error::Invalid(format!(
                "{} is not empty; name a file that does not exist, or a database without tables",
                place.place()
            ))
        };
        let found = store::find(place)?;
        if found.is_present {
            return Err(occupied());
        }
        let key = key.map(|key| key.load_or_create(&mut *self.entropy)).transpose()?;
        let keys = key.map(|key| Keys::open(&key, None)).transpose()?;
        if keys.as_ref().is_some_and(|new| new.is_same_secret(&self.keys)) {
            return Err(Error::Invalid(
                "the new key is the register's present secret; name a file that does not exist, and a key is made"
                    .into(),
            ));
        }
        let keys = keys.map(|new| new.after(&self.keys));
        let mut target = found.open()?;
        if target.read()?.head()?.is_some() || !target.read()?.metas()?.is_empty() {
            return Err(occupied());
        }
        let mut tx = target.write()?;
        tx.set_meta(UNFINISHED, b"1")?;
        tx.commit()?;

        // Held to the end, so that the source does not grow under the copy.
        let from = self.store.write()?;
        let source = sound(&*from, &self.keys, "the register")?;
        let mut to = target.write()?;
        let reseal = keys.as_ref().map(|to| Reseal::new(&self.keys, to, &mut *self.entropy));
        let items = copy(&*from, &mut *to, reseal, progress)?;
        to.commit()?;
        let report = sound(&*target.read()?, keys.as_ref().unwrap_or(&self.keys), "the copy")?;
        if (report.size, report.root) != (source.size, source.root)
            || report.personal_parts != source.personal_parts
            || report.notices != source.notices
            || report.tombstones != source.tombstones
        {
            return Err(Error::Damaged("the copy does not hold what the register holds".into()));
        }
        let mut tx = target.write()?;
        tx.set_meta(UNFINISHED, b"")?;
        tx.commit()?;
        let VerifyReport { size, root, personal_parts, .. } = report;
        Ok(Copied { size, root, personal_parts, items })
    }
}

/// Whether a store holds a copy that was never finished.
pub(crate) fn is_unfinished(tx: &dyn Read) -> Result<bool> {
    Ok(tx.meta(UNFINISHED)?.is_some_and(|mark| !mark.is_empty()))
}

fn sound(tx: &dyn Read, keys: &Keys, which: &str) -> Result<VerifyReport> {
    let report = verify(tx, keys)?;
    match report.problems.first() {
        None => Ok(report),
        Some(problem) => Err(Error::Damaged(format!("{which} is not sound: {problem}"))),
    }
}

/// Every row, closed anew where the key changes. Returns how many lie on the desk.
fn copy(
    from: &dyn Read,
    to: &mut dyn Write,
    mut reseal: Option<Reseal<'_>>,
    progress: &mut dyn FnMut(u64),
) -> Result<u64> {
    from.subjects(&mut |mut row| {
        reseal.as_mut().map(|reseal| reseal.subject(&mut row)).transpose()?;
        to.add_subject(&row)
    })?;
    let size = from.head()?.map_or(0, |head| head.size);
    from.events(0..size, &mut |mut row| {
        if row.seq % 4096 == 0 {
            progress(row.seq);
        }
        reseal.iter().for_each(|reseal| reseal.event(&mut row));
        to.add_event(&row)
    })?;
    from.personal_links(&mut |(seq, _)| {
        let gone = || Error::Damaged(format!("the sealed part of event {seq} has gone"));
        let mut row = from.personal(seq)?.ok_or_else(gone)?;
        reseal.as_mut().map(|reseal| reseal.personal(from, &mut row)).transpose()?;
        to.add_personal(&row)
    })?;
    from.notice_chunks(None, u64::MAX, &mut |chunk| to.add_notice_chunk(&chunk))?;
    from.manifests(&mut |(digest, text)| to.add_manifest(&digest, &text))?;
    from.cases(&CaseQuery::default(), &mut |row| to.put_case(&row))?;
    from.histories()?.into_iter().try_for_each(|(opened, seq)| to.add_history(opened, seq))?;
    from.purposes()?.iter().try_for_each(|row| to.add_purpose(row))?;
    for row in from.training()? {
        to.put_training(&row)?;
        if let Some(place) = from.place(&row.set)? {
            to.set_place(&row.set, &place)?;
        }
    }
    from.training_versions(None)?.iter().try_for_each(|row| to.add_version(row))?;
    from.runs()?.iter().try_for_each(|row| to.put_run(row))?;
    from.newest()?.iter().try_for_each(|(purpose, size)| to.set_newest(purpose, *size))?;
    let mut items = 0;
    for drawer in 0..=u8::MAX {
        from.desk_due(drawer, i64::MIN..=i64::MAX, usize::MAX, &mut |mut row| {
            items += 1;
            reseal.as_mut().map(|reseal| reseal.desk(from, &mut row)).transpose()?;
            to.put_desk(&row)
        })?;
    }
    let mut settings = from.metas()?;
    settings.retain(|(name, _)| name != UNFINISHED);
    reseal.as_mut().map(|reseal| reseal.settings(from, &mut settings)).transpose()?;
    settings.iter().try_for_each(|(name, value)| to.set_meta(name, value))?;
    if let Some(mut head) = from.head()? {
        reseal.iter().try_for_each(|reseal| reseal.head(&mut head))?;
        to.set_head(&head)?;
    }
    progress(size);
    Ok(items)
}
