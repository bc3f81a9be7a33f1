"""Joining of results that are parts of one study.

`joined_observations`
    Merge the sums of some results, in the order of their replications.
`joined_logs`
    Put the logs of some results in the order of their replications.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError
from ringsim.metrics import Layout, Observations

if TYPE_CHECKING:
    from ringsim.dispatch import Dispatcher
    from ringsim.planning._result import Result
    from ringsim.scenario import Scenario

__all__ = ["joined_logs", "joined_observations"]


def joined_observations(results: Sequence[Result]) -> tuple[list[Observations], list[range]]:
    """Return the sums of all replications of some results, and the numbers of these replications.

    Returns
    -------
    list of Observations
        One for each layout that all results have cached; if there is none, one for the first
        layout of the first result. Rows are in the order of the replications.
    list of range
        The numbers of the replications, in rising order.

    Raises
    ------
    ConfigurationError
        If there are no results, or they belong to different studies or share replications.
    """
    _check_alike(results)
    spans = _merged_spans(results)
    order = np.argsort(_numbers(results), kind="stable")
    layouts = [
        layout
        for layout in results[0].cached_layouts
        if all(layout in result.cached_layouts for result in results)
    ]
    chosen = layouts or [results[0].cached_layouts[0]]
    return [_joined(results, layout, order) for layout in chosen], spans


def joined_logs(results: Sequence[Result]) -> tuple[CallLog | WeekLog, ...]:
    """Return the logs of all replications of some results, in the order of the replications."""
    logs = [log for result in results for log in result.logs]
    return tuple(logs[at] for at in np.argsort(_numbers(results), kind="stable"))


def _joined(results: Sequence[Result], layout: Layout, order: Any) -> Observations:
    return Observations.joined([result.observed(layout) for result in results]).reordered(order)


def _numbers(results: Sequence[Result]) -> Any:
    return np.concatenate([np.asarray(result.replication_numbers) for result in results])


def _merged_spans(results: Sequence[Result]) -> list[range]:
    """Return the spans of all results in rising order, adjacent ones merged."""
    spans = sorted(
        ((span, at) for at, result in enumerate(results) for span in result.spans),
        key=lambda each: each[0].start,
    )
    merged: list[range] = []
    last = 0
    for span, at in spans:
        if merged and span.start < merged[-1].stop:
            shared = range(span.start, min(span.stop, merged[-1].stop))
            first, second = sorted((last, at))
            raise ConfigurationError(
                f"results[{second}]",
                f"must share no replication with results[{first}]; both have {shared[0]} to "
                f"{shared[-1]}",
                hint="Give each part a first_replication of its own.",
            )
        follows = merged and span.start == merged[-1].stop
        merged.append(range(merged.pop().start, span.stop) if follows else span)
        last = at
    return merged


def _check_alike(results: Sequence[Result]) -> None:
    """Raise `ConfigurationError` if results do not belong to one study."""
    from ringsim.planning._result import Result

    if not results:
        raise ConfigurationError("results", "must be at least one Result", results)
    for at, result in enumerate(results):
        if not isinstance(result, Result):
            raise ConfigurationError(f"results[{at}]", "must be a Result", result)
        one, other = results[0].study, result.study
        if other.scenario != one.scenario:
            raise ConfigurationError(
                f"results[{at}].scenario",
                "must equal the scenario of results[0]; they differ in "
                + _other_fields(one.scenario, other.scenario),
            )
        for name in ("seed", "warm_up", "control"):
            wanted, got = getattr(one, name), getattr(other, name)
            if got != wanted:
                raise ConfigurationError(
                    f"results[{at}].{name}", f"must be {wanted!r} as in results[0]", got
                )
        for number, dispatcher in one.dispatchers.items():
            if not _are_equal(dispatcher, other.dispatchers[number]):
                raise ConfigurationError(
                    f"results[{at}].dispatchers['{number}']",
                    f"must equal {dispatcher!r} of results[0]",
                    other.dispatchers[number],
                )


def _are_equal(one: Dispatcher, other: Dispatcher) -> bool:
    return type(one) is type(other) and vars(one) == vars(other)


def _other_fields(one: Scenario, other: Scenario) -> str:
    names = type(one).model_fields
    return ", ".join(name for name in names if getattr(one, name) != getattr(other, name))
