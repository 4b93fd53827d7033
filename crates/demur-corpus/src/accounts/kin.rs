//! What recognises the person of an account: the columns that tombstones are made of, and no others.

use std::fmt::Write;

use demur_core::id::IdKind;
use demur_gate::Needed;
use demur_gate::arrays::{Id, Ids};
use demur_snapshot::Key;

use super::{Accounts, Piece, column, gate, id_kind, inner, persons, texts};
use crate::error::Error;

/// An account with what else names its person.
#[derive(Clone, Copy, Debug)]
pub struct Kin<'a> {
    /// The account.
    pub id: Key<'a>,
    /// The address that its person is reached at.
    pub email: Option<&'a str>,
    /// The person id, as text.
    pub person: Option<&'a str>,
}

impl Accounts<'_> {
    /// Whether the account facts have anything but ids by which people can be recognised.
    #[must_use]
    pub fn has_kin(&self) -> bool {
        self.source.email.is_some() || self.source.person.is_some()
    }

    /// Calls `each` with every row of a piece whose account id is not null.
    ///
    /// # Errors
    /// Where the file is damaged or a column is of a wrong type.
    pub fn for_each_kin(
        &self,
        piece: &Piece<'_>,
        mut each: impl FnMut(Kin<'_>),
    ) -> Result<(), Error> {
        let (path, source) = (&piece.file.path, self.source);
        let optional = [&source.email, &source.person].into_iter().flatten();
        let columns: Vec<Needed<'_>> =
            optional.chain([&source.account]).map(|name| name.as_str().into()).collect();
        let mut number = String::new();
        for batch in piece.file.read(Some(piece.groups.clone()), Some(&columns))? {
            let batch = &batch?;
            let ids = column(path, batch, &source.account, "account")?;
            let ids = Ids::new(ids, self.kind, &source.account, "account").map_err(gate(path))?;
            let emails = texts(path, batch, &source.email, "email")?;
            let people = match &source.person {
                Some(name) => {
                    let array = column(path, batch, name, "person")?;
                    let kind = id_kind(inner(array.data_type())).unwrap_or(IdKind::Text);
                    Some((persons(path, array, name)?, kind))
                }
                None => None,
            };
            for row in 0..batch.num_rows() {
                let Id::Known(id) = ids.get(row) else { continue };
                let email = emails.as_ref().and_then(|texts| texts.get(row));
                let person = people.as_ref().map(|(ids, kind)| (ids.get(row), *kind));
                number.clear();
                let person = match person {
                    // Many exports write nothing as an empty text; nobody shares a person by that.
                    Some((Id::Known(Key::Text(text)), _)) => {
                        Some(text).filter(|text| !text.trim().is_empty())
                    }
                    Some((Id::Known(Key::Number(n)), kind)) => {
                        // A text in memory always takes more.
                        let _ = match kind {
                            IdKind::Unsigned => write!(number, "{n}"),
                            _ => write!(number, "{}", n.cast_signed()),
                        };
                        Some(number.as_str())
                    }
                    _ => None,
                };
                each(Kin { id, email, person });
            }
        }
        Ok(())
    }
}
