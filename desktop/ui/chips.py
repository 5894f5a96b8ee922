"""The folder and the tags of the open session, beside its title; a click lists what else is kept there."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from desktop.domain.one_line import one_line
from desktop.domain.organising import Labels, Place, PlaceKind
from desktop.i18n import _, pgettext
from desktop.ui.icons import icon
from desktop.ui.marks import mark_colour
from desktop.ui.theme import Theme, scaled_font

LONGEST_EM = 11


class Chip(QToolButton):
    """A button whose words have as much room at the right as at the left."""

    def sizeHint(self) -> QSize:
        # Qt asks for two blanks more than it paints, and leaves them at the end of words that follow an icon.
        spare = 0 if self.icon().isNull() else 2 * self.fontMetrics().horizontalAdvance(" ")
        return super().sizeHint() - QSize(spare, 0)


class Chips(QWidget):
    """`show_labels` says what there is; what has no room is not shown, from the last one on."""

    place_chosen = Signal(object)
    """The `Place` of the folder or the tag that was pressed."""
    back_wanted = Signal()
    """The open session is to come back out of the archive."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("chips")
        self._theme = theme
        self._labels = Labels()
        self._archived = self._resolved = False
        self._chips: list[QToolButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def show_labels(self, labels: Labels, *, archived: bool = False, resolved: bool = False) -> None:
        """Show how a session is kept."""
        if (labels, archived, resolved) != (self._labels, self._archived, self._resolved):
            self._labels, self._archived, self._resolved = labels, archived, resolved
            self._build()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self._build()

    def _build(self) -> None:
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        if self._archived:
            chip = self._chip("archivedChip", _("Archived · Bring back"), "archive", self._theme.muted)
            chip.clicked.connect(self.back_wanted)
        for tag in self._labels.tags:
            chip = self._chip(f"tagChip-{tag.id}", f"#{tag.name}", "", "")
            chip.setAccessibleName(_("Tag {name}").format(name=tag.name))
            self._leads_to(chip, Place(kind=PlaceKind.TAG, number=tag.id))
        if folder := self._labels.folder:
            colour = mark_colour(self._theme, folder.colour).name()
            chip = self._chip("folderChip", folder.name, "folder", colour)
            chip.setAccessibleName(_("Folder {name}").format(name=folder.name))
            self._leads_to(chip, Place(kind=PlaceKind.FOLDER, number=folder.id))
        if self._resolved:
            chip = self._chip("resolvedChip", pgettext("one session", "Resolved"), "check", self._theme.ok)
            self._leads_to(chip, Place(kind=PlaceKind.RESOLVED))
        self.updateGeometry()
        self._fit()

    def _chip(self, name: str, text: str, symbol: str, colour: str) -> QToolButton:
        chip = Chip()
        chip.setObjectName(name)
        chip.setProperty("pill", True)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.setFont(scaled_font(self.font(), 0.9))
        most = LONGEST_EM * chip.fontMetrics().height()
        chip.setText(
            chip.fontMetrics().elidedText(one_line(text), Qt.TextElideMode.ElideRight, most).replace("&", "&&")
        )
        chip.setAccessibleName(text)
        if symbol:
            chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            chip.setIconSize(QSize(14, 14))
            chip.setIcon(icon(symbol, colour))
        self._row.addWidget(chip)
        self._chips.append(chip)
        return chip

    def _leads_to(self, chip: QToolButton, place: Place) -> None:
        chip.clicked.connect(lambda: self.place_chosen.emit(place))

    def sizeHint(self) -> QSize:
        widths = [chip.sizeHint().width() for chip in self._chips]
        heights = [chip.sizeHint().height() for chip in self._chips]
        return QSize(sum(widths) + self._row.spacing() * max(0, len(widths) - 1), max(heights, default=0))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def _fit(self) -> None:
        left = self.width()
        for chip in self._chips:
            left -= chip.sizeHint().width()
            chip.setVisible(left >= 0)
            left -= self._row.spacing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
