"""Which records a training set holds, as readers of its Delta log see it: writes their ids as Parquet.

    ids.py SET OUT
"""

import sys

import polars as pl

source, out = sys.argv[1:]
pl.scan_delta(source).select("record_id").sink_parquet(out)
