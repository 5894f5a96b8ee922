"""`sobremesa doctor`: says whether the database is sound, and makes anew what can be made from its messages."""

import argparse
import json
import sys
from typing import Any

from desktop.domain.health import REPAIRABLE, Check, Finding
from desktop.i18n import _, ngettext
from desktop.services.backend import Backend


async def run(backend: Backend, arguments: argparse.Namespace) -> int:
    """Print a line for each check; return 0 where all is well, or is now."""
    store = backend.store
    found = [finding async for finding in _looked(backend, silent=arguments.json)]
    copy = ""
    if arguments.repair and any(each.wrong and each.check in REPAIRABLE for each in found):
        copy = str(await store.keep_copy())
        print(_("A copy made before is {backup}.").format(backup=copy), file=sys.stderr)
        await store.rebuild_index()
        found = [finding async for finding in _looked(backend, silent=arguments.json)]
    elif arguments.repair:
        print(_("There is nothing that could be made anew."), file=sys.stderr)
    if arguments.json:
        value: dict[str, Any] = {
            "sound": not any(each.wrong for each in found),
            "checks": [{"check": each.check.value, "wrong": each.wrong} for each in found],
            "backup": copy or None,
        }
        json.dump(value, sys.stdout, indent=2)
        sys.stdout.write("\n")
    wrong = {each.check for each in found if each.wrong}
    if wrong & REPAIRABLE and not arguments.repair:
        print(_("`sobremesa doctor --repair` makes the index and the counts anew."), file=sys.stderr)
    if wrong - REPAIRABLE:
        print(_("What is damaged is not touched. Take a copy from the folder backups."), file=sys.stderr)
    return 1 if wrong else 0


async def _looked(backend: Backend, *, silent: bool) -> Any:
    async for finding in backend.store.findings():
        if not silent:
            print(line(finding))
        yield finding


def line(finding: Finding) -> str:
    """Return what was found, for people."""
    name = {
        Check.FILE: _("pages of the file"),
        Check.REFERENCES: _("references between rows"),
        Check.MESSAGE_INDEX: _("index of the messages"),
        Check.TITLE_INDEX: _("index of the titles"),
        Check.WORDS: _("words of the messages"),
        Check.COUNTS: _("counts, and titles as the list looks for them"),
    }[finding.check]
    if finding.wrong is None:
        return _("–   {name}: not looked at, nothing can be written here").format(name=name)
    if not finding.wrong:
        return _("ok  {name}").format(name=name)
    many = ngettext("{count} fault", "{count} faults", finding.wrong).format(count=finding.wrong)
    return _("BAD {name}: {many}").format(name=name, many=many)
