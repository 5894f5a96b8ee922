"""A walk through the program where nobody can look at a window: the same window, offscreen, asked one question.

It writes what a person would have seen (a picture) and would have kept (the Markdown export), and says where.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop.domain.faults import SobremesaError
from desktop.domain.messages import Message
from desktop.i18n import _

GUIDE = "guide/manual"
PICTURE = "sobremesa.png"
EXPORT = "sobremesa.md"
ANSWER_LIMIT_S = 60.0


def tour(argv: Sequence[str], folder: Path) -> int:
    """Take the walk, print the answer and the files' paths, and return the exit code."""
    from desktop.app import build

    desktop = build([*argv, "--model", GUIDE])

    async def walk() -> int:
        try:
            question = _("What is Sobremesa, and how do I export a session?")
            desktop.window.composer.set_text(question)
            desktop.window.composer.send.click()
            answer = await asyncio.wait_for(_answered(), ANSWER_LIMIT_S)
            folder.mkdir(parents=True, exist_ok=True)
            picture = folder.resolve() / PICTURE
            if not desktop.window.grab().save(str(picture)):
                raise SobremesaError(_("The picture could not be written to {path}.").format(path=picture))
            export = await desktop.bridge.call(
                lambda backend: backend.library.export_markdown(answer.session_id, folder.resolve() / EXPORT)
            )
        except TimeoutError:
            print(_("The guide did not answer in time."), file=sys.stderr)
            return 1
        except (SobremesaError, OSError) as error:
            print(f"sobremesa: {error}", file=sys.stderr)
            return 1
        print(f"> {question}\n\n{answer.content}\n")
        print(_("Picture: {path}").format(path=picture))
        print(_("Export: {path}").format(path=export))
        return 0

    async def _answered() -> Message:
        while not (sent := desktop.chat.session_id) or desktop.chat.running_count():
            await asyncio.sleep(0.05)
        opened = await desktop.bridge.call(lambda backend: backend.library.open(sent))
        return opened.messages[-1]

    with desktop.loop:
        code: int = desktop.loop.run_until_complete(walk())
        desktop.close()
    return code
