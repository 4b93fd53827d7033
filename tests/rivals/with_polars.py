"""The job of a build, as a data engineer writes it in Polars' lazy frames.

    with_polars.py JOB PLATFORM OUT [--third-party]

Jobs: write (the lawful rows as Parquet), count (only how many), lines (JSON lines to JSON lines), memory
(the join and filter alone, on frames that are in memory). `cargo xtask bench` runs them.

Choices, each for speed: two threads; the streaming engine, which does not hold the corpus in memory;
rows may leave in another order than they came; conditions on records alone stand before the join; the
day of coming of age is turned into a moment once an account; third parties are found through the id
columns alone, then taken out by record id.
"""

import os

os.environ["POLARS_MAX_THREADS"] = "2"

from datetime import date

import rival
import polars as pl
from polars import col

START = date(2025, 5, 27)
MENTION = pl.Struct({"user_id": pl.Int64, "start": pl.Int32, "end": pl.Int32})
LINES = {
    "record_id": pl.Int64,
    "author_id": pl.Int64,
    "kind": pl.String,
    "visibility": pl.String,
    "created_at": pl.String,  # so that the line says afterwards what it said before
    "text": pl.String,
    "mentions": pl.List(MENTION),
    "tagged": pl.List(pl.Int64),
}


def connect(platform):
    """The tables by name, none of them read yet."""
    files = {
        "records": "corpus/*.parquet",
        "accounts": "accounts.parquet",
        "objecting": "bench/objecting.parquet",
        "items": "bench/items.parquet",
    }
    frames = {name: pl.scan_parquet(platform / path) for name, path in files.items()}
    frames["eligible"] = eligible(frames["accounts"], frames["objecting"])
    frames["persons"] = frames["accounts"].filter(col("person_id").is_not_null()).select("account_id", "person_id")
    return frames


def eligible(accounts, objecting):
    """Who may be used at all, for what, and from which moment on. A null anywhere keeps a row out."""
    born = col("birth_date")
    leap_day = (born.dt.month() == 2) & (born.dt.day() == 29)
    adult_on = pl.when(leap_day).then(born + pl.duration(days=1)).otherwise(born).dt.offset_by("18y")
    midnight = col("adult_on").cast(pl.Datetime("us")).dt.replace_time_zone(rival.ZONE)
    return (
        accounts.filter(col("region").is_in(rival.EU), col("status").is_in(["active", "deactivated"]))
        .with_columns(adult_on=adult_on)
        .filter(col("adult_on") <= START)
        .join(objecting, on="account_id", how="left")
        .select(
            "account_id",
            adult_at=midnight.dt.convert_time_zone("UTC"),
            may_public=~col("public_content").fill_null(False),
            may_ai=~col("ai_interactions").fill_null(False),
        )
    )


def lawful(frames, records, third_party, created=col("created_at")):
    is_ai = col("kind") == "ai_interaction"
    is_public = col("kind").is_in(["post", "comment", "photo"]) & (col("visibility") == "public")
    rows = (
        records.filter(is_ai | is_public)
        .join(frames["eligible"], left_on="author_id", right_on="account_id", maintain_order="none")
        .filter(created >= col("adult_at"), pl.when(is_ai).then(col("may_ai")).otherwise(col("may_public")))
        .join(frames["items"], on="record_id", how="anti")
    )
    if third_party:
        rows = rows.join(naming_others(frames, records), on="record_id", how="anti")
    return rows.drop("adult_at", "may_ai", "may_public")


def naming_others(frames, records):
    """Records that name or show somebody who objected to that, but for authors who name themselves or
    another account of theirs."""
    named = lambda people: records.select("record_id", "author_id", account_id=people).explode("account_id")
    mentioned = named(col("mentions").list.eval(pl.element().struct.field("user_id")))
    objecting = frames["objecting"].filter("third_party").select("account_id", "person_id")
    return (
        pl.concat([mentioned, named(col("tagged"))])
        .join(objecting, on="account_id")
        .join(frames["persons"], left_on="author_id", right_on="account_id", how="left", suffix="_of_author")
        .filter(
            col("account_id") != col("author_id"),
            (col("person_id") == col("person_id_of_author")).fill_null(False).not_(),
        )
        .select("record_id")
    )


def write(frames, platform, out, third_party):
    rows = lawful(frames, frames["records"], third_party)
    rows.sink_parquet(out, compression="zstd", compression_level=3, maintain_order=False, engine="streaming")


def count(frames, platform, out, third_party):
    rows = lawful(frames, frames["records"], third_party)
    return rows.select(pl.len()).collect(engine="streaming").item()


def lines(frames, platform, out, third_party):
    records = pl.scan_ndjson(platform / "extract.jsonl", schema=LINES)
    created = col("created_at").str.to_datetime(time_unit="us", time_zone="UTC")
    rows = lawful(frames, records, third_party, created)
    rows.sink_ndjson(out, maintain_order=False, engine="streaming")


def prepare_memory(frames, platform):
    """What a snapshot is to the gate: everything about accounts worked out, and in memory."""
    frames["gate"] = pl.scan_parquet(platform / "bench" / "gate.parquet")
    for name in ("eligible", "persons", "objecting", "items", "gate"):
        frames[name] = frames[name].collect().lazy()


def memory(frames, platform, out, third_party):
    """Counting is the least that shows that every row was judged. The streaming engine is faster here too."""
    return lawful(frames, frames["gate"], third_party).select(pl.len()).collect(engine="streaming").item()


if __name__ == "__main__":
    rival.main(pl.__version__, connect, globals())
