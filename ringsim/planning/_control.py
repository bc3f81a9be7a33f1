"""The control of a study: how long its callers would talk, compared with what is expected.

`excess_talk_time`
    Return the excess of each replication, drawn again from the seed.
`set_control`
    Give sums of a study their control.
`check_control`
    Raise an error if a study cannot have a control.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.errors import ConfigurationError
from ringsim.metrics import Observations
from ringsim.planning._talk_times import expected_talk_time
from ringsim.scenario import Scenario

if TYPE_CHECKING:
    from ringsim.planning._study import Study

__all__ = ["check_control", "excess_talk_time", "set_control"]

Floats: TypeAlias = NDArray[np.float64]

CALLS_TOGETHER = 32768  # expected calls of a batch


def excess_talk_time(study: Study, spans: Sequence[range]) -> Floats:
    """Return by how much the callers' talk times [s] exceed their expectation.

    All callers of a replication count, whether they are answered or not, so that the sum does
    not depend on how the day is played.

    Parameters
    ----------
    study : Study
        The study, whose replications are drawn again.
    spans : sequence of range
        Its replications.

    Returns
    -------
    ndarray of shape (days, R, groups)
        By day of the week, of which there is one without `days`, and by the group that the
        callers called.
    """
    return np.array([_excess_of_day(day, spans) for day in study.daily])


def set_control(observations: Observations, excess: Floats) -> None:
    """Give sums of a study, and those of its days, their control; see `excess_talk_time`."""
    observations.excess_talk_time = excess.sum(axis=0)
    for of_day, each in zip(observations.daily, excess, strict=False):
        of_day.excess_talk_time = each


def _excess_of_day(study: Study, spans: Sequence[range]) -> Floats:
    sampler = study.sampler
    together = sampler.together(CALLS_TOGETHER)
    numbers = study.scenario.group_numbers
    rows = [np.empty((0, len(numbers)))]
    for span in spans:
        for start in range(0, len(span), together):
            some = span[start : start + together]
            batch = sampler.draw(study.seed, some)
            runs = np.repeat(np.arange(len(some)), np.diff(batch.first))
            column_of = np.array([numbers.index(name) for name in batch.called.names], dtype=int)
            column = column_of[batch.called.at] if len(column_of) else np.zeros(len(runs), int)
            cells = runs * len(numbers) + column
            sums = np.zeros((len(some), len(numbers)))
            np.add.at(sums.reshape(-1), cells, batch.talk_time)
            rows.append(sums)
    return np.concatenate(rows) - _expected_by_group(study.scenario)


def _expected_by_group(scenario: Scenario) -> Floats:
    """Return the expected talk time [s] of all callers of a day, by group."""
    callers = [scenario.demand.get(number) for number in scenario.group_numbers]
    return np.array(
        [0.0 if each is None else expected_talk_time(each, scenario.hours) for each in callers]
    )


def check_control(scenario: Scenario) -> None:
    """Raise `ConfigurationError` if a group's talk times have no finite mean."""
    for number, expected in zip(
        scenario.group_numbers, _expected_by_group(scenario).tolist(), strict=True
    ):
        if not math.isfinite(expected):
            raise ConfigurationError(
                "control",
                "must be False, as the mean talk time of callers is not finite",
                f"demand.{number}.talk_time",
            )
