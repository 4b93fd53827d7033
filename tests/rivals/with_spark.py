"""The job of a build, as a data engineer writes it in SQL for Spark.

    with_spark.py JOB PLATFORM OUT [--third-party]

Jobs: write (the lawful rows as Parquet), count (only how many). `cargo xtask bench` runs them.

Choices, each for speed: two threads in one process, so that nothing goes over a network; 6 GB of heap;
four partitions after a shuffle instead of 200; adaptive execution as it is by default. The query is the
one that DuckDB gets.
"""

import rival
import pyspark
from pyspark.sql import SparkSession

ELIGIBLE = f"""
SELECT account_id, public_content, ai_interactions, to_utc_timestamp(adult_on, '{rival.ZONE}') AS adult_at
FROM (
  SELECT
    a.account_id, a.region, a.status,
    add_months(date_add(birth_date, IF(month(birth_date) = 2 AND day(birth_date) = 29, 1, 0)), 12 * 18) AS adult_on,
    NOT coalesce(o.public_content, false) AS public_content,
    NOT coalesce(o.ai_interactions, false) AS ai_interactions
  FROM accounts a LEFT JOIN objecting o ON o.account_id = a.account_id
)
WHERE adult_on <= DATE '2025-05-27' AND status IN ('active', 'deactivated') AND region IN {tuple(rival.EU)}
"""

LAWFUL = """
SELECT r.*
FROM records r
JOIN eligible a ON a.account_id = r.author_id
LEFT ANTI JOIN items i ON i.record_id = r.record_id
{third_party}
WHERE r.created_at >= a.adult_at
  AND CASE
      WHEN r.kind = 'ai_interaction' THEN a.ai_interactions
      WHEN r.kind IN ('post', 'comment', 'photo') THEN r.visibility = 'public' AND a.public_content
      ELSE false END
"""

NAMING_OTHERS = """
SELECT n.record_id
FROM (
  SELECT record_id, author_id, explode(mentions.user_id) AS account_id FROM records
  UNION ALL
  SELECT record_id, author_id, explode(tagged) AS account_id FROM records
) n
JOIN objecting o ON o.account_id = n.account_id AND o.third_party
LEFT JOIN persons p ON p.account_id = n.author_id
WHERE n.account_id <> n.author_id AND NOT coalesce(p.person_id = o.person_id, false)
"""


def connect(platform):
    settings = {
        "spark.driver.memory": "6g",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.hadoop.parquet.compression.codec.zstd.level": "3",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("rival")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    sources = {
        "records": "corpus",
        "accounts": "accounts.parquet",
        "objecting": "bench/objecting.parquet",
        "items": "bench/items.parquet",
    }
    for name, path in sources.items():
        spark.read.parquet(str(platform / path)).createOrReplaceTempView(name)
    spark.sql(ELIGIBLE).createOrReplaceTempView("eligible")
    spark.sql("SELECT account_id, person_id FROM accounts WHERE person_id IS NOT NULL").createOrReplaceTempView("persons")
    spark.sql(NAMING_OTHERS).createOrReplaceTempView("naming_others")
    return spark


def lawful(spark, third_party):
    anti = "LEFT ANTI JOIN naming_others n ON n.record_id = r.record_id" if third_party else ""
    return spark.sql(LAWFUL.format(third_party=anti))


def write(spark, platform, out, third_party):
    lawful(spark, third_party).write.parquet(str(out), mode="overwrite")


def count(spark, platform, out, third_party):
    return lawful(spark, third_party).count()


if __name__ == "__main__":
    rival.main(pyspark.__version__, connect, globals())
