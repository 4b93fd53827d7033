//! Who is in which row: what an index from accounts to rows is made of.

use arrow::array::RecordBatch;
use demur_core::objection::Scope;
use demur_snapshot::Snapshot;

use crate::arrays::{Id, Ids, column};
use crate::error::Error;
use crate::gate::{Gate, Records};
use crate::third_party::List;

/// The way in which somebody is in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The author, of a record that an objection of this scope covers.
    Author(Scope),
    /// Named in the text.
    Mentioned,
    /// Shown in the picture.
    Depicted,
}

/// Somebody in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// The row of the batch.
    pub row: usize,
    /// In which way.
    pub role: Role,
    /// The account's hash ([`Snapshot::hash`]).
    pub hash: u64,
}

impl Gate {
    /// The columns that [`appearances`](Self::appearances) reads.
    #[must_use]
    pub fn reads_people(&self) -> Vec<&str> {
        let columns = &self.columns;
        let mut reads = vec![columns.author.as_str()];
        if let crate::Value::Column(kind) = &columns.kind {
            reads.push(kind);
        }
        reads.extend(
            [&columns.mentioned, &columns.depicted].into_iter().flatten().map(|p| &*p.column),
        );
        reads
    }

    /// Calls `each` with everybody in the rows that `wanted` asks for: authors first, then people
    /// mentioned, then people depicted, each in the order of the rows. An account of the author's own
    /// person is not a third party, and entries that are null or nobody's id name nobody.
    ///
    /// # Errors
    /// Where a column is missing or of a type that cannot hold what it should.
    pub fn appearances(
        &self,
        batch: &RecordBatch,
        wanted: impl Fn(usize) -> bool,
        mut each: impl FnMut(Appearance),
    ) -> Result<(), Error> {
        let columns = &self.columns;
        let kind = self.snapshot.meta().id_kind;
        let authors =
            Ids::new(column(batch, &columns.author, "author")?, kind, &columns.author, "author")?;
        let scopes = self.scopes(batch)?;
        for row in (0..batch.num_rows()).filter(|row| wanted(*row)) {
            if let (Id::Known(key), Some(scope)) = (authors.get(row), scopes(row)) {
                each(Appearance { row, role: Role::Author(scope), hash: Snapshot::hash(key) });
            }
        }
        for (people, role, name) in [
            (&columns.mentioned, Role::Mentioned, "mentioned"),
            (&columns.depicted, Role::Depicted, "depicted"),
        ] {
            let Some(people) = people else { continue };
            let list = List::new(self, batch, people, name, false)?;
            list.for_each_row(|row, range| {
                if !wanted(row) {
                    return;
                }
                for at in range.clone() {
                    let Id::Known(key) = list.id(at) else { continue };
                    // Whoever is listed twice is there once.
                    let again = (range.start..at).any(|earlier| list.id(earlier) == Id::Known(key));
                    if !again && !self.same_person(authors.get(row), key) {
                        each(Appearance { row, role, hash: Snapshot::hash(key) });
                    }
                }
            });
        }
        Ok(())
    }

    /// The rows whose record id is wanted, or missing: without one, nobody knows whether it is.
    ///
    /// # Errors
    /// Where the column is missing or holds neither integers nor strings.
    pub fn records(
        &self,
        batch: &RecordBatch,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<usize>, Error> {
        let name = &self.columns.record;
        let records = Records::new(column(batch, name, "record")?, name)?;
        let mut buffer = String::new();
        let rows = 0..batch.num_rows();
        Ok(rows.filter(|row| records.get(*row, &mut buffer).is_none_or(&wanted)).collect())
    }
}
