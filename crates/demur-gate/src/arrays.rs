//! Columns as the gate reads them, whatever their Arrow type: slices, dictionaries and views included.

use arrow::array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, DictionaryArray, LargeStringArray, RecordBatch,
    StringArray, StringViewArray,
};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, TimeUnit};
use demur_core::day::{self, Day, Zone};
use demur_core::id::IdKind;
use demur_snapshot::Key;

use crate::columns::Unit;
use crate::error::Error;

/// Finds a column by name, which the configuration names as `role`.
///
/// # Errors
/// Where it is not there; suggests one that differs in case.
pub fn column<'a>(
    batch: &'a RecordBatch,
    name: &str,
    role: &'static str,
) -> Result<&'a ArrayRef, Error> {
    batch.column_by_name(name).ok_or_else(|| {
        let schema = batch.schema();
        let near = schema.fields().iter().map(|f| f.name()).find(|n| n.eq_ignore_ascii_case(name));
        Error::MissingColumn { column: name.to_owned(), role, near: near.cloned() }
    })
}

fn wrong(name: &str, role: &'static str, found: &DataType, expected: impl Into<String>) -> Error {
    let found = Box::new(found.clone());
    Error::WrongType { column: name.to_owned(), role, found, expected: expected.into() }
}

/// A column of strings.
pub enum Texts {
    /// 32-bit offsets.
    Small(StringArray),
    /// 64-bit offsets.
    Large(LargeStringArray),
    /// Views.
    View(StringViewArray),
    /// Values, and for each row which one; `None` is null.
    Dictionary(Box<Texts>, Vec<Option<u32>>),
    /// Every row is null.
    Nothing(usize),
}

impl Texts {
    /// Reads the column `name`, which the configuration names as `role`.
    ///
    /// # Errors
    /// Where it does not hold strings.
    pub fn new(array: &ArrayRef, name: &str, role: &'static str) -> Result<Self, Error> {
        Ok(match array.data_type() {
            DataType::Utf8 => Texts::Small(array.as_string().clone()),
            DataType::LargeUtf8 => Texts::Large(array.as_string().clone()),
            DataType::Utf8View => Texts::View(array.as_string_view().clone()),
            DataType::Null => Texts::Nothing(array.len()),
            DataType::Dictionary(key, value) if !matches!(**value, DataType::Dictionary(..)) => {
                let keys = dictionary_keys(array, key);
                Texts::Dictionary(Box::new(Texts::new(dictionary_values(array), name, role)?), keys)
            }
            other => return Err(wrong(name, role, other, "a string")),
        })
    }

    fn len(&self) -> usize {
        match self {
            Texts::Small(a) => a.len(),
            Texts::Large(a) => a.len(),
            Texts::View(a) => a.len(),
            Texts::Dictionary(_, keys) => keys.len(),
            Texts::Nothing(n) => *n,
        }
    }

    /// The string of a row; `None` is null.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        match self {
            Texts::Small(a) => a.is_valid(row).then(|| a.value(row)),
            Texts::Large(a) => a.is_valid(row).then(|| a.value(row)),
            Texts::View(a) => a.is_valid(row).then(|| a.value(row)),
            Texts::Dictionary(values, keys) => keys[row].and_then(|key| values.get(key as usize)),
            Texts::Nothing(_) => None,
        }
    }

    /// Gives each row the class of its value: a dictionary's values are looked at once each.
    pub fn classify<C: Copy>(&self, class: &dyn Fn(Option<&str>) -> C) -> Vec<C> {
        match self {
            Texts::Dictionary(values, keys) => {
                let classes = values.classify(class);
                let null = class(None);
                keys.iter().map(|key| key.map_or(null, |k| classes[k as usize])).collect()
            }
            _ => (0..self.len()).map(|row| class(self.get(row))).collect(),
        }
    }
}

fn dictionary_values(array: &ArrayRef) -> &ArrayRef {
    array.as_any_dictionary().values()
}

fn dictionary_keys(array: &ArrayRef, key: &DataType) -> Vec<Option<u32>> {
    fn keys<K: ArrowDictionaryKeyType>(array: &ArrayRef) -> Vec<Option<u32>>
    where
        K::Native: TryInto<u32>,
    {
        let array: &DictionaryArray<K> = array.as_dictionary();
        array.keys().iter().map(|key| key.and_then(|k| k.try_into().ok())).collect()
    }
    match key {
        DataType::Int8 => keys::<Int8Type>(array),
        DataType::Int16 => keys::<Int16Type>(array),
        DataType::Int32 => keys::<Int32Type>(array),
        DataType::Int64 => keys::<Int64Type>(array),
        DataType::UInt8 => keys::<UInt8Type>(array),
        DataType::UInt16 => keys::<UInt16Type>(array),
        DataType::UInt32 => keys::<UInt32Type>(array),
        DataType::UInt64 => keys::<UInt64Type>(array),
        other => unreachable!("Arrow has no dictionary with keys of type {other}"),
    }
}

/// A column of account ids.
pub enum Ids {
    /// Integers.
    Numbers {
        /// Bit patterns, as the snapshot's kind has them.
        keys: ScalarBuffer<u64>,
        /// Which rows are null.
        nulls: Option<NullBuffer>,
        /// False where a value is outside the range of the snapshot's kind, and so nobody's id.
        fits: Option<Vec<bool>>,
    },
    /// Strings.
    Texts(Texts),
}

/// One id of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id<'a> {
    /// No id.
    Null,
    /// A number that no account of this platform can have.
    Nobody,
    /// An id that an account may have.
    Known(Key<'a>),
}

impl Ids {
    /// Reads the column `name`, which the configuration names as `role`, as ids of `kind`.
    ///
    /// # Errors
    /// Where it is of another kind.
    pub fn new(
        array: &ArrayRef,
        kind: IdKind,
        name: &str,
        role: &'static str,
    ) -> Result<Self, Error> {
        if kind == IdKind::Text {
            return match Texts::new(array, name, role) {
                Ok(texts) => Ok(Ids::Texts(texts)),
                Err(_) => {
                    Err(wrong(name, role, array.data_type(), "a string, as the account ids are"))
                }
            };
        }
        let nulls = array.nulls().cloned();
        let same = |keys| Ids::Numbers { keys, nulls: nulls.clone(), fits: None };
        Ok(match (array.data_type(), kind) {
            (DataType::Int64, IdKind::Signed) => {
                let values = array.as_primitive::<Int64Type>().values().clone();
                same(ScalarBuffer::from(values.into_inner()))
            }
            (DataType::UInt64, IdKind::Unsigned) => {
                same(array.as_primitive::<UInt64Type>().values().clone())
            }
            (DataType::Int64, _) => convert::<Int64Type>(array, kind),
            (DataType::Int32, _) => convert::<Int32Type>(array, kind),
            (DataType::Int16, _) => convert::<Int16Type>(array, kind),
            (DataType::Int8, _) => convert::<Int8Type>(array, kind),
            (DataType::UInt64, _) => convert::<UInt64Type>(array, kind),
            (DataType::UInt32, _) => convert::<UInt32Type>(array, kind),
            (DataType::UInt16, _) => convert::<UInt16Type>(array, kind),
            (DataType::UInt8, _) => convert::<UInt8Type>(array, kind),
            (DataType::Null, _) => Ids::Texts(Texts::Nothing(array.len())),
            (DataType::Dictionary(_, value), _) if value.is_integer() => {
                let flat = arrow::compute::cast(array, value)?;
                return Ids::new(&flat, kind, name, role);
            }
            (other, _) => {
                return Err(wrong(name, role, other, "an integer, as the account ids are"));
            }
        })
    }

    /// The id of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Id<'_> {
        match self {
            Ids::Numbers { nulls: Some(nulls), .. } if nulls.is_null(row) => Id::Null,
            Ids::Numbers { fits: Some(fits), .. } if !fits[row] => Id::Nobody,
            Ids::Numbers { keys, .. } => Id::Known(Key::Number(keys[row])),
            Ids::Texts(texts) => texts.get(row).map_or(Id::Null, |t| Id::Known(Key::Text(t))),
        }
    }
}

fn convert<T: ArrowPrimitiveType>(array: &ArrayRef, kind: IdKind) -> Ids
where
    T::Native: Into<i128>,
{
    let values = array.as_primitive::<T>().values();
    let range = match kind {
        IdKind::Unsigned => 0..=i128::from(u64::MAX),
        _ => i128::from(i64::MIN)..=i128::from(i64::MAX),
    };
    let keys = values.iter().map(|v| Into::<i128>::into(*v) as u64).collect();
    let fits: Vec<bool> = values.iter().map(|v| range.contains(&(*v).into())).collect();
    let fits = fits.contains(&false).then_some(fits);
    Ids::Numbers { keys, nulls: array.nulls().cloned(), fits }
}

/// A column of integers, for spans.
pub fn integers(
    array: &ArrayRef,
    name: &str,
    role: &'static str,
) -> Result<Vec<Option<i64>>, Error> {
    if !array.data_type().is_integer() {
        return Err(wrong(name, role, array.data_type(), "an integer"));
    }
    let wide = arrow::compute::cast(array, &DataType::Int64)?;
    let wide = wide.as_primitive::<Int64Type>();
    // A value that 64 signed bits cannot hold lies behind every text.
    let read = |row| match (array.is_valid(row), wide.is_valid(row)) {
        (false, _) => None,
        (true, false) => Some(i64::MAX),
        (true, true) => Some(wide.value(row)),
    };
    Ok((0..array.len()).map(read).collect())
}

/// A column of dates, and which day each is in the purpose's time zone.
pub(crate) enum Days {
    /// Moments, each with the number of its units in a second.
    Moments(ScalarBuffer<i64>, Option<NullBuffer>, i64),
    Dates(ScalarBuffer<i32>, Option<NullBuffer>),
    Texts(Texts),
}

impl Days {
    pub(crate) fn new(
        array: &ArrayRef,
        unit: Option<Unit>,
        name: &str,
        role: &'static str,
    ) -> Result<Self, Error> {
        let nulls = array.nulls().cloned();
        let whole = |array: &ArrayRef| -> Result<ScalarBuffer<i64>, Error> {
            let flat = arrow::compute::cast(array, &DataType::Int64)?;
            Ok(flat.as_primitive::<Int64Type>().values().clone())
        };
        Ok(match array.data_type() {
            DataType::Timestamp(unit, _) => {
                let a_second = match unit {
                    TimeUnit::Second => 1,
                    TimeUnit::Millisecond => 1_000,
                    TimeUnit::Microsecond => 1_000_000,
                    TimeUnit::Nanosecond => 1_000_000_000,
                };
                Days::Moments(whole(array)?, nulls, a_second)
            }
            // Milliseconds that stand for a day, without a zone to move it.
            DataType::Date64 => {
                let millis = whole(array)?;
                let days = millis.iter().map(|ms| {
                    i32::try_from(ms.div_euclid(86_400_000)).unwrap_or(if *ms < 0 {
                        i32::MIN
                    } else {
                        i32::MAX
                    })
                });
                Days::Dates(days.collect(), nulls)
            }
            DataType::Date32 => Days::Dates(
                array.as_primitive::<arrow::array::types::Date32Type>().values().clone(),
                nulls,
            ),
            integer if integer.is_integer() => {
                let a_second = match unit {
                    Some(Unit::Seconds) => 1,
                    Some(Unit::Millis) => 1_000,
                    Some(Unit::Micros) => 1_000_000,
                    Some(Unit::Nanos) => 1_000_000_000,
                    None => {
                        let hint = "a timestamp, date or ISO 8601 string; for an integer write \
                                    created = { column = \"…\", unit = \"s\" } (or ms, us, ns)";
                        return Err(wrong(name, role, integer, hint));
                    }
                };
                let flat = arrow::compute::cast(array, &DataType::Int64)?;
                let flat = flat.as_primitive::<Int64Type>();
                Days::Moments(flat.values().clone(), flat.nulls().cloned(), a_second)
            }
            other => match Texts::new(array, name, role) {
                Ok(texts) => Days::Texts(texts),
                Err(_) => {
                    return Err(wrong(name, role, other, "a timestamp, date or ISO 8601 string"));
                }
            },
        })
    }

    /// The day, or `None` where it is null or no date.
    pub(crate) fn get(&self, row: usize, zone: &Zone) -> Option<Day> {
        let null = |nulls: &Option<NullBuffer>| nulls.as_ref().is_some_and(|n| n.is_null(row));
        match self {
            Days::Moments(_, nulls, _) | Days::Dates(_, nulls) if null(nulls) => None,
            Days::Moments(values, _, a_second) => {
                let value = values[row];
                let micros = match a_second {
                    1_000_000 => value,
                    1_000_000_000 => value.div_euclid(1_000),
                    coarse => value.checked_mul(1_000_000 / coarse)?,
                };
                zone.day(micros)
            }
            // A date that no calendar holds, such as a database's word for infinity, is none.
            Days::Dates(values, _) => Some(values[row]).filter(|day| day::to_date(*day).is_some()),
            Days::Texts(texts) => texts.get(row).and_then(|text| day::parse(text, zone)),
        }
    }
}
