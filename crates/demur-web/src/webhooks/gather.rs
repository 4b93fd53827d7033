//! From the log into the queues.

use demur_register::desk::Drawer;
use demur_register::{Act, CaseNews, Error, Register};

use crate::app::Shared;
use crate::registry::Failed;
use crate::webhooks::queue;

/// How many events are looked at together.
const EVENTS: u64 = 500;

/// Whether the log has grown since a recipient's queues were filled.
pub(super) async fn is_behind(app: &Shared, recipient: &str) -> Result<bool, Failed> {
    let name = bookmark(recipient);
    let is_behind = move |register: &Register| {
        let from = place(register.item(Drawer::Bookmark, &name)?.map(|item| item.text));
        Ok(register.size()? > from)
    };
    app.registry.read(is_behind).await
}

/// Queues what a recipient was not told yet, up to about `most` messages. Says whether there was any.
pub(super) async fn gather(app: &Shared, recipient: &str, most: usize) -> Result<bool, Failed> {
    let mut gathered = 0;
    loop {
        let bookmark = bookmark(recipient);
        let name = bookmark.clone();
        let (from, mut news, next) = app
            .registry
            .read(move |register| {
                let from = place(register.item(Drawer::Bookmark, &name)?.map(|item| item.text));
                let (news, next) = register.news_since(from, EVENTS)?;
                Ok((from, news, next))
            })
            .await?;
        if next == from {
            return Ok(gathered > 0);
        }
        news.retain(|news| app.settings.recipients_of(&news.purpose).any(|r| r.id == recipient));
        let recipient = recipient.to_owned();
        let queued =
            app.registry.act(move |act| enqueue(act, &recipient, &bookmark, from, news, next));
        gathered += queued.await?;
        if gathered >= most {
            return Ok(true);
        }
    }
}

/// Queues news and moves the bookmark, unless another process was faster. Returns how much was queued.
fn enqueue(
    act: &mut Act<'_, '_>,
    recipient: &str,
    bookmark: &[u8],
    from: u64,
    news: Vec<CaseNews>,
    next: u64,
) -> Result<usize, Error> {
    let at = place(act.item(Drawer::Bookmark, bookmark)?.map(|item| item.text));
    if at != from {
        return Ok(0);
    }
    let mut queued = 0;
    for news in news {
        // Whoever was erased meanwhile is not brought back to the desk.
        let is_known = match &news.account {
            Some(account) => act.knows(account)?,
            None => true,
        };
        if is_known {
            queue::push(act, recipient, &news)?;
            queued += 1;
        }
    }
    let now = act.at();
    act.put(Drawer::Bookmark, bookmark, now, None, &next.to_string())?;
    Ok(queued)
}

/// Where it is kept up to which place of the log a recipient was told.
fn bookmark(recipient: &str) -> Vec<u8> {
    format!("webhook/{recipient}").into_bytes()
}

/// The place; whoever was never told anything is told everything.
fn place(kept: Option<String>) -> u64 {
    kept.and_then(|text| text.parse().ok()).unwrap_or(0)
}
