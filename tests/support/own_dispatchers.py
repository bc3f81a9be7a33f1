"""Dispatchers that other processes can import."""

from __future__ import annotations

import os

from ringsim.dispatch import Hunt


class LastFirst(Hunt):
    """Ring one member at a time, the last in the configured order first."""

    order_by = ("-position",)


class Deadly(Hunt):
    """Dispatcher that ends the process in which it is called."""

    wave = staticmethod(lambda candidates, moment: os._exit(1))
