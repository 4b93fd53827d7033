//! `demur check`: every problem of the configuration, and of the files against it, at once.

use std::path::Path;

use serde_json::json;

use crate::config::{self, Problem};
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(path: &Path, out: Output) -> Result<(), Failure> {
    let mut problems = Vec::new();
    let mut summary = None;
    match config::load(path) {
        Ok(loaded) => {
            problems.extend(loaded.warnings);
            problems.extend(config::check_files(&loaded.config));
            summary = Some((loaded.config.corpora.len(), loaded.config.purposes.len()));
        }
        Err(found) => problems.extend(found),
    }
    let errors = problems.iter().filter(|p| p.is_error()).count();
    let warnings = problems.len() - errors;
    for problem in &problems {
        out.warn(&problem.to_string());
    }
    if errors > 0 {
        let text = if summary.is_none() {
            format!("{}; the files it names were not looked at yet", count(errors, "error"))
        } else {
            count(errors, "error")
        };
        return Err(Failure::input(text).with_json(json!({ "problems": shown(&problems) })));
    }
    let (corpora, purposes) = summary.unwrap_or_default();
    let words = format!(
        "{} is sound: {}, {}{}",
        path.display(),
        count(corpora, "corpus"),
        count(purposes, "purpose"),
        if warnings > 0 { format!(", {}", count(warnings, "warning")) } else { String::new() }
    );
    let json = json!({ "corpora": corpora, "purposes": purposes, "problems": shown(&problems) });
    out.result(&words, &json);
    Ok(())
}

fn count(n: usize, what: &str) -> String {
    match (n, what) {
        (1, _) => format!("1 {what}"),
        (_, "corpus") => format!("{n} corpora"),
        _ => format!("{n} {what}s"),
    }
}

fn shown(problems: &[Problem]) -> Vec<serde_json::Value> {
    let one = |p: &Problem| {
        json!({
            "severity": if p.is_error() { "error" } else { "warning" },
            "file": p.path,
            "line": p.line,
            "what": p.what,
            "fix": p.fix,
        })
    };
    problems.iter().map(one).collect()
}
