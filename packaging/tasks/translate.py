"""The catalogues of translations: collected from the sources, completed by people, compiled for the program."""

from __future__ import annotations

from tasks import environment
from tasks.console import ROOT, run


def update(options: list[str]) -> int:
    """Collect the sentences, name the untranslated ones and compile; with --check only look."""
    python = environment.ensure("dev")
    return run([python, ROOT / "packaging" / "catalogue.py", *options])
