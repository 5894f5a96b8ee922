"""The one form that all questions have: what it is about, what follows, and two or three answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.parts import Framed, button, fit_height, heading, label

WIDTH_EM = 30
CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: its id, the words on its button, and what follows from it. One answer at most is the primary one."""

    id: str
    text: str
    follows: str = ""
    primary: bool = False


class Question(QDialog):
    """Asks once, with `open()`, and deletes itself. `decided` comes exactly once: an answer's id, or `cancel`.

    `Question(name=…, title=…, text='', detail='', answers=(…), parent=…)`: `name` is the object name, `detail` is
    shown framed and selectable, exactly as it is. Escape and closing mean `cancel`.
    """

    decided = Signal(str)

    def __init__(
        self,
        *,
        name: str,
        title: str,
        text: str = "",
        detail: str = "",
        answers: Sequence[Answer],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._answer = CANCEL
        self._first: QPushButton | None = None
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(24, 20, 24, 20)
        self.layout_.setSpacing(12)
        self.layout_.addWidget(heading(title, 1.14))
        if text:
            self.layout_.addWidget(label(text))
        if detail:
            self.layout_.addWidget(Framed(detail))
        if any(answer.follows for answer in answers):
            self._add_choices(answers)
        else:
            self._add_row(answers)
        self.finished.connect(self._on_finished)
        self.setMinimumWidth(min(WIDTH_EM * self.fontMetrics().height(), 900))

    def answer_button(self, answer_id: str) -> QPushButton:
        """Return the button of an answer."""
        found = self.findChild(QPushButton, f"answer-{answer_id}")
        assert isinstance(found, QPushButton)
        return found

    def showEvent(self, event: QShowEvent) -> None:
        """Let the primary answer have the keyboard."""
        super().showEvent(event)
        fit_height(self)
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, answer: Answer) -> QPushButton:
        made = button(answer.text, mark="primary" if answer.primary else "", clicked=lambda: self._decide(answer.id))
        made.setObjectName(f"answer-{answer.id}")
        made.setAccessibleDescription(answer.follows)
        if answer.primary:
            made.setDefault(True)
            self._first = made
        return made

    def _add_row(self, answers: Sequence[Answer]) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for answer in answers:
            row.addWidget(self._button(answer))
        self.layout_.addSpacing(4)
        self.layout_.addLayout(row)

    def _add_choices(self, answers: Sequence[Answer]) -> None:
        """Answers with consequences stand below each other, each with its sentence; the others follow in a row."""
        for answer in answers:
            if answer.follows:
                made = self._button(answer)
                made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
                self.layout_.addSpacing(2)
                self.layout_.addWidget(made)
                self.layout_.addWidget(label(answer.follows, mark="muted"))
        self._add_row([answer for answer in answers if not answer.follows])

    def _decide(self, answer_id: str) -> None:
        self._answer = answer_id
        self.done(QDialog.DialogCode.Rejected if answer_id == CANCEL else QDialog.DialogCode.Accepted)

    def _on_finished(self, _result: int) -> None:
        self.decided.emit(self._answer)
