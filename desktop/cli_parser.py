"""What can be written on the command line behind `sobremesa`, and how it is explained."""

import argparse

from desktop import __version__
from desktop.i18n import _
from desktop.services.options import base_url

LISTED = 20


def count(text: str) -> int:
    """Return `text` as a number of lines to print."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(_("{text} is not a number of 1 or more").format(text=repr(text)))
    return number


def parser() -> argparse.ArgumentParser:
    """Return the parser of the commands; every command takes the common options too."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", metavar="DIR", help=_("the folder with the database (or SOBREMESA_DATA_DIR)"))
    common.add_argument("--demo", action="store_true", help=_("use the scripted provider"))
    common.add_argument("--json", action="store_true", help=_("print JSON for machines"))
    top = argparse.ArgumentParser(
        prog="sobremesa",
        description=_("Talk to language models; every conversation is kept on this computer."),
        epilog=_("Without a command the window opens. Exit codes: 0 done, 1 failed, 2 wrong use, 3 not found."),
    )
    top.add_argument("--version", action="version", version=f"sobremesa {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    ask = commands.add_parser(
        "ask",
        parents=[common],
        help=_("send a message and print the answer as it comes"),
        description=_("Send a message. The answer goes to stdout, the id of a new session to stderr."),
    )
    ask.add_argument("text", nargs="*", help=_("the message; without one, or with -, it is read from standard input"))
    ask.add_argument("--session", metavar="ID", help=_("go on with this session"))
    ask.add_argument("--create", action="store_true", help=_("make the session if it does not exist"))
    ask.add_argument("--model", metavar="NAME", help=_("the model: provider/name, or a name with --api-base"))
    ask.add_argument("--api-base", type=base_url, metavar="URL", default="", help=_("where the model answers"))
    ask.add_argument(
        "--api-key-variable",
        metavar="NAME",
        default="",
        help=_("the environment variable with the key for --api-base; without it no key is sent there"),
    )

    ask.add_argument("--over-budget", action="store_true", help=_("send it also when the month's budget is spent"))

    commands.add_parser("models", parents=[common], help=_("list the models that --model takes"))

    listing = commands.add_parser("list", parents=[common], help=_("list sessions, newest first"))
    _add_limit(listing)
    listing.add_argument("--trash", action="store_true", help=_("list the trash instead"))

    show = commands.add_parser("show", parents=[common], help=_("print a session"))
    show.add_argument("session", metavar="ID")

    search = commands.add_parser("search", parents=[common], help=_("find messages and titles"))
    search.add_argument("text", nargs="+")
    _add_limit(search)

    export = commands.add_parser("export", parents=[common], help=_("write a session to a file"))
    export.add_argument("session", metavar="ID")
    export.add_argument("--format", choices=("md",), default="md", help=_("the format: md is Markdown"))
    export.add_argument("-o", "--output", metavar="PATH", help=_("the file, or - for standard output"))

    stats = commands.add_parser("stats", parents=[common], help=_("count messages, tokens and cost"))
    stats.add_argument("session", nargs="?", metavar="ID")

    branches = commands.add_parser("branches", parents=[common], help=_("show the branches of a session"))
    branches.add_argument("session", metavar="ID")

    context = commands.add_parser("context", parents=[common], help=_("show exactly what would be sent next, and why"))
    context.add_argument("session", metavar="ID")
    context.add_argument("text", nargs="*", help=_("a message to be sent, as if it were written"))
    context.add_argument("--model", metavar="NAME", help=_("as if this model were asked"))
    return top


def _add_limit(command: argparse.ArgumentParser) -> None:
    told = _("how many at most, 1 or more ({count})").format(count=LISTED)
    command.add_argument("--limit", type=count, default=LISTED, metavar="N", help=told)
