//! What a command prints: its result on stdout, everything else on stderr.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

/// Where a command's words go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
    /// Only results and warnings.
    quiet: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Output { json, quiet: false }
    }

    /// For a server, which nobody watches.
    pub(crate) fn quiet(self) -> Self {
        Output { quiet: true, ..self }
    }

    /// The result, in words or as JSON, whichever was asked for.
    #[allow(clippy::print_stdout, reason = "the one place where results are printed")]
    pub(crate) fn result(&self, words: &str, json: &Value) {
        let text = if self.json { json.to_string() } else { words.trim_end().to_owned() };
        // A reader that has gone away (`| head`) is not a failure of the command.
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// Something to tell a person, without it being the result.
    pub(crate) fn say(&self, words: &str) {
        if self.quiet {
            return;
        }
        let _ = if self.json {
            writeln!(std::io::stderr(), "{words}")
        } else {
            writeln!(std::io::stdout(), "{words}")
        };
    }

    /// A warning or an error.
    pub(crate) fn warn(&self, words: &str) {
        let _ = writeln!(std::io::stderr(), "{words}");
    }

    /// A bar on a terminal, lines otherwise.
    pub(crate) fn progress(&self, what: &'static str, total: Option<u64>) -> Progress {
        Progress::new(what, total, self.quiet)
    }
}

/// How far a long step has come.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    what: &'static str,
    total: Option<u64>,
    done: AtomicU64,
}

impl Progress {
    fn new(what: &'static str, total: Option<u64>, quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            let template = match total {
                Some(_) => "{msg:28} {bar:30} {human_pos:>12} / {human_len} {per_sec:>14}",
                None => "{msg:28} {spinner} {human_pos:>12} {per_sec:>14}",
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_message(what);
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        // What has no end is not counted aloud.
        let total = total.filter(|_| !quiet);
        Progress { bar, what, total, done: AtomicU64::new(0) }
    }

    pub(crate) fn add(&self, n: u64) {
        let before = self.done.fetch_add(n, Ordering::Relaxed);
        match (&self.bar, self.total) {
            (Some(bar), _) => bar.inc(n),
            // Ten lines at most, however much there is to do.
            (None, Some(total)) if total > 0 => {
                let tenth = |n: u64| n * 10 / total;
                if tenth(before + n) > tenth(before) && before + n < total {
                    let percent = (before + n) * 100 / total;
                    let _ = writeln!(std::io::stderr(), "{}: {percent} %", self.what);
                }
            }
            (None, _) => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A table for people; columns from `right` on are figures.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>], right: usize) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    if !header.is_empty() {
        table.set_header(header);
    }
    table.add_rows(rows);
    for (at, column) in table.column_iter_mut().enumerate() {
        if at >= right {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A duration as people say it.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// How long ago something was, in its two largest units.
pub(crate) fn age(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{minutes} min {} s", seconds % 60),
        3_600..86_400 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// A size as people say it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_two_units() {
        let shown = [0, 59, 60, 3_599, 3_600, 86_399, 90_000].map(Duration::from_secs).map(age);
        let said =
            ["0 s", "59 s", "1 min 0 s", "59 min 59 s", "1 h 0 min", "23 h 59 min", "1 d 1 h"];
        assert_eq!(shown, said);
    }

    #[test]
    fn figures_are_grouped_by_thousands() {
        let shown = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "1,234,567"]);
    }
}
