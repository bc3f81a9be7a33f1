"""Every parameter of every public verb, given every odd value.

A verb either takes a value or refuses it with one `ConfigurationError` that names the parameter,
before anything is played. The table of a verb says which kind each of its parameters is, and
the table of kinds says which odd values a kind takes; all others must be refused.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ringsim as rs
from ringsim import reporting
from ringsim.audit import audit
from ringsim.planning import changed
from ringsim.planning._runner import Runner

ODD: dict[str, Any] = {
    "none": None,
    "true": True,
    "negative": -1,
    "zero": 0,
    "half": 0.5,
    "nan": math.nan,
    "inf": math.inf,
    "minus_inf": -math.inf,
    "numpy_nan": np.float64("nan"),
    "numpy_int": np.int64(3),
    "numpy_float": np.float32(2.5),
    "numpy_bool": np.bool_(True),
    "array_of_none": np.array(3),
    "array": np.array([1, 2]),
    "too_big_for_floats": 10**400,
    "too_big_to_print": 10**5000,
    "2**128": 2**128,
    "2**128-1": 2**128 - 1,
    "2**64": 2**64,
    "largest_float": 1e308,
    "smallest_float": 5e-324,
    "empty_text": "",
    "text": "x",
    "digit": "3",
    "text_nan": "nan",
    "list": [],
    "list_of_one": [1],
    "list_of_none": [None],
    "tuple": (),
    "table": {},
    "table_of_one": {"a": 1},
    "set": {1},
    "object": object(),
    "type": int,
    "function": lambda: 1,
    "complex": 1j,
    "decimal": Decimal(3),
    "fraction": Fraction(7, 2),
    "bytes": b"3",
    "long_text": "x" * 100_000,
    "nul": "\0",
    "time": timedelta(seconds=5),
}
FINITE = {"half", "numpy_int", "numpy_float", "fraction"}
LARGE = {"2**128", "2**128-1", "2**64", "largest_float"}
TOO_BIG = {"too_big_for_floats", "too_big_to_print"}
SECONDS = {"zero", "inf", "smallest_float"} | FINITE | LARGE | TOO_BIG
KINDS: dict[str, set[str]] = {
    "an object of ringsim": set(),
    "a name": set(),
    "a list": set(),
    "an empty list": {"list", "tuple"},
    "an empty table": {"list", "tuple", "table"},
    "any table": {"table", "table_of_one"},
    "a table of some": set(),
    "a table": {"table"},
    "a count": {"numpy_int"},
    "a large count": {"numpy_int", "2**128", "2**128-1", "2**64"} | TOO_BIG,
    "an index": {"zero", "numpy_int"},
    "a key": {"zero", "numpy_int", "2**64", "2**128-1"},
    "a flag": {"true"},
    "a short time": {"zero", "smallest_float"} | FINITE,
    "a first index": {"zero", "numpy_int"},
    "a threshold": SECONDS,
    "seconds": SECONDS - {"inf"} - TOO_BIG,
    "a width": FINITE | LARGE,
    "a short width": FINITE,
    "a limit": {"inf"} | LARGE | TOO_BIG,
    "a half-width": SECONDS - {"zero", "inf"},
    "a speed": FINITE | LARGE | {"smallest_float"},
    "a share": {"zero", "half", "smallest_float"},
    "an open share": {"half", "smallest_float"},
    "a margin": FINITE | LARGE | {"smallest_float", "table"},
    "a function": {"function", "type"},
    "a zone": {"zero", "smallest_float"} | FINITE | LARGE,
    "a price": {"zero", "smallest_float"} | FINITE | LARGE,
    "an hourly price": {"zero", "smallest_float"} | FINITE,
    "some minutes": {"smallest_float"} | FINITE,
    "an instant": {"zero", "smallest_float"} | FINITE | LARGE | TOO_BIG,
    "a start": {"zero", "half", "numpy_int", "numpy_float", "fraction", "smallest_float"},
    "an end": FINITE | {"smallest_float"},
    "a lunch": FINITE | {"smallest_float"},
    "a label": {"empty_text", "text", "digit", "text_nan", "long_text"},
    "a level": {"numpy_int"},
    "hours": FINITE | {"smallest_float"},
    "a rest": FINITE | {"zero", "smallest_float"},
    "a factor": FINITE | {"smallest_float"},
    "a first count": {"numpy_int"},
}
RUN = {
    "seed": "a key",
    "engine": "a name",
    "dispatcher": "a table?",
    "workers": "a large count?",
    "executor": "a name?",
    "on_progress": "a function?",
}
THRESHOLDS = {
    "within": "a threshold",
    "variant": "a name",
    "short": "a threshold",
    "target": "a share",
    "level": "an open share",
}
COMPARED = RUN | THRESHOLDS | {"metrics": "a list?"}
SIZED = RUN | {
    "target": "an object of ringsim",
    "max_members": "a count?",
    "candidates": "a list?",
    "template": "a name?",
    "replications": "a count",
    "shrinkage": "a share?",
}
WHAT = {"scenario": "an object of ringsim", "group": "a name?"}

SALES = {"extension_number": "600", "members": ["201", "202"], "ring_strategy": "CYCLIC_HUNT"}
CALLERS = rs.Demand(calls_per_hour=30, talk_time=60)
OFFICE = rs.Scenario(groups=[SALES], demand={"600": CALLERS}, hours=1)
DAY = rs.Workload(arrives_at=[0, 30], talk_time=20, answer_delay={"201": 5})
TARGET = rs.Target(answer_rate=0.9)


@dataclass(frozen=True)
class Verb:
    """A verb, the kind of each parameter, and valid arguments; `?` marks kinds that take None."""

    verb: Callable[..., Any]
    kinds: dict[str, str]
    valid: dict[str, Any]


IN_OFFICE: dict[str, Any] = {"scenario": OFFICE, "group": "600"}
VERBS = {
    "play": Verb(
        rs.play,
        {"scenario": "an object of ringsim", "workload": "an object of ringsim"}
        | {"engine": "a name", "dispatcher": "a table?"},
        {"scenario": OFFICE, "workload": DAY},
    ),
    "Workload.draw": Verb(
        rs.Workload.draw,
        {"scenario": "an object of ringsim", "seed": "a key", "replication": "a key"}
        | {"max_calls": "a limit"},
        {"scenario": OFFICE},
    ),
    "simulate": Verb(
        rs.simulate,
        RUN
        | {"scenario": "an object of ringsim", "replications": "a count?", "max_calls": "a limit"}
        | {"until": "an object of ringsim?", "keep_logs": "a flag", "warm_up": "a short time"}
        | {"first_replication": "a first index", "workload": "a name?", "control": "a flag"},
        {"scenario": OFFICE},
    ),
    "compare": Verb(
        rs.compare,
        COMPARED
        | {"equivalent_within": "a margin?"}
        | WHAT
        | {"strategies": "a list?", "replications": "a count?"}
        # without other variants there is nothing to compare
        | {"variants": "a name?", "baseline": "a name?", "workload": "a name?"},
        IN_OFFICE,
    ),
    "sweep": Verb(
        rs.sweep,
        COMPARED | WHAT | {"settings": "a table of some", "replications": "a count"},
        IN_OFFICE | {"settings": {"groups.600.ring_time": [10, 20]}},
    ),
    "size": Verb(
        rs.size,
        SIZED | WHAT | {"max_replications": "a name?"},
        IN_OFFICE | {"target": TARGET, "max_members": 2},
    ),
    "staffing": Verb(
        rs.staffing,
        SIZED
        | WHAT
        | {"width": "a short width", "replications_played": "a count"}
        | {"max_replications": "a name"},
        IN_OFFICE | {"target": TARGET, "max_members": 2},
    ),
    "optimize": Verb(
        rs.optimize,
        RUN
        | WHAT
        | {"over": "a table of some", "minimise": "a name", "maximise": "a name?"}
        | {"subject_to": "an object of ringsim?", "within": "a zone?"}
        | {"replications": "a first count?", "max_replications": "a name?"},
        IN_OFFICE | {"over": {"ring_time": [10, 20]}, "minimise": "interruptions_per_hour"},
    ),
    "roster": Verb(
        rs.roster,
        RUN
        | {"scenario": "an object of ringsim", "group": "a name?"}
        | {"target": "an object of ringsim", "people": "a name?", "shifts": "a name"}
        | {"costs": "an hourly price?", "days": "a name?", "width": "a short width"}
        | {"max_rounds": "an index", "replications_played": "a count"},
        IN_OFFICE | {"target": TARGET, "shifts": [rs.Shift(0, 3600)]},
    ),
    "stress": Verb(
        rs.stress,
        RUN
        | WHAT
        | {"what": "a name?", "metrics": "a list?", "replications": "a count"}
        | {"within": "a threshold", "variant": "a name", "level": "an open share"},
        IN_OFFICE | {"what": [rs.Stress.volume(1.3)]},
    ),
    "Cost": Verb(
        rs.Cost,
        {"member_hour": "a price?", "interruption": "a price?", "lost_call": "a price?"},
        {"member_hour": 30, "interruption": 1},
    ),
    "Shift": Verb(
        rs.Shift,
        {"starts_at": "a start", "ends_at": "an end", "lunch": "a name?", "lunch_time": "a lunch"}
        | {"days": "a name?", "name": "a label"},
        {"starts_at": 0, "ends_at": 7200},
    ),
    "Person": Verb(
        rs.Person,
        {"extension_number": "a name", "name": "a label", "available": "an empty table?"}
        | {"groups": "an empty list?", "skill_level": "a level?", "max_hours": "hours?"}
        | {"max_days": "a level?", "rest": "a rest"},
        {"extension_number": "201"},
    ),
    "Stress.volume": Verb(rs.Stress.volume, {"factor": "a factor"}, {}),
    "Stress.burst": Verb(
        rs.Stress.burst,
        {"calls": "an index", "minutes": "some minutes", "at": "an instant?"},
        {"calls": 5, "minutes": 2},
    ),
    "report_on": Verb(
        reporting.report_on,
        RUN
        | {"scenario": "an object of ringsim", "group": "a name?", "replications": "a count?"}
        | {"within": "a threshold", "variant": "a name"},
        IN_OFFICE,
    ),
    "report": Verb(
        rs.report,
        RUN
        | WHAT
        | {"replications": "a count?", "until": "an object of ringsim?", "within": "a threshold"}
        | {"variant": "a name", "path": "a path?", "title": "a number?", "logo": "a name?"}
        | {
            "language": "a name",
            "sections": "an empty list?",
            "variants": "a name?",
            "what_if": "a name?",
            "workload": "a name?",
        },
        IN_OFFICE,
    ),
    "changed": Verb(
        changed,
        WHAT | {"changes": "a table"},
        {"scenario": OFFICE, "changes": {"hours": 2}},
    ),
    "audit": Verb(
        audit,
        {"scenario": "an object of ringsim", "workload": "an object of ringsim?"}
        | {"dispatcher": "a table?", "tolerance": "seconds"},
        {"scenario": OFFICE, "log": rs.play(OFFICE, DAY, "simpy"), "workload": DAY},
    ),
    "Precision": Verb(
        rs.Precision,
        THRESHOLDS
        | {"metric": "a name", "half_width": "a half-width", "group": "a number?"}
        | {"relative": "a flag", "max_replications": "a name"},
        {"metric": "answer_rate", "half_width": 0.01},
    ),
    "Target": Verb(
        rs.Target,
        {"service_level": "an open share?", "within": "a threshold", "variant": "a name"}
        | {"p_target_met": "an open share?", "answer_rate": "an open share?"}
        | {"mean_speed_of_answer": "a speed?", "occupancy": "an open share?"}
        | {"abandonment_rate": "an open share?", "interruptions_per_hour": "a speed?"},
        {"service_level": 0.8, "answer_rate": 0.9},
    ),
}
KINDS["a number"] = {name for name, value in ODD.items() if isinstance(value, str)}
KINDS["a path"] = {"text", "digit", "text_nan"}


def tables() -> dict[str, Verb]:
    result = rs.simulate(OFFICE, replications=5, engine="simpy", workers=1)
    return {
        "summary": Verb(result.summary, THRESHOLDS | {"group": "a name?", "day": "a name?"}, {}),
        "members": Verb(result.members, {"level": "an open share", "day": "a name?"}, {}),
        "intervals": Verb(
            result.intervals,
            THRESHOLDS | {"group": "a name?", "day": "a name?", "width": "a width"},
            {},
        ),
        "replay": Verb(result.replay, {"replication": "an index"}, {"replication": 0}),
        "log.summary": Verb(
            result.replay(0).summary, THRESHOLDS | {"group": "a name?", "day": "a name?"}, {}
        ),
    }


@pytest.fixture
def call_records(tmp_path: Path) -> Verb:
    path, log = tmp_path / "queue_log", VERBS["audit"].valid["log"]
    rs.records.write(log, path, format="queue_log", starts_at="2024-03-04")
    kinds = {"path": "a name", "group": "a name", "format": "a name", "timezone": "a name?"}
    kinds |= {"members": "an empty table?", "mapping": "a table?", "exclude": "an empty table"}
    return Verb(rs.read_records, kinds, {"path": path, "group": "600"})


def test_a_wrong_argument_of_read_records_is_one_sentence(call_records: Verb) -> None:
    for parameter, kind in call_records.kinds.items():
        wrong = [
            each for each in wrong_answers(call_records, parameter, kind) if " file" not in each
        ]
        assert (parameter, wrong) == (parameter, [])


@pytest.mark.usefixtures("nothing_is_played")
def test_a_wrong_argument_of_a_fit_is_one_sentence(call_records: Verb) -> None:
    records = rs.read_records(**call_records.valid)
    records_kinds = {"records": "an object of ringsim"}
    days = {"days": "a name?", "given_calls": "a flag", "within": "a threshold"}
    verbs = [
        Verb(rs.fit, records_kinds, {}),
        Verb(
            rs.backtest,
            records_kinds | days | {"scenario": "an object of ringsim"},
            {"scenario": OFFICE, "records": records},
        ),
        Verb(
            rs.calibrate,
            {"scenario": "an object of ringsim", "targets": "a name", "free": "a name"}
            | {"group": "a name?", "within": "a threshold", "seed": "a key"},
            {
                "scenario": OFFICE,
                "targets": {"answer_rate": 0.9},
                "free": ["demand.600.talk_time"],
            },
        ),
    ]
    for verb in verbs:
        for parameter, kind in verb.kinds.items():
            wrong = list(wrong_answers(verb, parameter, kind))
            assert (verb.verb.__name__, parameter, wrong) == (verb.verb.__name__, parameter, [])


class PlayedError(Exception):
    """Raised in place of playing: all arguments were accepted."""


def wrong_answers(verb: Verb, parameter: str, kind: str) -> Iterator[str]:
    """Yield a sentence for each odd value that is taken or refused wrongly."""
    taken = KINDS[kind.rstrip("?")] | ({"none"} if kind.endswith("?") else set())
    for name, value in ODD.items():
        try:
            verb.verb(**{**verb.valid, parameter: value})
            said = ""
        except PlayedError:
            said = ""
        except rs.ConfigurationError as refused:
            said = str(refused)
            keys = value if isinstance(value, dict) else ()
            if not any(each in said for each in (parameter.removesuffix("s"), *keys)):
                yield f"{name}: {said} does not name {parameter}"
            if "\n" in said or len(said) > 700:
                yield f"{name}: {said} is not one sentence"
        except Exception as other:
            yield f"{name}: {type(other).__name__} {other}"
            continue
        if bool(said) == (name in taken):
            yield f"{name}: {said or 'taken in silence'}"


@pytest.fixture
def nothing_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    def played(*_: object) -> None:
        raise PlayedError

    monkeypatch.setattr(Runner, "play", played)
    monkeypatch.setattr("ringsim.engine.run", played)


@pytest.mark.usefixtures("nothing_is_played")
@pytest.mark.parametrize(
    ("verb", "parameter", "kind"),
    [(verb, *each) for verb, table in VERBS.items() for each in table.kinds.items()],
)
def test_a_wrong_argument_is_one_sentence_that_names_it(
    verb: str, parameter: str, kind: str
) -> None:
    assert list(wrong_answers(VERBS[verb], parameter, kind)) == []


def test_a_wrong_argument_of_a_table_is_one_sentence_that_names_it() -> None:
    for name, verb in tables().items():
        for parameter, kind in verb.kinds.items():
            assert (name, parameter, list(wrong_answers(verb, parameter, kind))) == (
                name,
                parameter,
                [],
            )


def test_every_parameter_of_a_verb_is_tried() -> None:
    for verb in [*VERBS.values(), *tables().values()]:
        named = set(inspect.signature(verb.verb).parameters)
        assert named - verb.kinds.keys() <= {"log", "by_position"}
        assert verb.kinds.keys() <= named


def never_played(number: str, **given: Any) -> None:
    workload = rs.Workload(arrives_at=[0], talk_time=1, **given)
    for engine in ("simpy", "compiled"):
        with pytest.raises(
            rs.ConfigurationError, match=f"must be a number of the .* got '{number}'"
        ):
            rs.play(OFFICE, workload, engine)


def test_a_workload_refers_to_people_of_the_scenario() -> None:
    """A misspelt number would be a person who never answers."""
    never_played("210", answer_delay={"201": 5, "210": 5})
    never_played("999", random={"999": 0.5})
    never_played("999", own_calls=[(0, "999", 5)])
    beside = OFFICE.replace(extensions=[rs.Extension("210")])  # known, and no member of the group
    rs.play(beside, rs.Workload(arrives_at=[0], talk_time=1, answer_delay={"210": 5}), "simpy")


@pytest.mark.parametrize("field", ["calls_per_hour", "calls_per_interval", "arrives_at"])
def test_a_set_is_no_list(field: str) -> None:
    """A set has lost the order of its numbers, and every number that was given twice."""
    with pytest.raises(rs.ConfigurationError, match=f"{field} must be .*, got {{"):
        rs.Demand(**{field: {30, 10, 20}}, talk_time=60)


def test_measured_durations_are_no_set() -> None:
    with pytest.raises(rs.ConfigurationError, match=r"samples must be .*, got {"):
        rs.Empirical({30, 10, 20})


def test_rates_are_finite() -> None:
    with pytest.raises(rs.ConfigurationError, match="interval must be longer"):
        rs.Demand(calls_per_interval=[3], interval=5e-324, talk_time=60)


@pytest.mark.filterwarnings("error")
def test_numbers_of_numpy_give_no_warning() -> None:
    rate, second = np.float32(30), np.float32(2)
    demand = rs.Demand(calls_per_hour=rate, interval=second, talk_time=second)
    spans = [(np.float32(0), np.int64(7))]
    assert rs.Extension("201", on_duty=spans, answer_delay=second).on_duty == ((0, 7),)
    assert demand == rs.Demand(calls_per_hour=30, interval=2, talk_time=2)
    assert rs.Demand(arrives_at=[second], talk_time=1).arrives_at == (2,)
    assert rs.RingGroup(extension_number="600", repeat_delay=second).repeat_delay == 2


@pytest.mark.parametrize("path", [None, 3, "", b"a.toml", ["a.toml"]])
def test_a_path_is_the_path_of_a_file(path: Any) -> None:
    log = rs.play(OFFICE, DAY, "simpy")
    for write in (rs.Scenario.load, OFFICE.dump, log.to_csv):
        with pytest.raises(rs.ConfigurationError, match="path must be the path of a file, got"):
            write(path)


def test_the_last_seed_is_a_seed_of_staffing() -> None:
    """The days played afterwards use the next seed, which is 0 after the last one."""
    short = {"replications": 20, "max_replications": 20, "replications_played": 2}
    one = rs.staffing(OFFICE, "600", TARGET, seed=2**128 - 1, max_members=2, **short)
    other = rs.staffing(OFFICE, "600", TARGET, seed=np.int64(3), max_members=2, **short)
    assert len(one.table) == len(other.table) == 2


def test_intervals_that_are_too_wide_to_size_are_named() -> None:
    with pytest.raises(rs.ConfigurationError, match="width must make a steady period of at most"):
        rs.staffing(OFFICE, "600", TARGET, width=1e9)


def test_a_dispatcher_is_for_a_group_of_the_scenario() -> None:
    with pytest.raises(rs.ConfigurationError, match=r"dispatcher must be keyed by .* got '601'"):
        rs.simulate(OFFICE, dispatcher={"601": "CYCLIC_HUNT"})


NINETY_SIX = rs.Demand(calls_per_interval=[5] * 96, interval=900, talk_time=60)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"demand": {"600": NINETY_SIX}},
            "Calls of 600 after the 1 h of the day are left out.",
        ),
        (
            {"demand": {"600": NINETY_SIX}, "hours": 30},
            "Nobody calls 600 after the last of the listed intervals.",
        ),
        (
            {
                "extensions": [rs.Extension("201", on_duty=[("07:00", "07:30")])],
                "opens_at": "08:00",
            },
            "They are not on duty at any time of the 1 h: 201.",
        ),
    ],
)
def test_what_a_day_leaves_out_is_said(fields: dict[str, Any], said: str) -> None:
    assert said in rs.simulate(OFFICE.replace(**fields), replications=1, engine="simpy").notes


def test_a_day_that_leaves_nothing_out_says_nothing() -> None:
    zeros = rs.Demand(calls_per_interval=[5] * 4 + [0] * 92, interval=900, talk_time=60)
    people = [rs.Extension("201", on_duty=[]), rs.Extension("202", on_duty=[(3599, 4000)])]
    for demand in (zeros, rs.Demand(arrives_at=[5, 9000], talk_time=60), CALLERS):
        office = OFFICE.replace(demand={"600": demand}, extensions=people)
        assert not [note for note in office.assumptions if "left out" in note or "Nobody" in note]
        assert not [note for note in office.assumptions if "at any time" in note]
