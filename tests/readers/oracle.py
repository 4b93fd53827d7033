"""The rules of the verdict once more, in Python: what every reader should find.

Written from the rules, not from Demur's code. Slow, obvious, and about one account listing and one
record at a time.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

START = date(2025, 5, 27)
ZONE = ZoneInfo("Europe/Dublin")
EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
VISIBLE = {"post": {"public"}, "comment": {"public"}, "photo": {"public"}, "ai_interaction": None}


def of_age(birth):
    try:
        return birth.replace(year=birth.year + 18)
    except ValueError:  # 29 February, and no such day 18 years later
        return date(birth.year + 18, 3, 1)


class World:
    """Accounts by id, first notices by account, objections, and the rule for third parties."""

    def __init__(self, accounts, notices, objections, third_party):
        self.accounts = {account["account_id"]: account for account in accounts}
        self.notices, self.rule = notices, third_party
        in_force = [o for o in objections if o["status"] in ("received", "pending", "approved")]
        self.items = {o["record_id"] for o in in_force if o["record_id"] is not None}
        self.objections = [o for o in in_force if o["record_id"] is None]

    def person(self, account):
        known = self.accounts.get(account, {}).get("person_id")
        return ("account", account) if known is None else ("person", known)

    def statuses(self, account, counts):
        """Of the objections that the person behind the account has made."""
        person = self.person(account)
        mine = (o for o in self.objections if self.person(o["account_id"]) == person)
        return {o["status"] for o in mine if counts(o["scopes"])}

    def third_party(self, record):
        """The accounts to take out of the record, or the reason to drop it."""
        counts = lambda scopes: self.rule["objections"] == "any" or "third_party" in scopes
        mentions, tagged = record["mentions"] or [], record["tagged"] or []
        named = [mention and mention["user_id"] for mention in mentions]
        gone = set()
        for rule, people in ((self.rule["mentioned"], named), (self.rule["depicted"], tagged)):
            for account in people if rule != "keep" else []:
                if account is None:
                    return "third_party"  # somebody, and nobody knows who
                own = self.person(account) == self.person(record["author_id"])
                if not own and self.statuses(account, counts):
                    if rule == "drop":
                        return "third_party"
                    gone.add(account)
        if not gone:
            return gone
        spans, located = [], set()
        for mention in filter(None, mentions):
            if None not in (mention["start"], mention["end"]):
                spans.append((mention["start"], mention["end"]))
                located.add(mention["user_id"])
            elif mention["user_id"] in gone:
                return "third_party"
        if gone - located:
            return "third_party"
        return gone if fit(record["text"], spans) else "redaction_impossible"

    def judge(self, record):
        """A reason to drop the record, or the set of accounts to take out of it."""
        kind, author = record["kind"], self.accounts.get(record["author_id"])
        if kind not in VISIBLE:
            return "kind_not_covered"
        if VISIBLE[kind] is not None and record["visibility"] not in VISIBLE[kind]:
            return "not_public"
        if record["record_id"] in self.items:
            return "item_objected"
        if author is None or None in (author["birth_date"], author["region"], author["status"]):
            return "author_unknown"
        adult_on = of_age(author["birth_date"])
        if adult_on > START:
            return "author_minor"
        if record["created_at"] is None:
            return "created_unknown"
        if record["created_at"].astimezone(ZONE).date() < adult_on:
            return "content_of_minor"
        if author["region"] not in EU:
            return "author_outside_region"
        if author["status"] not in ("active", "deactivated"):
            return "author_status"
        told = self.notices.get(record["author_id"])
        if told is None or told.astimezone(ZONE).date() + timedelta(days=30) > START:
            return "author_not_notified"
        scope = "ai_interactions" if kind == "ai_interaction" else "public_content"
        if statuses := self.statuses(record["author_id"], lambda scopes: scope in scopes):
            return "author_objected" if "approved" in statuses else "author_restricted"
        return self.third_party(record)

    def outcome(self, record):
        """`("drop", reason)`, `("keep", record)` or `("redact", the record as it should become)`."""
        verdict = self.judge(record)
        if isinstance(verdict, str):
            return "drop", verdict
        return ("redact", redact(record, verdict)) if verdict else ("keep", record)


def fit(text, spans):
    """Whether spans lie in the text, on characters, apart from each other."""
    if text is None:
        return False
    edges = {len(text[:at].encode()) for at in range(len(text) + 1)}
    ordered = sorted(spans)
    apart = all(left[1] <= right[0] for left, right in zip(ordered, ordered[1:]))
    return apart and all(start < end and {start, end} <= edges for start, end in spans)


def redact(record, gone):
    raw, cuts = record["text"].encode(), []
    for mention in filter(None, record["mentions"] or []):
        if mention["user_id"] in gone:
            cuts.append((mention["start"], mention["end"]))
    shift = lambda at: at + sum(len("[person]") - (end - start) for start, end in cuts if end <= at)
    stay = []
    for mention in record["mentions"] or []:
        if mention is not None and mention["user_id"] in gone:
            continue
        if mention is not None and None not in (mention["start"], mention["end"]):
            mention = {**mention, "start": shift(mention["start"]), "end": shift(mention["end"])}
        stay.append(mention)
    for start, end in sorted(cuts, reverse=True):
        raw = raw[:start] + b"[person]" + raw[end:]
    tagged = record["tagged"] and [account for account in record["tagged"] if account not in gone]
    mentions = record["mentions"] if record["mentions"] is None else stay
    return {**record, "text": raw.decode(), "mentions": mentions, "tagged": tagged}
