"""How full the context is, with what is being written: counted beside the window's thread, told as short text."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.domain.faults import SobremesaError
from desktop.domain.gauge import Gauge
from desktop.domain.messages import Message
from desktop.domain.runs import RunEnded, RunText, Update
from desktop.domain.sessions import DEFAULT_MAX_CONTEXT, Session
from desktop.i18n import _, ngettext
from desktop.presenters.figures import money_text

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

PAUSE_MS = 200
"""How long nothing is typed before it is counted."""
GROWTH_MS = 1000
"""How often an answer that is being written moves the meter, at most."""
CHARS_PER_TOKEN = 4
"""Of common text; it is counted when the answer is there."""
WARN_AT = 0.8
CHOICES = (8192, 16_384, 32_768, 65_536, 131_072, 262_144, 1_048_576)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReading:
    """What a meter shows: a text, a bar from 0 to 1, whether it warns, and what a tooltip explains in plain lines."""

    text: str
    share: float = 0.0
    warns: bool = False
    tooltip: str = ""


class MeterPresenter(QObject):
    """Reads the gauge when something it depends on has changed; `read` returns what stands in the composer.

    `changed` tells a `MeterReading`, `choices_changed` what a session may be allowed: tokens, and which is allowed now.
    """

    changed = Signal(object)
    choices_changed = Signal(object, int)

    def __init__(self, *, bridge: "Bridge", read: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._read = read
        self._session_id = ""
        self._model = ""
        self._reading = False
        self._again = False
        self._sending = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self._gauge: Gauge | None = None
        self._coming: dict[int, tuple[str, int]] = {}
        """The session and the characters so far of each answer that is being written, by message."""
        self._growth = QTimer(self)
        self._growth.setSingleShot(True)
        self._growth.setInterval(GROWTH_MS)
        self._growth.timeout.connect(self._show)
        bridge.updated.connect(self._on_updated)

    @Slot(str, str)
    def set_session(self, session_id: str, _title: str = "") -> None:
        """Measure another session; the empty id is the one that does not exist yet."""
        if session_id != self._session_id and not (self._sending and not self._session_id):
            self._gauge = None  # another session's, and not the one that a message has just begun
            self._sending = False
        self._session_id = session_id
        self.refresh()

    @Slot()
    def sent(self) -> None:
        """Stand back while an answer begins: what was counted with the draft holds until its end, which counts anew."""
        self._sending = True
        self._pause.stop()

    @Slot()
    def not_sent(self) -> None:
        """Count again after a message was refused."""
        self._sending = False
        self.refresh()

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        for update in updates:
            match update:
                case RunText():
                    self._coming[update.message_id] = (update.session_id, update.offset + len(update.text))
                    if not self._growth.isActive():
                        self._growth.start()
                case RunEnded():
                    self._coming.pop(update.message_id, None)
                    if update.session_id == self._session_id:
                        self._sending = False
                    self.refresh()

    @Slot()
    def _show(self) -> None:
        """Show what was counted, with an estimate of what has arrived since: a sum that nobody waits for."""
        if self._gauge is not None:
            chars = sum(count for session_id, count in self._coming.values() if session_id == self._session_id)
            self.changed.emit(reading_of(self._gauge, coming=chars // CHARS_PER_TOKEN))

    @Slot(str)
    def set_model(self, address: str) -> None:
        """Measure for another model."""
        self._model = address
        self.refresh()

    @Slot()
    def edited(self) -> None:
        """Count the draft again once its writer rests."""
        self._pause.start()

    @Slot()
    def refresh(self) -> None:
        """Count now, or as soon as the count that is under way has come back; not while an answer begins."""
        self._pause.stop()
        if self._sending and self._gauge is not None:
            return
        self._again = True
        if not self._reading:
            self._reading = True
            self._bridge.start_task(self._measure(), on_error=self._on_error)

    @Slot(int)
    def allow(self, tokens: int) -> None:
        """Let the session send at most so many tokens."""
        self._bridge.start_task(self._allow(self._session_id, tokens))

    async def _allow(self, session_id: str, tokens: int) -> None:
        await self._bridge.call(lambda backend: backend.gauge.allow(session_id, tokens))
        self.refresh()

    async def _measure(self) -> None:
        try:
            while self._again:
                self._again = False
                asked = (self._session_id, self._model)
                found = await self._bridge.call(
                    partial(_gauge, session_id=self._session_id, model=self._model, draft=self._read())
                )
                if asked == (self._session_id, self._model):
                    self._gauge = found
                    self._show()
                    self.choices_changed.emit(choices_of(found), found.allowed)
        finally:
            self._reading = False

    def _on_error(self, _error: SobremesaError) -> None:
        """Show nothing rather than a wrong figure: whatever is wrong is told where it matters."""
        self._gauge = None
        self.changed.emit(MeterReading(text=""))


async def _gauge(backend: "Backend", *, session_id: str, model: str, draft: str) -> Gauge:
    return await backend.gauge.read(session_id, model=model, draft=draft)


def choices_of(gauge: Gauge) -> tuple[int, ...]:
    """Return what a session may be allowed, within the model's window where it is known, with what is allowed now."""
    fitting = {tokens for tokens in CHOICES if gauge.window is None or tokens <= gauge.window}
    return tuple(sorted(fitting | {gauge.allowed} | ({gauge.window} if gauge.window else set())))


def limit_text(tokens: int) -> str:
    """Return a limit as people name it: 32k for 32,768, 1M for 1,048,576."""
    if tokens >= 1_048_576 and tokens % 1_048_576 == 0:
        return f"{tokens // 1_048_576}M"
    return f"{tokens // 1024}k" if tokens >= 1024 and tokens % 1024 == 0 else short_count(tokens)


def reading_of(gauge: Gauge, *, coming: int = 0) -> MeterReading:
    """Return what a gauge looks like, with an estimate of the tokens that an answer being written has so far."""
    about = "≈ " if gauge.estimated or coming else ""
    gauge = replace(gauge, used=gauge.used + coming, history=gauge.history + coming)
    # Both in the same measure, or 32,090 of 32,768 would read as 32.1k of 32k.
    used = round(gauge.used * 1000 / 1024) if gauge.used >= 1000 and gauge.budget % 1024 == 0 else gauge.used
    text = _("{used} / {limit}").format(used=about + short_count(used), limit=limit_text(gauge.budget))
    return MeterReading(
        text=text,
        share=min(1.0, gauge.share),
        warns=gauge.share >= WARN_AT,
        tooltip="\n".join(_lines(gauge, about)),
    )


def _lines(gauge: Gauge, about: str) -> list[str]:
    whole = _("Would be sent: {about}{used} of at most {budget} tokens")
    lines = [whole.format(about=about, used=f"{gauge.used:,}", budget=f"{gauge.budget:,}")]
    if gauge.estimated:
        lines.append(_("An estimate, right within {percent} %").format(percent=round(gauge.margin * 100)))
    parts = (
        (_("System prompt: {tokens}"), gauge.system),
        (_("History: {tokens}"), gauge.history),
        (_("Draft: {tokens}"), gauge.draft),
        (_("Kept for the answer: {tokens}"), gauge.reserve),
    )
    lines += [part.format(tokens=f"{tokens:,}") for part, tokens in parts if tokens]
    if gauge.cost is not None and gauge.used:
        price = _("About {price} to send, and what the answer costs").format(price=money_text(gauge.cost))
        lines.append(price if gauge.cost else _("Sending costs nothing: the model answers on this computer"))
    if gauge.left_out:
        left = ngettext(
            "{count} older message will not be sent", "{count} older messages will not be sent", gauge.left_out
        )
        lines.append(left.format(count=f"{gauge.left_out:,}"))
    if not gauge.fits:
        lines.append(_("The draft is longer than what may be sent. Shorten it, or allow more here."))
    return lines


def short_count(tokens: int) -> str:
    """Return a count in at most four characters: 950, 11.1k, 32k, 1.2M."""
    if tokens < 1000:
        return str(tokens)
    if tokens < 999_500:
        thousands = tokens / 1000
        return f"{thousands:.1f}k" if thousands < 99.95 and tokens % 1000 >= 50 else f"{thousands:.0f}k"
    return f"{tokens / 1_000_000:.1f}M"


def meter_text(messages: Sequence[Message], session: Session | None) -> str:
    """Return "11.1k / 32k": what the last answer's request and the answer held, of what the session allows.

    Empty where the last answer came without figures.
    """
    allowed = int(session.params.get("max_context", DEFAULT_MAX_CONTEXT)) if session else DEFAULT_MAX_CONTEXT
    limit = limit_text(allowed)
    if not messages:
        return _("{used} / {limit}").format(used=0, limit=limit)
    usage = messages[-1].usage
    if usage is None:
        return ""
    used = short_count(usage.input_tokens + usage.output_tokens)
    return _("{used} / {limit}").format(used=f"≈ {used}" if usage.estimated else used, limit=limit)
