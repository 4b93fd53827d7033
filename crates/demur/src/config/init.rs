//! The configuration that `demur init` writes.

/// A commented `demur.toml`: the keys of every table, each with what it is for.
pub(crate) fn template() -> &'static str {
    include_str!("template.toml")
}
