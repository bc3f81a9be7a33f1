"""The record of the rules: what it states, what it takes, and what plays by it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim.rules import DEFAULTS, ORDER_OPTIONS
from ringsim.scenario import changed
from ringsim.testing import audit
from support.helpers import refusal
from support.played import group, scene, script, table, told
from support.readme import README, table_rows

PACKAGE = Path(rs.__file__).parent
NUMBERS = [f"S{number}" for number in range(1, 16)]
WORKED = ["W1", "W2", "W3", "W4", "W4b", *(f"W{number}" for number in range(5, 11))]
REPEAT = {"action": "REPEAT"}


# What it states


def test_every_rule_is_stated_once_and_in_order() -> None:
    stated = inspect.cleandoc(rs.Rules.__doc__ or "")
    assert re.findall(r"^(S\d+) ", stated, re.M) == NUMBERS
    assert re.findall(r"^- (W\w+):", stated, re.M) == WORKED


def test_readme_has_a_row_for_every_rule() -> None:
    assert [row[0] for row in table_rows("## The rules")] == NUMBERS
    assert all(row[2].endswith(".") for row in table_rows("## The rules"))


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("file", ["rules.py", "engine/_simpy.py", "engine/_compiled.py"])
def test_every_rule_is_found_by_its_number(number: str, file: str) -> None:
    assert re.search(rf"\b{number}\b", (PACKAGE / file).read_text("utf-8"))


@pytest.mark.parametrize("number", NUMBERS)
def test_the_worked_cases_of_every_rule_are_found_by_its_number(number: str) -> None:
    """As `git grep -w` finds them: the name of a test has no word of its own."""
    tests = README.parent / "tests" / "engine"
    files = [tests / "test_rules.py", tests / "test_simultaneous.py"]
    assert any(re.search(rf"\b{number}\b", file.read_text("utf-8")) for file in files)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_rule_has_tests_that_name_it(number: str) -> None:
    tests = (README.parent / "tests" / "engine").glob("test_*.py")
    assert any(f"def test_{number.lower()}_" in path.read_text("utf-8") for path in tests)


# What it takes


def test_every_option_is_unset_and_has_a_default() -> None:
    assert set(rs.Rules.model_fields) == {*DEFAULTS, *ORDER_OPTIONS}
    assert rs.Rules().given() == {}
    assert rs.Rules(passes=None) == rs.Rules()
    assert rs.Rules().resolved().given() == dict(DEFAULTS)


@table(
    "rules sentence",
    (
        "passes 0",
        {"passes": 0},
        'rules.passes must be a whole number from 1 to 10001, or "inf", got 0.',
    ),
    (
        "passes 1.5",
        {"passes": 1.5},
        'rules.passes must be a whole number from 1 to 10001, or "inf", got 1.5.',
    ),
    (
        "a delay that is negative",
        {"repeat_delay": -1},
        "rules.repeat_delay must be a finite number of seconds, at least 0, got -1.",
    ),
    (
        "a word for yes",
        {"ringing_is_busy": "yes"},
        "rules.ringing_is_busy must be true or false, got 'yes'.",
    ),
    (
        "a misspelt option",
        {"pases": 2},
        "rules must have no field 'pases', got 2. Did you mean 'passes'?",
    ),
    ("no table", 5, "rules must be a table, got 5."),
)
def test_an_option_that_cannot_be_is_refused(rules: Any, sentence: str) -> None:
    assert refusal(lambda: group("A", rules=rules)) == sentence


@table(
    "fields sentence",
    (
        "passes",
        {"max_repeats": 3, "rules": {"passes": 4}},
        "rules.passes must not be given beside max_repeats, got 4.",
    ),
    (
        "delay",
        {"repeat_delay": 1, "rules": {"repeat_delay": 1}},
        "rules.repeat_delay must not be given beside repeat_delay, got 1.",
    ),
)
def test_one_value_is_given_in_one_place(fields: Any, sentence: str) -> None:
    assert refusal(lambda: group("A", **fields)) == sentence


@table(
    "fields scenario expected",
    ("nothing", {}, {}, (False, 1, 1)),
    ("REPEAT", {"action": "REPEAT"}, {}, (False, 4, 1)),
    ("its repeats", {"action": "REPEAT", "max_repeats": 0}, {}, (False, 1, 1)),
    ("repeats without REPEAT", {"max_repeats": 7}, {}, (False, 1, 1)),
    ("the group's delay", {"repeat_delay": 0}, {}, (False, 1, 0)),
    ("the scenario's ringing", {}, {"ringing_is_busy": True}, (True, 1, 1)),
    (
        "the group's rules before the scenario",
        {"rules": {"ringing_is_busy": False}},
        {"ringing_is_busy": True},
        (False, 1, 1),
    ),
    ("passes", {"rules": {"passes": 2, "repeat_delay": 9}}, {}, (False, 2, 9)),
    ("passes of REPEAT", {"action": "REPEAT", "rules": {"passes": 2}}, {}, (False, 2, 1)),
)
def test_what_is_unset_is_inherited(
    fields: Any, scenario: Any, expected: tuple[bool, int, float]
) -> None:
    rules = scene(group("A", **fields), **scenario).rules("600")
    assert (rules.ringing_is_busy, rules.passes, rules.repeat_delay) == expected


# Where it stands


def test_rules_are_never_written_into_the_record_of_the_pbx() -> None:
    sales = rs.RingGroup(name="Sales", rules={"passes": 2})
    assert sales.to_api() == {"name": "Sales"}
    assert sales.to_file() == {"name": "Sales", "rules": {"passes": 2}}


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_rules_survive_a_file(tmp_path: Path, suffix: str) -> None:
    rules = rs.Rules(ringing_is_busy=True, passes=2, repeat_delay=0.5)
    office = scene(group("A B", rules=rules), group("C", number="601"))
    office.dump(tmp_path / f"office{suffix}")
    assert rs.Scenario.load(tmp_path / f"office{suffix}") == office
    if suffix == ".toml":
        assert "[groups.rules]\n" in (tmp_path / "office.toml").read_text("utf-8")


@table(
    "path value",
    ("a delay", "groups.600.rules.repeat_delay", 4),
    ("passes", "groups.600.rules.passes", 4),
    ("ringing", "groups.600.rules.ringing_is_busy", True),
)
def test_an_option_is_changed_by_its_path(path: str, value: Any) -> None:
    office = scene(group("A", rules={"ringing_is_busy": False}))
    option = path.rpartition(".")[2]
    expected = {"ringing_is_busy": False, option: value}
    assert changed(office, {path: value}).group("600").rules.given() == expected
    short = path.removeprefix("groups.600.")
    assert changed(office, {short: value}, group="600").group("600").rules.given() == expected


def test_an_option_that_cannot_be_changed_is_named_by_its_path() -> None:
    sentence = 'groups.600.rules.passes must be a whole number from 1 to 10001, or "inf", got 0.'
    assert refusal(changed, scene("A"), {"groups.600.rules.passes": 0}) == sentence


# What plays by it

ALTERNATE = [
    "A 0-20, B 20-40, C 40-60; overflowed at 60",
    "A 5-25, B 25-45, C 45-65; overflowed at 65",
]
APART = ["A 0-20, C 20-40, B 40-60; overflowed at 60", "B 5-25, A 25-45, C 45-65; overflowed at 65"]


@table(
    "rules scenario expected",
    ("unset", {}, False, ALTERNATE),
    ("unset, so that the scenario counts", {}, True, APART),
    ("yes, whatever the scenario says", {"ringing_is_busy": True}, False, APART),
    ("no, whatever the scenario says", {"ringing_is_busy": False}, True, ALTERNATE),
)
def test_ringing_is_busy_to_a_group(
    rules: Any, scenario: bool, expected: list[str], engine: str
) -> None:
    day = scene(group("A B C", rules=rules), ringing_is_busy=scenario)
    assert told(rs.play(day, script(0, 5), engine)) == expected


def test_ringing_is_busy_to_one_group_of_two(engine: str) -> None:
    """To 600 the phone of A, which rings for 601, is busy; to 601 that of B, for 600, is not."""
    day = scene(group("A B", rules={"ringing_is_busy": True}), group("A B", number="601"))
    log = rs.play(day, script(0, 1, 2, to=["601", "600", "601"]), engine)
    assert [line.split(",")[0] for line in told(log)] == [
        "A 0-20",
        "B 1-21; overflowed at 21",
        "A 2-22",
    ]


@table(
    "fields expected",
    ("and then hangs up", {}, "A 0-20, A 20-40, A 40-60; overflowed at 60"),
    (
        "and then forwards",
        {"action": "FORWARD_TO_VOICEMAIL"},
        "A 0-20, A 20-40, A 40-60; overflowed (FORWARD_TO_VOICEMAIL) at 60",
    ),
    ("as REPEAT", {"action": "REPEAT"}, "A 0-20, A 20-40, A 40-60; overflowed at 60"),
)
def test_a_group_makes_its_passes(fields: Any, expected: str, engine: str) -> None:
    day = scene(group("A", rules={"passes": 3}, **fields))
    assert told(rs.play(day, script(0), engine)) == [expected]


def test_a_pass_after_a_silent_one_is_delayed(engine: str) -> None:
    day = scene(group("A", rules={"passes": 2, "repeat_delay": 7}))
    log = rs.play(day, script(3, own=[(0, "A", 5)], A=1), engine)
    assert told(log) == ["A 10-11; answered by A at 11"]


@pytest.mark.parametrize("played", [True, False])
@pytest.mark.parametrize("judged", [True, False])
def test_audit_goes_by_the_rules_of_a_group(played: bool, judged: bool) -> None:
    def day(ringing_is_busy: bool) -> rs.Scenario:
        return scene(group("A B C", rules={"ringing_is_busy": ringing_is_busy}))

    calls = script(0, 5)
    found = audit(day(judged), rs.play(day(played), calls), calls)
    assert (not found.violations) == (played == judged)
