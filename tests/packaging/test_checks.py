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
