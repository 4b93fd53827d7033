//! Carrying verdicts out: the rows that stay, without the names that go.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::types::Int64Type;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, LargeListArray, LargeStringBuilder,
    RecordBatch, StructArray, UInt64Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{cast, filter_record_batch, take};
use arrow::datatypes::{DataType, Field};

use crate::columns::People;
use crate::error::Error;
use crate::gate::{Gate, Verdicts};
use crate::third_party::{Entry, Redaction};

impl Gate {
    /// The rows of `batch` that stay, redacted where the verdicts say so. The schema stays as it is.
    ///
    /// # Errors
    /// Where Arrow cannot build the result.
    pub fn apply(&self, batch: &RecordBatch, verdicts: &Verdicts) -> Result<RecordBatch, Error> {
        let stays: BooleanArray =
            (0..verdicts.len()).map(|row| Some(verdicts.stays(row))).collect();
        let kept = filter_record_batch(batch, &stays)?;
        if verdicts.redactions().is_empty() {
            return Ok(kept);
        }
        let mut redactions: HashMap<usize, &Redaction> = HashMap::new();
        let mut next = verdicts.redactions().iter().peekable();
        let staying = (0..verdicts.len()).filter(|row| verdicts.stays(*row));
        for (row_now, row) in staying.enumerate() {
            if let Some(redaction) = next.next_if(|r| r.row == row) {
                redactions.insert(row_now, redaction);
            }
        }

        let mut columns = kept.columns().to_vec();
        let mut rewrite = |name: &str, new: &dyn Fn(&ArrayRef) -> Result<ArrayRef, Error>| {
            let at = kept.schema().index_of(name)?;
            columns[at] = new(&columns[at])?;
            Ok::<_, Error>(())
        };
        if let Some(text) = &self.columns().text {
            rewrite(text, &|array| rewrite_text(array, &redactions))?;
        }
        if let Some(people) = &self.columns().mentioned {
            let entries = |row: usize| redactions.get(&row).map(|r| r.mentioned.as_slice());
            rewrite(&people.column, &|array| rewrite_people(array, people, entries))?;
        }
        if let Some(people) = &self.columns().depicted {
            let entries = |row: usize| redactions.get(&row).map(|r| r.depicted.as_slice());
            rewrite(&people.column, &|array| rewrite_people(array, people, entries))?;
        }
        Ok(RecordBatch::try_new(kept.schema(), columns)?)
    }
}

fn rewrite_text(array: &ArrayRef, by_row: &HashMap<usize, &Redaction>) -> Result<ArrayRef, Error> {
    let large = cast(array, &DataType::LargeUtf8)?;
    let large = large.as_string::<i64>();
    let mut texts = LargeStringBuilder::with_capacity(large.len(), large.value_data().len());
    for row in 0..large.len() {
        match by_row.get(&row) {
            Some(redaction) => texts.append_value(&redaction.text),
            None => texts.append_option(large.is_valid(row).then(|| large.value(row))),
        }
    }
    let texts: ArrayRef = Arc::new(texts.finish());
    Ok(cast(&texts, array.data_type())?)
}

fn rewrite_people<'a>(
    array: &ArrayRef,
    people: &People,
    entries: impl Fn(usize) -> Option<&'a [Entry]>,
) -> Result<ArrayRef, Error> {
    let item = match array.data_type() {
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item) => item.clone(),
        _ => return Ok(array.clone()),
    };
    let large = cast(array, &DataType::LargeList(item.clone()))?;
    let large = large.as_list::<i64>();
    let (mut taken, mut moves, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..large.len() {
        let before = taken.len();
        if large.is_valid(row) {
            let range = large.value_offsets()[row]..large.value_offsets()[row + 1];
            let entries = entries(row);
            for (nth, at) in range.enumerate() {
                match entries.map_or(Entry::Stay, |entries| entries[nth]) {
                    Entry::Remove => continue,
                    Entry::Stay => {}
                    Entry::Move(start, end) => moves.push((taken.len(), start, end)),
                }
                taken.push(at as u64);
            }
        }
        lengths.push(taken.len() - before);
    }
    let mut values = take(large.values(), &UInt64Array::from(taken), None)?;
    if let (Some((start, end)), false) = (&people.span, moves.is_empty()) {
        values = move_spans(&values, (start, end), &moves)?;
    }
    let offsets = OffsetBuffer::from_lengths(lengths);
    let list = LargeListArray::try_new(item, offsets, values, large.nulls().cloned())?;
    Ok(cast(&(Arc::new(list) as ArrayRef), array.data_type())?)
}

fn move_spans(
    values: &ArrayRef,
    (start, end): (&str, &str),
    moves: &[(usize, i64, i64)],
) -> Result<ArrayRef, Error> {
    let people = values.as_struct();
    let mut columns = people.columns().to_vec();
    for (at, field) in people.fields().iter().enumerate() {
        let pick: fn(&(usize, i64, i64)) -> i64 = match field.name() {
            name if name == start => |m| m.1,
            name if name == end => |m| m.2,
            _ => continue,
        };
        columns[at] = replace(&columns[at], field, moves.iter().map(|m| (m.0, pick(m))))?;
    }
    Ok(Arc::new(StructArray::try_new(people.fields().clone(), columns, people.nulls().cloned())?))
}

fn replace(
    array: &ArrayRef,
    field: &Field,
    new: impl Iterator<Item = (usize, i64)>,
) -> Result<ArrayRef, Error> {
    let wide = cast(array, &DataType::Int64)?;
    let wide = wide.as_primitive::<Int64Type>();
    let mut values = wide.values().to_vec();
    for (at, value) in new {
        values[at] = value;
    }
    let wide: ArrayRef = Arc::new(Int64Array::new(values.into(), wide.nulls().cloned()));
    Ok(cast(&wide, field.data_type())?)
}
