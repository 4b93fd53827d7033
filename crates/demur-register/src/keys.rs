//! The key, the secret that it opens, what is derived from that, and sealing.
//!
//! A register's first key is its secret. Once the key was changed ([`Register::rotate_key`](crate::Register::rotate_key)),
//! the secret lies in the register, closed under the new one.
//!
//! | derived key | what it does |
//! |---|---|
//! | wrapping | closes each person's own key |
//! | lookup | turns accounts, records and objections into tags that only the key holder can compute |
//! | place | binds each event to its place in the log |
//! | desk | closes what lies on the desk and is about nobody in the register |
//! | link | seals the tokens of personal links |
//! | signing | signs checkpoints |
//! | heirloom | closes what a register keeps of an earlier secret |
//! | renewal | makes each person's key anew when the secret is |
//!
//! A copy of a register may have another secret ([`crate::reseal`]). What the log has digests of, what mails already
//! sent carry and what others check checkpoints with stays as it was: lookup, link and signing. All else follows
//! from the new secret.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;

use crate::entropy::{Entropy, draw};
use crate::error::{Error, Result};
use crate::merkle::Hash;
use crate::subject::{Identity, Subject};

/// Where the master key comes from.
#[derive(Clone)]
pub enum KeySource {
    /// A file of 64 hexadecimal digits, created for a new register and readable by its owner only.
    File(PathBuf),
    /// The 64 hexadecimal digits themselves.
    Hex(String),
}

/// Sixteen bytes that stand for something personal.
pub(crate) type Tag = [u8; 16];
/// A person's own key.
pub(crate) type SubjectKey = [u8; 32];

const NONCE: usize = 24;
const SALT: usize = 32;

/// What a register needs to seal, find and sign.
pub(crate) struct Keys {
    /// From which all others are derived.
    secret: [u8; 32],
    wrapping: XChaCha20Poly1305,
    lookup: [u8; 32],
    place: [u8; 32],
    desk: XChaCha20Poly1305,
    link: [u8; 32],
    pub(crate) signing: SigningKey,
    heirloom: XChaCha20Poly1305,
    renewal: [u8; 32],
}

/// What binds the keys that outlive a secret to their use.
const HEIRLOOM: &[u8] = b"heirloom";

impl KeySource {
    /// The key of an existing register.
    pub(crate) fn load(&self) -> Result<[u8; 32]> {
        match self {
            KeySource::Hex(text) => parse(text, "the given key"),
            KeySource::File(path) => match std::fs::read_to_string(path) {
                Ok(text) => parse(&text, &path.display().to_string()),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    Err(Error::KeyMissing(path.clone()))
                }
                Err(source) => Err(Error::Io { path: path.clone(), source }),
            },
        }
    }

    /// The key of a new register: a missing file is created.
    pub(crate) fn load_or_create(&self, entropy: &mut dyn Entropy) -> Result<[u8; 32]> {
        if let KeySource::File(path) = self
            && !path.exists()
        {
            create(path, &draw(entropy))
                .map_err(|source| Error::Io { path: path.clone(), source })?;
        }
        self.load()
    }
}

/// Writes a key to a file that is not there yet and that only its owner reads.
pub(crate) fn write(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{}", hex::encode(key))?;
    file.sync_all()
}

/// Writes the key whole or not at all. Where another process was faster, its key stands.
fn create(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let draft = path.with_file_name(name);
    write(&draft, key)?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    linked.or_else(|error| if path.exists() { Ok(()) } else { Err(error) })
}

fn parse(text: &str, whose: &str) -> Result<[u8; 32]> {
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key)
        .map_err(|_| Error::KeyMalformed(whose.to_owned()))?;
    Ok(key)
}

impl Keys {
    fn derive(secret: &[u8; 32]) -> Self {
        let derive =
            |use_of: &str| blake3::derive_key(&format!("demur register 1 {use_of}"), secret);
        Keys {
            secret: *secret,
            wrapping: XChaCha20Poly1305::new(&derive("wrapping").into()),
            lookup: derive("lookup"),
            place: derive("place"),
            desk: XChaCha20Poly1305::new(&derive("desk").into()),
            link: derive("link"),
            signing: SigningKey::from_bytes(&derive("signing")),
            heirloom: XChaCha20Poly1305::new(&derive("heirloom").into()),
            renewal: derive("renewal"),
        }
    }

    /// What a register's key opens: its secret, where the register has that closed under a key, and
    /// otherwise the key is the secret.
    pub(crate) fn open(key: &[u8; 32], closed: Option<&[u8]>) -> Result<Self> {
        let Some(closed) = closed else { return Ok(Keys::derive(key)) };
        let secret = unseal(&envelope(key), closed, SECRET).ok_or(Error::WrongKey)?;
        Ok(Keys::derive(secret.first_chunk().ok_or(Error::WrongKey)?))
    }

    /// The secret, closed under another key.
    pub(crate) fn close(&self, key: &[u8; 32], entropy: &mut dyn Entropy) -> Vec<u8> {
        seal(&envelope(key), &self.secret, SECRET, entropy)
    }

    /// Whether both follow from the same secret.
    pub(crate) fn is_same_secret(&self, other: &Keys) -> bool {
        self.renewal == other.renewal
    }

    /// These keys for a register that had others: with what has to stay of those.
    pub(crate) fn after(mut self, earlier: &Keys) -> Keys {
        (self.lookup, self.link) = (earlier.lookup, earlier.link);
        self.signing = earlier.signing.clone();
        self
    }

    /// Closes what outlives a secret, to be kept in the register.
    pub(crate) fn seal_heirloom(&self, entropy: &mut dyn Entropy) -> Vec<u8> {
        let open = [self.lookup, self.link, self.signing.to_bytes()].concat();
        seal(&self.heirloom, &open, HEIRLOOM, entropy)
    }

    /// Puts in place what [`seal_heirloom`](Self::seal_heirloom) closed; `None` where this is not the key
    /// that it was closed under.
    pub(crate) fn with_heirloom(mut self, sealed: &[u8]) -> Option<Keys> {
        let open = unseal(&self.heirloom, sealed, HEIRLOOM)?;
        let (lookup, rest) = open.split_first_chunk::<32>()?;
        let (link, signing) = rest.split_first_chunk::<32>()?;
        (self.lookup, self.link) = (*lookup, *link);
        self.signing = SigningKey::from_bytes(signing.try_into().ok()?);
        Some(self)
    }

    /// A person's own key under another secret: whoever knows the earlier key and not this secret does not know
    /// it.
    pub(crate) fn renewed(&self, earlier: &SubjectKey) -> SubjectKey {
        *blake3::keyed_hash(&self.renewal, earlier).as_bytes()
    }

    /// The tag under which a subject is found.
    pub(crate) fn subject_tag(&self, identity: &Identity) -> Tag {
        tag(&self.lookup, "subject", &[identity.text().as_bytes()])
    }

    /// The tag that recognises an objection when it is imported again.
    pub(crate) fn objection_tag(&self, parts: &[&[u8]]) -> Tag {
        tag(&self.lookup, "objection", parts)
    }

    /// The key under which notices are filed, apart from objections.
    pub(crate) fn notice_key(&self) -> [u8; 32] {
        *blake3::keyed_hash(&self.lookup, b"notice").as_bytes()
    }

    /// The key under which tombstones are hashed.
    pub(crate) fn tombstone_key(&self) -> [u8; 32] {
        *blake3::keyed_hash(&self.lookup, b"tombstone").as_bytes()
    }

    /// The key under which mails are numbered.
    pub(crate) fn mail_key(&self) -> [u8; 32] {
        *blake3::keyed_hash(&self.lookup, b"mail").as_bytes()
    }

    /// Binds what stands at a place of the log to that place: moving or replacing it needs the key.
    pub(crate) fn seal_place(&self, place: u64, content: &Hash) -> Tag {
        tag(&self.place, "event", &[&place.to_le_bytes(), &content.0])
    }

    /// The same for the log's end.
    pub(crate) fn seal_head(&self, size: u64, root: &Hash) -> Tag {
        tag(&self.place, "head", &[&size.to_le_bytes(), &root.0])
    }

    /// The tag under which an item lies on the desk.
    pub(crate) fn desk_tag(&self, drawer: u8, name: &[u8]) -> Tag {
        tag(&self.lookup, "desk", &[&[drawer], name])
    }

    /// Closes an item of the desk, under a person's own key where it is about one.
    pub(crate) fn seal_item(
        &self,
        own: Option<&SubjectKey>,
        nonce: [u8; NONCE],
        context: &[u8],
        text: &str,
    ) -> Vec<u8> {
        match own {
            Some(key) => seal_with(&own_desk(key), text.as_bytes(), context, nonce),
            None => seal_with(&self.desk, text.as_bytes(), context, nonce),
        }
    }

    /// Opens what [`seal_item`](Self::seal_item) closed; `None` where it was changed.
    pub(crate) fn open_item(
        &self,
        own: Option<&SubjectKey>,
        context: &[u8],
        sealed: &[u8],
    ) -> Option<String> {
        let open = match own {
            Some(key) => unseal(&own_desk(key), sealed, context)?,
            None => unseal(&self.desk, sealed, context)?,
        };
        String::from_utf8(open).ok()
    }

    /// What seals links.
    pub(crate) fn link_key(&self) -> LinkKey {
        LinkKey { cipher: XChaCha20Poly1305::new(&self.link.into()), nonces: self.link }
    }

    /// Closes a subject's key and identity.
    pub(crate) fn wrap(&self, subject: &Subject, tag: &Tag, entropy: &mut dyn Entropy) -> Vec<u8> {
        let open = [&subject.key[..], subject.identity.text().as_bytes()].concat();
        seal(&self.wrapping, &open, tag, entropy)
    }

    /// Opens what [`wrap`](Self::wrap) closed; `None` where it was changed.
    pub(crate) fn unwrap(&self, id: i64, tag: &Tag, wrapped: &[u8]) -> Option<Subject> {
        let open = unseal(&self.wrapping, wrapped, tag)?;
        let (key, identity) = open.split_first_chunk::<32>()?;
        let identity = Identity::parse(std::str::from_utf8(identity).ok()?)?;
        Some(Subject { id, identity, key: *key })
    }
}

/// What binds a closed secret to its use.
const SECRET: &[u8] = b"secret";

/// What closes a register's secret under a key.
fn envelope(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&blake3::derive_key("demur register 1 envelope", key).into())
}

/// A keyed digest of parts, each preceded by its length, so that no two lists share a tag.
pub(crate) fn tag(key: &[u8; 32], kind: &str, parts: &[&[u8]]) -> Tag {
    let mut text = Vec::with_capacity(96);
    for part in std::iter::once(&kind.as_bytes()).chain(parts) {
        text.extend((part.len() as u64).to_le_bytes());
        text.extend_from_slice(part);
    }
    shorten(blake3::keyed_hash(key, &text))
}

/// The tag of an account's notices, under [`Keys::notice_key`].
pub(crate) fn notice_tag(key: &[u8; 32], account: &str) -> Tag {
    shorten(blake3::keyed_hash(key, account.as_bytes()))
}

fn shorten(hash: blake3::Hash) -> Tag {
    *hash.as_bytes().first_chunk().expect("32 bytes have a first 16")
}

/// A personal part: its salted commitment for the log, and the sealed bytes that lie beside it.
pub(crate) fn seal_personal(
    key: &SubjectKey,
    seq: u64,
    json: &str,
    entropy: &mut dyn Entropy,
) -> (Hash, Vec<u8>) {
    let salt: [u8; SALT] = draw(entropy);
    let open = [&salt[..], json.as_bytes()].concat();
    let cipher = XChaCha20Poly1305::new(key.into());
    (Hash::of(&open), seal(&cipher, &open, &seq.to_be_bytes(), entropy))
}

/// Opens a personal part: the commitment over it, and its JSON. `None` where it was changed or
/// belongs to another event.
pub(crate) fn open_personal(key: &SubjectKey, seq: u64, sealed: &[u8]) -> Option<(Hash, String)> {
    let (salt, json) = open_salted(key, seq, sealed)?;
    Some((Hash::of(&[&salt[..], json.as_bytes()].concat()), json))
}

/// The same as what the commitment is taken of: the salt, and the JSON.
pub(crate) fn open_salted(
    key: &SubjectKey,
    seq: u64,
    sealed: &[u8],
) -> Option<([u8; SALT], String)> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let open = unseal(&cipher, sealed, &seq.to_be_bytes())?;
    let (salt, json) = open.split_first_chunk::<SALT>()?;
    Some((*salt, std::str::from_utf8(json).ok()?.to_owned()))
}

/// Closes a personal part again under another key. What the log commits to stays the same; `None` where the
/// part was changed.
pub(crate) fn reseal_personal(
    from: &SubjectKey,
    to: &SubjectKey,
    seq: u64,
    sealed: &[u8],
    entropy: &mut dyn Entropy,
) -> Option<Vec<u8>> {
    let place = seq.to_be_bytes();
    let open = unseal(&XChaCha20Poly1305::new(from.into()), sealed, &place)?;
    Some(seal(&XChaCha20Poly1305::new(to.into()), &open, &place, entropy))
}

/// A person's key, for the desk: never the one that opens what stands beside the log.
fn own_desk(key: &SubjectKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&blake3::derive_key("demur register 1 own desk", key).into())
}

/// Seals the tokens of links.
#[derive(Clone)]
pub(crate) struct LinkKey {
    cipher: XChaCha20Poly1305,
    nonces: [u8; 32],
}

/// What binds a token to its use.
const LINK: &[u8] = b"link";

impl LinkKey {
    /// The same bytes for the same content: the nonce is a keyed digest of it.
    pub(crate) fn seal(&self, open: &[u8]) -> Vec<u8> {
        let digest = blake3::keyed_hash(&self.nonces, open);
        let nonce = *digest.as_bytes().first_chunk().expect("32 bytes have a first 24");
        seal_with(&self.cipher, open, LINK, nonce)
    }

    /// Opens what [`seal`](Self::seal) closed; `None` for all else.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        unseal(&self.cipher, sealed, LINK)
    }
}

fn seal(cipher: &XChaCha20Poly1305, open: &[u8], aad: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
    seal_with(cipher, open, aad, draw(entropy))
}

fn seal_with(cipher: &XChaCha20Poly1305, open: &[u8], aad: &[u8], nonce: [u8; NONCE]) -> Vec<u8> {
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: open, aad })
        .expect("a text in memory is short enough to seal");
    [&nonce[..], &sealed].concat()
}

fn unseal(cipher: &XChaCha20Poly1305, sealed: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad }).ok()
}
