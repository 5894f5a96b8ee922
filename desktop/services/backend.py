"""Everything below the window and the command line, built in order and closed in reverse."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from datetime import datetime

from desktop.domain.faults import ProviderError, StoreError
from desktop.domain.runs import PlacesChanged, SessionsChanged, Update
from desktop.providers.catalogue import Catalogue
from desktop.providers.gateway import Gateway
from desktop.providers.litellm_provider import LiteLLMProvider
from desktop.providers.tokens import TokenCounter
from desktop.services.asides import AsideService
from desktop.services.branches import BranchService
from desktop.services.budget import BudgetService
from desktop.services.chat import ChatService
from desktop.services.context import ContextBuilder
from desktop.services.demo import write_demo
from desktop.services.finding import FindingService
from desktop.services.gauge import GaugeService
from desktop.services.inspection import InspectionService
from desktop.services.library import LibraryService
from desktop.services.maintenance import MaintenanceService
from desktop.services.models import ModelService
from desktop.services.options import Options
from desktop.services.organising import OrganisingService
from desktop.services.palette import PaletteService
from desktop.services.prices import PriceService
from desktop.services.profiles import ProfileService
from desktop.services.prompts import PromptService
from desktop.services.searching import SearchService
from desktop.services.settings import SettingsService
from desktop.services.spending import SpendingService
from desktop.services.summaries import SummaryService
from desktop.services.traffic import PricedGateway, RecordingGateway
from desktop.storage.secrets import Secrets
from desktop.storage.settings_file import SettingsFile
from desktop.storage.store import Store, system_clock

WATCH_INTERVAL_S = 0.4


class Backend:
    """The services of one data folder. Made by `open`, ended by `close`."""

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        settings: SettingsService,
        models: ModelService,
        chat: ChatService,
        library: LibraryService,
        secrets: Secrets,
        counter: TokenCounter,
        notify: Callable[[Update], None],
        prices: PriceService,
        traffic: RecordingGateway,
        budget: BudgetService,
        spending: SpendingService,
        profiles: ProfileService,
    ) -> None:
        self.store = store
        self.gateway = gateway
        self.settings = settings
        self.models = models
        self.chat = chat
        self.library = library
        self.prices = prices
        self.traffic = traffic
        self.budget = budget
        self.spending = spending
        self.profiles = profiles
        self.gauge = GaugeService(store=store, requests=chat.requests, models=models, settings=settings, prices=prices)
        self.prompts = PromptService(store=store, profile=lambda: profiles.id)
        self.palette = PaletteService(store=store, profile=lambda: profiles.id)
        self.searching = SearchService(store=store, profile=lambda: profiles.id)
        self.finding = FindingService(store=store, paths=library.paths)
        self.branches = BranchService(store=store, chat=chat, paths=library.paths, notify=notify)
        priced = PricedGateway(gateway=gateway, prices=prices)
        self.organising = OrganisingService(
            store=store, chat=chat, notify=notify, profile=lambda: profiles.id, clock=system_clock
        )
        self.maintenance = MaintenanceService(
            organising=self.organising,
            settings=settings,
            notify=notify,
            profile=lambda: profiles.id,
            clock=system_clock,
        )
        self.asides = AsideService(
            store=store, gateway=priced, models=models, settings=settings, notify=notify, limit=budget
        )
        self.summaries = SummaryService(
            store=store,
            requests=chat.requests,
            models=models,
            settings=settings,
            gateway=priced,
            notify=notify,
            limit=budget,
        )
        self.inspection = InspectionService(
            store=store, gauge=self.gauge, prices=prices, traffic=traffic, notify=notify
        )
        profiles.when_removed(self.organising.forget)
        chat.when_answered(self.asides.answered)
        chat.when_answered(self.summaries.answered)
        self._secrets = secrets
        self._counter = counter
        self._notify = notify
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    async def open(cls, *, options: Options, notify: Callable[[Update], None] = lambda _update: None) -> "Backend":
        """Open the data folder and build the services on the running loop; raises `StoreError`."""
        if options.demo:
            await write_demo(options.folder, now=datetime.now().astimezone())
        store = await Store.open(folder=options.folder)
        try:
            return await cls._built(store, options, notify)
        except BaseException:
            await store.close()
            raise

    @classmethod
    async def _built(cls, store: Store, options: Options, notify: Callable[[Update], None]) -> "Backend":
        settings = SettingsService(
            file=SettingsFile(folder=options.folder), direct_base=options.api_base, saving_s=options.saving_s
        )
        profiles = ProfileService(store=store, settings=settings, notify=notify)
        await profiles.load()
        settings.begin_with(profiles.begin)
        secrets = Secrets(folder=options.folder)
        counter = TokenCounter(aside=options.warm)
        gateway = Gateway(demo=options.demo, litellm=LiteLLMProvider(counter=counter))
        catalogue = Catalogue()
        models = ModelService(
            store=store,
            secrets=secrets,
            settings=settings,
            catalogue=catalogue,
            demo=options.demo,
            direct_base=options.api_base,
            direct_variable=options.key_variable,
            remembers=options.remembers,
        )
        prices = PriceService(store=store, catalogue=catalogue)
        traffic = RecordingGateway(gateway=gateway, prices=prices)
        spending = SpendingService(store=store, profiles=profiles)
        budget = BudgetService(store=store, spending=spending, models=models, prices=prices)
        chat = ChatService(
            store=store,
            gateway=traffic,
            models=models,
            settings=settings,
            context=ContextBuilder(counter=counter),
            notify=notify,
            gate=budget,
            author=lambda: profiles.author,
        )
        library = LibraryService(store=store, settings=settings, notify=notify, profile=lambda: profiles.id)
        backend = cls(
            store=store,
            gateway=gateway,
            settings=settings,
            models=models,
            chat=chat,
            library=library,
            secrets=secrets,
            counter=counter,
            notify=notify,
            prices=prices,
            traffic=traffic,
            budget=budget,
            spending=spending,
            profiles=profiles,
        )
        await backend._begin(warm=options.warm)
        return backend

    @property
    def read_only(self) -> str:
        """Why nothing can be written here, as a sentence; empty where it can."""
        return self.store.read_only_reason

    async def close(self) -> None:
        """Stop what is being written and keep it, then close everything in reverse."""
        async with AsyncExitStack() as ends:  # each end is reached whatever happened before it; the last named is first
            ends.push_async_callback(self.store.close)
            ends.callback(self._secrets.close)
            ends.push_async_callback(asyncio.to_thread, self._counter.close)
            ends.push_async_callback(self.gateway.aclose)
            ends.push_async_callback(self._end_tasks)
            ends.push_async_callback(self.asides.close)
            ends.push_async_callback(self.summaries.close)
            ends.push_async_callback(self.chat.close)

    async def _end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks, timeout=1.0)

    async def _begin(self, *, warm: bool) -> None:
        await self.store.recover()
        self._tasks.append(asyncio.create_task(self._watch(), name="watch"))
        if warm:
            self._tasks.append(asyncio.create_task(self._warm(), name="warm"))
        if warm and not self.read_only:
            self._tasks.append(asyncio.create_task(self.maintenance.run(), name="maintenance"))

    async def _warm(self) -> None:
        """Load the provider library; if that fails, the first message to a provider says so."""
        with suppress(ProviderError):
            await self.gateway.load()

    async def _watch(self) -> None:
        """Tell the listener within half a second when another process has written to the database."""
        version: int | None = None
        while True:
            with suppress(StoreError):
                found = await self.store.data_version()
                if found != version and version is not None:
                    self._notify(SessionsChanged(elsewhere=True))
                    self._notify(PlacesChanged())
                version = found
            await asyncio.sleep(WATCH_INTERVAL_S)
