//! Many acts in one durable transaction: what lets a server answer thousands of people a second, each
//! only after their objection is on the disk.

use jiff::Timestamp;

use crate::Register;
use crate::error::Result;
use crate::event::Moment;
use crate::writer::Writer;

/// A transaction that takes acts until it is committed. Dropped before, it leaves no trace.
pub struct Batch<'a> {
    writer: Writer<'a>,
}

/// One act inside a transaction: all of it happens, or nothing.
pub struct Act<'b, 'a> {
    pub(crate) writer: &'b mut Writer<'a>,
}

impl Batch<'_> {
    /// Runs one act, entered at `at`. Where it fails, what it did is undone, and the acts before and
    /// after it stand.
    ///
    /// # Errors
    /// Those of the act, or where the register cannot be written.
    pub fn act<T>(
        &mut self,
        at: Timestamp,
        act: impl FnOnce(&mut Act<'_, '_>) -> Result<T>,
    ) -> Result<T> {
        self.writer.act(Moment::from(at), |writer| act(&mut Act { writer }))
    }

    /// Makes every act durable. Only now may anybody be told that it happened.
    ///
    /// # Errors
    /// Where the register cannot be written; then none of them happened.
    pub fn commit(self) -> Result<()> {
        self.writer.commit().map(drop)
    }
}

impl Act<'_, '_> {
    /// How many events the log has by now, this transaction's included.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.writer.size()
    }

    /// The moment that this act is entered at.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.writer.at().timestamp()
    }
}

impl Register {
    /// Waits for other writers, then begins a transaction.
    ///
    /// # Errors
    /// Where the register cannot be written, or the log's end was tampered with.
    pub fn batch(&mut self) -> Result<Batch<'_>> {
        // Every act states its own moment.
        Ok(Batch { writer: self.writer(Timestamp::UNIX_EPOCH)? })
    }

    /// One act in a transaction of its own.
    ///
    /// # Errors
    /// Those of the act, or where the register cannot be written.
    pub fn act<T>(
        &mut self,
        at: Timestamp,
        act: impl FnOnce(&mut Act<'_, '_>) -> Result<T>,
    ) -> Result<T> {
        let mut writer = self.writer(at)?;
        let done = act(&mut Act { writer: &mut writer })?;
        writer.commit()?;
        Ok(done)
    }
}
