"""Command `check`: say in words what a file means.

The words are those of the defaults and fields that a simulation uses: what the file says, and below
it, as below every result, what it leaves out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from ringsim._sentences import counted
from ringsim.cli import _output, _tables
from ringsim.cli._options import ScenarioOptions
from ringsim.cli._scenario import scenario_from
from ringsim.cli._screen import show
from ringsim.cli._strategies import rule_and_aliases
from ringsim.dispatch import dispatcher_for
from ringsim.distributions import Constant, Distribution
from ringsim.group import Action, RingGroup
from ringsim.planning._talk_times import talk_time_of, talk_time_of_callers
from ringsim.presets import preset
from ringsim.scenario import Demand, Scenario, time_text

__all__ = ["run"]

RULES = {
    Action.FORWARD_TO_VOICEMAIL: "go to voicemail",
    Action.REPEAT: "go through the group again",
    Action.HANGUP: "are hung up",
}


def run(source: ScenarioOptions) -> None:
    """Print what the file and the options mean."""
    scenario, notes = scenario_from(source)
    name = scenario.name or "Scenario"
    opens = f", from {scenario.opens_at} on" if scenario.opens_at else ""
    days = f", on {', '.join(scenario.days)}" if scenario.days else ""
    parts = [
        f"{name}: calls arrive for {counted(scenario.hours, 'hour')}{opens}{days}.",
        *(_block("Groups", _groups(scenario))),
        *(_block("People", _people(scenario))),
        *(_block("Callers", _callers(scenario))),
        *_block("Notes", [f"- {note}" for note in (*notes, *scenario.notes)]),
        *_output.assumed(scenario),
    ]
    show(parts)


def _block(title: str, lines: Iterator[str] | list[str]) -> list[str]:
    """Return the lines under a title as one text; none if there are no lines."""
    found = [f"  {line}" for line in lines]
    return ["\n".join([f"{title}:", *found])] if found else []


def _groups(scenario: Scenario) -> Iterator[str]:
    for group in scenario.groups:
        [line] = _tables.group_lines(scenario, [group.extension_number])
        yield line
        yield f"  {_rule(group)}"
        if own := group.to_file().get("rules"):
            told = (f"{option} = {json.dumps(value)}" for option, value in own.items())
            yield f"  Rules of its own: {', '.join(told)}."
        levels = {member.skill_level for member in group.members}
        members = [
            member.extension_number + (f" (level {member.skill_level})" if len(levels) > 1 else "")
            for member in group.members
        ]
        yield f"  Members, in their order: {', '.join(members) or 'none'}."
        busy = "is skipped" if group.skip_busy_member else "is rung all the same"
        yield f"  A member on a call {busy}. Unanswered calls {_unanswered(scenario, group)}."


def _rule(group: RingGroup) -> str:
    """Return how a group rings, in a sentence."""
    if group.preset is None:
        return rule_and_aliases(type(dispatcher_for(group.ring_strategy)))[0]
    chosen = preset(group.preset)
    return f"As {chosen.pbx}: {chosen.summary}."


def _unanswered(scenario: Scenario, group: RingGroup) -> str:
    """Return what happens to calls that nobody answers."""
    rule = group.no_answer_forward_rule
    if rule.action is not Action.FORWARD_TO_NUMBER:
        return RULES[rule.action]
    inside = rule.number in scenario.group_numbers
    return f"are forwarded to {'group ' if inside else ''}{rule.number}" + (
        "" if inside else ", which is not a group of the file: they leave"
    )


def _people(scenario: Scenario) -> Iterator[str]:
    for number in scenario.extension_numbers:
        person = scenario.extension(number)
        said = [f"answers {_after(person.answer_delay)}"]
        if person.answer_probability < 1:
            said.append(f"{person.answer_probability * 100:g} % of rings")
        said.append(_duty(scenario, number))
        own = person.own_calls
        if own is not None:
            count = own.expected_calls(scenario.hours)
            days = [own.on(day) for day in scenario.days or (None,)]
            talk_time = _long(talk_time_of(days, scenario.hours))
            said.append(f"{counted(count, 'own call')} a day, each {talk_time}")
        yield f"{number}: {', '.join(said)}."


def _duty(scenario: Scenario, number: str) -> str:
    told = {day: _duty_on(each, number) for day, each in _by_day(scenario)}
    return _same_or_by_day(told)


def _by_day(scenario: Scenario) -> list[tuple[str, Scenario]]:
    """Return the weekdays with the scenario of each; the scenario itself without days."""
    return [(each.days[0] if each.days else "", each) for each in scenario.daily]


def _same_or_by_day(told: dict[str, str]) -> str:
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return "; ".join(f"{day}: {words}" for day, words in told.items())


def _duty_on(scenario: Scenario, number: str) -> str:
    spans = scenario.duty(number)
    if spans is None:
        return "always on duty"
    if not spans:
        return "never on duty"
    told = (
        f"{time_text(start, scenario.opens_at)} to "
        f"{'the end' if math.isinf(end) else time_text(end, scenario.opens_at)}"
        for start, end in spans
    )
    return f"on duty {' and '.join(told)}"


def _callers(scenario: Scenario) -> Iterator[str]:
    for number, demand in scenario.demand.items():
        told = {day: _calls(each.demand[number], each.hours) for day, each in _by_day(scenario)}
        yield f"{number}: {_same_or_by_day(told)}."
        patience = demand.patience
        waits = "wait for ever" if _never(patience) else f"give up {_after(patience)}"
        wrap_up = demand.wrap_up_time
        after = "" if wrap_up == Constant(0.0) else f"; wrap-up lasts {_long(wrap_up)}"
        talk_time = _long(talk_time_of_callers(scenario, number))
        yield f"  Calls last {talk_time}{after}. Callers {waits}."


def _calls(demand: Demand, hours: float) -> str:
    calls = counted(demand.expected_calls(hours), "call")
    if demand.arrives_at is not None:
        return f"{counted(len(demand.arrives_at), 'call')}, at given instants"
    rates = demand.hourly_rates
    if not isinstance(rates, tuple):
        return f"{calls} a day, {rates:g} an hour"
    span = f"{min(rates):g} to {max(rates):g} an hour" if rates else "none"
    intervals = counted(len(rates), "interval")
    return f"{calls} a day, {span}, in {intervals} of {demand.interval:g} s"


def _never(duration: Distribution) -> bool:
    return math.isinf(duration.mean()) and isinstance(duration, Constant)


def _after(duration: Distribution) -> str:
    return "never" if _never(duration) else f"after {_long(duration)}"


def _long(duration: Distribution) -> str:
    """Return how long a duration is: `180 s on average`, `exactly 15 s`."""
    mean = duration.mean()
    if isinstance(duration, Constant):
        return f"exactly {mean:g} s"
    return f"{mean:.4g} s on average" if math.isfinite(mean) else "any time: it has no mean"
