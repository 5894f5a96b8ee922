"""Settings, each declared once: default, type, label, help and range; file, dialog and manual follow from here.

Labels and help are English here and translated when they are shown, so that a change of language reaches them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.domain.faults import WrongUse
from desktop.i18n import _

SettingValue = str | int | float | bool | tuple[str, ...]


def mark(message: str) -> str:
    """Mark a string for extraction; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. `minimum` and `maximum` are inclusive, `unit` is shown behind a number, `choices` are the values
    a text may have; `can_be_off` lets 0 stand for off, below the minimum; a setting without a section is kept but not
    shown in the dialog.
    """

    name: str
    default: SettingValue
    label: str
    section: str = ""
    help: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    can_be_off: bool = False

    def validated(self, value: object) -> SettingValue:
        """Return `value` in this setting's type; raise `WrongUse` with a sentence where it does not fit."""
        kind = type(self.default)
        found: SettingValue
        if isinstance(value, list | tuple) and kind is tuple and all(isinstance(item, str) for item in value):
            found = tuple(value)
        elif isinstance(value, str | int) and type(value) is kind:
            found = value
        elif isinstance(value, int | float) and kind is float and not isinstance(value, bool):
            found = float(value)
        else:
            raise WrongUse(_("{name} cannot be {value!r}.").format(name=self.name, value=value))
        if self.choices and found not in {choice for choice, _label in self.choices}:
            allowed = ", ".join(choice or '""' for choice, _label in self.choices)
            raise WrongUse(_("{name} must be one of: {allowed}.").format(name=self.name, allowed=allowed))
        if isinstance(found, int | float) and not isinstance(found, bool) and not (self.can_be_off and found == 0):
            low, high = self.minimum, self.maximum
            if (low is not None and not found >= low) or (high is not None and not found <= high):
                raise WrongUse(
                    _("{name} must lie between {low} and {high}.").format(name=self.name, low=low, high=high)
                )
        return found


SECTIONS: tuple[tuple[str, str], ...] = (
    ("models", mark("Models")),
    ("sessions", mark("Sessions")),
    ("appearance", mark("Appearance")),
    ("connection", mark("Connection")),
)

SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="system_prompt",
        default="You are a helpful assistant.",
        label=mark("System prompt of new sessions"),
        section="models",
    ),
    Setting(
        name="temperature",
        default=1.0,
        label=mark("Temperature of new sessions"),
        section="models",
        help=mark("Higher values make answers more varied."),
        minimum=0.0,
        maximum=2.0,
    ),
    Setting(
        name="max_context",
        default=32768,
        label=mark("Context of new sessions"),
        section="models",
        help=mark("When a conversation grows beyond this, its oldest messages are left out of the request."),
        unit=mark("tokens"),
        minimum=256,
        maximum=10_000_000,
    ),
    Setting(
        name="summaries",
        default="full",
        label=mark("Summarise the beginning of a conversation"),
        section="models",
        help=mark("The model writes it behind an answer; it is shown in the conversation and counts on the bill."),
        choices=(
            ("off", mark("Never: leave the oldest messages out")),
            ("full", mark("When it is more than may be sent")),
            ("often", mark("After every ten messages")),
        ),
    ),
    Setting(
        name="summary_model",
        default="",
        label=mark("Model for summaries"),
        section="models",
        help=mark("As provider/model. Empty is the session's own."),
    ),
    Setting(
        name="small_questions",
        default=False,
        label=mark("Ask a model small questions beside the answers"),
        section="models",
        help=mark("For titles and follow-up questions. What is asked is on the bill; off means that nothing is asked."),
    ),
    Setting(
        name="small_model",
        default="",
        label=mark("Model for small questions"),
        section="models",
        help=mark("As provider/model, best a small and quick one. Empty is the model that has just answered."),
    ),
    Setting(name="better_titles", default=True, label=mark("A better title after the second answer"), section="models"),
    Setting(name="follow_ups", default=True, label=mark("Up to three follow-up questions"), section="models"),
    Setting(
        name="monthly_budget",
        default=0.0,
        label=mark("Budget for a month"),
        section="models",
        help=mark("You are warned at 80 % and asked at 100 %. 0 is no budget."),
        unit=mark("US dollars"),
        minimum=0.0,
        maximum=1_000_000.0,
    ),
    Setting(
        name="max_turns",
        default=0,
        label=mark("Turns of new sessions"),
        section="models",
        help=mark("A question and its answer are one turn. Older ones are left out of the request; 0 leaves out none."),
        minimum=0,
        maximum=1_000_000,
    ),
    Setting(
        name="archive_after_days",
        default=90,
        label=mark("Archive sessions untouched for"),
        section="sessions",
        help=mark("At start and daily. Pinned ones stay; archived ones can be searched and taken out again."),
        unit=mark("days"),
        minimum=30,
        maximum=365,
        can_be_off=True,
    ),
    Setting(
        name="theme",
        default="system",
        label=mark("Theme"),
        section="appearance",
        choices=(("system", mark("As the system")), ("light", mark("Light")), ("dark", mark("Dark"))),
    ),
    Setting(
        name="language",
        default="",
        label=mark("Language"),
        section="appearance",
        help=mark("Takes effect at the next start."),
        choices=(("", mark("As the system")), ("en", "English"), ("es", "Español")),
    ),
    Setting(
        name="zoom",
        default=100,
        label=mark("Text size in the transcript"),
        section="appearance",
        unit="%",
        minimum=50,
        maximum=300,
    ),
    Setting(
        name="connect_timeout_s",
        default=10,
        label=mark("Wait for a connection"),
        section="connection",
        unit=mark("seconds"),
        minimum=1,
        maximum=600,
    ),
    Setting(
        name="first_token_timeout_s",
        default=120,
        label=mark("Wait for the first word"),
        section="connection",
        unit=mark("seconds"),
        minimum=1,
        maximum=7200,
    ),
    Setting(
        name="local_first_token_timeout_s",
        default=600,
        label=mark("Wait for the first word of a local server"),
        section="connection",
        help=mark("A local server may have to load its model first."),
        unit=mark("seconds"),
        minimum=1,
        maximum=7200,
    ),
    Setting(
        name="silence_timeout_s",
        default=60,
        label=mark("Longest silence within an answer"),
        section="connection",
        unit=mark("seconds"),
        minimum=1,
        maximum=7200,
    ),
    Setting(
        name="retries",
        default=3,
        label=mark("Tries after a failure"),
        section="connection",
        help=mark("Only before the first word has arrived."),
        minimum=0,
        maximum=10,
    ),
    Setting(name="default_model", default="", label=mark("Model of new sessions")),
    Setting(name="favourite_models", default=(), label=mark("Favourite models")),
    Setting(name="recent_models", default=(), label=mark("Recent models")),
    Setting(
        name="key_place",
        default="keychain",
        label=mark("Where keys are kept"),
        choices=(("keychain", ""), ("file", "")),
    ),
    Setting(name="maintained_at", default=0, label=mark("When old sessions were last looked for")),
    Setting(name="archive_from", default=0, label=mark("From when on the clock is believed")),
    Setting(name="profile", default=1, label=mark("Profile")),
    Setting(name="highest_profile", default=1, label=mark("Highest number that a profile had")),
    Setting(name="profile_locked", default=False, label=mark("Whether the profile is locked")),
    Setting(name="session_sort", default="activity", label=mark("Order of the sessions")),
    Setting(name="shortcuts", default=(), label=mark("Keys of commands")),
    Setting(name="window", default="", label=mark("Size and place of the window")),
)

BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
