pub(crate) mod platform;
