"""The two systems of `peers` in Cimba-Python, which compiles models for the Cimba engine.

`LossByEvents`, `LossByMembers`, `LossByCalls`
    M/M/10/10, from a single counter to a process per call.
`HuntByCalls`
    The cyclic hunt of `bare_simpy`, line by line.
`shares`
    Plays one of these models.

Models are compiled in the order of this file.
"""

# No `from __future__ import annotations`: Cimba-Python reads the annotations of models.

import bare_simpy
import cimba as cb
import cimba.random as draw
from cimba import inputs

__all__ = ["HuntByCalls", "LossByCalls", "LossByEvents", "LossByMembers", "shares"]

MEMBERS = bare_simpy.MEMBERS
MEAN_GAP = 3600 / bare_simpy.CALLS_PER_HOUR
MEAN_TALK = 180.0
RING_TIME = bare_simpy.RING_TIME
TALK_MU, TALK_SIGMA = bare_simpy.TALK_MU, bare_simpy.TALK_SIGMA
ANSWER_PROBABILITY = bare_simpy.ANSWER_PROBABILITY
MEAN_PATIENCE = bare_simpy.MEAN_PATIENCE


class LossByEvents(cb.Model):
    """One counter for all members, an event for each arrival and each end of a call."""

    seconds: cb.Param[float] = 0.0
    n_busy: int = 0
    n_offered: cb.Output[int]
    n_counted: cb.Output[int]

    @cb.event
    def hang_up(self):
        self.n_busy -= 1

    @cb.event
    def arrive(self):
        self.n_offered += 1
        if self.n_busy == MEMBERS:
            self.n_counted += 1
        else:
            self.n_busy += 1
            cb.schedule(self.hang_up, draw.exponential(MEAN_TALK))
        gap = draw.exponential(MEAN_GAP)
        if cb.now() + gap < self.seconds:
            cb.schedule(self.arrive, gap)

    @cb.on_start
    def open(self):
        cb.schedule(self.arrive, draw.exponential(MEAN_GAP))


class LossByMembers(cb.Model):
    """A process per member, which takes calls and talks."""

    seconds: cb.Param[float] = 0.0
    gap: cb.Input[float] = inputs.dist.exponential(mean=MEAN_GAP)
    talk_time: cb.Input[float] = inputs.dist.exponential(mean=MEAN_TALK)
    taken: cb.Container
    n_free: int = MEMBERS
    n_offered: cb.Output[int]
    n_counted: cb.Output[int]

    @cb.process(copies=MEMBERS)
    def member(self):
        while True:
            self.taken.get(1)
            cb.hold(self.talk_time.next())
            self.n_free += 1

    @cb.process
    def source(self):
        cb.hold(self.gap.next())
        while cb.now() < self.seconds:
            self.n_offered += 1
            if self.n_free == 0:
                self.n_counted += 1
            else:
                self.n_free -= 1
                self.taken.put(1)
            cb.hold(self.gap.next())


class Call(cb.Model):
    """A call of `LossByCalls` that found a free member."""

    desk: cb.Ref["LossByCalls"]

    @cb.process
    def talk(self):
        self.desk.n_busy += 1
        cb.hold(draw.exponential(MEAN_TALK))
        self.desk.n_busy -= 1
        cb.release(self)


class LossByCalls(cb.Model):
    """A process per call, as in SimPy."""

    seconds: cb.Param[float] = 0.0
    n_busy: int = 0
    n_offered: cb.Output[int]
    n_counted: cb.Output[int]

    @cb.process
    def source(self):
        cb.hold(draw.exponential(MEAN_GAP))
        while cb.now() < self.seconds:
            self.n_offered += 1
            if self.n_busy == MEMBERS:
                self.n_counted += 1
            else:
                cb.spawn(Call, desk=self)
            cb.hold(draw.exponential(MEAN_GAP))


class Caller(cb.Model):
    """A call of `HuntByCalls`."""

    desk: cb.Ref["HuntByCalls"]
    rung: cb.Array[bool] = cb.Array(MEMBERS)

    @cb.process
    def call(self):
        desk = self.desk
        gives_up_at = cb.now() + draw.exponential(MEAN_PATIENCE)
        while True:
            who = -1
            for member in range(MEMBERS):
                is_free = not self.rung[member] and desk.talks_until[member] <= cb.now()
                if is_free and (who < 0 or desk.rung_at[member] < desk.rung_at[who]):
                    who = member
            if who < 0:
                break
            self.rung[who] = True
            desk.rung_at[who] = cb.now()
            delay = RING_TIME + 1
            if draw.uniform(0.0, 1.0) < ANSWER_PROBABILITY:
                delay = draw.gamma(2.0, 3.0)
            patience = gives_up_at - cb.now()
            wait = min(delay, RING_TIME, patience)
            cb.hold(wait)
            if wait == delay and desk.talks_until[who] <= cb.now():
                desk.talks_until[who] = cb.now() + draw.lognormal(TALK_MU, TALK_SIGMA)
                desk.n_counted += 1
                break
            if wait == patience:
                break
        cb.release(self)


class HuntByCalls(cb.Model):
    """A cyclic hunt with a process per call, which counts answered calls."""

    seconds: cb.Param[float] = 0.0
    talks_until: cb.Array[float] = cb.Array(MEMBERS)
    rung_at: cb.Array[float] = cb.Array([-1.0] * MEMBERS)
    n_offered: cb.Output[int]
    n_counted: cb.Output[int]

    @cb.process
    def source(self):
        cb.hold(draw.exponential(MEAN_GAP))
        while cb.now() < self.seconds:
            self.n_offered += 1
            cb.spawn(Caller, desk=self)
            cb.hold(draw.exponential(MEAN_GAP))


def shares(kind: type[cb.Model], days: int, seconds: float, seed: int) -> list[float]:
    """Play days in one thread and return the share of counted calls of each day."""
    model = kind()
    model.seconds = seconds
    results = cb.Experiment(model, replications=days, seed=seed).run(workers=1)
    if results.failed.any():
        raise RuntimeError(f"{kind.__name__} failed: {results.failure_reasons}")
    counts = results[model]
    return (counts.n_counted.values / counts.n_offered.values).ravel().tolist()
