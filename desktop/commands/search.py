"""`sobremesa search`: messages and titles, for people grouped by session, for machines one by one."""

import argparse
import json
import sys

from desktop.commands import sessions
from desktop.domain.searching import SearchOrder
from desktop.services.backend import Backend
from desktop.services.exchange.plain import hit_values
from desktop.services.exchange.terminal import for_stream


async def run(backend: Backend, arguments: argparse.Namespace) -> int:
    """Print what was found; what could not be followed in the question is said on stderr."""
    order = SearchOrder.RELEVANCE if arguments.relevance else SearchOrder.NEWEST
    text = " ".join(arguments.text)
    page = await backend.searching.hits(text, limit=arguments.limit, order=order)
    hits = page.hits
    while order is SearchOrder.NEWEST and page.has_more and len(hits) < arguments.limit:
        # It took long, and a page ended early: in a terminal one waits for the rest.
        page = await backend.searching.hits(text, limit=arguments.limit - len(hits), after=page.next)
        hits += page.hits
    if page.notice:
        print(for_stream(page.notice, sys.stderr), file=sys.stderr)
    values = [hit_values(hit) for hit in hits]
    if arguments.json:
        json.dump(values, sys.stdout, ensure_ascii=sys.stdout.isatty(), indent=2)
        sys.stdout.write("\n")
    elif values:
        print("\n".join(sessions.found_lines(values)))
    return 0
