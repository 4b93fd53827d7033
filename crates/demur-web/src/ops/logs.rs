//! What happened, a line each. Never in it: addresses, tokens, keys, texts, and whole paths, which hold
//! tokens.

use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{MakeWriter, layer};
use tracing_subscriber::layer::SubscriberExt;

/// Writes logs to stderr from here on, as text or as JSON, a line for each event. Where the program
/// logs already, nothing changes.
pub fn init_logs(json: bool) {
    // Only the first of a process counts.
    drop(tracing::dispatcher::set_global_default(log_subscriber(json, std::io::stderr)));
}

/// The same to wherever `writer` leads.
#[must_use]
pub fn log_subscriber<W>(json: bool, writer: W) -> Dispatch
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // Other people's crates may log what they are given, addresses included: only their warnings count.
    let filter =
        Targets::new().with_target("demur", LevelFilter::INFO).with_default(LevelFilter::WARN);
    let registry = tracing_subscriber::registry();
    if json {
        dispatch(
            registry
                .with(layer().json().flatten_event(true).with_writer(writer).with_filter(filter)),
        )
    } else {
        dispatch(registry.with(layer().with_ansi(false).with_writer(writer).with_filter(filter)))
    }
}

fn dispatch(subscriber: impl Subscriber + Send + Sync + 'static) -> Dispatch {
    Dispatch::new(subscriber)
}
