//! What came out, on the terminal and in `docs/model-evidence.md`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::canary::{Group, SPACE_BITS};
use crate::evidence::{Evidence, Of};
use crate::measure::median;
use crate::plot;

/// The page, with {places} for what was measured.
const PAGE: &str = include_str!("page.md");

/// For the terminal.
pub(crate) fn summary(evidence: &Evidence) -> String {
    let mut text = String::new();
    for table in [sets(evidence), groups(evidence), comparisons(evidence)] {
        let widths: Vec<usize> = (0..table[0].len())
            .map(|at| table.iter().map(|row| row[at].chars().count()).max().unwrap_or_default())
            .collect();
        for row in table {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

/// Writes the page and its plot.
pub(crate) fn write(docs: &Path, evidence: &Evidence, took: Duration) -> Result<()> {
    let Evidence { canaries, sets: made, size, samples, schedule, .. } = evidence;
    let of = |group| canaries.iter().filter(|canary| canary.group == group).count().to_string();
    let told = evidence.comparison(Of::Gated, Group::Objected);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let words = [
        ("accounts", grouped(size.accounts as u64)),
        ("records", grouped(size.records as u64)),
        ("authors", made.authors.to_string()),
        ("objectors", made.objectors.to_string()),
        ("posts", made.posts.to_string()),
        ("choices", choices(evidence)),
        ("share", format!("{:.0}", 100.0 * made.posts as f64 / made.ungated.kept as f64)),
        ("objected", of(Group::Objected)),
        ("stayed", of(Group::Stayed)),
        ("unseen", of(Group::Unseen)),
        ("quoted", of(Group::Quoted)),
        ("space", SPACE_BITS.to_string()),
        ("samples", grouped(*samples as u64)),
        ("ceiling", format!("{:.0}", ((samples + 1) as f64).log2())),
        ("seed", schedule.seed.to_string()),
        ("width", schedule.shape.width.to_string()),
        ("depth", schedule.shape.depth.to_string()),
        ("heads", schedule.shape.heads.to_string()),
        ("context", schedule.shape.context.to_string()),
        ("parameters", grouped(evidence.gated.course.parameters as u64)),
        ("epochs", schedule.epochs.to_string()),
        ("rows", schedule.rows.to_string()),
        ("minutes", format!("{:.0}", took.as_secs_f64() / 60.0)),
        ("cores", cores.to_string()),
        ("p", p(told.p)),
        ("told", format!("{:.2}", told.told_apart)),
        ("low", format!("{:.2}", told.between.0)),
        ("high", format!("{:.2}", told.between.1)),
        ("noticed", format!("{:.2}", told.noticed)),
        ("sets_table", markdown(&sets(evidence))),
        ("groups_table", markdown(&groups(evidence))),
        ("posts_table", markdown(&posts(evidence))),
        ("comparisons_table", markdown(&comparisons(evidence))),
    ];
    let mut page = PAGE.to_owned();
    for (name, said) in words {
        let place = format!("{{{name}}}");
        ensure!(page.contains(&place), "the page has no place for `{name}`");
        page = page.replace(&place, &said);
    }
    ensure!(!page.contains('{'), "a place of the page stayed empty");
    let write = |name: &str, text: &str| {
        let path = docs.join(name);
        fs::write(&path, text).with_context(|| path.display().to_string())
    };
    write("model-evidence.md", &page)?;
    write("images/model-evidence.svg", &plot::svg(evidence))
}

type Table = Vec<Vec<String>>;

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

fn sets(evidence: &Evidence) -> Table {
    let of = |what: &str, number: fn(&Evidence, Of) -> String| {
        row([what, &number(evidence, Of::Ungated), &number(evidence, Of::Gated)])
    };
    vec![
        row(["", "before anybody objected", "after"]),
        of("records of the corpus", |e, of| grouped(e.set(of).read)),
        of("records of the training set", |e, of| grouped(e.set(of).kept)),
        of("bytes that the model reads", |e, of| grouped(e.model(of).course.bytes as u64)),
        of("steps", |e, of| grouped(e.model(of).course.steps as u64)),
        of("bits a byte in the first epoch", |e, of| format!("{:.2}", e.model(of).course.bits[0])),
        of("bits a byte in the last epoch", |e, of| {
            format!("{:.2}", e.model(of).course.bits.last().unwrap_or(&f64::NAN))
        }),
        of("seconds of training", |e, of| format!("{:.0}", e.model(of).course.seconds)),
    ]
}

fn groups(evidence: &Evidence) -> Table {
    let mut table = vec![row([
        "phrases of which",
        "number",
        "median exposure before",
        "after",
        "completed before",
        "after",
    ])];
    for group in Group::ALL {
        let of = |of| format!("{:.1}", median(&evidence.exposure(of, group, None)));
        let done = |of| evidence.completed(of, group).to_string();
        let number = evidence.exposure(Of::Gated, group, None).len().to_string();
        table.push(row([
            group.about(),
            &number,
            &of(Of::Ungated),
            &of(Of::Gated),
            &done(Of::Ungated),
            &done(Of::Gated),
        ]));
    }
    table
}

/// Median exposure by how often a phrase was posted.
fn posts(evidence: &Evidence) -> Table {
    let choices = evidence.choices();
    let mut head = row(["phrases of which", "model"]);
    head.extend(choices.iter().map(|posts| match posts {
        1 => "posted once".to_owned(),
        posts => format!("{posts} times"),
    }));
    let mut table = vec![head];
    for group in [Group::Objected, Group::Stayed, Group::Quoted] {
        for (of, when) in [(Of::Ungated, "before"), (Of::Gated, "after")] {
            let mut cells = row([group.about(), when]);
            cells.extend(choices.iter().map(|posts| {
                format!("{:.1}", median(&evidence.exposure(of, group, Some(*posts))))
            }));
            table.push(cells);
        }
    }
    table
}

fn comparisons(evidence: &Evidence) -> Table {
    let mut table =
        vec![row(["against phrases that nobody wrote", "model", "told apart", "95 %", "p"])];
    for group in [Group::Objected, Group::Stayed, Group::Quoted] {
        for (of, when) in [(Of::Ungated, "before"), (Of::Gated, "after")] {
            let found = evidence.comparison(of, group);
            table.push(row([
                group.about(),
                when,
                &format!("{:.2}", found.told_apart),
                &format!("{:.2} to {:.2}", found.between.0, found.between.1),
                &p(found.p),
            ]));
        }
    }
    table
}

/// How often phrases are posted, in words.
fn choices(evidence: &Evidence) -> String {
    let words: Vec<String> = evidence.choices().iter().map(usize::to_string).collect();
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => words.concat(),
    }
}

/// A probability; below what the shuffles can tell, its bound.
fn p(p: f64) -> String {
    if p < 0.0001 {
        "below 0.0001".to_owned()
    } else if p < 0.01 {
        format!("{p:.4}")
    } else {
        format!("{p:.2}")
    }
}

fn markdown(table: &Table) -> String {
    let mut text = String::new();
    for (at, row) in table.iter().enumerate() {
        text.push_str(&format!("| {} |\n", row.join(" | ")));
        if at == 0 {
            text.push_str(&format!("|{}\n", "---|".repeat(row.len())));
        }
    }
    text.trim_end().to_owned()
}

/// With commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
