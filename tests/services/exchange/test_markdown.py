import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from desktop.domain.faults import Fault, FaultKind, NotFound, StoreError
from desktop.domain.messages import Message, Role, Status, ToolCall, Usage
from desktop.domain.sessions import Session
from desktop.services.exchange.markdown import export_markdown, render, utc
from tests.services.exchange.nasty import NASTY

SESSION = Session(
    id="5f1e",
    title="Trim history",
    created_at=1_795_252_440_000,
    updated_at=1_795_252_500_500,
    model="anthropic/claude-sonnet",
    system_prompt="",
)
LINE_END = re.compile(r"\r\n?|\n")
FACTS = re.compile(r"<!-- (sobremesa|message|system|thinking|text|arguments) (\{.*?\}) -->\n\n")


def message(number: int, role: Role, content: str, **more: Any) -> Message:
    return Message(
        id=number,
        uid=f"uid-{number}",
        session_id=SESSION.id,
        parent_id=number - 1 if number > 1 else None,
        depth=number - 1,
        role=role,
        content=content,
        created_at=1_795_252_440_000 + number,
        **more,
    )


@dataclass
class Found:
    """What the reader found of one message."""

    facts: dict[str, Any]
    text: str = ""
    thinking: str = ""
    arguments: tuple[str, ...] = ()
    before_end: str = ""


def read(document: str) -> tuple[dict[str, Any], str, list[Found]]:
    """Read a document strictly: every comment must stand where the format says, every text be as long as it says."""
    source = document.encode()
    position, session, system, messages = 0, {}, "", list[Found]()
    while match := re.search(FACTS.pattern.encode(), source[position:]):
        kind, facts = match[1].decode(), json.loads(match[2])
        position += match.end()
        if kind == "sobremesa":
            session = facts
        elif kind == "message":
            messages.append(Found(facts))
        else:
            if facts["fenced"]:
                position = source.index(b"\n", position) + 1
            text = source[position : position + facts["bytes"]].decode()
            position += facts["bytes"]
            after = source.index(f"<!-- /{kind} -->".encode(), position)
            assert re.fullmatch(r"(\n[`~]{3,})?\n\n", source[position:after].decode())
            position = after
            if kind == "system":
                system = text
            elif kind == "thinking":
                messages[-1].thinking = text
            elif kind == "text":
                messages[-1].text, messages[-1].before_end = text, source[:position].decode()
            else:
                messages[-1].arguments += (text,)
    return session, system, messages


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def rendered(*messages: Message, session: Session = SESSION) -> str:
    return "".join(render(session, messages))


def ask(text: str, number: int = 1) -> Message:
    return message(number, Role.USER, text)


TURNS = st.lists(
    st.tuples(st.sampled_from([Role.USER, Role.ASSISTANT, Role.TOOL]), NASTY, NASTY, st.lists(NASTY, max_size=2)),
    max_size=5,
)


def tree(turns: Sequence[tuple[Role, str, str, list[str]]]) -> list[Message]:
    return [
        message(
            number,
            role,
            text,
            thinking=thinking,
            model=text[:9],
            tool_calls=tuple(ToolCall(id="c", name=thinking[:9], arguments=call) for call in calls),
        )
        for number, (role, text, thinking, calls) in enumerate(turns, 1)
    ]


@given(TURNS, NASTY, NASTY)
def test_every_text_is_found_again_byte_for_byte_and_in_order(
    turns: list[tuple[Role, str, str, list[str]]], title: str, prompt: str
) -> None:
    """Whatever a session holds, a strict reader gets all of it back."""
    messages = tree(turns)
    session, system, found = read(rendered(*messages, session=replace(SESSION, title=title, system_prompt=prompt)))
    assert (session["title"], session["session"], system) == (title, SESSION.id, prompt)
    assert [part.text for part in found] == [part.content for part in messages]
    assert [part.thinking for part in found] == [part.thinking for part in messages]
    assert [part.arguments for part in found] == [
        tuple(call.arguments for call in part.tool_calls) for part in messages
    ]


@given(TURNS)
def test_no_text_reaches_beyond_its_place(turns: list[tuple[Role, str, str, list[str]]]) -> None:
    """Every closing comment stands in the document itself, never in a code block or a list of a message."""
    messages = tree(turns)
    document = rendered(*messages)
    comments = {
        token.map[0]
        for token in MarkdownIt("commonmark").parse(document)
        if token.type == "html_block" and token.level == 0 and token.map
    }
    lines = LINE_END.split(document)
    for part in read(document)[2]:
        line = len(LINE_END.split(part.before_end)) - 1
        assert lines[line] == "<!-- /text -->"
        assert line in comments


@given(TURNS)
def test_the_same_content_gives_the_same_bytes(turns: list[tuple[Role, str, str, list[str]]]) -> None:
    """Nothing in the document depends on when or where it was made."""
    assert rendered(*tree(turns)) == rendered(*tree(turns))


def test_a_whole_document() -> None:
    """Title, dates, roles, the model of each answer, thinking and tool calls folded: the document as it is."""
    answer = message(
        2,
        Role.ASSISTANT,
        "Count each message **once**.\n\n```python\nx = 1",
        thinking="Let me see.",
        model="anthropic/claude-sonnet",
        usage=Usage(input_tokens=1284, output_tokens=212),
        cost=0.0061,
        response_time_ms=3200,
        finish_reason="length",
        tool_calls=(ToolCall(id="call_1", name="read_file", arguments='{"path":"a.md"}'),),
        status=Status.INTERRUPTED,
        fault=Fault(kind=FaultKind.RESET),
    )
    session = replace(SESSION, system_prompt="You are a helpful assistant.")
    assert (
        rendered(ask("How do I trim it?"), answer, session=session)
        == """\
<!-- sobremesa {"format":1,"session":"5f1e","title":"Trim history","created":"2026-11-21T09:14:00.000Z",\
"updated":"2026-11-21T09:15:00.500Z","model":"anthropic/claude-sonnet"} -->

# Trim history

- Created: 2026-11-21T09:14:00.000Z
- Updated: 2026-11-21T09:15:00.500Z
- Model: anthropic/claude-sonnet
- Session: 5f1e

<details>
<summary>System prompt</summary>

<!-- system {"bytes":28,"fenced":false} -->

You are a helpful assistant.

<!-- /system -->

</details>

<!-- message {"uid":"uid-1","role":"user","created":"2026-11-21T09:14:00.001Z","status":"complete"} -->

## User · 2026-11-21T09:14:00.001Z

<!-- text {"bytes":17,"fenced":false} -->

How do I trim it?

<!-- /text -->

<!-- message {"uid":"uid-2","role":"assistant","created":"2026-11-21T09:14:00.002Z","status":"interrupted",\
"model":"anthropic/claude-sonnet","finish_reason":"length","input_tokens":1284,"output_tokens":212,\
"estimated":false,"cost":0.0061,"response_time_ms":3200} -->

## Assistant · anthropic/claude-sonnet · 2026-11-21T09:14:00.002Z

<details>
<summary>Thinking</summary>

<!-- thinking {"bytes":11,"fenced":false} -->

Let me see.

<!-- /thinking -->

</details>

<!-- text {"bytes":45,"fenced":false} -->

Count each message **once**.

```python
x = 1
```

<!-- /text -->

<details>
<summary>Tool call: read_file</summary>

<!-- arguments {"id":"call_1","name":"read_file","bytes":15,"fenced":true} -->

```json
{"path":"a.md"}
```

<!-- /arguments -->

</details>

*interrupted: reset*

"""
    )


def test_a_tool_s_result_is_folded() -> None:
    """What a tool gave back is there and not in the way."""
    document = rendered(message(1, Role.TOOL, "42", tool_call_id="call_1"))
    assert "<details>\n<summary>Result</summary>\n\n" in document
    assert read(document)[2][0].facts["tool_call_id"] == "call_1"


def test_a_failure_names_its_kind_and_status_and_no_more() -> None:
    """The provider's own words, which could hold anything, stay out of the file."""
    fault = Fault(kind=FaultKind.RATE_LIMIT, status=429, words="canary", where="canary")
    document = rendered(message(1, Role.ASSISTANT, "", status=Status.FAILED, fault=fault))
    assert "*failed: rate\\_limit (429)*" in document
    assert "canary" not in document


@pytest.mark.parametrize(
    ("model", "answered", "said"),
    [
        ("openai/gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-2024-08-06"),
        ("openai/gpt-4o", "gpt-4o", None),
        ("openai/gpt-4o", "openai/gpt-4o", None),
        ("openai/gpt-4o", None, None),
    ],
)
def test_the_model_that_answered_is_named_where_it_is_another(
    model: str, answered: str | None, said: str | None
) -> None:
    """An alias hides which version spoke; the facts of the message tell it."""
    metadata = {"answered_model": answered} if answered else {}
    document = rendered(message(1, Role.ASSISTANT, "hi", model=model, metadata=metadata))
    assert read(document)[2][0].facts.get("answered_by") == said


def test_a_speaker_with_a_name_is_called_by_it() -> None:
    """The author of a message stands in its heading."""
    assert "## Ada · 2026" in rendered(message(1, Role.USER, "hi", author="Ada"))


def test_a_title_cannot_be_markup() -> None:
    """A title is shown as it is, on one line."""
    document = rendered(session=replace(SESSION, title="# <b>\n*x* --> `y`", model=""))
    assert "# \\# \\<b\\> \\*x\\* --\\> \\`y\\`\n" in document
    assert read(document)[0]["title"] == "# <b>\n*x* --> `y`"


def test_a_session_without_a_title_has_a_heading() -> None:
    """An empty heading would vanish."""
    assert "\n# Session\n" in rendered(session=replace(SESSION, title=""))


def test_lone_surrogates_become_replacement_characters() -> None:
    """A broken character never stops an export."""
    document = rendered(ask("a\ud800b"), session=replace(SESSION, title="\udfff"))
    assert read(document)[2][0].text == "a\ufffdb"
    assert read(document)[0]["title"] == "\ufffd"


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_795_252_440_007, "2026-11-21T09:14:00.007Z"),
    ],
)
def test_times_are_utc_to_the_millisecond(milliseconds: int, text: str) -> None:
    """A time reads the same everywhere, before 1970 too."""
    assert utc(milliseconds) == text


class FakeStore:
    """A store with one session of two pages."""

    def __init__(self, *pages: tuple[Message, ...], breaks: bool = False) -> None:
        self._pages = pages
        self._breaks = breaks

    async def session(self, session_id: str) -> Session:
        if session_id != SESSION.id:
            raise NotFound(session_id)
        return SESSION

    async def whole_path(self, session_id: str) -> AsyncIterator[tuple[Message, ...]]:
        for page in self._pages:
            yield page
        if self._breaks:
            raise StoreError("damaged")


async def test_an_export_writes_what_render_gives(tmp_path: Path) -> None:
    """All pages of the path are in the file, and the file's path comes back."""
    path = tmp_path / "a.md"
    assert await export_markdown(FakeStore((ask("é"),), (ask("b", 2),)), SESSION.id, path) == path
    assert path.read_bytes() == rendered(ask("é"), ask("b", 2)).encode()


async def test_an_unknown_session_writes_nothing(tmp_path: Path) -> None:
    """Not found is said before a file is touched."""
    with pytest.raises(NotFound):
        await export_markdown(FakeStore(), "unknown", tmp_path / "a.md")
    assert names(tmp_path) == []


async def test_a_failure_in_the_middle_leaves_the_old_file_alone(tmp_path: Path) -> None:
    """A store that breaks after the first page does not cost the old export."""
    path = tmp_path / "a.md"
    path.write_text("old")
    with pytest.raises(StoreError):
        await export_markdown(FakeStore((ask("a"),), breaks=True), SESSION.id, path)
    assert (path.read_text(), names(tmp_path)) == ("old", ["a.md"])
