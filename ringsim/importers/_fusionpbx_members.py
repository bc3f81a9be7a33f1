"""Destinations of FusionPBX's ring groups as members."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from ringsim._spelling import meant
from ringsim.errors import shown
from ringsim.importers._drafts import MemberDraft, as_number
from ringsim.importers._fusionpbx_rules import AT_ONCE, is_true
from ringsim.importers._tables import Row
from ringsim.importers._values import ENABLED, not_a_flag, number

__all__ = ["Destinations"]

RING_TIME = 30  # s, FusionPBX's default
LOCAL_NUMBER = 6  # digits; longer destinations are outside numbers
READ: Final = (
    *("ring_group_uuid", "ring_group_destination_uuid", "destination_number"),
    *("destination_delay", "destination_timeout", "destination_enabled", "destination_prompt"),
)

Tell = Callable[[str, str, str, Row], None]  # kind, column, text, row


class Destination(NamedTuple):
    """A destination that is rung, with its times [s]."""

    delay: int
    number: str
    ring_time: int
    row: Row


class Destinations:
    """Destinations of a group as members.

    Parameters
    ----------
    rows : sequence of Row
        Rows of `v_ring_group_destinations`.
    strategy : str
        Strategy of the group.
    total : float
        Time after which the group's call goes elsewhere [s].
    tell : callable
        Adds a remark.
    """

    def __init__(self, rows: Sequence[Row], strategy: str, total: float, tell: Tell) -> None:
        self.rows = rows
        self.strategy = strategy
        self.total = total
        self.tell = tell

    def members(self) -> Iterator[MemberDraft]:
        """Yield the members in the order in which the PBX rings them."""
        # Numbers count as texts, as the database sorts them
        kept = sorted(self._rung(), key=lambda one: (one.delay, one.number))
        rollover = self.strategy == "rollover"
        for each in kept:
            told = float(kept[-1].ring_time if rollover else each.ring_time)
            draft = MemberDraft(
                each.number, as_number(each.number.removeprefix("+")), each.row.place
            )
            if self.strategy in AT_ONCE:
                draft.fields |= {"ring_time": told, "ring_delay": float(each.delay)}
            else:
                draft.fields["ring_time"] = min(told, self.total)
            self._look_at(each)
            yield draft
        if rollover and len({each.ring_time for each in kept}) > 1:
            text = (
                "a slip of the PBX's script gives all destinations the time-out of the last; "
                "so do the members here"
            )
            self.tell("notes", "destination_timeout", text, kept[-1].row)

    def _rung(self) -> Iterator[Destination]:
        for row in self.rows:
            dialled, enabled = row.text("destination_number"), row.text("destination_enabled")
            ring_time = self._seconds("destination_timeout", RING_TIME, row)
            if text := not_a_flag(enabled, words=ENABLED):
                self.tell("not_understood", "destination_enabled", text, row)
            if enabled and not is_true(enabled):
                text = f"{dialled} is switched off; left out"
                self.tell("notes", "destination_enabled", text, row)
            elif not dialled or not ring_time:
                text = "a destination without number or time-out is left out"
                self.tell("notes", "destination_timeout", text, row)
            else:
                delay = self._seconds("destination_delay", 0, row)
                yield Destination(delay, dialled, ring_time, row)

    def _seconds(self, column: str, default: int, row: Row) -> int:
        seconds, text = number(row.text(column), default)
        if text:
            self.tell("not_understood", column, text, row)
        return seconds

    def _look_at(self, each: Destination) -> None:
        """Note a destination that is not a plain extension, and columns that are misspelt."""
        dialled, row = each.number, each.row
        for column in row.values:
            if column not in READ and (other := meant(column, READ)):
                text = f"there is no such column. Did you mean {shown(other)}?"
                self.tell("not_understood", column, text, row)
        if row.text("destination_prompt") not in ("", "0", "false", "f"):
            text = f"{dialled} confirms calls by a key, which takes time; add it to answer_delay"
            self.tell("not_expressed", "destination_prompt", text, row)
        if as_number(dialled) is None or dialled.startswith("0") or len(dialled) > LOCAL_NUMBER:
            text = (
                f"{dialled} is an outside number, whose owner answers like a member; give the "
                "person an answer_delay and answer_probability of their own"
            )
            self.tell("notes", "destination_number", text, row)
