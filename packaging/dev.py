#!/usr/bin/env python3
"""Run, test, check, measure, picture and bundle Sobremesa: `python3 packaging/dev.py --help`.

Standard library only, so that it starts on a machine where nothing is installed yet: it makes `.venv`, installs the
hash-locked requirements and, on Linux, names (and as root installs) the system libraries that Qt needs.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 8):  # noqa: UP036 - this file alone must also start on older ones, to name what is needed
    sys.exit("Sobremesa needs Python 3.11, 3.12 or 3.13; this is " + sys.version.split(" ", maxsplit=1)[0] + ".")

from collections.abc import Callable

from tasks import bundle, checks, launch, translate
from tasks.console import TaskError, end_progress, say

TASKS: dict[str, Callable[[list[str]], int]] = {
    "run": launch.run_window,
    "test": checks.test,
    "lint": checks.lint,
    "bench": launch.run_bench,
    "shots": launch.run_shots,
    "bundle": bundle.make,
    "translate": translate.update,
}

HELP = """usage: python3 packaging/dev.py TASK [options]

  run        start Sobremesa; options after -- are its own: run -- --data-dir DIR
             (without a display: the same window off screen, one question to the guide; --tour DIR says where to)
  test       run the tests; options are pytest's: test -k composer, test -m "not slow"
             --cov also measures coverage and asks 95 % of domain, storage and services
  lint       ruff, ruff format, mypy strict, import-linter; --fix repairs what it can
  bench      measure against the bars, as ratios; --json for machines, --only PART for one part, --help names them
             (a database of a million messages is made for it once and kept in the cache: minutes, 2 GB)
  shots      take the pictures of the real window
  bundle     make the application that needs no Python, in dist/sobremesa; --install adds it to the menu (Linux)
  translate  collect the sentences, name the untranslated ones, compile the catalogues; --check changes nothing
"""


def main(arguments: list[str]) -> int:
    """Do one task and return its exit code."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(HELP)
        return 0 if arguments else 2
    name, rest = arguments[0], arguments[1:]
    if name not in TASKS:
        say(f"There is no task {name!r}.\n\n{HELP}")
        return 2
    if "--" in rest:
        rest.remove("--")
    try:
        return TASKS[name](rest)
    except TaskError as error:
        end_progress()
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        end_progress()
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
