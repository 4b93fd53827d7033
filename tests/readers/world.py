"""A small platform, the same every time: accounts, notices, objections, records."""

import random
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pyarrow as pa

UTC = timezone.utc
YEAR = 31_557_600_000_000  # microseconds
LOWEST, HIGHEST = -(2**63), 2**63 - 1
NAMES = ["Ann", "Zoë", "Łukasz", "Ngũgĩ", "李娜", "Björk", "Bob 🙂"]
CONFIGURATION = """\
[register]
url = "sqlite:demur.db"

[accounts]
location = "accounts.parquet"
account = "account_id"
birth_date = "birth_date"
region = "region"
status = "status"
person = "person_id"
{corpora}
[[purpose]]
id = "assistant-training"
title = "Training the AI assistant"
controller = "Example Platform Ltd"
legal_basis = "legitimate-interests"
interest = "docs/interest.md"
necessity = "docs/necessity.md"
balancing_test = "docs/balancing-test.md"
dpia = "docs/dpia.md"
starts_on = 2025-05-27
object_by = 2025-05-27
time_zone = "Europe/Dublin"
minimum_age = 18
content_of_minors = "exclude"
regions = ["EU"]
account_status = ["active", "deactivated"]
content = {{ post = ["public"], comment = ["public"], photo = ["public"], ai_interaction = "any" }}
notice = {{ required = true, days_before = 30 }}
review = "automatic"
refusals = "allowed"
third_party = {{ mentioned = "{mentioned}", depicted = "{depicted}", objections = "{objections}" }}
"""
CORPUS = """
[[corpus]]
id = "{id}"
location = "{location}"
record = "record_id"
author = "author_id"
kind = "kind"
visibility = "visibility"
created = "created_at"
text = "text"
mentioned = {{ column = "mentions", account = "user_id", start = "start", end = "end" }}
depicted = "tagged"
"""

ACCOUNT_COLUMNS = pa.schema(
    {
        "account_id": pa.int64(),
        "birth_date": pa.date32(),
        "region": pa.string(),
        "status": pa.string(),
        "person_id": pa.int64(),
    }
)
POINT = pa.struct({"x": pa.float64(), "n": pa.int16()})
MENTION = pa.struct({"user_id": pa.int64(), "start": pa.int32(), "end": pa.int32()})


def record_columns(naive):
    """What the verdict reads, and columns of other types that must come through unharmed."""
    columns = {
        "record_id": pa.int64(),
        "author_id": pa.int64(),
        "kind": pa.dictionary(pa.int32(), pa.string()),
        "visibility": pa.string(),
        "created_at": pa.timestamp("us", tz="UTC"),
        "text": pa.string(),
        "mentions": pa.list_(MENTION),
        "tagged": pa.list_(pa.int64()),
        "edited": pa.bool_(),
        "score": pa.float32(),
        "weight": pa.float64(),
        "price": pa.decimal128(12, 2),
        "digest": pa.binary(),
        "views": pa.uint32(),
        "shown_on": pa.date32(),
        "place": pa.struct({"name": pa.string(), "point": POINT}),
        "reactions": pa.map_(pa.string(), pa.int64()),
    }
    if naive:
        columns["local_time"] = pa.timestamp("us")
        columns["seen_at"] = pa.timestamp("ns", tz="UTC")
    return pa.schema(columns)


def make_accounts(dice):
    ids = [LOWEST, HIGHEST, 0, -1, *range(1, 117)]
    # Of age on the day, a day too young, and two born on 29 February.
    births = [date(2007, 5, 27), date(2007, 5, 28), date(1996, 2, 29), date(2004, 2, 29)] * 2
    births += [date(1950, 1, 1) + timedelta(days=dice.randrange(20_000)) for _ in range(40)]
    births += [None, date(2012, 6, 1)]
    regions = ["IE", "DE", "FR", "PL", "GR", "SE"] * 4 + ["US", "NO", None]
    states = ["active"] * 16 + ["deactivated", "suspended", "memorialised", None]
    persons = [None] * 3 + list(range(1, 30))
    return [
        {
            "account_id": account,
            "birth_date": dice.choice(births),
            "region": dice.choice(regions),
            "status": dice.choice(states),
            "person_id": dice.choice(persons),
        }
        for account in ids
    ]


def make_notices(dice, accounts):
    """The first delivery, by account; 23:00 UTC is midnight in Dublin, where the day is counted."""
    last_in_time = datetime(2025, 4, 27, 22, 59, 59, tzinfo=UTC)
    times = [last_in_time - timedelta(hours=n) for n in range(30)]
    times += [last_in_time + timedelta(seconds=1), None]
    told = {account["account_id"]: dice.choice(times) for account in accounts}
    return {account: at for account, at in told.items() if at is not None}


def make_objections(dice, accounts, records):
    statuses = ["received", "pending", "approved", "approved", "refused", "withdrawn"]
    own = ["public_content", "ai_interactions"]
    scopes = [own, own[:1], own[1:], ["third_party"], [*own, "third_party"]]
    # The last three have no account facts, and count for what others publish all the same.
    people = [account["account_id"] for account in dice.sample(accounts, 30)] + [901, 902, 903]
    rows = [(account, None, dice.choice(scopes)) for account in people]
    rows += [(None, record["record_id"], []) for record in dice.sample(records, 20)]
    return [
        {
            "account_id": account,
            "record_id": record,
            "scopes": chosen,
            "status": dice.choice(statuses),
            "received_at": datetime(2025, 5, 1, tzinfo=UTC) + timedelta(hours=at),
        }
        for at, (account, record, chosen) in enumerate(rows)
    ]


def make_text(dice, ids):
    """A text that names people, with the place of each name in bytes: now and then a wrong one."""
    text, mentions = dice.choice(["Grüße", "Dzień dobry", "Hello", "今日は", "Salut 👋"]), []
    for account in dice.choices(ids, k=dice.choice([0, 0, 0, 1, 1, 2, 3])):
        start = len(f"{text} @".encode())
        text = f"{text} @{dice.choice(NAMES)}"
        mentions.append({"user_id": account, "start": start, "end": len(text.encode())})
    text += dice.choice([".", " – was für ein Tag", " 🎉"])
    if mentions and dice.random() < 0.2:
        broken = dice.choice(
            [
                {"end": 10_000},
                {"start": -1},
                {"start": None},
                {"end": None},
                {"end": mentions[-1]["start"]},
                {"start": mentions[0]["start"]},
                {"start": 4},
                {"user_id": None},
            ]
        )
        mentions[-1] = {**mentions[-1], **broken}
    if dice.random() < 0.02:
        mentions.append(None)
    text = None if dice.random() < 0.02 else text
    return text, (mentions if mentions or dice.random() < 0.5 else None)


def make_time(dice, birth):
    """Any time, or one at which it is close whether somebody born then was of age."""
    if birth is None or birth.year > 2006 or dice.random() < 0.8:
        return datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=dice.randrange(35 * YEAR))
    if (birth.month, birth.day) == (2, 29):
        return datetime(birth.year + 18, 2, 28, tzinfo=UTC) + timedelta(hours=dice.choice([12, 36]))
    # In summer it is the next day in Dublin an hour before it is in UTC.
    midnight = datetime(birth.year + 18, birth.month, birth.day, tzinfo=UTC)
    return midnight + timedelta(minutes=dice.choice([-90, -30, 30]))


def make_records(dice, accounts, count):
    births = {account["account_id"]: account["birth_date"] for account in accounts}
    ids = [account["account_id"] for account in accounts] + [901, 902, 903]
    kinds = ["post", "comment", "photo", "ai_interaction"] * 8 + ["story", None]
    visible = ["public"] * 9 + ["friends", None]
    maybe = lambda value: None if dice.random() < 0.05 else value
    records = []
    for at in range(count):
        text, mentions = make_text(dice, ids)
        kind = dice.choice(kinds)
        author = dice.choice(ids)
        made = make_time(dice, births.get(author))
        # Pictures show people whom the text names, and others.
        shown = [mention["user_id"] for mention in mentions or [] if mention] + dice.choices(ids, k=1)
        tagged = [maybe(account) for account in shown[: dice.randrange(3)]] if dice.random() < 0.4 else []
        records.append(
            {
                "record_id": [LOWEST, HIGHEST][at] if at < 2 else at,
                "author_id": maybe(author),
                "kind": kind,
                "visibility": dice.choice(visible if kind != "ai_interaction" else [None, "private"]),
                "created_at": maybe(made),
                "text": text,
                "mentions": mentions,
                "tagged": maybe(tagged),
                "edited": maybe(dice.random() < 0.5),
                "score": maybe(dice.randrange(1000) / 8),
                "weight": maybe(dice.random()),
                "price": maybe(Decimal(dice.randrange(-(10**11), 10**11)) / 100),
                "digest": maybe(dice.randbytes(dice.randrange(9))),
                "views": maybe(dice.randrange(2**32)),
                "shown_on": maybe(made.date()),
                "place": maybe({"name": maybe("Ulm"), "point": maybe({"x": dice.random(), "n": maybe(at)})}),
                "reactions": maybe([("👍", maybe(at)), ("😂", 2)][: dice.randrange(3)]),
                "local_time": maybe(made.replace(tzinfo=None)),
                "seen_at": maybe(made),
            }
        )
    return records


class Platform:
    """All of it, from one seed."""

    def __init__(self, records=3000):
        dice = random.Random(20250527)
        self.accounts = make_accounts(dice)
        self.notices = make_notices(dice, self.accounts)
        self.records = make_records(dice, self.accounts, records)
        self.objections = make_objections(dice, self.accounts, self.records)
