"""Script that makes the table of theory and simulation in `tests/README.md`.

    python tests/validation/table.py [--readme]

The script plays every case with its full number of calls on the compiled engine and prints the
table. `--readme` also writes the table into `tests/README.md`. The script fails if a figure is
beyond the bound.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from support.readme import TESTS_README, between_markers
from validation.closed_forms import DERIVED
from validation.figures import BOUND, Case, Figure, errors_off
from validation.file_of_cases import (
    CASES,
    COLD_START,
    PUBLISHED,
    TRACES,
    cold_starts,
    script_expected,
    script_played,
)
from validation.lines import LINES
from validation.retrials import RETRIALS

HEAD = (
    "| case | what | figure | theory | ringsim | z | worst z |",
    "| --- | --- | --- | ---: | ---: | ---: | ---: |",
)
SIMULATED = [*PUBLISHED, *DERIVED, *RETRIALS, *LINES]
SCRIPTS = f"{TRACES[0]} to {TRACES[-1].removeprefix('TR-')}"


class Row(NamedTuple):
    """A row of the table: one figure of a case, and the largest |z| of all its figures."""

    name: str
    title: str
    figure: str
    theory: str
    ringsim: str
    z: str
    worst: str

    def __str__(self) -> str:
        return f"| {' | '.join(self)} |"


class Deviation(NamedTuple):
    """The difference between a figure and theory, in standard errors."""

    z: float
    case: str
    figure: str


def shown(value: float) -> str:
    return f"{value:.4f}"


def shown_figure(case: Case) -> Figure:
    """Return the figure of a case that the table shows."""
    return case.figures[0]


def n_figures() -> int:
    """Return the number of figures of all simulations; the cold start has one."""
    return sum(len(case.figures) for case in SIMULATED) + 1


def row_of(case: Case) -> tuple[Row, list[Deviation]]:
    run = case.play(case.n_calls, "compiled")
    off = [Deviation(errors_off(figure, run), case.name, figure.name) for figure in case.figures]
    figure = shown_figure(case)
    worst = max((abs(deviation.z) for deviation in off), default=0.0)
    return (
        Row(
            case.name,
            case.title,
            f"`{figure.name}`",
            shown(figure.theory),
            shown(figure.of(run)),
            "exact" if figure.deviation == 0 else f"{off[0].z:.2f}",
            f"{worst:.2f} of {len(off)}",
        ),
        off,
    )


def row_of_cold_starts() -> tuple[Row, list[Deviation]]:
    case = CASES[COLD_START]
    (expected,) = case["expected"]
    answered = cold_starts(case["replications"], "compiled")
    error = np.std(answered, ddof=1) / math.sqrt(len(answered))
    z = float((np.mean(answered) - expected["value"]) / error)
    return (
        Row(
            COLD_START,
            case["title"],
            f"`{expected['metric']}`",
            shown(expected["value"]),
            shown(float(np.mean(answered))),
            f"{z:.2f}",
            f"{abs(z):.2f} of 1",
        ),
        [Deviation(z, COLD_START, expected["metric"])],
    )


def row_of_scripts() -> Row:
    expected = [call for name in TRACES for call in script_expected(name)]
    played = [call for name in TRACES for call in script_played(name, "compiled")]
    right = sum(one == other for one, other in zip(expected, played, strict=True))
    return Row(
        SCRIPTS,
        f"{len(TRACES)} scripts: outcome, member, wait and rings of every call",
        "calls as expected",
        str(len(expected)),
        str(right),
        "exact" if right == len(expected) else "wrong",
        "",
    )


def summary(worst: Deviation) -> str:
    return (
        f"The largest |z| of all {n_figures()} figures is {abs(worst.z):.2f} "
        f"(`{worst.figure}` of {worst.case}); a test fails beyond {BOUND}."
    )


def main(*arguments: str) -> None:
    rows, deviations = [], []
    for row, off in [*map(row_of, SIMULATED), row_of_cold_starts()]:
        rows.append(row)
        deviations += off
    rows.append(row_of_scripts())
    worst = max(deviations, key=lambda deviation: abs(deviation.z))
    table = "\n".join([*HEAD, *map(str, rows), "", summary(worst)])
    print(table)
    if abs(worst.z) > BOUND or rows[-1].z != "exact":
        sys.exit("Theory and simulation disagree.")
    if "--readme" in arguments:
        text = TESTS_README.read_text("utf-8")
        TESTS_README.write_text(between_markers(text, "validation", table), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
