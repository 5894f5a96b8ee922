"""The keys of every command: a table by menus, edited in place, with a sentence where a key cannot be had as it is."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Slot,
)
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.domain.shortcuts import Command
from desktop.i18n import _
from desktop.presenters.shortcuts import CHANGED_ROLE, COMMAND_ROLE, Column, ShortcutsPresenter
from desktop.ui.parts import button, label, remark
from desktop.ui.settings.page import Page
from desktop.ui.theme import scaled_font

_PAD = 10
_KEY_EM = 8
_FEWEST_ROWS = 7
_ROW_PAD = 15
_REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class KeyDelegate(QStyledItemDelegate):
    """Paints the names of menus, commands and keys, and opens a field that takes one key."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._open: QObject | None = None
        self._again = False
        self.closeEditor.connect(self._on_closed)

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        field = QKeySequenceEdit(parent)
        field.setObjectName("keyField")
        field.setAccessibleName(_("Press the new key"))
        field.setMaximumSequenceLength(1)
        line = field.findChild(QLineEdit)
        if isinstance(line, QLineEdit):
            line.setPlaceholderText(_("Press a key"))
        field.editingFinished.connect(lambda: self._take(field))
        self._open = field
        return field

    def setEditorData(self, editor: QWidget, _index: QModelIndex | QPersistentModelIndex) -> None:
        """Begin with nothing, so that what is to be pressed is plain."""

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        assert isinstance(editor, QKeySequenceEdit)
        if not editor.keySequence().isEmpty():
            model.setData(index, editor.keySequence())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> None:
        editor.setGeometry(option.rect.adjusted(1, 1, -1, -1))

    @Slot()
    def _on_closed(self) -> None:
        self._open = None

    def listen_again(self) -> None:
        """Leave the field open that has just told a key."""
        self._again = True

    def _take(self, field: QKeySequenceEdit) -> None:
        if field is not self._open or field.keySequence().isEmpty():  # it also says so when it is closed or cleared
            return
        self._again = False
        self.commitData.emit(field)
        if self._again:
            field.clear()
        else:
            self._open = None
            self.closeEditor.emit(field, QStyledItemDelegate.EndEditHint.NoHint)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        palette, text = option.palette, str(index.data() or "")
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading | Qt.TextFlag.TextSingleLine
        rect = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        muted = palette.color(QPalette.ColorRole.PlaceholderText)
        if index.data(COMMAND_ROLE) is None:
            painter.setFont(scaled_font(option.font, 0.9, weight=QFont.Weight.DemiBold))
            painter.setPen(muted)
            painter.drawText(rect.adjusted(0, 6, 0, 0), side, text)
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
                ring = QPen(palette.color(QPalette.ColorRole.Link))
                painter.setPen(ring if focused else QPen(Qt.PenStyle.NoPen))
                painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
                painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 8, 8)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            if index.column() == Column.COMMAND:
                cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
                painter.drawText(rect, side, cut)
            elif text:
                self._paint_key(painter, rect, text, is_changed=bool(index.data(CHANGED_ROLE)), palette=palette)
            else:
                painter.setPen(muted)
                painter.drawText(rect, side, "–")
        painter.restore()

    def _paint_key(self, painter: QPainter, rect: QRect, text: str, *, is_changed: bool, palette: QPalette) -> None:
        """Paint a key in a frame like a key's; one that the user chose stands out."""
        painter.setFont(scaled_font(painter.font(), 0.93, weight=QFont.Weight.DemiBold if is_changed else None))
        metrics = painter.fontMetrics()
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - 12)
        box = QRect(0, 0, metrics.horizontalAdvance(text) + 14, metrics.height() + 5)
        box.moveLeft(rect.left() - 2)
        if painter.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            box.moveRight(rect.right() + 2)
        box.moveTop(rect.center().y() - box.height() // 2)
        role = QPalette.ColorRole.Link if is_changed else QPalette.ColorRole.Mid
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.color(role)))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)


class KeyTable(QTableView):
    """The table; Enter, a click or F2 in a key's cell edits it, Delete takes the key away."""

    def __init__(self, *, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keyboardTable")
        self.setAccessibleName(_("Commands and their keys"))
        self.setModel(model)
        self._keys = KeyDelegate(self)
        self.setItemDelegate(self._keys)
        self.listen_again = self._keys.listen_again
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _ROW_PAD)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.COMMAND, QHeaderView.ResizeMode.Stretch)
        em = self.fontMetrics().height()
        for column in (Column.KEY, Column.ALTERNATIVE):
            header.resizeSection(column, _KEY_EM * em)
        self.setMinimumHeight(_FEWEST_ROWS * (em + _ROW_PAD))
        self.clicked.connect(self._edit_key)

    def current_command(self) -> Command | None:
        """Return the command whose row is current."""
        found: Command | None = self.currentIndex().data(COMMAND_ROLE) if self.currentIndex().isValid() else None
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        is_key = index.column() > 0 and self.state() != QAbstractItemView.State.EditingState
        if is_key and event.key() in _REMOVING:
            self.model().setData(index, QKeySequence())
        elif is_key and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit(index)
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _edit_key(self, index: QModelIndex) -> None:
        if index.column() > 0:
            self.edit(index)


class KeyboardPage(Page):
    """`KeyboardPage(presenter=ShortcutsPresenter, parent=None)`."""

    def __init__(self, *, presenter: ShortcutsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            name="keyboard",
            title=_("Keyboard"),
            subtitle=_(
                "Click a key and press another one, or Delete to have none. Keys within dialogs stay as they are."
            ),
            parent=parent,
        )
        self._presenter = presenter
        self.filter = QLineEdit()
        self.filter.setObjectName("keyboardFilter")
        self.filter.setPlaceholderText(_("Find a command or a key"))
        self.filter.setAccessibleName(_("Find a command or a key"))
        self.filter.setClearButtonEnabled(True)
        self.table = KeyTable(model=presenter.model)
        self.said = label()
        self.said.setObjectName("keyboardSaid")
        self.take = button(_("Use it here"), mark="primary", clicked=presenter.take)
        self.take.setObjectName("keyboardTake")
        self.take.setAccessibleDescription(_("Takes the key away from the other command"))
        self.leave = button(_("Leave it there"), clicked=presenter.leave)
        self.leave.setObjectName("keyboardLeave")
        self.reset = button(_("Reset"), clicked=self._reset)
        self.reset.setObjectName("keyboardReset")
        self.reset.setAccessibleDescription(_("Gives the chosen command its own keys again"))
        self.reset_all = button(_("Reset all"), clicked=presenter.reset_all)
        self.reset_all.setObjectName("keyboardResetAll")
        self._lay_out()
        self.setFocusProxy(self.filter)
        presenter.refused.connect(self._on_refused)
        presenter.asked.connect(self._on_asked)
        presenter.settled.connect(self._on_settled)
        self.filter.textChanged.connect(presenter.leave)
        self.filter.textChanged.connect(presenter.model.narrow)
        self.table.selectionModel().currentChanged.connect(presenter.leave)
        presenter.model.dataChanged.connect(self._refresh)
        presenter.model.rowsRemoved.connect(self._refresh)
        self._on_settled()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.reset)
        foot.addWidget(self.reset_all)
        foot.addStretch(1)
        self._notice = QFrame()
        self._notice.setProperty("card", True)
        row = QHBoxLayout(self._notice)
        row.setContentsMargins(16, 10, 10, 10)
        row.setSpacing(8)
        row.addWidget(self.said, 1)
        row.addWidget(self.leave)
        row.addWidget(self.take)
        self.body.addWidget(self.filter)
        self.body.addSpacing(8)
        self.body.addWidget(self.table, 1)
        self.body.addSpacing(10)
        self.body.addWidget(self._notice)
        self.body.addSpacing(10)
        self.body.addLayout(foot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape answer the question that is asked here, before it closes what is around."""
        if event.key() == Qt.Key.Key_Escape and self.take.isVisible():
            self._presenter.leave()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _refresh(self) -> None:
        command = self.table.current_command()
        self.reset.setEnabled(command is not None and command.keys != command.defaults)
        self.reset_all.setEnabled(any(each.keys != each.defaults for each in self._presenter.model.commands))

    def _reset(self) -> None:
        command = self.table.current_command()
        if command is not None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._presenter.reset(command.name)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self.table.listen_again()
        self._say(sentence, asks=False)

    @Slot(str)
    def _on_asked(self, sentence: str) -> None:
        self._say(sentence, asks=True)
        self.take.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_settled(self) -> None:
        if self.take.hasFocus() or self.leave.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._notice.hide()
        self._refresh()

    def _say(self, sentence: str, *, asks: bool) -> None:
        self.said.setText(sentence)
        remark(self.said, "warn", not asks)
        for each in (self.take, self.leave):
            each.setVisible(asks)
        self._notice.show()
        self.table.scrollTo(self.table.currentIndex())
