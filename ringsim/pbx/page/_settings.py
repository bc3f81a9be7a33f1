"""Settings that a visitor of the page chose, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ringsim.errors import ConfigurationError
from ringsim.group import Member, RingGroup
from ringsim.scenario import Demand, Scenario
from ringsim.scenario._changes import changed

__all__ = ["Settings", "longest_ring", "most_members", "settings_of"]

LONGEST_RING, MOST_MEMBERS, MOST_VOLUME = 120, 60, 400
CALLS_PER_HOUR, TALK_TIME = 30, 180  # of a group whose callers are unknown
OTHER_LEVEL = ":"  # between a number and a skill level other than 1


@dataclass(frozen=True)
class Settings:
    """The values of the form.

    Attributes
    ----------
    scenario : Scenario
        The scenario as it was opened.
    group : str
        Number of the group to try settings on.
    ring_strategy : str
        Its strategy.
    ring_time : float
        Seconds that each phone rings.
    n_members, volume : int
        Number of members, and calls in percent of today's.
    members : str
        Numbers of the members with commas; `203:2` has skill level 2.
    skip_busy_member : bool
        Whether busy members are left out.
    calls_per_hour, talk_time : float or None
        The callers of a group that has none in the scenario.
    """

    scenario: Scenario
    group: str
    ring_strategy: str
    ring_time: float
    n_members: int
    members: str
    skip_busy_member: bool
    volume: int
    calls_per_hour: float | None
    talk_time: float | None

    @property
    def today(self) -> Scenario:
        """The scenario with the chosen callers and today's settings."""
        scenario = self.scenario
        if self.calls_per_hour is not None and self.talk_time is not None:
            called = Demand(
                calls_per_hour=self.calls_per_hour, talk_time={"mean": self.talk_time, "cv": 1}
            )
            scenario = scenario.replace(demand={**scenario.demand, self.group: called})
        if self.volume == 100:
            return scenario
        return changed(scenario, {f"demand.{self.group}.scale": self.volume / 100})

    @property
    def changes(self) -> dict[str, Any]:
        """The settings that differ from today's, by name."""
        group = self.scenario.group(self.group)
        chosen: dict[str, Any] = {
            "ring_strategy": self.ring_strategy,
            "ring_time": self.ring_time,
            "skip_busy_member": self.skip_busy_member,
        }
        changes = {name: new for name, new in chosen.items() if new != getattr(group, name)}
        members = self._members(group)
        if members != group.members:
            changes["members"] = list(members)
        if self.n_members != len(members):
            changes["n_members"] = self.n_members
        return changes

    @property
    def tried(self) -> Scenario:
        """The scenario with all that was chosen."""
        return changed(self.today, self.changes, self.group)

    def _members(self, group: RingGroup) -> tuple[Member, ...]:
        known = {member.extension_number: member for member in group.members}
        listed = []
        for part in self.members.split(","):
            number, level, skill = part.strip().partition(OTHER_LEVEL)
            if not number:
                continue
            try:
                member = known.get(number) or Member(number)
                listed.append(member.replace(skill_level=int(skill) if level else 1))
            except ValueError as wrong:  # ConfigurationErrors are ValueErrors
                raise ConfigurationError(
                    "members", "must be extension numbers with commas", part.strip()
                ) from wrong
        return RingGroup(members=listed).members


def settings_of(scenario: Scenario, query: Mapping[str, str]) -> Settings:
    """Return the settings in an address; those that it leaves out are as in the scenario.

    Raises
    ------
    ConfigurationError
        If a value is invalid.
    """
    numbers = scenario.group_numbers
    group = scenario.group(query.get("group") or _first_called(scenario, numbers))
    number = group.extension_number
    called = number in scenario.demand
    same_group = query.get("shown") in (None, number)
    given = query if same_group else {}
    listed = ", ".join(
        member.extension_number
        + (f"{OTHER_LEVEL}{member.skill_level}" if member.skill_level != 1 else "")
        for member in group.members
    )
    return Settings(
        scenario=scenario,
        group=number,
        ring_strategy=given.get("ring_strategy") or str(group.ring_strategy),
        ring_time=_ring_time(given, group),
        n_members=_whole(given, "n_members", len(group.members), 0, most_members(group)),
        members=given.get("members", listed),
        skip_busy_member="skip_busy_member" in given
        if "shown" in given
        else group.skip_busy_member,
        volume=_whole(given, "volume", 100, 1, MOST_VOLUME),
        calls_per_hour=None if called else _number(given, "calls_per_hour", CALLS_PER_HOUR),
        talk_time=None if called else _number(given, "talk_time", TALK_TIME),
    )


def _first_called(scenario: Scenario, numbers: tuple[str, ...]) -> str:
    """Return the first group that has callers, or else the first."""
    if not numbers:
        raise ConfigurationError("groups", "must have at least one group")
    return next((number for number in numbers if number in scenario.demand), numbers[0])


def longest_ring(group: RingGroup) -> float:
    """Return the longest ring time to choose: today's can be chosen in any case."""
    return max(LONGEST_RING, group.ring_time)


def most_members(group: RingGroup) -> int:
    """Return the largest number of members to choose: today's can be chosen in any case."""
    return max(MOST_MEMBERS, len(group.members))


def _ring_time(given: Mapping[str, str], group: RingGroup) -> float:
    """Return the chosen ring time; whole seconds unless today's is a fraction."""
    longest, text = longest_ring(group), given.get("ring_time", "")
    if float(group.ring_time).is_integer():
        return _whole(given, "ring_time", int(group.ring_time), 0, int(longest))
    try:
        value = float(text or group.ring_time)
    except ValueError:
        value = -1.0
    if not 0 <= value <= longest:
        raise ConfigurationError("ring_time", f"must be a number from 0 to {longest:g}", text)
    return value


def _whole(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and low <= int(text[:9]) <= high):
        raise ConfigurationError(name, f"must be a whole number from {low} to {high}", text)
    return int(text)


def _number(given: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(given.get(name) or default)
    except ValueError:
        value = -1.0
    if not 0 < value <= 100_000:
        raise ConfigurationError(name, "must be a number above 0", given.get(name))
    return value
