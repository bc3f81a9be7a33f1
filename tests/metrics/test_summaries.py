"""Metrics by interval of arrival: assignment of calls to intervals, and contents of rows.

A table is estimated in blocks of intervals; each row must be what its interval alone would give.

That rows add up to the summary is shown on drawn calls in `test_simulate`.
"""

from __future__ import annotations

import math
import pickle
import tomllib
from importlib.resources import files
from math import inf, nan
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim._jit import INTERPRETED
from ringsim.confidence import Estimate, Estimates, Figure
from ringsim.metrics import (
    METRICS,
    Calls,
    Layout,
    Observations,
    Roster,
    Thresholds,
    _sums,
    _waits,
    few_events,
    intervals,
)
from ringsim.metrics._jit_sums import CALL_SUMS
from ringsim.metrics._printed import Summary
from ringsim.metrics._waits import Waits
from ringsim.scenario import changed
from support.played import INF, group, scene, script

# Metrics that need no option: `test_option_metrics` has the others
PLAIN = {name: metric for name, metric in METRICS.items() if not metric.needs}.keys()
OF_THE_GROUP_AS_A_PLACE = {
    "offered_load",
    "received",
    "answered_here",
    "answer_rate_of_received",
    "no_candidate_rate",
    "interruptions_per_hour",
    "fairness",
}


def offered(*arrives_at: float, width: float, hours: float = 1) -> dict[float, float]:
    """Return the calls offered in each interval, by its start."""
    intervals = rs.play(scene("A", hours=hours), script(*arrives_at)).intervals(width)
    counts: dict[float, float] = intervals["offered"].to_dict()
    return counts


@pytest.mark.parametrize(
    ("arrives_at", "expected"),
    [
        ([], {0: 0, 1800: 0}),
        ([0, 1799.9, 1800, 3599], {0: 2, 1800: 2}),
        ([3600], {0: 0, 1800: 0, 3600: 1}),  # all calls are played, late ones too
        ([9000], {0: 0, 1800: 0, 3600: 0, 5400: 0, 7200: 0, 9000: 1}),
    ],
)
def test_a_call_belongs_to_the_interval_that_it_arrives_in(
    arrives_at: list[float], expected: dict[float, float]
) -> None:
    """S1: intervals are [start, end), and cover the hours and all later calls."""
    assert offered(*arrives_at, width=1800) == expected


@pytest.mark.parametrize(
    ("width", "starts"),
    [
        (3600, [0]),
        (7200, [0]),
        (2000, [0, 2000]),  # the last may go beyond the hours
        (1200.5, [0, 1200.5, 2401]),
    ],
)
def test_intervals_of_any_width_cover_the_hours(width: float, starts: list[float]) -> None:
    log = rs.play(scene("A", hours=1), script(0))
    intervals = log.intervals(width)
    assert intervals.index.name == "starts_at"
    assert intervals.index.tolist() == starts
    assert intervals["ends_at"].tolist() == [start + width for start in starts]


def test_a_call_counts_where_it_arrived_whenever_it_is_answered() -> None:
    """Arrives at 1790, is answered at 1805."""
    intervals = rs.play(scene("A", hours=1), script(1790, A=15)).intervals()
    assert intervals["answered"].tolist() == [1, 0]
    assert intervals["mean_speed_of_answer"].tolist() == pytest.approx([15, nan], nan_ok=True)


def test_intervals_of_a_group_are_of_the_calls_that_arrived_at_it() -> None:
    """The second call goes on from 600 to 601 and is answered there."""
    scenario = scene(group("A", to="601"), group("B", number="601"), hours=1)
    day = script(0, 2000, to=["601", "600"], B=[5, 7])
    log = rs.play(scenario, day)
    assert log.intervals(group="600")["answered"].tolist() == [0, 1]
    assert log.intervals(group="601")["answered"].tolist() == [1, 0]


def test_intervals_take_the_questions_of_a_summary() -> None:
    log = rs.play(scene("A", hours=1), script(0, 100, 2000, patience=[INF, 7, INF], A=[9, INF, 2]))
    within = log.intervals(within=5, variant="answered_only", short=7, target=0)
    assert within["service_level"].tolist() == [0, 1]
    assert within["short_abandon"].tolist() == [1, 0]
    assert within["p_target_met"].tolist() == [1, 1]


def test_intervals_have_the_metrics_that_are_of_calls_only() -> None:
    columns = rs.play(scene("A"), script(0)).intervals().columns.tolist()
    names = [name for name in PLAIN if name not in OF_THE_GROUP_AS_A_PLACE]
    assert columns == ["ends_at"] + [
        name + bound for name in names for bound in ("", "_low", "_high")
    ] + ["note"]


@pytest.mark.parametrize("width", [0, -5, nan, inf, True, "1800", None])
def test_a_width_that_cannot_be_is_an_error(width: Any) -> None:
    with pytest.raises(rs.ConfigurationError) as wrong:
        rs.play(scene("A"), script(0)).intervals(width)
    assert str(wrong.value) == f"width must be a positive number of seconds, got {width!r}."


@pytest.mark.parametrize(
    ("width", "latest", "whole"), [(0.01, 0, "3600"), (1, 200_000, "200000"), (1e-310, 0, "3600")]
)
def test_a_width_that_would_make_endless_tables_is_an_error(
    width: float, latest: float, whole: str
) -> None:
    with pytest.raises(rs.ConfigurationError) as wrong:
        rs.play(scene("A", hours=1), script(latest)).intervals(width)
    assert str(wrong.value) == (
        f"width must make at most 10080 intervals of {whole} s, got {width!r}."
    )


# Rows of a table, and each of them alone

KINDS = ("ordinary", "rare", "constant", "none", "one day", "all lost")


def random_sums(kinds: list[str], replications: int, seed: int) -> Observations:
    """Return sums of intervals of some kinds, as from replications of a scenario."""
    random = np.random.default_rng(seed)
    layout = Layout(len(kinds), width=60.0)
    calls = np.zeros((replications, len(kinds), len(CALL_SUMS)))
    waits = Waits(len(kinds))
    for replication in range(replications):
        rows = [one_day(random, kind, replication) for kind in kinds]
        for cell, (sums, _, _) in enumerate(rows):
            calls[replication, cell] = [sums.get(name, 0) for name in CALL_SUMS]
        wait = np.concatenate([wait for _, wait, _ in rows])
        answered = np.concatenate([answered for _, _, answered in rows])
        cell = np.repeat(np.arange(len(kinds), dtype=np.int32), [len(wait) for _, wait, _ in rows])
        number = np.full(len(wait), replication, dtype=np.int32)
        waits.add(wait, answered, cell, number, range(replication, replication + 1))
    busy = np.zeros((replications, len(kinds)))
    none = np.zeros((replications, 0, 0))
    return Observations(Roster(scene("A")), layout, [calls, none, none, none, busy, none], waits)


def one_day(random: np.random.Generator, kind: str, replication: int) -> Any:
    """Return an interval's sums on one day, and the waits of its calls with their outcome."""
    n = {"none": 0, "constant": 4, "one day": 30 if replication == 1 else 0}.get(kind, -1)
    n = int(random.poisson(6)) if n < 0 else n
    share = {"ordinary": 0.7, "rare": 0.99, "all lost": 0.0}.get(kind, 1.0)
    answered = random.random(n) < share
    wait = np.full(n, 5.0) if kind == "constant" else np.round(random.exponential(12, n), 1)
    lost, rings = ~answered, 1 + random.integers(0, 3, n) * (kind != "constant")
    left = lost & (random.random(n) < 0.5)
    sums = {
        "offered": n,
        "answered": answered.sum(),
        "abandoned": left.sum(),
        "overflowed": (lost & ~left).sum(),
        "blocked": (lost & ~left & (rings == 1)).sum(),
        "rings": rings.sum(),
        "no_answer": (rings > 2).sum(),
        "waited_answered": wait[answered].sum(),
        "waited_abandoned": wait[left].sum(),
        "waited_overflowed": wait[lost & ~left].sum(),
        "handle_time": 100.0 * answered.sum(),
        "answered_within": (answered & (wait <= 20)).sum(),
        "abandoned_within": (left & (wait <= 20)).sum(),
        "short_abandoned": (left & (wait <= 5)).sum(),
    }
    return sums, wait, answered


@pytest.mark.parametrize("max_kept", [10**6, 0])
@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=7),
    st.sampled_from([1, 2, 3, 20, 60]),
    st.sampled_from(["offered", "answered_only", "short_excluded"]),
    st.integers(0, 99),
)
@settings(max_examples=4 if INTERPRETED else 40)
def test_the_rows_of_a_table_are_those_of_each_interval_alone(
    max_kept: int, kinds: list[str], replications: int, variant: str, seed: int
) -> None:
    """Figures to 1e-12, and the same marks; for few waits and for binned ones."""
    thresholds = Thresholds(variant=variant)
    with pytest.MonkeyPatch.context() as context:
        context.setattr(_waits, "MAX_KEPT", max_kept)
        context.setattr(_waits, "MAX_KEPT_PER_CELL", min(max_kept, 500))
        context.setattr(_sums, "CELLS_TOGETHER", 3)
        seen = random_sums(kinds, replications, seed)
        table = intervals(seen, thresholds)
        for cell, (_, row) in enumerate(table.iterrows()):
            calls = Calls(seen, [cell])
            for name in PLAIN - OF_THE_GROUP_AS_A_PLACE:
                alone = METRICS[name].figure(calls, thresholds).estimate()
                together = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
                assert together == pytest.approx(list(alone[:3]), rel=1e-12, abs=0, nan_ok=True)
                assert few_events(row["note"], name) == (not alone.is_trusted)


def test_a_table_is_estimated_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """One estimate at a time would take a quarter of a minute for the minutes of a week."""
    asked = []
    marked = Figure.marked

    def counted(figure: Figure, found: Estimates) -> Any:
        asked.append(figure)
        return marked(figure, found)

    monkeypatch.setattr(Figure, "marked", counted)
    table = rs.play(scene("A", hours=24), script(0, 5000)).intervals(60)
    assert len(table) == 1440
    n_metrics = len(PLAIN - OF_THE_GROUP_AS_A_PLACE)
    assert len(asked) == n_metrics * math.ceil(1440 / _sums.CELLS_TOGETHER)


@pytest.mark.parametrize(
    ("variant", "scale"),
    [("offered", 0.02), ("offered", 1), ("offered", 15), ("credit_abandoned_within", 1)],
)
def test_a_summary_prints_its_bounds_in_80_columns(variant: str, scale: float) -> None:
    """Notes are short codes: pandas leaves out columns in the middle of a wider table."""
    text = (files("ringsim") / "data" / "my-office.toml").read_text("utf-8")
    office = rs.Scenario.from_file(tomllib.loads(text)).replace(hours=2)
    result = rs.simulate(changed(office, {"demand.scale": scale}), replications=3)
    lines = str(result.summary(variant=variant)).splitlines()
    assert lines[0].split() == ["estimate", "low", "high", "note"]
    assert max(map(len, lines)) <= 80


NOTES = st.lists(
    st.one_of(
        st.sampled_from(["few events", "same", "20 s credit", "1234.5 s ignore", "365 out"]),
        st.floats(0.5, 1).map(lambda target: f">= {target:g}"),
    ),
    max_size=4,
    unique=True,
).map("; ".join)
FIGURES = st.one_of(st.floats(0, 1e15), st.floats(0, 1), st.just(math.nan))


ROWS = st.tuples(*[st.tuples(FIGURES, FIGURES, FIGURES, NOTES)] * len(METRICS))


@given(ROWS, st.booleans())
def test_nothing_of_a_summary_is_left_out_at_80_columns(rows: Any, in_terminal: bool) -> None:
    """Whatever its figures and notes: every row, every figure to three digits, every note."""
    table = Summary(rows, index=list(METRICS), columns=Estimate._fields)
    limits = ("display.width", 80, "display.max_columns", 0 if in_terminal else 20)
    with pd.option_context(*limits):
        lines = str(table).splitlines()
    assert lines[0].split() == ["estimate", "low", "high", "note"]
    assert max(map(len, lines)) <= 80
    start = lines[0].index("note") if "note" in lines[0] else 0
    found: dict[str, list[str]] = {}
    for line in lines[1:]:
        name = line.split(" ")[0]
        found.setdefault(name or list(found)[-1], []).append(line)
    assert list(found) == list(METRICS)
    for metric, (*figures, note) in zip(METRICS, rows, strict=True):
        first, *others = found[metric]
        shown = [float(text) for text in first.split()[1:4]]
        assert shown == pytest.approx(figures, rel=5e-3, abs=1e-6, nan_ok=True)
        told = " ".join([" ".join(first.split()[4:]), *(each.strip() for each in others)]).strip()
        assert told == note
    assert start


def test_what_is_derived_from_a_summary_is_a_plain_frame() -> None:
    office = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    table = rs.simulate(office, replications=2).summary()
    assert type(table.round(2)) is type(table[["estimate"]]) is type(table.head(3)) is pd.DataFrame
    assert pickle.loads(pickle.dumps(table)).equals(table)
