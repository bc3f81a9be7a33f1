"""Share of changed logs that the audit finds, by frame and by what is changed.

    python tests/corruption_table.py [--write]

The script plays random days, of plain groups and of groups with options, changes one row of each
log, and audits it with and without the workload. With the workload no other log is right. Numbers
change by more than a millisecond. `--write` updates the table in `tests/README.md`.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

import ringsim as rs
from ringsim.audit import audit
from support.corruptions import (
    OPTION_COLUMNS,
    ROW_CHANGES,
    OptionFrames,
    with_another_value,
    with_rows_changed,
)
from support.numbered_days import random_day
from support.option_days import option_day
from support.readme import renew_table

N_DAYS = {"plain": 150, "options": 300}  # of the table
LEAST = 1e-3  # s
WORDS_OF_CHANGES = {
    "without_a_row": "a row is missing",
    "with_a_row_twice": "a row is doubled",
    "with_two_rows_swapped": "two rows are swapped",
}


class Change(NamedTuple):
    """What is changed: the frame, and its column or the kind of change of its rows."""

    frame: str
    what: str


class Tally(NamedTuple):
    """How many logs were changed, and how many of them the audit found."""

    changed: int = 0
    with_workload: int = 0
    without: int = 0

    def __add__(self, other: Tally) -> Tally:  # type: ignore[override]
        return Tally(*(one + two for one, two in zip(self, other, strict=True)))


CHANGES = [
    *(Change(name, column) for name, columns in OPTION_COLUMNS.items() for column in columns),
    *(Change(name, change.__name__) for name in OPTION_COLUMNS for change in ROW_CHANGES),
]


def plain_day(number: int) -> tuple[Any, ...]:
    """Return scenario, workload and dispatchers of a day without options."""
    day = random_day(number)
    return day.scenario, day.workload, day.dispatchers


def day_with_options(number: int) -> tuple[Any, ...]:
    """Return scenario, workload and dispatchers of a day whose groups have options."""
    return (*option_day(number), None)


DAYS = {"plain": plain_day, "options": day_with_options}


def corrupted(
    frames: OptionFrames, scenario: rs.Scenario, random: Random
) -> Iterator[tuple[Change, OptionFrames]]:
    """Yield one changed log of each kind that is possible."""
    of_rows = {change.__name__: change for change in ROW_CHANGES}
    for change in CHANGES:
        name, what = change
        if what in of_rows:
            made = with_rows_changed(frames, name, of_rows[what], random)
        else:
            made = with_another_value(frames, name, what, scenario, random, LEAST)
        if made is not None and made.differs_from(frames):
            yield change, made


def tallies(kind: str, numbers: Iterable[int]) -> Mapping[Change, Tally]:
    """Return what the audit finds of changed logs of some days."""
    found: dict[Change, Tally] = defaultdict(Tally)
    for number in numbers:
        scenario, workload, dispatcher = DAYS[kind](number)
        try:
            log = rs.play(scenario, workload, dispatcher=dispatcher)
        except rs.ConfigurationError:  # somebody would wait for ever
            continue
        frames = OptionFrames.of(log)
        for change, made in corrupted(frames, scenario, Random(number)):
            ok = [
                audit(scenario, made._asdict(), given, dispatcher=dispatcher).ok
                for given in (workload, None)
            ]
            found[change] += Tally(1, not ok[0], not ok[1])
    return found


def table(days: Mapping[str, int] = N_DAYS) -> str:
    """Return the table of all changes."""
    found = {kind: tallies(kind, range(n)) for kind, n in days.items()}
    kinds = "plain groups", "without workload", "groups with options", "without workload"
    head = ("frame", "changed", *kinds)
    rows = [f"| {' | '.join(head)} |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    for change in sorted(CHANGES, key=lambda each: list(OPTION_COLUMNS).index(each.frame)):
        of = [found[kind].get(change, Tally()) for kind in days]
        if any(each.changed for each in of):
            what = WORDS_OF_CHANGES.get(change.what, f"`{change.what}`")
            cells = [cell for each in of for cell in cells_of(each)]
            rows.append(f"| {' | '.join([f'`{change.frame}`', what, *cells])} |")
    return "\n".join(rows)


def cells_of(tally: Tally) -> tuple[str, str]:
    """Return the shares found with the workload, of how many, and without it."""
    if not tally.changed:
        return "-", "-"
    shares = (100 * each / tally.changed for each in tally[1:])
    with_workload, without = (f"{share:.0f} %" for share in shares)
    return f"{with_workload} of {tally.changed}", without


def main() -> None:
    """Print the table, and write it with `--write`."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("--write", action="store_true", help="write it into tests/README.md")
    asked = parser.parse_args()
    text = table()
    print(text)
    if asked.write:
        renew_table("corruptions", text)


if __name__ == "__main__":
    main()
