"""Callers who try again: whether, when and with which patience, given by hand or drawn.

Numbers of a caller's attempts come from the sources of delays that phones have, too (`Phones`):
the delay after an attempt is that of a ring, counted by attempts, on a phone that stands for the
callers of a group. `inf` means that the caller does not try again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringsim.distributions import Constant, Distribution
from ringsim.errors import ConfigurationError
from ringsim.scenario import TRIED_AGAIN, Redial, Scenario
from ringsim.workload._batch import Called, Codes, Floats, Ints, Phones, Replications
from ringsim.workload._phones import DrawnPhones, PhoneSampler
from ringsim.workload._scripted import ScriptedPhones, per_call_and_ring

__all__ = ["RedialSampler", "Redials", "scripted_redials"]

NEVER = Redial(probability=0, delay=Constant(math.inf))
OUTCOMES = ("answered", *TRIED_AGAIN)  # in the order of their codes in a log
EVERYBODY = ""  # callers of a workload written by hand, whatever group they call


@dataclass(frozen=True)
class Redials:
    """Callers who try again; they are of one kind for each of `names`.

    Attributes
    ----------
    names : tuple of str
        Numbers of the groups called, in the order of `Called.names`; one name if all callers
        are of one kind.
    delays : Phones
        By name, the time [s] from the end of an attempt to the next, of which the first is
        that after attempt 0; inf if there is none.
    patience : Phones
        By name, the patience [s] in each attempt from the second on.
    max_attempts : ndarray of float64
        By name, the largest number of attempts; inf without a limit.
    is_followed : ndarray of bool, shape (names, outcomes)
        True for outcomes that another attempt may follow.
    patience_anew : ndarray of bool
        By name, True if `patience` has the patience of later attempts; else it is that of the
        first one.
    """

    names: tuple[str, ...]
    delays: Phones
    patience: Phones
    max_attempts: Floats
    is_followed: NDArray[np.bool_]
    patience_anew: NDArray[np.bool_]

    def kind_of(self, called: Called, n: int) -> Codes:
        """Return the index in `names` of each of `n` calls."""
        if len(self.names) == 1 or called.at is None:
            return np.zeros(n, dtype=np.int32)
        return called.at

    def outcomes_of(self, kind: int) -> list[str]:
        """Return the outcomes that another attempt may follow, for callers of a kind."""
        return [OUTCOMES[code] for code in np.flatnonzero(self.is_followed[kind]).tolist()]

    @classmethod
    def of(
        cls, names: Sequence[str], redials: Sequence[Redial], delays: Phones, patience: Phones
    ) -> Redials:
        """Return redials whose rules are those of one record for each name."""
        return cls(
            tuple(names),
            delays,
            patience,
            max_attempts=np.array(
                [each.max_attempts if each.happens else 1 for each in redials], dtype=np.float64
            ),
            is_followed=np.array(
                [[outcome in each.after for outcome in OUTCOMES] for each in redials],
                dtype=np.bool_,
            ).reshape(len(redials), len(OUTCOMES)),
            patience_anew=np.array([each.patience_anew for each in redials], dtype=np.bool_),
        )


def scripted_redials(
    n: int, delay: ArrayLike, after: str | Sequence[str], patience: ArrayLike | None
) -> Redials:
    """Return the redials of a workload of `n` calls that is written by hand.

    `delay` has the delays after the first attempts of each call, `patience` the patience in
    attempts from the second on; there are no attempts after the last delay.
    """
    delays = per_call_and_ring(delay, "redial_delay", n)
    waits = per_call_and_ring(0.0 if patience is None else patience, "redial_patience", n)
    try:
        redial = Redial(
            probability=1,
            delay=0,
            max_attempts=1 + delays.shape[1],
            after=after,
            patience_anew=patience is not None,
        )
    except ConfigurationError as wrong:
        raise ConfigurationError(
            f"redial_{wrong.subject}", wrong.constraint, wrong.got, wrong.hint
        ) from None
    delayed, patient = (
        ScriptedPhones(n, {EVERYBODY: values if len(values) == n else values.item()}, {})
        for values in (delays, waits)
    )
    return Redials.of([EVERYBODY], [redial], delayed, patient)


class RedialSampler:
    """Redials of a scenario's callers, prepared once for all replications."""

    def __init__(self, scenario: Scenario, numbers: tuple[str, ...]) -> None:
        self._redials = [scenario.demand[number].redial or NEVER for number in numbers]
        self._numbers = numbers
        self._samplers = _Delays(scenario, numbers), _Patience(scenario, numbers)

    @property
    def are_fast(self) -> bool:
        """True if compiled code can evaluate all numbers, without `ppf`."""
        return all(sampler.are_fast for sampler in self._samplers)

    def draw(self, seed: int, replications: Replications, key_row: Ints, nth: Ints) -> Redials:
        """Return the redials of some replications: see `DrawnPhones`."""
        delays, patience = (
            DrawnPhones(sampler, seed, replications, key_row, nth) for sampler in self._samplers
        )
        return Redials.of(self._numbers, self._redials, delays, patience)


class _Delays(PhoneSampler):
    """Delays until callers try again; the "extensions" are groups called."""

    def __init__(self, scenario: Scenario, groups: tuple[str, ...]) -> None:
        super().__init__(scenario, groups, "redial")

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numbers of the groups called."""
        return self.groups

    def delay_of(self, extension: str) -> Distribution:
        """Return the distribution of the delays of callers of a group."""
        return (self.scenario.demand[extension].redial or NEVER).delay

    def probability_of(self, extension: str) -> float:
        """Return the probability that a caller tries again."""
        return (self.scenario.demand[extension].redial or NEVER).probability

    def path_of(self, extension: str) -> str:
        """Return the path of the delays in the scenario, for errors."""
        return f"demand.{extension}.redial.delay"


class _Patience(_Delays):
    """Patience of callers in later attempts; the "extensions" are groups called."""

    def __init__(self, scenario: Scenario, groups: tuple[str, ...]) -> None:
        PhoneSampler.__init__(self, scenario, groups, "redial_patience")

    def delay_of(self, extension: str) -> Distribution:
        """Return the distribution of patience, if it is drawn anew."""
        demand = self.scenario.demand[extension]
        anew = (demand.redial or NEVER).patience_anew
        return demand.patience if anew else Constant(math.inf)

    def probability_of(self, extension: str) -> float:
        """Return 1: everybody has a patience."""
        return 1.0

    def path_of(self, extension: str) -> str:
        """Return the path of the patience in the scenario, for errors."""
        return f"demand.{extension}.patience"
