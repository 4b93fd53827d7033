//! The tree against the RFC's own recursive definitions, written down once more.

use proptest::prelude::*;

use super::*;

/// MTH of RFC 9162, 2.1.1.
fn slow_root(data: &[Vec<u8>]) -> Hash {
    match data {
        [] => Hash::of(b""),
        [only] => Hash::of(&[&[0][..], only].concat()),
        _ => {
            let (left, right) = halves(data);
            let (left, right) = (slow_root(left), slow_root(right));
            Hash::of(&[&[1][..], &left.0, &right.0].concat())
        }
    }
}

fn halves(data: &[Vec<u8>]) -> (&[Vec<u8>], &[Vec<u8>]) {
    let mut k = 1;
    while k * 2 < data.len() {
        k *= 2;
    }
    data.split_at(k)
}

/// PATH of RFC 9162, 2.1.3.1.
fn slow_path(m: usize, data: &[Vec<u8>]) -> Vec<Hash> {
    if data.len() == 1 {
        return vec![];
    }
    let (left, right) = halves(data);
    let (mut path, other) = if m < left.len() {
        (slow_path(m, left), slow_root(right))
    } else {
        (slow_path(m - left.len(), right), slow_root(left))
    };
    path.push(other);
    path
}

/// SUBPROOF of RFC 9162, 2.1.4.1.
fn slow_subproof(m: usize, data: &[Vec<u8>], known: bool) -> Vec<Hash> {
    if m == data.len() {
        return if known { vec![] } else { vec![slow_root(data)] };
    }
    let (left, right) = halves(data);
    let (mut proof, other) = if m <= left.len() {
        (slow_subproof(m, left, known), slow_root(right))
    } else {
        (slow_subproof(m - left.len(), right, false), slow_root(left))
    };
    proof.push(other);
    proof
}

fn data(size: usize) -> Vec<Vec<u8>> {
    (0..size).map(|i| format!("leaf {i}").into_bytes()).collect()
}

#[test]
fn the_empty_tree_has_the_root_that_the_rfc_gives() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Frontier::default().root().to_string(), empty);
}

proptest! {
    #[test]
    fn roots_and_proofs_follow_the_definition(
        size in 1usize..300, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
    ) {
        let data = data(size);
        let leaves: Vec<Hash> = data.iter().map(|d| Hash::leaf(d)).collect();
        let new = slow_root(&data);
        prop_assert_eq!(root(&leaves), new);

        let index = a.index(size);
        let path = inclusion_proof(&leaves, index as u64).unwrap();
        prop_assert_eq!(&path, &slow_path(index, &data));
        let included = |leaf, proof: &[Hash]| {
            verify_inclusion(leaf, index as u64, size as u64, new, proof)
        };
        prop_assert!(included(leaves[index], &path));
        prop_assert!(!included(Hash::leaf(b"other"), &path));
        prop_assert!(!included(leaves[index], &[&path[..], &[new]].concat()));

        let old_size = b.index(size) + 1;
        let old = slow_root(&data[..old_size]);
        let proof = consistency_proof(&leaves, old_size as u64).unwrap();
        prop_assert_eq!(&proof, &slow_subproof(old_size, &data, true));
        let continues = |old, proof: &[Hash]| {
            verify_consistency(old_size as u64, size as u64, old, new, proof)
        };
        prop_assert!(continues(old, &proof));
        prop_assert!(!continues(Hash::leaf(b"other"), &proof));
        prop_assert!(!continues(old, &[&proof[..], &[new]].concat()));
    }

    #[test]
    fn a_frontier_survives_storage(size in 0u64..500) {
        let frontier: Frontier = (0..size).map(|i| Hash::leaf(&i.to_le_bytes())).collect();
        let back = Frontier::from_bytes(size, &frontier.to_bytes());
        prop_assert_eq!(back.as_ref(), Some(&frontier));
        prop_assert_eq!(Frontier::from_bytes(size * 2 + 1, &frontier.to_bytes()), None);
    }
}

#[test]
fn nothing_is_proved_beyond_the_end() {
    let leaves: Vec<Hash> = data(5).iter().map(|d| Hash::leaf(d)).collect();
    assert_eq!(inclusion_proof(&leaves, 5), None);
    assert_eq!(consistency_proof(&leaves, 6), None);
    assert!(!verify_inclusion(leaves[0], 5, 5, root(&leaves), &[]));
    assert!(!verify_consistency(6, 5, root(&leaves), root(&leaves), &[]));
}

proptest! {
    #[test]
    fn several_proofs_at_once_are_those_of_each(
        size in 1usize..200, picks in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let leaves: Vec<Hash> = data(size).iter().map(|d| Hash::leaf(d)).collect();
        let indices: std::collections::BTreeSet<u64> =
            picks.iter().map(|pick| pick.index(size) as u64).collect();
        let indices: Vec<u64> = indices.into_iter().collect();
        let single: Vec<_> =
            indices.iter().map(|index| inclusion_proof(&leaves, *index).unwrap()).collect();
        prop_assert_eq!(inclusion_proofs(&leaves, &indices), single);
    }
}
