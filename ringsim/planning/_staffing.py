"""Result of staffing a day: the plan and its table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ringsim._lazy import pd
from ringsim.metrics import Observations
from ringsim.planning._goals import Errors
from ringsim.planning._html import as_html, readable
from ringsim.planning._played_interval import PlayedInterval
from ringsim.planning._search import ERROR
from ringsim.planning._sizing import Sizing, head_count
from ringsim.planning._staffing_words import clock, member_hours, sentences
from ringsim.planning._target import Target
from ringsim.scenario import Scenario

__all__ = ["Staffing"]

ERRORS = Errors(ERROR, ERROR)  # of each interval on its own


@dataclass(frozen=True, eq=False, repr=False)
class Staffing:
    """The number of members that a group needs over the day; `print` describes it in sentences.

    Attributes
    ----------
    target : Target
        The target of each interval.
    sizings : tuple of Sizing
        Sizing of each interval on its own.
    scenario : Scenario
        The scenario with these members on duty; the last shift stays until all calls are over.
    observations : Observations
        Sums of the days played with these members, by interval.
    longest : callable
        Greatest possible mean speed of answer of a day [s], by the limit of the target [s].
    shrinkage : float or None
        Share of the working time in which people are absent.
    present : Observations or None
        Sums of the same days with the scenario as it was given.
    """

    target: Target
    sizings: tuple[Sizing, ...]
    scenario: Scenario
    observations: Observations
    longest: Callable[[float], float]
    shrinkage: float | None = None
    present: Observations | None = None

    @property
    def width(self) -> float:
        """Length of the intervals [s]."""
        return self.observations.layout.width

    @property
    def member_hours(self) -> float:
        """Sum of all members' time on duty within the scenario's hours [h]."""
        return member_hours(self.observations)

    @property
    def table(self) -> pd.DataFrame:
        """A row per interval, by `starts_at` [s], with `ends_at`.

        `offered` is the mean number of calls that arrive; `offered_load` [erlang] is the mean
        number of members they would keep busy. `members` is the number on duty. `decided` is
        true if that is, with 95 % confidence, the smallest number for calls that always
        arrive at this interval's rate. `erlang_members` is the number by Erlang's formulas.
        `head_count` is present if a shrinkage is given.

        The other columns describe the days played: the metrics of the target, the
        `service_level` and the `occupancy`, with one-sided 95 % bounds, and `meets`, which is
        `yes`, `no` or `undecided`. An interval without calls meets the target. Attempts of
        callers who try again after the last interval are in no row. Bounds and
        verdicts hold with 95 % confidence for each interval on its own, and allow for one more
        day as bad as a day can be, as in `Sizing.table`.
        """
        starts = pd.Index([at * self.width for at in range(len(self.sizings))], name="starts_at")
        return pd.DataFrame(
            [
                {"ends_at": start + self.width} | self._sized(sizing) | self._played(at)
                for at, (start, sizing) in enumerate(zip(starts, self.sizings, strict=True))
            ],
            index=starts,
        )

    def _sized(self, sizing: Sizing) -> dict[str, Any]:
        row: dict[str, Any] = {
            "offered_load": sizing.formulas.load,
            "members": sizing.closest,
            "decided": sizing.decided and sizing.members is not None,
            "erlang_members": sizing.erlang_members,
        }
        if self.shrinkage is not None:
            row["head_count"] = head_count(sizing.closest, self.shrinkage)
        return row

    def _played(self, place: int) -> dict[str, Any]:
        played = PlayedInterval(self.target, self.observations, place, self.longest, ERRORS)
        return played.columns()

    def __str__(self) -> str:
        return "\n".join(sentences(self))

    def _repr_html_(self) -> str:
        return as_html(str(self), [readable(self._by_clock())])

    def _by_clock(self) -> pd.DataFrame:
        """Return the table by the time of day at which each interval starts."""
        opens_at = self.scenario.opens_at
        table = self.table.drop(columns="ends_at")
        return table.set_axis([clock(start, opens_at) for start in table.index]).rename_axis("from")

    def __repr__(self) -> str:
        members = ", ".join(str(sizing.closest) for sizing in self.sizings)
        return f"<Staffing of group {self.sizings[0].group}: {members}>"
