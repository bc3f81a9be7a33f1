"""Result of sizing a group: the answer and its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ringsim._lazy import pd
from ringsim.confidence import Estimate
from ringsim.metrics import METRICS
from ringsim.planning._closeness import Closeness, closeness
from ringsim.planning._erlang import ErlangFigures
from ringsim.planning._html import as_html, readable
from ringsim.planning._on_duty import IntervalPool
from ringsim.planning._pool import MemberPool
from ringsim.planning._search import SizeResult
from ringsim.planning._sizing_words import sentences
from ringsim.planning._target import Target
from ringsim.scenario import Scenario

__all__ = ["Sizing", "as_columns", "head_count"]


@dataclass(frozen=True, eq=False, repr=False)
class Sizing:
    """The number of members that a group needs; `print` describes it in sentences.

    Attributes
    ----------
    group : str
        Number of the group.
    target : Target
        The target to meet.
    tried : tuple of SizeResult
        Outcome of each number of members that was tried.
    pool : MemberPool or IntervalPool
        People who can be members, or on duty.
    formulas : ErlangFigures
        Figures of Erlang's formulas, for comparison.
    shrinkage : float or None
        Share of the working time in which people are absent.
    """

    group: str
    target: Target
    tried: tuple[SizeResult, ...]
    pool: MemberPool | IntervalPool
    formulas: ErlangFigures
    shrinkage: float | None = None

    @property
    def members(self) -> int | None:
        """Smallest number that meets the target with 95 % confidence; None if none does."""
        return next((each.members for each in self.tried if each.meets == "yes"), None)

    @property
    def possible(self) -> tuple[int, ...]:
        """All numbers that may be the answer: `members`, and undecided numbers below it."""
        met = self.members
        undecided = (each.members for each in self.tried if each.meets == "undecided")
        below = [members for members in undecided if met is None or members < met]
        return (*below, *([] if met is None else [met]))

    @property
    def has_calls(self) -> bool:
        """True if calls arrive; an interval without calls needs nobody and is not played."""
        return any(each.replications for each in self.tried)

    @property
    def ruled_out(self) -> tuple[int, ...]:
        """Numbers that were ruled out without playing: their members have too little time."""
        return tuple(each.members for each in self.tried if each.limits)

    @property
    def closest(self) -> int:
        """`members`; if that is None, the number that comes closest to the target.

        In an abandonment rate, a mean speed of answer, or a service level of some calls only, a
        number comes no closer than any that answers more calls: blocked callers do not wait.
        """
        met, found = self.members, self.closeness
        return min(found, key=found.__getitem__) if met is None else met

    @property
    def closeness(self) -> dict[int, Closeness]:
        """Sort key by number of members; the number that comes closest has the smallest."""
        figures = [[each.estimate for each in size.evidence] for size in self.tried]
        found = closeness(self.target.goals, figures, [size.answered for size in self.tried])
        return {size.members: key for size, key in zip(self.tried, found, strict=True)}

    @property
    def scenario(self) -> Scenario:
        """The scenario with the `closest` number of members."""
        return self.pool.sized(self.closest)

    @property
    def decided(self) -> bool:
        """True if every number below `members` misses the target with 95 % confidence.

        If `members` is None, whether every number that was tried misses it.
        """
        return self.possible == (() if self.members is None else (self.members,))

    @property
    def erlang_members(self) -> int | None:
        """Number of members by Erlang's formulas, which assume that members answer at once."""
        return self.formulas.members(self.target)

    @property
    def head_count(self) -> float | None:
        """Number of people to employ: members / (1 - shrinkage); None without a shrinkage."""
        return None if self.members is None else head_count(self.members, self.shrinkage)

    @property
    def table(self) -> pd.DataFrame:
        """A row per number of `members` tried.

        `estimate`, `low` and `high` belong to the first metric of the target; further metrics
        have columns with their own names. The bounds decide `meets`: it is `yes` if both meet
        the target's limit, `no` if both miss it, and else `undecided`. The bounds of all tests
        of all sizes hold together with 95 % confidence, and allow for one more day as bad as a
        day can be. `replications` is the number of replications played; it is 0, and there is
        no `estimate`, for numbers that were ruled out without playing, because `high` is an
        upper bound for any strategy. Further columns are
        `occupancy`, `offered_load` [erlang], `erlang_b_blocking`, `erlang_c_service_level`,
        and `head_count` if a shrinkage is given.
        """
        index = pd.Index([each.members for each in self.tried], name="members")
        return pd.DataFrame([self._row(each) for each in self.tried], index=index)

    def _row(self, tried: SizeResult) -> dict[str, Any]:
        goals = self.target.goals
        first, *others = zip(goals, tried.estimates(goals), strict=True)
        row: dict[str, Any] = as_columns("", first[1])
        for goal, estimate in others:
            row |= as_columns(goal.name, estimate)
        erlang = self.formulas
        row |= {
            "replications": tried.replications,
            "meets": tried.meets,
            "occupancy": tried.occupancy,
            "offered_load": erlang.load,
            "erlang_b_blocking": erlang.blocking(tried.members),
            "erlang_c_service_level": erlang.service_level(tried.members, self.target.within),
        }
        if self.shrinkage is not None:
            row["head_count"] = head_count(tried.members, self.shrinkage)
        return row

    def __str__(self) -> str:
        return "\n".join(sentences(self))

    def _repr_html_(self) -> str:
        first, *_ = self.target.goals
        units = {"estimate": METRICS[first.name].unit if first.name in METRICS else "rate"}
        return as_html(str(self), [readable(self.table, units)])

    def __repr__(self) -> str:
        found = "none" if self.members is None else f"{' or '.join(map(str, self.possible))}"
        return f"<Sizing of group {self.group}: {found}>"


def head_count(members: int, shrinkage: float | None) -> float | None:
    """Return how many people to employ so that `members` are present; None without shrinkage."""
    return None if shrinkage is None else members / (1 - shrinkage)


def as_columns(name: str, estimate: Estimate) -> dict[str, float]:
    """Return an estimate and its bounds as three table cells by column name."""
    names = (name, f"{name}_low", f"{name}_high") if name else ("estimate", "low", "high")
    return dict(zip(names, estimate[:3], strict=True))
