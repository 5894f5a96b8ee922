"""Which sessions a profile adopts from another: all of them, or those that are ticked."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QRadioButton, QWidget

from desktop.domain.organising import Profile
from desktop.domain.sessions import SessionListing
from desktop.i18n import _, ngettext
from desktop.presenters.profiles import ProfilesPresenter
from desktop.ui.parts import Choice, label
from desktop.ui.profiles.questions import Asking

_ID = Qt.ItemDataRole.UserRole
_NEAR_END = 20


class AdoptDialog(Asking):
    """`AdoptDialog(presenter=…, to=…, givers=…, parent=…)` asks, and has it done."""

    def __init__(
        self, *, presenter: ProfilesPresenter, to: Profile, givers: Sequence[Profile], parent: QWidget | None = None
    ) -> None:
        title = _("Adopt sessions into {name}").format(name=to.name)
        super().__init__(name="adoptDialog", title=title, answer=_("Adopt"), parent=parent)
        self._presenter = presenter
        self._to = to
        self._last: SessionListing | None = None
        self._more = False
        self._known: set[str] = set()
        self._ticked: dict[str, None] = {}
        self.giver = Choice()
        self.giver.setObjectName("giver")
        self.giver.setAccessibleName(_("From whom"))
        for one in givers:
            self.giver.addItem(_("From {name}").format(name=one.name), one.id)
        self.all = QRadioButton(_("All sessions, with the archive and the trash"))
        self.chosen = QRadioButton(_("Those that are ticked"))
        self.all.setChecked(True)
        self.list = QListWidget()
        self.list.setObjectName("adoptList")
        self.list.setAccessibleName(_("Sessions"))
        self.list.setUniformItemSizes(True)
        self.list.setMinimumHeight(10 * self.fontMetrics().height())
        self.list.setEnabled(False)
        for widget in (self.giver, self.all, self.chosen, self.list):
            self.body.addWidget(widget)
        self.body.addWidget(
            label(_("Tags and folders go along. What was spent stays on the bill of who spent it."), mark="muted")
        )
        self.giver.currentIndexChanged.connect(self._begin)
        self.chosen.toggled.connect(self.list.setEnabled)
        self.list.itemChanged.connect(self._on_ticked)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        presenter.listed.connect(self._on_listed)
        presenter.counted.connect(self._on_counted)
        self._begin()

    def take(self) -> None:
        ids = None if self.all.isChecked() else self.ticked()
        if ids == ():
            self.refuse(_("Tick at least one session."))
            return
        self._presenter.adopt(self.giver.currentData(), self._to.id, ids)
        self.accept()

    def ticked(self) -> tuple[str, ...]:
        """Return the sessions that are ticked."""
        return tuple(self._ticked)

    @Slot()
    def _begin(self) -> None:
        self.list.clear()
        self._last, self._more = None, False
        self._known.clear()
        self._ticked.clear()
        if (giver := self.giver.currentData()) is not None:
            self._presenter.count(giver)
            self._presenter.list_sessions(giver)

    @Slot(int, object, bool)
    def _on_listed(self, profile_id: int, page: Sequence[SessionListing], has_more: bool) -> None:
        if profile_id != self.giver.currentData():
            return
        for listing in page:
            if listing.id not in self._known:
                self._known.add(listing.id)
                item = QListWidgetItem(" ".join(listing.title.split()) or _("Untitled"))
                item.setData(_ID, listing.id)
                item.setCheckState(Qt.CheckState.Unchecked)
                self.list.addItem(item)
        self._last, self._more = (page[-1] if page else None), has_more

    @Slot(QListWidgetItem)
    def _on_ticked(self, item: QListWidgetItem) -> None:
        if item.checkState() == Qt.CheckState.Checked:
            self._ticked[item.data(_ID)] = None
        else:
            self._ticked.pop(item.data(_ID), None)

    @Slot(int, int)
    def _on_counted(self, profile_id: int, count: int) -> None:
        if profile_id == self.giver.currentData():
            words = ngettext(
                "The one session, be it archived or in the trash",
                "All {count} sessions, archive and trash included",
                count,
            )
            self.all.setText(words.format(count=count))
            self.answer.setEnabled(bool(count))
            self.resize(self.sizeHint().expandedTo(self.size()))

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        if self._more and value >= self.list.verticalScrollBar().maximum() - _NEAR_END:
            self._more = False
            self._presenter.list_sessions(self.giver.currentData(), self._last)
