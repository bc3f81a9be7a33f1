"""Tests of the families that need no scipy.stats: equal to scipy's own, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ringsim.distributions._families import PLAIN

NUMBERS = np.concatenate(
    [np.linspace(0, 1, 1001), 10.0 ** -np.arange(1, 320, 3), 1 - 2.0 ** -np.arange(1, 54)]
)
POSITIVE = st.floats(1e-3, 1e3)


@pytest.mark.parametrize("name", PLAIN)
@given(shape=POSITIVE, scale=POSITIVE, loc=st.just(0.0) | POSITIVE)
def test_numbers_are_those_of_scipy(name: str, shape: float, scale: float, loc: float) -> None:
    family = PLAIN[name]
    shapes = {family.shapes: shape} if family.shapes else {}
    ours = family(**shapes, scale=scale, loc=loc)
    theirs = getattr(stats, name)(**shapes, scale=scale, loc=loc)
    with np.errstate(all="ignore"):
        assert ours.ppf(NUMBERS).tolist() == theirs.ppf(NUMBERS).tolist()
        assert ours.isf(NUMBERS).tolist() == theirs.isf(NUMBERS).tolist()
        assert ours.mean() == theirs.mean()
    assert ours.support() == theirs.support()


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("at", [0.3, [[0.1, 0.2], [0.3, 0.4]], NUMBERS[::-3], []], ids=repr)
def test_the_result_has_the_shape_of_the_argument(name: str, at: Any) -> None:
    parameters = {PLAIN[name].shapes: 1.5} if PLAIN[name].shapes else {}
    ours, theirs = PLAIN[name](**parameters), getattr(stats, name)(**parameters)
    np.testing.assert_array_equal(ours.ppf(at), theirs.ppf(at), strict=True)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(
    "wrong", [{"shape": 0.0}, {"shape": -1.0}, {"scale": 0.0}, {"scale": -3.0}]
)
def test_parameters_that_scipy_refuses_have_no_support(name: str, wrong: dict[str, float]) -> None:
    shape = PLAIN[name].shapes
    given = {
        **({shape: wrong.get("shape", 2.0)} if shape else {}),
        "scale": wrong.get("scale", 1.0),
    }
    ours, theirs = PLAIN[name](**given).support(), getattr(stats, name)(**given).support()
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", PLAIN)
def test_shape_parameters_are_those_of_scipy(name: str) -> None:
    assert PLAIN[name].shapes == getattr(stats, name).shapes
