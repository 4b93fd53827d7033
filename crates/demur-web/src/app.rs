//! What every handler shares.

use std::sync::Arc;

use demur_register::Links;
use jiff::Timestamp;

use crate::directory::Directory;
use crate::figures;
use crate::oidc::Providers;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::site::limits::Limits;

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
    pub(crate) limits: Limits,
    pub(crate) providers: Providers,
    pub(crate) figures: figures::Cache,
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
        let (limits, figures) = (Limits::default(), figures::Cache::default());
        App { settings, directory, registry, links, clock, limits, providers, figures }
    }

    /// The moment it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
