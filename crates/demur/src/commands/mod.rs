//! One command, one file.

pub(crate) mod audit;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod gone;
pub(crate) mod init;
pub(crate) mod key;
pub(crate) mod notice;
pub(crate) mod objection;
pub(crate) mod purge;
pub(crate) mod recipient;
pub(crate) mod register;
pub(crate) mod retract;
pub(crate) mod reviewer;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod snapshot;
pub(crate) mod status;
pub(crate) mod trace;
