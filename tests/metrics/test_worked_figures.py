"""Every metric of a dozen calls, worked out by hand.

Two groups, the first overflowing into the second, and a page; an hour. The calls are chosen so
that every figure differs from what a plausible wrong definition would give.

====  ====================  ======================  ========  =======================
      what                  members                 ring [s]  a call nobody answers
====  ====================  ======================  ========  =======================
600   prioritized hunt      A, B                    20        goes on to 601
601   rings simultaneously  C, D, E                 15        goes to voicemail
602   page, skips no one    A, D                    20        is hung up on
====  ====================  ======================  ========  =======================

A is on duty in [0, 1800), C in [600, 3000), E never, B and D always. Own calls: D at 200
(not taken, on a call) and at 1990 for 600 s, C at 3100 (not taken, off duty), B at 3400 for 500 s
(100 s of it after the hour, which ends at 3600).

====  =====  =====  ===========================================================  ==============
call  group  at     course                                                       outcome, wait
====  =====  =====  ===========================================================  ==============
0     600    100    A answers after 4, talks 120, wraps up 30: free at 254       answered, 4
1     600    110    A on a call; B answers at the last instant of the ring,      answered, 20
                    talks 200, wraps up 10: free at 340
2     600    150    A and B on a call: nobody to ring. 601: C not yet on duty;   answered, 7
                    D answers after 7, talks 60 to 217, wraps up 20 to 237       in 601
3     601    160    C not yet on duty, D on a call: no ring, voicemail           overflowed, 0
4     602    220    A on a call until 224: not reached. D, in wrap-up since 217,  answered, 0
                    is; talk 50 to 270, no new wrap-up
5     600    300    A 300-320 in vain; B on a call. 601: D 320-335 in vain       overflowed, 35
6     600    310    A 310-313, rung by call 5 too; the caller gives up           abandoned, 3
7     600    700    A 700-720 in vain, B 720-727; the caller gives up            abandoned, 27
8     600    800    A 800-820, B 820-840 in vain. 601: C and D ring, C answers   answered, 46
                    after 6, talks 300, wraps up 60                              in 601
9     600    1790   A answers after 8, talks 100 (98 of it off duty), wraps up   answered, 8
10    602    2000   A off duty; D on a call of their own: nobody reached         overflowed, 0
11    601    3595   C off duty; D 3595-3601 (1 s after the hour); gives up       abandoned, 6
====  =====  =====  ===========================================================  ==============
"""

from __future__ import annotations

from math import nan
from typing import Any

import pytest

import ringsim as rs
from ringsim.metrics import (
    MEMBER_METRICS,
    METRICS,
    Thresholds,
    interval_layout,
    occupancy,
    occupancy_within,
)
from support.played import INF, group, scene, script, told

SCENARIO = scene(
    group("A B", "PRIORITIZED_HUNT", "600", to="601"),
    group("C D E", "RING_SIMULTANEOUSLY", "601", action="FORWARD_TO_VOICEMAIL", ring_time=15),
    group("A D", "PAGING_INTERCOM", "602", skip_busy_member=False),
    duty={"A": [(0, 1800)], "C": [(600, 3000)], "E": []},
    hours=1,
)
LOG = rs.play(
    SCENARIO,
    script(
        *(100, 110, 150, 160, 220, 300, 310, 700, 800, 1790, 2000, 3595),
        to=["600", "600", "600", "601", "602", "600", "600", "600", "600", "600", "602", "601"],
        talk=[120, 200, 60, 999, 50, 999, 999, 999, 300, 100, 999, 999],  # 999: never begins
        wrap_up=[30, 10, 20, 999, 40, 999, 999, 999, 60, 50, 999, 999],  # a page has none
        patience=[INF, INF, INF, INF, INF, INF, 3, 27, INF, INF, INF, 6],
        A=[4, INF, INF, INF, INF, INF, INF, INF, INF, 8, INF, INF],
        B=[INF, 20, INF, INF, INF, INF, INF, INF, INF, INF, INF, INF],
        C=[INF, INF, INF, INF, INF, INF, INF, INF, 6, INF, INF, INF],
        D=[INF, INF, 7, INF, INF, INF, INF, INF, 10, INF, INF, INF],
        own=[(200, "D", 400), (1990, "D", 600), (3100, "C", 400), (3400, "B", 500)],
    ),
)


def close_to(expected: Any) -> Any:
    """Equal but for the last bits of a float, NaN to NaN."""
    return pytest.approx(expected, rel=1e-12, abs=0, nan_ok=True)


def test_the_dozen_calls_take_their_course() -> None:
    assert told(LOG) == [
        "A 100-104; answered by A at 104",
        "B 110-130; answered by B at 130",
        "D 150-157; answered by D at 157",
        "overflowed (FORWARD_TO_VOICEMAIL) at 160",
        "D 220-220; answered at 220",
        "A 300-320, D 320-335; overflowed (FORWARD_TO_VOICEMAIL) at 335",
        "A 310-313; abandoned at 313",
        "A 700-720, B 720-727; abandoned at 727",
        "A 800-820, B 820-840, C 840-846, D 840-846; answered by C at 846",
        "A 1790-1798; answered by A at 1798",
        "overflowed at 2000",
        "D 3595-3601; abandoned at 3601",
    ]
    assert LOG.own_calls["taken"].tolist() == [False, True, False, True]


# Waits of answered calls: 0 4 7 8 20 46; of abandoned ones: 3 6 27; of overflowed ones: 0 0 35.
# Service level within 20 s, days of half of the calls within it being good ones.
# Handle times: 150, 210, 80 and 360 of 600's calls, 150 of its last, 50 of the page: 1000.
# Answered per hour on duty: A 2 in 1/2, B 1 in 1, C 1 in 2/3, D 1 in 1; E is never there.
EXPECTED = {  # of all groups, of 600, of 601, of 602
    "offered": (12, 8, 2, 2),
    "answered": (6, 5, 0, 1),
    "abandoned": (3, 2, 1, 0),
    "overflowed": (3, 1, 1, 1),
    "blocked": (2, 0, 1, 1),
    "short_abandon": (1, 1, 0, 0),
    "answer_rate": (6 / 12, 5 / 8, 0, 1 / 2),
    "abandonment_rate": (3 / 12, 2 / 8, 1 / 2, 0),
    "overflow_rate": (3 / 12, 1 / 8, 1 / 2, 1 / 2),
    "service_level": (5 / 12, 4 / 8, 0, 1 / 2),
    "p_target_met": (0, 1, 0, 1),
    "mean_speed_of_answer": (85 / 6, 85 / 5, nan, 0),
    "mean_wait": (156 / 12, 150 / 8, 6 / 2, 0),
    "wait_p50": (6, 8, 0, 0),
    "wait_p90": (35, 46, 6, 0),
    "wait_p95": (46, 46, 6, 0),
    "answer_wait_p50": (7, 8, nan, 0),
    "answer_wait_p90": (46, 46, nan, 0),
    "answer_wait_p95": (46, 46, nan, 0),
    "mean_time_to_abandon": (36 / 3, 30 / 2, 6, nan),
    "mean_time_to_overflow": (35 / 3, 35, 0, 0),
    "rings_per_call": (15 / 12, 13 / 8, 1 / 2, 1 / 2),
    "rings_per_answer": (15 / 6, 13 / 5, nan, 1),
    "ring_no_answer_rate": (5 / 15, 5 / 13, 0, 0),
    "offered_load": (12 * 1000 / 6 / 3600, 8 * 950 / 5 / 3600, nan, 2 * 50 / 3600),
    "received": (15, 8, 5, 2),
    "answered_here": (6, 3, 2, 1),
    "answer_rate_of_received": (6 / 15, 3 / 8, 2 / 5, 1 / 2),
    "no_candidate_rate": (2 / 15, 1 / 8, 1 / 5, 0),
    "interruptions_per_hour": (15 / (11400 / 3600), 9 / 1.5, 5 / (6000 / 3600), 1 / 1.5),
    "fairness": (7.5**2 / (4 * 20.25), 5**2 / (2 * 17), 2.5**2 / (2 * 3.25), nan),
}


def test_the_table_of_expected_figures_has_every_metric() -> None:
    assert list(EXPECTED) == [name for name, metric in METRICS.items() if not metric.needs]


@pytest.mark.parametrize(("place", "number"), [(0, None), (1, "600"), (2, "601"), (3, "602")])
@pytest.mark.parametrize("metric", EXPECTED)
def test_metric_of_the_dozen_calls(metric: str, place: int, number: str | None) -> None:
    summary = LOG.summary(within=20, group=number, target=0.5)
    assert summary.loc[metric, "estimate"] == close_to(EXPECTED[metric][place])


def test_one_run_has_no_intervals() -> None:
    assert LOG.summary()[["low", "high"]].isna().all(axis=None)


# Within 20 s: 5 answered, 2 abandoned, of which 1 short; of 600: 4 answered, 1 abandoned, 1 short.
@pytest.mark.parametrize(
    ("variant", "of_all", "of_600"),
    [
        ("offered", 5 / 12, 4 / 8),
        ("ignore_abandoned_within", 5 / 10, 4 / 7),
        ("credit_abandoned_within", 7 / 12, 5 / 8),
        ("answered_only", 5 / 6, 4 / 5),
        ("short_excluded", 5 / 11, 4 / 7),
    ],
)
def test_service_level_of_the_dozen_calls(variant: str, of_all: float, of_600: float) -> None:
    for number, expected in ((None, of_all), ("600", of_600)):
        level = LOG.summary(20, number, variant=variant).loc["service_level"]
        assert level["estimate"] == expected
        code = "" if variant == "offered" else f" {variant.partition('_')[0]}"
        assert level["note"].split("; ")[0] == f"20 s{code}"


# Of A within [0, 1800): talk 120 + 2, wrap-up 30, rings 4 + 20 + 20 + 20 + 8.
# Of B: talk 200 + 200, wrap-up 10, rings 20 + 7 + 20.
# Of C within [600, 3000): talk 300, wrap-up 60, rings 6.
# Of D: talk 60 + 50 + 600, wrap-up until the page 3, rings 7 + 15 + 6 + 5.
SHARES = {  # talk, ring, wrap-up
    "201": (122 / 1800, 72 / 1800, 30 / 1800),
    "202": (400 / 3600, 47 / 3600, 10 / 3600),
    "203": (300 / 2400, 6 / 2400, 60 / 2400),
    "204": (710 / 3600, 33 / 3600, 3 / 3600),
    "205": (nan, nan, nan),
}
MEMBERS = {  # rung, answered, ring_no_answer, paged, answer_share, interruptions_per_hour
    ("600", "201"): (6, 2, 3, 0, 2 / 3, 6 / 0.5),
    ("600", "202"): (3, 1, 1, 0, 1 / 3, 3),
    ("601", "203"): (1, 1, 0, 0, 1 / 2, 1.5),
    ("601", "204"): (4, 1, 1, 0, 1 / 2, 4),
    ("601", "205"): (0, 0, 0, 0, 0, nan),
    ("602", "201"): (0, 0, 0, 0, nan, 0),
    ("602", "204"): (0, 0, 0, 1, nan, 1),
}


def test_members_are_in_the_configured_order() -> None:
    members = LOG.members()
    assert members.index.names == ["group", "member"]
    assert members.index.tolist() == list(MEMBERS)


@pytest.mark.parametrize(("number", "member"), MEMBERS)
def test_member_of_the_dozen_calls(number: str, member: str) -> None:
    rung, answered, unanswered, paged, share, interruptions = MEMBERS[number, member]
    talk, ring, wrap_up = SHARES[member]
    expected = {
        "rung": rung,
        "answered": answered,
        "ring_no_answer": unanswered,
        "paged": paged,
        "answer_share": share,
        "interruptions_per_hour": interruptions,
        "talk_share": talk,
        "ring_share": ring,
        "wrap_up_share": wrap_up,
        "occupancy": talk + wrap_up,
    }
    assert [*expected, "declined", "pause_time"] == list(MEMBER_METRICS)
    assert LOG.members().loc[(number, member), list(expected)].to_dict() == close_to(expected)


@pytest.mark.parametrize(
    ("number", "metric", "expected"),
    [
        (None, "offered", [9, 1, 1, 1]),
        (None, "answered", [5, 1, 0, 0]),
        (None, "abandoned", [2, 0, 0, 1]),
        (None, "overflowed", [2, 0, 1, 0]),
        (None, "blocked", [1, 0, 1, 0]),
        (None, "answer_rate", [5 / 9, 1, 0, 0]),
        (None, "service_level", [4 / 9, 1, 0, 0]),
        (None, "mean_speed_of_answer", [77 / 5, 8, nan, nan]),
        (None, "mean_time_to_abandon", [30 / 2, nan, nan, 6]),
        (None, "rings_per_call", [13 / 9, 1, 0, 1]),
        (None, "ring_no_answer_rate", [5 / 13, 0, nan, 0]),
        ("600", "offered", [7, 1, 0, 0]),
        ("600", "answer_rate", [4 / 7, 1, nan, nan]),
        ("600", "wait_p50", [20, 8, nan, nan]),
    ],
)
def test_quarter_hour_of_the_dozen_calls(
    number: str | None, metric: str, expected: list[float]
) -> None:
    intervals = LOG.intervals(900, number)
    assert intervals.index.tolist() == [0, 900, 1800, 2700]
    assert intervals["ends_at"].tolist() == [900, 1800, 2700, 3600]
    assert intervals[metric].tolist() == close_to(expected)


# Busy on duty within quarters of an hour: A 104-254 and 1798-1800; B 130-340 and 3400-3600;
# C 846-1206; D 157-270 and 1990-2590. Of all groups everybody counts once.
@pytest.mark.parametrize(
    ("number", "busy", "on_duty"),
    [
        (None, [527, 308, 600, 200], [3000, 3600, 2700, 2100]),
        ("600", [360, 2, 0, 200], [1800, 1800, 900, 900]),
        ("601", [167, 306, 600, 0], [1200, 1800, 1800, 1200]),
        ("602", [263, 2, 600, 0], [1800, 1800, 900, 900]),
    ],
)
def test_occupancy_of_the_dozen_calls(
    number: str | None, busy: list[float], on_duty: list[float]
) -> None:
    place = LOG.roster.index_of_group(number)
    layout = interval_layout(LOG.roster, 3600, Thresholds(), width=900, group=place)
    by_interval = LOG.observed(layout)
    for cells in ([0], [1], [2], [3], [1, 2], [0, 1, 2, 3]):
        expected = sum(busy[cell] for cell in cells) / sum(on_duty[cell] for cell in cells)
        found = occupancy_within(by_interval, cells).estimate().estimate
        assert found == pytest.approx(expected, rel=1e-12)
    whole = occupancy(by_interval, place).estimate().estimate
    assert whole == pytest.approx(sum(busy) / sum(on_duty), rel=1e-12)
