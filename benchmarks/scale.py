"""How much is measured, and how it is written down.

`Scale`
    How much is played, and how often.
`markdown`
    A table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cases import bare
from measure import Spread, Work, times_as_fast

__all__ = ["Scale", "markdown"]


class Scale(NamedTuple):
    """How much is measured.

    Attributes
    ----------
    rounds : int
        How often a ratio is measured.
    part : int
        One in so many of the usual days and calls is played.
    """

    rounds: int
    part: int

    @property
    def few_rounds(self) -> int:
        """How often, where once takes a second."""
        return (self.rounds + 1) // 2

    def of(self, amount: int) -> int:
        """A part of the usual days or calls."""
        return max(1, amount // self.part)

    def speed(self, work: Work) -> Spread:
        """How many times as fast as the bare script, which plays for some 40 milliseconds."""
        return times_as_fast(work, bare(self.of(5_000)), self.rounds)


def markdown(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
