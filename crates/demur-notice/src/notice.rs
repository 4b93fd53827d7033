//! The mail that tells someone what is planned and that they may object (Art. 13, 14, 21(4)).
//!
//! The right to object stands first and in a frame of its own: Art. 21(4) asks for it to be presented
//! "clearly and separately from any other information". What Art. 13 and 14 ask for beside it follows.

use demur_core::authority::Authority;
use demur_core::purpose::{Purpose, Review};

use crate::compose::{Block, Composed, compose};
use crate::language::Language;
use crate::letter::authority_name;
use crate::messages::{self, Arg, text};

/// What a notice says. Free texts are the controller's own, in the notice's language.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The person's language.
    pub language: Language,
    /// The purpose.
    pub purpose: &'a Purpose,
    /// The person's own link, by which one click objects.
    pub link: &'a str,
    /// The address of the privacy centre.
    pub privacy_centre: &'a str,
    /// The address of the public notice.
    pub public_notice: &'a str,
    /// The legitimate interest, in a sentence (Art. 13(1)(d)).
    pub interest: &'a str,
    /// To whom the data goes; empty where to nobody.
    pub recipients: &'a [&'a str],
    /// Transfers outside the European Economic Area, with their safeguards; none where there are none.
    pub transfers: Option<&'a str>,
    /// How long the data is stored.
    pub retention: &'a str,
    /// How to reach the controller's data protection.
    pub contact: &'a str,
    /// The authority to complain to.
    pub authority: &'a Authority,
}

impl Notice<'_> {
    /// The mail.
    #[must_use]
    pub fn compose(&self) -> Composed {
        let mut blocks = vec![Block::Apart(self.right())];
        blocks.extend(self.planned());
        blocks.extend(self.details());
        blocks.push(self.link("notice-public", self.public_notice));
        blocks.push(self.say("notice-why", &[self.controller()]));
        let subject = self.words("notice-subject", &[self.title()]);
        compose(self.language, &subject, &blocks)
    }

    fn right(&self) -> Vec<Block> {
        vec![
            Block::Title(self.words("notice-title", &[])),
            self.say("notice-right", &[self.controller(), self.title()]),
            self.say("notice-no-reason", &[]),
            Block::Button { label: self.words("notice-button", &[]), url: self.link.to_owned() },
            self.say("notice-button-about", &[]),
            self.say("notice-advised", &[("date", self.purpose.object_by.into())]),
            self.say("notice-leave", &[]),
        ]
    }

    fn planned(&self) -> Vec<Block> {
        let starts = ("starts", self.purpose.starts_on.into());
        let kinds = self.purpose.content.keys();
        let mut blocks = vec![
            self.heading("notice-about-title"),
            self.say("notice-about", &[starts, self.controller(), self.title()]),
            Block::Items(kinds.map(|kind| messages::kind(self.language, kind)).collect()),
        ];
        if self.purpose.needs_birth_date() {
            let age = u64::from(self.purpose.minimum_age);
            blocks.push(self.say("notice-minors", &[("age", age.into())]));
        }
        let answered = match self.purpose.review {
            Review::Automatic => "link-happens-automatic",
            Review::Manual => "link-happens-review",
        };
        let happens = [
            "link-happens-restricted",
            answered,
            "link-happens-removed",
            "link-happens-accounts",
            "link-happens-back",
        ];
        blocks.push(self.heading("notice-happens-title"));
        blocks.push(Block::Items(happens.map(|id| self.words(id, &[])).to_vec()));
        blocks.push(self.say("notice-third-party", &[]));
        blocks.push(self.link("notice-privacy", self.privacy_centre));
        blocks
    }

    fn details(&self) -> Vec<Block> {
        let recipients = if self.recipients.is_empty() {
            self.words("public-recipients-none", &[])
        } else {
            self.recipients.join("\n")
        };
        let facts = [
            ("public-controller", self.purpose.controller.clone()),
            ("public-contact", self.contact.to_owned()),
            ("public-purpose", self.purpose.title.clone()),
            ("public-basis", self.words("notice-basis", &[])),
            ("public-interest", self.interest.to_owned()),
            ("public-source", self.words("public-source-text", &[])),
            ("public-recipients", recipients),
            ("public-transfers", self.transfers.unwrap_or_default().to_owned()),
            ("public-retention", self.retention.to_owned()),
            ("public-rights", self.words("public-rights-text", &[])),
        ];
        let facts = facts.map(|(id, value)| (self.words(id, &[]), value)).to_vec();
        vec![
            self.heading("notice-details-title"),
            Block::Facts(facts),
            Block::Link {
                label: authority_name(self.language, self.authority),
                url: self.authority.web.to_owned(),
            },
        ]
    }

    fn controller(&self) -> (&'static str, Arg<'_>) {
        ("controller", (&self.purpose.controller).into())
    }

    fn title(&self) -> (&'static str, Arg<'_>) {
        ("purpose", (&self.purpose.title).into())
    }

    fn words(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        text(self.language, id, args)
    }

    fn say(&self, id: &str, args: &[(&str, Arg<'_>)]) -> Block {
        Block::Paragraph(self.words(id, args))
    }

    fn heading(&self, id: &str) -> Block {
        Block::Heading(self.words(id, &[]))
    }

    fn link(&self, id: &str, url: &str) -> Block {
        Block::Link { label: self.words(id, &[]), url: url.to_owned() }
    }
}
