"""What a system prompt asks to have filled in.

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
        "date": f"{_DAYS[now.weekday()]}, {now:%Y-%m-%d}",
        "time": f"{now:%H:%M} {now:%Z}".strip(),
        "location": _said(context.get("location")),
        "language": _LANGUAGES.get(language, language) or UNKNOWN,
        "preferences": _said(context.get("preferences")),
    }
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], prompt)


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_said(item)}" for key, item in value.items()) or UNKNOWN
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or UNKNOWN
    return UNKNOWN if value is None or value == "" else str(value)
