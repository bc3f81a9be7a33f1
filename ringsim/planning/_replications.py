"""Studies whose replications are added to, without playing any of them again.

`GrowingStudy`
    The first replications of a study, and more of them when they are asked for.
`combined_progress`
    The progress of one stage after another, told as one.
"""

from __future__ import annotations

from itertools import accumulate, pairwise

from ringsim.calllog import CallLog
from ringsim.metrics import Layout, Observations
from ringsim.planning._runner import OnProgress, Runner, check_on_progress
from ringsim.planning._study import Job, Study

__all__ = ["GrowingStudy", "combined_progress"]


class GrowingStudy:
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
        played = self._runner.play(jobs)
        self.logs += tuple(log for each in played for log in each.logs)
        before = [] if self._observed is None else [self._observed]
        parts = [*before, *(each.observations for each in played)]
        joined = list(accumulate(parts, lambda *two: Observations.joined(two)))[len(before) :]
        self._observed, self.replications = joined[-1], counts[-1]
        return joined


def combined_progress(on_progress: OnProgress | None) -> OnProgress | None:
    """What tells of the progress of one stage after another as if they were one."""
    check_on_progress(on_progress)
    if on_progress is None:
        return None
    before = 0

    def tell(done: int, of: int) -> None:
        nonlocal before
        on_progress(before + done, before + of)
        if done == of:
            before += of

    return tell
