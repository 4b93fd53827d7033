//! The file: a header, the description as JSON, four sections, a checksum.
//!
//! All numbers are little-endian. Sections start at multiples of 64 bytes, in this order:
//!
//! | section | an entry | holds |
//! |---|---|---|
//! | slots | 12 bytes: hash `u64`, [`Word`](crate::Word) `u32` | accounts, ordered by hash |
//! | texts | `u64` end of the slot's id in the bytes | string ids only, one a slot |
//! | links | 8 bytes: slot `u32`, person `u32` | accounts whose person has another, ordered by slot |
//! | items | 16 bytes: hash `u64`, end `u64` | record ids objected to, ordered by hash |
//! | bytes | | ids of slots, then ids of items |
//!
//! The last 32 bytes are the BLAKE3 hash of all before them, which is also the snapshot's digest.

use demur_core::id::IdKind;
use demur_core::purpose::Purpose;
use serde::{Deserialize, Serialize};

/// The first bytes of every snapshot.
pub(crate) const MAGIC: [u8; 8] = *b"DEMURSNP";
/// The version this program writes and reads.
pub(crate) const VERSION: u32 = 1;
/// Sections start at multiples of this.
pub(crate) const ALIGN: usize = 64;
/// Length of the checksum at the end.
pub(crate) const CHECKSUM: usize = 32;

/// The fixed part at the beginning of the file.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Header {
    pub(crate) magic: [u8; 8],
    pub(crate) version: u32,
    pub(crate) meta_length: u32,
    /// Number of homes: a hash `h` belongs at slot `h * homes >> 64` or, where that is taken, after.
    pub(crate) homes: u64,
    pub(crate) slots: u64,
    pub(crate) texts: u64,
    pub(crate) links: u64,
    pub(crate) items: u64,
    pub(crate) bytes: u64,
}

/// One account's place in the table.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Slot {
    hash: [u32; 2],
    pub(crate) word: crate::Word,
}

impl Slot {
    pub(crate) const EMPTY: Slot = Slot { hash: [0; 2], word: crate::Word::ABSENT };

    pub(crate) fn new(hash: u64, word: crate::Word) -> Self {
        Slot { hash: [hash as u32, (hash >> 32) as u32], word }
    }

    pub(crate) fn hash(&self) -> u64 {
        u64::from(self.hash[0]) | u64::from(self.hash[1]) << 32
    }
}

/// One linked account.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Link {
    pub(crate) slot: u32,
    pub(crate) person: u32,
}

/// One record that was objected to.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Item {
    pub(crate) hash: u64,
    pub(crate) end: u64,
}

/// What a snapshot says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The purpose, with every rule that the gate needs.
    pub purpose: Purpose,
    /// SHA-256 of the purpose as recorded.
    pub purpose_digest: String,
    /// What account ids are.
    pub id_kind: IdKind,
    /// How many events of the register it knows.
    pub register_size: u64,
    /// The Merkle root of those events.
    pub register_root: String,
    /// Digest over the account facts' files.
    pub accounts_digest: String,
    /// Accounts with facts.
    pub accounts: u64,
    /// Accounts and records that an objection in force covers, as entries of the file.
    pub objecting: u64,
    /// How the facts were read: by which version of the program, from which columns. Not known of files
    /// that earlier versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts_read: Option<String>,
    /// Accounts that the facts list under several persons: links do not tell whose they are. Not known
    /// of files that earlier versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_several_persons: Option<u64>,
    /// Objections in force whose account id is of another kind than the facts' now, such as `7` as a string: of
    /// one account, several may be entered apart. Not known of files that earlier versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_other_kinds: Option<u64>,
}

/// A permutation of the 64-bit numbers that spreads neighbouring ids (the finalizer of MurmurHash3):
/// being one-to-one, comparing the results is comparing the ids.
pub(crate) fn mix(mut key: u64) -> u64 {
    key ^= key >> 33;
    key = key.wrapping_mul(0xff51_afd7_ed55_8ccd);
    key ^= key >> 33;
    key = key.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    key ^ key >> 33
}

/// Hash of a string id; the id itself is stored and compared as well.
pub(crate) fn hash_text(text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}

/// The slot at which a hash belongs.
pub(crate) fn home(hash: u64, homes: u64) -> usize {
    ((u128::from(hash) * u128::from(homes)) >> 64) as usize
}
