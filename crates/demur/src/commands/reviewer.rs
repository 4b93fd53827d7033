//! `demur reviewer`: who may use the console with a local account.

use std::io::Read;

use demur_register::Register;
use demur_web::{Role, staff};
use serde_json::{Value, json};

use crate::cli::{Reviewer, RoleName};
use crate::context::{Context, now};
use crate::failure::Failure;
use crate::output::table;

pub(crate) fn run(context: &Context, command: &Reviewer) -> Result<(), Failure> {
    match command {
        Reviewer::Add { name, role, password_stdin } => {
            let mut register = context.register_to_tell()?;
            let role = Role::from(*role);
            let made = add(&mut register, name, role, given(*password_stdin)?)?;
            let mut words = format!("{name} may use the console as {}", role_name(role));
            let mut json = json!({ "name": name, "role": role_name(role) });
            tell(&mut words, &mut json, made);
            context.out.result(&words, &json);
            Ok(())
        }
        Reviewer::Password { name, password_stdin } => {
            let mut register = context.existing_register()?;
            let (password, made) = choose(&mut register, given(*password_stdin)?)?;
            let hash = hashed(&mut register, &password)?;
            register.act(now(), |act| staff::set_password(act, name, &hash))?;
            let mut words = format!("{name} has a new password, and is signed out everywhere");
            let mut json = json!({ "name": name });
            tell(&mut words, &mut json, made);
            context.out.result(&words, &json);
            Ok(())
        }
        Reviewer::List => list(context),
        Reviewer::Remove { name } => {
            let mut register = context.existing_register()?;
            register.act(now(), |act| staff::remove(act, name))?;
            let words = format!("{name} may no longer use the console, and is signed out");
            context.out.result(&words, &json!({ "removed": name }));
            Ok(())
        }
    }
}

/// Adds an account. Returns the password where one was made up.
pub(crate) fn add(
    register: &mut Register,
    name: &str,
    role: Role,
    given: Option<String>,
) -> Result<Option<String>, Failure> {
    let (password, made) = choose(register, given)?;
    let hash = hashed(register, &password)?;
    register.act(now(), |act| staff::add(act, name, role, &hash))?;
    Ok(made)
}

/// The password given, or one that is made up, which is also what is shown.
fn choose(
    register: &mut Register,
    given: Option<String>,
) -> Result<(String, Option<String>), Failure> {
    match given {
        Some(password) => Ok((password, None)),
        None => {
            let random = register.act(now(), |act| Ok(act.random()))?;
            let password = staff::password(random);
            Ok((password.clone(), Some(password)))
        }
    }
}

fn hashed(register: &mut Register, password: &str) -> Result<String, Failure> {
    let salt = register.act(now(), |act| Ok(act.random()))?;
    Ok(staff::hash(password, salt)?)
}

fn given(from_stdin: bool) -> Result<Option<String>, Failure> {
    if !from_stdin {
        return Ok(None);
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|e| Failure::input(format!("the password could not be read from stdin: {e}")))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn tell(words: &mut String, json: &mut Value, made: Option<String>) {
    if let Some(password) = made {
        words.push_str(&format!("\n  password: {password}\n  it is not shown again"));
        json["password"] = password.into();
    }
}

fn list(context: &Context) -> Result<(), Failure> {
    let known = staff::list(&context.existing_register()?)?;
    let rows: Vec<Vec<String>> = known
        .iter()
        .map(|account| {
            let since = account.added_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
            vec![account.name.clone(), role_name(account.role).to_owned(), since]
        })
        .collect();
    let words = match rows.as_slice() {
        [] => "nobody has a local account; make one with demur reviewer add".to_owned(),
        rows => table(&["name", "role", "since"], rows, 3),
    };
    let described = known.iter().map(|account| {
        json!({
            "name": account.name,
            "role": role_name(account.role),
            "added_at": account.added_at.to_string(),
        })
    });
    let json: Vec<Value> = described.collect();
    context.out.result(&words, &json!({ "reviewers": json }));
    Ok(())
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Reviewer => "reviewer",
        Role::Auditor => "auditor",
    }
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Reviewer => Role::Reviewer,
            RoleName::Auditor => Role::Auditor,
        }
    }
}
