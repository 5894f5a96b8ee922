"""Part of the composition root: how sessions are kept in order, from the sidebar, the header and the menus.

What shows places and chips is built when there are some: a person with one list of sessions sees one list of sessions.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Slot

from desktop.domain.organising import EVERYTHING, Folder, Labels, Place, PlaceKind, Places, Sort
from desktop.domain.runs import ProfileChanged
from desktop.i18n import _, ngettext
from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.dragging import DragFiles
from desktop.presenters.models import ModelsPresenter
from desktop.presenters.organising import OrganisingPresenter
from desktop.presenters.places import PlaceRow, PlacesPresenter
from desktop.presenters.sidebar import SidebarPresenter
from desktop.ui.session_actions import Targets
from desktop.ui.theme import ThemeControl
from desktop.ui.window import MainWindow
from desktop.wiring.bulk_export import BulkExport

if TYPE_CHECKING:
    from desktop.domain.sessions import Session
    from desktop.services.backend import Backend
    from desktop.ui.chips import Chips
    from desktop.ui.sidebar.places_view import PlacesView

Ids = tuple[str, ...]
LOOKED_AT = 200
"""The tags of so many sessions are looked up before they are shown; the rest of a larger selection counts as mixed."""


class Organising(QObject):
    """Connects places, deeds and what is selected; `close` ends what it began."""

    def __init__(
        self,
        *,
        bridge: Bridge,
        window: MainWindow,
        chat: ChatPresenter,
        sidebar: SidebarPresenter,
        models: ModelsPresenter,
        theme: ThemeControl,
        ask_export: Callable[[str], None],
        sort: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._window, self._chat, self._sidebar = (bridge, window, chat, sidebar)
        self._models, self._theme = models, theme
        self.deeds = OrganisingPresenter(bridge=bridge, parent=self)
        self.places = PlacesPresenter(bridge=bridge, parent=self)
        self.files = DragFiles(bridge=bridge, model=sidebar.model, parent=self)
        self._open: Session | None = None
        self._chips: Chips | None = None
        self._said = self._offered = ""
        self._changing = QTimer(self)  # a thousand rows that change are looked at once
        self._changing.setSingleShot(True)
        self._changing.timeout.connect(self._show_targets)
        self.exporting = BulkExport(bridge=bridge, window=window, ask_one=ask_export, parent=self)
        sidebar.sort = next((each for each in Sort if each.value == sort), Sort.ACTIVITY)
        window.commands.sessions.show_sort(sidebar.sort)
        self._connect()

    def _connect(self) -> None:
        window, deeds, commands = (self._window, self.deeds, self._window.commands.sessions)
        view, model = window.sidebar.view, self.places.model

        self._bridge.ready.connect(self.places.refresh)
        self._bridge.updated.connect(self._on_updated)

        window.delete_requested.connect(self._trash)
        window.export_requested.connect(self.exporting.ask)
        window.targets_changed.connect(self._show_targets)
        window.sidebar.session_chosen.connect(self._chat.open)
        window.sidebar.search_changed.connect(self._sidebar.search)
        window.sidebar.place_chosen.connect(self.choose_place)

        view.everything_wanted.connect(self._sidebar.collect)
        view.let_go.connect(self.files.give_up)
        view.drag_wanted.connect(self.files.want)

        commands.pin.triggered.connect(lambda: deeds.pin(self._ids(), not self._targets().pinned))
        commands.resolve.triggered.connect(lambda: deeds.resolve(self._ids(), not self._targets().resolved))
        commands.archive.triggered.connect(lambda: deeds.archive(self._ids(), not self._targets().archived))
        commands.tag.triggered.connect(self.open_tags)
        commands.new_folder.triggered.connect(lambda: self.ask_folder(None))
        commands.folder_chosen.connect(lambda number: deeds.move(self._ids(), number))
        commands.new_folder_chosen.connect(lambda: self.ask_folder(None, then_move=self._ids()))
        commands.show_archive.toggled.connect(self._on_archive_toggled)
        commands.sort_wanted.connect(self._on_sort_wanted)

        deeds.done.connect(self._offer_undo)
        deeds.said.connect(window.banner.say)
        deeds.refused.connect(window.banner.warn)
        deeds.trashed.connect(self._on_trashed)
        deeds.open_changed.connect(self._on_open_changed)

        self.files.ready.connect(view.begin_drag)

        model.sessions_dropped.connect(deeds.drop)
        model.folder_dropped.connect(deeds.move_folder)
        model.rename_wanted.connect(deeds.rename)
        self.places.changed.connect(self._on_places_changed)

        self._sidebar.loaded.connect(window.sidebar.set_ready)
        self._sidebar.shown.connect(window.sidebar.set_shown)
        self._sidebar.collected.connect(self._on_collected)
        self._sidebar.other_wanted.connect(view.forget_everything)
        self._sidebar.other_wanted.connect(self._offer_everything_no_more)
        self._sidebar.restored.connect(self._on_restored)
        self._sidebar.model.dataChanged.connect(self._on_rows_changed)

        self._chat.session_changed.connect(lambda session_id, _title: deeds.set_open(session_id))

    def close(self) -> None:
        """Remove what was written for dragging."""
        self.files.close()

    # --------------------------------------------------------------------------------------------------- what is meant

    def _ids(self) -> Ids:
        return self._window.target_ids()

    def _targets(self) -> Targets:
        """Say how the sessions are that a command would mean."""
        ids = self._ids()
        rows = [row for each in ids if (row := self._sidebar.model.listing(each)) is not None]
        session = self._open
        if not rows and session is not None and ids == (session.id,):
            return Targets(ids=ids, pinned=session.pinned, resolved=session.is_resolved, archived=not session.is_active)
        return Targets(
            ids=ids,
            pinned=bool(rows) and all(row.pinned for row in rows),
            resolved=bool(rows) and all(row.is_resolved for row in rows),
            archived=bool(rows) and not any(row.is_active for row in rows),
        )

    @Slot()
    def _show_targets(self) -> None:
        self._window.commands.sessions.show_targets(self._targets())

    @Slot()
    def _on_rows_changed(self) -> None:
        self._changing.start(0)

    @Slot(object)
    def _trash(self, ids: Ids) -> None:
        listing = self._sidebar.model.listing(ids[0]) if len(ids) == 1 else None
        words = _("“{title}” is in the trash.").format(title=listing.title or _("Untitled")) if listing else ""
        self.deeds.trash(ids, words=words)

    @Slot(object)
    def _on_trashed(self, ids: Ids) -> None:
        if self._chat.session_id in ids:
            self._chat.leave(self._chat.session_id)

    @Slot(str, int)
    def _offer_undo(self, words: str, step: int) -> None:
        self._window.banner.say_undoable(words, undo=lambda: self.deeds.undo_step(step))
        self._said = words

    @Slot(object)
    def _on_restored(self, _ids: Ids) -> None:
        """Say no longer that sessions are in the trash when some have come back: Undo would mean something else."""
        if self._said and self._said == self._window.banner.text():
            self._window.banner.clear()

    @Slot(object)
    def _on_collected(self, ids: Ids) -> None:
        """Offer to select what is not loaded too."""
        view, banner = self._window.sidebar.view, self._window.banner
        count = len(view.selected_ids())
        if count < len(ids):
            words = ngettext("{count} session is selected.", "{count} sessions are selected.", count)
            self._offered = words.format(count=count)
            action = _("Select all {total}").format(total=len(ids))
            banner.say(self._offered, action=action, do=lambda: view.select_everything(ids))

    @Slot()
    def _offer_everything_no_more(self) -> None:
        if self._offered and self._offered == self._window.banner.text():
            self._window.banner.clear()

    # ---------------------------------------------------------------------------------------------------------- places

    @Slot(object)
    def choose_place(self, place: Place) -> None:
        """List the sessions of a place, and begin new ones there."""
        self._sidebar.choose_place(place)
        self._window.sidebar.show_place(place, self.places.model.name_of(place))
        self._chat.choose_folder(place.number if place.kind is PlaceKind.FOLDER else None)
        self._window.commands.sessions.show_archive.setChecked(place.kind is PlaceKind.ARCHIVED)

    @Slot(bool)
    def _on_archive_toggled(self, shown: bool) -> None:
        archive = Place(kind=PlaceKind.ARCHIVED)
        if shown != (self._sidebar.place == archive):
            self.choose_place(archive if shown else EVERYTHING)

    @Slot(object)
    def _on_sort_wanted(self, sort: Sort) -> None:
        async def keep(backend: "Backend") -> None:
            await backend.settings.set("session_sort", sort.value)

        async def work() -> None:
            await self._bridge.call(keep)

        self._sidebar.choose_sort(sort)
        self._bridge.start_task(work())

    @Slot(object)
    def _on_updated(self, updates: object) -> None:
        assert isinstance(updates, tuple)
        switched = any(isinstance(update, ProfileChanged) and update.switched for update in updates)
        if switched:
            self._chat.choose_folder(None)  # it is the other profile's
        if switched and self._sidebar.place != EVERYTHING:
            self.choose_place(EVERYTHING)

    @Slot(object)
    def _on_places_changed(self, places: Places) -> None:
        sidebar, place = self._window.sidebar, self._sidebar.place
        sidebar.show_archived(places.archived)
        self._window.commands.sessions.show_folders(places.folders)
        if sidebar.places is None and self.places.model.rowCount():
            self._build_places()
        known = {(PlaceKind.FOLDER, each.id) for each in places.folders}
        known |= {(PlaceKind.TAG, each.id) for each in places.tags}
        if place.number and (place.kind, place.number) not in known:
            self.choose_place(EVERYTHING)
        elif place != EVERYTHING:
            sidebar.show_place(place, self.places.model.name_of(place))

    def _build_places(self) -> None:
        from desktop.ui.sidebar.places_view import PlacesView

        view = PlacesView(theme=self._theme.theme, model=self.places.model)
        view.chosen.connect(self._on_place_chosen)
        view.menu_wanted.connect(lambda row, at: self._show_place_menu(view, row, at))
        view.remove_wanted.connect(self.deeds.remove)
        self._window.sidebar.set_places(view)

    @Slot(object)
    def _on_place_chosen(self, row: PlaceRow) -> None:
        if row.place is None:
            self._window.sidebar.search_wanted.emit(row.query)
        else:
            self.choose_place(row.place)

    def _show_place_menu(self, view: "PlacesView", row: PlaceRow, at: QPoint) -> None:
        from desktop.ui.sidebar.menus import PlaceMenu

        menu = PlaceMenu(row=row, theme=self._theme.theme, parent=view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.fill(
            new_folder=self.ask_folder,
            rename=lambda: view.rename(self.places.model.find(row.kind, row.number)),
            colour=lambda colour: self.deeds.colour(row, colour),
            begin_with=lambda: self.ask_beginning(row.number),
            remove=lambda: self.deeds.remove(row),
        )
        if menu.isEmpty():
            menu.deleteLater()
        else:
            menu.popup(at)

    # --------------------------------------------------------------------------------------------------------- dialogs

    def ask_folder(self, parent_id: int | None, *, then_move: Ids = ()) -> None:
        """Ask what a new folder is called, and make it."""
        from desktop.ui.sidebar.folder_dialog import NameDialog

        dialog = NameDialog(parent=self._window)
        dialog.named.connect(lambda name: self.deeds.new_folder(name, parent_id=parent_id, then_move=then_move))
        dialog.open()

    def ask_beginning(self, number: int) -> None:
        """Ask what new sessions of a folder begin with."""
        from desktop.ui.sidebar.folder_dialog import BeginningDialog

        folder = self._folder(number)
        if folder is None:
            return
        dialog = BeginningDialog(
            folder=folder.name,
            system_prompt=folder.system_prompt,
            model=folder.model,
            models=[choice.address for choice in self._models.rows.choices()],
            parent=self._window,
        )
        dialog.kept.connect(lambda prompt, model: self.deeds.change_folder(number, system_prompt=prompt, model=model))
        dialog.open()

    def _folder(self, number: int) -> Folder | None:
        return next((each for each in self.places.model.places.folders if each.id == number), None)

    @Slot()
    def open_tags(self) -> None:
        """Show the tags of what is selected, as soon as they are known."""
        ids = self._ids()
        if not ids:
            return

        async def look(backend: "Backend") -> dict[int, int]:
            counts: dict[int, int] = {}
            for session_id in ids[:LOOKED_AT]:
                for tag in (await backend.organising.labels(session_id)).tags:
                    counts[tag.id] = counts.get(tag.id, 0) + 1
            return counts

        async def work() -> None:
            self._show_tags(ids, await self._bridge.call(look))

        self._bridge.start_task(work())

    def _show_tags(self, ids: Ids, counts: dict[int, int]) -> None:
        from desktop.ui.sidebar.tags_popup import TagsDialog

        def checked(number: int) -> Qt.CheckState:
            count = counts.get(number, 0)
            if count and count == len(ids):
                return Qt.CheckState.Checked
            return Qt.CheckState.PartiallyChecked if count else Qt.CheckState.Unchecked

        dialog = TagsDialog(
            tags=self.places.model.places.tags,
            checked=checked,
            count=len(ids),
            theme=self._theme.theme,
            parent=self._window,
        )
        dialog.added.connect(lambda name: self.deeds.tag(ids, name))
        dialog.removed.connect(lambda number: self.deeds.untag(ids, number))
        dialog.open()

    # ------------------------------------------------------------------------------------------------ the open session

    @Slot(object, object)
    def _on_open_changed(self, session: "Session | None", labels: Labels) -> None:
        self._open = session
        archived = session is not None and not session.is_active and session.deleted_at is None
        resolved = session is not None and session.is_resolved
        if self._chips is None and (labels != Labels() or archived or resolved):
            from desktop.ui.chips import Chips

            self._chips = Chips(theme=self._theme.theme)
            self._chips.place_chosen.connect(self.choose_place)
            self._chips.back_wanted.connect(lambda: self.deeds.archive((self._chat.session_id,), on=False))
            self._window.header.set_chips(self._chips)
        if self._chips is not None:
            self._chips.show_labels(labels, archived=archived, resolved=resolved)
        self._show_targets()
