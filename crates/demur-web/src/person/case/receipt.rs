//! The receipt of a case as a file; `docs/receipt.md` says how to check one.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::site::limits::{Limit, take_from};
use crate::site::problem::Problem;

use super::open::Opened;

/// Makes it anew, with a checkpoint of this moment.
pub(super) async fn download(opened: Opened) -> Result<Response, Problem> {
    // Proving reads the whole log.
    take_from(&opened.app, Limit::Receipts, opened.visitor.address).await?;
    let case = opened.case.summary.case;
    let receipt = opened.app.registry.read(move |register| register.receipt(&case)).await?;
    let receipt = receipt.ok_or(Problem::NotFound)?;
    let text = serde_json::to_string_pretty(&receipt).map_err(|_| Problem::Internal)?;
    let name = format!("attachment; filename=\"receipt-{case}.json\"");
    let headers = [(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, text).into_response())
}
