"""The audit by example: one row that breaks one rule, and the sentence that reports it."""

from __future__ import annotations

import math
import subprocess
import sys
from collections import namedtuple
from io import StringIO
from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from ringsim.dispatch import ALL, TIED, Dispatcher
from ringsim.testing import Audit, AuditError, Ordering, audit
from support.corruptions import MISSING, Frames
from support.played import INF, group, scene, script, table

FAN_OUT, PAGE = "RING_SIMULTANEOUSLY", "PAGING_INTERCOM"
CYCLIC, SKILLED = "CYCLIC_HUNT", "SKILL_BASED_ROUTING_CYCLIC_HUNT"


def with_row(frames: Frames, name: str, row: int, **values: Any) -> Frames:
    """Return the frames with some values of one row replaced."""
    frame = getattr(frames, name).copy()
    for column, value in values.items():
        if isinstance(value, str) or value is MISSING:
            frame[column] = frame[column].astype(object)
        frame.loc[row, column] = value
    return frames._replace(**{name: frame})


def without_row(frames: Frames, name: str, row: int) -> Frames:
    kept = getattr(frames, name).drop(index=row).reset_index(drop=True)
    return frames._replace(**{name: kept})


HUNT, ONE = scene("A B C"), script(0, A=5)
NOBODY = script(0)
FORWARDED = scene(group("A B", to="601"), group("C", number="601"))
REPEATED = scene(group("A", action="REPEAT", max_repeats=1, repeat_delay=3))
TWO = script(0, 100, A=5, B=5)
BIT = math.ulp(5.0)

# One case takes two lines; the formatter would spread it over many.
# fmt: off


@table(
    "scenario workload name row values sentence",
    ("S1: the instant of arrival", HUNT, ONE, "calls", 0, {"arrives_at": BIT},
     f"calls row 0: S1 arrives_at must be the workload's arrives_at = 0.0, got {BIT}"),
    ("S1: the group called", FORWARDED, script(0, to="600"), "calls", 0, {"group": "601"},
     "calls row 0: S1 group must be the workload's group = '600', got '601'"),
    ("S1: the talk", HUNT, ONE, "calls", 0, {"talk_time": 31.0},
     "calls row 0: S1 talk_time must be the workload's talk_time = 30.0, got 31.0"),
    ("S1: the wrap-up", HUNT, ONE, "calls", 0, {"wrap_up_time": 1.0},
     "calls row 0: S1 wrap_up_time must be the workload's wrap_up_time = 0.0, got 1.0"),
    ("S1: the patience", HUNT, ONE, "calls", 0, {"patience": 99.0},
     "calls row 0: S1 patience must be the workload's patience = inf, got 99.0"),
    ("S1: the group entered", FORWARDED, script(0, to="601"), "visits", 0, {"group": "600"},
     "visits row 0: S1 group must be '601', got '600'"),
    ("S1: one outcome", HUNT, ONE, "calls", 0, {"outcome": "abandoned"},
     "calls row 0: S1 outcome must be 'answered', got 'abandoned'"),
    ("S1: a count of rings", HUNT, ONE, "calls", 0, {"n_rings": 2},
     "calls row 0: S1 n_rings must be rows of rings = 1, got 2"),
    ("S1: the last group", FORWARDED, script(0, to="600"), "calls", 0, {"ended_in": "600"},
     "calls row 0: S1 ended_in must be '601', got '600'"),
    ("S2: twice in one pass", HUNT, NOBODY, "rings", 1, {"member": "201"},
     "rings row 1: S2 member must not have been rung in this pass, got '201'"),
    ("S2: no member", FORWARDED, script(0, to="600"), "rings", 0, {"member": "203"},
     "rings row 0: S2 member must be one of group 600, got '203'"),
    ("S3: found", HUNT, ONE, "visits", 0, {"found": 2},
     "visits row 0: S3 found must be candidates at entered_at = 3, got 2"),
    ("S3: somebody on a call", HUNT, script(5, own=[(0, "A", 30)]), "rings", 0, {"member": "201"},
     "rings row 0: S3 member must not be on a call until 30.0, got '201'"),
    ("S3: somebody whose phone rings", HUNT.replace(ringing_is_busy=True), script(0, 5), "rings", 3,
     {"member": "201"}, "rings row 3: S3 member must not be ringing, got '201'"),
    ("S4: another order", HUNT, NOBODY, "rings", 0, {"member": "202"},
     "rings row 0: S4 PrioritizedHunt() must ring 201, got 202"),
    ("S5: begins late", HUNT, NOBODY, "rings", 1, {"started_at": 21.0},
     "rings row 1: S5 started_at must be 20.0, got 21.0"),
    ("S5: rings on", HUNT, NOBODY, "rings", 1, {"ended_at": 41.0},
     "rings row 1: S5 ended_at must be started_at + ring_time = 40.0, got 41.0"),
    ("S5: an answer after the ring", HUNT, ONE, "rings", 0, {"ended_at": 21.0},
     "rings row 0: S5 ended_at must be between started_at and started_at + ring_time = 20.0, "
     "got 21.0"),
    ("S5: one of a wave falls silent early", scene(group("A B", FAN_OUT)), ONE, "rings", 1,
     {"ended_at": 4.0}, "rings row 1: S5 ended_at must be the end of its wave = 5.0, got 4.0"),
    ("S5: two answers", scene(group("A B", FAN_OUT)), ONE, "rings", 1, {"result": "answered"},
     "rings row 1: S5 result must be 'answered_elsewhere', got 'answered'"),
    ("S6: an answer too early", HUNT, ONE, "rings", 0, {"ended_at": 5.0 - BIT},
     "rings row 0: S6 ended_at must be max(started_at + answer_delay, free_at) = 5.0, "
     f"got {5.0 - BIT}"),
    ("S6: an answer too late", HUNT, ONE, "rings", 0, {"ended_at": 5.0 + BIT},
     "rings row 0: S6 201 must answer at 5.0, when first ready and free, "
     f"got answered at {5.0 + BIT}"),
    ("S6: by another", HUNT, ONE, "calls", 0, {"answered_by": "202"},
     "calls row 0: S6 answered_by must be '201', got '202'"),
    ("S6: by nobody", HUNT, ONE, "calls", 0, {"answered_by": MISSING},
     "calls row 0: S6 answered_by must be '201', got missing"),
    ("S6: without talk", HUNT, ONE, "calls", 0, {"talk_time": MISSING},
     "calls row 0: S6 talk_time must be given if answered, got nothing"),
    ("S6: talk of nobody", HUNT, NOBODY, "calls", 0, {"talk_time": 30.0},
     "calls row 0: S6 talk_time must be missing, got 30.0"),
    ("S7: whose turn it is", scene(group("A B", CYCLIC)), TWO, "rings", 1, {"member": "201"},
     "rings row 1: S4 CyclicHunt() must ring 202 (last_rung_at -inf), got 201 (last_rung_at 0.0)"),
    ("S8: gives up late", HUNT, script(0, patience=7), "rings", 0, {"ended_at": 8.0},
     "rings row 0: S8 ended_at must be arrives_at + patience = 7.0, got 8.0"),
    ("S8: does not give up", HUNT, script(0, patience=20), "rings", 0, {"result": "ring_no_answer"},
     "rings row 0: S8 ended_at must be before the caller gives up at 20.0, got 20.0"),
    ("S8: gives up although patient", HUNT, NOBODY, "rings", 0, {"result": "caller_gave_up"},
     "rings row 0: S8 ended_at must be arrives_at + patience = inf, got 20.0"),
    ("S9: forwarded elsewhere", FORWARDED, script(0, to="600"), "visits", 1, {"group": "600"},
     "visits row 1: S9 group must be '601', got '600'"),
    ("S9: forwarded late", FORWARDED, script(0, to="600"), "visits", 1, {"entered_at": 41.0},
     "visits row 1: S9 entered_at must be 40.0, got 41.0"),
    ("S9: another action", HUNT, NOBODY, "calls", 0, {"action": "LOOP"},
     "calls row 0: S9 action must be 'HANGUP', got 'LOOP'"),
    ("S9: fewer passes", REPEATED, NOBODY, "visits", 0, {"passes": 1},
     "visits row 0: S9 passes must be 2, got 1"),
    ("S9: leaves late", HUNT, ONE, "visits", 0, {"left_at": 6.0},
     "visits row 0: S9 left_at must be 5.0, got 6.0"),
    ("S9: a repeat without delay", REPEATED, script(0, own=[(0, "A", 2)]), "rings", 0,
     {"started_at": 0.0}, "rings row 0: S5 started_at must be 3.0, got 0.0"),
    ("S9: another group's ring", FORWARDED, script(0, to="600"), "rings", 1, {"group": "601"},
     "rings row 1: S5 202 must ring for call 0 at 20.0, got 202 in 601 at 20.0"),
    ("S9: a ring of a group never entered", FORWARDED, script(0, to="601"), "rings", 0,
     {"group": "600"}, "rings row 0: S9 group must be '601', got '600'"),
    ("S10: a page that rings", scene(group("A", PAGE)), NOBODY, "rings", 0, {"ended_at": 1.0},
     "rings row 0: S10 ended_at must be started_at = 0.0, got 1.0"),
    ("S10: a page that is answered", scene(group("A", PAGE)), NOBODY, "rings", 0,
     {"result": "answered"}, "rings row 0: S10 result must be 'paged', got 'answered'"),
    ("S10: no page", HUNT, ONE, "rings", 0, {"result": "paged"},
     "rings row 0: S10 result must not be that of a page in group 600, got 'paged'"),
    ("S10: a page to somebody on a call", scene(group("A B", PAGE, skip_busy_member=False)),
     script(5, own=[(0, "A", 30)]), "rings", 0, {"member": "201"},
     "rings row 0: S10 member must not be on a call until 30.0, got '201'"),
    ("S11: level 2 first", scene(group("A2 B1", SKILLED)), ONE, "rings", 0, {"member": "201"},
     "rings row 0: S4 SkillBasedCyclicHunt() must ring 202 (skill_level 1, last_rung_at -inf), "
     "got 201 (skill_level 2, last_rung_at -inf)"),
    ("S12: off duty", scene("A B", duty={"A": [(9, 99)]}), NOBODY, "rings", 0, {"member": "201"},
     "rings row 0: S12 member must be on duty at 0.0, got '201'"),
    ("S14: the wait", HUNT, ONE, "calls", 0, {"wait": 5.0 + BIT},
     f"calls row 0: S14 wait must be instant - arrives_at = 5.0, got {5.0 + BIT}"),
    ("S15: whose own call", HUNT, script(own=[(3, "A", 30)]), "own_calls", 0, {"extension": "202"},
     "own_calls row 0: S15 extension must be the workload's extension = '201', got '202'"),
    ("S15: when", HUNT, script(own=[(3, "A", 30)]), "own_calls", 0, {"started_at": 4.0},
     "own_calls row 0: S15 started_at must be the workload's started_at = 3.0, got 4.0"),
    ("S15: not taken", HUNT, script(own=[(3, "A", 30)]), "own_calls", 0, {"taken": False},
     "own_calls row 0: S15 taken must be True, got False"),
    ("S15: taken off duty", scene("A", duty={"A": []}), script(own=[(3, "A", 30)]), "own_calls", 0,
     {"taken": True}, "own_calls row 0: S15 taken must be False, got True"),
    ("a person who is not there", HUNT, ONE, "rings", 0, {"member": "999"},
     "rings row 0: member must be the number of a person, as text, got '999'"),
    ("an unknown word", HUNT, ONE, "calls", 0, {"outcome": "lost"},
     "calls row 0: outcome must be one of answered, abandoned, overflowed, got 'lost'"),
    ("a value that must not be missing", HUNT, ONE, "rings", 0, {"result": MISSING},
     "rings row 0: result must be one of answered, ring_no_answer, answered_elsewhere, "
     "caller_gave_up, paged, declined, got nan"),
    ("a negative time", HUNT, ONE, "calls", 0, {"wait": -1.0},
     "calls row 0: wait must be a finite number of seconds, at least 0, got -1.0"),
    ("a call out of order", HUNT, script(0, 100), "rings", 0, {"call": 1},
     "rings row 1: call must be at least that of the row before, 1, got 0"),
    ("a call that is not there", HUNT, ONE, "rings", 0, {"call": 1},
     "rings row 0: call must be a row of calls, got 1"),
    ("a call of another number", HUNT, ONE, "calls", 0, {"call": 1},
     "calls row 0: call must be 0, got 1"),
)
def test_first_row_that_breaks_a_rule_is_named(
    scenario: rs.Scenario, workload: rs.Workload, name: str, row: int, values: dict[str, Any],
    sentence: str,
) -> None:
    log = rs.play(scenario, workload)
    assert audit(scenario, log, workload).violations == ()
    found = audit(scenario, with_row(Frames.of(log), name, row, **values), workload)
    assert str(found.violations[0]) == sentence


@table(
    "scenario workload name row sentence",
    ("a call", HUNT, TWO, "calls", 1,
     "rings row 1: call must be a row of calls, got 1"),
    ("a call without rings and visits of its own", scene(""), script(0, 1), "calls", 1,
     "visits row 1: call must be a row of calls, got 1"),
    ("a ring, the only one", HUNT, ONE, "rings", 0,
     "visits row 0: S5 201 must ring for call 0 at 0.0, got no row in rings"),
    ("a ring, another being there", HUNT, NOBODY, "rings", 1,
     "rings row 1: S5 started_at must be 20.0, got 40.0"),
    ("the only visit", HUNT, ONE, "visits", 0,
     "calls row 0: S1 call must enter 600 at 0.0, got no row in visits"),
    ("the second visit", FORWARDED, script(0, to="600"), "visits", 1,
     "calls row 0: S9 call must enter 601 at 40.0, got no row in visits"),
    ("an own call", HUNT, script(own=[(3, "A", 30), (4, "B", 30)]), "own_calls", 0,
     "own_calls row 1: S15 own_calls must have the workload's 2 rows, got 1"),
)
def test_a_row_that_is_missing_is_missed(
    scenario: rs.Scenario, workload: rs.Workload, name: str, row: int, sentence: str
) -> None:
    frames = Frames.of(rs.play(scenario, workload))
    found = audit(scenario, without_row(frames, name, row), workload)
    assert str(found.violations[0]) == sentence


# fmt: on


def test_rings_after_the_end_of_a_call_are_named() -> None:
    frames = Frames.of(rs.play(HUNT, ONE))
    later = frames.rings.assign(member="202", started_at=5.0, ended_at=25.0)
    found = audit(HUNT, frames._replace(rings=pd.concat([frames.rings, later])), ONE)
    assert "rings row 1: S9 202 must not ring for call 0 in 600 any more, at 5.0, got 5.0" in map(
        str, found.violations
    )


def test_a_visit_after_the_end_of_a_call_is_named() -> None:
    workload = script(0, A=5, to="600")
    frames = Frames.of(rs.play(FORWARDED, workload))
    more = frames.visits.assign(group="601", entered_at=5.0)
    found = audit(FORWARDED, frames._replace(visits=pd.concat([frames.visits, more])), workload)
    assert str(found.violations[0]) == (
        "visits row 1: S9 group must not be entered, as the call ended at 5.0, got '601'"
    )


def test_the_lower_call_is_answered_first_at_one_instant() -> None:
    """S13: both calls ring A; A must answer the first, but in the log A answers the second."""
    log = rs.play(HUNT, script(0, 0, A=[INF, 5], talk=60))
    found = audit(HUNT, log, script(0, 0, A=5, talk=60))
    assert str(found.violations[0]) == (
        "rings row 0: S6 201 must answer at 5.0, when first ready and free, "
        "got ring_no_answer at 20.0"
    )


@table(
    "at patience result",
    ("the ring times out", 20, INF, "ring_no_answer"),
    ("the caller gives up", 7, 7, "caller_gave_up"),
)
def test_an_answer_counts_at_the_instant_at_which(at: float, patience: float, result: str) -> None:
    """S6, S13: a log in which nobody answers at the instant at which A must answer."""
    log = rs.play(HUNT, script(0, patience=patience))
    found = audit(HUNT, log, script(0, A=at, patience=patience))
    sentence = f"201 must answer at {at}.0, when first ready and free, got {result} at {at}.0"
    assert str(found.violations[0]) == f"rings row 0: S6 {sentence}"


def test_violations_independent_of_the_first_are_found_too() -> None:
    """The second call is long after the first and breaks another rule."""
    frames = with_row(Frames.of(rs.play(HUNT, TWO)), "visits", 0, found=2)
    found = audit(HUNT, with_row(frames, "visits", 1, passes=2), TWO)
    assert [(violation.row, violation.rule) for violation in found.violations] == [
        (0, "S3"),
        (1, "S9"),
    ]


def test_a_log_is_followed_beyond_what_the_rules_allow() -> None:
    """If a PBX rings members on a call, only these rings are wrong."""
    workload = script(10, 100, own=[(0, "A", 30), (90, "B", 40)], A=25, B=INF, C=3)
    rings_them = HUNT.replace(groups=[group("A B C", skip_busy_member=False)])
    log = rs.play(rings_them, workload)
    found = audit(HUNT, log, workload)
    wrong = [(violation.frame, violation.row, violation.rule) for violation in found.violations]
    assert wrong[:3] == [("visits", 0, "S3"), ("rings", 0, "S3"), ("rings", 0, "S4")]
    assert ("visits", 1, "S3") in wrong


def test_a_ring_is_followed_where_nobody_may_ring() -> None:
    """If a PBX rings the only member during a call, the ring is wrong, but not its answer."""
    workload = script(10, 200, own=[(0, "A", 30)], A=5)
    log = rs.play(scene(group("A", skip_busy_member=False)), workload)
    found = audit(scene("A"), log, workload)
    wrong = [(violation.frame, violation.row, violation.rule) for violation in found.violations]
    assert wrong == [("visits", 0, "S3"), ("rings", 0, "S3"), ("rings", 0, "S4")]


def test_a_call_is_read_no_further_than_to_a_ring_that_is_missing() -> None:
    frames = Frames.of(rs.play(REPEATED, NOBODY))
    found = audit(REPEATED, frames._replace(rings=frames.rings[:0]), NOBODY)
    assert list(map(str, found.violations)) == [
        "visits row 0: S5 201 must ring for call 0 at 0.0, got no row in rings"
    ]


# Forms of logs and results


def test_the_error_names_the_first_row_and_counts_the_others() -> None:
    frames = with_row(Frames.of(rs.play(HUNT, ONE)), "rings", 0, ended_at=4.0)
    with pytest.raises(AuditError) as told:
        audit(HUNT, frames, ONE).check()
    assert isinstance(told.value, rs.RingsimError)
    assert isinstance(told.value, AssertionError)
    assert len(told.value.audit.violations) == 3
    assert str(told.value) == (
        "rings row 0: S6 ended_at must be max(started_at + answer_delay, free_at) = 5.0, got 4.0 "
        "(and 2 more)"
    )


def test_an_error_of_one_row_counts_no_others() -> None:
    frames = with_row(Frames.of(rs.play(HUNT, ONE)), "visits", 0, found=2)
    with pytest.raises(AuditError, match=r"candidates at entered_at = 3, got 2$"):
        audit(HUNT, frames, ONE).check()


def test_an_audit_can_be_read() -> None:
    log = rs.play(HUNT, ONE)
    good = audit(HUNT, log, ONE)
    good.check()
    assert (repr(good), str(good)) == (
        "<Audit: 0 violations, ok; unchecked: nothing>",
        "no violation",
    )
    bad = audit(HUNT, with_row(Frames.of(log), "visits", 0, found=2))
    sentence = "visits row 0: S3 found must be candidates at entered_at = 3, got 2"
    assert repr(bad) == f"<Audit: 1 violations, first {sentence}; unchecked: S1, S6>"
    assert str(bad).splitlines()[0] == sentence
    assert len(str(bad).splitlines()) == 3


def test_a_long_list_is_cut() -> None:
    calls = script(*range(0, 3000, 100), A=5)
    frames = Frames.of(rs.play(HUNT, calls))
    found = audit(HUNT, frames._replace(visits=frames.visits.assign(found=9)), calls)
    assert len(found.violations) == 30
    assert str(found).splitlines()[-1] == "and 20 more"


def as_csv(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame as read from CSV, with the numbers of groups and people as text."""
    text = dict.fromkeys(("group", "member", "answered_by", "ended_in", "extension"), "str")
    return pd.read_csv(StringIO(frame.to_csv(index=False)), dtype=text)  # type: ignore[arg-type]


def of_objects(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of Python objects, None if missing, with an extra column."""
    plain = frame.astype(object).where(frame.notna(), None)
    return plain.assign(trunk="SIP/1")


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda log: log, id="a log"),
        pytest.param(lambda log: Frames.of(log)._asdict(), id="a dict"),
        pytest.param(Frames.of, id="a named tuple"),
        pytest.param(lambda log: Frames(*map(as_csv, Frames.of(log))), id="from CSV"),
        pytest.param(lambda log: Frames(*map(of_objects, Frames.of(log))), id="of objects"),
    ],
)
def test_a_log_comes_in_many_forms(form: Any) -> None:
    workload = script(0, 100, own=[(3, "B", 10)], A=5, patience=[INF, 9])
    log = rs.play(HUNT, workload)
    assert audit(HUNT, form(log), workload) == Audit((), ())
    other = script(0, 100, own=[(3, "B", 10)], A=5, patience=[INF, 8])
    assert not audit(HUNT, form(log), other).ok


def test_numbers_must_be_text() -> None:
    frames = Frames.of(rs.play(HUNT, ONE))
    numbers = frames._replace(visits=frames.visits.assign(group=600))
    found = audit(HUNT, numbers, ONE)
    assert str(found.violations[0]) == (
        "visits row 0: group must be the number of a group, as text, got 600"
    )
    assert [unchecked.rule for unchecked in found.unchecked] == ["S1 to S15"]


@table(
    "log sentence",
    ("no log", 5, r"log\.calls must be a DataFrame, got None\."),
    ("a frame is missing", {"calls": pd.DataFrame()}, r"log\.calls must have a column 'call', got"),
    (
        "a named tuple of too few",
        namedtuple("Few", ["rings"])(pd.DataFrame()),
        r"log\.calls must be a DataFrame",
    ),
)
def test_a_value_that_is_not_a_log_is_refused(log: Any, sentence: str) -> None:
    with pytest.raises(rs.ConfigurationError, match=sentence):
        audit(HUNT, log)


def test_a_workload_that_names_no_group_must_not_be_of_two() -> None:
    workload = script(0, to="600")
    log = rs.play(FORWARDED, workload)
    with pytest.raises(rs.ConfigurationError, match="must be given for each call, as the"):
        audit(FORWARDED, log, script(0))
    audit(FORWARDED, rs.play(FORWARDED, script()), script()).check()


# Dispatchers


class Whimsical(Dispatcher):
    """Dispatcher with its own `wave`, which uses every field of the moment."""

    def wave(self, candidates: Any, moment: Any) -> Any:
        whim = moment.now + 2 * moment.call + 3 * moment.wave + moment.waited / 20
        whim += 5 * (moment.last_rung or 0) + 7 * (moment.last_answered or 0)
        return [candidates[int(whim) % len(candidates)]]


@table(
    "dispatcher",
    ("an instance", Ordering("-position", at_once=2)),
    ("a class with a wave of its own", Whimsical),
    ("a name", CYCLIC),
    ("one for a group", {"601": Ordering("-position")}),
)
def test_dispatchers_are_asked(dispatcher: Any) -> None:
    scenario = scene(group("A B C", to="601"), group("A B C", number="601"))
    workload = script(0, 51, 63, 92, to="600", A=[INF, INF, 3, INF], C=[INF, 5, INF, INF])
    log = rs.play(scenario, workload, dispatcher=dispatcher)
    assert audit(scenario, log, workload, dispatcher=dispatcher).ok
    found = audit(scenario, log, workload, dispatcher=Ordering("position", at_once=ALL))
    assert "S4" in {violation.rule for violation in found.violations}


@table(
    "wave sentence",
    ("nobody", lambda self, candidates, moment: [], r"Bad\.wave\(\) must pick .* got \[\]"),
    ("somebody twice", lambda self, candidates, moment: candidates[:1] * 2, "nobody twice"),
    ("no candidate", lambda self, candidates, moment: [tuple(candidates[0])], "must pick from"),
)
def test_a_dispatcher_that_picks_what_it_must_not_is_refused(wave: Any, sentence: str) -> None:
    log = rs.play(HUNT, ONE)
    with pytest.raises(rs.DispatcherError, match=sentence):
        audit(HUNT, log, ONE, dispatcher=type("Bad", (Dispatcher,), {"wave": wave}))


# Without a workload


def test_rules_that_need_the_workload_are_listed() -> None:
    log = rs.play(HUNT, ONE)
    told = [str(unchecked) for unchecked in audit(HUNT, log).unchecked]
    assert told == [
        "S1 which calls and own calls there are: needs the workload",
        "S6 when members answer, but for being free: needs the workload's answer delays",
    ]


@pytest.mark.parametrize("dispatcher", [Ordering("random"), Whimsical()], ids=repr)
def test_an_order_that_may_be_drawn_is_listed(dispatcher: Dispatcher) -> None:
    workload = script(0, A=5, random={"A": 0.5, "B": 0.2, "C": 0.7})
    log = rs.play(HUNT, workload, dispatcher=dispatcher)
    assert audit(HUNT, log, workload, dispatcher=dispatcher).unchecked == ()
    found = audit(HUNT, log, dispatcher=dispatcher)
    assert found.ok
    assert str(found.unchecked[-1]) == (
        "S4 whom of its candidates group 600 rings: needs the workload's random draws"
    )
    assert not audit(HUNT, without_row(Frames.of(log), "rings", 0), dispatcher=dispatcher).ok


@pytest.mark.parametrize("at_once", [1, 2, ALL, TIED], ids=str)
@pytest.mark.parametrize("drawn", ["redrawn", "-redrawn", "weighted", "random"])
@pytest.mark.parametrize("first", ["position", "-position", "skill_level", "-skill_level"])
def test_drawn_waves_that_take_no_time_are_told_apart(
    first: str, drawn: str, at_once: Any, engine: str
) -> None:
    """Waves of one instant are rows of one instant, and no draw says where the next begins."""
    scenario = scene(group("A2 B1 C2 D1", ring_time=0))
    for order in ((first, drawn), (drawn, first)):
        dispatcher = Ordering(*order, at_once=at_once)
        log = rs.play(scenario, script(0, 3, A=5), engine, dispatcher=dispatcher)
        assert not audit(scenario, log, dispatcher=dispatcher).violations


def test_a_member_must_be_free_to_answer_all_the_same() -> None:
    workload = script(0, own=[(0, "A", 7)], A=5)
    busy = scene(group("A", skip_busy_member=False))
    frames = Frames.of(rs.play(busy, workload))
    early = with_row(frames, "rings", 0, ended_at=6.0)
    assert str(audit(busy, early).violations[0]) == (
        "rings row 0: S6 ended_at must be when 201 is free, from 7.0 on, got 6.0"
    )


# Limits


def test_instants_so_large_that_a_ring_begins_and_ends_at_once() -> None:
    """At 1e17 s a float does not resolve seconds; the waves of a hunt still come in order."""
    scenario = scene(group("A B C", CYCLIC, ring_time=1, action="REPEAT"))
    workload = script(1e17, 1e17, B=[INF, 0])
    log = rs.play(scenario, workload)
    assert len(log.rings) == 14
    assert set(log.rings["ended_at"]) == {1e17}
    audit(scenario, log, workload).check()


def test_it_knows_no_engine() -> None:
    """The audit is an implementation of the rules that is independent of both engines."""
    code = "import sys, ringsim.audit._audit; print([m for m in sys.modules if 'engine' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "ringsim.engine" not in done.stdout
