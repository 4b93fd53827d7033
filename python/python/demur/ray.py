"""Inside Ray Data: each worker process maps the snapshot once and judges blocks of a dataset.

``demur`` must be installed where the workers' Python is. Workers that do not find the snapshot under the
same path get it through Ray's object store.
"""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy
import pyarrow
import ray

from demur import Gate, Snapshot, SnapshotError, _open
from demur._columns import Columns, parse


def gate(
    ds: ray.data.Dataset,
    snapshot: str | os.PathLike[str] | Snapshot,
    columns: Columns,
    *,
    redact: bool = False,
    **options: Any,
) -> ray.data.Dataset:
    """The rows of ``ds`` that may be used.

    Args:
        ds: Any dataset that has the columns named.
        snapshot: A snapshot, or the path of one here, or its URL; workers need no access to that store. What is under
            that name later changes nothing.
        columns: Which column holds what, as for :class:`demur.Gate`.
        redact: Take names out of texts where the purpose says so, as :meth:`demur.Gate.redact` does; otherwise such
            rows are left out.
        options: For ``map_batches``, such as ``batch_size`` or ``num_cpus``.

    Raises:
        SnapshotError: If the snapshot cannot be read.
        ColumnError: If the names are wrong. Whether the data has the columns is known when it is read.
    """
    if not isinstance(snapshot, Snapshot):
        snapshot = Snapshot(snapshot)
    Gate(snapshot, columns)
    content = ray.put(_content(snapshot))
    judge = _Judge(str(snapshot.path), snapshot.digest, content, parse(columns), redact)
    options = {"zero_copy_batch": True, **options, "batch_format": "pyarrow"}
    return ds.map_batches(judge, **options)


def _content(snapshot: Snapshot) -> numpy.ndarray:
    if not isinstance(snapshot.path, str):
        return numpy.fromfile(snapshot.path, dtype=numpy.uint8)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fetched.snapshot"
        snapshot.save(file)
        return numpy.fromfile(file, dtype=numpy.uint8)


class _Judge:
    """What a worker does with a block."""

    def __init__(self, path: str, digest: str, content: ray.ObjectRef, columns: str, redact: bool) -> None:
        self.path, self.digest, self.content, self.columns, self.redact = path, digest, content, columns, redact

    def __call__(self, block: pyarrow.Table) -> pyarrow.Table:
        if block.num_rows == 0:
            return block  # Ray's empty blocks have no columns
        gate = _open.gate(_land(self.path, self.digest, self.content), self.digest, self.columns)
        return pyarrow.table(gate.redact(block) if self.redact else gate.filter(block))


@functools.lru_cache(maxsize=4)
def _land(path: str, digest: str, content: ray.ObjectRef) -> str:
    """A file with this snapshot: the one it was opened from, or one written here, once a machine."""
    if "://" not in path:
        try:
            _open.snapshot(path, digest)
            return path
        except SnapshotError:
            pass
    folder = Path(tempfile.gettempdir()) / f"demur-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{digest[:32]}.snapshot"
    if not file.exists():
        half = tempfile.NamedTemporaryFile(dir=folder, delete=False)
        with half:
            ray.get(content).tofile(half)
        os.replace(half.name, file)
    # Its digest is compared: whatever else lies there is refused.
    return str(file)
