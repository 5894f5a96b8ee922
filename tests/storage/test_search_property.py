"""The index against a plain reading of every row: the same answers over random corpora, and index = content always."""

import unicodedata
from dataclasses import dataclass
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.messages import NewMessage, Role
from desktop.domain.sessions import NewSession
from desktop.storage import health
from desktop.storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.making import search

DAY_MS = 86_400_000
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
PROSE = ["harbour", "Harbours", "the", "to", "of", "Straße", "señor", "ha", "bridge", "x1", "你好", "世界", "好世界"]
CODE = ["get_user", "getUserName", "a.b(c)", "c++", "std::map", "user_get()", "=>", "harbour_of"]
FILTERS = ["role:user", "role:assistant", "has:code", "is:pinned", "is:archived", "model:big", "tag:red", "in:Work"]
DATES = ["before:2023-11-11", "after:2023-11-11", "after:5d"]


@dataclass(frozen=True)
class Part:
    """Some words of a message, in backticks or not."""

    words: tuple[str, ...]
    quoted: bool


@dataclass(frozen=True)
class Row:
    """A message as the plain reading sees it."""

    parts: tuple[Part, ...]
    session: int
    role: str
    day: int

    @property
    def text(self) -> str:
        return ", ".join(f"`{' '.join(part.words)}`" if part.quoted else " ".join(part.words) for part in self.parts)

    @property
    def pieces(self) -> list[str]:
        return [plain(word) for part in self.parts for word in part.words if part.quoted or word in CODE]


def plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not 0x300 <= ord(letter) < 0x370)


def is_chinese(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


def words(text: str) -> list[str]:
    """Read letter by letter: words, and runs of Chinese."""
    found: list[str] = []
    before = ""
    for letter in text:
        kind = "zh" if is_chinese(letter) else "word" if letter.isalnum() else ""
        if kind and kind == before:
            found[-1] += letter
        elif kind:
            found.append(letter)
        before = kind
    return found


def has_word(row: Row, term: str) -> bool:
    """Look for one term, as the manual tells of it."""
    text, wanted = plain(row.text), plain(term.strip('"*'))
    if term.startswith('"'):
        inside, many = words(text), wanted.split()
        return any(inside[at : at + len(many)] == many for at in range(len(inside)))
    if is_chinese(wanted[0]):
        return wanted in text
    if wanted.isalnum():
        found = [word for word in words(text) if word == wanted or (term.endswith("*") and word.startswith(wanted))]
        return bool(found) or (len(wanted) >= 4 and any(wanted in piece for piece in row.pieces))
    for at in range(len(text)):
        begins = at == 0 or not wanted[0].isalnum() or not text[at - 1].isalnum() or is_chinese(text[at - 1])
        end = at + len(wanted)
        ends = end >= len(text) or not wanted[-1].isalnum() or not text[end].isalnum() or is_chinese(text[end])
        if wanted[0].isalnum() and text.startswith(wanted, at) and begins and ends:
            return True
        if any(letter.isalnum() for letter in wanted) and text.startswith(wanted, at) and begins and ends:
            return True
    return any(wanted in piece for piece in row.pieces)


def passes(row: Row, term: str) -> bool:
    """Whether a row passes a filter."""
    answers = {
        "role:user": row.role == "user",
        "role:assistant": row.role == "assistant",
        "has:code": any(part.quoted for part in row.parts),
        "is:pinned": row.session == 0,
        "is:archived": row.session == 1,
        "model:big": row.role == "assistant",
        "tag:red": row.session == 0,
        "in:Work": row.session == 1,
        "before:2023-11-11": row.day < 0,
        "after:2023-11-11": row.day >= 0,
        "after:5d": row.day >= -1,
    }
    return answers[term]


def holds(row: Row, groups: list[list[str]]) -> bool:
    """Whether a row answers a question."""

    def one(term: str) -> bool:
        bare = term.removeprefix("-")
        found = passes(row, bare) if bare in (*FILTERS, *DATES) else has_word(row, bare)
        return found is not term.startswith("-")

    return all(any(map(one, group)) for group in groups)


prose = st.lists(st.sampled_from(PROSE), min_size=1, max_size=4)
mixed = st.lists(st.sampled_from([*PROSE, *CODE]), min_size=1, max_size=4)
parts = st.one_of(
    prose.map(lambda some: Part(tuple(some), quoted=False)),
    mixed.map(lambda some: Part(tuple(some), quoted=False)),
    mixed.map(lambda some: Part(tuple(some), quoted=True)),
)
rows = st.builds(
    Row,
    parts=st.lists(parts, min_size=1, max_size=3).map(tuple),
    session=st.integers(0, 2),
    role=st.sampled_from(["user", "assistant"]),
    day=st.integers(-3, 3),
)
terms = st.one_of(
    st.sampled_from(
        [*PROSE, "好", "界", "STRASSE", "senor", "arbo", "t_us", "rna", "std::m", "b(c", "get_", "nope", "=>"]
    ),
    st.sampled_from(
        ["ha*", "har*", "harb*", "harbo*", "ge*", '"the harbour"', '"to the"', '"of ha"', '"bridge of the"']
    ),
    st.sampled_from([*FILTERS, *DATES]),
)
clauses = st.tuples(terms, st.booleans()).map(lambda pair: f"-{pair[0]}" if pair[1] and pair[0] != "=>" else pair[0])
groups = st.lists(
    st.one_of(terms.map(lambda term: [term]), st.lists(clauses, min_size=1, max_size=2)), min_size=1, max_size=3
)


async def fill(store: Store, corpus: list[Row]) -> dict[int, Row]:
    """Write a corpus into three sessions; return the rows by the ids of their messages."""
    # 2023-11-11, the middle of the days.
    middle = 1_699_660_800_000
    sessions = [await store.create_session(NewSession(id=f"s{number}")) for number in range(3)]

    def arrange(db: APSWDatabase) -> None:
        db.execute_sql("INSERT INTO folder(id, name, created_at) VALUES (1, 'Projects', 0), (2, 'Work', 0)")
        db.execute_sql("INSERT INTO tag(id, name) VALUES (1, 'red')")
        db.execute_sql("INSERT INTO session_tag(session_id, tag_id) VALUES ('s0', 1)")
        db.execute_sql("UPDATE session SET pinned = 1 WHERE id = 's0'")
        db.execute_sql("UPDATE session SET is_active = 0, folder_id = 2 WHERE id = 's1'")

    await store.call(arrange)
    found: dict[int, Row] = {}
    for row in corpus:
        new = NewMessage(
            role=Role(row.role),
            content=row.text,
            model="a/big" if row.role == "assistant" else "",
            created_at=middle + row.day * DAY_MS,
        )
        (message,) = await store.add_messages(sessions[row.session].id, None, [new])
        found[message.id] = row
    return found


def run(db: APSWDatabase, *, sql: str) -> None:
    db.execute_sql(sql)


def is_whole(db: APSWDatabase) -> bool:
    """Whether both indexes are what the rows say."""
    return not any(health.look_at_index(db, check).wrong for check in health.INDEXES)


@settings(SLOW, max_examples=40)
@given(corpus=st.lists(rows, min_size=1, max_size=12), questions=st.lists(groups, min_size=1, max_size=12))
async def test_the_index_finds_what_a_plain_reading_finds(
    open_store: OpenStore, tmp_path_factory: object, corpus: list[Row], questions: list[list[list[str]]]
) -> None:
    """Whatever is asked of whatever stands there, the same messages are found, the newest first."""
    store = await open_store(tmp_path_factory.mktemp("corpus"))  # type: ignore[attr-defined]
    try:
        known = await fill(store, corpus)
        for question in questions:
            text = " ".join(" OR ".join(group) for group in question)
            hits = [hit.message_id for hit in await search(store, text, limit=100) if hit.message_id is not None]
            assert hits == sorted((id_ for id_, row in known.items() if holds(row, question)), reverse=True), text
    finally:
        await store.close()


CHANGES = [
    "UPDATE message SET content = 'changed `by_hand`' WHERE id % 3 = {n} % 3",
    "UPDATE message SET status = 'streaming' WHERE id % 4 = {n} % 4",
    "UPDATE message SET status = 'complete', content = content || ' more' WHERE status = 'streaming'",
    "UPDATE message SET content = content || ' typed' WHERE status = 'streaming'",
    "UPDATE message SET role = 'tool', model = 'x/y{n}', thinking = 'hm', tool_calls = '[1]' WHERE id % 5 = {n} % 5",
    "UPDATE message SET created_at = {n} * 864000000, session_id = 's1' WHERE id % 3 = {n} % 3",
    "UPDATE message SET deleted_at = {n} WHERE id % 3 = {n} % 3",
    (
        "INSERT INTO attachment(message_id, name, media_type, digest, size) "
        "SELECT id, 'a', 'b', 'c', 1 FROM message WHERE id % 2 = {n} % 2"
    ),
    # Nothing moves an attachment to another message, and the index would not see it: it is copied there.
    (
        "INSERT INTO attachment(message_id, name, media_type, digest, size) "
        "SELECT (SELECT max(id) FROM message), name, media_type, digest, size FROM attachment WHERE id % 3 = {n} % 3"
    ),
    "DELETE FROM attachment WHERE id % 3 = {n} % 3",
    "DELETE FROM message WHERE id % 5 = {n} % 5",
    "UPDATE session SET title = 'a new_title {n}', folder_id = NULL",
]


@settings(SLOW, max_examples=25)
@given(
    corpus=st.lists(rows, min_size=1, max_size=8),
    changes=st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 60)), max_size=10),
)
async def test_the_index_is_what_the_rows_say_after_any_changes(
    open_store: OpenStore, tmp_path_factory: object, corpus: list[Row], changes: list[tuple[str, int]]
) -> None:
    """Whoever changes whatever in the tables, FTS5 finds its index to be the content; a new index is the same one."""
    store = await open_store(tmp_path_factory.mktemp("changes"))  # type: ignore[attr-defined]
    try:
        await fill(store, corpus)
        for change, number in changes:
            await store.call(partial(run, sql=change.format(n=number)))
            assert await store.call(is_whole), change
    finally:
        await store.close()
