"""``IterableDataset``, ``DataLoader`` and ``get_worker_info`` as PyTorch documents them.

Workers are taken in turn within this process, each preparing ``prefetch_factor`` batches ahead, where PyTorch forks;
what a dataset sees of it is the same.
"""

from collections import deque
from dataclasses import dataclass

_worker_info = None


@dataclass
class WorkerInfo:
    id: int
    num_workers: int


class IterableDataset:
    def __iter__(self):
        raise NotImplementedError


def get_worker_info():
    return _worker_info


class DataLoader:
    def __init__(self, dataset, batch_size=1, *, num_workers=0, collate_fn=None, drop_last=False, prefetch_factor=None):
        self.dataset, self.batch_size, self.num_workers = dataset, batch_size, num_workers
        self.collate_fn, self.drop_last = collate_fn, drop_last
        self.prefetch_factor = prefetch_factor or 2

    def __iter__(self):
        if self.num_workers == 0:
            yield from self._batches()
            return
        infos = [WorkerInfo(id, self.num_workers) for id in range(self.num_workers)]
        workers = deque((info, self._batches(), deque()) for info in infos)
        while workers:
            info, batches, ready = workers.popleft()
            self._prepare(info, batches, ready)
            if ready:
                yield ready.popleft()
                workers.append((info, batches, ready))

    def _prepare(self, info, batches, ready):
        global _worker_info
        _worker_info = info
        try:
            while len(ready) <= self.prefetch_factor:
                ready.append(next(batches))
        except StopIteration:
            pass
        finally:
            _worker_info = None

    def _batches(self):
        if self.batch_size is None:
            yield from self.dataset
            return
        batch = []
        for row in self.dataset:
            batch.append(row)
            if len(batch) == self.batch_size:
                yield self.collate_fn(batch)
                batch = []
        if batch and not self.drop_last:
            yield self.collate_fn(batch)
