"""A study whose replications are added to, without playing any of them again."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise

from ringsim.calllog import CallLog
from ringsim.metrics import Layout, Observations
from ringsim.planning._study import Job, OnProgress, Runner, Study

__all__ = ["Growing"]


class Growing:
    """The first replications of a study, so far none.

    Parameters
    ----------
    study : Study
        What is played.
    layout : Layout
        How its calls are counted.
    runner : Runner
        What plays it.
    keep_logs : bool, default False
        Whether to keep the log of every replication as `logs`.
    """

    def __init__(
        self, study: Study, layout: Layout, runner: Runner, *, keep_logs: bool = False
    ) -> None:
        self.study = study
        self.layout = layout
        self.logs: tuple[CallLog, ...] = ()
        self.replications = 0
        self._observed: Observations | None = None
        self._runner = runner
        self._keep_logs = keep_logs

    def upto(self, *counts: int) -> list[Observations]:
        """What the first so many replications say, for each of some rising counts.

        Whatever is missing is played in one go; all counts are above what is there.
        """
        spans = pairwise([self.replications, *counts])
        jobs = [Job(self.study, self.layout, range(*span), self._keep_logs) for span in spans]
        played = replace(self._runner, on_progress=self._continued()).play(jobs)
        self.logs += tuple(log for each in played for log in each.logs)
        before = [] if self._observed is None else [self._observed]
        parts = [*before, *(each.observations for each in played)]
        joined = list(accumulate(parts, lambda *two: Observations.joined(two)))[len(before) :]
        self._observed, self.replications = joined[-1], counts[-1]
        return joined

    def _continued(self) -> OnProgress | None:
        """Progress, counted from the first replication on."""
        tell, there = self._runner.on_progress, self.replications
        return None if tell is None else lambda done, of: tell(there + done, there + of)
