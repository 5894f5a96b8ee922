"""The list of what will be sent: a box to tick, who speaks, the beginning of the text, tokens, share and price."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.i18n import _
from desktop.presenters.inspector import (
    ICON_ROLE,
    MUTED_ROLE,
    PRICE,
    ROLE,
    SHARE,
    SHARE_ROLE,
    TEXT,
    TICK,
    TOKENS,
    InspectorTableModel,
)
from desktop.ui import icons
from desktop.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_PAD = 8
_BOX, _ICON = 0.88, 0.76
_BAR = 6
_SHARE_WIDTH = 5.6
_ROOMY = 36
"""All in heights of the text, so that larger letters have room; below `_ROOMY` the bars give theirs to the text."""


class InspectorTable(QTableView):
    """`InspectorTable(model=…, theme=…)`: Space or a click ticks, P pins, Enter and the menu key ask for more."""

    pin_requested = Signal(int)
    opened = Signal(int)
    """Enter or a double click on a row."""
    menu_wanted = Signal(int, QPoint)

    def __init__(self, *, model: InspectorTableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspectorMessages")
        self.setAccessibleName(_("What will be sent, piece by piece"))
        self._rows = model
        self.setModel(model)
        self.painter_ = InspectorDelegate(theme=theme, parent=self)
        self.setItemDelegate(self.painter_)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self.painter_.set_theme(theme)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = self.currentIndex().row()
        if number >= 0 and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if event.key() == Qt.Key.Key_Space:
                self._tick(number)
                return
            if event.key() == Qt.Key.Key_P:
                self.pin_requested.emit(number)
                return
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.opened.emit(number)
                return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index.column() == TICK:
            self._tick(index.row())
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() != TICK:
            self.opened.emit(index.row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            self.selectRow(index.row())
            place = self.visualRect(index).center() if by_key else event.pos()
            self.menu_wanted.emit(index.row(), self.viewport().mapToGlobal(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(SHARE, self.width() < _ROOMY * self.fontMetrics().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.model() is not None:
            self._fit()

    def _tick(self, number: int) -> None:
        self._rows.setData(self._rows.index(number, TICK), True, Qt.ItemDataRole.CheckStateRole)

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(round(2.15 * metrics.height()))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(round(_BOX * metrics.height()) + 2 * _PAD)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        for column, width in self._widths(metrics).items():
            header.resizeSection(column, width)

    def _widths(self, metrics: QFontMetrics) -> dict[int, int]:
        """Return how wide the columns are, whatever stands in them: nothing jumps when a tick changes a figure."""
        roles = max(metrics.horizontalAdvance(word) for word in (_("assistant"), _("summary"), _("system")))
        prices = max(metrics.horizontalAdvance(word) for word in ("$00.0000", _("unknown"), _("free")))
        bold = 1.12  # the header's letters
        return {
            TICK: round(_BOX * metrics.height()) + 2 * _PAD,
            ROLE: round(bold * roles + _ICON * metrics.height()) + 3 * _PAD,
            TOKENS: round(bold * max(metrics.horizontalAdvance(word) for word in ("0,000,000", _("tokens"))))
            + 2 * _PAD,
            SHARE: round(_SHARE_WIDTH * metrics.height()) + 2 * _PAD,
            PRICE: round(bold * prices) + 2 * _PAD,
        }


class InspectorDelegate(QStyledItemDelegate):
    """Paints a cell; what is not sent is muted."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Leave the box to the view: Qt would tick it a second time, and not select the row."""
        del event, model, option, index
        return False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, rect = self._theme, option.rect
        state, widget = option.state, option.widget
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            focused = widget.hasFocus()
            painter.fillRect(rect, theme.colour("selected" if focused else "selected-bg:60"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))
        muted = bool(index.data(MUTED_ROLE))
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if index.column() == TICK:
            self._paint_box(painter, inner, round(_BOX * option.fontMetrics.height()), index)
        elif index.column() == SHARE:
            self._paint_bar(painter, inner, index)
        else:
            painter.setPen(theme.colour("muted" if muted else "ink"))
            painter.setFont(option.font)
            text = str(index.data() or "")
            metrics = QFontMetrics(option.font)
            align = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
            if icon := index.data(ICON_ROLE):
                size = round(_ICON * metrics.height())
                place = QRect(inner.left() + metrics.horizontalAdvance(text) + 6, 0, size, size)
                place.moveTop(inner.center().y() - size // 2)
                icons.paint(painter, icon, theme.hex("muted"), place)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, align | Qt.TextFlag.TextSingleLine, shown)
        painter.restore()

    def _paint_box(self, painter: QPainter, room: QRect, size: int, index: _Index) -> None:
        ticked = index.data(Qt.ItemDataRole.CheckStateRole)
        if ticked is None:
            return
        theme = self._theme
        box = QRectF(0, 0, size, size)
        box.moveCenter(QRectF(room).center())
        model = index.model()
        assert isinstance(model, QAbstractItemModel)
        tickable = bool(model.flags(index) & Qt.ItemFlag.ItemIsUserCheckable)
        if Qt.CheckState(ticked) == Qt.CheckState.Checked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent" if tickable else "muted-bg:60"))
            painter.drawRoundedRect(box, 4, 4)
            icons.paint(painter, "check", theme.hex("on_accent"), box.toRect().adjusted(2, 2, -2, -2))
        else:
            painter.setPen(QPen(theme.colour("muted" if tickable else "line"), 1))
            painter.setBrush(theme.colour("card"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_bar(self, painter: QPainter, room: QRect, index: _Index) -> None:
        share = float(index.data(SHARE_ROLE) or 0.0)
        if not share:
            return
        theme = self._theme
        bar = QRectF(room.left(), room.center().y() - _BAR / 2, room.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("muted-bg:25"))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        bar.setWidth(max(2.0, bar.width() * share))
        painter.setClipRect(bar)
        bar.setWidth(max(bar.width(), _BAR))
        painter.setBrush(theme.colour("muted-bg:60" if index.data(MUTED_ROLE) else "accent"))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
