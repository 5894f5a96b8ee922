"""The statistics page as real widgets: tabs, figures, the plot, the table, and a file to take along."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget

from desktop.presenters.statistics import Bar, StatisticsPresenter
from desktop.ui.statistics.chart import BarChart
from desktop.ui.statistics.dialog import StatisticsDialog
from desktop.ui.theme import Theme, load_theme
from tests.presenters.stage import playing


def test_the_page_shows_what_was_chosen(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """It opens on everything where no session is open, and another tab shows other figures."""
    with playing(qapp, tmp_path) as stage:
        stage.send("Hi")
        stage.until(lambda: bool(stage.chat.session_id))
        stage.rest()
        presenter = StatisticsPresenter(
            bridge=stage.bridge, session_id=stage.chat.session_id, now_ms=lambda: 1_795_262_400_000
        )
        host = QWidget()
        dialog = StatisticsDialog(presenter=presenter, theme=theme, parent=host)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        dialog.open()
        stage.until(lambda: dialog.table.model().rowCount() == 1)
        texts = [label.text() for card in dialog.cards for label in card.findChildren(QLabel)]
        assert "2" in texts
        assert "messages" in texts
        everything = dialog.findChild(QToolButton, "statisticsAll")
        assert everything is not None
        everything.click()
        stage.until(lambda: "messages in 1 session" in dialog.cards[1].accessibleName())
        dialog.set_theme(load_theme("dark"))
        assert not dialog.chart.grab().isNull()
        dialog.close()
        host.deleteLater()


def test_the_plot_reads_as_words(qapp: QApplication, theme: Theme) -> None:
    """A screen reader hears title and values; the bars stand within the frame, the highest the tallest."""
    chart = BarChart(theme=theme)
    chart.resize(600, 200)
    bars = [Bar(0.5, "1", "1: $1", is_last=False), Bar(0.0, "", "2: $0"), Bar(1.0, "3", "3: $2", is_last=True)]
    chart.show_bars("Cost per day", bars)
    assert chart.accessibleName() == "Cost per day"
    assert "3: $2" in chart.accessibleDescription()
    rects = chart._rects()
    assert [round(rect.height() / rects[2].height(), 1) for rect in rects] == [0.5, 0.0, 1.0]
    assert all(chart.rect().contains(rect.toAlignedRect()) for rect in rects)
    picture = chart.grab().toImage()
    middle = rects[2].center().toPoint()
    assert picture.pixelColor(middle).name() == theme.colour("accent").name()
    assert picture.pixelColor(QPoint(middle.x(), 40)).name() == theme.colour("card").name()
    chart.deleteLater()
