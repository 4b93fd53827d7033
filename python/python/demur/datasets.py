"""For Hugging Face ``datasets``, streaming and in memory."""

from __future__ import annotations

import os
from typing import Any, TypeVar

import datasets
import pyarrow

from demur import Gate, Snapshot, __version__
from demur._columns import Columns

Given = TypeVar(
    "Given", datasets.Dataset, datasets.IterableDataset, datasets.DatasetDict, datasets.IterableDatasetDict
)


def gate(
    dataset: Given,
    snapshot: str | os.PathLike[str] | Snapshot,
    columns: Columns,
    *,
    redact: bool = False,
    **options: Any,
) -> Given:
    """The rows of ``dataset`` that may be used; of each part, where it is a dictionary of them.

    A streaming dataset is judged as it is read. Of another the library keeps what is left in its cache, and
    judges anew where the snapshot, the columns or the version of this package differ.

    Args:
        dataset: Any dataset that has the columns named.
        snapshot: A snapshot, or the path or URL of one.
        columns: Which column holds what, as for :class:`demur.Gate`.
        redact: Take names out of texts where the purpose says so, as :meth:`demur.Gate.redact` does; otherwise such
            rows are left out.
        options: For ``map``, such as ``batch_size`` or ``num_proc``.

    Raises:
        SnapshotError: If the snapshot cannot be read.
        ColumnError: If a column is missing or of a type that cannot hold what it should.
    """
    if not isinstance(snapshot, Snapshot):
        snapshot = Snapshot(snapshot)
    if isinstance(dataset, (datasets.DatasetDict, datasets.IterableDatasetDict)):
        return type(dataset)(
            {name: gate(part, snapshot, columns, redact=redact, **options) for name, part in dataset.items()}
        )
    judge = _Judge(Gate(snapshot, columns), redact)
    options = {**options, "batched": True}
    if isinstance(dataset, datasets.IterableDataset):
        features = dataset.features
        formatting = getattr(dataset, "_formatting", None)
        if getattr(getattr(dataset, "_ex_iterable", None), "iter_arrow", None):
            judged = dataset.with_format("arrow").map(judge, features=features, **options)
        else:
            # Rows that are made one by one: the library would guess the types of each few rows anew.
            schema = features.arrow_schema if features else None
            judged = dataset.with_format(None).map(_JudgeRows(judge, schema), features=features, **options)
        return judged.with_format(formatting.format_type if formatting else None)
    judge.gate.check(dataset.features.arrow_schema)
    before = dataset.format
    judged = dataset.with_format("arrow").map(judge, features=dataset.features, **options)
    return judged.with_format(
        before["type"], before["columns"], before["output_all_columns"], **before["format_kwargs"]
    )


class _Judge:
    """What ``map`` calls; its state is what the library's cache goes by."""

    def __init__(self, gate: Gate, redact: bool) -> None:
        self.gate, self.redact, self.version = gate, redact, __version__

    def __call__(self, rows: pyarrow.Table) -> pyarrow.Table:
        return pyarrow.table(self.gate.redact(rows) if self.redact else self.gate.filter(rows))


class _JudgeRows:
    """The same, for rows that come as lists of values."""

    def __init__(self, judge: _Judge, schema: pyarrow.Schema | None) -> None:
        self.judge, self.schema = judge, schema

    def __call__(self, rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
        return self.judge(pyarrow.table(rows, schema=self.schema)).to_pydict()
