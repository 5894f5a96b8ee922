"""What will be sent: the pieces with their tokens and prices, the raw request, and what the last one brought back."""

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop.domain.context import Mark
from desktop.domain.inspection import Kind
from desktop.domain.summaries import SummaryState
from desktop.i18n import _
from desktop.presenters.inspector import InspectorPresenter, View
from desktop.ui.dialogs.page import PageDialog
from desktop.ui.inspector.raw import RawText
from desktop.ui.inspector.small import PriceDialog, SummaryDialog
from desktop.ui.inspector.table import InspectorTable
from desktop.ui.parts import button, label
from desktop.ui.theme import Theme
from desktop.ui.transcript.blocks.menu import Entry, open_menu

MESSAGES, REQUEST, RESPONSE = range(3)


class InspectorDialog(PageDialog):
    """`InspectorDialog(presenter=…, theme=…, parent=…)`, then `open()`."""

    def __init__(self, *, presenter: InspectorPresenter, theme: Theme, parent: QWidget | None = None) -> None:
        tabs = (
            ("inspectorTabMessages", _("Messages")),
            ("inspectorTabRequest", _("Raw request")),
            ("inspectorTabResponse", _("Last response")),
        )
        super().__init__(name="inspector", title=_("What will be sent"), tabs=tabs, parent=parent)
        self._presenter = presenter
        presenter.setParent(self)
        self._view: View | None = None
        self.table = InspectorTable(model=presenter.rows, theme=theme)
        self.request = RawText(name="inspectorRequest", title=_("Raw request"))
        self.sent = RawText(name="inspectorSent", title=_("The request as it was sent"))
        self.received = RawText(name="inspectorReceived", title=_("The response as it came"))
        self.about_last = label(selectable=True)
        self.note = label(mark="muted", wrap=False)
        self.total = label()
        self.cached = label(mark="muted")
        self.margin = label(mark="muted")
        self.refusal = label(mark="warn")
        self.pages = QStackedWidget()
        for page in (self._padded(self.table, 6), self._padded(self.request, 14), self._make_last()):
            self.pages.addWidget(page)
        self.build(middle=self.tabs.buttons(), right=(self.note,), body=self.pages, foot=self._make_foot())
        self._connect()
        self._show_page(MESSAGES)
        presenter.load()
        self.table.setFocus()

    def _connect(self) -> None:
        presenter = self._presenter
        presenter.shown.connect(self._on_shown)
        presenter.failed.connect(self._refuse)
        presenter.busy.connect(self._on_busy)
        presenter.changed.connect(lambda: self._refuse(""))
        self.table.pin_requested.connect(presenter.pin)
        self.table.opened.connect(self._on_opened)
        self.table.menu_wanted.connect(self._open_menu)
        self.tabs.idClicked.connect(self._show_page)

    def _make_last(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(22, 16, 22, 16)
        layout.setSpacing(12)
        layout.addWidget(self.about_last)
        layout.addWidget(self.sent, 2)
        layout.addWidget(self.received, 3)
        layout.addStretch(0)
        return page

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        font = self.total.font()
        font.setBold(True)
        self.total.setFont(font)
        for part, stretch in ((self.total, 5), (self.cached, 3), (self.margin, 5), (self.refusal, 8)):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            row.addWidget(part, stretch)
        self.refusal.hide()
        self.price = button(_("Price…"), mark="pill", clicked=self._ask_price)
        self.price.setObjectName("inspectorPrice")
        self.redo = button(_("Redo summary"), mark="pill", clicked=self._presenter.redo_summary)
        self.redo.setObjectName("inspectorRedo")
        self.redo.hide()
        close = button(_("Close"), mark="primary", clicked=self.accept)
        for each in (self.price, self.redo, close):
            row.addWidget(each)
        return row

    def _padded(self, widget: QWidget, side: int) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(side + 8, 8, side + 8, 12)
        layout.addWidget(widget)
        return page

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self.table.set_theme(theme)

    @Slot(int)
    def _show_page(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.tabs.button(page).setChecked(True)
        self._fill(page)

    def _fill(self, page: int) -> None:
        """Lay out long texts only where somebody looks at them."""
        if self._view is None:
            return
        if page == REQUEST:
            about = _("Without the key. Each provider gets it in its own form, which Last response shows.")
            self.request.show_text(self._view.request, about)
        elif page == RESPONSE:
            self.about_last.setText(self._view.exchange)
            self.sent.show_text(self._view.sent, _("The request as it was sent") if self._view.sent else "")
            self.received.show_text(self._view.received, _("The response as it came") if self._view.received else "")

    @Slot(object)
    def _on_shown(self, view: View) -> None:
        self._view = view
        self.note.setText(view.note)
        self.total.setText(view.total)
        self.cached.setText(view.cached)
        self.cached.setVisible(bool(view.cached))
        self.margin.setText(view.margin)
        self.redo.setVisible(view.has_summary)
        self._fill(self.pages.currentIndex())
        if not self.table.currentIndex().isValid() and self._presenter.rows.rowCount():
            self.table.selectRow(0)

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        self.redo.setEnabled(not busy)
        self.redo.setText(_("Being made…") if busy else _("Redo summary"))

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        """Say what could not be done, in the place of the figures' small print."""
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))
        self.margin.setVisible(not sentence)

    @Slot(int)
    def _on_opened(self, number: int) -> None:
        item = self._presenter.rows.row(number).item
        if item is not None and item.kind is Kind.SUMMARY:
            self._edit_summary()
        else:
            self._presenter.tick(number)

    @Slot(int, QPoint)
    def _open_menu(self, number: int, place: QPoint) -> None:
        if entries := self.entries(number):
            open_menu(self, place, entries)

    def entries(self, number: int) -> list[Entry]:
        """Return what can be done with a row, as a menu offers it."""
        item = self._presenter.rows.row(number).item
        if item is None:
            return []
        entries: list[Entry] = []
        if item.kind is Kind.SUMMARY:
            off = self._view is not None and self._view.summary_state is SummaryState.OFF
            entries = [
                (_("Edit the summary…"), self._edit_summary),
                (_("Redo summary"), self._presenter.redo_summary),
                (_("Switch on") if off else _("Switch off"), lambda: self._presenter.tick(number)),
            ]
        elif item.wished_mark is not None:
            text = _("Leave out") if item.is_sent else _("Send all the same")
            entries = [(text, lambda: self._presenter.tick(number))]
        if item.kind in (Kind.SUMMARY, Kind.MESSAGE):
            pinned = item.mark is Mark.PINNED
            entries.append((_("Unpin") if pinned else _("Pin"), lambda: self._presenter.pin(number)))
        return entries

    def _edit_summary(self) -> None:
        if self._view is not None and self._view.has_summary:
            dialog = SummaryDialog(text=self._view.summary, parent=self)
            dialog.written.connect(self._presenter.edit_summary)
            dialog.open()

    def _ask_price(self) -> None:
        if self._view is not None:
            view = self._view
            dialog = PriceDialog(model=view.model, own=view.own, listed=view.listed, parent=self)
            dialog.chosen.connect(self._presenter.set_price)
            dialog.open()
