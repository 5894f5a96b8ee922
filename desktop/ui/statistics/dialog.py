"""Statistics: five figures, a plot and a table of models, of the session, of this month, or of everything."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import _
from desktop.presenters.statistics import Figures, StatisticsPresenter
from desktop.ui.dialogs.export import SaveDialog
from desktop.ui.dialogs.page import PageDialog
from desktop.ui.parts import button, heading, label
from desktop.ui.statistics.chart import BarChart
from desktop.ui.theme import Theme


class FigureCard(QFrame):
    """One figure with its meaning below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._figure = heading("", 1.45)
        self._meaning = label(mark="muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(4)
        layout.addWidget(self._figure)
        layout.addWidget(self._meaning)
        layout.addStretch(1)

    def show_card(self, figure: str, meaning: str) -> None:
        """Show a figure."""
        self._figure.setText(figure)
        self._meaning.setText(meaning)
        self.setAccessibleName(f"{figure} {meaning}")


class StatisticsDialog(PageDialog):
    """`StatisticsDialog(presenter=…, theme=…, parent=…)`, then `open()`."""

    def __init__(self, *, presenter: StatisticsPresenter, theme: Theme, parent: QWidget | None = None) -> None:
        tabs = ((f"statistics{scope.value.capitalize()}", title) for scope, title in presenter.scopes)
        super().__init__(name="statistics", title=_("Statistics"), tabs=tabs, parent=parent)
        self._presenter = presenter
        presenter.setParent(self)
        self.chart = BarChart(theme=theme)
        self.cards = [FigureCard() for _card in range(5)]
        self.table = self._make_table()
        self._note = label(mark="muted", wrap=False)
        self._status = label(mark="muted")
        self.build(middle=self.tabs.buttons(), right=(self._note,), body=self._make_body(), foot=self._make_foot())
        self.tabs.idClicked.connect(self._choose)
        presenter.shown.connect(self._on_shown)
        presenter.failed.connect(self._status.setText)
        self.finished.connect(presenter.close)
        presenter.saved.connect(lambda path: self._status.setText(_("Saved to {path}").format(path=path)))
        self.tabs.button(0).setChecked(True)
        self._choose(0)

    def _make_body(self) -> QVBoxLayout:
        body = QVBoxLayout()
        body.setContentsMargins(22, 18, 22, 12)
        body.setSpacing(18)
        row = QHBoxLayout()
        row.setSpacing(12)
        for card in self.cards:
            row.addWidget(card, 1)
        body.addLayout(row)
        body.addWidget(self.chart, 3)
        body.addWidget(self.table, 2)
        return body

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        save = button(_("Export CSV…"), mark="pill", clicked=self._ask_where)
        save.setObjectName("statisticsExport")
        close = button(_("Close"), mark="primary", clicked=self.accept)
        close.setDefault(True)
        row.addWidget(save)
        row.addWidget(self._status, 1)
        row.addWidget(close)
        return row

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("statisticsModels")
        table.setAccessibleName(_("Use of each model"))
        table.setModel(self._presenter.models)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(round(2.1 * self.fontMetrics().height()))
        table.setMinimumHeight(6 * self.fontMetrics().height())
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        return table

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self.chart.set_theme(theme)

    @Slot(object)
    def _on_shown(self, figures: Figures) -> None:
        for card, shown in zip(self.cards, figures.cards, strict=True):
            card.show_card(shown.figure, shown.meaning)
        self.chart.show_bars(figures.title, figures.bars)
        self._note.setText(figures.note)
        self._status.setText(figures.legend)

    @Slot(int)
    def _choose(self, tab: int) -> None:
        self._presenter.show(self._presenter.scopes[tab][0])

    @Slot()
    def _ask_where(self) -> None:
        documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        dialog = SaveDialog(
            name="saveStatisticsDialog",
            title=_("Export CSV"),
            suggested=documents / "sobremesa.csv",
            suffix="csv",
            filters=(_("Tables (*.csv)"), _("All files (*)")),
            parent=self,
        )
        dialog.chosen.connect(self._presenter.save_csv)
        dialog.open()
