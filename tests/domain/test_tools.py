"""Python functions as a model reads them."""

from typing import Any, Literal

import pytest

from desktop.domain.faults import WrongUse
from desktop.domain.tools import Tool, tool_of


def weather(city: str, days: int = 1, unit: Literal["C", "F"] = "C", tags: list[str] | None = None) -> str:
    """Tell the weather of a city
    for some days.

    Nobody reads this part.
    """
    return f"{city} {days} {unit} {tags}"


def test_a_function_is_described_by_its_signature() -> None:
    """Name, first paragraph, types, and what must be given."""
    assert tool_of(weather).to_wire() == {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "Tell the weather of a city for some days.",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string"},
                    "days": {"type": "integer"},
                    "unit": {"enum": ["C", "F"]},
                    "tags": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]},
                },
                "required": ["city"],
            },
        },
    }


def test_other_kinds_of_arguments() -> None:
    """Numbers, truth values, mappings, lists of anything, and what has no annotation."""

    def function(*, a: float, b: bool, c: dict[str, int], d: tuple[int, ...], e: list, f: Any, g) -> None:  # type: ignore[no-untyped-def, type-arg]
        """Take everything."""

    assert [found.get("type") for found in tool_of(function).parameters["properties"].values()] == [
        "number",
        "boolean",
        "object",
        "array",
        "array",
        None,
        "string",
    ]


def test_a_tool_may_be_given_ready_made() -> None:
    """With a description of its own."""
    tool = Tool("look", "Look.", {"type": "object", "properties": {}}, weather)
    assert tool_of(tool) is tool


def _many(*words: str) -> None:
    """Take any number."""


def _odd(where: object) -> None:
    """Take what no model can give."""


@pytest.mark.parametrize("function", [lambda: None, "weather", _many, _odd])
def test_what_no_model_could_call_is_refused(function: Any) -> None:
    """Before anything is sent."""
    with pytest.raises(WrongUse):
        tool_of(function)
