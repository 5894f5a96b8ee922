"""The commands that keep sessions in order, as QActions with stable names. They say what they would do to how many."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.organising import Folder, Sort
from desktop.i18n import _, ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The sessions that a command would mean, and how they are now: all of them so, or not."""

    ids: tuple[str, ...] = ()
    pinned: bool = False
    resolved: bool = False
    archived: bool = False


class SessionActions(QObject):
    """Triggered actions are intents; `show_targets` words them for what is selected."""

    folder_chosen = Signal(object)
    """The number of the folder to move to, or None for no folder."""
    new_folder_chosen = Signal()
    """Move to a folder that is made for it."""
    sort_wanted = Signal(object)
    """A `Sort`."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.pin = self._make("pinSession", _("&Pin"), "Ctrl+Shift+P")
        self.resolve = self._make("resolveSession", _("Mark as &resolved"), "Ctrl+Shift+R")
        self.archive = self._make("archiveSession", _("&Archive"), "Ctrl+Shift+A")
        self.tag = self._make("tagSession", _("&Tags…"), "Ctrl+T")
        self.new_folder = self._make("newFolder", _("New &folder…"))
        self.show_archive = self._make("showArchive", _("Show the &archive"))
        self.show_archive.setCheckable(True)
        self.move_menu = QMenu(_("Move to fol&der"), parent)
        self.move = self.move_menu.menuAction()
        self.move.setObjectName("moveSession")
        self._folders: tuple[Folder, ...] = ()
        self.move_menu.aboutToShow.connect(self._fill_move)
        self.sorts = self._make_sorts()
        self.show_targets(Targets())

    def _make(self, name: str, text: str, *keys: str) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(name)
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action

    def _make_sorts(self) -> QActionGroup:
        group = QActionGroup(self)
        words = {Sort.ACTIVITY: _("By last &activity"), Sort.CREATION: _("By &creation"), Sort.TITLE: _("By &title")}
        for sort, text in words.items():
            action = self._make(f"sortBy{sort.value.capitalize()}", text)
            action.setCheckable(True)
            action.setData(sort)
            group.addAction(action)
        group.actions()[0].setChecked(True)
        group.triggered.connect(lambda action: self.sort_wanted.emit(Sort(action.data())))
        return group

    def show_sort(self, sort: Sort) -> None:
        """Check the order that is shown."""
        for action in self.sorts.actions():
            action.setChecked(action.data() == sort)

    def show_folders(self, folders: tuple[Folder, ...]) -> None:
        """Offer these folders, in their order, to move to."""
        self._folders = folders

    def show_targets(self, targets: Targets) -> None:
        """Enable and word the commands for what they would mean."""
        count = len(targets.ids)
        for action in (self.pin, self.resolve, self.archive, self.move, self.tag):
            action.setEnabled(count > 0)
        several = count > 1
        unpin, reopen = targets.pinned, targets.resolved
        if several:
            pin = _counted(ngettext("Un&pin {count} session", "Un&pin {count} sessions", count), count)
            pin = pin if unpin else _counted(ngettext("&Pin {count} session", "&Pin {count} sessions", count), count)
            open_ = _counted(ngettext("&Reopen {count} session", "&Reopen {count} sessions", count), count)
            resolve = ngettext("Mark {count} session as &resolved", "Mark {count} sessions as &resolved", count)
            resolve = open_ if reopen else _counted(resolve, count)
            back = _counted(ngettext("Bring {count} session &back", "Bring {count} sessions &back", count), count)
            archive = _counted(ngettext("&Archive {count} session", "&Archive {count} sessions", count), count)
            archive = back if targets.archived else archive
            move = _counted(
                ngettext("Move {count} session to fol&der", "Move {count} sessions to fol&der", count), count
            )
            tag = _counted(ngettext("&Tags of {count} session…", "&Tags of {count} sessions…", count), count)
        else:
            pin = _("Un&pin") if unpin else _("&Pin")
            resolve = _("&Reopen") if reopen else _("Mark as &resolved")
            archive = _("Bring &back") if targets.archived else _("&Archive")
            move, tag = _("Move to fol&der"), _("&Tags…")
        for action, text in (
            (self.pin, pin),
            (self.resolve, resolve),
            (self.archive, archive),
            (self.move, move),
            (self.tag, tag),
        ):
            action.setText(text)

    def fill(self, menu: QMenu) -> None:
        """Add what keeps sessions in order to a menu."""
        for action in (self.pin, self.resolve, self.move, self.tag, self.archive):
            menu.addAction(action)

    def _fill_move(self) -> None:
        self.move_menu.clear()
        levels: dict[int, int] = {}
        for folder in self._folders:
            levels[folder.id] = level = levels.get(folder.parent_id or 0, -1) + 1
            name = folder.name.replace("&", "&&")
            action = self.move_menu.addAction("    " * level + name)
            action.triggered.connect(lambda _checked=False, number=folder.id: self.folder_chosen.emit(number))
        if self._folders:
            self.move_menu.addAction(_("No folder")).triggered.connect(lambda: self.folder_chosen.emit(None))
            self.move_menu.addSeparator()
        self.move_menu.addAction(_("New &folder…")).triggered.connect(self.new_folder_chosen)


def _counted(text: str, count: int) -> str:
    return text.format(count=count)
