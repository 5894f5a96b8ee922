"""The name that a piece of code is suggested to be saved under."""

import re

_SUFFIXES = {
    "bash": "sh",
    "c++": "cpp",
    "csharp": "cs",
    "javascript": "js",
    "jsx": "jsx",
    "kotlin": "kt",
    "markdown": "md",
    "perl": "pl",
    "powershell": "ps1",
    "py": "py",
    "python": "py",
    "python3": "py",
    "ruby": "rb",
    "rust": "rs",
    "shell": "sh",
    "sh": "sh",
    "text": "txt",
    "typescript": "ts",
    "yaml": "yml",
}
_PLAIN_SUFFIX = re.compile(r"[a-z0-9]{1,8}")


def suggested_name(language: str) -> str:
    """Return a file name for code in a language."""
    known = _SUFFIXES.get(language.lower())
    if known is None:
        known = language.lower() if _PLAIN_SUFFIX.fullmatch(language.lower()) else "txt"
    return f"code.{known}"
