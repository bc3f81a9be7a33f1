"""Tests of Erlang's formulas by published figures, to all published digits.

KLEINE: the tests of queuingSystem, a package by Felix Kleine Boesing, at commit 09ff583831aa on
GitHub, tests/modelling/capacity_planning/test_erlang{a,b,c}.py. WESTBAY: the manual of Westbay's
traffic calculators, at erlang.com, voip-calculator.com and voipcalculator.com, /calculatormanual.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from scipy.integrate import quad
from scipy.special import gammainc

from ringsim import erlang

# Queues of the KLEINE figures; rates lambda, mu and nu per second are converted to times
PATIENT: dict[str, Any] = {"load": 0.1 / 0.0033, "handle_time": 1 / 0.0033}
HASTY: dict[str, Any] = {
    "n": 25, "load": 24.0, "handle_time": 240.0, "patience": 30.0, "places": 80
}  # fmt: skip
CALM: dict[str, Any] = {"n": 28, "load": 24.0, "handle_time": 240.0, "patience": 300.0}
PER_SECOND = 0.1


def in_system(k: int) -> float:
    """P(k calls) with at most 80 places, from P(k calls) with at most k places.

    Chains cut off at k and at 80 places are in proportion up to k, so in P(a free member) too.
    """

    def some_free(places: int) -> float:
        line = CALM | {"places": places}
        return 1 - erlang.waiting(**line) - erlang.overflow_rate(**line)

    return erlang.overflow_rate(**CALM, places=k) * some_free(80) / some_free(k)


# id, quantity, published, the same here
PUBLISHED: list[tuple[str, str, str, Callable[[], float]]] = [
    ("KLEINE-01", "B(1, 5)", "0.833333333333", lambda: erlang.blocking(1, 5)),
    ("KLEINE-02", "B(10, 20)", "0.537963168632", lambda: erlang.blocking(10, 20)),
    ("KLEINE-03", "B(190, 200)", "0.0886968438692", lambda: erlang.blocking(190, 200)),
    ("KLEINE-04", "B(200, 5)", "5.31667137955e-238", lambda: erlang.blocking(200, 5)),
    ("KLEINE-05", "B(1000, 500)", "1.65241512775e-86", lambda: erlang.blocking(1000, 500)),
    (
        "KLEINE-06",
        "P(wait), lambda 1/36, mu 1/180, n 10",
        "0.0361053591583",
        lambda: erlang.waiting(10, 180 / 36),
    ),
    (
        "KLEINE-07",
        "P(wait), lambda 0.1, mu 0.0033, n 35",
        "0.312192501533",
        lambda: erlang.waiting(35, **PATIENT),
    ),
    (
        "KLEINE-08",
        "P(wait), lambda 120, mu 5, n 35",
        "0.0235211168615",
        lambda: erlang.waiting(35, 120 / 5),
    ),
    (
        "KLEINE-09",
        "P(W <= 20), lambda 0.1, mu 0.0033, n 35",
        "0.771023359995",
        lambda: erlang.service_level(35, within=20, **PATIENT),
    ),
    (
        "KLEINE-10",
        "P(W <= 20), lambda 0.1, mu 0.0033, n 40",
        "0.966892180765",
        lambda: erlang.service_level(40, within=20, **PATIENT),
    ),
    (
        "KLEINE-11",
        "mean queue, lambda 7, mu 1, n 9",
        "1.34731482955",
        lambda: 7 * erlang.mean_wait(9, 7, handle_time=1),
    ),
    (
        "KLEINE-12",
        "mean wait, lambda 0.1, mu 1/300, n 35",
        "17.0749477448",
        lambda: erlang.mean_speed_of_answer(35, 30, handle_time=300),
    ),
    (
        "KLEINE-13",
        "P(abandon), lambda 0.1, mu 1/240, nu 1/30, n 25, K 80",
        "0.0975908156255",
        lambda: erlang.abandonment_rate(**HASTY),
    ),
    (
        "KLEINE-14",
        "mean queue, lambda 0.1, mu 1/240, nu 1/300, n 28, K 80",
        "0.683326183836",
        lambda: PER_SECOND * erlang.mean_wait(**CALM, places=80),
    ),
    (
        "KLEINE-15",
        "mean wait of all calls, the same",
        "6.83326183836",
        lambda: erlang.mean_wait(**CALM, places=80),
    ),
    (
        "KLEINE-16",
        "mean number in system, the same",
        "24.1366652368",
        lambda: (
            28 * erlang.occupancy(**CALM, places=80)
            + PER_SECOND * erlang.mean_wait(**CALM, places=80)
        ),
    ),
    ("KLEINE-17", "P(30 in system), the same", "0.0365508671619", lambda: in_system(30)),
    (
        "WESTBAY-01",
        "traffic, 15 lines, 1 %",
        "8.108",
        lambda: erlang.load_for_blocking(15, 0.01),
    ),
    (
        "WESTBAY-02",
        "lines for 50000 minutes a day, of which 19 % in the busy hour, 3 %",
        "168",
        lambda: erlang.members_for_blocking(erlang.offered_load(50_000 * 0.19, 60), 0.03),
    ),
    (
        "WESTBAY-03",
        "Extended Erlang B: lines for 5.5 erlang, 3 %, recall 50 %",
        "11",
        lambda: erlang.members_for_blocking(5.5, 0.03, recall=0.5),
    ),
    (
        "WESTBAY-04",
        "Extended Erlang B: lines for 100 erlang, 2.5 %, recall 50 %",
        "113",
        lambda: erlang.members_for_blocking(100, 0.025, recall=0.5),
    ),
    (
        "WESTBAY-05",
        "Extended Erlang B: blocking, 1500 erlang, 1000 lines, recall 20 %",
        "0.386",
        lambda: erlang.blocking(1000, 1500, recall=0.2),
    ),
    (
        "WESTBAY-06",
        "Extended Erlang B: traffic, 200 lines, 3 %, recall 70 %",
        "186.877",
        lambda: erlang.load_for_blocking(200, 0.03, recall=0.7),
    ),
]


def to_the_digits_of(published: str, value: float) -> Decimal:
    return Decimal(value).quantize(Decimal(published))


@pytest.mark.parametrize(
    ("quantity", "published", "here"),
    [row[1:] for row in PUBLISHED],
    ids=[row[0] for row in PUBLISHED],
)
def test_published_figure(quantity: str, published: str, here: Callable[[], float]) -> None:
    assert to_the_digits_of(published, here()) == Decimal(published), quantity


# KLEINE-18, P(W <= 20) in the line of KLEINE-14, W being the wait of a caller who never gives up

APPROXIMATED, EXACT = "0.863372195754", "0.863225143054"


def test_published_wait_takes_those_ahead_to_leave_at_one_rate() -> None:
    """KLEINE-18: with j ahead, j + 1 steps at the rate n mu + nu, and not at n mu + i nu each.

    The published sum stops at the first term below 1e-10, as its digits show.
    """
    n, mu, nu, places = 28, 1 / 240, 1 / 300, 80
    met = [in_system(k) for k in range(n, places)]
    late = [p * (1 - gammainc(j + 1, (n * mu + nu) * 20)) for j, p in enumerate(met)]
    last = next(j for j, term in enumerate(late) if term < 1e-10)
    published = 1 - in_system(places) - math.fsum(late[: last + 1])
    assert to_the_digits_of(APPROXIMATED, published) == Decimal(APPROXIMATED)


def test_exact_law_of_the_wait_where_it_was_published_approximated() -> None:
    """KLEINE-18: a share exp(-s / patience) of the callers who wait for s is still there.

    So P(W <= t) is the integral of exp(s / patience) over the service level within s, by parts.
    """
    line, patience = CALM | {"places": 80}, CALM["patience"]

    def still_there(s: float) -> float:
        return math.exp(s / patience) * erlang.service_level(**line, within=s)

    wait = still_there(20) - quad(still_there, 0, 20, epsrel=1e-13)[0] / patience
    assert to_the_digits_of(EXACT, wait) == Decimal(EXACT)
