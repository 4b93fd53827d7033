//! Reading a snapshot: open, check, look up.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use blake3::hazmat::{self, ChainingValue, HasherExt};
use demur_core::id::IdKind;
use memmap2::Mmap;

use crate::changes::Changes;
use crate::compile::staged;
use crate::error::Error;
use crate::format::{
    ALIGN, CHECKSUM, Header, Item, Link, MAGIC, Meta, Slot, VERSION, hash_text, home, mix,
};
use crate::map;
use crate::prefetch::prefetch;
use crate::word::Word;

/// An account id as a lookup takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// An integer, by its 64-bit pattern: signed and unsigned ids each keep their own.
    Number(u64),
    /// A string.
    Text(&'a str),
}

/// A mapped snapshot. Cheap to share between threads; it holds no lock.
#[derive(Debug)]
pub struct Snapshot {
    file: Mmap,
    path: PathBuf,
    meta: Meta,
    digest: String,
    header: Header,
    homes: u64,
    slots: std::ops::Range<usize>,
    texts: std::ops::Range<usize>,
    links: std::ops::Range<usize>,
    items: std::ops::Range<usize>,
    bytes: std::ops::Range<usize>,
    /// Who may have another account.
    linked: OnceLock<Marks>,
    /// Whose objection may count for what others published.
    third_parties: OnceLock<Marks>,
    /// What it says otherwise than a snapshot of this digest, where it was made from that one.
    pub(crate) amended: Option<(String, Changes)>,
}

impl Snapshot {
    /// Maps the file and checks all of it against its checksum.
    ///
    /// # Errors
    /// Where it cannot be read, is cut short or damaged, or is of another format version.
    pub fn open(path: impl AsRef<Path>) -> Result<Snapshot, Error> {
        let path = path.as_ref();
        Self::check(map::map(path)?, path, None)
    }

    /// Maps and checks a file that is open, such as one without a name that a snapshot from elsewhere was fetched
    /// into; `path` is what to call it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn opened(file: &File, path: impl AsRef<Path>) -> Result<Snapshot, Error> {
        let path = path.as_ref();
        Self::check(map::map_file(file, path)?, path, None)
    }

    /// Maps a file of this digest that this process has just written whole, without reading it again.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn written(path: impl AsRef<Path>, digest: &str) -> Result<Snapshot, Error> {
        let path = path.as_ref();
        Self::check(map::map(path)?, path, Some(digest))
    }

    /// Whether a snapshot may take this name: nothing has it, or an earlier one.
    ///
    /// # Errors
    /// Where something else has it, or it cannot be read.
    pub fn may_be_written(path: &Path) -> Result<(), Error> {
        if !path.exists() {
            return Ok(());
        }
        let failed = |source| Error::Machine { path: path.to_owned(), doing: "read", source };
        let mut head = Vec::new();
        let file = File::open(path).map_err(failed)?;
        file.take(MAGIC.len() as u64).read_to_end(&mut head).map_err(failed)?;
        match head.is_empty() || head == MAGIC {
            true => Ok(()),
            false => Err(Error::Taken { path: path.to_owned() }),
        }
    }

    fn check(file: Mmap, path: &Path, written: Option<&str>) -> Result<Snapshot, Error> {
        let damaged = |what: &str| Error::Damaged { path: path.to_owned(), what: what.to_owned() };
        let head = size_of::<Header>();
        if file.len() < head + CHECKSUM || file[..MAGIC.len()] != MAGIC {
            return Err(damaged("this is not a snapshot"));
        }
        let header: Header = bytemuck::pod_read_unaligned(&file[..head]);
        if header.version != VERSION {
            return Err(Error::Version {
                path: path.to_owned(),
                found: header.version,
                known: VERSION,
            });
        }
        let body = file.len() - CHECKSUM;
        let written = written.and_then(|digest| blake3::Hash::from_hex(digest).ok());
        let digest = written.unwrap_or_else(|| digest(&file[..body]));
        if digest.as_bytes()[..] != file[body..] {
            return Err(damaged("its checksum does not match, so it is cut short or damaged"));
        }

        let mut at = head.next_multiple_of(ALIGN);
        let mut section = |count: u64, size: usize| {
            let length = usize::try_from(count).ok()?.checked_mul(size)?;
            let end = at.checked_add(length).filter(|end| *end <= body)?;
            let range = at..end;
            at = end.next_multiple_of(ALIGN);
            Some(range)
        };
        let mut ranges = || {
            Some([
                section(header.meta_length.into(), 1)?,
                section(header.slots, size_of::<Slot>())?,
                section(header.texts, size_of::<u64>())?,
                section(header.links, size_of::<Link>())?,
                section(header.items, size_of::<Item>())?,
                section(header.bytes, 1)?,
            ])
        };
        let [meta, slots, texts, links, items, bytes] =
            ranges().ok_or_else(|| damaged("its sections do not fit its length"))?;
        let meta: Meta = serde_json::from_slice(&file[meta])
            .map_err(|e| damaged(&format!("its description cannot be read ({e})")))?;
        let digest = digest.to_hex().to_string();
        let path = path.to_owned();
        Ok(Snapshot {
            path,
            meta,
            digest,
            header,
            homes: header.homes,
            slots,
            texts,
            links,
            items,
            bytes,
            file,
            linked: OnceLock::new(),
            third_parties: OnceLock::new(),
            amended: None,
        })
    }

    /// What the snapshot says of itself.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Where it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// BLAKE3 of its content, in lower-case hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Size of the file in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.file.len()
    }

    /// The whole file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.file
    }

    /// The account's entry, or [`Word::ABSENT`].
    #[must_use]
    pub fn get(&self, id: Key<'_>) -> Word {
        self.find(id).map_or(Word::ABSENT, |slot| self.slots()[slot].word)
    }

    /// The entries of many numeric ids at once, so that memory latency overlaps: all homes are
    /// touched before the first is searched.
    ///
    /// # Panics
    /// Where `out` is shorter than `ids`.
    pub fn get_numbers(&self, ids: impl ExactSizeIterator<Item = u64> + Clone, out: &mut [Word]) {
        const BLOCK: usize = 8;
        assert!(out.len() >= ids.len(), "one place for each id");
        if self.meta.id_kind == IdKind::Text {
            out.fill(Word::ABSENT);
            return;
        }
        let slots = self.slots();
        let mut ids = ids;
        let mut ask = |asked: &mut [(u64, usize); BLOCK]| {
            let n = ids.len().min(BLOCK);
            for ((hash, at), id) in asked.iter_mut().zip(ids.by_ref().take(n)) {
                *hash = mix(id);
                *at = home(*hash, self.homes);
                prefetch(slots, *at);
                prefetch(slots, *at + WINDOW - 1);
            }
            n
        };
        // While one block is searched, memory fetches the next.
        let (mut asked, mut next) = ([(0, 0); BLOCK], [(0, 0); BLOCK]);
        let mut out = out;
        let mut n = ask(&mut asked);
        while n > 0 {
            let following = ask(&mut next);
            let (now, later) = out.split_at_mut(n);
            for (word, (hash, at)) in now.iter_mut().zip(&asked) {
                *word = word_of(slots, *at, *hash);
            }
            (out, n) = (later, following);
            std::mem::swap(&mut asked, &mut next);
        }
    }

    /// Whether an objection of the account's person counts for what others published
    /// ([`Word::objects_as_third_party`]). Of nearly everybody it does not, which is told without a look-up.
    #[must_use]
    pub fn is_third_party(&self, id: Key<'_>) -> bool {
        self.third_parties().may_hold(Self::hash(id)) && self.get(id).objects_as_third_party()
    }

    /// Whether two accounts are one, or certainly of one person.
    #[must_use]
    pub fn same_person(&self, a: Key<'_>, b: Key<'_>) -> bool {
        if a == b {
            return true;
        }
        let may_be_linked = |id| self.linked().may_hold(Self::hash(id));
        if !may_be_linked(a) || !may_be_linked(b) {
            return false;
        }
        let person = |id| self.find(id).and_then(|slot| self.person(slot));
        person(a).is_some_and(|p| person(b) == Some(p))
    }

    fn linked(&self) -> &Marks {
        self.linked.get_or_init(|| {
            let (links, slots) = (self.links(), self.slots());
            // A link to a slot that is not there links nobody: `person` finds none for it either.
            let linked = links.iter().filter_map(|link| slots.get(link.slot as usize));
            Marks::of(links.len(), linked.map(Slot::hash))
        })
    }

    fn third_parties(&self) -> &Marks {
        self.third_parties.get_or_init(|| {
            let objecting = usize::try_from(self.meta.objecting).unwrap_or(usize::MAX);
            let slots = self.slots().iter();
            let third_parties = slots.filter(|slot| slot.word.objects_as_third_party());
            Marks::of(objecting, third_parties.map(Slot::hash))
        })
    }

    /// Whether any record at all was objected to.
    #[must_use]
    pub fn has_items(&self) -> bool {
        !self.items.is_empty()
    }

    /// Whether this very record was objected to.
    #[must_use]
    pub fn is_item(&self, record: &str) -> bool {
        let (items, bytes) = (self.items(), self.id_bytes());
        let hash = hash_text(record);
        let own = self.ends().last().copied().unwrap_or(0);
        let first = items.partition_point(|item| item.hash < hash);
        items[first..].iter().take_while(|item| item.hash == hash).enumerate().any(|(i, item)| {
            let start = if first + i == 0 { own } else { items[first + i - 1].end };
            bytes.get(start as usize..item.end as usize) == Some(record.as_bytes())
        })
    }

    /// The same with another description and other words, without a file of its own. `None` where the
    /// description does not fit its place, or the file is gone or not the one that was mapped.
    pub(crate) fn changed(
        &self,
        meta: &Meta,
        words: &BTreeMap<usize, Word>,
        path: impl FnOnce(&str) -> PathBuf,
    ) -> Result<Option<Snapshot>, Error> {
        let failed = |source| Error::Machine { path: self.path.clone(), doing: "describe", source };
        let text = serde_json::to_vec(meta).map_err(|e| failed(e.into()))?;
        let (head, body) = (size_of::<Header>(), self.file.len() - CHECKSUM);
        let place = head.next_multiple_of(ALIGN)..self.slots.start;
        // Whoever tidies up removes what no set was judged by.
        let Some(mut file) = map::copy(&self.path)? else { return Ok(None) };
        let is_it = file.get(body..) == self.file.get(body..);
        if !is_it || text.len().next_multiple_of(ALIGN) != place.len() {
            return Ok(None);
        }
        let header = Header { meta_length: text.len() as u32, ..self.header };
        file[..head].copy_from_slice(bytemuck::bytes_of(&header));
        let (description, rest) = file[place].split_at_mut(text.len());
        description.copy_from_slice(&text);
        rest.fill(0);
        let slots: &mut [Slot] = bytemuck::cast_slice_mut(&mut file[self.slots.clone()]);
        for (slot, word) in words {
            slots[*slot].word = *word;
        }
        let digest = digest(&file[..body]);
        file[body..].copy_from_slice(digest.as_bytes());
        let digest = digest.to_hex();
        let path = path(&digest);
        let failed = |source| Error::Machine { path: path.clone(), doing: "map", source };
        let file = file.make_read_only().map_err(failed)?;
        Self::check(file, &path, Some(&digest)).map(Some)
    }

    /// Writes it to where it says that it lies. It is whole from the moment on in which the name stands
    /// for it, but not synchronised: after a power cut its checksum may tell that it has to be made again.
    ///
    /// # Errors
    /// Where the machine fails.
    pub fn save(&self) -> Result<(), Error> {
        let failed =
            |doing| move |source| Error::Machine { path: self.path.clone(), doing, source };
        let staged = staged(&self.path);
        let written = std::fs::write(&staged, self.as_bytes()).map_err(failed("write"));
        let written = written.and_then(|()| {
            std::fs::rename(&staged, &self.path).map_err(failed("rename into place"))
        });
        if written.is_err() {
            // The half-written file is of no use to anybody; failing to remove it hides nothing.
            let _ = std::fs::remove_file(&staged);
        }
        written
    }

    pub(crate) fn find(&self, id: Key<'_>) -> Option<usize> {
        match (id, self.meta.id_kind) {
            (Key::Number(n), IdKind::Signed | IdKind::Unsigned) => {
                let hash = mix(n);
                search(self.slots(), home(hash, self.homes), hash, |_| true)
            }
            (Key::Text(text), IdKind::Text) => {
                let hash = hash_text(text);
                let (ends, bytes) = (self.ends(), self.id_bytes());
                search(self.slots(), home(hash, self.homes), hash, |slot| {
                    let start = if slot == 0 { 0 } else { ends[slot - 1] };
                    bytes.get(start as usize..ends[slot] as usize) == Some(text.as_bytes())
                })
            }
            _ => None,
        }
    }

    pub(crate) fn person(&self, slot: usize) -> Option<u32> {
        let links = self.links();
        let at = links.binary_search_by_key(&(slot as u32), |link| link.slot).ok()?;
        Some(links[at].person)
    }

    pub(crate) fn links(&self) -> &[Link] {
        bytemuck::cast_slice(&self.file[self.links.clone()])
    }

    /// The ids of the records that were objected to.
    pub fn item_ids(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = self.ends().last().copied().unwrap_or(0);
        self.items().iter().map(move |Item { end, .. }| {
            let id = &self.id_bytes()[start as usize..*end as usize];
            start = *end;
            id
        })
    }

    pub(crate) fn items(&self) -> &[Item] {
        bytemuck::cast_slice(&self.file[self.items.clone()])
    }

    /// The ids of accounts and records that are strings, one after the other.
    pub(crate) fn id_bytes(&self) -> &[u8] {
        &self.file[self.bytes.clone()]
    }

    pub(crate) fn slots(&self) -> &[Slot] {
        bytemuck::cast_slice(&self.file[self.slots.clone()])
    }

    pub(crate) fn ends(&self) -> &[u64] {
        bytemuck::cast_slice(&self.file[self.texts.clone()])
    }
}

/// BLAKE3 by several threads, where it is a tree with branches: of five million accounts it takes as long as
/// everything else that a late objection causes. They are this call's own, since a process that was forked has
/// no others.
fn digest(bytes: &[u8]) -> blake3::Hash {
    if bytes.len() <= PART {
        return blake3::hash(bytes);
    }
    let (left, right) = branches(bytes, 0);
    hazmat::merge_subtrees_root(&left, &right, hazmat::Mode::Hash)
}

/// Bytes that one thread hashes at once.
const PART: usize = 16 << 20;

/// What both branches of a part come to, which begins at `start` and is more than one chunk long.
fn branches(bytes: &[u8], start: usize) -> (ChainingValue, ChainingValue) {
    let length = hazmat::left_subtree_len(bytes.len() as u64) as usize;
    let (left, right) = bytes.split_at(length);
    std::thread::scope(|scope| {
        let left = scope.spawn(|| subtree(left, start));
        let right = subtree(right, start + length);
        (left.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), right)
    })
}

fn subtree(bytes: &[u8], start: usize) -> ChainingValue {
    if bytes.len() <= PART {
        let mut hasher = blake3::Hasher::new();
        hasher.set_input_offset(start as u64).update(bytes);
        return hasher.finalize_non_root();
    }
    let (left, right) = branches(bytes, start);
    hazmat::merge_subtrees_non_root(&left, &right, hazmat::Mode::Hash)
}

/// Slots are ordered by hash, so a search ends at an empty slot or at a greater hash.
fn search(slots: &[Slot], home: usize, hash: u64, same: impl Fn(usize) -> bool) -> Option<usize> {
    let mut at = home;
    loop {
        let slot = slots.get(at)?;
        if slot.word.is_empty() || slot.hash() > hash {
            return None;
        }
        if slot.hash() == hash && same(at) {
            return Some(at);
        }
        at += 1;
    }
}

/// Slots in which nearly all accounts are found that are listed.
const WINDOW: usize = 4;

/// The word of a numeric id. How far from its home it lies no processor foresees, so all slots of a window
/// are looked at, whichever holds it.
fn word_of(slots: &[Slot], home: usize, hash: u64) -> Word {
    let after = home + WINDOW;
    let Some(window) = slots.get(home..after) else {
        let slot = search(slots, home, hash, |_| true);
        return slot.map_or(Word::ABSENT, |slot| slots[slot].word);
    };
    let word = window.iter().fold(0, |word, slot| {
        // Empty slots have no bits.
        word | if slot.hash() == hash { slot.word.0 } else { 0 }
    });
    let last = window[WINDOW - 1];
    if last.word.is_empty() || last.hash() >= hash {
        return Word(word);
    }
    search(slots, after, hash, |_| true).map_or(Word::ABSENT, |slot| slots[slot].word)
}

/// A bit for each of some accounts, by the first bits of its hash. Most others are told apart from them here, in
/// a processor's cache, without being looked up.
#[derive(Debug)]
struct Marks {
    words: Box<[u64]>,
    shift: u32,
}

impl Marks {
    /// Marks accounts, of which there are about `count`.
    fn of(count: usize, hashes: impl Iterator<Item = u64>) -> Self {
        let bits = count.saturating_mul(8).clamp(1 << 6, 1 << 26).next_power_of_two();
        let mut marks = Marks { words: vec![0; bits / 64].into(), shift: 64 - bits.ilog2() };
        for hash in hashes {
            let bit = hash >> marks.shift;
            marks.words[(bit / 64) as usize] |= 1 << (bit % 64);
        }
        marks
    }

    fn may_hold(&self, hash: u64) -> bool {
        let bit = hash >> self.shift;
        self.words[(bit / 64) as usize] >> (bit % 64) & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_by_parts_is_that_of_the_whole() {
        let bytes: Vec<u8> = (0..5 * PART + 77).map(|at| (at / 7 + at / 65_537) as u8).collect();
        for length in [0, 1, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 5, bytes.len()] {
            assert_eq!(digest(&bytes[..length]), blake3::hash(&bytes[..length]), "{length}");
        }
    }
}
