//! Compiling: accounts and objections in, one file out.
//!
//! Accounts are sorted by hash and laid into the table in that order, each at its home or at the next
//! free slot. The file therefore depends on what went in and not on the order in which it came.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use demur_core::facts::Standing;
use demur_core::id::{AccountId, IdKind};
use demur_core::objection::{Effect, Scope};
use demur_core::purpose::{Purpose, ThirdPartyObjections};
use demur_core::rules::Objection;

use crate::error::Error;
use crate::format::{ALIGN, Header, Item, Link, MAGIC, Meta, Slot, VERSION, hash_text, home, mix};
use crate::snapshot::Key;
use crate::word::Word;

/// Collects what a snapshot is made of.
#[derive(Debug)]
pub struct Compiler {
    kind: IdKind,
    accounts: Vec<Entry>,
    /// Objections by account, as words without facts.
    objections: Vec<Entry>,
    persons: Vec<Membership>,
    /// Ends of the string ids of `accounts`, then of `objections`, in `bytes`.
    ends: Vec<u64>,
    bytes: Vec<u8>,
    items: Vec<String>,
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
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    /// Position in the order of arrival, by which the string id is found.
    order: u32,
    word: Word,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Membership {
    person: (u64, u64),
    account: u32,
}

impl Compiler {
    /// An empty compiler for ids of `kind`, with room for `accounts`.
    #[must_use]
    pub fn new(kind: IdKind, accounts: usize) -> Self {
        Compiler {
            kind,
            accounts: Vec::with_capacity(accounts),
            objections: Vec::new(),
            persons: Vec::new(),
            ends: Vec::new(),
            bytes: Vec::new(),
            items: Vec::new(),
        }
    }

    /// Adds one listing of an account; call it before any [`objection`](Self::objection).
    pub fn account(&mut self, id: Key<'_>, standing: Standing, person: Option<Key<'_>>) {
        assert!(self.objections.is_empty(), "accounts come before objections");
        let order = self.accounts.len() as u32;
        let hash = self.keep(id);
        self.accounts.push(Entry { hash, order, word: Word::of(standing) });
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
        assert!(self.objections.is_empty(), "accounts come before objections");
        let (before, bytes) = (self.accounts.len() as u32, self.bytes.len() as u64);
        for entry in &mut other.accounts {
            entry.order += before;
        }
        for member in &mut other.persons {
            member.account += before;
        }
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
        let effect = objection.status.effect();
        if effect == Effect::None {
            return Ok(());
        }
        if let Some(record) = &objection.record {
            self.items.push(record.0.clone());
        }
        let account = objection.account.as_ref().filter(|_| !objection.scopes.is_empty());
        let Some(account) = account else { return Ok(()) };
        let of = |scope| if objection.scopes.contains(scope) { effect } else { Effect::None };
        let third = match purpose.third_party.objections {
            ThirdPartyObjections::ThirdParty => objection.scopes.contains(Scope::ThirdParty),
            ThirdPartyObjections::Any => true,
        };
        let word = Word::objecting(of(Scope::PublicContent), of(Scope::AiInteractions), third);

        let same_kind = AccountId::parse(self.kind, &account.to_string())?;
        let order = (self.accounts.len() + self.objections.len()) as u32;
        let hash = match &same_kind {
            AccountId::Text(text) => self.keep(Key::Text(text)),
            // Either kind of number fits 64 bits, and each keeps its own bit pattern.
            AccountId::Number(n) => self.keep(Key::Number(*n as u64)),
        };
        self.objections.push(Entry { hash, order, word });
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
        let total = self.accounts.len() + self.objections.len();
        if u32::try_from(total).is_err() {
            return Err(Error::TooMany(total));
        }
        let listings = self.accounts.len() as u32;
        let (mut merged, rank, listed_twice) = self.merge();
        let links = self.link(&mut merged, &rank, &listed_twice);

        let objected = |entry: &&Entry| {
            entry.word.objects_as_third_party()
                || entry.word.objection_reason(Scope::PublicContent).is_some()
                || entry.word.objection_reason(Scope::AiInteractions).is_some()
        };
        self.items.sort_by_cached_key(|item| (hash_text(item), item.clone()));
        self.items.dedup();
        let objecting = merged.iter().filter(objected).count() + self.items.len();
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
        };
        let failed = |doing| {
            let path = path.to_owned();
            move |source| Error::Machine { path, doing, source }
        };
        if path.exists() && !is_snapshot(path).map_err(failed("read"))? {
            return Err(Error::Taken { path: path.to_owned() });
        }
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let staged = folder.join(format!(".{name}.{}.partial", std::process::id()));
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
    /// entry by order of arrival, and the places of accounts that were listed more than once.
    fn merge(&mut self) -> (Vec<Entry>, Vec<u32>, Vec<u32>) {
        let first_objection = self.accounts.len() as u32;
        let mut all = std::mem::take(&mut self.accounts);
        all.append(&mut self.objections);
        self.accounts = Vec::with_capacity(0);
        if self.ends.is_empty() {
            all.sort_unstable_by_key(|e| (e.hash, e.order));
        } else {
            all.sort_unstable_by(|a, b| {
                (a.hash, self.text(a.order), a.order).cmp(&(b.hash, self.text(b.order), b.order))
            });
        }

        let mut rank = vec![0u32; all.len()];
        let mut twice = Vec::new();
        let mut merged: Vec<Entry> = Vec::with_capacity(all.len());
        for entry in all {
            let objection = entry.order >= first_objection;
            let same = merged.last().is_some_and(|last| {
                last.hash == entry.hash && self.text(last.order) == self.text(entry.order)
            });
            if same {
                let place = merged.len() as u32 - 1;
                let last = &mut merged[place as usize];
                last.word = if objection {
                    last.word.with_effects(entry.word)
                } else {
                    twice.push(place);
                    last.word.stricter(entry.word)
                };
            } else if objection {
                merged.push(Entry { word: Word::UNKNOWN.with_effects(entry.word), ..entry });
            } else {
                merged.push(entry);
            }
            rank[entry.order as usize] = merged.len() as u32 - 1;
        }
        twice.dedup();
        (merged, rank, twice)
    }

    /// Spreads every objection over all accounts of its person, and numbers the persons. Returns
    /// (place, person) of accounts that certainly share a person with another, ordered by place.
    fn link(&mut self, merged: &mut [Entry], rank: &[u32], listed_twice: &[u32]) -> Vec<Link> {
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
            *shared = shared.with_effects(merged[*account as usize].word);
        }
        for (account, root) in &accounts {
            let entry = &mut merged[*account as usize];
            entry.word = entry.word.with_effects(effects[root]);
        }
        for link in &links {
            let entry = &mut merged[link.slot as usize];
            entry.word = entry.word.linked();
        }
        links.sort_unstable_by_key(|l| l.slot);
        links
    }

    fn write_file(
        &self,
        path: &Path,
        meta: &Meta,
        merged: &[Entry],
        links: &[Link],
    ) -> std::io::Result<(String, u64)> {
        // Four slots in five are taken: one look at memory finds most accounts, 15 bytes each.
        let homes = (merged.len() as u64 * 5).div_ceil(4).max(1);
        let place = |taken: usize, entry: &Entry| home(entry.hash, homes).max(taken);
        let mut slots = 0;
        for entry in merged {
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
            for entry in merged {
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
            for entry in merged {
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

/// Whether a file begins as snapshots do, or is empty.
fn is_snapshot(path: &Path) -> std::io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(MAGIC.len() as u64).read_to_end(&mut head)?;
    Ok(head.is_empty() || head == MAGIC)
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
        self.pending.extend_from_slice(bytes);
        self.written += bytes.len();
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

    fn finish(mut self) -> std::io::Result<(String, u64)> {
        self.flush()?;
        let digest = self.hasher.finalize();
        self.out.write_all(digest.as_bytes())?;
        let file = self.out.into_inner().map_err(|e| e.into_error())?;
        file.sync_all()?;
        Ok((digest.to_hex().to_string(), file.metadata()?.len()))
    }
}
