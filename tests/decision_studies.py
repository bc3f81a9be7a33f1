"""Studies of decisions with a known truth: frequencies of wrong and of missing decisions.

In each office, a few days give little information on the others. `CASES` has each office with a
target that it misses or meets by a stated distance. `study_of_sizes` and `study_of_precision`
play many studies of one case, each with random numbers of its own, and return a `Row`.

    python tests/decision_studies.py [--studies N] [--write]

This command prints the table of all cases; `--write` updates it in `tests/README.md`.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, NamedTuple

from scipy import stats

import ringsim as rs
from support.readme import renew_table

__all__ = [
    "CASES",
    "PRECISIONS",
    "Case",
    "Row",
    "study_of_precision",
    "study_of_searches",
    "study_of_sizes",
]


class Row(NamedTuple):
    """Numbers of wrong and of decided studies of one case."""

    what: str
    office: str
    R: int  # replications at most
    wrong: int
    decided: int
    of: int


class Case(NamedTuple):
    """An office, and a target that every size from 1 up misses, or meets.

    `truth` is the figure of size 1 from 200,000 days. If it is `near` the target, studies may
    stay undecided.
    """

    office: Callable[[], rs.Scenario]
    target: rs.Target
    truth: float
    right: Literal["yes", "no"]
    near: bool = True


def office(
    calls: float = 5, own: rs.Demand | None = None, hours: float = 8, **person: Any
) -> rs.Scenario:
    """Return an office with one member, who answers at once by default."""
    talk_time = person.pop("talk_time", 10)
    return rs.Scenario(
        groups=[
            {"extension_number": "600", "ring_strategy": "PRIORITIZED_HUNT", "members": ["201"]}
        ],
        demand={"600": rs.Demand(calls_per_hour=calls, talk_time=talk_time)},
        extensions=[rs.Extension("201", own_calls=own, **{"answer_delay": 0} | person)],
        hours=hours,
    )


ONE_DAY_IN_TWENTY = rs.Demand(calls_per_hour=-math.log(0.95) / 4, talk_time=4 * 3600)


def unlike_days() -> rs.Scenario:
    """Return an office whose member has an own call of four hours on one day in twenty."""
    return office(calls=10, own=ONE_DAY_IN_TWENTY, talk_time=1, hours=4)


def rare_waits() -> rs.Scenario:
    """Return an office with waits of 5 s, and rarely longer ones if two calls coincide."""
    return office(calls=4, hours=4, talk_time=5, answer_delay=5)


def constant() -> rs.Scenario:
    """Return an office with calls at given instants, all answered after exactly 3.3 s."""
    demand = rs.Demand(arrives_at=[100.0 * place for place in range(30)], talk_time=11)
    return office(answer_delay=3.3).replace(demand={"600": demand})


def easy() -> rs.Scenario:
    """Return an office that loses hardly any call."""
    return office(calls=5, talk_time=6)


def busy() -> rs.Scenario:
    """Return two hours of many calls, of which a fifth is lost."""
    return office(calls=30, hours=2, talk_time=stats.expon(scale=30))


def good_days(share: float, level: float) -> rs.Target:
    """Return the target that a share of days reaches a service level."""
    return rs.Target(service_level=level, p_target_met=share)


CASES = {
    "lost on one day in twenty, 98 %": Case(unlike_days, rs.Target(answer_rate=0.98), 0.972, "no"),
    "lost on one day in twenty, 97.4 %": Case(
        unlike_days, rs.Target(answer_rate=0.974), 0.972, "no"
    ),
    "lost on one day in twenty, 96 %": Case(unlike_days, rs.Target(answer_rate=0.96), 0.972, "yes"),
    "lost on one day in twenty, 94 %": Case(
        unlike_days, rs.Target(answer_rate=0.94), 0.972, "yes", near=False
    ),
    "busy on one day in twenty, 1.5 %": Case(
        unlike_days, rs.Target(occupancy=0.015), 0.028, "no", near=False
    ),
    "busy on one day in twenty, 3.5 %": Case(unlike_days, rs.Target(occupancy=0.035), 0.028, "yes"),
    "busy on one day in twenty, 6 %": Case(
        unlike_days, rs.Target(occupancy=0.06), 0.028, "yes", near=False
    ),
    "rare waits, 5.01 s": Case(rare_waits, rs.Target(mean_speed_of_answer=5.01), 5.0138, "no"),
    "rare waits, 5.02 s": Case(rare_waits, rs.Target(mean_speed_of_answer=5.02), 5.0138, "yes"),
    "rare waits, 5.5 s": Case(
        rare_waits, rs.Target(mean_speed_of_answer=5.5), 5.0138, "yes", near=False
    ),
    "always 3.3 s, 3.3 s": Case(
        constant, rs.Target(mean_speed_of_answer=3.3), 3.3, "yes", near=False
    ),
    "good days, 99.5 %, truth above": Case(busy, good_days(0.995, 0.66), 0.9971, "yes"),
    "good days, 99.5 %, truth below": Case(busy, good_days(0.995, 0.68), 0.9915, "no"),
    "good days, 97 %": Case(busy, good_days(0.97, 0.67), 0.9949, "yes", near=False),
    "hardly any lost, 99 %": Case(easy, rs.Target(answer_rate=0.99), 0.9917, "yes"),
    "hardly any lost, 99.5 %": Case(easy, rs.Target(answer_rate=0.995), 0.9917, "no", near=False),
    "hardly any lost, 97 %": Case(easy, rs.Target(answer_rate=0.97), 0.9917, "yes", near=False),
    "a fifth lost, 80 %": Case(busy, rs.Target(answer_rate=0.8), 0.8007, "yes"),
    "a fifth lost, 78 %": Case(busy, rs.Target(answer_rate=0.78), 0.8007, "yes", near=False),
    "a fifth lost, 82 %": Case(busy, rs.Target(answer_rate=0.82), 0.8007, "no", near=False),
}


def study_of_sizes(what: str, studies: int, replications: int = 2000, first_seed: int = 0) -> Row:
    """Return how often `size` misjudges one member."""
    case = CASES[what]
    scenario = case.office()
    found = []
    for seed in range(first_seed, first_seed + studies):
        sizing = rs.size(
            scenario, "600", case.target, max_members=1, max_replications=replications, seed=seed
        )
        found.append(sizing.table.loc[1, "meets"])
    decided = [each for each in found if each != "undecided"]
    wrong = sum(each != case.right for each in decided)
    return Row(f"size: {what}", case.office.__name__, replications, wrong, len(decided), studies)


def study_of_searches(studies: int, replications: int = 2000, first_seed: int = 0) -> Row:
    """Return how often `size` names a size although all ten sizes miss the target."""
    target = rs.Target(mean_speed_of_answer=5.01)
    scenario = rare_waits()
    named = 0
    for seed in range(first_seed, first_seed + studies):
        sizing = rs.size(
            scenario, "600", target, max_members=10, max_replications=replications, seed=seed
        )
        named += sizing.members is not None
    return Row("size: any of ten", "rare_waits", replications, named, named, studies)


# Precision


PRECISIONS = {
    "blocked, relative": (unlike_days, rs.Precision("blocked", 0.3, relative=True)),
    "answer rate, one day in twenty": (unlike_days, rs.Precision("answer_rate", 0.01)),
    "speed of rare waits": (rare_waits, rs.Precision("mean_speed_of_answer", 0.02)),
    "answer rate, hardly any lost": (easy, rs.Precision("answer_rate", 0.004)),
    "answer rate, a fifth lost": (busy, rs.Precision("answer_rate", 0.02)),
    "good days": (busy, rs.Precision("p_target_met", 0.02, target=0.66)),
}
TRUE_DAYS = 100_000


def study_of_precision(what: str, studies: int, first_seed: int = 0) -> Row:
    """Return how often the interval at which `until=` stops misses the truth."""
    scenario, until = PRECISIONS[what][0](), PRECISIONS[what][1]
    true = rs.simulate(scenario, replications=TRUE_DAYS, seed=10**6)
    truth = true.figure(until.metric, until.group, until.question).estimate().estimate
    wrong = reached = 0
    for seed in range(first_seed, first_seed + studies):
        result = rs.simulate(scenario, until=until, seed=seed)
        found = result.figure(until.metric, until.group, until.question).estimate(until.level)
        reached += bool(result.reached)
        wrong += bool(result.reached) and not found.low <= truth <= found.high
    office_name = PRECISIONS[what][0].__name__
    return Row(f"until: {what}", office_name, until.max_replications, wrong, reached, studies)


# The table


def all_rows(studies: int) -> Iterator[Row]:
    """Yield every case, with a line on standard error for each that begins."""
    for what in CASES:
        print(what, file=sys.stderr)
        yield study_of_sizes(what, studies)
    yield study_of_searches(studies // 4)
    for what in PRECISIONS:
        print(what, file=sys.stderr)
        yield study_of_precision(what, studies)


def table_of(rows: Iterable[Row]) -> str:
    """Return the cases in Markdown, in their order."""
    lines = ["| decision | truth | replications at most | studies | decided | wrong |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    for row in rows:
        case = CASES.get(row.what.removeprefix("size: "))
        truth = f"{case.truth:.5g}" if case else "-"
        shares = f"{row.decided / row.of:.0%} | {row.wrong / row.of:.1%}".replace("%", " %")
        lines.append(f"| {row.what} | {truth} | {row.R} | {row.of} | {shares} |")
    return "\n".join(lines)


def main() -> None:
    """Play the studies and print the table; write it into the tests' README if asked to."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--studies", type=int, default=300)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    text = table_of(all_rows(asked.studies))
    print(text)
    if asked.write:
        renew_table("decisions", text)


if __name__ == "__main__":
    main()
