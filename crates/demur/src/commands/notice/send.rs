//! `demur notice send`: writing to people.

use demur_core::id::AccountId;
use demur_notice::dispatch::Stopped;
use demur_notice::post::SendError;
use serde_json::{Value, json};

use crate::cli::Send;
use crate::context::Context;
use crate::failure::Failure;
use crate::notices::sending::{Sent, send};
use crate::output::{grouped, table};

/// How many accounts a message lists; all are counted.
const LISTED: usize = 20;

pub(super) fn run(context: &Context, args: &Send) -> Result<(), Failure> {
    let purpose = context.purpose(Some(&args.purpose))?;
    let sent = send(context, purpose, args.limit, args.returned)?;
    for (accounts, what) in [
        (
            sent.refused.iter().map(|(id, _)| id).collect(),
            "the server refused for good to write to",
        ),
        (sent.bad_addresses.iter().collect::<Vec<_>>(), "the e-mail address cannot be read of"),
    ] {
        if !accounts.is_empty() {
            context.out.warn(&format!("warning: {what} {}", list(&accounts)));
        }
    }
    if !sent.mixed.is_empty() {
        let languages: Vec<String> = sent.mixed.iter().map(|language| language.endonym()).collect();
        context.out.warn(&format!(
            "warning: what the configuration says of the purpose is not, or not all, in {}\n  hint: write `translations` in the purpose",
            languages.join(", ")
        ));
    }
    let (words, json) = (words(&sent), json(&purpose.id, &sent));
    let unfinished = sent.totals.later + sent.totals.uncertain;
    match &sent.totals.stopped {
        Some(stopped) => {
            let text = format!("{stopped}\n  hint: {}\n{words}", hint(stopped));
            Err(match stopped {
                Stopped::Envelope(_) | Stopped::Post(SendError::Sender { .. }) => {
                    Failure::input(text)
                }
                _ => Failure::machine(text),
            }
            .with_json(json))
        }
        None if unfinished > 0 => Err(Failure::machine(format!(
            "{} mails could not be handed over yet\n  hint: run the same command again later, as servers put off whom they do not know\n{words}",
            grouped(unfinished)
        ))
        .with_json(json)),
        None => {
            context.out.result(&words, &json);
            Ok(())
        }
    }
}

fn hint(stopped: &Stopped) -> &'static str {
    match stopped {
        Stopped::Post(SendError::Sender { .. }) | Stopped::Envelope(_) => {
            "mend [mail] and run the same command again: it goes on where it stopped"
        }
        Stopped::Post(_) => {
            "mend the way for mails and run the same command again: nobody is left out, and nobody \
             gets two but for those under way, who can see that both are one"
        }
        Stopped::Refusals { .. } => {
            "ask the server why; then run the same command again, with --returned for those whom it \
             refused for good"
        }
    }
}

fn words(sent: &Sent) -> String {
    let totals = &sent.totals;
    let mut rows = vec![vec!["delivered".to_owned(), grouped(totals.delivered)]];
    for (what, count) in [
        ("refused for good", totals.refused),
        ("without an address that can be read", totals.no_address),
        ("put off by the server", totals.later),
        ("perhaps delivered: the connection broke", totals.uncertain),
    ] {
        if count > 0 {
            rows.push(vec![what.to_owned(), grouped(count)]);
        }
    }
    rows.push(vec!["still to be sent".to_owned(), grouped(sent.remaining)]);
    let table = table(&["", "mails"], &rows, 1);
    let told = format!("{} accounts were told", grouped(sent.told));
    match sent.resumed {
        0 => format!("{table}\n{told}"),
        n => format!(
            "{table}\n{told}; {} mails were under way when an earlier run ended, and bear the same message ids again",
            grouped(n)
        ),
    }
}

fn json(purpose: &str, sent: &Sent) -> Value {
    let totals = &sent.totals;
    let ids = |ids: &mut dyn Iterator<Item = &AccountId>| -> Vec<String> {
        ids.map(ToString::to_string).collect()
    };
    json!({
        "purpose": purpose,
        "delivered": totals.delivered,
        "told": sent.told,
        "refused": totals.refused,
        "later": totals.later,
        "uncertain": totals.uncertain,
        "resumed": sent.resumed,
        "remaining": sent.remaining,
        "refused_accounts": ids(&mut sent.refused.iter().map(|(id, _)| id)),
        "bad_addresses": ids(&mut sent.bad_addresses.iter()),
    })
}

fn list(accounts: &[&AccountId]) -> String {
    let shown: Vec<String> = accounts.iter().take(LISTED).map(ToString::to_string).collect();
    let more = accounts.len().saturating_sub(LISTED) as u64;
    let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
    let noun = if accounts.len() == 1 { "account" } else { "accounts" };
    format!("{noun} {}{more}", shown.join(", "))
}
