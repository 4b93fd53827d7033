//! Text as natural as its statistics: made-up words, the common ones short, each half as frequent as
//! the one of half its rank, in sentences.

use std::collections::HashSet;

use super::chance::Dice;

const ONSETS: [&str; 24] = [
    "", "b", "br", "d", "f", "fl", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "pr", "r",
    "s", "st", "t", "tr", "v", "w",
];
const VOWELS: [&str; 12] = ["a", "e", "i", "o", "u", "a", "e", "ie", "ou", "é", "ö", "å"];
const CODAS: [&str; 12] = ["", "", "n", "r", "s", "t", "l", "nd", "rk", "st", "m", "ß"];

/// How many words there are.
const WORDS: usize = 6_000;
/// Places in the table of draws; a word holds as many as it is frequent.
const PLACES: usize = 1 << 16;
/// The longest sentence.
const SENTENCE: u32 = 26;

/// All words, and how often each is used.
pub(super) struct Lexicon {
    words: Vec<String>,
    draws: Vec<u16>,
}

impl Lexicon {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, u64::MAX);
        let mut known = HashSet::new();
        let mut words = Vec::with_capacity(WORDS);
        while words.len() < WORDS {
            let word = invent(&mut dice, words.len());
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        let weight = |rank: usize| 1.0 / (rank as f64 + 1.7);
        let total: f64 = (0..WORDS).map(weight).sum();
        let (mut rank, mut passed) = (0, weight(0));
        let mut draws = Vec::with_capacity(PLACES);
        for place in 0..PLACES {
            while rank + 1 < WORDS && passed * PLACES as f64 <= place as f64 * total {
                rank += 1;
                passed += weight(rank);
            }
            draws.push(rank as u16);
        }
        Self { words, draws }
    }

    /// Writes about `words` words in sentences.
    pub(super) fn write(&self, dice: &mut Dice, words: u32, text: &mut String) {
        let mut in_sentence = 0;
        for left in (0..words.max(1)).rev() {
            let bits = dice.bits();
            let word = &self.words[usize::from(self.draws[(bits & 0xFFFF) as usize])];
            if in_sentence == 0 {
                capitalised(word, text);
            } else {
                text.push_str(word);
            }
            in_sentence += 1;
            let turn = (bits >> 16) & 31;
            let ends = in_sentence >= 4 && turn < 4 || in_sentence == SENTENCE || left == 0;
            if ends {
                text.push_str(["!", "?", "…", ".", ".", ".", ".", "."][(bits >> 29) as usize]);
                in_sentence = 0;
            } else if turn == 31 && in_sentence > 1 {
                text.push(',');
            }
            if left > 0 {
                text.push(' ');
            }
        }
    }

    /// Writes how an account is called: the same name each time.
    pub(super) fn handle(&self, number: u64, text: &mut String) {
        let of = |n: u64| &self.words[(n % WORDS as u64) as usize];
        text.push('@');
        text.push_str(of(number));
        text.push('.');
        text.push_str(of(number / WORDS as u64 + 100));
    }
}

/// A word that may be as frequent as its rank says: the further down, the longer.
fn invent(dice: &mut Dice, rank: usize) -> String {
    let syllables = match rank {
        0..60 => 1,
        60..900 => 2 - dice.below(4) / 3,
        900..2500 => 2 + dice.below(2),
        _ => 2 + dice.below(3),
    };
    let mut word = String::new();
    for syllable in 0..syllables {
        let mut part = |parts: &[&'static str]| parts[dice.below(parts.len() as u64) as usize];
        word.push_str(part(&ONSETS));
        word.push_str(part(&VOWELS));
        if syllable + 1 == syllables {
            word.push_str(part(&CODAS));
        }
    }
    word
}

fn capitalised(word: &str, text: &mut String) {
    let mut letters = word.chars();
    text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    text.push_str(letters.as_str());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_common_and_rare_ones_occur() {
        let lexicon = Lexicon::new(3);
        let of = |rank: u16| lexicon.draws.iter().filter(|draw| **draw == rank).count();
        assert!(of(0) > 3_000 && of(0) > of(20) * 10, "{} {}", of(0), of(20));
        assert!(lexicon.draws.last().is_some_and(|last| usize::from(*last) > WORDS - 10));
    }

    #[test]
    fn text_has_as_many_words_as_asked_for() {
        let (lexicon, mut dice) = (Lexicon::new(3), Dice::new(1, 1));
        for words in [1, 2, 40] {
            let mut text = String::new();
            lexicon.write(&mut dice, words, &mut text);
            assert_eq!(text.split(' ').count(), words as usize, "{text}");
            assert!(text.ends_with(['!', '?', '…', '.']), "{text}");
        }
    }
}
