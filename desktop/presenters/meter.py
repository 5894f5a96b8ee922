"""How full the context is, as far as the provider's own figures tell: a figure is shown or nothing, never a guess."""

from collections.abc import Sequence

from desktop.domain.messages import Message
from desktop.domain.sessions import DEFAULT_MAX_CONTEXT, Session
from desktop.i18n import _


def short_count(tokens: int) -> str:
    """Return a count in at most four characters: 950, 11.1k, 32k, 1.2M."""
    if tokens < 1000:
        return str(tokens)
    if tokens < 999_500:
        thousands = tokens / 1000
        return f"{thousands:.1f}k" if thousands < 99.95 and tokens % 1000 >= 50 else f"{thousands:.0f}k"
    return f"{tokens / 1_000_000:.1f}M"


def meter_text(messages: Sequence[Message], session: Session | None) -> str:
    """Return "11.1k / 32k": what the last answer's request and the answer held, of what the session allows.

    Empty where the last answer came without figures.
    """
    allowed = int(session.params.get("max_context", DEFAULT_MAX_CONTEXT)) if session else DEFAULT_MAX_CONTEXT
    limit = f"{allowed // 1024}k" if allowed >= 1024 and allowed % 1024 == 0 else short_count(allowed)
    if not messages:
        return _("{used} / {limit}").format(used=0, limit=limit)
    usage = messages[-1].usage
    if usage is None:
        return ""
    used = short_count(usage.input_tokens + usage.output_tokens)
    return _("{used} / {limit}").format(used=f"≈ {used}" if usage.estimated else used, limit=limit)
