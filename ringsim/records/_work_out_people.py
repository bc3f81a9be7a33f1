"""Members as the PBX knew them on a real day: when they were on a call, and the memory of S7."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from ringsim.dispatch import Candidate, Moment
from ringsim.records._tables import rows_of
from ringsim.scenario import Scenario

__all__ = ["Person", "people_of_day", "picked"]

NEVER: Final = float("-inf")


@dataclass
class Person:
    """A member with the group's memory of them (rule S7), and the times at which they talk."""

    number: str
    position: int
    skill_level: int
    duty: Sequence[tuple[float, float]] | None
    busy: np.ndarray[Any, Any]
    last_rung_at: float = NEVER
    n_rung: int = 0
    talks: list[tuple[float, float]] = field(default_factory=list)  # answer, hang-up
    rung_for: set[int] = field(default_factory=set)

    def is_on_duty(self, at: float) -> bool:
        """Return whether an instant is in [start, end) of a span of duty (S12)."""
        return self.duty is None or any(start <= at < end for start, end in self.duty)

    def is_busy(self, at: float) -> bool:
        row = int(np.searchsorted(self.busy[:, 0], at, side="right")) - 1
        return row >= 0 and bool(self.busy[: row + 1, 1].max() > at)

    def is_free(self, at: float) -> bool:
        """Return whether the phone may be rung (S3): on duty and not on a call."""
        return self.is_on_duty(at) and not self.is_busy(at)

    def free_from(self, at: float) -> float:
        """Return the first instant from `at` at which the phone may be rung; inf if none is."""
        starts = [start for start, _ in self.duty or ()]
        instants = [at, *starts, *self.busy[:, 1].tolist()]
        return min((each for each in instants if each >= at and self.is_free(each)), default=-NEVER)

    def ring_starts(self, call: int, at: float) -> None:
        self.last_rung_at, self.n_rung = at, self.n_rung + 1
        self.rung_for.add(call)

    def answers(self, at: float, talk_time: float) -> None:
        self.talks.append((at, at + (0.0 if np.isnan(talk_time) else talk_time)))

    def candidate(self, at: float, rotation: int = 0) -> Candidate:
        """Return what the group knows of the member at an instant."""
        talks = [talk for talk in self.talks if talk[0] <= at]
        over = [end for _, end in talks if end <= at]
        return Candidate(
            self.position,
            self.skill_level,
            self.last_rung_at,
            max((start for start, _ in talks), default=NEVER),
            max((min(end, at) for _, end in talks), default=NEVER),
            n_rung=self.n_rung,
            n_answered=len(talks),
            talked_time=sum(end - start for start, end in talks),
            last_completed_at=max(over, default=NEVER),
            n_completed=len(over),
            rotation=rotation,
        )


def people_of_day(
    calls: pd.DataFrame, own: pd.DataFrame, scenario: Scenario, group: str
) -> list[Person]:
    """Return the members with the times at which they are on a call."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for row in rows_of(calls[calls["answered_by"].notna().to_numpy()]):
        start = row.arrives_at + row.wait
        talk = 0.0 if np.isnan(row.talk_time) else row.talk_time
        spans.setdefault(row.answered_by, []).append((start, start + talk))
    for row in rows_of(own):
        spans.setdefault(row.extension, []).append((row.started_at, row.started_at + row.talk_time))
    return [
        Person(
            member.extension_number,
            position,
            member.skill_level,
            scenario.duty(member.extension_number),
            np.array(sorted(spans.get(member.extension_number, []))).reshape(-1, 2),
        )
        for position, member in enumerate(scenario.group(group).members)
    ]


def picked(
    free: Sequence[Person],
    dispatcher: Any,
    moment: Moment,
    must: str | None,
    rotations: Sequence[int] | None = None,
) -> list[Person]:
    """Return whose phones ring of those that are free; `must` is among them, and is free.

    `rotations` are distances from the rotation's pointer, by position in the group.
    """
    if not free:
        return []
    by_position = {person.position: person for person in free}
    candidates = [
        person.candidate(moment.now, rotations[person.position] if rotations else 0)
        for person in free
    ]
    rung = [by_position[each.position] for each in dispatcher.wave(candidates, moment)]
    if must is not None and must not in {person.number for person in rung}:
        answering = next(person for person in free if person.number == must)
        full = isinstance(dispatcher.at_once, int) or not dispatcher.one_wave
        rung = [*rung[:-1], answering] if full else [*rung, answering]
    return rung
