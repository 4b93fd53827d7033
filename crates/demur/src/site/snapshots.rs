//! Snapshots for workers that fetch them: compiled anew whenever somebody's exclusion has changed.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use demur_register::Register;
use demur_web::snapshots::{SnapshotFile, Snapshots};

use crate::compile;
use crate::context::Context;
use crate::failure::Failure;

/// The newest snapshot of each purpose, as files in a folder of their own.
pub(crate) struct LiveSnapshots {
    context: Arc<Context>,
    /// One compiles, the others wait for it.
    state: Mutex<State>,
}

struct State {
    register: Register,
    known: HashMap<String, Known>,
}

/// A snapshot that was compiled, and what it was compiled of.
struct Known {
    path: PathBuf,
    digest: String,
    of: (u64, String),
}

impl LiveSnapshots {
    /// Nothing is compiled before somebody asks.
    pub(crate) fn new(context: Arc<Context>, register: Register) -> Self {
        let state = Mutex::new(State { register, known: HashMap::new() });
        LiveSnapshots { context, state }
    }

    fn find(&self, state: &mut State, name: &str) -> Result<Option<SnapshotFile>, Failure> {
        let Some(purpose) = self.context.config.purposes.iter().find(|p| p.id == name) else {
            return Ok(None);
        };
        let (newest, facts) =
            (state.register.newest_objection(name)?, self.context.accounts()?.digest()?);
        let is_current = |known: &Known| known.of.0 == newest && known.of.1 == facts;
        let is_current = state.known.get(name).is_some_and(is_current);
        if !is_current {
            let path = self.context.path(format!("{name}.served.snapshot"));
            let fresh = compile::snapshot(&self.context, &mut state.register, purpose, &path)?;
            let digest = fresh.snapshot.digest().to_owned();
            // Compiling may enter what recognises those who objected.
            let of = (fresh.snapshot.meta().register_size, facts);
            state.known.insert(name.to_owned(), Known { path, digest, of });
        }
        let Some(known) = state.known.get(name) else { return Ok(None) };
        let file = File::open(&known.path).map_err(|e| {
            Failure::machine(format!("{}: cannot be read: {e}", known.path.display()))
        })?;
        Ok(Some(SnapshotFile { file, digest: known.digest.clone() }))
    }
}

impl Snapshots for LiveSnapshots {
    fn newest(&self, purpose: &str) -> Result<Option<SnapshotFile>, String> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.find(&mut state, purpose).map_err(|failure| failure.to_string())
    }
}
