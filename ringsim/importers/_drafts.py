"""Groups and members as a reader finds them, before they have numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ringsim.group import RingGroup, RingStrategy
from ringsim.importers._findings import Place
from ringsim.presets import names, preset

__all__ = ["NO_LIMIT", "GroupDraft", "MemberDraft", "as_number", "whole"]

NO_LIMIT = 86_400  # s, a ring time longer than any caller waits
LARGEST = 10**9
NUMBER = re.compile(r"\s*([+-]?\d{1,18})")

SHORTEST_NUMBER, LONGEST_NUMBER = 3, 64


@dataclass
class MemberDraft:
    """A member of a group.

    Attributes
    ----------
    name : str
        Name in the file, such as `robin` or `201@example.com`.
    number : str or None
        Extension number, if the file has one.
    place : Place
        Where the member stands.
    off_duty : str
        Reason why the member takes no calls, such as `paused`; "" if they do.
    fields : dict
        Fields of `Member`.
    """

    name: str
    number: str | None
    place: Place
    off_duty: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class GroupDraft:
    """A ring group or queue.

    Attributes
    ----------
    name : str
        Name in the file.
    number : str or None
        Extension number, if the file has one.
    place : Place
        Where the group begins.
    preset : str
        Name of its preset, such as `asterisk-queue/rrmemory`; another text if there is none.
    ring_strategy : RingStrategy, optional
        Strategy of a group without a preset.
    fields : dict
        Other fields of `RingGroup`, `rules` among them, with every option that its PBX sets.
    members : list of MemberDraft
        In the configured order.
    priority : float
        Priority of its callers.
    title : str
        Name for people; by default `name`.
    without_members : str
        Remark on a group whose members are all missing: where they stand.
    """

    name: str
    number: str | None
    place: Place
    preset: str
    ring_strategy: RingStrategy | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    members: list[MemberDraft] = field(default_factory=list)
    priority: float = 0
    title: str = ""
    without_members: str = "the group has no members who can be rung; every call goes unanswered"

    def group_fields(self) -> dict[str, Any]:
        """Return the fields of `RingGroup`: a preset, and the rules in which the group differs.

        Without a preset of its name, they are the strategy and all rules.
        """
        rules = RingGroup(rules=self.fields.get("rules", {})).rules
        if self.preset not in names():
            strategy = {"ring_strategy": self.ring_strategy} if self.ring_strategy else {}
            return {**self.fields, **strategy, "rules": rules}
        usual = preset(self.preset).rules
        given = rules.given().items()
        own = {name: value for name, value in given if getattr(usual, name) != value}
        return {**self.fields, "preset": self.preset, "rules": own}


def as_number(text: str | None) -> str | None:
    """Return a text if it can be an extension number, 3 to 64 digits, or None."""
    if text is None or not (text.isascii() and text.isdecimal()):
        return None
    return text if SHORTEST_NUMBER <= len(text) <= LONGEST_NUMBER else None


def whole(text: str, default: int) -> int:
    """Return the whole number at the start of a text, at most 10**9 in size."""
    match = NUMBER.match(text) if text.isascii() else None
    return max(-LARGEST, min(int(match[1]), LARGEST)) if match else default
