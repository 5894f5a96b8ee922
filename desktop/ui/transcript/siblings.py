"""Long code and long tables come in parts; what is taken of one is taken of all."""

from desktop.domain.markdown_blocks import CodeFence, Table
from desktop.presenters.transcript_item import TranscriptItem


def parts_around(item: TranscriptItem, index: int) -> tuple[CodeFence | Table, ...]:
    """Return all parts of the code or table that a message's block belongs to, from the first on."""
    if not 0 <= index < item.count:
        return ()
    block = item.block(index)
    if not isinstance(block, (CodeFence, Table)):
        return ()
    first = max(0, index - block.part)
    found: list[CodeFence | Table] = []
    for number in range(first, item.count):
        each = item.block(number)
        if not isinstance(each, (CodeFence, Table)) or type(each) is not type(block) or each.part != len(found):
            break
        found.append(each)
    return tuple(found)


def whole_code(item: TranscriptItem, index: int) -> str:
    """Return the code of all parts."""
    return "\n".join(part.text for part in parts_around(item, index) if isinstance(part, CodeFence))


def whole_table(item: TranscriptItem, index: int) -> Table | None:
    """Return the table of all parts."""
    parts = [part for part in parts_around(item, index) if isinstance(part, Table)]
    if not parts:
        return None
    rows = tuple(row for part in parts for row in part.rows)
    return Table(parts[0].header, rows, parts[0].alignments)
