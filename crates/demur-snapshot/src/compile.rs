//! Compiling: accounts and objections in, one file out.
//!
//! Accounts are sorted by hash and laid into the table in that order, each at its home or at the next
//! free slot. The file therefore depends on what went in and not on the order in which it came.
//!
//! Entries are dealt into baskets by the first bits of their hash as they arrive, so that what is
//! left to sort fits a processor's cache, and every core sorts some baskets.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use demur_core::facts::Standing;
use demur_core::id::{AccountId, IdKind};
use demur_core::objection::{Effect, Scope};
use demur_core::purpose::{Purpose, ThirdPartyObjections};
use demur_core::rules::Objection;

use crate::error::Error;
use crate::format::{ALIGN, Header, Item, Link, MAGIC, Meta, Slot, VERSION, hash_text, home, mix};
use crate::snapshot::{Key, Snapshot};
use crate::word::Word;

/// Collects what a snapshot is made of.
#[derive(Debug)]
pub struct Compiler {
    kind: IdKind,
    /// Listings of accounts, as they were collected.
    accounts: Vec<Baskets>,
    /// How many listings those are.
    listings: usize,
    /// Objections by account, as words without facts.
    objections: Baskets,
    persons: Vec<Membership>,
    /// Ends of the string ids of `accounts`, then of `objections`, in `bytes`.
    ends: Vec<u64>,
    bytes: Vec<u8>,
    items: Vec<String>,
    of_other_kinds: u64,
}

/// What came out of compiling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// BLAKE3 of the file's content, in lower-case hexadecimal.
    pub digest: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Accounts with facts.
    pub accounts: u64,
    /// Accounts that the facts list more than once; the stricter listing counts, rule by rule.
    pub listed_twice: u64,
    /// Accounts and records that an objection in force covers.
    pub objecting: u64,
    /// Accounts with an objection in force that the facts do not list.
    pub unlisted: u64,
}

/// Where the compiled file belongs: what it says of itself besides its content.
#[derive(Clone, Debug)]
pub struct Origin<'a> {
    /// The purpose as recorded.
    pub purpose: &'a Purpose,
    /// How many events of the register are in it.
    pub register_size: u64,
    /// The Merkle root of those events.
    pub register_root: String,
    /// Digest over the account facts' files.
    pub accounts_digest: String,
    /// How they were read: by which version of the program, from which columns.
    pub facts_read: String,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    /// Position in the order of arrival, by which the string id is found.
    order: u32,
    word: Word,
}

/// Entries by the first bits of their hash.
#[derive(Debug)]
struct Baskets {
    entries: Vec<Vec<Entry>>,
    count: u32,
    /// How many entries were collected before these; their own `order` starts at 0.
    before: u32,
}

impl Baskets {
    const BITS: u32 = 8;
    const COUNT: usize = 1 << Self::BITS;

    fn push(&mut self, hash: u64, word: Word) {
        let entry = Entry { hash, order: self.count, word };
        self.entries[(hash >> (u64::BITS - Self::BITS)) as usize].push(entry);
        self.count += 1;
    }
}

impl Default for Baskets {
    fn default() -> Self {
        Baskets { entries: vec![Vec::new(); Self::COUNT], count: 0, before: 0 }
    }
}

/// One basket's entries, sorted, one an account.
struct MergedBasket {
    entries: Vec<Entry>,
    rank: Vec<(u32, u32)>,
    twice: Vec<u32>,
}

/// All entries, sorted, one an account.
#[derive(Default)]
struct Merged {
    baskets: Vec<Vec<Entry>>,
    /// The place of the first entry behind each basket.
    ends: Vec<usize>,
}

impl Merged {
    fn push(&mut self, basket: Vec<Entry>) {
        self.ends.push(self.len() + basket.len());
        self.baskets.push(basket);
    }

    fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.baskets.iter().flatten()
    }

    fn at(&mut self, place: u32) -> &mut Entry {
        let place = place as usize;
        let basket = self.ends.partition_point(|end| *end <= place);
        let first = if basket == 0 { 0 } else { self.ends[basket - 1] };
        &mut self.baskets[basket][place - first]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Membership {
    person: (u64, u64),
    account: u32,
}

impl Compiler {
    /// An empty compiler for ids of `kind`.
    #[must_use]
    pub fn new(kind: IdKind) -> Self {
        Compiler {
            kind,
            accounts: vec![Baskets::default()],
            listings: 0,
            objections: Baskets::default(),
            persons: Vec::new(),
            ends: Vec::new(),
            bytes: Vec::new(),
            items: Vec::new(),
            of_other_kinds: 0,
        }
    }

    /// Adds one listing of an account; call it before any [`objection`](Self::objection).
    pub fn account(&mut self, id: Key<'_>, standing: Standing, person: Option<Key<'_>>) {
        assert!(self.objections.count == 0, "accounts come before objections");
        let order = self.listings as u32;
        self.listings += 1;
        let hash = self.keep(id);
        let baskets = self.accounts.last_mut().expect("a compiler begins with one");
        baskets.push(hash, Word::of(standing));
        if let Some(person) = person {
            let person = match person {
                Key::Number(n) => (n, 0),
                Key::Text(text) => {
                    let hash = xxhash_rust::xxh3::xxh3_128(text.as_bytes());
                    (hash as u64, (hash >> 64) as u64)
                }
            };
            self.persons.push(Membership { person, account: order });
        }
    }

    /// Takes over the accounts of another compiler, as if they had been added here one by one: readers
    /// of several files fill one each.
    pub fn absorb(&mut self, mut other: Compiler) {
        assert!(self.objections.count == 0, "accounts come before objections");
        let (before, bytes) = (self.listings as u32, self.bytes.len() as u64);
        for baskets in &mut other.accounts {
            baskets.before += before;
        }
        for member in &mut other.persons {
            member.account += before;
        }
        self.listings += other.listings;
        self.accounts.append(&mut other.accounts);
        self.persons.append(&mut other.persons);
        self.ends.extend(other.ends.iter().map(|end| end + bytes));
        self.bytes.append(&mut other.bytes);
    }

    /// Adds one objection to the purpose; those without effect are passed over.
    ///
    /// # Errors
    /// Where its account id cannot be one of this platform's: what it covers is then unknown, and a
    /// snapshot without it would let that person's rows through.
    pub fn objection(&mut self, purpose: &Purpose, objection: &Objection) -> Result<(), String> {
        if objection.status.effect() == Effect::None {
            return Ok(());
        }
        if let Some(record) = &objection.record {
            self.items.push(record.0.clone());
        }
        let account = objection.account.as_ref().filter(|_| !objection.scopes.is_empty());
        let Some(account) = account else { return Ok(()) };
        let word = effects_of(purpose, objection);

        let parsed;
        let same_kind = if account.fits(self.kind) {
            account
        } else {
            parsed = AccountId::parse(self.kind, &account.to_string())?;
            self.of_other_kinds += 1;
            &parsed
        };
        let hash = match same_kind {
            AccountId::Text(text) => self.keep(Key::Text(text)),
            // Either kind of number fits 64 bits, and each keeps its own bit pattern.
            AccountId::Number(n) => self.keep(Key::Number(*n as u64)),
        };
        self.objections.before = self.listings as u32;
        self.objections.push(hash, word);
        Ok(())
    }

    fn keep(&mut self, id: Key<'_>) -> u64 {
        match id {
            Key::Number(n) => mix(n),
            Key::Text(text) => {
                self.bytes.extend_from_slice(text.as_bytes());
                self.ends.push(self.bytes.len() as u64);
                hash_text(text)
            }
        }
    }

    fn text(&self, order: u32) -> &[u8] {
        if self.ends.is_empty() {
            return &[];
        }
        let order = order as usize;
        let start = if order == 0 { 0 } else { self.ends[order - 1] };
        &self.bytes[start as usize..self.ends[order] as usize]
    }

    /// Writes the snapshot to `path`: under a temporary name beside it first, synchronised, then
    /// renamed, so that the name never stands for half a file.
    ///
    /// # Errors
    /// Where the machine fails, or there are more accounts than the format holds.
    pub fn write(mut self, path: &Path, origin: Origin<'_>) -> Result<Compiled, Error> {
        let total = self.listings + self.objections.count as usize;
        if u32::try_from(total).is_err() {
            return Err(Error::TooMany(total));
        }
        let listings = self.listings as u32;
        let (mut merged, rank, listed_twice) = self.merge();
        let (links, of_several_persons) = self.link(&mut merged, &rank, &listed_twice);

        self.items.sort_by_cached_key(|item| (hash_text(item), item.clone()));
        self.items.dedup();
        let objecting =
            merged.iter().filter(|entry| entry.word.is_objecting()).count() + self.items.len();
        // What is made of several listings keeps the order of the first; objections come last.
        let accounts = merged.iter().filter(|entry| entry.order < listings).count() as u64;
        let unlisted = merged.len() as u64 - accounts;

        let meta = Meta {
            purpose: origin.purpose.clone(),
            purpose_digest: origin.purpose.digest(),
            id_kind: self.kind,
            register_size: origin.register_size,
            register_root: origin.register_root,
            accounts_digest: origin.accounts_digest,
            accounts,
            objecting: objecting as u64,
            facts_read: Some(origin.facts_read),
            of_several_persons: Some(of_several_persons),
            of_other_kinds: Some(self.of_other_kinds),
        };
        let failed = |doing| {
            let path = path.to_owned();
            move |source| Error::Machine { path, doing, source }
        };
        Snapshot::may_be_written(path)?;
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let staged = staged(path);
        let written = self.write_file(&staged, &meta, &merged, &links);
        let (digest, bytes) = written.map_err(|source| {
            // The half-written file is of no use to anybody; failing to remove it hides nothing.
            let _ = std::fs::remove_file(&staged);
            failed("write")(source)
        })?;
        std::fs::rename(&staged, path).map_err(failed("rename into place"))?;
        File::open(folder)
            .and_then(|f| f.sync_all())
            .map_err(failed("synchronise the folder of"))?;
        Ok(Compiled {
            digest,
            bytes,
            accounts,
            listed_twice: listed_twice.len() as u64,
            objecting: objecting as u64,
            unlisted,
        })
    }

    /// Sorts all entries by id and makes one of those that share it. Returns them, the place of each
    /// entry by order of arrival (where there are persons, who need it), and the places of accounts
    /// that were listed more than once.
    fn merge(&mut self) -> (Merged, Vec<u32>, Vec<u32>) {
        let mut all = std::mem::take(&mut self.accounts);
        all.push(std::mem::take(&mut self.objections));
        let this = &*self;
        let baskets: Vec<usize> = (0..Baskets::COUNT).collect();
        let done = side_by_side(&baskets, |basket| this.merge_basket(&all, *basket));

        let total: usize = all.iter().map(|baskets| baskets.count as usize).sum();
        drop(all);
        let mut rank = vec![0u32; if self.persons.is_empty() { 0 } else { total }];
        let (mut merged, mut twice) = (Merged::default(), Vec::new());
        for basket in done {
            let first = merged.len() as u32;
            twice.extend(basket.twice.iter().map(|place| first + place));
            for (order, place) in basket.rank {
                rank[order as usize] = first + place;
            }
            merged.push(basket.entries);
        }
        (merged, rank, twice)
    }

    /// The same of one basket, with places counted from its first.
    fn merge_basket(&self, all: &[Baskets], basket: usize) -> MergedBasket {
        let count = all.iter().map(|baskets| baskets.entries[basket].len()).sum();
        let mut entries: Vec<Entry> = Vec::with_capacity(count);
        for baskets in all {
            let shifted = |e: &Entry| Entry { order: e.order + baskets.before, ..*e };
            entries.extend(baskets.entries[basket].iter().map(shifted));
        }
        if self.ends.is_empty() {
            entries.sort_unstable_by_key(|e| (e.hash, e.order));
        } else {
            entries.sort_unstable_by(|a, b| {
                (a.hash, self.text(a.order), a.order).cmp(&(b.hash, self.text(b.order), b.order))
            });
        }

        let first_objection = self.listings as u32;
        let (mut rank, mut twice) = (Vec::new(), Vec::new());
        let mut kept = 0;
        for at in 0..entries.len() {
            let entry = entries[at];
            let objection = entry.order >= first_objection;
            let same = kept > 0 && {
                let last = &entries[kept - 1];
                last.hash == entry.hash && self.text(last.order) == self.text(entry.order)
            };
            if same {
                let last = &mut entries[kept - 1];
                last.word = if objection {
                    last.word.with_effects(entry.word)
                } else {
                    twice.push(kept as u32 - 1);
                    last.word.stricter(entry.word)
                };
            } else {
                let word =
                    if objection { Word::UNKNOWN.with_effects(entry.word) } else { entry.word };
                entries[kept] = Entry { word, ..entry };
                kept += 1;
            }
            if !self.persons.is_empty() {
                rank.push((entry.order, kept as u32 - 1));
            }
        }
        entries.truncate(kept);
        twice.dedup();
        MergedBasket { entries, rank, twice }
    }

    /// Spreads every objection over all accounts of its person, and numbers the persons. Returns
    /// (place, person) of accounts that certainly share a person with another, ordered by place, and how
    /// many accounts are listed under several persons.
    fn link(
        &mut self,
        merged: &mut Merged,
        rank: &[u32],
        listed_twice: &[u32],
    ) -> (Vec<Link>, u64) {
        let mut members: Vec<Membership> = std::mem::take(&mut self.persons);
        for member in &mut members {
            member.account = rank[member.account as usize];
        }
        members.sort_unstable();
        members.dedup();

        // Who is listed under two persons joins them for objections, and is certainly of neither.
        let twice: HashSet<u32> = listed_twice.iter().copied().collect();
        let mut persons_of: HashMap<u32, u32> = HashMap::new();
        for member in members.iter().filter(|m| twice.contains(&m.account)) {
            *persons_of.entry(member.account).or_default() += 1;
        }
        let of_several = persons_of.values().filter(|persons| **persons > 1).count() as u64;
        let doubtful = |account: u32| persons_of.get(&account).is_some_and(|n| *n > 1);

        let mut joined = UnionFind::default();
        let mut links = Vec::new();
        let groups = members.chunk_by(|a, b| a.person == b.person).filter(|g| g.len() > 1);
        for (person, group) in (0u32..).zip(groups) {
            for member in group {
                joined.join(group[0].account, member.account);
                if !doubtful(member.account) {
                    links.push(Link { slot: member.account, person });
                }
            }
        }
        let accounts = joined.members();
        let mut effects: HashMap<u32, Word> = HashMap::new();
        for (account, root) in &accounts {
            let shared = effects.entry(*root).or_insert(Word::ABSENT);
            *shared = shared.with_effects(merged.at(*account).word);
        }
        for (account, root) in &accounts {
            let entry = merged.at(*account);
            entry.word = entry.word.with_effects(effects[root]);
        }
        for link in &links {
            let entry = merged.at(link.slot);
            entry.word = entry.word.linked();
        }
        links.sort_unstable_by_key(|l| l.slot);
        (links, of_several)
    }

    fn write_file(
        &self,
        path: &Path,
        meta: &Meta,
        merged: &Merged,
        links: &[Link],
    ) -> std::io::Result<(String, u64)> {
        // Four slots in five are taken: one look at memory finds most accounts, 15 bytes each.
        let homes = (merged.len() as u64 * 5).div_ceil(4).max(1);
        let place = |taken: usize, entry: &Entry| home(entry.hash, homes).max(taken);
        let mut slots = 0;
        for entry in merged.iter() {
            slots = place(slots, entry) + 1;
        }
        // The last slot is empty, so that a search always ends.
        slots = slots.max(homes as usize) + 1;

        let texts = if self.kind == IdKind::Text { slots } else { 0 };
        let meta = serde_json::to_vec(meta)?;
        let own: usize =
            if texts > 0 { merged.iter().map(|e| self.text(e.order).len()).sum() } else { 0 };
        let header = Header {
            magic: MAGIC,
            version: VERSION,
            meta_length: meta.len() as u32,
            homes,
            slots: slots as u64,
            texts: texts as u64,
            links: links.len() as u64,
            items: self.items.len() as u64,
            bytes: (own + self.items.iter().map(String::len).sum::<usize>()) as u64,
        };
        let mut out = Sealed::create(path)?;
        out.section(bytemuck::bytes_of(&header))?;
        out.section(&meta)?;

        let mut linked = Vec::with_capacity(links.len());
        let mut to_link = links.iter().peekable();
        let mut next = 0;
        for (rank, entry) in merged.iter().enumerate() {
            let at = place(next, entry);
            for _ in next..at {
                out.put(bytemuck::bytes_of(&Slot::EMPTY))?;
            }
            out.put(bytemuck::bytes_of(&Slot::new(entry.hash, entry.word)))?;
            if let Some(link) = to_link.next_if(|l| l.slot as usize == rank) {
                linked.push(Link { slot: at as u32, person: link.person });
            }
            next = at + 1;
        }
        for _ in next..slots {
            out.put(bytemuck::bytes_of(&Slot::EMPTY))?;
        }
        out.align()?;

        if texts > 0 {
            let (mut next, mut end) = (0, 0u64);
            for entry in merged.iter() {
                let at = place(next, entry);
                for _ in next..at {
                    out.put(&end.to_le_bytes())?;
                }
                end += self.text(entry.order).len() as u64;
                out.put(&end.to_le_bytes())?;
                next = at + 1;
            }
            for _ in next..texts {
                out.put(&end.to_le_bytes())?;
            }
            out.align()?;
        }
        out.section(bytemuck::cast_slice(&linked))?;
        let mut end = own as u64;
        for item in &self.items {
            end += item.len() as u64;
            out.put(bytemuck::bytes_of(&Item { hash: hash_text(item), end }))?;
        }
        out.align()?;
        if texts > 0 {
            for entry in merged.iter() {
                out.put(self.text(entry.order))?;
            }
        }
        for item in &self.items {
            out.put(item.as_bytes())?;
        }
        out.align()?;
        out.finish()
    }
}

/// What one objection does to an account that it names: a word without facts.
pub(crate) fn effects_of(purpose: &Purpose, objection: &Objection) -> Word {
    let effect = objection.status.effect();
    if effect == Effect::None || objection.scopes.is_empty() {
        return Word::ABSENT;
    }
    let of = |scope| if objection.scopes.contains(scope) { effect } else { Effect::None };
    let third = match purpose.third_party.objections {
        ThirdPartyObjections::ThirdParty => objection.scopes.contains(Scope::ThirdParty),
        ThirdPartyObjections::Any => true,
    };
    Word::objecting(of(Scope::PublicContent), of(Scope::AiInteractions), third)
}

/// A name in `folder` for a file that is not whole yet.
pub(crate) fn staged(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.partial", std::process::id()))
}

/// Does `work` on all items with a thread for each core; results come in the order of the items.
fn side_by_side<I: Sync, O: Send>(items: &[I], work: impl Fn(&I) -> O + Sync) -> Vec<O> {
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = items.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let part = |items: &'_ [I]| items.iter().map(&work).collect::<Vec<O>>();
        let parts: Vec<_> =
            items.chunks(share).map(|items| scope.spawn(move || part(items))).collect();
        let join = |part: std::thread::ScopedJoinHandle<'_, Vec<O>>| {
            part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        parts.into_iter().flat_map(join).collect()
    })
}

/// Accounts joined over persons.
#[derive(Default)]
struct UnionFind {
    parent: HashMap<u32, u32>,
}

impl UnionFind {
    fn root(&mut self, account: u32) -> u32 {
        let mut at = account;
        loop {
            let parent = *self.parent.entry(at).or_insert(at);
            if parent == at {
                break;
            }
            at = parent;
        }
        self.parent.insert(account, at);
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent.insert(a.max(b), a.min(b));
    }

    /// (account, root) of everyone joined, in order.
    fn members(mut self) -> Vec<(u32, u32)> {
        let mut accounts: Vec<u32> = self.parent.keys().copied().collect();
        accounts.sort_unstable();
        accounts.into_iter().map(|account| (account, self.root(account))).collect()
    }
}

/// A file that hashes what is written to it.
struct Sealed {
    out: BufWriter<File>,
    hasher: blake3::Hasher,
    pending: Vec<u8>,
    written: usize,
}

impl Sealed {
    const BLOCK: usize = 1 << 20;

    fn create(path: &Path) -> std::io::Result<Self> {
        let out = BufWriter::new(File::create(path)?);
        Ok(Sealed { out, hasher: blake3::Hasher::new(), pending: Vec::new(), written: 0 })
    }

    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.written += bytes.len();
        if bytes.len() >= Self::BLOCK {
            self.flush()?;
            self.hasher.update(bytes);
            return self.out.write_all(bytes);
        }
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= Self::BLOCK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.hasher.update(&self.pending);
        self.out.write_all(&self.pending)?;
        self.pending.clear();
        Ok(())
    }

    fn align(&mut self) -> std::io::Result<()> {
        let gap = self.written.next_multiple_of(ALIGN) - self.written;
        self.put(&[0; ALIGN][..gap])
    }

    fn section(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.put(bytes)?;
        self.align()
    }

    /// Ends the file with its checksum; returns that, and the length.
    fn finish(mut self) -> std::io::Result<(String, u64)> {
        self.flush()?;
        let digest = self.hasher.finalize();
        self.out.write_all(digest.as_bytes())?;
        let file = self.out.into_inner().map_err(|e| e.into_error())?;
        file.sync_all()?;
        Ok((digest.to_hex().to_string(), file.metadata()?.len()))
    }
}
