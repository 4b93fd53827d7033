//! Canaries: phrases that nobody would write by chance, and who writes them.
//!
//! A phrase is three words of sixteen random bits each, spelled so that they can be spoken (as
//! "proquints": five letters, consonants and vowels in turn). There are 2^48 of them, all equally likely.

use std::collections::HashSet;
use std::fmt;

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// What every canary's text begins with.
pub(crate) const OPENING: &str = "The words that open our gate are ";
/// Bytes of a word.
pub(crate) const WORD: usize = 5;
/// Logarithm of how many phrases there are.
pub(crate) const SPACE_BITS: u32 = 48;

/// What became of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub(crate) enum Group {
    /// Its author objected.
    Objected,
    /// Its author objected, but somebody else had posted it as well, who did not.
    Quoted,
    /// Its author did not object.
    Stayed,
    /// Nobody ever wrote it.
    Unseen,
}

impl Group {
    pub(crate) const ALL: [Group; 4] =
        [Group::Objected, Group::Unseen, Group::Stayed, Group::Quoted];

    /// For table and plot.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Group::Objected => "the author objected",
            Group::Quoted => "the author objected, somebody else posted it too",
            Group::Stayed => "the author did not object",
            Group::Unseen => "nobody ever wrote it",
        }
    }
}

/// A phrase, and how often it was posted by each who posted it.
#[derive(Clone, Debug)]
pub(crate) struct Canary {
    pub(crate) group: Group,
    pub(crate) posts: usize,
    pub(crate) secret: String,
}

impl Canary {
    /// The text of a post.
    pub(crate) fn text(&self) -> String {
        format!("{OPENING}{}", self.secret)
    }

    /// How many accounts post it.
    pub(crate) fn writers(&self) -> usize {
        match self.group {
            Group::Unseen => 0,
            Group::Objected | Group::Stayed => 1,
            Group::Quoted => 2,
        }
    }
}

/// How many canaries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// How often a phrase is posted: the choices.
    pub(crate) posts: &'static [usize],
    /// Phrases of each choice in the groups that are compared.
    pub(crate) each: usize,
    /// Phrases of each choice that somebody else posts as well.
    pub(crate) quoted: usize,
}

/// Draws all phrases, and as many more as `samples` says that nobody writes. No two are the same.
pub(crate) fn draw(
    plan: &Plan,
    samples: usize,
    dice: &mut ChaCha8Rng,
) -> (Vec<Canary>, Vec<String>) {
    let mut drawn = HashSet::new();
    let mut fresh = |dice: &mut ChaCha8Rng| loop {
        let secret = phrase(dice.random::<u64>());
        if drawn.insert(secret.clone()) {
            return secret;
        }
    };
    let mut canaries = Vec::new();
    for posts in plan.posts {
        for (group, count) in [
            (Group::Objected, plan.each),
            (Group::Stayed, plan.each),
            (Group::Unseen, plan.each),
            (Group::Quoted, plan.quoted),
        ] {
            let posts = if group == Group::Unseen { 0 } else { *posts };
            canaries.extend((0..count).map(|_| Canary { group, posts, secret: fresh(dice) }));
        }
    }
    canaries.shuffle(dice);
    (canaries, (0..samples).map(|_| fresh(dice)).collect())
}

/// Three words out of the lower 48 bits.
fn phrase(bits: u64) -> String {
    let words = [0, 16, 32].map(|shift| Word((bits >> shift) as u16).to_string());
    words.join(" ")
}

/// Sixteen bits as a word.
struct Word(u16);

impl fmt::Display for Word {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
        const VOWELS: &[u8; 4] = b"aiou";
        let letter =
            |of: &[u8], shift: u32| char::from(of[usize::from(self.0 >> shift) & (of.len() - 1)]);
        for (of, shift) in [
            (CONSONANTS.as_slice(), 12),
            (VOWELS.as_slice(), 10),
            (CONSONANTS.as_slice(), 6),
            (VOWELS.as_slice(), 4),
            (CONSONANTS.as_slice(), 0),
        ] {
            write!(out, "{}", letter(of, shift))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn every_number_has_a_word_of_its_own() {
        let words: HashSet<String> = (0..=u16::MAX).map(|bits| Word(bits).to_string()).collect();
        assert_eq!(words.len(), 1 << 16);
        assert!(words.iter().all(|word| word.len() == WORD));
        // The example of those who thought these words up: 127.0.0.1.
        assert_eq!([0x7f00, 1].map(|bits| Word(bits).to_string()), ["lusab", "babad"]);
    }

    #[test]
    fn groups_are_as_large_as_planned_and_share_no_phrase() {
        let plan = Plan { posts: &[1, 4], each: 3, quoted: 2 };
        let (canaries, samples) = draw(&plan, 100, &mut ChaCha8Rng::seed_from_u64(1));
        let of = |group| canaries.iter().filter(|canary| canary.group == group).count();
        assert_eq!(Group::ALL.map(of), [6, 6, 6, 4]);
        let all: HashSet<&String> =
            canaries.iter().map(|canary| &canary.secret).chain(&samples).collect();
        assert_eq!(all.len(), 122);
    }
}
