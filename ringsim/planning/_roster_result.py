"""Result of a roster: who works when, and what callers get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from ringsim import _files
from ringsim._lazy import pd
from ringsim._sentences import counted
from ringsim.errors import ConfigurationError
from ringsim.planning._calendar import Entry, calendar_text, dates_of
from ringsim.planning._day_axis import merged
from ringsim.planning._goals import Meets, overall_verdict
from ringsim.planning._html import as_html, readable
from ringsim.planning._roster_binding import binding_constraints
from ringsim.planning._roster_rounds import Attempt, Rounds, on_duty, ranks_of, worked_on
from ringsim.planning._roster_words import clock, sentences
from ringsim.planning._shifts import Person
from ringsim.planning._turns import RosterDay, Turn
from ringsim.scenario import WEEKDAYS, Scenario, Span, clock_seconds, with_daily_duty

__all__ = ["Roster"]

COLUMNS = ("person", "name", "day", "shift", "from", "to", "lunch", "lunch_to", "hours")


@dataclass(frozen=True, eq=False, repr=False)
class Roster:
    """A roster of people; `print` describes it in two sentences.

    Attributes
    ----------
    rounds : Rounds
        People, days, targets and settings.
    attempts : tuple of Attempt
        The rosters that were played, in their order.
    given : Scenario or None
        The scenario given to `roster`; None if it was given one for each day.
    """

    rounds: Rounds
    attempts: tuple[Attempt, ...]
    given: Scenario | None = None

    @cached_property
    def chosen(self) -> Attempt:
        """The roster that meets its target, or else the one that misses least."""
        ranks = ranks_of(self.attempts)
        return min(zip(ranks, self.attempts, strict=True), key=lambda pair: pair[0])[1]

    @property
    def groups(self) -> tuple[str, ...]:
        """Numbers of the groups that are staffed."""
        return self.rounds.team.groups

    @property
    def days(self) -> tuple[str, ...]:
        """Names of the days."""
        return tuple(day.name for day in self.rounds.team.days)

    @property
    def cost(self) -> float:
        """Cost of all hours."""
        return self.chosen.cover.cost

    @property
    def hours(self) -> float:
        """Working time of all people together, without lunch [h]."""
        turns = self.rounds.team.turns
        return sum((turns[at].hours for at in self.chosen.cover.turns.values()), 0.0)

    @cached_property
    def meets(self) -> Meets:
        """Whether the played roster meets its target in all intervals, with 95 % confidence."""
        return overall_verdict([each.meets for slot in self.chosen.played for each in slot])

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The scenario of each day with the people on duty, by the name of the day."""
        return dict(zip(self.days, self.chosen.scenarios, strict=True))

    @property
    def scenario(self) -> Scenario:
        """The scenario with the people on duty; of several weekdays, that of a week.

        Raises
        ------
        ConfigurationError
            If the roster has several days that are not weekdays of one scenario. Then
            `scenarios` has one each.
        """
        if len(self.days) == 1:
            return self.chosen.scenarios[0]
        if self.given is None or not set(self.days) <= set(WEEKDAYS):
            raise ConfigurationError(
                "scenario",
                "must be asked of a roster of one day, or of weekdays of one scenario",
                list(self.days),
                f"Write scenarios[{self.days[0]!r}].",
            )
        planned = (each.extension_number for each in self.rounds.team.people)
        duty = {
            number: {day: each.duty(number) for day, each in self.scenarios.items()}
            for number in planned
        }
        groups = self.chosen.scenarios[0].groups
        return with_daily_duty(self.given.replace(groups=groups, days=self.days), duty)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per person and day of work.

        `person` is the extension number, `day` that on which the shift begins. `from` and `to`
        are the hours of the shift, `lunch` and `lunch_to` those of lunch; they are empty without
        lunch. `hours` is the working time [h], also after midnight.
        """
        return pd.DataFrame(self._rows(), columns=list(COLUMNS))

    def _rows(self) -> list[tuple[Any, ...]]:
        team, found = self.rounds.team, []
        for (who, at), index in self.chosen.cover.turns.items():
            person, day, turn = team.people[who], team.days[at], team.turns[index]
            lunch = ("", "")
            if turn.lunch is not None:
                lunch = clock(day, turn.lunch), clock(day, turn.lunch + turn.lunch_time)
            found.append(
                (
                    person.extension_number,
                    person.name,
                    day.name,
                    team.shifts[turn.shift].label,
                    clock(day, turn.start),
                    clock(day, turn.end),
                    *lunch,
                    turn.hours,
                )
            )
        return found

    @cached_property
    def by_interval(self) -> pd.DataFrame:
        """A row per day, group and interval, by `day`, `group` and `starts_at` [s].

        `needed` is the number of members that sizing and the days of earlier rounds ask for,
        `on_duty` the number there, `short` how many are missing. The other columns describe the
        days played, as in `Staffing.table`; all bounds and verdicts hold together with 95 %
        confidence.
        """
        rows, keys = [], []
        for slot, needed, played in zip(
            self.rounds.slots, self.chosen.needed, self.chosen.played, strict=True
        ):
            day = self.rounds.team.days[slot.day]
            scenario = self.chosen.scenarios[slot.day]
            for at, each in enumerate(played):
                there = on_duty(scenario, slot.group, day, at)
                counts = {"needed": needed[at], "on_duty": there}
                counts["short"] = max(0, needed[at] - there)
                start = at * day.width
                rows.append({"ends_at": start + day.width} | counts | each.columns())
                keys.append((day.name, slot.group, start))
        index = pd.MultiIndex.from_tuples(keys, names=["day", "group", "starts_at"])
        return pd.DataFrame(rows, index=index)

    @cached_property
    def binding(self) -> Mapping[str, int | None]:
        """The constraints without which all needs could be met; empty if they are met.

        Keys are `max_hours`, `max_days`, `rest` and `available`, each if it alone is to
        blame; `people`, with the least number of people missing, if they can work any shift on
        any day; or `shifts`, if no number of people is enough. The needs are those of the roster
        or, if it meets them, those to which a further round would raise them. If these can be met
        too, the only key is `max_rounds`.
        """
        if self.meets == "yes":
            return {}
        needs = [self.chosen.needed, self.rounds.raised(self.attempts[-1])]
        found = (binding_constraints(self.rounds, needed) for needed in needs)
        return next(filter(None, found), {"max_rounds": None})

    def to_csv(self, path: str | Path) -> None:
        """Write `table` to a CSV file in UTF-8, atomically.

        Raises
        ------
        ConfigurationError
            If the file cannot be written.
        """
        text = self.table.to_csv(index=False, lineterminator="\n")
        with _files.replacing(path, binary=True) as file:
            file.write(text.encode())

    def to_icalendar(
        self,
        path: str | Path,
        *,
        starts_on: str | date | None = None,
        timezone: str | None = None,
        person: str | None = None,
    ) -> None:
        """Write the shifts to an iCalendar file (RFC 5545), one event each.

        Parameters
        ----------
        path : str or Path
            File to write to.
        starts_on : str or date, optional
            Date of the first day; a day that is named for a weekday is the first such day from
            then on. Not needed if all days are named by their dates.
        timezone : str, optional
            Time zone of the times of day, such as `"Europe/Berlin"`: the events are written in
            UTC. By default they have local times without a zone.
        person : str, optional
            Extension number of the only person whose shifts are written.

        Raises
        ------
        ConfigurationError
            If an argument is invalid, or the scenario has no `opens_at`.
        """
        team = self.rounds.team
        numbers = [each.extension_number for each in team.people]
        if person is not None and person not in numbers:
            raise ConfigurationError("person", f"must be one of {', '.join(numbers)}", person)
        dates = dates_of(self.days, starts_on)
        entries = [
            self._entry(team.people[who], team.days[at], dates[at], team.turns[index])
            for (who, at), index in self.chosen.cover.turns.items()
            if person in (None, team.people[who].extension_number)
        ]
        text = calendar_text(entries, timezone)
        with _files.replacing(path, binary=True) as file:
            file.write(text.encode())

    def _entry(self, person: Person, day: RosterDay, on: date, turn: Turn) -> Entry:
        shift = self.rounds.team.shifts[turn.shift]
        summary = f"{person.label}: {shift.label}"
        about = "" if turn.lunch is None else f"Lunch from {clock(day, turn.lunch)} to "
        if turn.lunch is not None:
            about += f"{clock(day, turn.lunch + turn.lunch_time)}."
        if day.scenario.opens_at is None:
            raise ConfigurationError("opens_at", "must be given, for events with times of day")
        midnight = datetime.combine(on, time())
        opens = clock_seconds(day.scenario.opens_at)
        start, end = (midnight + timedelta(seconds=opens + at) for at in (turn.start, turn.end))
        uid = f"{person.extension_number}-{start:%Y%m%dT%H%M%S}@ringsim"
        return Entry(uid, start, end, summary, about)

    def turns_on(self, day: str) -> dict[int, Turn]:
        """Return the turns that begin on a day by its name, by the index of the person."""
        at = self.days.index(day)
        return worked_on(self.chosen.cover, self.rounds.team.turns, at)

    def spans_on(self, day: str) -> dict[int, list[Span]]:
        """Return the spans of work [s] on a day by its name, by the index of the person.

        They include the work after midnight of those whose shift began the day before.
        """
        at, found = self.days.index(day), defaultdict[int, list[Span]](list)
        for (who, _), index in self.chosen.cover.turns.items():
            found[who] += self.rounds.team.turns[index].spans_on(at)
        return {who: merged(spans) for who, spans in found.items() if spans}

    def __str__(self) -> str:
        return "\n".join(sentences(self))

    def _repr_html_(self) -> str:
        return as_html(str(self), [readable(self.table.set_index(["person", "day"]))])

    def __repr__(self) -> str:
        shifts = counted(len(self.chosen.cover.turns), "shift")
        return f"<Roster of group {' and '.join(self.groups)}: {shifts}, {self.hours:g} h>"
