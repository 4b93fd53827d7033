//! Every address of the site, and who may go there. A test walks this list and fails where an address
//! lets in whom it should not.

use axum::http::Method;
use axum::routing::{MethodRouter, get};

use crate::api::key::KeyScope;
use crate::app::Shared;
use crate::site::assets;
use crate::{api, console, figures, oidc, ops, person};

/// Who may use an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// People who are signed in.
    Person,
    /// Reviewers and auditors.
    Read,
    /// Reviewers.
    Decide,
    /// Software with a key of this scope.
    Key(KeyScope),
}

/// One address.
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// Where, as the router writes it.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    pub(crate) handler: MethodRouter<Shared>,
}

/// All of them.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut all = vec![
        show("/style.css", Access::Public, get(assets::style)),
        show("/icon.svg", Access::Public, get(assets::icon)),
        show("/form.css", Access::Public, get(assets::form_style)),
    ];
    all.extend(person::routes());
    all.extend(oidc::routes());
    all.extend(figures::routes());
    all.extend(console::routes());
    all.extend(api::routes());
    all.extend(ops::routes());
    all
}

/// An address that shows something.
pub(crate) fn show(path: &'static str, access: Access, handler: MethodRouter<Shared>) -> Route {
    Route { method: Method::GET, path, access, handler }
}

/// An address that does something.
pub(crate) fn act(path: &'static str, access: Access, handler: MethodRouter<Shared>) -> Route {
    Route { method: Method::POST, path, access, handler }
}
