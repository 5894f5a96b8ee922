"""The line above the transcript: the session's title, renamed by a double click, and its menu."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from desktop.domain.one_line import one_line
from desktop.i18n import _, ngettext
from desktop.presenters.figures import count_text
from desktop.ui.icons import icon
from desktop.ui.theme import Theme, scaled_font

if TYPE_CHECKING:
    from desktop.ui.chips import Chips

HEIGHT = 48


class TitleLabel(QLabel):
    """Shows as much of a title as there is room for."""

    edit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sessionTitle")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(scaled_font(self.font(), 1.04, weight=QFont.Weight.Bold))
        self._whole = ""

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._whole = one_line(title)
        self.setAccessibleName(title)
        self._elide()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for room for the whole title, and no more: what belongs to it stands right beside it."""
        width = QFontMetrics(self.font()).horizontalAdvance(self._whole) + 2
        return QSize(width, super().sizeHint().height())

    def _elide(self) -> None:
        self.setText(QFontMetrics(self.font()).elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.edit_wanted.emit()
        event.accept()


class TitleEdit(QLineEdit):
    """Edits a title; Escape leaves it as it was."""

    cancelled = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class Header(QWidget):
    """Shows the open session's title. A title that is being edited belongs to the session it was begun in."""

    rename_requested = Signal(str, str)
    """Id of a session and its new title."""
    edit_ended = Signal()

    def __init__(self, *, theme: Theme, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._theme = theme
        self._title = ""
        self._session_id = ""
        self._editing = ""  # the id of the session whose title stands in the field
        self.label = TitleLabel()
        self.editor = TitleEdit()
        self.editor.setObjectName("sessionTitleEdit")
        self.editor.setAccessibleName(_("New title"))
        self.editor.setMaxLength(500)
        self.editor.setFont(self.label.font())
        self.editor.hide()
        self._chips: Chips | None = None
        self.more = QToolButton()
        self.more.setObjectName("sessionMenuButton")
        self.more.setAccessibleName(_("Session menu"))
        self.more.setToolTip(_("Session menu"))
        self.more.setProperty("pill", True)
        self.more.setIconSize(QSize(18, 16))
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(menu)
        self.branches = QToolButton()
        self.branches.setObjectName("branchesPill")
        self.branches.setProperty("pill", True)
        self.branches.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.branches.setIconSize(QSize(14, 14))
        self.branches.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.branches.setToolTip(_("Show the branches of this session"))
        self.branches.setFont(scaled_font(self.font(), 0.9))
        self.branches.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 20, 6)
        row.setSpacing(12)
        row.addWidget(self.label)
        row.addWidget(self.editor, 1)
        row.addStretch(1)
        row.addWidget(self.branches)
        row.addWidget(self.more)
        self._row = row
        self._fit()
        self.label.edit_wanted.connect(self.edit_title)
        self.editor.editingFinished.connect(self._on_edited)
        self.editor.cancelled.connect(self._leave)
        self.set_theme(theme)
        self.set_title("", session_id="")

    def set_title(self, title: str, *, session_id: str) -> None:
        """Show the title of the open session; one without an id is not stored yet and cannot be renamed.

        When it is another session, a title that is being edited goes to the one before, as with a click elsewhere.
        """
        if session_id != self._session_id:
            self._on_edited()
        self._title = title
        self._session_id = session_id
        self.label.set_title(title or _("New session"))
        self._row.activate()  # at once: a title that is cut for a moment would flicker
        self.more.setVisible(bool(session_id))

    def set_chips(self, chips: "Chips") -> None:
        """Show what the session is kept under, beside its title."""
        self._chips = chips
        self._row.insertWidget(2, chips)
        QWidget.setTabOrder(chips, self.branches)

    @Slot(int)
    def set_endings(self, count: int) -> None:
        """Say how many branches the session has, where it has several."""
        words = ngettext("{count} branch", "{count} branches", count).format(count=count_text(count))
        self.branches.setText(words)
        self.branches.setAccessibleName(words)
        self.branches.setVisible(count > 1)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.branches.setIcon(icon("branch", theme.muted))
        self.more.setIcon(icon("more", theme.muted))
        if self._chips is not None:
            self._chips.set_theme(theme)
        self.update()

    def _fit(self) -> None:
        """Be as high as the title asks for."""
        self.setFixedHeight(max(HEIGHT, self.label.fontMetrics().height() + 30))

    @Slot()
    def edit_title(self) -> None:
        """Begin to rename in place."""
        if self._session_id:
            self.editor.setText(self._title)
            self._editing = self._session_id
            self._show_editor(True)
            self.editor.selectAll()
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_edited(self) -> None:
        if session_id := self._editing:
            title = " ".join(self.editor.text().split())
            self._leave()
            if title and title != self._title:
                self.rename_requested.emit(session_id, title)

    @Slot()
    def _leave(self) -> None:
        self._editing = ""  # before the field loses the keyboard, which would be taken for Enter
        self._show_editor(False)
        self.edit_ended.emit()

    def _show_editor(self, shown: bool) -> None:
        self.editor.setVisible(shown)
        self.label.setVisible(not shown)
        if self._chips is not None:
            self._chips.setVisible(not shown)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            font = scaled_font(self.font(), 1.04, weight=QFont.Weight.Bold)
            self.branches.setFont(scaled_font(self.font(), 0.9))
            self.label.setFont(font)
            self.editor.setFont(font)
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("bg"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("line"))
