"""Columns of instants and durations of a sheet, checked and converted to UTC."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ringsim.errors import ConfigurationError
from ringsim.records._clock import Clock
from ringsim.records._extract import Floats, Mask
from ringsim.records._instants import Order, date_order, durations, instants
from ringsim.records._sheet import Sheet

__all__ = ["StampReader", "durations_in", "seconds_in"]

HOUR = 3600.0
QUARTER = 900.0
ORDER_HINT = "Give date_format='dmy' or 'mdy' in the mapping."


class StampReader:
    """Reader of the columns of instants of a sheet.

    Parameters
    ----------
    sheet : Sheet
        The rows.
    clock : Clock
        Zone of instants that do not say their offset.
    order : str, optional
        Order of day, month and year; by default as the texts show.
    """

    def __init__(self, sheet: Sheet, clock: Clock, order: Order | None = None) -> None:
        self.sheet = sheet
        self.clock = clock
        self.order = order
        self.n_ambiguous = 0
        self._first_ambiguous = -1
        self._ambiguous: Mask = np.zeros(0, bool)  # rows of the last column
        self.in_utc = False

    def column(self, name: str, near: Floats | None = None) -> Floats:
        """Return a column as instants, NaN if missing or not readable.

        `near` are instants that settle the hour which autumn repeats, NaN if there are none.

        Raises
        ------
        ConfigurationError
            If the texts lack seconds, their order of day and month cannot be told, or none is an
            instant.
        """
        text = self.sheet[name]
        order = self.order or date_order(text.distinct)
        if order is None:
            shown = next(value for value in text.distinct if value)
            raise ConfigurationError(
                f"{self._where(text.given)} {name}",
                "must show whether the day or the month comes first",
                shown,
                ORDER_HINT,
            )
        parsed = instants(text.distinct, order)
        seconds, is_utc = parsed.seconds[text.codes], parsed.is_utc[text.codes]
        without = parsed.without_seconds[text.codes]
        if without.any():
            raise ConfigurationError(
                f"{self._where(without)} {name}",
                "must have seconds",
                str(text.text[int(np.argmax(without))]),
                "A spreadsheet may have dropped them: export the records anew.",
            )
        if len(seconds) and text.given.any() and np.isnan(seconds).all():
            raise ConfigurationError(
                f"{self._where(text.given)} {name}",
                "must be an instant such as 2024-01-27 15:33:20",
                str(text.text[int(np.argmax(text.given))]),
            )
        self.in_utc |= bool(is_utc.any())
        return self._converted(seconds, is_utc, near)

    def settled(self, name: str, later: Sequence[str]) -> Floats:
        """Return a column as instants; later instants of a row settle the hour autumn repeats.

        `later` are columns in the order in which they count.
        """
        found = self.column(name)
        if not self.n_ambiguous:
            return found
        near = np.full(len(self.sheet), np.nan)
        for each in later:
            if each in self.sheet:
                instants = self.column(each)
                near = np.where(np.isnan(near) & ~self._ambiguous, instants, near)
        self.n_ambiguous, self._first_ambiguous = 0, -1
        return self.column(name, near)

    def wall(self, name: str) -> Floats:
        """Return a column as seconds of the wall clock; NaN if missing or not readable."""
        text = self.sheet[name]
        parsed = instants(text.distinct, self.order or date_order(text.distinct) or "ymd")
        return np.where(parsed.is_utc, np.nan, parsed.seconds)[text.codes]

    def _converted(self, seconds: Floats, is_utc: Mask, near: Floats | None) -> Floats:
        wall = np.where(is_utc, np.nan, seconds)
        converted, ambiguous = self.clock.instants(wall, near)
        self._ambiguous = ambiguous & ~is_utc
        if ambiguous.any() and self._first_ambiguous < 0:
            self._first_ambiguous = int(np.argmax(ambiguous))
        self.n_ambiguous = max(self.n_ambiguous, int(ambiguous.sum()))
        return np.where(is_utc, seconds, converted)

    def _where(self, rows: Mask) -> str:
        return self.sheet.where(int(np.argmax(rows)) if rows.any() else 0)

    def notes(self) -> list[str]:
        """Return sentences about the zone and the repeated hour."""
        said = []
        if self.n_ambiguous:
            first = self.sheet.where(self._first_ambiguous)
            said.append(
                "Rows in the hour that autumn repeats, which do not say whether it is the first or "
                f"the second (the first is assumed): {self.n_ambiguous}; first at {first}."
            )
        if self.in_utc and self.clock.timezone is None:
            said.append("No timezone was given, so that times of day and dates are those of UTC.")
        return said

    def check_births(self, wall: Floats, born: Floats) -> list[str]:
        """Compare local times with instants that unique ids hold; return sentences.

        Parameters
        ----------
        wall : ndarray
            Seconds of the wall clock.
        born : ndarray
            Instants shortly before, NaN if unknown.

        Raises
        ------
        ConfigurationError
            If the zone is wrong: most rows are off by whole quarters of an hour.
        """
        known = ~np.isnan(wall) & ~np.isnan(born)
        if not known.any():
            return []
        if self.clock.timezone is None:
            east = np.round(np.median((wall - born)[known]) / QUARTER) * QUARTER
            return [
                "No timezone was given; unique ids show that the clock of the phone system is "
                f"{_offset_text(float(east))}."
            ]
        read, _ = self.clock.instants(wall, born)
        off = np.round((read - born)[known] / QUARTER) * QUARTER
        if float(np.median(off)) != 0:
            wrong = np.flatnonzero(known)[int(np.argmax(off != 0))]
            east = np.round(np.median((wall - born)[known]) / QUARTER) * QUARTER
            raise ConfigurationError(
                "timezone",
                f"must be that of the phone system: the unique id of {self.sheet.where(int(wrong))}"
                f" shows that its clock is {_offset_text(float(east))}",
                self.clock.timezone,
            )
        return []


def _offset_text(east: float) -> str:
    """Return an offset from UTC in words."""
    if not east:
        return "UTC"
    hours, minutes = divmod(int(abs(east)) // 60, 60)
    size = f"{hours} h" + (f" {minutes} min" if minutes else "")
    return f"{size} {'ahead of' if east > 0 else 'behind'} UTC"


def durations_in(sheet: Sheet, name: str, unit: float = 1.0) -> tuple[Floats, Mask]:
    """Return a column of durations [s], NaN if missing, and the rows that are not durations."""
    text = sheet[name]
    values, wrong = durations(text.distinct, unit)
    return values[text.codes], wrong[text.codes]


def seconds_in(sheet: Sheet, name: str, unit: float = 1.0) -> Floats:
    """Return a column of durations [s], NaN if missing or not readable."""
    return durations_in(sheet, name, unit)[0]
