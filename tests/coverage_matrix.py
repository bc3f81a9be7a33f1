"""Coverage of the intervals of every metric, in seven offices, with 20, 30 and 100 replications.

    python tests/coverage_matrix.py [--studies N] [--write]

The script plays many studies of each office, each with random numbers of its own, and counts how
often an interval contains the true value. The true value comes from so many more days that its
own error is a small part of an interval. `--write` updates the table in `tests/README.md`.

A function that returns `Row` objects becomes a part of the table when it is added to `STUDIES`,
with its offices.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from scipy import stats

import ringsim as rs
from ringsim.confidence import Estimate, Figure, compare_with_baseline, compare_with_best
from ringsim.metrics import MEMBER_METRICS, METRICS, Thresholds, calls_of, group_layout, occupancy
from support.readme import renew_table

__all__ = [
    "LEAST",
    "LONG_WAITS",
    "OFFICES",
    "ONE_IN",
    "Row",
    "coverage_of_differences",
    "coverage_of_metrics",
    "coverage_of_percentiles",
    "is_too_low",
]

REPLICATIONS = (20, 30, 100)
MOST_TRUE_CALLS, MOST_TRUE_DAYS = 900_000, 40_000  # waits beyond a million are binned
LEAST = 0.92  # smallest share of studies that are right or marked
ONE_IN = 1e-3  # probability that a correct program fails
OFTEN = 0.1  # share of marked studies from which the table has a star
QUESTION = Thresholds()


class Row(NamedTuple):
    """A cell of the matrix.

    Attributes
    ----------
    what, office : str
        Names of the metric or comparison, and of the office.
    R : int
        Replications of a study.
    right, wrong, marked, of : int
        Numbers of studies whose claim is true, whose claim is false and not marked
        `few events`, that are marked, and of all studies.
    """

    what: str
    office: str
    R: int
    right: int
    wrong: int
    marked: int
    of: int

    def __str__(self) -> str:
        parts = (f"{100 * n / self.of:.1f} %" for n in (self.right, self.wrong, self.marked))
        cells = (self.what, self.office, str(self.R), *parts)
        return f"| {' | '.join(cells)} |"


def is_too_low(row: Row, least: float = LEAST) -> bool:
    """Return whether more studies are wrong and not marked than chance explains."""
    return row.of - row.wrong < stats.binom.ppf(ONE_IN, row.of, least)


# Offices


def demand(calls_per_hour: float, talk_time: Any = None, patience: Any = None) -> rs.Demand:
    return rs.Demand(
        calls_per_hour=calls_per_hour,
        talk_time=rs.lognormal(mean=180, cv=1.2) if talk_time is None else talk_time,
        patience=stats.expon(scale=60) if patience is None else patience,
    )


def group(number: str, first: int, n: int, **fields: Any) -> dict[str, Any]:
    members = [str(first + place) for place in range(n)]
    return {
        "extension_number": number,
        "ring_strategy": "CYCLIC_HUNT",
        "members": members,
        **fields,
    }


def people(first: int, n: int, **fields: Any) -> list[rs.Extension]:
    return [rs.Extension(str(first + place), **fields) for place in range(n)]


OVERFLOW = {"action": "FORWARD_TO_NUMBER", "number": "601"}
ONE_DAY_IN_TWENTY = rs.Demand(calls_per_hour=0.05129 / 8, talk_time=4 * 3600)
OFFICES: Mapping[str, rs.Scenario] = {
    "quiet": rs.Scenario(groups=[group("600", 201, 2)], demand={"600": demand(20)}, hours=1),
    "busy": rs.Scenario(groups=[group("600", 201, 5)], demand={"600": demand(120)}, hours=1),
    "overflow": rs.Scenario(
        groups=[
            group("600", 201, 2, ring_time=12, no_answer_forward_rule=OVERFLOW),
            group("601", 301, 3),
        ],
        demand={"600": demand(60), "601": demand(15)},
        hours=1,
    ),
    "constant": rs.Scenario(
        groups=[group("600", 201, 3)],
        demand={"600": demand(40, talk_time=120, patience=40)},
        extensions=people(201, 3, answer_delay=5),
        hours=1,
    ),
    "easy": rs.Scenario(
        groups=[group("600", 201, 6)], demand={"600": demand(20, talk_time=60)}, hours=1
    ),
    "unlike days": rs.Scenario(
        groups=[group("600", 201, 1)],
        demand={"600": demand(5, talk_time=10)},
        extensions=people(201, 1, answer_delay=0, own_calls=ONE_DAY_IN_TWENTY),
        hours=8,
    ),
}
LONG_WAITS = (
    "long waits"  # one day in twenty the quick member is away, and only the slow one answers
)
AWAY_ONE_DAY_IN_TWENTY = rs.Demand(arrives_at=[0], talk_time=rs.Empirical([0.0] * 19 + [7200.0]))
ALL_OFFICES: Mapping[str, rs.Scenario] = {
    **OFFICES,
    LONG_WAITS: rs.Scenario(
        groups=[group("600", 201, 2, ring_strategy="PRIORITIZED_HUNT", ring_time=600)],
        demand={"600": demand(60, talk_time=5, patience="inf")},
        extensions=[
            rs.Extension("201", own_calls=AWAY_ONE_DAY_IN_TWENTY),
            rs.Extension("202", answer_delay=stats.gamma(2, scale=15)),
        ],
        hours=1,
    ),
}
PERCENTILES = tuple(name for name in METRICS if "wait_p" in name)
STRATEGIES = ("PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT", "RING_SIMULTANEOUSLY")
COMPARED = (
    "answer_rate",
    "service_level",
    "p_target_met",
    "mean_speed_of_answer",
    "answer_wait_p90",
    "rings_per_call",
)


# Intervals


def figures_of(result: rs.Result) -> dict[str, Figure]:
    """Return every metric of the first group, and of its first member."""
    seen = result.observed(group_layout(result.roster, QUESTION))
    calls = calls_of(seen, 0)
    seat = result.roster.seats_of_group(0)[0]
    found = {name: metric.figure(calls, QUESTION) for name, metric in METRICS.items()}
    found["occupancy of the group"] = occupancy(seen, 0)
    for name, (_, figure) in MEMBER_METRICS.items():
        found[f"{name} of a member"] = figure(seen, [seat])
    return found


def played(office: str, replications: int, seed: int, **changes: Any) -> rs.Result:
    return rs.simulate(
        ALL_OFFICES[office], replications=replications, seed=seed, workers=1, **changes
    )


def true_days(office: str) -> int:
    """Return the number of days that give an office's true values."""
    scenario = ALL_OFFICES[office]
    calls = sum(float(each.calls_per_hour) * scenario.hours for each in scenario.demand.values())
    return min(MOST_TRUE_DAYS, int(MOST_TRUE_CALLS / calls))


@cache
def truths(office: str) -> dict[str, float]:
    """Return the true value of every metric of an office."""
    found = figures_of(played(office, true_days(office), seed=0))
    return {name: figure.estimate().estimate for name, figure in found.items()}


class Tally:
    """The studies of one office and number of replications, counted by what is studied."""

    def __init__(self, office: str, replications: int) -> None:
        self._where = office, replications
        self._counts: dict[str, Counter[str]] = {}

    def count(self, what: str, *, right: bool, trusted: bool) -> None:
        counts = self._counts.setdefault(what, Counter())
        counts.update(of=1, right=right, marked=not trusted, wrong=trusted and not right)

    @property
    def rows(self) -> list[Row]:
        names = ("right", "wrong", "marked", "of")
        return [
            Row(what, *self._where, *(counts[name] for name in names))
            for what, counts in self._counts.items()
        ]


def covers(estimate: Estimate, truth: float) -> bool:
    """Return whether known bounds contain the true value, up to rounding."""
    slack = 1e-9 * abs(truth)
    return not (estimate.low > truth + slack or estimate.high < truth - slack)


def coverage_of_metrics(office: str, replications: int, studies: int) -> list[Row]:
    """Return how often the interval of every metric contains an office's true value.

    A study in which a metric is unknown does not count for it.
    """
    return _coverage(office, replications, studies, list(truths(office)))


def coverage_of_percentiles(office: str, replications: int, studies: int) -> list[Row]:
    """Return how often the interval of every percentile contains an office's true value.

    The intervals of percentiles allow for days that have not occurred. Those of rates and means
    do so only if few replications carry their error.
    """
    return _coverage(office, replications, studies, PERCENTILES)


def _coverage(office: str, replications: int, studies: int, names: Sequence[str]) -> list[Row]:
    tally = Tally(office, replications)
    for seed in range(1, studies + 1):
        figures = figures_of(played(office, replications, seed))
        for name in names:
            found, truth = figures[name].estimate(), truths(office)[name]
            if found.estimate == found.estimate and truth == truth:
                tally.count(name, right=covers(found, truth), trusted=found.is_trusted)
    return tally.rows


# Comparisons


@cache
def true_figures(office: str) -> dict[str, dict[str, float]]:
    """Return the true value of the compared metrics with each strategy."""
    found = {}
    for strategy in STRATEGIES:
        result = played(office, true_days(office), seed=0, dispatcher=strategy)
        found[strategy] = {
            metric: result.figure(metric, "600").estimate().estimate for metric in COMPARED
        }
    return found


def coverage_of_differences(office: str, replications: int, studies: int) -> list[Row]:
    """Return how often all differences contain the truth, and the true best may be best.

    The differences of a study are marked if one that misses the truth is marked.
    """
    tally = Tally(office, replications)
    true = true_figures(office)
    for seed in range(1, studies + 1):
        results = [played(office, replications, seed, dispatcher=each) for each in STRATEGIES]
        for metric in COMPARED:
            values = [true[strategy][metric] for strategy in STRATEGIES]
            influences = [result.figure(metric, "600").influence() for result in results]
            missed = [
                versus.difference
                for versus, value in zip(
                    compare_with_baseline(influences[0], influences[1:]), values[1:], strict=True
                )
                if not covers(versus.difference, value - values[0])
            ]
            trusted = any(each.is_trusted for each in missed)
            tally.count(f"{metric}: differences", right=not missed, trusted=trusted or not missed)
            greatest = METRICS[metric].better == "higher"
            best = max(values) if greatest else min(values)
            kept = compare_with_best(influences, greatest=greatest)
            right = any(
                each.may_be_best for each, value in zip(kept, values, strict=True) if value == best
            )
            tally.count(f"{metric}: best", right=right, trusted=True)
    return tally.rows


STUDIES: Mapping[Callable[[str, int, int], list[Row]], Sequence[str]] = {
    coverage_of_metrics: list(OFFICES),
    coverage_of_percentiles: [LONG_WAITS],
    coverage_of_differences: list(OFFICES),
}


# The table


def all_rows(studies: int) -> Iterator[Row]:
    """Yield every cell of the table; report each study on standard error when it starts."""
    for kind, offices in STUDIES.items():
        for office in offices:
            for replications in REPLICATIONS:
                print(kind.__name__, office, replications, file=sys.stderr)
                yield from kind(office, replications, studies)


def cell(row: Row | None) -> str:
    """Return a cell such as `95`, with `*` if at least a tenth of the studies were marked."""
    if row is None:
        return "-"
    return f"{100 * row.right / row.of:.0f}{'*' if row.marked >= OFTEN * row.of else ''}"


def table(rows: list[Row], studies: int) -> str:
    """Return the matrix in Markdown, and its worst cells."""
    by_place = {row[:3]: row for row in rows}
    lines = [
        f"| {studies} studies each; % that cover, R = {', '.join(map(str, REPLICATIONS))} | "
        + " | ".join(ALL_OFFICES)
        + " |",
        "| --- |" + " ---: |" * len(ALL_OFFICES),
    ]
    for what in dict.fromkeys(row.what for row in rows):
        cells = (
            " · ".join(cell(by_place.get((what, office, R))) for R in REPLICATIONS)
            for office in ALL_OFFICES
        )
        lines.append(f"| {what} | {' | '.join(cells)} |")
    worst = sorted(rows, key=lambda row: row.wrong / row.of, reverse=True)[:5]
    lines += [
        "",
        "The worst cells, by the studies that miss the truth and are not marked:",
        "",
        "| what | office | R | covers | wrong and not marked | marked |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        *map(str, worst),
    ]
    return "\n".join(lines)


def main() -> int:
    """Play the studies and print the table; return 1 if a cell is too low."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("--studies", type=int, default=400)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rows = list(all_rows(asked.studies))
    text = table(rows, asked.studies)
    print(text)
    if asked.write:
        renew_table("coverage", text)
    low = [row for row in rows if is_too_low(row)]
    for row in low:
        print(f"too low: {row}", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
