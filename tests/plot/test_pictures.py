"""Laws of all pictures: axes, open figures, and text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

import ringsim as rs
from ringsim import plot
from ringsim.plot._colours import COLOURS, background_colour, contrast_colour
from ringsim.plot._text import literal, on_two_lines
from support.drawn import all_texts, fresh_axes, shown
from support.helpers import refusal
from support.plot_frames import (
    PAIRS,
    backtested,
    by_day,
    comparison,
    office,
    optimum,
    result,
    rostered,
    stressed,
)

Picture = Callable[..., Axes]

PICTURES: dict[str, Picture] = {
    "ring_chart": lambda **on: plot.ring_chart(result().replay(0), **on),
    "strategies": lambda **on: plot.strategies(comparison(), baseline="now", **on),
    "waits": lambda **on: plot.waits(result().replay(0).calls, **on),
    "members": lambda **on: plot.members(result().members(), **on),
    "heat_map": lambda **on: plot.heat_map(PAIRS, x="ring_time", y="members", **on),
    "trade_off": lambda **on: plot.trade_off(
        rs.compare(office(), group="600", replications=5), chosen="RING_SIMULTANEOUSLY", **on
    ),
    "day": lambda **on: plot.day(result().intervals(), office(), **on),
    "week": lambda **on: plot.week(by_day(), **on),
    "frontier": lambda **on: plot.frontier(optimum(), **on),
    "backtest": lambda **on: plot.backtest(backtested(), **on),
    "roster": lambda **on: plot.roster(rostered(), **on),
    "stress": lambda **on: plot.stress(stressed(), **on),
}
EVERY_PICTURE = pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES.keys())

AWKWARD = [
    "$5 and $6_a^2",
    r"\alpha $ \$",
    "_under_score_",
    "\"quote\" 'one' <b>&amp;",
    "מכירות",
    "المبيعات",
    "%s {} {0}",
]


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = pyplot.get_fignums()
    yield
    assert pyplot.get_fignums() == before


def test_pictures_are_those_of_the_package() -> None:
    assert list(PICTURES.keys() - set(plot.__all__)) == []
    assert set(plot.__all__) == {*PICTURES, "svg"}


# Axes and figures


@EVERY_PICTURE
def test_axes_that_are_given_are_drawn_on_and_returned(picture: Picture) -> None:
    ax = fresh_axes()
    assert picture(ax=ax) is ax
    assert ax.figure.axes[0] is ax
    assert ax.has_data() or any(panel.has_data() for panel in ax.child_axes)
    ax.figure.canvas.draw()


@EVERY_PICTURE
def test_a_new_figure_is_the_current_one_of_pyplot_and_no_other_is_left(picture: Picture) -> None:
    before = pyplot.get_fignums()
    ax = picture()
    assert pyplot.get_fignums() == [*before, ax.figure.number]
    assert pyplot.gcf() is ax.figure
    pyplot.close(ax.figure)


@EVERY_PICTURE
def test_a_figure_of_its_own_has_room_for_everything(picture: Picture) -> None:
    """Nothing is cut off at the edges of the figure."""
    ax = picture()
    ax.figure.canvas.draw()
    inside = ax.figure.get_tightbbox()
    width, height = ax.figure.get_size_inches()
    assert inside.x0 >= 0
    assert inside.y0 >= 0
    assert inside.x1 <= width
    assert inside.y1 <= height
    pyplot.close(ax.figure)


@EVERY_PICTURE
def test_no_setting_of_matplotlib_is_changed(picture: Picture) -> None:
    before = dict(mpl.rcParams)
    picture(ax=fresh_axes()).figure.canvas.draw()
    assert dict(mpl.rcParams) == before


@EVERY_PICTURE
def test_what_is_no_axes_is_refused_and_no_figure_left(picture: Picture) -> None:
    assert refusal(lambda: picture(ax="here")) == "ax must be an Axes of matplotlib, got 'here'."


def test_pyplot_is_not_imported_when_axes_are_given() -> None:
    code = (
        "import sys, pandas as pd\n"
        "from matplotlib.figure import Figure\n"
        "import ringsim as rs\n"
        "calls = pd.DataFrame({'outcome': ['answered'], 'wait': [3.0]})\n"
        "rs.plot.waits(calls, ax=Figure().add_subplot())\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# Looks


@EVERY_PICTURE
@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_text_can_be_told_from_what_is_behind_it(picture: Picture, style: str) -> None:
    with mpl.style.context(style):
        ax = picture(ax=fresh_axes())
        paper = to_rgb(ax.get_facecolor())
        for text in all_texts(ax.figure):
            box = text.get_bbox_patch()
            if box is not None:
                assert _contrast(text.get_color(), box.get_facecolor()[:3]) > 4.5
            elif text not in ax.texts:  # those may be on a bar or a cell
                assert _contrast(text.get_color(), paper) > 4.5


def _contrast(one: Any, other: Any) -> float:
    """Return the contrast ratio of the Web Content Accessibility Guidelines 2.1."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Any) -> float:
    parts = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in to_rgb(colour))
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def test_behind_transparent_axes_is_the_figure() -> None:
    ax = fresh_axes()
    ax.set_facecolor("none")
    ax.figure.set_facecolor("black")
    assert background_colour(ax) == (0, 0, 0)


@given(st.tuples(*[st.floats(0, 1)] * 3))
def test_ink_on_any_colour_is_the_one_that_is_read_better(colour: tuple[float, ...]) -> None:
    ink = contrast_colour(colour)
    other = {"black": "white", "white": "black"}[ink]
    assert _contrast(ink, colour) >= _contrast(other, colour) * (1 - 1e-3)


def test_neighbours_among_the_colours_differ_in_grey() -> None:
    """By 11 % of the way from black to white at least; the sixth is followed by the first."""
    greys = [np.dot((0.299, 0.587, 0.114), to_rgb(colour)) for colour in COLOURS]
    assert all(abs(a - b) > 0.11 for a, b in pairwise([*greys, greys[0]]))


# Text


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_are_shown_letter_for_letter(name: str) -> None:
    rule = {"action": "FORWARD_TO_NUMBER", "number": name}
    sales = rs.RingGroup(
        name=name, extension_number="600", members=["201"], no_answer_forward_rule=rule
    )
    log = rs.play(rs.Scenario(groups=[sales]), rs.Workload(arrives_at=[0], talk_time=1))
    frame = comparison().rename(index={"new": name}, level="variant")
    pairs = PAIRS.rename(columns={"ring_time": name}).assign(members=name).iloc[:2]
    drawn = [
        plot.ring_chart(log, ax=fresh_axes()),
        plot.strategies(frame, ax=fresh_axes()),
        plot.heat_map(pairs, x=name, y="members", ax=fresh_axes()),
    ]
    for ax in drawn:
        ax.figure.canvas.draw()
        told = ["".join(shown(text).split()) for text in all_texts(ax.figure)]
        assert any("".join(name.split()) in text for text in told), told


@given(st.text(), st.integers(3, 40))
def test_any_text_is_one_short_line_without_formulas(text: str, longest: int) -> None:
    label = fresh_text(literal(text, longest))
    assert "\n" not in label
    assert len(label) <= longest
    assert label.isprintable() or not text.isprintable()


def fresh_text(text: str) -> str:
    return shown(TEXTS.text(0, 0, text))


TEXTS = fresh_axes()


@given(st.text("ab_ $-", min_size=0, max_size=48))
def test_wrapping_loses_no_letter_but_the_space_at_the_break(text: str) -> None:
    lines = fresh_text(on_two_lines(text))
    assert lines.count("\n") <= 1
    assert lines.replace("\n", "").replace(" ", "") == text.replace(" ", "") or (
        "\N{HORIZONTAL ELLIPSIS}" in lines
    )


@pytest.mark.parametrize("given_as", [None, 3, "frame", [], pd.Series([1.0])])
def test_what_is_no_frame_is_refused(given_as: Any) -> None:
    """The error names the value that the picture needs."""
    wants = {
        "the summary of a comparison": lambda: plot.strategies(given_as),
        "log.calls": lambda: plot.waits(given_as),
        "result.members()": lambda: plot.members(given_as),
        "a row for each pair of settings": lambda: plot.heat_map(given_as, x="a", y="b"),
        "result.intervals()": lambda: plot.day(given_as, office()),
    }
    for wanted, draw in wants.items():
        sentence = refusal(draw)
        assert "must be a DataFrame" in sentence
        assert sentence.endswith(f". Give {wanted}.")


def test_a_frame_without_rows_is_refused() -> None:
    for draw in (
        lambda: plot.strategies(comparison().iloc[:0]),
        lambda: plot.waits(result().replay(0).calls.iloc[:0]),
        lambda: plot.members(result().members().iloc[:0]),
        lambda: plot.heat_map(PAIRS.iloc[:0], x="ring_time", y="members"),
        lambda: plot.day(result().intervals().iloc[:0], office()),
    ):
        assert "must have at least one row" in refusal(draw)


def test_a_column_that_is_missing_is_named() -> None:
    calls = pd.DataFrame({"outcomes": ["answered"], "wait": [1.0]})
    assert refusal(plot.waits, calls) == (
        "calls must have a column 'outcome', got ['outcomes', 'wait']. Did you mean 'outcomes'?"
    )
