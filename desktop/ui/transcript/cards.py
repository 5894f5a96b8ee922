"""What the card under a message says about its run: what happened, the provider's words, what can be done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.explanations import explain
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Role, Status
from desktop.i18n import _, ngettext
from desktop.presenters.transcript_item import RunPhase, TranscriptItem


class Action(StrEnum):
    """What a person can ask of a message."""

    COPY = "copy"
    QUOTE = "quote"
    RETRY = "retry"
    CONTINUE = "continue"
    TRY_NOW = "try now"
    CANCEL = "cancel"
    DETAILS = "details"
    LATER = "later"
    SETTINGS = "settings"
    MODELS = "models"
    PREVIOUS = "previous"
    NEXT = "next"
    FOLD = "fold"
    EDIT = "edit"
    BRANCH = "branch"
    RETRY_WITH = "retry with"
    DELETE = "delete"
    MORE = "more"
    EDIT_SUMMARY = "edit summary"
    REDO_SUMMARY = "redo summary"
    PIN_SUMMARY = "pin summary"
    SWITCH_SUMMARY = "switch summary"


_KEY_FAULTS = frozenset({FaultKind.AUTHENTICATION, FaultKind.NO_KEY, FaultKind.NOT_A_MODEL, FaultKind.WRONG_BASE})
_MODEL_FAULTS = frozenset({FaultKind.NO_MODEL, FaultKind.NO_PROVIDER, FaultKind.FORBIDDEN, FaultKind.PAYMENT})
"""Kinds after which the same request fails again until a key, an address or the model is another one."""


GOES_ON = frozenset(
    {Action.RETRY, Action.CONTINUE, Action.TRY_NOW, Action.CANCEL, Action.PREVIOUS, Action.NEXT, Action.DELETE}
)
"""After these one goes on with the conversation, and the button that was pressed may be gone."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that was suggested is to be asked, or only put where messages are written."""

    question: str
    only_put: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The words and buttons of a card; `warns` where something failed. The first action is the obvious one."""

    title: str
    sentence: str
    words: str
    actions: tuple[Action, ...]
    warns: bool = True


def card_of(item: TranscriptItem) -> Card | None:
    """Return the card that a message needs, if any."""
    return _state_card(item) or _covered_card(item) or _repaired_card(item)


def _repaired_card(item: TranscriptItem) -> Card | None:
    """Say quietly that the provider was sent something else than what stands above."""
    metadata = item.message.metadata
    if item.is_live or not metadata.get("repaired"):
        return None
    from desktop.domain.repair import sentences  # its patterns cost the start of the program, and are seldom wanted

    told = sentences(metadata)
    return Card(_("History was adjusted for this provider:"), " ".join(told), "", (), warns=False) if told else None


def _covered_card(item: TranscriptItem) -> Card | None:
    covers, message = item.covers, item.message
    if covers is None or covers.version == message.version:
        return None
    title = ngettext(
        "{count} later message is under version {version} / {versions}.",
        "{count} later messages are under version {version} / {versions}.",
        covers.count,
    ).format(count=covers.count, version=covers.version, versions=message.versions)
    return Card(title, _("This answer is a new version; nothing was deleted."), "", (Action.LATER,), warns=False)


def _state_card(item: TranscriptItem) -> Card | None:
    state, message = item.state, item.message
    if state is not None and state.phase is RunPhase.WAITING and state.fault is not None:
        sentence = _("Trying again in {seconds} s, attempt {attempt} of {attempts}. Your message is saved.").format(
            seconds=state.seconds, attempt=state.attempt, attempts=state.attempts
        )
        actions = (Action.TRY_NOW, Action.CANCEL, Action.DETAILS)
        return Card(explain(state.fault).title, sentence, state.fault.words, actions)
    if item.is_live or message.role is not Role.ASSISTANT:
        return None
    go_on = (Action.CONTINUE, Action.RETRY) if message.content else (Action.RETRY,)
    match message.status:
        case Status.STOPPED:
            kept = _("The text so far is kept.") if message.content else _("Nothing had arrived yet.")
            return Card(_("Stopped."), kept, "", go_on, warns=False)
        case Status.FAILED | Status.INTERRUPTED if message.fault is not None:
            return _fault_card(message.fault, go_on, has_text=bool(message.content))
        case Status.FAILED:
            return Card(_("Something went wrong."), "", "", go_on)
        case Status.INTERRUPTED:
            kept = _("The text so far is kept.") if message.content else _("Nothing had arrived yet.")
            return Card(_("Interrupted before the answer was finished."), kept, "", go_on)
    return _cut_card(message.finish_reason)


def actions_of(item: TranscriptItem) -> tuple[Action, ...]:
    """Return what can be asked of a message in the line below it, in the order of its buttons."""
    several = item.message.versions > 1 and not item.is_live
    deeds = deeds_of(item)
    usable = {
        Action.PREVIOUS: several,
        Action.NEXT: several,
        Action.COPY: item.has_text or item.is_live,
        Action.QUOTE: item.has_text,
        Action.EDIT: item.is_user and Action.EDIT in deeds,
        Action.RETRY: Action.RETRY in deeds,
        Action.BRANCH: not item.is_user and Action.BRANCH in deeds,
        Action.MORE: bool(deeds),
    }
    return tuple(action for action, can in usable.items() if can)


def deeds_of(item: TranscriptItem) -> tuple[Action, ...]:
    """Return what changes the session's tree at a message; nothing while it is being written, or not stored yet."""
    if item.is_live or item.key < 0:
        return ()
    role = item.message.role
    usable = {
        Action.EDIT: item.has_text and role in (Role.USER, Role.ASSISTANT),
        Action.RETRY: role is Role.ASSISTANT and _state_card(item) is None,
        Action.RETRY_WITH: role is Role.ASSISTANT,
        Action.BRANCH: True,
        Action.DELETE: True,
    }
    return tuple(action for action, can in usable.items() if can)


def more_of(item: TranscriptItem) -> tuple[Action, ...]:
    """Return what the line below a message has no button for."""
    shown = actions_of(item)
    return tuple(action for action in deeds_of(item) if action not in shown)


def menu_of(item: TranscriptItem) -> tuple[Action, ...]:
    """Return all that can be asked of a message, in the order of a menu."""
    card = card_of(item)
    fold = (Action.FOLD,) if item.thoughts else ()
    found = (*actions_of(item), *(card.actions if card else ()), *more_of(item), *fold)
    return tuple(action for action in dict.fromkeys(found) if action is not Action.MORE)


def _fault_card(fault: Fault, go_on: tuple[Action, ...], *, has_text: bool) -> Card:
    explanation = explain(fault, has_text=has_text)
    way = (Action.SETTINGS,) if fault.kind in _KEY_FAULTS else (Action.MODELS,) if fault.kind in _MODEL_FAULTS else ()
    return Card(explanation.title, explanation.advice, fault.words, (*way, *go_on, Action.DETAILS))


def _cut_card(reason: str) -> Card | None:
    if reason == "length":
        return Card(_("The answer was cut at its length limit."), "", "", (Action.CONTINUE, Action.RETRY), warns=False)
    if reason == "content_filter":
        return Card(_("The provider's content filter ended this answer."), "", "", (Action.RETRY,), warns=False)
    return None


def label_of(action: Action) -> str:
    """Return what the button of an action says."""
    labels = {
        Action.COPY: _("Copy"),
        Action.QUOTE: _("Quote"),
        Action.RETRY: _("Retry"),
        Action.CONTINUE: _("Continue"),
        Action.TRY_NOW: _("Try now"),
        Action.CANCEL: _("Cancel"),
        Action.DETAILS: _("Copy details"),
        Action.LATER: _("Go back to them"),
        Action.SETTINGS: _("Open Settings"),
        Action.MODELS: _("Choose another model"),
        Action.PREVIOUS: _("Previous version"),
        Action.NEXT: _("Next version"),
        Action.FOLD: _("Show or hide the thinking"),
        Action.EDIT: _("Edit"),
        Action.BRANCH: _("Branch"),
        Action.RETRY_WITH: _("Retry with another model…"),
        Action.DELETE: _("Delete"),
        Action.MORE: _("More"),
        Action.EDIT_SUMMARY: _("Edit"),
        Action.REDO_SUMMARY: _("Redo"),
        Action.PIN_SUMMARY: _("Pin"),
        Action.SWITCH_SUMMARY: _("Switch off"),
    }
    return labels[action]


def entries_of(
    actions: Iterable[Action], item: TranscriptItem, act: Callable[[Action, TranscriptItem], object]
) -> list[tuple[str, Callable[[], object]]]:
    """Return actions as entries of a menu."""
    return [(label_of(action), lambda action=action: act(action, item)) for action in actions]  # type: ignore[misc]
