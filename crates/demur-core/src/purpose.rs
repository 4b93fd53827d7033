//! Purposes (Art. 5(1)(b)): one use of data, with its legal basis, dates and rules.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::objection::Scope;

/// One use of data, as the configuration states it and the register records it.
///
/// The whole of it enters the [digest](Purpose::digest), so a training set names the exact rules
/// that it was built under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Short name, used on the command line and in file names.
    pub id: String,
    /// What people are told it is.
    pub title: String,
    /// Who answers for it (Art. 4(7)).
    pub controller: String,
    /// Why it is lawful (Art. 6(1)).
    pub legal_basis: LegalBasis,
    /// Where the documents are that Art. 6(1)(f) and Art. 35 ask for.
    pub references: References,
    /// The first day on which data may be used.
    pub starts_on: Date,
    /// The day by which objecting is advised. Shown to people; excludes nobody later.
    pub object_by: Date,
    /// IANA name of the zone in which every day of this purpose is counted.
    pub time_zone: String,
    /// ISO 3166-1 alpha-2 code of the country whose public holidays move a deadline; none counts
    /// weekends only, which is never later.
    pub holidays: Option<String>,
    /// Age, in years on [`starts_on`](Self::starts_on), below which nobody is selected; 0 needs no
    /// birth date.
    pub minimum_age: u8,
    /// Whether records made before their author came of age are used.
    pub content_of_minors: ContentOfMinors,
    /// Regions whose accounts are selected.
    pub regions: Allowed,
    /// Account states that are selected.
    pub account_status: Allowed,
    /// Kinds of record that are used, each with the visibilities that allow it.
    pub content: BTreeMap<String, ContentRule>,
    /// Whether, and how long before the start, people must have been told.
    pub notice: NoticeRule,
    /// Who grants objections to one's own data.
    pub review: Review,
    /// Whether an objection may be refused at all (proposed Art. 88c).
    pub refusals: Refusals,
    /// What happens to records that others made about someone who objected.
    pub third_party: ThirdPartyRules,
    /// What a signal of someone's software does. Left out of the text where it is the usual, so that
    /// the digests of purposes from before it existed stay.
    #[serde(default, skip_serializing_if = "Signals::is_usual")]
    pub signals: Signals,
}

/// The legal bases that Demur knows how to run (Art. 6(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegalBasis {
    /// Art. 6(1)(f): the one under which the right to object exists.
    LegitimateInterests,
}

/// The documents without which a purpose on legitimate interests is not opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct References {
    /// The interest pursued.
    pub interest: String,
    /// Why it cannot be reached with less.
    pub necessity: String,
    /// Why it outweighs what people may expect.
    pub balancing_test: String,
    /// The data protection impact assessment (Art. 35).
    pub dpia: String,
}

/// Whether what someone published while under age is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContentOfMinors {
    /// Such records are dropped, and so are records without a date.
    Exclude,
    /// Such records are judged like any other.
    Include,
}

/// A list of permitted values, or no restriction at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowed {
    /// Every value, null included: the purpose does not need this fact.
    Any,
    /// Only these.
    Only(Vec<String>),
}

impl Allowed {
    /// Whether the purpose needs to know this fact.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        matches!(self, Allowed::Only(_))
    }

    /// Whether `value` is permitted. Values are compared byte by byte.
    #[must_use]
    pub fn permits(&self, value: &str) -> bool {
        match self {
            Allowed::Any => true,
            Allowed::Only(values) => values.iter().any(|v| v == value),
        }
    }
}

/// When records of one kind are used, and which scope of an objection stops them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentRule {
    /// The visibilities that allow it.
    pub visibility: Allowed,
    /// The scope that covers this kind: never [`Scope::ThirdParty`].
    pub scope: Scope,
}

/// Whether people must have been told before their data is used (Art. 13, 14, 21(4)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRule {
    /// Whether accounts without a delivered notice are excluded.
    pub required: bool,
    /// Days of the purpose's time zone between delivery and start.
    pub days_before: u32,
}

/// Who grants objections that someone identified makes to their own data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Review {
    /// A rule, at once (Art. 22 allows granting by rule).
    Automatic,
    /// A person.
    Manual,
}

/// Whether an objection may be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusals {
    /// By a named person, with compelling grounds (Art. 21(1)).
    Allowed,
    /// The same, once a second named person has confirmed it.
    TwoReviewers,
    /// Not at all.
    Never,
}

/// What `Sec-GPC: 1` from someone identified does (Art. 21(5): objecting by automated means).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signals {
    /// Nothing.
    Ignore,
    /// It is kept, for a person to look at.
    #[default]
    Record,
    /// It is an objection.
    Object,
}

impl Signals {
    fn is_usual(&self) -> bool {
        *self == Signals::default()
    }
}

/// What happens to records in which someone else objected to being.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThirdPartyRules {
    /// For people whom the text names.
    pub mentioned: ThirdPartyRule,
    /// For people whom a picture shows.
    pub depicted: ThirdPartyRule,
    /// Which objections count.
    pub objections: ThirdPartyObjections,
}

/// One rule of [`ThirdPartyRules`], from the mildest to the strictest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThirdPartyRule {
    /// The record stays as it is; people are told so.
    Keep,
    /// The record stays without the person's name.
    Redact,
    /// The record goes.
    Drop,
}

/// Which objections count for [`ThirdPartyRules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThirdPartyObjections {
    /// Those with the scope [`Scope::ThirdParty`].
    ThirdParty,
    /// Every objection, whatever its scopes.
    Any,
}

/// The member states of the European Union, by ISO 3166-1 alpha-2 code.
pub const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// What the European Economic Area adds to [`EU`].
pub const EEA_BEYOND_EU: [&str; 3] = ["IS", "LI", "NO"];

/// Resolves `EU`, `EEA` and country codes to sorted country codes.
///
/// # Errors
/// Names the first entry that is neither.
pub fn resolve_regions<S: AsRef<str>>(names: &[S]) -> Result<Vec<String>, String> {
    let mut codes = std::collections::BTreeSet::new();
    for name in names {
        match name.as_ref() {
            "EU" => codes.extend(EU.map(str::to_owned)),
            "EEA" => {
                codes.extend(EU.map(str::to_owned));
                codes.extend(EEA_BEYOND_EU.map(str::to_owned));
            }
            code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
                codes.insert(code.to_owned());
            }
            other => {
                return Err(format!(
                    "\"{other}\" is not a region; write EU, EEA or a two-letter country code in capitals"
                ));
            }
        }
    }
    Ok(codes.into_iter().collect())
}

impl Purpose {
    /// The purpose as text with a fixed order of fields: what the register records.
    #[must_use]
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("a purpose holds only strings, numbers and dates")
    }

    /// SHA-256 of [`canonical`](Self::canonical), in lower-case hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        Sha256::digest(self.canonical().as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Whether a birth date is needed to judge an author.
    #[must_use]
    pub fn needs_birth_date(&self) -> bool {
        self.minimum_age > 0
    }

    /// Whether the date of a record is needed to judge it.
    #[must_use]
    pub fn needs_created(&self) -> bool {
        self.needs_birth_date() && self.content_of_minors == ContentOfMinors::Exclude
    }

    /// Facts that this purpose needs and that `has` says the accounts do not hold: with any of them
    /// missing, every account is `author_unknown`.
    #[must_use]
    pub fn missing_facts(&self, has: &FactColumns) -> Vec<&'static str> {
        [
            (self.needs_birth_date() && !has.birth_date, "birth_date"),
            (self.regions.is_needed() && !has.region, "region"),
            (self.account_status.is_needed() && !has.status, "status"),
        ]
        .into_iter()
        .filter_map(|(missing, name)| missing.then_some(name))
        .collect()
    }
}

/// Which account facts the platform has a column for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactColumns {
    /// Whether birth dates are known.
    pub birth_date: bool,
    /// Whether regions are known.
    pub region: bool,
    /// Whether account states are known.
    pub status: bool,
    /// Whether accounts say which person they belong to.
    pub person: bool,
}

/// A purpose to try things on: the one of the README, with every rule switched on.
#[must_use]
pub fn sample() -> Purpose {
    let only = |values: &[&str]| Allowed::Only(values.iter().map(|v| (*v).to_owned()).collect());
    let content = |visibility, scope| ContentRule { visibility, scope };
    Purpose {
        id: "assistant-training".into(),
        title: "Training the AI assistant".into(),
        controller: "Example Platform Ltd".into(),
        legal_basis: LegalBasis::LegitimateInterests,
        references: References {
            interest: "docs/interest.md".into(),
            necessity: "docs/necessity.md".into(),
            balancing_test: "docs/balancing-test.md".into(),
            dpia: "docs/dpia.md".into(),
        },
        starts_on: jiff::civil::date(2025, 5, 27),
        object_by: jiff::civil::date(2025, 5, 27),
        time_zone: "Europe/Dublin".into(),
        holidays: Some("IE".into()),
        minimum_age: 18,
        content_of_minors: ContentOfMinors::Exclude,
        regions: Allowed::Only(EU.map(str::to_owned).to_vec()),
        account_status: only(&["active", "deactivated"]),
        content: BTreeMap::from([
            ("post".into(), content(only(&["public"]), Scope::PublicContent)),
            ("comment".into(), content(only(&["public"]), Scope::PublicContent)),
            ("photo".into(), content(only(&["public"]), Scope::PublicContent)),
            ("ai_interaction".into(), content(Allowed::Any, Scope::AiInteractions)),
        ]),
        notice: NoticeRule { required: true, days_before: 30 },
        review: Review::Automatic,
        refusals: Refusals::Allowed,
        third_party: ThirdPartyRules {
            mentioned: ThirdPartyRule::Keep,
            depicted: ThirdPartyRule::Drop,
            objections: ThirdPartyObjections::ThirdParty,
        },
        signals: Signals::Record,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_changes_with_every_rule() {
        let purpose = sample();
        let mut stricter = purpose.clone();
        stricter.third_party.mentioned = ThirdPartyRule::Drop;
        assert_ne!(purpose.digest(), stricter.digest());
        let again: Purpose = serde_json::from_str(&purpose.canonical()).unwrap();
        assert_eq!(again.digest(), purpose.digest());
    }

    /// A digest that changed without a rule that did would make every purpose on record another one.
    #[test]
    fn signals_enter_the_digest_only_where_they_are_unusual() {
        let purpose = sample();
        assert!(!purpose.canonical().contains("signals"));
        let objecting = Purpose { signals: Signals::Object, ..purpose.clone() };
        assert_ne!(purpose.digest(), objecting.digest());
        let again: Purpose = serde_json::from_str(&objecting.canonical()).unwrap();
        assert_eq!(again, objecting);
    }

    #[test]
    fn regions_resolve_to_countries() {
        assert_eq!(resolve_regions(&["EEA"]).unwrap().len(), 30);
        assert_eq!(resolve_regions(&["CH", "CH"]).unwrap(), ["CH"]);
        assert!(resolve_regions(&["Europe"]).unwrap_err().contains("\"Europe\""));
    }
}
