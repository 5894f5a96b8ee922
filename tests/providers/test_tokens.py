import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.providers.bundled import tokenizer_folder
from desktop.providers.token_worker import PIECE, cut
from desktop.providers.tokens import TokenCounter

COUNTER = TokenCounter()


@pytest.mark.parametrize(
    ("encoding", "expected"), [("cl100k_base", 7), ("o200k_base", 7), ("of-tomorrow", 7), ("claude", 7)]
)
def test_a_sentence_is_counted(encoding: str, expected: int) -> None:
    """The known encodings count exactly; another is counted by the usual one."""
    assert COUNTER.count("The capital of France is Paris.", encoding) == expected


def test_nothing_is_nothing() -> None:
    """An empty text has no tokens and loads no table."""
    assert TokenCounter().count("") == 0


def test_special_tokens_are_text() -> None:
    """What looks like a control token in a message is counted as the characters it is."""
    assert COUNTER.count("<|endoftext|>") > 1


def test_a_million_blanks_are_counted() -> None:
    """What makes the tokenizer panic in one piece is fed in pieces."""
    assert COUNTER.count(" " * 1_000_000) > 0


def test_a_lone_surrogate_is_counted() -> None:
    """Text that is no Unicode does not stop the counting."""
    assert COUNTER.count("a\ud800b") > 0


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4o-mini", "o200k_base"),
        ("openai/gpt-5.1", "o200k_base"),
        ("o3", "o200k_base"),
        ("o4-mini", "o200k_base"),
        ("openrouter/openai/o1", "o200k_base"),
        ("gpt-oss:20b", "o200k_base"),
        ("gpt-4-turbo", "cl100k_base"),
        ("gpt-3.5-turbo", "cl100k_base"),
        ("claude-sonnet-4-5", "cl100k_base"),
        ("llama3.1:8b", "cl100k_base"),
        ("qwen2.5-coder", "cl100k_base"),
    ],
)
def test_the_encoding_follows_the_model(model: str, encoding: str) -> None:
    """OpenAI's newer models count by the newer table, everyone else by the usual one."""
    assert COUNTER.encoding_for(model) == encoding


@settings(max_examples=30)
@given(st.text(alphabet="ab \n", max_size=60), st.integers(1, 20))
def test_cutting_loses_nothing(text: str, size: int) -> None:
    """The pieces are the text again, and none is longer than allowed."""
    pieces = list(cut(text, size))
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= size for piece in pieces)


def test_pieces_end_where_lines_do() -> None:
    """A cut in the middle of a line would count a word twice."""
    assert list(cut("ab\ncd\nef", 4)) == ["ab\n", "cd\n", "ef"]
    line = "word " * 30_000
    assert COUNTER.count(f"{line}\n{line}") == pytest.approx(2 * COUNTER.count(line), abs=4)
    assert len(line) > PIECE


def test_the_tables_are_on_this_computer() -> None:
    """Both tables come with LiteLLM's wheel."""
    folder = tokenizer_folder()
    assert folder is not None
    assert len([path for path in folder.iterdir() if len(path.name) == 40]) >= 2


def test_many_threads_share_one_table() -> None:
    """Counting on several threads at once gives each the same figure."""
    counter, found = TokenCounter(), []
    threads = [threading.Thread(target=lambda: found.append(counter.count("one two three"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [3] * 4


@pytest.fixture
def aside() -> Iterator[TokenCounter]:
    """A counter that counts in a process of its own."""
    counter = TokenCounter(aside=True)
    yield counter
    counter.close()


@pytest.mark.parametrize("text", ["The capital of France is Paris.", "ñandú 漢字 🙂", "a\ud800b", " " * 300_000])
@pytest.mark.parametrize("encoding", ["cl100k_base", "o200k_base", "of-tomorrow"])
def test_another_process_counts_the_same(aside: TokenCounter, text: str, encoding: str) -> None:
    """What the window counts beside itself is what would be counted in place."""
    assert aside.count(text, encoding) == COUNTER.count(text, encoding)


def test_counting_aside_builds_no_table_here() -> None:
    """The process that counts is the only one that loads tiktoken."""
    script = (
        "import sys; from desktop.providers.tokens import TokenCounter; c = TokenCounter(aside=True);"
        "print(c.count('one two three'), 'tiktoken' in sys.modules); c.close()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["3", "False"]


def test_a_killed_process_costs_no_figure(aside: TokenCounter) -> None:
    """Where the process is gone, the count is made in place."""
    assert aside.count("one two three") == 3
    assert aside._process is not None
    aside._process.kill()
    aside._process.wait()
    assert aside.count("one two three") == 3


def test_the_process_ends_with_the_counter() -> None:
    """No child is left behind."""
    counter = TokenCounter(aside=True)
    counter.count("one")
    process = counter._process
    assert process is not None
    counter.close()
    assert process.returncode is not None


def test_a_late_count_starts_no_process() -> None:
    """What was under way when everything closed is counted in place."""
    counter = TokenCounter(aside=True)
    counter.close()
    assert counter.count("one two three") == 3
    assert counter._process is None
