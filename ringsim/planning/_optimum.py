"""Result of `optimize`: the choice, the table of all combinations, and sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ringsim._lazy import pd
from ringsim._sentences import counted
from ringsim.confidence import Estimate, join_notes
from ringsim.metrics import Thresholds, estimate_columns
from ringsim.planning._contenders import Contender
from ringsim.planning._elimination import Elimination
from ringsim.planning._frontier import Frontier
from ringsim.planning._html import as_html, readable
from ringsim.planning._objective import Objective
from ringsim.planning._optimum_words import named, sentences
from ringsim.planning._space import Space
from ringsim.planning._target import Target
from ringsim.scenario import Scenario

__all__ = ["Optimum"]

UNKNOWN = Estimate(math.nan)
MOST_SHOWN = 20  # rows in a notebook


class Optimum:
    """The best of many combinations of settings; `print` describes it in two sentences.

    Attributes
    ----------
    group : str
        Number of the group.
    target : Target or None
        Target that the choice must meet.
    objective : Objective
        The figure that is as low or as high as possible.
    figures : tuple of Objective
        The objective, and the figures that the table shows beside it.
    within : float
        Difference in the objective that does not matter.
    seed : int
        Seed of the random numbers.
    space : Space
        All combinations, by index.
    contenders : tuple of Contender
        Those that were played, or ruled out; one stands for all that play alike.
    chosen : Contender or None
        The choice.
    rivals : tuple of Contender
        Those that may be better than the choice by more than `within`.
    """

    def __init__(
        self,
        space: Space,
        target: Target | None,
        figures: Sequence[Objective],
        within: float,
        contenders: Sequence[Contender],
        search: Elimination,
    ) -> None:
        self.group = space.group
        self.target = target
        self.objective = figures[0]
        self.figures = tuple(figures)
        self.within = within
        self.seed = space.seed
        self.space = space
        self.contenders = tuple(contenders)
        self.chosen = search.best
        self.rivals = tuple(search.rivals)
        self._numbers_of_rivals = {each.index for each in search.rivals}

    @property
    def best(self) -> Scenario | None:
        """The scenario with the chosen settings; None if no combination surely meets the target."""
        return None if self.chosen is None else self.space.study(self.chosen.index).scenario

    @property
    def thresholds(self) -> Thresholds:
        """Thresholds of the metrics: those of the target, or else the usual ones."""
        return Thresholds() if self.target is None else self.target.question

    @property
    def dispatchers(self) -> dict[str, Any]:
        """Dispatchers that `best` is played with, by group number."""
        return {} if self.chosen is None else self.space.study(self.chosen.index).dispatchers

    @property
    def settings(self) -> dict[str, Any]:
        """The chosen value of each setting; empty if there is no choice."""
        return {} if self.chosen is None else self.space.shown(self.chosen.index)

    @property
    def decided(self) -> bool:
        """True if no other combination may be better by more than `within`.

        Without a choice, whether all combinations surely miss the target.
        """
        return not self.rivals

    @property
    def replications(self) -> int:
        """Number of replications played, of all combinations together."""
        return sum(each.replications for each in self.contenders)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per combination, the last setting changing fastest.

        Returns
        -------
        DataFrame
            A column for each setting; then three for the objective and each metric of the
            target, such as `answer_rate`, `answer_rate_low` and `answer_rate_high`, with the
            95 % interval of that row alone. `feasible` is `yes` or `no` if the target is met or
            missed with confidence, else `undecided`. `state` is `best`; `infeasible`; `beaten`
            by the choice or an earlier one; `close`, if it is not better than the choice by
            more than `within`; `rival`, if it may be; or `page`, for a group that pages among
            others that do not. `replications` are those played for the row: none for one that
            plays like another, or that a bound rules out; `note` says so. `dominated` is true
            if another combination is surely better in all figures of the frontier.
        """
        rows: dict[int, dict[str, Any]] = {}
        dominated = self._frontier.dominated_by
        for contender in self.contenders:
            row = self._row(contender) | {"dominated": contender.index in dominated}
            for index in contender.alike:
                rows[index] = self.space.shown(index) | row
                if index != contender.index:
                    note = f"plays like row {contender.index}"
                    rows[index] |= {"replications": 0, "note": join_notes(row["note"], note)}
                    rows[index]["state"] = "close" if row["state"] == "best" else row["state"]
        frame = pd.DataFrame([rows[index] for index in range(len(self.space))])
        last = ["feasible", "state", "replications", "dominated", "note"]
        return frame[[*frame.columns.drop(last), *last]].astype({"note": "str"})

    def _row(self, contender: Contender) -> dict[str, Any]:
        note = ""
        if contender.limits:
            note = "ruled out without playing"
        names = [each.name for each in self.figures]
        pairs = zip(names, self.estimates_of(contender), strict=True)
        row = estimate_columns(pair for pair in pairs if pair[0] not in self.space.settings)
        return row | {
            "feasible": "" if contender.is_page else contender.meets,
            "state": self._state(contender),
            "replications": contender.replications,
            "note": join_notes(row["note"], note),
        }

    def estimates_of(self, contender: Contender) -> Sequence[Estimate]:
        """Return the estimates of `figures`, or the range that a bound leaves."""
        if contender.estimates:
            return contender.estimates
        goals = () if self.target is None else self.target.goals
        limits = dict(zip((goal.name for goal in goals), contender.limits, strict=False))
        return [limits.get(figure.name, UNKNOWN) for figure in self.figures]

    def _state(self, contender: Contender) -> str:
        if contender is self.chosen:
            return "best"
        if contender.is_page:
            return "page"
        if contender.meets == "no":
            return "infeasible"
        if contender.is_beaten:
            return "beaten"
        return "rival" if contender.index in self._numbers_of_rivals else "close"

    @property
    def frontier(self) -> pd.DataFrame:
        """The combinations that may be on the frontier of the first two or three figures.

        Returns
        -------
        DataFrame
            Rows of `table`, by their number there, from the best objective to the worst.
            `on_frontier` is true if no estimates of another combination are better in all
            figures. The others are not surely dominated. Of combinations that play alike there
            is one.
        """
        kept = [each.index for each in self.on_frontier]
        known = {each.index for each in self.contenders if each.estimates}
        maybe = known - self._frontier.dominated_by.keys() - set(kept)
        order = [*kept, *sorted(maybe, key=self.space.key)]
        frame = self.table.loc[order].drop(columns="dominated")
        frame.insert(len(frame.columns) - 1, "on_frontier", [index in kept for index in order])
        ascending = not self.objective.is_greatest
        return frame.sort_values(self.objective.name, ascending=ascending, kind="stable")

    @property
    def on_frontier(self) -> Sequence[Contender]:
        """Combinations that no other one beats in all figures, by their estimates."""
        return self._frontier.members

    @cached_property
    def _frontier(self) -> Frontier:
        played = [each for each in self.contenders if each.estimates]
        return Frontier(played, self.figures)

    def __str__(self) -> str:
        return "\n".join(sentences(self))

    def __repr__(self) -> str:
        found = "none" if self.chosen is None else named(self, self.chosen)
        combinations = counted(len(self.space), "combination")
        return f"<Optimum of {combinations} for group {self.group}: {found}>"

    def _repr_html_(self) -> str:
        frame = self.frontier.head(MOST_SHOWN)
        units = {figure.name: figure.unit for figure in self.figures}
        return as_html(str(self), [readable(frame, units)])
