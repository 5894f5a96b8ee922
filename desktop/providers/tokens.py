"""Counts tokens without asking anybody: tiktoken with the tables that LiteLLM's wheel ships.

Other vendors publish no tables; for their models the figure is an estimate (Claude's is 15 to 20 % too low), and is
shown as one. Loading takes 0.1 to 0.24 s and counting waits for it, so both belong on a thread; the window counts in a
process beside it, since building a table stops all threads of its own.
"""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from desktop.providers import token_worker
from desktop.providers.bundled import tokenizer_folder

DEFAULT_ENCODING = "cl100k_base"
CHARACTERS_PER_TOKEN = 4
BUNDLED = ("cl100k_base", "o200k_base")
WORKER_OPTION = "--count-tokens"
CLOSE_LIMIT_S = 1.0

_NEWER = re.compile(r"gpt-(?:4o|4\.1|4\.5|[5-9])|chatgpt-4o|gpt-oss|(?:^|[/\-])o[1-9](?:$|[\-:])", re.IGNORECASE)


class TokenCounter:
    """Counts tokens; may be used from any thread. With `aside`, it counts in a process of its own until `close`."""

    def __init__(self, *, aside: bool = False) -> None:
        self._aside = aside
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def encoding_for(self, model_name: str) -> str:
        """Return the name of the encoding that fits a model best: exact for OpenAI's, an estimate for others."""
        return "o200k_base" if _NEWER.search(model_name) else DEFAULT_ENCODING

    def count(self, text: str, encoding: str = DEFAULT_ENCODING) -> int:
        """Return how many tokens `text` has in `encoding`; of an encoding without a table here, an estimate."""
        if not text:
            return 0
        folder = tokenizer_folder()
        if folder is None:
            return -(-len(text) // CHARACTERS_PER_TOKEN)
        name = encoding if encoding in BUNDLED else DEFAULT_ENCODING
        data = text.encode("utf-8", "replace")
        with self._turn:
            if self._aside:
                counted = self._ask(folder, name, data)
                if counted is not None:
                    return counted
            os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
            return token_worker.count(name, data.decode())

    def close(self) -> None:
        """End the process; a count that comes late is made in place, so that no process outlives its owner."""
        with self._turn:
            process, self._process, self._aside = self._process, None, False
            if process is not None:
                _end(process)

    def _ask(self, folder: Path, encoding: str, text: bytes) -> int | None:
        """Let the process count; None where it cannot be had, and then this process counts from now on."""
        try:
            process = self._process = self._process or _start(folder)
            assert process.stdin is not None
            assert process.stdout is not None
            name = encoding.encode()
            process.stdin.write(token_worker.REQUEST.pack(len(name), len(text)) + name + text)
            process.stdin.flush()
            answer = process.stdout.read(token_worker.ANSWER.size)
        except OSError:
            answer = b""
        if len(answer) == token_worker.ANSWER.size:
            counted: int = token_worker.ANSWER.unpack(answer)[0]
            return counted
        broken, self._process, self._aside = self._process, None, False
        if broken is not None:
            _end(broken)
        return None


def _start(folder: Path) -> "subprocess.Popen[bytes]":
    frozen = [WORKER_OPTION] if getattr(sys, "frozen", False) else ["-P", token_worker.__file__]
    return subprocess.Popen(  # noqa: S603  our own script, with a path of our own
        [sys.executable, *frozen, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue  # it is gone already
    try:
        process.wait(CLOSE_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
