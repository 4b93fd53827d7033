"""Demur keeps people who said no out of AI training data.

This package is its gate: a snapshot, made by ``demur snapshot PURPOSE``, judges records of anything that speaks
Arrow's PyCapsule interface.

    import demur

    gate = demur.Gate("assistant-training.snapshot", columns={
        "record": "record_id", "author": "author_id", "kind": "kind", "visibility": "visibility",
        "created": "created_at",
    })
    lawful = polars.DataFrame(gate.filter(posts))

``demur.spark``, ``demur.ray``, ``demur.datasets`` and ``demur.torch`` hand it to engines that run elsewhere than in this
process.
"""

from demur._demur import Batch, ColumnError, Error, Gate, Snapshot, SnapshotError, Stream, __version__

__all__ = ["Batch", "ColumnError", "Error", "Gate", "Snapshot", "SnapshotError", "Stream", "__version__"]
