"""Rosters: people, shifts, the days played with them, and the files that they make."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy import stats

import ringsim as rs
from ringsim.planning._roster_rounds import on_duty
from ringsim.scenario import Scenario
from support.helpers import NO_CALLS, refusal

TARGET = rs.Target(service_level=0.7, within=20)
SHIFTS = [
    rs.Shift("08:00", "12:30", lunch=("10:00", "11:30"), name="long"),
    rs.Shift("08:00", "10:00", name="early"),
    rs.Shift("10:00", "12:00", name="late"),
]
MEMBERS = ["201", "202", "203", "204", "205", "206"]


def office(**fields: Any) -> Scenario:
    """Return four hours of a hunting group of six."""
    whole = {
        "groups": [
            {"extension_number": "600", "ring_strategy": "CYCLIC_HUNT", "members": MEMBERS},
        ],
        "demand": {
            "600": rs.Demand(
                calls_per_hour=[12, 40],
                interval=7200,
                talk_time=rs.lognormal(mean=100, cv=1),
                patience=stats.expon(scale=90),
            )
        },
        "hours": 4,
        "opens_at": "08:00",
    }
    return rs.Scenario(**whole | fields)


def roster(
    scenario: Any = None, group: Any = "600", target: Any = TARGET, **given: Any
) -> rs.Roster:
    few: dict[str, Any] = {"shifts": SHIFTS, "replications_played": 400, "width": 3600}
    return rs.roster(office() if scenario is None else scenario, group, target, **few | given)


@pytest.fixture(scope="module")
def found() -> rs.Roster:
    return roster(costs=20)


# The roster


def test_the_played_roster_meets_its_target_in_each_interval(found: rs.Roster) -> None:
    assert found.meets == "yes"
    table = found.by_interval
    assert table["meets"].eq("yes").all()
    assert (table["service_level_low"] > 0.7).all()
    assert (table["on_duty"] >= table["needed"]).all()
    assert table["short"].eq(0).all()
    assert found.binding == {}


def test_the_table_has_a_row_for_each_person_and_day(found: rs.Roster) -> None:
    table = found.table
    assert table.columns.tolist() == [
        *("person", "name", "day", "shift", "from", "to", "lunch", "lunch_to", "hours")
    ]
    assert not table.duplicated(["person", "day"]).any()
    assert set(table["person"]) <= set(MEMBERS)
    assert found.hours == table["hours"].sum()
    assert found.cost == 20 * found.hours


@pytest.mark.parametrize("costs", [rs.Cost(member_hour=20), {"member_hour": 20}])
def test_costs_can_be_those_of_optimize(found: rs.Roster, costs: Any) -> None:
    again = roster(costs=costs)
    assert again.cost == found.cost
    pd.testing.assert_frame_equal(again.table, found.table)


def test_the_scenario_has_people_on_duty_as_the_table_says(found: rs.Roster) -> None:
    for row in found.table.to_dict("records"):
        duty = found.scenario.duty(row["person"])
        assert duty is not None
        start = 60 * (60 * int(row["from"][:2]) + int(row["from"][3:])) - 8 * 3600
        assert duty[0][0] == start
        assert len(duty) == 1 + bool(row["lunch"])
        if row["to"] >= "12:00":  # at closing time, or later
            assert duty[-1][1] == float("inf")
    off = set(MEMBERS) - set(found.table["person"])
    assert off
    assert all(found.scenario.duty(number) == () for number in off)


def test_on_duty_counts_members_who_are_there_throughout(found: rs.Roster) -> None:
    scenario = found.scenario
    for row in found.by_interval.reset_index().to_dict("records"):
        start = row["starts_at"]
        there = [
            number
            for number in MEMBERS
            if any(a <= start and start + 3600 <= b for a, b in scenario.duty(number) or ())
        ]
        assert len(there) == row["on_duty"]


def test_the_same_seed_gives_the_same_roster_and_two_sentences(found: rs.Roster) -> None:
    again = roster(costs=20)
    pd.testing.assert_frame_equal(again.table, found.table)
    pd.testing.assert_frame_equal(again.by_interval, found.by_interval)
    assert str(again) == str(found)
    assert len(str(found).splitlines()) == 2
    assert str(found).endswith("intervals with calls, with 95 % confidence.")
    assert "<table" in found._repr_html_()
    assert repr(found).startswith("<Roster of group 600:")


def test_it_does_not_depend_on_who_plays(found: rs.Roster) -> None:
    with ThreadPoolExecutor(2) as executor:
        for asked in ({"workers": 1}, {"executor": executor}):
            other = roster(costs=20, **asked)
            pd.testing.assert_frame_equal(other.table, found.table)
            pd.testing.assert_frame_equal(other.by_interval, found.by_interval)


def test_needs_that_the_days_played_refute_are_raised() -> None:
    """The needs are those of the first members; the cheap people miss every third ring."""
    poor = [rs.Extension(number, answer_probability=0.65) for number in MEMBERS[2:]]
    costs = {number: 10 if number in MEMBERS[:2] else 1 for number in MEMBERS}
    scenario = office(
        extensions=poor, demand={"600": rs.Demand(calls_per_hour=6, talk_time=60, patience=60)}
    )
    found = roster(scenario, target=rs.Target(answer_rate=0.85), costs=costs)
    first, second, *_ = found.attempts
    assert first.missed
    assert found.meets == "yes"
    assert found.cost > first.cover.cost
    for slot, at in first.missed:
        assert second.needed[slot][at] > first.needed[slot][at]


# Few people, and the constraint that binds


def test_three_people_get_the_best_roster_of_three() -> None:
    found = roster(people=["201", "202", "203"], target=rs.Target(service_level=0.9))
    assert found.meets == "no"
    assert found.table["person"].nunique() == 3
    assert found.binding.keys() == {"people"}
    missing = found.binding["people"]
    assert missing is not None
    assert missing > 0
    assert f"at least {missing} more p" in str(found)
    assert re.search(r"most at \d\d:00 with service level \d", str(found))


@pytest.mark.parametrize(("n", "level"), [(2, 0.7), (3, 0.8), (3, 0.85)])
def test_as_many_more_people_as_are_missing_are_enough_and_no_fewer(n: int, level: float) -> None:
    """Days with fewer members than are needed do not show a need for more."""
    team = [str(number) for number in range(201, 221)]
    asked: dict[str, Any] = {"target": rs.Target(service_level=level, within=20), "width": 1800}
    missing = roster(people=team[:n], **asked).binding["people"]
    assert missing is not None
    enough = roster(people=team[: n + missing], **asked)
    assert enough.meets == "yes"
    assert (enough.by_interval["short"] == 0).all()
    assert not roster(people=team[: n + missing - 1], **asked).attempts[0].cover.is_full


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_needs_are_raised_only_above_the_members_who_were_there(n: int) -> None:
    target = rs.Target(service_level=0.85, within=20)
    found = roster(people=MEMBERS[:n], target=target, width=1800)
    day = found.rounds.team.days[0]
    for before, after in pairwise(found.attempts):
        for slot, at in before.missed:
            was_full = on_duty(before.scenarios[0], "600", day, at) >= before.needed[slot][at]
            assert (after.needed[slot][at] > before.needed[slot][at]) == was_full


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        ({"max_hours": 2}, "max_hours"),
        ({"available": [("08:00", "10:00")]}, "available"),
    ],
)
def test_the_constraint_that_binds_is_named(limits: dict[str, Any], name: str) -> None:
    people = [rs.Person(number, **limits) for number in MEMBERS]
    shifts = [*SHIFTS, rs.Shift("08:00", "12:00", name="whole")]
    found = roster(people=people[:4], shifts=shifts, max_rounds=0)
    assert found.meets != "yes"
    assert name in found.binding
    assert "binds" in str(found)


def test_a_week_keeps_hours_over_all_days_and_rest_between_them() -> None:
    night = rs.Shift("10:00", "12:00", name="late")
    people = [rs.Person(number, max_hours=4, rest=23) for number in MEMBERS]
    found = roster(days=["mon", "tue"], people=people, shifts=[*SHIFTS[1:2], night])
    assert found.days == ("mon", "tue")
    assert found.table.groupby("person")["hours"].sum().max() <= 4
    shifts = {(row["person"], row["day"]): row["shift"] for row in found.table.to_dict("records")}
    for number in MEMBERS:
        assert (shifts.get((number, "mon")), shifts.get((number, "tue"))) != ("late", "early")
    assert set(found.scenarios) == {"mon", "tue"}


def quiet(opens_at: str, hours: float) -> Scenario:
    demand = {"600": rs.Demand(calls_per_hour=4, talk_time=60)}
    return office(demand=demand, opens_at=opens_at, hours=hours)


def works(found: rs.Roster, number: str) -> list[str]:
    """Return the days on which a person works."""
    table = found.table
    return table["day"][table["person"] == number].tolist()


def test_rest_is_counted_between_times_of_day_though_days_open_at_different_times() -> None:
    """From 22:00 to 7:00 are 9 hours, and from 15:00 to 7:00 are 16."""
    days = {"mon": quiet("10:00", 12), "tue": quiet("07:00", 8)}
    shifts = [rs.Shift("10:00", "22:00", days=["mon"]), rs.Shift("07:00", "15:00", days=["tue"])]
    both: dict[str, Any] = {"shifts": shifts, "target": rs.Target(answer_rate=0.3), "width": 14400}
    assert works(roster(days, people=[rs.Person("201", rest=9)], **both), "201") == ["mon", "tue"]
    tired = roster(days, people=[rs.Person("201", rest=10)], **both)
    assert len(works(tired, "201")) == 1
    assert set(tired.binding) == {"rest", "people"}


@pytest.mark.parametrize(
    ("days", "n_worked"),
    [
        (["mon", "tue"], 1),
        (["mon", "wed"], 2),
        (["sat", "sun"], 1),
        (["sat", "mon"], 2),
        (["2026-02-28", "2026-03-01"], 1),
        (["2026-02-28", "2026-03-02"], 2),
        (["2026-03-01", "2026-02-28"], 1),
        (["first", "second"], 1),
        (["sat", "2026-03-01"], 1),
    ],
)
def test_rest_is_kept_between_neighbouring_days_alone(days: list[str], n_worked: int) -> None:
    """A late shift, then an early one: the next day only without rest, later days with it."""
    by_date = sorted(days, key=lambda name: name if name[0] == "2" else "")
    shifts = [
        rs.Shift("14:00", "22:00", days=by_date[:1]),
        rs.Shift("08:00", "14:00", days=by_date[1:]),
    ]
    opens = {by_date[0]: quiet("14:00", 8), by_date[1]: quiet("08:00", 6)}
    found = roster(
        {name: opens[name] for name in days},
        people=[rs.Person("201", rest=11)],
        shifts=shifts,
        target=rs.Target(answer_rate=0.3),
        width=7200,
        max_rounds=0,
    )
    assert len(works(found, "201")) == n_worked


def test_more_rounds_are_named_only_if_they_could_help() -> None:
    """All four work the only shift, and a further round would need a fifth."""
    demand = rs.Demand(calls_per_hour=8, talk_time=60)
    found = roster(
        office(
            groups=[
                {"extension_number": "600", "members": ["201", "202", "301", "302"]},
                {"extension_number": "601", "members": ["201", "202", "301", "302"]},
            ],
            demand={"600": demand, "601": demand},
        ),
        ["600", "601"],
        rs.Target(service_level=0.99),
        shifts=[rs.Shift("08:00", "12:00")],
        max_rounds=3,
    )
    assert found.meets != "yes"
    assert len(found.attempts) < 4
    assert "max_rounds" not in found.binding
    assert "more pe" in str(found)


MORE_DAYS = "; more days (replications_played) may show it"


def test_days_that_do_not_tell_show_no_need_for_more_people() -> None:
    """Not all of the six people are needed, as more days show."""
    few: dict[str, Any] = {"people": MEMBERS, "replications_played": 8, "max_rounds": 0}
    found = roster(**few)
    assert found.meets == "undecided"
    assert str(found).endswith(f"{MORE_DAYS}.")
    assert MORE_DAYS not in str(roster(people=MEMBERS))


def test_days_that_do_not_tell_of_all_people_name_both() -> None:
    found = roster(people=MEMBERS[:3], replications_played=12, max_rounds=0)
    assert found.meets == "undecided"
    assert f"{MORE_DAYS}; if not, at least 1 more" in str(found)


# Weeks


def assert_duty_of_each_day(found: rs.Roster) -> None:
    week = found.scenario
    assert week.days == found.days
    for name, day in found.scenarios.items():
        assert week.on(name).group("600") == day.group("600")
        for number in day.extension_numbers:
            assert week.on(name).duty(number) == day.duty(number)


def test_the_scenario_of_several_days_is_a_week() -> None:
    """Of weekdays that are all like the scenario, which has no days of its own."""
    found = roster(days=["mon", "tue"], people=MEMBERS, shifts=SHIFTS[1:])
    assert_duty_of_each_day(found)
    played = rs.simulate(found.scenario, replications=2)
    assert played.on("tue").summary().loc["offered", "estimate"] > 0


def test_the_scenario_of_a_week_keeps_calls_and_duty_of_its_days() -> None:
    """Days that are not in the roster are not in its scenario; others' duty stays."""
    busy = rs.Demand(calls_per_hour={"mon": 30, "tue": 12, "wed": 6}, talk_time=60)
    duty = {"mon": [("08:00", "10:00")], "tue": [], "wed": []}
    both = [
        {"extension_number": "600", "members": [*MEMBERS, "301"]},
        {"extension_number": "601", "members": ["301"]},
    ]
    week = office(
        groups=both,
        demand={"600": busy},
        extensions=[rs.Extension("301", on_duty=duty, answer_delay=3)],
        days=["mon", "tue", "wed"],
    )
    found = roster(week, days=["tue", "mon"], target=rs.Target(answer_rate=0.5))
    assert found.scenario.days == ("mon", "tue")
    for name, day in found.scenarios.items():
        assert found.scenario.on(name).demand == day.demand
        assert found.scenario.on(name).extension("301") == day.extension("301")
        for number in MEMBERS:
            assert found.scenario.on(name).duty(number) == day.duty(number)


@pytest.mark.parametrize(
    "given",
    [{"days": ["day 1", "day 2"]}, {"scenario": {"mon": office(), "tue": office()}}],
)
def test_days_that_are_no_week_have_a_scenario_each(given: dict[str, Any]) -> None:
    found = roster(**given, max_rounds=0)
    first = found.days[0]
    assert refusal(lambda: found.scenario) == (
        "scenario must be asked of a roster of one day, or of weekdays of one scenario, got "
        f"{list(found.days)!r}. Write scenarios[{first!r}]."
    )


def test_days_can_differ_and_shifts_belong_to_days() -> None:
    quiet = office().replace(demand={"600": office().demand["600"].scaled(0.3)})
    shifts = [*SHIFTS, rs.Shift("08:00", "12:00", days=["sat"], name="saturday")]
    found = roster({"fri": office(), "sat": quiet}, shifts=shifts)
    hours = found.table.groupby("day")["hours"].sum()
    assert hours["sat"] < hours["fri"]
    assert set(found.table[found.table["shift"] == "saturday"]["day"]) <= {"sat"}


# Several groups


def two_groups(**fields: Any) -> Scenario:
    demand = rs.Demand(calls_per_hour=8, talk_time=60)
    return office(
        groups=[
            {"extension_number": "600", "members": ["201", "202"]},
            {"extension_number": "601", "members": ["202", "301"]},
        ],
        demand={"600": demand, "601": demand},
        **fields,
    )


def test_members_of_groups_outside_the_roster_keep_their_duty_and_count() -> None:
    scenario = two_groups(extensions=[rs.Extension("202", on_duty=[("08:00", "10:00")])])
    found = roster(scenario, target=rs.Target(answer_rate=0.5))
    assert set(found.table["person"]) <= {"201"}
    assert found.scenario.duty("202") == scenario.duty("202")
    assert found.by_interval["on_duty"].iloc[0] >= 1


def test_a_person_of_two_groups_is_counted_in_one_at_a_time() -> None:
    """Two people who are in both groups cover one of each, and not two of each."""
    people = [rs.Person(number, groups=["600", "601"]) for number in ("201", "202", "301", "302")]
    target = rs.Target(answer_rate=0.5)
    both = roster(two_groups(), ["600", "601"], target, people=people, shifts=SHIFTS[1:])
    needed = both.by_interval["needed"].groupby("starts_at").sum()
    there = both.by_interval["on_duty"].groupby("starts_at").first()
    assert (there >= needed).all()
    assert both.table["person"].nunique() <= 4
    for number in both.table["person"]:
        for group in ("600", "601"):
            members = both.scenario.group(group).members
            assert number in {member.extension_number for member in members}


def test_people_bring_their_skill_level_and_leave_groups_that_they_do_not_take() -> None:
    people = [rs.Person("201", skill_level=3, groups=["600"]), rs.Person("202", groups=["600"])]
    found = roster(two_groups(), "600", rs.Target(answer_rate=0.5), people=people)
    levels = {m.extension_number: m.skill_level for m in found.scenario.group("600").members}
    assert levels == {"201": 3, "202": 1}


# Files


def unfolded(text: str) -> list[str]:
    """Return the content lines of an iCalendar file; check the form of its lines."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 for line in lines)
    return re.sub("\r\n[ \t]", "", "\r\n".join(lines)).split("\r\n")


def test_the_calendar_has_an_event_for_each_shift(found: rs.Roster, tmp_path: Path) -> None:
    path = tmp_path / "roster.ics"
    found.to_icalendar(path, starts_on="2026-03-02")
    lines = unfolded(path.read_bytes().decode())
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    assert lines[2].startswith("PRODID:")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(found.table)
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(found.table)
    starts = sorted(line[8:] for line in lines if line.startswith("DTSTART:"))
    hours = sorted("20260302T" + text.replace(":", "") + "00" for text in found.table["from"])
    assert starts == hours  # floating
    assert all(re.fullmatch(r"DTSTAMP:\d{8}T\d{6}Z", li) for li in lines if "STAMP" in li)


def test_the_calendar_can_be_in_utc_and_of_one_person(found: rs.Roster, tmp_path: Path) -> None:
    person = found.table["person"].iloc[0]
    path = tmp_path / "one.ics"
    found.to_icalendar(
        path, starts_on=date(2026, 7, 6), timezone="Europe/Berlin", person=str(person)
    )
    lines = unfolded(path.read_bytes().decode())
    [start] = [line[8:] for line in lines if line.startswith("DTSTART:")]
    assert datetime.strptime(start, "%Y%m%dT%H%M%SZ").hour == int(
        found.table["from"].iloc[0][:2]
    ) - 2  # fmt: skip


def test_texts_of_a_calendar_are_escaped_and_folded(tmp_path: Path) -> None:
    name = "Müller; Jörg, \\ " + "ö" * 60
    found = roster(
        people=[rs.Person("201", name=name), *MEMBERS[1:]],
        costs={number: int(number != "201") for number in MEMBERS},
    )
    path = tmp_path / "long.ics"
    found.to_icalendar(path, starts_on="2026-03-02", person="201")
    summary = next(li for li in unfolded(path.read_bytes().decode()) if li.startswith("SUMMARY:"))
    assert summary.startswith("SUMMARY:Müller\\; Jörg\\, \\\\ ööö")


def test_days_named_for_weekdays_or_dates_have_their_dates(tmp_path: Path) -> None:
    from ringsim.planning._calendar import dates_of

    monday = date(2026, 3, 2)
    assert dates_of(["Mon", "tue", "Friday"], "2026-03-01") == [
        *(monday, date(2026, 3, 3), date(2026, 3, 6))
    ]
    assert dates_of(["2026-03-02", "2026-03-04"], None) == [monday, date(2026, 3, 4)]
    assert dates_of(["day", "other"], monday) == [monday, date(2026, 3, 3)]


def test_the_table_is_written_as_csv(found: rs.Roster, tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    found.to_csv(path)
    read = pd.read_csv(path, dtype={"person": str}, keep_default_na=False)
    assert read["person"].tolist() == found.table["person"].tolist()
    assert read["from"].tolist() == found.table["from"].tolist()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {},
            "starts_on must be given: the date of the first day. Write it as '2026-03-02'.",
        ),
        (
            {"starts_on": "2.3.2026"},
            "starts_on must be the date of the first day, such as '2026-03-02', got '2.3.2026'.",
        ),
        (
            {"starts_on": "2026-03-02", "timezone": "Mars"},
            "timezone must be the name of a time zone, such as 'Europe/Berlin', got 'Mars'.",
        ),
        (
            {"starts_on": "2026-03-02", "person": "999"},
            f"person must be one of {', '.join(MEMBERS)}, got '999'.",
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(
    found: rs.Roster, tmp_path: Path, given: dict[str, Any], message: str
) -> None:
    assert refusal(lambda: found.to_icalendar(tmp_path / "no.ics", **given)) == message


# Bad input

NEVER = [("08:00", "09:00")]
TWO_GROUPS = office(groups=[*office().groups, {"extension_number": "601", "members": ["301"]}])
NIGHT = office(
    hours=24, opens_at="00:00", demand={"600": rs.Demand(calls_per_hour=4, talk_time=60)}
)
NIGHT_SHIFTS = [rs.Shift("22:00", "06:00"), rs.Shift("06:00", "22:00")]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"shifts": []}, "shifts must hold at least one Shift, got []."),
        ({"shifts": [3]}, "shifts[0] must be a Shift, or a table with \"starts_at\" and "
         "\"ends_at\", got 3."),
        (
            {"shifts": [{"starts_at": "08:00", "ends_at": "08:00"}]},
            "shifts[0].ends_at must be after starts_at, got '08:00'.",
        ),
        (
            {"shifts": [rs.Shift("08:00", "11:00")]},
            "shifts must cover all intervals with calls; none lasts from 11:00 to 12:00. Add a "
            "shift, or move a lunch window.",
        ),
        (
            {"shifts": [rs.Shift("13:00", "15:00")]},
            "shifts[0] must lie within the hours of a day, got '13:00-15:00'.",
        ),
        (
            {"shifts": [rs.Shift("08:00", "12:00", days=["mon"])]},
            "shifts[0].days[0] must be one of day, got 'mon'.",
        ),
        (
            {"people": ["201", 202]},
            "people[1] must be a Person, a number in quotes such as \"201\", or a table with "
            "\"extension_number\", got 202.",
        ),
        (
            {"people": [{"number": "201"}]},
            "people[0] must have no field 'number', got '201'. Did you mean 'extension_number'?",
        ),
        ({"people": []}, "people must hold at least one Person, got []."),
        (
            {"people": ["201", "201"]},
            "people[1].extension_number must not be listed twice, got '201'.",
        ),
        (
            {"people": ["201", rs.Person("202", available=[])]},
            "people[1].available must cover a shift on at least one day, "
            "got ().",
        ),
        (
            {"people": [rs.Person("201", available=NEVER)]},
            "people[0].available must cover a shift on at least one day, got "
            "(('08:00', '09:00'),).",
        ),
        (
            {"people": [rs.Person("201", max_hours=1)]},
            "people[0].max_hours must be enough for a shift, at least 2, got 1.",
        ),
        (
            {
                "people": ["201"],
                "scenario": office(extensions=[rs.Extension("201", on_duty=NEVER)]),
            },
            "people[0].available must be given: the person's own on_duty covers no shift.",
        ),
        (
            {"people": [rs.Person("201", available={"sun": NEVER})]},
            "people[0].available['sun'] must be a day of the roster: day.",
        ),
        (
            {"people": [rs.Person("201", available=[("08:00", 5)])]},
            "people[0].available[0] must be two times of day or two numbers of seconds, got "
            "('08:00', 5).",
        ),
        (
            {"people": [rs.Person("201", groups=["777"])]},
            "people[0].groups[0] must be one of 600, got '777'.",
        ),
        (
            {"people": [rs.Person("201", groups=["601"])], "scenario": TWO_GROUPS},
            "people[0].groups must name a group of the roster, 600, got ('601',).",
        ),
        (
            {"people": [rs.Person("201", groups=["600", "6001"])], "scenario": TWO_GROUPS},
            "people[0].groups[1] must be one of 600, 601, got '6001'.",
        ),
        (
            {"target": {"600": TARGET, "6000": TARGET}},
            "target.6000 must be for a group of the roster, 600. Did you mean '600'?",
        ),
        (
            {"scenario": {"mon": NIGHT, "tue": NIGHT}, "shifts": NIGHT_SHIFTS},
            "shifts must cover all intervals with calls; none lasts from 00:00 to 01:00 on mon. "
            "Add a shift, or move a lunch window. The day before mon is not in the roster, so no "
            "shift of that day lasts until then.",
        ),
        (
            {"people": [{"extension_number": "201", "max_hours": -1}]},
            "people[0].max_hours must be a positive number of hours, at most 1e6, got -1.",
        ),
        (
            {"costs": rs.Cost(interruption=1)},
            "costs.member_hour must be given. A roster is chosen by the cost of its hours.",
        ),
        (
            {"costs": rs.Cost(member_hour=20, lost_call=5)},
            "costs.lost_call must not be given, got 5.0. A roster is chosen by the cost of its "
            "hours, and the target limits what callers miss.",
        ),
        (
            {"costs": {"member_hour": -1}},
            "costs.member_hour must be a finite number, at least 0, got -1.",
        ),
        ({"costs": -1}, "costs must be the cost of an hour, from 0 to 1e9, got -1."),
        (
            {"costs": {"201": 1}},
            "costs.202 must be given, as other people have costs.",
        ),
        (
            {"costs": dict.fromkeys([*MEMBERS, "209"], 1)},
            "costs.209 must be for a person. Did you mean '206'?",
        ),
        (
            {"costs": dict.fromkeys(MEMBERS, float("nan"))},
            "costs.201 must be the cost of an hour, from 0 to 1e9, got nan.",
        ),
        ({"max_rounds": -1}, "max_rounds must be a whole number from 0 to 50, got -1."),
        (
            {"replications_played": 0},
            "replications_played must be a whole number, at least 1, got 0.",
        ),
        ({"width": 0}, "width must be a positive number of seconds, got 0."),
        ({"target": None}, "target must be a ringsim.Target, got None. Write "
         "Target(service_level=0.8, within=20)."),
        ({"target": {}}, "target.600 must be given."),
        (
            {"group": ["600", "600"]},
            "group must be a list of different groups, got ['600', '600'].",
        ),
        ({"group": "6000"}, "group must be the number of a group of the scenario, got '6000'. Its "
         "groups are 600."),
        ({"days": ["mon", "mon"]}, "days must be a list of different names, got ['mon', 'mon']."),
        ({"scenario": {}}, "scenario must have from 1 to 31 days, got 0."),
        (
            {"scenario": {"mon": office()}, "days": ["mon"]},
            "days must not be given beside scenarios by day, got ['mon'].",
        ),
        (
            {"scenario": office(hours=30)},
            "hours must be at most 24, got 30. Give a scenario for each day.",
        ),
        (
            {"scenario": office(demand={})},
            NO_CALLS.format(600),
        ),
        (
            {"scenario": office(opens_at=None)},
            "shifts[0].starts_at must be in seconds from the start, as the scenario has no "
            "opens_at, got '08:00'. Give opens_at, such as \"08:00\".",
        ),
        (
            {"scenario": office(extensions=[rs.Extension("201", on_duty=NEVER)])},
            "extensions.201.on_duty must cover a shift on at least one day, "
            "got (('08:00', '09:00'),). Give a shift within this duty, or people=.",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(given: dict[str, Any], message: str) -> None:
    assert refusal(lambda: roster(**given)) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: rs.Shift("8", "9"), 'starts_at must be a time of day such as "08:30", got \'8\'.'),
        (
            lambda: rs.Shift("08:00", 7200),
            "ends_at must be a time of day if starts_at is one, got 7200.0.",
        ),
        (lambda: rs.Shift(7200, 3600), "ends_at must be after starts_at, got 3600.0."),
        (
            lambda: rs.Shift("08:00", "12:00", lunch=("11:00", "11:20")),
            "lunch must be a window within the shift that holds 1800 s, got ('11:00', '11:20').",
        ),
        (
            lambda: rs.Shift("08:00", "12:00", lunch=("11:00",)),
            "lunch must be the earliest and the latest time of lunch, got ('11:00',).",
        ),
        (
            lambda: rs.Shift("08:00", "12:00", days="mon"),
            "days must be a list of names of days, got 'mon'.",
        ),
        (
            lambda: rs.Shift("08:00", "12:00", days=[]),
            "days must name at least one day, got [].",
        ),
        (
            lambda: rs.Shift("08:00", "12:00", lunchtime=5),
            "Shift must have no field 'lunchtime', got 5. Did you mean 'lunch_time'?",
        ),
        (lambda: rs.Person("2"), "extension_number must be a string of 3 to 64 digits, got '2'."),
        (
            lambda: rs.Person("201", available=["08:00"]),
            "available[0] must be a start and an end, got '08:00'. "
            'Write [("08:00", "12:00"), ("12:30", "17:00")].',
        ),
        (
            lambda: rs.Person("201", max_days=0),
            "max_days must be a whole number from 1 to 366, got 0.",
        ),
        (lambda: rs.Person("201", name="a\nb"), "name must be a text that can be printed, got "
         "'a\\nb'."),
    ],
)  # fmt: skip
def test_bad_records_are_refused(make: Any, message: str) -> None:
    assert refusal(make) == message


def test_shifts_past_midnight_work_in_a_day_that_begins_before_them() -> None:
    demand = {"600": rs.Demand(calls_per_hour=6, talk_time=60)}
    night = office(opens_at="22:00", hours=8, demand=demand)
    found = roster(night, target=rs.Target(answer_rate=0.5), shifts=[rs.Shift("22:00", "06:00")])
    assert found.table["from"].eq("22:00").all()
    assert found.table["to"].eq("06:00").all()
    assert found.by_interval["on_duty"].ge(1).all()
