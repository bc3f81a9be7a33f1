"""Pictures of rosters and stress tests: what they draw, and what they refuse."""

from __future__ import annotations

import pytest

import ringsim as rs
from ringsim import plot
from ringsim._words import speaking
from support.drawn import fresh_axes
from support.helpers import refusal
from support.plot_frames import office, rostered, stressed


def test_a_row_for_each_person_with_a_gap_for_lunch() -> None:
    found = rostered()
    shifts, members, service = plot.roster(found, ax=fresh_axes()).child_axes
    names = [label.get_text() for label in shifts.get_yticklabels()]
    assert sorted(names) == sorted(
        row["name"] or row["person"] for row in found.table.to_dict("records")
    )
    worked = {bar.get_gid(): 0.0 for bar in shifts.patches}
    for bar in shifts.patches:
        worked[bar.get_gid()] += bar.get_width()
    assert sum(worked.values()) == 3600 * found.hours
    lunches = found.table["lunch"].ne("").sum()
    assert len(shifts.patches) == len(found.table) + lunches
    rows = found.by_interval
    for name in ("on_duty", "needed"):
        [line] = [each for each in members.lines if each.get_gid() == name]
        assert list(line.get_ydata())[:-1] == rows[name].tolist()
    [dots] = [each for each in service.lines if each.get_gid() == "service"]
    assert list(dots.get_ydata()) == pytest.approx((100 * rows["service_level"]).tolist())


def test_any_day_of_a_week_can_be_drawn() -> None:
    """The days are not in the order of the alphabet."""
    found = rs.roster(
        office(),
        "600",
        rs.Target(answer_rate=0.3),
        people=["203", "205"],
        shifts=[rs.Shift("08:00", "09:00")],
        days=["tue", "mon"],
        replications_played=20,
        max_rounds=0,
    )
    shifts, members, _ = plot.roster(found, day="mon", ax=fresh_axes()).child_axes
    assert shifts.get_title(loc="left") == "people at work, mon"
    [line] = [each for each in members.lines if each.get_gid() == "on_duty"]
    assert len(line.get_ydata()) == 3


def test_the_people_of_a_night_are_at_work_on_both_days() -> None:
    night = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"]}],
        demand={"600": rs.Demand(calls_per_hour=6, talk_time=60)},
        hours=24,
        opens_at="00:00",
    )
    found = rs.roster(
        night,
        "600",
        rs.Target(answer_rate=0.5),
        shifts=[rs.Shift("12:00", "04:00"), rs.Shift("00:00", "12:00")],
        days=["mon", "tue"],
        width=14_400,
        replications_played=20,
        max_rounds=0,
    )
    for day, spans in (("mon", (43_200, 57_600)), ("tue", (0, 14_400))):
        bars = plot.roster(found, day=day, ax=fresh_axes()).child_axes[0].patches
        assert spans in {(bar.get_x(), bar.get_width()) for bar in bars}


def test_the_events_are_drawn_from_the_worst_one_on() -> None:
    found = stressed()
    with speaking("de"):
        ax = plot.stress(found, ["answer_rate", "offered"], ax=fresh_axes())
    labels = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert labels == list(found.order)
    first = ax.child_axes[0]
    assert first.get_xlabel() == "Änderung: Annahmequote [Prozentpunkte]"
    for y, name in enumerate(found.order):
        [dot] = [line for line in first.lines if line.get_gid() == f"estimate-{y}"]
        row = found.comparison.row(name, "answer_rate")
        assert dot.get_xdata()[0] == pytest.approx(100 * row.difference)


def test_bad_arguments_are_refused() -> None:
    assert refusal(lambda: plot.roster(3)) == "found must be a ringsim.Roster, got 3."  # type: ignore[arg-type]
    assert refusal(lambda: plot.roster(rostered(), day="mon")) == (
        "day must be one of day, got 'mon'."
    )
    assert refusal(lambda: plot.roster(rostered(), group="7")) == (
        "group must be one of 600, got '7'."
    )
    assert refusal(lambda: plot.stress(None)) == (  # type: ignore[arg-type]
        "found must be a ringsim.StressTest, got None."
    )
    assert "metrics must be one of offered" in refusal(lambda: plot.stress(stressed(), ["speed"]))
    assert refusal(lambda: plot.stress(stressed(), [])) == (
        "metrics must be a list of at least one metric, got []."
    )
