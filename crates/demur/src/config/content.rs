//! Reads `content` of a purpose: which kinds of record are used, and which objections cover them.

use std::collections::BTreeMap;

use demur_core::objection::Scope;
use demur_core::purpose::{Allowed, ContentRule};

use super::purpose::any_or_list;
use super::reader::{Item, Section};

const FIX: &str = "write the kinds that are used, each with the visibilities that allow it: \
                   `content = { post = [\"public\"], ai_interaction = \"any\" }`";

/// The kind that people know as what they said to an AI: objections with the scope
/// `ai_interactions` cover it without a word in the configuration.
const AI_KIND: &str = "ai_interaction";

pub(super) fn content(section: &Section<'_>) -> Option<BTreeMap<String, ContentRule>> {
    let item = section.need("content", FIX)?;
    let table = item.free_table(item.within(section), FIX)?;
    let kinds = table.items();
    if kinds.is_empty() {
        item.error("`content` names no kind of record, so every record would be dropped", FIX);
        return None;
    }
    let rules: Vec<_> =
        kinds.iter().map(|kind| rule(kind).map(|r| (kind.key.to_owned(), r))).collect();
    rules.into_iter().collect()
}

fn rule(item: &Item<'_>) -> Option<ContentRule> {
    let kind = item.key;
    let fix = format!(
        "write `{kind} = [\"public\"]` with the visibilities that allow it, or \"any\" where they \
         do not matter"
    );
    if !item.is_table() {
        let visibility = any_or_list(item, &fix)?;
        let scope = scope_by_default(item, &visibility)?;
        return Some(ContentRule { visibility, scope });
    }
    let table = item.table(format!("`{kind}` of `content`"), &["visibility", "scope"], &fix)?;
    let visibility = table.need("visibility", &fix).and_then(|item| any_or_list(&item, &fix));
    let scope = match table.item("scope") {
        Some(_) => scope(&table),
        None => visibility.as_ref().and_then(|visibility| scope_by_default(item, visibility)),
    };
    Some(ContentRule { visibility: visibility?, scope: scope? })
}

fn scope(table: &Section<'_>) -> Option<Scope> {
    let item = table.item("scope")?;
    if item.as_text() == Some(Scope::ThirdParty.name()) {
        item.error(
            "`scope` is \"third_party\", which is about people in a record, never about its author",
            "write \"public_content\" or \"ai_interactions\"; `third_party` of the purpose says \
             what happens to records about others",
        );
        return None;
    }
    let own = [Scope::PublicContent, Scope::AiInteractions].map(|scope| (scope.name(), scope));
    table.choice("scope", &own, None)
}

/// A list of visibilities speaks of publishing. A kind without any may be a message, a search or
/// anything else: to guess a scope for it would let objections pass it by.
fn scope_by_default(item: &Item<'_>, visibility: &Allowed) -> Option<Scope> {
    let kind = item.key;
    match visibility {
        _ if kind == AI_KIND => Some(Scope::AiInteractions),
        Allowed::Only(_) => Some(Scope::PublicContent),
        Allowed::Any => {
            item.error(
                format!("`{kind}` is \"any\", which leaves unknown which objections cover it"),
                format!(
                    "write `{kind} = {{ visibility = \"any\", scope = \"public_content\" }}`, or \
                     scope = \"ai_interactions\" where it is what people said to an AI"
                ),
            );
            None
        }
    }
}
