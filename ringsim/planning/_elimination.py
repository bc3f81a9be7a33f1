"""Search for the best combination that meets a target, by elimination.

`Elimination`
    The procedure; `best` is its choice.

All combinations meet the same callers. Each is looked at after 100, 200, 400, ... replications. A
combination is out as soon as it misses one of its goals with confidence, or is worse, with
confidence, than another one that meets all goals with confidence. The rest are rivals and get
more replications. A rival therefore gets them in proportion to (standard error / distance from
the best) squared, its share in optimal computing budget allocation (Chen, Lin, Yücesan and Chick,
Simulation budget allocation for further enhancing the efficiency of ordinal optimization,
Discrete Event Dynamic Systems 10, 2000). The rivals that look best are played first: a good
combination that meets the goals with confidence rules out others that have few replications.

Checks of feasibility and comparisons run beside each other and share the error, as in
Andradottir and Kim (Fully sequential procedures for comparing constrained systems via
simulation, Naval Research Logistics 57, 2010). The choice is wrong with a probability of at most
5 %, in three parts:

- a third is for calling the best combination infeasible, which concerns that one alone;
- a third is for choosing a combination that misses the target: shared by all k combinations;
- a third is for a wrong comparison of the best combination with another one: shared by the
  k - 1 pairs that contain it (Hsu, Multiple Comparisons, 1996, chapter 4). A single one-sided
  bound of each pair decides both that it is beaten and that it is not worth more than `within`.

Without goals, all of it is for the comparisons. Each part is divided equally among the looks.
The test of a goal allows for one more worst day (`_evidence`); a comparison is a paired t test
(`ringsim.confidence`). Where few replications carry the difference, it allows for unseen days on
which it is as large as the figure of the largest day.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ringsim.confidence import Influence, paired
from ringsim.planning._closeness import closest_of
from ringsim.planning._contender_player import ContenderPlayer
from ringsim.planning._contenders import Contender
from ringsim.planning._evidence import Evidence
from ringsim.planning._goals import ENOUGH_ALIKE, Errors, Goal
from ringsim.planning._objective import Objective
from ringsim.planning._search import ERROR, Checkpoints

__all__ = ["Elimination", "errors_of"]

LEAST_BATCH = 8  # contenders that go first
LIKELY = -1.0  # score of a goal that is probably met


def errors_of(contenders: int, goals: int, looks: int) -> tuple[Errors, float]:
    """Return the error probabilities of a verdict on one goal, and of one comparison."""
    part = ERROR / 3 if goals else ERROR
    each = part / looks
    errors = Errors(yes=each / contenders, no=each / max(1, goals))
    return errors, each / max(1, contenders - 1)


class Elimination:
    """The search for the best of some contenders.

    Parameters
    ----------
    contenders : sequence of Contender
        The combinations; those that are out already are not played.
    player : ContenderPlayer
        Player that adds replications to them.
    objective : Objective
        The figure to make as low or as high as possible.
    goals : sequence of Goal
        Goals that the choice must meet.
    checkpoints : Checkpoints
        Numbers of replications at which a contender is looked at.
    within : float
        Indifference zone: a difference of the objective that does not matter.
    """

    def __init__(
        self,
        contenders: Sequence[Contender],
        player: ContenderPlayer,
        objective: Objective,
        goals: Sequence[Goal],
        checkpoints: Checkpoints,
        within: float,
    ) -> None:
        self._open = [each for each in contenders if not each.is_out]
        self._player = player
        self._objective = objective
        self._goals = goals
        looks = len(checkpoints.counts)
        self._error = errors_of(len(self._open), len(goals), looks)[1]
        self._within = within
        self._bounds: dict[int, tuple[tuple[int, int], float]] = {}  # the last of each one
        self._scores: dict[int, tuple[int, float]] = {}
        self.best: Contender | None = None
        self.rivals: list[Contender] = []

    def run(self) -> None:
        """Play until the best is known, or the rivals have all replications allowed."""
        self._advance(self._open)
        while True:
            self.best = self._choice()
            if self.best is not None:
                self._eliminate(self.best)
            self.rivals = [each for each in self._open if self._is_rival(each)]
            batch = self._first(self.rivals)
            if self.best is not None and self._needs_more(self.best, batch):
                batch = [*batch, self.best]
            batch = [each for each in batch if self._player.can_advance(each)]
            if not batch:
                return
            self._advance(batch)

    def bound(self, one: Contender, other: Contender) -> float:
        """Return how much better than another one a combination is at most, with confidence."""
        count = min(one.replications, other.replications)
        known, bound = self._bounds.get(one.index, (None, math.nan))
        if known != (other.index, count):
            bound = self._bound(one, other, count)
            self._bounds[one.index] = (other.index, count), bound
        return bound

    def _bound(self, one: Contender, other: Contender, count: int) -> float:
        these, those = one.influences[count][0], other.influences[count][0]
        pair, sign = paired(these, those), self._objective.sign
        if self._objective.is_certain:
            return sign * pair.value
        if math.isnan(pair.error):
            return math.inf
        if pair.never_differs and count >= ENOUGH_ALIKE:
            return 0.0
        if math.isnan(pair.reach):
            pair = pair._replace(reach=max(map(_largest_day, (these, those))))
        bounds = pair.bounds(max(0.0, 1 - 2 * self._error))
        return max(sign * each for each in bounds)

    def _advance(self, contenders: Sequence[Contender]) -> None:
        self._player.advance(contenders)
        for each in contenders:
            if each.is_out:
                self._player.forget(each)
        self._open = [each for each in self._open if not each.is_out]

    def _choice(self) -> Contender | None:
        """Return the combination that looks best among those that meet all goals with confidence.

        If the objective is certain, ties are common; then the one that exceeds the goals by most
        is the best.
        """
        proven = [e for e in self._open if e.meets == "yes" and not math.isnan(e.value)]
        best = min(proven, key=self._order, default=None)
        if best is None or not self._objective.is_certain:
            return best
        return closest_of([each for each in proven if each.value == best.value], self._goals)

    def _order(self, each: Contender) -> tuple[float, float, object]:
        """Return a sort key that puts better combinations first.

        If the objective is certain, ties are broken by how far the goals are exceeded.
        """
        spare = each.shortfall(self._goals) if self._objective.is_certain else 0.0
        return -self._objective.sign * each.value, spare, each.key

    def _eliminate(self, best: Contender) -> None:
        for each in self._open:
            if each is not best and self.bound(each, best) < 0:
                each.is_beaten = True
                self._player.forget(each)
        self._open = [each for each in self._open if not each.is_out]

    def _is_rival(self, each: Contender) -> bool:
        """Return whether a combination may be better than the choice by more than `within`."""
        if self.best is None:
            return True
        return each is not self.best and self.bound(each, self.best) > self._within

    def _first(self, rivals: Sequence[Contender]) -> list[Contender]:
        """Return the rivals that get replications first: a quarter of those that look best."""
        left = [each for each in rivals if self._may_gain(each)]
        good = [each for each in left if self._looks_better(each)]
        for least in (LIKELY, 0.0):
            likely = [each for each in good if self._score(each) <= least]
            if likely:
                return self._quarter(likely)
        if self.best is not None:
            return good or left
        left.sort(key=lambda each: (each.shortfall(self._goals), each.key))
        return self._quarter(left)

    def _quarter(self, contenders: Sequence[Contender]) -> list[Contender]:
        ranked = sorted(contenders, key=self._order)
        return ranked[: max(LEAST_BATCH, len(ranked) // 4)]

    def _may_gain(self, each: Contender) -> bool:
        """Return whether more replications, of the rival or of the choice, can settle a rival."""
        if self._player.can_advance(each):
            return True
        return self.best is not None and self.best.replications < each.replications

    def _looks_better(self, each: Contender) -> bool:
        if self.best is None:
            return True
        return self._objective.sign * (each.value - self.best.value) > 0

    def _needs_more(self, best: Contender, batch: Sequence[Contender]) -> bool:
        """Return whether the choice has too few replications to be compared with a rival."""
        return any(each.replications >= best.replications for each in batch)

    def _score(self, each: Contender) -> float:
        """Return the score of the goal with the weakest evidence; negative if all look met."""
        count, score = self._scores.get(each.index, (0, math.nan))
        if count != each.replications:
            score = max(map(_score, self._goals, each.evidence), default=-math.inf)
            self._scores[each.index] = each.replications, score
        return score


def _largest_day(influence: Influence) -> float:
    """Return the largest figure of one day, which stands for what an unseen day can change."""
    return float(np.abs(influence.value + influence.residuals).max())


def _score(goal: Goal, evidence: Evidence) -> float:
    if math.isnan(evidence.estimate):
        return math.inf
    return (evidence.score_below if goal.at_most else evidence.score_above)(goal.limit)
