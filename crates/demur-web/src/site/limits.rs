//! How often somebody may try.
//!
//! What people may do by right is not limited: whoever holds a personal link objects at once, however
//! many share their address. What is limited is guessing and flooding: tokens and codes that do not
//! exist, codes sent to one address, sign-ins.
//!
//! Attempts are counted on the register's desk, so that a limit is the same however many servers there are.
//! Of each kind and key the desk holds one moment: when, at the pace that is allowed, all attempts so far
//! will have been made up for. Once it has passed there is nothing left to know.

use std::net::IpAddr;

use demur_register::desk::Drawer;
use demur_register::{Act, Error, Register};
use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::site::problem::Problem;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Broken tokens, wrong codes and wrong addresses, by the address they come from.
    Guesses,
    /// Codes and messages asked for, by the address they come from.
    Asks,
    /// Codes sent, by the e-mail address that they go to.
    Codes,
    /// Attempts to sign in, by name.
    SignIns,
    /// Receipts of cases, by the address they are asked for from: making one reads the whole log.
    Receipts,
}

impl Limit {
    /// So many at once, then one every so many seconds.
    fn pace(self) -> (i64, i64) {
        match self {
            Limit::Guesses => (60, 5),
            Limit::Asks => (30, 20),
            Limit::Codes => (5, 300),
            Limit::SignIns => (10, 30),
            Limit::Receipts => (20, 10),
        }
    }

    /// Where it lies on the desk, which holds a keyed tag of this and nothing else.
    fn name(self, key: &str) -> Vec<u8> {
        format!("{self:?}/{key}").into_bytes()
    }

    /// When all will have been made up for, with one attempt more; or how long that one has to wait.
    fn with_one(self, before: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, u64> {
        let (burst, every) = self.pace();
        let from = before.map_or(now, |before| before.max(now));
        let next = from.saturating_add(SignedDuration::from_secs(every)).unwrap_or(Timestamp::MAX);
        let over = next.duration_since(now) - SignedDuration::from_secs(burst * every);
        if over.is_positive() {
            return Err(over.as_secs().unsigned_abs() + 1);
        }
        Ok(next)
    }
}

/// Counts one attempt, unless the limit is reached.
pub(crate) async fn take(app: &App, limit: Limit, key: &str) -> Result<(), Problem> {
    let (name, now) = (limit.name(key), app.now());
    // Whoever has reached it costs a look and no more.
    let looked = name.clone();
    let is_over = move |register: &Register| {
        let before = register.item(Drawer::Attempt, &looked)?.map(|item| item.due);
        Ok(limit.with_one(before, now).err())
    };
    if let Some(seconds) = app.registry.read(is_over).await? {
        return Err(Problem::TooMany { seconds });
    }
    let counted = app.registry.act(move |act| count(act, limit, &name)).await?;
    counted.map_err(|seconds| Problem::TooMany { seconds })
}

/// Counts one attempt by the address that it comes from, where that is known.
pub(crate) async fn take_from(
    app: &App,
    limit: Limit,
    address: Option<IpAddr>,
) -> Result<(), Problem> {
    match address {
        Some(address) => take(app, limit, &network(address).to_string()).await,
        None => Ok(()),
    }
}

fn count(act: &mut Act<'_, '_>, limit: Limit, name: &[u8]) -> Result<Result<(), u64>, Error> {
    let before = act.item(Drawer::Attempt, name)?.map(|item| item.due);
    match limit.with_one(before, act.at()) {
        Ok(next) => act.put(Drawer::Attempt, name, next, None, "").map(|_| Ok(())),
        Err(seconds) => Ok(Err(seconds)),
    }
}

/// An address of the net as limits count it: by its network where one person may hold many, the first 64
/// bits of an IPv6 address.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let limit = Limit::Codes;
        let mut before = None;
        for _ in 0..5 {
            before = Some(limit.with_one(before, at(100)).unwrap());
        }
        assert_eq!(limit.with_one(before, at(100)), Err(301));
        assert_eq!(limit.with_one(before, at(399)), Err(2));
        before = Some(limit.with_one(before, at(400)).unwrap());
        assert_eq!(limit.with_one(before, at(400)), Err(301));
        // After long enough all is as at first.
        assert_eq!(limit.with_one(before, at(9_000)), Ok(at(9_300)));
    }

    #[test]
    fn one_network_is_one_asker() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::"), of("2001:db8:1:3::"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
