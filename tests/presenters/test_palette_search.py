from desktop.domain.searching import CLOSE, OPEN
from desktop.domain.sessions import SearchHit
from desktop.presenters.palette_rows import Kind
from desktop.presenters.palette_search import Found, HitRows, hit_row, marked
from desktop.presenters.session_dates import DayNames

NOON = 1_795_262_400_000
"""2026-11-21 12:00 UTC."""
DAY = 86_400_000
DAYS = DayNames(now_ms=NOON)


def hit(session: str, message: int | None, snippet: str = "a word", *, ago: int = 0, title: str = "Title") -> SearchHit:
    return SearchHit(
        session_id=session,
        session_title=title,
        message_id=message,
        role="user",
        created_at=NOON - ago,
        snippet=snippet,
    )


def test_marks_are_taken_out_of_a_snippet() -> None:
    """What is left is a line of plain text, and the ranges of the matches in it."""
    text, ranges = marked(f"…the {OPEN}context{CLOSE}\nand {OPEN}win\x00dow{CLOSE}")
    assert text == "…the context and win␀dow"
    assert [text[start:end] for start, end in ranges] == ["context", "win␀dow"]


def test_marks_that_belong_to_nobody_are_dropped() -> None:
    """A mark without its other half marks nothing, and is not shown."""
    assert marked(f"a{CLOSE}b{OPEN}c") == ("abc", ())
    assert marked(f"a{OPEN}{CLOSE}b") == ("ab", ())


def test_a_hit_is_a_row() -> None:
    """It shows the session, the words around the match, and when."""
    row = hit_row(hit("s", 7, f"the {OPEN}word{CLOSE}", ago=24 * DAY), DAYS)
    assert (row.kind, row.value, row.message_id) == (Kind.MESSAGE, "s", 7)
    assert (row.title, row.detail, row.side) == ("Title", "the word", "28 Oct")
    assert row.detail_marks == ((4, 8),)


def test_a_title_that_matches_is_marked_itself() -> None:
    """It opens the session, not a message of it."""
    row = hit_row(hit("s", None, f"My {OPEN}word{CLOSE}"), DAYS)
    assert (row.kind, row.message_id, row.title, row.title_marks) == (Kind.SESSION, None, "My word", ((3, 7),))


def test_a_session_without_a_title_has_a_name() -> None:
    """A row is never empty."""
    assert hit_row(hit("s", 1, title=""), DAYS).title == "New session"


def test_grouped_hits_stand_with_their_session() -> None:
    """A group stands where its first hit stood; the title comes before messages, and those below it follow it."""
    hits = [hit("a", 1), hit("b", 2), hit("a", 3), hit("b", None), hit("c", 4)]
    rows = HitRows().of(hits, DAYS, grouped=True)
    assert [(row.value, row.message_id, row.follows) for row in rows] == [
        ("a", 1, False),
        ("a", 3, True),
        ("b", None, False),
        ("b", 2, True),
        ("c", 4, False),
    ]
    assert {row.key for row in rows} == {row.key for row in HitRows().of(hits, DAYS)}


def test_rows_that_were_made_stay() -> None:
    """A further page adds rows below, also after another grouping; only other hits are made anew."""
    hits = tuple(hit(session, number) for number, session in enumerate("abab"))
    made = HitRows()
    first = made.of(hits[:2], DAYS)
    both = made.of(hits, DAYS)
    assert [row is before for row, before in zip(both, first, strict=False)] == [True, True]
    assert [row.message_id for row in both] == [0, 1, 2, 3]
    made.of(hits, DAYS, grouped=True)
    assert made.of(hits, DAYS)[0] is first[0]
    assert [row.message_id for row in made.of(hits[2:], DAYS)] == [2, 3]


def test_groups_do_not_move_when_a_page_comes() -> None:
    """The last session goes on where it stands; what comes of another one is a new part of it, at the end."""
    first = (hit("a", 1), hit("b", 2), hit("a", 3))
    made = HitRows()
    before = made.of(first, DAYS, grouped=True)
    after = made.of((*first, hit("a", 4), hit("c", 5), hit("b", None), hit("b", 6)), DAYS, grouped=True)
    assert after[: len(before)] == before
    assert [(row.value, row.message_id, row.follows) for row in after] == [
        ("a", 1, False),
        ("a", 3, True),
        ("b", 2, False),
        ("b", None, False),
        ("b", 6, True),
        ("a", 4, False),
        ("c", 5, False),
    ]


def test_counts_are_honest() -> None:
    """One hit, several, or more than what was looked at."""
    one = Found(text="x", hits=(hit("a", 1),), took_ms=6.4)
    assert one.words() == "1 hit · 6 ms"
    assert Found(text="x", hits=(hit("a", 1), hit("a", 2)), took_ms=0.1).words() == "2 hits · 1 ms"
    assert Found(text="x", hits=(hit("a", 1),) * 50, has_more=True, took_ms=12).words() == "50+ hits · 12 ms"
    assert Found().words() == ""
    assert Found(text="x", trouble="The disk is gone.").words() == ""
