"""Statistics that are closed or lose their session before their figures are there: nothing happens, and no mistake."""

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop.presenters.statistics import StatisticsPresenter
from desktop.providers.scripted import Say, Script
from desktop.ui.statistics.dialog import StatisticsDialog
from desktop.ui.theme import Theme, load_theme
from tests.presenters.stage import playing

SCRIPTS = (Script(steps=(Say("An answer."),)),)


def test_a_dialog_that_is_closed_at_once_leaves_no_mistake(
    qapp: QApplication, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures come to nobody."""
    mistakes: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *what: mistakes.append(what))
    with playing(qapp, tmp_path, SCRIPTS) as stage:
        host = QWidget()
        presenter = StatisticsPresenter(bridge=stage.bridge, session_id="", now_ms=lambda: 0)
        dialog = StatisticsDialog(presenter=presenter, theme=theme, parent=host)
        dialog.open()
        dialog.reject()
        stage.until(lambda: not isValid(dialog))
        stage.rest()
        stage.ask(lambda backend: backend.spending.statistics())
        stage.rest()
        host.deleteLater()
    assert mistakes == []


def test_a_session_that_is_gone_is_said(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """The dialog stays, takes another theme, and shows everything when asked."""
    with playing(qapp, tmp_path, SCRIPTS) as stage:
        host = QWidget()
        presenter = StatisticsPresenter(bridge=stage.bridge, session_id="gone", now_ms=lambda: 0)
        dialog = StatisticsDialog(presenter=presenter, theme=theme, parent=host)
        dialog.open()
        stage.until(lambda: "gone" in dialog._status.text())
        dialog.set_theme(load_theme("dark"))
        dialog.tabs.buttons()[-1].click()
        stage.until(lambda: bool(dialog.chart.accessibleName()))
        assert dialog._status.text() == ""
        dialog.close()
        host.deleteLater()
