"""The amount of work that is measured, and the format of tables.

`Scale`
    Number of rounds, and part of the usual amount of work.
`markdown`
    Formats a table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cases import bare
from measure import Spread, Work, times_as_fast

__all__ = ["Scale", "markdown"]


class Scale(NamedTuple):
    """The amount of work that is measured.

    Attributes
    ----------
    rounds : int
        Number of measurements of a ratio.
    part : int
        Divisor of the usual numbers of days and calls.
    """

    rounds: int
    part: int

    @property
    def few_rounds(self) -> int:
        """Number of rounds for works that take about a second."""
        return (self.rounds + 1) // 2

    def of(self, amount: int) -> int:
        """Return the usual number of days or calls, divided by `part`."""
        return max(1, amount // self.part)

    def speed(self, work: Work) -> Spread:
        """Return the speed relative to the bare script, which plays for about 40 milliseconds."""
        return times_as_fast(work, bare(self.of(5_000)), self.rounds)


def markdown(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Format a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
