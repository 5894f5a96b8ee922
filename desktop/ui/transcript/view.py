"""The transcript: an area of its own that shows a model of messages with as few widgets as fit the viewport.

What the reader wants goes up as signals, by message id. The work is done by collaborators: `Geometry` knows heights,
`ScrollController` the position, `Stage` the widgets; `ModelWatch` follows the model and `Reader` the reader's hands.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from desktop.domain.links import worst_text
from desktop.i18n import _
from desktop.presenters.transcript import TranscriptListModel
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.theme import Theme
from desktop.ui.transcript.accessible import tell
from desktop.ui.transcript.announcer import Announcer
from desktop.ui.transcript.area import TakingArea
from desktop.ui.transcript.blocks.base import BLEED_PX, BlockWidget
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.cards import GOES_ON, Action
from desktop.ui.transcript.clipboard import copy_plain
from desktop.ui.transcript.connections import connect_paging, connect_reader, connect_walk
from desktop.ui.transcript.days import Days, utc_ms
from desktop.ui.transcript.factory import make_block
from desktop.ui.transcript.finder import Finder
from desktop.ui.transcript.focus import is_walking, step_focus
from desktop.ui.transcript.geometry import Geometry
from desktop.ui.transcript.keys import scroll_by_key
from desktop.ui.transcript.moving import put
from desktop.ui.transcript.notes import Notes
from desktop.ui.transcript.paging import Paging
from desktop.ui.transcript.parts import Kind
from desktop.ui.transcript.pill import Pill
from desktop.ui.transcript.reader import Reader
from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.stage import Stage
from desktop.ui.transcript.style import COLUMN_PX, LEAST_COLUMN_PX, Style
from desktop.ui.transcript.target import TargetLabel
from desktop.ui.transcript.walk import Walk
from desktop.ui.transcript.watch import ModelWatch
from desktop.ui.transcript.workshop import Workshop

_MARGIN_PX = 24


class TranscriptView(TakingArea):
    """`TranscriptView(theme=…, model=…)`. The signals of messages carry an id.

    `save_code_requested` carries the code and a file name for it.
    """

    older_wanted = Signal()
    newer_wanted = Signal()
    end_wanted = Signal()
    page_wanted = Signal(int)
    place_wanted = Signal(int)
    """A message of the session is to be shown that is not loaded."""
    far_rows = Signal(int, int)
    retry_requested = Signal(int)
    continue_requested = Signal(int)
    stop_retry_requested = Signal(int)
    try_now_requested = Signal(int)
    version_requested = Signal(int, int)
    link_activated = Signal(str)
    save_code_requested = Signal(str, str)
    settings_requested = Signal()
    models_requested = Signal()
    asked = Signal(object, object)
    """An `Action` or a `FollowUp` that is not done within the transcript, and the item."""
    left = Signal()
    """The keyboard is wanted where messages are written."""
    typed = Signal(str)
    """Text was typed here, where nothing can be written."""
    laid_out = Signal()
    """What is in sight may be something else."""

    def __init__(
        self,
        *,
        theme: Theme,
        model: TranscriptListModel,
        now_ms: Callable[[], int] = utc_ms,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("transcript")
        self.setAccessibleName(_("Conversation"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # so that it can be moved as pixels
        self._zoom = 100
        self._theme = theme
        self._model = model
        self._style = self._make_style()
        self._workshop = Workshop(self)
        self._days = Days(model=model, now_ms=now_ms, parent=self)
        self._geometry = Geometry(model=model, style=self._style, width=COLUMN_PX, day_above=self._days.above)
        self._stage = Stage(make=self._make_block, leave=self._leave)
        self._scroll = ScrollController(bar=self.verticalScrollBar, geometry=self._geometry, parent=self)
        self._notes = Notes(geometry=self._geometry, scroll=self._scroll, parent=self)
        self._pill = Pill(style=self._style, parent=self)
        self._announcer = Announcer(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._lay_out)
        self._scroll.moved.connect(self._on_moved)
        self._scroll.following_changed.connect(self._on_following_changed)
        self._pill.clicked.connect(self._on_pill)
        self._target = TargetLabel(parent=self.viewport())
        self._walk = Walk(view=self, geometry=self._geometry, scroll=self._scroll, stage=self._stage)
        self._reader = Reader(geometry=self._geometry, stage=self._stage, scroll=self._scroll, parent=self)
        self._watch = ModelWatch(
            model=model,
            geometry=self._geometry,
            stage=self._stage,
            scroll=self._scroll,
            pill=self._pill,
            announcer=self._announcer,
            parent=self,
        )
        self.start_taking(geometry=self._geometry, stage=self._stage, scroll=self._scroll)
        self._paging = Paging(geometry=self._geometry, scroll=self._scroll, parent=self)
        self._connect_collaborators()
        self.destroyed.connect(self._workshop.close)

    def _connect_collaborators(self) -> None:
        watch, reader = self._watch, self._reader
        self._days.changed.connect(self._on_new_day)
        self._walk.acted.connect(self._on_acted)
        watch.layout_wanted.connect(self._timer.start)
        watch.reset.connect(reader.forget)
        self.selection.link_activated.connect(self._notes.follow)
        self._notes.link_activated.connect(self.link_activated)
        connect_walk(self._walk, self, reader=reader, watch=watch)
        connect_reader(reader, self)
        connect_paging(self._paging, self, model=self._model)
        reader.layout_wanted.connect(self._timer.start)
        reader.asked.connect(self.asked)
        self.acted.connect(self._on_acted)

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

    @property
    def is_settled(self) -> bool:
        """Whether what is in sight is loaded and laid out."""
        return self._scroll.far is None and not self._timer.isActive()

    @Slot()
    def follow(self) -> None:
        """Go to the end and stay there."""
        self._scroll.follow()

    def stand_still(self, pixels: int) -> None:
        """Keep the text where it stands in the window, though the view's top has moved down by so many pixels."""
        self._scroll.stand_still(pixels)

    @Slot(int)
    def show_message(self, message_id: int) -> None:
        """Bring a message to the top of the viewport, now or as soon as its page is there."""
        row = self._model.row_of(message_id)
        if row < 0:
            self.place_wanted.emit(message_id)
        else:
            self._scroll.show_place(self._geometry.end(row, 1), self._style.px(12))

    def blocks(self) -> tuple[BlockWidget, ...]:
        """Return the widgets in sight, from top to bottom."""
        return tuple(self._stage.widgets())

    def make_finder(self) -> Finder:
        """Return what marks matches here and goes to them."""
        finder = Finder(
            geometry=self._geometry,
            stage=self._stage,
            scroll=self._scroll,
            height=lambda: self.viewport().height(),
            parent=self,
        )
        finder.layout_wanted.connect(self._timer.start)
        return finder

    def shares(self, count: int) -> list[int]:
        """Return which message of the path is the first in each of `count` shares of the scroll bar, and the last."""
        return self._geometry.edges(count)

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
        self._scroll.pin(self._stage.placed)
        self._geometry.reset(self._style, self._column())
        self._pill.set_style(self._style)
        self.viewport().update()
        self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._style.colour("bg"))
        painter.end()

    def _column(self) -> int:
        widest = max(LEAST_COLUMN_PX, self._style.px(COLUMN_PX))
        return max(120, min(widest, self.viewport().width() - 2 * _MARGIN_PX))

    @Slot()
    def _lay_out(self) -> None:
        self._timer.stop()
        height = self.viewport().height()
        start = self._scroll.start()
        if start is None or height <= 0:
            self._stage.clear()
            self._scroll.settled([], height)
            if not self._model.rowCount():
                self._pill.hide()
            self._paging.look([], height)
            self.laid_out.emit()
            return
        place, y = start
        if (pinned := self._scroll.pinned(place)) is not None:
            y = pinned[1] - self._stage.line_top(self._geometry, self._style, place, pinned[0])
        placed = self._stage.arrange(self._geometry, self._style, place, y, height, at_end=self._scroll.following)
        width = self._geometry.width + 2 * BLEED_PX
        left = (self.width() - width) // 2  # the middle of the page, as the composer
        as_pixels = self._scroll.following and self._target.isHidden()  # the label over the text stays where it is
        put(placed, self.viewport(), left=left, width=width, as_pixels=as_pixels)
        for each in placed:
            if isinstance(each.widget, FooterBlock):
                each.widget.set_active(self._reader.is_awake(each.place.item))
        self._scroll.settled(placed, height)
        self.selection.mark()
        tell(self.blocks())
        self._walk.settle()
        self._pill.stand_in(self.viewport().geometry())
        self._paging.look(placed, height)
        self.laid_out.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._column() != self._geometry.width:
            self._scroll.pin(self._stage.placed)
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

    @Slot()
    def _on_new_day(self) -> None:
        self._geometry.look_at_days()
        self._timer.start()

    # Widgets

    def _make_block(self, kind: Kind) -> BlockWidget:
        widget = make_block(kind, style=self._style, parent=self.viewport(), workshop=self._workshop)
        widget.acted.connect(self._on_acted)
        widget.copied.connect(copy_plain)
        widget.link_activated.connect(self._notes.follow)
        widget.hovered.connect(self._reader.hover)
        widget.stale.connect(self._timer.start)
        if isinstance(widget, CodeBlock):
            widget.save_wanted.connect(self._reader.save)
        return widget

    def _leave(self, widget: QWidget) -> None:
        """Keep the focus when the widget that has it scrolls away."""
        focus = QApplication.focusWidget()
        if focus is not None and (focus is widget or widget.isAncestorOf(focus)):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

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
        by_keys = self._pill.hasFocus()
        self._scroll.follow()
        if by_keys:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    # The reader

    @Slot(object, object)
    def _on_acted(self, action: Action, item: TranscriptItem) -> None:
        by_keys = is_walking(self, standing=self._walk.item is not None)
        self._reader.act(action, item)
        if action in GOES_ON and by_keys:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # the button may be gone in a moment
        elif action in GOES_ON:
            self.left.emit()

    def text_of_link(self, target: str) -> str:
        """Return the text under which a message in sight leads to a target: of several the most misleading one."""
        return worst_text((widget.part.block for widget in self._stage.widgets() if widget.part), target)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._target.show_target(self.selection.link_at(event.position()), self._style)

    def leaveEvent(self, event: QEvent) -> None:
        self._target.show_target("", self._style)
        self._reader.hover(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        taken = self.take_selecting_key(event) or self._walk.take_key(event)
        if taken or scroll_by_key(Qt.Key(event.key()), self._scroll, self.verticalScrollBar()):
            event.accept()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            self._walk.forget()  # the pointer is at work
        self._walk.settle()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._walk.settle()

    def focusNextPrevChild(self, next_: bool) -> bool:
        if step_focus(self, self._stage.widgets(), forward=next_, near=self._walk.item):
            focus = QApplication.focusWidget()
            self._walk.came_to(focus)
            link = focus.focused_link() if isinstance(focus, TextBlock) else None
            self._target.show_target(link[1] if link is not None else "", self._style)
            return True
        return super().focusNextPrevChild(next_)
