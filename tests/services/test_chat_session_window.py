"""The window of the one model that a `ChatSession` talks to."""

from desktop.domain.models import ModelSpec
from desktop.domain.sessions import Session
from desktop.services.chat_session import _OneModel


async def test_the_window_of_a_known_model_bounds_what_is_sent() -> None:
    """Whatever `max_context` allows; one at an address of its own is not taken for it."""
    known = _OneModel(ModelSpec(provider_id="openai", kind="openai", name="gpt-4"), None)
    other = _OneModel(
        ModelSpec(provider_id="openai", kind="openai", name="gpt-4", api_base="http://h.example/v1"), None
    )
    session = Session(id="s", title="", created_at=0, updated_at=0)
    for _time in range(2):
        assert (await known.resolve("", session))[0].window == 8192
        assert (await other.resolve("", session))[0].window is None
