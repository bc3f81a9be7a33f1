"""Test of equal eagerness to answer at every hour, which a scenario takes for granted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ringsim.estimators import Exposure

__all__ = ["Steadiness", "steadiness"]


HOURS = 48  # of a day, at most
ENOUGH = 1.0  # expected answers of an hour that counts


class Steadiness(NamedTuple):
    """Answers of each hour, compared with those expected from people's usual rates.

    Attributes
    ----------
    least, most : float
        Smallest and greatest ratio of answers to expected ones.
    p_value : float
        Probability of so large differences if every hour is alike.
    """

    least: float
    most: float
    p_value: float


def steadiness(rings: Exposure) -> Steadiness:
    """Test whether people answer as readily in each hour of each day.

    Each person's rate is the number of their answers over the time for which their phone rang.
    The sum over hours of (answers - expected)^2 / expected is compared with chi-square; as a ring
    has at most one answer, answers vary less than that, and the test is cautious.
    """
    from scipy.special import chdtrc

    people = int(rings.member.max(initial=-1)) + 1
    rung = np.bincount(rings.member, rings.exposed, minlength=people)
    answers = np.bincount(rings.member[rings.answered], minlength=people)
    rate = np.divide(answers, rung, out=np.zeros(people), where=rung > 0)
    hour = rings.day * HOURS + np.minimum(rings.start // 3600, HOURS - 1).astype(np.int64)
    expected = np.bincount(hour, rate[rings.member] * rings.exposed)
    answered = np.bincount(hour[rings.answered], minlength=len(expected))
    known = expected >= ENOUGH
    if known.sum() < 2:
        return Steadiness(1.0, 1.0, 1.0)
    ratio = answered[known] / expected[known]
    squares = float(((answered[known] - expected[known]) ** 2 / expected[known]).sum())
    return Steadiness(
        float(ratio.min()), float(ratio.max()), float(chdtrc(int(known.sum()) - 1, squares))
    )
