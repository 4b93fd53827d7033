//! How often somebody may try.
//!
//! What people may do by right is not limited: whoever holds a personal link objects at once, however
//! many share their address. What is limited is guessing and flooding: tokens and codes that do not
//! exist, codes sent to one address, sign-ins.

use std::hash::Hash;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::person::PerDay;
use crate::site::problem::Problem;

/// One limit, counted for each key apart.
pub(crate) struct Limit<K: Clone + Hash + Eq>(DefaultKeyedRateLimiter<K>);

impl<K: Clone + Hash + Eq> Limit<K> {
    /// `burst` at once, then one every so many seconds.
    pub(crate) fn new(burst: u32, seconds: u64) -> Self {
        let every = std::time::Duration::from_secs(seconds.max(1));
        let quota = Quota::with_period(every).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        Limit(RateLimiter::keyed(quota.allow_burst(burst)))
    }

    /// Counts one attempt.
    pub(crate) fn take(&self, key: &K) -> Result<(), Problem> {
        // Keys of long ago are forgotten now and then, so that memory follows use.
        if self.0.len() > 100_000 {
            self.0.retain_recent();
        }
        self.0.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Problem::TooMany { seconds: wait.as_secs() + 1 }
        })
    }
}

/// The limits of the site. Addresses of the net are counted by their network where one person may hold
/// many: the first 64 bits of an IPv6 address.
pub(crate) struct Limits {
    /// Broken tokens, wrong codes and wrong addresses, by the address they come from.
    pub(crate) guesses: Limit<std::net::IpAddr>,
    /// Codes and messages asked for, by the address they come from.
    pub(crate) asks: Limit<std::net::IpAddr>,
    /// Codes sent, by the keyed digest of whom they go to.
    pub(crate) codes: Limit<[u8; 32]>,
    /// Attempts to sign in, by name.
    pub(crate) sign_ins: Limit<String>,
    /// Receipts of cases, by the address they are asked for from: making one reads the whole log.
    pub(crate) receipts: Limit<std::net::IpAddr>,
    /// Objections without an account, by the keyed digest of who sends them.
    pub(crate) per_day: PerDay,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            guesses: Limit::new(60, 5),
            asks: Limit::new(30, 20),
            codes: Limit::new(5, 300),
            sign_ins: Limit::new(10, 30),
            receipts: Limit::new(20, 10),
            per_day: PerDay::default(),
        }
    }
}

/// An e-mail address as limits count it: nothing that could be read back.
pub(crate) fn digest(email: &str) -> [u8; 32] {
    blake3::derive_key("demur limits: e-mail address", email.to_lowercase().as_bytes())
}

/// An address of the net as limits count it.
pub(crate) fn network(address: std::net::IpAddr) -> std::net::IpAddr {
    match address {
        std::net::IpAddr::V4(_) => address,
        std::net::IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_others_are_not_held_up() {
        let limit = Limit::new(3, 3600);
        assert!((0..3).all(|_| limit.take(&"a").is_ok()));
        assert!(matches!(limit.take(&"a"), Err(Problem::TooMany { seconds: 1.. })));
        assert!(limit.take(&"b").is_ok());
    }

    #[test]
    fn one_network_is_one_asker() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::"), of("2001:db8:1:3::"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
