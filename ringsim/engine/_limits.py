"""Limits of one replication, so that no scenario takes practically for ever."""

from __future__ import annotations

import math

from ringsim.engine._plan import MOST_LOOKS, MOST_PASSES, Plan
from ringsim.errors import ConfigurationError

__all__ = ["TooManyRingsError", "check_attempts", "check_ended", "check_rings", "most_rings"]

# Ring limit of a replication: max(100 per phone, 1,000) per call, plus 1,000,000; at most 250
# million rings, whose rows take 8 gigabytes
MOST_RINGS_OF_ONE, MOST_RINGS_OF_A_CALL, MOST_RINGS_BESIDE = 100, 1_000, 1_000_000
MOST_RINGS = 250_000_000

# Limit of later attempts in a replication: 1,000 per caller, plus 1,000,000; at most 50 million
MOST_ATTEMPTS_OF_ONE, MOST_ATTEMPTS_BESIDE, MOST_ATTEMPTS = 1_000, 1_000_000, 50_000_000


class TooManyRingsError(Exception):
    """Several runs have too many rings for one table; play them one by one."""


def check_rings(plan: Plan, calls: int, rings: int) -> None:
    """Check that the number of rings of one replication is within `most_rings`.

    Without a limit, a simulation could take practically for ever: callers who never give up
    call a group that repeats ten thousand times and whose members do not answer.

    Raises
    ------
    ConfigurationError
        If there are more rings.
    """
    if rings > (most := most_rings(plan, calls)):
        raise ConfigurationError(
            "number of rings",
            f"must be at most {most:,} in a replication of {calls:,} calls",
            hint="Give callers a patience, lower max_repeats, or play less at a time.",
        )


def check_attempts(callers: int, attempts: int) -> None:
    """Check that the number of later attempts of one replication is within a limit.

    Without a limit, callers who always try again, and whom nobody answers, would do so for ever.

    Raises
    ------
    ConfigurationError
        If there are more attempts.
    """
    most = min(MOST_ATTEMPTS_OF_ONE * callers + MOST_ATTEMPTS_BESIDE, MOST_ATTEMPTS)
    if attempts > most:
        raise ConfigurationError(
            "number of attempts",
            f"must be at most {most:,} in a replication of {callers:,} callers",
            hint="Give redial.max_attempts, or lower redial.probability.",
        )


def check_ended(plan: Plan, waits: bool) -> None:
    """Check that no caller is left in line when nothing can happen any more, or in no time.

    Raises
    ------
    ConfigurationError
        If one is.
    """
    if not waits:
        return
    endless = [
        (f"groups.{number}.rules", group.rules)
        for number, group in zip(plan.group_numbers, plan.groups, strict=True)
        if group.rules.wait_in_line or group.passes == math.inf
    ]
    path, rules = min(endless, key=lambda one: one[1].max_wait_time < math.inf)
    if rules.max_wait_time < math.inf and not rules.retry_pause:
        raise ConfigurationError(
            f"{path}.retry_pause",
            "must be more than 0, as a caller would go through the group without end at one "
            "instant, with passes inf",
            rules.retry_pause,
        )
    for option, most in (("retry_pause", MOST_PASSES), ("line_poll", MOST_LOOKS)):
        if 0 < getattr(rules, option) < rules.max_wait_time / most < math.inf:
            raise ConfigurationError(
                f"{path}.{option}",
                f"must be longer, as a caller would look for members more than {most:,} times",
                getattr(rules, option),
            )
    hint = "" if rules.retry_pause else " Without a retry_pause, passes may also take no time."
    raise ConfigurationError(
        f"{path}.max_wait_time",
        "must be given, as a caller would wait for ever",
        hint=f"Or give callers a patience.{hint}",
    )


def most_rings(plan: Plan, calls: int) -> int:
    """Return the ring limit of one replication."""
    phones = sum(len(group.members) for group in plan.groups)
    of_a_call = max(MOST_RINGS_OF_ONE * phones, MOST_RINGS_OF_A_CALL)
    return min(of_a_call * calls + MOST_RINGS_BESIDE, MOST_RINGS)
