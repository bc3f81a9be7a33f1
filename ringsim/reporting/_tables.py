"""Tables of a report, and those of the groups, callers and people of a scenario."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ringsim._words import decimal, has_word, word
from ringsim.dispatch import Dispatcher, name_of
from ringsim.distributions import Constant, Distribution
from ringsim.group import Action, RingGroup
from ringsim.planning._talk_times import talk_time_of, talk_time_of_callers
from ringsim.presets import names as preset_names
from ringsim.presets import preset
from ringsim.reporting._figures import Cell, duration, sentence
from ringsim.scenario import Demand, Extension, Scenario

__all__ = ["Table", "callers", "described", "groups", "people", "strategy_words"]

PARTS = re.compile(r", |\(")  # between a distribution's family and its parameters


@dataclass(frozen=True)
class Table:
    """A table of cells with a caption; the first `left` columns are words, the others numbers."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    left: int = 1


def strategy_words(name: str) -> str:
    """Return the words for one of the eight strategies, or the name of another dispatcher."""
    key = f"strategy.{name}"
    return word(key) if has_word(key) else name


def described(name: str) -> str:
    """Return the words for a strategy; of a preset, the phone system whose rules it has."""
    return preset(name).pbx if name in preset_names() else strategy_words(name)


def groups(scenario: Scenario, present: Mapping[str, Dispatcher]) -> Table:
    """Return a table with a row per ring group: members, strategy and no-answer rule."""
    columns = ("group", "strategy", "member", "rings_for", "busy_members", "no_answer")
    rows = [_group(group, present[group.extension_number], scenario) for group in scenario.groups]
    return _table("groups", columns, rows)


def _table(name: str, columns: tuple[str, ...], rows: list[tuple[str | Cell, ...]]) -> Table:
    """Return a table of words with a caption and headings of the catalogue."""
    headings = tuple(word(f"table.{column}") for column in columns)
    return Table(word(f"table.{name}"), headings, tuple(rows), len(columns))


def _group(group: RingGroup, dispatcher: Dispatcher, scenario: Scenario) -> tuple[str | Cell, ...]:
    skill, name = dispatcher.looks_at("skill_level"), name_of(dispatcher)
    members = [
        word("table.level", member=member.extension_number, level=member.skill_level)
        if skill
        else member.extension_number
        for member in group.members
    ]
    return (
        Cell(group.extension_number, group.name),
        Cell(name, described(name))
        if name in preset_names()
        else Cell(sentence(strategy_words(name)), name),
        ", ".join(members) or word("table.none"),
        duration(group.ring_time),
        word("table.skipped" if group.skip_busy_member else "table.rung_too"),
        _no_answer(group, scenario),
    )


def _no_answer(group: RingGroup, scenario: Scenario) -> str:
    rule = group.no_answer_forward_rule
    if rule.action is Action.REPEAT:
        repeats = (scenario.rules(group.extension_number).passes or 1) - 1
        return word("table.repeats", n=repeats)
    if rule.action is Action.FORWARD_TO_NUMBER:
        outside = "" if rule.number in scenario.group_numbers else "_outside"
        return word(f"table.forwarded{outside}", number=rule.number)
    voicemail = rule.action is Action.FORWARD_TO_VOICEMAIL
    return word("table.voicemail" if voicemail else "table.hung_up")


def callers(scenario: Scenario) -> Table:
    """Return a table with a row per group that is called: rates, durations and patience."""
    columns = ("group", "calls_per_hour", "talk_time", "wrap_up_time", "patience")
    rows: list[tuple[str | Cell, ...]] = [
        (
            number,
            rates(demand),
            in_words(talk_time_of_callers(scenario, number)),
            in_words(demand.wrap_up_time),
            in_words(demand.patience),
        )
        for number, demand in scenario.demand.items()
    ]
    return _table("callers", columns, rows)


def rates(demand: Demand) -> str:
    """Return the calls per hour in words: `40`, `25 to 95, by intervals of 30 min`, ..."""
    if demand.arrives_at is not None:
        return word("table.given_calls", n=len(demand.arrives_at))
    if demand.weekdays:
        days = (f"{word(f'weekday.{day}')}: {rates(demand.on(day))}" for day in demand.weekdays)
        return "; ".join(days)
    hourly = demand.hourly_rates
    if not isinstance(hourly, tuple):
        return decimal(f"{hourly:g}")
    low, high, minutes = (
        decimal(f"{each:g}") for each in (min(hourly), max(hourly), demand.interval / 60)
    )
    return word("table.by_interval", low=low, high=high, minutes=minutes)


def in_words(duration_of: Distribution) -> str:
    """Return a duration in words: a constant, or its mean with the kind of distribution."""
    if isinstance(duration_of, Constant):
        endless = duration_of.value == math.inf
        return word("table.for_ever") if endless else duration(duration_of.value)
    mean = float(duration_of.mean())
    if not math.isfinite(mean):
        return decimal(str(duration_of))
    return word("table.on_average", mean=decimal(f"{mean:.3g} s"), kind=_kind(str(duration_of)))


def _kind(told: str) -> str:
    """Return the family of a distribution in words, from its own description."""
    family, *rest = PARTS.split(told)
    if family.endswith(" samples"):
        return f"{family.removesuffix(' samples')} {word('table.samples')}"
    words = word(f"family.{family}") if has_word(f"family.{family}") else family
    spread = [part for part in rest if part.startswith("cv ")]
    return ", ".join([words, *map(decimal, spread)])


def people(scenario: Scenario) -> Table:
    """Return a table with a row per person: answers, time on duty and own calls."""
    columns = ("extension", "answers", "after", "on_duty", "own_calls")
    rows = [_person(scenario, number) for number in scenario.extension_numbers]
    return _table("people", columns, rows)


def _person(scenario: Scenario, number: str) -> tuple[str | Cell, ...]:
    person = scenario.extension(number)
    share = decimal(f"{100 * person.answer_probability:.12g} %")
    return (
        person.extension_number,
        word("table.of_rings", share=share),
        in_words(person.answer_delay),
        _duty(person),
        word("table.none") if person.own_calls is None else _own_calls(scenario, person.own_calls),
    )


def _own_calls(scenario: Scenario, own: Demand) -> str:
    days = [own.on(day) for day in scenario.days or (None,)]
    talk_time = in_words(talk_time_of(days, scenario.hours))
    return word("table.per_hour", rates=rates(own), talk_time=talk_time)


def _duty(person: Extension) -> str:
    if person.on_duty is None:
        return word("table.always")
    if isinstance(person.on_duty, Mapping):
        days = person.on_duty.items()
        return "; ".join(f"{word(f'weekday.{day}')}: {_spans(spans)}" for day, spans in days)
    return _spans(person.on_duty)


def _spans(spans: Sequence[tuple[Any, Any]]) -> str:
    told = [word("table.span", start=_instant(start), end=_instant(end)) for start, end in spans]
    return ", ".join(told) or word("table.never")


def _instant(given: str | float) -> str:
    return given if isinstance(given, str) else duration(given)
