"""The context inspector as real widgets: tick, pin, look at the raw request, and set a price."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from desktop.domain.context import Mark
from desktop.domain.inspection import Kind
from desktop.presenters.inspector import PRICE, ROLE, SHARE, TEXT, TICK, TOKENS, InspectorPresenter
from desktop.providers.scripted import Say, Script
from desktop.ui.inspector.dialog import InspectorDialog
from desktop.ui.inspector.raw import LONGEST_LINE, SHOWN_CHARS, RawText, broken
from desktop.ui.inspector.small import PriceDialog, SummaryDialog
from desktop.ui.theme import Theme, load_theme
from tests.presenters.stage import Stage, playing

SCRIPTS = (Script(steps=(Say("The answer."),), times=None),)


@contextmanager
def opened(
    app: QApplication, folder: Path, theme: Theme, *, model: str = "openai/gpt-4o", summary: bool = False
) -> Iterator[tuple[Stage, InspectorDialog]]:
    """Open the inspector of a session with two turns and a draft."""
    with playing(app, folder, SCRIPTS) as stage:
        for text in ("First question", "Second question"):
            stage.send(text)
            stage.until(lambda: bool(stage.chat.session_id))
            stage.rest()
        if summary:
            ids = [stage.transcript.item(row).message.id for row in range(2)]
            stage.ask(
                lambda backend: backend.store.add_summary(first_id=ids[0], last_id=ids[1], text="So far.", model="")
            )
        presenter = InspectorPresenter(
            bridge=stage.bridge, session_id=stage.chat.session_id, model=model, draft="And now?"
        )
        host = QWidget()
        dialog = InspectorDialog(presenter=presenter, theme=theme, parent=host)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        tester = QAbstractItemModelTester(presenter.rows)
        dialog.open()
        stage.until(lambda: presenter.rows.rowCount() > 0 and bool(dialog.total.text()))
        try:
            yield stage, dialog
        finally:
            stage.rest()
            del tester
            dialog.close()
            host.deleteLater()


def cells(dialog: InspectorDialog, column: int) -> list[str]:
    model = dialog.table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def ticks(dialog: InspectorDialog) -> list[bool]:
    model = dialog.table.model()
    states = [model.index(row, TICK).data(Qt.ItemDataRole.CheckStateRole) for row in range(model.rowCount())]
    return [Qt.CheckState(state) == Qt.CheckState.Checked for state in states]


def press(dialog: InspectorDialog, name: str) -> None:
    button = dialog.findChild(QAbstractButton, name)
    assert button is not None
    button.click()


def test_every_piece_stands_in_a_row(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """The prompt, both turns and the draft, with tokens and prices, and the sums below."""
    with opened(qapp, tmp_path, theme) as (_stage, dialog):
        assert cells(dialog, ROLE) == ["system", "user", "assistant", "user", "assistant", "draft"]
        assert cells(dialog, TEXT)[1:] == [
            "First question",
            "The answer.",
            "Second question",
            "The answer.",
            "And now?",
        ]
        assert ticks(dialog) == [True] * 6
        assert all(int(tokens) > 0 for tokens in cells(dialog, TOKENS))
        assert all(price.startswith("$0.00") for price in cells(dialog, PRICE))
        assert "tokens · about $0.00" in dialog.total.text()
        assert "o200k estimate" in dialog.margin.text()
        assert dialog.note.text().startswith("gpt-4o · ")
        spoken = dialog.table.model().index(1, SHARE).data(Qt.ItemDataRole.AccessibleTextRole)
        assert spoken.endswith(" %")
        dialog.set_theme(load_theme("dark"))
        assert not dialog.grab().isNull()


def test_a_tick_leaves_a_message_out_and_brings_it_back(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """By a click on its box, or Space; what has the keyboard keeps it."""
    with opened(qapp, tmp_path, theme) as (stage, dialog):
        before = dialog.total.text()
        box = dialog.table.visualRect(dialog.table.model().index(1, TICK)).center()
        QTest.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, pos=box)
        stage.until(lambda: not ticks(dialog)[1])
        assert cells(dialog, TEXT)[1] == "(left out by you) First question"
        assert cells(dialog, PRICE)[1] == "–"
        assert dialog.total.text() != before
        assert dialog.table.currentIndex().row() == 1
        QTest.keyClick(dialog.table, Qt.Key.Key_Space)
        stage.until(lambda: ticks(dialog)[1])
        assert dialog.total.text() == before


def test_the_prompt_and_the_draft_are_always_sent(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """Their boxes cannot be changed."""
    with opened(qapp, tmp_path, theme) as (stage, dialog):
        for row in (0, 5):
            dialog.table.selectRow(row)
            QTest.keyClick(dialog.table, Qt.Key.Key_Space)
            QTest.keyClick(dialog.table, Qt.Key.Key_P)
        stage.rest()
        assert ticks(dialog) == [True] * 6
        assert not dialog.table.model().flags(dialog.table.model().index(0, TICK)) & Qt.ItemFlag.ItemIsUserCheckable


def test_the_key_pins(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """And unpins."""
    with opened(qapp, tmp_path, theme) as (stage, dialog):
        rows = dialog._presenter.rows
        dialog.table.selectRow(1)
        QTest.keyClick(dialog.table, Qt.Key.Key_P)
        stage.until(lambda: rows.row(1).icon == "pin")
        item = rows.row(1).item
        assert item is not None
        assert item.mark is Mark.PINNED
        QTest.keyClick(dialog.table, Qt.Key.Key_P)
        stage.until(lambda: not rows.row(1).icon)


def test_the_menu_offers_what_can_be_done(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """With a message: leave it out or pin it; with the prompt: nothing."""
    with opened(qapp, tmp_path, theme) as (stage, dialog):
        assert dialog.entries(0) == []
        entries = dialog.entries(1)
        assert [text for text, _do in entries] == ["Leave out", "Pin"]
        entries[0][1]()
        stage.until(lambda: not ticks(dialog)[1])


def test_the_summary_is_changed_in_place(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """Switched off and on by its box, pinned by the key, edited by Enter."""
    with opened(qapp, tmp_path, theme, summary=True) as (stage, dialog):
        rows = dialog._presenter.rows
        item = rows.row(1).item
        assert item is not None
        assert item.kind is Kind.SUMMARY
        assert not dialog.redo.isHidden()
        dialog.table.selectRow(1)
        QTest.keyClick(dialog.table, Qt.Key.Key_Space)
        stage.until(lambda: not rows.row(1).is_sent)
        assert rows.row(1).text == "(switched off) So far."
        QTest.keyClick(dialog.table, Qt.Key.Key_Space)
        stage.until(lambda: rows.row(1).is_sent)
        QTest.keyClick(dialog.table, Qt.Key.Key_P)
        stage.until(lambda: rows.row(1).icon == "pin")
        dialog.table.selectRow(1)
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)
        small = dialog.findChild(SummaryDialog)
        assert small is not None
        assert small.field.toPlainText() == "So far."
        small.field.setPlainText("Something else.")
        small._take()
        stage.until(lambda: rows.row(1).text == "Something else.")


def test_a_summary_is_made_anew(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """By the model, from its messages; the button tells that it is under way."""
    with opened(qapp, tmp_path, theme, summary=True) as (stage, dialog):
        dialog.redo.click()
        assert not dialog.redo.isEnabled()
        stage.until(lambda: dialog.redo.isEnabled() and "The answer." in cells(dialog, TEXT)[1])


def test_the_raw_request_can_be_copied(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """It is the JSON that goes out, without a key."""
    with opened(qapp, tmp_path, theme) as (_stage, dialog):
        press(dialog, "inspectorTabRequest")
        shown = dialog.request.field.toPlainText()
        assert '"model": "openai/gpt-4o"' in shown
        assert '"content": "And now?"' in shown
        press(dialog, "inspectorRequestCopy")
        assert QGuiApplication.clipboard().text() == shown


def test_the_last_exchange_is_shown(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """Of a provider that the program itself has, it says that nothing left this computer."""
    with opened(qapp, tmp_path, theme) as (_stage, dialog):
        press(dialog, "inspectorTabResponse")
        assert "nothing left this computer" in dialog.about_last.text()
        assert "Second question" in dialog.sent.field.toPlainText()
        assert dialog.received.field.toPlainText() == "The answer."


def test_without_an_exchange_it_is_said_plainly(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """As after a restart: nothing of it is stored."""
    with playing(qapp, tmp_path) as stage:
        presenter = InspectorPresenter(bridge=stage.bridge, session_id="", model="openai/gpt-4o", draft="Hi")
        host = QWidget()
        dialog = InspectorDialog(presenter=presenter, theme=theme, parent=host)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        dialog.open()
        stage.until(lambda: presenter.rows.rowCount() == 2)
        press(dialog, "inspectorTabResponse")
        assert "Nothing has been sent" in dialog.about_last.text()
        assert dialog.sent.field.isHidden()
        dialog.close()
        host.deleteLater()


def test_a_price_can_be_set_and_taken_back(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """In dollars per million tokens; what is no number is refused in place."""
    with opened(qapp, tmp_path, theme) as (stage, dialog):
        before = dialog.total.text()
        press(dialog, "inspectorPrice")
        small = dialog.findChild(PriceDialog)
        assert small is not None
        assert [field.placeholderText() for field in small.fields] == [
            "2.50 published",
            "10.00 published",
            "1.25 published",
        ]
        assert small.back.isHidden()
        small.fields[0].setText("dear")
        small._take()
        assert not small.refusal.isHidden()
        small.fields[0].setText("1000000")
        small.fields[1].setText("3.5")
        assert small.refusal.isHidden()
        small._take()
        stage.until(lambda: dialog.total.text() != before)
        assert cells(dialog, PRICE)[0].startswith("$")
        assert float(cells(dialog, PRICE)[0].removeprefix("$")) == float(cells(dialog, TOKENS)[0])
        stage.until(lambda: dialog.findChild(PriceDialog) is None)
        press(dialog, "inspectorPrice")
        again = dialog.findChild(PriceDialog)
        assert again is not None
        assert [field.text() for field in again.findChildren(QLineEdit)] == ["1,000,000.00", "3.50", ""]
        again.back.click()
        stage.until(lambda: dialog.total.text() == before)


@pytest.mark.parametrize("model", ["scripted/demo", "guide/manual"])
def test_what_is_free_is_called_free(qapp: QApplication, tmp_path: Path, theme: Theme, model: str) -> None:
    """A model on this computer."""
    with opened(qapp, tmp_path, theme, model=model) as (_stage, dialog):
        assert set(cells(dialog, PRICE)) == {"free"}
        assert dialog.total.text().endswith("· free")


def test_an_unknown_price_is_called_unknown(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """Nothing is guessed."""
    with opened(qapp, tmp_path, theme, model="nobody/knows") as (_stage, dialog):
        assert set(cells(dialog, PRICE)) == {"unknown"}
        assert dialog.total.text().endswith("· price unknown")


def test_a_giant_text_is_shown_in_part_and_copied_whole(qapp: QApplication) -> None:
    """No line is longer than can be laid out at once."""
    raw = RawText(name="raw", title="Raw")
    text = "x" * (SHOWN_CHARS + 5)
    raw.show_text(text, "About")
    assert "5 more characters are not shown." in raw.about.text()
    shown = raw.findChild(QPlainTextEdit)
    assert shown is not None
    lines = shown.toPlainText().split("\n")
    assert max(map(len, lines)) == LONGEST_LINE
    assert "".join(lines) == text[:SHOWN_CHARS]
    raw.copy.click()
    assert QGuiApplication.clipboard().text() == text
    raw.deleteLater()


def test_short_lines_stay_as_they_are() -> None:
    """Empty ones, too."""
    assert broken("a\n\nb\n") == "a\n\nb\n"
