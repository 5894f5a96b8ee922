"""Tools that a program gives to a model: Python functions with a description that the model reads.

The form of a description is OpenAI's, which LiteLLM takes for every provider:
https://platform.openai.com/docs/guides/function-calling
"""

import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from desktop.domain.faults import WrongUse
from desktop.i18n import _

_TYPES: Mapping[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call. `parameters` is a JSON schema of an object, one property an argument."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    call: Callable[..., Any]

    def to_wire(self) -> dict[str, Any]:
        """Return the description in OpenAI's form."""
        function = {"name": self.name, "description": self.description, "parameters": dict(self.parameters)}
        return {"type": "function", "function": function}


def tool_of(function: "Tool | Callable[..., Any]") -> Tool:
    """Return a function as a tool: its name, the first paragraph of its docstring, its arguments by their annotations.

    Raises `WrongUse` for what is no function, takes a variable number of arguments, or has an annotation without a
    JSON type. Known are str, int, float, bool, None, list, tuple, dict, `Literal`, and unions of these.
    """
    if isinstance(function, Tool):
        return function
    name = str(getattr(function, "__name__", ""))
    if not name.isidentifier():  # a lambda, or no function at all
        raise WrongUse(_("A tool is a function with a name, or a `Tool`."))
    hints = get_type_hints(function)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise WrongUse(_("The tool {name} must take its arguments by name.").format(name=name))
        properties[parameter.name] = _schema(hints.get(parameter.name, str), name)
        if parameter.default is parameter.empty:
            required.append(parameter.name)
    parameters = {"type": "object", "properties": properties, "required": required}
    description = (inspect.getdoc(function) or "").partition("\n\n")[0].replace("\n", " ")
    return Tool(name, description, parameters, function)


def _schema(hint: Any, name: str) -> dict[str, Any]:
    if hint in _TYPES:
        return {"type": _TYPES[hint]}
    if hint is Any:
        return {}
    if hint is None or hint is type(None):
        return {"type": "null"}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(argument, name) for argument in arguments]}
    if hint in (list, tuple) or origin in (list, tuple):
        items = [argument for argument in arguments if argument is not Ellipsis]
        return {"type": "array", "items": _schema(items[0], name)} if items else {"type": "array"}
    if hint is dict or origin is dict:
        return {"type": "object"}
    raise WrongUse(_("The tool {name} has an argument of a kind that a model cannot give.").format(name=name))
