"""Result of many replications of a scenario."""

from __future__ import annotations

from ringsim._checks import is_integer
from ringsim.calllog import CallLog
from ringsim.confidence import FEW_EVENTS
from ringsim.dispatch import name_of
from ringsim.errors import ConfigurationError
from ringsim.metrics import Layout, Observations, Tables
from ringsim.planning._precision import Precision, half_width
from ringsim.planning._runner import Runner
from ringsim.planning._study import Job, Study

__all__ = ["Result"]

MOST_KEPT = 4  # of the ways in which calls were counted


class Result(Tables):
    """What many replications of a scenario say together.

    Attributes
    ----------
    scenario : Scenario
        What was simulated.
    replications, seed : int
        How often, and from which random numbers.
    dispatchers : dict of str to str
        Who rang whom: by number of the group, its strategy, or the dispatcher in its place.
    logs : tuple of CallLog
        Of every replication, if they were to be kept.
    until : Precision or None
        What was asked for in place of a number of replications.
    reached : bool or None
        Whether it is known so precisely.

    Notes
    -----
    It holds the sums of each replication, for the thresholds that it was made with: 20 s and
    5 s by `simulate`, or those of `until`. Other thresholds, and intervals of arrival, are
    counted when they are asked for, by playing everything once more, on threads of this
    process.
    """

    def __init__(
        self,
        study: Study,
        observations: Observations,
        *,
        workers: int | None = None,
        logs: tuple[CallLog, ...] = (),
        until: Precision | None = None,
        reached: bool | None = None,
    ) -> None:
        self.study = study
        self.scenario = study.scenario
        self.seed = study.seed
        self.replications = observations.replications
        self.dispatchers = {number: name_of(chosen) for number, chosen in study.dispatchers.items()}
        self.logs = logs
        self.until = until
        self.reached = reached
        self._observed = {observations.layout: observations}
        self._runner = Runner(workers)

    def observed(self, layout: Layout) -> Observations:
        """The runs, reduced to their sums; played again for a layout that is new."""
        if layout not in self._observed:
            job = Job(self.study, layout, range(self.replications))
            [played] = self._runner.play([job])
            if len(self._observed) >= MOST_KEPT:
                del self._observed[list(self._observed)[1]]
            self._observed[layout] = played.observations
        return self._observed[layout]

    @property
    def latest(self) -> float:
        """An instant [s] after which nobody calls."""
        return self.study.latest

    @property
    def notes(self) -> tuple[str, ...]:
        """What became of the precision, unknown fields that were carried, and assumptions."""
        own = (self.note,) if self.note else ()
        return (*own, *self.scenario.notes, *self.scenario.assumptions)

    @property
    def note(self) -> str:
        """What became of the precision that was asked for; empty if none was."""
        if self.until is None:
            return ""
        asked = self.until
        found = self.figure(asked.metric, asked.group, asked.question).estimate(asked.level)
        wanted = f"{asked.half_width:g}{' of it' if asked.relative else ''}"
        return (
            f"{asked.metric} {'reached' if self.reached else 'did not reach'} a half width of "
            f"{wanted} in {self.replications} replications: {found.estimate:.4g}, "
            f"half width {half_width(found):.3g}"
            f"{'' if self.reached or found.is_trusted else f', {FEW_EVENTS}'}"
        )

    def replay(self, replication: int) -> CallLog:
        """The log of one replication, from 0, played again.

        Raises
        ------
        ConfigurationError
            When there was no such replication.
        """
        if not is_integer(replication) or not 0 <= replication < self.replications:
            raise ConfigurationError(
                "replication",
                f"must be a whole number from 0 to {self.replications - 1}",
                replication,
            )
        return self.study.replay(int(replication))

    def __repr__(self) -> str:
        offered = next(iter(self._observed.values())).waits.n
        return f"<Result of {self.replications} replications, {offered} calls, seed {self.seed}>"
