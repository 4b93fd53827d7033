//! What was said and decided: an append-only log of objections, decisions, notices and training
//! sets, with the current state beside it.
//!
//! Whoever keeps people out of training data must be able to show, years later, what was known on
//! the day of a build (Art. 5(2), 24). So nothing here is overwritten: every act is an [`Event`],
//! every event is a leaf of a Merkle tree, and a signed [`Checkpoint`] fixes all that was ever said.
//! The tables that answer questions fast are projections, recreated from the log by
//! [`Register::rebuild`] and compared with it by [`Register::verify`].
//!
//! An event holds no personal data in the clear. It carries a salted commitment; the personal part
//! lies beside it, sealed under the person's own key. Deleting that key
//! ([`Register::erase_account`], Art. 17) leaves the log whole and verifiable.
//!
//! | module | what it holds |
//! |---|---|
//! | [`event`] | what can be said, and its canonical text |
//! | [`merkle`] | tree hashes and proofs (RFC 9162) |
//! | [`checkpoint`] | signed tree heads (C2SP tlog-checkpoint) |
//! | `keys` | the master key and what is derived from it; sealing |
//! | [`desk`] | what is in hand and not said: sessions, codes, letters to be sent |
//! | [`lease`] | work that must happen once, whoever does it |
//! | `store` | where rows lie: the only place that knows SQL |
//! | `link` | tokens of personal links |
//! | `notices` | who was told, and whose notice came back |
//! | `tombstones` | what recognises people under other account ids |
//! | `mail_id` | ids of mails |
//! | `batch` | many acts in one transaction |
//! | `queue` | what is open, by the day it falls due |
//! | `copy` | moving a register to another store |
//! | `rotate` | another key for a register |
//! | `proposal` | refusals that wait for a second reviewer |
//! | `projection` | from events to current state, as pure functions |
//! | `figures` | how many objections, what became of them, how long it took |
//! | `training` | training sets over time, what they lack, and which runs read them |
//! | `receipt` | what proves offline that a case is in the log |
//! | `register` and its neighbours | what one can do: submit, decide, import, ask, verify |

mod batch;
mod case;
mod case_id;
mod cases;
pub mod checkpoint;
mod copy;
mod decide;
pub mod desk;
mod entropy;
mod erase;
mod error;
pub mod event;
mod figures;
mod import;
mod in_force;
mod keys;
pub mod lease;
mod link;
mod mail_id;
pub mod merkle;
mod news;
mod notices;
mod projection;
mod proposal;
mod queue;
mod receipt;
mod register;
mod reseal;
mod rotate;
mod since;
mod state;
mod store;
mod subject;
mod tombstones;
mod training;
mod url;
mod verify;
mod writer;

pub use batch::{Act, Batch};
pub use case::{About, Case, CaseFilter, CaseSummary, HistoryEntry};
pub use case_id::CaseId;
pub use checkpoint::Checkpoint;
pub use copy::Copied;
pub use decide::{Extension, NewObjection, Refusal, Submitted};
pub use entropy::{Entropy, OsEntropy, SeededEntropy};
pub use error::Error;
pub use event::Event;
pub use figures::{Figures, Standing, Times, Told};
pub use import::{ImportSummary, ObjectionRow};
pub use in_force::InForce;
pub use keys::KeySource;
pub use link::{Link, LinkKind, LinkState, Links};
pub use mail_id::MailIds;
pub use merkle::Hash;
pub use news::CaseNews;
pub use notices::{NoticeHistory, NoticeSummary, Notices};
pub use proposal::{Proposal, is_same_reviewer};
pub use queue::{OpenCase, Place, QueueCounts, QueueFilter};
pub use receipt::{Opening, ProvenEvent, RECEIPT_FORMAT, Receipt};
pub use register::{Options, Register};
pub use since::{SaidOf, Since};
pub use state::{PurposeState, Whose};
pub use store::PostgresUrl;
pub use subject::{account_text, parse_account};
pub use tombstones::{Mark, Marker, StaysOut, Tombstone, Tombstones};
pub use training::{
    Behind, Held, NewRun, Outcome, Run, RunFinished, RunStarted, SetVersion, Stale, TrainingSet,
    TrainingSetCommitted, TrainingSetGone, TrainingSetPurged, TrainingSetRetracted, Version,
    VersionKind,
};
pub use url::RegisterUrl;
pub use verify::{Problem, ProblemKind, VerifyReport};
