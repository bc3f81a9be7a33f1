"""Tests of all continuous families of scipy as talk times: drawn exactly, or refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.stats._distr_params import distcont

import ringsim as rs
from ringsim.distributions import as_distribution
from ringsim.workload._keys import Stream
from support.helpers import refusal

PARAMETERS = {name: parameters for name, parameters in reversed(distcont) if isinstance(name, str)}
NAMES = sorted(PARAMETERS)
NOT_IN_TIME = {
    *("gausshyper", "geninvgauss", "irwinhall", "ksone", "kstwo"),
    *("ncf", "ncx2", "studentized_range"),
}


def as_time(name: str) -> Any:
    """Return a family with the parameters of scipy's own tests, shifted to times of at least 0."""
    family = getattr(stats, name)
    low = family(*PARAMETERS[name]).support()[0]
    return family(*PARAMETERS[name], loc=max(0, -10 * low) if math.isfinite(low) else 0, scale=10)


def refused(name: str) -> bool:
    """Return True if a family must be refused: always negative somewhere, or too slow."""
    if name in NOT_IN_TIME:
        assert refusal(as_distribution, as_time(name)) == (
            f"dist must have an inverse (ppf) that scipy finds in time, got {name!r}. "
            'Give samples of it instead: {"samples": [...]}.'
        )
        return True
    if as_time(name).support()[0] < 0:
        assert refusal(as_distribution, as_time(name)).startswith("must have no negative values")
        return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_it_is_drawn_exactly_or_refused(name: str) -> None:
    if refused(name):
        return
    demand = rs.Demand(calls_per_hour=100, talk_time=as_time(name))
    scenario = rs.Scenario(groups=[rs.RingGroup(extension_number="600")], demand={"600": demand})
    workload = rs.Workload.draw(scenario, seed=7)
    uniforms = Stream(7, 0, "talk_time", ("600",)).take(0, len(workload))
    assert np.abs(as_time(name).cdf(workload.talk_time) - uniforms).max() < 1e-9


@pytest.mark.parametrize("name", NAMES)
def test_a_draw_does_not_tell_how_many_are_drawn(name: str) -> None:
    if refused(name):
        return
    demand = rs.Demand(calls_per_hour=100, talk_time=as_time(name))
    scenario = rs.Scenario(
        groups=[rs.RingGroup(extension_number="600")], demand={"600": demand}, hours=0.1
    )
    few = rs.Workload.draw(scenario, seed=7).talk_time
    many = rs.Workload.draw(scenario.replace(hours=5), seed=7).talk_time
    assert many[: len(few)].tolist() == few.tolist()


@pytest.mark.parametrize(
    ("family", "shape"),
    [(stats.argus, 1.5), (stats.foldnorm, 1.5), (stats.invgauss, 0.001)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_none_of_them_is_searched_one_by_one(
    family: Any, shape: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Search for the inverse one number at a time, as scipy does; a millisecond each."""

    def one_by_one(*_: Any) -> float:
        raise AssertionError

    monkeypatch.setattr(type(family), "_ppf_single", one_by_one)
    drawn = as_distribution(family(shape)).ppf(np.array([0.3, 0.7]))
    assert family(shape).cdf(drawn) == pytest.approx([0.3, 0.7], abs=1e-12)
