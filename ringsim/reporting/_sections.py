"""Sections of a report, with their texts, tables and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd

from ringsim._choices import SECTIONS
from ringsim._words import decimal, has_word, language, word
from ringsim.metrics import FORWARDED_METRICS as FORWARDED
from ringsim.planning import Result, StressTest
from ringsim.reporting import _tables
from ringsim.reporting._assumed import model_assumptions, not_given
from ringsim.reporting._figures import (
    Cell,
    duration,
    estimate_cell,
    figure_text,
    metric_name,
    sentence,
)
from ringsim.reporting._parts import Entries, Heading, Note, Points, Section
from ringsim.reporting._pictures import Gallery, members_of
from ringsim.reporting._stress import stress_table
from ringsim.reporting._stress_des import items
from ringsim.reporting._subject import Subject
from ringsim.reporting._tables import Table
from ringsim.reporting._variant_tables import changes_table, figures_table, pages
from ringsim.scenario import forwarded_to

__all__ = ["sections_of"]

PER_TABLE = 4  # metrics in one table of the variants
OF_PICTURE = ("answer_rate", "service_level", "answer_rate_of_received")  # of the variants
MEMBER_UNITS = {
    "rung": "calls",
    "answered": "calls",
    "ring_no_answer": "calls",
    "interruptions_per_hour": "calls",
    "answer_share": "rate",
    "occupancy": "rate",
}


def sections_of(
    names: Iterable[str],
    subject: Subject,
    gallery: Gallery,
    swept: pd.DataFrame | None,
    stressed: StressTest | None,
) -> list[Section]:
    """Return the sections with some names, in the order of `SECTIONS`.

    `swept` is the sweep over ring times and numbers of members; without it, the section
    `settings` is left out, and without a stress test the section `stress`.
    """
    parts: dict[str, Callable[[], Iterable[Any]]] = {
        "recommendation": lambda: _recommendation(subject, gallery),
        "variants": lambda: _variants(subject, gallery),
        "callers": lambda: filter(None, [gallery.day(), gallery.waits(), _received(subject)]),
        "members": lambda: _members(subject, gallery),
        "settings": lambda: [gallery.heat_map(_shown(swept), "ring_time", "n_members")],
        "stress": lambda: _stress(stressed, gallery),
        "charts": gallery.ring_charts,
        "assumptions": lambda: _assumptions(subject),
        "appendix": lambda: _appendix(subject),
    }
    wanted = [name for name in SECTIONS if name in set(names)]
    missing = {name for name, each in (("settings", swept), ("stress", stressed)) if each is None}
    wanted = [name for name in wanted if name not in missing]
    sections = [
        Section(name, word(f"report.{name}", now=subject.when), list(parts[name]()))
        for name in wanted
    ]
    return [each for each in sections if each.parts or each.name == "recommendation"]


def _shown(swept: pd.DataFrame | None) -> pd.DataFrame:
    return pd.DataFrame() if swept is None else swept


def _stress(found: StressTest | None, gallery: Gallery) -> Iterator[Any]:
    """Yield a picture and a table of the events of a stress test."""
    if found is not None:
        yield gallery.stress(found)
        yield stress_table(found)
        yield Note(word("note.stress"))


def picture_of_price(subject: Subject) -> tuple[str, str] | None:
    """Return the metrics of the picture of the price: what it costs, and what it brings."""
    compared, advice = subject.comparison.metrics, subject.advice
    x, y = "interruptions_per_hour", "answer_rate"
    if advice is not None:
        y = advice.gains[0].metric
        x = x if advice.price is None else advice.price.metric
    return (x, y) if x != y and {x, y} <= {*compared} else None


def _recommendation(subject: Subject, gallery: Gallery) -> Iterator[Any]:
    """Yield the picture of the price, and the table of what changes."""
    axes = picture_of_price(subject)
    if axes is not None and len(subject.labels) > 1:
        yield gallery.trade_off(*axes)
    if subject.advice is not None:
        yield changes_table(subject, subject.advice.variant)


def _variants(subject: Subject, gallery: Gallery) -> Iterator[Any]:
    """Yield a picture and tables of all metrics, with a row for each variant that differs."""
    metrics = subject.comparison.metrics
    shown = [name for name in OF_PICTURE if name in metrics]
    yield gallery.variants(tuple(shown or metrics[:2]))
    for start in range(0, len(metrics), PER_TABLE):
        yield figures_table(subject, metrics[start : start + PER_TABLE])
    yield Note(word("note.intervals"))
    if len(subject.labels) < len(subject.comparison.variants):
        yield Note(word("note.alike"))
    if any(pages(subject, name) for name in subject.labels):
        yield Note(word("note.difference_of_pages"))


def _received(subject: Subject) -> Table | None:
    """Return a table of the groups to which others forward calls; None if there is none."""
    groups = [
        group
        for group in subject.scenario.groups
        if group.extension_number in forwarded_to(subject.scenario) - {subject.group}
    ]
    rows = tuple(
        (
            Cell(group.extension_number, group.name),
            *(_estimate(subject.now, metric, group.extension_number) for metric in FORWARDED),
        )
        for group in groups
    )
    headings = (word("table.group"), *(metric_name(metric) for metric in FORWARDED))
    return Table(word("table.received", now=subject.when), headings, rows) if rows else None


def _estimate(result: Result, metric: str, group: str) -> Cell:
    """Return a cell with a figure of a group and its interval."""
    found = result.figure(metric, group).estimate()
    return estimate_cell(*found[:3], metric, found.note)


def _members(subject: Subject, gallery: Gallery) -> Iterator[Any]:
    """Yield a picture and a table of the members of the group as it is."""
    frame = members_of(subject)
    rows = [
        (
            str(member) if subject.group is not None else f"{group}: {member}",
            *(figure_text(row[name], unit) for name, unit in MEMBER_UNITS.items()),
        )
        for (group, member), row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    headings = (word("table.member"), *(metric_name(name) for name in MEMBER_UNITS))
    if rows:
        yield gallery.members()
        yield Table(word("table.members"), headings, tuple(rows))
    yield Note(word("note.members"))


def _assumptions(subject: Subject) -> Iterator[Any]:
    """Yield what was not given, the input, and the assumptions of the model."""
    open_points = not_given(subject.now)
    if open_points:
        yield Points(word("note.not_given"), open_points)
    else:
        yield Note(word("note.all_given"))
    yield _tables.groups(subject.scenario, subject.now.study.dispatchers)
    if subject.scenario.demand:
        yield _tables.callers(subject.scenario)
    if subject.scenario.extension_numbers:
        yield _tables.people(subject.scenario)
    yield Points(
        word("note.model"), model_assumptions(given_days=bool(subject.now.study.workloads))
    )


def _appendix(subject: Subject) -> Iterator[Any]:
    """Yield all figures of the group as it is, and the items of STRESS-DES."""
    thresholds = subject.thresholds
    asked: dict[str, Any] = {
        name: getattr(thresholds, name) for name in ("variant", "short", "target", "level")
    }
    summary = subject.now.summary(thresholds.within, subject.group, **asked)
    fields = {
        "within": duration(thresholds.within),
        "short": duration(thresholds.short),
        "target": decimal(f"{100 * thresholds.target:g} %"),
    }
    rows = [
        (
            Cell(subject.metric_name(name), name if language() == "en" else ""),
            estimate_cell(row["estimate"], row["low"], row["high"], name, row["note"]),
            word(_about(name, subject), **fields),
        )
        for name, row in zip(summary.index, summary.to_dict("records"), strict=True)
    ]
    headings = (word("table.metric"), sentence(subject.when), word("table.meaning"))
    yield Table(word("table.all_figures", now=subject.when), headings, tuple(rows), left=3)
    yield Heading(word("des.heading"))
    yield Note(word("des.source"))
    yield Entries([(f"{each.number} {each.name}", each.text) for each in items(subject)])


def _about(metric: str, subject: Subject) -> str:
    """Return the key of what a metric means."""
    key = f"about.{metric}_by_week"
    return key if subject.is_week and has_word(key) else f"about.{metric}"
