"""The options of the window, as the command line knows them."""

import argparse

from desktop import __version__
from desktop.i18n import _
from desktop.services.options import base_url


def parser() -> argparse.ArgumentParser:
    """Return the parser of the window's options."""
    top = argparse.ArgumentParser(
        prog="sobremesa",
        description=_("A desktop chat client for language models. Without a command the window opens."),
        epilog=_(
            "Commands: ask, models, list, show, search, export, stats, branches, context. "
            "`sobremesa COMMAND --help` explains each."
        ),
    )
    top.add_argument("--version", action="version", version=f"sobremesa {__version__}")
    top.add_argument("--data-dir", metavar="DIR", help=_("the folder with the database (or SOBREMESA_DATA_DIR)"))
    top.add_argument("--model", metavar="NAME", default="", help=_("start a session on this model"))
    where = _("where that model answers; only the session remembers it")
    top.add_argument("--api-base", type=base_url, metavar="URL", default="", help=where)
    key = _("the environment variable with the key for --api-base; without it no key is sent there")
    top.add_argument("--api-key-variable", metavar="NAME", default="", help=key)
    top.add_argument("--session", metavar="ID", default="", help=_("open this session"))
    top.add_argument("--demo", action="store_true", help=_("scripted answers and sample sessions, kept apart"))
    top.add_argument(
        "--tour", metavar="DIR", help=_("ask the guide one question, leave a picture and an export in DIR")
    )
    return top
