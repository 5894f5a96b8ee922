"""The page of the first start: a greeting, and a card for everyone who could be talked to."""

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QFont, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.presenters.firstrun import CardRole, FirstRunPresenter
from desktop.ui.firstrun.card import Card
from desktop.ui.parts import heading, label

WIDTH_EM = 640 / 14
"""Width of the column in sizes of the text: 640 px at 14 px, and more for those who read larger letters."""
GAP = 12


class FirstRunPage(QScrollArea):
    """The first page. `FirstRunPage(presenter=FirstRunPresenter, parent=None)`; it looks around when first shown."""

    def __init__(self, *, presenter: FirstRunPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("firstRun")
        self.setAccessibleName(_("First page"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.presenter = presenter
        self._looked = False
        self._columns = 2
        self._cards: list[Card] = []

        self._title = heading(presenter.greeting(), 1.86, QFont.Weight.Bold)
        self._title.setObjectName("firstRunTitle")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)

        self._column = QWidget()
        inside = QVBoxLayout(self._column)
        inside.setContentsMargins(0, 76, 0, 24)
        inside.setSpacing(0)
        inside.addWidget(self._title)
        inside.addSpacing(12)
        inside.addWidget(label(_("Everything you write stays in one file on this computer."), mark="muted"))
        inside.addSpacing(24)
        inside.addLayout(self._grid)
        inside.addStretch(1)
        self._column.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

        page = QWidget()
        outside = QGridLayout(page)
        outside.setContentsMargins(24, 0, 24, 0)
        outside.setColumnStretch(0, 1)
        outside.setColumnStretch(2, 1)
        outside.addWidget(self._column, 0, 1)
        self.setWidget(page)
        for ground in (page, self.viewport()):
            ground.setAutoFillBackground(False)

        cards = presenter.cards
        cards.rowsInserted.connect(self._on_rows_inserted)
        cards.rowsAboutToBeRemoved.connect(self._on_rows_about_to_be_removed)
        cards.dataChanged.connect(self._on_data_changed)
        if cards.rowCount():
            self._on_rows_inserted(QModelIndex(), 0, cards.rowCount() - 1)

    @property
    def title(self) -> QLabel:
        """The headline."""
        return self._title

    def cards(self) -> tuple[Card, ...]:
        """Return the cards in their order."""
        return tuple(self._cards)

    def showEvent(self, event: QShowEvent) -> None:
        """Greet for this hour, and look around once."""
        super().showEvent(event)
        self._title.setText(self.presenter.greeting())
        self._fit()
        if not self._looked:
            self._looked = True
            self.presenter.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the column its width, or the headline's where there is room for it in one line."""
        em = self.fontMetrics().height() / 1.21
        room = self.viewport().width() - 48
        headline = self._title.fontMetrics().horizontalAdvance(self._title.text()) + 8
        self._column.setFixedWidth(max(200, min(room, max(round(WIDTH_EM * em), headline))))
        columns = 2 if self._column.width() >= 34 * em else 1
        if columns != self._columns:
            self._columns = columns
            self._place()

    @Slot(QModelIndex, int, int)
    def _on_rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            card = Card(self._column)
            card.setObjectName(f"card-{self.presenter.cards.index(row).data(CardRole.KIND)}")
            card.clicked.connect(self._on_card_clicked)
            self._cards.insert(row, card)
            self._fill(row)
        self._place()

    @Slot(QModelIndex, QModelIndex)
    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        for row in range(first.row(), last.row() + 1):
            self._fill(row)

    def _fill(self, row: int) -> None:
        index = self.presenter.cards.index(row)
        self._cards[row].fill(
            title=index.data(),
            text=index.data(CardRole.TEXT),
            action=index.data(CardRole.ACTION),
            spoken=index.data(Qt.ItemDataRole.AccessibleTextRole),
        )

    @Slot(QModelIndex, int, int)
    def _on_rows_about_to_be_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        for card in self._cards[first : last + 1]:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        del self._cards[first : last + 1]
        self._place()

    def _place(self) -> None:
        """Put the cards into their cells, and the Tab key into their order."""
        for card in self._cards:
            self._grid.removeWidget(card)
        for number, card in enumerate(self._cards):
            self._grid.addWidget(card, number // self._columns, number % self._columns)
            if number:
                QWidget.setTabOrder(self._cards[number - 1], card)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    @Slot()
    def _on_card_clicked(self) -> None:
        card = self.sender()
        assert isinstance(card, Card)
        self.presenter.choose(self._cards.index(card))
