"""`python -m tests.wire.openai --port 8123`: a wire server in a process of its own, for benchmarks and by hand."""

import argparse
import signal
import threading
from typing import TYPE_CHECKING

from tests.wire.picky import RULES
from tests.wire.script import PARIS, Fault, Mode, Script

if TYPE_CHECKING:
    from tests.wire.server import Wire


def main(wire: "Wire", argv: list[str] | None = None) -> None:
    """Serve `wire` until a signal ends it; the first line on stdout is the base URL."""
    from tests.wire.server import WireServer

    parser = argparse.ArgumentParser(description=f"a loopback server that speaks {wire.name}")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate", type=float, help="pieces per second; full speed where left out")
    parser.add_argument("--first-delay", type=float, default=0.0, help="seconds before the first piece")
    parser.add_argument("--repeat", type=int, default=1, help="how often the text is sent")
    parser.add_argument("--text", help="the answer, cut into words; by default a sentence about Paris")
    parser.add_argument("--model", action="append", help="a model to list; may be given several times")
    parser.add_argument("--fault", choices=[mode.value for mode in Mode])
    parser.add_argument("--after", type=int, default=3, help="pieces before the fault")
    parser.add_argument("--status", type=int, default=500)
    parser.add_argument("--retry-after", help="value of the Retry-After header")
    parser.add_argument("--first", type=int, help="limit the fault to the first requests")
    parser.add_argument("--picky", choices=RULES, action="append", help="refuse histories by this rule")
    parser.add_argument("--window", type=int, help="refuse histories of more words")
    chosen = parser.parse_args(argv)
    fault = None
    if chosen.fault:
        headers = {"Retry-After": chosen.retry_after} if chosen.retry_after else {}
        fault = Fault(
            mode=Mode(chosen.fault), after=chosen.after, status=chosen.status, headers=headers, first=chosen.first
        )
    models = tuple(chosen.model or ("wire-1", "wire-2"))
    script = Script(
        text=tuple(f"{word} " for word in chosen.text.split(" ")) if chosen.text else PARIS,
        repeat=chosen.repeat,
        rate=chosen.rate,
        first_delay_s=chosen.first_delay,
        model=models[0],
        models=models,
        fault=fault,
        picky=tuple(chosen.picky or ()),
        window=chosen.window,
    )
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with WireServer(wire, script, port=chosen.port) as server:
        print(server.base, flush=True)
        ended.wait()
