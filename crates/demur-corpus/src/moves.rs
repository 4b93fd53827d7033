//! Which rows of one file change their verdict because people objected, or were decided upon: by its index,
//! without reading the data.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use demur_core::objection::Scope;
use demur_core::purpose::{Purpose, ThirdPartyRule};
use demur_core::rules::Reason;
use demur_gate::Role;
use demur_snapshot::{Changed, Changes, Snapshot};
use roaring::RoaringBitmap;

use crate::error::Error;
use crate::index::Index;

/// What differs between the snapshot by which files were judged and the one that judges now.
pub(crate) struct Asked<'a> {
    snapshot: &'a Snapshot,
    changes: &'a Changes,
    /// Whether rows that are out may come back; those that a copy never had cannot.
    may_return: bool,
    /// Whether the file is the corpus' own, so that the reason of each of its rows is counted.
    in_place: bool,
}

/// What the index of one file tells.
pub(crate) enum Found {
    /// All that changes.
    Moves(Moves),
    /// Rows may come back, or have had one of several reasons, of which only judging tells.
    Anew,
    /// It is lost or damaged.
    Damaged,
}

/// What changes in one file.
#[derive(Default)]
pub(crate) struct Moves {
    /// Rows that may no longer be used: why, and whether names were taken out of them.
    pub(crate) leaves: BTreeMap<u32, (Reason, bool)>,
    /// Rows in place that were out and are now for another reason: how many, from which to which.
    pub(crate) moved: BTreeMap<(Reason, Reason), u64>,
    /// All rows that are out now; empty where nothing changes.
    pub(crate) gone: RoaringBitmap,
}

/// What the accounts that changed say of one row that they are in.
#[derive(Default)]
struct Touched {
    /// The reason by its author, before and now.
    author: Option<(Option<Reason>, Reason)>,
    third: bool,
    redacted: bool,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        changes: &'a Changes,
        may_return: bool,
        in_place: bool,
    ) -> Self {
        Asked { snapshot, changes, may_return, in_place }
    }

    fn purpose(&self) -> &Purpose {
        &self.snapshot.meta().purpose
    }

    /// Asks the index of one file. `gone` gives the rows that are out so far, `named` those that have one
    /// of these record ids; either is called only where it is needed.
    ///
    /// # Errors
    /// Those of `gone` and `named`.
    pub(crate) fn of(
        &self,
        index: &mut Index,
        gone: impl FnOnce() -> Result<RoaringBitmap, Error>,
        named: impl Fn(&[String]) -> Result<Vec<u32>, Error>,
    ) -> Result<Found, Error> {
        let mut touched: BTreeMap<u32, Touched> = BTreeMap::new();
        for one in &self.changes.accounts {
            let Ok(postings) = index.get(one.hash) else { return Ok(Found::Damaged) };
            let ends = !postings.is_empty() && self.ends(one) || self.was_left_out(one);
            if self.may_return && ends {
                return Ok(Found::Anew);
            }
            for posting in postings {
                let row = match posting.role {
                    Role::Author(scope) => {
                        let Some(now) = one.after.author_reason(scope) else { continue };
                        let row = touched.entry(posting.row).or_default();
                        row.author = Some((one.before.author_reason(scope), now));
                        row
                    }
                    Role::Mentioned | Role::Depicted => {
                        if !self.is_asked(posting.role) || !one.after.objects_as_third_party() {
                            continue;
                        }
                        let row = touched.entry(posting.row).or_default();
                        row.third = true;
                        row
                    }
                };
                row.redacted |= posting.redacted;
            }
        }
        let items = match self.changes.items.as_slice() {
            [] => Vec::new(),
            items => named(items)?,
        };
        let mut moves = Moves::default();
        if touched.is_empty() && items.is_empty() {
            return Ok(Found::Moves(moves));
        }
        let before = gone()?;
        moves.gone.clone_from(&before);
        for row in items {
            // Of rows that were out already, nobody knows why.
            if !moves.gone.insert(row) && self.in_place {
                return Ok(Found::Anew);
            }
            if !before.contains(row) {
                let redacted = touched.get(&row).is_some_and(|touched| touched.redacted);
                moves.leaves.insert(row, (Reason::ItemObjected, redacted));
            }
        }
        let items_before = OnceCell::new();
        for (row, Touched { author, third, redacted }) in touched {
            if !before.contains(row) {
                // The author's own reason comes first.
                let reason = author.map_or(Reason::ThirdParty, |(_, now)| now);
                if (author.is_some() || third) && moves.gone.insert(row) {
                    moves.leaves.insert(row, (reason, redacted));
                }
                continue;
            }
            let Some((was, now)) = author.filter(|(was, now)| *was != Some(*now)) else { continue };
            if !self.in_place {
                continue;
            }
            if self.snapshot.has_items() {
                if items_before.get().is_none() {
                    let all = self.snapshot.item_ids();
                    let all: Vec<_> =
                        all.map(|id| String::from_utf8_lossy(id).into_owned()).collect();
                    let rows: RoaringBitmap = named(&all)?.into_iter().collect();
                    let _ = items_before.set(rows);
                }
                // An objection to the very record comes before whatever its author says.
                if items_before.get().is_some_and(|rows| rows.contains(row)) {
                    continue;
                }
            }
            *moves.moved.entry((was.unwrap_or(Reason::ThirdParty), now)).or_default() += 1;
        }
        Ok(Found::Moves(moves))
    }

    /// Whether the account's own rows may be in no index, for a reason that is none any more: those of
    /// somebody who was told late, say.
    fn was_left_out(&self, one: &Changed) -> bool {
        [Scope::PublicContent, Scope::AiInteractions].into_iter().any(|scope| {
            let (before, after) = (one.before.author_reason(scope), one.after.author_reason(scope));
            before != after && before.is_some_and(|reason| !reason.may_end())
        })
    }

    /// Whether an objection of this account has ended.
    fn ends(&self, one: &Changed) -> bool {
        let own = [Scope::PublicContent, Scope::AiInteractions].into_iter().any(|scope| {
            one.before.author_reason(scope).is_some() && one.after.author_reason(scope).is_none()
        });
        let others = [Role::Mentioned, Role::Depicted].into_iter().any(|role| self.is_asked(role));
        own || others && one.before.objects_as_third_party() && !one.after.objects_as_third_party()
    }

    /// Whether the purpose asks about people in this role.
    fn is_asked(&self, role: Role) -> bool {
        let rules = &self.purpose().third_party;
        match role {
            Role::Author(_) => true,
            Role::Mentioned => rules.mentioned != ThirdPartyRule::Keep,
            Role::Depicted => rules.depicted != ThirdPartyRule::Keep,
        }
    }
}
