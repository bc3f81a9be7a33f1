"""Variants of the service level in common use: their names and their formulas.

This module imports nothing heavy, so that the help of the command line can list them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["VARIANTS", "Variant"]


class Sums(Protocol):
    """Sums over calls by name, one for each replication."""

    def of(self, *names: str) -> npt.NDArray[np.float64]:
        """Return the total of one or more sums by replication."""
        ...


@dataclass(frozen=True)
class Variant:
    """One way to count a service level: `events` / (`cases` - `without`).

    Each of the three is a list of names of sums over calls, which are added up.
    """

    definition: str
    events: tuple[str, ...]
    cases: tuple[str, ...]
    without: tuple[str, ...] = ()

    def counts(self, calls: Sums) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return numerator and denominator of the service level, each by replication."""
        return calls.of(*self.events), calls.of(*self.cases) - calls.of(*self.without)


VARIANTS: dict[str, Variant] = {
    "offered": Variant(
        "answered within the threshold / offered", ("answered_within",), ("offered",)
    ),
    "ignore_abandoned_within": Variant(
        "answered within / (offered - abandoned within)",
        ("answered_within",),
        ("offered",),
        ("abandoned_within",),
    ),
    "credit_abandoned_within": Variant(
        "(answered within + abandoned within) / offered",
        ("answered_within", "abandoned_within"),
        ("offered",),
    ),
    "answered_only": Variant("answered within / answered", ("answered_within",), ("answered",)),
    "short_excluded": Variant(
        "answered within / (offered - short abandons)",
        ("answered_within",),
        ("offered",),
        ("short_abandoned",),
    ),
}
