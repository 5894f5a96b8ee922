"""Carries out what a model asked of a program's tools; whatever a tool does, the model is told."""

import asyncio
import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any

from desktop.domain.events import ToolResult
from desktop.domain.messages import ToolCall
from desktop.domain.tools import Tool

MOST_ROUNDS = 16
"""A model that calls tools without end is stopped after so many answers in a row."""


async def call_tools(tools: Mapping[str, Tool], calls: Sequence[ToolCall]) -> list[ToolResult]:
    """Carry out calls at the same time, in order of asking in what is returned; plain functions run on a thread.

    A tool that raises, and one that does not exist, are a result that says so: the model may try another way.
    """
    done = await asyncio.gather(*(_call(tools, call) for call in calls), return_exceptions=True)
    results = []
    for call, found in zip(calls, done, strict=True):
        if isinstance(found, BaseException) and not isinstance(found, Exception):
            raise found
        results.append(ToolResult(call, f"{type(found).__name__}: {found}" if isinstance(found, Exception) else found))
    return results


async def _call(tools: Mapping[str, Tool], call: ToolCall) -> str:
    tool = tools.get(call.name)
    if tool is None:
        return f"There is no tool called {call.name}. There are: {', '.join(tools)}."
    arguments: Any = json.loads(call.arguments or "{}")
    if not isinstance(arguments, dict):
        return "The arguments must be a JSON object."
    if inspect.iscoroutinefunction(tool.call):
        found = await tool.call(**arguments)
    else:
        found = await asyncio.to_thread(tool.call, **arguments)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)
