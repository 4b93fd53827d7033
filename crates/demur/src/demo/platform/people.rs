//! The accounts of the platform: facts, names, circles, and how much each writes.

use std::collections::{BTreeMap, HashSet};

use super::days::{ADULT_IF_BORN_BY, Day, YOUNGEST};
use super::dice::Dice;
use super::names::{self, Names};
use super::regions::{Country, ELSEWHERE, EU, locale};

/// Someone with an account, or who had one.
#[derive(Clone)]
pub(super) struct Person {
    /// The account.
    pub(super) id: i64,
    /// The day of birth, where the platform knows it.
    pub(super) birth: Option<Day>,
    /// The country, where the platform knows it.
    pub(super) region: Option<&'static str>,
    /// The account's state, where the platform knows it.
    pub(super) status: Option<&'static str>,
    /// The person behind the account, where the platform knows that several belong together.
    pub(super) person: Option<i64>,
    /// Whose names and which language.
    pub(super) culture: &'static str,
    /// The account's language setting.
    pub(super) locale: &'static str,
    /// The address.
    pub(super) email: String,
    /// First name.
    pub(super) first: String,
    /// Last name.
    pub(super) last: String,
    /// Whether words about the person take their feminine form.
    pub(super) woman: bool,
    /// How much the person writes, next to others.
    pub(super) activity: f64,
    /// Whether the person never reaches for the shift key.
    pub(super) lowercase: bool,
}

/// Everyone: those with an account first, then those whose account is gone.
pub(super) struct People {
    /// All of them.
    pub(super) all: Vec<Person>,
    /// How many have an account.
    pub(super) accounts: usize,
    /// The person of the story.
    pub(super) late_objector: usize,
    /// By culture, who shares it: neighbours in this list are friends. Sorted, because dice are
    /// thrown while walking through it.
    circles: BTreeMap<&'static str, Vec<usize>>,
    /// By person, the place in their circle.
    places: Vec<usize>,
}

impl People {
    /// Draws everyone.
    pub(super) fn draw(accounts: usize, dice: &mut Dice) -> Self {
        let cultures = names::cultures();
        // Every 27th part of the list begins with an account of the next member state, so that each
        // state appears even on a small platform.
        let stride = accounts / EU.len();
        let ireland = EU.iter().position(|c| c.code == "IE").unwrap_or_default();
        let late_objector = ireland * stride;
        let gone = accounts / 60;
        let mut all: Vec<Person> = Vec::with_capacity(accounts + gone);
        let mut ids = HashSet::new();
        let mut persons = 0;
        for i in 0..accounts + gone {
            let id = std::iter::repeat_with(|| dice.id()).find(|id| ids.insert(*id));
            let seat = (i % stride == 0).then(|| EU.get(i / stride)).flatten();
            let twin = dice.below(i);
            let linked = dice.chance(0.016);
            let mut person = if linked && seat.is_none() && i < accounts && twin != late_objector {
                let known = *all[twin].person.get_or_insert_with(|| next_person(&mut persons));
                Person {
                    person: Some(known),
                    status: status(dice),
                    activity: activity(dice),
                    ..all[twin].clone()
                }
            } else {
                draw(seat.unwrap_or_else(|| home(dice)), &cultures, dice)
            };
            person.id = id.unwrap_or_default();
            if i == late_objector {
                person.first = "Aoife".to_owned();
                person.last = "Brennan".to_owned();
                person.woman = true;
                person.culture = "en";
                person.locale = "en";
                person.region = Some("IE");
                // 1985-05-16: nothing that she wrote here is a minor's.
                person.birth = Some(5_614);
                person.status = Some("active");
                person.activity = 0.0;
                person.lowercase = false;
            } else if person.person.is_none() && dice.chance(0.05) {
                person.person = Some(next_person(&mut persons));
            }
            person.email = email(&person, i, dice);
            all.push(person);
        }
        let mut circles: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        let mut places = Vec::with_capacity(all.len());
        for (i, person) in all.iter().enumerate() {
            let circle = circles.entry(person.culture).or_default();
            places.push(circle.len());
            circle.push(i);
        }
        // Those whose account is gone are spread among those who stayed.
        for circle in circles.values_mut() {
            let stayed = circle.iter().filter(|i| **i < accounts).count();
            for place in stayed..circle.len() {
                let other = dice.below(stayed.max(1));
                circle.swap(place, other);
                places[circle[place]] = place;
                places[circle[other]] = other;
            }
        }
        Self { all, accounts, late_objector, circles, places }
    }

    /// A friend of someone: mostly one of the few nearest in the circle.
    pub(super) fn friend(&self, of: usize, dice: &mut Dice) -> usize {
        let Some(circle) = self.circles.get(self.all[of].culture) else { return of };
        let reach = if dice.chance(0.9) { 9 } else { circle.len() };
        let step = 1 + dice.below(reach.min(circle.len().saturating_sub(1)).max(1));
        circle[(self.places[of] + step) % circle.len()]
    }

    /// Whether the platform knows this person as an adult in the Union with a usable account.
    pub(super) fn is_plain_adult(&self, i: usize) -> bool {
        let person = &self.all[i];
        i < self.accounts
            && person.birth.is_some_and(|birth| birth <= ADULT_IF_BORN_BY - 3_650)
            && person.region.is_some_and(|region| EU.iter().any(|c| c.code == region))
            && person.status == Some("active")
    }
}

/// The next number for a person; they look drawn, and never meet.
fn next_person(persons: &mut i64) -> i64 {
    *persons += 1;
    // Multiplying by an odd number modulo a power of two gives every number once.
    1_000_000_000 + (*persons).wrapping_mul(0x2545_f491) % 0x4000_0000
}

/// Someone new in a country.
fn draw(country: &Country, cultures: &[Names], dice: &mut Dice) -> Person {
    let culture = dice.weighed(country.locales);
    // Some carry names from elsewhere.
    let names = if dice.chance(0.06) {
        dice.pick(cultures)
    } else {
        cultures.iter().find(|c| c.culture == culture).unwrap_or(&cultures[0])
    };
    let woman = dice.chance(0.5);
    let (first, last) = names.draw(woman, dice);
    let birth = if dice.chance(0.042) {
        dice.between(ADULT_IF_BORN_BY + 1, YOUNGEST)
    } else {
        let age = f64::from(68 * 365) * dice.unit() * (0.3 + 0.7 * dice.unit());
        ADULT_IF_BORN_BY - age as i32
    };
    Person {
        id: 0,
        birth: (!dice.chance(0.004)).then_some(birth),
        region: (!dice.chance(0.004)).then_some(country.code),
        status: status(dice),
        person: None,
        culture,
        locale: locale(culture, country.code),
        email: String::new(),
        first,
        last,
        woman,
        activity: activity(dice),
        lowercase: dice.chance(0.06),
    }
}

/// Where someone lives: 84 % in the Union.
fn home(dice: &mut Dice) -> &'static Country {
    let countries: &'static [Country] = if dice.chance(0.84) { &EU } else { &ELSEWHERE };
    let total: u32 = countries.iter().map(|c| c.weight).sum();
    let mut left = dice.below(total as usize) as u32;
    for country in countries {
        if left < country.weight {
            return country;
        }
        left -= country.weight;
    }
    &countries[0]
}

fn status(dice: &mut Dice) -> Option<&'static str> {
    match dice.below(1_000) {
        0..3 => None,
        3..13 => Some("memorialised"),
        13..33 => Some("suspended"),
        33..80 => Some("deactivated"),
        _ => Some("active"),
    }
}

/// Most people write little, a few a great deal.
fn activity(dice: &mut Dice) -> f64 {
    (dice.unit() + 0.002).powf(-0.85) - 0.9
}

/// An address that nobody has, under a domain that cannot exist.
fn email(person: &Person, number: usize, dice: &mut Dice) -> String {
    let (first, last) = (names::ascii(&person.first), names::ascii(&person.last));
    let domain = dice.pick(&["example.org", "example.com", "example.net", "mail.example"]);
    if first.is_empty() || last.is_empty() {
        return format!("user{number}@{domain}");
    }
    let initial = &first[..1];
    match dice.below(3) {
        0 => format!("{first}.{last}{number}@{domain}"),
        1 => format!("{initial}{last}{number}@{domain}"),
        _ => format!("{first}{number}@{domain}"),
    }
}
