"""Combinations that may be the best, and the replications played of each.

`Contender`
    A combination with what its replications show so far.
`contenders_of`
    Make a contender of each combination; those that must play alike share one.
`Playing`
    Player that adds replications to contenders and updates their results.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ringsim.confidence import Estimate, Influence
from ringsim.metrics import Observations, Thresholds, group_layout
from ringsim.planning._alike import order_of
from ringsim.planning._evidence import Evidence
from ringsim.planning._goals import (
    ENOUGH_TO_TELL,
    Errors,
    Goal,
    GroupView,
    Meets,
    overall_verdict,
)
from ringsim.planning._objective import Objective
from ringsim.planning._playing import Job
from ringsim.planning._runner import Runner
from ringsim.planning._search import Checkpoints, with_extremes
from ringsim.planning._space import Space
from ringsim.planning._study import Study

__all__ = ["Contender", "Playing", "contenders_of"]

TOGETHER = 64  # contenders whose replications are played at once
MOST_KEPT = 200_000_000  # bytes of sums that are kept, so that replications can be added
BYTES_OF_A_STUDY = 10_000  # besides its sums (measured)


@dataclass(eq=False, slots=True)
class Contender:
    """A combination and its results so far.

    Attributes
    ----------
    index : int
        Index of the combination in its space.
    key : tuple
        Key that decides ties, whatever the order of settings.
    alike : list of int
        Indices of all combinations that must play alike, this one included.
    is_page : bool
        Whether the group pages, so that its figures cannot be compared with others.
    bounds : dict of str to float
        Upper bounds of some metrics, known without playing.
    limits : tuple of Estimate
        Range of each goal's metric, if a bound rules the combination out unplayed.
    replications : int
        Number of replications played.
    influences : dict of int to tuple of Influence
        Influences of the objective and of the further figures, by the number of replications.
    estimates : tuple of Estimate
        Estimates of these figures.
    goal_values : tuple of float
        The metric of each goal, or its upper bound if the combination is ruled out unplayed.
    answered : float
        Share of the calls arriving at the group that were answered; NaN if none was played.
    evidence : tuple of Evidence
        Evidence on each goal; dropped once the combination is out.
    meets : str
        Whether all goals are met: `yes`, `no` or `undecided`.
    needed : float
        Number of replications that would decide this; 0 if it is decided.
    is_beaten : bool
        Whether another combination that meets the goals is better with confidence, or the
        objective has no figure, such as a mean wait without answers.
    """

    index: int
    key: Any
    alike: list[int] = field(default_factory=list)
    is_page: bool = False
    bounds: Mapping[str, float] = field(default_factory=dict)
    limits: tuple[Estimate, ...] = ()
    replications: int = 0
    influences: dict[int, tuple[Influence, ...]] = field(default_factory=dict)
    estimates: tuple[Estimate, ...] = ()
    goal_values: tuple[float, ...] = ()
    answered: float = math.nan
    evidence: tuple[Evidence, ...] = ()
    meets: Meets = "undecided"
    needed: float = 0.0
    is_beaten: bool = False

    @property
    def value(self) -> float:
        """The objective."""
        return self.estimates[0].estimate

    @property
    def is_out(self) -> bool:
        """True if the combination is no longer considered."""
        return self.is_page or self.is_beaten or self.meets == "no"

    def shortfall(self, goals: Sequence[Goal]) -> float:
        """Return the largest relative shortfall over all goals; negative if all are met."""
        return max(map(Goal.shortfall, goals, self.goal_values), default=0.0)


def contenders_of(space: Space, bounds_of: Callable[[Study], dict[str, float]]) -> list[Contender]:
    """Return a contender for each set of combinations that must play alike.

    The first by `Space.key` stands for the others. `bounds_of` returns the upper bounds of the
    metrics of a study, by name.
    """
    found: dict[tuple[int, ...], list[tuple[Contender, list[Any]]]] = {}
    for index in sorted(range(len(space)), key=space.key):
        study = space.study(index)
        ringing = [order_of(study, number) for number in study.dispatchers]
        known = found.setdefault(space.rest_key(index), [])
        alike = next((each for each, other in known if other == ringing), None)
        if alike is None:
            is_page = study.dispatchers[space.group].auto_answer
            alike = Contender(index, space.key(index), is_page=is_page, bounds=bounds_of(study))
            known.append((alike, ringing))
        alike.alike.append(index)
    contenders = [each for known in found.values() for each, _ in known]
    if all(each.is_page for each in contenders):
        for each in contenders:
            each.is_page = False
    return sorted(contenders, key=lambda each: each.key)


class Playing:
    """Player that adds replications to contenders and updates their results.

    Parameters
    ----------
    space : Space
        The combinations.
    figures : sequence of Objective
        The objective and further figures, whose influences are kept.
    goals : sequence of Goal
        Goals that a combination must meet.
    question : Thresholds
        Thresholds of all of them.
    checkpoints : Checkpoints
        Numbers of replications at which a contender is looked at.
    errors : Errors
        Error probabilities of a verdict on one goal at one look.
    runner : Runner
        Runner of the replications.
    """

    def __init__(
        self,
        space: Space,
        figures: Sequence[Objective],
        goals: Sequence[Goal],
        question: Thresholds,
        checkpoints: Checkpoints,
        errors: Errors,
        runner: Runner,
    ) -> None:
        self._space = space
        self._figures = figures
        self._goals = goals
        self._question = question
        self._next = dict(zip([0, *checkpoints.counts], checkpoints.counts, strict=False))
        self._errors = errors
        self._runner = runner
        self._kept: dict[int, tuple[Study, Observations]] = {}
        self._bytes_kept = 0
        self._keeps_waits = any(figure.needs_waits for figure in figures)

    def can_advance(self, contender: Contender) -> bool:
        """Return whether more replications of a contender are allowed."""
        return contender.replications in self._next

    def advance(self, contenders: Sequence[Contender]) -> None:
        """Play each contender up to its next checkpoint, and update its results."""
        for first in range(0, len(contenders), TOGETHER):
            for contender, study, seen in self._played(contenders[first : first + TOGETHER]):
                self._look(contender, study, seen)
                self._keep(contender, study, seen)

    def forget(self, contender: Contender) -> None:
        """Free the sums of a contender that needs no more replications."""
        contender.evidence = ()
        self._taken(contender.index)

    def _taken(self, index: int) -> tuple[Study, Observations] | None:
        """Remove and return the kept sums of a contender; None if there are none."""
        kept = self._kept.pop(index, None)
        self._bytes_kept -= 0 if kept is None else BYTES_OF_A_STUDY + kept[1].n_bytes
        return kept

    def _played(
        self, contenders: Sequence[Contender]
    ) -> Iterator[tuple[Contender, Study, Observations]]:
        """Yield contenders with the observations up to their next checkpoints."""
        before = [self._taken(each.index) for each in contenders]
        studies = [
            self._space.study(each.index) if kept is None else kept[0]
            for each, kept in zip(contenders, before, strict=True)
        ]
        jobs = [
            Job(
                study,
                replace(group_layout(study.roster, self._question), keeps_waits=self._keeps_waits),
                range(0 if kept is None else each.replications, self._next[each.replications]),
            )
            for each, study, kept in zip(contenders, studies, before, strict=True)
        ]
        played = self._runner.play(jobs)
        for each, study, kept, new in zip(contenders, studies, before, played, strict=True):
            seen = new.observations
            if kept is not None:
                seen = Observations.joined([kept[1], seen])
            yield each, study, seen

    def _look(self, contender: Contender, study: Study, observations: Observations) -> None:
        place = study.roster.groups.index(self._space.group)
        seen = with_extremes(GroupView(observations, place), study)
        found = [each.figure(seen) for each in self._figures]
        count = contender.replications = observations.replications
        contender.influences[count] = tuple(figure.influence() for figure in found)
        contender.estimates = tuple(figure.estimate() for figure in found)
        contender.evidence = tuple(goal.evidence(seen).copied() for goal in self._goals)
        contender.goal_values = tuple(each.estimate for each in contender.evidence)
        contender.answered = seen.answered.estimate().estimate
        verdicts = [
            goal.verdict(evidence, seen.offered, self._errors)
            for goal, evidence in zip(self._goals, contender.evidence, strict=True)
        ]
        contender.meets = overall_verdict([each.meets for each in verdicts])
        times = [each.times for each in verdicts if each.meets == "undecided"]
        contender.needed = count * max(times, default=0.0)
        contender.is_beaten = math.isnan(contender.value) and seen.offered >= ENOUGH_TO_TELL

    def _keep(self, contender: Contender, study: Study, seen: Observations) -> None:
        """Keep the sums of a contender, and free the oldest ones beyond the limit."""
        if contender.is_out or not self.can_advance(contender):
            return
        self._kept[contender.index] = study, seen
        self._bytes_kept += BYTES_OF_A_STUDY + seen.n_bytes
        while self._bytes_kept > MOST_KEPT:
            self._taken(next(iter(self._kept)))
