//! Digests of corpus files that builds have found, so that the next one reads no more of an unchanged corpus
//! than it judges by. They lie sealed in the register: who could change them could change what it says
//! of data that somebody trained on.

use std::path::PathBuf;

use demur_corpus::{CorpusSource, FileDigest, expand, noted_digests, trust_digests};
use demur_register::Register;
use demur_register::desk::Drawer;
use jiff::{SignedDuration, Timestamp};

use crate::context::{Context, now};
use crate::failure::Failure;

/// A file changed so shortly before a build may change again without its time saying so.
const TICK: SignedDuration = SignedDuration::from_secs(2);

/// What was noted of some corpora.
pub(crate) struct Noted {
    /// By corpus: its name on the desk, its files, and what lies there.
    corpora: Vec<(Vec<u8>, Vec<PathBuf>, String)>,
    until: i64,
}

impl Noted {
    /// Takes the last build's word for files that are what they were.
    ///
    /// # Errors
    /// Where the register or the corpus cannot be read.
    pub(crate) fn recall(
        context: &Context,
        register: &Register,
        corpora: &[&CorpusSource],
    ) -> Result<Self, Failure> {
        let until = (now() - TICK).as_nanosecond();
        let until = i64::try_from(until).unwrap_or(i64::MAX);
        let mut noted = Noted { corpora: Vec::new(), until };
        for corpus in corpora {
            let name = format!("digests {}", corpus.id).into_bytes();
            let (paths, _) = expand(&corpus.location, &context.config.folder)?;
            let text = register.item(Drawer::Bookmark, &name)?.map(|item| item.text);
            let text = text.unwrap_or_default();
            // What cannot be read was written by another version, and is found again.
            let known: Vec<FileDigest> = serde_json::from_str(&text).unwrap_or_default();
            trust_digests(known);
            noted.corpora.push((name, paths, text));
        }
        Ok(noted)
    }

    /// Takes this build's own word for what it has found, before it starts over.
    pub(crate) fn trust(&self) {
        for (_, paths, _) in &self.corpora {
            trust_digests(noted_digests(paths, self.until));
        }
    }

    /// Notes what this build has found.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub(crate) fn keep(self, register: &mut Register) -> Result<(), Failure> {
        for (name, paths, before) in self.corpora {
            let known = noted_digests(&paths, self.until);
            let text = serde_json::to_string(&known)
                .map_err(|e| Failure::machine(format!("digests cannot be noted: {e}")))?;
            if text != before {
                register.act(now(), |act| {
                    act.put(Drawer::Bookmark, &name, Timestamp::MAX, None, &text).map(drop)
                })?;
            }
        }
        Ok(())
    }
}
