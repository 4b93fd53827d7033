//! Reads `[lineage]`: where events about training runs go (OpenLineage).

use std::path::PathBuf;

use super::address;
use super::reader::Section;

pub(super) const LINEAGE_KEYS: [&str; 2] = ["file", "post_to"];

/// `[lineage]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineageConfig {
    /// The file to which every event is added as a line of JSON.
    pub(crate) file: PathBuf,
    /// The address to which each is posted as well.
    pub(crate) post_to: Option<String>,
}

/// What is not there has its default.
pub(super) fn lineage(section: Option<&Section<'_>>) -> Option<LineageConfig> {
    let item = |key: &str| section.and_then(|section| section.item(key));
    let file = match item("file") {
        None => Some(PathBuf::from("lineage.jsonl")),
        Some(item) => item
            .text_or("write `file = \"lineage.jsonl\"`: events are added to it, a line each")
            .map(PathBuf::from),
    };
    let post_to = match item("post_to") {
        None => Some(None),
        Some(item) => address::lineage(&item).map(Some),
    };
    Some(LineageConfig { file: file?, post_to: post_to? })
}
