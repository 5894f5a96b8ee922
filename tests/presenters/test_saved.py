"""How fresh what is on the disk is, on real services."""

import threading
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.presenters.saved import SavedPresenter
from desktop.providers.scripted import Hold, Say, Script
from tests.presenters.stage import playing


def test_saving_is_told_while_and_after_an_answer_is_written(qapp: QApplication, tmp_path: Path) -> None:
    """The words follow the facts: being written, just saved, and later the time."""
    go = threading.Event()
    with playing(qapp, tmp_path, [Script(steps=(Say("first"), Hold(go), Say("last")))]) as stage:
        presenter = SavedPresenter(bridge=stage.bridge)
        said: list[str] = []
        presenter.changed.connect(said.append)
        stage.send("x")
        stage.until(lambda: said == ["saved as it is written"])
        go.set()
        stage.until(lambda: said[1:] == ["saved just now"])
        presenter.age()
        assert said[2].startswith("saved at ")
