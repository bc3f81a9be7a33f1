"""Player that adds replications to contenders, and keeps the sums that more can be added to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ringsim.metrics import Observations, Thresholds, group_layout
from ringsim.planning._contenders import Contender
from ringsim.planning._goals import ENOUGH_TO_TELL, Errors, Goal, GroupView, overall_verdict
from ringsim.planning._objective import Objective
from ringsim.planning._playing import Job
from ringsim.planning._runner import Runner
from ringsim.planning._search import Checkpoints, with_extremes
from ringsim.planning._space import Space
from ringsim.planning._study import Study

__all__ = ["ContenderPlayer"]

TOGETHER = 64  # contenders whose replications are played at once
MOST_KEPT = 200_000_000  # bytes of sums that are kept, so that replications can be added
BYTES_OF_A_STUDY = 10_000  # besides its sums (measured)


class ContenderPlayer:
    """Player that adds replications to contenders and updates their results.

    Parameters
    ----------
    space : Space
        The combinations.
    figures : sequence of Objective
        The objective and further figures, whose influences are kept.
    goals : sequence of Goal
        Goals that a combination must meet.
    thresholds : Thresholds
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
        thresholds: Thresholds,
        checkpoints: Checkpoints,
        errors: Errors,
        runner: Runner,
    ) -> None:
        self._space = space
        self._figures = figures
        self._goals = goals
        self._thresholds = thresholds
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
                replace(
                    group_layout(study.roster, self._thresholds), keeps_waits=self._keeps_waits
                ),
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
