"""Result of an import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringsim._sentences import counted
from ringsim.group import RingGroup
from ringsim.importers._drafts import NO_LIMIT
from ringsim.importers._findings import Finding
from ringsim.scenario import Scenario

__all__ = ["Imported"]

MOST_SHOWN = 40  # remarks of a kind on screen


@dataclass(frozen=True)
class Imported:
    """Groups read from the configuration files of a PBX.

    Attributes
    ----------
    scenario : Scenario
        All groups and members. Files of settings know no callers: in each group's demand nobody
        calls (`calls_per_hour` is 0), calls last 180 s on average, and callers give up after
        120 s on average. Members whom the file takes off duty are `extensions` without duty.
    presets : dict of str to str
        Kind of PBX and strategy of each group by its number, such as `asterisk-queue/rrmemory`.
        Where there is a preset of this name, the group has it, and `rules` only what differs.
    format : str
        Name of the format.
    not_expressed : tuple of Finding
        Settings that change ringing and are not played, or not exactly.
    not_understood : tuple of Finding
        Lines and settings that are unknown.
    notes : tuple of Finding
        Remarks on how the rest was read, such as numbers that were handed out.
    dropped : tuple of Finding
        Settings that change no ringing.
    """

    scenario: Scenario
    presets: Mapping[str, str]
    format: str
    not_expressed: tuple[Finding, ...]
    not_understood: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    dropped: tuple[Finding, ...]

    @property
    def groups(self) -> tuple[RingGroup, ...]:
        """The ring groups."""
        return self.scenario.groups

    def __str__(self) -> str:
        """Return what was read in sentences, what is not played first."""
        lines = [
            f"{group.extension_number} {group.name}: {self.presets[group.extension_number]}, "
            f"{_seconds(group.ring_time)}, {counted(len(group.members), 'member')}"
            for group in self.groups
        ]
        for title, findings in (
            ("Not played, or not exactly", self.not_expressed),
            ("Not understood", self.not_understood),
            ("Notes", self.notes),
        ):
            if findings:
                lines += [f"{title}:", *(f"  - {each}" for each in findings[:MOST_SHOWN])]
                more = len(findings) - MOST_SHOWN
                lines += [f"  and {more:,} more"] if more > 0 else []
        if self.dropped:
            names = list(dict.fromkeys(each.name.rpartition(".")[2] for each in self.dropped))
            names = [*names[:MOST_SHOWN], *(["..."] if len(names) > MOST_SHOWN else [])]
            lines.append(f"Dropped, as they change no ringing: {', '.join(names)}.")
        return "\n".join(lines)


def _seconds(ring_time: float) -> str:
    return f"{ring_time:g} s" if ring_time < NO_LIMIT else "no limit of ring time"
