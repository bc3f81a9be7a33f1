"""Shifts over midnight: what they cover on the next day, and what a roster makes of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim.planning._calendar import period_of
from ringsim.planning._cover import Covering, Need, Worker
from ringsim.planning._day_axis import merged
from ringsim.planning._turns import RosterDay, Turn, axis_of, turns_of
from ringsim.scenario import DAY, Scenario, clock_text
from ringsim.scenario._duty import resolved_duty
from support.helpers import refusal
from support.profiles import PROFILE

WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SHIFTS = [rs.Shift("22:00", "06:00"), rs.Shift("06:00", "14:00"), rs.Shift("14:00", "22:00")]
STEP = 1800  # seconds, in which the laws draw all times
EXAMPLES = PROFILE.examples // 4 + 5
clocks = st.integers(0, 47).map(lambda at: float(at * STEP))


def hotline(**fields: Any) -> Scenario:
    """Return a group that is called day and night."""
    whole = {
        "groups": [{"extension_number": "600", "members": [str(201 + at) for at in range(9)]}],
        "demand": {"600": rs.Demand(calls_per_hour=6, talk_time=60)},
        "hours": 24,
        "opens_at": "00:00",
    }
    return rs.Scenario(**whole | fields)


def roster(scenario: Any, **given: Any) -> rs.Roster:
    few: dict[str, Any] = {
        "target": rs.Target(answer_rate=0.5),
        "shifts": SHIFTS,
        "width": 7200,
        "replications_played": 60,
        "max_rounds": 0,
    }
    return rs.roster(scenario, "600", **few | given)


def shift_of(start: float, length: float, **fields: Any) -> rs.Shift:
    """Return a shift in times of day."""
    times = (clock_text(each % DAY) for each in (start, start + length))
    return rs.Shift(*times, **fields)


def days_of(names: Sequence[str], opens: float = 0.0, hours: float = 24.0) -> list[RosterDay]:
    scenario = hotline(opens_at=clock_text(opens % DAY), hours=hours)
    n = math.ceil(3600 * hours / STEP)
    return [RosterDay(name, scenario, float(STEP), n) for name in names]


def covered(turns: Sequence[Turn]) -> Counter[tuple[int, int]]:
    """Return how many turns cover each interval of each day."""
    return Counter(key for turn in turns for key in turn.covered())


# What a shift covers


@given(start=clocks, n=st.integers(1, 47), opens=clocks, lunch=st.booleans())
def test_over_midnight_a_shift_covers_as_much_time(
    start: float, n: int, opens: float, lunch: bool
) -> None:
    """A law of days that repeat: all hours of a shift are in the roster, whenever it begins."""
    has_lunch = lunch and n >= 4
    window = (clock_text((start + at * STEP) % DAY) for at in (1, 2))
    fields = {"lunch": tuple(window), "lunch_time": STEP} if has_lunch else {}
    for names in (["day"], WEEK):
        turns = turns_of(days_of(names, opens), [shift_of(start, n * STEP, **fields)])
        found = covered(turns)
        assert len(turns) == len(names)
        assert sum(found.values()) == len(names) * (n - has_lunch)
        assert {turn.hours for turn in turns} == {(n - has_lunch) * STEP / 3600}
        assert max(found.values()) == 1


@given(start=clocks, n=st.integers(1, 47), opens=clocks, moved=clocks)
def test_moving_all_clocks_moves_nothing(start: float, n: int, opens: float, moved: float) -> None:
    """A law of days that repeat: each interval has as many turns, whatever the clock shows."""
    for names in (["day"], WEEK):
        here = turns_of(days_of(names, opens), [shift_of(start, n * STEP)])
        there = turns_of(days_of(names, opens + moved), [shift_of(start + moved, n * STEP)])
        assert covered(here) == covered(there)


@given(
    names=st.sampled_from([["2026-03-01", "2026-03-02"], ["mon", "wed"], ["day 1", "day 2"]]),
    start=clocks,
    n=st.integers(1, 47),
    opens=clocks,
    moved=clocks,
)
def test_moving_all_clocks_changes_no_turn_that_stays_on_its_day(
    names: list[str], start: float, n: int, opens: float, moved: float
) -> None:
    """A law of all days, as long as the shift begins as many seconds after its day."""
    before, after = days_of(names, opens), days_of(names, opens + moved)
    shifts = shift_of(start, n * STEP), shift_of(start + moved, n * STEP)
    starts = [
        day[0].seconds(shift, shift.span[0])
        for day, shift in zip((before, after), shifts, strict=True)
    ]
    assume(starts[0] == starts[1])
    assert turns_of(before, shifts[:1]) == turns_of(after, shifts[1:])


@settings(max_examples=EXAMPLES)
@given(data=st.data(), moved=clocks)
def test_moving_all_clocks_does_not_change_the_cost(data: st.DataObject, moved: float) -> None:
    """A law of whole weeks and typical days; with so much rest, nobody works twice in 24 hours."""
    length = data.draw(st.integers(8, 32)) * STEP
    starts = data.draw(st.lists(clocks, min_size=1, max_size=3, unique=True))
    names = data.draw(st.sampled_from([["day"], WEEK]))
    people = [
        {"rest": 24 - length / 3600, "cost": cost}
        for cost in data.draw(st.lists(st.sampled_from([1.0, 2.0]), min_size=1, max_size=3))
    ]
    keys = st.tuples(st.integers(0, len(names) - 1), st.integers(0, 47))
    wanted = data.draw(st.sets(keys, max_size=6))
    needs = []
    for day in range(len(names)):
        n = tuple(int((day, at) in wanted) for at in range(48))
        needs.append(Need(day, "600", n, tuple((1.0,) * each + (0.0,) for each in n)))
    found = []
    for by in (0.0, moved):
        days = days_of(names, by)
        turns = turns_of(days, [shift_of(start + by, length) for start in starts])
        free = {(turn.day, turn.shift): (index,) for index, turn in enumerate(turns)}
        workers = [Worker(frozenset(["600"]), free, **each) for each in people]
        axis = axis_of(days)
        cover = Covering(turns, workers, needs, axis.begins, axis.period).solve()
        found.append((cover.loss, cover.cost))
    assert found[0] == pytest.approx(found[1], abs=1e-4)


@given(start=clocks, n=st.integers(1, 47), opens=clocks, hours=st.integers(1, 48))
def test_a_shift_of_a_day_is_the_duty_of_the_same_times(
    start: float, n: int, opens: float, hours: int
) -> None:
    """A law: in a day without a name, a shift recurs as spans of duty in times of day do."""
    [day] = days_of(["day"], opens, hours / 2)
    shift = shift_of(start, n * STEP)
    duty = resolved_duty([(shift.starts_at, shift.ends_at)], day.scenario.opens_at, hours / 2)
    inside = [span for span in duty if span[0] < day.closes]
    if not inside:
        assert "must lie within the hours of a day" in refusal(lambda: turns_of([day], [shift]))
        return
    [turn] = turns_of([day], [shift])
    assert merged(day.duty(turn.spans_on(0))) == merged(day.duty(inside))


@given(
    start=clocks, n=st.integers(1, 47), opens=st.tuples(clocks, clocks), hours=st.integers(1, 48)
)
def test_no_shift_works_beyond_its_hours(
    start: float, n: int, opens: tuple[float, float], hours: int
) -> None:
    """A law: where days follow each other, a turn covers at most its time, and once."""
    first, second = (days_of(["x"], at, hours / 2)[0].scenario for at in opens)
    days = [
        RosterDay(name, scenario, float(STEP), hours)
        for name, scenario in (("2026-03-01", first), ("2026-03-02", second))
    ]
    axis = axis_of(days)
    try:
        turns = turns_of(days, [shift_of(start, n * STEP)])
    except rs.ConfigurationError:
        return
    for turn in turns:
        begins = axis.begins[turn.day]
        assert (turn.end - turn.start) == n * STEP
        seen = set()
        for day, at in turn.covered():
            low, high = (axis.begins[day] + each for each in days[day].interval(at))
            assert begins + turn.start <= low
            assert high <= begins + turn.end
            assert low not in seen
            seen.add(low)


@pytest.mark.parametrize(
    ("names", "days"),
    [
        (["mon", "tue"], 7),
        (["Sunday", "Monday"], 7),
        (["mon", "tue", "mon again"], math.inf),
        (["day"], 1),
        (["busy day"], 1),
        (["sat"], 7),
        (["2026-03-01"], math.inf),
        (["sat", "2026-03-01"], math.inf),
        (["day 1", "day 2"], math.inf),
    ],
)
def test_weekdays_and_a_day_without_a_name_repeat(names: list[str], days: float) -> None:
    assert period_of(names) == days


NIGHT = {(0, at) for at in range(44, 48)}
MORNING = set(range(12))


@pytest.mark.parametrize(
    ("names", "also"),
    [
        (["mon", "tue"], {1}),
        (["mon", "wed"], set()),
        (["tue", "mon"], set()),
        (["sun", "mon"], {1}),
        (["mon"], set()),
        (["day"], {0}),
        (["2026-02-28", "2026-03-01"], {1}),
        (["2026-02-28", "2026-03-02"], set()),
        (["2026-02-28"], set()),
        (["first", "second"], {1}),
    ],
)
def test_the_night_shift_of_the_first_day_covers_the_morning_after_it(
    names: list[str], also: set[int]
) -> None:
    night = shift_of(22 * 3600.0, 8 * 3600.0, days=names[:1])
    [turn] = turns_of(days_of(names), [night])
    assert set(turn.covered()) == NIGHT | {(day, at) for day in also for at in MORNING}


def test_the_last_night_of_a_week_covers_its_first_morning() -> None:
    [turn] = turns_of(days_of(WEEK), [rs.Shift("22:00", "06:00", days=["sun"])])
    assert [(spill.day, spill.spans) for spill in turn.spills] == [(0, ((0.0, 21_600.0),))]


def test_a_day_that_is_closed_at_night_has_a_night_shift_for_the_next_day() -> None:
    """Saturday closes at 18:00; its night shift works only after midnight, and is paid in full."""
    saturday, sunday = days_of(["sat"], 8 * 3600.0, 10)[0], days_of(["sun"])[0]
    [turn] = turns_of([saturday, sunday], [rs.Shift("22:00", "06:00", days=["sat"])])
    assert set(turn.covered()) == {(1, at) for at in MORNING}
    assert turn.hours == 8


def test_a_shift_that_begins_before_opening_covers_the_end_of_the_day_before() -> None:
    """Days from 06:00 to 06:00: from 04:00 on, Tuesday's early shift is still on Monday's day."""
    early = rs.Shift("04:00", "12:00", days=["tue"])
    [turn] = turns_of(days_of(["mon", "tue"], 6 * 3600.0), [early])
    assert set(turn.covered()) == {(0, at) for at in range(44, 48)} | {(1, at) for at in range(12)}


def test_where_days_overlap_a_shift_covers_its_own_day() -> None:
    """Monday lasts until Tuesday 08:00, and Tuesday begins at midnight."""
    monday, tuesday = days_of(["mon"], 20 * 3600.0, 12)[0], days_of(["tue"])[0]
    [turn] = turns_of([monday, tuesday], [rs.Shift("22:00", "10:00", days=["mon"])])
    assert set(turn.covered()) == {(0, at) for at in range(4, 24)} | {
        (1, at) for at in range(16, 20)
    }


# Rosters


@pytest.fixture(scope="module")
def week() -> rs.Roster:
    return roster(hotline(days=WEEK), costs=20)


def test_a_week_of_three_shifts_is_staffed_day_and_night(week: rs.Roster) -> None:
    assert week.meets == "yes"
    assert (week.by_interval["on_duty"] >= week.by_interval["needed"]).all()
    assert week.by_interval["on_duty"].eq(1).all()


def test_hours_and_costs_of_a_night_count_once(week: rs.Roster) -> None:
    assert week.hours == week.table["hours"].sum() == 7 * 24
    assert week.cost == 20 * week.hours
    assert len(week.table) == 3 * 7
    assert not week.table.duplicated(["person", "day"]).any()


def test_the_people_of_a_night_are_on_duty_on_the_next_day(week: rs.Roster) -> None:
    """Also in the scenario of the week, from Sunday to Monday."""
    nights = week.table[week.table["shift"] == "22:00-06:00"]
    assert nights["day"].tolist() == sorted(nights["day"], key=nights["day"].tolist().index)
    assert set(nights["day"]) == set(WEEK)
    for row in nights.to_dict("records"):
        after = WEEK[(WEEK.index(row["day"]) + 1) % 7]
        number = row["person"]
        assert week.scenario.on(row["day"]).duty(number)[-1] == (79_200, math.inf)
        assert week.scenario.on(after).duty(number)[0] == (0, 21_600)
        assert week.scenario.on(after).duty(number) == week.scenarios[after].duty(number)
        who = [each.extension_number for each in week.rounds.team.people].index(number)
        assert week.spans_on(after)[who][0] == (0, 21_600)


def test_calls_after_midnight_are_answered_by_the_people_of_the_night(week: rs.Roster) -> None:
    played = rs.simulate(week.scenario, replications=3, seed=1, keep_logs=True)
    [row] = week.table[
        (week.table["shift"] == "22:00-06:00") & (week.table["day"] == "mon")
    ].to_dict("records")
    calls = pd.concat(log.on("tue").calls for log in played.logs)
    night = calls[(calls["arrives_at"] < 21_000) & calls["answered_by"].notna()]
    assert len(night) > 20
    assert set(night["answered_by"]) == {row["person"]}


def test_rest_is_kept_after_a_night_also_from_one_week_to_the_next(week: rs.Roster) -> None:
    starts = {"22:00": 22, "06:00": 6, "14:00": 14}
    for _, rows in week.table.groupby("person"):
        begins = sorted(
            24 * WEEK.index(day) + starts[at]
            for day, at in zip(rows["day"], rows["from"], strict=True)
        )
        following = [*begins[1:], begins[0] + 7 * 24]
        assert all(b - a >= 8 + 11 for a, b in zip(begins, following, strict=True))


@pytest.mark.parametrize(("rest", "n_worked"), [(16, 2), (17, 1)])
def test_rest_is_kept_between_sunday_and_monday(rest: float, n_worked: int) -> None:
    """From Sunday 14:00 to Monday 06:00 are 16 hours."""
    days = {name: hotline(opens_at="06:00", hours=8) for name in ("mon", "sun")}
    people = [rs.Person("201", rest=rest)]
    found = roster(days, people=people, shifts=[rs.Shift("06:00", "14:00")])
    assert len(found.table) == n_worked


def test_all_hours_of_the_last_night_count_though_the_next_day_is_not_planned() -> None:
    first = rs.Shift("00:00", "06:00", days=["2026-03-01"])
    dates = {name: hotline() for name in ("2026-03-01", "2026-03-02")}
    found = roster(dates, shifts=[*SHIFTS, first])
    assert found.meets == "yes"
    assert found.hours == found.cost == 48 + 6
    assert found.by_interval["on_duty"].eq(1).all()


def test_weekly_hours_count_a_night_in_full() -> None:
    people = [rs.Person(str(201 + at), max_hours=8) for at in range(9)]
    found = roster(
        hotline(days=["sun", "mon"]),
        people=people,
        days=["sun", "mon"],
        shifts=[*SHIFTS, rs.Shift("00:00", "06:00", days=["sun"])],
    )
    assert found.meets == "yes"
    assert found.table.groupby("person")["hours"].sum().max() == 8
    assert found.table["person"].nunique() == 7


@pytest.mark.parametrize(
    ("available", "can"),
    [
        (None, True),
        ([("22:00", "06:00")], True),
        ([("00:00", "24:00")], True),
        ([("20:00", "24:00"), ("00:00", "08:00")], True),
        ([("20:00", "24:00")], False),
        ({"mon": [("22:00", "06:00")]}, True),
        ({"mon": [("20:00", "24:00")], "tue": [("00:00", "08:00")]}, True),
        ({"mon": [("20:00", "24:00")], "tue": [("00:00", "05:00")]}, False),
        ({"mon": [("20:00", "24:00")]}, False),
        ({"tue": [("00:00", "08:00")]}, False),
    ],
)
def test_people_are_available_for_a_night_on_both_days(available: Any, can: bool) -> None:
    day = rs.Shift("06:00", "08:00", days=["tue"], name="any")
    night = rs.Shift("22:00", "06:00", days=["mon"], name="night")
    rest = [rs.Shift("00:00", "22:00", days=["mon"]), rs.Shift("06:00", "24:00", days=["tue"])]
    found = (
        roster(
            hotline(days=["mon", "tue"]),
            people=[rs.Person("201", available=available), "202"],
            shifts=[night, *rest, day],
        )
        if can
        else None
    )
    if found is not None:
        assert (0, 0) in found.rounds.team.workers[0].turns
        return
    people = [rs.Person("201", available=available), "202", "203"]
    assert "must cover a shift on at least one day" in refusal(
        lambda: roster(hotline(days=["mon", "tue"]), people=people, shifts=[night, *rest])
    )


def test_duty_of_the_next_day_limits_the_night() -> None:
    """Who is off duty on Tuesday cannot work Monday's night; it takes someone else."""
    days = {
        "mon": hotline(),
        "tue": hotline(extensions=[rs.Extension("201", on_duty=[("12:00", "24:00")])]),
    }
    shifts = [*SHIFTS, rs.Shift("00:00", "06:00", days=["mon"])]
    found = roster(days, people=["201", *map(str, range(202, 207))], shifts=shifts)
    turns = found.rounds.team.workers[0].turns
    assert (0, 0) not in turns
    assert (0, 0) in found.rounds.team.workers[1].turns


def test_a_night_in_the_calendar_ends_on_the_next_date(tmp_path: Path, week: rs.Roster) -> None:
    week.to_icalendar(tmp_path / "week.ics", starts_on="2026-03-02")
    text = (tmp_path / "week.ics").read_text()
    assert text.count("BEGIN:VEVENT") == len(week.table)
    assert "DTSTART:20260308T220000\nDTEND:20260309T060000" in text
    week.to_csv(tmp_path / "week.csv")
    assert len(pd.read_csv(tmp_path / "week.csv")) == len(week.table)


def test_a_single_day_staffs_its_morning_by_its_night_shift() -> None:
    found = roster(hotline())
    assert found.meets == "yes"
    assert found.hours == 24
    [night] = found.table[found.table["from"] == "22:00"]["person"]
    assert found.scenario.duty(night) == ((0, 21_600), (79_200, math.inf))


def test_lunch_may_begin_at_closing_time() -> None:
    """The person works until closing, and nobody is on duty twice."""
    office = hotline(opens_at="08:00", hours=4)
    shift = rs.Shift("08:00", "14:00", lunch=("12:00", "13:00"))
    found = roster(office, shifts=[shift])
    assert found.meets == "yes"
    [number] = found.table["person"]
    first, *_ = found.scenario.duty(number)
    assert first[0] == 0
    assert first[1] >= 4 * 3600


def test_people_missing_are_as_many_as_the_nights_need() -> None:
    """One person cannot work a night and the next morning's shift that overlaps it."""
    days = days_of(["2026-03-01", "2026-03-02"])
    turns = turns_of(days, [rs.Shift("20:00", "08:00"), rs.Shift("06:00", "10:00")])
    needs = [
        Need(0, "600", tuple(int(at >= 40) for at in range(48)), ((1.0, 0.0),) * 48),
        Need(1, "600", tuple(int(at < 20) for at in range(48)), ((1.0, 0.0),) * 48),
    ]
    axis = axis_of(days)
    problem = Covering(turns, [], needs, axis.begins, axis.period)
    assert problem.people_missing(frozenset(["600"])) == 2
