"""The sessions of this computer: listing, opening, naming, deleting and taking back; whoever looks on is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.messages import Message
from desktop.domain.organising import EVERYTHING, GUEST, Place, Sort
from desktop.domain.runs import PlacesChanged, SessionsChanged, Update
from desktop.domain.sessions import Session, SessionCursor, SessionListing
from desktop.domain.spending import Statistics
from desktop.domain.taking import Taken, TakeRequest
from desktop.i18n import _
from desktop.services.exchange.markdown import export_markdown, render
from desktop.services.paths import PathReader
from desktop.services.settings import SettingsService
from desktop.storage.drafts import new_key
from desktop.storage.store import Store

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session with a page of its path, root to leaf, and what was being written in its composer.

    `after` counts the messages of the path below the page; a message's `depth` counts those above it.
    """

    session: Session
    messages: tuple[Message, ...]
    draft: str
    has_older: bool
    after: int = 0


class LibraryService:
    """Everything that is done with sessions as a whole."""

    def __init__(
        self,
        *,
        store: Store,
        settings: SettingsService,
        notify: Callable[[Update], None],
        profile: Callable[[], int] = lambda: GUEST,
    ) -> None:
        self._store = store
        self._settings = settings
        self._notify = notify
        self._profile = profile
        self.paths = PathReader(store=store)

    async def sessions(
        self,
        *,
        limit: int = PAGE,
        after: SessionCursor | None = None,
        text: str = "",
        place: Place = EVERYTHING,
        sort: Sort = Sort.ACTIVITY,
        among: Sequence[str] | None = None,
    ) -> tuple[SessionListing, ...]:
        """Return a page of a place of the profile, pinned first; `text` filters by words of titles and tags.

        With `among`, those of these sessions that are in the place and pass the filter.
        """
        return await self._store.sessions(
            limit=limit, after=after, text=text, place=place, sort=sort, profile=self._profile(), among=among
        )

    async def check_own(self, session_id: str) -> None:
        """Raise `NotFound` for a session that is not there, or that belongs to another profile."""
        if (await self._store.session(session_id)).profile_id != self._profile():
            raise NotFound(_("The session {id} belongs to another profile.").format(id=session_id))

    async def open(self, session_id: str) -> Opened:
        """Return a session with its newest messages; raises `NotFound`."""
        return await self._opened(await self._store.session(session_id))

    async def older(self, session_id: str, before_depth: int) -> tuple[tuple[Message, ...], bool]:
        """Return the page of the path before a depth, and whether there is more above it."""
        messages = await self._store.path(session_id, limit=PAGE, before_depth=before_depth)
        return messages, bool(messages) and messages[0].parent_id is not None

    async def span(self, session_id: str, first: int, limit: int = PAGE) -> Opened:
        """Return a session with `limit` messages of its path from a depth on; a negative one counts from the end."""
        end, messages = await self.paths.span(session_id, first, limit)
        return Opened(
            session=end.session,
            messages=messages,
            draft=end.draft,
            has_older=bool(messages) and messages[0].parent_id is not None,
            after=end.depth - messages[-1].depth if messages else 0,
        )

    async def page(self, session_id: str, *, depth: int, limit: int = PAGE) -> Opened:
        """Return a session with the messages of its path that stand around a depth, or nearest to it."""
        opened = await self.span(session_id, max(0, depth - limit // 2), limit)
        return opened if opened.messages else await self.span(session_id, -limit, limit)

    async def reveal(self, message_id: int, *, limit: int = PAGE) -> Opened:
        """Return a session with a message and its neighbours, and show the path that it is on if another one is."""
        message = await self._store.message(message_id)
        if not await self.paths.is_on_path(message.session_id, message_id, message.depth):
            await self._store.choose_version(message_id)
            self._tell(message.session_id)
        return await self.page(message.session_id, depth=message.depth, limit=limit)

    async def create(self, *, model: str = "", session_id: str | None = None, folder_id: int | None = None) -> Session:
        """Begin an empty session, in a folder with its system prompt and its model where none is named."""
        prompt, usual = ("", "") if folder_id is None else await self._store.folder_defaults(folder_id)
        new = self._settings.new_session(model or usual)
        new = replace(new, id=session_id, folder_id=folder_id, system_prompt=prompt or new.system_prompt)
        session = await self._store.create_session(new)
        self._tell(session.id)
        self._notify(PlacesChanged())
        return session

    async def rename(self, session_id: str, title: str) -> Session:
        """Give a session a title of the user's; it is never changed by the program again. Raises `WrongUse`."""
        title = " ".join(title.split())
        if not title:
            raise WrongUse(_("A session needs a title. Write at least one character."))
        return await self._update(session_id, title=title, title_is_auto=False)

    async def set_model(self, session_id: str, address: str) -> Session:
        """Let a session talk to another model from the next message on."""
        session = await self._store.session(session_id)
        params = {**session.params, **self._settings.model_params(address)}
        return await self._update(session_id, model=address, params=params)

    async def trash(self, session_id: str) -> None:
        """Put a session into the trash; `restore` takes it back."""
        await self._store.trash_session(session_id)
        self._tell(session_id)
        self._notify(PlacesChanged())

    async def restore(self, session_id: str) -> None:
        """Take a session back from the trash."""
        await self._store.restore_session(session_id)
        self._tell(session_id)
        self._notify(PlacesChanged())

    async def trash_count(self) -> int:
        """Return how many sessions of the profile lie in the trash."""
        return await self._store.count_sessions(trashed=True, profile=self._profile())

    async def remove(self, session_id: str) -> None:
        """Remove a session of the trash for good: its messages, its draft and its words in the index."""
        await self._store.remove_session(session_id)
        self._tell(session_id)
        self._notify(PlacesChanged())

    async def empty_trash(self) -> int:
        """Remove everything in the profile's trash for good; return how many sessions that were."""
        count = await self._store.empty_trash(profile=self._profile())
        self._notify(SessionsChanged())
        self._notify(PlacesChanged())
        return count

    async def choose_version(self, message_id: int, step: int) -> Opened:
        """Show the sibling `step` places after a message (before it if negative) and what hangs below it.

        The page that is returned stands around the sibling.
        """
        siblings = await self._store.siblings(message_id)
        if message_id not in siblings:  # thrown away meanwhile
            raise NotFound(_("There is no message {id}.").format(id=message_id))
        place = siblings.index(message_id) + step
        wished = siblings[max(0, min(place, len(siblings) - 1))]
        session = await self._store.choose_version(wished)
        self._tell(session.id)
        return await self.page(session.id, depth=(await self._store.message(wished)).depth)

    async def draft(self, session_id: str) -> str:
        """Return what was being written; the id is empty for the profile's session that does not exist yet."""
        return await self._store.draft(session_id or new_key(self._profile()))

    async def save_draft(self, session_id: str, text: str, *, profile_id: int | None = None) -> None:
        """Keep what is being written; `profile_id` is whose session it is that does not exist yet, if not ours."""
        await self._store.save_draft(session_id or new_key(profile_id or self._profile()), text)

    async def statistics(self, session_id: str | None = None) -> Statistics:
        """Return the counts of one session or of all of the profile."""
        if session_id is not None:
            await self._store.session(session_id)
        return await self._store.statistics(session_id, profile=self._profile())

    async def whole(self, session_id: str) -> tuple[Session, tuple[Message, ...]]:
        """Return a session and all messages of its path, root to leaf; raises `NotFound`."""
        session = await self._store.session(session_id)
        return session, tuple([message async for page in self._store.whole_path(session_id) for message in page])

    async def take(self, request: TakeRequest) -> Taken:
        """Return a part of a session for the clipboard; raises `NotFound` or `TooMuch`."""
        from desktop.services.taking import take_path  # not before something is taken

        return await take_path(self._store, request)

    async def markdown(self, session_id: str) -> str:
        """Return a session as Markdown; raises `NotFound`."""
        session, messages = await self.whole(session_id)
        return "".join(render(session, messages, await self._provider_names()))

    async def export_markdown(self, session_id: str, path: Path) -> Path:
        """Write a session to a Markdown file; raises `NotFound` or `StoreError` and leaves an old file alone."""
        return await export_markdown(self._store, session_id, path, await self._provider_names())

    async def _provider_names(self) -> dict[str, str]:
        return {spec.id: spec.name for spec in await self._store.providers()}

    async def _opened(self, session: Session) -> Opened:
        messages = await self._store.path(session.id, limit=PAGE)
        return Opened(
            session=session,
            messages=messages,
            draft=await self._store.draft(session.id),
            has_older=bool(messages) and messages[0].parent_id is not None,
        )

    async def _update(self, session_id: str, **changes: object) -> Session:
        session = await self._store.update_session(session_id, **changes)
        self._tell(session_id)
        return session

    def _tell(self, session_id: str) -> None:
        self._notify(SessionsChanged(session_ids=(session_id,)))
