"""How many endings the open session has, and the summaries on its path."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.domain.summaries import SummaryState
from desktop.presenters.path_facts import PathFactsPresenter
from desktop.providers.scripted import Say, Script
from tests.presenters.stage import Stage, playing

SCRIPTS = (Script(steps=(Say("The answer."),)),)


class Heard:
    """What a presenter has told."""

    def __init__(self, presenter: PathFactsPresenter) -> None:
        self.endings: list[int] = []
        self.summaries: list[list[str]] = []
        self.edited: list[int] = []
        self.refused: list[str] = []
        self.said: list[str] = []
        presenter.endings_changed.connect(self.endings.append)
        presenter.summaries_changed.connect(lambda found: self.summaries.append([one.text for one in found]))
        presenter.edited.connect(self.edited.append)
        presenter.edit_refused.connect(lambda _id, sentence: self.refused.append(sentence))
        presenter.refused.connect(self.refused.append)
        presenter.said.connect(self.said.append)


@contextmanager
def looking(app: QApplication, folder: Path) -> Iterator[tuple[Stage, PathFactsPresenter, Heard, int]]:
    """Look at a session with a question, an answer, and a summary of both, whose id comes along."""
    with playing(app, folder, SCRIPTS) as stage:
        stage.send("A question")
        stage.until(lambda: bool(stage.chat.session_id))
        stage.rest()
        first, last = stage.transcript.first(), stage.transcript.last()
        assert first is not None
        assert last is not None
        made = stage.ask(
            lambda backend: backend.store.add_summary(first_id=first.id, last_id=last.id, text="Short.", model="a/b")
        )
        presenter = PathFactsPresenter(bridge=stage.bridge)
        heard = Heard(presenter)
        presenter.look(stage.chat.session_id)
        stage.until(lambda: bool(heard.summaries))
        yield stage, presenter, heard, made.id


def test_they_are_told_when_they_are_others(qapp: QApplication, tmp_path: Path) -> None:
    """Looking again at the same tells nothing; a session that is not stored yet has none."""
    with looking(qapp, tmp_path) as (stage, presenter, heard, _summary):
        assert (heard.endings, heard.summaries) == ([1], [["Short."]])
        presenter.look(stage.chat.session_id)
        stage.rest()
        assert (heard.endings, heard.summaries) == ([1], [["Short."]])
        presenter.look("")
        assert (heard.endings, heard.summaries) == ([1, 0], [["Short."], []])


def test_an_edit_is_answered(qapp: QApplication, tmp_path: Path) -> None:
    """Either it is kept, or it is said why not, to the dialog that waits."""
    with looking(qapp, tmp_path) as (stage, presenter, heard, summary):
        presenter.edit(summary, "   ")
        stage.until(lambda: bool(heard.refused))
        assert "needs words" in heard.refused[0]
        presenter.edit(summary, "Shorter.")
        stage.until(lambda: heard.edited == [summary])
        presenter.look(stage.chat.session_id)
        stage.until(lambda: heard.summaries[-1] == ["Shorter."])


def test_what_is_not_there_is_refused_with_a_sentence(qapp: QApplication, tmp_path: Path) -> None:
    """Another process may have removed it."""
    with looking(qapp, tmp_path) as (stage, presenter, heard, summary):
        presenter.set_state(summary + 1, SummaryState.OFF)
        stage.until(lambda: len(heard.refused) == 1)
        presenter.redo(summary + 1)
        stage.until(lambda: len(heard.refused) == 2)
        assert heard.said == ["The summary is being written anew…"]


def test_a_summary_is_written_anew(qapp: QApplication, tmp_path: Path) -> None:
    """It is said when it begins and when it is there."""
    with looking(qapp, tmp_path) as (stage, presenter, heard, summary):
        presenter.redo(summary)
        stage.until(lambda: "The summary is new." in heard.said)
        presenter.look(stage.chat.session_id)
        stage.until(lambda: heard.summaries[-1] == ["The answer."])
