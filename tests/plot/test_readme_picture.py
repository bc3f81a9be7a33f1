"""The picture of the README is in the package, small, and up to date.

Compared is what the file says, not its bytes: fonts, sizes and the way to write SVG change with
matplotlib, but not which bars, marks and texts there are, nor where they are in time.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from support.drawn import BAR, all_texts, bars, instants, lines, shown
from support.readme import README
from support.readme_picture import PICTURE, draw, example, picture

SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 150_000


def groups(path: Path) -> dict[str, ElementTree.Element]:
    """Return the named groups of the file."""
    found = ElementTree.parse(path).iter(f"{SVG}g")
    return {name: group for group in found if (name := group.get("id"))}


def across(group: ElementTree.Element) -> list[float]:
    """Return the left and right end of the path of a group."""
    path = group.find(f"{SVG}path")
    assert path is not None
    xs = [float(x) for x in re.findall(r"[ML] ([-0-9.]+) ", path.get("d", ""))]
    return [min(xs), max(xs)]


def bars_in(path: Path) -> dict[str, list[float]]:
    return {name: across(group) for name, group in groups(path).items() if BAR.match(name)}


def test_the_bars_of_the_file_are_those_drawn_today_at_the_same_times() -> None:
    """The horizontal positions of all bars are a linear function of their instants."""
    in_file = bars_in(PICTURE)
    today = {name: [box.left, box.right] for name, box in bars(picture()).items()}
    assert in_file.keys() == today.keys()
    places = np.array([in_file[name] for name in today]).ravel()
    seconds = np.array(list(today.values())).ravel()
    line = np.polynomial.Polynomial.fit(seconds, places, 1)
    assert line(seconds) == pytest.approx(places, abs=2e-6)  # six decimals are written
    assert line.convert().coef[1] > 0


@pytest.mark.parametrize("kind", ["ring_no_answer", "caller_gave_up", "answered", "overflowed"])
def test_the_marks_of_the_file_are_as_many(kind: str) -> None:
    uses = list(groups(PICTURE)[kind].iter(f"{SVG}use"))
    assert len(uses) == len(instants(picture(), kind)) > 0


def test_the_texts_of_the_file_are_those_drawn_today() -> None:
    """Letters are drawn as shapes, with their text in a comment before them."""
    ax = picture()
    ax.figure.draw_without_rendering()
    in_file = re.findall(r"<!-- (.*?) -->", PICTURE.read_text("utf-8"))
    low, high = ax.get_xlim()
    outside = [
        label for label in ax.get_xticklabels() if not low <= label.get_position()[0] <= high
    ]
    today = [shown(text) for text in all_texts(ax.figure) if text not in outside]
    assert Counter(in_file) == Counter(today)


def test_the_file_is_small_and_has_no_date() -> None:
    text = PICTURE.read_text("utf-8")
    assert len(text) < MOST_BYTES
    assert "<dc:date>" not in text
    assert "<script" not in text


def test_it_can_be_drawn_again_the_same_every_time(tmp_path: Path) -> None:
    draw(tmp_path / "one.svg")
    draw(tmp_path / "two.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert bars_in(tmp_path / "one.svg").keys() == bars_in(PICTURE).keys()


def test_it_shows_everything_that_can_become_of_a_call() -> None:
    log = example()
    assert set(log.calls["outcome"]) == {"answered", "abandoned", "overflowed"}
    assert {"answered", "ring_no_answer", "caller_gave_up"} <= set(log.rings["result"])
    assert log.own_calls["taken"].all()
    waits = {name for name in lines(picture()) if name.startswith("wait-")}
    assert waits == {f"wait-{call}" for call in log.calls["call"]}


def test_the_readme_shows_it_and_tells_of_it() -> None:
    found = re.findall(
        r"^!\[(.+)\]\(ringsim/data/ring-chart\.svg\)$", README.read_text("utf-8"), re.M
    )
    assert len(found) == 1
