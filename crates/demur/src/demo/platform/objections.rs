//! Who was told, and who said no.

use super::days::{Day, FIRST_NOTICE, LAST_OBJECTION, NOTICE_TOO_LATE, SECONDS, START, rfc3339};
use super::dice::Dice;
use super::people::People;
use super::regions::EU;
use super::texts::{Language, Pen, Voice};

/// The purpose that people object to.
const PURPOSE: &str = "assistant-training";

/// A line of the objections.
pub(super) struct Objection {
    /// Who objects, as a place among the people; nobody where only a record is named.
    pub(super) who: Option<usize>,
    /// How far the case has come.
    pub(super) status: &'static str,
    /// When it came in, in seconds since 1970.
    pub(super) received: i64,
    /// What it covers; empty for what is usual.
    pub(super) scopes: &'static str,
    /// What the person said, if anything.
    pub(super) reason: String,
    /// The one record that it names, if it names one.
    pub(super) record: Option<String>,
}

impl Objection {
    /// The line, in the order of [`COLUMNS`].
    pub(super) fn fields(&self, people: &People) -> [String; 7] {
        [
            self.who.map(|who| people.all[who].id.to_string()).unwrap_or_default(),
            self.status.to_owned(),
            rfc3339(self.received),
            self.scopes.to_owned(),
            PURPOSE.to_owned(),
            self.reason.clone(),
            self.record.clone().unwrap_or_default(),
        ]
    }
}

/// The columns of the objections.
pub(super) const COLUMNS: [&str; 7] =
    ["account_id", "status", "received_at", "scopes", "purpose", "reason", "record_id"];

/// Draws the objections to everything of a person: about 7 % of the accounts.
pub(super) fn draw(people: &People, languages: &[Language], dice: &mut Dice) -> Vec<Objection> {
    let mut pen = Pen::default();
    let mut objections = Vec::new();
    for (i, person) in people.all.iter().enumerate().take(people.accounts) {
        let in_eu = person.region.is_some_and(|r| EU.iter().any(|c| c.code == r));
        let likely = if !in_eu {
            0.015
        } else if person.person.is_some() {
            0.14
        } else {
            0.075
        };
        if !dice.chance(likely) || i == people.late_objector {
            continue;
        }
        let reason = if dice.chance(0.3) {
            let language = languages.iter().find(|l| l.code == person.culture);
            let language = language.unwrap_or(&languages[0]);
            let voice = Voice {
                woman: person.woman,
                lowercase: person.lowercase,
                slip: dice.chance(0.1),
                friends: &[],
            };
            pen.write(&language.grammar, language.reason, &voice, dice);
            pen.text.clone()
        } else {
            String::new()
        };
        objections.push(Objection {
            who: Some(i),
            status: status(dice),
            received: received(dice),
            scopes: dice.weighed(&[
                ("", 74),
                ("ai_interactions", 9),
                ("public_content|ai_interactions|third_party", 13),
                ("third_party", 4),
            ]),
            reason,
            record: None,
        });
    }
    objections
}

/// An objection to one record, by someone or by nobody in particular.
pub(super) fn of_record(who: Option<usize>, record: String, dice: &mut Dice) -> Objection {
    Objection {
        who,
        status: status(dice),
        received: received(dice),
        scopes: "",
        reason: String::new(),
        record: Some(record),
    }
}

fn status(dice: &mut Dice) -> &'static str {
    dice.weighed(&[
        ("approved", 56),
        ("pending", 13),
        ("received", 12),
        ("refused", 9),
        ("withdrawn", 10),
    ])
}

/// Objections come in when the notices go out, before the start, and for some time after it.
fn received(dice: &mut Dice) -> i64 {
    let day: Day = match dice.below(10) {
        0..4 => FIRST_NOTICE + dice.between(0, 13),
        4..8 => START - dice.between(1, 16),
        _ => dice.between(FIRST_NOTICE + 10, LAST_OBJECTION - 1),
    };
    i64::from(day) * SECONDS + i64::from(dice.between(6 * 3_600, 22 * 3_600))
}

/// Draws when each account was told, in seconds since 1970, in the order of delivery.
pub(super) fn notices(people: &People, dice: &mut Dice) -> Vec<(i64, i64)> {
    let mut notices = Vec::with_capacity(people.accounts);
    for (i, person) in people.all.iter().enumerate().take(people.accounts) {
        let day = match dice.below(1_000) {
            _ if i == people.late_objector => FIRST_NOTICE + 3,
            0..20 => continue,
            20..34 => dice.between(NOTICE_TOO_LATE, START - 1),
            _ => FIRST_NOTICE + dice.between(0, 11),
        };
        let second = i64::from(day) * SECONDS + i64::from(dice.between(5 * 3_600, 19 * 3_600));
        notices.push((second, person.id));
    }
    notices.sort_unstable();
    notices
}
