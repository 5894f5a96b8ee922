"""The options of the window, as the command line knows them."""

import argparse
from typing import NoReturn

from desktop import __version__
from desktop.i18n import _
from desktop.services.options import base_url


class _Parser(argparse.ArgumentParser):
    """Names the commands where they are asked for, and where one was mistyped; their words are not read before."""

    def format_help(self) -> str:
        from desktop.commands.parser import commands_told

        common = _("Every command also takes --profile NAME (whose sessions) and --json, in front of it or behind it.")
        each = _("`sobremesa COMMAND --help` explains each.")
        self.epilog = "\n".join((_("Commands:"), commands_told(), "", common, each))
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        from desktop.commands.parser import summaries

        names = _("The commands are: {names}.").format(names=", ".join(summaries()))
        super().error(f"{message}\n{names}")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the window's options."""
    top = _Parser(
        prog="sobremesa",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=_("A desktop chat client for language models. Without a command the window opens."),
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
