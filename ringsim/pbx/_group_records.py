"""Ring groups as they are sent to the PBX, and comparison with what it reads back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import Member, RingGroup

__all__ = ["WRITABLE", "as_group", "body_of", "differences", "members_body"]

WRITABLE = (
    "name",
    "extension_number",
    "ring_time",
    "ring_strategy",
    "skip_busy_member",
    "enable_paid",
    "enable_prid",
    "extension_number_as_to_header",
    "no_answer_forward_rule",
    "night_mode_forward_rule",
    "enable_night_mode",
    "enable_audio_recording",
    "outbound_caller_ids",
)
RULES = ("no_answer_forward_rule", "night_mode_forward_rule")
CALLER_ID_FIELDS = ("provider_id", "caller_id", "description", "display_name")


def as_group(group: RingGroup | Mapping[str, Any]) -> RingGroup:
    """Return a record of a ring group, strict about the names of its fields.

    Raises
    ------
    ConfigurationError
        If a field is misspelt, or the group has a preset, which this PBX cannot play.
    """
    record = group if isinstance(group, RingGroup) else RingGroup(**group)
    if record.preset is not None:
        raise ConfigurationError(
            "preset",
            "must not be given for the PBX, which rings by its own rules",
            record.preset,
            "Give a ring_strategy.",
        )
    return record


def body_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a record that the PBX takes, in the form that it takes them.

    Raises
    ------
    ConfigurationError
        If a value has no form that the PBX takes, such as a ring time of 12.5 s.
    """
    body = {name: record[name] for name in WRITABLE if name in record}
    for name, value in body.items():
        if value is None and name not in RULES:
            raise ConfigurationError(name, "must not be null")
    if "ring_time" in body:
        if body["ring_time"] != int(body["ring_time"]):
            raise ConfigurationError(
                "ring_time", "must be a whole number of seconds for the PBX", body["ring_time"]
            )
        body["ring_time"] = int(body["ring_time"])
    for name in ("ring_strategy",):
        if name in body:
            body[name] = str(body[name])
    for name in RULES:
        if name in body:
            body[name] = _rule(body[name])
    if "outbound_caller_ids" in body:
        body["outbound_caller_ids"] = [
            {name: each[name] for name in CALLER_ID_FIELDS if name in each}
            for each in body["outbound_caller_ids"]
        ]
    return body


def _rule(rule: Any) -> dict[str, Any] | None:
    if not rule:
        return None
    sent = {"action": str(rule.get("action", "HANGUP"))}
    return {**sent, "number": str(rule["number"])} if rule.get("number") else sent


def check_names(changes: Iterable[str]) -> None:
    """Refuse names that are not writable fields of a ring group.

    Raises
    ------
    ConfigurationError
        If a name is none of the fields that an update can write.
    """
    known = [*(name for name in WRITABLE if name != "extension_number"), "members"]
    for name in changes:
        if name == "extension_number":
            raise ConfigurationError(name, "must stay: the PBX cannot change the number of a group")
        if name not in known:
            hint = did_you_mean(name, known) or f"They are {', '.join(known)}."
            raise ConfigurationError(name, "must be a field that the PBX can change", hint=hint)


def differences(sent: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields in which the PBX has something else than was sent, with both values.

    A field that this version of the PBX does not show cannot be compared.
    """
    return {
        name: (value, found[name])
        for name, value in sent.items()
        if name in found and _comparable(name, value) != _comparable(name, found[name])
    }


def _comparable(name: str, value: Any) -> Any:
    if name in RULES:
        return _rule(value)
    if name == "outbound_caller_ids":
        return [
            {key: each.get(key) or "" for key in CALLER_ID_FIELDS if each.get(key)}
            for each in value or []
        ]
    return value


def members_body(members: Iterable[Member | Mapping[str, Any] | str]) -> list[dict[str, Any]]:
    """Return members as the PBX takes them."""
    listed = RingGroup(members=list(members)).members
    return [
        {"extension_number": each.extension_number, "skill_level": each.skill_level}
        for each in listed
    ]
