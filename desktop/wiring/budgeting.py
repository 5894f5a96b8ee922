"""The month's budget at the window: said when it comes near its end, and asked about once it is spent.

The services keep watch themselves; what is asked here is only what they would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.runs import RunEnded, Update
from desktop.i18n import _

if TYPE_CHECKING:
    from desktop.domain.faults import SobremesaError
    from desktop.domain.spending import Budget
    from desktop.presenters.bridge import Bridge
    from desktop.presenters.chat import ChatPresenter
    from desktop.services.backend import Backend
    from desktop.ui.window import MainWindow

SEND = "send"


class BudgetGuard(QObject):
    """Stands between what a person wants to send and the conversation; `model` is the one that answers next."""

    state_changed = Signal(str)
    """`none`, `fine`, `near` or `spent`."""

    def __init__(self, *, bridge: Bridge, window: MainWindow, chat: ChatPresenter, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._window = window
        self._chat = chat
        self.model = ""
        self.state = ""
        self._told = ""
        self._asking = False
        bridge.ready.connect(self.look)
        bridge.updated.connect(self._on_updated)
        chat.refused.connect(self.look)
        chat.model_changed.connect(self._on_model_changed)

    @Slot(str)
    def send(self, text: str) -> None:
        """Send the user's next message; where it is asked about first, it stays in the composer meanwhile."""
        self.ask(partial(self._chat.send, text))

    @Slot(int)
    def retry(self, message_id: int) -> None:
        """Ask the same again."""
        self.ask(partial(self._chat.retry, message_id))

    @Slot(int)
    def resume(self, message_id: int) -> None:
        """Continue an answer that was cut off."""
        self.ask(partial(self._chat.resume, message_id))

    @Slot()
    def look(self) -> None:
        """Read where the month's spending stands."""
        self._bridge.start_task(self._look(), on_error=self._on_error)

    def ask(self, do: Callable[[], None], *, model: str = "", otherwise: Callable[[], None] = lambda: None) -> None:
        """Do what sends to a model (the session's, if none is named), after a question where the budget is spent.

        `otherwise` is called instead where a person does not want it.
        """
        if self.state != "spent":
            do()
        elif self._asking:
            otherwise()
        else:
            self._asking = True

            def on_error(error: SobremesaError) -> None:
                self._on_error(error)
                otherwise()

            asking = self._ask(self._chat.session_id, model or self.model, do, otherwise)
            self._bridge.start_task(asking, on_error=on_error)

    async def _ask(self, session_id: str, model: str, do: Callable[[], None], otherwise: Callable[[], None]) -> None:
        budget = await self._bridge.call(lambda backend: backend.budget.asks(session_id, model))
        if budget is None:  # a model that costs nothing, or a new month
            self._asking = False
            do()
            return
        from desktop.ui.dialogs.question import CANCEL, Answer, Question

        question = Question(
            name="overBudget",
            title=_("This month's budget is spent"),
            text=_("{words} Sending this will cost more.").format(words=budget_words(budget)),
            answers=(Answer(id=CANCEL, text=_("Cancel"), primary=True), Answer(id=SEND, text=_("Send anyway"))),
            parent=self._window,
        )
        question.decided.connect(lambda answer: self._on_decided(answer, session_id, do, otherwise))
        question.open()

    def _on_decided(self, answer: str, session_id: str, do: Callable[[], None], otherwise: Callable[[], None]) -> None:
        self._asking = False
        if answer == SEND:
            self._bridge.start_task(self._send_anyway(session_id, do), on_error=self._on_error)
        else:
            otherwise()

    async def _send_anyway(self, session_id: str, do: Callable[[], None]) -> None:
        async def grant(backend: Backend) -> None:
            backend.budget.grant(session_id)

        await self._bridge.call(grant)
        do()

    async def _look(self) -> None:
        budget = await self._bridge.call(lambda backend: backend.budget.state())
        state = budget.state.value
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
        if state not in ("near", "spent"):
            self._told = ""
        elif state != self._told and not self._window.banner.text():
            self._told = state
            self._window.banner.warn(
                budget_words(budget), action=_("Statistics…"), do=self._window.commands.statistics.trigger
            )

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        if any(isinstance(update, RunEnded) for update in updates):
            self.look()

    @Slot(str)
    def _on_model_changed(self, address: str) -> None:
        self.model = address

    def _on_error(self, _error: SobremesaError) -> None:
        """Let the message go its way: what is wrong is told there, and the services refuse what must not be sent."""
        self._asking = False


def budget_words(budget: Budget) -> str:
    """Return where a budget stands."""
    from desktop.presenters.figures import count_text, money_text

    return _("{spent} of this month's {limit} are spent ({share} %).").format(
        spent=money_text(budget.spent),
        limit=money_text(budget.limit),
        share=count_text(round(100 * budget.spent / budget.limit)) if budget.limit else 0,
    )
