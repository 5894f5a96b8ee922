"""How the thinking of a model is cut into pieces: each is laid out by itself, and positions name them by number."""

THOUGHT_CHARS = 2_000


def thought_pieces(text: str) -> list[str]:
    """Cut thinking into pieces that lay out quickly, at line ends where possible."""
    result = []
    while len(text) > THOUGHT_CHARS:
        end = text.rfind("\n", THOUGHT_CHARS // 2, THOUGHT_CHARS) + 1
        end = end or text.rfind(" ", THOUGHT_CHARS // 2, THOUGHT_CHARS) + 1 or THOUGHT_CHARS
        result.append(text[:end])
        text = text[end:]
    if text:
        result.append(text)
    return result
