"""Drafts of groups as groups of a scenario, with numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ringsim._sentences import listed
from ringsim.distributions import as_distribution
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import Member, RingGroup
from ringsim.importers._drafts import GroupDraft, MemberDraft
from ringsim.importers._findings import KINDS, Finding, Findings
from ringsim.importers._imported import Imported
from ringsim.importers._numbers import Register
from ringsim.scenario import Demand, Extension, Scenario

__all__ = ["assembled"]

MOST_GROUPS = 10_000
MOST_NAMED = 8

# Files of settings do not know the callers: nobody calls until the user says how many do
CALLERS = Demand(
    calls_per_hour=0,
    talk_time=as_distribution({"mean": 180, "cv": 1}),
    patience=as_distribution({"dist": "expon", "scale": 120}),
)
CALLERS_TOLD = (
    "The file knows no callers. Nobody calls until you say how many (calls_per_hour); until you "
    "say otherwise, calls last 180 s on average (talk_time) and callers give up after 120 s on "
    "average (patience)."
)


def assembled(
    drafts: Sequence[GroupDraft],
    findings: Findings,
    source: str,
    format_name: str,
    *,
    wanted: Sequence[str] | None,
    numbers: Mapping[str, str],
    all_on_duty: bool,
) -> Imported:
    """Return drafts as groups of a scenario.

    Parameters
    ----------
    drafts : sequence of GroupDraft
        All groups of the files.
    findings : Findings
        Remarks; those on groups that are not wanted are left out.
    source : str
        Name of the files for errors.
    format_name : str
        Name of the format.
    wanted : sequence of str, optional
        Names or numbers of groups; None is all.
    numbers : mapping of str to str
        Numbers by the names of the files.
    all_on_duty : bool
        Whether members count as on duty whom the files take off duty.

    Raises
    ------
    ConfigurationError
        If there is no group, or none of a wanted name.
    """
    if len(drafts) > MOST_GROUPS:
        raise ConfigurationError(source, f"must hold at most {MOST_GROUPS:,} groups", len(drafts))
    if not drafts:
        first = next((each for kind in KINDS for each in findings.of(kind)), None)
        hint = "" if first is None else f"{first}."
        raise ConfigurationError(source, "must hold at least one ring group or queue", hint=hint)
    register = Register(drafts, numbers, findings)
    chosen = _chosen(drafts, wanted, register)
    works = {
        register.member(each) for draft in chosen for each in draft.members if not each.off_duty
    }
    groups, demand, presets = [], {}, {}
    off: dict[str, MemberDraft] = {}
    for draft in chosen:
        if not draft.members:
            findings.add(
                "not_expressed", draft.place, draft.name, draft.without_members, draft.name
            )
        number = register.group(draft)
        members = list(_members(draft, register, findings))
        if not all_on_duty:
            members = _without_absent(members, draft.name, works, register, findings)
            off |= {register.member(each): each for each in members if each.off_duty}
        groups.append(_group(draft, number, members, register))
        presets[number] = draft.preset
        demand[number] = CALLERS.replace(priority=draft.priority) if draft.priority else CALLERS
    for number, each in off.items():
        findings.add(
            "notes",
            each.place,
            each.name,
            f"{each.off_duty}: {number} is off duty for the whole day. Give all_on_duty "
            "(ringsim import --all-on-duty) if people log in",
        )
    scenario = Scenario(
        groups=groups,
        demand=demand,
        extensions=[Extension(number, on_duty=[]) for number in off],
    )
    names = {draft.name for draft in chosen}
    told = {kind: findings.of(kind, names) for kind in KINDS}
    told["notes"] = (*told["notes"], Finding("", 0, "", CALLERS_TOLD))
    return Imported(scenario, presets, format_name, **told)


def _chosen(
    drafts: Sequence[GroupDraft], wanted: Sequence[str] | None, register: Register
) -> list[GroupDraft]:
    """Return the drafts of some names or numbers, in the order of the files."""
    if wanted is None:
        return list(drafts)
    known = {name for draft in drafts for name in (draft.name, draft.title, register.group(draft))}
    for name in wanted:
        if name not in known:
            names = [draft.name for draft in drafts]
            raise ConfigurationError(
                "group",
                "must be a group or queue of the file",
                name,
                did_you_mean(name, known) or f"They are {listed(names, MOST_NAMED)}.",
            )
    return [
        draft for draft in drafts if {draft.name, draft.title, register.group(draft)} & set(wanted)
    ]


def _members(draft: GroupDraft, register: Register, findings: Findings) -> Iterator[MemberDraft]:
    """Yield the members who are people, each once; report the others."""
    seen: set[str] = set()
    for member in draft.members:
        number = register.member(member)
        name = f"{draft.name}.{member.name}"
        if number in register.group_numbers:
            findings.add(
                "not_expressed",
                member.place,
                name,
                f"{number} is a group, and a group is no member; it is left out",
                draft.name,
            )
        elif number in seen:
            findings.add(
                "not_expressed",
                member.place,
                name,
                f"{number} stands twice; it counts once",
                draft.name,
            )
        else:
            seen.add(number)
            yield member


def _without_absent(
    members: Sequence[MemberDraft],
    group: str,
    works: set[str],
    register: Register,
    findings: Findings,
) -> list[MemberDraft]:
    """Return the members without those who are off duty in this group and on duty in another."""
    kept = []
    for member in members:
        if member.off_duty and register.member(member) in works:
            text = f"{member.off_duty} here and not in another group; left out of this one"
            name = f"{group}.{member.name}"
            findings.add("not_expressed", member.place, name, text, group)
        else:
            kept.append(member)
    return kept


def _group(
    draft: GroupDraft, number: str, members: Sequence[MemberDraft], register: Register
) -> RingGroup:
    try:
        return RingGroup(
            name=draft.title or draft.name,
            extension_number=number,
            members=[Member(register.member(each), **each.fields) for each in members],
            **draft.group_fields(),
        )
    except ConfigurationError as wrong:
        raise wrong.inside(draft.name).in_file(str(draft.place)) from None
