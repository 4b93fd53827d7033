//! What is sent to an e-mail address that someone entered: a one-time code, or that nobody here has it.
//!
//! Only the owner of the mailbox learns which of the two; the page says the same either way.

use crate::compose::{Block, Composed, compose};
use crate::language::Language;
use crate::messages::{Arg, text};

/// A one-time code.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// The person's language.
    pub language: Language,
    /// The code, as it is to be typed.
    pub code: &'a str,
    /// How long it is valid.
    pub minutes: u64,
    /// Who answers for the data.
    pub controller: &'a str,
    /// How to reach the controller's data protection.
    pub contact: &'a str,
}

/// That no account has the address.
#[derive(Clone, Copy, Debug)]
pub struct NoAccount<'a> {
    /// The language of the page on which the address was entered.
    pub language: Language,
    /// The address of the form for people without an account.
    pub form: &'a str,
    /// Who answers for the data.
    pub controller: &'a str,
    /// How to reach the controller's data protection.
    pub contact: &'a str,
}

impl Code<'_> {
    /// The mail.
    #[must_use]
    pub fn compose(&self) -> Composed {
        let code = ("code", self.code.into());
        let subject = text(self.language, "form-code-subject", &[code]);
        let says = text(self.language, "form-code-mail", &[code, ("minutes", self.minutes.into())]);
        let mut blocks = vec![Block::Title(subject.clone()), Block::Paragraph(says)];
        blocks.extend(closing(self.language, self.controller, self.contact));
        compose(self.language, &subject, &blocks)
    }
}

impl NoAccount<'_> {
    /// The mail.
    #[must_use]
    pub fn compose(&self) -> Composed {
        let say = |id, args: &[(&str, Arg<'_>)]| text(self.language, id, args);
        let subject = say("code-none-subject", &[]);
        let mut blocks = vec![
            Block::Title(subject.clone()),
            Block::Paragraph(say("code-none", &[("controller", self.controller.into())])),
            Block::Link { label: say("site-no-account", &[]), url: self.form.to_owned() },
            Block::Paragraph(say("code-none-ignore", &[])),
        ];
        blocks.extend(closing(self.language, self.controller, self.contact));
        compose(self.language, &subject, &blocks)
    }
}

fn closing(language: Language, controller: &str, contact: &str) -> [Block; 2] {
    [
        Block::Paragraph(text(language, "letter-closing", &[("controller", controller.into())])),
        Block::Paragraph(text(language, "letter-contact", &[("contact", contact.into())])),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_where_it_is_looked_for() {
        for language in Language::all() {
            let (code, contact) = ("1234 5678", "privacy@platform.example");
            let mail = Code { language, code, minutes: 30, controller: "X", contact }.compose();
            assert!(mail.subject.contains(code), "{language}: {}", mail.subject);
            for body in [&mail.text, &mail.html] {
                assert!(body.contains(code) && body.contains("30"), "{language}: {body}");
            }
        }
    }

    #[test]
    fn whoever_has_no_account_is_told_where_to_go() {
        for language in Language::all() {
            let form = "https://privacy.example/privacy/no-account";
            let contact = "privacy@platform.example";
            let mail = NoAccount { language, form, controller: "X", contact }.compose();
            assert!(mail.text.contains(form) && mail.html.contains(form), "{language}");
        }
    }
}
