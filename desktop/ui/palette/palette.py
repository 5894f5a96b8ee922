"""The palette: a layer over the window with one field, for everything that can be opened, done or found.

It is no dialog: nothing waits for it, and it ends with a click beside it or with Escape, which gives the keyboard back
to whoever had it. While it is there the window's keys are its own, but for those of the commands it is told to pass.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget
from shiboken6 import Shiboken

from desktop.domain.searching import Completion
from desktop.i18n import _
from desktop.presenters.palette import PalettePresenter
from desktop.presenters.palette_state import Mode
from desktop.ui.palette.field import Completions, Field
from desktop.ui.palette.foot import Foot
from desktop.ui.palette.results import ResultsView
from desktop.ui.parts import heading, label, rule
from desktop.ui.theme import Theme, scaled_font

WIDTH = 680
_RADIUS = 14
_SHADE = QColor(0, 0, 0, 72)
_SHADOW_PX = 24
_TOP = 0.106
"""Where the card begins, as a share of the height."""
_MOST_ROWS = 8
_SPEAK_MS = 700
"""A screen reader is told how much was found when one pauses, not with each letter."""


class Palette(QWidget):
    """`Palette(theme=…, presenter=…, passing=…, parent=window)`; `passing` are commands whose keys work here too."""

    def __init__(
        self, *, theme: Theme, presenter: PalettePresenter, passing: Sequence[QAction], parent: QMainWindow
    ) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self._theme = theme
        self._presenter = presenter
        self._passing = tuple(passing)
        self._centre = parent.centralWidget() or parent
        self._back: QWidget | None = None
        self.field = Field()
        self.words = label(mark="muted", wrap=False)
        self.words.setObjectName("paletteWords")
        self.words.setFont(scaled_font(self.font(), 0.84))
        self.notice = label(mark="warn")
        self.notice.setObjectName("paletteNotice")
        self.notice.setFont(scaled_font(self.font(), 0.9))
        self.notice.setContentsMargins(19, 6, 19, 8)
        self.rows = ResultsView(theme=theme, model=presenter.rows)
        self.empty_title = heading("")
        self.empty_hint = label(mark="muted")
        self.foot = Foot()
        self.card = QWidget(self)
        self.card.setObjectName("paletteCard")
        self.completions = Completions(self)
        self._speech = QTimer(self, singleShot=True, interval=_SPEAK_MS)
        self._speech.timeout.connect(lambda: self._say(self.words.text()))
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(18, 0, 18, 0)
        top.setSpacing(12)
        top.addWidget(self.field, 1)
        top.addWidget(self.words, 0, Qt.AlignmentFlag.AlignVCenter)
        self._head = QWidget()
        self._head.setLayout(top)
        self._empty = QWidget()
        middle = QVBoxLayout(self._empty)
        middle.setContentsMargins(19, 20, 19, 22)
        middle.setSpacing(6)
        middle.addWidget(self.empty_title)
        middle.addWidget(self.empty_hint)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(rule())
        column.addWidget(self.notice)
        column.addWidget(self.rows, 1)
        column.addWidget(self._empty)
        column.addWidget(rule())
        column.addWidget(self.foot)

    def _connect(self) -> None:
        presenter, foot = self._presenter, self.foot
        self.field.textChanged.connect(self._on_typed)
        self.field.cursorPositionChanged.connect(self._place_completions)
        self.field.installEventFilter(self)
        foot.name.installEventFilter(self)
        self.rows.picked.connect(presenter.pick)
        self.completions.taken.connect(self._complete)
        foot.filter_wanted.connect(self.field.add)
        foot.order_wanted.connect(presenter.turn_order)
        foot.grouping_wanted.connect(presenter.turn_grouping)
        foot.named.connect(presenter.save)
        foot.name_left.connect(self._focus_field)
        presenter.shown.connect(self._show_state)
        presenter.completions_changed.connect(self._on_completions)
        presenter.picked.connect(self.leave)
        presenter.query_picked.connect(self._take_query)
        self._centre.installEventFilter(self)

    # From outside

    def open(self, mode: Mode, text: str = "") -> None:
        """Show the palette with a text in its field, or turn it to another mode with what stands there."""
        if self.isHidden():
            self._back = QApplication.focusWidget()
        elif not text:
            text = self.field.text()
        self._name(mode)
        self.field.blockSignals(True)
        self.field.setText(text)
        self.field.blockSignals(False)
        self.foot.setCurrentIndex(0)
        self.completions.offer(())
        self.completions.hide()
        self._presenter.open(mode, text)
        self._fit()
        self.show()
        self.raise_()
        self._focus_field()
        self.field.selectAll()

    @Slot()
    def leave(self) -> None:
        """Hide, and give the keyboard back."""
        if self.isHidden():
            return
        back, self._back = self._back, None
        self.hide()
        self._presenter.forget()
        self._speech.stop()
        if back is not None and Shiboken.isValid(back) and back.isVisible() and back.isEnabled():
            back.setFocus(Qt.FocusReason.PopupFocusReason)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.rows.set_theme(theme)
        self.update()

    # What is shown

    def _name(self, mode: Mode) -> None:
        is_search = mode is Mode.MESSAGES
        name = _("Search everything") if is_search else _("Go to anything")
        hint = _("Search every message and title") if is_search else _("Go to a session, message, command, setting…")
        self.setAccessibleName(name)
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(hint)

    @Slot()
    def _show_state(self) -> None:
        state = self._presenter.state
        if state.words != self.words.text():
            self.words.setText(state.words)
            self._speech.start()
        self.notice.setText(state.notice)
        self.notice.setVisible(bool(state.notice))
        is_empty = not self._presenter.rows.rowCount()
        if is_empty:
            title, hint = state.empty
            self.empty_title.setText(title)
            self.empty_hint.setText(hint)
            self.empty_hint.setVisible(bool(hint))
        self._empty.setVisible(is_empty)
        self.rows.setVisible(not is_empty)
        # Asked of each row, the heights of 5,000 of them take 25 ms with every page that comes.
        self.rows.setUniformItemSizes(not state.is_grouped)
        self.foot.hints.show_state(state)
        self.rows.settle()
        self._fit()

    def _fit(self) -> None:
        """Cover what is below the menu bar; the card is as high as its rows, and no higher than fits."""
        place = self._centre.geometry()
        if self.geometry() != place:
            self.setGeometry(place)
        em = self.fontMetrics().height()
        self._head.setFixedHeight(max(53, round(em * 3.1)))
        self.foot.setFixedHeight(max(36, round(em * 2.1)))
        width = min(max(WIDTH, 40 * em), self.width() - 32)
        top = min(round(self.height() * _TOP), 120)
        around = self._head.height() + self.foot.height() + 4
        if not self.notice.isHidden():
            around += self.notice.heightForWidth(width - 2)
        most = max(60, min(self.height() - top - around - 24, _MOST_ROWS * self.rows.delegate.row_height(None)))
        inside = self.rows.wanted_height(most) if self._empty.isHidden() else self._empty_height(width - 2)
        wanted = QRect((self.width() - width) // 2, top, width, around + inside)
        before = self.card.geometry()
        if before != wanted:
            self.card.setGeometry(wanted)
            # Only what changes: everything that lies below a part is painted with it.
            same = QRect(wanted.topLeft(), QSize(wanted.width(), min(before.height(), wanted.height()) - _RADIUS))
            is_other = (before.topLeft(), before.width()) != (wanted.topLeft(), wanted.width())
            changed = QRegion(_with_shadow(before).united(_with_shadow(wanted)))
            self.update(changed if is_other else changed - QRegion(same.adjusted(-_SHADOW_PX, -99, _SHADOW_PX, 0)))

    def _empty_height(self, width: int) -> int:
        layout = self._empty.layout()
        assert layout is not None
        return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), _SHADE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        card = QRectF(self.card.geometry())
        painter.setBrush(QColor(0, 0, 0, 6))
        inside = QRegion(self.card.geometry().adjusted(_RADIUS, _RADIUS, -_RADIUS, -_RADIUS))
        painter.setClipRegion(event.region() - inside)
        for step in range(_SHADOW_PX, 0, -4):
            painter.drawRoundedRect(card.adjusted(-step, 12 - step, step, step + 12), _RADIUS + step, _RADIUS + step)
        painter.setClipRegion(event.region())
        painter.setBrush(self._theme.colour("card"))
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.end()

    # What is typed

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self.completions.hide()
        self._presenter.set_text(text, self.field.cursorPosition())
        self.rows.begin()

    @Slot(object)
    def _on_completions(self, found: tuple[Completion, ...]) -> None:
        text = self.field.text()
        self.completions.offer([each for each in found if each.insert.strip() != text[each.start : each.end]])
        self._place_completions()

    @Slot()
    def _place_completions(self) -> None:
        """Show what a filter's value can be; names of filters alone would be in the way of words."""
        if ":" not in self.field.token() or self.completions.current() is None or self.foot.is_naming:
            self.completions.hide()
            return
        caret = self.field.mapTo(self, self.field.cursorRect().bottomLeft()).x()
        card = self.card.geometry()
        self.completions.place(caret - 12, card.top() + self._head.height() - 6, right=card.right())

    @Slot(object)
    def _complete(self, completion: Completion) -> None:
        self.completions.offer(())
        self.completions.hide()
        self.field.put(completion)

    @Slot(str)
    def _take_query(self, query: str) -> None:
        """Search for what was kept."""
        self.open(Mode.MESSAGES, query)

    @Slot()
    def _focus_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    # Keys and the mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_ours = watched is not self._centre  # which hears of every key below it, also while this is hidden
        if is_ours and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(not self._passes(event))
            return True
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take_key(event)
        if event.type() == QEvent.Type.Hide and watched is self._centre:
            self.leave()  # what is covered, as by the lock, is not to be searched
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and not self.isHidden():
            self._fit()
        return super().eventFilter(watched, event)

    def _passes(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(event.keyCombination())
        return any(pressed in action.shortcuts() for action in self._passing)

    def _take_key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers()
        offered = self.completions if self.completions.isVisible() else None
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        pages = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        if held == Qt.KeyboardModifier.ControlModifier:
            deeds = {
                Qt.Key.Key_R: self._presenter.turn_order,
                Qt.Key.Key_G: self._presenter.turn_grouping,
                Qt.Key.Key_S: self.foot.ask_name,
            }
            if key not in deeds:
                return False
            deeds[Qt.Key(key)]()
        elif key in steps:
            offered.step(steps[Qt.Key(key)]) if offered else self._step(steps[Qt.Key(key)])
        elif key in pages:
            self._step(pages[Qt.Key(key)] * self.rows.page())
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            if (completion := self.completions.current()) is not None:
                self._complete(completion)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            completion = offered.current() if offered else None
            self._complete(completion) if completion else self._presenter.pick(self.rows.currentIndex().row())
        elif key == Qt.Key.Key_Escape:
            self._escape()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        self.rows.step(by)
        self._say(str(self.rows.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) or ""))

    def _escape(self) -> None:
        """Take back what stands in the way, one after the other."""
        if self.completions.isVisible():
            self.completions.hide()
        elif self.field.text():
            self.field.clear()
        else:
            self.leave()

    def _say(self, words: str) -> None:
        if words and self.isVisible():
            event = QAccessibleAnnouncementEvent(self.field, words)
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(event)

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Keep the keyboard."""
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.leave()
        event.accept()


def _with_shadow(card: QRect) -> QRect:
    return card.adjusted(-_SHADOW_PX - 1, -_SHADOW_PX, _SHADOW_PX + 1, _SHADOW_PX + 14)
