//! The next snapshot from the last one and what was said since: taking a few people out must not cost a
//! look at everybody. It is the file that compiling would give, to the byte, or there is none.

use std::collections::HashSet;
use std::sync::Arc;

use demur_core::purpose::Purpose;
use demur_register::Register;
use demur_snapshot::{Amender, Origin, Snapshot};

use super::key;
use crate::context::Context;
use crate::failure::Failure;
use crate::sets::kept;
use crate::tombstones::{self, Covered};

/// Events of the register that are looked at one by one; where more were entered, compiling takes no longer.
const MOST: u64 = 50_000;

/// The snapshot that follows `last`, to be kept beside the register. `None` where only compiling tells what it is: other rules or facts, accounts that are not listed,
/// single records, and whatever else may cover accounts that nobody named.
///
/// # Errors
/// Where the register or the account facts cannot be read, or the machine fails.
pub(crate) fn next(
    context: &Context,
    register: &Register,
    purpose: &Purpose,
    last: &Arc<Snapshot>,
) -> Result<Option<Arc<Snapshot>>, Failure> {
    let meta = last.meta();
    let facts_read = super::facts_read(context);
    if meta.purpose_digest != purpose.digest() || meta.facts_read.as_ref() != Some(&facts_read) {
        return Ok(None);
    }
    let Some(mut amender) = Amender::new(last, purpose) else { return Ok(None) };
    let accounts = context.accounts()?;
    let kind = accounts.id_kind();
    if kind != meta.id_kind || accounts.digest()? != meta.accounts_digest {
        return Ok(None);
    }
    let Some(said) = register.said_since(&purpose.id, meta.register_size, MOST)? else {
        return Ok(None);
    };
    if said.size == meta.register_size {
        return Ok(Some(last.clone()));
    }
    if said.told && purpose.notice.required {
        return Ok(None);
    }
    let covered = tombstones::covered(
        context,
        register,
        purpose,
        &accounts,
        &meta.accounts_digest,
        said.size,
    )?;
    let Some(covered) = covered else { return Ok(None) };

    // Whom somebody's marks lead to may be others since, though nothing new was said.
    let recent = register.tombstones(&purpose.id, meta.register_size..said.size)?.entries;
    let owners = said.accounts.iter().map(|one| one.of).chain(recent.iter().map(|one| one.of));
    let owners: HashSet<u64> = owners.collect();
    for objection in covered.by(&owners, kind)? {
        let account = objection.account.clone();
        if !account.is_some_and(|id| amender.add(key(&id), std::slice::from_ref(&objection))) {
            return Ok(None);
        }
    }
    for one in &said.accounts {
        // Ids keep their kind in the register, and the platform's may have changed since: one account then
        // has objections under two ids.
        if !one.account.fits(kind) {
            return Ok(None);
        }
        let account = key(&one.account);
        let done = match one.less {
            false => amender.add(account, &one.objections),
            true => matches!(covered, Covered::Nobody) && amender.replace(account, &one.objections),
        };
        if !done {
            return Ok(None);
        }
    }
    let origin = Origin {
        purpose,
        register_size: said.size,
        register_root: said.root.to_string(),
        accounts_digest: meta.accounts_digest.clone(),
        facts_read,
    };
    Ok(amender.amend(|digest| kept::path(context, digest), origin)?.map(Arc::new))
}
