"""Test of equal eagerness to answer at every hour, which a scenario takes for granted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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

    Rings within a wrap-up are to be left out: they are missed for another reason.

    Notes
    -----
    A ring is expected to give as many answers as the person's cumulative hazard at its exposure,
    which Nelson and Aalen estimate from all rings of the person (Aalen, Annals of Statistics 6,
    1978). No form of the answer delays is assumed: answers per second of ringing, which take them
    as exponential, call hours of short rings unsteady if delays are more regular than that. The
    sum over hours of (answers - expected)^2 / expected is compared with chi-square.
    """
    from scipy.special import chdtrc

    hour = rings.day * HOURS + np.minimum(rings.start // 3600, HOURS - 1).astype(np.int64)
    expected = np.bincount(hour, _cumulative_hazard(rings))
    answered = np.bincount(hour[rings.answered], minlength=len(expected))
    known = expected >= ENOUGH
    if known.sum() < 2:
        return Steadiness(1.0, 1.0, 1.0)
    ratio = answered[known] / expected[known]
    squares = float(((answered[known] - expected[known]) ** 2 / expected[known]).sum())
    return Steadiness(
        float(ratio.min()), float(ratio.max()), float(chdtrc(int(known.sum()) - 1, squares))
    )


def _cumulative_hazard(rings: Exposure) -> NDArray[np.float64]:
    """Return the estimate of Nelson and Aalen at the exposure of each ring."""
    found = np.zeros(len(rings))
    for person in np.unique(rings.member):
        mine = np.flatnonzero(rings.member == person)
        times, place = np.unique(rings.exposed[mine], return_inverse=True)
        answers = np.bincount(place[rings.answered[mine]], minlength=len(times))
        at_risk = np.cumsum(np.bincount(place, minlength=len(times))[::-1])[::-1]
        found[mine] = np.cumsum(answers / at_risk)[place]
    return found
