"""Folders, tags, the archive, the trash and saved searches: each deed is told in words, and can be undone."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from desktop.domain.deeds import AddRow, ChangeRow, Deed, Kind, MarkSessions, RemoveRow, SetSessions
from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.organising import COLOURS, Folder, Labels, Places, SavedSearch, Tag
from desktop.domain.runs import Update
from desktop.i18n import _, ngettext
from desktop.services.chat import ChatService
from desktop.services.deeds import CHUNK, Deeds, Done, made
from desktop.storage.store import Store

NAME_LENGTH = 100
DAY_MS = 24 * 60 * 60 * 1000


__all__ = ["DAY_MS", "Done", "OrganisingService"]


class OrganisingService:
    """Keeps the sessions of the current profile in order."""

    def __init__(
        self,
        *,
        store: Store,
        chat: ChatService,
        notify: Callable[[Update], None],
        profile: Callable[[], int],
        clock: Callable[[], int],
        chunk: int = CHUNK,
    ) -> None:
        self._store = store
        self._chat = chat
        self._profile = profile
        self._clock = clock
        self._deeds = Deeds(store=store, notify=notify, chunk=chunk)
        self._shown = ""

    async def places(self) -> Places:
        """Return the folders, tags and saved searches with the counts of everything."""
        return await self._store.places(self._profile())

    async def labels(self, session_id: str) -> Labels:
        """Return the folder and the tags of a session; raises `NotFound`, also for one of another profile."""
        return await self._store.labels(self._profile(), session_id)

    def show(self, session_id: str) -> None:
        """Note which session is on the screen: it is not archived by itself."""
        self._shown = session_id

    async def defaults(self, folder_id: int) -> tuple[str, str]:
        """Return the system prompt and the model that a folder's new sessions begin with; empty is the settings'.

        Raises `NotFound`, also for a folder of another profile.
        """
        await self._folder(self._profile(), folder_id)
        return await self._store.folder_defaults(folder_id)

    async def usual_model(self, folder_id: int | None) -> str:
        """Return the model that new sessions of a folder begin with; "" for none, or where the settings decide.

        As they do for a folder that is removed, or another profile's, by the time that this is asked.
        """
        with suppress(NotFound):
            return "" if folder_id is None else (await self.defaults(folder_id))[1]
        return ""

    # ------------------------------------------------------------------------------------------------------- folders

    async def create_folder(self, name: str, *, parent_id: int | None = None, ids: Sequence[str] = ()) -> Done:
        """Make a folder at the end of its siblings, and put sessions into it, which is one step.

        Raises `WrongUse` for an empty name, `NotFound`.
        """
        profile = self._profile()
        name = _named(name)
        folder = AddRow(Kind.FOLDER, {"name": name, "parent_id": parent_id, "created_at": self._clock()})
        if not ids:
            return await self._deeds.do(profile, _("Folder “{name}” made").format(name=name), (folder,))
        async with self._deeds.lock:
            inverse = await self._deeds.begin(profile, folder)
            move = SetSessions("folder_id", made(inverse), tuple(ids))
            return await self._deeds.do_now(profile, partial(_moved, name), (move,), begun=inverse)

    async def change_folder(
        self,
        folder_id: int,
        *,
        name: str | None = None,
        colour: str | None = None,
        system_prompt: str | None = None,
        model: str | None = None,
    ) -> Done:
        """Change what is named of a folder; raises `NotFound`, `WrongUse`."""
        profile = self._profile()
        changes = _changes(name=name, colour=colour)
        changes |= {
            key: value for key, value in (("system_prompt", system_prompt), ("model", model)) if value is not None
        }
        folder = await self._folder(profile, folder_id)
        words = _("Folder “{name}” changed").format(name=changes.get("name", folder.name))
        return await self._deeds.do(profile, words, (ChangeRow(Kind.FOLDER, folder_id, changes),))

    async def move_folder(self, folder_id: int, *, parent_id: int | None, before: int | None = None) -> Done:
        """Put a folder into another one, or to the top, before a sibling or at the end; raises like `create_folder`."""
        profile = self._profile()
        async with self._deeds.lock:
            folder = await self._folder(profile, folder_id)
            folders = (await self._store.places(profile)).folders
            siblings = [one for one in folders if one.parent_id == parent_id and one.id != folder_id]
            place = next((index for index, one in enumerate(siblings) if one.id == before), len(siblings))
            order = [*siblings[:place], folder, *siblings[place:]]
            deeds: list[Deed] = [ChangeRow(Kind.FOLDER, folder_id, {"parent_id": parent_id})]
            deeds += [ChangeRow(Kind.FOLDER, one.id, {"position": index}) for index, one in enumerate(order)]
            words = _("Folder “{name}” moved").format(name=folder.name)
            return await self._deeds.do_now(profile, words, deeds)

    async def remove_folder(self, folder_id: int) -> Done:
        """Remove a folder; its sessions and folders go to the one that it lies in. Raises `NotFound`."""
        profile = self._profile()
        folder = await self._folder(profile, folder_id)
        words = _("Folder “{name}” removed").format(name=folder.name)
        return await self._deeds.do(profile, words, (RemoveRow(Kind.FOLDER, folder_id),))

    # ---------------------------------------------------------------------------------------------------------- tags

    async def tag(self, ids: Sequence[str], name: str) -> Done:
        """Mark sessions with a tag, which is made where there is none of that name; raises `WrongUse`, `NotFound`."""
        profile = self._profile()
        name = _named(name.strip().lstrip("#"))
        async with self._deeds.lock:
            found = await self._store.tag_named(profile, name)
            inverse: tuple[Deed, ...] = ()
            if found is None:
                inverse = await self._deeds.begin(profile, AddRow(Kind.TAG, {"name": name}))
                number = made(inverse)
            else:
                number, name = found.id, found.name

            def words(count: int) -> str:
                said = ngettext("{count} session tagged #{name}", "{count} sessions tagged #{name}", count)
                return said.format(count=count, name=name)

            return await self._deeds.do_now(profile, words, (MarkSessions(number, True, tuple(ids)),), begun=inverse)

    async def untag(self, ids: Sequence[str], tag_id: int) -> Done:
        """Take a tag off sessions; raises `NotFound`."""
        profile = self._profile()
        tag = await self._tag(profile, tag_id)

        def words(count: int) -> str:
            said = ngettext("#{name} taken off {count} session", "#{name} taken off {count} sessions", count)
            return said.format(count=count, name=tag.name)

        return await self._deeds.do(profile, words, (MarkSessions(tag_id, False, tuple(ids)),))

    async def change_tag(self, tag_id: int, *, name: str | None = None, colour: str | None = None) -> Done:
        """Change what is named of a tag; raises `NotFound`, or `WrongUse` for a name that is empty or taken."""
        profile = self._profile()
        changes = _changes(name=None if name is None else name.strip().lstrip("#"), colour=colour)
        tag = await self._tag(profile, tag_id)
        words = _("Tag #{name} changed").format(name=changes.get("name", tag.name))
        return await self._deeds.do(profile, words, (ChangeRow(Kind.TAG, tag_id, changes),))

    async def remove_tag(self, tag_id: int) -> Done:
        """Remove a tag from all sessions; raises `NotFound`."""
        profile = self._profile()
        tag = await self._tag(profile, tag_id)
        words = _("Tag #{name} removed").format(name=tag.name)
        return await self._deeds.do(profile, words, (RemoveRow(Kind.TAG, tag_id),))

    # ------------------------------------------------------------------------------------------------------ sessions

    async def move(self, ids: Sequence[str], folder_id: int | None) -> Done:
        """Put sessions into a folder, or with None into none; raises `NotFound`."""
        profile = self._profile()
        name = "" if folder_id is None else (await self._folder(profile, folder_id)).name

        def words(count: int) -> str:
            if folder_id is not None:
                return _moved(name, count)
            said = ngettext(
                "{count} session taken out of its folder", "{count} sessions taken out of their folders", count
            )
            return said.format(count=count)

        return await self._deeds.do(profile, words, (SetSessions("folder_id", folder_id, tuple(ids)),))

    async def rename(self, session_id: str, title: str) -> Done:
        """Give a session a title of the user's, which the program never changes again; raises `WrongUse`, `NotFound`.

        Undo leaves it to the program again where it was the program's before.
        """
        title = " ".join(title.split())
        if not title:
            raise WrongUse(_("A session needs a title. Write at least one character."))
        words = _("Session renamed to “{title}”").format(title=title)
        ids = (session_id,)
        deeds = (SetSessions("title", title, ids), SetSessions("title_is_auto", 0, ids))
        return await self._deeds.do(self._profile(), words, deeds)

    async def pin(self, ids: Sequence[str], on: bool) -> Done:
        """Let sessions stand first, or among the others."""
        profile = self._profile()

        def words(count: int) -> str:
            if on:
                return ngettext("{count} session pinned", "{count} sessions pinned", count).format(count=count)
            return ngettext("{count} session unpinned", "{count} sessions unpinned", count).format(count=count)

        return await self._deeds.do(profile, words, (SetSessions("pinned", int(on), tuple(ids)),))

    async def resolve(self, ids: Sequence[str], on: bool) -> Done:
        """Mark sessions as resolved, or as open again."""
        profile = self._profile()

        def words(count: int) -> str:
            if on:
                return ngettext("{count} session resolved", "{count} sessions resolved", count).format(count=count)
            return ngettext("{count} session opened again", "{count} sessions opened again", count).format(count=count)

        return await self._deeds.do(profile, words, (SetSessions("is_resolved", int(on), tuple(ids)),))

    async def archive(self, ids: Sequence[str], on: bool) -> Done:
        """Put sessions into the archive, or take them out of it."""
        profile = self._profile()

        def words(count: int) -> str:
            if on:
                return ngettext("{count} session archived", "{count} sessions archived", count).format(count=count)
            said = ngettext(
                "{count} session taken out of the archive", "{count} sessions taken out of the archive", count
            )
            return said.format(count=count)

        return await self._deeds.do(profile, words, (SetSessions("is_active", int(not on), tuple(ids)),))

    async def untouched(self, days: int) -> tuple[str, ...]:
        """Return the sessions in use that nothing was written in for so many days; pinned ones are none of them.

        Neither are those that something else than putting them away was done with since, that have a draft, that are
        on the screen, or in which an answer is being written.
        """
        return await self._untouched(self._profile(), days)

    async def _untouched(self, profile: int, days: int) -> tuple[str, ...]:
        found = await self._store.untouched(profile, self._clock() - days * DAY_MS)
        in_use = {self._shown, *(run.session_id for run in self._chat.running())}
        return tuple(session_id for session_id in found if session_id not in in_use)

    async def archive_untouched(self, days: int) -> Done:
        """Put the sessions into the archive that nothing was written in for so many days."""
        profile = self._profile()

        def words(count: int) -> str:
            said = ngettext(
                "{count} session archived that was untouched for {days} days",
                "{count} sessions archived that were untouched for {days} days",
                count,
            )
            return said.format(count=count, days=days)

        async with self._deeds.lock:
            ids = await self._untouched(profile, days)
            return await self._deeds.do_now(profile, words, (SetSessions("is_active", 0, ids),))

    async def trash(self, ids: Sequence[str]) -> Done:
        """Put sessions into the trash; what is being written in them is stopped and kept."""
        profile = self._profile()
        wanted = set(ids)
        writing = {run.session_id for run in self._chat.running()} & wanted
        await asyncio.gather(*(self._chat.stop_session(session_id) for session_id in writing))

        def words(count: int) -> str:
            said = ngettext("{count} session moved to the trash", "{count} sessions moved to the trash", count)
            return said.format(count=count)

        return await self._deeds.do(profile, words, (SetSessions("deleted_at", self._clock(), tuple(ids)),))

    async def restore(self, ids: Sequence[str]) -> Done:
        """Take sessions out of the trash."""
        profile = self._profile()

        def words(count: int) -> str:
            said = ngettext("{count} session restored", "{count} sessions restored", count)
            return said.format(count=count)

        return await self._deeds.do(profile, words, (SetSessions("deleted_at", None, tuple(ids)),))

    # ------------------------------------------------------------------------------------------------ saved searches

    async def save_search(self, name: str, query: str) -> Done:
        """Keep a search in the sidebar; raises `WrongUse` for an empty one."""
        profile = self._profile()
        values = {"query": _query(query), "name": _named(name or query), "created_at": self._clock()}
        words = _("Search “{name}” saved").format(name=values["name"])
        return await self._deeds.do(profile, words, (AddRow(Kind.SEARCH, values),))

    async def change_search(self, search_id: int, *, name: str | None = None, query: str | None = None) -> Done:
        """Change what is named of a saved search; raises `NotFound`, `WrongUse`."""
        profile = self._profile()
        changes = _changes(name=name, colour=None)
        if query is not None:
            changes["query"] = _query(query)
        search = await self._search(profile, search_id)
        words = _("Search “{name}” changed").format(name=changes.get("name", search.name))
        return await self._deeds.do(profile, words, (ChangeRow(Kind.SEARCH, search_id, changes),))

    async def remove_search(self, search_id: int) -> Done:
        """Remove a saved search; raises `NotFound`."""
        profile = self._profile()
        search = await self._search(profile, search_id)
        words = _("Search “{name}” removed").format(name=search.name)
        return await self._deeds.do(profile, words, (RemoveRow(Kind.SEARCH, search_id),))

    # ---------------------------------------------------------------------------------------------------------- undo

    async def undo(self, *, step: int = 0) -> str | None:
        """Take back the newest step of the profile and say which; None where there is none.

        With the step of a `Done` that one alone, whatever else was done since, and None where it has been taken back
        already. Raises `WrongUse` where later steps have to be taken back before it, or where it cannot be taken back
        any more; then it is forgotten.
        """
        return await self._deeds.undo(self._profile(), step)

    async def redo(self) -> str | None:
        """Do again what was undone last and say what; None where there is nothing. Raises like `undo`."""
        return await self._deeds.redo(self._profile())

    def forget(self, profile_id: int) -> None:
        """Forget the steps of a profile that is removed."""
        self._deeds.forget(profile_id)

    # -------------------------------------------------------------------------------------------------------- inside

    async def _folder(self, profile: int, folder_id: int) -> Folder:
        for folder in (await self._store.places(profile)).folders:
            if folder.id == folder_id:
                return folder
        raise NotFound(_("There is no folder {number}.").format(number=folder_id))

    async def _tag(self, profile: int, tag_id: int) -> Tag:
        for tag in (await self._store.places(profile)).tags:
            if tag.id == tag_id:
                return tag
        raise NotFound(_("There is no tag {number}.").format(number=tag_id))

    async def _search(self, profile: int, search_id: int) -> SavedSearch:
        for search in (await self._store.places(profile)).searches:
            if search.id == search_id:
                return search
        raise NotFound(_("There is no saved search {number}.").format(number=search_id))


def _named(name: str) -> str:
    """Return a name as it is kept; raise `WrongUse` where there is nothing of it or too much."""
    found = " ".join(name.split())
    if not found:
        raise WrongUse(_("A name is needed. Write at least one character."))
    if len(found) > NAME_LENGTH:
        raise WrongUse(_("A name has at most {count} characters.").format(count=NAME_LENGTH))
    return found


def _moved(name: str, count: int) -> str:
    said = ngettext("{count} session moved to “{name}”", "{count} sessions moved to “{name}”", count)
    return said.format(count=count, name=name)


def _query(query: str) -> str:
    """Return a search as it is kept; raise `WrongUse` for an empty one."""
    if not query.strip():
        raise WrongUse(_("There is nothing to search for. Write something first."))
    return query.strip()


def _changes(*, name: str | None, colour: str | None) -> dict[str, str]:
    if colour is not None and colour not in COLOURS:
        raise WrongUse(_("There is no colour {name}.").format(name=colour))
    found = {} if name is None else {"name": _named(name)}
    return found if colour is None else {**found, "colour": colour}
