//! Clears the desk of what has lapsed: sessions, codes, one-time addresses, answers kept for repeats.
//! Nothing lapsed is ever honoured, cleared or not; but what is not needed is not kept.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use demur_register::desk::Drawer;

use crate::app::Shared;
use crate::registry::Failed;

/// What lapses by its due moment. Letters and mails are not among it: they wait until they are sent.
const LAPSING: [Drawer; 5] =
    [Drawer::Session, Drawer::Code, Drawer::Handover, Drawer::Answer, Drawer::Attempt];

/// How long the desk is left alone.
const PAUSE: Duration = Duration::from_secs(600);

/// Clears the desk now and then, until `stop` is done.
pub async fn keep_tidy(app: Shared, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        if let Err(error) = tidy(&app).await {
            tracing::warn!(%error, "the desk could not be cleared");
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
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
