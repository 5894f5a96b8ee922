"""What the palette says beside its rows."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.searching import SearchOrder


class Mode(StrEnum):
    """What the field is for."""

    ANYTHING = "anything"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteState:
    """What is said beside the rows: `words` at the field's end, `notice` below it; `empty` where there is no row."""

    mode: Mode = Mode.ANYTHING
    words: str = ""
    notice: str = ""
    empty: tuple[str, str] = ("", "")
    order: SearchOrder = SearchOrder.NEWEST
    is_grouped: bool = False
    can_save: bool = False
