"""Calls of recorded scenarios that ringsim reproduces, by family of scenarios.

    python tests/trace_table.py [--write]

The script plays every scenario that was recorded on a real Asterisk or with FreePBX's own script.
A call is reproduced if the same phones ring with the same results, the outcome is the same, and
all instants are within the tolerance of the recording. `--write` updates the table in
`tests/README.md`.
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

import ringsim as rs
from support.readme import renew_table
from support.traces import MISSED, TRACES, differences, played_trace, traces_of


class Family(NamedTuple):
    """The recorded scenarios of one file."""

    name: str
    scenarios: int
    calls: int
    reproduced: int
    random: int
    missed: tuple[str, ...]

    def __str__(self) -> str:
        compared = f"{self.reproduced} of {self.calls}" if self.calls else "-"
        reasons = "; ".join(f"`{name}`: {MISSED[name]}" for name in self.missed)
        cells = (self.name, self.scenarios, compared, self.random or "-", reasons or "-")
        return f"| {' | '.join(map(str, cells))} |"


def families() -> list[Family]:
    """Play all recorded scenarios on the compiled engine; return them by family."""
    found = []
    for file in sorted(TRACES.glob("*.json")):
        scenarios = calls = reproduced = by_chance = 0
        missed = []
        for trace in traces_of(file):
            scenarios += 1
            if trace["compare"] == "set":
                by_chance += len(trace["calls"])
                continue
            log = rs.play(*played_trace(trace), engine="compiled")
            wrong = {difference[0] for difference in differences(trace, log)}
            calls += len(trace["calls"])
            reproduced += len(trace["calls"]) - len(wrong)
            missed += [trace["id"]] if wrong else []
        found.append(Family(file.stem, scenarios, calls, reproduced, by_chance, tuple(missed)))
    return found


def table() -> str:
    """Return the table of all families and their sum."""
    rows = families()
    total = Family("all", *(sum(row[column] for row in rows) for column in range(1, 5)), ())
    head = ("family", "scenarios", "calls reproduced", "calls in random order", "missed, and why")
    rule = "| --- | ---: | ---: | ---: | --- |"
    return "\n".join([f"| {' | '.join(head)} |", rule, *map(str, rows), str(total)])


def main() -> None:
    """Print the table, and write it with `--write`."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("--write", action="store_true", help="write it into tests/README.md")
    asked = parser.parse_args()
    text = table()
    print(text)
    if asked.write:
        renew_table("traces", text)


if __name__ == "__main__":
    main()
