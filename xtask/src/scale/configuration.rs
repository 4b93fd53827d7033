//! How Demur is set up on the platform.

use std::path::Path;

/// One way to configure the same platform.
pub(crate) struct Configuration<'a> {
    /// Where the platform is, seen from the configuration.
    pub(crate) platform: &'a Path,
    /// The folder of the register, seen from the configuration.
    pub(crate) made: &'a Path,
    /// Corpora, with where they are on the platform.
    pub(crate) corpora: &'a [(&'a str, &'a str)],
    /// Nobody is selected who was not told in time.
    pub(crate) notices: bool,
    /// Objections cover all accounts of a person.
    pub(crate) persons: bool,
    /// The rules for people whom a record names and shows.
    pub(crate) mentioned: &'a str,
    pub(crate) depicted: &'a str,
}

impl Configuration<'_> {
    /// What stands in `demur.toml`.
    pub(crate) fn text(&self) -> String {
        let third_party = format!(
            "{{ mentioned = \"{}\", depicted = \"{}\", objections = \"third_party\" }}",
            self.mentioned, self.depicted
        );
        include_str!("demur.toml")
            .replace("@CORPORA@", &self.corpora_text())
            .replace("@HERE@", &within(self.platform))
            .replace("@MADE@", &within(self.made))
            .replace("@PERSON@", if self.persons { "person = \"person_id\"" } else { "" })
            .replace("@NOTICE@", &format!("{{ required = {}, days_before = 30 }}", self.notices))
            .replace("@THIRD_PARTY@", &third_party)
    }

    /// The tables of its corpora.
    pub(crate) fn corpora_text(&self) -> String {
        let corpus = |(id, location): &(&str, &str)| {
            include_str!("corpus.toml")
                .replace("@ID@", id)
                .replace("@HERE@", &within(self.platform))
                .replace("@LOCATION@", location)
        };
        self.corpora.iter().map(corpus).collect()
    }
}

/// What stands before the name of a file in a folder.
fn within(folder: &Path) -> String {
    match folder.to_str() {
        None | Some("") => String::new(),
        Some(folder) => format!("{}/", folder.replace('\\', "/")),
    }
}
