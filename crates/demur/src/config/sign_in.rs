//! Reads `[sign_in]` and `[staff_sign_in]`: providers of OpenID Connect, for people and for staff.

use std::path::PathBuf;

use super::address;
use super::reader::Section;

pub(super) const PEOPLE_KEYS: [&str; 5] =
    ["issuer", "client_id", "client_secret_file", "scopes", "account_claim"];

pub(super) const STAFF_KEYS: [&str; 8] = [
    "issuer",
    "client_id",
    "client_secret_file",
    "scopes",
    "name_claim",
    "groups_claim",
    "reviewers",
    "auditors",
];

/// A provider, and this site as its client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProviderConfig {
    /// Its address, as it writes it itself.
    pub(crate) issuer: String,
    /// What it calls this site.
    pub(crate) client_id: String,
    /// The file with the secret between the two; a public client has none.
    pub(crate) secret_file: Option<PathBuf>,
    /// What is asked for besides `openid`.
    pub(crate) scopes: Vec<String>,
    /// The claim with the account id, or with the name of a reviewer or auditor.
    pub(crate) claim: String,
}

/// `[staff_sign_in]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StaffConfig {
    pub(crate) provider: ProviderConfig,
    /// The claim with someone's groups.
    pub(crate) groups_claim: String,
    /// Who is in this group decides.
    pub(crate) reviewers: Option<String>,
    /// Who is in this one looks.
    pub(crate) auditors: Option<String>,
}

/// Reads `[sign_in]`.
pub(super) fn people(section: &Section<'_>) -> Option<ProviderConfig> {
    provider(section, "account_claim", "sub")
}

/// Reads `[staff_sign_in]`.
pub(super) fn staff(section: &Section<'_>) -> Option<StaffConfig> {
    let provider = provider(section, "name_claim", "name");
    let (reviewers, auditors) = (section.text("reviewers"), section.text("auditors"));
    if section.item("reviewers").is_none() && section.item("auditors").is_none() {
        section.reader.error(
            section.line,
            "[staff_sign_in] names no group, and so lets nobody in",
            "write `reviewers = \"…\"`, `auditors = \"…\"` or both: who is in these groups of the \
             provider may use the console",
        );
    }
    let groups_claim = section.text("groups_claim").unwrap_or_else(|| "groups".to_owned());
    Some(StaffConfig { provider: provider?, groups_claim, reviewers, auditors })
}

fn provider(section: &Section<'_>, claim: &str, usual: &str) -> Option<ProviderConfig> {
    let issuer = section
        .need("issuer", "write `issuer = \"https://login.example.com\"`: where people sign in")
        .and_then(|item| address::issuer(&item));
    let client_id = section.need_text(
        "client_id",
        "write `client_id = \"demur\"`: the name under which the provider knows this site",
    );
    let scopes = match section.item("scopes") {
        None => Some(vec!["profile".to_owned()]),
        Some(item) => {
            item.texts("write a list of what to ask the provider for, such as [\"profile\"]")
        }
    };
    Some(ProviderConfig {
        issuer: issuer?,
        client_id: client_id?,
        secret_file: section.text("client_secret_file").map(PathBuf::from),
        scopes: scopes?,
        claim: section.text(claim).unwrap_or_else(|| usual.to_owned()),
    })
}
