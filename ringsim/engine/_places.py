"""Columns of logs with indices of a plan in place of the names that a workload has.

`Places` holds the indices of the groups and people that a workload refers to. Both engines
write the same columns of calls and of own calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._log_arrays import ANSWERED, CallArrays, Floats, Ints, OwnCallArrays
from ringsim.engine._plan import Plan
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.workload import Batch, OwnCalls, Workload

__all__ = ["Places", "PlayedCalls", "call_arrays", "own_call_arrays", "places_of"]


class PlayedCalls(NamedTuple):
    """Columns of a workload for all calls that were played, attempts from the second on too."""

    arrives_at: Floats
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats


class Places(NamedTuple):
    """Indices in a plan: the group of each call, the person of each own call and spell away."""

    group_of: Ints
    own_extension: Ints
    away_extension: Ints


def places_of(plan: Plan, workload: Workload | Batch) -> Places:
    """Return the indices of the groups and people that a workload refers to.

    Raises
    ------
    ConfigurationError
        If the workload refers to a group or a person that the plan does not have.
    """
    sources = (workload.phones, workload.declines)
    named = [item for source in sources if source for item in source.named.items()]
    for number, subject in named:
        _index(number, plan.extension_at, subject)
    return Places(
        _group_of(workload, plan.group_at),
        _extension_of(workload.own_calls, plan.extension_at, "own_calls"),
        _extension_of(workload.away, plan.extension_at, "away"),
    )


def call_arrays(
    places: Places,
    workload: Workload | Batch | PlayedCalls,
    *,
    outcome: Ints,
    wait: Floats,
    answered_by: Ints,
    n_rings: Ints,
    ended_in: Ints,
    action: Ints,
) -> CallArrays:
    """Return the table of calls, from an engine's results and the workload."""
    return CallArrays(
        group=places.group_of,
        arrives_at=workload.arrives_at,
        outcome=outcome,
        wait=wait,
        answered_by=answered_by,
        talk_time=np.where(outcome == ANSWERED, workload.talk_time, np.nan),
        wrap_up_time=workload.wrap_up_time,
        patience=workload.patience,
        n_rings=n_rings,
        ended_in=ended_in,
        action=action,
    )


def own_call_arrays(
    places: Places, workload: Workload | Batch, taken: NDArray[np.bool_]
) -> OwnCallArrays:
    """Return the table of own calls; `taken` marks those that took place."""
    own = workload.own_calls
    return OwnCallArrays(
        extension=places.own_extension,
        started_at=own.at,
        talk_time=own.talk_time,
        taken=taken,
    )


def _group_of(workload: Workload | Batch, group_at: Mapping[str, int]) -> Ints:
    """Return the index of the group of each call, the only group by default."""
    names, at = workload.called
    n = len(workload)
    if not names and at is None and n and len(group_at) != 1:
        raise ConfigurationError(
            "group", f"must be given for each call, as the scenario has {len(group_at)} groups"
        )
    indices = np.array([_index(name, group_at, "group") for name in names] or [0], dtype=np.int32)
    return np.full(n, indices[0]) if len(indices) == 1 else indices[at]


def _extension_of(own: OwnCalls, extension_at: Mapping[str, int], argument: str) -> Ints:
    for person, number in enumerate(own.people):
        if number not in extension_at:
            first = int(np.argmax(own.whose == person))
            _index(number, extension_at, f"{argument}[{first}].extension")
    indices = [extension_at[number] for number in own.people]
    return np.array(indices, dtype=np.int32)[own.whose]


def _index(number: str, index_of: Mapping[str, int], subject: str) -> int:
    if number not in index_of:
        raise ConfigurationError(
            subject, "must be a number of the scenario", number, did_you_mean(number, index_of)
        )
    return index_of[number]
