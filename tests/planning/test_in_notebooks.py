"""What a notebook shows of each result: a sentence, and a table without a raw float."""

from __future__ import annotations

import re
from typing import Any

import pytest

import ringsim as rs
from ringsim.planning._html import readable
from support.plot_frames import office, result

RAW = re.compile(r"\d\.\d{5,}")
TARGET = rs.Target(service_level=0.5)
SHOWN: dict[str, Any] = {
    "Result": result,
    "Comparison": lambda: rs.compare(office(), group="600", replications=3),
    "Sizing": lambda: rs.size(office(), group="600", target=TARGET, max_replications=40),
    "Staffing": lambda: rs.staffing(office(), group="600", target=TARGET, max_replications=40),
    "Sweep": lambda: rs.sweep(office(), {"ring_time": [10.5, 20]}, group="600", replications=3),
}


@pytest.mark.parametrize("kind", SHOWN)
def test_every_result_is_shown_with_readable_figures(kind: str) -> None:
    shown = SHOWN[kind]()
    page = shown._repr_html_()
    assert type(shown).__name__ == kind
    assert "<table" in page
    assert not RAW.search(page), RAW.search(page)
    assert re.search(r"\d\d\.\d %", page)
    assert not re.search(r"<th>[a-z]+_[a-z]+</th>", page)  # words, not the names of columns


def test_a_sweep_is_a_table_that_knows_its_settings_and_metrics() -> None:
    asked = ["service_level", "answer_rate"]
    table = rs.sweep(office(), {"ring_time": [10, 20]}, group="600", metrics=asked, replications=2)
    assert (table.settings, table.metrics) == (("ring_time",), ("service_level", "answer_rate"))
    assert type(table[table["ring_time"] == 10]).__name__ == "DataFrame"
    assert type(table.table).__name__ == "DataFrame"


def test_names_in_a_notebook_are_text() -> None:
    bad = office().replace(name="<script>alert(1)</script>")
    assert "<script" not in rs.simulate(bad, replications=2)._repr_html_()


def test_readable_figures_have_the_units_of_their_metrics() -> None:
    frame = rs.sweep(office(), {"ring_time": [10]}, group="600", replications=3)
    cells = readable(frame).iloc[0]
    assert list(cells.index) == ["ring_time", *frame.metrics]
    assert cells["answer_rate"].endswith(")")
    assert " % (" in cells["answer_rate"]
    assert " s (" in cells["mean_speed_of_answer"]
