"""Tests of rows of plain values: they are those of the tables."""

from __future__ import annotations

import ringsim as rs
from ringsim.metrics import Thresholds, member_rows, summary_rows


def test_rows_are_those_of_the_tables() -> None:
    result = rs.simulate(rs.example(), replications=3)
    for group in (None, *result.scenario.group_numbers):
        table = result.summary(30, group, target=0.7, level=0.9)
        rows = summary_rows(result, Thresholds(30, target=0.7, level=0.9), group)
        assert str([{"metric": name, **row} for name, row in rows.items()]) == str(
            table.reset_index().to_dict("records")
        )
    table = result.members(level=0.9)
    assert str(member_rows(result, 0.9)) == str(table.reset_index().to_dict("records"))
