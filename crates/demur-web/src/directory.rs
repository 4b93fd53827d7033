//! Who people are, as far as the platform's account facts say.

use demur_core::id::AccountId;
use demur_notice::Language;

/// What serving someone takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account that they were found by.
    pub account: AccountId,
    /// All accounts of that person, this one included.
    pub accounts: Vec<AccountId>,
    /// Where they are written to.
    pub email: Option<String>,
    /// The language of the account.
    pub language: Option<Language>,
    /// ISO 3166-1 alpha-2 code of where they live.
    pub country: Option<String>,
}

/// Finds people. Answers come from memory: pages ask for each request.
pub trait Directory: Send + Sync {
    /// The person of an account; `None` where there are no facts of it.
    fn person(&self, account: &AccountId) -> Option<Person>;
    /// The accounts that have this e-mail address.
    fn with_email(&self, email: &str) -> Vec<AccountId>;
    /// An account id as the platform writes it.
    fn parse(&self, text: &str) -> Option<AccountId>;
}
