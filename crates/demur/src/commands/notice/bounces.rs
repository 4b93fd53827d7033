//! `demur notice bounces`: reports on mails that did not arrive.

use std::path::Path;

use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;
use crate::notices::returns::{Reports, mark};
use crate::output::grouped;

pub(super) fn run(context: &Context, purpose: &str, path: &Path) -> Result<(), Failure> {
    let purpose = context.purpose(Some(purpose))?;
    let reports = Reports::read(path)?;
    let mut register = context.register_to_tell()?;
    let marked = mark(context, &mut register, purpose, &reports)?;
    for (file, error) in &reports.unreadable {
        context.out.warn(&format!("warning: {}: cannot be read: {error}", file.display()));
    }
    let words = format!(
        "{} files read, {} without a delivery report\n{} mails did not arrive: {} accounts count as not told from now on; {} reports were known, {} match nobody\n{} reports on mails that were delayed or delivered change nothing",
        grouped(reports.files),
        grouped(reports.without),
        grouped(reports.failed),
        grouped(marked.accounts),
        grouped(marked.known),
        grouped(marked.nobody),
        grouped(reports.other)
    );
    let unreadable: Vec<_> = reports.unreadable.iter().map(|(file, _)| file).collect();
    let json = json!({
        "purpose": purpose.id,
        "files": reports.files,
        "without_report": reports.without,
        "failed": reports.failed,
        "accounts": marked.accounts,
        "known": marked.known,
        "nobody": marked.nobody,
        "other": reports.other,
        "unreadable": unreadable,
    });
    if unreadable.is_empty() {
        context.out.result(&words, &json);
        return Ok(());
    }
    Err(Failure::finding(
        format!("{words}\n{} files could not be read: see above", grouped(unreadable.len() as u64)),
        json,
    ))
}
