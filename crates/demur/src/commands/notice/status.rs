//! `demur notice status`: what was sent, what came back, who is left.

use std::collections::BTreeMap;

use demur_core::day::{self, Zone};
use serde_json::json;

use super::plan::standing_json;
use crate::context::Context;
use crate::failure::Failure;
use crate::notices::audience::{Stands, audience};
use crate::notices::sending::under_way;
use crate::output::{grouped, table};

pub(super) fn run(context: &Context, purpose: &str) -> Result<(), Failure> {
    let purpose = context.purpose(Some(purpose))?;
    let register = context.register_to_tell()?;
    let state = register.purpose_state(&purpose.id, None)?;
    let history = register.notice_history(&purpose.id)?;
    let audience = audience(context, purpose, &state, false)?;
    let sending = under_way(&register, purpose, context.id_kind()?)?.len() as u64;

    let zone = Zone::named(&purpose.time_zone).map_err(Failure::input)?;
    let mut days: BTreeMap<i32, (u64, u64)> = BTreeMap::new();
    let day = |at: &i64| zone.day(*at);
    for on in history.delivered.iter().filter_map(day) {
        days.entry(on).or_default().0 += 1;
    }
    for on in history.undelivered.iter().filter_map(day) {
        days.entry(on).or_default().1 += 1;
    }
    let name = |on: i32| day::to_date(on).map_or_else(String::new, |date| date.to_string());
    let row =
        |on: String, delivered: u64, returned: u64| vec![on, grouped(delivered), grouped(returned)];
    let mut rows: Vec<_> = days.iter().map(|(on, (d, r))| row(name(*on), *d, *r)).collect();
    let (delivered, returned) = (history.delivered.len() as u64, history.undelivered.len() as u64);
    rows.push(row("all days".into(), delivered, returned));
    let count = |stands| audience.accounts.get(&stands).copied().unwrap_or_default();
    let mut words = format!(
        "{}\naffected accounts: {} told, {} whose notice came back, {} still to be told ({} mails)",
        table(&["day", "delivered", "came back"], &rows, 1),
        grouped(count(Stands::Told)),
        grouped(count(Stands::Returned)),
        grouped(count(Stands::ToTell)),
        grouped(audience.addressees.len() as u64)
    );
    if sending > 0 {
        words += &format!(
            "\n{} mails are under way, or were when a run was interrupted; the next run sends those again",
            grouped(sending)
        );
    }
    let by_day: Vec<_> = days
        .iter()
        .map(|(on, (d, r))| json!({ "day": name(*on), "delivered": d, "returned": r }))
        .collect();
    let json = json!({
        "purpose": purpose.id,
        "days": by_day,
        "delivered": delivered,
        "returned": returned,
        "under_way": sending,
        "accounts": standing_json(&audience),
        "remaining": audience.addressees.len(),
    });
    context.out.result(&words, &json);
    Ok(())
}
