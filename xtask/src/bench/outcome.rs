//! What a job took, and what many rounds of it say.

use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::tables::files;
use crate::scale::platform::bytes_below;

/// One round of one job.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    pub(super) seconds: f64,
    /// Peak resident memory in bytes, where the system tells it.
    pub(super) memory: Option<u64>,
    /// How many records it let through, where it said so.
    pub(super) rows: Option<u64>,
    /// How large its result is, where there is one.
    pub(super) bytes: Option<u64>,
    /// All that it said.
    pub(super) said: Value,
}

/// Median, lowest and highest of some numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) lowest: f64,
    pub(super) highest: f64,
}

impl Spread {
    /// Of at least one number.
    pub(super) fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut numbers: Vec<f64> = numbers.into_iter().collect();
        numbers.sort_unstable_by(f64::total_cmp);
        let (lowest, highest) = (*numbers.first()?, *numbers.last()?);
        Some(Self { median: median(numbers)?, lowest, highest })
    }
}

/// The middle one, or the mean of the two in the middle.
pub(super) fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_unstable_by(f64::total_cmp);
    let half = numbers.len() / 2;
    let upper = *numbers.get(half)?;
    Some(if numbers.len().is_multiple_of(2) { (numbers[half - 1] + upper) / 2.0 } else { upper })
}

/// The size of a result's data files, where it has any: neither of a log nor of an index.
pub(super) fn bytes(path: &Path) -> Result<Option<u64>> {
    for ending in [".parquet", ".jsonl"] {
        let Ok(files) = files(path, ending) else { continue };
        return files.iter().map(|file| bytes_below(file)).sum::<Result<u64>>().map(Some);
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_of_the_numbers() {
        let spread = Spread { median: 3.0, lowest: 1.0, highest: 9.0 };
        assert_eq!(Spread::of([9.0, 1.0, 3.0]), Some(spread));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(Spread::of([]), None);
    }
}
