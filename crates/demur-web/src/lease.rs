//! Working beside other processes on the same register: what one has taken on, no other does, and what one
//! leaves undone because it died is taken on by another. See [`demur_register::lease`].

use std::time::Duration;

use demur_register::lease::{Hand, Lease};
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout_at};

use crate::app::{App, Shared};
use crate::guard::after;
use crate::registry::Failed;

/// How long a lease lasts. What a process left undone waits this long for another, and a register that a
/// large import keeps busy for less costs nobody a lease.
pub(crate) const LASTS: Duration = Duration::from_secs(30);
/// How often it is renewed.
const EVERY: Duration = Duration::from_secs(10);

/// Until when a lease that is taken now lasts.
pub(crate) fn until(app: &App) -> Timestamp {
    after(app.now(), LASTS)
}

/// Does `work` unless another process is at it; then there is nothing. Where the lease is lost meanwhile,
/// the work is dropped where it stands, for another does it.
///
/// # Errors
/// Where the register cannot be read or written before the work begins.
pub(crate) async fn alone<T>(
    app: &Shared,
    name: &str,
    work: impl Future<Output = T>,
) -> Result<Option<T>, Failed> {
    let begun = Instant::now();
    let Some(lease) = take(app, name, until(app)).await? else { return Ok(None) };
    let done = tokio::select! {
        biased;
        done = work => Some(done),
        () = lost(app, begun, Kept::Lease(lease.clone())) => None,
    };
    // Where this fails, it lapses.
    drop(app.registry.act(move |act| act.release(&lease)).await);
    Ok(done)
}

/// Takes a lease; nothing where another process has it.
pub(crate) async fn take(app: &App, name: &str, until: Timestamp) -> Result<Option<Lease>, Failed> {
    let (name, now) = (name.to_owned(), app.now());
    let wanted = name.clone();
    let is_free = move |register: &demur_register::Register| register.leased_until(&name, now);
    if app.registry.read(is_free).await?.is_some() {
        return Ok(None);
    }
    app.registry.act(move |act| act.lease(&wanted, until)).await
}

/// What is kept from lapsing.
#[derive(Clone)]
pub(crate) enum Kept {
    Lease(Lease),
    Hand(Hand),
}

/// Renews what was taken at `begun`, again and again; comes back once it is lost.
pub(crate) async fn lost(app: &App, begun: Instant, kept: Kept) {
    let mut end = begun + LASTS;
    loop {
        sleep(EVERY).await;
        let (asked, until, kept) = (Instant::now(), until(app), kept.clone());
        let renewed = app.registry.act(move |act| match &kept {
            Kept::Lease(lease) => act.renew(lease, until),
            Kept::Hand(hand) => act.keep(*hand, until).map(|kept| kept > 0),
        });
        match timeout_at(end, renewed).await {
            Ok(Ok(true)) => end = asked + LASTS,
            // It may be reached again before the end.
            Ok(Err(error)) if Instant::now() < end => {
                tracing::warn!(%error, "a lease was not renewed");
            }
            _ => {
                tracing::error!("a lease was lost; another process goes on with what was begun");
                return;
            }
        }
    }
}
