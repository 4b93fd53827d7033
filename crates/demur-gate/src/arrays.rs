//! Columns as the gate reads them, whatever their Arrow type: slices, dictionaries and views included.

use arrow::array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, DictionaryArray, GenericStringArray,
    LargeStringArray, OffsetSizeTrait, RecordBatch, StringArray, StringViewArray,
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
    /// Values, and for each row which one; a number past the last is null.
    Dictionary(Box<Texts>, Vec<u32>),
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
            Texts::Dictionary(values, keys) => {
                let key = keys[row] as usize;
                (key < values.len()).then(|| values.get(key)).flatten()
            }
            Texts::Nothing(_) => None,
        }
    }

    /// Gives each row the class of its value: a dictionary's values are looked at once each, and so are short
    /// strings that come again and again.
    pub fn classify<C: Copy>(&self, class: &dyn Fn(Option<&str>) -> C) -> Vec<C> {
        match self {
            Texts::Dictionary(values, keys) => {
                let mut classes = values.classify(class);
                let null = classes.len();
                classes.push(class(None));
                keys.iter().map(|key| classes[(*key as usize).min(null)]).collect()
            }
            Texts::Small(array) => classify(array, class),
            Texts::Large(array) => classify(array, class),
            _ => (0..self.len()).map(|row| class(self.get(row))).collect(),
        }
    }
}

/// The class of each string. Which of few values comes next no processor foresees, so a short one is looked
/// for in the one place where it can be, by one comparison.
fn classify<O: OffsetSizeTrait, C: Copy>(
    array: &GenericStringArray<O>,
    class: &dyn Fn(Option<&str>) -> C,
) -> Vec<C> {
    let null = class(None);
    let (bytes, mut few) = (array.value_data(), Few::new(null));
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    let classified = |(row, ends): (usize, &[O])| {
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return null;
        }
        let short = short(bytes, ends[0].as_usize(), ends[1].as_usize());
        if let Some(class) = short.and_then(|short| few.get(short)) {
            return class;
        }
        let class = class(Some(array.value(row)));
        if let Some(short) = short {
            few.remember(short, class);
        }
        class
    };
    array.value_offsets().windows(2).enumerate().map(classified).collect()
}

/// Bytes of the longest short string.
const SHORT: usize = 15;

/// A short string with zeros after it, and its length in the last byte. `None` of a longer one, and of one that
/// is among the last of its buffer.
fn short(bytes: &[u8], start: usize, end: usize) -> Option<u128> {
    /// For each length, the bytes that count, and where the length goes.
    const MASKS: [(u128, u128); SHORT + 1] = {
        let (mut masks, mut length) = ([(0, 0); SHORT + 1], 0);
        while length <= SHORT {
            masks[length] = ((1 << (8 * length)) - 1, (length as u128) << (8 * SHORT));
            length += 1;
        }
        masks
    };
    let (mask, length) = MASKS.get(end - start)?;
    let window = bytes.get(start..)?.first_chunk()?;
    Some(u128::from_le_bytes(*window) & mask | length)
}

/// The classes of the few short strings that come again and again, each in a place of its own.
struct Few<C> {
    strings: [u128; PLACES],
    classes: [C; PLACES],
    multiplier: u64,
    known: usize,
}

const PLACES: usize = 64;

impl<C: Copy> Few<C> {
    /// No string has this length.
    const NONE: u128 = u128::MAX;
    /// As many as are remembered: more would hardly find places of their own.
    const MOST: usize = 16;

    fn new(any: C) -> Self {
        let (strings, classes) = ([Self::NONE; PLACES], [any; PLACES]);
        Few { strings, classes, multiplier: 0x9E37_79B9_7F4A_7C15, known: 0 }
    }

    fn place(multiplier: u64, short: u128) -> usize {
        let folded = (short as u64) ^ ((short >> 64) as u64).rotate_left(32);
        (folded.wrapping_mul(multiplier) >> (64 - PLACES.ilog2())) as usize
    }

    fn get(&self, short: u128) -> Option<C> {
        let place = Self::place(self.multiplier, short);
        (self.strings[place] == short).then(|| self.classes[place])
    }

    /// Remembers a string, and moves all to other places where two would share one. Where that does not
    /// help, it is not remembered.
    #[cold]
    fn remember(&mut self, short: u128, class: C) {
        if self.known == Self::MOST {
            return;
        }
        let known = self.strings.into_iter().zip(self.classes);
        let known: Vec<_> = known.filter(|(known, _)| *known != Self::NONE).collect();
        let mut multiplier = self.multiplier;
        for _ in 0..64 {
            let mut next = Few { multiplier, known: known.len() + 1, ..Few::new(class) };
            let is_alone = |(short, class): &(u128, C)| {
                let place = Self::place(multiplier, *short);
                next.classes[place] = *class;
                std::mem::replace(&mut next.strings[place], *short) == Self::NONE
            };
            if known.iter().chain([&(short, class)]).all(is_alone) {
                *self = next;
                return;
            }
            // Another odd number.
            multiplier = multiplier.wrapping_mul(0xD134_2543_DE82_EF95).rotate_left(17) | 1;
        }
    }
}

fn dictionary_values(array: &ArrayRef) -> &ArrayRef {
    array.as_any_dictionary().values()
}

fn dictionary_keys(array: &ArrayRef, key: &DataType) -> Vec<u32> {
    const NULL: u32 = u32::MAX;
    fn keys<K: ArrowDictionaryKeyType>(array: &ArrayRef) -> Vec<u32>
    where
        K::Native: TryInto<u32>,
    {
        let array: &DictionaryArray<K> = array.as_dictionary();
        let keys = array.keys().values().iter().map(|key| (*key).try_into().unwrap_or(NULL));
        match array.nulls() {
            None => keys.collect(),
            Some(nulls) => {
                keys.zip(nulls.iter()).map(|(key, valid)| if valid { key } else { NULL }).collect()
            }
        }
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

    /// Whether a row's moment lies before a day, where it is so far from it that no time zone has a
    /// say; `None` wherever a closer look is needed.
    pub(crate) fn clearly_before(&self, row: usize, day: Day) -> Option<bool> {
        let Days::Moments(values, nulls, a_second) = self else { return None };
        // 1890 to 2100: moments that every calendar holds.
        let known = -2_500_000_000 * a_second..4_102_444_800 * a_second;
        let moment = values[row];
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) || !known.contains(&moment) {
            return None;
        }
        // No zone is more than 26 hours away from UTC.
        let a_day = 86_400 * a_second;
        match moment.saturating_sub(i64::from(day).saturating_mul(a_day)) {
            after if after >= 2 * a_day => Some(false),
            after if after < -2 * a_day => Some(true),
            _ => None,
        }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, TimestampMicrosecondArray};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Strings that differ in length, in a zero byte, or past the sixteenth byte are told apart, and
        /// so are null and the empty string, wherever a slice begins.
        #[test]
        fn every_string_gets_its_own_class(
            rows in prop::collection::vec(prop::option::weighted(0.9, "[ab\u{0}]{0,3}|a{14,18}b?"), 0..60),
            from in 0..60usize,
        ) {
            let mut names: Vec<Option<String>> = rows.clone();
            names.sort();
            names.dedup();
            let class = |value: Option<&str>| names.iter().position(|n| n.as_deref() == value);
            let from = from.min(rows.len());
            let expected: Vec<_> = rows[from..].iter().map(|row| class(row.as_deref())).collect();
            let length = rows.len() - from;
            let small: ArrayRef = Arc::new(StringArray::from(rows.clone()).slice(from, length));
            let large: ArrayRef = Arc::new(LargeStringArray::from(rows).slice(from, length));
            for array in [small, large] {
                prop_assert_eq!(&Texts::new(&array, "kind", "kind").unwrap().classify(&class), &expected);
            }
        }
    }

    #[test]
    fn what_is_clearly_before_a_day_is_so_in_every_zone() {
        let zones = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Dublin", "Asia/Manila"];
        let zones = zones.map(|name| Zone::named(name).unwrap());
        let hours = (-800_000..1_200_000i64).step_by(13);
        let micros: Vec<i64> = hours.map(|hour| hour * 3_600_000_000 - 1).collect();
        let seconds: Vec<i64> = micros.iter().map(|us| us.div_euclid(1_000_000)).collect();
        let moments: ArrayRef = Arc::new(TimestampMicrosecondArray::from(micros));
        let counted: ArrayRef = Arc::new(Int64Array::from(seconds));
        let columns = [
            Days::new(&moments, None, "at", "created").unwrap(),
            Days::new(&counted, Some(Unit::Seconds), "at", "created").unwrap(),
        ];
        let (mut clear, mut close) = (0, 0);
        for days in columns {
            for row in 0..moments.len() {
                for day in [-62_091, -1, 0, 7_000, 20_235, 30_000] {
                    let Some(before) = days.clearly_before(row, day) else {
                        close += 1;
                        continue;
                    };
                    clear += 1;
                    for zone in &zones {
                        assert_eq!(Some(before), days.get(row, zone).map(|found| found < day));
                    }
                }
            }
        }
        assert!(clear > close && close > 0, "{clear} {close}");
    }
}
