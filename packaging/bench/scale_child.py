"""The processes that measure the window over very many sessions; each prints one line of JSON and ends.

`start`: from the start to the painted sidebar. `filter`: titles typed into the sidebar's filter, letter by letter.
`palette`: words of messages and titles typed into the palette, likewise, and how long its first opening takes.
`news`: a message sent in a session that stands far below, until the sidebar shows it on top or a search finds it.
"""

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import apsw
from child import ready, report
from gaps import Heart, percentile

PAUSE_S = 0.12
"""Between two keys: a quick typist."""
WORDS = 12
PAGE = 50
MESSAGES = 15
GUIDE = "guide/manual"


def start(folder: str) -> None:
    """Show the real window, and report when its sidebar has painted sessions."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    from desktop.app import build

    desktop = build(["--data-dir", folder])
    view: Any = desktop.window.sidebar.view
    model = desktop.sidebar.model

    class Watch(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and model.rowCount():
                view.viewport().removeEventFilter(self)
                QTimer.singleShot(0, lambda: report({"at": time.monotonic(), "rows": model.rowCount()}))
            return False

    watch = Watch()
    view.viewport().installEventFilter(watch)
    desktop.loop.run_forever()


class User:
    """Somebody at the real window."""

    def __init__(self, folder: str) -> None:
        from desktop.app import build

        self.desktop = build(["--data-dir", folder, "--model", GUIDE])
        self.model = self.desktop.sidebar.model

    async def begin(self) -> None:
        """Wait until all is loaded."""
        await ready(self.desktop)
        await until(lambda: self.model.rowCount() > 0)
        await asyncio.sleep(1.0)

    async def ask(self, function: Callable[[Any], Awaitable[Any]]) -> Any:
        """Ask the services."""
        return await self.desktop.bridge.call(function)

    async def listed(self, text: str) -> tuple[str, ...]:
        """Return the first page of the sessions that the filter lets through."""
        found = await self.ask(lambda backend: backend.library.sessions(limit=PAGE, text=text))
        return tuple(listing.id for listing in found)

    async def is_found(self, text: str) -> bool:
        """Whether a search finds something."""
        page = await self.ask(lambda backend: backend.searching.hits(text))
        return bool(page.hits)

    async def make(self) -> str:
        """Begin a session and wait until the sidebar has it."""
        made = await self.ask(lambda backend: backend.library.create(model=GUIDE))
        await until(lambda: made.id in self.model.ids())
        return str(made.id)

    async def remove(self, session_id: str) -> None:
        """Remove a session for good."""
        await self.ask(lambda backend: backend.library.trash(session_id))
        await self.ask(lambda backend: backend.library.remove(session_id))

    async def watch_commits(self, committed: list[float]) -> None:
        """Take down when each message that is sent is on the disk."""

        async def work(backend: Any) -> None:
            store = backend.store
            begin_turn = store.begin_turn

            async def watched(**values: Any) -> Any:
                turn = await begin_turn(**values)
                committed.append(perf_counter())
                return turn

            store.begin_turn = watched

        await self.ask(work)

    async def open(self, session_id: str) -> None:
        """Open a session."""
        self.desktop.chat.open(session_id)
        await until(lambda: self.desktop.chat.session_id == session_id)
        await asyncio.sleep(0.3)

    async def shown(self, ids: tuple[str, ...], at: int = 0) -> None:
        """Wait until the sidebar has these sessions from a row on, and paint them."""
        await until(lambda: self.model.ids()[at : at + max(1, len(ids))] == ids)
        self.desktop.window.sidebar.view.viewport().repaint()


async def until(condition: Callable[[], object]) -> None:
    """Wait in the loop; what never comes ends the measurement."""
    end = perf_counter() + 60
    while not condition():
        if perf_counter() > end:
            raise SystemExit("waited for a minute in vain")
        await asyncio.sleep(0.001)


async def filtering(user: User, folder: str) -> dict[str, Any]:
    """Type words of titles; only a key that changes the list counts."""
    from PySide6.QtTest import QTest

    dice = random.Random(3)
    db = apsw.Connection(str(Path(folder) / "sobremesa.db"), flags=apsw.SQLITE_OPEN_READONLY)
    titles = [row[0] for row in db.execute("SELECT title FROM session WHERE title <> '' AND profile_id = 1")]
    db.close()
    # Letters of other scripts come by an input method, whole words at a time.
    words = [word for title in dice.sample(titles, 4 * WORDS) for word in title.split()[:1] if word.isascii()][:WORDS]
    field = user.desktop.window.sidebar.search
    field.setFocus()
    heart = Heart()
    heart.begin()
    await asyncio.sleep(1.0)
    idle = max(heart.end())
    times: list[float] = []
    gaps: list[float] = []
    for word in words:
        shown = user.model.ids()[:PAGE]
        for end in range(1, min(len(word), 6) + 1):
            wanted = await user.listed(word[:end])
            heart.begin()
            began = perf_counter()
            QTest.keyClick(field, word[end - 1])
            await user.shown(wanted)
            if wanted != shown:
                times.append((perf_counter() - began) * 1000)
            shown = wanted
            await asyncio.sleep(PAUSE_S)
            gaps.append(max(heart.end()))
        field.clear()
        await asyncio.sleep(2 * PAUSE_S)
    return {"p95_ms": percentile(times, 0.95), "longest_ms": max(gaps), "idle_ms": idle, "keys": len(times)}


async def finding(user: User, folder: str) -> dict[str, Any]:
    """Type words into the palette, which is opened by its command: sessions, messages and commands are looked for."""
    from PySide6.QtTest import QTest

    from desktop.presenters.palette import PalettePresenter
    from desktop.ui.palette.palette import Palette

    db = apsw.Connection(str(Path(folder) / "sobremesa.db"), flags=apsw.SQLITE_OPEN_READONLY)
    [[highest]] = db.execute("SELECT max(id) FROM message")
    dice = random.Random(4)
    words: list[str] = []
    while len(words) < WORDS:
        [[text]] = db.execute("SELECT content FROM message WHERE id >= ? LIMIT 1", (dice.randrange(highest),))
        words += [word for word in text.split() if word.isascii() and word.isalpha() and len(word) > 3][:1]
    db.close()
    window = user.desktop.window
    heart = Heart()
    heart.begin()
    await asyncio.sleep(1.0)
    idle = max(heart.end())
    heart.begin()
    window.commands.palette.trigger()
    palette: Any = window.findChild(Palette)
    presenter: Any = window.findChild(PalettePresenter)
    settled = asyncio.Event()  # asking again and again would take time from the search
    presenter.shown.connect(lambda: settled.set() if presenter.is_settled else settled.clear())
    await asyncio.sleep(PAUSE_S)
    opening = max(heart.end())
    times: list[float] = []
    gaps: list[float] = []
    for word in words:
        await settled.wait()
        for at in range(min(len(word), 6)):
            heart.begin()
            began = perf_counter()
            QTest.keyClicks(palette.field, word[at])
            await settled.wait()
            palette.rows.viewport().repaint()
            times.append((perf_counter() - began) * 1000)
            await asyncio.sleep(PAUSE_S)
            gaps.append(max(heart.end()))
        palette.field.clear()
        await asyncio.sleep(2 * PAUSE_S)
    return {
        "p95_ms": percentile(times, 0.95),
        "longest_ms": max(gaps),
        "opening_ms": opening,
        "idle_ms": idle,
        "keys": len(times),
    }


async def telling(user: User, what: str) -> dict[str, Any]:
    """Send a message in the oldest of some sessions, and wait until it is seen or found; all are removed then."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from desktop.presenters.session_list import SessionRole

    made = [await user.make() for _session in range(MESSAGES)]
    pinned = sum(bool(user.model.index(row).data(SessionRole.PINNED)) for row in range(user.model.rowCount()))
    times: list[float] = []
    committed: list[float] = []
    await user.watch_commits(committed)
    composer = user.desktop.window.composer
    for session_id in made:
        await user.open(session_id)
        word = f"news{session_id.replace('-', '')}"
        composer.set_text(f"What about {word}?")
        committed.clear()
        QTest.keyClick(composer.input, Qt.Key.Key_Return)
        if what == "search":
            await until(lambda: committed)
            while not await user.is_found(word):
                await asyncio.sleep(0.001)
        else:
            await user.shown((session_id,), at=pinned)
        times.append((perf_counter() - committed[0]) * 1000)
        await user.ask(lambda backend: backend.chat.wait_idle())
    user.desktop.chat.new_session()
    for session_id in made:
        await user.remove(session_id)
    return {"p95_ms": percentile(times[1:], 0.95)}  # the first one loads what no later one does


def main(argv: list[str]) -> None:
    """Run the part that is named."""
    name, folder, *rest = argv
    if name == "start":
        return start(folder)
    user = User(folder)

    async def walk() -> None:
        await user.begin()
        parts = {"filter": filtering, "palette": finding, "news": telling}
        report(await parts[name](user, rest[-1] if name == "news" else folder))

    user.desktop.loop.run_until_complete(walk())
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
