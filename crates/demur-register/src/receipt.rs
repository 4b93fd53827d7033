//! Receipts: what a person or an auditor can check offline, years later, without asking anybody.
//!
//! A receipt holds every event of one case, the proof that each is in the log, and a checkpoint over
//! the whole log, signed. Beside an event lies what was sealed with it, salt included, so that its
//! commitment can be recomputed. `docs/receipt.md` says how to check one.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::event::{Event, What};
use crate::keys;
use crate::merkle::{self, Hash};
use crate::store::Read;
use crate::subject::Subject;
use crate::writer::{load_frontier, load_subject};
use crate::{CaseId, Register};

/// The name of the format.
pub const RECEIPT_FORMAT: &str = "demur-receipt/1";

/// What proves that a case is in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// [`RECEIPT_FORMAT`].
    pub format: String,
    /// The case.
    pub case: CaseId,
    /// Size and root of the log, signed (C2SP tlog-checkpoint).
    pub checkpoint: String,
    /// The key that verifies the checkpoint, as C2SP tools take it.
    pub verifier_key: String,
    /// The events of the case, oldest first.
    pub events: Vec<ProvenEvent>,
}

/// One event, and the proof that it is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenEvent {
    /// Its place in the log.
    pub index: u64,
    /// Its canonical text, whose hash is the leaf.
    pub event: String,
    /// The hashes from leaf to root (RFC 9162, 2.1.3).
    pub proof: Vec<Hash>,
    /// What the event's commitment covers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sealed: Option<Opening>,
}

/// What a commitment covers: it is the SHA-256 of salt and text, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// 32 bytes in hexadecimal.
    pub salt: String,
    /// What lay sealed beside the event, as JSON.
    pub text: String,
}

impl Register {
    /// The receipt of a case. What the controller keeps to itself stays out of it: who looked at the
    /// case, and proposals that were not decided.
    ///
    /// It reads every leaf of the log.
    ///
    /// # Errors
    /// Where the register cannot be read, or a sealed part of the case was changed.
    pub fn receipt(&self, case: &CaseId) -> Result<Option<Receipt>> {
        let tx = self.store.read()?;
        let Some(row) = tx.case(*case)? else { return Ok(None) };
        let subject = load_subject(&*tx, &self.keys, row.subject)?;
        let end = load_frontier(&*tx, &self.keys)?;
        let mut events = Vec::new();
        for index in std::iter::once(row.opened).chain(tx.history(row.opened)?) {
            let event = tx.event(index)?.body;
            let what = Event::parse(index, &event)?.what;
            if matches!(what, What::CaseViewed(_) | What::RefusalProposed(_)) {
                continue;
            }
            // Of who began to review, the person was told nothing.
            let told = !matches!(what, What::ReviewStarted(_));
            let sealed = if told { opening(&*tx, &subject, index)? } else { None };
            events.push(ProvenEvent { index, event, proof: Vec::new(), sealed });
        }
        let indices: Vec<u64> = events.iter().map(|event| event.index).collect();
        let proofs = merkle::inclusion_proofs(&tx.leaves(end.size())?, &indices);
        for (event, proof) in events.iter_mut().zip(proofs) {
            event.proof = proof;
        }
        Ok(Some(Receipt {
            format: RECEIPT_FORMAT.into(),
            case: *case,
            checkpoint: self.sign(end.size(), end.root()),
            verifier_key: self.verifier_key(),
            events,
        }))
    }
}

fn opening(tx: &dyn Read, subject: &Subject, seq: u64) -> Result<Option<Opening>> {
    let Some(row) = tx.personal(seq)? else { return Ok(None) };
    let (salt, text) = keys::open_salted(&subject.key, seq, &row.sealed)
        .ok_or_else(|| Error::Damaged(format!("the sealed part of event {seq} was changed")))?;
    Ok(Some(Opening { salt: hex::encode(salt), text }))
}

#[cfg(test)]
mod tests {
    use demur_core::id::AccountId;
    use demur_core::objection::Scopes;
    use demur_core::purpose::{Purpose, Review, sample};
    use jiff::Timestamp;

    use super::*;
    use crate::checkpoint::verify_checkpoint;
    use crate::event::Source;
    use crate::{KeySource, NewObjection, Options, RegisterUrl, SeededEntropy};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn register() -> Register {
        let options = Options {
            url: RegisterUrl::Memory,
            key: KeySource::Hex("17".repeat(32)),
            origin: Options::DEFAULT_ORIGIN.into(),
        };
        let mut register = Register::open(options, Box::new(SeededEntropy::new(1)), at(0)).unwrap();
        let purpose = Purpose { review: Review::Manual, ..sample() };
        register.record_purpose(&purpose, at(0)).unwrap();
        register
    }

    fn objection(account: i128) -> NewObjection {
        NewObjection {
            account: Some(AccountId::Number(account)),
            record: None,
            purpose: sample().id,
            scopes: Scopes::OWN,
            received_at: at(1),
            grounds: Some("because".into()),
            contact: None,
            source: Source::DirectLink,
        }
    }

    #[test]
    fn a_receipt_proves_each_of_its_events_and_shows_what_was_said() {
        let mut register = register();
        let case = register.submit(objection(1), at(1)).unwrap();
        for other in 2..30 {
            register.submit(objection(other), at(1)).unwrap();
        }
        register.act(at(2), |act| act.view(&case, "Auditor")).unwrap();
        register.start_review(&case, "Reviewer", at(2)).unwrap();
        register.approve(&case, "Reviewer", at(3)).unwrap();

        let receipt = register.receipt(&case).unwrap().unwrap();
        let key = register.public_key();
        let said = verify_checkpoint(&receipt.checkpoint, &key).unwrap();
        assert_eq!(receipt.events.len(), 3);
        for event in &receipt.events {
            let leaf = Hash::leaf(event.event.as_bytes());
            let (size, root) = (said.size, said.root);
            assert!(merkle::verify_inclusion(leaf, event.index, size, root, &event.proof));
            if let Some(opening) = &event.sealed {
                let open = [hex::decode(&opening.salt).unwrap(), opening.text.clone().into_bytes()];
                assert!(event.event.contains(&Hash::of(&open.concat()).to_string()));
            }
        }
        assert!(receipt.events[0].sealed.as_ref().unwrap().text.contains("because"));
        assert_eq!(receipt.events[1].sealed, None);
        let text = serde_json::to_string(&receipt).unwrap();
        assert!(!text.contains("Auditor") && !text.contains("case_viewed"));
    }

    #[test]
    fn there_is_no_receipt_of_what_is_not_there() {
        let unknown = "7K3M-QZ4P-W2XC".parse().unwrap();
        assert_eq!(register().receipt(&unknown).unwrap(), None);
    }
}
