//! What holds for many accounts at once, for systems that cannot wait for a snapshot.

use axum::Json;
use axum::extract::State;
use demur_core::id::AccountId;
use demur_core::objection::Scopes;
use demur_register::InForce;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::Body;
use crate::api::key::Caller;
use crate::api::objections::account;
use crate::api::problem::{ApiProblem, FieldError};
use crate::api::view::Scope;
use crate::app::{App, Shared};

/// How many accounts one request asks about at most.
const MOST: usize = 10_000;

/// A question about accounts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    /// For which purpose.
    #[schema(example = "assistant-training")]
    purpose: String,
    /// The accounts, as the platform writes their ids.
    #[schema(max_items = 10_000)]
    accounts: Vec<String>,
}

/// What holds for accounts.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountsAnswer {
    /// The purpose.
    purpose: String,
    /// When this was so.
    #[schema(format = DateTime)]
    at: String,
    /// One for each account asked about, in the same order.
    accounts: Vec<AccountState>,
}

/// What holds for one account.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountState {
    /// The account, as it was asked about.
    account: String,
    /// The strongest that holds for it.
    state: Holds,
    /// What undecided objections cover.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    restricted: Vec<Scope>,
    /// What approved objections cover.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    objected: Vec<Scope>,
}

/// What holds for an account. Only `none` is no objection to using its data, and it does not mean that
/// the data may be used: age, region, status and notice are for the gate to judge.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Holds {
    /// The account facts list it, and no objection of its person is in force.
    None,
    /// Nothing is known of the account, or it is no account id: use none of its data.
    Unknown,
    /// An objection is undecided: the data is stored and not used.
    Restricted,
    /// An objection is approved: the data is not used.
    Objected,
}

/// Says what holds for accounts.
///
/// An objection of a person holds for all of their accounts. An account without facts is `unknown`, and
/// never `none`, so that whoever is not listed stays out. Objections to single records are not part of
/// the answer; a snapshot has them.
#[utoipa::path(
    post,
    path = "/api/v1/accounts/check",
    tag = "Accounts",
    operation_id = "checkAccounts",
    security(("key" = ["accounts:check"])),
    request_body = Question,
    responses(
        (status = 200, description = "What holds for each of them", body = AccountsAnswer),
        super::NotAdmitted, super::NotAccepted,
    ),
)]
pub(crate) async fn check(
    State(app): State<Shared>,
    _: Caller,
    body: Body<Question>,
) -> Result<Json<AccountsAnswer>, ApiProblem> {
    let Question { purpose, accounts } = body.said;
    let mut errors = Vec::new();
    let mut wrong = |pointer: &str, detail: &str| {
        errors.push(FieldError { pointer: pointer.into(), detail: detail.into() });
    };
    if app.settings.purpose(&purpose).is_none() {
        wrong("#/purpose", "there is no such purpose");
    }
    if accounts.len() > MOST {
        wrong("#/accounts", "ask about at most 10,000 accounts at once");
    }
    if !errors.is_empty() {
        return Err(ApiProblem::fields(errors));
    }
    let at = app.now().to_string();
    let people: Vec<Known> = accounts.iter().map(|text| Known::of(&app, text)).collect();
    let asked = purpose.clone();
    let (people, found) = app
        .registry
        .read(move |register| {
            let accounts: Vec<_> = people.iter().map(|known| known.accounts.as_slice()).collect();
            let found = register.in_force(&asked, &accounts)?;
            Ok((people, found))
        })
        .await?;
    let accounts = accounts.into_iter().zip(people.iter().zip(found));
    let accounts = accounts.map(|(account, (known, found))| known.state(account, found)).collect();
    Ok(Json(AccountsAnswer { purpose, at, accounts }))
}

/// An account as far as the account facts say.
struct Known {
    is_listed: bool,
    accounts: Vec<AccountId>,
}

impl Known {
    fn of(app: &App, text: &str) -> Self {
        let Some(account) = account(app, text) else {
            return Known { is_listed: false, accounts: Vec::new() };
        };
        match app.directory.person(&account) {
            Some(person) => Known { is_listed: true, accounts: person.accounts },
            // It may have objected all the same.
            None => Known { is_listed: false, accounts: vec![account] },
        }
    }

    fn state(&self, account: String, found: InForce) -> AccountState {
        let InForce { restricted, objected } = found;
        let state = match (objected == Scopes::NONE, restricted == Scopes::NONE, self.is_listed) {
            (false, ..) => Holds::Objected,
            (true, false, _) => Holds::Restricted,
            (true, true, true) => Holds::None,
            (true, true, false) => Holds::Unknown,
        };
        AccountState {
            account,
            state,
            restricted: Scope::list(restricted),
            objected: Scope::list(objected),
        }
    }
}
