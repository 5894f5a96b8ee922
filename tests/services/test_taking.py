"""Taking a part of a path from a real database: read in pages, joined, bounded."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.domain.messages import NewMessage, Role
from desktop.domain.sessions import NewSession
from desktop.domain.taking import BEYOND, Mark, TakeRequest, TooMuch
from desktop.services.taking import take_path
from desktop.storage.store import Store


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    opened = await Store.open(folder=folder)
    yield opened
    await opened.close()


async def talk(store: Store, *texts: str) -> tuple[str, list[int]]:
    """Write a session of one path, question and answer in turn."""
    session = await store.create_session(NewSession())
    roles = (Role.USER, Role.ASSISTANT)
    new = [NewMessage(role=roles[at % 2], content=text, model="maker/m") for at, text in enumerate(texts)]
    written = await store.add_messages(session.id, None, new)
    return session.id, [message.id for message in written]


def part(session_id: str, start: Mark, end: Mark, **more: object) -> TakeRequest:
    return TakeRequest(session_id=session_id, start=start, end=end, **more)  # type: ignore[arg-type]


async def test_a_whole_path_is_joined(store: Store) -> None:
    """The user's text is not read as Markdown, an answer is; links that are defined later lead somewhere."""
    session_id, _ids = await talk(store, "*a*?", "**b** [l]\n\n[l]: https://x.org")
    taken = await take_path(store, part(session_id, Mark(0, True, 0, 0), Mark(1, True, BEYOND, BEYOND)))
    assert taken.plain == "You:\n*a*?\n\nm:\nb l"
    assert taken.markdown == "**You:**\n\n*a*?\n\n**m:**\n\n**b** [l]\n\n[l]: https://x.org"
    assert '<a href="https://x.org">l</a>' in taken.html


async def test_a_part_of_a_long_path_is_read(store: Store) -> None:
    """Only what lies between the ends is taken, cut where the selection begins and ends."""
    session_id, _ids = await talk(store, *(f"message {number}" for number in range(1_200)))
    taken = await take_path(store, part(session_id, Mark(2, True, 0, 8), Mark(1_100, True, 0, 7)))
    assert (taken.count, taken.plain[:12], taken.plain[-12:]) == (1_099, "You:\n2\n\nm:\nm", "You:\nmessage")


async def test_the_path_that_is_shown_is_taken(store: Store) -> None:
    """What hangs beside the path stays out."""
    session_id, ids = await talk(store, "a", "b")
    await store.add_messages(session_id, ids[0], [NewMessage(role=Role.ASSISTANT, content="other")])
    await store.show_leaf(session_id, ids[1])
    taken = await take_path(store, part(session_id, Mark(0, True, 0, 0), Mark(1, True, BEYOND, BEYOND)))
    assert "other" not in taken.plain


async def test_newer_text_than_the_database_has_is_taken(store: Store) -> None:
    """What has just arrived in the window counts, and the thinking as it is shown there."""
    session_id, ids = await talk(store, "a", "b")
    request = part(
        session_id,
        Mark(1, False, 1, 0),
        Mark(1, True, 0, 3),
        texts={ids[1]: "b and more"},
        thoughts={ids[1]: ("x", "why")},
    )
    assert (await take_path(store, request)).plain == "why\n\nb a"


async def test_a_message_as_it_was_written(store: Store) -> None:
    """The button under a message gives its Markdown as plain text."""
    session_id, _ids = await talk(store, "a", "**b**")
    request = part(session_id, Mark(1, True, 0, 0), Mark(1, True, BEYOND, BEYOND), as_written=True)
    taken = await take_path(store, request)
    assert (taken.plain, "<strong>b</strong>" in taken.html) == ("**b**", True)


async def test_much_text_is_taken_as_it_was_written(store: Store) -> None:
    """Beyond what can be styled in reasonable time there is no rich text."""
    session_id, _ids = await talk(store, "a", "**b**")
    taken = await take_path(store, part(session_id, Mark(0, True, 0, 0), Mark(1, True, BEYOND, BEYOND)), rich=5)
    assert (taken.plain, taken.html) == ("You:\na\n\nm:\n**b**", "")


async def test_too_much_is_said(store: Store) -> None:
    """A clipboard has an end; the sentence names the way out."""
    session_id, _ids = await talk(store, "a", "too long")
    with pytest.raises(TooMuch, match="Export"):
        await take_path(store, part(session_id, Mark(0, True, 0, 0), Mark(1, True, BEYOND, BEYOND)), limit=6)
