//! Telling people: from the configuration and the account facts to the mail server, and back.
//!
//! | module | what it answers |
//! |---|---|
//! | `audience` | who is affected, who of them was told, and to whom a mail goes |
//! | `schedule` | how long sending takes, and until when it is in time |
//! | `letters` | what each of them is written |
//! | `sending` | who was written to, whatever happens meanwhile |
//! | `returns` | whose mail came back |

pub(crate) mod audience;
pub(crate) mod letters;
pub(crate) mod returns;
pub(crate) mod schedule;
pub(crate) mod sending;
