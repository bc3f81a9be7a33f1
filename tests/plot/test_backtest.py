"""The picture of a backtest."""

from __future__ import annotations

import pytest

from ringsim import plot
from support.drawn import all_texts, fresh_axes
from support.helpers import refusal
from support.plot_frames import backtested


def drawn(ax, name):
    """Return the points of a name, panel by panel."""
    lines = [[line for line in panel.lines if line.get_gid() == name] for panel in ax.child_axes]
    return [[*zip(*line.get_data(), strict=True)] for [line] in lines]


def test_days_inside_and_outside_their_bounds_have_marks_of_their_own():
    ax = plot.backtest(backtested(), ax=fresh_axes())
    rate, level = drawn(ax, "inside")
    assert rate == [(0, pytest.approx(80)), (2, pytest.approx(77))]
    assert len(level) == 3
    assert drawn(ax, "outside")[0] == [(1, pytest.approx(71))]
    assert drawn(ax, "predicted")[1][0] == (0, pytest.approx(62))


def test_panels_are_named_with_their_units():
    ax = plot.backtest(backtested(), ax=fresh_axes())
    titles = [panel.get_title(loc="left") for panel in ax.child_axes]
    assert titles == ["answer rate [%]", "service level, within 20 s [%]"]
    assert ax.get_xlabel() == "day"
    assert "90 % of predicted days" in {text.get_text() for text in all_texts(ax.figure)}


def test_metrics_can_be_chosen():
    ax = plot.backtest(backtested(), ["service_level"], ax=fresh_axes())
    assert not ax.child_axes
    assert ax.get_title(loc="left") == "service level, within 20 s [%]"


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        ([], "metrics must name at least one metric, got []."),
        (
            ["answer_rat"],
            "metrics must be among answer_rate, service_level, got 'answer_rat'. "
            "Did you mean 'answer_rate'?",
        ),
    ],
)
def test_refusals(metrics, said):
    assert refusal(lambda: plot.backtest(backtested(), metrics)) == said


def test_what_is_no_backtest_is_refused():
    assert refusal(lambda: plot.backtest(3)).startswith("backtest must be a DataFrame")
