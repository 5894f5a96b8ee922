from desktop.domain.messages import Role, ToolCall
from desktop.domain.models import ModelSpec, Secret
from desktop.domain.requests import ChatRequest, ContextMessage


def test_a_plain_message_goes_out_as_role_and_content() -> None:
    """Nothing is added that the provider did not ask for."""
    assert ContextMessage(role=Role.USER, content="Hi").to_wire() == {"role": "user", "content": "Hi"}


def test_a_tool_call_goes_out_in_the_chat_completions_form() -> None:
    """The arguments are the text exactly as the model wrote it."""
    call = ToolCall(id="c1", name="look", arguments='{ "at": 1}')
    wire = ContextMessage(role=Role.ASSISTANT, content="", tool_calls=(call,)).to_wire()
    assert wire["tool_calls"] == [
        {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{ "at": 1}'}}
    ]


def test_a_result_names_its_call() -> None:
    """A provider pairs results and calls by id."""
    assert ContextMessage(role=Role.TOOL, content="4", tool_call_id="c1").to_wire()["tool_call_id"] == "c1"


def test_a_request_does_not_print_its_key() -> None:
    """A request in a log or a traceback shows no key."""
    model = ModelSpec(provider_id="p", kind="openai", name="m")
    assert "canary" not in repr(ChatRequest(model=model, messages=(), api_key=Secret("sk-canary")))
