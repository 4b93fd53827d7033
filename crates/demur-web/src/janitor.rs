//! Clears the desk of what has lapsed: sessions, codes, one-time addresses, answers kept for repeats.
//! Nothing lapsed is ever honoured, cleared or not; but what is not needed is not kept.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use demur_register::desk::Drawer;

use crate::app::Shared;
use crate::guard::after;
use crate::lease;
use crate::registry::Failed;

/// What lapses by its due moment. Letters and mails are not among it: they wait until they are sent.
const LAPSING: [Drawer; 6] = [
    Drawer::Session,
    Drawer::Code,
    Drawer::Handover,
    Drawer::Answer,
    Drawer::Attempt,
    Drawer::Lease,
];

/// How long the desk is left alone.
const PAUSE: Duration = Duration::from_secs(600);

/// Clears the desk now and then, until `stop` is done. Of several processes one does so each time.
pub async fn keep_tidy(app: Shared, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        if let Err(error) = take_turn(&app).await {
            tracing::warn!(%error, "the desk could not be cleared");
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Clears the desk, unless somebody did so a moment ago: the lease is not given back, but left to lapse.
async fn take_turn(app: &Shared) -> Result<(), Failed> {
    let lease = lease::take(app, "janitor", after(app.now(), PAUSE)).await?;
    if lease.is_some() {
        tidy(app).await?;
    }
    Ok(())
}

/// Clears the desk once; returns how much went.
///
/// # Errors
/// Where the register cannot be written.
pub async fn tidy(app: &Shared) -> Result<u64, Failed> {
    let now = app.now();
    app.registry
        .act(move |act| LAPSING.into_iter().try_fold(0, |sum, d| Ok(sum + act.lapse(d, now)?)))
        .await
}
