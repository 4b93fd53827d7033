//! What people see of Demur: privacy centre, direct link, case page, console, API.
//!
//! One process serves all of it from one register. Nothing is answered before it is durable, and no
//! page needs a script.
//!
//! | module | what it holds |
//! |---|---|
//! | [`settings`] | what the operator decides |
//! | [`directory`] | who people are, from the platform's account facts |
//! | [`registry`] | the register behind one writer and several readers |
//! | `acts` | what people and reviewers do, with the letters that follow |
//! | `app` | what every handler shares |
//! | `routes` | every address, and who may go there |
//! | `guard` | sessions, and the check before each handler |
//! | `site` | what every page has in common: frame, headers, errors, limits |
//! | `person` | pages for people |
//! | [`api`] | the programming interface, and the keys to it |
//! | `ops` | health, figures and logs for whoever keeps it running |
//! | [`webhooks`] | telling recipients of restrictions and erasures |
//! | [`snapshots`] | what workers judge by, handed out as files |

pub mod acts;
pub mod api;
mod app;
pub mod directory;
mod guard;
mod ops;
mod person;
pub mod registry;
mod routes;
mod serve;
pub mod settings;
mod site;
pub mod snapshots;
pub mod webhooks;

pub use app::{App, Clock};
pub use guard::{Role, Who};
pub use ops::{init_logs, log_subscriber};
pub use routes::{Access, routes};
pub use serve::{router, serve};
