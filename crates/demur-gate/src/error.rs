//! Why a batch could not be judged.

use arrow::datatypes::DataType;

/// A batch does not fit the columns that the configuration names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A column is not there.
    #[error("there is no column `{column}`, which the configuration names as `{role}`{}", near.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    MissingColumn {
        /// The name looked for.
        column: String,
        /// The key of `[[corpus]]` that names it.
        role: &'static str,
        /// A column whose name differs only in case or a letter.
        near: Option<String>,
    },
    /// A column is of a type that cannot hold what it should.
    #[error("column `{column}`, named as `{role}`, is of type {found}; it should be {expected}")]
    WrongType {
        /// The column.
        column: String,
        /// The key of `[[corpus]]` that names it.
        role: &'static str,
        /// Its type.
        found: Box<DataType>,
        /// What would be right.
        expected: String,
    },
    /// Redaction is asked for, and a column that it needs is not named.
    #[error("the purpose redacts names, and `{role}` is not named in the configuration")]
    NotNamed {
        /// The key of `[[corpus]]`.
        role: &'static str,
    },
    /// Arrow refused to build the result.
    #[error("the result could not be built: {0}")]
    Arrow(String),
}

impl From<arrow::error::ArrowError> for Error {
    fn from(error: arrow::error::ArrowError) -> Self {
        Error::Arrow(error.to_string())
    }
}
