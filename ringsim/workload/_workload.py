"""The workload: the calls of one run, written by hand or drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from ringsim._renamed import renamed
from ringsim._sentences import counted
from ringsim.errors import ConfigurationError
from ringsim.scenario import TRIED_AGAIN, Scenario
from ringsim.workload._batch import Batch, Called, Floats, Ints, OwnCalls, Phones, sealed
from ringsim.workload._draw import MOST_CALLS, Sampler
from ringsim.workload._keys import check_key_number
from ringsim.workload._redials import Redials, scripted_redials
from ringsim.workload._scripted import ScriptedPhones, called_of, own_calls_of, per_call, times

__all__ = ["Workload"]

PER_CALL = ("arrives_at", "talk_time", "wrap_up_time", "patience")


class Workload:
    """The `n` calls of one run with all their random numbers.

    Calls are numbered from 0 in the order given. Write a workload by hand with this
    constructor, or draw one with `Workload.draw`. A scalar is the value for every call.

    Parameters
    ----------
    arrives_at : array of n floats
        Instants of arrival [s], in any order.
    talk_time : float or array of n floats
        Time from answer to hang-up [s].
    wrap_up_time, patience : float or array of n floats, default 0 and inf
        Time of work after the call, and time until the caller gives up [s].
    priority : float or array of n floats, optional
        Place in a group's line (option `wait_in_line`); by default that of the demand.
    max_wait_time : float or array of n floats, optional
        Time in the group of arrival after which its no-answer rule acts [s]; by default the
        option of the group's rules.
    group : str or sequence of n str, optional
        Number of the group that each call arrives at. May be omitted if the scenario has
        only one group.
    answer_delay : dict of str to float, n floats or n x k floats
        By extension, time from the start of a ring until the phone is answered [s]; `inf`
        means never. With n values, a value is for all rings of its call on this phone. With
        n x k values, a row has those of the first k rings; the last is for all further
        rings. Extensions that are not listed never answer.
    decline_delay : dict of str to float, n floats or n x k floats, optional
        Like `answer_delay`, time from the start of a ring until the person declines it [s].
        The earlier of answer and decline happens, at one instant the answer. Extensions
        that are not listed never decline.
    redial_delay : float, n floats or n x k floats, optional
        Time from the end of an attempt that nobody answered until the same caller calls again
        [s]; `inf` means never. A row has the delays after the first k attempts; after those
        the caller gives up for good. By default nobody calls again.
    redial_after : str or list of str, default both
        Outcomes that another attempt may follow: `abandoned`, `overflowed`.
    redial_patience : float, n floats or n x k floats, optional
        Patience in the attempts from the second on [s]; the last of a row is for all further
        ones. By default that of the first attempt.
    own_calls : sequence of (at, extension, talk_time), optional
        Own calls of people.
    away : sequence of (at, extension, lasting), optional
        Spells in which people are away from their phones.
    random : dict of str to float, n floats or n x k floats, optional
        By extension, the draw in [0, 1) that dispatchers may order by; default 0. With n x k
        values, a row has those of the first k picks of a call, for `redrawn`.

    Attributes
    ----------
    arrives_at, talk_time, wrap_up_time, patience : ndarray of float64
        One element per call; read-only.
    group, own_calls, away
        The arguments of the same names.
    called : Called
        The group of each call as a code, for engines.
    phones, declines : Phones
        Answer delays and draws, and decline delays (None without any), for engines.
    redials : Redials
        Callers who try again (None without any), for engines.

    Raises
    ------
    ConfigurationError
        If lengths differ, or a time is NaN or negative.

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
    priority: Floats | None
    max_wait_time: Floats | None
    called: Called
    own_calls: OwnCalls
    away: OwnCalls
    phones: Phones
    declines: Phones | None
    redials: Redials | None

    def __init__(
        self,
        *,
        arrives_at: ArrayLike,
        talk_time: ArrayLike,
        wrap_up_time: ArrayLike = 0.0,
        patience: ArrayLike = math.inf,
        priority: ArrayLike | None = None,
        max_wait_time: ArrayLike | None = None,
        group: str | Sequence[str] | None = None,
        answer_delay: Mapping[str, ArrayLike] | None = None,
        decline_delay: Mapping[str, ArrayLike] | None = None,
        redial_delay: ArrayLike | None = None,
        redial_after: str | Sequence[str] | None = None,
        redial_patience: ArrayLike | None = None,
        own_calls: Sequence[tuple[float, str, float]] | None = None,
        away: Sequence[tuple[float, str, float]] | None = None,
        random: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        self.arrives_at = times(arrives_at, "arrives_at", finite=True)
        n = len(self.arrives_at)
        self.talk_time = per_call(talk_time, "talk_time", n)
        self.wrap_up_time = per_call(wrap_up_time, "wrap_up_time", n)
        self.patience = per_call(patience, "patience", n)
        self.priority = None if priority is None else per_call(priority, "priority", n)
        self.max_wait_time = (
            None if max_wait_time is None else per_call(max_wait_time, "max_wait_time", n)
        )
        self.called = called_of(group, n)
        self.own_calls = own_calls_of(() if own_calls is None else own_calls)
        self.away = own_calls_of(() if away is None else away, "away", "lasting")
        self.phones = ScriptedPhones(
            n,
            {} if answer_delay is None else answer_delay,
            {} if random is None else random,
        )
        self.declines = (
            ScriptedPhones(n, decline_delay, {}, "decline_delay") if decline_delay else None
        )
        beside = {"redial_after": redial_after, "redial_patience": redial_patience}
        for name, given in beside.items():
            if redial_delay is None and given is not None:
                raise ConfigurationError(name, "must not be given without redial_delay", given)
        self.redials = (
            None
            if redial_delay is None
            else scripted_redials(
                n,
                redial_delay,
                TRIED_AGAIN if redial_after is None else redial_after,
                redial_patience,
            )
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
        """Draw the workload of one replication of a scenario.

        Parameters
        ----------
        scenario : Scenario
            Its demand and people determine the distributions. Of a week, take one day:
            `scenario.on("mon")`.
        seed, replication : int
            Integers from 0 to 2**128 - 1. The same pair always gives the same workload; any
            other pair gives independent random numbers.
        max_calls : float, default 10 million
            Limit of the expected number of calls.

        Returns
        -------
        Workload
            Calls in the order of their arrival.

        Raises
        ------
        ConfigurationError
            If more than `max_calls` are expected, or the scenario has several days. Nothing is
            drawn before this check.
        """
        return cls.drawn(Sampler(scenario, max_calls), seed, replication)

    @classmethod
    def drawn(cls, drawing: Sampler, seed: int, replication: int) -> Workload:
        """Draw a replication from a prepared scenario, which is faster for many of them."""
        check_key_number(seed, "seed")
        check_key_number(replication, "replication")
        batch = drawing.draw(int(seed), (int(replication),))
        workload = cls.__new__(cls)
        for name in PER_CALL:
            setattr(workload, name, sealed(getattr(batch, name)))
        own = batch.own_calls
        workload.own_calls = replace(own, at=sealed(own.at), talk_time=sealed(own.talk_time))
        workload.away = batch.away
        workload.called, workload.phones = batch.called, batch.phones
        workload.declines, workload.priority = batch.declines, batch.priority
        workload.max_wait_time, workload.redials = batch.max_wait_time, batch.redials
        return workload

    @property
    def has_options(self) -> bool:
        """True if only engines with options can play the calls."""
        given = (self.declines, self.redials, self.max_wait_time)
        return any(each is not None for each in given)

    @property
    def batch(self) -> Batch:
        """The workload as a batch of one replication; its columns are writable copies."""
        own = self.own_calls
        return Batch(
            first=np.array([0, len(self)]),
            first_own=np.array([0, len(own)]),
            **{name: getattr(self, name).copy() for name in PER_CALL},
            called=self.called,
            own_calls=replace(own, at=own.at.copy(), talk_time=own.talk_time.copy()),
            phones=self.phones,
            declines=self.declines,
            redials=self.redials,
            priority=self.priority,
            max_wait_time=self.max_wait_time,
            order=np.argsort(self.arrives_at, kind="stable"),
            own_order=np.argsort(own.at, kind="stable"),
            away=self.away,
            first_away=np.array([0, len(self.away)]),
        )

    @property
    def group(self) -> tuple[str, ...] | str | None:
        """Number of the group that each call arrives at, as given."""
        names, at = self.called
        if at is None:
            return names[0] if names else None
        return tuple(names[code] for code in at.tolist())

    def __len__(self) -> int:
        return len(self.arrives_at)

    def __repr__(self) -> str:
        calls, own = counted(len(self), "call"), counted(len(self.own_calls.at), "own call")
        return f"<Workload of {calls} and {own}>"

    def answer_delay(self, call: int, extension: str, ring: int = 0) -> float:
        """Return the answer delay [s] of a ring of a call on a phone, counting rings from 0."""
        return self.phones.answer_delay_of(extension)(call, ring)

    def decline_delay(self, call: int, extension: str, ring: int = 0) -> float:
        """Return the decline delay [s] of a ring of a call on a phone; inf if never declined."""
        return (
            math.inf
            if self.declines is None
            else self.declines.answer_delay_of(extension)(call, ring)
        )

    def redial_delay(self, call: int, attempt: int = 1) -> float:
        """Return the time [s] from the end of an attempt of a caller, counted from 1, to the next.

        It is `inf` if the caller does not try again. The caller does so only if nobody answered.
        """
        if self.redials is None:
            return math.inf
        kind = int(self.redials.kind_of(self.called, len(self))[call])
        if attempt >= self.redials.max_attempts[kind]:
            return math.inf
        return self.redials.delays.answer_delay_of(self.redials.names[kind])(call, attempt - 1)

    def with_attempts(self, caller: Ints, attempt: Ints, arrives_at: Floats) -> Workload:
        """Return a workload in which all attempts are calls at given instants.

        Parameters
        ----------
        caller, attempt : ndarrays of int64, shape (m,)
            For each call of the new workload, a call of this one, and the number of the
            attempt of its caller, from 1.
        arrives_at : ndarray of float64, shape (m,)
            Instants of arrival [s].
        """
        workload = copy(self)
        for name in PER_CALL[1:]:
            setattr(workload, name, sealed(getattr(self, name)[caller]))
        workload.arrives_at = sealed(arrives_at.copy())
        names, at = self.called
        workload.called = Called(names, None if at is None else at[caller])
        for name in ("priority", "max_wait_time"):
            values = getattr(self, name)
            setattr(workload, name, None if values is None else sealed(values[caller]))
        workload.phones = self.phones.of_attempts(caller, attempt - 1)
        workload.redials = None
        if self.declines is not None:
            workload.declines = self.declines.of_attempts(caller, attempt - 1)
        if self.redials is not None:
            workload.patience = sealed(self._patience_of(self.redials, caller, attempt))
        return workload

    def _patience_of(self, redials: Redials, caller: Ints, attempt: Ints) -> Floats:
        """Return the patience [s] of callers in attempts, counted from 1."""
        patience: Floats = self.patience[caller]
        kinds = redials.kind_of(self.called, len(self))
        anew = [redials.patience.answer_delay_of(name) for name in redials.names]
        for call in np.flatnonzero((attempt > 1) & redials.patience_anew[kinds[caller]]).tolist():
            of_caller, number = int(caller[call]), int(attempt[call])
            patience[call] = anew[kinds[of_caller]](of_caller, number - 2)
        return patience

    def random(self, call: int, extension: str) -> float:
        """Return the draw in [0, 1) of a call and a person, which dispatchers may order by."""
        return self.phones.random_of(extension)(call)
