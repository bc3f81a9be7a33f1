"""Conversion between the wall clock and UTC.

`Clock`
    A time zone, or none: then times of day are taken as they are written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ringsim.errors import ConfigurationError

__all__ = ["Clock"]

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

STEP = 900  # seconds: no zone changes its clock within a quarter of an hour
START = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """A time zone by its name in the IANA database, or none.

    Without a zone, instants are the seconds of the wall clock, as if they were UTC.
    """

    def __init__(self, timezone: object = None) -> None:
        if timezone is not None and not isinstance(timezone, str):
            raise ConfigurationError("timezone", "must be the name of a time zone", timezone)
        self.timezone = timezone
        _ = self._zone

    @cached_property
    def _zone(self) -> ZoneInfo | None:
        if self.timezone is None:
            return None
        try:
            return ZoneInfo(self.timezone)
        except (ValueError, OSError, KeyError):  # no such zone, or a name that is not a path
            raise ConfigurationError(
                "timezone",
                "must be the name of a time zone",
                self.timezone,
                "For example 'Europe/Berlin' or 'UTC'.",
            ) from None

    def wall(self, instants: Floats) -> Floats:
        """Return instants as seconds of the wall clock."""
        zone = self._zone
        if zone is None:
            return instants
        offsets = _by_step(instants, lambda at: _offset(START + timedelta(seconds=at), zone))
        return instants + offsets

    def instants(self, wall: Floats, near: Floats | None = None) -> tuple[Floats, Mask]:
        """Return seconds of the wall clock as instants, and which are ambiguous.

        Parameters
        ----------
        wall : ndarray
            Seconds since 1970 of the wall clock; NaN if missing.
        near : ndarray, optional
            An instant shortly before each, to settle the hour that autumn repeats; NaN if there
            is none.

        Returns
        -------
        tuple of ndarray
            The instants; the earlier one where the hour is repeated and nothing settles it, and
            which these are.
        """
        zone = self._zone
        if zone is None:
            return wall, np.zeros(len(wall), bool)
        first, second = (
            np.subtract(wall, _by_step(wall, partial(_wall_offset, zone=zone, fold=fold)))
            for fold in (0, 1)
        )
        repeated = second > first
        if near is None:
            return first, repeated
        known = repeated & ~np.isnan(near)
        later = known & (np.abs(second - near) < np.abs(first - near))
        return np.where(later, second, first), repeated & ~known


def _by_step(seconds: Floats, function: Callable[[float], float]) -> Floats:
    """Apply a function to each different quarter of an hour; NaN stays NaN."""
    known = ~np.isnan(seconds)
    steps = np.zeros(len(seconds), dtype=np.int64)
    steps[known] = np.floor(seconds[known] / STEP).astype(np.int64)
    different, code = np.unique(steps, return_inverse=True)
    values = np.array([function(step * STEP) for step in different.tolist()])
    return np.where(known, values[code] if len(values) else 0.0, np.nan)


def _offset(instant: datetime, zone: ZoneInfo) -> float:
    offset = instant.astimezone(zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def _wall_offset(at: float, zone: ZoneInfo, fold: int) -> float:
    wall = (START + timedelta(seconds=at)).replace(tzinfo=zone, fold=fold)
    offset = wall.utcoffset()
    return offset.total_seconds() if offset is not None else 0.0
