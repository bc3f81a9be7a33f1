"""Pictures take what the verbs return, in either language; their labels do not overlap."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.text import Annotation, Text

import ringsim as rs
from ringsim import plot
from ringsim._words import speaking
from ringsim.metrics import METRICS
from support import figures
from support.drawn import fresh_axes, labels, legend, lines, shown
from support.helpers import refusal
from support.plot_frames import PAIRS, office, optimum, result


@cache
def comparison() -> rs.Comparison:
    return rs.compare(office(), group="600", replications=20)


def points_of(ax: Axes) -> list[Any]:
    """Return the data of all lines and bars of the axes and its panels."""
    return [
        [line.get_xydata().tolist() for panel in (ax, *ax.child_axes) for line in panel.lines],
        [patch.get_path().vertices.tolist() for panel in ax.child_axes for patch in panel.patches],
        [collection.get_paths()[0].vertices.tolist() for collection in ax.collections],
        [shown(text) for panel in (ax, *ax.child_axes) for text in panel.texts],
    ]


SAME: dict[str, tuple[Any, Any]] = {
    "day": (
        lambda ax: plot.day(result(), group="600", ax=ax),
        lambda ax: plot.day(result().intervals(1800, "600"), office(), group="600", ax=ax),
    ),
    "members": (
        lambda ax: plot.members(result(), ax=ax),
        lambda ax: plot.members(result().members(), ax=ax),
    ),
    "waits of a log": (
        lambda ax: plot.waits(result().replay(0), ax=ax),
        lambda ax: plot.waits(result().replay(0).calls, ax=ax),
    ),
    "strategies": (
        lambda ax: plot.strategies(comparison(), ax=ax),
        lambda ax: plot.strategies(comparison().table, baseline="CYCLIC_HUNT", ax=ax),
    ),
}


@pytest.mark.parametrize(("taken", "spelt_out"), SAME.values(), ids=SAME)
def test_a_picture_takes_what_its_verb_returns(taken: Any, spelt_out: Any) -> None:
    assert points_of(taken(fresh_axes())) == points_of(spelt_out(fresh_axes()))


def test_the_baseline_has_no_difference_from_itself() -> None:
    panel, *_ = plot.strategies(comparison(), ax=fresh_axes()).child_axes
    variants = comparison().variants
    told = ["\N{GREEK CAPITAL LETTER DELTA}" in shown(text) for text in panel.texts]
    assert told == [name != comparison().baseline for name in variants]


def test_the_waits_of_a_result_are_those_of_all_replications() -> None:
    ax = plot.waits(result(), group="600", ax=fresh_axes())
    calls = sum((result().replay(at).calls["group"] == "600").sum() for at in range(5))
    assert ax.get_ylabel() == f"share of {calls} calls offered [%]"


@pytest.mark.parametrize(("language", "shown_as"), [("en", "1,200"), ("de", "1.200")])
def test_many_calls_are_counted_in_thousands(language: str, shown_as: str) -> None:
    calls = pd.DataFrame({"outcome": ["answered"] * 1200, "wait": [3.0] * 1200})
    with speaking(language):
        assert shown_as in plot.waits(calls, ax=fresh_axes()).get_ylabel()


def test_numbers_of_members_have_whole_ticks() -> None:
    found = rs.optimize(
        office(),
        group="600",
        over={"n_members": range(1, 4)},
        minimise="n_members",
        subject_to=rs.Target(answer_rate=0.05),
        max_replications=200,
    )
    ax = plot.frontier(found, ax=fresh_axes())
    assert ax.get_xlabel() == "members"
    assert all(tick == int(tick) for tick in ax.get_xticks())


def test_no_axis_has_numbers_of_calls_below_zero() -> None:
    silent = rs.simulate(office().replace(demand={}), replications=2)
    for panel in plot.day(silent, ax=fresh_axes()).child_axes:
        assert panel.get_ylim()[0] == 0


def test_what_is_no_backtest_is_named() -> None:
    assert refusal(lambda: plot.backtest("days")) == (  # type: ignore[arg-type]
        "backtest must be a DataFrame, got 'days'. Give ringsim.backtest(...)."
    )


def test_waits_of_a_frame_have_no_group() -> None:
    calls = result().replay(0).calls
    assert refusal(lambda: plot.waits(calls, group="600")) == (
        "group must be given with a log or a result only, got '600'."
    )


def test_the_day_takes_the_result_of_staffing() -> None:
    staffed = rs.staffing(
        office(), group="600", target=rs.Target(service_level=0.5), max_replications=40
    )
    ax = plot.day(result(), group="600", staffing=staffed, ax=fresh_axes())
    assert "needed" in legend(ax)
    needed = lines(ax.child_axes[2])["members needed"][0].get_ydata().tolist()
    members = staffed.table["members"].tolist()
    assert needed == [*members, members[-1]]


def swept() -> pd.DataFrame:
    return rs.sweep(office(), {"ring_time": [9, 12], "n_members": [2, 3]}, "600", **LEVEL)


def week(**asked: Any) -> rs.Result:
    calls = {"600": rs.Demand(calls_per_hour={"mon": 40, "tue": 20}, talk_time=60)}
    return rs.simulate(office().replace(demand=calls, days=["mon", "tue"]), replications=3)


LEVEL: dict[str, Any] = {"within": 12.5, "variant": "answered_only", "replications": 3}
ASKED = {"within": 12.5, "variant": "answered_only"}
PLACES = {"x": "ring_time", "y": "n_members"}
COUNTED = "service level, within 12.5 s, answered_only"
WITH_LEVEL: dict[str, tuple[str, Any]] = {
    "day": (f"{COUNTED} [%]", lambda: plot.day(result().intervals(**ASKED), office())),
    "part of a day": (
        f"{COUNTED} [%]",
        lambda: plot.day(result().intervals(600, **ASKED).iloc[1:], office()),
    ),
    "day of a result": ("service level, within 20 s, offered [%]", lambda: plot.day(result())),
    "week": (f"{COUNTED} [%]", lambda: plot.week(week().by_day(**ASKED))),
    "day of a week": (
        f"{COUNTED} [%]",
        lambda: plot.day(week().intervals(**ASKED).loc["tue"], office()),
    ),
    "week of a result": ("service level, within 20 s, offered [%]", lambda: plot.week(week())),
    "heat map": (f"{COUNTED} [%]", lambda: plot.heat_map(swept(), **PLACES)),
    "heat map of a table": (f"{COUNTED} [%]", lambda: plot.heat_map(swept().table, **PLACES)),
    "heat map of some rows": (f"{COUNTED} [%]", lambda: plot.heat_map(swept().head(3), **PLACES)),
    "trade-off": (
        f"{COUNTED} [%]",
        lambda: plot.trade_off(rs.compare(office(), "600", **LEVEL), y="service_level"),
    ),
    "stress": (
        f"change of {COUNTED} [percentage points]",
        lambda: plot.stress(rs.stress(office(), "600", [rs.Stress.volume(2)], **LEVEL)),
    ),
    "frontier": (
        f"{COUNTED} [%]",
        lambda: plot.frontier(
            rs.optimize(
                office(),
                "600",
                over={"n_members": [2, 3]},
                minimise="n_members",
                subject_to=rs.Target(service_level=0.1, **ASKED),
                max_replications=100,
            )
        ),
    ),
    "frontier without a target": (
        "service level, within 20 s, offered [%]",
        lambda: plot.frontier(
            rs.optimize(
                office(),
                "600",
                over={"n_members": [2, 3]},
                maximise="service_level",
                max_replications=100,
            )
        ),
    ),
}


@pytest.mark.parametrize(("label", "picture"), WITH_LEVEL.values(), ids=WITH_LEVEL)
def test_a_service_level_is_shown_with_its_threshold(label: str, picture: Any) -> None:
    ax = picture()
    told = [
        text
        for panel in (ax, *ax.child_axes)
        for text in (panel.get_title(loc="left"), panel.get_xlabel(), panel.get_ylabel())
    ]
    pyplot.close(ax.figure)
    assert label in told


# Words


def test_settings_are_words_with_units() -> None:
    table = rs.sweep(
        office(),
        {"ring_time": [10, 12.5], "n_members": [2, 3], "skip_busy_member": [True, False]},
        group="600",
        replications=2,
    )
    ax = plot.heat_map(
        table[table["skip_busy_member"].astype(bool)],
        x="ring_time",
        y="n_members",
        ax=fresh_axes(),
    )
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("ring time [s]", "members")
    assert labels(ax, "x") == ["10", "12.5"]
    ax = plot.heat_map(
        table[table["n_members"] == 2], x="ring_time", y="skip_busy_member", ax=fresh_axes()
    )
    assert (ax.get_ylabel(), labels(ax)) == ("skip busy members", ["no", "yes"])


def test_no_axis_has_its_unit_twice() -> None:
    for metric in METRICS:
        label = plot._frames.axis_label(metric)
        words, _, unit = label.partition(" [")
        assert unit.removesuffix("]") not in words.split() or not unit, label


IN_GERMAN: dict[str, tuple[Any, str]] = {
    "ring_chart": (lambda ax: plot.ring_chart(result().replay(0), ax=ax), "Uhrzeit"),
    "waits": (lambda ax: plot.waits(result(), ax=ax), "Wartezeit seit Anrufbeginn [s]"),
    "heat_map": (
        lambda ax: plot.heat_map(PAIRS, x="ring_time", y="members", ax=ax),
        "Klingelzeit [s]",
    ),
    "trade_off": (lambda ax: plot.trade_off(comparison(), ax=ax), "Störungen je Stunde"),
    "frontier": (lambda ax: plot.frontier(optimum(), ax=ax), "Störungen je Stunde"),
}


@pytest.mark.parametrize(("picture", "label"), IN_GERMAN.values(), ids=IN_GERMAN)
def test_a_picture_speaks_german(picture: Any, label: str) -> None:
    with speaking("de"):
        ax = picture(fresh_axes())
    assert ax.get_xlabel() == label
    assert picture(fresh_axes()).get_xlabel() != label


def test_numbers_have_a_decimal_comma_in_german() -> None:
    with speaking("de"):
        ax = plot.heat_map(PAIRS, x="ring_time", y="members", ax=fresh_axes())
    assert "61,0" in [shown(text) for text in ax.texts]


def test_an_axis_has_only_thresholds_beside_its_metric() -> None:
    """The first row of a comparison may be the baseline, and its note says so."""
    first = rs.compare(
        office(), group="600", strategies=["CYCLIC_HUNT", "PRIORITIZED_HUNT"], replications=3
    )
    ax = plot.strategies(first, ax=fresh_axes())
    labels = [panel.get_xlabel() for panel in ax.child_axes]
    assert labels == ["answer rate [%]", "service level, within 20 s, offered [%]"]


# Ring charts


def test_a_call_has_the_same_colour_in_every_chart() -> None:
    """Charts of two strategies show other calls beside the same ones."""
    charts = [
        plot.ring_chart(comparison().results[name].replay(0), start=900, end=1500, ax=fresh_axes())
        for name in comparison().distinct
    ]
    colours: dict[str, set[str]] = {}
    for ax in charts:
        for name, found in lines(ax).items():
            if name.startswith("wait-"):
                colours.setdefault(name, set()).add(to_hex(found[0].get_color()))
    assert len(colours) > 5
    assert {name: len(found) for name, found in colours.items()} == dict.fromkeys(colours, 1)


def boxes(ax: Axes, texts: list[Any]) -> list[tuple[str, Any]]:
    ax.figure.canvas.draw()
    return [(text.get_text(), Text.get_window_extent(text)) for text in texts]  # without arrows


@pytest.mark.parametrize("start", range(0, 3600, 300))
def test_no_text_about_a_caller_overprints_another(start: float) -> None:
    """The number of a group that a call is forwarded to stays clear of "to voicemail"."""
    log = rs.simulate(forwarding(), replications=1, seed=4).replay(0)
    ax = plot.ring_chart(log, start=start, end=start + 300)
    beside_callers = [text for text in ax.texts if isinstance(text, Annotation)]
    found = boxes(ax, beside_callers)
    overlapping = [
        (one, other)
        for (one, first), (other, second) in combinations(found, 2)
        if first.shrunk(0.9, 0.8).overlaps(second.shrunk(0.9, 0.8))
    ]
    assert overlapping == []


@cache
def forwarding() -> rs.Scenario:
    """Return two busy groups, of which the first forwards to the second."""
    return rs.Scenario(
        groups=[
            {
                "extension_number": "600",
                "ring_strategy": "CYCLIC_HUNT",
                "ring_time": 8,
                "members": ["201", "202"],
                "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
            },
            {
                "extension_number": "601",
                "ring_time": 8,
                "members": ["203"],
                "no_answer_forward_rule": {"action": "FORWARD_TO_VOICEMAIL"},
            },
        ],
        demand={"600": rs.Demand(calls_per_hour=90, talk_time=rs.lognormal(mean=120, cv=1))},
        hours=1,
        opens_at="08:00",
    )


# What a better variant costs


def test_the_trade_off_has_both_metrics_of_every_variant() -> None:
    compared = comparison()
    ax = plot.trade_off(compared, chosen="RING_SIMULTANEOUSLY", ax=fresh_axes())
    for name in compared.distinct:
        [point] = lines(ax)[f"dot-{name}"][0].get_xydata().tolist()
        rates = compared.table["estimate"]
        assert point == [
            rates[name, "interruptions_per_hour"],
            100 * rates[name, "answer_rate"],
        ]
    names = {shown(text) for text in ax.texts if text.get_text()}
    assert names == {*compared.distinct}
    assert "recommended" in legend(ax)


def test_the_labels_of_the_trade_off_do_not_overlap() -> None:
    ax = plot.trade_off(comparison(), chosen="RING_SIMULTANEOUSLY", ax=fresh_axes())
    found = boxes(ax, [text for text in ax.texts if text.get_text()])
    assert [
        (one, other)
        for (one, first), (other, second) in combinations(found, 2)
        if first.shrunk(0.9, 0.8).overlaps(second.shrunk(0.9, 0.8))
    ] == []


WRONG: dict[str, tuple[Any, str]] = {
    "frame": (
        lambda: plot.trade_off(comparison().table),
        "comparison must be a Comparison, got",
    ),
    "metric": (
        lambda: plot.trade_off(comparison(), x="interruption_per_hour"),
        "Did you mean 'interruptions_per_hour'?",
    ),
    "variant": (
        lambda: plot.trade_off(comparison(), chosen="CYCLIC"),
        "names must be variants, ",
    ),
}


@pytest.mark.parametrize(("wrong", "words"), WRONG.values(), ids=WRONG)
def test_a_trade_off_of_something_else_is_refused(wrong: Any, words: str) -> None:
    assert words in refusal(wrong)


# The frontier of an optimum


def test_the_frontier_shows_every_combination_that_was_played() -> None:
    found = optimum()
    ax = plot.frontier(found, ax=fresh_axes())
    drawn = {
        (round(float(x), 6), round(float(y), 6))
        for line in ax.lines
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    played = found.table[found.table["service_level"].notna()]
    for _, row in played.iterrows():
        x, y = row["interruptions_per_hour"], 100 * row["service_level"]
        assert (round(x, 6), round(y, 6)) in drawn
    assert ax.get_ylabel() == "service level, within 20 s, offered [%]"


def test_the_choice_is_named_without_what_all_share() -> None:
    ax = plot.frontier(optimum(), ax=fresh_axes())
    told = [text.get_text() for text in ax.texts]
    assert any("CYCLIC_HUNT" in text for text in told)
    legend = ax.get_legend()
    assert legend is not None
    assert "chosen" in [text.get_text() for text in legend.get_texts()]


def test_a_frontier_of_something_else_is_refused() -> None:
    told = refusal(lambda: plot.frontier(comparison()))
    assert told.startswith("optimum must be a ringsim.Optimum, got ")


def test_figures_are_closed_after_each_test(request: pytest.FixtureRequest) -> None:
    """Also after the examples of docstrings, which no fixture of these files reaches."""
    assert request.config.pluginmanager.is_registered(figures)
    pyplot.figure()
    figures.pytest_runtest_teardown()
    assert pyplot.get_fignums() == []
