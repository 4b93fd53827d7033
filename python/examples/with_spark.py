"""Writes the posts that may be used, judged on all executors."""

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

import demur.spark
from platform_columns import COLUMNS

platform = Path(sys.argv[1])
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()

posts = spark.read.parquet(str(platform / "corpus"))
lawful = demur.spark.gate(posts, platform / "assistant-training.snapshot", COLUMNS, redact=True)
lawful.write.parquet(str(platform / "lawful-by-spark"), mode="overwrite")
print(spark.read.parquet(str(platform / "lawful-by-spark")).count())
