//! Where work on sets in object stores lies on this machine.

use std::path::{Path, PathBuf};

use demur_corpus::{Workplace, is_url};
use demur_register::{Entropy, OsEntropy};

use crate::failure::Failure;

/// The folder beside the configuration.
const FOLDER: &str = ".demur-work";
/// The file in it with its name.
const NAME: &str = "name";

/// The workplace below a folder, for work on what lies at `place`; the first time that it is needed, it is
/// given a name that no other has.
pub(crate) fn open(below: &Path, place: &Path) -> Result<Workplace, Failure> {
    let folder: PathBuf = below.join(FOLDER);
    if !is_url(place) {
        return Ok(Workplace { folder, name: String::new() });
    }
    let file = folder.join(NAME);
    let failed = |e| Failure::machine(format!("{}: could not be written: {e}", file.display()));
    std::fs::create_dir_all(&folder).map_err(failed)?;
    if !file.exists() {
        let mut name = [0; 16];
        OsEntropy::new().fill(&mut name);
        let own = folder.join(format!("{NAME}.{}", std::process::id()));
        std::fs::write(&own, name.map(|byte| format!("{byte:02x}")).concat()).map_err(failed)?;
        // Two processes may both be the first; one of the names stays.
        let linked = std::fs::hard_link(&own, &file);
        std::fs::remove_file(&own).map_err(failed)?;
        linked.or_else(|e| if file.exists() { Ok(()) } else { Err(e) }).map_err(failed)?;
    }
    let name = std::fs::read_to_string(&file).map_err(failed)?;
    Ok(Workplace { folder, name })
}
