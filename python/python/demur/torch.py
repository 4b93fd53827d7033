"""A loader for PyTorch that leaves out, as it reads, whoever objected since the training set was built."""

from __future__ import annotations

import io
import json
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import deltalake
import pyarrow
import pyarrow.compute
import pyarrow.parquet
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from demur import Error, Gate, Snapshot, SnapshotError
from demur._demur import StoredObject

__all__ = ["TrainingSet", "loader"]

_POSITION = "__demur_position"


def loader(
    table: str | os.PathLike[str],
    snapshot: str | os.PathLike[str],
    *,
    select: list[str] | None = None,
    rank: int = 0,
    world_size: int = 1,
    look_every: float = 1.0,
    **options: Any,
) -> DataLoader:
    """A ``DataLoader`` over a training set, by the snapshot as it is at each moment.

    Whenever the snapshot file changes, it is read again, and rows are judged anew before they are handed out: an
    objection takes effect in a running job as soon as ``demur snapshot`` has been run, except for the batches that
    worker processes have prepared ahead (``num_workers`` × ``prefetch_factor``; none without workers).

    Args:
        table: The folder of a training set of Parquet, copied or overlay, as ``demur build`` makes them, or its URL.
        snapshot: The snapshot's path or URL. A file must be replaced by renaming, as ``demur snapshot`` does.
        select: The columns to give; all of them otherwise.
        rank, world_size: Which share of the set this process reads, of how many.
        look_every: Seconds between two looks at a snapshot in a store; a file is looked at for each row.
        options: For ``DataLoader``: ``batch_size``, ``num_workers``, ``collate_fn`` and so on. Without ``collate_fn``, a batch
            is a dictionary of lists, one a column; with ``batch_size=None`` each row comes alone.

    Raises:
        SnapshotError: If the snapshot is of another purpose, or older than the set; and while rows are read, if it has
            vanished, cannot be read, or has been replaced by an older one. No row is handed out after that.
        Error: If the training set is not one that can be read so.
    """
    if options.get("batch_size", 1) is not None:
        options.setdefault("collate_fn", _collate)
    dataset = TrainingSet(
        table, snapshot, select=select, rank=rank, world_size=world_size, look_every=look_every
    )
    return DataLoader(dataset, **options)


class TrainingSet(IterableDataset):
    """The rows of a training set, one dictionary each, by the snapshot as it is at each moment. See :func:`loader`."""

    def __init__(
        self,
        table: str | os.PathLike[str],
        snapshot: str | os.PathLike[str],
        *,
        select: list[str] | None = None,
        rank: int = 0,
        world_size: int = 1,
        look_every: float = 1.0,
    ) -> None:
        if not 0 <= rank < world_size:
            raise Error(f"rank is {rank}, of {world_size} processes\n  hint: ranks are counted from 0")
        self.table, self.snapshot, self.select = _place(table), _place(snapshot), select
        self.rank, self.world_size, self.look_every = rank, world_size, look_every
        _Watched(self.snapshot, _Manifest(self.table), look_every).refresh()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        manifest = _Manifest(self.table)
        watched = _Watched(self.snapshot, manifest, self.look_every)
        worker = get_worker_info()
        workers, own = (worker.num_workers, worker.id) if worker else (1, 0)
        share = self.rank * workers + own
        for at, (file, group, stays) in enumerate(_groups(self.table)):
            if at % (self.world_size * workers) == share:
                yield from self._group(watched, manifest.columns(file), file, group, stays)

    def _group(
        self, watched: _Watched, columns: str, file: str, group: int, stays: pyarrow.BooleanArray | None
    ) -> Iterator[dict[str, Any]]:
        with pyarrow.parquet.ParquetFile(_source(file), pre_buffer=_is_url(file)) as parquet:
            names = parquet.schema_arrow.names
            select = names if self.select is None else self.select
            if unknown := [name for name in select if name not in names]:
                raise Error(f"{self.table}: there is no column `{unknown[0]}`, which `select` names")
            needed = [name for name in names if name in {*select, *watched.gate(columns).reads}]
            at = 0
            for batch in parquet.iter_batches(1024, row_groups=[group], columns=needed):
                rows = batch.num_rows
                if stays is not None:
                    batch = batch.filter(stays.slice(at, rows))
                at += rows
                yield from _lawful(watched, columns, batch, select)


def _lawful(
    watched: _Watched, columns: str, batch: pyarrow.RecordBatch, select: list[str]
) -> Iterator[dict[str, Any]]:
    """The rows that may be used, each judged by the snapshot that is there when it is handed out."""
    batch = batch.append_column(_POSITION, pyarrow.array(range(batch.num_rows), pyarrow.int64()))
    while batch.num_rows:
        watched.refresh()
        judged = pyarrow.record_batch(watched.gate(columns).filter(batch))
        positions = judged[_POSITION].to_pylist()
        rows = judged.select(select).to_pylist()
        start = batch[_POSITION][0].as_py()
        for position, row in zip(positions, rows):
            if watched.has_changed():
                batch = batch.slice(position - start)
                break
            yield row
        else:
            return


def _groups(table: Path | str) -> Iterator[tuple[str, int, pyarrow.BooleanArray | None]]:
    """Every row group of the table's newest version, with which of its rows the table has."""
    # What the environment says of credentials and servers, deltalake reads by itself, but for this one.
    plain = os.environ.get("AWS_ALLOW_HTTP")
    options = {"AWS_ALLOW_HTTP": plain} if plain and _is_url(table) else None
    delta = deltalake.DeltaTable(str(table), storage_options=options)
    vectors = pyarrow.table(delta.deletion_vectors())
    hidden = dict(zip(map(_local, vectors["filepath"].to_pylist()), vectors["selection_vector"]))
    files = sorted(_far_files(table, delta) if isinstance(table, str) else map(_local, delta.file_uris()))
    if strangers := hidden.keys() - set(files):
        raise Error(f"{table}: rows are taken out of {min(strangers)}, which the table does not have")
    for file in files:
        stays = hidden[file].values if file in hidden else None
        metadata = pyarrow.parquet.read_metadata(_source(file))
        if stays is not None and len(stays) < metadata.num_rows:
            # A vector ends behind the last row that it takes out.
            rest = pyarrow.array([True] * (metadata.num_rows - len(stays)))
            stays = pyarrow.concat_arrays([stays, rest])
        at = 0
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            yield file, group, None if stays is None else stays.slice(at, rows)
            at += rows


def _far_files(table: str, delta: deltalake.DeltaTable) -> list[str]:
    """The URLs of a table's files: of a covered-up set they are in the log, and deltalake's own list breaks them."""
    paths = pyarrow.table(delta.get_add_actions())["path"].to_pylist()
    return [path if "://" in path else f"{table}/{path}" for path in paths]


def _is_url(place: Path | str) -> bool:
    return isinstance(place, str) and "://" in place


def _place(place: str | os.PathLike[str]) -> Path | str:
    """A path, or the URL of something in a store."""
    text = os.fspath(place)
    if text.startswith("file://"):
        return Path(unquote(urlsplit(text).path))
    return text.rstrip("/") if "://" in text else Path(text)


def _local(uri: str) -> str:
    """The path of a file of a table, or its URL."""
    return unquote(urlsplit(uri).path) if uri.startswith("file://") else uri


def _source(file: str) -> Any:
    return pyarrow.PythonFile(_Stored(StoredObject(file)), mode="r") if _is_url(file) else file


class _Stored(io.RawIOBase):
    """An object in a store as a file that is only read."""

    def __init__(self, stored: StoredObject) -> None:
        self._stored, self._at = stored, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._stored.bytes}[whence]
        self._at = start + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        wanted = self._stored.bytes if size is None or size < 0 else size
        content = self._stored.read_at(self._at, wanted)
        self._at += len(content)
        return content


class _Manifest:
    """What `demur build` wrote beside the table."""

    def __init__(self, table: Path | str) -> None:
        path = f"{table}/manifest.json" if isinstance(table, str) else table / "manifest.json"
        try:
            content = _Stored(StoredObject(path)).read() if isinstance(path, str) else path.read_bytes()
            read = json.loads(content)
        except (OSError, ValueError) as error:
            raise Error(f"{path}: {error}\n  hint: give the folder of a training set, made by `demur build`") from error
        if read["data"] != "parquet":
            raise Error(
                f"{table}: this set is of {read['data']}, which is no table\n  hint: read its files, and judge them "
                "with demur.Gate; or build it from Parquet"
            )
        self.purpose: str = read["purpose"]["id"]
        self.register_size: int = read["snapshot"]["register_size"]
        columns = {corpus["id"]: json.dumps(corpus["columns"]) for corpus in read["corpora"]}
        self._columns = {_name(file["path"]): columns[file["corpus"]] for file in read["files"]}
        self._path, self._table = path, f"{table}/"

    def columns(self, file: str) -> str:
        """Which column of a data file holds what, as JSON."""
        # Of a table in a store, its own files have paths in the manifest, and those of a corpus URLs.
        try:
            return self._columns[_name(unquote(file).removeprefix(unquote(self._table)))]
        except KeyError:
            raise Error(
                f"{self._path}: {Path(file).name} is not in the manifest, so somebody else wrote it\n  hint: `demur audit` "
                "says what else is in the table"
            ) from None


def _name(path: str) -> str:
    """What tells the files of a set apart: where they may lie in several folders of a store, all of it."""
    return unquote(path) if _is_url(path) else Path(path).name


class _Watched:
    """A snapshot that may be replaced at any time, by a newer one only."""

    def __init__(self, path: Path | str, manifest: _Manifest, look_every: float) -> None:
        self._path, self._manifest = path, manifest
        self._look_every, self._looked_at = look_every, -math.inf
        self._register_size = manifest.register_size
        self._seen: tuple[Any, ...] | None = None
        self._found: tuple[Any, ...] = ()
        self._snapshot: Snapshot | None = None
        self._gates: dict[str, Gate] = {}

    def has_changed(self) -> bool:
        """Whether the file is another than the one that rows were judged by. Raises where it is gone."""
        return self._look() != self._seen

    def refresh(self) -> Snapshot:
        """The snapshot as it is now: the file is read if it is another."""
        seen = self._look()
        if seen == self._seen and self._snapshot is not None:
            return self._snapshot
        snapshot = Snapshot(self._path)
        if snapshot.purpose != self._manifest.purpose:
            raise SnapshotError(
                f"{self._path}: this snapshot is for {snapshot.purpose}, and the training set for {self._manifest.purpose}"
            )
        if snapshot.register_size < self._register_size:
            raise SnapshotError(
                f"{self._path}: this snapshot knows {snapshot.register_size} events of the register, fewer than the "
                f"{self._register_size} that were known before\n  hint: compile it again with `demur snapshot`"
            )
        self._seen, self._snapshot, self._gates = seen, snapshot, {}
        self._register_size = snapshot.register_size
        return snapshot

    def gate(self, columns: str) -> Gate:
        """The gate by the snapshot last read."""
        if columns not in self._gates:
            self._gates[columns] = Gate(self._snapshot or self.refresh(), columns)
        return self._gates[columns]

    def _look(self) -> tuple[Any, ...]:
        if isinstance(self._path, str):
            return self._look_far(self._path)
        try:
            found = os.stat(self._path)
        except OSError as error:
            raise self._lost(f"{self._path}: {error.strerror}") from error
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    def _look_far(self, url: str) -> tuple[Any, ...]:
        """A look costs a request, so what was found holds for a while."""
        now = time.monotonic()
        if now - self._looked_at >= self._look_every:
            try:
                self._found = StoredObject(url).version
            except Error as error:
                raise self._lost(str(error).partition("\n")[0]) from error
            self._looked_at = now
        return self._found

    def _lost(self, what: str) -> SnapshotError:
        return SnapshotError(
            f"{what}, so nobody knows who objected since\n  hint: compile it again with `demur snapshot`, then start anew "
            "from a checkpoint"
        )


def _collate(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}
