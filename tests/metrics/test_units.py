"""One figure reads the same in tables, sentences and pictures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringsim.metrics import METRICS, UNITS, format_estimate, format_figure, unit_named
from ringsim.planning._findings import _number
from ringsim.plot._frames import axis_label, number_text, unit_of


@pytest.mark.parametrize("metric", METRICS)
def test_tables_sentences_and_pictures_show_the_same_digits(metric: str) -> None:
    unit, value = METRICS[metric].unit, 0.123456789
    number = unit_of(metric).number(value)
    assert format_figure(value, unit).startswith(number)
    assert format_estimate(value, value, value, unit).endswith(f"({number} to {number})")
    assert number_text(value, unit_of(metric)) == number
    wide = 10.0 / unit_of(metric).scale  # a spread that asks for no further digits
    assert _number(value, metric, wide) == number


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("rate", 0.8412, "84.1 %"),
        ("s", 12.345, "12.35 s"),
        ("calls", 120.04, "120.0"),
        ("rings", 1.1494, "1.149"),
        ("erlang", 4.5678, "4.568"),
        ("index", 0.98765, "0.988"),
        ("rate", math.nan, "-"),
        ("1/h", 0.0472, "0.047"),
        ("1/h", 0.996, "1.00"),
        ("1/h", 0.0, "0.0"),
        ("calls", 0.73, "0.73"),
        ("calls", 1.04, "1.0"),
        ("calls", 1e-9, "0.000000"),
    ],
)
def test_figures_in_cells(unit: str, value: float, text: str) -> None:
    assert format_figure(value, unit) == text


def test_rare_events_have_the_decimals_of_the_largest_bound() -> None:
    assert format_estimate(0.047, 0.034, 0.0594, "1/h") == "0.047 (0.034 to 0.059)"
    assert format_estimate(0.0, 0.0, 0.26, "1/h") == "0.00 (0.00 to 0.26)"
    assert format_estimate(0.9, 0.4, 1.4, "calls") == "0.9 (0.4 to 1.4)"
    assert format_estimate(0.05, 0.02, math.nan, "1/h") == "0.050"


@given(st.sampled_from(["1/h", "calls", "money"]), st.floats(1e-5, 1e6))
def test_no_count_that_happened_looks_like_none(unit: str, value: float) -> None:
    assert float(format_figure(value, unit)) == pytest.approx(value, rel=0.051)


def test_small_spreads_show_more_digits_and_never_more_than_six() -> None:
    rate = unit_named("rate")
    assert [rate.number(0.5, spread=10.0**-n) for n in range(1, 9, 2)] == [
        "50.0",
        "50.00",
        "50.0000",
        "50.000000",
    ]
    assert rate.number(0.5, spread=1e-20) == "50.000000"
    assert rate.number(0.0, spread=0.0) == "0.0"
    assert rate.number(0.031, sign=True) == "+3.1"


@given(st.sampled_from(sorted(UNITS)), st.floats(-2, 2), st.booleans())
def test_zero_has_no_minus(unit: str, value: float, sign: bool) -> None:
    text = UNITS[unit].number(value, sign=sign)
    assert text.startswith("-") == (value < 0 and float(text) != 0)


def test_every_unit_of_a_metric_but_the_index_is_in_the_table() -> None:
    assert {metric.unit for metric in METRICS.values()} - set(UNITS) == {"index"}


def test_labels_of_axes_name_thresholds_and_unit() -> None:
    assert axis_label("answer_rate") == "answer rate [%]"
    assert (
        axis_label("service_level", "within 20 s; few events") == "service level, within 20 s [%]"
    )
    assert axis_label("fairness") == "fairness"
