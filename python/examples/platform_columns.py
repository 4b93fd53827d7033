"""The columns of the demo's corpus, as its demur.toml names them."""

COLUMNS = {
    "record": "record_id",
    "author": "author_id",
    "kind": "kind",
    "visibility": "visibility",
    "created": "created_at",
    "text": "text",
    "mentioned": {"column": "mentions", "account": "user_id", "start": "start", "end": "end"},
    "depicted": "tagged",
}
