"""How the thinking of a model is cut into pieces: each is laid out by itself, and positions name them by number."""

THOUGHT_CHARS = 2_000


def thought_pieces(text: str) -> list[str]:
    """Cut thinking into pieces that lay out quickly, at line ends where possible."""
    result = []
    start, size = 0, len(text)
    while size - start > THOUGHT_CHARS:
        middle, limit = start + THOUGHT_CHARS // 2, start + THOUGHT_CHARS
        end = text.rfind("\n", middle, limit) + 1 or text.rfind(" ", middle, limit) + 1 or limit
        result.append(text[start:end])
        start = end
    if start < size:
        result.append(text[start:])
    return result
