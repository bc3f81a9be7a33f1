"""Real days as tables of metrics, as logs, without names, with rings worked out, and replayed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ringsim as rs
from ringsim.audit import audit
from ringsim.plot import day as plot_day
from ringsim.plot import members as plot_members
from ringsim.plot import ring_chart, waits
from ringsim.records import Extract, Reader, Records, Request, Sample, Source, workload
from ringsim.records._duty import DutyRecord
from ringsim.workload._phones import DrawnPhones
from support.entry_points import Entry
from support.known_group import month

DAYS = 3
STRATEGIES = ["RING_SIMULTANEOUSLY", "PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT"]


def office(strategy: str = "RING_SIMULTANEOUSLY") -> rs.Scenario:
    return rs.Scenario(
        groups=[
            {
                "extension_number": "600",
                "members": ["201", "202", "203"],
                "ring_strategy": strategy,
                "ring_time": 15,
            }
        ],
        demand={
            "600": rs.Demand(
                calls_per_hour=40,
                talk_time=rs.lognormal(mean=100, cv=1),
                patience=rs.lognormal(mean=25, cv=1),
            )
        },
        extensions=[
            rs.Extension("201", own_calls=rs.Demand(calls_per_hour=3, talk_time=60)),
            rs.Extension("203", answer_probability=0.4, on_duty=[("08:00", "09:30")]),
        ],
        hours=2,
        opens_at="08:00",
    )


def logs_of(scenario: rs.Scenario) -> list[rs.CallLog]:
    return [rs.play(scenario, rs.Workload.draw(scenario, 7, day)) for day in range(DAYS)]


def keys(rings: pd.DataFrame) -> list[tuple[Any, ...]]:
    columns = ["call", "member", "started_at", "ended_at", "result"]
    rounded = rings.assign(
        started_at=rings["started_at"].round(6), ended_at=rings["ended_at"].round(6)
    )
    return sorted(map(tuple, rounded[columns].astype(object).to_numpy().tolist()))


def test_tables_are_those_of_a_simulation() -> None:
    """Real days are counted by the same code, a day as a replication."""
    scenario = office()
    records = Records.from_logs(logs_of(scenario))
    result = rs.simulate(scenario, replications=DAYS, seed=7)
    for name in ("estimate", "low", "high"):
        got, wanted = (table.summary(within=10)[name] for table in (records, result))
        same = [each for each in wanted.index if each not in DUTY]
        pd.testing.assert_series_equal(got[same], wanted[same])
    pd.testing.assert_frame_equal(records.intervals(), result.intervals())
    assert records.summary().loc["offered", "low"] < records.summary().loc["offered", "high"]


# What depends on duty, which records do not have, and on the number of candidates
DUTY = ("interruptions_per_hour", "fairness", "no_candidate_rate")


def test_frames_have_the_columns_of_a_log_and_days() -> None:
    logs = logs_of(office())
    records = Records.from_logs(logs, starts_on="2024-03-04")
    for name in ("calls", "rings", "visits", "own_calls"):
        frame = getattr(records, name)
        assert list(frame.columns) == [*getattr(logs[0], name).columns, "day", "date"]
    assert records.calls["call"].tolist() == list(range(sum(len(log.calls) for log in logs)))
    assert records.days["weekday"].tolist() == ["mon", "tue", "wed"]
    assert records.days["offered"].tolist() == [len(log.calls) for log in logs]
    assert records.calls["wrap_up_time"].isna().all()
    gave_up = records.calls["outcome"] == "abandoned"
    assert (records.calls["patience"].notna() == gave_up).all()
    calls = records.calls
    calls["wait"] = 0.0
    assert records.calls["wait"].sum() > 0


@pytest.mark.parametrize("grade", ["A", "B", "C"])
def test_each_grade_shows_what_it_can(grade: str) -> None:
    records = Records.from_logs(logs_of(office()), grade=grade)
    table = records.summary()
    unknown = {"A": 0, "B": 5, "C": 6}[grade]
    assert table["note"].str.contains("not recorded").sum() == unknown
    assert table["estimate"][table["note"].str.contains("not recorded")].isna().all()
    results = set(records.rings["result"])
    assert ("answered_elsewhere" in results) == (grade == "A")
    assert records.rings_are_complete == (grade == "A")
    assert f"grade {grade}>" in repr(records)


def test_what_depends_on_hours_of_duty_is_unknown_without_them() -> None:
    """Nobody was on duty for the whole day, and no record shows wrap-up."""
    records = Records.from_logs(logs_of(office()))
    table, members = records.summary(), records.members()
    for name in ("interruptions_per_hour", "fairness"):
        assert table.loc[name, ["estimate", "low", "high"]].isna().all()
        assert table.loc[name, "note"] == "hours on duty unknown"
        assert records.by_day()[name].isna().all()
    for name in ("interruptions_per_hour", "talk_share", "ring_share", "occupancy"):
        assert members[[name, f"{name}_low", f"{name}_high"]].isna().all(axis=None)
    assert members["answered"].notna().all()


def test_rings_are_counted_by_recorded_hours_of_duty() -> None:
    """Everybody signs in for half of each day."""
    records = Records.from_logs(logs_of(office()))
    half = 1800 * float(records.scenario.hours)
    numbers = records.member_numbers
    rows = [(who, "on_duty", 0.0, half, day) for day in range(DAYS) for who in numbers]
    columns = ["extension", "state", "started_at", "ended_at", "day"]
    records.duty_record = DutyRecord(pd.DataFrame(rows, columns=columns), numbers)
    hours = DAYS * half / 3600
    rate = records.summary().loc["interruptions_per_hour", "estimate"]
    assert rate == pytest.approx(len(records.rings) / (hours * len(numbers)))
    members = records.members().loc["600"]
    for who in numbers:
        n_rings = (records.rings["member"] == who).sum()
        assert members.loc[who, "interruptions_per_hour"] == pytest.approx(n_rings / hours)


def test_some_days_and_single_days() -> None:
    logs = logs_of(office())
    records = Records.from_logs(logs)
    again = records.only([2, 0])
    assert again.dates.tolist() == records.dates[[2, 0]].tolist()
    assert again.days["offered"].tolist() == [len(logs[2].calls), len(logs[0].calls)]
    assert keys(again.log(1).rings) == keys(logs[0].rings)
    pd.testing.assert_frame_equal(
        records.log(1).calls.drop(columns=["wrap_up_time", "patience"]),
        logs[1].calls.drop(columns=["wrap_up_time", "patience"]),
    )
    for day in (3, -1):
        with pytest.raises(rs.ConfigurationError, match="day must be from 0 to 2"):
            records.log(day)


def test_plots_take_records() -> None:
    records = Records.from_logs(logs_of(office()))
    assert waits(records.calls, 10)
    assert plot_members(records.members())
    assert plot_day(records.intervals(), records.scenario)
    assert ring_chart(records.log(0))


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("grade", ["B", "C"])
def test_rings_that_nobody_recorded_are_worked_out(strategy: str, grade: str) -> None:
    scenario = office(strategy)
    logs = logs_of(scenario)
    records = Records.from_logs(logs, grade=grade).with_rings(scenario)
    assert keys(records.rings) == keys(Records.from_logs(logs).rings)
    assert records.grade == grade
    assert records.rings_are_complete
    assert not records.summary()["note"].str.contains("not recorded").any()
    assert "worked out from the roster and the strategy" in records.notes[-1]


def test_rings_cannot_be_worked_out_for_everybody() -> None:
    scenario = office()
    records = Records.from_logs(logs_of(scenario), grade="C")
    paging = scenario.replace(groups=[scenario.groups[0].replace(ring_strategy="PAGING_INTERCOM")])
    with pytest.raises(rs.ConfigurationError, match="must be a hunt or ring everyone"):
        records.with_rings(paging)
    fewer = scenario.replace(groups=[scenario.groups[0].replace(members=["202"])], extensions=[])
    with pytest.raises(rs.ConfigurationError, match="must include everybody who answered"):
        records.with_rings(fewer)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_audit_of_real_days(strategy: str) -> None:
    scenario = office(strategy)
    logs = logs_of(scenario)
    for grade, unchecked in (("A", "S6"), ("B", "S2 to S5"), ("C", "S2 to S12")):
        found = audit(scenario, Records.from_logs(logs, grade=grade))
        assert found.ok
        assert unchecked in {each.rule for each in found.unchecked}
    with pytest.raises(rs.ConfigurationError, match="workload must not be given for records"):
        audit(scenario, Records.from_logs(logs), rs.Workload.draw(scenario))


def test_the_audit_finds_what_a_grade_can_show() -> None:
    scenario = office("CYCLIC_HUNT")
    records = Records.from_logs(logs_of(scenario))
    rings, own = records.rings, records.own_calls
    row = len(rings) - 1
    rings.loc[row, "ended_at"] += 40
    calls = records.calls
    first = calls.index[calls["answered_by"] == "201"][0]
    own.loc[len(own)] = {
        "extension": "201",
        "started_at": calls["arrives_at"][first] + calls["wait"][first] + 0.5,
        "talk_time": 9.0,
        "taken": True,
        "day": 0,
        "date": calls["date"][first],
    }
    for grade in ("A", "B"):
        changed = Records.from_frames(
            records.calls, rings, own, members=["201", "202", "203"], grade=grade
        )
        violations = audit(scenario, changed).violations
        assert ("rings", row, "S5") in {each[:3] for each in violations}
        assert "S15" in {each.rule for each in violations}


def test_nothing_in_anonymised_records_names_anybody() -> None:
    scenario = office()
    records = Records.from_logs(logs_of(scenario), starts_on="2024-03-05")
    records.notes = ("Anna = 9001",)
    hidden = records.anonymised()
    assert hidden.notes == ()
    assert hidden.timezone is None
    assert hidden.dates[0] == np.datetime64("2001-01-02")
    assert hidden.days["weekday"].tolist() == records.days["weekday"].tolist()
    pd.testing.assert_frame_equal(hidden.summary(), records.summary())
    assert sorted(hidden.calls["answered_by"].value_counts()) == sorted(
        records.calls["answered_by"].value_counts()
    )
    assert hidden.member_numbers == ("201", "202", "203")
    answers = hidden.calls["answered_by"].value_counts()
    assert answers["201"] >= answers["202"] >= answers["203"]
    assert records.calls["answered_by"].value_counts()["202"] == answers["201"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_real_day_is_played_again_as_it_was(strategy: str) -> None:
    """With the rules and people of the day itself, nothing changes."""
    scenario = office(strategy)
    records = Records.from_logs(logs_of(scenario))
    days = [workload(records, scenario, day=day, seed=3) for day in range(DAYS)]
    again = Records.from_logs([rs.play(scenario, each) for each in days])
    assert keys(again.rings) == keys(records.rings)
    for column in ("outcome", "wait", "answered_by"):
        assert again.calls[column].equals(records.calls[column])
    answered = (records.calls["outcome"] == "answered").to_numpy()
    assert again.calls["talk_time"][answered].equals(records.calls["talk_time"][answered])
    result = rs.simulate(scenario, workload=days)
    assert result.replications == DAYS
    assert keys(result.replay(1).rings) == keys(records.log(1).rings)
    for metric in ("answer_rate", "mean_wait"):
        got = result.summary().loc[metric, "estimate"]
        assert got == records.summary().loc[metric, "estimate"]


def test_hidden_patience_is_drawn_conditional_on_the_wait() -> None:
    scenario = office()
    records = Records.from_logs(logs_of(scenario), grade="C")
    drawn = workload(records, scenario, day=0)
    calls = records.log(0).calls
    assert (drawn.patience >= calls["wait"].to_numpy()).all()
    gave_up = (calls["outcome"] == "abandoned").to_numpy()
    assert drawn.patience[gave_up].tolist() == calls["wait"][gave_up].tolist()
    other = workload(records, scenario, day=0, seed=1)
    assert (drawn.patience != other.patience).any()
    never = scenario.replace(
        demand={"600": scenario.demand["600"].replace(patience=1)}, extensions=[]
    )
    assert (workload(records, never).patience >= calls["wait"].to_numpy()).all()


def test_a_ring_in_vain_would_not_have_been_answered_sooner() -> None:
    scenario = office()
    records = Records.from_logs(logs_of(scenario))
    drawn = workload(records, scenario, day=0)
    for ring in records.log(0).rings.to_dict("records"):
        length = ring["ended_at"] - ring["started_at"]
        delay = drawn.answer_delay(ring["call"], ring["member"])
        if ring["result"] == "answered":
            assert math.isclose(delay, length)
        else:
            assert delay > length


def test_a_hidden_delay_is_the_first_draw_that_agrees_with_the_ring() -> None:
    """Somebody whose phone was not seen to ring has the first draw of all."""
    scenario = office("PRIORITIZED_HUNT")
    log = Records.from_logs(logs_of(scenario)).log(0)
    drawn = workload(Records.from_logs([log]), scenario, seed=5)
    callers = scenario.demand["600"].replace(
        calls_per_hour=None, arrives_at=log.calls["arrives_at"].tolist()
    )
    same = scenario.replace(
        demand={"600": callers},
        extensions=[each.replace(own_calls=None) for each in scenario.extensions],
    )
    days = [rs.Workload.draw(same, 5, number) for number in range(200)]
    seen: dict[tuple[int, str, int], float] = {}
    n_rings: dict[tuple[int, str], int] = {}
    for ring in log.rings.to_dict("records"):
        call, member = ring["call"], ring["member"]
        nth = n_rings[call, member] = n_rings.get((call, member), -1) + 1
        length = ring["ended_at"] - ring["started_at"]
        seen[call, member, nth] = math.nan if ring["result"] == "answered" else length
    checked = 0
    for call in range(len(log.calls)):
        for member in ("201", "202", "203"):
            for nth in range(n_rings.get((call, member), -1) + 2):
                least = seen.get((call, member, nth), -1.0)
                if not math.isnan(least):
                    each = (day.answer_delay(call, member, nth) for day in days)
                    wanted = next((delay for delay in each if delay > least), math.inf)
                    assert drawn.answer_delay(call, member, nth) == wanted
                    checked += 1
    assert checked > len(log.calls)


def test_delays_of_all_calls_are_drawn_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time, a day of 20,000 calls took 41 s, and together 3 s (measured)."""
    asked = []
    answer_delay_of = DrawnPhones.answer_delay_of
    monkeypatch.setattr(
        DrawnPhones,
        "answer_delay_of",
        lambda phones, extension: asked.append(extension) or answer_delay_of(phones, extension),
    )
    scenario = office()
    records = Records.from_logs(logs_of(scenario))
    workload(records, scenario)
    assert len(asked) <= 3 * 2 * 200  # members, rings and draws
    assert len(asked) < len(records.log(0).calls) * 3


def test_what_if_last_tuesday() -> None:
    scenario = office("CYCLIC_HUNT")
    records = Records.from_logs(logs_of(scenario))
    days = [records.workload(scenario, day=day) for day in range(DAYS)]
    compared = rs.compare(
        scenario, group="600", workload=days, strategies=["CYCLIC_HUNT", "RING_SIMULTANEOUSLY"]
    )
    assert "3 replications" in str(compared)
    real = records.summary().loc["answer_rate", "estimate"]
    assert compared.results["CYCLIC_HUNT"].summary().loc["answer_rate", "estimate"] == real


def test_one_day_is_drawn_many_times_for_what_it_hides() -> None:
    scenario = office("CYCLIC_HUNT")
    records = Records.from_logs(logs_of(scenario), grade="C")
    draws = [records.workload(scenario, day=1, seed=seed) for seed in range(8)]
    compared = rs.compare(scenario, workload=draws, variants={"longer": {"ring_time": 30}})
    assert "8 replications" in str(compared)
    n, own = len(draws[0]), len(records.log(1).own_calls)
    assert repr(draws[0]) == f"<Workload of {n} calls and {own} own calls>"


def test_workloads_are_checked() -> None:
    scenario = office()
    records = Records.from_logs(logs_of(scenario))
    with pytest.raises(rs.ConfigurationError, match=r"demand\.600 must be given"):
        records.workload(scenario.replace(demand={}))
    with pytest.raises(rs.ConfigurationError, match="day must be from 0"):
        records.workload(scenario, day=9)
    with pytest.raises(rs.ConfigurationError, match="seed must be"):
        records.workload(scenario, seed=-1)
    with pytest.raises(rs.ConfigurationError, match="workload must be a Workload"):
        rs.simulate(scenario, workload=7)  # type: ignore[arg-type]
    day = records.workload(scenario)
    with pytest.raises(rs.ConfigurationError, match="replications must be 1"):
        rs.simulate(scenario, workload=day, replications=2)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": "lost"}, "calls.outcome[0] must be one of answered, abandoned, overflowed"),
        ({"wait": -1.0}, "calls.wait[0] must be a finite number of seconds"),
        ({"wait": "7"}, "calls.wait must be numbers of seconds"),
        ({"arrives_at": math.nan}, "calls.arrives_at[0] must be a finite number"),
    ],
)
def test_frames_are_checked(changes: dict[str, Any], said: str) -> None:
    frame = pd.DataFrame({"arrives_at": [1.0], "wait": [2.0], "outcome": ["answered"]})
    assert Records.from_frames(frame).group == "600"
    with pytest.raises(rs.ConfigurationError) as caught:
        Records.from_frames(frame.assign(**changes))
    assert said in str(caught.value)
    with pytest.raises(rs.ConfigurationError, match="must have a column 'wait'"):
        Records.from_frames(frame.drop(columns="wait"))


class Plain(Reader):
    """A format of somebody else's: an arrival and a wait per line."""

    name = "plain"
    title = "plain lines"

    def recognises(self, sample: Sample) -> bool:
        return sample.text.startswith("PLAIN")

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        assert request.group == "600"
        from ringsim.records._sheet import sheet_of_rows

        lines = [line.split() for line in sources[0].data.decode().splitlines()[1:]]
        sheet = sheet_of_rows(sources[0].name, [{"line": str(line)} for line in lines])
        arrived, wait = (np.array([float(line[at]) for line in lines]) for at in (0, 1))
        calls = Extract.call_rows(
            arrived_at=arrived, ended_at=arrived + wait, outcome=np.ones(len(lines), dtype=int)
        )
        return Extract(calls, Extract.no_rings(), Extract.own_rows(), sheet, "C")


def test_readers_of_other_packages(install: Any, tmp_path: Any) -> None:
    path = tmp_path / "calls"
    path.write_text("PLAIN\n1709542800 12\n1709629200 7\n")
    install(Entry("plain", Plain))
    for name in ("auto", "plain"):
        records = rs.read_records(path, group="600", format=name)
        assert records.calls["wait"].tolist() == [12, 7]
    install(Entry("csv", Plain))
    with pytest.raises(rs.ConfigurationError, match="must have a name of its own"):
        rs.read_records(path, group="600")
    install(Entry("plain", object))
    with pytest.raises(rs.ConfigurationError, match="must be a class derived from"):
        rs.read_records(path, group="600")


def test_counts_of_many_calls_are_grouped_by_thousands() -> None:
    group = {"extension_number": "600", "members": ["201"]}
    calls = rs.Demand(calls_per_hour=700, talk_time=60)
    office = rs.Scenario(groups=[group], demand={"600": calls}, hours=2, opens_at="09:00")
    shown = repr(month(scenario=office, days=2, busyness=0))
    assert not re.search(r"\d{4}", shown)
    assert re.search(r"\d,\d{3} overflowed", shown)
