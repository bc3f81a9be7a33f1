"""Hypothesis strategies for records: the PBX's JSON, durations, people, demand and scenarios.

`json_trees`, `unknown_keys`
    Any JSON, and keys that ringsim does not know; some equal names in ringsim's own classes.
`groups_json`, `member_lists_json`, `rules_json`, `caller_ids_json`
    Records of the PBX; every optional field may be absent or null.
`spoiled`
    A valid record with one part replaced by any JSON.
`durations`, `demands`, `scenarios`
    Values of a scenario file, as Python objects.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st
from scipy import stats

from ringsim._model import PbxRecord
from ringsim._spelling import meant
from ringsim.distributions import Empirical, lognormal
from ringsim.group import NoAnswerForwardRule, OutboundCallerId, RingGroup, RingStrategy
from ringsim.scenario import Demand, Extension, Scenario

Fields = dict[str, st.SearchStrategy[Any]]

COLLIDING = (
    "replace",
    "given",
    "to_api",
    "from_api",
    "self",
    "cls",
    "data",
    "by_position",
    "fields",
    "model_config",
    "model_fields",
    "model_fields_set",
    "model_extra",
    "copy",
    "json",
    "_blanks",
    "notes",
    "_own",
    "_by_position",
    "__class__",
    "__dict__",
    "__init__",
    "__pydantic_extra__",
    "__pydantic_private__",
)

texts = st.text(max_size=8)
json_trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts | st.sampled_from(COLLIDING), inner, max_size=3)
    ),
    max_leaves=6,
)
extension_numbers = st.from_regex(r"[0-9]{3,64}", fullmatch=True) | st.sampled_from(
    [str(number) for number in range(201, 221)]
)


def unknown_keys(known: Iterable[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for unknown keys with any JSON as values."""
    names = (texts | st.sampled_from(COLLIDING)).filter(lambda name: name not in set(known))
    return st.dictionaries(names, json_trees, max_size=3)


def record(
    required: Fields, optional: Fields, reserved: Iterable[str] = ()
) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for a PBX record: optional fields absent, null or set, and unknown keys."""
    nullable = {name: st.none() | values for name, values in optional.items()}
    return st.builds(
        lambda unknown, known: {**unknown, **known},
        unknown_keys({*required, *optional, *reserved}),
        st.fixed_dictionaries(required, optional=nullable),
    )


CALLER_ID_FIELDS = (
    *("provider_id", "caller_id", "description", "display_name"),
    *("provider_name", "provider_brand", "provider_did_numbers"),
)
skill_levels = st.integers(1, 100)
ring_times = st.integers(0, 2**31 - 1) | st.floats(0, 1000)
seconds = st.integers(1, 1000) | st.floats(0.001, 1000)

members_json = record(
    {"extension_number": extension_numbers},
    {"skill_level": skill_levels | st.just(""), "display_name": texts},
)
member_lists_json = st.lists(
    members_json, max_size=4, unique_by=lambda member: member["extension_number"]
)
caller_ids_json = record({}, dict.fromkeys(CALLER_ID_FIELDS, texts))
rules_json = record(
    {}, {"action": st.sampled_from(["HANGUP", "REPEAT", "FORWARD_TO_VOICEMAIL"]), "number": texts}
) | record({"action": st.just("FORWARD_TO_NUMBER"), "number": st.text(min_size=1)}, {})

OWN_FIELDS = {
    "max_repeats": st.integers(0, 9),
    "repeat_delay": st.integers(0, 9),
    "rules": st.fixed_dictionaries({}, optional={"ringing_is_busy": st.booleans()}),
}
PBX_FIELDS = {
    "id": texts,
    "name": texts,
    "extension_number": extension_numbers,
    "ring_time": ring_times | st.just(""),
    "ring_strategy": st.sampled_from([strategy.value for strategy in RingStrategy]),
    "skip_busy_member": st.booleans(),
    "enable_paid": st.booleans(),
    "enable_prid": st.booleans(),
    "extension_number_as_to_header": st.booleans(),
    "no_answer_forward_rule": rules_json,
    "night_mode_forward_rule": json_trees,
    "enable_night_mode": json_trees,
    "enable_audio_recording": json_trees,
    "outbound_caller_ids": st.lists(caller_ids_json, max_size=2),
    "agents": member_lists_json,
}
groups_json = record({}, PBX_FIELDS, reserved=RingGroup.model_fields)


@st.composite
def spoiled(draw: st.DrawFn, records: st.SearchStrategy[Any]) -> Any:
    """Draw a record and replace one of its parts by any JSON."""
    whole = {"": copy.deepcopy(draw(records))}
    holder, key = draw(st.sampled_from(list(_places(whole))))
    holder[key] = draw(json_trees)
    return whole[""]


def _places(tree: Any) -> Iterable[tuple[Any, Any]]:
    """Yield every node inside a tree as its container and its key or index there."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in list(inside):
        yield tree, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


instants = st.integers(0, 30_000) | st.floats(0, 30_000)
frozen = st.sampled_from(
    [
        stats.expon(scale=60),
        stats.gamma(2, scale=3),
        stats.lognorm(0.9, scale=150),
        stats.uniform(5, 10),
        stats.weibull_min(1.5, loc=1, scale=20),
        stats.poisson(12),
        stats.randint(3, 9),
    ]
)
durations = (
    instants
    | st.just(math.inf)
    | st.builds(lognormal, mean=st.floats(0.1, 1e4), cv=st.floats(0, 5))
    | st.builds(Empirical, st.lists(instants | st.just(math.inf), min_size=1, max_size=4))
    | frozen
)
rates = st.integers(0, 60) | st.floats(0, 60)
demands = (
    st.builds(
        Demand,
        calls_per_hour=rates | st.lists(rates, max_size=4),
        interval=seconds,
        talk_time=durations,
        patience=durations,
    )
    | st.builds(
        Demand,
        calls_per_interval=st.lists(rates, max_size=4),
        interval=seconds,
        talk_time=durations,
    )
    | st.builds(
        Demand,
        arrives_at=st.lists(instants, max_size=4),
        talk_time=durations,
        wrap_up_time=durations,
    )
)
duties = st.sampled_from(
    [
        [],
        [("08:00", "12:00"), ("13:00", "17:00")],
        [("22:00", "06:00"), (10_000, 20_000.5)],
        [(0, 3600), (3600, math.inf)],
    ]
)


def people(numbers: Iterable[str]) -> st.SearchStrategy[list[Extension]]:
    """Return a strategy for up to three of these people, with delays, duty and own calls."""
    return st.lists(
        st.builds(
            Extension,
            extension_number=st.sampled_from(list(numbers)),
            answer_delay=durations,
            answer_probability=st.floats(0, 1) | st.integers(0, 1),
            on_duty=st.none() | duties,
            own_calls=st.none() | demands,
        ),
        max_size=3,
        unique_by=lambda person: person.extension_number,
    )


@st.composite
def scenarios(draw: st.DrawFn, *, nulls: bool = True) -> Scenario:
    """Draw a scenario of up to three groups, with or without nulls in their records."""
    groups = ["600", "601", "602"][: draw(st.integers(0, 3))]
    numbers = [str(number) for number in range(201, 207)]
    fields = record({}, {**PBX_FIELDS, **OWN_FIELDS}, reserved=RingGroup.model_fields)
    return Scenario(
        name=draw(texts),
        hours=draw(st.integers(17, 48) | st.floats(17, 48)),
        opens_at="08:00",
        ringing_is_busy=draw(st.booleans()),
        groups=[
            {
                **_constructible(draw(fields) if nulls else _without_nulls(draw(fields))),
                "extension_number": group,
                "agents": [
                    {"extension_number": number, "skill_level": draw(skill_levels)}
                    for number in draw(st.lists(st.sampled_from(numbers), unique=True))
                ],
            }
            for group in groups
        ],
        demand={group: draw(demands) for group in groups if draw(st.booleans())},
        extensions=draw(people(numbers)),
    )


def _constructible(group: dict[str, Any]) -> dict[str, Any]:
    """Return a group without misspelt keys, which the constructor refuses and `from_pbx` keeps."""
    kept = _spelt(group, RingGroup)
    if kept.get("no_answer_forward_rule"):
        rule = _spelt(kept["no_answer_forward_rule"], NoAnswerForwardRule)
        kept["no_answer_forward_rule"] = rule
    if kept.get("outbound_caller_ids"):
        ids = [_spelt(each, OutboundCallerId) for each in kept["outbound_caller_ids"]]
        kept["outbound_caller_ids"] = ids
    return kept


def _spelt(tree: dict[str, Any], kind: type[PbxRecord]) -> dict[str, Any]:
    known = (*kind.model_fields, "agents")
    kept = {key: value for key, value in tree.items() if key in known or not meant(key, known)}
    return kept if kept.keys() & set(known) else {}


def _without_nulls(tree: Any) -> Any:
    """Return a tree without nulls, which TOML does not have."""
    if isinstance(tree, dict):
        return {key: _without_nulls(value) for key, value in tree.items() if value is not None}
    if isinstance(tree, list):
        return [_without_nulls(value) for value in tree if value is not None]
    return tree
