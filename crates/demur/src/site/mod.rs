//! What the site needs from the configuration, the account facts and the register.

mod people;
pub(crate) mod sets;
mod settings;
mod snapshots;

pub(crate) use people::LivePeople;
pub(crate) use settings::settings;
pub(crate) use snapshots::LiveSnapshots;
