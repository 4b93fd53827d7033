//! The case page: where an objection stands, what it does, what was decided, and what the person can do.
//!
//! Two ways lead to it, with the same pages behind: the personal link of a letter (`/c/TOKEN`), and the
//! privacy centre for whoever is signed in (`/privacy/case/NUMBER`).

mod complain;
mod letter;
mod open;
mod page;
mod receipt;
mod recipients;
mod sets;
mod steps;

use axum::routing::{get, post};

use crate::routes::{Access, Route, act, show};

/// Its addresses.
pub(super) fn routes() -> Vec<Route> {
    vec![
        show("/c/{token}", Access::Public, get(page::show)),
        show("/c/{token}/letter/{number}", Access::Public, get(letter::show)),
        show("/c/{token}/receipt.json", Access::Public, get(receipt::download)),
        show("/c/{token}/withdraw", Access::Public, get(steps::ask)),
        act("/c/{token}/withdraw", Access::Public, post(steps::withdraw)),
        act("/c/{token}/again", Access::Public, post(steps::again)),
        show("/privacy/case/{case}", Access::Person, get(page::show)),
        show("/privacy/case/{case}/letter/{number}", Access::Person, get(letter::show)),
        show("/privacy/case/{case}/receipt.json", Access::Person, get(receipt::download)),
        show("/privacy/case/{case}/withdraw", Access::Person, get(steps::ask)),
        act("/privacy/case/{case}/withdraw", Access::Person, post(steps::withdraw)),
        act("/privacy/case/{case}/again", Access::Person, post(steps::again)),
    ]
}
