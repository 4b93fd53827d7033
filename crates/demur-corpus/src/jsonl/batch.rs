//! Parsed lines as an Arrow batch, so that one gate judges every format.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Builder, Int64Array, Int64Builder, ListArray, RecordBatch,
    StringBuilder, StructArray, UInt64Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field};
use demur_core::id::IdKind;
use demur_gate::{Columns, Created, People, Value};

use crate::jsonl::record::{Id, Listed, Parsed};

/// The columns of the batches that [`Chunk`] makes for a corpus with `columns`.
pub(crate) fn gate_columns(columns: &Columns) -> Columns {
    let value = |value: &Value, name: &str| match value {
        Value::Column(_) => Value::Column(name.to_owned()),
        constant => constant.clone(),
    };
    let people = |people: &Option<People>, name: &str| {
        people.as_ref().map(|p| People {
            column: name.to_owned(),
            account: Some("account".into()),
            span: p.span.as_ref().map(|_| ("start".into(), "end".into())),
        })
    };
    Columns {
        record: "record".into(),
        author: "author".into(),
        kind: value(&columns.kind, "kind"),
        visibility: value(&columns.visibility, "visibility"),
        created: Created { column: "created".into(), unit: None },
        text: columns.text.as_ref().map(|_| "text".into()),
        mentioned: people(&columns.mentioned, "mentioned"),
        depicted: people(&columns.depicted, "depicted"),
    }
}

/// Collects parsed lines.
pub(crate) struct Chunk {
    kind: IdKind,
    record: StringBuilder,
    author: Ids,
    kinds: StringBuilder,
    visibility: StringBuilder,
    created: Date32Builder,
    /// Filled only where the purpose redacts.
    text: Option<StringBuilder>,
    mentioned: Lists,
    depicted: Lists,
}

impl Chunk {
    pub(crate) fn new(kind: IdKind, with_text: bool) -> Self {
        Chunk {
            kind,
            record: StringBuilder::new(),
            author: Ids::new(kind),
            kinds: StringBuilder::new(),
            visibility: StringBuilder::new(),
            created: Date32Builder::new(),
            text: with_text.then(StringBuilder::new),
            mentioned: Lists::new(kind),
            depicted: Lists::new(kind),
        }
    }

    pub(crate) fn push(&mut self, line: &Parsed<'_>) {
        self.record.append_option(line.record.as_deref());
        self.author.push(line.author.as_ref());
        self.kinds.append_option(line.kind.as_deref());
        self.visibility.append_option(line.visibility.as_deref());
        self.created.append_option(line.created);
        if let Some(text) = &mut self.text {
            text.append_option(line.text.as_deref());
        }
        self.mentioned.push(line.mentioned.as_deref());
        self.depicted.push(line.depicted.as_deref());
    }

    /// The batch of all lines since the last call.
    pub(crate) fn finish(&mut self) -> RecordBatch {
        let mut columns: Vec<(&str, ArrayRef)> = vec![
            ("record", Arc::new(self.record.finish())),
            ("author", self.author.finish()),
            ("kind", Arc::new(self.kinds.finish())),
            ("visibility", Arc::new(self.visibility.finish())),
            ("created", Arc::new(self.created.finish())),
            ("mentioned", self.mentioned.finish(self.kind)),
            ("depicted", self.depicted.finish(self.kind)),
        ];
        if let Some(text) = &mut self.text {
            columns.push(("text", Arc::new(text.finish())));
        }
        let columns = columns.into_iter().map(|(name, array)| (name, array, true));
        RecordBatch::try_from_iter_with_nullable(columns).expect("each line adds to every column")
    }
}

enum Ids {
    Signed(Vec<Option<i64>>),
    Unsigned(Vec<Option<u64>>),
    Text(StringBuilder),
}

impl Ids {
    fn new(kind: IdKind) -> Self {
        match kind {
            IdKind::Signed => Ids::Signed(Vec::new()),
            IdKind::Unsigned => Ids::Unsigned(Vec::new()),
            IdKind::Text => Ids::Text(StringBuilder::new()),
        }
    }

    fn push(&mut self, id: Option<&Id<'_>>) {
        match (self, id) {
            (Ids::Signed(ids), Some(Id::Signed(id))) => ids.push(Some(*id)),
            (Ids::Unsigned(ids), Some(Id::Unsigned(id))) => ids.push(Some(*id)),
            (Ids::Text(ids), Some(Id::Text(id))) => ids.append_value(id),
            // Ids are parsed as the kind that was asked for; what is not one is null.
            (Ids::Signed(ids), _) => ids.push(None),
            (Ids::Unsigned(ids), _) => ids.push(None),
            (Ids::Text(ids), _) => ids.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Ids::Signed(ids) => Arc::new(std::mem::take(ids).into_iter().collect::<Int64Array>()),
            Ids::Unsigned(ids) => {
                Arc::new(std::mem::take(ids).into_iter().collect::<UInt64Array>())
            }
            Ids::Text(ids) => Arc::new(ids.finish()),
        }
    }
}

struct Lists {
    lengths: Vec<usize>,
    valid: Vec<bool>,
    ids: Ids,
    start: Int64Builder,
    end: Int64Builder,
}

impl Lists {
    fn new(kind: IdKind) -> Self {
        Lists {
            lengths: Vec::new(),
            valid: Vec::new(),
            ids: Ids::new(kind),
            start: Int64Builder::new(),
            end: Int64Builder::new(),
        }
    }

    fn push(&mut self, list: Option<&[Listed<'_>]>) {
        self.valid.push(list.is_some());
        let list = list.unwrap_or_default();
        self.lengths.push(list.len());
        for entry in list {
            self.ids.push(entry.id.as_ref());
            self.start.append_option(entry.start);
            self.end.append_option(entry.end);
        }
    }

    fn finish(&mut self, kind: IdKind) -> ArrayRef {
        let id_type = match kind {
            IdKind::Signed => DataType::Int64,
            IdKind::Unsigned => DataType::UInt64,
            IdKind::Text => DataType::Utf8,
        };
        let field = |name: &str, t: DataType| Arc::new(Field::new(name, t, true));
        let people = StructArray::from(vec![
            (field("account", id_type), self.ids.finish()),
            (field("start", DataType::Int64), Arc::new(self.start.finish()) as ArrayRef),
            (field("end", DataType::Int64), Arc::new(self.end.finish()) as ArrayRef),
        ]);
        let offsets = OffsetBuffer::<i32>::from_lengths(std::mem::take(&mut self.lengths));
        let nulls = NullBuffer::from(std::mem::take(&mut self.valid));
        let item = Arc::new(Field::new("item", people.data_type().clone(), true));
        Arc::new(
            ListArray::try_new(item, offsets, Arc::new(people), Some(nulls))
                .expect("every entry adds to all three fields"),
        )
    }
}
