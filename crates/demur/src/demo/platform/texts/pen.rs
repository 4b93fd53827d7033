//! Writing one text by a grammar.

use super::grammar::{Grammar, Piece, RuleId, Sequence};
use crate::demo::platform::dice::Dice;

/// Someone named in a text, and the bytes of the text that name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Mention {
    /// Which of the friends that the voice offered.
    pub(in super::super) friend: usize,
    /// First byte of the name.
    pub(in super::super) start: usize,
    /// The byte after the name.
    pub(in super::super) end: usize,
}

/// Who writes, and whom they may name.
pub(in super::super) struct Voice<'a> {
    /// Whether words about the author take their feminine form.
    pub(in super::super) woman: bool,
    /// Whether the author never reaches for the shift key.
    pub(in super::super) lowercase: bool,
    /// Whether this text has a slip of the finger in it.
    pub(in super::super) slip: bool,
    /// First and last names of the friends that a text may mention.
    pub(in super::super) friends: &'a [(&'a str, &'a str)],
}

/// A text in the making.
#[derive(Default)]
pub(in super::super) struct Pen {
    /// The text so far.
    pub(in super::super) text: String,
    /// Whom it names.
    pub(in super::super) mentions: Vec<Mention>,
    named: usize,
    slipped: bool,
}

impl Pen {
    /// Writes a new text.
    pub(in super::super) fn write(
        &mut self,
        grammar: &Grammar,
        rule: RuleId,
        voice: &Voice<'_>,
        dice: &mut Dice,
    ) {
        self.text.clear();
        self.mentions.clear();
        self.named = 0;
        self.slipped = !voice.slip;
        self.rule(grammar, rule, voice, dice);
        // Optional parts leave spaces behind; no mention ends in one.
        self.text.truncate(self.text.trim_end().len());
    }

    /// Writes one of a rule's alternatives.
    fn rule(&mut self, grammar: &Grammar, rule: RuleId, voice: &Voice<'_>, dice: &mut Dice) {
        let sequence = dice.pick(grammar.alternatives(rule));
        self.sequence(grammar, sequence, voice, dice);
    }

    fn sequence(
        &mut self,
        grammar: &Grammar,
        sequence: &Sequence,
        voice: &Voice<'_>,
        dice: &mut Dice,
    ) {
        for piece in sequence {
            match piece {
                Piece::Text(text) => self.words(text, voice, dice),
                Piece::Rule(rule) => self.rule(grammar, *rule, voice, dice),
                Piece::Choice(choices) => {
                    let choice = dice.pick(choices);
                    self.sequence(grammar, choice, voice, dice);
                }
                Piece::Gender(man, woman) => {
                    self.words(if voice.woman { woman } else { man }, voice, dice);
                }
                Piece::Stop => {
                    let words = self.text.trim_end().len();
                    let bare = self.text[..words].trim_end_matches('"');
                    if bare.ends_with(char::is_alphanumeric) {
                        self.text.truncate(words);
                        self.text.push('.');
                    }
                }
                Piece::FullName => self.name(voice, true),
                Piece::FirstName => self.name(voice, false),
                Piece::Number(low, high) => {
                    self.text.push_str(&dice.between(*low, *high).to_string());
                }
            }
        }
    }

    /// Writes words, in the author's manner and without doubling a space.
    fn words(&mut self, words: &str, voice: &Voice<'_>, dice: &mut Dice) {
        let doubled = self.text.is_empty() || self.text.ends_with(' ');
        let mut words = if doubled { words.trim_start() } else { words };
        if words.starts_with([',', '.']) {
            self.text.truncate(self.text.trim_end().len());
            if words.starts_with('.') && self.text.ends_with(['.', '!', '?']) {
                words = &words[1..];
            }
        }
        let start = self.text.len();
        if voice.lowercase {
            self.text.extend(words.chars().flat_map(char::to_lowercase));
        } else if self.begins_sentence() {
            let mut letters = words.chars();
            self.text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            self.text.push_str(letters.as_str());
        } else {
            self.text.push_str(words);
        }
        if !self.slipped && words.len() > 14 && dice.chance(0.6) {
            self.slip(start, dice);
        }
    }

    /// Whether what comes next is the first word of a sentence.
    fn begins_sentence(&self) -> bool {
        let before = self.text.trim_end();
        let bare = before.trim_end_matches(['"', ')', ' ']);
        let ended = bare.strip_suffix(['.', '!', '?']);
        // An emoji or a quotation ends a sentence as well as a full stop does.
        let sign = before.ends_with(|c: char| c == '"' || c >= '\u{2600}');
        let stop = ended.is_some_and(|words| {
            words.trim_end().ends_with(|c: char| c.is_alphanumeric() || c == '"')
        });
        before.is_empty() || before.len() < self.text.len() && (stop || sign)
    }

    /// Swaps, drops or doubles one letter at or after `start`.
    fn slip(&mut self, start: usize, dice: &mut Dice) {
        let letters: Vec<char> = self.text[start..].chars().collect();
        let at = 1 + dice.below(letters.len().saturating_sub(3));
        // Two lower-case letters in a word that is not a hashtag or handle.
        let word = letters[..at].iter().rposition(|c| c.is_whitespace()).map_or(0, |i| i + 1);
        let plain = at + 1 < letters.len()
            && letters[at - 1..=at + 1].iter().all(|c| c.is_lowercase())
            && !matches!(letters[word], '#' | '@')
            && letters[at] != letters[at + 1];
        if !plain {
            return;
        }
        let mut letters = letters;
        match dice.below(3) {
            0 => letters.swap(at, at + 1),
            1 => drop(letters.remove(at)),
            _ => letters.insert(at, letters[at]),
        }
        self.text.truncate(start);
        self.text.extend(letters);
        self.slipped = true;
    }

    /// Writes a friend's name and records the mention.
    fn name(&mut self, voice: &Voice<'_>, full: bool) {
        if voice.friends.is_empty() {
            return;
        }
        let friend = self.named % voice.friends.len();
        self.named += 1;
        let (first, last) = voice.friends[friend];
        let start = self.text.len();
        self.text.push_str(first);
        if full {
            self.text.push(' ');
            self.text.push_str(last);
        }
        self.mentions.push(Mention { friend, start, end: self.text.len() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_names_and_genders_are_written_and_counted() {
        let grammar = Grammar::parse(&[
            "= a\nhello {@}, I am tired<o|a>[, yes| , yes] {b}\n= b\n{7-7} @{@1}!",
        ]);
        let grammar = grammar.unwrap();
        let mut pen = Pen::default();
        let friends = [("Zoë", "Žák"), ("Ana", "Gil")];
        let voice = Voice { woman: true, lowercase: true, slip: false, friends: &friends };
        let mut dice = Dice::new(1, 0);
        pen.write(&grammar, 0, &voice, &mut dice);
        assert!(pen.text.starts_with("hello Zoë Žák, i am tireda"), "{}", pen.text);
        assert!(pen.text.ends_with(", yes 7 @Ana!"), "{}", pen.text);
        let named: Vec<_> = pen.mentions.iter().map(|m| &pen.text[m.start..m.end]).collect();
        assert_eq!(named, ["Zoë Žák", "Ana"]);
    }
}
