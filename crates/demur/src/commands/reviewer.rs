//! `demur reviewer`: who may use the console.

use std::io::BufRead;

use demur_register::Error;
use demur_web::{Role, staff};
use serde_json::{Value, json};

use crate::cli::{PasswordFrom, Reviewer, ReviewerRole};
use crate::context::{Context, now};
use crate::failure::Failure;
use crate::output::table;

pub(crate) fn run(context: &Context, command: &Reviewer) -> Result<(), Failure> {
    match command {
        Reviewer::Add { name, role, password } => add(context, name, *role, password),
        Reviewer::Password { name, password } => change(context, name, password),
        Reviewer::Remove { name } => remove(context, name),
        Reviewer::List => list(context),
    }
}

fn add(
    context: &Context,
    name: &str,
    role: ReviewerRole,
    password: &PasswordFrom,
) -> Result<(), Failure> {
    let mut register = context.register_to_tell()?;
    let role = match role {
        ReviewerRole::Reviewer => Role::Reviewer,
        ReviewerRole::Auditor => Role::Auditor,
    };
    let random = register.act(now(), |act| Ok((act.random(), act.random())))?;
    let (hash, made) = hashed(password, random)?;
    register.act(now(), |act| staff::add(act, name, role, &hash))?;
    say(context, &format!("{} may sign in to the console as {}", name.trim(), word(role)), made);
    Ok(())
}

fn change(context: &Context, name: &str, password: &PasswordFrom) -> Result<(), Failure> {
    let mut register = context.existing_register()?;
    let random = register.act(now(), |act| Ok((act.random(), act.random())))?;
    let (hash, made) = hashed(password, random)?;
    register.act(now(), |act| staff::set_password(act, name, &hash))?;
    let words = format!("{} has another password; every session has ended", name.trim());
    say(context, &words, made);
    Ok(())
}

fn remove(context: &Context, name: &str) -> Result<(), Failure> {
    let mut register = context.existing_register()?;
    register.act(now(), |act| staff::remove(act, name))?;
    let words = format!("{} may no longer sign in; every session has ended", name.trim());
    context.out.result(&words, &json!({ "name": name.trim() }));
    Ok(())
}

fn list(context: &Context) -> Result<(), Failure> {
    let accounts = staff::list(&context.existing_register()?)?;
    let rows: Vec<Vec<String>> = accounts
        .iter()
        .map(|account| {
            let since = account.added_at.strftime("%Y-%m-%d %H:%M").to_string();
            vec![account.name.clone(), word(account.role).to_owned(), since]
        })
        .collect();
    let json: Vec<Value> = accounts
        .iter()
        .map(|account| {
            let since = account.added_at.to_string();
            json!({ "name": account.name, "role": word(account.role), "added_at": since })
        })
        .collect();
    let words = if rows.is_empty() {
        "nobody may use the console yet; add someone with `demur reviewer add NAME`".to_owned()
    } else {
        table(&["name", "role", "since (UTC)"], &rows, 3)
    };
    context.out.result(&words, &json!({ "reviewers": json }));
    Ok(())
}

/// The hash of a password, and the password itself where it was made here.
fn hashed(
    password: &PasswordFrom,
    (salt, random): ([u8; 16], [u8; 24]),
) -> Result<(String, Option<String>), Failure> {
    if !password.password_stdin {
        let made = staff::password(random);
        return Ok((staff::hash(&made, salt)?, Some(made)));
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|e| Failure::input(format!("the password cannot be read from stdin: {e}")))?;
    let typed = line.trim_end_matches(['\r', '\n']);
    staff::hash(typed, salt).map(|hash| (hash, None)).map_err(|error| match error {
        Error::Invalid(why) => {
            Failure::input(format!("{why}\n  hint: it is the first line of stdin"))
        }
        other => other.into(),
    })
}

fn say(context: &Context, words: &str, made: Option<String>) {
    let (words, json) = match made {
        Some(made) => (
            format!("{words}\n  password: {made}\n  it is shown this once"),
            json!({ "said": words, "password": made }),
        ),
        None => (words.to_owned(), json!({ "said": words })),
    };
    context.out.result(&words, &json);
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Reviewer => "reviewer",
        Role::Auditor => "auditor",
    }
}
