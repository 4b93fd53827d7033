//! Opening a register, purposes, and what the log as a whole can show.

use demur_core::purpose::Purpose;
use jiff::Timestamp;

use crate::checkpoint::{self, Checkpoint};
use crate::copy;
use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::event::{Event, Moment, What};
use crate::keys::{KeySource, Keys};
use crate::merkle::{self, Hash};
use crate::projection::PurposeRow;
use crate::reseal;
use crate::rotate;
use crate::store::{self, Read, Store};
use crate::url::RegisterUrl;
use crate::writer::{Writer, load_frontier, load_root};

/// Where a register lies, and under which key and name.
#[derive(Clone)]
pub struct Options {
    /// Its address.
    pub url: RegisterUrl,
    /// Its master key.
    pub key: KeySource,
    /// The name that its checkpoints carry, without spaces or plus signs.
    pub origin: String,
}

impl Options {
    /// The name of a register that was given none.
    pub const DEFAULT_ORIGIN: &str = "demur.local/register";
}

/// An open register.
///
/// Several processes may hold one register open; every change happens in one exclusive transaction
/// that reads the log's end anew.
pub struct Register {
    pub(crate) store: Box<dyn Store>,
    pub(crate) keys: Keys,
    pub(crate) entropy: Box<dyn Entropy + Send>,
    origin: String,
}

impl Register {
    /// Opens the register, creating it and its key file where there is none. `at` dates the first
    /// event of a new one.
    ///
    /// # Errors
    /// Where the key is missing, malformed or another register's, where a newer program wrote the
    /// register, where it bears another name, or where it cannot be read.
    pub fn open(options: Options, entropy: Box<dyn Entropy + Send>, at: Timestamp) -> Result<Self> {
        Register::open_as(options, entropy, at, true)
    }

    /// Opens a register that must exist already.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`Error::NotFound`] where there is none.
    pub fn open_existing(
        options: Options,
        entropy: Box<dyn Entropy + Send>,
        at: Timestamp,
    ) -> Result<Self> {
        Register::open_as(options, entropy, at, false)
    }

    fn open_as(
        options: Options,
        mut entropy: Box<dyn Entropy + Send>,
        at: Timestamp,
        create: bool,
    ) -> Result<Self> {
        let Options { url, key, origin } = options;
        if origin.is_empty() || origin.contains(|c: char| c.is_whitespace() || c == '+') {
            return Err(Error::Origin(format!(
                "\"{origin}\" cannot name a register; write a name without spaces or plus signs, \
                 such as {}",
                Options::DEFAULT_ORIGIN
            )));
        }
        let found = store::find(&url)?;
        let present = found.is_present;
        if !present && !create {
            return Err(Error::NotFound(url.place()));
        }
        if let (false, KeySource::File(path)) = (present, &key)
            && path.exists()
        {
            return Err(Error::RegisterMissing { register: url.place(), key: path.clone() });
        }
        // A new register's key comes first: events that nobody could ever open must not exist.
        let created = (!present).then(|| key.load_or_create(&mut *entropy)).transpose()?;
        let store = found.open()?;
        let mut keys = rotate::open(&key, created, &*store.read()?)?;
        if copy::is_unfinished(&*store.read()?)? {
            return Err(Error::UnfinishedCopy(url.place()));
        }
        if let Some(heirloom) = store.read()?.meta(reseal::HEIRLOOM)? {
            keys = keys.with_heirloom(&heirloom).ok_or(Error::WrongKey)?;
        }
        let mut register = Register { store, keys, entropy, origin };
        if !register.recognise()? {
            register.begin(at)?;
        }
        Ok(register)
    }

    /// Whether the register has begun; fails where it did so under another key or name.
    fn recognise(&self) -> Result<bool> {
        let tx = self.store.read()?;
        let Some(key) = tx.meta("public_key")? else { return Ok(false) };
        if key != self.public_key() {
            return Err(Error::WrongKey);
        }
        match tx.meta("origin")? {
            Some(origin) if origin != self.origin.as_bytes() => Err(Error::Origin(format!(
                "this register is named \"{}\", but the configuration calls it \"{}\"; checkpoints \
                 already given out carry the first name, so keep it",
                String::from_utf8_lossy(&origin),
                self.origin
            ))),
            _ => Ok(true),
        }
    }

    /// Writes the first event, unless another process just did.
    fn begin(&mut self, at: Timestamp) -> Result<()> {
        let (public_key, origin) = (self.public_key(), self.origin.clone());
        let mut writer = self.writer(at)?;
        if writer.size() == 0 {
            writer.tx.set_meta("public_key", &public_key)?;
            writer.tx.set_meta("origin", origin.as_bytes())?;
            writer.append(What::RegisterOpened { origin }, None)?;
            writer.commit()?;
        } else {
            drop(writer);
        }
        self.recognise().map(drop)
    }

    /// Waits for other writers, then holds the log's end.
    pub(crate) fn writer(&mut self, at: Timestamp) -> Result<Writer<'_>> {
        let tx = self.store.write()?;
        Writer::new(tx, &self.keys, &mut *self.entropy, Moment::from(at))
    }

    /// Records a purpose (Art. 5(1)(b)). Returns whether that was news: recording the latest version
    /// again changes nothing.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn record_purpose(&mut self, purpose: &Purpose, at: Timestamp) -> Result<bool> {
        let digest = purpose.digest();
        let mut writer = self.writer(at)?;
        let latest = writer.tx.purposes()?.into_iter().rfind(|row| row.purpose == purpose.id);
        if latest.is_some_and(|row| row.digest == digest) {
            return Ok(false);
        }
        let (name, text) = (purpose.id.clone(), purpose.canonical());
        let what = What::PurposeRecorded { purpose: name.clone(), digest: digest.clone(), text };
        let seq = writer.append(what, None)?;
        writer.tx.add_purpose(&PurposeRow { seq, purpose: name, digest })?;
        writer.commit()?;
        Ok(true)
    }

    /// The version of a purpose that has this digest.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn purpose_by_digest(&self, digest: &str) -> Result<Option<Purpose>> {
        find_purpose(&*self.store.read()?, |row| row.digest == digest)
    }

    /// The version of a purpose that was recorded last.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn latest_purpose(&self, id: &str) -> Result<Option<Purpose>> {
        find_purpose(&*self.store.read()?, |row| row.purpose == id)
    }

    /// The latest version of every purpose, by name.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn purposes(&self) -> Result<Vec<Purpose>> {
        latest_purposes(&*self.store.read()?)
    }

    /// How many events the log has.
    ///
    /// # Errors
    /// Where the register cannot be read, or the log's end was tampered with.
    pub fn size(&self) -> Result<u64> {
        Ok(load_frontier(&*self.store.read()?, &self.keys)?.size())
    }

    /// The root over all events (RFC 9162).
    ///
    /// # Errors
    /// As [`size`](Self::size).
    pub fn root(&self) -> Result<Hash> {
        Ok(load_frontier(&*self.store.read()?, &self.keys)?.root())
    }

    /// Size and root, signed: a C2SP checkpoint. Whoever keeps it can later be shown that everything
    /// said until now is still there, unchanged.
    ///
    /// # Errors
    /// As [`size`](Self::size).
    pub fn checkpoint(&self) -> Result<String> {
        let end = load_frontier(&*self.store.read()?, &self.keys)?;
        Ok(self.sign(end.size(), end.root()))
    }

    pub(crate) fn sign(&self, size: u64, root: Hash) -> String {
        Checkpoint { origin: self.origin.clone(), size, root }.sign(&self.keys.signing)
    }

    /// The same for a past size.
    ///
    /// # Errors
    /// Where the log was never that long, or cannot be read.
    pub fn checkpoint_at(&self, size: u64) -> Result<String> {
        let root = load_root(&*self.store.read()?, &self.keys, size)?;
        Ok(self.sign(size, root))
    }

    /// Whether this log still begins with what a checkpoint of it says.
    ///
    /// # Errors
    /// As [`size`](Self::size).
    pub fn continues(&self, checkpoint: &Checkpoint) -> Result<bool> {
        let tx = self.store.read()?;
        let leaves = tx.leaves(checkpoint.size)?;
        Ok(checkpoint.origin == self.origin
            && leaves.len() as u64 == checkpoint.size
            && merkle::root(&leaves) == checkpoint.root)
    }

    /// The Ed25519 key that verifies this register's checkpoints.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.keys.signing.verifying_key().to_bytes()
    }

    /// The same as the line that C2SP tools take: `name+hash+key`.
    #[must_use]
    pub fn verifier_key(&self) -> String {
        checkpoint::verifier_key(&self.origin, &self.keys.signing.verifying_key())
    }

    /// The name that checkpoints carry.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The proof that an event is in the log; `None` past its end. Check it with
    /// [`merkle::verify_inclusion`].
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn inclusion_proof(&self, index: u64) -> Result<Option<Vec<Hash>>> {
        Ok(merkle::inclusion_proof(&self.store.read()?.leaves(u64::MAX)?, index))
    }

    /// The proof that the log continues what it was at `old_size`; `None` where it was never that
    /// long. Check it with [`merkle::verify_consistency`].
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn consistency_proof(&self, old_size: u64) -> Result<Option<Vec<Hash>>> {
        Ok(merkle::consistency_proof(&self.store.read()?.leaves(u64::MAX)?, old_size))
    }

    /// The canonical text of one event, whose hash is the leaf; `None` past the log's end.
    ///
    /// # Errors
    /// Where the register cannot be read, or lacks the event.
    pub fn event(&self, seq: u64) -> Result<Option<String>> {
        let tx = self.store.read()?;
        let size = tx.head()?.map_or(0, |head| head.size);
        if seq < size { Ok(Some(tx.event(seq)?.body)) } else { Ok(None) }
    }
}

/// The latest version of every purpose, by name.
pub(crate) fn latest_purposes(tx: &(impl Read + ?Sized)) -> Result<Vec<Purpose>> {
    let latest: std::collections::BTreeMap<String, u64> =
        tx.purposes()?.into_iter().map(|row| (row.purpose, row.seq)).collect();
    latest.into_values().map(|seq| load_purpose(tx, seq)).collect()
}

/// The latest recorded purpose that `wanted` admits.
pub(crate) fn find_purpose(
    tx: &(impl Read + ?Sized),
    wanted: impl Fn(&PurposeRow) -> bool,
) -> Result<Option<Purpose>> {
    let row = tx.purposes()?.into_iter().rfind(wanted);
    row.map(|row| load_purpose(tx, row.seq)).transpose()
}

fn load_purpose(tx: &(impl Read + ?Sized), seq: u64) -> Result<Purpose> {
    let unreadable = || Error::Damaged(format!("event {seq} holds no purpose"));
    match Event::parse(seq, &tx.event(seq)?.body)?.what {
        What::PurposeRecorded { text, .. } => serde_json::from_str(&text).map_err(|_| unreadable()),
        _ => Err(unreadable()),
    }
}
