"""The workload: one class, made by hand or drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from ringsim._renamed import renamed
from ringsim.scenario import Scenario
from ringsim.workload._batch import Batch, Called, Floats, OwnCalls, Phones, sealed
from ringsim.workload._draw import MOST_CALLS, Sampler
from ringsim.workload._keys import check_key_number
from ringsim.workload._scripted import ScriptedPhones, called_of, own_calls_of, per_call, times

__all__ = ["Workload"]

PER_CALL = ("arrives_at", "talk_time", "wrap_up_time", "patience")


class Workload:
    """Every random number of one run; `n` calls, numbered from 0 in the order given.

    Made by hand, as here, or by `Workload.draw`. Scalars stand for the same value in every
    call.

    Parameters
    ----------
    arrives_at : array of n floats
        Instants of arrival [s]; they need not be sorted.
    talk_time : float or array of n floats
        From answer to hang-up [s].
    wrap_up_time, patience : float or array of n floats, default 0 and inf
        After the call, and until the caller gives up [s].
    group : str or sequence of n str, optional
        Number of the group that is called; may be left out where the scenario has one group.
    answer_delay : dict of str to float, n floats or n x k floats
        By extension, how long after the start of a ring the phone would be answered [s];
        `inf` is never. n values hold for every ring of their call on this phone, n x k for
        the first k rings, the last of them for all further ones. An extension that is
        missing never answers.
    own_calls : sequence of (at, extension, talk_time), optional
        Calls that people have of their own.
    random : dict of str to float or n floats, optional
        By extension, the draw that dispatchers may order by; 0 unless given.

    Attributes
    ----------
    arrives_at, talk_time, wrap_up_time, patience : ndarray of float64
        As given, one element a call; read-only.
    group, own_calls
        As given.
    called : Called
        The groups as codes, for engines.
    phones : Phones
        Where engines find answer delays and draws.

    Raises
    ------
    ConfigurationError
        When lengths differ, or a time is NaN or negative.

    Examples
    --------
    >>> script = Workload(arrives_at=[0, 100], talk_time=30, answer_delay={"201": [5, math.inf]})
    >>> script.answer_delay(0, "201"), script.answer_delay(1, "201"), len(script)
    (5.0, inf, 2)
    """

    arrives_at: Floats
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats
    called: Called
    own_calls: OwnCalls
    phones: Phones

    def __init__(
        self,
        *,
        arrives_at: ArrayLike,
        talk_time: ArrayLike,
        wrap_up_time: ArrayLike = 0.0,
        patience: ArrayLike = math.inf,
        group: str | Sequence[str] | None = None,
        answer_delay: Mapping[str, ArrayLike] | None = None,
        own_calls: Sequence[tuple[float, str, float]] | None = None,
        random: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        self.arrives_at = times(arrives_at, "arrives_at", finite=True)
        n = len(self.arrives_at)
        self.talk_time = per_call(talk_time, "talk_time", n)
        self.wrap_up_time = per_call(wrap_up_time, "wrap_up_time", n)
        self.patience = per_call(patience, "patience", n)
        self.called = called_of(group, n)
        self.own_calls = own_calls_of(() if own_calls is None else own_calls)
        self.phones = ScriptedPhones(
            n,
            {} if answer_delay is None else answer_delay,
            {} if random is None else random,
        )

    @classmethod
    @renamed(most_calls="max_calls")
    def draw(
        cls,
        scenario: Scenario,
        seed: int = 0,
        replication: int = 0,
        *,
        max_calls: float = MOST_CALLS,
    ) -> Workload:
        """The workload of one replication of a scenario.

        Parameters
        ----------
        scenario : Scenario
            Whose demand and people it is drawn for.
        seed, replication : int
            Whole numbers from 0 to 2**128 - 1; others give other numbers, the same the same.
        max_calls : float, default 10 million
            Expected number of calls up to which it is drawn.

        Returns
        -------
        Workload
            Calls in the order of their arrival.

        Raises
        ------
        ConfigurationError
            When more than `max_calls` are expected, before anything is drawn.
        """
        return cls.drawn(Sampler(scenario, max_calls), seed, replication)

    @classmethod
    def drawn(cls, drawing: Sampler, seed: int, replication: int) -> Workload:
        """`draw`, from a scenario made ready: what many replications are drawn by."""
        check_key_number(seed, "seed")
        check_key_number(replication, "replication")
        batch = drawing.draw(int(seed), (int(replication),))
        workload = cls.__new__(cls)
        for name in PER_CALL:
            setattr(workload, name, sealed(getattr(batch, name)))
        own = batch.own_calls
        workload.own_calls = replace(own, at=sealed(own.at), talk_time=sealed(own.talk_time))
        workload.called, workload.phones = batch.called, batch.phones
        return workload

    @property
    def batch(self) -> Batch:
        """As a batch of one, for compiled code: its columns are copies, to be written to."""
        own = self.own_calls
        return Batch(
            first=np.array([0, len(self)]),
            first_own=np.array([0, len(own)]),
            **{name: getattr(self, name).copy() for name in PER_CALL},
            called=self.called,
            own_calls=replace(own, at=own.at.copy(), talk_time=own.talk_time.copy()),
            phones=self.phones,
            order=np.argsort(self.arrives_at, kind="stable"),
            own_order=np.argsort(own.at, kind="stable"),
        )

    @property
    def group(self) -> tuple[str, ...] | str | None:
        """Number of the group that each call arrives at, as given."""
        names, at = self.called
        if at is None:
            return names[0] if names else None
        return tuple(names[place] for place in at.tolist())

    def __len__(self) -> int:
        return len(self.arrives_at)

    def answer_delay(self, call: int, extension: str, ring: int = 0) -> float:
        """Answer delay [s] of one ring: the `ring`-th, from 0, of this call on this phone."""
        return self.phones.answer_delay_of(extension)(call, ring)

    def random(self, call: int, extension: str) -> float:
        """The draw in [0, 1) for this call and person that dispatchers may order by."""
        return self.phones.random_of(extension)(call)
