"""Opening again, in another process, what was pickled: the same file or none."""

from __future__ import annotations

import functools

from demur._demur import Gate, Snapshot


@functools.lru_cache(maxsize=4)
def snapshot(path: str, digest: str) -> Snapshot:
    """Maps a snapshot, once a process however many gates ask for it."""
    return Snapshot(path, digest=digest)


@functools.lru_cache(maxsize=16)
def gate(path: str, digest: str, columns: str) -> Gate:
    """A gate by that snapshot; ``columns`` as JSON."""
    return Gate(snapshot(path, digest), columns)
