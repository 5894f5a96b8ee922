"""The tables as Peewee sees them. Rows stay in this layer, and no row class is bound to a database.

Every query names its database (`query.execute(db)`), so that several stores live side by side in one process. The
tables themselves are made by `schema.py`: what stands there is the truth, this is its reading.
"""

import json
from collections.abc import Mapping
from typing import Any

from peewee import BooleanField, FloatField, IntegerField, Model, TextField

from desktop.storage.words import clean


class WordsField(TextField):
    """Text that can always be written: lone surrogates become U+FFFD, NUL stays."""

    def db_value(self, value: str | None) -> str | None:
        return None if value is None else clean(value)


class JsonField(TextField):
    """A JSON value in a text column; mappings that do not change are written like dictionaries."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else clean(json.dumps(value, ensure_ascii=False, default=_plain))

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


def _plain(value: Any) -> Any:
    """Return a JSON type for the mappings and tuples of the domain."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _table(row: type[Model]) -> str:
    """Return the table of a row class: `SessionRow` reads `session`."""
    return row.__name__.removesuffix("Row").lower()


class Row(Model):
    """What all rows share: their table's name follows from their own."""

    class Meta:
        """Peewee's settings of a model."""

        table_function = _table


class ProfileRow(Row):
    """One person's space; number 1 is Guest. `passphrase` holds a salt and a hash, never the words."""

    id = IntegerField(primary_key=True)
    name = WordsField()
    created_at = IntegerField()
    colour = TextField(default="")
    language = TextField(default="")
    location = WordsField(default="")
    preferences = WordsField(default="")
    budget = FloatField(null=True)
    passphrase = TextField(default="")


class FolderRow(Row):
    """A folder of sessions; the parents of a folder never lead back to it."""

    id = IntegerField(primary_key=True)
    profile_id = IntegerField(default=1)
    parent_id = IntegerField(null=True)
    name = WordsField()
    position = IntegerField(default=0)
    created_at = IntegerField()
    colour = TextField(default="")
    system_prompt = WordsField(default="")
    model = WordsField(default="")


class TagRow(Row):
    """A word that sessions are marked with."""

    id = IntegerField(primary_key=True)
    profile_id = IntegerField(default=1)
    name = WordsField()
    colour = TextField(default="")


class SessionRow(Row):
    """One conversation. `number` is what the index of titles refers to."""

    number = IntegerField(primary_key=True)
    id = WordsField()
    profile_id = IntegerField(default=1)
    title = WordsField()
    title_is_auto = BooleanField(default=True)
    pinned = BooleanField(default=False)
    is_active = BooleanField(default=True)
    is_resolved = BooleanField(default=False)
    deleted_at = IntegerField(null=True)
    created_at = IntegerField()
    updated_at = IntegerField()
    message_count = IntegerField(default=0)
    active_leaf = IntegerField(null=True)
    folder_id = IntegerField(null=True)
    model = WordsField(default="")
    language = WordsField(default="")
    topic = WordsField(default="")
    params = JsonField(default=dict)
    context = JsonField(default=dict)
    system_prompt = WordsField(default="")
    summary = WordsField(default="")
    folded = TextField(default="")


class MessageRow(Row):
    """One node of a session's tree."""

    id = IntegerField(primary_key=True)
    session_id = WordsField()
    parent_id = IntegerField(null=True)
    depth = IntegerField()
    role = TextField()
    status = TextField()
    deleted_at = IntegerField(null=True)
    created_at = IntegerField()
    uid = TextField()
    owner = TextField(default="")
    author = WordsField(default="")
    model = WordsField(default="")
    input_tokens = IntegerField(null=True)
    output_tokens = IntegerField(null=True)
    cached_tokens = IntegerField(null=True)
    reasoning_tokens = IntegerField(null=True)
    usage_estimated = BooleanField(default=False)
    cost = FloatField(null=True)
    response_time_ms = IntegerField(null=True)
    finish_reason = WordsField(default="")
    tool_call_id = WordsField(default="")
    digest = TextField(default="")
    tokens = JsonField(default=dict)
    fault = JsonField(null=True)
    metadata = JsonField(default=dict)
    tool_calls = JsonField(default=list)
    thinking = WordsField(default="")
    content = WordsField(default="")


class DraftRow(Row):
    """What stands unsent in a session's composer; the empty id is the session that does not exist yet."""

    session_id = WordsField(primary_key=True)
    text = WordsField()
    updated_at = IntegerField()


class ProviderRow(Row):
    """A provider the user added; never its key."""

    id = WordsField(primary_key=True)
    kind = WordsField()
    name = WordsField()
    api_base = WordsField(default="")
    key_source = TextField(default="none")
    key_variable = WordsField(default="")
    key_hint = WordsField(default="")
    models = JsonField(default=list)
    enabled = BooleanField(default=True)
    created_at = IntegerField()


class MigrationRow(Row):
    """A migration that was done."""

    version = IntegerField(primary_key=True)
    name = TextField()
    applied_at = IntegerField()
