//! What can be said, and its canonical text.
//!
//! An event's text is the data of its Merkle leaf, so the order of fields is fixed and nothing may
//! be added to a type once it has been written: a later need takes a new type.

use std::fmt;
use std::str::FromStr;

use demur_core::objection::{Scopes, Status};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::CaseId;
use crate::error::{Error, Result};
use crate::merkle::Hash;
use crate::training::{
    RunFinished, RunStarted, TrainingSetCommitted, TrainingSetGone, TrainingSetPurged,
    TrainingSetRetracted,
};

/// The version of the format, stated in every event.
pub const VERSION: u8 = 1;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// [`VERSION`].
    pub v: u8,
    /// When it was entered.
    pub at: Moment,
    /// What was said.
    pub what: What,
}

impl Event {
    /// The canonical text.
    #[must_use]
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("an event holds only strings, numbers and lists")
    }

    pub(crate) fn parse(seq: u64, body: &str) -> Result<Self> {
        serde_json::from_str(body)
            .map_err(|error| Error::Damaged(format!("event {seq} cannot be read ({error})")))
    }
}

/// The types of event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The first event of every register.
    RegisterOpened {
        /// The register's name, as checkpoints carry it.
        origin: String,
    },
    /// A purpose, or a new version of one (Art. 5(1)(b)).
    PurposeRecorded {
        /// Its short name.
        purpose: String,
        /// Its digest.
        digest: String,
        /// Its canonical text.
        text: String,
    },
    /// An objection arrived (Art. 21(1)); the data is restricted from here (Art. 18(1)(d)).
    ObjectionReceived(Received),
    /// A reviewer took the case.
    ReviewStarted(Step),
    /// The objection was granted.
    ObjectionApproved(Step),
    /// It was not granted, by a named person (Art. 12(4)).
    ObjectionRefused(Step),
    /// The person took it back.
    ObjectionWithdrawn(Step),
    /// It is undecided again.
    ObjectionReopened(Step),
    /// The answer will take longer (Art. 12(3)).
    DeadlineExtended {
        /// The case.
        case: CaseId,
        /// The new last day.
        until: Date,
        /// Of the reviewer's name and the reasons.
        commitment: Hash,
    },
    /// A reviewer or auditor looked at a case, and so at a person's data (Art. 32).
    CaseViewed(Step),
    /// A reviewer proposes to refuse; another one must confirm.
    RefusalProposed(Step),
    /// The person was sent a letter about the case (Art. 12(3), 12(4), 18(3)).
    LetterSent {
        /// The case.
        case: CaseId,
        /// Which letter.
        letter: Letter,
    },
    /// A recipient of the data was told of the case (Art. 19).
    RecipientTold {
        /// The case.
        case: CaseId,
        /// The recipient's short name in the configuration.
        recipient: String,
        /// What it was told.
        news: News,
    },
    /// A batch of notices was delivered (Art. 13, 14, 21(4)).
    NoticesDelivered {
        /// The purpose they told of.
        purpose: String,
        /// How many the batch holds.
        count: u64,
        /// SHA-256 over the digests of the batch's chunks.
        digest: Hash,
    },
    /// A batch of notices came back: no delivery up to the stated moments counts.
    NoticesUndelivered {
        /// The purpose they told of.
        purpose: String,
        /// How many the batch holds.
        count: u64,
        /// SHA-256 over the digests of the batch's chunks.
        digest: Hash,
    },
    /// Keyed hashes were kept by which people with an objection in force are recognised under other
    /// account ids.
    TombstonesKept {
        /// The purpose that they objected to.
        purpose: String,
        /// How many the batch holds.
        count: u64,
        /// SHA-256 over the digests of the batch's chunks.
        digest: Hash,
    },
    /// Somebody is about to be erased whose objection was in force: their data stays out.
    ErasedStayOut {
        /// The purpose that they objected to.
        purpose: String,
        /// What the objection covered.
        scopes: Scopes,
        /// Where it stood.
        status: Status,
        /// How many keyed hashes recognise them.
        count: u64,
        /// SHA-256 over the digests of the batch's chunks.
        digest: Hash,
    },
    /// A training set was frozen.
    TrainingSetCommitted(TrainingSetCommitted),
    /// A new version of a training set, without what may no longer be used (Art. 17(1)(c)).
    TrainingSetRetracted(TrainingSetRetracted),
    /// What was hidden in a training set is gone from the disk.
    TrainingSetPurged(TrainingSetPurged),
    /// A training set no longer exists.
    TrainingSetGone(TrainingSetGone),
    /// A training run began to read.
    RunStarted(RunStarted),
    /// A training run is over.
    RunFinished(RunFinished),
    /// A person's sealed parts and key were deleted (Art. 17).
    SubjectErased {
        /// The cases that were theirs.
        cases: Vec<CaseId>,
    },
}

/// The arrival of an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// The new case.
    pub case: CaseId,
    /// The purpose objected to.
    pub purpose: String,
    /// What it covers.
    pub scopes: Scopes,
    /// Whether it names a single record.
    pub names_record: bool,
    /// When it arrived, which may lie long before it was entered.
    pub received_at: Moment,
    /// How it arrived.
    pub source: Source,
    /// Of account, record and grounds.
    pub commitment: Hash,
}

/// A step in a case's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The case.
    pub case: CaseId,
    /// Who took it.
    pub by: By,
    /// Of names and reasons, where there are any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commitment: Option<Hash>,
}

/// Who took a step; names lie in the sealed part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The person who objected.
    Person,
    /// A rule of the purpose; rules only ever grant.
    Rule,
    /// A named reviewer.
    Reviewer,
    /// A supervisory authority or a court.
    Authority,
    /// Another system, whose records were imported.
    Import,
    /// Whoever runs the system, on the command line.
    Operator,
}

/// How an objection arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// From another system's records.
    Import,
    /// Entered by an operator.
    CommandLine,
    /// Through the privacy centre.
    PrivacyCentre,
    /// By the link in a notice.
    DirectLink,
    /// By software that acts for the person (Art. 21(5)).
    Agent,
}

impl Source {
    /// Every way. Tables hold the place in this list, so a new one comes last.
    pub const ALL: [Source; 5] = [
        Source::Import,
        Source::CommandLine,
        Source::PrivacyCentre,
        Source::DirectLink,
        Source::Agent,
    ];
}

/// A letter about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// The objection arrived.
    Receipt,
    /// It is approved.
    Approval,
    /// It is refused.
    Refusal,
    /// The answer takes longer.
    Extension,
    /// The person took it back.
    Withdrawal,
    /// The restriction is about to end (Art. 18(3)).
    Lifting,
}

/// What a recipient of data is told (Art. 19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// The data is restricted (Art. 18(1)(d)).
    Restricted,
    /// The data must be erased (Art. 17(1)(c)).
    Erased,
    /// The restriction is over.
    Lifted,
}

impl What {
    /// The type's name, as the canonical text has it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            What::RegisterOpened { .. } => "register_opened",
            What::PurposeRecorded { .. } => "purpose_recorded",
            What::ObjectionReceived(_) => "objection_received",
            What::ReviewStarted(_) => "review_started",
            What::ObjectionApproved(_) => "objection_approved",
            What::ObjectionRefused(_) => "objection_refused",
            What::ObjectionWithdrawn(_) => "objection_withdrawn",
            What::ObjectionReopened(_) => "objection_reopened",
            What::DeadlineExtended { .. } => "deadline_extended",
            What::CaseViewed(_) => "case_viewed",
            What::RefusalProposed(_) => "refusal_proposed",
            What::LetterSent { .. } => "letter_sent",
            What::RecipientTold { .. } => "recipient_told",
            What::NoticesDelivered { .. } => "notices_delivered",
            What::NoticesUndelivered { .. } => "notices_undelivered",
            What::TombstonesKept { .. } => "tombstones_kept",
            What::ErasedStayOut { .. } => "erased_stay_out",
            What::TrainingSetCommitted(_) => "training_set_committed",
            What::TrainingSetRetracted(_) => "training_set_retracted",
            What::TrainingSetPurged(_) => "training_set_purged",
            What::TrainingSetGone(_) => "training_set_gone",
            What::RunStarted(_) => "run_started",
            What::RunFinished(_) => "run_finished",
            What::SubjectErased { .. } => "subject_erased",
        }
    }

    /// The case that the event is about, if it is about one.
    #[must_use]
    pub fn case(&self) -> Option<CaseId> {
        match self {
            What::ObjectionReceived(received) => Some(received.case),
            What::ReviewStarted(step)
            | What::ObjectionApproved(step)
            | What::ObjectionRefused(step)
            | What::ObjectionWithdrawn(step)
            | What::ObjectionReopened(step)
            | What::CaseViewed(step)
            | What::RefusalProposed(step) => Some(step.case),
            What::DeadlineExtended { case, .. }
            | What::LetterSent { case, .. }
            | What::RecipientTold { case, .. } => Some(*case),
            _ => None,
        }
    }

    /// The commitment to a sealed part, where there is one.
    #[must_use]
    pub fn commitment(&self) -> Option<Hash> {
        match self {
            What::ObjectionReceived(received) => Some(received.commitment),
            What::ReviewStarted(step)
            | What::ObjectionApproved(step)
            | What::ObjectionRefused(step)
            | What::ObjectionWithdrawn(step)
            | What::ObjectionReopened(step)
            | What::CaseViewed(step)
            | What::RefusalProposed(step) => step.commitment,
            What::DeadlineExtended { commitment, .. } => Some(*commitment),
            _ => None,
        }
    }

    /// The status that the event gives its case.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        match self {
            What::ObjectionReceived(_) | What::ObjectionReopened(_) => Some(Status::Received),
            What::ReviewStarted(_) => Some(Status::UnderReview),
            What::ObjectionApproved(_) => Some(Status::Approved),
            What::ObjectionRefused(_) => Some(Status::Refused),
            What::ObjectionWithdrawn(_) => Some(Status::Withdrawn),
            _ => None,
        }
    }

    /// Who took the step that the event records.
    #[must_use]
    pub fn by(&self) -> Option<By> {
        match self {
            What::ObjectionReceived(received) if received.source == Source::Import => {
                Some(By::Import)
            }
            What::ObjectionReceived(_) => Some(By::Person),
            What::ReviewStarted(step)
            | What::ObjectionApproved(step)
            | What::ObjectionRefused(step)
            | What::ObjectionWithdrawn(step)
            | What::ObjectionReopened(step)
            | What::CaseViewed(step)
            | What::RefusalProposed(step) => Some(step.by),
            What::DeadlineExtended { .. } => Some(By::Reviewer),
            What::TrainingSetGone(gone) => Some(gone.by),
            _ => None,
        }
    }
}

/// What is said of people beside an event, sealed; its JSON is what the commitment covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Personal {
    /// The account that objects, with its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,
    /// The record that is objected to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record: Option<String>,
    /// The reviewer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The person's grounds on receipt, the controller's on refusal, the reasons of an extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounds: Option<String>,
    /// The authority that a refusal names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// The court route that a refusal names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court_route: Option<String>,
    /// Where someone without an account is answered, and why they write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contact: Option<Contact>,
    /// Of what kind the controller's grounds on refusal are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
}

/// Of what kind the compelling grounds of a refusal are (Art. 21(1)): what the published figures count
/// them by. The grounds themselves are always written out beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Establishing, exercising or defending legal claims, which Art. 21(1) names itself.
    LegalClaims,
    /// An important public interest.
    PublicInterest,
    /// The security of people or systems.
    Security,
    /// Scientific or historical research, or statistics (Art. 21(6)).
    Research,
    /// Freedom of expression and information (Art. 85).
    FreedomOfExpression,
    /// Something else, or nothing was chosen.
    Other,
}

impl Ground {
    /// Every ground, in the order in which they are listed.
    pub const ALL: [Ground; 6] = [
        Ground::LegalClaims,
        Ground::PublicInterest,
        Ground::Security,
        Ground::Research,
        Ground::FreedomOfExpression,
        Ground::Other,
    ];

    /// The name in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Ground::LegalClaims => "legal_claims",
            Ground::PublicInterest => "public_interest",
            Ground::Security => "security",
            Ground::Research => "research",
            Ground::FreedomOfExpression => "freedom_of_expression",
            Ground::Other => "other",
        }
    }
}

impl FromStr for Ground {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Ground::ALL.into_iter().find(|ground| ground.name() == text);
        found.ok_or_else(|| {
            let names = Ground::ALL.map(Ground::name).join(", ");
            format!("\"{text}\" is no kind of ground; it is one of {names}")
        })
    }
}

/// Where someone without an account is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The e-mail address, confirmed by a code.
    pub email: String,
    /// The BCP 47 tag of the language in which they wrote.
    pub language: String,
    /// What leads them here.
    pub route: Route,
}

/// What leads someone to an objection without an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Single records, named by address or id.
    Items,
    /// Content that names or shows them.
    Mentions,
    /// They act for a child or someone in their care.
    Guardian,
    /// They act for someone who has died.
    Heir,
    /// They cannot get into their account.
    LockedOut,
    /// They write for a page or a group.
    PageAuthor,
    /// A model's output contains data about them.
    Output,
    /// Something else.
    Other,
}

/// A moment in microseconds since 1970, written in RFC 3339 with six decimals.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Moment(i64);

impl Moment {
    /// The moment at `micros`; `None` outside the years -9999 to 9999.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        Timestamp::from_microsecond(micros).ok().map(Moment::from)
    }

    /// Microseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }

    /// The moment as a timestamp.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).expect("a moment was made from a timestamp")
    }
}

impl From<Timestamp> for Moment {
    /// Cuts off what is finer than a microsecond, and the fraction of the very last second, which a
    /// timestamp can have and not be made of.
    fn from(at: Timestamp) -> Self {
        let last = Timestamp::MAX.as_second() * 1_000_000;
        Moment(at.as_microsecond().min(last))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.timestamp())
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> String {
        moment.to_string()
    }
}

impl TryFrom<String> for Moment {
    type Error = jiff::Error;
    fn try_from(text: String) -> Result<Self, jiff::Error> {
        text.parse::<Timestamp>().map(Moment::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::{Outcome, SetVersion};

    #[test]
    fn every_moment_there_is_reads_back() {
        for at in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            let moment = Moment::from(at);
            assert_eq!(moment.timestamp().as_second(), at.as_second());
            assert_eq!(Moment::from_micros(moment.micros()), Some(moment));
        }
    }

    /// A changed canonical text would break every register that exists.
    #[test]
    fn canonical_texts_stay_as_they_are() {
        let at = Moment::from_micros(1_748_300_400_000_007).unwrap();
        let case: CaseId = "7K3M-QZ4P-W2XC".parse().unwrap();
        let text = |what| {
            let event = Event { v: VERSION, at, what };
            let text = event.canonical();
            assert_eq!(Event::parse(0, &text).unwrap(), event);
            text
        };
        let received = Received {
            case,
            purpose: "assistant-training".into(),
            scopes: Scopes::OWN,
            names_record: false,
            received_at: at,
            source: Source::DirectLink,
            commitment: Hash([0; 32]),
        };
        let zeros = "0".repeat(64);
        assert_eq!(
            text(What::ObjectionReceived(received)),
            format!(
                r#"{{"v":1,"at":"2025-05-26T23:00:00.000007Z","what":{{"objection_received":{{"case":"7K3M-QZ4P-W2XC","purpose":"assistant-training","scopes":["public_content","ai_interactions"],"names_record":false,"received_at":"2025-05-26T23:00:00.000007Z","source":"direct_link","commitment":"{zeros}"}}}}}}"#
            )
        );
        assert_eq!(
            text(What::ObjectionApproved(Step { case, by: By::Rule, commitment: None })),
            r#"{"v":1,"at":"2025-05-26T23:00:00.000007Z","what":{"objection_approved":{"case":"7K3M-QZ4P-W2XC","by":"rule"}}}"#
        );
        assert_eq!(
            text(What::RegisterOpened { origin: "demur.local/register".into() }),
            r#"{"v":1,"at":"2025-05-26T23:00:00.000007Z","what":{"register_opened":{"origin":"demur.local/register"}}}"#
        );
        let retracted = TrainingSetRetracted {
            set: "v".into(),
            version: 1,
            purpose_digest: "p".into(),
            snapshot_digest: "s".into(),
            snapshot_size: 9,
            snapshot_root: Hash([0; 32]),
            manifest_digest: "m".into(),
            kept: 4,
            left: 3,
            returned: 1,
            history_kept: false,
        };
        let (set, manifest_digest) = ("v".to_owned(), "m".to_owned());
        let purged = TrainingSetPurged {
            set: set.clone(),
            version: 2,
            manifest_digest,
            records: 3,
            files: 1,
        };
        let read = vec![SetVersion { set: set.clone(), version: 2 }];
        let (run, name) = ("r".to_owned(), "n".to_owned());
        let started = RunStarted { run: run.clone(), name, read, even_if_behind: None };
        let finished = RunFinished { run, outcome: Outcome::Completed };
        for (what, said) in [
            (
                What::TrainingSetRetracted(retracted),
                format!(
                    r#"{{"training_set_retracted":{{"set":"v","version":1,"purpose_digest":"p","snapshot_digest":"s","snapshot_size":9,"snapshot_root":"{zeros}","manifest_digest":"m","kept":4,"left":3,"returned":1,"history_kept":false}}}}"#
                ),
            ),
            (
                What::TrainingSetPurged(purged),
                r#"{"training_set_purged":{"set":"v","version":2,"manifest_digest":"m","records":3,"files":1}}"#.into(),
            ),
            (
                What::TrainingSetGone(TrainingSetGone { set, by: By::Operator }),
                r#"{"training_set_gone":{"set":"v","by":"operator"}}"#.into(),
            ),
            (
                What::RunStarted(started),
                r#"{"run_started":{"run":"r","name":"n","read":[{"set":"v","version":2}]}}"#.into(),
            ),
            (
                What::RunFinished(finished),
                r#"{"run_finished":{"run":"r","outcome":"completed"}}"#.into(),
            ),
        ] {
            let event = format!(r#"{{"v":1,"at":"2025-05-26T23:00:00.000007Z","what":{said}}}"#);
            assert_eq!(text(what), event);
        }
        let (purpose, digest) = ("p".to_owned(), Hash([0; 32]));
        let (scopes, status) = (Scopes::OWN, Status::Approved);
        for (what, said) in [
            (
                What::TombstonesKept { purpose: purpose.clone(), count: 2, digest },
                format!(r#"{{"tombstones_kept":{{"purpose":"p","count":2,"digest":"{zeros}"}}}}"#),
            ),
            (
                What::ErasedStayOut { purpose, scopes, status, count: 2, digest },
                format!(
                    r#"{{"erased_stay_out":{{"purpose":"p","scopes":["public_content","ai_interactions"],"status":"approved","count":2,"digest":"{zeros}"}}}}"#
                ),
            ),
        ] {
            let event = format!(r#"{{"v":1,"at":"2025-05-26T23:00:00.000007Z","what":{said}}}"#);
            assert_eq!(text(what), event);
        }
        let purpose = "assistant-training".to_owned();
        assert_eq!(
            text(What::NoticesUndelivered { purpose, count: 2, digest: Hash([0; 32]) }),
            format!(
                r#"{{"v":1,"at":"2025-05-26T23:00:00.000007Z","what":{{"notices_undelivered":{{"purpose":"assistant-training","count":2,"digest":"{zeros}"}}}}}}"#
            )
        );
    }
}
