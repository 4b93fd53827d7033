"""Inside Apache Spark: each worker process maps the snapshot once and judges its share of a data frame.

``demur`` must be installed where the executors' Python is; the snapshot is sent there by Spark.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.compute
from pyspark import SparkFiles
from pyspark.sql import Column, DataFrame, functions

from demur import Gate, Snapshot, _open
from demur._columns import Columns, parse

_sent: dict[tuple[str, str], str] = {}


def gate(df: DataFrame, snapshot: str | os.PathLike[str] | Snapshot, columns: Columns, *, redact: bool = False) -> DataFrame:
    """The rows of ``df`` that may be used.

    Args:
        df: Any data frame that has the columns named.
        snapshot: A snapshot, or the path of one on the driver, or its URL; executors need no access to that store. What
            is under that name later changes nothing.
        columns: Which column holds what, as for :class:`demur.Gate`.
        redact: Take names out of texts where the purpose says so, as :meth:`demur.Gate.redact` does; otherwise such
            rows are left out.

    Raises:
        SnapshotError: If the snapshot cannot be read.
        ColumnError: If a column is missing or of a type that cannot hold what it should.
    """
    if not isinstance(snapshot, Snapshot):
        snapshot = Snapshot(snapshot)
    gate = Gate(snapshot, columns)
    gate.check(df.limit(0).toArrow().schema)
    file, digest, names = _send(df, snapshot), snapshot.digest, parse(columns)
    df = _promising(df, snapshot, names)
    if redact or not hasattr(functions, "arrow_udf"):
        return _map(df, file, digest, names, redact)
    fields = {name: (name,) for name in gate.reads}
    if not snapshot.redacts:
        names, ids = _ids(names)
        fields.update((name, path) for name, path in ids.items() if name in fields)
    return _filter(df, file, digest, names, fields)


def _promising(df: DataFrame, snapshot: Snapshot, columns: str) -> DataFrame:
    """Without rows that stay out whoever objects: of nobody, or of a kind or visibility that the purpose does not use.
    Spark finds those by itself, before anything goes to Python; the gate judges all others."""
    read = json.loads(columns)
    kind, visibility = (_value(read[name]) for name in ("kind", "visibility"))
    used = functions.lit(False)
    for name, visibilities in snapshot.content.items():
        of_kind = kind == functions.lit(name)
        used = used | (of_kind if visibilities is None else of_kind & visibility.isin(visibilities))
    return df.filter(used & _column(read["author"]).isNotNull())


def _value(read: dict[str, str]) -> Column:
    return functions.lit(read["constant"]) if "constant" in read else _column(read["column"])


def _column(*path: str) -> Column:
    """A column, or a field below one, whatever characters its name has."""
    return functions.col(".".join(f"`{name.replace('`', '``')}`" for name in path))


def _filter(df: DataFrame, file: str, digest: str, columns: str, fields: dict[str, tuple[str, ...]]) -> DataFrame:
    """Spark sends only the columns that a verdict needs to Python, and need not read the others where nobody asks."""
    names = list(fields)

    @functions.arrow_udf("boolean")
    def stays(*arrays: pyarrow.Array) -> pyarrow.Array:
        verdicts = _gate(file, digest, columns).verdicts(pyarrow.RecordBatch.from_arrays(list(arrays), names=names))
        verdict = pyarrow.record_batch(verdicts)["verdict"]
        return pyarrow.compute.equal(verdict.indices, verdict.dictionary.index("keep"))

    return df.filter(stays(*(_column(*path) for path in fields.values())))


def _ids(columns: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The columns with lists of ids in place of lists of structs, and where the ids are: where no name is taken out
    of a text, nobody asks for its place in it."""
    read, ids = json.loads(columns), {}
    for people in filter(None, (read["mentioned"], read["depicted"])):
        if people["account"] is not None:
            ids[people["column"]] = (people["column"], people["account"])
            people.update(account=None, span=None)
    return json.dumps(read), ids


def _map(df: DataFrame, file: str, digest: str, columns: str, redact: bool) -> DataFrame:
    def judge(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        gate = _gate(file, digest, columns)
        judged = gate.redact if redact else gate.filter
        for batch in batches:
            yield pyarrow.record_batch(judged(batch))

    return df.mapInArrow(judge, df.schema)


def _gate(file: str, digest: str, columns: str) -> Gate:
    """In a worker process: the gate by the file that Spark brought."""
    return _open.gate(SparkFiles.get(file), digest, columns)


def _send(df: DataFrame, snapshot: Snapshot) -> str:
    """Has Spark bring the file to every executor, once an application; returns its name there."""
    session: Any = df.sparkSession
    remote = not hasattr(session, "sparkContext")
    application = session.session_id if remote else session.sparkContext.applicationId
    key = (application, snapshot.digest)
    if key not in _sent:
        file = _keep(snapshot)
        if remote:
            session.addArtifacts(str(file), file=True)
        else:
            session.sparkContext.addFile(str(file))
        _sent[key] = file.name
    return _sent[key]


def _keep(snapshot: Snapshot) -> Path:
    """The file under a name that follows from its content, for as long as this driver runs: Spark reads
    it when an executor asks for it, and knows files by their names."""
    folder = Path(tempfile.mkdtemp(prefix="demur-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / f"demur-{snapshot.digest[:32]}.snapshot"
    # Spark follows links, and would call the file what it finds at their end.
    source = os.path.realpath(snapshot.path)
    try:
        os.link(source, file)
    except OSError:
        # On another disk, or in a store.
        snapshot.save(file)
    # Another may have taken its place since it was opened.
    Snapshot(file, digest=snapshot.digest)
    return file
