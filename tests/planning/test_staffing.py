"""Staffing a day: sizing of each interval, then whole days with these members on duty.

In `office()` 202 is a member of 601 too, so the plan never changes the duty of 202.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy import stats

import ringsim as rs
from ringsim.metrics import Thresholds
from ringsim.planning._advice import price_of
from ringsim.planning._steady_state import SteadyPeriod, steady_scenario
from support.helpers import NO_CALLS, refusal

RATES = [12, 60, 0, 25]
TARGET = rs.Target(service_level=0.7, within=15)


def office(**fields: Any) -> rs.Scenario:
    """Return two hours of a hunting group of two, and a group that shares a member."""
    whole = {
        "groups": [
            {"extension_number": "600", "ring_strategy": "CYCLIC_HUNT", "members": ["201", "202"]},
            {"extension_number": "601", "members": ["202", "301"]},
        ],
        "demand": {
            "600": rs.Demand(
                calls_per_hour=RATES,
                talk_time=rs.lognormal(mean=100, cv=1),
                patience=stats.expon(scale=60),
            ),
            "601": rs.Demand(calls_per_hour=8, talk_time=60),
        },
        "extensions": [
            rs.Extension("201", own_calls=rs.Demand(calls_per_hour=[6, 0], talk_time=60)),
            rs.Extension("301", on_duty=[("08:00", "09:00")]),
        ],
        "hours": 2,
        "opens_at": "08:00",
    }
    return rs.Scenario(**whole | fields)


@pytest.fixture(scope="module")
def staffing() -> rs.Staffing:
    return rs.staffing(office(), "600", TARGET, replications_played=60, seed=2)


# People on duty


def on_duty(scenario: rs.Scenario, instant: float) -> int:
    """Return the number of members of 600 on duty."""
    spans = [scenario.duty(member.extension_number) for member in scenario.group("600").members]
    return sum(duty is None or any(start <= instant < end for start, end in duty) for duty in spans)


def test_as_many_are_on_duty_in_each_interval_as_it_needs(staffing: rs.Staffing) -> None:
    members = staffing.table["members"]
    assert members.index.tolist() == [0, 1800, 3600, 5400]
    assert members[3600] == 1 < members[0] <= members[5400] < members[1800]
    for starts_at, needed in members.items():
        for instant in (float(str(starts_at)), float(str(starts_at)) + 1799.9):
            assert on_duty(staffing.scenario, instant) == needed
    assert staffing.member_hours == members.sum() / 2


def test_the_first_members_are_on_duty_first_and_the_last_of_the_day_stay(
    staffing: rs.Staffing,
) -> None:
    scenario = staffing.scenario
    members = [member.extension_number for member in scenario.group("600").members]
    assert members[:3] == ["201", "202", "60001"]
    assert scenario.duty("201") == ((0, 3600), (5400, math.inf))
    assert scenario.duty("202") is None
    assert scenario.duty(members[-1]) == ((1800, 3600),)
    assert scenario.duty("301") == office().duty("301")


LUNCH = [("08:00", "08:30"), ("09:00", "10:00")]


def test_a_plan_calls_nobody_in_who_is_off_duty() -> None:
    """201 has half an hour off at the peak, and other members take over."""
    scenario = office(extensions=[rs.Extension("201", on_duty=LUNCH)])
    staffing = rs.staffing(scenario, "600", TARGET, replications_played=20)
    duty = staffing.scenario.duty("201")
    assert duty is not None
    assert not any(start < 3600 and end > 1800 for start, end in duty)
    needed = staffing.table["members"]
    assert [on_duty(staffing.scenario, at * 1800 + 900) for at in range(4)] == needed.tolist()


@pytest.mark.parametrize("width", [900, 1800, 3600])
@pytest.mark.parametrize(
    "own", [None, LUNCH, [("08:15", "09:40")], []], ids=["always", "lunch", "part", "never"]
)
def test_a_plan_takes_nobody_off_another_group(own: Any, width: float) -> None:
    """Duty after planning is within duty before, and the same for members of two groups."""
    people = [rs.Extension(number, on_duty=own) for number in ("201", "202")]
    scenario = office(extensions=people)
    planned = rs.staffing(
        scenario, "600", TARGET, replications_played=2, width=width, max_members=4
    ).scenario
    assert [planned.duty(number) for number in ("202", "301")] == [
        scenario.duty(number) for number in ("202", "301")
    ]
    assert planned.group("601") == scenario.group("601")
    before, after = scenario.duty("201"), planned.duty("201")
    if before is not None and after is not None:
        assert all(any(a <= start and end <= b for a, b in before) for start, end in after)


def test_only_candidates_who_are_on_duty_are_taken() -> None:
    """Candidates exclude new members; 201 is off duty in the second half hour."""
    people = [rs.Extension("201", on_duty=LUNCH)]
    staffing = rs.staffing(
        office(extensions=people),
        "600",
        TARGET,
        replications_played=2,
        candidates=["201", "204", "205"],
    )
    assert [len(sizing.tried) - 1 for sizing in staffing.sizings][1] <= 2
    members = [each.extension_number for each in staffing.scenario.group("600").members]
    assert set(members) <= {"201", "204", "205"}


@pytest.fixture(scope="module")
def packaged() -> rs.Scenario:
    return rs.Scenario.load(Path(str(files("ringsim") / "data" / "my-office.toml")))


@pytest.mark.parametrize("apart", [False, True], ids=["in two groups", "in one group"])
def test_the_plan_of_the_packaged_office_meets_its_target(
    packaged: rs.Scenario, apart: bool
) -> None:
    """205 helps out in two groups, 201 and others have lunch: nothing of that changes."""
    if apart:
        backup = packaged.group("601")
        alone = backup.replace(
            members=[each for each in backup.members if each.extension_number != "205"]
        )
        packaged = packaged.replace(
            groups=[alone if each is backup else each for each in packaged.groups]
        )
    staffing = rs.staffing(packaged, "600", rs.Target(service_level=0.8))
    meets = staffing.table["meets"].value_counts()
    assert meets["yes"] >= 15
    assert "no" not in meets
    duty = staffing.scenario.duty("201")
    assert duty is None or not any(start < 4.5 * 3600 and end > 4 * 3600 for start, end in duty)
    if not apart:
        assert staffing.scenario.duty("205") == packaged.duty("205")


# Sizing of intervals


def test_an_interval_is_sized_as_a_stretch_in_which_nothing_changes(
    staffing: rs.Staffing,
) -> None:
    """Compare with a plain simulation of the steady period, without its warm-up."""
    scenario = office()
    for at, starts_at in enumerate((0, 1800, 5400)):
        sizing = staffing.sizings[(0, 1, 3)[at]]
        row = sizing.table.loc[sizing.closest]
        steady = steady_scenario(scenario, starts_at, 1800, 2.5)
        assert sizing.scenario.demand == steady.demand
        assert all(sizing.scenario.duty(number) is None for number in ("201", "202"))
        result = rs.simulate(sizing.scenario, replications=int(row["replications"]), seed=2)
        intervals = result.intervals(1800, "600", within=15)[1:]
        answered = (intervals["service_level"] * intervals["offered"]).sum()
        assert row["estimate"] == pytest.approx(answered / intervals["offered"].sum(), rel=1e-9)


def test_an_interval_in_which_nobody_calls_has_only_those_who_are_there_anyway(
    staffing: rs.Staffing,
) -> None:
    quiet = staffing.table.loc[3600]
    assert (quiet["offered"], quiet["members"], quiet["meets"]) == (0, 1, "yes")
    apart = office(groups=office().groups[:1], demand={"600": office().demand["600"]})
    alone = rs.staffing(apart, "600", TARGET, replications_played=2)
    assert alone.table.loc[3600, "members"] == 0
    assert math.isnan(quiet["service_level"])


def test_a_day_without_changes_needs_the_same_members_all_day() -> None:
    """The number equals that of `size`, whose empty start hardly matters here."""
    steady = rs.Demand(calls_per_hour=30, talk_time=60, patience=stats.expon(scale=60))
    scenario = office(demand={"600": steady}, hours=6, extensions=[])
    staffing = rs.staffing(scenario, "600", TARGET, replications_played=20)
    [needed] = set(staffing.table["members"])
    assert rs.size(scenario, "600", TARGET).members == needed
    assert len(staffing.table) == 12
    assert staffing.table["decided"].all()
    assert staffing.table["offered_load"].tolist() == pytest.approx([0.5] * 12)
    erlang = rs.erlang.members_for_service_level(0.5, 0.7, within=15, handle_time=60)
    assert set(staffing.table["erlang_members"]) == {erlang}


@pytest.mark.parametrize(
    ("start", "rates", "own", "there"),
    [
        (0, (12, 8), 6, True),
        (1800, (60, 8), 0, True),
        (3600, (0, 8), 0, False),
        (5400, (25, 8), 0, False),
    ],
)
def test_a_stretch_is_as_its_interval(
    start: float, rates: tuple[float, float], own: float, there: bool
) -> None:
    """It keeps calls, own calls, and the people on duty at the interval's middle."""
    steady = steady_scenario(office(), start, 1800, 5)
    assert steady.hours == 5
    found = [steady.demand[number].expected_calls(1) for number in ("600", "601")]
    assert found == pytest.approx(rates)
    own_calls = steady.extension("201").own_calls
    assert own_calls is not None
    assert own_calls.expected_calls(1) == pytest.approx(own)
    assert steady.duty("301") == (None if there else ())
    assert steady.duty("202") is None


def test_a_stretch_of_given_instants_has_their_rate() -> None:
    demand = rs.Demand(arrives_at=[0, 10, 1799, 1800, 7300], talk_time=60)
    scenario = office(demand={"600": demand})
    rates = [
        steady_scenario(scenario, at * 1800, 1800, 1).demand["600"].calls_per_hour
        for at in range(5)
    ]
    assert rates == [6, 2, 0, 0, 2]


@pytest.mark.parametrize("hours", [0.25, 0.75, 1.0, 2.0])
@pytest.mark.parametrize("width", [1800, 3600])
def test_given_calls_after_closing_are_counted(hours: float, width: float) -> None:
    """The load counts all offered calls, at any closing time."""
    instants = [*(20.0 * place for place in range(30)), *(3000 + 15.0 * at for at in range(30))]
    demand = rs.Demand(arrives_at=instants, talk_time=90)
    scenario = office(demand={"600": demand}, hours=hours, extensions=[], opens_at=None)
    scenario = scenario.replace(groups=scenario.groups[:1])
    table = rs.staffing(scenario, "600", TARGET, replications_played=2, width=width).table
    assert (table["offered_load"] * width / 90).tolist() == pytest.approx(table["offered"].tolist())
    assert table["offered"].sum() == 60


def test_rates_are_means_over_an_interval_and_what_of_it_is_within_the_hours() -> None:
    """30 calls an hour for half of the first hour, 10 for the other; then 10 until 1.25 hours."""
    demand = {"600": rs.Demand(calls_per_hour=[30, 10, 10], talk_time=60)}
    scenario = office(demand=demand, hours=1.25)
    rates = [
        steady_scenario(scenario, start, 3600, 1).demand["600"].calls_per_hour
        for start in (0, 3600)
    ]
    assert rates == pytest.approx([20, 10])


@pytest.mark.parametrize(
    ("talk", "width", "warm_up"), [(60, 1800, 1), (360, 1800, 1), (361, 1800, 2), (60, 100, 3)]
)
def test_the_warm_up_is_five_handle_times_or_an_interval(
    talk: float, width: float, warm_up: int
) -> None:
    demand = rs.Demand(calls_per_hour=1, talk_time=talk)
    stretch = SteadyPeriod.of(office(demand={"600": demand}, extensions=[]), width)
    assert (stretch.warm_up, stretch.measured) == (warm_up, range(warm_up, 5 * warm_up))
    assert stretch.hours == pytest.approx(5 * warm_up * width / 3600)


# The days that are played


def test_the_table_is_what_days_with_these_members_say(staffing: rs.Staffing) -> None:
    result = rs.simulate(staffing.scenario, replications=60, seed=3)
    played = result.intervals(1800, "600", within=15, level=0.9)
    table = staffing.table
    assert table["ends_at"].tolist() == played["ends_at"].tolist()
    for name in ("offered", "service_level"):
        assert table[name].tolist() == pytest.approx(played[name].tolist(), nan_ok=True)
    called = table["offered"] > 0
    assert (table["service_level_low"] < played["service_level_low"])[called].all()
    assert (table["service_level_high"] > played["service_level_high"])[called].all()
    told = table["service_level_low"].ge(0.7).map({True: "yes", False: "undecided"})[called]
    assert table["meets"][called].tolist() == told.tolist()
    busy = (table["occupancy"] * table["members"]).sum() * 1800
    people = result.members().loc["600"]
    roster = result.roster
    duty_time = [roster.duty_time[roster.extensions.index(str(each))] for each in people.index]
    assert busy == pytest.approx((people["occupancy"].fillna(0) * duty_time).sum(), rel=1e-9)


def test_an_interval_that_inherits_calls_is_shown_as_it_is() -> None:
    """Calls of half an hour: those of the busy hour go on when few members are left."""
    demand = rs.Demand(calls_per_hour=[40, 40, 20], talk_time=1800, patience=30)
    scenario = office(demand={"600": demand}, hours=1.5, extensions=[])
    staffing = rs.staffing(scenario, "600", rs.Target(answer_rate=0.8), replications_played=600)
    first, second, third = staffing.table["members"]
    assert first == second > third
    assert staffing.table["meets"].tolist() == ["yes", "yes", "no"]
    missed, plan, met = str(staffing).splitlines()[:3]
    assert missed == "The plan misses the target in 1 of 3 intervals, from 09:00."
    assert plan.startswith(f"The plan of group 600 has {third} to {first} members on duty, ")
    assert "to reach an answer rate of at least 80 % in each of 3 intervals" in plan
    assert met.endswith("2 intervals meet the target.")


def test_the_price_of_a_plan_is_that_of_a_comparison() -> None:
    """With the same callers and replications, `compare` finds the same gain and price."""
    staffing = rs.staffing(office(), "600", rs.Target(answer_rate=0.82), replications_played=60)
    compared = rs.compare(
        office(), group="600", variants={"plan": staffing.scenario}, replications=60, seed=1
    )
    assert compared.advice is not None
    gain = next(each for each in compared.advice.gains if each.metric == "answer_rate")
    price = price_of(compared, "plan")
    worse = "" if price is None else f" and {price.words}"
    more = staffing.member_hours - 4  # two members, two hours
    assert more > 0
    hours = "hour" if more == 1 else "hours"
    assert str(staffing).splitlines()[-1] == (
        f"Beside the scenario as it is, with 4 member hours: {gain.words}, at the price of "
        f"{more:g} more member {hours}{worse}."
    )


def test_fewer_hours_are_a_gain_and_have_a_price() -> None:
    demand = rs.Demand(calls_per_hour=4, talk_time=60)
    scenario = office(
        groups=[{"extension_number": "600", "members": ["201", "202", "203", "204"]}],
        demand={"600": demand},
        extensions=[],
    )
    staffing = rs.staffing(scenario, "600", rs.Target(answer_rate=0.8), replications_played=400)
    saved = 8 - staffing.member_hours
    last = str(staffing).splitlines()[-1]
    assert f"with 8 member hours: {saved:g} fewer member hours" in last
    assert "at the price of answer rate" in last
    assert " and mean speed of answer" in last
    assert " s more (" in last


def test_a_plan_that_changes_nothing_has_no_price() -> None:
    one = office(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(calls_per_hour=2, talk_time=60)},
        extensions=[],
    )
    staffing = rs.staffing(one, "600", rs.Target(answer_rate=0.5), replications_played=60)
    assert staffing.member_hours == 2
    assert "Beside" not in str(staffing)
    assert str(staffing).startswith("Group 600 needs 1 member on duty, 2 member hours, for ")


def test_one_of_everything_is_said_in_the_singular() -> None:
    one = office(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(calls_per_hour=2, talk_time=60)},
        extensions=[],
        hours=1,
    )
    target = rs.Target(answer_rate=0.5)
    said = str(rs.staffing(one, "600", target, width=3600, replications_played=400))
    assert said.startswith(
        "Group 600 needs 1 member on duty, 1 member hour, for an answer rate of at least 50 % in "
        "the only interval of 3600 s.\nIn 400 days played with them, 1 interval meets the target."
    )


def test_no_sentence_needs_what_another_one_calls_too_little() -> None:
    """A plan that misses its target, or has no number that is enough, does not say "needs"."""
    demand = rs.Demand(calls_per_hour=30, talk_time=120, patience=20)
    scenario = office(demand={"600": demand}, extensions=[])
    target = rs.Target(answer_rate=0.9)
    said = str(rs.staffing(scenario, "600", target, max_members=2, replications_played=40))
    assert "No number of members was found that is enough" in said
    assert "needs" not in said
    assert "The plan of group 600 has 2 members on duty" in said


def test_all_metrics_of_the_target_are_there() -> None:
    target = rs.Target(answer_rate=0.6, mean_speed_of_answer=9, occupancy=0.5)
    staffing = rs.staffing(office(), "600", target, width=3600, replications_played=40)
    table = staffing.table
    for name in ("answer_rate", "mean_speed_of_answer", "service_level", "occupancy"):
        assert (table[f"{name}_low"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_high"]).all()
    for sizing in staffing.sizings:
        assert sizing.table.loc[sizing.closest, "occupancy_high"] <= 0.5


def test_it_does_not_depend_on_who_plays(staffing: rs.Staffing) -> None:
    with ThreadPoolExecutor(2) as executor:
        other = rs.staffing(
            office(), "600", TARGET, replications_played=60, seed=2, executor=executor
        )
    pd.testing.assert_frame_equal(other.table, staffing.table, check_exact=True)
    assert other.scenario == staffing.scenario


# Sentences


def test_a_staffing_is_said_in_words(staffing: rs.Staffing) -> None:
    most = staffing.table["members"].max()
    assert str(staffing).startswith(
        f"Group 600 needs 1 to {most} members on duty, {staffing.member_hours:g} member hours, for "
        "a service level of at least 70 % within 15 s in each of 4 intervals of 1800 s.\n"
        "In 60 days played with them, "
    )
    members = ", ".join(map(str, staffing.table["members"]))
    assert repr(staffing) == f"<Staffing of group 600: {members}>"


def test_a_head_count_needs_a_shrinkage(staffing: rs.Staffing) -> None:
    assert "head_count" not in staffing.table
    shrunk = rs.staffing(office(), "600", TARGET, replications_played=2, shrinkage=0.2, width=3600)
    assert (shrunk.table["head_count"] == shrunk.table["members"] / 0.8).all()


def test_intervals_that_no_number_is_enough_for_have_those_that_come_closest() -> None:
    staffing = rs.staffing(
        office(opens_at=None, extensions=[]), "600", TARGET, max_members=1, replications_played=2
    )
    assert staffing.table["members"].tolist() == [1, 1, 1, 1]
    assert not staffing.table.loc[1800, "decided"]
    said = str(staffing)
    plan = "The plan of group 600 has 1 member on duty"
    assert said.index("No number of members was found that is enough from ") < said.index(plan)
    assert "1800 s" in said


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"target": rs.Target(service_level=0.8, p_target_met=0.9)},
            "target.p_target_met must not be given: intervals are no days, got 0.9.",
        ),
        ({"target": "0.8"}, "target must be a ringsim.Target, got '0.8'."),
        ({"width": 0}, "width must be a positive number of seconds, got 0."),
        ({"width": 0.001}, "width must make at most 10080 intervals of 7200 s, got 0.001."),
        (
            {"replications_played": 0},
            "replications_played must be a whole number, at least 1, got 0.",
        ),
        ({"shrinkage": -0.1}, "shrinkage must be at least 0 and below 1, got -0.1."),
        ({"group": "700"}, "group must be the number of a group of the scenario, got '700'."),
        ({"group": "602"}, NO_CALLS.format(602)),
        ({"max_members": 0}, "max_members must be a whole number from 1 to 10000, got 0."),
        ({"target": rs.Target(service_level=0.999)}, "target.service_level must be at most 0.9"),
    ],
)
def test_what_cannot_be_is_an_error_before_anything_is_played(
    asked: dict[str, Any], sentence: str
) -> None:
    told: list[int] = []
    scenario = office(groups=[*office().groups, {"extension_number": "602", "members": ["301"]}])

    def ask() -> rs.Staffing:
        given: dict[str, Any] = {"group": "600", "target": TARGET} | asked
        return rs.staffing(scenario, **given, on_progress=lambda done, of: told.append(done))

    assert refusal(ask).startswith(sentence)
    assert told == []


def test_the_service_level_is_there_whatever_is_asked_for() -> None:
    asked = rs.Target(answer_rate=0.6, within=12)
    staffing = rs.staffing(office(), "600", asked, width=3600, replications_played=10)
    played = rs.simulate(staffing.scenario, replications=10, seed=1)
    level = played.intervals(3600, "600", within=12)["service_level"]
    assert staffing.table["service_level"].tolist() == pytest.approx(level.tolist())
    assert asked.question == Thresholds(12)


def test_the_only_group_needs_no_naming() -> None:
    asked = {"target": rs.Target(answer_rate=0.5), "max_replications": 20, "width": 7200}
    alone = office(groups=[office().groups[0]], demand={"600": office().demand["600"]})
    told = rs.staffing(alone, replications_played=20, **asked)
    assert str(told) == str(rs.staffing(alone, "600", replications_played=20, **asked))
    assert refusal(lambda: rs.staffing(office(), **asked)).startswith("group must say which of the")


def closed(**fields: Any) -> rs.Scenario:
    """Return a week of two days; no calls arrive on the first."""
    demand = rs.Demand(calls_per_hour={"mon": 0, "tue": 30}, talk_time=60)
    whole: dict[str, Any] = {
        "groups": [{"extension_number": "600", "members": ["201", "202"]}],
        "demand": {"600": demand},
        "hours": 2,
        "opens_at": "08:00",
        "days": ["mon", "tue"],
    }
    return rs.Scenario(**whole | fields)


CLOSED: dict[str, Any] = {
    "target": rs.Target(answer_rate=0.8),
    "width": 3600,
    "replications_played": 100,
}


def test_nobody_is_planned_on_a_closed_weekday() -> None:
    """And the other days are planned as without it."""
    found = rs.staffing(closed(), **CLOSED)
    monday = found.table.loc["mon"]
    assert monday[["members", "offered"]].to_numpy().tolist() == [[0, 0], [0, 0]]
    assert set(monday["meets"]) == {"yes"}
    assert str(found).startswith("mon\nNo calls arrive at group 600: it needs nobody.\nBeside")
    assert "4 fewer member hours" in str(found)
    assert found.on("tue").table.equals(rs.staffing(closed().on("tue"), **CLOSED).table)
    monday_plan = found.scenario.on("mon")
    assert all(
        monday_plan.duty(member.extension_number) == ()
        for member in monday_plan.group("600").members
    )


def test_members_of_other_groups_stay_on_a_closed_weekday() -> None:
    group = closed().groups[0]
    other = {"extension_number": "601", "members": ["202"]}
    demand = {**closed().demand, "601": rs.Demand(calls_per_hour=5, talk_time=60)}
    found = rs.staffing(closed(groups=[group, other], demand=demand), "600", **CLOSED)
    assert found.table.loc["mon", "members"].tolist() == [1, 1]
    assert "it needs nobody. Members of other groups stay on duty: 1." in str(found)


def test_a_roster_leaves_a_closed_day_empty() -> None:
    """Of a week, or of scenarios by day; a group without calls on any day is refused."""
    shifts, people = [rs.Shift("08:00", "10:00")], [rs.Person("201"), rs.Person("202")]
    quiet = closed().on("mon").replace(demand={})
    for days in (closed(), {"mon": quiet, "tue": closed().on("tue")}):
        found = rs.roster(days, "600", shifts=shifts, people=people, **CLOSED)
        assert set(found.table["day"]) == {"tue"}
        monday = found.by_interval.loc["mon"]
        assert monday[["needed", "on_duty"]].to_numpy().sum() == 0
        assert set(monday["meets"]) == {"yes"}
        assert str(found).endswith("\nNo calls arrive at group 600 on mon: it needs nobody then.")
    told = NO_CALLS.format(600)
    never = closed(demand={"600": rs.Demand(calls_per_hour=0, talk_time=60)})
    assert refusal(lambda: rs.staffing(never, **CLOSED)) == told
    assert refusal(lambda: rs.roster(never, shifts=shifts, **CLOSED)) == told
