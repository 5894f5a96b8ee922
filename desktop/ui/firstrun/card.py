"""One card of the first page: the whole of it is a button."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.parts import Paragraph, heading
from desktop.ui.theme import scaled_font

RADIUS = 14


class Card(QAbstractButton):
    """A title, a text, and in the accent's colour what a click does. `Card(parent=None)`, then `fill`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._title = heading("", 1.0)
        self._text = Paragraph(muted=True)
        self._text.setFont(scaled_font(self.font(), 0.93))
        self._action = heading("", 0.93)
        self._action.setForegroundRole(QPalette.ColorRole.Link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(17, 18, 17, 17)
        for part in (self._title, self._text, self._action):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(part)
        layout.setSpacing(4)
        layout.insertSpacing(2, 3)
        layout.addStretch(1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def fill(self, *, title: str, text: str, action: str, spoken: str) -> None:
        """Show these words; `spoken` is what a screen reader says."""
        self._title.setText(title)
        self._text.setText(text)
        self._action.setText(action)
        self.setAccessibleName(spoken)
        # The labels repeat the button's name: a reader of the tree must not hear it twice.
        self.setAccessibleDescription("")

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return QSize(300, 120) if layout is None else layout.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter works like the space bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = self.palette()
        # The accent is the keyboard's: a card that merely lies under the mouse must not look like the chosen one.
        role = QPalette.ColorRole
        edge = palette.color(
            role.Highlight if self.hasFocus() else role.PlaceholderText if self.underMouse() else role.Mid
        )
        width = 2.0 if self.hasFocus() else 1.0
        ground = palette.color(QPalette.ColorRole.Base)
        if self.isDown():
            ground = palette.color(QPalette.ColorRole.AlternateBase)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, width))
        painter.setBrush(ground)
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), RADIUS, RADIUS)
        painter.end()
