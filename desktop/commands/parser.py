"""What can be written on the command line behind `sobremesa`, and how it is explained."""

import argparse

from desktop import __version__
from desktop.commands.archive import add_archive
from desktop.commands.places import add_places
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


def summaries() -> dict[str, str]:
    """Return what each command does, in a few words."""
    return {
        "ask": _("send a message and print the answer as it comes"),
        "models": _("list the models that --model takes"),
        "list": _("list sessions, newest first"),
        "show": _("print a session"),
        "search": _("find messages and titles"),
        "export": _("write a session to a file"),
        "stats": _("count messages, tokens and cost"),
        "branches": _("show the branches of a session"),
        "context": _("show exactly what would be sent next, and why"),
        "doctor": _("check the database, and mend its index"),
        "archive": _("put old sessions into the archive"),
    }


def commands_told() -> str:
    """Return the commands with what each does, a line for each."""
    return "\n".join(f"  {name:<10} {words}" for name, words in summaries().items())


def parser() -> argparse.ArgumentParser:
    """Return the parser of the commands; every command takes the common options too."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", metavar="DIR", help=_("the folder with the database (or SOBREMESA_DATA_DIR)"))
    common.add_argument("--demo", action="store_true", help=_("use the scripted provider"))
    whose = _("whose sessions: a profile's name, else the one that the window shows")
    common.add_argument("--profile", metavar="NAME", default="", help=whose)
    common.add_argument("--json", action="store_true", help=_("print JSON for machines"))
    top = argparse.ArgumentParser(
        prog="sobremesa",
        description=_("Talk to language models; every conversation is kept on this computer."),
        epilog=_("Without a command the window opens. Exit codes: 0 done, 1 failed, 2 wrong use, 3 not found."),
    )
    top.add_argument("--version", action="version", version=f"sobremesa {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    told = summaries()
    which = _("the id of a session; `sobremesa list` prints them")

    ask = commands.add_parser(
        "ask",
        parents=[common],
        help=told["ask"],
        description=_("Send a message. The answer goes to stdout, the id of a new session to stderr."),
    )
    ask.add_argument("text", nargs="*", help=_("the message; without one, or with -, it is read from standard input"))
    ask.add_argument("--session", metavar="ID", help=_("go on with this session; `sobremesa list` prints the ids"))
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

    commands.add_parser(
        "models",
        parents=[common],
        help=told["models"],
        description=_("List the models that --model takes, each with the name of its provider."),
    )

    listing = commands.add_parser(
        "list",
        parents=[common],
        help=told["list"],
        description=_("List sessions, newest first: the id, how many messages, the title."),
    )
    _add_limit(listing)
    add_places(listing)

    show = commands.add_parser(
        "show",
        parents=[common],
        help=told["show"],
        description=_("Print the messages of a session, those of the path that its window shows."),
    )
    show.add_argument("session", metavar="ID", help=which)

    search = commands.add_parser(
        "search",
        parents=[common],
        help=told["search"],
        description=_("Find the sessions with messages or a title that hold all the words: id, title and a place."),
    )
    told_text = _('words, "phrases", OR, NOT word (or -- -word), role:user, after:2026-11 and the like')
    search.add_argument("text", nargs="+", help=told_text)
    search.add_argument("--relevance", action="store_true", help=_("the best of the newest thousand first"))
    _add_limit(search)

    export = commands.add_parser(
        "export",
        parents=[common],
        help=told["export"],
        description=_("Write a session to a Markdown file and print the file's name."),
    )
    export.add_argument("session", metavar="ID", help=which)
    export.add_argument("--format", choices=("md",), default="md", help=_("the format: md is Markdown"))
    export.add_argument("-o", "--output", metavar="PATH", help=_("the file, or - for standard output"))

    stats = commands.add_parser(
        "stats",
        parents=[common],
        help=told["stats"],
        description=_("Count messages, tokens and cost of everything, or of one session."),
    )
    stats.add_argument("session", nargs="?", metavar="ID", help=which)

    branches = commands.add_parser(
        "branches",
        parents=[common],
        help=told["branches"],
        description=_("Show the tree of a session, a line for each message; a star marks the path that is shown."),
    )
    branches.add_argument("session", metavar="ID", help=which)

    context = commands.add_parser(
        "context",
        parents=[common],
        help=told["context"],
        description=_(
            "Show what would be sent to the model next, message by message, and what would not. It sends nothing."
        ),
    )
    context.add_argument("session", metavar="ID", help=which)
    context.add_argument("text", nargs="*", help=_("a message to be sent, as if it were written"))
    context.add_argument("--model", metavar="NAME", help=_("as if this model were asked"))

    add_archive(
        commands.add_parser(
            "archive",
            parents=[common],
            help=told["archive"],
            description=_("Put sessions into the archive that were untouched for long, or those that are named."),
        )
    )

    doctor = commands.add_parser(
        "doctor",
        parents=[common],
        help=told["doctor"],
        description=_(
            "Check the database: its pages, both indexes, every message's words. Exit code 1: something is wrong."
        ),
    )
    doctor.add_argument("--repair", action="store_true", help=_("make the indexes and the counts anew, after a copy"))
    return top


def _add_limit(command: argparse.ArgumentParser) -> None:
    told = _("how many at most, 1 or more ({count})").format(count=LISTED)
    command.add_argument("--limit", type=count, default=LISTED, metavar="N", help=told)
