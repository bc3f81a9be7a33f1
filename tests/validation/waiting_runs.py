"""Long runs of callers who wait in line, and the figures that the theory of queues gives of them.

`queue`
    A ring group with a line.
`waiting`
    A case of callers of one or several such groups.
`Calls`
    What `FIGURES` are computed from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import ringsim as rs
from support.played import INF, Columns, Floats, group
from validation.closed_forms import FAN_OUT
from validation.figures import SEED, Case, Figure

N_CALLS = 70_000

Draw = Callable[[np.random.Generator, int], Any]


@dataclass(frozen=True)
class Calls(Columns):
    """A time span of a long run: the calls that arrive in it."""

    outcome: NDArray[np.object_]
    wait: Floats
    found: Floats
    kind: NDArray[np.int64]

    @classmethod
    def of(cls, log: rs.CallLog, kind: NDArray[np.int64]) -> Calls:
        """Return the span from 0 s to the last arrival; no call is forwarded."""
        calls = log.calls
        arrives_at = calls["arrives_at"].to_numpy()
        return cls(
            0.0,
            float(arrives_at[-1]),
            arrives_at,
            calls["outcome"].to_numpy(dtype=object),
            calls["wait"].to_numpy(),
            log.visits["line_length"].to_numpy(),
            kind,
        )

    def rate(self, outcome: str, within: float = INF) -> float:
        """Return the share of calls with this outcome after at most `within` seconds."""
        return float(((self.outcome == outcome) & (self.wait <= within)).mean())

    def mean_wait(self, kind: int) -> float:
        """Return the mean wait of a kind of calls."""
        return float(self.wait[self.kind == kind].mean())


FIGURES: dict[str, Callable[[Any], float]] = {
    "mean_wait": lambda run: run.wait.mean(),
    "mean_wait_answered": lambda run: run.wait[run.outcome == "answered"].mean(),
    "answered_at_once_rate": lambda run: run.rate("answered", 0),
    "answer_rate": lambda run: run.rate("answered"),
    "abandonment_rate": lambda run: run.rate("abandoned"),
    "overflow_rate": lambda run: run.rate("overflowed"),
    "service_level_20": lambda run: run.rate("answered", 20),
    "found_0": lambda run: (run.found == 0).mean(),
    "found_2": lambda run: (run.found == 2).mean(),
    "mean_wait_1": lambda run: run.mean_wait(1),
    "mean_wait_2": lambda run: run.mean_wait(2),
    "mean_wait_3": lambda run: run.mean_wait(3),
}


def queue(members: str, strategy: str = FAN_OUT, number: str = "600", **more: Any) -> rs.RingGroup:
    """Return a group whose callers wait in line for a phone of their own, with further options."""
    fields = {"ring_time": more.pop("ring_time")} if "ring_time" in more else {}
    rules = {"wait_in_line": True, "ringing_is_busy": True, **more}
    return group(members, strategy, number, rules=rules, **fields)


def waiting(
    name: str,
    title: str,
    theory: Mapping[str, float],
    *groups: rs.RingGroup,
    rates: Sequence[float],
    talk: Any,
    patience: Any = None,
    delays: Draw = lambda rng, n: 0,
    priorities: Sequence[float] | None = None,
    at_once_within: float = 0.0,
) -> Case:
    """Return a case of callers of one group, or of kinds 1, 2, ... with a rate each.

    A kind calls a group of its own, or one group with a priority each. `delays` draws the answer
    delays of each member. With `at_once_within`, who is answered within that time has not waited.
    """

    def play(n: int, engine: str) -> Any:
        rng = np.random.default_rng([SEED, *name.encode()])
        kind = rng.choice(len(rates), n, p=np.array(rates) / sum(rates))
        scenario = rs.Scenario(groups=groups)
        workload = rs.Workload(
            arrives_at=np.cumsum(rng.exponential(1 / sum(rates), n)),
            talk_time=talk(rng, n) if callable(talk) else talk.rvs(n, random_state=rng),
            patience=INF if patience is None else patience.rvs(n, random_state=rng),
            priority=None if priorities is None else np.array(priorities)[kind],
            group=[groups[each if len(groups) > 1 else 0].extension_number for each in kind],
            answer_delay={member.extension_number: delays(rng, n) for member in groups[0].members},
        )
        return Calls.of(rs.play(scenario, workload, engine), kind + 1)

    of = FIGURES | {"found_an_idle_member_rate": lambda run: run.rate("answered", at_once_within)}
    figures = [Figure(key, value, of[key]) for key, value in theory.items()]
    return Case(name, title, N_CALLS, play, figures)


def constant(seconds: float) -> Draw:
    return lambda rng, n: np.full(n, seconds)


def two_exponential(share: float, one: float, other: float) -> Draw:
    """Return talks that are exponential, with the mean `one` for a share of them, else `other`."""
    return lambda rng, n: rng.exponential(np.where(rng.random(n) < share, one, other))


def missed_rings(chance: float, delay: float, n_rings: int = 40) -> Draw:
    """Return delays of each ring of a call: constant, or inf with this chance."""
    return lambda rng, n: np.where(rng.random((n, n_rings)) < chance, INF, delay)
