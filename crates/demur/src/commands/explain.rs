//! `demur explain`: why this record is kept or dropped.

use demur_core::day::Zone;
use demur_core::rules::{self, Finding, Verdict};
use demur_corpus::expand;
use demur_corpus::rows::Reader;
use serde_json::{Value, json};

use crate::compile;
use crate::context::Context;
use crate::failure::Failure;

pub(crate) fn run(
    context: &Context,
    purpose: &str,
    corpus: &str,
    record: &str,
) -> Result<(), Failure> {
    let purpose = context.purpose(Some(purpose))?;
    let corpus = context.config.corpus(corpus)?;
    let register = context.register_to_judge()?;
    let kind = context.id_kind()?;
    let zone = Zone::named(&purpose.time_zone).map_err(Failure::input)?;
    let reader = Reader { columns: &corpus.columns, kind, zone: &zone };
    let (paths, format) = expand(&corpus.location, &context.config.folder)?;
    let mut found = Vec::new();
    for path in &paths {
        let here = reader.find(path, format, record)?;
        found.extend(here.into_iter().map(|(place, record)| (path, place, record)));
    }
    if found.is_empty() {
        return Err(Failure::input(format!(
            "no record \"{record}\" in corpus `{}`\n  hint: ids are looked for in column `{}`, as text",
            corpus.id, corpus.columns.record
        )));
    }
    let world = compile::world(context, &register, purpose, None, kind)?;
    let (mut words, mut json) = (Vec::new(), Vec::new());
    for (path, place, found) in &found {
        let (verdict, findings) = rules::explain(purpose, &world, found);
        let shown = path.strip_prefix(&context.config.folder).unwrap_or(path).display();
        words.push(format!("record {record}, {shown} {place}"));
        words.push(format!("  {}", sentence(&verdict)));
        words.extend(findings.iter().map(|finding| line(finding, &verdict)));
        json.push(json!({
            "file": shown.to_string(),
            "verdict": name(&verdict),
            "reason": reason(&verdict),
            "rules": findings,
        }));
    }
    context.out.result(&words.join("\n"), &json!({ "record": record, "found": json }));
    Ok(())
}

fn name(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Keep => "keep",
        Verdict::Redact(_) => "redact",
        Verdict::Drop(_) => "drop",
    }
}

fn reason(verdict: &Verdict) -> Value {
    match verdict {
        Verdict::Drop(reason) => json!(reason),
        _ => Value::Null,
    }
}

fn sentence(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Keep => "kept: no rule speaks against it".into(),
        Verdict::Redact(who) if who.len() == 1 => {
            "kept without the name of a person who objected".into()
        }
        Verdict::Redact(who) => {
            format!("kept without the names of {} people who objected", who.len())
        }
        Verdict::Drop(reason) => format!("dropped as {reason}: {}", reason.sentence()),
    }
}

fn line(finding: &Finding, verdict: &Verdict) -> String {
    let mark = match (finding.reason, verdict) {
        (Some(reason), Verdict::Drop(decided)) if reason == *decided => "►",
        (Some(_), _) => "✗",
        (None, _) => " ",
    };
    let answer = finding.reason.map_or("", |r| r.name());
    format!("  {mark} {:>2}  {:<60}{answer:<22} {}", finding.rule, finding.asks, finding.because)
}
