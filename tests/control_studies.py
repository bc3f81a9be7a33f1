"""Coverage of controlled intervals, and the replications that a control saves.

    python tests/control_studies.py [--studies N] [--write]

The script plays many studies of each office with `simulate(control=True)`, each with random numbers
of its own, and counts how often an interval contains the true value with and without the control.
A control saves the share 1 - 1 / ratio of the replications, if it divides the variance by ratio.
`--write` updates the table in `tests/README.md`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

import ringsim as rs
from coverage_matrix import OFFICES, covers
from ringsim.confidence import Controlled, Estimate
from support.readme import renew_table

__all__ = ["PLACES", "Row", "study_of"]

METRICS = (
    "answer_rate",
    "service_level",
    "overflow_rate",
    "mean_speed_of_answer",
    "rings_per_call",
    "offered_load",
)
TRUE_DAYS, TRUE_SEED = 40_000, 10**6
REPLICATIONS = (20, 100)
PLACES: Mapping[str, tuple[str, str]] = {  # an office, and a group of it
    "quiet": ("quiet", "600"),
    "busy": ("busy", "600"),
    "overflow, from": ("overflow", "600"),
    "overflow, to": ("overflow", "601"),
}


class Row(NamedTuple):
    """Studies of one metric: how many claims were right, and the ratio of the variances.

    A claim is right if the interval contains the truth or is marked `few events`.
    """

    metric: str
    place: str
    R: int
    plain: int
    controlled: int
    of: int
    ratio: float

    def __str__(self) -> str:
        shares = (f"{100 * count / self.of:.1f} %" for count in (self.plain, self.controlled))
        saved = f"{100 * (1 - 1 / self.ratio):.0f} %"
        return f"| {' | '.join((self.metric, self.place, str(self.R), *shares, saved))} |"


def study_of(place: str, replications: int, studies: int) -> Iterator[Row]:
    """Yield a row for every metric of one group of an office."""
    office, group = PLACES[place]
    scenario = OFFICES[office]
    true = rs.simulate(scenario, replications=TRUE_DAYS, seed=TRUE_SEED, control=True)
    results = [
        rs.simulate(scenario, replications=replications, seed=seed, workers=1, control=True)
        for seed in range(studies)
    ]
    for metric in METRICS:
        truth = true.figure(metric, group).estimate().estimate
        figures = [result.figure(metric, group) for result in results]
        controlled = [figure.estimate() for figure in figures]
        plain = [
            figure.plain.estimate() if isinstance(figure, Controlled) else figure.estimate()
            for figure in figures
        ]
        of_plain, of_controlled = (
            sum(covers(each, truth) or not each.is_trusted for each in some)
            for some in (plain, controlled)
        )
        ratio = _ratio(plain, controlled)
        yield Row(metric, place, replications, of_plain, of_controlled, studies, ratio)


def _ratio(plain: list[Estimate], controlled: list[Estimate]) -> float:
    """Return the mean variance without over that with the control, from the widths."""
    of_plain, of_controlled = (
        np.nanmean([(each.high - each.low) ** 2 for each in some]) for some in (plain, controlled)
    )
    return float(of_plain / of_controlled)


def main() -> int:
    """Play the studies and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rows = [
        row
        for place in PLACES
        for replications in REPLICATIONS
        for row in study_of(place, replications, asked.studies)
    ]
    text = "\n".join(
        [
            f"| {asked.studies} studies each | office | R | plain covers | controlled covers "
            "| replications saved |",
            "| --- | --- | ---: | ---: | ---: | ---: |",
            *map(str, rows),
        ]
    )
    print(text)
    if asked.write:
        renew_table("control", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
