//! Signed tree heads: C2SP tlog-checkpoint in a C2SP signed-note, Ed25519.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::merkle::Hash;

/// What a checkpoint says: a log of this name had this size and this root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// How many events it had.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    pub(crate) fn sign(&self, key: &SigningKey) -> String {
        let text = self.text();
        let mut signed = key_hash(&self.origin, &key.verifying_key()).to_vec();
        signed.extend(key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n— {} {}\n", self.origin, STANDARD.encode(signed))
    }

    /// Reads what a checkpoint says, unverified; `None` where it is not one.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let origin = lines.next().filter(|origin| !origin.is_empty())?.to_owned();
        let digits = lines.next()?;
        let size: u64 = digits.parse().ok()?;
        let root = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        let plain = size.to_string() == digits;
        plain.then_some(Checkpoint { origin, size, root: Hash(root) })
    }
}

/// The key's name in a signature line: the first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key).
fn key_hash(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let hasher = Sha256::new().chain_update(name).chain_update([0x0A, 0x01]);
    let hash: [u8; 32] = hasher.chain_update(key.as_bytes()).finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

/// The line under which others list this log's key: `name+hash+key` (C2SP signed-note).
#[must_use]
pub(crate) fn verifier_key(origin: &str, key: &VerifyingKey) -> String {
    let hash = hex::encode(key_hash(origin, key));
    let typed = [&[0x01][..], key.as_bytes()].concat();
    format!("{origin}+{hash}+{}", STANDARD.encode(typed))
}

/// Checks the log's own signature on a checkpoint and returns what it says. Signatures by others
/// (witnesses) are passed over.
///
/// # Errors
/// Says what is wrong where the text is not a checkpoint, or `public_key` has not signed it.
pub fn verify_checkpoint(text: &str, public_key: &[u8; 32]) -> Result<Checkpoint, String> {
    let (body, signatures) = text
        .split_once("\n\n")
        .ok_or("this is not a checkpoint: it has no blank line before its signatures")?;
    let body = format!("{body}\n");
    let said = Checkpoint::parse(&body)
        .ok_or("this is not a checkpoint: name, size and root should open it, a line each")?;
    let key = VerifyingKey::from_bytes(public_key)
        .map_err(|_| "the public key is not an Ed25519 key".to_owned())?;
    let hash = key_hash(&said.origin, &key);
    let valid = signatures.lines().any(|line| {
        let signed = line.strip_prefix("— ").and_then(|line| line.split_once(' '));
        let Some((name, encoded)) = signed else { return false };
        let Ok(bytes) = STANDARD.decode(encoded) else { return false };
        let Some((id, signature)) = bytes.split_at_checked(4) else { return false };
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        name == said.origin && id == hash && key.verify_strict(body.as_bytes(), &signature).is_ok()
    });
    if valid {
        Ok(said)
    } else {
        Err(format!("no valid signature of \"{}\" by this key is on the checkpoint", said.origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (Checkpoint, String, [u8; 32]) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let said =
            Checkpoint { origin: "demur.local/register".into(), size: 3, root: Hash::of(b"x") };
        let text = said.sign(&key);
        (said, text, key.verifying_key().to_bytes())
    }

    #[test]
    fn a_checkpoint_has_the_lines_that_c2sp_asks_for() {
        let (said, text, _) = signed();
        let lines: Vec<&str> = text.split('\n').collect();
        assert_eq!(lines[..2], ["demur.local/register", "3"]);
        assert_eq!(lines[2], STANDARD.encode(said.root.0));
        assert_eq!(lines[3], "");
        let signature = lines[4].strip_prefix("— demur.local/register ").unwrap();
        assert_eq!(STANDARD.decode(signature).unwrap().len(), 4 + 64);
        assert_eq!(lines[5..], [""]);
    }

    #[test]
    fn only_the_signer_and_only_the_text_verify() {
        let (said, text, key) = signed();
        assert_eq!(verify_checkpoint(&text, &key), Ok(said));
        assert!(verify_checkpoint(&text.replacen("\n3\n", "\n4\n", 1), &key).is_err());
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
        assert!(verify_checkpoint(&text, &other).unwrap_err().contains("no valid signature"));
        assert!(verify_checkpoint("hello", &key).unwrap_err().contains("not a checkpoint"));
        let witnessed = format!("{text}— witness.example AAAAAAAA\n");
        assert!(verify_checkpoint(&witnessed, &key).is_ok());
    }

    #[test]
    fn key_hashes_are_those_of_the_specification() {
        let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
        let line = verifier_key("demur.local/register", &key);
        let [name, hash, typed] = line.split('+').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let typed = STANDARD.decode(typed).unwrap();
        let digest = Sha256::digest([name.as_bytes(), b"\n", &typed].concat());
        assert_eq!(hash, hex::encode(&digest[..4]));
    }
}
