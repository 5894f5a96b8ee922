"""What a system prompt asks to have filled in, and what is told where it does not ask.

A prompt that does not ask is followed by what is known of who writes: their profile's place, preferences and language,
and then the date. A session without any of these sends its prompt as it is written.

These are `{{date}}`, `{{time}}`, `{{location}}`, `{{language}}` and `{{preferences}}`. Other braces stay as they are,
since prompts hold code. A date keeps a prompt the same all day, which providers that remember prefixes reward; a time
does not.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

UNKNOWN = "unknown"
_PLACEHOLDER = re.compile(r"\{\{\s*(date|time|location|language|preferences)\s*\}\}")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""Spelled out: the name that `strftime` gives depends on who has set the process's locale."""
_LANGUAGES = {"en": "English", "es": "Spanish"}


def filled(prompt: str, *, now: datetime, context: Mapping[str, Any], language: str) -> str:
    """Return `prompt` with its placeholders filled in.

    `now` is a local time, `context` the session's (location, preferences), `language` a code or a name.
    """
    if "{{" not in prompt:
        return prompt
    values = {
        "date": _date(now),
        "time": f"{now:%H:%M} {now:%Z}".strip(),
        "location": _said(context.get("location")),
        "language": _LANGUAGES.get(language, language) or UNKNOWN,
        "preferences": _said(context.get("preferences")),
    }
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], prompt)


def completed(prompt: str, *, now: datetime, context: Mapping[str, Any], language: str) -> str:
    """Return `prompt` filled in, with a sentence for each thing that `context` knows and the prompt does not ask for.

    `language` is what `{{language}}` becomes; the context has one where answers are wanted in it.
    """
    spoken = str(context.get("language") or "")
    asked = {found.group(1) for found in _PLACEHOLDER.finditer(prompt)}
    told = {
        "location": (context.get("location"), "The user is in: {said}."),
        "preferences": (context.get("preferences"), "What the user prefers: {said}"),
        "language": (spoken and _LANGUAGES.get(spoken, spoken), "Answer in {said} unless asked otherwise."),
    }
    sentences = [
        words.format(said=_said(value)) for name, (value, words) in told.items() if value and name not in asked
    ]
    if sentences and "date" not in asked:
        sentences.append(f"Today is {_date(now)}.")
    own = filled(prompt, now=now, context=context, language=language)
    return "\n\n".join(filter(None, (own, "\n".join(sentences))))


def _date(now: datetime) -> str:
    return f"{_DAYS[now.weekday()]}, {now:%Y-%m-%d}"


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_said(item)}" for key, item in value.items()) or UNKNOWN
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or UNKNOWN
    return UNKNOWN if value is None or value == "" else str(value)
