//! `demur notice import`: deliveries that were made elsewhere.

use std::path::Path;

use demur_core::id::AccountId;
use demur_core::purpose::Purpose;
use demur_register::{NoticeSummary, Register};
use serde_json::json;

use crate::commands::objection::refuse_if_any;
use crate::context::{Context, now};
use crate::failure::Failure;
use crate::output::grouped;
use crate::tables;

pub(super) fn run(context: &Context, file: &Path, purpose: Option<&str>) -> Result<(), Failure> {
    let purpose = context.purpose(purpose)?;
    let mut register = context.register_to_tell()?;
    let summary = import(context, &mut register, file, purpose)?;
    let words = format!(
        "{}: {} deliveries recorded, {} known already",
        file.display(),
        grouped(summary.recorded as u64),
        grouped(summary.unchanged as u64)
    );
    let json = json!({ "recorded": summary.recorded, "unchanged": summary.unchanged });
    context.out.result(&words, &json);
    Ok(())
}

/// Imports a file of deliveries; rows may name another purpose of the configuration.
pub(crate) fn import(
    context: &Context,
    register: &mut Register,
    file: &Path,
    purpose: &Purpose,
) -> Result<NoticeSummary, Failure> {
    let kind = context.id_kind()?;
    let rows = tables::read(file, &["account_id", "delivered_at", "purpose"], 2)?;
    let (mut deliveries, mut problems) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in &rows {
        let delivery = || -> Result<(AccountId, jiff::Timestamp), String> {
            if let Some(other) = row.get(2).filter(|p| *p != purpose.id) {
                return Err(format!(
                    "it is about purpose \"{other}\"; import such rows with --purpose {other}"
                ));
            }
            let account = row.account(0, kind)?.ok_or("`account_id` is empty")?;
            let at = tables::moment(row.need(1, "delivered_at")?)
                .map_err(|e| format!("`delivered_at`: {e}"))?;
            Ok((account, at))
        };
        match delivery() {
            Ok(delivery) => deliveries.push(delivery),
            Err(problem) => problems.push(format!("{}:{}: {problem}", file.display(), row.line)),
        }
    }
    refuse_if_any(&problems)?;
    Ok(register.record_notices(&purpose.id, deliveries, now())?)
}
