//! What people wrote, one record at a time.

use super::days::{ADULT_IF_BORN_BY, AI_BEGINS, Day, FOUNDED, JOINING_AGE, LAST_RECORD, SECONDS};
use super::dice::Dice;
use super::people::People;
use super::texts::{Language, Pen, Voice};

/// A span of a text that names someone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The account named.
    pub(super) user: i64,
    /// First byte.
    pub(super) start: i32,
    /// The byte after the last.
    pub(super) end: i32,
}

/// A record.
#[derive(Default)]
pub(super) struct Record {
    /// Its name.
    pub(super) id: String,
    /// The author's account.
    pub(super) author: Option<i64>,
    /// Post, comment, photo, conversation with the AI, or story.
    pub(super) kind: Option<&'static str>,
    /// Who may see it; conversations with the AI have none.
    pub(super) visibility: Option<&'static str>,
    /// Microseconds since 1970.
    pub(super) created: Option<i64>,
    /// What it says.
    pub(super) text: String,
    /// Whom it names.
    pub(super) mentions: Vec<Span>,
    /// Whom it shows.
    pub(super) tagged: Vec<i64>,
}

/// What all records have in common.
pub(super) struct Scribe<'a> {
    people: &'a People,
    languages: &'a [Language],
    /// The language of each person, as a place in `languages`.
    tongues: Vec<usize>,
    /// Running totals of how much people write.
    shares: Vec<f64>,
    /// Every how many records the person of the story wrote one.
    late_objector_every: usize,
    /// Every how many records one has broken spans.
    broken_every: usize,
    /// Who objected to what others publish about them.
    third_party: Vec<usize>,
    /// Whose records nothing speaks against.
    blameless: Vec<usize>,
}

impl<'a> Scribe<'a> {
    /// Prepares to write `records` records.
    pub(super) fn new(
        people: &'a People,
        languages: &'a [Language],
        records: usize,
        third_party: Vec<usize>,
        blameless: Vec<usize>,
    ) -> Self {
        let mut total = 0.0;
        let shares = people.all.iter().map(|person| {
            total += person.activity.min(150.0);
            total
        });
        let shares = shares.collect();
        let tongue = |culture| languages.iter().position(|l| l.code == culture).unwrap_or(0);
        Self {
            people,
            languages,
            tongues: people.all.iter().map(|person| tongue(person.culture)).collect(),
            shares,
            late_objector_every: records / (records / 1_600).clamp(24, 250),
            broken_every: records / (records / 10_000).clamp(6, 40),
            third_party,
            blameless,
        }
    }

    /// Whether this record's spans are meant to be wrong.
    pub(super) fn is_broken(&self, number: usize) -> bool {
        number % self.broken_every == self.broken_every / 3 && !self.third_party.is_empty()
    }

    /// Whether this record is one of the story's person.
    pub(super) fn is_late_objectors(&self, number: usize) -> bool {
        number % self.late_objector_every == self.late_objector_every / 2 && !self.is_broken(number)
    }

    /// Writes record `number` into `record`; its author comes back as a place among the people.
    pub(super) fn write(
        &self,
        number: usize,
        record: &mut Record,
        pen: &mut Pen,
        dice: &mut Dice,
    ) -> usize {
        let (story, broken) = (self.is_late_objectors(number), self.is_broken(number));
        let author = match () {
            () if story => self.people.late_objector,
            () if broken && !self.blameless.is_empty() => *dice.pick(&self.blameless),
            () => self.author(dice),
        };
        let person = &self.people.all[author];
        record.id = name(number);
        record.author = (story || broken || !dice.chance(0.003)).then_some(person.id);
        // The story needs posts to show, so every second record of its person is one.
        let post = broken || story && (number / self.late_objector_every).is_multiple_of(2);
        let kind = if post { "post" } else { kind(dice) };
        record.kind = (story || broken || !dice.chance(0.002)).then_some(kind);
        record.visibility = match kind {
            "ai_interaction" => None,
            _ if broken => Some("public"),
            _ if story && !dice.chance(0.1) => Some("public"),
            _ => visibility(person.birth.is_some_and(|b| b > ADULT_IF_BORN_BY), dice),
        };
        let birth = person.birth.unwrap_or(9_000);
        record.created = Some(created(birth, kind, broken, dice));
        if !story && !broken && dice.chance(0.003) {
            record.created = None;
        }
        let mut friends = [author; 3];
        for place in 0..friends.len() {
            // A few tries suffice: whoever is drawn twice is named twice at worst.
            for _ in 0..4 {
                friends[place] = self.people.friend(author, dice);
                if !friends[..place].contains(&friends[place]) {
                    break;
                }
            }
        }
        self.words(author, kind, &friends, record, pen, dice);
        self.tag(kind, &friends, record, pen, dice);
        if broken {
            self.break_spans(number, record, dice);
        }
        author
    }

    /// Writes the text and notes whom it names.
    fn words(
        &self,
        author: usize,
        kind: &str,
        friends: &[usize; 3],
        record: &mut Record,
        pen: &mut Pen,
        dice: &mut Dice,
    ) {
        let person = &self.people.all[author];
        // Now and then people write in the language that all share.
        let tongue = if dice.chance(0.04) { 0 } else { self.tongues[author] };
        let language = &self.languages[tongue];
        let rule = match kind {
            "comment" => language.comment,
            "photo" => language.photo,
            "ai_interaction" => language.ai,
            "story" => language.story,
            _ => language.post,
        };
        let names = friends.map(|friend| {
            let friend = &self.people.all[friend];
            (friend.first.as_str(), friend.last.as_str())
        });
        let voice = Voice {
            woman: person.woman,
            lowercase: person.lowercase,
            slip: dice.chance(0.07),
            friends: &names,
        };
        pen.write(&language.grammar, rule, &voice, dice);
        record.text.clear();
        record.text.push_str(&pen.text);
        record.mentions.clear();
        record.mentions.extend(pen.mentions.iter().map(|mention| Span {
            user: self.people.all[friends[mention.friend]].id,
            start: mention.start as i32,
            end: mention.end as i32,
        }));
    }

    /// Notes whom a photo shows: those whom its caption names, mostly, and a few others.
    fn tag(
        &self,
        kind: &str,
        friends: &[usize; 3],
        record: &mut Record,
        pen: &Pen,
        dice: &mut Dice,
    ) {
        record.tagged.clear();
        if kind != "photo" {
            return;
        }
        for (place, friend) in friends.iter().enumerate() {
            let named = pen.mentions.iter().any(|m| m.friend == place);
            let id = self.people.all[*friend].id;
            if dice.chance(if named { 0.75 } else { 0.16 }) && !record.tagged.contains(&id) {
                record.tagged.push(id);
            }
        }
    }

    /// Adds a mention whose spans nobody can redact: past the end, overlapping, or inside a
    /// character, in turn.
    fn break_spans(&self, number: usize, record: &mut Record, dice: &mut Dice) {
        let person = &self.people.all[*dice.pick(&self.third_party)];
        record.text.push_str(" – @");
        let start = record.text.len() as i32;
        record.text.push_str(&person.first);
        record.text.push(' ');
        record.text.push_str(&person.last);
        let end = record.text.len() as i32;
        let span = |start, end| Span { user: person.id, start, end };
        match number / self.broken_every % 3 {
            0 => record.mentions.push(span(start, end + 7)),
            1 => record.mentions.extend([span(start, end - 1), span(start + 1, end)]),
            // The dash before the name takes three bytes; this begins at its second.
            _ => record.mentions.push(span(start - 4, end)),
        }
    }

    /// Someone, those who write much more often than those who write little.
    fn author(&self, dice: &mut Dice) -> usize {
        let total = self.shares.last().copied().unwrap_or_default();
        let at = dice.unit() * total;
        self.shares.partition_point(|share| *share <= at).min(self.shares.len() - 1)
    }
}

/// The name of record `number`: short, without order, and no other's.
fn name(number: usize) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    // Multiplying by an odd number modulo 2^40 gives every number once.
    let mut left = (number as u64 + 1).wrapping_mul(0x9e_3779_b97f_4a7d) & 0xff_ffff_ffff;
    left ^= left >> 17;
    let mut name = String::with_capacity(9);
    name.push('r');
    for _ in 0..8 {
        name.push(char::from(LETTERS[(left & 31) as usize]));
        left >>= 5;
    }
    name
}

fn kind(dice: &mut Dice) -> &'static str {
    dice.weighed(&[
        ("post", 33),
        ("comment", 36),
        ("photo", 15),
        ("ai_interaction", 14),
        ("story", 2),
    ])
}

fn visibility(minor: bool, dice: &mut Dice) -> Option<&'static str> {
    match dice.below(1_000) {
        0..5 => None,
        5..70 => Some("private"),
        70..400 if minor => Some("friends"),
        70..290 => Some("friends"),
        _ => Some("public"),
    }
}

/// When something was written, in microseconds since 1970: after its author could join, and more
/// often lately than long ago.
fn created(birth: Day, kind: &str, recent: bool, dice: &mut Dice) -> i64 {
    let floor = match kind {
        "ai_interaction" => AI_BEGINS,
        _ if recent => LAST_RECORD - 400,
        _ => FOUNDED,
    };
    let first = floor.max(birth + JOINING_AGE).min(LAST_RECORD - 1);
    let back = f64::from(LAST_RECORD - first) * dice.unit().powf(1.9);
    let day = LAST_RECORD - 1 - back as Day;
    // Evenings are busier than mornings, and nights are quiet.
    let hour = 6.0 + 17.5 * (1.0 - dice.unit() * dice.unit());
    let micros = (hour * 3_600e6) as i64 + i64::from(dice.between(0, 999_999));
    i64::from(day.max(first)) * SECONDS * 1_000_000 + micros
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_records_never_meet() {
        let mut names: Vec<String> = (0..200_000).map(name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 200_000);
    }
}
