//! `demur audit`: is what is in the training set what may be in it?

use std::path::Path;

use demur_corpus::audit::{Fault, Report, Request, audit};
use demur_corpus::manifest::Manifest;
use demur_register::Register;
use serde_json::json;

use crate::compile;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{grouped, table};

pub(crate) fn run(context: &Context, dir: &Path, list: usize) -> Result<(), Failure> {
    let register = context.existing_register()?;
    let dir = &demur_corpus::resolve(Path::new(""), dir);
    let (manifest, report) = check(context, &register, dir, list)?;
    let json = json!({
        "set": manifest.set,
        "clean": report.is_clean(),
        "complete": report.is_complete(),
        "hidden_records": manifest.hidden,
        "erased_records": manifest.erased,
        "report": report,
    });
    let words = words(&manifest, &report);
    if report.is_clean() {
        context.out.result(&words, &json);
        return Ok(());
    }
    for note in &report.unchecked {
        context.out.warn(&format!("not checked: {note}"));
    }
    Err(Failure::finding(words, json))
}

/// Audits a set against the register of today, and that of the day it was built.
pub(crate) fn check(
    context: &Context,
    register: &Register,
    dir: &Path,
    list: usize,
) -> Result<(Manifest, Report), Failure> {
    let (manifest, digest) = Manifest::read(dir)?;
    let known = register.training_set(&manifest.set)?;
    if known.is_none_or(|known| known.newest().manifest_digest != digest) {
        return Err(Failure::input(format!(
            "{}: the register does not know this training set with this manifest\n  hint: its manifest was changed, or it was built with another register",
            dir.display()
        )));
    }
    let Some(purpose) = register.purpose_by_digest(&manifest.purpose_digest)? else {
        return Err(Failure::input(format!(
            "{}: the register has no such version of purpose `{}`",
            dir.display(),
            manifest.purpose.id
        )));
    };
    let accounts = context.accounts()?;
    let kind = accounts.id_kind();
    let same_facts = accounts.digest()? == manifest.snapshot.accounts_digest;
    let now = compile::world(context, register, &purpose, None, kind)?;
    let then = if same_facts {
        let upto = Some(manifest.snapshot.register_size);
        Some(compile::world(context, register, &purpose, upto, kind)?)
    } else {
        None
    };
    let request = Request {
        set: dir,
        folder: &context.config.folder,
        kind,
        now: &now,
        then: then.as_ref(),
        list,
    };
    let mut report = audit(&request, &manifest)?;
    let configured = context.config.purposes.iter().find(|p| p.id == purpose.id);
    if configured.is_some_and(|p| p.digest() != manifest.purpose_digest) {
        let why = "the purpose has changed since; the set was judged by the version that it was built for";
        report.unchecked.push(why.into());
    }
    Ok((manifest, report))
}

/// What was found, in words.
pub(crate) fn words(manifest: &Manifest, report: &Report) -> String {
    let mut lines = vec![format!(
        "training set {}, built for {} at {}",
        manifest.set, manifest.purpose.id, manifest.committed_at
    )];
    lines.push(format!(
        "  {} records of the set and {} of the corpus judged again, one by one",
        grouped(report.records),
        grouped(report.judged_again)
    ));
    if manifest.hidden + manifest.erased > 0 {
        lines.push(format!(
            "  taken out since it was built: {} hidden, their bytes still in the files; {} erased",
            grouped(manifest.hidden),
            grouped(manifest.erased)
        ));
    }
    if report.is_clean() && report.is_complete() {
        lines.push(
            "  every record may be used, then and now; none is missing, none is foreign".into(),
        );
        return lines.join("\n");
    }
    if report.is_clean() {
        lines
            .push("  every record may be used today; not everything else could be checked:".into());
        lines.extend(report.unchecked.iter().map(|note| format!("    {note}")));
        return lines.join("\n");
    }
    lines.extend(report.files.iter().map(|file| format!("  {file}")));
    if !report.faults.is_empty() {
        let rows: Vec<Vec<String>> = report
            .faults
            .iter()
            .flat_map(|(fault, reasons)| {
                reasons.iter().map(|(reason, n)| {
                    vec![fault.sentence().to_owned(), reason.clone(), grouped(*n)]
                })
            })
            .collect();
        lines.push(table(&["not as it should be", "reason", "records"], &rows, 2));
        for finding in &report.findings {
            let record = finding.record.as_deref().unwrap_or("without id");
            let reason = finding.reason.map(|r| format!(": {}", r.sentence())).unwrap_or_default();
            lines.push(format!(
                "  {record} ({}) {}{reason}",
                finding.file,
                finding.fault.sentence()
            ));
        }
        let all: u64 =
            [Fault::NoLongerLawful, Fault::NeverLawful, Fault::Missing, Fault::Unaccounted]
                .into_iter()
                .map(|fault| report.count(fault))
                .sum();
        if all > report.findings.len() as u64 {
            lines.push(format!("  … {} in all; list more with --list", grouped(all)));
        }
        if report.count(Fault::NoLongerLawful) > 0 {
            lines.push(
                "  hint: `demur retract` takes them out; train on the version that it makes".into(),
            );
        }
    }
    lines.join("\n")
}
