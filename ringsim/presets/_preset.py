"""The record of a preset, and of one of its values with the source that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ringsim.rules import Rules

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CERTAINTIES", "Cell", "Preset"]

CERTAINTIES: Final[Mapping[str, str]] = {
    "traced": "seen on a running system, call for call",
    "source": "read in the source code",
    "documentation": "stated by the vendor's documentation",
    "vendor's answer": "stated by the vendor in a forum",
    "third party": "stated by others",
    "inferred": "follows from what is stated elsewhere",
    "unknown": "stated nowhere, and assumed",
}


class Cell(NamedTuple):
    """One option of a preset: its value, the setting of the PBX behind it, and its source."""

    option: str
    """Field of `Rules`; `ring_time`, `skip_busy_member` of the group; or `members.ring_time`."""
    value: Any
    """None if the group or its members have the value, and the preset has none."""
    setting: str
    """Setting of the PBX that the value comes from, and its other values; "" if there is none."""
    to_give: bool
    """True if no default of the setting is known, so that you give your own."""
    certainty: str
    """One of `CERTAINTIES`."""
    source: str
    """Text that the value was read in; "" if there is none."""


@dataclass(frozen=True)
class Preset:
    """The rules of ringing of another PBX under one of its strategies.

    Attributes
    ----------
    name : str
        Name such as `"asterisk-queue/rrmemory"`.
    pbx : str
        Title of the PBX and of the kind of group.
    summary : str
        How it rings, after the name of the strategy.
    rules : Rules
        Options that the preset sets.
    fields : mapping of str to object
        Fields of the group that it sets: `ring_time` and `skip_busy_member`, if they are known.
    cells : tuple of Cell
        Every option with its value, the PBX's setting, source and certainty.
    notes : tuple of str
        Sentences on how to write such a group, and on texts that contradict each other.
    limits : tuple of str
        Parts of what the PBX does that no option expresses.
    """

    name: str
    pbx: str
    summary: str
    rules: Rules
    fields: Mapping[str, Any]
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = field(default=())
    limits: tuple[str, ...] = field(default=())

    @property
    def table(self) -> pd.DataFrame:
        """A row per option: its value, the PBX's setting, certainty and source."""
        import pandas as pd

        return pd.DataFrame(self.cells, columns=list(Cell._fields)).set_index("option")

    def to_give(self) -> tuple[Cell, ...]:
        """Return the options without a known default, which a group should set."""
        return tuple(cell for cell in self.cells if cell.to_give)

    def __str__(self) -> str:
        lines = [f"{self.name} ({self.pbx}): {self.summary}."]
        given = ", ".join(f"{cell.option} ({cell.setting})" for cell in self.to_give())
        lines += [f"Give your own: {given}."] if given else []
        lines += [*self.notes, *(f"Not expressed: {limit}" for limit in self.limits)]
        return "\n".join(lines)
