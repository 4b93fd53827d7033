"""The job of a build, as a data engineer writes it in SQL for DuckDB.

    with_duckdb.py JOB PLATFORM OUT [--third-party]

Jobs: write (the lawful rows as Parquet), count (only how many), lines (JSON lines to JSON lines),
rewrite (a set without some people), tenth (not a rival's job: makes a smaller corpus), memory (the join
and filter alone, on tables that are in memory). `cargo xtask bench` runs them.

Choices, each for speed: two threads; rows may leave in another order than they came; the day of coming
of age is turned into a moment once an account, not once a record; whoever may never be used is out
before the join; third parties are found through the id columns alone, then taken out by record id.
"""

import rival
import duckdb

START = "DATE '2025-05-27'"

# Midnight in Dublin of the day of coming of age: on 1 March for those born on 29 February. A null
# anywhere makes a condition null, which keeps the row out, as it should.
ELIGIBLE = f"""
SELECT account_id, public_content, ai_interactions, timezone('{rival.ZONE}', adult_on) AS adult_at
FROM (
  SELECT
    account_id, region, status,
    birth_date + to_days((month(birth_date) = 2 AND day(birth_date) = 29)::INTEGER) + INTERVAL 18 YEAR AS adult_on,
    NOT coalesce(o.public_content, false) AS public_content,
    NOT coalesce(o.ai_interactions, false) AS ai_interactions
  FROM accounts LEFT JOIN objecting o USING (account_id)
)
WHERE adult_on <= {START} AND status IN ('active', 'deactivated') AND region IN {tuple(rival.EU)}
"""

LAWFUL = """
SELECT {columns}
FROM {records} r
JOIN eligible a ON a.account_id = r.author_id
ANTI JOIN items i ON i.record_id = r.record_id
{third_party}
WHERE r.created_at{cast} >= a.adult_at
  AND CASE r.kind
      WHEN 'ai_interaction' THEN a.ai_interactions
      WHEN 'post' THEN r.visibility = 'public' AND a.public_content
      WHEN 'comment' THEN r.visibility = 'public' AND a.public_content
      WHEN 'photo' THEN r.visibility = 'public' AND a.public_content
      ELSE false END
"""

# Records that name or show somebody who objected to that, but for authors who name themselves or
# another account of theirs.
NAMING_OTHERS = """
SELECT n.record_id
FROM (
  SELECT record_id, author_id, unnest(mentions).user_id AS account_id FROM {records}
  UNION ALL
  SELECT record_id, author_id, unnest(tagged) AS account_id FROM {records}
) n
JOIN objecting o ON o.account_id = n.account_id AND o.third_party
LEFT JOIN persons p ON p.account_id = n.author_id
WHERE n.account_id <> n.author_id AND NOT coalesce(p.person_id = o.person_id, false)
"""

PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3"
LINES = {
    "record_id": "BIGINT",
    "author_id": "BIGINT",
    "kind": "VARCHAR",
    "visibility": "VARCHAR",
    "created_at": "VARCHAR",  # so that the line says afterwards what it said before
    "text": "VARCHAR",
    "mentions": "STRUCT(user_id BIGINT, start INTEGER, \"end\" INTEGER)[]",
    "tagged": "BIGINT[]",
}


def lawful(third_party, columns="r.*", records="records", cast=""):
    others = NAMING_OTHERS.format(records=records)
    anti = f"ANTI JOIN ({others}) n ON n.record_id = r.record_id" if third_party else ""
    return LAWFUL.format(columns=columns, records=records, cast=cast, third_party=anti)


def connect(platform):
    connection = duckdb.connect()
    for setting in ("threads = 2", "preserve_insertion_order = false", "enable_progress_bar = false"):
        connection.execute(f"SET {setting}")
    sources = {
        "records": f"read_parquet('{platform}/corpus/*.parquet')",
        "accounts": f"read_parquet('{platform}/accounts.parquet')",
        "objecting": f"read_parquet('{platform}/bench/objecting.parquet')",
        "items": f"read_parquet('{platform}/bench/items.parquet')",
        "lines": f"read_json('{platform}/extract.jsonl', format = 'newline_delimited', columns = {LINES})",
    }
    for name, source in sources.items():
        connection.execute(f"CREATE VIEW {name} AS FROM {source}")
    connection.execute(f"CREATE VIEW eligible AS {ELIGIBLE}")
    connection.execute("CREATE VIEW persons AS SELECT account_id, person_id FROM accounts WHERE person_id IS NOT NULL")
    return connection


def write(connection, platform, out, third_party):
    connection.execute(f"COPY ({lawful(third_party)}) TO '{out}' ({PARQUET})")


def count(connection, platform, out, third_party):
    return connection.execute(lawful(third_party, "count(*)")).fetchone()[0]


def lines(connection, platform, out, third_party):
    query = lawful(third_party, records="lines", cast="::TIMESTAMPTZ")
    connection.execute(f"COPY ({query}) TO '{out}' (FORMAT json)")


def rewrite(connection, platform, out, third_party):
    """`--people` left; DuckDB has no way but to write the others again."""
    source, people = rival.ARGUMENTS.set, rival.ARGUMENTS.people
    query = f"FROM read_parquet('{source}') WHERE author_id NOT IN (SELECT account_id FROM read_parquet('{people}'))"
    connection.execute(f"COPY ({query}) TO '{out}' ({PARQUET})")


def tenth(connection, platform, out, third_party):
    """A tenth of the corpus, with all that `--people` wrote: there, as many rows leave as in the whole."""
    query = f"""
    FROM records
    WHERE record_id % 10 = 0 OR author_id IN (SELECT account_id FROM read_parquet('{rival.ARGUMENTS.people}'))
    """
    connection.execute(f"COPY ({query}) TO '{out}' ({PARQUET}, ROW_GROUP_SIZE 250000)")


def prepare_memory(connection, platform):
    """What a snapshot is to the gate: everything about accounts worked out, and in memory."""
    connection.execute(f"CREATE VIEW gate AS FROM read_parquet('{platform}/bench/gate.parquet')")
    for name in ("eligible", "persons", "objecting", "items", "gate"):
        connection.execute(f"CREATE TABLE {name}_in_memory AS FROM {name}")
        connection.execute(f"DROP VIEW {name}")
        connection.execute(f"ALTER TABLE {name}_in_memory RENAME TO {name}")


def memory(connection, platform, out, third_party):
    """Counting is the least that shows that every row was judged."""
    query = lawful(third_party, "count(*)", records="gate")
    return connection.execute(query).fetchone()[0]


if __name__ == "__main__":
    rival.main(duckdb.__version__, connect, globals())
