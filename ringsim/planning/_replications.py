"""Studies to which replications can be added without replaying earlier ones.

`GrowingStudy`
    A study, and the sums of the replications played so far.
`combined_progress`
    Make a callback that reports several stages as one.
"""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np

from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.metrics import Layout, Observations
from ringsim.planning._control import Floats, excess_talk_time, set_control
from ringsim.planning._playing import Job
from ringsim.planning._runner import OnProgress, Runner, check_on_progress
from ringsim.planning._study import Study

__all__ = ["GrowingStudy", "combined_progress"]


class GrowingStudy:
    """A study, and the sums of its first replications; none at first.

    Parameters
    ----------
    study : Study
        The study to play.
    layout : Layout
        Thresholds and intervals by which its calls are counted.
    runner : Runner
        The runner that plays it.
    keep_logs : bool, default False
        Whether to keep the log of every replication as `logs`.
    first : int, default 0
        Number of the first replication.
    """

    def __init__(
        self,
        study: Study,
        layout: Layout,
        runner: Runner,
        *,
        keep_logs: bool = False,
        first: int = 0,
    ) -> None:
        self.study = study
        self.layout = layout
        self.logs: tuple[CallLog | WeekLog, ...] = ()
        self.replications = 0
        self._observed: Observations | None = None
        self._runner = runner
        self._keep_logs = keep_logs
        self._first = first
        self._excess: list[Floats] = []

    def upto(self, *counts: int) -> list[Observations]:
        """Return the observations of the first `count` replications, for each count.

        Counts must rise and exceed the number of replications already played. The missing
        replications are played together.
        """
        spans = pairwise(self._first + count for count in [self.replications, *counts])
        jobs = [Job(self.study, self.layout, range(*span), self._keep_logs) for span in spans]
        played = self._runner.play(jobs)
        self.logs += tuple(log for each in played for log in each.logs)
        before = [] if self._observed is None else [self._observed]
        parts = [*before, *(each.observations for each in played)]
        joined = list(accumulate(parts, lambda *two: Observations.joined(two)))[len(before) :]
        if self.study.control:
            self._excess.append(excess_talk_time(self.study, [job.replications for job in jobs]))
            excess = np.concatenate(self._excess, axis=1)
            for each in joined:
                set_control(each, excess[:, : each.replications])
        self._observed, self.replications = joined[-1], counts[-1]
        return joined


def combined_progress(on_progress: OnProgress | None) -> OnProgress | None:
    """Return a progress callback whose counts continue from one stage to the next."""
    check_on_progress(on_progress)
    if on_progress is None:
        return None
    before = 0

    def report(done: int, total: int) -> None:
        nonlocal before
        on_progress(before + done, before + total)
        if done == total:
            before += total

    return report
