//! `demur notice`: what people are told, and whether it reached them.

mod bounces;
mod import;
mod plan;
mod send;
mod status;

use crate::cli::Notice;
use crate::context::Context;
use crate::failure::Failure;

pub(crate) use import::import;

pub(crate) fn run(context: &Context, command: &Notice) -> Result<(), Failure> {
    match command {
        Notice::Import { file, purpose } => import::run(context, file, purpose.as_deref()),
        Notice::Plan { purpose } => plan::run(context, purpose),
        Notice::Send(send) => send::run(context, send),
        Notice::Status { purpose } => status::run(context, purpose),
        Notice::Bounces { purpose, path } => bounces::run(context, purpose, path),
    }
}
