"""Text as it may come from anywhere, made fit for the database; and the digest that proves it unchanged."""

from hashlib import blake2b


def clean(text: str) -> str:
    """Return `text` with lone surrogates replaced by U+FFFD; two that belong together become their character.

    UTF-8 has no form for a lone surrogate, and a write must never fail for what a model or a clipboard produced.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def digest(content: str, thinking: str) -> str:
    """Return the BLAKE2b digest (16 bytes, in hexadecimal) of a complete message's words.

    `integrity_check` misses overwritten pages that still look like pages (14 of 25 in a trial); this does not. The
    length in front keeps a shift between the two texts from going unnoticed.
    """
    body = clean(content).encode()
    found = blake2b(str(len(body)).encode() + b":" + body, digest_size=16)
    found.update(clean(thinking).encode())
    return found.hexdigest()
