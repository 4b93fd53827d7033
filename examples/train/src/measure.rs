//! Exposure, and whether two groups differ in it.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// How exposed a phrase is, in bits: log2 of how many phrases there are, less log2 of its rank among
/// them (Carlini et al., "The Secret Sharer", 2019). The rank is estimated among sampled phrases
/// that nobody wrote, `samples`, sorted; so the most that can be told is log2(samples + 1).
pub(crate) fn exposure(surprise: f64, samples: &[f64]) -> f64 {
    let likelier = samples.partition_point(|sample| *sample <= surprise);
    ((samples.len() + 1) as f64 / (likelier + 1) as f64).log2()
}

/// How often someone who is shown one of each tells rightly which is of `these`, by its exposure alone: 0.5
/// is a coin, 1 is certainty.
pub(crate) fn told_apart(these: &[f64], those: &[f64]) -> f64 {
    let won: f64 = these
        .iter()
        .flat_map(|this| those.iter().map(move |that| (this, that)))
        .map(|(this, that)| {
            if this > that {
                1.0
            } else if this < that {
                0.0
            } else {
                0.5
            }
        })
        .sum();
    won / (these.len() * those.len()) as f64
}

/// A comparison of two groups.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison {
    /// See [`told_apart`].
    pub(crate) told_apart: f64,
    /// 95 % of resampled groups lie between these.
    pub(crate) between: (f64, f64),
    /// Share of relabelled groups that differ at least as much, to either side.
    pub(crate) p: f64,
    /// The smallest [`told_apart`] above a coin that would have had p below 0.05.
    pub(crate) noticed: f64,
}

/// Compares by a permutation test on the statistic of Mann and Whitney.
pub(crate) fn compare(these: &[f64], those: &[f64], dice: &mut ChaCha8Rng) -> Comparison {
    const ROUNDS: usize = 20_000;
    let seen = told_apart(these, those);
    let mut all: Vec<f64> = these.iter().chain(those).copied().collect();
    let mut apart: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            all.shuffle(dice);
            (told_apart(&all[..these.len()], &all[these.len()..]) - 0.5).abs()
        })
        .collect();
    apart.sort_by(f64::total_cmp);
    let as_much = apart.iter().filter(|by| **by >= (seen - 0.5).abs() - 1e-12).count();
    let mut again = |of: &[f64]| -> Vec<f64> {
        of.iter().map(|_| of[dice.random_range(0..of.len())]).collect()
    };
    let mut resampled: Vec<f64> =
        (0..ROUNDS).map(|_| told_apart(&again(these), &again(those))).collect();
    resampled.sort_by(f64::total_cmp);
    Comparison {
        told_apart: seen,
        between: (resampled[ROUNDS / 40], resampled[ROUNDS - ROUNDS / 40]),
        p: (as_much + 1) as f64 / (ROUNDS + 1) as f64,
        noticed: 0.5 + apart[ROUNDS - ROUNDS / 20],
    }
}

/// The middle value.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[middle],
        _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn exposure_counts_the_samples_that_are_likelier() {
        let samples: Vec<f64> = (1..=1023).map(f64::from).collect();
        assert_eq!(exposure(0.5, &samples), 10.0);
        assert_eq!(exposure(1.0, &samples), 9.0, "a tie counts against the phrase");
        assert_eq!(exposure(9_999.0, &samples), 0.0);
    }

    #[test]
    fn groups_that_differ_are_told_apart_and_others_are_not() {
        let mut dice = ChaCha8Rng::seed_from_u64(5);
        let mut group =
            |low: f64| -> Vec<f64> { (0..40).map(|_| low + dice.random_range(0.0..1.0)).collect() };
        let (these, same, higher) = (group(0.0), group(0.0), group(0.6));
        let mut dice = ChaCha8Rng::seed_from_u64(6);
        let alike = compare(&these, &same, &mut dice);
        assert!(alike.p > 0.05 && alike.between.0 < 0.5 && alike.between.1 > 0.5, "{alike:?}");
        let apart = compare(&higher, &these, &mut dice);
        assert!(apart.p < 0.001 && apart.told_apart > 0.8, "{apart:?}");
        assert!((0.6..0.7).contains(&apart.noticed), "{apart:?}");
    }

    #[test]
    fn medians() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
