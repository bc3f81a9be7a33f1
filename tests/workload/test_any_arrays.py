"""Tests of arbitrary arrays as workloads: both engines play them, or they are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import ringsim as rs
from support.helpers import makes_or_refuses, refusal

SCENARIO = rs.Scenario(
    groups=[
        {
            "extension_number": "600",
            "members": ["201", "202"],
            "ring_strategy": "CYCLIC_HUNT",
            "no_answer_forward_rule": {"action": "REPEAT"},
        }
    ]
)
NUMBERS = ("arrives_at", "talk_time", "wrap_up_time", "patience")

kinds = (
    arrays.floating_dtypes()
    | arrays.integer_dtypes()
    | arrays.unsigned_integer_dtypes()
    | arrays.complex_number_dtypes()
    | arrays.boolean_dtypes()
    | arrays.datetime64_dtypes()
    | arrays.timedelta64_dtypes()
    | arrays.unicode_string_dtypes(max_len=3)
    | arrays.byte_string_dtypes(max_len=3)
)
shapes = st.sampled_from([(), (0,), (1,), (2,), (3,), (2, 0), (2, 1), (2, 3), (1, 2), (2, 2, 2)])
any_arrays = arrays.arrays(kinds, shapes)
times = arrays.arrays(
    np.float64,
    st.sampled_from([(), (2,), (2, 3)]),
    elements=st.sampled_from([0.0, 5e-324, 1.0, 20.0, 1e300, 1.7e308, np.inf, -1.0, np.nan]),
)
objects = st.sampled_from(
    [
        np.array([1, "a"], dtype=object),
        np.array([None, 1.0], dtype=object),
        np.array([[1], [1, 2]], dtype=object),
        np.ma.masked_array([1.0, 2.0], [False, True]),
        np.ma.masked_array([1.0, 2.0], [False, False]),
        np.ma.masked,
        np.array([("a", 1.0)] * 2, dtype=[("x", "U1"), ("y", "f8")]),
        np.longdouble("1e4000"),
        pd.array([1, None], dtype="Int64"),
        pd.Series([1.0, 2.0], index=["b", "a"]),
        pd.Categorical(["1", "2"]),
        pd.to_datetime(["2026-01-01", "2026-01-02"]),
        [10**400, 1],
        [True, 1.0],
        memoryview(b"ab"),
        {1.0, 2.0},
    ]
)
anything = any_arrays | times | times | objects


@st.composite
def given_arrays(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the arguments of a workload of two calls, of which one or two are arbitrary."""
    arguments: dict[str, Any] = {
        "arrives_at": [0.0, 10.0],
        "talk_time": 30,
        "answer_delay": {"201": [np.inf, 5.0]},
    }
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from([*NUMBERS, "group", "answer_delay", "own_calls", "random"]))
        hostile = draw(anything)
        if name in ("answer_delay", "random"):
            arguments[name] = draw(st.sampled_from([hostile, {"201": hostile}, {1: hostile}]))
        elif name == "own_calls":
            arguments[name] = draw(st.sampled_from([hostile, [(hostile, "201", 5)], [hostile]]))
        else:
            arguments[name] = hostile
    return arguments


@given(given_arrays())
def test_any_arrays_play_or_are_refused(arguments: dict[str, Any]) -> None:
    made: list[rs.Workload] = []
    makes_or_refuses(lambda: made.append(rs.Workload(**arguments)) or made)
    for workload in made:
        for engine in ("simpy", "compiled"):
            makes_or_refuses(played, workload, engine)


def played(workload: rs.Workload, engine: str) -> Any:
    """Show everything about one run."""
    log = rs.play(SCENARIO, workload, engine=engine)
    assert len(log.calls) == len(workload)
    return log.rings, log.summary()


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_masked_is_not_looked_at(name: str) -> None:
    given_arguments = {"arrives_at": [0.0, 1.0], "talk_time": 1.0}
    given_arguments[name] = np.ma.masked_array([1.0, 2.0], [False, True])
    assert refusal(lambda: rs.Workload(**given_arguments)) == (
        f"{name} must have no masked elements, got a MaskedArray of 2 values."
    )


def test_a_number_of_a_longer_kind_is_infinite() -> None:
    workload = rs.Workload(arrives_at=[0], talk_time=1, patience=np.longdouble("1e4000"))
    assert workload.patience.tolist() == [np.inf]


@pytest.mark.parametrize("dtype", ["complex64", "M8[s]", "U1", "O", "V4"])
def test_no_calls_of_whatever_kind_are_no_calls(dtype: str) -> None:
    assert len(rs.Workload(arrives_at=np.array([], dtype=dtype), talk_time=30)) == 0
