"""Other programs read tables in a store: in a process of their own, since they keep Python from running while they
wait for the store, which runs here."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import deltalake
import polars
import pyarrow as pa

OPTIONS = {"AWS_ALLOW_HTTP": "true"}


def _delta(url, version):
    table = deltalake.DeltaTable(url, version=version, storage_options=OPTIONS)
    builder = deltalake.QueryBuilder().register("t", table)
    return pa.table(builder.execute("SELECT * FROM t").read_all())


def _polars(url):
    return polars.scan_delta(url, storage_options=OPTIONS).collect().to_arrow()


@cache
def _process():
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def with_delta(url, version=None):
    return _process().submit(_delta, url, version).result(120)


def with_polars(url):
    return _process().submit(_polars, url).result(120)
