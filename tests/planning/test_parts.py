"""Studies in parts: results joined are one run."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ringsim as rs
from planning.test_simulate import SCENARIO, SEED, assert_alike
from ringsim.dispatch import Hunt
from ringsim.metrics import _waits
from support.played import frames
from support.profiles import PROFILE

REPLICATIONS = 9


@pytest.fixture(scope="module")
def whole() -> rs.Result:
    return rs.simulate(SCENARIO, replications=REPLICATIONS, seed=SEED, keep_logs=True)


def part(first: int, replications: int, **options: Any) -> rs.Result:
    return rs.simulate(
        SCENARIO, replications=replications, first_replication=first, seed=SEED, **options
    )


splits = st.sets(st.integers(1, REPLICATIONS - 1)).map(
    lambda cuts: list(zip([0, *sorted(cuts)], [*sorted(cuts), REPLICATIONS], strict=True))
)


# Joining


@settings(max_examples=PROFILE.examples // 5)
@given(splits=splits, data=st.data())
def test_parts_joined_in_any_order_are_one_run(
    whole: rs.Result, splits: list[tuple[int, int]], data: st.DataObject
) -> None:
    parts = [part(first, stop - first, keep_logs=True) for first, stop in splits]
    mixed = data.draw(st.permutations(parts))
    cut = data.draw(st.integers(0, len(mixed) - 1))
    some = [rs.Result.join(*mixed[:cut])] if cut else []
    joined = rs.Result.join(*some, *mixed[cut:])
    assert_alike(joined, whole)
    assert repr(joined) == repr(whole)
    assert list(joined.replication_numbers) == list(range(REPLICATIONS))
    assert [frames(log) for log in joined.logs] == [frames(log) for log in whole.logs]


def test_percentiles_from_bins_are_joined_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_waits, "MAX_KEPT", 100)
    parts = [part(0, 2), part(2, 7)]
    assert_alike(rs.Result.join(*parts), part(0, REPLICATIONS))


@pytest.mark.parametrize("most_kept", [0, 1_000_000])
def test_intervals_do_not_depend_on_the_numbers_of_replications(
    most_kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replications that nobody played are no days without calls."""
    monkeypatch.setattr(_waits, "MAX_KEPT", most_kept)
    late = part(1000, 5)
    assert list(late.replication_numbers) == list(range(1000, 1005))
    pieces = [part(number, 1) for number in range(1000, 1005)]
    assert_alike(late, rs.Result.join(*pieces))
    waits = [late.replay(number).calls["wait"] for number in late.replication_numbers]
    low, high = late.summary().loc["wait_p50", ["low", "high"]]
    assert (
        min(wait.median() for wait in waits) / 2
        < low
        < high
        < 2 * max(wait.median() for wait in waits)
    )
    with pytest.raises(rs.ConfigurationError, match=r"from 1000 to 1004, got 0\."):
        late.replay(0)


def test_parts_may_leave_a_gap(whole: rs.Result) -> None:
    joined = rs.Result.join(part(6, 3), part(0, 2))
    assert joined.replication_numbers == (0, 1, 6, 7, 8)
    assert_alike(rs.Result.join(joined, part(2, 4)), whole)
    assert frames(joined.replay(7)) == frames(whole.replay(7))
    with pytest.raises(rs.ConfigurationError, match=r"from 0 to 1 or 6 to 8, got 5\."):
        joined.replay(5)


def test_a_part_can_travel_between_machines(whole: rs.Result) -> None:
    parts = [pickle.loads(pickle.dumps(each)) for each in (part(0, 4), part(4, 5))]
    assert_alike(rs.Result.join(*parts), whole)


def test_parts_of_both_engines_join(whole: rs.Result) -> None:
    assert_alike(rs.Result.join(part(0, 4, engine="simpy"), part(4, 5, engine="compiled")), whole)


def test_a_part_with_a_precision_continues_from_its_first_replication() -> None:
    until = rs.Precision("answer_rate", 0.4)
    late = rs.simulate(SCENARIO, until=until, seed=SEED, first_replication=40)
    assert list(late.replication_numbers) == list(range(40, 65))
    assert_alike(late, part(40, 25))


class Other(Hunt):
    """A hunt with its own value of `order_by`."""

    def __init__(self, *order_by: str) -> None:
        self.order_by = order_by


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"first_replication": 1}, r"results\[1\] must share no replication .*; both have 1 to 1"),
        ({"seed": 12}, r"results\[1\]\.seed must be 11 as in results\[0\], got 12\."),
        ({"warm_up": 60}, r"results\[1\]\.warm_up must be 0\.0 as in results\[0\], got 60\.0\."),
        (
            {"scenario": SCENARIO.replace(hours=2)},
            r"results\[1\]\.scenario must equal .*; they differ in hours\.$",
        ),
        (
            {"dispatcher": {"600": Other("n_rung")}},
            r"results\[1\]\.dispatchers\['600'\] must equal CyclicHunt\(\) of results\[0\], got ",
        ),
    ],
)
def test_what_does_not_belong_together_is_not_joined(others: Any, message: str) -> None:
    asked = {"scenario": SCENARIO, "seed": SEED, "first_replication": 2, "replications": 2} | others
    with pytest.raises(rs.ConfigurationError, match=message):
        rs.Result.join(part(0, 2), rs.simulate(asked.pop("scenario"), **asked))


def test_equal_dispatchers_are_the_same_setting() -> None:
    one, other = part(0, 2, dispatcher=Other("n_rung")), part(2, 2, dispatcher=Other("n_rung"))
    assert rs.Result.join(one, other).replications == 4


@pytest.mark.parametrize(
    ("results", "message"),
    [((), "results must be at least one Result"), ((3,), r"results\[0\] must be a Result, got 3")],
)
def test_only_results_are_joined(results: Any, message: str) -> None:
    with pytest.raises(rs.ConfigurationError, match=message):
        rs.Result.join(*results)


@pytest.mark.parametrize("number", [-1, 1.5, True, 10**9 + 1, "3"])
def test_the_first_replication_is_a_whole_number(number: Any) -> None:
    with pytest.raises(rs.ConfigurationError, match="first_replication must be a whole number"):
        part(number, 2)


def test_parts_with_a_warm_up_join() -> None:
    parts = [part(0, 4, warm_up=900), part(4, 5, warm_up=900)]
    assert_alike(rs.Result.join(*parts), part(0, REPLICATIONS, warm_up=900))
