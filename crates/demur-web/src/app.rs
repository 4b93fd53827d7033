//! What every handler shares.

use std::sync::Arc;

use demur_register::Links;
use jiff::Timestamp;

use crate::directory::Directory;
use crate::figures;
use crate::oidc::Providers;
use crate::ops::Readiness;
use crate::ops::metrics::Metrics;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::snapshots::{Shelf, Snapshots};

/// Where the time comes from; tests bring their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The whole of a running site.
pub struct App {
    /// What the operator decides.
    pub settings: Settings,
    /// Who people are.
    pub directory: Arc<dyn Directory>,
    /// What was said and decided.
    pub registry: Registry,
    /// Makes and opens personal links.
    pub links: Links,
    /// The time.
    pub clock: Clock,
    pub(crate) providers: Providers,
    pub(crate) figures: figures::Cache,
    pub(crate) snapshots: Option<Shelf>,
    pub(crate) metrics: Metrics,
    pub(crate) readiness: Readiness,
}

/// The site as handlers hold it.
pub(crate) type Shared = Arc<App>;

impl App {
    /// A site; nothing runs yet.
    #[must_use]
    pub fn new(
        settings: Settings,
        directory: Arc<dyn Directory>,
        registry: Registry,
        links: Links,
        clock: Clock,
    ) -> Self {
        let providers = Providers::of(&settings);
        App {
            settings,
            directory,
            registry,
            links,
            clock,
            providers,
            figures: figures::Cache::default(),
            snapshots: None,
            metrics: Metrics::default(),
            readiness: Readiness::default(),
        }
    }

    /// The same site, handing out snapshots as well.
    #[must_use]
    pub fn with_snapshots(self, snapshots: Arc<dyn Snapshots>) -> Self {
        App { snapshots: Some(Shelf::new(snapshots)), ..self }
    }

    /// The moment it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
