"""Options of `Rules` that exclude or need each other.

`check_conflicts`
    Check options against each other.
`check_ordering`
    Check the options of a group against its dispatcher, once every option has a value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ringsim.errors import ConfigurationError

__all__ = ["check_conflicts", "check_ordering", "check_ring_times"]

ALL_OR_MORE = "must not be given beside at_once 1, as one phone rings at a time"
LINE_OPTIONS = (
    *("line_serves", "line_poll", "max_queue_length", "join_empty", "leave_when_empty"),
    "queue_weight",
)
PAUSE_OPTIONS = (
    "auto_pause_time",
    "auto_pause_scope",
    "auto_pause_on_decline",
    "auto_pause_grace",
)
# Options that a page has no use for, with their defaults
PAGED_WITHOUT: dict[str, Any] = {
    "after_decline": "next",
    "declined_again": True,
    "missed_rest": 0,
    "declined_rest": 0,
    "auto_pause_after": math.inf,
    "wait_in_line": False,
}


def check_conflicts(given: Mapping[str, Any]) -> None:
    """Check that no option stands beside one that it excludes, or without one that it needs.

    Raises
    ------
    ConfigurationError
        If one does; the sentence names both options.
    """
    _check_rotation(given)
    _check_fixed_order(given)
    _check_memory_hunt(given)
    _check_line_and_passes(given)
    _check_automatic_pauses(given)
    _check_page(given)


def _check_rotation(given: Mapping[str, Any]) -> None:
    by_rotation = "rotation" in given.get("order_by", ())
    rotation = given.get("rotation", "none")
    if by_rotation and rotation == "none":
        raise ConfigurationError(
            "order_by", "must not name rotation unless the option rotation is set"
        )
    if rotation != "none" and not by_rotation:
        raise ConfigurationError("rotation", "must have 'rotation' in order_by", rotation)


def _check_fixed_order(given: Mapping[str, Any]) -> None:
    order_fixed = given.get("order_fixed", "ring")
    if order_fixed == "call":
        for option in ("wait_in_line", "join_ringing", "level_rules"):
            if given.get(option):
                raise ConfigurationError(option, "must not be given beside order_fixed 'call'")
    if given.get("primary") and order_fixed != "call":
        raise ConfigurationError("primary", "must have order_fixed 'call'")
    if given.get("join_ringing") and order_fixed != "ring":
        raise ConfigurationError(
            "join_ringing", "must not be given beside order_fixed", order_fixed
        )


def _check_memory_hunt(given: Mapping[str, Any]) -> None:
    memory_hunt = given.get("memory_hunt", "none")
    if memory_hunt != "none":
        if given.get("at_once") == "ALL":
            raise ConfigurationError("memory_hunt", "must not be given beside at_once ALL")
        if given.get("one_wave"):
            raise ConfigurationError("memory_hunt", "must not be given beside one_wave")
    if (memory_hunt == "ring_on") != ("wave_step" in given):
        raise ConfigurationError(
            "wave_step", "must be given with memory_hunt 'ring_on', and only then"
        )


def _check_line_and_passes(given: Mapping[str, Any]) -> None:
    if given.get("last_ring") == "finish" and "max_wait_time" not in given:
        raise ConfigurationError("last_ring", "must have a max_wait_time", "finish")
    if given.get("wait_in_line"):
        return
    for option in LINE_OPTIONS:
        if option in given:
            raise ConfigurationError(option, "must have wait_in_line")
    if given.get("passes") == math.inf and not given.get("retry_pause"):
        raise ConfigurationError(
            "passes", "must not be without a limit unless retry_pause or wait_in_line is set"
        )


def _check_automatic_pauses(given: Mapping[str, Any]) -> None:
    if "auto_pause_after" in given:  # without a limit, if a preset says so
        return
    for option in PAUSE_OPTIONS:
        if option in given:
            raise ConfigurationError(option, "must have auto_pause_after")


def _check_page(given: Mapping[str, Any]) -> None:
    if given.get("auto_answer"):
        for option in PAGED_WITHOUT:
            if given.get(option):
                raise ConfigurationError(option, "must not be given beside auto_answer")


def check_ring_times(rules: Any, ring_times: Sequence[float | None]) -> None:
    """Check that a wave in which phones ring only for the rest of it has an end.

    Raises
    ------
    ConfigurationError
        If a member's phone rings without a limit.
    """
    for index, seconds in enumerate(ring_times):
        if rules.after_decline == "rest" and seconds == math.inf:
            raise ConfigurationError(
                f"members[{index}].ring_time",
                "must be finite beside after_decline 'rest', which ends with the wave",
                seconds,
            )


def check_ordering(rules: Any, ordering: Any, at_once: Any, ring_delays: Sequence[float]) -> None:
    """Check that the options of a group suit the dispatcher that picks its waves.

    Parameters
    ----------
    rules : Rules
        With every option set.
    ordering : Dispatcher
        Its `order_by`, `one_wave` and `auto_answer` count.
    at_once : int or str
        Number of phones that ring together, `"ALL"` or `"TIED"`.
    ring_delays : sequence of float
        Of the members [s].

    Raises
    ------
    ConfigurationError
        If they do not; the sentence names the option, by its path in the group, and what it
        conflicts with.
    """
    if ordering.auto_answer:
        for option, without in PAGED_WITHOUT.items():
            if getattr(rules, option) != without:
                raise ConfigurationError(
                    f"rules.{option}", "must not be given beside auto_answer, as in a page"
                )
    if at_once == 1:
        if rules.join_ringing and rules.memory_hunt != "ring_on":
            raise ConfigurationError("rules.join_ringing", ALL_OR_MORE)
        for index, delay in enumerate(ring_delays):
            if delay:
                raise ConfigurationError(f"members[{index}].ring_delay", ALL_OR_MORE, delay)
    if rules.memory_hunt != "none":
        if at_once == "ALL":
            raise ConfigurationError("rules.memory_hunt", "must not be given beside at_once ALL")
        if ordering.one_wave:
            raise ConfigurationError("rules.memory_hunt", "must not be given beside one_wave")
    first = "".join(ordering.order_by[:1]).removeprefix("-")
    if rules.level_rules and first not in ("skill_level", "weighted"):
        raise ConfigurationError(
            "rules.level_rules", "must have skill_level first in order_by", list(ordering.order_by)
        )
