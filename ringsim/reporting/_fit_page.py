"""The page of a fit: its check on days held out, its parameters, and what it cannot know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ringsim import plot
from ringsim._version import __version__
from ringsim._words import Said, decimal, has_word, speaking, word
from ringsim._words import language as language_in_use
from ringsim.fitting import Backtest, Fit, backtest, unit_of_parameter
from ringsim.metrics import METRICS, format_figure
from ringsim.reporting._assumed import Sentence, translated
from ringsim.reporting._page import Page, page_template
from ringsim.reporting._parts import Note, Points, Section
from ringsim.reporting._pictures import Picture
from ringsim.reporting._svg import Sheet
from ringsim.reporting._tables import Table

__all__ = ["FitPage", "fit_page"]

INTERVAL = "calls_per_interval"
CHECKED = (
    "mean_over_days",
    "observed",
    "predicted",
    "bounds",
    "inside",
    "p_bias",
    "p_spread",
    "p_uniformity",
)


class FitPage(Page):
    """The page of a fit: `html`, `findings`, `save(path)`; a notebook shows it."""

    def __repr__(self) -> str:
        return f"<FitPage, {len(self.html.encode()) // 1000} kB>"


def fit_page(found: Fit, language: str = "en", within: float = 20.0) -> FitPage:
    """Return the page of a fit in a language, with calls answered within some seconds.

    Raises
    ------
    ConfigurationError
        If there is no such language.
    """
    with speaking(language):
        return _page(found, within)


def _page(found: Fit, within: float) -> FitPage:
    check = found.check(within=within)
    shortcuts = backtest(
        found.naive_scenario,
        found.records,
        days=found.held_out_days or found.fitted_days,
        within=within,
        seed=found.seed,
    )
    group = found.scenario.groups[0]
    findings = (check.words, word("fitting.shortcuts", verdict=shortcuts.words))
    sheet = Sheet()
    first = _check_section(check, sheet)
    sections = [
        _parameters_section(found.table),
        _sentences("limits", found.limits),
        _sentences("notes", found.records.notes),
        _intervals_section(found.table),
    ]
    html = page_template().render(
        version=__version__,
        title=word("fitting.title", group=f"{group.extension_number} {group.name}".strip()),
        about=word(
            "fitting.about",
            days=_days(len(found.fitted_days)),
            held=_days(len(found.held_out_days)),
            seed=found.seed,
            version=__version__,
        ),
        lang=language_in_use(),
        logo="",
        contents=word("fitting.contents"),
        first_heading=word("fitting.finding"),
        advice=findings[:1],
        state=findings[1:],
        first=first,
        sections=[section for section in sections if section.parts],
        styles=sheet.styles,
        definitions=sheet.definitions,
    )
    return FitPage(html, findings)


def _days(n: int) -> str:
    return word("fitting.one_day") if n == 1 else word("fitting.days", n=n)


def _sentences(name: str, sentences: Sequence[str]) -> Section:
    points = [
        Sentence(each.words, language_in_use()) if isinstance(each, Said) else Sentence(each, "en")
        for each in sentences
    ]
    return Section(name, word(f"fitting.{name}"), [Points("", points)] if points else [])


def _check_section(check: Backtest, sheet: Sheet) -> Section:
    rows = tuple(
        (
            _name(str(metric)),
            _figure(row["observed"], metric),
            _figure(row["predicted"], metric),
            word(
                "figure.between", low=_figure(row["low"], metric), high=_figure(row["high"], metric)
            ),
            str(row["inside"]),
            *(_p_value(row[name]) for name in ("bias", "spread", "uniformity")),
        )
        for metric, row in check.tests.iterrows()
    )
    headings = tuple(word(f"fitting.{column}") for column in CHECKED)
    given = word("fitting.given" if check.given_calls else "fitting.drawn")
    notes = [each.words if isinstance(each, Said) else each for each in check.notes]
    about = word("fitting.picture")
    return Section(
        "check",
        word("fitting.check"),
        [
            Picture(sheet.picture(plot.backtest(check), about), about),
            Table(word("fitting.means"), headings, rows),
            Note(" ".join([given, word("fitting.level"), *notes])),
        ],
    )


def _parameters_section(table: pd.DataFrame) -> Section:
    shown = table[~table["parameter"].str.contains(INTERVAL)]
    parts = [
        _parameters(word("fitting.of_scenario"), shown),
        Note(word("fitting.about_parameters")),
    ]
    return Section("parameters", word("fitting.parameters"), parts)


def _intervals_section(table: pd.DataFrame) -> Section:
    shown = table[table["parameter"].str.contains(INTERVAL)]
    heading = word("fitting.intervals")
    return Section("intervals", heading, [_parameters(heading, shown)])


def _parameters(caption: str, table: pd.DataFrame) -> Table:
    columns = ("parameter", "method", "estimate", "shortcut", "events")
    headings = tuple(word(f"fitting.{column}") for column in columns)
    rows = tuple(
        (
            _parameter(str(each["parameter"])),
            ", ".join(translated(part, "method.") for part in str(each["method"]).split(", ")),
            _estimate(float(each["estimate"]), float(each["low"]), float(each["high"])),
            _number(float(each["naive"])),
            str(each["n_events"]),
        )
        for each in table.to_dict("records")
    )
    return Table(caption, headings, rows, left=2)


def _parameter(path: str) -> str:
    """Return the path of a parameter, or its name in another language, with unit and person.

    Names in the catalogue have their unit. Numbers of calls say what they count.
    """
    if language_in_use() == "en":
        unit = unit_of_parameter(path)
        return path if unit in ("", "calls") else f"{path} [{unit}]"
    part, number, name = path.split(".", 2)
    said = translated(name, "fitted.")
    return f"{number}: {said}" if part == "extensions" else said


def _estimate(estimate: float, low: float, high: float) -> str:
    if math.isnan(low):
        return _number(estimate)
    between = word("figure.between", low=_number(low), high=_number(high))
    return f"{_number(estimate)} ({between})"


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return decimal(f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}")


def _p_value(value: float) -> str:
    return "-" if math.isnan(value) else decimal("< 0.001" if value < 0.001 else f"{value:.3f}")


def _figure(value: float, metric: Any) -> str:
    return decimal(format_figure(value, _unit(metric)))


def _name(metric: str) -> str:
    """Return the name of a metric in a table."""
    if metric.startswith("answer_share of "):
        return word("fitting.share_of", member=metric.removeprefix("answer_share of "))
    return word(f"metric.{metric}") if has_word(f"metric.{metric}") else metric.replace("_", " ")


def _unit(metric: Any) -> str:
    return METRICS[metric].unit if metric in METRICS else "rate"
