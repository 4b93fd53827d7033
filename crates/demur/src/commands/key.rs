//! `demur key`: who may use the programming interface, and for what.

use std::time::Duration;

use demur_web::api::key::{self, KeyScope, KnownKey};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::Key;
use crate::context::{Context, now};
use crate::failure::Failure;
use crate::output::table;

const DAY: u64 = 24 * 60 * 60;

pub(crate) fn run(context: &Context, command: &Key) -> Result<(), Failure> {
    match command {
        Key::Add { name, scopes, days } => add(context, name, scopes, *days),
        Key::List => list(context),
        Key::Revoke { name } => revoke(context, name),
    }
}

fn add(
    context: &Context,
    name: &str,
    scopes: &[KeyScope],
    days: Option<u32>,
) -> Result<(), Failure> {
    let mut register = context.register_to_tell()?;
    let lasts = days.map(|days| Duration::from_secs(u64::from(days) * DAY));
    let made = key::add(&mut register, name, scopes, lasts, now())?;
    let known = key::list(&register)?.into_iter().find(|known| known.name == name);
    let mut json = known.as_ref().map_or_else(|| json!({}), described);
    json["key"] = made.clone().into();
    let words = format!(
        "{made}\n  keep it where only the system \"{name}\" can read it: it is not shown again"
    );
    context.out.result(&words, &json);
    Ok(())
}

fn list(context: &Context) -> Result<(), Failure> {
    let known = key::list(&context.existing_register()?)?;
    let rows: Vec<Vec<String>> = known
        .iter()
        .map(|key| {
            let expires = key.expires.map_or_else(|| "never".to_owned(), |at| day(key, at));
            vec![key.name.clone(), names(key).join(", "), date(key.created), expires]
        })
        .collect();
    let words = match rows.as_slice() {
        [] => "there are no keys; make one with demur key add".to_owned(),
        rows => table(&["name", "may", "made", "expires"], rows, 4),
    };
    let json: Vec<Value> = known.iter().map(described).collect();
    context.out.result(&words, &json!({ "keys": json }));
    Ok(())
}

fn revoke(context: &Context, name: &str) -> Result<(), Failure> {
    let mut register = context.existing_register()?;
    if !key::revoke(&mut register, name, now())? {
        return Err(Failure::input(format!(
            "there is no key named \"{name}\"\n  hint: demur key list shows those there are"
        )));
    }
    context.out.result(&format!("the key \"{name}\" is void"), &json!({ "revoked": name }));
    Ok(())
}

fn described(key: &KnownKey) -> Value {
    json!({
        "name": key.name,
        "scopes": names(key),
        "created": key.created.to_string(),
        "expires": key.expires.map(|at| at.to_string()),
    })
}

fn names(key: &KnownKey) -> Vec<&'static str> {
    key.scopes.iter().map(|scope| scope.name()).collect()
}

fn day(key: &KnownKey, at: Timestamp) -> String {
    let over = if key.expires.is_some_and(|at| at <= now()) { ", over" } else { "" };
    format!("{}{over}", date(at))
}

fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
