from typing import Any

import pytest

from tasks import checks


def _file(lines: int, covered_lines: int, branches: int, covered_branches: int) -> dict[str, Any]:
    return {
        "summary": {
            "num_statements": lines,
            "covered_lines": covered_lines,
            "num_branches": branches,
            "covered_branches": covered_branches,
        }
    }


def test_shares_are_summed_over_the_files_of_a_layer() -> None:
    """A layer's share counts its own files, with either separator, and nobody else's."""
    files = {
        "desktop/domain/a.py": _file(80, 80, 20, 10),
        "desktop\\domain\\b.py": _file(20, 20, 0, 0),
        "desktop/ui/c.py": _file(100, 0, 100, 0),
    }
    both, branches = checks.layer_shares({"files": files})["domain"]
    assert both == pytest.approx(100 * 110 / 120)
    assert branches == pytest.approx(50.0)


def test_what_is_not_judged_runs_unmeasured() -> None:
    """Every test runs once: those of the window without the cost of being measured."""
    measured, rest = checks.parts(["--cov", "-m", "not slow"])
    assert [option for option in measured if option.startswith("--ignore=")] == [
        f"--ignore={each}" for each in checks.UNMEASURED
    ]
    assert measured[-2:] == ["-m", "not slow"]
    assert rest == [*checks.UNMEASURED, "-m", "not slow"]


def test_named_tests_run_as_they_are_named() -> None:
    """With paths there is one run, measured if that was wished."""
    assert checks.parts(["tests/ui"]) == [["tests/ui"]]
    (only,) = checks.parts(["--cov", "tests/ui"])
    assert only[-1] == "tests/ui"
    assert not [option for option in only if option.startswith("--ignore=")]
