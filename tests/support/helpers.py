"""Helpers for tests of errors and of compiled functions.

`named`
    The name of a test case for a value.
`refusal`
    The message of the `ConfigurationError` that a call raises.
`makes_or_refuses`
    Check that a call returns an object or raises a one-line `ConfigurationError`.
`NO_CALLS`
    The message about a group that nobody calls, with a place for its number.
`PLAIN_METRICS`
    Metrics that need no option of a ring group.
`n_compilations`
    The number of compiled versions of a function.
`TELL_COMPILATIONS`
    Lines of a program that make it print the name of each function that is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ringsim.errors import ConfigurationError
from ringsim.metrics import METRICS

TELL_COMPILATIONS = """
from numba.core import event

class Compilations(event.Listener):
    def on_start(self, happens):
        print("compiles", happens.data["dispatcher"].py_func.__name__)

    def on_end(self, happens):
        pass

event.register("numba:compile", Compilations())
"""
NO_CALLS = (
    "demand.{} must have calls: every figure is one of the calls that arrive. "
    "Give calls_per_hour and talk_time, for instance."
)
PLAIN_METRICS = {name: metric for name, metric in METRICS.items() if not metric.needs}


def named(value: object) -> str:
    """Return the name of a test case for a value: its repr without memory addresses."""
    return re.sub(r" object at 0x[0-9a-f]+", "", repr(value))[:80]


def refusal(make: Callable[..., Any], *given: Any) -> str:
    """Return the message of the `ConfigurationError` that a call raises."""
    with pytest.raises(ConfigurationError) as refused:
        make(*given)
    return str(refused.value)


def makes_or_refuses(make: Callable[..., Any], *given: Any) -> None:
    """Check that a call returns an object or raises a one-line `ConfigurationError`."""
    try:
        made = make(*given)
    except ConfigurationError as refused:
        made = refused
    assert made is not None
    if isinstance(made, ConfigurationError):
        assert made.subject
        assert str(made).isprintable()
        assert made.constraint.startswith("must ")
        assert made.constraint in str(made)


def n_compilations(function: Any) -> int:
    """Return the number of compiled versions of a function; 0 if numba compiles nothing."""
    return len(getattr(function, "signatures", ()))
