"""The transcript: an area of its own that shows a model of messages with as few widgets as fit the viewport.

It knows the model, the theme and the reader; what the reader wants goes up as signals, by message id. Three helpers do
the work: `Geometry` knows heights, `ScrollController` the position, `Stage` the widgets.
"""

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from desktop.domain.explanations import details
from desktop.domain.messages import Role
from desktop.i18n import _
from desktop.presenters.transcript import TranscriptListModel, TranscriptRole
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.theme import Theme
from desktop.ui.transcript.announcer import Announcer
from desktop.ui.transcript.blocks.base import BLEED_PX, BlockWidget
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.cards import Action
from desktop.ui.transcript.clipboard import copy_markdown, copy_plain
from desktop.ui.transcript.factory import make_block
from desktop.ui.transcript.focus import step_focus
from desktop.ui.transcript.geometry import Geometry
from desktop.ui.transcript.parts import Kind, Section
from desktop.ui.transcript.pill import Pill
from desktop.ui.transcript.save_code import suggested_name
from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.stage import Stage
from desktop.ui.transcript.style import COLUMN_PX, Style
from desktop.ui.transcript.workshop import Workshop

_MARGIN_PX = 24
_OLDER_SCREENS = 2
_FACTS = frozenset({TranscriptRole.MESSAGE, TranscriptRole.STATE})


class TranscriptView(QAbstractScrollArea):
    """`TranscriptView(theme=…, model=…)`. The signals of messages carry an id.

    `save_code_requested` carries the code and a file name for it.
    """

    older_wanted = Signal()
    retry_requested = Signal(int)
    continue_requested = Signal(int)
    stop_retry_requested = Signal(int)
    try_now_requested = Signal(int)
    version_requested = Signal(int, int)
    link_activated = Signal(str)
    save_code_requested = Signal(str, str)

    def __init__(self, *, theme: Theme, model: TranscriptListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcript")
        self.setAccessibleName(_("Conversation"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self._zoom = 100
        self._theme = theme
        self._model = model
        self._style = self._make_style()
        self._workshop = Workshop(self)
        self._geometry = Geometry(model=model, style=self._style, width=COLUMN_PX)
        self._stage = Stage(make=self._make_block, leave=self._leave)
        self._scroll = ScrollController(bar=self.verticalScrollBar, geometry=self._geometry, parent=self)
        self._pill = Pill(style=self._style, parent=self)
        self._announcer = Announcer(self)
        self._hovered: TranscriptItem | None = None
        self._asked_for_older = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._lay_out)
        self._scroll.moved.connect(self._on_moved)
        self._scroll.following_changed.connect(self._on_following_changed)
        self._pill.clicked.connect(self._on_pill)
        self._connect_model()
        self.destroyed.connect(self._workshop.close)

    def _connect_model(self) -> None:
        model = self._model
        model.modelReset.connect(self._on_reset)
        model.rowsInserted.connect(self._on_inserted)
        model.rowsRemoved.connect(self._on_removed)
        model.dataChanged.connect(self._on_data_changed)
        model.blocks_changed.connect(self._on_blocks_changed)
        model.thoughts_changed.connect(self._on_thoughts_changed)
        model.has_older_changed.connect(self._on_has_older_changed)

    # For the outside

    def set_theme(self, theme: Theme) -> None:
        """Paint everything in another theme."""
        self._theme = theme
        self._restyle()

    def set_zoom(self, percent: int) -> None:
        """Show text at a size in percent of the interface's."""
        wanted = max(50, min(300, percent))
        if wanted != self._zoom:
            self._zoom = wanted
            self._restyle()

    @property
    def zoom(self) -> int:
        """The size of the text in percent."""
        return self._zoom

    @property
    def following(self) -> bool:
        """Whether the view stays at the end while text arrives."""
        return self._scroll.following

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._scroll.follow()

    def show_message(self, message_id: int) -> bool:
        """Bring a loaded message to the top of the viewport; return False if it is not loaded."""
        row = self._model.row_of(message_id)
        if row < 0:
            return False
        self._scroll.show_place(self._geometry.end(row, 1), self._style.px(12))
        return True

    def blocks(self) -> tuple[BlockWidget, ...]:
        """Return the widgets in sight, from top to bottom."""
        return tuple(self._stage.widgets())

    def close_threads(self) -> None:
        """End the threads that blocks are worked on by."""
        self._workshop.close()

    # Layout

    def sizeHint(self) -> QSize:
        return QSize(COLUMN_PX + 2 * _MARGIN_PX, 480)

    def _make_style(self) -> Style:
        return Style(theme=self._theme, font=self.font(), zoom=self._zoom / 100)

    def _restyle(self) -> None:
        self._style = self._make_style()
        self._geometry.reset(self._style, self._column())
        self._pill.set_style(self._style)
        self.viewport().update()
        self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._style.colour("bg"))
        painter.end()

    def _column(self) -> int:
        return max(120, min(self._style.px(COLUMN_PX), self.viewport().width() - 2 * _MARGIN_PX))

    @Slot()
    def _lay_out(self) -> None:
        self._timer.stop()
        height = self.viewport().height()
        start = self._scroll.start()
        if start is None or height <= 0:
            self._stage.clear()
            self._scroll.settled([], height)
            self._pill.hide()
            return
        place, y = start
        placed = self._stage.arrange(self._geometry, self._style, place, y, height, at_end=self._scroll.following)
        width = self._geometry.width + 2 * BLEED_PX
        left = (self.width() - width) // 2  # the middle of the page, as the composer
        for each in placed:
            each.widget.setGeometry(left, round(each.y), width, each.height)
            if each.widget.isHidden():
                each.widget.show()
            if isinstance(each.widget, FooterBlock):
                each.widget.set_active(each.place.item is self._hovered)
        self._scroll.settled(placed, height)
        if self._pill.isVisible():
            self._place_pill()
        self._want_older(height)

    def _want_older(self, height: int) -> None:
        near = self.verticalScrollBar().value() < _OLDER_SCREENS * height
        if near and self._model.has_older and not self._asked_for_older:
            self._asked_for_older = True
            self.older_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._column() != self._geometry.width:
            self._geometry.reset(self._style, self._column())
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_timer"):
            self._restyle()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Do nothing: the controller has the widgets moved."""

    # Widgets

    def _make_block(self, kind: Kind) -> BlockWidget:
        widget = make_block(kind, style=self._style, parent=self.viewport(), workshop=self._workshop)
        widget.acted.connect(self._on_acted)
        widget.copied.connect(copy_plain)
        widget.link_activated.connect(self.link_activated)
        widget.hovered.connect(self._on_hovered)
        widget.stale.connect(self._timer.start)
        if isinstance(widget, CodeBlock):
            widget.save_wanted.connect(self._on_save_wanted)
        return widget

    def _leave(self, widget: QWidget) -> None:
        """Keep the focus when the widget that has it scrolls away."""
        focus = QApplication.focusWidget()
        if focus is not None and (focus is widget or widget.isAncestorOf(focus)):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # The model

    @Slot()
    def _on_reset(self) -> None:
        self._stage.clear()
        self._geometry.reset(self._style, self._geometry.width)
        self._hovered = None
        self._announcer.forget()
        self._asked_for_older = False
        self._pill.hide()
        self._scroll.forget()
        self._timer.start()

    @Slot(QModelIndex, int, int)
    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._geometry.insert(first, last)
        if first == 0:
            self._asked_for_older = False
        if last == self._model.rowCount() - 1 and first:
            if any(self._model.item(row).message.role is Role.USER for row in range(first, last + 1)):
                self._scroll.follow()
            self._note_new_text()
        self._timer.start()

    @Slot(QModelIndex, int, int)
    def _on_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._geometry.remove(first, last)
        self._timer.start()

    @Slot(QModelIndex, QModelIndex, "QList<int>")
    def _on_data_changed(self, first: QModelIndex, last: QModelIndex, roles: list[int]) -> None:
        if not _FACTS.intersection(roles):
            return  # new blocks and thoughts have signals of their own, which tell more
        for row in range(first.row(), last.row() + 1):
            item = self._model.item(row)
            self._stage.mark(item)
            self._geometry.fit(item)
            self._announcer.look_at(item)
        self._timer.start()

    @Slot(int, int)
    def _on_blocks_changed(self, row: int, first: int) -> None:
        item = self._model.item(row)
        self._geometry.fit(item, Section.BLOCKS, first)
        if item.is_live:
            self._note_new_text()
        self._timer.start()

    @Slot(int, int)
    def _on_thoughts_changed(self, row: int, first: int) -> None:
        item = self._model.item(row)
        self._geometry.fit(item, Section.THOUGHTS, first)
        self._stage.mark(item)
        self._timer.start()

    @Slot(bool)
    def _on_has_older_changed(self, _has_older: bool) -> None:
        self._asked_for_older = False
        self._timer.start()

    # The scroll

    @Slot()
    def _on_moved(self) -> None:
        # At once: a wheel turn should be on the screen with the next frame.
        self._lay_out()

    @Slot(bool)
    def _on_following_changed(self, following: bool) -> None:
        if following:
            self._pill.hide()

    @Slot()
    def _on_pill(self) -> None:
        self._scroll.follow()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _note_new_text(self) -> None:
        if not self._scroll.following and not self._pill.isVisible():
            self._place_pill()
            self._pill.show()
            self._pill.raise_()

    def _place_pill(self) -> None:
        size = self._pill.sizeHint()
        area = self.viewport().geometry()
        x = area.left() + (area.width() - size.width()) // 2
        self._pill.setGeometry(x, area.bottom() - size.height() - 12, size.width(), size.height())

    # The reader

    @Slot(object)
    def _on_hovered(self, item: TranscriptItem | None) -> None:
        if item is not self._hovered:
            self._hovered = item
            for placed in self._stage.placed:
                if isinstance(placed.widget, FooterBlock):
                    placed.widget.set_active(placed.place.item is item)

    def leaveEvent(self, event: QEvent) -> None:
        self._on_hovered(None)
        super().leaveEvent(event)

    @Slot(object, object)
    def _on_acted(self, action: Action, item: TranscriptItem) -> None:
        message_id = item.key
        match action:
            case Action.COPY:
                copy_markdown(item.text)
            case Action.RETRY:
                self.retry_requested.emit(message_id)
            case Action.CONTINUE:
                self.continue_requested.emit(message_id)
            case Action.TRY_NOW:
                self.try_now_requested.emit(message_id)
            case Action.CANCEL:
                self.stop_retry_requested.emit(message_id)
            case Action.PREVIOUS:
                self.version_requested.emit(message_id, -1)
            case Action.NEXT:
                self.version_requested.emit(message_id, 1)
            case Action.DETAILS:
                fault = item.state.fault if item.state is not None else item.message.fault
                if fault is not None:
                    copy_plain(details(fault))
            case Action.FOLD:
                self._geometry.fold(item, unfolded=not self._geometry.is_unfolded(item))
                self._stage.mark(item)
                self._scroll.follow(follow=False)
                self._timer.start()

    @Slot(str, str)
    def _on_save_wanted(self, text: str, language: str) -> None:
        self.save_code_requested.emit(text, suggested_name(language))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_PageUp:
                self._scroll.scroll_by(-bar.pageStep() + bar.singleStep())
            case Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                self._scroll.scroll_by(bar.pageStep() - bar.singleStep())
            case Qt.Key.Key_Up:
                self._scroll.scroll_by(-2 * bar.singleStep())
            case Qt.Key.Key_Down:
                self._scroll.scroll_by(2 * bar.singleStep())
            case Qt.Key.Key_Home:
                self._scroll.to_start()
            case Qt.Key.Key_End:
                self._scroll.follow()
            case _:
                event.ignore()
                return
        event.accept()

    def focusNextPrevChild(self, next_: bool) -> bool:
        if step_focus(self, self._stage.widgets(), forward=next_):
            return True
        return super().focusNextPrevChild(next_)
