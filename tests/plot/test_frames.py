"""Every figure of a frame is in its picture, where it belongs."""

from __future__ import annotations

from itertools import pairwise
from math import inf, nan
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

import ringsim as rs
from ringsim import plot
from support.drawn import DASH, MINUS, fresh_axes, labels, legend, lines, points, shown
from support.hard_days import Day, days
from support.helpers import refusal
from support.plot_frames import PAIRS, comparison, office, result

law = settings(max_examples=15)


def texts(ax: Axes) -> list[str]:
    return [shown(text) for text in ax.texts]


def is_hollow(ax: Axes, name: str) -> bool:
    (line,) = lines(ax)[name]
    return to_rgb(line.get_markerfacecolor()) != to_rgb(line.get_markeredgecolor())


# Strategies


def test_estimates_and_intervals_are_drawn_by_variant_in_the_order_of_the_frame() -> None:
    ax = plot.strategies(comparison(), baseline="now", ax=fresh_axes())
    assert labels(ax) == ["now (baseline)", "new", "old"]
    rate, level = ax.child_axes
    assert rate.get_xlabel() == "answer rate [%]"
    assert level.get_xlabel() == "service level, within 20 s, offered [%]"
    for place, row in enumerate(comparison().xs("answer_rate", level="metric").itertuples()):
        assert points(rate, f"estimate-{place}") == [(100 * row.estimate, place)]
        assert points(rate, f"interval-{place}") == [
            (100 * row.low, place),
            (100 * row.high, place),
        ]


@pytest.mark.parametrize("kind", ["bool", "boolean", "object"])
def test_the_best_are_filled_and_the_others_hollow(kind: str) -> None:
    (rate, _) = plot.strategies(comparison().astype({"best": kind}), ax=fresh_axes()).child_axes
    assert [is_hollow(rate, f"estimate-{place}") for place in range(3)] == [False, False, True]


def test_where_nothing_is_the_best_nothing_is_hollow() -> None:
    frame = comparison().assign(best=False)
    (rate, _) = plot.strategies(frame, ax=fresh_axes()).child_axes
    assert not any(is_hollow(rate, f"estimate-{place}") for place in range(3))


def test_differences_from_the_baseline_are_told_and_few_events_starred() -> None:
    rate, level = plot.strategies(comparison(), baseline="now", ax=fresh_axes()).child_axes
    assert [text.replace(MINUS, "-") for text in texts(rate)] == [
        "80.0",
        "81.0   Δ +1.0 (-1.0 to +3.0)",
        "60.0   Δ -20.0 (-22.0 to -18.0)",
    ]
    assert texts(level) == ["70.0", "75.0*   Δ +5.0 (+3.0 to +7.0)", DASH]


def test_without_a_baseline_there_are_no_differences() -> None:
    ax = plot.strategies(comparison(), ax=fresh_axes())
    assert labels(ax) == ["now", "new", "old"]
    assert texts(ax.child_axes[0]) == ["80.0", "81.0", "60.0"]
    assert not any("Δ" in text for text in legend(ax))


def test_one_metric_is_drawn_on_the_axes_themselves() -> None:
    ax = plot.strategies(comparison(), ["service_level"], ax=fresh_axes())
    assert ax.child_axes == []
    assert points(ax, "estimate-1") == [(75, 1)]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"metrics": ["answer_rat"]},
            "metrics must be metrics of the frame, got 'answer_rat'. Did you mean 'answer_rate'?",
        ),
        (
            {"metrics": "answer_rate"},
            "metrics must be a list of at least one metric, got 'answer_rate'.",
        ),
        ({"metrics": []}, "metrics must be a list of at least one metric, got []."),
        (
            {"baseline": "New"},
            "baseline must be a variant of the frame, got 'New'. Did you mean 'new'?",
        ),
    ],
)
def test_what_is_not_in_a_comparison_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: plot.strategies(comparison(), **fields)) == sentence


def test_a_frame_that_is_no_comparison_is_refused() -> None:
    frame = comparison()
    assert "must be indexed by variant and metric" in refusal(plot.strategies, frame.reset_index())
    assert "must have one row for 'old' and 'answer_rate', got 2" in refusal(
        plot.strategies, pd.concat([frame, frame.loc[["old"]]])
    )
    assert "must have one row for 'old' and 'service_level', got 0" in refusal(
        plot.strategies, frame.drop(("old", "service_level"))
    )


# Waits

calls = st.lists(
    st.tuples(
        st.sampled_from(["answered", "abandoned", "overflowed"]),
        st.floats(0, 300) | st.integers(0, 60),
    ),
    min_size=1,
    max_size=30,
).map(lambda rows: pd.DataFrame(rows, columns=["outcome", "wait"]).astype({"wait": float}))


def band(edge: Any, instant: float) -> tuple[float, float]:
    """Return bottom and top, just after an instant, of the band with this outline."""
    found = [
        y
        for (x, y), (next_x, next_y) in pairwise(edge)
        if y == next_y and min(x, next_x) <= instant < max(x, next_x)
    ]
    return min(found), max(found)


@law
@given(frame=calls, within=st.floats(0, 100) | st.integers(0, 60))
def test_bands_are_as_high_as_the_shares_of_the_calls(frame: pd.DataFrame, within: float) -> None:
    ax = plot.waits(frame, within, ax=fresh_axes())
    bands = {band.get_gid(): band.get_paths()[0].vertices for band in ax.collections}
    assert set(bands) == set(frame["outcome"])
    below = 0.0
    for outcome in ("answered", "abandoned", "overflowed"):
        in_time = (frame["outcome"] == outcome) & (frame["wait"] <= within + 1e-9)
        share = 100 * in_time.mean()
        if outcome in bands:
            assert band(bands[outcome], within) == pytest.approx((below, below + share))
        below += share
    assert points(ax, "service level") == [(within, pytest.approx(_service_level(frame, within)))]


def _service_level(frame: pd.DataFrame, within: float) -> float:
    in_time = (frame["outcome"] == "answered") & (frame["wait"] <= within + 1e-9)
    return float(100 * in_time.mean())


@law
@given(day=days, within=st.sampled_from([0, 0.1, 0.3, 1, 7, 20]))
def test_the_service_level_that_is_marked_is_that_of_the_summary(day: Day, within: float) -> None:
    log = day.play("compiled")
    if len(log.calls):
        ax = plot.waits(log.calls, within, ax=fresh_axes())
        level = log.summary(within=within).loc["service_level", "estimate"]
        assert points(ax, "service level")[0][1] == pytest.approx(100 * level)
        assert f"{100 * level:.1f} % answered within {within:g} s" in texts(ax)


def test_sums_of_floats_do_not_decide_what_is_within() -> None:
    frame = pd.DataFrame({"outcome": ["answered"], "wait": [0.1 + 0.2]})
    ax = plot.waits(frame, 0.3, ax=fresh_axes())
    assert points(ax, "service level") == [(0.3, 100)]
    (edge,) = [each.get_paths()[0].vertices for each in ax.collections]
    assert band(edge, 0.3) == (0, 100)


@pytest.mark.parametrize("counts", [(1, 98, 1), (98, 1, 1), (1, 1, 98)])
def test_labels_tell_the_shares_in_the_end_and_do_not_meet(counts: tuple[int, ...]) -> None:
    names = ("answered", "abandoned", "overflowed")
    frame = pd.DataFrame({"outcome": np.repeat(names, counts), "wait": 10.0})
    ax = plot.waits(frame, ax=fresh_axes())
    heights = {shown(text): text.get_position()[1] for text in ax.texts}
    labelled = [heights[f"{name} {n:.1f} %"] for name, n in zip(names, counts, strict=True)]
    assert all(high - low > 0.06 for low, high in pairwise(labelled))
    assert max(labelled) <= 1


def test_thousands_of_calls_are_thinned_to_what_can_be_seen() -> None:
    wait = np.random.default_rng(1).exponential(30, 50_000)
    frame = pd.DataFrame({"outcome": "answered", "wait": wait})
    ax = plot.waits(frame, ax=fresh_axes())
    (edge,) = [each.get_paths()[0].vertices for each in ax.collections]
    assert len(edge) < 10_000
    share = 100 * (wait <= 20).mean()
    assert band(edge, 20)[1] == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"within": -1}, "within must be a number of seconds, at least 0, got -1."),
        ({"within": inf}, "within must be a number of seconds, at least 0, got inf."),
        ({"wait": [nan]}, "calls must have waits that are finite seconds, got nan."),
        ({"wait": [-1.0]}, "calls must have waits that are finite seconds, got -1.0."),
        ({"wait": ["5"]}, ""),
        ({"wait": ["soon"]}, "calls['wait'] must hold numbers, got 'soon'."),
        (
            {"outcome": ["lost"]},
            "calls must have only the outcomes answered, abandoned, overflowed, got 'lost'.",
        ),
    ],
)
def test_waits_that_cannot_be_are_refused(change: dict[str, Any], sentence: str) -> None:
    fields = {"outcome": ["answered"], "wait": [1.0], "within": 20} | change
    within = fields.pop("within")
    if sentence:
        assert refusal(plot.waits, pd.DataFrame(fields), within) == sentence
    else:
        assert points(plot.waits(pd.DataFrame(fields), within, ax=fresh_axes()), "service level")


# Members


def test_members_are_drawn_by_group_with_their_figures_and_intervals() -> None:
    frame = result().members()
    ax = plot.members(frame, ax=fresh_axes())
    rings, interruptions, occupancy = ax.child_axes
    assert labels(ax) == [member for _, member in frame.index]
    assert texts(ax) == ["600", "601"]
    places = ax.get_yticks().tolist()
    assert places == [1, 2, 3, 5, 6]
    for y, row in zip(places, frame.to_dict("records"), strict=True):
        for name in ("rung", "answered"):
            widths = [bar.get_width() for bar in rings.patches if bar.get_gid() == f"{name}-{y:g}"]
            assert widths == ([row[name]] if row[name] > 0 else [])
        assert points(interruptions, f"interruptions_per_hour-{y:g}") == [
            (row["interruptions_per_hour"], y)
        ]
        assert points(occupancy, f"occupancy-{y:g}") == [(100 * row["occupancy"], y)]
        assert _has_line(occupancy, [100 * row["occupancy_low"], 100 * row["occupancy_high"]], y)
        assert _has_line(rings, [row["answered_low"], row["answered_high"]], y)
    assert all(panel.get_xlim()[0] == 0 for panel in ax.child_axes)


def _has_line(ax: Axes, xs: list[float], y: float) -> bool:
    return any(
        np.array_equal(line.get_xdata(), xs) and np.array_equal(line.get_ydata(), [y, y])
        for line in ax.lines
    )


def test_rings_in_vain_are_crosses() -> None:
    frame = result().members()
    rings = plot.members(frame, ax=fresh_axes()).child_axes[0]
    crosses = [line.get_xdata()[0] for line in rings.lines if line.get_marker() == "x"]
    assert crosses == [n for n in frame["ring_no_answer"] if n > 0]
    assert crosses


def test_one_group_has_no_heading_and_pages_a_bar_of_their_own() -> None:
    page = rs.RingGroup(extension_number="600", ring_strategy="PAGING_INTERCOM", members=["201"])
    scenario = office().replace(groups=[page], demand={"600": office().demand["600"]})
    frame = rs.simulate(scenario, replications=3).members()
    ax = plot.members(frame, ax=fresh_axes())
    assert texts(ax) == []
    assert [bar.get_gid() for bar in ax.child_axes[0].patches] == ["paged-0"]
    assert "paged" in legend(ax)
    assert "paged" not in legend(plot.members(result().members(), ax=fresh_axes()))


def test_few_events_are_hollow() -> None:
    frame = result().members().assign(note="")
    frame.iloc[1, frame.columns.get_loc("note")] = "few events: answered, interruptions_per_hour"
    ax = plot.members(frame, ax=fresh_axes())
    _, interruptions, occupancy = ax.child_axes
    assert is_hollow(interruptions, "interruptions_per_hour-2")
    assert not is_hollow(interruptions, "interruptions_per_hour-1")
    assert not is_hollow(occupancy, "occupancy-2")
    assert legend(ax)[-1] == "few events"


def test_one_replication_has_dots_and_no_intervals() -> None:
    frame = rs.simulate(office(), replications=1).members()
    ax = plot.members(frame, ax=fresh_axes())
    ax.figure.canvas.draw()
    (low, high) = ax.child_axes[1].get_xlim()
    known = frame["interruptions_per_hour"].dropna()
    assert low <= known.min()
    assert known.max() <= high


def test_a_frame_that_is_not_of_members_is_refused() -> None:
    assert "must be indexed by group and member" in refusal(
        plot.members, result().members().reset_index()
    )
    assert "must have a column 'rung'" in refusal(plot.members, result().intervals())


# Heat maps


def cells(ax: Axes) -> dict[tuple[float, float], str]:
    return {text.get_position(): shown(text) for text in ax.texts}


def test_every_pair_has_a_cell_numbers_in_their_order() -> None:
    ax = plot.heat_map(PAIRS, x="ring_time", y="members", ax=fresh_axes())
    assert labels(ax, "x") == ["10", "20", "30"]
    assert labels(ax) == ["2", "3"]
    assert cells(ax) == {
        (0, 0): "61.0", (1, 0): DASH, (2, 0): DASH,
        (0, 1): "83.0", (1, 1): "80.0", (2, 1): DASH,
    }  # fmt: skip
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("ring time [s]", "members")
    assert ax.get_title(loc="left") == "service level [%]"


@law
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6, unique=True))
def test_the_higher_the_figure_the_darker_the_cell(figures: list[float]) -> None:
    frame = pd.DataFrame({"x": range(len(figures)), "y": 0, "answer_rate": figures})
    ax = plot.heat_map(frame, x="x", y="y", metric="answer_rate", ax=fresh_axes())
    greys = [
        np.dot((0.299, 0.587, 0.114), to_rgb(cell.get_facecolor()))
        for cell in ax.patches
        if isinstance(cell, Rectangle)
    ]
    by_figure = [grey for _, grey in sorted(zip(figures, greys, strict=True))]
    assert by_figure == sorted(by_figure, reverse=True)
    assert by_figure[0] - by_figure[-1] > 0.4


def test_a_metric_that_is_no_number_is_refused() -> None:
    frame = PAIRS.astype({"service_level": object})
    frame.loc[1, "service_level"] = "high"
    assert refusal(lambda: plot.heat_map(frame, x="ring_time", y="members")) == (
        "frame['service_level'] must hold numbers, got 'high'."
    )


def test_words_keep_the_order_of_the_frame_and_settings_may_be_the_index() -> None:
    frame = pd.DataFrame(
        {"strategy": ["b", "a"], "members": [["201"], ["201", "202"]], "rings_per_call": [1.5, 2.0]}
    ).set_index("strategy")
    ax = plot.heat_map(frame, x="strategy", y="members", metric="rings_per_call", ax=fresh_axes())
    assert labels(ax, "x") == ["b", "a"]
    assert labels(ax) == ["['201']", "['201', '202']"]
    assert cells(ax)[0, 0] == "1.500"
    assert ax.get_title(loc="left") == "rings per call"


def test_a_metric_of_which_nothing_is_known_is_crossed_out() -> None:
    ax = plot.heat_map(PAIRS.assign(service_level=nan), x="ring_time", y="members", ax=fresh_axes())
    ax.figure.canvas.draw()
    assert set(cells(ax).values()) == {DASH}


def test_settings_that_are_no_map_are_refused() -> None:
    twice = pd.concat([PAIRS, PAIRS.iloc[:1]])
    assert refusal(lambda: plot.heat_map(twice, x="ring_time", y="members")) == (
        "frame must have one row for each pair of ring_time and members, got (20, 3). "
        "Choose the rows of one value of every other setting."
    )
    assert refusal(lambda: plot.heat_map(PAIRS, x="members", y="members")) == (
        "y must be another setting than x, got 'members'."
    )
    assert "must have a column 'fairness'" in refusal(
        lambda: plot.heat_map(PAIRS, x="ring_time", y="members", metric="fairness")
    )


# Days


def test_calls_of_each_interval_are_stacked_by_outcome() -> None:
    frame = result().intervals(width=900)
    ax = plot.day(frame, office(), ax=fresh_axes())
    panel = ax.child_axes[0]
    for outcome in ("answered", "abandoned", "overflowed"):
        bars = [bar for bar in panel.patches if bar.get_gid() == outcome]
        assert [bar.get_height() for bar in bars] == pytest.approx(frame[outcome].tolist())
        assert [bar.get_x() for bar in bars] == frame.index.tolist()
        assert [bar.get_x() + bar.get_width() for bar in bars] == frame["ends_at"].tolist()
    tops = [bar.get_y() + bar.get_height() for bar in bars]
    assert tops == pytest.approx(frame["offered"].tolist())
    assert ax.get_xlim() == (0, 3600)
    assert panel.get_title(loc="left") == "calls in 15 min, on average"


def test_the_service_level_is_in_the_middle_of_its_interval() -> None:
    frame = result().intervals(width=900)
    level = plot.day(frame, office(), ax=fresh_axes()).child_axes[1]
    expected = [(at + 450, 100 * y) for at, y in frame["service_level"].items()]
    assert points(level, "service level") == expected
    (spans,) = [each.get_segments() for each in level.collections]
    for place, bound in enumerate(("low", "high")):
        ends = [span[place][1] for span in spans]
        assert ends == pytest.approx((100 * frame[f"service_level_{bound}"]).tolist())


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (None, [(0, 4), (2400, 3), (3600, 3)]),
        ("600", [(0, 3), (2400, 2), (3600, 2)]),
        ("601", [(0, 2), (3600, 2)]),
    ],
)
def test_members_on_duty_are_those_of_the_group(
    group: str | None, expected: list[tuple[float, float]]
) -> None:
    ax = plot.day(result().intervals(), office(), group=group, ax=fresh_axes())
    assert points(ax.child_axes[2], "members on duty") == expected


def test_members_needed_are_a_line_of_their_own_until_the_end() -> None:
    staffing = pd.DataFrame({"starts_at": [1800, 0], "members_needed": [2, 3]})
    for frame in (staffing, staffing.set_index("starts_at")):
        ax = plot.day(result().intervals(), office(), staffing=frame, ax=fresh_axes())
        assert points(ax.child_axes[2], "members needed") == [(0, 3), (1800, 2), (3600, 2)]
        assert "needed" in legend(ax)
    assert "needed" not in legend(plot.day(result().intervals(), office(), ax=fresh_axes()))


def test_few_events_of_an_interval_are_hollow() -> None:
    frame = result().intervals().assign(note=["few events: service_level", ""])
    ax = plot.day(frame, office(), ax=fresh_axes())
    dots = [line for line in ax.child_axes[1].lines if line.get_marker() == "o"]
    hollow = [to_rgb(dot.get_markerfacecolor()) == (1, 1, 1) for dot in dots]
    assert hollow == [True, False]
    assert "few events" in legend(ax)


def test_a_day_that_cannot_be_is_refused() -> None:
    frame = result().intervals()
    assert refusal(plot.day, frame, None) == "scenario must be a Scenario, got None."
    assert "must be indexed by starts_at" in refusal(plot.day, frame.reset_index(), office())
    assert refusal(lambda: plot.day(frame, office(), group="700")) == (
        "group must be the number of a group of the scenario, got '700'. Its groups are 600, 601."
    )
    assert "staffing must have a column 'members_needed'" in refusal(
        lambda: plot.day(frame, office(), staffing=pd.DataFrame({"starts_at": [0]}))
    )
    in_words = pd.DataFrame({"starts_at": ["08:00"], "members_needed": [2]})
    assert refusal(lambda: plot.day(frame, office(), staffing=in_words)) == (
        "staffing['starts_at'] must hold numbers, got '08:00'."
    )


def test_a_group_without_members_has_nobody_on_duty() -> None:
    scenario = office().replace(groups=[{"extension_number": "600"}], demand={})
    frame = rs.simulate(scenario, replications=2).intervals()
    ax = plot.day(frame, scenario, ax=fresh_axes())
    ax.figure.canvas.draw()
    assert points(ax.child_axes[2], "members on duty") == [(0, 0), (3600, 0)]
