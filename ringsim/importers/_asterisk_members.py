"""Members of Asterisk's queues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ringsim.importers._asterisk_rules import is_yes, level_of, tie_order, wrap_up
from ringsim.importers._dialplan import split_arguments
from ringsim.importers._drafts import MemberDraft, as_number, whole
from ringsim.importers._findings import Findings, Place
from ringsim.importers._values import not_a_flag, number

__all__ = ["Listed", "drafts_of", "in_tie_order", "listed", "listed_in_row"]

NUMBER = re.compile(r"(?:[^/:]*[/:])?(\d+)(?:[@/:-].*)?")
NO_EXTENSIONS = ("agent", "dahdi", "zap", "queue", "console")  # technologies
SECRET = re.compile(r"(?<!^hint):[^@/]*@")
MOST_PENALTY = 99
N_FIELDS = 7


class Listed(NamedTuple):
    """A member as a file lists it."""

    place: Place
    interface: str
    penalty: str
    name: str
    state_interface: str
    ringinuse: str
    wrapuptime: str
    paused: str


def listed(value: str, place: Place) -> Listed:
    """Return the member that a `member` line lists."""
    parts = [part.strip().strip('"').strip() for part in split_arguments(value)]
    return listed_in_row(parts, place)


def listed_in_row(fields: Sequence[str], place: Place) -> Listed:
    """Return the member of a row of a table, its fields in the order of a line `member`."""
    texts = [*fields, *[""] * N_FIELDS]
    return Listed(place, *texts[:N_FIELDS])


def drafts_of(
    members: Sequence[Listed],
    queue: str,
    general: Mapping[str, str],
    default_skip: bool,
    findings: Findings,
) -> Iterator[tuple[MemberDraft, Listed]]:
    """Yield the members who are extensions, and as they are listed; report the others.

    Parameters
    ----------
    members : sequence of Listed
        In the order of the file; of one interface the last line counts.
    queue : str
        Name of the queue.
    general : mapping of str to str
        Settings of `[general]`.
    default_skip : bool
        Whether the queue skips members who are on a call.
    findings : Findings
        Takes the remarks.
    """
    last = {member.interface.lower(): at for at, member in enumerate(members)}
    for at, member in enumerate(members):
        name = f"{queue}.member"
        shown = SECRET.sub(":***@", member.interface)
        if last[member.interface.lower()] != at:
            text = f"{shown} stands again at {members[last[member.interface.lower()]].place}, "
            text += "and that one counts"
            findings.add("notes", member.place, name, text, queue)
            continue
        technology = member.interface.partition("/")[0].lower()
        if not member.interface.partition("/")[2].strip() or technology in NO_EXTENSIONS:
            text = f"{shown or 'a member'} is not a phone of an extension; it is left out"
            findings.add("not_expressed", member.place, name, text, queue)
            continue
        penalty = whole(member.penalty, 0)
        excluded = penalty < 0 and is_yes(general.get("negative_penalty_invalid", ""))
        for text in () if excluded else _wrong(member):
            findings.add("not_understood", member.place, name, f"{shown}: {text}", queue)
        if excluded:
            text = f"{shown} has a penalty below 0; it is left out"
            findings.add("notes", member.place, name, text, queue)
            continue
        if penalty > MOST_PENALTY:
            text = f"{shown} has a penalty over {MOST_PENALTY}; it counts as {MOST_PENALTY}"
            findings.add("not_expressed", member.place, name, text, queue)
        yield _draft(member, shown, level_of(penalty), default_skip), member


def _wrong(member: Listed) -> Iterator[str]:
    """Yield a remark on each field of a member that is not read as it stands."""
    paused = "" if whole(member.paused, -1) > 0 else not_a_flag(member.paused)
    for field, text in (
        ("penalty", number(member.penalty, 0)[1]),
        ("ringinuse", not_a_flag(member.ringinuse)),
        ("wrapuptime", number(member.wrapuptime, 0)[1]),
        ("paused", paused),
    ):
        if text:
            yield f"{field} {text}"


def _draft(member: Listed, shown: str, level: int, default_skip: bool) -> MemberDraft:
    number = next(
        (
            found
            for text in (member.interface, member.state_interface)
            if (match := NUMBER.fullmatch(text)) and (found := as_number(match[1]))
        ),
        None,
    )
    name = shown.partition("/")[2].partition("@")[0]
    draft = MemberDraft(name if number is None else number, number, member.place)
    if level != 1:
        draft.fields["skill_level"] = level
    if member.name:
        draft.fields["display_name"] = member.name
    if member.ringinuse and is_yes(member.ringinuse) == default_skip:
        draft.fields["skip_busy"] = not default_skip
    if (seconds := whole(member.wrapuptime, 0)) > 0:
        draft.fields["enforced_wrap_up"] = wrap_up(seconds)
    if is_yes(member.paused) or whole(member.paused, 0) > 0:
        draft.off_duty = "paused from the start"
    return draft


def in_tie_order(members: Sequence[tuple[MemberDraft, Listed]]) -> list[MemberDraft]:
    """Return members in the order in which Asterisk rings them if they are equal."""
    order = sorted(enumerate(members), key=lambda one: (-tie_order(one[1][1].interface), -one[0]))
    return [draft for _, (draft, _) in order]
