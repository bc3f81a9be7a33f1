"""Numbers of groups and members: the file's, the user's, or handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from ringsim.errors import ConfigurationError
from ringsim.importers._drafts import GroupDraft, MemberDraft, as_number
from ringsim.importers._findings import Findings

__all__ = ["Register", "checked_numbers"]

FIRST_GROUP, FIRST_MEMBER = 600, 9001  # numbers handed out where a file has none


class Register:
    """Numbers of groups and members: the file's, the user's, or handed out."""

    def __init__(
        self, drafts: Sequence[GroupDraft], numbers: Mapping[str, str], findings: Findings
    ) -> None:
        self.findings = findings
        self._groups: dict[int, str] = {}
        self.group_numbers: set[str] = set()
        self._free = {first: map(str, count(first)) for first in (FIRST_GROUP, FIRST_MEMBER)}
        self._people: dict[str, str] = {}
        self._given = dict(numbers)
        people = [member for draft in drafts for member in draft.members]
        found = [draft.number for draft in drafts] + [member.number for member in people]
        self._taken = {*numbers.values(), *(number for number in found if number is not None)}
        for draft in drafts:
            self._groups[id(draft)] = self._of_group(draft)
            self.group_numbers.add(self._groups[id(draft)])
        for member in people:
            if member.name not in self._people:
                self._people[member.name] = self._of_member(member)

    def group(self, draft: GroupDraft) -> str:
        """Return the number of a group."""
        return self._groups[id(draft)]

    def member(self, draft: MemberDraft) -> str:
        """Return the number of a member."""
        return self._people[draft.name]

    def _of_group(self, draft: GroupDraft) -> str:
        told = self._given.get(draft.name)
        number = draft.number if told is None else told
        if number is not None and number not in self.group_numbers:
            return number
        stand_in = self._next(FIRST_GROUP)
        reason = "the file has no number" if number is None else f"{number} is taken"
        self.findings.add(
            "notes", draft.place, draft.name, f"{reason}, so {stand_in} stands in", draft.name
        )
        return stand_in

    def _of_member(self, draft: MemberDraft) -> str:
        number = self._given.get(draft.name, draft.number)
        if number is not None:
            return number
        stand_in = self._next(FIRST_MEMBER)
        self.findings.add(
            "notes", draft.place, draft.name, f"the file has no number, so {stand_in} stands in"
        )
        return stand_in

    def _next(self, first: int) -> str:
        return next(number for number in self._free[first] if number not in self._taken)


def checked_numbers(numbers: Mapping[str, str] | None) -> dict[str, str]:
    """Return a table of numbers by name.

    Raises
    ------
    ConfigurationError
        If it is not a table of texts of 3 to 64 digits.
    """
    if numbers is None:
        return {}
    if not isinstance(numbers, Mapping):
        raise ConfigurationError("numbers", "must be a table of numbers by name", numbers)
    for name, number in numbers.items():
        if not isinstance(name, str):
            raise ConfigurationError("numbers", "must be keyed by strings", name)
        if not isinstance(number, str) or as_number(number) is None:
            raise ConfigurationError(
                f"numbers.{name}", "must be a string of 3 to 64 digits", number
            )
    return dict(numbers)
