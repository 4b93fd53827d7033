//! The first version of a Delta table, written whole: protocol, schema, files.
//!
//! <https://github.com/delta-io/delta/blob/master/PROTOCOL.md>

use std::path::{Path, PathBuf};

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use delta_kernel::actions::deletion_vector::DeletionVectorDescriptor;
use serde_json::{Value, json};

use crate::error::{Error, Place};
use crate::manifest::{DataFile, Mode};

/// Where the log lies inside a table.
pub(crate) const LOG: &str = "_delta_log";

/// How a column is stored so that Delta has a type for it: unsigned integers become the next wider
/// signed ones, as Spark reads them, and Arrow's encodings of strings become strings.
///
/// # Errors
/// Names a column whose type no Delta table can hold.
pub(crate) fn storable(file: &Path, schema: &Schema) -> Result<Schema, Error> {
    let fields = schema.fields().iter().map(|field| {
        let stored = stored_type(field.data_type()).map_err(|found| {
            Error::input(
                file,
                Some(Place::Column(field.name().clone())),
                format!("a Delta table cannot hold {found}"),
                "cast the column, or leave it out of the corpus",
            )
        })?;
        Ok(Field::new(field.name(), stored, true))
    });
    Ok(Schema::new(fields.collect::<Result<Vec<_>, Error>>()?))
}

fn stored_type(data_type: &DataType) -> Result<DataType, DataType> {
    use DataType as T;
    let inner = |field: &Field| -> Result<Field, DataType> {
        Ok(field.clone().with_data_type(stored_type(field.data_type())?))
    };
    Ok(match data_type {
        T::Boolean | T::Int8 | T::Int16 | T::Int32 | T::Int64 | T::Float32 | T::Float64 => {
            data_type.clone()
        }
        T::UInt8 => T::Int16,
        T::UInt16 => T::Int32,
        T::UInt32 => T::Int64,
        T::UInt64 => T::Decimal128(20, 0),
        T::Float16 => T::Float32,
        T::Utf8 | T::LargeUtf8 | T::Utf8View => T::Utf8,
        T::Binary | T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => T::Binary,
        T::Date32 | T::Date64 => T::Date32,
        // Delta's timestamps count microseconds; coarser ones are read as they are.
        T::Timestamp(TimeUnit::Nanosecond, zone) => {
            T::Timestamp(TimeUnit::Microsecond, zone.clone())
        }
        T::Timestamp(..) => data_type.clone(),
        T::Decimal128(precision, scale) if (0..=*precision as i8).contains(scale) => {
            data_type.clone()
        }
        T::Dictionary(_, value) => stored_type(value)?,
        T::List(item)
        | T::LargeList(item)
        | T::ListView(item)
        | T::LargeListView(item)
        | T::FixedSizeList(item, _) => T::List(inner(item)?.into()),
        T::Struct(fields) => {
            let fields = fields.iter().map(|f| inner(f)).collect::<Result<Vec<_>, _>>()?;
            T::Struct(fields.into())
        }
        T::Map(entries, sorted) => T::Map(inner(entries)?.into(), *sorted),
        other => return Err(other.clone()),
    })
}

/// Delta's name of a type that [`stored_type`] gives.
fn delta_type(data_type: &DataType) -> Value {
    use DataType as T;
    match data_type {
        T::Boolean => json!("boolean"),
        T::Int8 => json!("byte"),
        T::Int16 => json!("short"),
        T::Int32 => json!("integer"),
        T::Int64 => json!("long"),
        T::Float32 => json!("float"),
        T::Float64 => json!("double"),
        T::Binary => json!("binary"),
        T::Date32 => json!("date"),
        T::Timestamp(_, Some(_)) => json!("timestamp"),
        T::Timestamp(_, None) => json!("timestamp_ntz"),
        T::Decimal128(precision, scale) => json!(format!("decimal({precision},{scale})")),
        T::List(item) => json!({
            "type": "array",
            "elementType": delta_type(item.data_type()),
            "containsNull": item.is_nullable(),
        }),
        T::Struct(fields) => json!({
            "type": "struct",
            "fields": fields.iter().map(|f| delta_field(f)).collect::<Vec<_>>(),
        }),
        T::Map(entries, _) => match entries.data_type() {
            T::Struct(pair) if pair.len() == 2 => json!({
                "type": "map",
                "keyType": delta_type(pair[0].data_type()),
                "valueType": delta_type(pair[1].data_type()),
                "valueContainsNull": pair[1].is_nullable(),
            }),
            _ => json!("string"),
        },
        // Strings; `stored_type` lets nothing else through.
        _ => json!("string"),
    }
}

fn delta_field(field: &Field) -> Value {
    json!({
        "name": field.name(),
        "type": delta_type(field.data_type()),
        "nullable": field.is_nullable(),
        "metadata": {},
    })
}

fn has_naive_timestamp(data_type: &DataType) -> bool {
    match data_type {
        DataType::Timestamp(_, None) => true,
        DataType::List(item) => has_naive_timestamp(item.data_type()),
        DataType::Struct(fields) => fields.iter().any(|f| has_naive_timestamp(f.data_type())),
        DataType::Map(entries, _) => has_naive_timestamp(entries.data_type()),
        _ => false,
    }
}

/// The feature that a table with deletion vectors asks of its readers.
const VECTORS: &str = "deletionVectors";
/// The table property that lets writers add some.
const VECTORS_ENABLED: &str = "delta.enableDeletionVectors";

/// What a table asks of readers and writers; nothing that every one cannot do where it uses no feature.
fn protocol(features: &[&str]) -> Value {
    if features.is_empty() {
        return json!({ "minReaderVersion": 1, "minWriterVersion": 2 });
    }
    json!({
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": features,
        "writerFeatures": features,
    })
}

/// What the commit says besides the files.
pub(crate) struct Commit<'a> {
    /// Id of the table: that of the training set.
    pub(crate) table: &'a str,
    /// Name shown by catalogues.
    pub(crate) name: &'a str,
    /// Milliseconds since 1970 UTC.
    pub(crate) at: i64,
    /// The Demur that writes.
    pub(crate) engine: &'a str,
}

/// The content of version 0's log entry.
pub(crate) fn first_commit<'a>(
    schema: &Schema,
    files: impl Iterator<Item = (&'a DataFile, Option<DeletionVectorDescriptor>)>,
    mode: Mode,
    commit: &Commit<'_>,
) -> String {
    let mut features = Vec::new();
    if schema.fields().iter().any(|f| has_naive_timestamp(f.data_type())) {
        features.push("timestampNtz");
    }
    if mode == Mode::Overlay {
        features.push(VECTORS);
    }
    let configuration = match mode {
        Mode::Overlay => json!({ VECTORS_ENABLED: "true" }),
        Mode::Copy => json!({}),
    };
    let operation = match mode {
        Mode::Overlay => "CREATE TABLE",
        Mode::Copy => "CREATE TABLE AS SELECT",
    };
    let fields: Vec<Value> = schema.fields().iter().map(|f| delta_field(f)).collect();
    let schema = json!({ "type": "struct", "fields": fields });
    let mut actions = vec![
        json!({ "commitInfo": {
            "timestamp": commit.at,
            "operation": operation,
            "operationParameters": {},
            "engineInfo": commit.engine,
        }}),
        json!({ "protocol": protocol(&features) }),
        json!({ "metaData": {
            "id": commit.table,
            "name": commit.name,
            "format": { "provider": "parquet", "options": {} },
            "schemaString": schema.to_string(),
            "partitionColumns": [],
            "configuration": configuration,
            "createdTime": commit.at,
        }}),
    ];
    actions.extend(files.map(|(file, vector)| {
        let mut add = json!({
            "path": file.path,
            "partitionValues": {},
            "size": file.bytes,
            "modificationTime": file.modified.map_or(commit.at, |nanos| nanos / 1_000_000),
            "dataChange": true,
            "stats": json!({ "numRecords": file.rows }).to_string(),
        });
        if let Some(vector) = vector {
            add["deletionVector"] = json!({
                "storageType": vector.storage_type.to_string(),
                "pathOrInlineDv": vector.path_or_inline_dv,
                "offset": vector.offset,
                "sizeInBytes": vector.size_in_bytes,
                "cardinality": vector.cardinality,
            });
        }
        json!({ "add": add })
    }));
    actions.iter().map(|action| format!("{action}\n")).collect()
}

/// The entry that lets a table have deletion vectors from then on, and changes nothing else.
pub(crate) fn allow_vectors(mut metadata: Value, engine: &str) -> String {
    let naive = metadata["schemaString"].as_str().is_some_and(|s| s.contains("timestamp_ntz"));
    let features: &[&str] = if naive { &["timestampNtz", VECTORS] } else { &[VECTORS] };
    metadata["configuration"][VECTORS_ENABLED] = json!("true");
    let info = json!({ "operation": "SET TBLPROPERTIES", "operationParameters": {}, "engineInfo": engine });
    [
        json!({ "commitInfo": info }),
        json!({ "protocol": protocol(features) }),
        json!({ "metaData": metadata }),
    ]
    .iter()
    .map(|action| format!("{action}\n"))
    .collect()
}

/// The path of version 0's log entry inside a table.
pub(crate) fn first_entry(table: &Path) -> PathBuf {
    table.join(LOG).join(format!("{:020}.json", 0))
}
