"""The tags of some sessions: those that are there to be checked, and a field for new ones that completes itself."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.folding import fold
from desktop.domain.organising import Tag
from desktop.i18n import _, ngettext
from desktop.ui.marks import dot
from desktop.ui.parts import button, heading
from desktop.ui.theme import Theme

LONGEST = 100
MOST_ROWS = 9


class TagsDialog(QDialog):
    """`TagsDialog(tags=…, checked=…, count=…, theme=…)`; what is checked and unchecked is done at once.

    `checked` tells of each tag's number whether all of the sessions have it, or some (`Qt.CheckState`).
    """

    added = Signal(str)
    """The name of a tag to mark the sessions with."""
    removed = Signal(int)
    """The number of a tag to take off them."""

    def __init__(
        self,
        *,
        tags: tuple[Tag, ...],
        checked: Callable[[int], Qt.CheckState],
        count: int,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("tagsDialog")
        title = ngettext("Tags of {count} session", "Tags of {count} sessions", count).format(count=count)
        title = title if count > 1 else _("Tags")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = QLineEdit()
        self.field.setObjectName("tagField")
        self.field.setAccessibleName(_("New tag"))
        self.field.setPlaceholderText(_("Find a tag, or write a new one"))
        self.field.setMaxLength(LONGEST)
        self._add = button(_("Add"), mark="primary", clicked=self._take)
        self._add.setObjectName("addTag")
        self._boxes: list[tuple[str, QCheckBox]] = []
        scroll = self._rows(tags, checked, theme)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.field, 1)
        top.addWidget(self._add)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button(_("Close"), clicked=self.accept))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading(title, 1.14))
        layout.addLayout(top)
        layout.addWidget(scroll)
        layout.addLayout(foot)
        self.setMinimumWidth(22 * self.fontMetrics().height())
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self._take)
        self._on_text_changed("")
        self.field.setFocus()

    def _rows(self, tags: tuple[Tag, ...], checked: Callable[[int], Qt.CheckState], theme: Theme) -> QScrollArea:
        """Return the tags, each with its box."""
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(6)
        for tag in tags:
            box = QCheckBox(f"#{tag.name}".replace("&", "&&"))
            box.setIcon(dot(theme, tag.colour, size=10))
            box.setObjectName(f"tag-{tag.id}")
            box.setAccessibleName(tag.name)
            box.setCheckState(checked(tag.id))
            box.clicked.connect(lambda on, tag=tag: self._on_clicked(tag, on=on))
            column.addWidget(box)
            self._boxes.append((fold(tag.name), box))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(rows)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFixedHeight(min(len(tags), MOST_ROWS) * (self.fontMetrics().height() + 12) + 6)
        scroll.setVisible(bool(tags))
        return scroll

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        wanted = fold(text.strip().lstrip("#"))
        self._add.setEnabled(bool(wanted))
        for name, box in self._boxes:
            box.setVisible(wanted in name)

    def _take(self) -> None:
        name = " ".join(self.field.text().split()).lstrip("#")
        if not name:
            self.accept()
            return
        found = [box for other, box in self._boxes if other.startswith(fold(name))]
        exact = next((box for other, box in self._boxes if other == fold(name)), None)
        box = exact or (found[0] if len(found) == 1 else None)
        if box is None:
            self.added.emit(name)
        elif box.checkState() != Qt.CheckState.Checked:
            box.click()
        self.accept()

    def _on_clicked(self, tag: Tag, *, on: bool) -> None:
        if on:
            self.added.emit(tag.name)
        else:
            self.removed.emit(tag.id)
