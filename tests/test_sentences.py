"""Counts and lists of names, and sentences of the package that have them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import ringsim as rs
from ringsim._sentences import counted, listed

PACKAGE = Path(rs.__file__).parent
NOUNS = (
    "calls|days|members|replications|rows|phones|rings|groups|files|intervals|people|combinations|"
    "variants|columns|values|numbers|samples|shifts|events|parameters|settings"
)
HAS_NOUN = re.compile(rf" (?:more |own )?(?:{NOUNS})\b")
WITHOUT_COUNT = {  # numbers that are never 1, or no counts
    "cli/_per_group.py": ["len(numbers)"],
    "engine/_limits.py": ["calls"],
    "engine/_places.py": ["len(group_at)"],
    "errors.py": ["size"],
    "importers/_asterisk_queue.py": ["strategy"],
    "metrics/_observer.py": ["offered"],
    "scenario/_change_paths.py": ["len(scenario.groups)"],
    "scenario/_implied_group.py": ["len(scenario.groups)"],
}


def by_hand(path: Path) -> Iterator[str]:
    """Yield each number that a sentence of a module writes before a plural without `counted`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, after in pairwise(node.values):
            if not isinstance(value, ast.FormattedValue) or not isinstance(after, ast.Constant):
                continue
            number = ast.unparse(value.value)
            is_limit = re.search(r"\b[A-Z][A-Z_]+\b|\bmost\b|max_", number)
            if HAS_NOUN.match(str(after.value)) and not is_limit:
                yield number


def test_sentences_count_in_one_way() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): [*by_hand(path)]
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.parent.name != "audit"  # its sentences name fields that hold counts
    }
    assert {name: numbers for name, numbers in found.items() if numbers} == WITHOUT_COUNT


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "0 days"), (1, "1 day"), (1.0, "1 day"), (1.5, "1.5 days"), (2000, "2,000 days")],
)
def test_a_noun_follows_its_number(n: float, said: str) -> None:
    assert counted(n, "day") == said


def test_a_list_is_cut_after_the_most() -> None:
    names = [str(number) for number in range(201, 209)]
    assert listed(names[:1]) == "201"
    assert listed(names, most=2) == "201, 202 and 6 more"
    assert listed(names, most=8).endswith("207 and 208")


def test_one_of_everything_is_in_the_singular() -> None:
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(arrives_at=[0], talk_time=30)},
    )
    result = rs.simulate(scenario, replications=1)
    assert repr(result) == "<Result of 1 replication, 1 call, seed 0>"
    assert "1 replication, seed 0" in result._repr_html_()
    comparison = rs.compare(scenario, variants={"one phone more": {"n_members": 2}}, replications=1)
    assert repr(comparison) == "<Comparison of 2 variants, 1 replication, seed 0>"
    assert str(comparison).splitlines()[0].endswith("callers: 1 replication, seed 0.")
    workload = rs.Workload.draw(scenario)
    assert repr(workload) == "<Workload of 1 call and 0 own calls>"
    assert str(rs.Empirical([5])) == "1 sample, mean 5 s"
    assert repr(rs.play(scenario, workload)).startswith("<CallLog of 1 call:")
    records = rs.Records.from_logs([rs.play(scenario, workload)], dates=["2024-03-04"])
    assert "1 day, 1 call (" in repr(records)
