//! `demur recipient`: what recipients of data have not taken (Art. 19), and trying it anew.

use demur_register::event::News;
use demur_web::webhooks::{self, Backlog};
use serde_json::{Value, json};

use crate::cli::Recipient;
use crate::context::{Context, now};
use crate::failure::Failure;
use crate::output::{grouped, table};

/// How many lines are shown of what waits.
const SHOWN: usize = 50;

pub(crate) fn run(context: &Context, command: &Recipient) -> Result<(), Failure> {
    match command {
        Recipient::List => list(context),
        Recipient::Replay { recipient } => replay(context, recipient.as_deref()),
    }
}

fn list(context: &Context) -> Result<(), Failure> {
    let mut all = webhooks::backlog(&context.existing_register()?)?;
    // What somebody must look at comes first.
    all.sort_by_key(|one| (!one.given_up, one.at));
    let rows: Vec<Vec<String>> = all.iter().take(SHOWN).map(row).collect();
    let given_up = all.iter().filter(|one| one.given_up).count();
    let mut words = match rows.as_slice() {
        [] => "every recipient has taken everything".to_owned(),
        rows => table(&["recipient", "case", "to tell", "state", "tried", "why"], rows, 6),
    };
    if all.len() > SHOWN {
        let more = grouped((all.len() - SHOWN) as u64);
        words.push_str(&format!("\n  and {more} more; --json has them all"));
    }
    if given_up > 0 {
        let count = grouped(given_up as u64);
        words.push_str(&format!(
            "\n  cases given up: {count}; once the recipient answers again: demur recipient replay"
        ));
    }
    let json: Vec<Value> = all.iter().map(described).collect();
    context.out.result(&words, &json!({ "backlog": json }));
    Ok(())
}

fn replay(context: &Context, recipient: Option<&str>) -> Result<(), Failure> {
    let mut register = context.existing_register()?;
    let revived = webhooks::replay(&mut register, recipient, now())?;
    let words =
        format!("cases to be told anew: {}; the running site sends them", grouped(revived as u64));
    context.out.result(&words, &json!({ "replayed": revived }));
    Ok(())
}

fn row(one: &Backlog) -> Vec<String> {
    let at = one.at.strftime("%Y-%m-%d %H:%M UTC");
    let state = if one.given_up { format!("given up {at}") } else { format!("next {at}") };
    vec![
        one.recipient.clone(),
        one.case.to_string(),
        one.news.iter().map(|news| name(*news)).collect::<Vec<_>>().join(", "),
        state,
        one.attempts.to_string(),
        one.why.clone().unwrap_or_default(),
    ]
}

fn described(one: &Backlog) -> Value {
    json!({
        "recipient": one.recipient,
        "case": one.case.to_string(),
        "news": one.news,
        "attempts": one.attempts,
        "why": one.why,
        "given_up": one.given_up,
        "at": one.at.to_string(),
    })
}

fn name(news: News) -> &'static str {
    match news {
        News::Restricted => "restricted",
        News::Erased => "erased",
        News::Lifted => "lifted",
    }
}
