"""Dispatchers that other processes can import.

Worker processes find no class of a test module if an installed package is called `tests`.
"""

from __future__ import annotations

import os
from typing import Any

from ringsim.dispatch import Hunt, Moment


class LastFirst(Hunt):
    """Ring one member at a time, the last in the configured order first."""

    order_by = ("-position",)


class Deadly(Hunt):
    """Dispatcher that ends the process in which it is called."""

    wave = staticmethod(lambda candidates, moment: os._exit(1))


class Slow(Hunt):
    """Ring one member at a time in the configured order, and take long to choose."""

    def wave(self, candidates: Any, moment: Moment) -> Any:
        for _ in range(100):  # longer than the others, so that there is something to lose
            moment = moment._replace(now=moment.now)
        return sorted(candidates, key=lambda candidate: candidate.position)[:1]
