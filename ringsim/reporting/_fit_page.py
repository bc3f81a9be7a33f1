"""The page of a fit: its check on days held out, its parameters, and what it cannot know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ringsim import _files, plot
from ringsim._version import __version__
from ringsim.fitting import Backtest, Fit, backtest
from ringsim.metrics import METRICS, format_figure
from ringsim.reporting._assumed import Sentence
from ringsim.reporting._page import page_template
from ringsim.reporting._pictures import Picture
from ringsim.reporting._sections import Note, Points, Section
from ringsim.reporting._svg import Sheet
from ringsim.reporting._tables import Table

__all__ = ["FitPage", "fit_page"]

INTERVAL = "calls_per_interval"


@dataclass(frozen=True)
class FitPage:
    """The page of a fit.

    Attributes
    ----------
    html : str
        The page, complete without other files.
    findings : tuple of str
        Sentences at its top.
    """

    html: str
    findings: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<FitPage, {len(self.html) // 1024} kB>"

    def write(self, path: str | Path) -> None:
        """Write the page to a file, atomically.

        Raises
        ------
        ConfigurationError
            If the file cannot be written.
        """
        with _files.replacing(path) as file:
            file.write(self.html)


def fit_page(found: Fit) -> FitPage:
    """Return the page of a fit."""
    check = found.check()
    shortcuts = backtest(
        found.naive_scenario,
        found.records,
        days=found.held_out_days or found.fitted_days,
        seed=found.seed,
    )
    group = found.scenario.groups[0]
    findings = (
        check.verdict,
        f"With every input estimated by the usual shortcut instead: {shortcuts.verdict}",
    )
    sheet = Sheet()
    first = _check_section(check, sheet)
    sections = [
        _parameters_section(found.table),
        _sentences("limits", "What the records cannot show", found.limits),
        _sentences("notes", "What the reader left out or assumed", found.records.notes),
        _intervals_section(found.table),
    ]
    html = page_template().render(
        version=__version__,
        title=f"Fit of ring group {group.extension_number} {group.name}".strip(),
        about=(
            f"Fitted to {_days(len(found.fitted_days))} of call records, "
            f"{_days(len(found.held_out_days))} held out, seed {found.seed}, ringsim {__version__}"
        ),
        lang="en",
        logo="",
        contents="Contents",
        first_heading="Finding",
        advice=findings[:1],
        state=findings[1:],
        first=first,
        sections=[section for section in sections if section.parts],
        styles=sheet.styles,
        definitions=sheet.definitions,
    )
    return FitPage(html, findings)


def _days(n: int) -> str:
    return "1 day" if n == 1 else f"{n} days"


def _sentences(name: str, heading: str, sentences: Sequence[str]) -> Section:
    points = [Sentence(each, "en") for each in sentences]
    return Section(name, heading, [Points("", points)] if points else [])


def _check_section(check: Backtest, sheet: Sheet) -> Section:
    rows = tuple(
        (
            str(metric).replace("_", " "),
            format_figure(row["observed"], _unit(metric)),
            format_figure(row["predicted"], _unit(metric)),
            f"{format_figure(row['low'], _unit(metric))} to "
            f"{format_figure(row['high'], _unit(metric))}",
            str(row["inside"]),
            *(_p_value(row[name]) for name in ("bias", "spread", "uniformity")),
        )
        for metric, row in check.tests.iterrows()
    )
    headings = (
        "mean over days",
        "observed",
        "predicted",
        "95 % bounds",
        "days inside",
        "p, bias",
        "p, spread",
        "p, uniformity",
    )
    given = (
        "Each day was predicted given the arrivals of its own calls; the number of calls with "
        "drawn arrivals."
        if check.given_calls
        else "All days were predicted with drawn arrivals."
    )
    about = "Days that happened, against the bounds that hold a day with 90 % probability."
    return Section(
        "check",
        "Check",
        [
            Picture(sheet.picture(plot.backtest(check), about), about),
            Table("Means over days, observed and predicted", headings, rows),
            Note(f"{given} All tests together reject a right scenario with probability 5 %."),
        ],
    )


def _parameters_section(table: pd.DataFrame) -> Section:
    shown = table[~table["parameter"].str.contains(INTERVAL)]
    return Section(
        "parameters",
        "Parameters",
        [
            _parameters("Parameters of the scenario", shown),
            Note(
                "Numbers in brackets are 95 % intervals, from days and not from calls. The usual "
                "shortcut is what most people would type in: for patience the mean wait of those "
                "who gave up, for the answer probability answered over rung."
            ),
        ],
    )


def _intervals_section(table: pd.DataFrame) -> Section:
    shown = table[table["parameter"].str.contains(INTERVAL)]
    heading = "Calls by interval of the day"
    return Section("intervals", heading, [_parameters(heading, shown)])


def _parameters(caption: str, table: pd.DataFrame) -> Table:
    headings = ("parameter", "method", "estimate", "usual shortcut", "events")
    rows = tuple(
        (
            str(each["parameter"]),
            str(each["method"]),
            _estimate(float(each["estimate"]), float(each["low"]), float(each["high"])),
            _number(float(each["naive"])),
            str(each["n_events"]),
        )
        for each in table.to_dict("records")
    )
    return Table(caption, headings, rows, left=2)


def _estimate(estimate: float, low: float, high: float) -> str:
    if math.isnan(low):
        return _number(estimate)
    return f"{_number(estimate)} ({_number(low)} to {_number(high)})"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def _p_value(value: float) -> str:
    return "-" if math.isnan(value) else "< 0.001" if value < 0.001 else f"{value:.3f}"


def _unit(metric: Any) -> str:
    return METRICS[metric].unit if metric in METRICS else "rate"
