//! Chance from a seed: the same draws on every machine.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A source of chance.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// One of many independent sources under a seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// 32 even bits.
    pub(super) fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number below `n`; 0 where `n` is 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// From 0 to 1, 1 not included.
    pub(super) fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// True in `n` of a thousand cases.
    pub(super) fn per_mille(&mut self, n: u64) -> bool {
        self.below(1000) < n
    }

    /// One of the items, each as likely as its weight says.
    pub(super) fn weighed<T: Copy>(&mut self, items: &[(T, u64)]) -> T {
        let mut left = self.below(items.iter().map(|item| item.1).sum());
        for (item, weight) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        items[0].0
    }
}

/// Mixes 64 bits so that neighbours lie far apart; no two inputs come out alike.
pub(super) fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

/// The numbers below a size in a random order, without a table of them: a Feistel network over the
/// next even power of two, applied again while it leads outside.
#[derive(Clone, Copy)]
pub(super) struct Shuffle {
    size: u64,
    half: u32,
    key: u64,
}

impl Shuffle {
    pub(super) fn new(size: u64, key: u64) -> Self {
        let bits = u64::BITS - size.saturating_sub(1).leading_zeros();
        Self { size, half: bits.div_ceil(2).max(1), key: mix(key) }
    }

    /// Where `n`, which is below the size, lands.
    pub(super) fn at(self, mut n: u64) -> u64 {
        debug_assert!(n < self.size);
        loop {
            n = self.once(n);
            if n < self.size {
                return n;
            }
        }
    }

    fn once(self, n: u64) -> u64 {
        let low = (1 << self.half) - 1;
        let (mut left, mut right) = (n >> self.half, n & low);
        for round in 0..4 {
            let noise = mix(right ^ self.key.rotate_left(16 * round)) & low;
            (left, right) = (right, left ^ noise);
        }
        left << self.half | right
    }
}

/// Ranks with a heavy tail: the chance of rank `r` falls with (r + 10)^¾, so that one account in a
/// hundred wrote more than a quarter of everything and the busiest one about a thousandth. Square roots
/// and products only, which are the same on every machine.
#[derive(Clone, Copy)]
pub(super) struct HeavyTail {
    size: u64,
    low: f64,
    high: f64,
}

impl HeavyTail {
    const OFFSET: f64 = 10.0;

    pub(super) fn new(size: u64) -> Self {
        let fourth_root = |n: f64| n.sqrt().sqrt();
        let high = fourth_root(size as f64 + Self::OFFSET);
        Self { size, low: fourth_root(Self::OFFSET), high }
    }

    pub(super) fn draw(self, dice: &mut Dice) -> u64 {
        let root = self.low + dice.unit() * (self.high - self.low);
        let square = root * root;
        ((square * square - Self::OFFSET).max(0.0) as u64).min(self.size - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_meets_every_number_once() {
        for size in [1, 2, 3, 5, 64, 1000, 4097] {
            let shuffle = Shuffle::new(size, 7);
            let mut seen: Vec<u64> = (0..size).map(|n| shuffle.at(n)).collect();
            assert!(size < 64 || seen.windows(2).filter(|w| w[0] + 1 == w[1]).count() < 10);
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..size), "{size}");
        }
    }

    #[test]
    fn the_first_hundredth_draws_more_than_a_quarter() {
        let (tail, mut dice) = (HeavyTail::new(1_000_000), Dice::new(1, 1));
        let early = (0..100_000).filter(|_| tail.draw(&mut dice) < 10_000).count();
        assert!((25_000..32_000).contains(&early), "{early}");
    }
}
