"""The palette's presenter on real services: what is listed, what Enter means, and what comes back when one picks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QApplication

from desktop.domain.faults import StoreError
from desktop.domain.messages import Message, NewMessage, Role
from desktop.domain.searching import SearchCursor, SearchOrder, SearchPage
from desktop.domain.sessions import NewSession
from desktop.presenters.palette import PalettePresenter
from desktop.presenters.palette_entries import Command, command_rows
from desktop.presenters.palette_rows import Kind
from desktop.presenters.palette_state import Mode
from tests.presenters.stage import Stage, playing

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

COMMANDS = command_rows(
    (
        Command(name="newSession", path=("File",), text="New session"),
        Command(name="themeDark", path=("View",), text="Dark"),
        Command(name="statistics", path=("Session",), text="Statistics…", help="What it cost"),
    )
)


class Line:
    """The stage's bridge, over which nothing can be read while it is broken; `early` pages of hits end before any."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self.start_task = bridge.start_task
        self.is_broken = False
        self.early = 0

    async def call(self, function: Callable[[Backend], Awaitable[Any]]) -> Any:
        """Call the services, or fail."""
        if self.is_broken:
            raise StoreError("The disk is gone.")
        found = await self._bridge.call(function)
        if isinstance(found, SearchPage) and self.early:
            self.early -= 1
            return SearchPage(has_more=True, next=SearchCursor(), notice="This takes long.")
        return found


class Field:
    """Someone at the palette: what is typed, listed, and comes back."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.line = Line(stage.bridge)
        self.presenter = PalettePresenter(
            bridge=cast("Bridge", self.line), names=lambda: COMMANDS, now_ms=lambda: 1_795_262_400_000
        )
        self.picked: list[tuple[object, ...]] = []
        presenter = self.presenter
        presenter.picked.connect(lambda: self.picked.append(()))
        presenter.command_picked.connect(lambda name: self.picked.append(("command", name)))
        presenter.model_picked.connect(lambda name: self.picked.append(("model", name)))
        presenter.prompt_picked.connect(lambda text: self.picked.append(("prompt", text)))
        presenter.query_picked.connect(lambda text: self.picked.append(("query", text)))
        presenter.setting_picked.connect(lambda page, name: self.picked.append(("setting", page, name)))
        presenter.place_picked.connect(lambda *place: self.picked.append(("place", *place)))

    def write(self, title: str, *texts: str) -> list[Message]:
        """Write a session of one path."""

        async def work(backend: Backend) -> list[Message]:
            session = await backend.store.create_session(NewSession(title=title))
            new = [NewMessage(role=Role.USER, content=text) for text in texts]
            return list(await backend.store.add_messages(session.id, None, new)) if new else []

        return self.stage.ask(work)

    def open(self, mode: Mode = Mode.ANYTHING, text: str = "") -> None:
        self.presenter.open(mode, text)
        self.stage.rest()

    def type(self, text: str) -> None:
        self.presenter.set_text(text, len(text))
        self.stage.rest()

    def titles(self, *kinds: Kind) -> list[str]:
        rows = self.presenter.rows.rows()
        return [row.title for row in rows if not kinds or row.kind in kinds]

    def pick(self, title: str) -> None:
        rows = self.presenter.rows.rows()
        self.presenter.pick(next(at for at, row in enumerate(rows) if row.title == title))
        self.stage.rest()


@pytest.fixture
def field(qapp: QApplication, tmp_path: Path) -> Iterator[Field]:
    with playing(qapp, tmp_path) as stage:
        yield Field(stage)


def test_nothing_typed_lists_what_is_recent_and_what_there_is(field: Field) -> None:
    """Sessions one was in come first, then the commands in their order; what was used comes before all."""
    field.write("Alpha")
    field.open()
    assert field.titles() == ["Alpha", "File ▸ New session", "View ▸ Dark", "Session ▸ Statistics…"]
    field.pick("View ▸ Dark")
    assert field.picked == [(), ("command", "themeDark")]
    field.open()
    assert field.titles()[:2] == ["View ▸ Dark", "Alpha"]


def test_typing_lists_commands_sessions_and_messages(field: Field) -> None:
    """One field finds them all, names first."""
    field.write("Statistics of tea", "nothing of it")
    field.write("Other", "the statistics of rain")
    field.open()
    field.type("statis")
    assert field.titles()[:2] == ["Session ▸ Statistics…", "Statistics of tea"]
    assert "Other" in field.titles(Kind.MESSAGE)
    assert field.titles(Kind.SESSION) == ["Statistics of tea"], "a title stands once"


def test_a_prefix_lists_commands_alone(field: Field) -> None:
    """Behind a ">" nothing else is found, and nothing typed behind it lists them all."""
    field.write("Dark matter", "dark")
    field.open()
    field.type(">")
    assert field.titles() == ["File ▸ New session", "View ▸ Dark", "Session ▸ Statistics…"]
    field.type(">dark")
    assert field.titles() == ["View ▸ Dark"]
    field.type(">zzzz")
    assert field.titles() == []
    assert field.presenter.state.empty[0] == "No command is called so"


def test_messages_alone_are_searched_with_commands_behind_them(field: Field) -> None:
    """In the search, hits come first, newest first; commands that are called so stand below."""
    field.write("One", "a dark night", "a darker one")
    field.open(Mode.MESSAGES)
    assert field.presenter.state.empty[0] == "Search every message and every title"
    field.type("dark")
    assert field.titles() == ["One", "One", "View ▸ Dark"]
    rows = field.presenter.rows.rows()
    assert (rows[0].message_id or 0) > (rows[1].message_id or 0)
    assert field.presenter.state.words.startswith("2 hits · ")
    assert field.presenter.state.can_save


def test_a_message_is_picked_with_the_words_to_mark(field: Field) -> None:
    """Whoever opens it knows the session, the message and what it was found by."""
    message = field.write("One", "a dark night")[0]
    field.open(Mode.MESSAGES, "dark")
    field.pick("One")
    ((), place) = field.picked
    assert place[:3] == ("place", message.session_id, message.id)
    assert "dark" in " ".join(place[3])  # type: ignore[arg-type]  # words


def test_enter_waits_for_the_answer_to_what_is_typed(field: Field) -> None:
    """Enter right behind the last letter opens what that letter finds, not what was listed before."""
    field.write("One", "alpha")
    second = field.write("Two", "beta")[0]
    field.open(Mode.MESSAGES, "alpha")
    field.presenter.set_text("beta", 4)
    field.presenter.pick(0)
    assert field.picked == []
    field.stage.rest()
    assert field.picked[-1][:3] == ("place", second.session_id, second.id)


def test_a_command_does_not_wait(field: Field) -> None:
    """What is known here is done at once."""
    field.open()
    field.presenter.set_text("dark", 4)
    field.presenter.pick(0)
    assert field.picked == [(), ("command", "themeDark")]


def test_what_is_gone_is_said_and_looked_for_again(field: Field) -> None:
    """A message that was deleted since it was listed opens nothing; the list is read again and says why."""
    message = field.write("One", "alpha")[0]
    field.open(Mode.MESSAGES, "alpha")
    field.stage.ask(lambda backend: backend.store.trash_message(message.id))
    field.pick("One")
    assert field.picked == []
    assert field.presenter.state.notice == "This message was deleted meanwhile."
    assert field.titles(Kind.MESSAGE) == []
    field.type("alph")
    assert field.presenter.state.notice == ""


def test_nothing_found_says_what_to_try(field: Field) -> None:
    """An empty list has words."""
    field.open(Mode.MESSAGES, "zzzz")
    assert field.titles() == []
    title, hint = field.presenter.state.empty
    assert title == "Nothing found"
    assert "Fewer words" in hint


def test_hits_are_grouped_and_ordered_on_demand(field: Field) -> None:
    """Both are told by the state, and begin anew when the palette does."""
    field.write("One", "word", "other")
    field.open(Mode.MESSAGES, "word")
    field.presenter.turn_grouping()
    field.presenter.turn_order()
    field.stage.rest()
    state = field.presenter.state
    assert (state.is_grouped, state.order) == (True, SearchOrder.RELEVANCE)
    assert field.titles(Kind.MESSAGE) == ["One"]
    field.presenter.turn_order()
    assert field.presenter.state.order is SearchOrder.NEWEST
    field.open(Mode.MESSAGES, "word")
    assert not field.presenter.state.is_grouped


def test_the_best_first_are_the_same_hits(field: Field) -> None:
    """Only the order is another: what is still being typed is found by its beginning in both."""
    field.write("One", "wordy", "other")
    field.open(Mode.MESSAGES, "wor")
    assert field.titles(Kind.MESSAGE) == ["One"]
    field.presenter.turn_order()
    field.stage.rest()
    assert field.presenter.state.order is SearchOrder.RELEVANCE
    assert field.titles(Kind.MESSAGE) == ["One"]


def test_a_page_that_ended_early_is_gone_on_from(field: Field) -> None:
    """What takes long is found all the same, and nothing says then that only the newest were looked at."""
    field.write("One", "word")
    field.line.early = 3
    field.open(Mode.MESSAGES, "word")
    assert field.titles(Kind.MESSAGE) == ["One"]
    assert field.presenter.state.notice == ""


def test_the_next_page_comes_when_it_is_wanted(field: Field) -> None:
    """More than a page says so, and grows by the next one."""
    field.write("Many", *(f"word {number}" for number in range(60)))
    field.open(Mode.MESSAGES, "word")
    assert field.presenter.state.words.startswith("50+ hits")
    assert len(field.titles(Kind.MESSAGE)) == 50
    field.presenter.rows.more_wanted.emit()
    field.stage.rest()
    assert len({row.key for row in field.presenter.rows.rows() if row.kind is Kind.MESSAGE}) == 60
    assert field.presenter.state.words.startswith("60 hits")


def test_a_search_is_kept_and_found_again(field: Field) -> None:
    """It is listed where nothing is typed yet, and goes back into the field."""
    field.open(Mode.MESSAGES, "role:user tea")
    field.presenter.save("My tea")
    field.stage.rest()
    assert "My tea" in field.presenter.state.words
    field.open(Mode.MESSAGES)
    assert field.titles() == ["My tea"]
    field.pick("My tea")
    assert field.picked == [("query", "role:user tea")]


def test_a_prompt_and_a_setting_are_picked(field: Field) -> None:
    """A prompt comes back as its text, a setting as its page and name."""
    field.stage.ask(lambda backend: backend.prompts.save("Be short", "In one line:"))
    field.open()
    field.type("be short")
    field.pick("Be short")
    field.type("temperature")
    field.pick("Models ▸ Temperature of new sessions")
    assert field.picked == [(), ("prompt", "In one line:"), (), ("setting", "models", "temperature")]


def test_filters_make_it_a_search(field: Field) -> None:
    """Where a filter is typed, messages come first also among everything."""
    field.write("One", "dark")
    field.open()
    field.type("dark role:user")
    assert field.titles()[0] == "One"


def test_an_answer_that_comes_late_is_dropped(field: Field) -> None:
    """Only what is typed last is listed, however fast one types."""
    field.write("One", "alpha beta")
    field.open(Mode.MESSAGES)
    for end in range(1, 6):
        field.presenter.set_text("alpha"[:end], end)
    field.presenter.set_text("", 0)
    field.stage.rest()
    assert field.titles() == []
    assert field.presenter.state.words == ""


def test_nothing_of_another_profile_is_ever_listed(field: Field) -> None:
    """Neither its sessions nor its hits, searches, prompts and habits, while those of the profile in use are read."""
    field.write("Secret plan", "secret")
    field.stage.ask(lambda backend: backend.prompts.save("Secret prompt", "secret"))
    field.stage.ask(lambda backend: backend.organising.save_search("Secret search", "secret"))
    field.open()
    field.pick("View ▸ Dark")
    field.open()
    field.type("secret")
    assert set(field.titles()) >= {"Secret plan", "Secret prompt", "Secret search"}

    async def switch(backend: Backend) -> None:
        await backend.profiles.switch((await backend.profiles.create("Other")).id)

    field.stage.ask(switch)
    for mode, text in ((Mode.ANYTHING, ""), (Mode.ANYTHING, "secret"), (Mode.MESSAGES, ""), (Mode.MESSAGES, "secret")):
        field.presenter.open(mode, text)
        seen = field.titles()
        field.stage.rest()
        seen += field.titles()
        assert [title for title in seen if "Secret" in title] == [], (mode, text)


def test_what_was_put_away_meanwhile_is_not_listed(field: Field) -> None:
    """Sessions that went into the trash since the palette was there last are gone from its first picture on."""
    session = field.write("Alpha", "text")[0].session_id
    field.open()
    field.stage.ask(lambda backend: backend.organising.trash([session]))
    field.presenter.open(Mode.ANYTHING)
    assert field.titles(Kind.SESSION) == []


def test_a_palette_that_is_left_keeps_nothing(field: Field) -> None:
    """Its rows are gone, and so is what was on its way; nothing is opened behind it."""
    field.write("Alpha", "alpha")
    field.open(Mode.MESSAGES, "alpha")
    field.presenter.pick(0)
    field.presenter.set_text("alph", 4)
    field.presenter.forget()
    assert field.titles() == []
    field.stage.rest()
    assert field.titles() == []
    assert field.picked == []


def test_enter_right_after_opening_waits_for_what_is_first(field: Field) -> None:
    """It opens what stands first when all is read, not the command that stood there for a moment."""
    session = field.write("Alpha", "text")[0].session_id
    field.presenter.open(Mode.ANYTHING)
    field.presenter.pick(0)
    assert field.picked == []
    field.stage.rest()
    assert field.picked[-1][:2] == ("place", session)


def test_sessions_that_cannot_be_read_are_not_waited_for(field: Field) -> None:
    """The sentence says why, nothing is said to be looked for any more, and Enter does what is listed."""
    field.line.is_broken = True
    field.open(text="zzzz")
    assert field.presenter.state.notice == "The disk is gone."
    assert field.presenter.state.empty[0] != "Searching…"
    field.type("")
    field.presenter.pick(0)
    assert field.picked[-1] == ("command", "newSession")


def test_a_page_that_fails_leaves_what_was_found(field: Field) -> None:
    """The sentence stands beside the hits, and the page comes with the next attempt."""
    field.write("Many", *(f"word {number}" for number in range(60)))
    field.open(Mode.MESSAGES, "word")
    field.line.is_broken = True
    field.presenter.rows.more_wanted.emit()
    field.stage.rest()
    assert len(field.titles(Kind.MESSAGE)) == 50
    assert field.presenter.state.notice == "The disk is gone."
    assert field.presenter.state.words.startswith("50+ hits")
    field.line.is_broken = False
    field.presenter.rows.more_wanted.emit()
    field.stage.rest()
    assert len(field.titles(Kind.MESSAGE)) == 60
    assert field.presenter.state.notice == ""
