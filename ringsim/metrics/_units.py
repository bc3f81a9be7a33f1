"""Figures as text: the scale, decimals and unit of every kind of figure, in one table.

`UNITS`, `unit_named`
    The table, and the lookup of a row by name.
`format_figure`, `format_estimate`
    Text for a cell of a table: a figure alone, or with its interval.
`few_events`
    Test whether the note of a row marks a metric as having too few events.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import NamedTuple

from ringsim.confidence import FEW_EVENTS

__all__ = ["UNITS", "Unit", "few_events", "format_estimate", "format_figure", "unit_named"]

MAX_DECIMALS = 6


class Unit(NamedTuple):
    """Scale, decimals and names of one unit.

    Attributes
    ----------
    scale : float
        Factor between the value and the figure shown: 100 for a fraction shown in percent.
    decimals : int
    text, difference : str
        Name of the unit behind a figure and behind a difference of two figures, or "".
    axis : str
        Name of the unit in the label of an axis, or "".
    digits : int
        Least number of significant digits of figures below 1, by default none: 0.05 rings an
        hour are not 0.1.
    """

    scale: float
    decimals: int
    text: str
    difference: str
    axis: str
    digits: int = 0

    def number(
        self,
        value: float,
        *,
        beside: Collection[float] = (),
        spread: float | None = None,
        sign: bool = False,
    ) -> str:
        """Return a value as a number without its unit.

        Parameters
        ----------
        value : float
            Before scaling.
        beside : collection of float
            Further numbers of the same figure, such as the bounds of its interval: those below 1
            have as many decimals as the largest of them needs.
        spread : float, optional
            Width of the interval around the value, before scaling. With it, the number has at
            least two significant digits of the spread, or of the value if there is no spread;
            at most 6 decimals.
        sign : bool, default False
            Show a plus sign before a positive number.

        Examples
        --------
        >>> UNITS["rate"].number(0.8412), UNITS["rate"].number(0.8412, spread=0.0004)
        ('84.1', '84.120')
        >>> UNITS["1/h"].number(12.34), UNITS["1/h"].number(0.034, beside=[0.12])
        ('12.3', '0.03')
        """
        decimals = self.decimals
        if self.digits:
            sizes = [self.scale * abs(each) for each in (value, *beside)]
            size = max((each for each in sizes if each < math.inf), default=0.0)
            decimals = max(decimals, _decimals(size, self.digits) if 0 < size < 1 else 0)
        if spread is not None:
            width = self.scale * (spread if 0 < spread < math.inf else abs(value))
            if 0 < width < math.inf:
                decimals = max(decimals, _decimals(width, 2))
        return f"{value * self.scale:{'+' if sign else ''}z.{decimals}f}"  # z: no minus before 0


def _decimals(size: float, digits: int) -> int:
    """Return the decimals with which a positive number has some significant digits; at most 6."""
    return min(MAX_DECIMALS, digits - 1 - math.floor(math.log10(size)))


UNITS = {
    "rate": Unit(100, 1, " %", " points", "%"),
    "s": Unit(1, 2, " s", " s", "s"),
    "calls": Unit(1, 1, " calls", " calls", "calls", digits=2),
    "rings": Unit(1, 3, "", "", ""),
    "attempts": Unit(1, 3, "", "", ""),
    "1/h": Unit(1, 1, "", "", "", digits=2),
    "erlang": Unit(1, 3, "", "", "erlang"),
    "members": Unit(1, 0, "", "", ""),
    "money": Unit(1, 1, "", "", "", digits=2),
}
BARE = Unit(1, 3, "", "", "")  # indices, and metrics that ringsim does not know


def unit_named(name: str) -> Unit:
    """Return a unit by its name in `UNITS`; for other names, one that shows the bare number."""
    return UNITS.get(name, BARE)


def format_figure(value: float, unit: str, *, beside: Collection[float] = ()) -> str:
    """Return a figure for a cell of a table: `84.1 %`, or a dash for NaN.

    Counts of calls stand without a unit. `beside` is as in `Unit.number`.

    Examples
    --------
    >>> format_figure(0.841, "rate"), format_figure(12, "calls"), format_figure(math.nan, "s")
    ('84.1 %', '12.0', '-')
    """
    if math.isnan(value):
        return "-"
    return unit_named(unit).number(value, beside=beside) + _cell_unit(unit)


def format_estimate(
    estimate: float,
    low: float,
    high: float,
    unit: str,
    *,
    few: bool = False,
    beside: float = math.nan,
) -> str:
    """Return an estimate with its interval for a cell of a table.

    A star marks estimates with few events. A NaN estimate is a dash; an interval with a NaN
    bound is left out. `beside` is a figure that the estimate is compared with: the text has
    more decimals if the two would look the same.

    Examples
    --------
    >>> format_estimate(0.841, 0.837, 0.845, "rate")
    '84.1 % (83.7 to 84.5)'
    >>> format_estimate(0.9997, 0.999, 1, "rate", beside=0.9999)
    '99.970 % (99.900 to 100.000)'
    """
    if math.isnan(estimate):
        return "-"
    number = unit_named(unit).number
    alike = number(estimate) == number(beside) and estimate != beside
    spread = abs(estimate - beside) if alike else None
    together = (estimate, low, high)
    text = number(estimate, beside=together, spread=spread) + _cell_unit(unit)
    if not math.isnan(low) and not math.isnan(high):
        bounds = [number(each, beside=together, spread=spread) for each in (low, high)]
        text += f" ({bounds[0]} to {bounds[1]})"
    return text + ("*" if few else "")


def _cell_unit(unit: str) -> str:
    return "" if unit == "calls" else unit_named(unit).text


def few_events(note: object, metric: str) -> bool:
    """Return whether the note of a row lists a metric as having too few events.

    Examples
    --------
    >>> few_events("few events: rung, paged", "paged"), few_events("few events: rung", "run")
    (True, False)
    """
    kind, _, metrics = str(note).partition(": ")
    return kind == FEW_EVENTS and metric in metrics.split(", ")
