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
//! | [`mails`] | one-time codes and the like, waiting to be sent |
//! | `records` | which record somebody means |
//! | `complaint` | where someone can turn who is refused |
//! | [`clocks`] | what nears its date, mailed to reviewers |
//! | `letters` | the letters of a case, composed from its history |
//! | `term` | by when a case must be answered |
//! | [`post_room`] | sends letters and mails |
//! | `app` | what every handler shares |
//! | `routes` | every address, and who may go there |
//! | `guard` | sessions, and the check before each handler |
//! | [`staff`] | who may use the console |
//! | `console` | pages for reviewers and auditors |
//! | `site` | what every page has in common: frame, headers, errors, limits |
//! | [`janitor`] | clears what has lapsed |
//! | `person` | pages for people |
//! | `oidc` | signing in at a provider of OpenID Connect |
//! | `figures` | the transparency page, and what it hides |
//! | [`api`] | the programming interface, and the keys to it |
//! | `ops` | health, figures and logs for whoever keeps it running |
//! | [`webhooks`] | telling recipients of restrictions and erasures |
//! | [`snapshots`] | what workers judge by, handed out as files |

pub mod acts;
pub mod api;
mod app;
pub mod clocks;
mod complaint;
mod console;
pub mod directory;
mod figures;
mod guard;
pub mod janitor;
mod lease;
mod letters;
pub mod mails;
mod oidc;
mod ops;
mod person;
pub mod post_room;
mod records;
pub mod registry;
mod routes;
mod serve;
pub mod settings;
mod site;
pub mod snapshots;
pub mod staff;
mod term;
pub mod webhooks;

pub use app::{App, Clock};
pub use console::{resume as resume_bulk, run as run_bulk};
pub use guard::{Role, Who};
pub use ops::{init_logs, log_subscriber};
pub use routes::{Access, Route, routes};
pub use serve::{router, serve};
