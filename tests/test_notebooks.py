"""The notebooks are stored with their outputs, are small, and do not name the machine they ran on.

`python -m pytest --nbmake notebooks` tests that they run. `support/renew_notebooks.py` renews them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.readme import README
from support.renew_notebooks import FOLDER

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LARGEST = 400_000  # bytes

OF_A_MACHINE = re.compile(
    r"/(?:home|root|tmp|work|usr|var|Users)/|https?://(?!docs\.)|\b0x[0-9a-f]{6,}"
)


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cells"]
    return found


def test_there_are_notebooks_and_nothing_else() -> None:
    assert len(NOTEBOOKS) >= 9
    seen = (path for path in FOLDER.iterdir() if not path.name.startswith("."))
    assert sorted(seen) == NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_with_its_outputs(path: Path) -> None:
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert any(cell["outputs"] for cell in code)
    kinds = {output["output_type"] for cell in code for output in cell["outputs"]}
    assert "error" not in kinds
    assert path.stat().st_size < LARGEST


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_does_not_name_the_machine(path: Path) -> None:
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


def test_the_readme_links_to_each() -> None:
    text = README.read_text("utf-8")
    linked = set(re.findall(r"\(notebooks/([0-9a-z_]+\.ipynb)\)", text))
    assert linked == {path.name for path in NOTEBOOKS}


def test_the_catalogue_links_to_each_of_the_others() -> None:
    catalogue, *others = NOTEBOOKS
    text = "".join("".join(cell["source"]) for cell in cells(catalogue))
    assert set(re.findall(r"\(([0-9a-z_]+\.ipynb)\)", text)) == {path.name for path in others}


def test_the_readme_says_how_many_questions_the_catalogue_has() -> None:
    text = "".join("".join(cell["source"]) + "\n" for cell in cells(NOTEBOOKS[0]))
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    n_questions = sum(line.partition("|")[2].split(" | ")[0].endswith("?") for line in rows)
    assert f"[{n_questions} questions" in README.read_text("utf-8")
