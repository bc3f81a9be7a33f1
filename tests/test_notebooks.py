"""The notebooks are stored as they ran, small, and say nothing of the machine that ran them.

That they run is seen by `python -m pytest --nbmake notebooks`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from readme import README

FOLDER = README.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LARGEST = 400_000  # bytes

OF_A_MACHINE = re.compile(
    r"/(?:home|root|tmp|work|usr|var|Users)/|https?://(?!docs\.)|\b0x[0-9a-f]{6,}"
)


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cells"]
    return found


def test_there_are_notebooks_and_nothing_else() -> None:
    assert len(NOTEBOOKS) >= 8
    seen = (path for path in FOLDER.iterdir() if not path.name.startswith("."))
    assert sorted(seen) == NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_as_it_ran(path: Path) -> None:
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert any(cell["outputs"] for cell in code)
    kinds = {output["output_type"] for cell in code for output in cell["outputs"]}
    assert "error" not in kinds
    assert path.stat().st_size < LARGEST


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_says_nothing_of_the_machine(path: Path) -> None:
    for cell in cells(path):
        outputs = json.loads(json.dumps(cell.get("outputs", [])))
        for output in outputs:
            output.get("data", {}).pop("image/png", None)
        found = OF_A_MACHINE.search(json.dumps([cell["source"], outputs]))
        assert found is None, found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_begins_with_a_title_and_a_question(path: Path) -> None:
    first = "".join(cells(path)[0]["source"])
    assert first.startswith("# ")
    assert "?" in first


def test_the_readme_speaks_of_each() -> None:
    text = README.read_text("utf-8")
    linked = set(re.findall(r"\(notebooks/([0-9a-z_]+\.ipynb)\)", text))
    assert linked == {path.name for path in NOTEBOOKS}
