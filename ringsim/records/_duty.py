"""Times on duty and pauses of members, from the sign-ins that a phone system records.

`SIGNED_IN`, `SIGNED_OUT`, `PAUSED`, `RESUMED`, `RESTARTED`
    Codes of events.
`DutyRecord`
    Spells by day, and whose sign-ins and pauses are recorded.
`duty_of_events`
    Spells of events; the phones that rang tell whether the events can be true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ringsim._sentences import counted
from ringsim.records._spans import Spans, clipped, covers, overlap, without

__all__ = [
    "COLUMNS",
    "ON_DUTY",
    "ON_PAUSE",
    "PAUSED",
    "RESTARTED",
    "RESUMED",
    "SIGNED_IN",
    "SIGNED_OUT",
    "DutyRecord",
    "duty_of_events",
    "events_of",
]

SIGNED_IN, SIGNED_OUT, PAUSED, RESUMED, RESTARTED = range(5)
ON_DUTY, ON_PAUSE = "on_duty", "paused"
COLUMNS: Final = ("extension", "state", "started_at", "ended_at", "day")
ALWAYS: Final = float("inf")
SOON: Final = 2.0  # seconds between an event and the ring that it allows or forbids
AT_START: Final = 60.0  # seconds within which a phone system that starts adds its members again
CONTRADICTED: Final = 0.1  # share of a person's rings off duty, from which their events are wrong

Rungs: TypeAlias = Mapping[str, Any]  # sorted instants at which the phone of a person rang


def events_of(member: ArrayLike = (), at: ArrayLike = (), event: ArrayLike = ()) -> pd.DataFrame:
    """Return the table `duty` of an extract: `member` (text), `at` (instant) and `event` (code)."""
    return pd.DataFrame(
        {
            "member": np.asarray(member, dtype=object),
            "at": np.asarray(at, dtype=np.float64),
            "event": np.asarray(event, dtype=np.int64),
        }
    )


@dataclass(frozen=True)
class DutyRecord:
    """Spells on duty and paused, by day.

    Attributes
    ----------
    frame : DataFrame
        `extension`, `state` (`on_duty` or `paused`), `started_at` and `ended_at` [s from
        `opens_at` of the day], `day`.
    signing : tuple of str
        People whose sign-ins are recorded: a day without a spell on duty is a day off.
    pausing : tuple of str
        People with a recorded pause on any day.
    """

    frame: pd.DataFrame = field(default_factory=lambda: _frame([]))
    signing: tuple[str, ...] = ()
    pausing: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody with a recorded sign-in or pause."""
        return tuple(dict.fromkeys((*self.signing, *self.pausing)))

    def spells(self, person: str, day: int, state: str) -> Spans:
        """Return a person's spells of one state on a day."""
        frame = self.frame
        rows = (frame["extension"] == person) & (frame["day"] == day) & (frame["state"] == state)
        some = frame[rows.to_numpy(dtype=bool)]
        return list(zip(some["started_at"].tolist(), some["ended_at"].tolist(), strict=True))

    def available(self, person: str, day: int, otherwise: Spans | None) -> Spans | None:
        """Return when a phone may be rung on a day: on duty and not paused; None is always.

        `otherwise` are the hours of somebody whose sign-ins are not recorded.
        """
        on = self.spells(person, day, ON_DUTY) if person in self.signing else otherwise
        pauses = self.spells(person, day, ON_PAUSE) if person in self.pausing else []
        if not pauses:
            return on
        return without([(0.0, ALWAYS)] if on is None else on, pauses)

    def only(self, days: Sequence[int]) -> DutyRecord:
        """Return the spells of some days, numbered anew from 0."""
        parts = [
            self.frame[(self.frame["day"] == day).to_numpy(dtype=bool)].assign(day=number)
            for number, day in enumerate(days)
        ]
        return replace(self, frame=pd.concat(parts) if parts else self.frame[:0])

    def moved(self, seconds: float) -> DutyRecord:
        """Return the spells, each later by some seconds."""
        frame = self.frame
        ends = {name: frame[name] + seconds for name in ("started_at", "ended_at")}
        return replace(self, frame=frame.assign(**ends))

    def renamed(self, numbers: Mapping[str, str]) -> DutyRecord:
        """Return the spells under other numbers; people without one are left out."""
        known = self.frame["extension"].isin(list(numbers)).to_numpy(dtype=bool)
        some = self.frame[known]
        return DutyRecord(
            some.assign(extension=some["extension"].map(numbers)),
            tuple(numbers[person] for person in self.signing if person in numbers),
            tuple(numbers[person] for person in self.pausing if person in numbers),
        )


def duty_of_events(
    events: pd.DataFrame, rings: pd.DataFrame, opened_at: Sequence[float], hours: float
) -> tuple[DutyRecord, list[str]]:
    """Return the spells that events imply on the days of records, and sentences about them.

    Parameters
    ----------
    events : DataFrame
        The table `duty` of an extract, in the order of time, with numbers of members.
    rings : DataFrame
        `member` and `started_at`.
    opened_at : sequence of float
        When each day opens. All times are seconds of the wall clock.
    hours : float
        Length of a day.
    """
    restarts = events.loc[(events["event"] == RESTARTED).to_numpy(dtype=bool), "at"].to_numpy()
    rungs = {
        str(person): np.sort(some.to_numpy(np.float64))
        for person, some in rings.groupby("member", observed=True)["started_at"]
    }
    rows: list[tuple[str, str, float, float, int]] = []
    signing, pausing, notes = [], [], []
    for person, some in events[events["member"].notna().to_numpy()].groupby("member", sort=True):
        rung = rungs.get(str(person), np.empty(0))
        codes, at = some["event"].to_numpy(), some["at"].to_numpy()
        on = _on_duty(codes, at, restarts, rung)
        pauses, n_sooner = _pauses(codes, at, restarts, rung)
        if n_sooner:
            notes.append(
                f"Pauses of {person} that end before they are recorded to, as the phone rang: "
                f"{n_sooner}."
            )
        signs = bool(np.isin(codes, (SIGNED_IN, SIGNED_OUT)).any())
        off = int((~covers(on, rung, SOON)).sum()) if signs else 0
        if off > CONTRADICTED * len(rung):
            notes.append(
                f"Sign-ins of {person} are left out: {off} of {counted(len(rung), 'ring')} came "
                "while they were signed out by these."
            )
            signs = False
        if signs:
            signing.append(str(person))
            rows += _rows(str(person), ON_DUTY, on, opened_at, hours)
        during = overlap(pauses, on) if signs else pauses
        paused = list(_rows(str(person), ON_PAUSE, during, opened_at, hours))
        if paused:
            pausing.append(str(person))
            rows += paused
    return DutyRecord(_frame(rows), tuple(signing), tuple(pausing)), notes


def _frame(rows: Sequence[tuple[str, str, float, float, int]]) -> pd.DataFrame:
    """Return spells as a table, by day, person and time."""
    order = sorted(rows, key=lambda row: (row[4], row[0], row[1], row[2]))
    frame = pd.DataFrame(order, columns=list(COLUMNS))
    types = {"extension": object, "state": object, "day": np.int64}
    return frame.astype({**types, "started_at": np.float64, "ended_at": np.float64})


def _on_duty(codes: Any, at: Any, restarts: Any, rung: Any) -> Spans:
    """Return the spells between sign-ins and sign-outs.

    Somebody whose first event is a sign-out, or whose phone rang before it, was on duty since
    before the records. A second sign-in changes nothing, unless a restart had signed the member
    out.
    """
    spells: Spans = []
    signs = np.isin(codes, (SIGNED_IN, SIGNED_OUT))
    codes, at = codes[signs], at[signs]
    before = len(at) > 0 and (codes[0] == SIGNED_OUT or bool((rung < at[0] - SOON).any()))
    since = -ALWAYS if before else None
    for code, now in zip(codes.tolist(), at.tolist(), strict=True):
        if code == SIGNED_IN:
            lost = None if since is None else _signed_out_by(restarts, since, now, rung)
            if since is not None and lost is not None:
                spells.append((since, lost))
            since = now if since is None or lost is not None else since
        elif since is not None:
            spells.append((since, now))
            since = None
    if since is not None:
        spells.append((since, ALWAYS))
    return spells


def _signed_out_by(restarts: Any, since: float, now: float, rung: Any) -> float | None:
    """Return the first restart between two sign-ins after which the phone did not ring.

    Members whom the phone system adds again as it starts were never signed out.
    """
    between = restarts[(restarts > since) & (restarts < now - AT_START)].tolist()
    return next((each for each in between if not ((rung > each) & (rung < now)).any()), None)


def _pauses(codes: Any, at: Any, restarts: Any, rung: Any) -> tuple[Spans, int]:
    """Return the spells from a pause to the next resumption, and how many of these end sooner.

    A sign-in or sign-out ends a pause. No phone rings in a pause: one that rings shows that the
    pause had ended, by a restart if there was one, without a record of it.
    """
    spells: Spans = []
    since: float | None = None
    n_sooner = 0
    for code, now in [*zip(codes.tolist(), at.tolist(), strict=True), (RESUMED, ALWAYS)]:
        if since is not None:
            ring = rung[(rung > since + SOON) & (rung < now - SOON)][:1]
            if len(ring):
                lost = restarts[(restarts > since) & (restarts < ring[0])][:1]
                spells.append((since, float([*lost, *ring][0])))
                n_sooner += 1
                since = None
            elif code != PAUSED:
                spells.append((since, now))
                since = None
        if code == PAUSED and since is None:
            since = now
    return spells, n_sooner


def _rows(
    person: str, state: str, spells: Spans, opened_at: Sequence[float], hours: float
) -> Iterator[tuple[str, str, float, float, int]]:
    for day, opened in enumerate(opened_at):
        for start, end in clipped(spells, opened, opened + hours * 3600):
            yield person, state, start - opened, end - opened, day
