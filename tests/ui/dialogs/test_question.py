from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.dialogs.keys import KeyPlaceQuestion
from desktop.ui.dialogs.question import CANCEL, Answer, Question
from desktop.ui.dialogs.quit import FINISH, STOP, QuitQuestion

ANSWERS = (Answer(id=CANCEL, text="Cancel"), Answer(id="yes", text="Yes", primary=True))


def ask(host: QWidget, *, detail: str = "") -> Question:
    question = Question(name="q", title="Really?", text="It may hurt.", detail=detail, answers=ANSWERS, parent=host)
    question.open()
    return question


def test_a_click_decides(qtbot: QtBot, host: QWidget) -> None:
    """The id of the answer that was clicked is what is decided."""
    question = ask(host)
    with qtbot.waitSignal(question.decided) as decided:
        qtbot.mouseClick(question.answer_button("yes"), Qt.MouseButton.LeftButton)
    assert decided.args == ["yes"]


def test_enter_gives_the_primary_answer(qtbot: QtBot, host: QWidget) -> None:
    """The answer that is shown as the primary one is the one Enter gives."""
    question = ask(host)
    with qtbot.waitSignal(question.decided) as decided:
        qtbot.keyClick(question, Qt.Key.Key_Return)
    assert decided.args == ["yes"]


def test_escape_cancels(qtbot: QtBot, host: QWidget) -> None:
    """Leaving a question without an answer changes nothing."""
    question = ask(host)
    with qtbot.waitSignal(question.decided) as decided:
        qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert decided.args == [CANCEL]


def test_closing_cancels(qtbot: QtBot, host: QWidget) -> None:
    """The frame's own button means the same as Escape."""
    question = ask(host)
    with qtbot.waitSignal(question.decided) as decided:
        question.close()
    assert decided.args == [CANCEL]


def test_a_question_deletes_itself(qtbot: QtBot, host: QWidget) -> None:
    """Nothing of a question is left behind once it is answered."""
    question = ask(host)
    qtbot.mouseClick(question.answer_button("yes"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: host.findChild(Question) is None)


def test_foreign_text_is_plain(host: QWidget) -> None:
    """Markup in a title or a detail is shown as it stands."""
    evil = "<img src='file:///etc/passwd'>"
    question = Question(name="q", title=evil, text=evil, detail=evil, answers=ANSWERS, parent=host)
    assert {label.textFormat() for label in question.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    detail = question.findChild(QPlainTextEdit)
    assert isinstance(detail, QPlainTextEdit)
    assert detail.toPlainText() == evil


def test_quitting_offers_three_ways(host: QWidget) -> None:
    """While something is written one can finish in the background, stop and keep the text, or stay."""
    question = QuitQuestion(count=1, parent=host)
    for answer in (FINISH, STOP, CANCEL):
        assert question.answer_button(answer).isEnabled()
    assert question.windowTitle() == "An answer is still being written"


def test_quitting_counts_the_answers(host: QWidget) -> None:
    """Several answers at once are said to be several."""
    assert QuitQuestion(count=3, parent=host).windowTitle() == "3 answers are still being written"


def test_quitting_promises_nothing_while_the_disk_takes_nothing(host: QWidget) -> None:
    """The question says that the text is not saved, why, and what stopping costs then."""
    question = QuitQuestion(count=1, unsaved="The disk is full.", parent=host)
    words = [label.text() for label in question.findChildren(QLabel)]
    assert "Not everything that has arrived is saved. The disk is full." in words
    assert question.answer_button(STOP).text() == "Stop and quit"
    assert "is lost" in question.answer_button(STOP).accessibleDescription()


def test_the_key_file_is_said_to_be_plain(host: QWidget) -> None:
    """Whoever chooses the file reads that it is not encrypted."""
    question = KeyPlaceQuestion(parent=host)
    assert "not encrypted" in question.answer_button("file").accessibleDescription()
    assert question.answer_button("this_run").isDefault()


def test_a_long_text_is_not_cut(host: QWidget) -> None:
    """At twice the text size a question is as high as its words."""
    font = host.font()
    font.setPixelSize(28)
    host.setFont(font)
    question = KeyPlaceQuestion(parent=host)
    question.open()
    layout = question.layout()
    assert layout is not None
    assert question.height() >= layout.totalHeightForWidth(question.width())
