"""Memory of `optimize`: what a combination leaves behind does not grow with the calls played.

Memory is counted in arrays and their bytes, which are the same on every machine. With
RINGSIM_SLOW=1 there are thousands of combinations, and hundreds otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

import ringsim as rs
from ringsim.metrics import METRICS
from ringsim.planning import _contender_player
from ringsim.planning._contender_player import ContenderPlayer
from ringsim.planning._contenders import Contender
from ringsim.planning._playing import Job, Played
from ringsim.planning._runner import Runner
from support.profiles import SLOW

RING_TIMES = 800 if SLOW else 20
STRATEGIES = ["RING_SIMULTANEOUSLY", "CYCLIC_HUNT"]
TARGET = rs.Target(service_level=0.8)


def office(calls_per_hour: float = 20) -> rs.Scenario:
    return rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202", "203"]}],
        demand={"600": rs.Demand(calls_per_hour=calls_per_hour, talk_time=120, patience=90)},
        hours=2,
    )


@cache
def many() -> rs.Optimum:
    times = [float(each) for each in np.linspace(8, 40, RING_TIMES)]
    over = {"ring_strategy": STRATEGIES, "ring_time": times, "n_members": [3, 4]}
    return rs.optimize(
        office(), over=over, minimise="interruptions_per_hour", subject_to=TARGET, within=1
    )


def few(**asked: Any) -> rs.Optimum:
    over = {"ring_strategy": STRATEGIES, "ring_time": [8, 12, 20], "n_members": [2, 3, 4]}
    return rs.optimize(
        office(), over=over, **({"minimise": "n_members", "subject_to": TARGET} | asked)
    )


def arrays_of(contender: Contender) -> list[Any]:
    """Return all arrays that a combination keeps alive."""
    of_influences = [each.residuals for found in contender.influences.values() for each in found]
    return [*of_influences, *(part for each in contender.evidence for part in each[:2])]


def test_a_combination_keeps_its_figures_and_not_the_sums_of_its_calls() -> None:
    """Its arrays are its own, and are at most as long as the replications it was given."""
    found = many()
    assert found.chosen is not None
    for each in found.contenders:
        figures = len(found.figures)
        kept = arrays_of(each)
        assert all(array.base is None for array in kept)
        floats = sum(array.size for array in kept)
        looks = 2 * each.replications  # 10, 20, 40, ...: less than twice the last
        assert floats <= figures * looks + 2 * each.replications * len(TARGET.goals)


def test_combinations_that_are_out_keep_no_evidence_on_the_goals() -> None:
    out = [each for each in many().contenders if each.is_out]
    assert len(out) > len(many().contenders) / 10
    assert all(each.evidence == () for each in out)


def test_the_sums_kept_between_checkpoints_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most a given number of bytes of them are kept, whatever the number of combinations."""
    most = 300_000
    monkeypatch.setattr(_contender_player, "MOST_KEPT", most)
    seen: list[int] = []
    keep = ContenderPlayer._keep

    def kept(player: ContenderPlayer, *given: Any) -> None:
        keep(player, *given)
        sums = [each for _, each in player._kept.values()]
        seen.append(sum(each.n_bytes + _contender_player.BYTES_OF_A_STUDY for each in sums))
        assert seen[-1] == player._bytes_kept
        for each in sums:
            assert each.n_bytes >= each.calls.nbytes + each.seats.nbytes + each.people.nbytes

    monkeypatch.setattr(ContenderPlayer, "_keep", kept)
    few(minimise="interruptions_per_hour")
    assert most / 2 < max(seen) <= most


@pytest.mark.parametrize(
    ("name", "needed"),
    [("mean_wait", False), ("line_wait", False), ("wait_p90", True), ("answer_wait_p50", True)],
)
def test_waits_are_kept_for_percentiles_only(
    name: str, needed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = set()
    play = Runner.play

    def watched(runner: Runner, jobs: Sequence[Job]) -> list[Played]:
        flags.update(job.layout.keeps_waits for job in jobs)
        return play(runner, jobs)

    monkeypatch.setattr(Runner, "play", watched)
    few(minimise=name, subject_to=None, max_replications=10)
    assert flags == {needed}


def test_every_percentile_is_known_to_need_waits() -> None:
    needing = {name for name, metric in METRICS.items() if metric.needs_waits}
    assert needing == {name for name in METRICS if "wait_p" in name}


def test_memory_does_not_grow_with_the_calls_of_a_day() -> None:
    over = {"ring_time": [8, 20]}
    asked: dict[str, Any] = {"over": over, "minimise": "interruptions_per_hour"}
    kept = [
        [
            sum(array.size for array in arrays_of(each))
            for each in rs.optimize(office(calls), **asked, max_replications=20).contenders
        ]
        for calls in (5, 50)
    ]
    assert kept[0] == kept[1]


def test_a_table_of_many_rows_prints_shortly() -> None:
    lines = str(many().table).splitlines()
    assert len(lines) < 20 * (1 + len(many().table.columns))
    assert str(len(many().table)) in lines[-1]
