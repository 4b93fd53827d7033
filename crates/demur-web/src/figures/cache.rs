//! The figures as they were counted last. Counting reads the whole log, so it is done at most once a
//! minute, and once for all who ask meanwhile: the page cannot be used to keep the register busy.

use std::sync::Arc;

use demur_core::day::Zone;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::publish::{LEAST_LIMIT, Published, Told};
use crate::app::{App, Shared};
use crate::registry::Failed;
use crate::site::problem::Problem;

/// How long figures are good.
const LASTS: SignedDuration = SignedDuration::from_secs(60);
/// How long after a failure it is not tried again.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// What was counted last, and when that was tried.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Option<(Timestamp, Option<Arc<Published>>)>>);

/// The figures, counted anew where they are old.
pub(super) async fn published(app: &Shared) -> Result<Arc<Published>, Problem> {
    let app = Arc::clone(app);
    // A task of its own: who leaves before it is done does not make the next one begin again.
    let counted = tokio::spawn(async move {
        let mut held = app.figures.0.lock().await;
        let now = app.now();
        if let Some((at, known)) = &*held {
            let lasts = if known.is_some() { LASTS } else { PAUSE };
            if now < *at + lasts {
                return known.clone().ok_or(Problem::Unavailable);
            }
        }
        let counted = count(&app, now).await.map(Arc::new);
        *held = Some((now, counted.as_ref().ok().cloned()));
        counted.map_err(Problem::from)
    });
    counted.await.unwrap_or(Err(Problem::Internal))
}

async fn count(app: &App, now: Timestamp) -> Result<Published, Failed> {
    let limit = app.settings.small_counts.max(LEAST_LIMIT);
    let purposes = app.settings.purposes.iter();
    let asked: Vec<(String, String)> =
        purposes.map(|p| (p.purpose.id.clone(), p.purpose.time_zone.clone())).collect();
    app.registry
        .read(move |register| {
            let mut purposes = Vec::with_capacity(asked.len());
            for (purpose, name) in asked {
                let zone = Zone::named(&name).map_err(demur_register::Error::Invalid)?;
                let figures = register.figures(&purpose, &zone)?;
                let today = zone.time_zone().to_datetime(now).date();
                purposes.push(Told::of(&purpose, &name, &figures, today, limit));
            }
            Ok(Published { as_of: now, limit, purposes })
        })
        .await
}
