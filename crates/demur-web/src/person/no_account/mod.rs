//! Objecting without an account: an e-mail code, then one form.
//!
//! Nothing here tells whether an account has an address: the code goes to whichever was typed, and the
//! answer is the same. Nobody is asked who they are beyond that (Art. 11, 12(6)).

mod code;
mod desk;
mod form;
mod limit;
mod objections;
mod request;
mod start;

use axum::routing::{get, post};

use crate::routes::{Access, Route, act, show};

/// Where it begins.
const START: &str = "/privacy/no-account";

/// Its addresses.
pub(super) fn routes() -> Vec<Route> {
    vec![
        show(START, Access::Public, get(start::show)),
        act("/privacy/no-account/code", Access::Public, post(start::send)),
        show("/privacy/no-account/code/{ticket}", Access::Public, get(code::show)),
        act("/privacy/no-account/code/{ticket}", Access::Public, post(code::enter)),
        act("/privacy/no-account/code/{ticket}/again", Access::Public, post(code::again)),
        show("/privacy/no-account/form/{ticket}", Access::Public, get(request::show)),
        act("/privacy/no-account/form/{ticket}", Access::Public, post(request::send)),
        show("/privacy/no-account/done/{ticket}", Access::Public, get(request::done)),
    ]
}
