"""The process that counts tokens for the window: building a table stops every thread of a process for 100 ms.

It reads requests from stdin (two lengths, an encoding's name, a text in UTF-8), answers each on stdout with one number,
and ends with its input, so that it never outlives the program that started it. It runs as a script of its own: nothing
of the program is imported.
"""

import os
import struct
import sys
from collections.abc import Iterator
from typing import BinaryIO

REQUEST = struct.Struct(">HI")
ANSWER = struct.Struct(">q")
PIECE = 100_000
"""Characters at a time: a million blanks in a row make tiktoken panic."""


POLITE = 15
"""How far it stands back: loading a table takes a second of a processor that an answer may be waiting for."""


def cut(text: str, size: int) -> Iterator[str]:
    """Yield `text` in pieces of at most `size` characters, each ending with a line where there is one."""
    start = 0
    while start < len(text):
        end = start + size
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or end
        yield text[start:end]
        start = end


def count(encoding: str, text: str) -> int:
    """Return how many tokens `text` has in an encoding whose table is on this computer."""
    import tiktoken

    table = tiktoken.get_encoding(encoding)
    return sum(len(table.encode_ordinary(piece)) for piece in cut(text, PIECE))


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the requests end."""
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        name_length, text_length = REQUEST.unpack(head)
        encoding = requests.read(name_length).decode()
        answers.write(ANSWER.pack(count(encoding, requests.read(text_length).decode("utf-8", "replace"))))
        answers.flush()


def main(folder: str) -> int:
    """Serve stdin with the tables in `folder`; they are never fetched."""
    os.environ["TIKTOKEN_CACHE_DIR"] = folder
    if hasattr(os, "nice"):
        os.nice(POLITE)
    serve(sys.stdin.buffer, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
