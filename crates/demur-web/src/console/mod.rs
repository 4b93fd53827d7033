//! The console: where reviewers decide cases, and auditors look on. English only; the letters that go out
//! from here are in the person's language.
//!
//! Whoever opens a case is noted in the register before the page is shown. Lists show no person's data,
//! so that they need no such note.

mod bulk;
mod case;
mod decide;
mod dossier;
mod filter;
mod found;
mod mails;
mod pages;
mod plan;
mod preview;
mod queue;
mod refusal;
mod search;
mod sets;
mod sign_in;
mod words;

use axum::response::Response;
use axum::routing::{get, post};
use demur_register::CaseId;

pub use bulk::{resume, run};
pub(crate) use sign_in::failed;

use crate::app::App;
use crate::guard::{Role, Visitor};
use crate::routes::{Access, Route, act, show};
use crate::site::assets;
use crate::site::problem::Problem;

/// Its addresses.
pub(crate) fn routes() -> Vec<Route> {
    use Access::{Decide, Public, Read};
    vec![
        show("/console.css", Public, get(assets::console_style)),
        show("/console.js", Public, get(assets::console_script)),
        show("/console/sign-in", Public, get(sign_in::show)),
        act("/console/sign-in", Public, post(sign_in::act)),
        act("/console/sign-out", Read, post(sign_in::out)),
        show("/console", Read, get(queue::show)),
        show("/console/search", Read, get(search::show)),
        show("/console/case/{case}", Read, get(case::show)),
        act("/console/case/{case}/review", Decide, post(decide::review)),
        show("/console/case/{case}/extend", Decide, get(plan::extension)),
        show("/console/case/{case}/refuse", Decide, get(refusal::form)),
        act("/console/case/{case}/preview", Decide, post(plan::preview)),
        act("/console/case/{case}/approve", Decide, post(decide::approve)),
        act("/console/case/{case}/extend", Decide, post(decide::extend)),
        act("/console/case/{case}/refuse", Decide, post(decide::refuse)),
        act("/console/case/{case}/records", Decide, post(found::add)),
        act("/console/case/{case}/take-back", Decide, post(decide::take_back)),
        act("/console/case/{case}/told", Decide, post(decide::told)),
        act("/console/case/{case}/again", Decide, post(decide::once_more)),
        act("/console/bulk", Decide, post(bulk::confirm)),
        act("/console/bulk/start", Decide, post(bulk::start)),
        show("/console/bulk/{job}", Read, get(bulk::progress)),
        show("/console/mails", Read, get(mails::show)),
        show("/console/record", Read, get(pages::record)),
        show("/console/training-sets", Read, get(sets::training_sets)),
    ]
}

/// What the template `console/base.html` needs; every page of the console has one.
struct Bar {
    /// The page's title, which is its first heading as well.
    title: String,
    /// Which entry of the navigation this is.
    here: &'static str,
    /// Who is signed in; empty for nobody.
    name: String,
    /// Whether they may decide.
    may_decide: bool,
    /// How many mails could not be sent yet.
    failed: u64,
}

impl Bar {
    /// The frame of a page for whoever is signed in.
    async fn new(
        app: &App,
        visitor: &Visitor,
        here: &'static str,
        title: impl Into<String>,
    ) -> Result<Self, Problem> {
        let (name, may_decide) = match visitor.staff() {
            Some((name, role)) => (name.to_owned(), role == Role::Reviewer),
            None => (String::new(), false),
        };
        let failed = app.registry.read(mails::count_failed).await?;
        Ok(Bar { title: title.into(), here, name, may_decide, failed })
    }

    /// The frame of a page for nobody in particular.
    fn outside(title: impl Into<String>) -> Self {
        let (title, name) = (title.into(), String::new());
        Bar { title, here: "sign-in", name, may_decide: false, failed: 0 }
    }

    /// Says which entry of the navigation is the page itself.
    fn current(&self, entry: &str) -> &'static str {
        if self.here == entry { " aria-current=\"page\"" } else { "" }
    }
}

/// The name of whoever is signed in.
fn signed_in(visitor: &Visitor) -> Result<String, Problem> {
    visitor.staff().map(|(name, _)| name.to_owned()).ok_or(Problem::Forbidden)
}

/// A case's number in an address; what is none leads nowhere.
fn number(text: &str) -> Result<CaseId, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

/// Back to a case's page, at what happened.
fn to_case(case: CaseId, done: &str) -> Response {
    crate::guard::see_other(&format!("/console/case/{case}?done={done}"))
}
