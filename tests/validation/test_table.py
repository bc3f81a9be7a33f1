"""The table in `tests/README.md` agrees with the cases; these tests run no simulation."""

from __future__ import annotations

import math
import re

import pytest

from support.readme import README, TESTS_README, table_rows
from validation.figures import BOUND
from validation.file_of_cases import CASES, COLD_START, TRACES
from validation.table import SCRIPTS, SIMULATED, Row, n_figures, shown, shown_figure

HEADING = "## Validated against theory"
HALF_A_DIGIT = 0.5e-4  # of a figure with four places
EMPTY = [""]


@pytest.fixture(scope="module")
def shown_rows() -> dict[str, Row]:
    rows = [Row(*(*row, *EMPTY)[: len(Row._fields)]) for row in table_rows(HEADING, TESTS_README)]
    return {row.name: row for row in rows}


def test_every_case_has_its_row(shown_rows: dict[str, Row]) -> None:
    assert list(shown_rows) == [*(case.name for case in SIMULATED), COLD_START, SCRIPTS]
    assert set(CASES) - {*TRACES} <= set(shown_rows)


def test_names_and_theory_are_those_of_the_cases(shown_rows: dict[str, Row]) -> None:
    for case in SIMULATED:
        row, figure = shown_rows[case.name], shown_figure(case)
        assert row[1:4] == (case.title, f"`{figure.name}`", shown(figure.theory))
        assert row.worst.endswith(f" of {len(case.figures)}")
    (cold,) = CASES[COLD_START]["expected"]
    assert shown_rows[COLD_START][1:4] == (
        CASES[COLD_START]["title"],
        f"`{cold['metric']}`",
        shown(cold["value"]),
    )


def test_scripts_are_played_as_expected(shown_rows: dict[str, Row]) -> None:
    n_calls = sum(len(CASES[name]["expected_calls"]) for name in TRACES)
    row = shown_rows[SCRIPTS]
    assert (row.theory, row.ringsim, row.z) == (str(n_calls), str(n_calls), "exact")


def test_deviations_are_below_the_bound(shown_rows: dict[str, Row]) -> None:
    for name, row in shown_rows.items():
        if row.z == "exact":
            assert row.ringsim == row.theory
        else:
            worst = float(row.worst.split(" of ")[0])
            assert abs(float(row.z)) <= worst <= BOUND, name


def test_deviations_follow_from_the_figures(shown_rows: dict[str, Row]) -> None:
    """Only for figures with a known standard deviation."""
    for case in SIMULATED:
        row, figure = shown_rows[case.name], shown_figure(case)
        if figure.deviation:
            error = figure.deviation / math.sqrt(case.n_calls)
            off = abs(float(row.ringsim) - figure.theory)
            z = max(0.0, off - figure.bias) / error
            assert abs(float(row.z)) == pytest.approx(z, abs=0.005 + HALF_A_DIGIT / error)


def test_largest_deviation_is_stated(shown_rows: dict[str, Row]) -> None:
    stated = re.search(
        r"largest \|z\| of all (\d+) figures is (\S+) \(`\S+` of (\S+)\); "
        r"a test fails beyond (\d+)",
        TESTS_README.read_text("utf-8"),
    )
    assert stated
    n, worst, name, bound = stated.groups()
    assert (int(n), int(bound)) == (n_figures(), BOUND)
    assert shown_rows[name].worst.startswith(f"{worst} of ")
    of_rows = [float(row.worst.split(" of ")[0]) for row in shown_rows.values() if row.worst]
    assert max(of_rows) == float(worst)


def test_the_readme_states_how_many_figures_agree() -> None:
    text = README.read_text("utf-8")
    assert f"{n_figures()} figures agree with queueing theory within four standard errors" in text
    assert BOUND == 4
