//! Counting how often values fell into which range, as Prometheus has its histograms.

use std::fmt::Write;

/// A histogram with fixed bounds.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    bounds: &'static [f64],
    /// How many fell below each bound and above the one before; one more than there are bounds.
    counts: Vec<u64>,
    sum: f64,
}

impl Tally {
    /// An empty one.
    pub(crate) fn new(bounds: &'static [f64]) -> Self {
        Tally { bounds, counts: vec![0; bounds.len() + 1], sum: 0.0 }
    }

    /// Counts a value.
    pub(crate) fn add(&mut self, value: f64) {
        let at = self.bounds.partition_point(|bound| *bound < value);
        self.counts[at] += 1;
        self.sum += value;
    }

    /// Writes it down under a name, with labels as `a="b",` or none.
    pub(crate) fn write(&self, text: &mut String, name: &str, labels: &str) {
        let mut total = 0;
        for (at, count) in self.counts.iter().enumerate() {
            total += count;
            let bound = self.bounds.get(at).map_or("+Inf".to_owned(), f64::to_string);
            let _ = writeln!(text, "{name}_bucket{{{labels}le=\"{bound}\"}} {total}");
        }
        let labels = labels.trim_end_matches(',');
        let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(text, "{name}_sum{labels} {}", self.sum);
        let _ = writeln!(text, "{name}_count{labels} {total}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_a_bound_is_counted_below_it() {
        let mut tally = Tally::new(&[1.0, 2.5]);
        for value in [0.5, 1.0, 2.0, 99.0] {
            tally.add(value);
        }
        let mut text = String::new();
        tally.write(&mut text, "x", "a=\"b\",");
        assert_eq!(
            text,
            "x_bucket{a=\"b\",le=\"1\"} 2\nx_bucket{a=\"b\",le=\"2.5\"} 3\n\
             x_bucket{a=\"b\",le=\"+Inf\"} 4\nx_sum{a=\"b\"} 102.5\nx_count{a=\"b\"} 4\n"
        );
        let mut bare = String::new();
        Tally::new(&[]).write(&mut bare, "y", "");
        assert_eq!(bare, "y_bucket{le=\"+Inf\"} 0\ny_sum 0\ny_count 0\n");
    }
}
