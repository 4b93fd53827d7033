//! Clocks: what nears its date is mailed to reviewers once a day, so that nothing lapses silently.
//!
//! The mail names cases by their numbers, and nobody. That it went out is noted in the transaction that
//! puts it on the desk, so that of several starts in a day one sends it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use demur_core::deadline::{SOON, Urgency};
use demur_notice::{Language, format};
use demur_register::desk::Drawer;
use demur_register::{Act, Error, OpenCase, QueueCounts, QueueFilter, Register};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::App;
use crate::mails::{self, MailKind};
use crate::registry::Failed;

/// Cases that a mail names one by one; the rest is counted.
const NAMED: usize = 50;
/// How often it is looked whether a new day has begun.
const PAUSE: Duration = Duration::from_secs(15 * 60);
/// Where the day of the last reminder lies on the desk.
const NAME: &[u8] = b"reminder";

/// Reminds reviewers once a day until `stop` is done.
pub async fn run(app: Arc<App>, stop: impl Future<Output = ()> + Send) {
    if app.settings.reminders.is_empty() {
        tracing::warn!("nobody is named who is reminded of cases that fall due");
    }
    let mut stop = pin!(stop);
    loop {
        if let Err(error) = remind(&app).await {
            tracing::error!(%error, "reviewers were not reminded");
        }
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Puts today's reminder on the desk, unless it was there today or nothing nears its date. Says how many
/// mails that made.
///
/// # Errors
/// Where the register cannot be read or written.
pub async fn remind(app: &App) -> Result<usize, Failed> {
    let zone = app.settings.zone();
    let now = app.now();
    let today = zone.to_datetime(now).date();
    let to = app.settings.reminders.clone();
    let is_done = move |register: &Register| register.item(Drawer::Bookmark, NAME);
    if to.is_empty()
        || app.registry.read(is_done).await?.is_some_and(|i| i.text == today.to_string())
    {
        return Ok(0);
    }
    let (counts, cases) = app.registry.read(move |register| due(register, now)).await?;
    let lines = lines(&counts, &cases);
    app.registry.act(move |act| put(act, today, &to, &lines)).await
}

/// What is overdue or soon will be.
fn due(register: &Register, now: Timestamp) -> Result<(QueueCounts, Vec<OpenCase>), Error> {
    let counts = register.queue_counts(&QueueFilter::default(), now)?;
    let mut cases = Vec::new();
    for urgency in [Urgency::Overdue, Urgency::DueSoon] {
        let filter = QueueFilter { urgency: Some(urgency), ..QueueFilter::default() };
        cases.extend(register.queue(&filter, now, None, NAMED - cases.len())?);
    }
    Ok((counts, cases))
}

/// The lines of the mail; none where nothing nears its date.
fn lines(counts: &QueueCounts, cases: &[OpenCase]) -> Vec<String> {
    let pressing = counts.overdue + counts.due_soon;
    if pressing == 0 {
        return Vec::new();
    }
    let number = |count| format::number(Language::ENGLISH, count);
    let mut lines = vec![
        format!("Overdue: {}", number(counts.overdue)),
        format!("Due within {SOON} days: {}", number(counts.due_soon)),
    ];
    lines.extend(cases.iter().map(|case| {
        let word = if case.urgency == Urgency::Overdue { "was due on" } else { "due on" };
        format!("Case {}: {word} {}", case.case, format::date(Language::ENGLISH, case.due))
    }));
    let rest = pressing - cases.len() as u64;
    if rest > 0 {
        lines.push(format!("And {} more", number(rest)));
    }
    lines
}

fn put(
    act: &mut Act<'_, '_>,
    today: Date,
    to: &[String],
    lines: &[String],
) -> Result<usize, Error> {
    let last = act.item(Drawer::Bookmark, NAME)?;
    if last.is_some_and(|item| item.text == today.to_string()) || lines.is_empty() {
        return Ok(0);
    }
    let at = act.at();
    act.put(Drawer::Bookmark, NAME, at, None, &today.to_string())?;
    for address in to {
        let mail = MailKind::Reminder { lines: lines.to_vec() };
        mails::put(act, address, Language::ENGLISH, mail)?;
    }
    Ok(to.len())
}
