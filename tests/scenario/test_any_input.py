"""Tests of arbitrary bytes as files and arbitrary JSON as records: a result or an error, soon.

A scenario that loads must also play a workload written by hand and one that is drawn.
"""

from __future__ import annotations

import copy
import json
import math
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim.distributions import as_distribution
from ringsim.group import MemberList, RingGroupList, read_groups
from support.effort import lines_run
from support.generated import json_trees
from support.helpers import makes_or_refuses, refusal

MOST_LINES = 500_000  # of Python that a file or a record of these tests may take
MOST_CALLS = 200
LONG = "0x" + "f" * 5000  # more digits than Python prints in decimal

OFFICE: dict[str, Any] = {
    "name": "Office",
    "hours": 2,
    "opens_at": "08:00",
    "ringing_is_busy": False,
    "groups": [
        {
            "extension_number": "600",
            "name": "Sales",
            "ring_time": 15,
            "ring_strategy": "CYCLIC_HUNT",
            "skip_busy_member": True,
            "max_repeats": 2,
            "repeat_delay": 1,
            "members": [{"extension_number": "201", "skill_level": 2}, "202"],
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
        },
        {
            "extension_number": "601",
            "members": ["202", "203"],
            "no_answer_forward_rule": {"action": "REPEAT"},
        },
    ],
    "demand": {
        "600": {"calls_per_hour": [20, 10.5], "interval": 1800, "talk_time": 90, "patience": 40},
        "601": {"arrives_at": [0, 5, 5], "talk_time": {"samples": [10, 20]}, "wrap_up_time": 5},
    },
    "extensions": [
        {
            "extension_number": "201",
            "answer_delay": {"samples": [2, 7, "inf"]},
            "answer_probability": 0.8,
            "on_duty": [["08:00", "09:00"], ["09:30", "10:00"]],
            "own_calls": {"calls_per_hour": 2, "talk_time": 120},
        },
        {"extension_number": "202", "answer_delay": 3, "on_duty": [[0, 3600]]},
    ],
}
RECORD: dict[str, Any] = {
    "id": "NzAw",
    "outbound_caller_ids": [{"provider_id": "a", "caller_id": "b", "description": "c"}],
    "agents": [{"extension_number": "201", "skill_level": 2}],
    **{key: value for key, value in OFFICE["groups"][0].items() if key != "members"},
}

ODD = st.sampled_from(
    [
        None, True, False, "", "0", "inf", "-inf", "NaN", "nan", "24:00", "99:99", "600", "201",
        0, -1, 1, 2**63, 10**18, -(10**400), 10**400, 1 << 9_999, 1e-320, 1e9, 1e300, 1.7e308,
        math.nan, math.inf, -math.inf, -0.0, [], {}, [[]], [None], ["201", "201"], {"": {}},
        [0, 1e308], ["inf"], [["08:00", "08:00"]], [[0, "inf"]], [[1e308, "inf"]], "REPEAT",
        "PAGING_INTERCOM", "RING_SIMULTANEOUSLY", "SKILL_BASED_ROUTING_CYCLIC_HUNT",
        {"action": "REPEAT"}, {"mean": 1e308, "cv": 1000}, {"mean": 5e-324, "cv": 0},
        {"samples": [1.7e308, 1.7e308]}, {"dist": "zipf", "a": 1.01}, {"dist": []},
        {"dist": "studentized_range", "k": 3, "df": 10}, "\u202e<b>\x00\x1b[31m", "\ud800",
    ]
)  # fmt: skip


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Yield the container and the key of everything in a tree, at any depth."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        found += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys if isinstance(holder[key], (dict, list))]
    return found


@st.composite
def broken(draw: st.DrawFn, whole: dict[str, Any], times: int = 2) -> Any:
    """Draw a tree with one or two parts deleted, replaced, doubled, renamed or nested deeply."""
    tree = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, times))):
        found = places(tree)
        if not found:
            return tree
        holder, key = draw(st.sampled_from(found))
        how = draw(st.sampled_from(["replace", "delete", "double", "rename", "wrap", "tree"]))
        if how == "delete":
            del holder[key]
        elif how == "double" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif how == "rename" and isinstance(holder, dict):
            holder[draw(st.sampled_from([f"{key}s", "", "self", "601", "2x1", "agents"]))] = (
                holder.pop(key)
            )
        elif how == "wrap":
            for _ in range(draw(st.sampled_from([1, 2, 99, 400]))):
                holder[key] = [holder[key]]
        else:
            holder[key] = copy.deepcopy(draw(json_trees if how == "tree" else ODD))
    return tree


def loads_soon(load: Any, *given: Any) -> Any:
    """Load a scenario with little work; return None if it is refused."""
    found: list[Any] = []
    assert lines_run(makes_or_refuses, lambda: found.append(load(*given)) or found[0]) < MOST_LINES
    return found[0] if found else None


def plays(scenario: rs.Scenario) -> None:
    """Check that a scenario plays, or that an error says why it does not."""
    if scenario.group_numbers:
        script = rs.Workload(
            arrives_at=[0, 0, 3600],
            talk_time=[30, math.inf, 0],
            patience=[math.inf, 600, 0],
            group=[scenario.group_numbers[0]] * 3,
            answer_delay={"201": [math.inf, 5, 0], "202": 1e300},
        )
        makes_or_refuses(lambda: tables(rs.play(scenario, script)))
    makes_or_refuses(lambda: drawn(scenario))


def tables(log: rs.CallLog) -> Any:
    """Show everything about one run."""
    assert set(log.calls["outcome"]) <= {"answered", "abandoned", "overflowed"}
    return log.rings, log.summary()


def drawn(scenario: rs.Scenario) -> Any:
    """Show everything about one replication."""
    rs.Workload.draw(scenario, max_calls=MOST_CALLS)
    result = rs.simulate(scenario, replications=1)
    return result.summary(), result.members()


@given(st.binary(max_size=60), st.sampled_from(["x", "x.toml", "x.json"]))
@example(b"a = 0x" + b"f" * 5000, "x.toml")
@example(b"[" * 5000, "x.json")
@example(b"a." * 2000 + b"a = 1", "x.toml")
@example(b'{"groups": [NaN, Infinity, 1e999, -0, ' + b"9" * 5000 + b"]}", "x.json")
def test_any_bytes_are_loaded_or_refused(
    tmp_path_factory: pytest.TempPathFactory, contents: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(contents)
    loads_soon(rs.Scenario.load, path)


@settings(max_examples=60)
@given(st.data(), st.sampled_from([".toml", ".json"]))
def test_a_file_with_wrong_bytes_in_it(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, suffix: str
) -> None:
    text = tomli_w.dumps(OFFICE) if suffix == ".toml" else json.dumps(OFFICE)
    start = data.draw(st.integers(0, len(text)))
    end = start + data.draw(st.integers(0, 12))
    new = data.draw(
        st.binary(max_size=6) | st.sampled_from([b"0", b"]", b"}", b'"', LONG.encode()])
    )
    path = tmp_path_factory.getbasetemp() / f"office{suffix}"
    path.write_bytes(text[:start].encode() + new + text[end:].encode())
    scenario = loads_soon(rs.Scenario.load, path)
    if scenario is not None:
        plays(scenario)


@given(broken(OFFICE))
def test_a_scenario_with_something_broken_plays_or_is_refused(tree: Any) -> None:
    scenario = loads_soon(rs.Scenario.from_file, tree)
    if scenario is not None:
        plays(scenario)


@settings(max_examples=60)
@given(broken(RECORD))
def test_a_record_with_something_broken(tree: Any) -> None:
    for read in (
        rs.RingGroup.from_api,
        rs.Member.from_api,
        rs.NoAnswerForwardRule.from_api,
        MemberList.from_api,
        RingGroupList.from_api,
        read_groups,
    ):
        for given_tree in (tree, {"items": [tree]}, {"items": tree}):
            loads_soon(read, given_tree)


@settings(max_examples=25)
@given(broken(OFFICE, times=1), st.sampled_from([".toml", ".json"]))
def test_what_loads_is_written_or_refused(
    tmp_path_factory: pytest.TempPathFactory, tree: Any, suffix: str
) -> None:
    scenario = loads_soon(rs.Scenario.from_file, tree)
    if scenario is not None:
        path = tmp_path_factory.getbasetemp() / f"written{suffix}"
        makes_or_refuses(lambda: scenario.dump(path) or path)


class TestNumbersTooLongToWrite:
    """TOML can read hexadecimal integers that Python does not print in decimal."""

    @pytest.mark.parametrize(
        "line", ["hours = {}", "name = {}", "groups = [{{extension_number = '600', site = {}}}]"]
    )
    def test_in_a_file(self, tmp_path: Path, line: str) -> None:
        path = tmp_path / "x.toml"
        path.write_text(line.format(LONG))
        assert refusal(rs.Scenario.load, path) == (
            f"{path} must hold no whole number of more than 10000 bits."
        )

    @pytest.mark.parametrize("suffix", [".toml", ".json"])
    def test_to_a_file(self, tmp_path: Path, suffix: str) -> None:
        scenario = rs.Scenario(groups=[{"extension_number": "600", "site": [int(LONG, 16)]}])
        assert refusal(scenario.dump, tmp_path / f"x{suffix}") == (
            "groups[0].site[0] must hold no whole number of more than 10000 bits."
        )

    def test_in_a_record(self) -> None:
        assert refusal(rs.RingGroup.from_api, {"ring_time": int(LONG, 16)}) == (
            "ring_time must be from 0 to 2147483647 seconds, got a int too long to show."
        )
        assert refusal(rs.RingGroup.from_api, {"ring_strategy": int(LONG, 16)}).startswith(
            "ring_strategy must be one of the eight RingStrategy values, got a int too long"
        )


@pytest.mark.parametrize("field", sorted(RECORD))
def test_nesting_beyond_the_stack(field: str) -> None:
    deep: list[Any] = []
    for _ in range(20_000):
        deep = [deep]
    assert "too deep to show" in refusal(rs.RingGroup.from_api, {field: deep})


def nested(levels: int, how: str) -> Any:
    """Return an empty list nested in lists or tables, `levels` in total."""
    tree: Any = []
    for _ in range(levels - 1):
        tree = {"a": tree} if how == "tables" else [tree]
    return tree


@pytest.mark.parametrize("how", ["lists", "tables"])
class TestUnknownKeysThatAreDeep:
    """Unknown fields are kept unread, but must be shown, compared and copied."""

    @pytest.mark.parametrize("levels", [101, 500, 20_000])
    def test_too_deep(self, levels: int, how: str) -> None:
        deep = nested(levels, how)
        constraint = "site must not be nested more than 100 levels deep, got "
        for make, path in (
            (lambda: rs.RingGroup(name="", site=deep), ""),
            (lambda: rs.RingGroup(name="").replace(site=deep), ""),
            (lambda: rs.Member.from_api({"extension_number": "201", "site": deep}), ""),
            (lambda: rs.RingGroup(no_answer_forward_rule={"number": "", "site": deep}), RULE),
            (lambda: rs.Scenario(groups=[{"extension_number": "600", "site": deep}]), GROUP),
            (lambda: read_groups({"items": [], "site": deep}), ""),
        ):
            assert refusal(make).startswith(path + constraint)

    def test_just_not_too_deep(self, how: str) -> None:
        deep = nested(100, how)
        group = rs.RingGroup.from_api({"extension_number": "600", "site": deep})
        assert repr(deep) in repr(group)
        assert copy.deepcopy(group) == pickle.loads(pickle.dumps(group)) == group
        assert group.to_api()["site"] == deep


RULE, GROUP = "no_answer_forward_rule.", "groups[0]."


def test_unknown_keys_that_hold_themselves() -> None:
    circle: list[Any] = []
    circle.append(circle)
    assert refusal(rs.RingGroup.from_api, {"site": circle}) == (
        "site must not be nested more than 100 levels deep, got [[...]]."
    )


def test_unknown_keys_that_hold_one_thing_very_often() -> None:
    """A list nested 60 deep, in which each list contains the next one twice."""
    twice: list[Any] = []
    for _ in range(60):
        twice = [twice, twice]
    assert loads_soon(rs.RingGroup.from_api, {"site": twice}) is not None


@pytest.mark.parametrize(
    ("make", "given", "sentence"),
    [
        (rs.RingGroup.from_api, {1: 2}, "RingGroup must be keyed by strings, got 1."),
        (rs.Scenario.from_file, {1: 2}, "Scenario must be keyed by strings, got 1."),
        (
            rs.RingGroup.from_api,
            {"members": [{1: 2}]},
            "members[0] must be keyed by strings, got 1.",
        ),
        (
            lambda given: rs.Scenario(groups=[{"extension_number": "600"}], demand={"600": given}),
            {1: 2},
            "demand.600 must be keyed by strings, got 1.",
        ),
        (as_distribution, {"dist": "expon", 1: 2}, "must be keyed by strings, got 1."),
    ],
)
def test_keys_that_are_no_names(make: Any, given: Any, sentence: str) -> None:
    assert refusal(make, given) == sentence


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: rs.Target(mean_speed_of_answer=10**400),
            "mean_speed_of_answer must be a positive number of seconds, got 10",
        ),
        (
            lambda: rs.simulate(rs.Scenario(groups=[]), replications=10**20),
            "replications must be at most 1,000,000, got 100000000000000000000.",
        ),
        (
            lambda: rs.Workload.draw(rs.Scenario(groups=[]), max_calls=-(10**400)),
            "max_calls must be a number, at least 0, got -10",
        ),
        (
            lambda: rs.Workload.draw(rs.Scenario(groups=[]), max_calls=math.nan),
            "max_calls must be a number, at least 0, got nan.",
        ),
    ],
)
def test_numbers_that_nobody_means(make: Any, sentence: str) -> None:
    assert refusal(make).startswith(sentence)


def test_targets_in_any_kind_of_number() -> None:
    target = rs.Target(service_level=Fraction(3, 4), within=Fraction(1, 2))
    assert target == rs.Target(service_level=0.75, within=0.5)
    assert str(target) == "a service level of at least 75 % within 0.5 s"
    assert "within inf s" in str(rs.Target(service_level=0.75, within=10**400))


def test_a_span_of_duty_that_starts_before_all_floats() -> None:
    person = rs.Extension("201", on_duty=[(Fraction(-(10**400), 3), 5)])
    assert refusal(lambda: rs.Scenario(groups=[], extensions=[person])) == (
        "extensions[0].on_duty[0] must start at 0 or later and end after it starts, got (-inf, 5)."
    )


@pytest.mark.parametrize(
    "given",
    [
        {"dist": "zipf", "a": 1.01},
        {"dist": "yulesimon", "alpha": 0.01},
        {"dist": "betabinom", "n": 10**15, "a": 1, "b": 1},
        {"dist": "studentized_range", "k": 3, "df": 10},
        {"dist": "ncx2", "df": 1, "nc": 1e18},
        {"dist": "gausshyper", "a": 2, "b": 3, "c": 1, "z": 1},
    ],
)
def test_inverses_that_would_take_for_ever(given: dict[str, Any]) -> None:
    assert refusal(as_distribution, given) == (
        f"dist must have an inverse (ppf) that scipy finds in time, got {given['dist']!r}. "
        'Give samples of it instead: {"samples": [...]}.'
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"dist": "invgauss", "mu": 5e-324},  # would end the process
            "mu must be 0, or from 1e-09 to 1e+09 in size, got 5e-324.",
        ),
        (
            {"dist": "gamma", "a": 2, "scale": -1e10},
            "must have parameters that scipy accepts, got 'gamma(a=2, scale=-1e+10)'.",
        ),
        (
            {"dist": "truncnorm", "a": -1e10, "b": 2, "loc": 1e10},
            "a must be 0, or from 1e-09 to 1e+09 in size, got -10000000000.0.",
        ),
        (
            {"dist": "rice", "b": 1e6},
            "b must be 0, or from 1e-09 to 100 in size, got 1000000.0.",
        ),
        (
            {"dist": "nbinom", "n": 1e7, "p": 1e-9},  # would end the process
            "must have a mean of at most 1,000,000, as it counts, got 'nbinom'.",
        ),
        (
            {"dist": "poisson", "mu": 1e9},
            "must have a mean of at most 1,000,000, as it counts, got 'poisson'.",
        ),
    ],
)
def test_parameters_that_no_duration_has(given: dict[str, Any], sentence: str) -> None:
    assert refusal(as_distribution, given) == sentence


def test_classes_of_ones_own_whose_inverse_would_take_for_ever() -> None:
    class ByDensity(stats.rv_continuous):
        def _pdf(self, x: Any) -> Any:
            return 2 * x

    class ByMass(stats.rv_discrete):
        def _pmf(self, k: Any) -> Any:
            return 6 / (math.pi * k) ** 2

    for family in (ByDensity(a=0, b=1), ByMass(a=1)):
        assert refusal(as_distribution, family()) == (
            "must have an inverse (ppf) that scipy finds in time, "
            f"got {type(family).__name__!r}. Give it a _ppf, or a _cdf if it is continuous."
        )


class Failing(stats.rv_continuous):
    """A distribution whose inverse fails, like some of scipy's with extreme parameters."""

    def _ppf(self, q: Any) -> Any:
        raise RuntimeError(f"no solution at {q}")

    def _cdf(self, x: Any) -> Any:
        return x

    def _stats(self) -> tuple[float, ...]:
        return 0.5, 0.1, 0, 0


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("which", ["answer_delay", "talk_time"])
def test_inverses_that_fail(which: str, engine: Any) -> None:
    failing = Failing(a=0, b=1)()
    delay, talk = (failing, 1) if which == "answer_delay" else (1, failing)
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        extensions=[rs.Extension("201", answer_delay=delay)],
        demand={"600": rs.Demand(arrives_at=[0], talk_time=talk)},
    )
    assert "must have an inverse (ppf) of at least 0 s everywhere, got" in refusal(
        lambda: rs.play(scenario, rs.Workload.draw(scenario), engine=engine)
    )


def test_means_and_draws_beyond_all_floats_are_infinite() -> None:
    assert rs.Empirical([1.7e308, 1.7e308]).mean() == math.inf
    assert rs.lognormal(mean=1e308, cv=1000).isf(1e-300) == math.inf
