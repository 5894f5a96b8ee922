"""The sources that a message names."""

import pytest

from desktop.domain.citations import MOST, Citation, citations


def test_sources_are_read() -> None:
    """Title, place and quote are kept as single lines; what else there is does not matter."""
    found = citations({"citations": [{"title": "Guide", "place": 3, "quote": "so\n it  is", "similarity": 0.8}]})
    assert found == (Citation(title="Guide", place="3", quote="so it is"),)


@pytest.mark.parametrize("value", [None, "x", 3, [], ["x", None], [{}], [{"title": None, "place": "p. 1"}]])
def test_what_is_no_source_is_none(value: object) -> None:
    """Metadata is foreign: anything may stand there."""
    assert citations({"citations": value}) == ()


def test_what_is_endless_is_cut() -> None:
    """Neither a giant quote nor a million sources reach the window."""
    found = citations({"citations": [{"title": "t" * 9_000, "quote": "q" * 9_000}] * 1_000})
    assert len(found) == MOST
    assert found[0].title.endswith("…")
    assert len(found[0].quote) < 2_000
