//! How many objections one address may bring in a day. It keeps a person who reads them from drowning in
//! what a program sends; whoever reaches it loses nothing and goes on the next day.

use demur_register::desk::Drawer;
use demur_register::{Act, Error};
use jiff::SignedDuration;
use jiff::civil::Date;

/// New cases of one address and day, after which its next form waits. The form that reaches it is still
/// taken whole.
const MOST: usize = 100;
/// How long a day's count is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// Whether an address may bring more today.
pub(super) fn has_room(act: &Act<'_, '_>, email: &str, day: Date) -> Result<bool, Error> {
    Ok(so_far(act, &name(email, day))? < MOST)
}

/// Counts what it brought.
pub(super) fn count(
    act: &mut Act<'_, '_>,
    email: &str,
    day: Date,
    new: usize,
) -> Result<(), Error> {
    let name = name(email, day);
    let count = so_far(act, &name)? + new;
    let until = act.at().saturating_add(KEPT).unwrap_or(jiff::Timestamp::MAX);
    act.put(Drawer::Attempt, &name, until, None, &count.to_string()).map(drop)
}

fn so_far(act: &Act<'_, '_>, name: &[u8]) -> Result<usize, Error> {
    let item = act.item(Drawer::Attempt, name)?;
    Ok(item.and_then(|item| item.text.parse().ok()).unwrap_or(0))
}

/// Where the count lies on the desk, which holds a keyed tag of this and nothing else.
fn name(email: &str, day: Date) -> Vec<u8> {
    format!("objections/{day}/{}", email.to_lowercase()).into_bytes()
}

#[cfg(test)]
mod tests {
    use demur_register::{KeySource, Options, Register, RegisterUrl, SeededEntropy};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_has_its_limit_and_the_next_one_begins_anew() {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let options = Options {
            url: RegisterUrl::Memory,
            key: KeySource::Hex("17".repeat(32)),
            origin: Options::DEFAULT_ORIGIN.into(),
        };
        let mut register = Register::open(options, Box::new(SeededEntropy::new(1)), at).unwrap();
        let (one, other, day) = ("a@example.org", "b@example.org", date(2025, 5, 12));
        register
            .act(at, |act| {
                count(act, one, day, MOST - 1)?;
                assert!(has_room(act, one, day)?);
                count(act, "A@example.org", day, 50)?;
                assert!(!has_room(act, one, day)? && has_room(act, other, day)?);
                assert!(has_room(act, one, date(2025, 5, 13))?);
                Ok(())
            })
            .unwrap();
    }
}
