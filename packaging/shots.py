"""`dev.py shots`: the main states of the real window as pictures, to be looked at beside the design's.

Each scale and language is a process of its own, since Qt reads them at its start. Pictures go to `build/shots`;
`--readme` also renews the one that the README shows.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from shots_palette import palette
from shots_sidebar import sidebar

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "shots"
README_PICTURE = ROOT / "resources" / "screenshots" / "main-light.png"
STATES = (
    "first-run",
    "code",
    "main",
    "table",
    "error",
    "failed",
    "search",
    "picker",
    "settings",
    "appearance",
    "keyboard",
    "statistics",
    "branches",
    "summary",
    "follow-ups",
    "edit",
    "inspector",
    "budget",
    "palette",
    "sidebar",
)
PATIENCE_S = 30.0


def main() -> int:
    """Take every picture, or those that were asked for."""
    parser = argparse.ArgumentParser(prog="dev.py shots", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--scale", choices=("1", "2"), action="append")
    parser.add_argument("--language", choices=("en", "es"), action="append")
    parser.add_argument("--state", choices=STATES, action="append")
    parser.add_argument("--readme", action="store_true", help="renew resources/screenshots")
    parser.add_argument("--child", nargs=2, metavar=("SCALE", "LANGUAGE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    states = tuple(chosen.state or STATES)
    if chosen.child:
        return Photographer(out=chosen.out, scale=chosen.child[0], language=chosen.child[1]).take(states)
    chosen.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for scale in chosen.scale or ("1", "2"):
        for language in chosen.language or ("en", "es"):
            failed |= _child(chosen.out, scale, language, states)
    if chosen.readme and not failed:
        README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
        README_PICTURE.write_bytes((chosen.out / "main-light-1x-en.png").read_bytes())
    print(chosen.out)
    return failed


def _child(out: Path, scale: str, language: str, states: tuple[str, ...]) -> int:
    screen = out / "screen.json"
    size = {"x": 0, "y": 0, "width": 1600 * int(scale), "height": 1000 * int(scale)}
    shape = {"name": "picture", **size, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screen.write_text(json.dumps({"screens": [shape]}), encoding="utf-8")
    env = {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
        "QT_SCALE_FACTOR": scale,
        "LANGUAGE": language,
        "PYTHONPATH": str(ROOT),
        "ANTHROPIC_API_KEY": "shown-by-name-only",
    }
    wished = [word for state in states for word in ("--state", state)]
    command = [sys.executable, __file__, "--out", str(out), "--child", scale, language, *wished]
    return subprocess.run(command, env=env, check=False).returncode


class Photographer:
    """Drives the demo's window from state to state and takes its picture in both themes."""

    def __init__(self, *, out: Path, scale: str, language: str) -> None:
        self._out = out
        self._suffix = f"{scale}x-{language}"
        self.desktop: Any = None

    def take(self, states: tuple[str, ...]) -> int:
        """Take the pictures of `states`."""
        from PySide6.QtGui import QFont, QFontDatabase
        from PySide6.QtWidgets import QApplication

        from desktop.app import build

        app = QApplication([])
        if "Inter" in QFontDatabase.families():
            font = QFont("Inter")
            font.setPixelSize(14)
            app.setFont(font)
        walks: dict[str, Callable[[], Awaitable[None]]] = {
            "first-run": self._first_run,
            "code": self._code,
            "main": self._main,
            "table": self._table,
            "error": self._error,
            "failed": self._failed,
            "search": self._search,
            "picker": self._picker,
            "settings": lambda: self._show_settings("providers"),
            "appearance": lambda: self._show_settings("appearance"),
            "keyboard": self._keyboard,
            "statistics": self._statistics,
            "branches": self._branches,
            "summary": self._summary,
            "follow-ups": self._follow_ups,
            "edit": self._edit,
            "inspector": self._inspector,
            "budget": self._budget,
            "palette": lambda: palette(self.desktop.window, self._both),
            "sidebar": lambda: sidebar(self.desktop, self._both),
        }
        with tempfile.TemporaryDirectory() as folder:
            self.desktop = build(["--demo", "--data-dir", folder])

            async def walk() -> None:
                await self._until(lambda: self.desktop.sidebar.model.rowCount() > 5)
                for state in states:
                    await walks[state]()

            self.desktop.loop.run_until_complete(walk())
            self.desktop.close()
        return 0

    # ---------------------------------------------------------------------------------------------------- the states

    async def _first_run(self) -> None:
        self.desktop.chat.new_session()
        await asyncio.sleep(1.5)
        await self._both("first-run")

    async def _main(self) -> None:
        await self._open("Trim history without losing facts")
        self._send("And if the summary itself is wrong?")
        await self._until(lambda: len(self.desktop.transcript.last().content) > 40)
        await self._both("main")
        await self._ended()

    async def _code(self) -> None:
        await self._answered("Show me code, please")
        await self._both("code")

    async def _table(self) -> None:
        await self._answered("Show me a table, please")
        await self._both("table")

    async def _error(self) -> None:
        self.desktop.chat.new_session()
        self._send("What happens at the rate limit?")
        await asyncio.sleep(1.5)
        await self._both("error")
        self.desktop.chat.stop()
        await self._ended()

    async def _failed(self) -> None:
        await self._answered("What happens with a wrong key?")
        await self._both("failed")

    async def _search(self) -> None:
        field = self.desktop.window.sidebar.search
        field.setText("re")
        await asyncio.sleep(0.6)
        await self._both("search")
        field.clear()
        await asyncio.sleep(0.4)

    async def _picker(self) -> None:
        self.desktop.picker.open_list()
        await asyncio.sleep(0.5)
        await self._both("picker", self.desktop.picker.popup())
        self.desktop.picker.popup().close()

    async def _keyboard(self) -> None:
        await self._show_settings("keyboard")

    async def _statistics(self) -> None:
        await self._open("Trim history without losing facts")
        await self._dialog("statistics", self.desktop.dialogs.open_statistics, choose="statisticsAll")

    async def _branches(self) -> None:
        await self._open("Trim history without losing facts")
        await self._dialog("branches", self.desktop.dialogs.open_branches)

    async def _inspector(self) -> None:
        session_id = await self.desktop.bridge.call(_outgrown)
        self.desktop.chat.open(session_id)
        await self._until(lambda: self.desktop.chat.session_id == session_id)
        await asyncio.sleep(0.5)
        self.desktop.window.composer.set_text("And if the summary itself is wrong?")
        await self._dialog("inspector", self.desktop.dialogs.open_inspector)
        self.desktop.window.composer.set_text("")

    async def _budget(self) -> None:
        from PySide6.QtWidgets import QDialog

        async def spend(backend: Any) -> None:
            await backend.settings.set("monthly_budget", 0.01)

        await self._open("Trim history without losing facts")
        await self.desktop.bridge.call(spend)
        guard = self.desktop.dialogs.budget
        guard.look()
        await self._until(lambda: guard.state == "spent")
        await self._both("budget")
        self._send("And if the summary itself is wrong?")
        await self._until(lambda: self.desktop.window.findChild(QDialog, "overBudget") is not None)
        question = self.desktop.window.findChild(QDialog, "overBudget")
        await self._both("budget-question", question)
        question.reject()
        self.desktop.window.composer.set_text("")
        self.desktop.window.banner.clear()

    async def _summary(self) -> None:
        """Show a summary unfolded below the last message it stands for."""
        from desktop.ui.transcript.blocks.summary import SummaryBlock
        from desktop.ui.transcript.view import TranscriptView

        await self._open("Trim history without losing facts")
        text = (
            "The user keeps a chat log and wants it to fit the model's window **without losing facts**.\n\n"
            "- The system prompt stays; each message is counted once.\n"
            "- What falls out goes into a running summary, renewed every ten messages."
        )

        async def add(backend: Any) -> None:
            path = await backend.store.path(self.desktop.chat.session_id, limit=50)
            made = await backend.store.add_summary(
                first_id=path[0].id, last_id=path[1].id, text=text, model="anthropic/claude-haiku-4-5"
            )
            await backend.summaries.edit(made.id, text)

        await self.desktop.bridge.call(add)
        view = self.desktop.window.findChild(TranscriptView)
        view.follow()
        await self._until(lambda: any(isinstance(block, SummaryBlock) for block in view.blocks()))
        next(block for block in view.blocks() if isinstance(block, SummaryBlock)).fold(unfolded=True)
        await asyncio.sleep(0.4)
        await self._both("summary")

    async def _follow_ups(self) -> None:
        """Show what a model suggested to ask next."""
        await self._answered("Show me a table, please")
        suggested = ["What does a summary cost?", "Can I edit it by hand?", "How do I keep a message in every request?"]

        async def suggest(backend: Any) -> None:
            answer = self.desktop.transcript.last()
            await backend.store.add_metadata(answer.id, {"follow_ups": suggested})
            await backend.library.set_model(answer.session_id, answer.model)  # which also has the session read again

        await self.desktop.bridge.call(suggest)
        await asyncio.sleep(0.6)
        await self._both("follow-ups")

    async def _edit(self) -> None:
        from PySide6.QtWidgets import QDialog

        from desktop.ui.transcript.cards import Action
        from desktop.ui.transcript.view import TranscriptView

        await self._open("Trim history without losing facts")
        self.desktop.window.findChild(TranscriptView).asked.emit(Action.EDIT, self.desktop.transcript.item(0))
        dialog = self.desktop.window.findChild(QDialog, "editDialog")
        await asyncio.sleep(0.4)
        await self._both("edit", dialog)
        dialog.reject()

    async def _dialog(self, name: str, open_: Callable[[], object], *, choose: str = "") -> None:
        """Open a dialog by its object name, press a button in it, and take its picture."""
        from PySide6.QtWidgets import QAbstractButton, QDialog

        open_()
        dialog = self.desktop.window.findChild(QDialog, name)
        assert dialog is not None
        await asyncio.sleep(0.6)
        if choose:
            dialog.findChild(QAbstractButton, choose).click()
            await asyncio.sleep(0.6)
        await self._both(name, dialog)
        dialog.close()

    async def _show_settings(self, section: str) -> None:
        async def add(backend: Any) -> None:
            if not await backend.models.providers():
                await backend.models.add(
                    kind="anthropic", key_variable="ANTHROPIC_API_KEY", models=("claude-sonnet-4-5", "claude-haiku-4-5")
                )
                await backend.models.add(
                    kind="openai", name="Ollama", api_base="http://localhost:11434/v1", models=("qwen3:32b",)
                )

        await self.desktop.bridge.call(add)
        from desktop.ui.settings.dialog import SettingsDialog

        self.desktop.on_demand.open_providers()
        dialog = self.desktop.window.findChild(SettingsDialog, "settings")
        assert dialog is not None
        dialog.show_section(section)
        await asyncio.sleep(0.8)
        await self._both(section if section != "providers" else "settings", dialog)
        dialog.close()

    # ------------------------------------------------------------------------------------------------------- helpers

    async def _open(self, title: str) -> None:
        model = self.desktop.sidebar.model
        wanted = next((one for one in model.ids() if model.listing(one).title == title), None)
        if wanted is None:
            raise SystemExit(f"no session is called {title}")
        self.desktop.chat.open(wanted)
        await self._until(lambda: self.desktop.chat.session_id == wanted)
        await asyncio.sleep(0.5)

    async def _answered(self, text: str) -> None:
        self.desktop.chat.new_session()
        self._send(text)
        await asyncio.sleep(0.3)
        await self._ended()
        await asyncio.sleep(0.3)

    def _send(self, text: str) -> None:
        composer = self.desktop.window.composer
        composer.set_text(text)
        composer.send.click()

    async def _ended(self) -> None:
        await self._until(lambda: not self.desktop.chat.running_count())

    async def _until(self, condition: Callable[[], bool]) -> None:
        for _turn in range(int(PATIENCE_S / 0.05)):
            if condition():
                return
            await asyncio.sleep(0.05)
        raise SystemExit("a state of the window did not come")

    async def _both(self, name: str, widget: Any = None) -> None:
        for theme in ("light", "dark"):
            self.desktop.theme.choose(theme)
            await asyncio.sleep(0.15)
            picture = (widget or self.desktop.window).grab()
            picture.save(str(self._out / f"{name}-{theme}-{self._suffix}.png"))


async def _outgrown(backend: Any) -> str:
    """Write a conversation that is longer than what is sent of it, with a summary and a pinned message."""
    from desktop.domain.context import Mark
    from desktop.domain.messages import NewMessage, Role
    from desktop.domain.sessions import NewSession

    said = (
        "How do I count tokens for Gemini?",
        "Gemini has its own counter, which wants the network. " + "An estimate with a factor is near enough. " * 24,
        "Never use external services for the counting.",
        "Understood: everything is counted on this computer.",
        "My chat keeps hitting the context limit. How do I drop old turns but keep the system prompt?",
        "Keep the system prompt fixed, count each message once, and walk backwards. " + "Newest first. " * 30,
    )
    new = NewSession(
        title="Trim history, once more",
        model="anthropic/claude-sonnet-4-5",
        system_prompt="You are a helpful assistant. Today is {{date}}.",
        params={"max_context": 320},
    )
    session = await backend.store.create_session(new)
    roles = (Role.USER, Role.ASSISTANT)
    messages = [NewMessage(role=roles[at % 2], content=text) for at, text in enumerate(said)]
    written = await backend.store.add_messages(session.id, None, messages)
    ids = [message.id for message in written]
    await backend.inspection.mark(ids[2], Mark.PINNED)
    text = "The user builds a chat client in Python; wants the system prompt to stay and old turns to go."
    await backend.store.add_summary(first_id=ids[0], last_id=ids[1], text=text, model=new.model)
    return str(session.id)


if __name__ == "__main__":
    sys.exit(main())
