//! Deletion vectors: which rows of a data file its table does not have.
//!
//! One file beside the data holds the vectors of all data files of a commit. Its name is made of its
//! content, so that the same build gives the same bytes.
//!
//! <https://github.com/delta-io/delta/blob/master/PROTOCOL.md#deletion-vectors>

use std::path::Path;

use delta_kernel::actions::deletion_vector::{DeletionVectorDescriptor, DeletionVectorStorageType};
use delta_kernel::actions::deletion_vector_writer::{
    DeletionVector, DeletionVectorWriteResult, StreamingDeletionVectorWriter,
};
use delta_kernel::{KernelError, KernelResult};
use roaring::{RoaringBitmap, RoaringTreemap};
use uuid::Builder;

use crate::error::Error;
use crate::files;

/// Rows of one file, ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows(pub(crate) RoaringBitmap);

impl DeletionVector for Rows {
    type IndexIterator = std::iter::Map<roaring::bitmap::IntoIter, fn(u32) -> u64>;

    fn into_iter(self) -> Self::IndexIterator {
        self.0.into_iter().map(u64::from)
    }

    fn cardinality(&self) -> u64 {
        self.0.len()
    }

    fn serialize(self) -> KernelResult<bytes::Bytes> {
        let mut rows = self.0;
        rows.optimize();
        let rows = RoaringTreemap::from_bitmaps([(0, rows)]);
        let mut bytes = Vec::with_capacity(rows.serialized_size());
        rows.serialize_into(&mut bytes).map_err(|e| KernelError::generic(e.to_string()))?;
        Ok(bytes.into())
    }
}

/// Writes the vectors into one new file of a table's folder and synchronises it.
///
/// # Errors
/// Where the machine fails.
pub(crate) fn write(
    table: &Path,
    vectors: Vec<Option<Rows>>,
) -> Result<Vec<Option<DeletionVectorDescriptor>>, Error> {
    let failed =
        |e: KernelError| Error::io(table, "write deletion vectors into", std::io::Error::other(e));
    let mut bytes = Vec::new();
    let mut writer = StreamingDeletionVectorWriter::new(&mut bytes);
    let written = vectors
        .into_iter()
        .map(|rows| rows.map(|rows| writer.write_deletion_vector(rows).map_err(failed)).transpose())
        .collect::<Result<Vec<Option<DeletionVectorWriteResult>>, Error>>()?;
    writer.finalize().map_err(failed)?;
    if written.iter().all(Option::is_none) {
        return Ok(vec![None; written.len()]);
    }
    let digest = blake3::hash(&bytes);
    let mut id = [0; 16];
    id.copy_from_slice(&digest.as_bytes()[..16]);
    let id = Builder::from_custom_bytes(id).into_uuid();
    files::write(&table.join(format!("deletion_vector_{id}.bin")), &bytes)?;
    let describe = |one: DeletionVectorWriteResult| {
        let kind = DeletionVectorStorageType::PersistedRelative;
        let path = z85::encode(id.as_bytes());
        let DeletionVectorWriteResult { offset, size_in_bytes, cardinality } = one;
        DeletionVectorDescriptor::try_new(kind, path, Some(offset), size_in_bytes, cardinality)
    };
    written.into_iter().map(|one| one.map(describe).transpose().map_err(failed)).collect()
}
