"""The job of `tests/rivals/with_spark.py`, done by the gate within Spark instead of by joins.

    spark_gate.py JOB PLATFORM OUT [--third-party]

Jobs: write (the lawful rows as Parquet), count (only how many). `cargo xtask bench --python` runs both, in the same
session settings.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "rivals"))

import pyspark
import rival
import with_spark

import demur.spark
from gate_speed import COLUMNS


def lawful(spark, platform, third_party):
    setting = "third-party" if third_party else "plain"
    snapshot = platform / "bench" / setting / "given.snapshot"
    return demur.spark.gate(spark.table("records"), snapshot, COLUMNS)


def write(spark, platform, out, third_party):
    lawful(spark, platform, third_party).write.parquet(str(out), mode="overwrite")


def count(spark, platform, out, third_party):
    return lawful(spark, platform, third_party).count()


if __name__ == "__main__":
    rival.main(pyspark.__version__, with_spark.connect, globals())
