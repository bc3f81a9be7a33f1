"""Tests of records' errors, with their exact sentences.

One table per record: a row is an input and its sentence, *subject must be constraint, got
repr. Hint.*
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pytest
from scipy import stats

from ringsim.errors import ConfigurationError, RingsimError
from ringsim.group import Member, MemberList, NoAnswerForwardRule, RingGroup, read_groups
from ringsim.scenario import Demand, Extension, Scenario
from support.helpers import named, refusal

GROUP = {"extension_number": "600"}
SECONDS_OF_A_RING = "from 0 to 2147483647 seconds"
NAN = math.nan


def table(*rows: tuple[Any, str]) -> pytest.MarkDecorator:
    """Rows of an input and its error."""
    return pytest.mark.parametrize(("given", "sentence"), rows, ids=[named(row[0]) for row in rows])


def numbers(subject: str, constraint: str, values: Iterable[Any]) -> list[tuple[Any, str]]:
    """Return table rows that set one field to each of some invalid numbers."""
    return [
        ({subject: value}, f"{subject} must be {constraint}, got {value!r}.{_hint(value)}")
        for value in values
    ]


def _hint(value: Any) -> str:
    return " Remove the quotes." if isinstance(value, str) and value.isdigit() else ""


@table(
    (
        {"extension_number": "6x0"},
        "extension_number must be a string of 3 to 64 digits, got '6x0'.",
    ),
    ({"extension_number": "20"}, "extension_number must be a string of 3 to 64 digits, got '20'."),
    ({"extension_number": ""}, "extension_number must be a string of 3 to 64 digits, got ''."),
    (
        {"extension_number": "600\n"},
        r"extension_number must be a string of 3 to 64 digits, got '600\n'.",
    ),
    (
        {"extension_number": "٦٠٠"},
        "extension_number must be a string of 3 to 64 digits, got '٦٠٠'.",
    ),
    (
        {"extension_number": "6" * 65},
        f"extension_number must be a string of 3 to 64 digits, got '{'6' * 65}'.",
    ),
    ({"extension_number": 600}, "extension_number must be a string, got 600. Put it in quotes."),
    ({"name": 5}, "name must be a string, got 5. Put it in quotes."),
    (
        {"ring_strategy": "CYCLIC_HNT"},
        "ring_strategy must be one of the eight RingStrategy values, got 'CYCLIC_HNT'. "
        "Did you mean 'CYCLIC_HUNT'?",
    ),
    (
        {"ring_strategy": "cyclic"},
        "ring_strategy must be one of the eight RingStrategy values, got 'cyclic'. "
        "Did you mean 'CYCLIC_HUNT'?",
    ),
    (
        {"ring_strategy": "x"},
        "ring_strategy must be one of the eight RingStrategy values, got 'x'. They are "
        "RING_SIMULTANEOUSLY, PRIORITIZED_HUNT, CYCLIC_HUNT, LEAST_WORKED_HUNT, PAGING_INTERCOM, "
        "SKILL_BASED_ROUTING_PRIORITIZED_HUNT, SKILL_BASED_ROUTING_CYCLIC_HUNT, "
        "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT.",
    ),
    *numbers("ring_time", SECONDS_OF_A_RING, [-20, -1e-9, 2**31, NAN, math.inf, "20", True]),
    *numbers("max_repeats", "a whole number from 0 to 10000", [-1, 1.5, math.inf, True]),
    *numbers("repeat_delay", "a finite number of seconds, at least 0", [-1, NAN, math.inf, "1"]),
    ({"skip_busy_member": "yes"}, "skip_busy_member must be true or false, got 'yes'."),
    ({"skip_busy_member": 1}, "skip_busy_member must be true or false, got 1."),
    ({"members": "201"}, "members must be a list, got '201'."),
    ({"members": {"201": 1}}, "members must be a list, got {'201': 1}."),
    (
        {"members": ["201", "20"]},
        "members[1].extension_number must be a string of 3 to 64 digits, got '20'.",
    ),
    (
        {"members": [201]},
        "members[0].extension_number must be a string, got 201. Put it in quotes.",
    ),
    ({"members": [["201"]]}, "members[0] must be a table, got ['201']."),
    ({"members": [{"skill_level": 1}]}, "members[0].extension_number must be given."),
    (
        {"members": ["201", "202", {"extension_number": "201"}]},
        "members[2].extension_number must not be listed twice, got '201'.",
    ),
    (
        {"members": ["201", {"extension_number": "202", "skill_level": 0}]},
        "members[1].skill_level must be between 1 and 100, got 0.",
    ),
    ({"members": ["201"], "agents": ["202"]}, "agents must not be given beside members."),
    (
        {"no_answer_forward_rule": {"action": "FORWARD"}},
        "no_answer_forward_rule.action must be one of the four actions, got 'FORWARD'. They are "
        "FORWARD_TO_NUMBER, FORWARD_TO_VOICEMAIL, REPEAT, HANGUP.",
    ),
    (
        {"no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER"}},
        "no_answer_forward_rule.number must be given with FORWARD_TO_NUMBER.",
    ),
    ({"no_answer_forward_rule": "HANGUP"}, "no_answer_forward_rule must be a table, got 'HANGUP'."),
    (
        {"outbound_caller_ids": [{"caller_id": 41}]},
        "outbound_caller_ids[0].caller_id must be a string, got 41. Put it in quotes.",
    ),
)
def test_ring_group(given: dict[str, Any], sentence: str) -> None:
    assert refusal(RingGroup.from_api, given) == sentence


@table(
    ({}, "extension_number must be given."),
    ({"extension_number": None}, "extension_number must be given."),
    *[
        (
            {"extension_number": "201", "skill_level": level},
            f"skill_level must be between 1 and 100, got {level!r}.{_hint(level)}",
        )
        for level in (0, 101, -1, 1.5, 2.0, "1", True, NAN)
    ],
)
def test_member(given: dict[str, Any], sentence: str) -> None:
    assert refusal(Member.from_api, given) == sentence


@table(
    (
        {"action": "HANG_UP"},
        "action must be one of the four actions, got 'HANG_UP'. Did you mean 'HANGUP'?",
    ),
    ({"action": "FORWARD_TO_NUMBER"}, "number must be given with FORWARD_TO_NUMBER."),
    ({"action": "FORWARD_TO_NUMBER", "number": ""}, "number must be given with FORWARD_TO_NUMBER."),
    (
        {"action": "FORWARD_TO_NUMBER", "number": None},
        "number must be given with FORWARD_TO_NUMBER.",
    ),
    ({"number": 601}, "number must be a string, got 601. Put it in quotes."),
)
def test_no_answer_forward_rule(given: dict[str, Any], sentence: str) -> None:
    assert refusal(NoAnswerForwardRule.from_api, given) == sentence


@table(
    (5, "file must hold a ring group or a scenario, got 5."),
    ("600", "file must hold a ring group or a scenario, got '600'."),
    ({"items": 5}, "items must be a list, got 5."),
    ({"items": [5]}, "items[0] must be a table, got 5."),
    ([{"ring_time": -1}], f"items[0].ring_time must be {SECONDS_OF_A_RING}, got -1."),
    ({"items": [], "count": -1}, "count must be a whole number, got -1."),
    (
        {"items": [{"extension_number": "201", "skill_level": 1}]},
        "items must be ring groups, not members. Give a list of members as --agents.",
    ),
)
def test_groups_from_the_pbx(given: Any, sentence: str) -> None:
    assert refusal(read_groups, given) == sentence


@table(
    ([], "RingGroup must be read from a JSON object, got []."),
    (None, "RingGroup must be read from a JSON object, got None."),
    (
        {"\ud800": 1},
        "RingGroup must be Unicode text, without half a surrogate pair, got '\\ud800'.",
    ),
)
def test_what_is_no_record(given: Any, sentence: str) -> None:
    assert refusal(RingGroup.from_api, given) == sentence


def test_member_list() -> None:
    assert refusal(MemberList.from_api, {"items": ["201", "2x1"]}) == (
        "items[1].extension_number must be a string of 3 to 64 digits, got '2x1'."
    )


FORMS = (
    "must be a number of seconds, a frozen scipy.stats distribution, ringsim.lognormal(mean=, "
    "cv=), ringsim.Empirical(samples), or one of their file forms"
)


@table(
    ({}, "calls_per_hour must be given, or calls_per_interval or arrives_at."),
    (
        {"calls_per_hour": 1, "arrives_at": [0]},
        "calls_per_hour must not be given beside arrives_at.",
    ),
    *numbers("calls_per_hour", "a finite number of calls, at least 0", [-1, NAN, math.inf]),
    (
        {"calls_per_hour": "4"},
        "calls_per_hour must be a number of calls, or a list of them, got '4'. Remove the quotes.",
    ),
    (
        {"calls_per_hour": {"9": 4}},
        "calls_per_hour must be one of mon, tue, wed, thu, fri, sat, sun, got '9'.",
    ),
    (
        {"calls_per_hour": [4, NAN]},
        "calls_per_hour[1] must be a finite number of calls, at least 0, got nan.",
    ),
    (
        {"calls_per_hour": [True]},
        "calls_per_hour[0] must be a finite number of calls, at least 0, got True.",
    ),
    (
        {"calls_per_hour": 1, "interval": 0},
        "interval must be a positive number of seconds, got 0.",
    ),
    ({"arrives_at": 5}, "arrives_at must be a list of seconds from the start, got 5."),
    (
        {"arrives_at": [0, -1]},
        "arrives_at[1] must be a finite number of seconds, at least 0, got -1.",
    ),
    (
        {"arrives_at": ["soon"]},
        "arrives_at[0] must be a finite number of seconds, at least 0, or a time, got 'soon'.",
    ),
    (
        {"calls_per_hour": 1, "talk_tme": 5},
        "Demand must have no field 'talk_tme', got 5. Did you mean 'talk_time'?",
    ),
)
def test_demand(given: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: Demand(**{"talk_time": 1, **given})) == sentence


@pytest.mark.parametrize("number", [10**400, -(10**400)], ids=["10**400", "-10**400"])
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda number: Demand(calls_per_hour=number, talk_time=1), id="a rate"),
        pytest.param(lambda number: Demand(arrives_at=[number], talk_time=1), id="an instant"),
        pytest.param(
            lambda number: Demand(calls_per_hour=1, talk_time=1).scaled(number), id="scaled"
        ),
        pytest.param(lambda number: RingGroup(ring_time=number), id="ring_time"),
        pytest.param(lambda number: Scenario(groups=[], hours=number), id="hours"),
    ],
)
def test_a_number_too_large_for_a_float(make: Any, number: int) -> None:
    assert "must be " in refusal(make, number)


@pytest.mark.parametrize("field", ["talk_time", "wrap_up_time", "patience"])
@table(
    (-3, "{} must be a number of seconds, at least 0, got -3."),
    (NAN, "{} must be a number of seconds, at least 0, got nan."),
    (True, "{} " + FORMS + ", got True."),
    ("abc", "{} " + FORMS + ", got 'abc'."),
    ({"mean": -1, "cv": 2}, "{}.mean must be a positive finite number of seconds, got -1.0."),
    ({"samples": [1, "x"]}, "{}.samples[1] must be a number of seconds, got 'x'."),
    (
        {"dist": "norm", "loc": 180},
        "{} must have no negative values, but reaches down to -inf, got 'norm(loc=180)'. "
        "A duration cannot be negative: try lognorm, gamma or truncnorm.",
    ),
    (
        {"dist": "logno", "s": 1},
        "{}.dist must be the name of a scipy.stats distribution, got 'logno'. "
        "Did you mean 'lognorm'?",
    ),
    (
        {"dist": "lognorm", "q": 1},
        "{}.q must be a parameter of lognorm, got 1.0. They are s, loc, scale.",
    ),
)
def test_durations_of_demand(field: str, given: Any, sentence: str) -> None:
    durations = {"talk_time": 1, field: given}
    assert refusal(lambda: Demand(calls_per_hour=1, **durations)) == sentence.format(field)


def test_demand_needs_a_talk_time() -> None:
    assert refusal(lambda: Demand(calls_per_hour=1)) == "talk_time must be given."


def test_a_misspelt_field_is_told_rather_than_that_it_is_missing() -> None:
    assert refusal(lambda: Demand(calls_per_hour=1, talk_tme=5)) == (
        "Demand must have no field 'talk_tme', got 5. Did you mean 'talk_time'?"
    )


@table(
    (-1, "factor must be a finite number, at least 0, got -1."),
    (NAN, "factor must be a finite number, at least 0, got nan."),
    ("2", "factor must be a finite number, at least 0, got '2'."),
)
def test_scaling_demand(given: Any, sentence: str) -> None:
    assert refusal(Demand(calls_per_hour=1, talk_time=1).scaled, given) == sentence


def test_given_instants_cannot_be_scaled() -> None:
    assert refusal(Demand(arrives_at=[0], talk_time=1).scaled, 2) == (
        "scaled() must be applied to a demand with calls_per_hour, not arrives_at, got 2."
    )


@table(
    ({"extension_number": "20"}, "extension_number must be a string of 3 to 64 digits, got '20'."),
    ({"extension_number": 201}, "extension_number must be a string, got 201. Put it in quotes."),
    *numbers("answer_probability", "between 0 and 1", [1.5, -0.1, NAN, "1", True]),
    ({"answer_delay": -1}, "answer_delay must be a number of seconds, at least 0, got -1."),
    (
        {"answer_delay": stats.norm(180, 60)},
        "answer_delay must have no negative values, but reaches down to -inf, got "
        "'norm(loc=180, scale=60)'. A duration cannot be negative: try lognorm, gamma or "
        "truncnorm.",
    ),
    ({"on_duty": 5}, "on_duty must be a list of spans, each of a start and an end, got 5."),
    (
        {"on_duty": "08:00"},
        "on_duty must be a list of spans, each of a start and an end, got '08:00'.",
    ),
    (
        {"on_duty": [("08:00",)]},
        "on_duty[0] must be a start and an end, got ('08:00',). "
        'Write [("08:00", "12:00"), ("12:30", "17:00")].',
    ),
    (
        {"on_duty": ["ab"]},
        "on_duty[0] must be a start and an end, got 'ab'. "
        'Write [("08:00", "12:00"), ("12:30", "17:00")].',
    ),
    ({"own_calls": {"calls_per_hour": 1}}, "own_calls.talk_time must be given."),
    (
        {"answer_dealy": 5},
        "Extension must have no field 'answer_dealy', got 5. Did you mean 'answer_delay'?",
    ),
)
def test_extension(given: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: Extension(**{"extension_number": "201", **given})) == sentence


@table(
    ({"groups": "600"}, "groups must be a list, got '600'."),
    ({"groups": None}, "groups must be a list, got None."),
    ({"groups": [5]}, "groups[0] must be a table, got 5."),
    ({"groups": [{"name": "Sales"}]}, "groups[0].extension_number must be given."),
    (
        {"groups": [GROUP, GROUP]},
        "groups[1].extension_number must differ from those of other groups, got '600'.",
    ),
    (
        {"groups": [{**GROUP, "members": ["201", "601"]}, {"extension_number": "601"}]},
        "groups[0].members[1].extension_number must be a person's number, not a ring group's, "
        "got '601'.",
    ),
    (
        {"groups": [{**GROUP, "members": ["600"]}]},
        "groups[0].members[0].extension_number must be a person's number, not a ring group's, "
        "got '600'.",
    ),
    (
        {"extensions": [{"extension_number": "600"}]},
        "extensions[0].extension_number must be a person's number, not a ring group's, got '600'.",
    ),
    (
        {"extensions": [{"extension_number": "201"}, {"extension_number": "201"}]},
        "extensions[1].extension_number must not be listed twice, got '201'.",
    ),
    (
        {"groups": [{**GROUP, "ring_time": -1}]},
        f"groups[0].ring_time must be {SECONDS_OF_A_RING}, got -1.",
    ),
    (
        {"demand": {"601": {"calls_per_hour": 1, "talk_time": 5}}},
        "demand.601 must be for a group of the scenario, got '601'. Did you mean '600'?",
    ),
    (
        {"demand": {"999": {"calls_per_hour": 1, "talk_time": 5}}},
        "demand.999 must be for a group of the scenario, got '999'. Its groups are 600.",
    ),
    ({"demand": [1]}, "demand must be a table keyed by the number of a group, got [1]."),
    ({"demand": {600: 40}}, "demand[600] must be a string, got 600. Put it in quotes."),
    (
        {"demand": {"600": 40}},
        "demand.600 must be a table, got 40. Give a ringsim.Demand, or a table of its fields.",
    ),
    (
        {"demand": {"600": {"calls_per_hour": -1, "talk_time": 5}}},
        "demand.600.calls_per_hour must be a finite number of calls, at least 0, got -1.",
    ),
    (
        {"demand": {"600": {"calls_per_hour": 1, "talk_time": {"dist": "norm"}}}},
        "demand.600.talk_time must have no negative values, but reaches down to -inf, got "
        "'norm()'. A duration cannot be negative: try lognorm, gamma or truncnorm.",
    ),
    (
        {"demand": {"600": {"calls_per_hour": 1, "talk_time": 5, "patence": 9}}},
        "demand.600 must have no field 'patence', got 9. Did you mean 'patience'?",
    ),
    *numbers(
        "hours", "a positive number of hours, at most 8784", [0, -8, NAN, math.inf, 8785, "8", True]
    ),
    ({"opens_at": "25:00"}, "opens_at must be a time of day such as \"08:30\", got '25:00'."),
    ({"opens_at": 8}, "opens_at must be a string, got 8. Put it in quotes."),
    ({"ringing_is_busy": 1}, "ringing_is_busy must be true or false, got 1."),
    ({"hors": 8}, "Scenario must have no field 'hors', got 8. Did you mean 'hours'?"),
    (
        {"extensions": [{"extension_number": "201", "on_duty": [["08:00", "12:00"]]}]},
        "extensions[0].on_duty[0] must be in seconds from the start, as the scenario has no "
        "opens_at, got ('08:00', '12:00'). Give opens_at, such as \"08:00\".",
    ),
    (
        {"extensions": [{"extension_number": "201", "on_duty": [[0, 10], [5, 20]]}]},
        "extensions[0].on_duty[1] must not overlap another span, got (5, 20).",
    ),
    (
        {"extensions": [{"extension_number": "201", "on_duty": [[0, 10], [9, 5]]}]},
        "extensions[0].on_duty[1] must start at 0 or later and end after it starts, got (9, 5).",
    ),
)
def test_scenario(given: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: Scenario(**{"groups": [GROUP], **given})) == sentence


def test_scenario_without_groups() -> None:
    assert refusal(Scenario) == "groups must be given."


def test_a_group_that_a_scenario_does_not_have() -> None:
    assert refusal(Scenario(groups=[GROUP]).group, "601") == (
        "group must be the number of a group of the scenario, got '601'. Its groups are 600."
    )


def test_refusals_are_ringsims_and_value_errors() -> None:
    assert issubclass(ConfigurationError, RingsimError)
    assert issubclass(ConfigurationError, ValueError)


def test_a_long_value_is_cut_short() -> None:
    sentence = refusal(lambda: RingGroup(name=["x"] * 1000))
    assert sentence.startswith("name must be a string, got ['x', 'x',")
    assert len(sentence) < 200


def test_a_sentence_is_one_line_whatever_is_in_it() -> None:
    said = refusal(lambda: Scenario(groups=[], demand={"a\nb\x1b": {}}))
    assert said.isprintable()
    assert said.startswith(r"demand.a\nb\x1b")


def test_what_is_too_deep_to_show_is_refused_all_the_same() -> None:
    """The repr fails in some versions of Python."""
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    said = refusal(lambda: RingGroup(members=deep))
    assert said.startswith(
        ("members[0] must be a table, got a list", "members[0] must be a table, got [[")
    )
    assert len(said) < 200


@pytest.mark.parametrize(
    ("fields", "is_hinted"),
    [
        ({"ring_time": "20"}, True),
        ({"skip_busy_member": "true"}, True),
        ({"rules": {"passes": "3"}}, True),
        ({"members": [{"extension_number": "201", "skill_level": "2"}]}, True),
        ({"ring_time": "soon"}, False),
        ({"skip_busy_member": "1"}, False),
        ({"ring_strategy": "3"}, False),
        ({"extension_number": "20"}, False),
        ({"rules": {"rotation": "3"}}, False),
    ],
)
def test_a_number_in_quotes_has_a_hint(fields: dict[str, Any], is_hinted: bool) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RingGroup(**{**GROUP, **fields})
    said = str(refused.value)
    assert said.endswith(". Remove the quotes.") is is_hinted
