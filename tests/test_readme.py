"""Everything in the README is executed, and its tables say what the code says."""

from __future__ import annotations

import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from readme import README, blocks, table_rows, with_rules

from ringsim.cli._input import example_text
from ringsim.cli._strategies import described
from ringsim.dispatch import registered
from ringsim.group import RingStrategy
from ringsim.metrics import MEMBER_METRICS, METRICS, VARIANTS

SALES = {
    "name": "Sales",
    "extension_number": "600",
    "ring_time": 20,
    "ring_strategy": "LEAST_WORKED_HUNT",
    "skip_busy_member": True,
    "no_answer_forward_rule": {"action": "FORWARD_TO_VOICEMAIL"},
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README speaks of, and the command on its path.

    Each command has what those before it leave, so that they run in any order, wherever they do.
    """
    folder = tmp_path_factory.mktemp("office")
    sales = blocks("console")[1].split("$ cat sales.json\n")[1].split("$ ")[0]
    assert json.loads(sales) == SALES
    (folder / "sales.json").write_text(sales, "utf-8")
    (folder / "my-office.toml").write_text(example_text(), "utf-8")
    (folder / "bin").mkdir()
    command = folder / "bin" / "ringsim"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ringsim "$@"\n', "utf-8")
    command.chmod(0o755)
    return folder


def commands() -> list[tuple[str, str]]:
    """Every command of the README with the output that it shows."""
    parts = [part for block in blocks("console") for part in re.split(r"^\$ ", block, flags=re.M)]
    return [tuple(part.split("\n", 1)) for part in parts if part]  # type: ignore[misc]


@pytest.mark.parametrize(("command", "shown"), commands(), ids=lambda text: text[:40])
def test_command_prints_what_the_readme_shows(office: Path, command: str, shown: str) -> None:
    """A line of three dots stands for any number of lines."""
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=office,
        env={"PATH": f"{office / 'bin'}:/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    pieces = [re.escape(piece) for piece in re.split(r"^\.\.\.\n", shown, flags=re.M)]
    assert re.fullmatch("(?s:.*)".join(pieces), done.stdout), done.stdout


def test_tour_in_python_runs_as_shown(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office)
    test = doctest.DocTestParser().get_doctest(
        "\n".join(blocks("pycon")), {}, "README", "README.md", 0
    )
    told: list[str] = []
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.DocTestRunner(optionflags=flags).run(test, out=told.append)
    assert result.attempted > 10
    assert result.failed == 0, "".join(told)


def test_strategies_are_those_of_the_code() -> None:
    shown = {row[0]: row[1:] for row in table_rows("## Strategies")}
    told = {
        f"`{name}`": list(described(dispatcher))
        for name, dispatcher in registered().items()
        if name in set(RingStrategy)
    }
    assert shown == told


def test_metrics_are_those_of_the_code() -> None:
    metrics = {f"`{name}`": [about.unit, about.definition] for name, about in METRICS.items()}
    variants = {f"`{name}`": [about.definition] for name, about in VARIANTS.items()}
    members = {f"`{name}`": [definition] for name, (definition, _) in MEMBER_METRICS.items()}
    shown = {row[0]: row[1:] for row in table_rows("### Metrics")}
    assert shown == metrics | variants | members


def test_table_of_rules_is_the_one_that_the_rules_make() -> None:
    """`python tests/readme.py` writes it again."""
    assert with_rules(README.read_text("utf-8")) == README.read_text("utf-8")
