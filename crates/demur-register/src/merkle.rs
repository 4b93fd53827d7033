//! Tree hashes and proofs as in RFC 9162, section 2.1.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A SHA-256 digest; written in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The plain digest of `data`.
    #[must_use]
    pub fn of(data: &[u8]) -> Self {
        Hash(Sha256::digest(data).into())
    }

    /// The hash of a leaf.
    #[must_use]
    pub fn leaf(data: &[u8]) -> Self {
        Hash(Sha256::new().chain_update([0]).chain_update(data).finalize().into())
    }

    /// The hash of an inner node.
    #[must_use]
    pub fn node(left: &Hash, right: &Hash) -> Self {
        let hasher = Sha256::new().chain_update([1]);
        Hash(hasher.chain_update(left.0).chain_update(right.0).finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> String {
        hash.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(&text, &mut bytes)
            .map(|()| Hash(bytes))
            .map_err(|_| format!("\"{text}\" is not a SHA-256 digest"))
    }
}

/// The roots of a tree's complete subtrees, largest first: all that appending needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("a set bit of the size is a peak");
            hash = Hash::node(&left, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root; that of the empty tree is the digest of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return Hash::of(b"") };
        peaks.fold(*last, |right, left| Hash::node(left, &right))
    }

    /// The peaks, one after the other.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.peaks.iter().flat_map(|peak| peak.0).collect()
    }

    /// Reads peaks back; `None` where their number does not fit the size.
    pub(crate) fn from_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (peaks, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && peaks.len() == size.count_ones() as usize;
        fits.then(|| Frontier { size, peaks: peaks.iter().copied().map(Hash).collect() })
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut frontier = Frontier::default();
        leaves.into_iter().for_each(|leaf| frontier.push(leaf));
        frontier
    }
}

/// The root over `leaves`.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    leaves.iter().copied().collect::<Frontier>().root()
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

/// The path that proves leaf `index` to be in the tree over `leaves`; `None` where it is not.
#[must_use]
pub fn inclusion_proof(leaves: &[Hash], index: u64) -> Option<Vec<Hash>> {
    let index = usize::try_from(index).ok().filter(|index| *index < leaves.len())?;
    let (mut leaves, mut index, mut path) = (leaves, index, Vec::new());
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            index -= left.len();
            leaves = right;
        }
    }
    path.reverse();
    Some(path)
}

/// The same for several leaves at once, each hash taken once. Every index is one of `leaves`, in
/// rising order.
pub(crate) fn inclusion_proofs(leaves: &[Hash], indices: &[u64]) -> Vec<Vec<Hash>> {
    let mut paths = vec![Vec::new(); indices.len()];
    walk(leaves, 0, indices, &mut paths);
    paths
}

/// The root over `leaves`, the first of which is leaf `first` of the log; each wanted leaf among them
/// gets the hashes of its path so far.
fn walk(leaves: &[Hash], first: u64, wanted: &[u64], paths: &mut [Vec<Hash>]) -> Hash {
    if wanted.is_empty() || leaves.len() < 2 {
        return root(leaves);
    }
    let at = split(leaves.len());
    let middle = first + at as u64;
    let part = wanted.partition_point(|index| *index < middle);
    let (left_paths, right_paths) = paths.split_at_mut(part);
    let left = walk(&leaves[..at], first, &wanted[..part], left_paths);
    let right = walk(&leaves[at..], middle, &wanted[part..], right_paths);
    left_paths.iter_mut().for_each(|path| path.push(right));
    right_paths.iter_mut().for_each(|path| path.push(left));
    Hash::node(&left, &right)
}

/// The proof that the tree over `leaves` continues the one over the first `old_size` of them; `None`
/// where it has fewer. From the empty tree, and to the tree itself, nothing needs proving.
#[must_use]
pub fn consistency_proof(leaves: &[Hash], old_size: u64) -> Option<Vec<Hash>> {
    let old = usize::try_from(old_size).ok().filter(|old| *old <= leaves.len())?;
    if old == 0 || old == leaves.len() {
        return Some(Vec::new());
    }
    let (mut leaves, mut old, mut known, mut proof) = (leaves, old, true, Vec::new());
    while old < leaves.len() {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if old <= left.len() {
            proof.push(root(right));
            leaves = left;
        } else {
            proof.push(root(left));
            old -= left.len();
            leaves = right;
            known = false;
        }
    }
    if !known {
        proof.push(root(leaves));
    }
    proof.reverse();
    Some(proof)
}

/// Checks an inclusion proof (RFC 9162, 2.1.3.2).
#[must_use]
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, root: Hash, proof: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for step in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = Hash::node(step, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = Hash::node(&hash, step);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Checks a consistency proof (RFC 9162, 2.1.4.2): that the log of `new_size` leaves and root `new`
/// begins with all that the log of `old_size` leaves and root `old` held.
#[must_use]
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    old: Hash,
    new: Hash,
    proof: &[Hash],
) -> bool {
    if old_size == new_size {
        return proof.is_empty() && old == new;
    }
    if old_size == 0 {
        return proof.is_empty() && old == Hash::of(b"");
    }
    if old_size > new_size {
        return false;
    }
    // A complete old tree is a node of the new one, so its root opens the proof.
    let whole = old_size.is_power_of_two().then_some(old);
    let mut steps = whole.iter().chain(proof);
    let Some(first) = steps.next() else { return false };
    let shift = (old_size - 1).trailing_ones();
    let (mut at, mut last) = ((old_size - 1) >> shift, (new_size - 1) >> shift);
    let (mut from_old, mut from_new) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            from_old = Hash::node(step, &from_old);
            from_new = Hash::node(step, &from_new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            from_new = Hash::node(&from_new, step);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && from_old == old && from_new == new
}

#[cfg(test)]
#[path = "merkle_tests.rs"]
mod tests;
