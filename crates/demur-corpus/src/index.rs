//! The index of a data file: from an account to the rows it is in, as author, mentioned or depicted.
//!
//! It lies beside the data of a training set, under a name that folder scans pass over, and is written with
//! the build, so that taking somebody's rows out costs what their rows cost and not what the set does.
//! What it says is derived from the data and the snapshot alone: one that is lost or damaged is made again.
//!
//! All numbers are little-endian. A header; a table of buckets (where each ends, and a checksum over its
//! entries); a checksum over both; the entries. An account's entries are in the bucket that the first bits
//! of its hash name, so a lookup reads one bucket, whatever the size of the file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use demur_core::objection::Scope;
use demur_gate::Role;

use crate::error::Error;
use crate::files;
use crate::store::{self, Ranged};

const MAGIC: [u8; 8] = *b"DEMURIDX";
const VERSION: u32 = 1;
/// Entries a bucket, about.
const BUCKET: usize = 64;
/// Rows that an entry can name.
pub(crate) const MAX_ROWS: u64 = 1 << ROW_BITS;
const ROW_BITS: u32 = 29;
const MAX_BITS: u32 = 24;

/// An account in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    /// The account's hash.
    pub(crate) hash: u64,
    /// The row of the data file.
    pub(crate) row: u32,
    /// In which way.
    pub(crate) role: Role,
    /// Whether names were taken out of the row.
    pub(crate) redacted: bool,
}

/// A [`Posting`] as it is stored.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Entry {
    hash: [u32; 2],
    /// Row; then two bits of role, one for redacted rows.
    row: u32,
}

#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Header {
    magic: [u8; 8],
    version: u32,
    /// How many bits of the hash name the bucket.
    bits: u32,
    rows: u64,
    entries: u64,
}

#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Bucket {
    end: u32,
    check: u32,
}

impl From<Posting> for Entry {
    fn from(posting: Posting) -> Self {
        let role = match posting.role {
            Role::Author(Scope::AiInteractions) => 1,
            Role::Author(_) => 0,
            Role::Mentioned => 2,
            Role::Depicted => 3,
        };
        let hash = [posting.hash as u32, (posting.hash >> 32) as u32];
        let row = posting.row | role << ROW_BITS | u32::from(posting.redacted) << 31;
        Entry { hash, row }
    }
}

impl Entry {
    fn hash(&self) -> u64 {
        u64::from(self.hash[0]) | u64::from(self.hash[1]) << 32
    }

    fn posting(&self) -> Posting {
        let role = match self.row >> ROW_BITS & 3 {
            0 => Role::Author(Scope::PublicContent),
            1 => Role::Author(Scope::AiInteractions),
            2 => Role::Mentioned,
            _ => Role::Depicted,
        };
        let (row, redacted) = (self.row & ((1 << ROW_BITS) - 1), self.row >> 31 != 0);
        Posting { hash: self.hash(), row, role, redacted }
    }
}

/// The bucket of a hash.
fn bucket(hash: u64, bits: u32) -> usize {
    if bits == 0 { 0 } else { (hash >> (64 - bits)) as usize }
}

/// What a build gathers of one file, by any number of workers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Postings {
    /// What earlier workers gathered, in the order of the rows.
    earlier: Vec<Vec<Entry>>,
    own: Vec<Entry>,
}

impl Postings {
    /// Makes room for as many as a piece of work is likely to have.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.own.reserve_exact(rows);
    }

    pub(crate) fn push(&mut self, posting: Posting) {
        self.own.push(posting.into());
    }

    /// Adds what another worker gathered of later rows.
    pub(crate) fn append(&mut self, mut later: Postings) {
        self.earlier.push(std::mem::take(&mut self.own));
        self.earlier.append(&mut later.earlier);
        self.own = later.own;
    }

    fn parts(&self) -> impl Iterator<Item = &[Entry]> {
        self.earlier.iter().chain([&self.own]).map(Vec::as_slice)
    }

    /// Writes the index of a file with so many rows. It is not synchronised: one that a power failure
    /// damages is noticed by its checksums and made again, which costs less than waiting for the disk
    /// at every build.
    ///
    /// # Errors
    /// Where the machine fails.
    pub(crate) fn write(self, path: &Path, rows: u64) -> Result<(), Error> {
        let count: usize = self.parts().map(<[Entry]>::len).sum();
        let bits = (count / BUCKET).next_power_of_two().ilog2().min(MAX_BITS);
        let mut ends = vec![0u32; 1 << bits];
        for entry in self.parts().flatten() {
            ends[bucket(entry.hash(), bits)] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            // Where the bucket starts; placing its entries moves this to where it ends.
            sum += std::mem::replace(end, sum);
        }
        let mut placed: Vec<Entry> = bytemuck::allocation::zeroed_vec(count);
        for entry in self.parts().flatten() {
            let end = &mut ends[bucket(entry.hash(), bits)];
            placed[*end as usize] = *entry;
            *end += 1;
        }
        let mut start = 0;
        let buckets: Vec<Bucket> = ends
            .iter()
            .map(|end| {
                let check = check(&placed[start..*end as usize]);
                start = *end as usize;
                Bucket { end: *end, check }
            })
            .collect();

        let entries = placed.len() as u64;
        let header = Header { magic: MAGIC, version: VERSION, bits, rows, entries };
        let mut hasher = blake3::Hasher::new();
        hasher.update(bytemuck::bytes_of(&header)).update(bytemuck::cast_slice(&buckets));
        let digest = hasher.finalize();
        let parts = [
            bytemuck::bytes_of(&header),
            bytemuck::cast_slice(&buckets),
            digest.as_bytes(),
            bytemuck::cast_slice(&placed),
        ];
        if store::is_url(path) {
            return files::write(path, &parts.concat());
        }
        // What has the name may have others in other sets, and stays what it is there.
        files::remove(path)?;
        let write = || -> std::io::Result<()> {
            let mut out = BufWriter::new(File::create(path)?);
            parts.iter().try_for_each(|part| out.write_all(part))?;
            out.flush()
        };
        write().map_err(|e| Error::io(path, "write", e))
    }
}

fn check(entries: &[Entry]) -> u32 {
    xxhash_rust::xxh3::xxh3_64(bytemuck::cast_slice(entries)) as u32
}

/// An index, opened. Of its entries, only the buckets that are asked for are read.
#[derive(Debug)]
pub(crate) struct Index {
    file: Ranged,
    bits: u32,
    buckets: Vec<Bucket>,
    /// Where the entries begin.
    entries: u64,
}

/// The index is not there, or not what was written: it has to be made again.
#[derive(Debug)]
pub(crate) struct Damaged;

impl From<std::io::Error> for Damaged {
    fn from(_: std::io::Error) -> Self {
        Damaged
    }
}

impl Index {
    /// Opens the index of a file with so many rows, and checks its table.
    pub(crate) fn open(path: &Path, rows: u64) -> Result<Index, Damaged> {
        let mut file = Ranged::open(path)?;
        let mut head = [0; size_of::<Header>()];
        file.read_at(0, &mut head)?;
        let header: Header = bytemuck::pod_read_unaligned(&head);
        if header.magic != MAGIC
            || header.version != VERSION
            || header.bits > MAX_BITS
            || header.rows != rows
        {
            return Err(Damaged);
        }
        let mut buckets = vec![Bucket { end: 0, check: 0 }; 1 << header.bits];
        let table = bytemuck::cast_slice_mut(&mut buckets);
        file.read_at(head.len() as u64, table)?;
        let mut entries = (head.len() + table.len()) as u64;
        let mut written = [0; blake3::OUT_LEN];
        file.read_at(entries, &mut written)?;
        entries += written.len() as u64;
        let mut hasher = blake3::Hasher::new();
        hasher.update(&head).update(bytemuck::cast_slice(&buckets));
        let length = header.entries.checked_mul(size_of::<Entry>() as u64);
        let whole = length.and_then(|length| length.checked_add(entries));
        if *hasher.finalize().as_bytes() != written || whole != Some(file.size()?) {
            return Err(Damaged);
        }
        Ok(Index { file, bits: header.bits, buckets, entries })
    }

    /// Everybody's entries, in no order.
    pub(crate) fn all(&mut self) -> Result<Vec<Posting>, Damaged> {
        let entries = self.buckets.last().map_or(0, |last| last.end);
        let mut all = vec![Entry { hash: [0; 2], row: 0 }; entries as usize];
        self.file.read_at(self.entries, bytemuck::cast_slice_mut(&mut all))?;
        let mut start = 0;
        for bucket in &self.buckets {
            let mine = all.get(start as usize..bucket.end as usize).ok_or(Damaged)?;
            if check(mine) != bucket.check {
                return Err(Damaged);
            }
            start = bucket.end;
        }
        Ok(all.iter().map(Entry::posting).collect())
    }

    /// Where an account is, in the order in which it was entered.
    pub(crate) fn get(&mut self, hash: u64) -> Result<Vec<Posting>, Damaged> {
        let at = bucket(hash, self.bits);
        let start = at.checked_sub(1).map_or(0, |before| self.buckets[before].end);
        let Bucket { end, check: wanted } = self.buckets[at];
        let length = end.checked_sub(start).ok_or(Damaged)?;
        let mut mine = vec![Entry { hash: [0; 2], row: 0 }; length as usize];
        let offset = self.entries + u64::from(start) * size_of::<Entry>() as u64;
        self.file.read_at(offset, bytemuck::cast_slice_mut(&mut mine))?;
        if check(&mine) != wanted {
            return Err(Damaged);
        }
        Ok(mine.iter().filter(|entry| entry.hash() == hash).map(Entry::posting).collect())
    }
}

#[cfg(test)]
mod tests {
    use demur_snapshot::{Key, Snapshot};
    use proptest::prelude::*;

    use super::*;

    fn role() -> impl Strategy<Value = Role> {
        prop_oneof![
            Just(Role::Author(Scope::PublicContent)),
            Just(Role::Author(Scope::AiInteractions)),
            Just(Role::Mentioned),
            Just(Role::Depicted)
        ]
    }

    fn postings() -> impl Strategy<Value = Vec<Posting>> {
        let one = (0..40u64, 0..MAX_ROWS as u32, role(), prop::bool::ANY).prop_map(
            |(account, row, role, redacted)| {
                let hash = Snapshot::hash(Key::Number(account));
                Posting { hash, row, role, redacted }
            },
        );
        prop::collection::vec(one, 0..900)
    }

    proptest! {
        #[test]
        fn everybody_is_found_where_they_are(all in postings()) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.index");
            let mut gathered = Postings::default();
            all.iter().for_each(|posting| gathered.push(*posting));
            gathered.write(&path, 7).unwrap();
            let mut index = Index::open(&path, 7).unwrap();
            for account in 0..41 {
                let hash = Snapshot::hash(Key::Number(account));
                let found = index.get(hash).unwrap();
                let mut whole = index.all().unwrap();
                whole.retain(|posting| posting.hash == hash);
                prop_assert_eq!(&whole, &found);
                let wanted: Vec<Posting> = all.iter().copied().filter(|p| p.hash == hash).collect();
                prop_assert_eq!(found, wanted);
            }
        }
    }

    #[test]
    fn a_damaged_byte_is_never_believed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.index");
        let hash = Snapshot::hash(Key::Number(5));
        let mut gathered = Postings::default();
        gathered.push(Posting { hash, row: 3, role: Role::Mentioned, redacted: false });
        gathered.write(&path, 9).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            std::fs::write(&path, bytes).unwrap();
            assert!(Index::open(&path, 9).and_then(|mut index| index.get(hash)).is_err());
        }
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(Index::open(&path, 9).is_err());
        std::fs::write(&path, whole).unwrap();
        assert!(Index::open(&path, 8).is_err(), "it is of another file");
    }
}
