"""What a notebook shows of each result: a sentence, and a table without a raw float."""

from __future__ import annotations

import pickle
import re
from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from ringsim.planning._html import readable
from support.plot_frames import office, result

RAW = re.compile(r"\d\.\d{5,}")
TARGET = rs.Target(service_level=0.5)
FEW: dict[str, Any] = {"replications": 3, "within": 30}
STAR = "* too few events to trust the interval"
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


def test_a_printed_sweep_has_every_metric_in_80_columns() -> None:
    table = rs.sweep(office(), {"ring_time": [10.5, 20], "n_members": [1, 2]}, "600", **FEW)
    lines = str(table).splitlines()
    assert max(map(len, lines)) <= 80
    assert "..." not in str(table)
    assert set(table.metrics) <= set(str(table).split())
    for row in readable(table).itertuples(index=False):
        cells = [line for line in lines if line.startswith(f"{row.ring_time:<9} {row.n_members} ")]
        assert all(any(cell in line for line in cells) for cell in row[2:])
    assert lines[-1] in ("Service level: within 30 s, offered.", STAR)
    assert "Service level: within 30 s, offered." in table._repr_html_()


def test_a_printed_sweep_of_many_combinations_is_short() -> None:
    table = rs.sweep(office(), {"ring_time": list(range(5, 75))}, "600", **FEW)
    assert "[70 rows]" in str(table)
    assert len(str(table).splitlines()) < 80


def test_a_sweep_without_some_of_its_columns_is_printed_as_well() -> None:
    table = rs.sweep(office(), {"ring_time": [10, 20]}, "600", metrics=["service_level"], **FEW)
    del table["ring_time"], table["service_level"]
    assert "service_level_low" in str(table)


def test_a_sweep_can_be_pickled() -> None:
    table = rs.sweep(office(), {"ring_time": [10, 20]}, "600", **FEW)
    again = pickle.loads(pickle.dumps(table))
    pd.testing.assert_frame_equal(again, table)
    assert (again.metrics, again.price, str(again)) == (table.metrics, table.price, str(table))
