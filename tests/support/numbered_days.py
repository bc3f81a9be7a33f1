"""Difficult days by number, for tests that count the situations they have covered.

`random_day`
    The day with a number. It resembles the days of `support.hard_days`, but every choice is
    equally likely, so that a few hundred days cover everything.
"""

from __future__ import annotations

from random import Random

import ringsim as rs
from ringsim.testing import Ordering
from support.hard_days import (
    AT_ONCE,
    GROUPS,
    MOST_MEMBERS,
    MOST_PEOPLE,
    PLAIN_FIELDS,
    TENTHS,
    WHOLE,
    Day,
    _any_times,
    _day,
)

STRATEGIES = [*rs.RingStrategy, *[rs.RingStrategy.PAGING_INTERCOM] * 2]
KEYS = [
    *(sign + field for field in PLAIN_FIELDS for sign in ("", "-")),
    *["random", "-random"] * 8,  # otherwise they would seldom make a difference
]


def random_day(number: int) -> Day:
    """Return the day with a number; the same number always gives the same day."""
    random = Random(number)
    n_groups, n_calls, n_own_calls = (
        random.randint(1, 4),
        random.randint(6, 16),
        random.randint(0, 4),
    )
    return _day(
        random.choice([WHOLE, TENTHS, _any_times(number)]),
        random.randint(1, MOST_PEOPLE),
        random.random() < 0.5,
        [(random.randbytes(7 + 2 * MOST_MEMBERS), _strategy(random)) for _ in GROUPS[:n_groups]],
        random.randbytes(6 * MOST_PEOPLE),
        [random.randbytes(5 + 3 * MOST_PEOPLE) for _ in range(n_calls)],
        [random.randbytes(3) for _ in range(n_own_calls)],
    )


def _strategy(random: Random) -> rs.RingStrategy | Ordering:
    if random.random() < 0.6:
        return random.choice(STRATEGIES)
    return Ordering(
        *random.sample(KEYS, random.randint(0, 2)),
        at_once=random.choice(AT_ONCE),
        one_wave=random.random() < 0.3,
        auto_answer=random.random() < 0.15,
    )
