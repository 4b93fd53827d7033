//! Which record somebody means who copied its address from the browser, or its number from the page.

use demur_core::id::RecordId;

use crate::settings::Settings;

/// Where the id stands in [`Settings::record_url`].
const ID: &str = "{id}";

impl Settings {
    /// The record that someone named. Where it is an address that follows
    /// [`record_url`](Settings::record_url), the id is what stands in it at `{id}`; anything else is
    /// taken as it was written, for a person to look at.
    ///
    /// Differences that do not change where an address leads do not matter: its scheme, `www.`,
    /// capitals of the host, a slash at the end, and whatever follows `?` or `#`.
    #[must_use]
    pub fn record(&self, written: &str) -> RecordId {
        let written = written.trim();
        let id = self.record_url.as_deref().and_then(|pattern| id_in(pattern, written));
        RecordId(id.unwrap_or_else(|| written.to_owned()))
    }
}

fn id_in(pattern: &str, address: &str) -> Option<String> {
    let pattern = bare(pattern);
    let (before, after) = pattern.split_once(ID)?;
    let address = bare(address);
    let id = address.strip_prefix(before)?.strip_suffix(after)?;
    let is_one = !id.is_empty() && !id.contains('/');
    is_one.then(|| id.to_owned())
}

/// An address without what does not change where it leads.
fn bare(address: &str) -> String {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let address = address[..end].trim_end_matches('/');
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    format!("{}{path}", host.strip_prefix("www.").unwrap_or(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(address: &str) -> Option<String> {
        id_in("https://platform.example/posts/{id}", address)
    }

    #[test]
    fn an_address_leads_to_its_id() {
        for address in [
            "https://platform.example/posts/Abc-1",
            "http://www.Platform.example/posts/Abc-1/",
            "platform.example/posts/Abc-1?from=share#top",
        ] {
            assert_eq!(id(address).as_deref(), Some("Abc-1"), "{address}");
        }
    }

    #[test]
    fn what_is_no_such_address_is_none() {
        for address in [
            "Abc-1",
            "",
            "https://platform.example/posts/",
            "https://platform.example/posts/1/comments/2",
            "https://platform.example.evil.example/posts/1",
            "https://platform.example/users/1",
        ] {
            assert_eq!(id(address), None, "{address}");
        }
    }

    #[test]
    fn more_may_follow_the_id() {
        let pattern = "https://platform.example/p/{id}/view";
        assert_eq!(id_in(pattern, "https://platform.example/p/7/view").as_deref(), Some("7"));
        assert_eq!(id_in(pattern, "https://platform.example/p/7/edit"), None);
    }
}
