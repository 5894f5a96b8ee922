"""The command line: the same services without a window, for terminals, scripts and machines.

Results go to stdout, sentences to stderr. Exit codes: 0 done, 1 the world failed (provider, disk), 2 wrong use,
3 not found.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from desktop.commands import archive, context, doctor, places, search, sessions, stats
from desktop.commands.parser import parser
from desktop.commands.words import ending, fault_words
from desktop.domain.explanations import explain
from desktop.domain.faults import BudgetSpent, FaultKind, NotFound, ProviderError, SobremesaError, WrongUse
from desktop.domain.messages import Message, Status
from desktop.domain.organising import Sort
from desktop.domain.repair import sentences
from desktop.domain.runs import RunSaving, RunText, RunWaiting, Update
from desktop.domain.sessions import Session
from desktop.i18n import _, system_language, use_language
from desktop.paths import data_dir
from desktop.services.backend import Backend
from desktop.services.exchange.plain import (
    listing_values,
    message_values,
    session_values,
)
from desktop.services.exchange.terminal import for_stream, one_line
from desktop.services.exchange.writing import safe_filename
from desktop.services.limits import SAVING_LIMIT_S
from desktop.services.options import Options

DONE, FAILED, WRONG, MISSING = 0, 1, 2, 3

Command = Callable[[Backend, argparse.Namespace], Awaitable[int]]


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    use_language(system_language())
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as wish:  # argparse's own way to end: 0 after --help, 2 for wrong use
        return int(wish.code or 0)
    try:
        if arguments.command == "ask":
            _check_question(arguments)
        sessions.check_place(arguments)
        code = asyncio.run(_run(arguments))
        sys.stdout.flush()  # here, where a reader that has gone is understood
        return code
    except BrokenPipeError:
        _forget_stdout()
        return FAILED
    except KeyboardInterrupt:
        return FAILED
    except OSError as error:  # what is printed finds no room: files are the store's, and it has its own sentences
        _forget_stdout()
        print(_("sobremesa: the output could not be written: {reason}").format(reason=error.strerror), file=sys.stderr)
        return FAILED
    except ProviderError as error:
        print(for_stream(f"sobremesa: {fault_words(error.fault)}", sys.stderr), file=sys.stderr)
        return FAILED
    except NotFound as error:
        return _say(error, MISSING)
    except BudgetSpent as error:
        return _say(error, FAILED, _("With --over-budget it is sent all the same."))
    except WrongUse as error:
        return _say(error, WRONG)
    except SobremesaError as error:
        return _say(error, FAILED)


def _forget_stdout() -> None:
    """Let what Python still flushes at its end go nowhere, or it would complain."""
    with suppress(OSError, ValueError):  # not a file where a test or another program reads it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(error: SobremesaError, code: int, more: str = "") -> int:
    print(for_stream(f"sobremesa: {error} {more}".rstrip(), sys.stderr), file=sys.stderr)
    return code


async def _run(arguments: argparse.Namespace) -> int:
    printer = _Printer(silent=arguments.json)
    commands: dict[str, Command] = {
        "ask": partial(_ask, printer),
        "models": _models,
        "list": _list,
        "show": _show,
        "search": search.run,
        "export": _export,
        "stats": _stats,
        "branches": _branches,
        "context": _context,
        "doctor": doctor.run,
        "archive": _archive,
    }
    options = Options(
        folder=data_dir(arguments.data_dir, demo=arguments.demo),
        model=getattr(arguments, "model", None) or "",
        api_base=getattr(arguments, "api_base", ""),
        demo=arguments.demo,
        warm=False,
        saving_s=SAVING_LIMIT_S,
        key_variable=getattr(arguments, "api_key_variable", ""),
        remembers=False,
    )
    backend = await Backend.open(options=options, notify=printer)
    try:
        if arguments.profile:
            profile = await backend.profiles.named(arguments.profile)
            await backend.profiles.switch(profile.id, remember=False)
        return await commands[arguments.command](backend, arguments)
    finally:
        await backend.close()


class _Printer:
    """Prints an answer while it comes, and says when a provider makes it wait; `deserted` when nobody reads on."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self.deserted = asyncio.Event()

    def __call__(self, update: Update) -> None:
        if isinstance(update, RunText) and not self._silent and update.text and not self.deserted.is_set():
            try:
                sys.stdout.write(for_stream(update.text, sys.stdout))
                sys.stdout.flush()
            except BrokenPipeError:  # a run is not to be broken by its listener: it is stopped as by a user
                self.deserted.set()
        elif isinstance(update, RunWaiting):
            said = _("{what}. Trying again in {seconds} s, attempt {attempt} of {attempts}.").format(
                what=explain(update.fault).title,
                seconds=round(update.seconds),
                attempt=update.attempt,
                attempts=update.attempts,
            )
            print(said, file=sys.stderr)
        elif isinstance(update, RunSaving) and not update.saved:
            said = _("Nothing is saved at the moment: {reason} Trying again; Ctrl+C gives up.")
            print(said.format(reason=update.reason), file=sys.stderr)


def _check_question(arguments: argparse.Namespace) -> None:
    """Read the message where it does not stand in the command; here nothing is open yet that Ctrl+C would have to end.

    Raises `WrongUse` before anything is written.
    """
    text = " ".join(arguments.text)
    arguments.text = sys.stdin.read() if text in ("", "-") else text
    if not arguments.text.strip():
        raise WrongUse(_("There is nothing to send. Write something first."))
    if arguments.api_base and not arguments.model:
        raise WrongUse(_("--api-base needs --model: which model answers there?"))
    if arguments.api_key_variable and not arguments.api_base:
        raise WrongUse(_("--api-key-variable needs --api-base: where may the key go?"))


async def _ask(printer: _Printer, backend: Backend, arguments: argparse.Namespace) -> int:
    if arguments.model and not arguments.api_base:
        arguments.model = await sessions.model_named(backend, arguments.model)
    session_id, is_new = await _session_for(backend, arguments)
    if arguments.over_budget:
        backend.budget.grant(session_id)
    turn = await backend.chat.send(arguments.text, session_id=session_id)
    answer = await _answer(printer, backend, turn.assistant.id)
    if arguments.json:
        session = await backend.store.session(answer.session_id)
        _print_json({"session": session_values(session), "message": message_values(answer)})
    elif answer.content:
        sys.stdout.write("" if answer.content.endswith("\n") else "\n")
        sys.stdout.flush()
    if is_new and answer.fault is not None and answer.fault.kind is FaultKind.NO_MODEL and not answer.content:
        await backend.library.trash(session_id)  # a name that was mistyped is no conversation
        await backend.library.remove(session_id)
    elif is_new and not arguments.session and not arguments.json:
        print(_("Session: {id}").format(id=session_id), file=sys.stderr)
    return _report(answer)


async def _answer(printer: _Printer, backend: Backend, message_id: int) -> Message:
    """Wait for an answer; stop it, and keep its text, at Ctrl+C or when nobody reads it any more."""
    stop = asyncio.Event()
    with suppress(NotImplementedError, ValueError):  # on Windows, or outside of the main thread
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    waits = [asyncio.create_task(event.wait()) for event in (stop, printer.deserted)]
    answer = asyncio.create_task(backend.chat.result(message_id))
    await asyncio.wait((answer, *waits), return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if not answer.done():  # nobody waits any longer, neither for words nor for a disk
        backend.chat.give_up_saving(message_id)
    await backend.chat.stop(message_id)
    if printer.deserted.is_set():
        raise BrokenPipeError
    return await answer


async def _session_for(backend: Backend, arguments: argparse.Namespace) -> tuple[str, bool]:
    """Return the session to write to, and whether it is new: where none was named, or the named one may be made."""
    address = Options(folder=Path(), model=arguments.model or "", api_base=arguments.api_base).address
    if arguments.session:
        try:
            session = await backend.store.session(arguments.session)
        except NotFound:
            if not arguments.create:
                raise
        else:
            if address:
                await backend.models.resolve(address, session)
                await backend.library.set_model(session.id, address)
            return session.id, False
    address = address or await backend.models.default_model()
    unstored = Session(id="", title="", created_at=0, updated_at=0, params=backend.settings.model_params(address))
    await backend.models.resolve(address, unstored)  # before anything is written
    if not arguments.over_budget:
        await backend.budget.check(address, session_id="", params=unstored.params)
    session = await backend.library.create(model=address, session_id=arguments.session)
    return session.id, True


def _report(answer: Message) -> int:
    """Say on stderr how an answer ended if it is not whole; return the exit code."""
    if answer.fault is not None:
        said = f"sobremesa: {fault_words(answer.fault, has_text=bool(answer.content))}"
        print(for_stream(said, sys.stderr), file=sys.stderr)
        if answer.fault.words:
            print(for_stream(answer.fault.words, sys.stderr), file=sys.stderr)
    elif answer.status is Status.STOPPED and not answer.metadata.get("not_saved"):
        print(_("Stopped. The text so far is kept."), file=sys.stderr)
    elif answer.finish_reason == "length":
        print(_("The answer was cut at the longest the model may write."), file=sys.stderr)
    for sentence in sentences(answer.metadata):
        print(sentence, file=sys.stderr)
    not_saved = answer.metadata.get("not_saved")
    if not_saved:
        print(_("The answer is not saved: {reason}").format(reason=not_saved), file=sys.stderr)
    return DONE if answer.status is Status.COMPLETE and not not_saved else FAILED


async def _models(backend: Backend, arguments: argparse.Namespace) -> int:
    choices = await backend.models.choices()
    if arguments.json:
        default = await backend.models.default_model()
        _print_json(
            [
                {
                    "model": choice.address,
                    "name": choice.name,
                    "provider": choice.provider_name,
                    "local": choice.is_local,
                    "favourite": choice.is_favourite,
                    "default": choice.address == default,
                }
                for choice in choices
            ]
        )
    else:
        for choice in choices:
            print(f"{one_line(choice.address)}  {one_line(choice.provider_name)}")
    return DONE


async def _list(backend: Backend, arguments: argparse.Namespace) -> int:
    place = await places.place_of(backend, arguments)
    listed = await backend.library.sessions(limit=arguments.limit, place=place, sort=Sort(arguments.sort))
    if arguments.json:
        _print_json([listing_values(session) for session in listed])
    else:
        for session in listed:
            print(f"{one_line(session.id)}  {session.message_count:>6}  {one_line(session.title) or _('Untitled')}")
    return DONE


async def _archive(backend: Backend, arguments: argparse.Namespace) -> int:
    done = await archive.archive(backend, arguments)
    if arguments.json:
        _print_json(done)
    else:
        print(archive.sentence(done))
    return DONE


async def _show(backend: Backend, arguments: argparse.Namespace) -> int:
    session, messages = await backend.library.whole(arguments.session)
    if arguments.json:
        _print_json({"session": session_values(session), "messages": [message_values(one) for one in messages]})
        return DONE
    names = await sessions.provider_names(backend)
    print(f"# {one_line(session.title) or _('Untitled')}\n")
    for message in messages:
        name = sessions.name_above(message, names)
        said = (for_stream(message.content, sys.stdout), for_stream(ending(message), sys.stdout))
        print(f"[{one_line(name)}]\n" + "\n".join(filter(None, said)) + "\n")
    return DONE


async def _export(backend: Backend, arguments: argparse.Namespace) -> int:
    if arguments.output == "-":
        text = await backend.library.markdown(arguments.session)
        if arguments.json:
            _print_json({"session": arguments.session, "markdown": text})
        else:
            sys.stdout.write(for_stream(text, sys.stdout))
        return DONE
    session = await backend.store.session(arguments.session)
    path = Path(arguments.output) if arguments.output else _free(Path(safe_filename(session.title)))
    written = await backend.library.export_markdown(session.id, path)
    if arguments.json:
        _print_json({"session": session.id, "path": str(written)})
    else:
        print(written)
    return DONE


def _free(path: Path) -> Path:
    """Return `path`, or the first like it with a number that is free: only a name that was asked for is replaced."""
    number, free = 2, path
    while free.exists():
        free = path.with_stem(f"{path.stem} ({number})")
        number += 1
    return free


async def _stats(backend: Backend, arguments: argparse.Namespace) -> int:
    values = await stats.statistics_of(backend, arguments.session)
    if arguments.json:
        _print_json(values)
    else:
        print("\n".join(stats.statistics_lines(values)))
    return DONE


async def _branches(backend: Backend, arguments: argparse.Namespace) -> int:
    if arguments.json:
        _print_json(await stats.outline_of(backend, arguments.session))
    else:
        print("\n".join(await stats.outline_lines(backend, arguments.session)))
    return DONE


async def _context(backend: Backend, arguments: argparse.Namespace) -> int:
    values = await context.context_of(backend, arguments)
    if arguments.json:
        _print_json(values)
    else:
        print("\n".join(for_stream(line, sys.stdout) for line in context.lines(values)))
    return DONE


def _print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=sys.stdout.isatty(), indent=2)
    sys.stdout.write("\n")
