"""Options that exclude or need each other: one sentence, with the path of one and both names."""

from __future__ import annotations

from typing import Any

import pytest

import ringsim as rs
from ringsim.engine import plan_of

LINE = {"wait_in_line": True, "passes": "inf", "max_wait_time": 60}
BY_LEVEL = {"order_by": ["skill_level"], "level_rules": [(0, 1, 1)]}
PAGE = {"ring_strategy": "PAGING_INTERCOM"}
EVERYBODY = {"ring_strategy": "RING_SIMULTANEOUSLY"}
ONE_LATE = {"members": ["201", {"extension_number": "202", "ring_delay": 3}]}
ENDLESS = {"members": ["201", {"extension_number": "202", "ring_time": "inf"}]}
REPEAT = {"no_answer_forward_rule": {"action": "REPEAT"}}
OF_LINES: dict[str, Any] = {
    "line_serves": "head",
    "line_poll": 1,
    "max_queue_length": 2,
    "join_empty": ["busy"],
    "leave_when_empty": ["busy"],
    "queue_weight": 1,
}
OF_PAUSES: dict[str, Any] = {
    "auto_pause_time": 3,
    "auto_pause_scope": "extension",
    "auto_pause_on_decline": True,
    "auto_pause_grace": 3,
}
NOT_OF_PAGES: dict[str, Any] = {
    "after_decline": "end",
    "declined_again": False,
    "missed_rest": 3,
    "declined_rest": 3,
    "auto_pause_after": 1,
    "wait_in_line": True,
}

# Options of a group, other fields of it, the path of the option that is refused, and the other
CONFLICTS: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"order_by": ["rotation"]}, {}, "rules.order_by", "the option rotation"),
    ({"rotation": "rung"}, {}, "rules.rotation", "order_by"),
    ({"rotation": "rung", "order_by": ["n_rung"]}, {}, "rules.rotation", "order_by"),
    ({"order_fixed": "call", **LINE}, {}, "rules.wait_in_line", "order_fixed"),
    (
        {"order_fixed": "call", "join_ringing": True, "at_once": "ALL"},
        {},
        "rules.join_ringing",
        "order_fixed",
    ),
    ({"order_fixed": "call", **BY_LEVEL}, {}, "rules.level_rules", "order_fixed"),
    ({"memory_hunt": "again", "at_once": "ALL"}, {}, "rules.memory_hunt", "at_once"),
    ({"memory_hunt": "again", "one_wave": True}, {}, "rules.memory_hunt", "one_wave"),
    ({"memory_hunt": "again"}, EVERYBODY, "rules.memory_hunt", "at_once"),
    ({"memory_hunt": "again", "at_once": 1}, EVERYBODY, "rules.memory_hunt", "one_wave"),
    ({"wave_step": 3}, {}, "rules.wave_step", "memory_hunt"),
    ({"memory_hunt": "again", "wave_step": 3}, {}, "rules.wave_step", "memory_hunt"),
    ({"memory_hunt": "ring_on"}, {}, "rules.wave_step", "memory_hunt"),
    ({}, ONE_LATE, "members[1].ring_delay", "at_once"),
    ({"at_once": 1}, {**EVERYBODY, **ONE_LATE}, "members[1].ring_delay", "at_once"),
    ({"passes": 2}, {**REPEAT, "max_repeats": 2}, "rules.passes", "max_repeats"),
    ({"repeat_delay": 2}, {**REPEAT, "repeat_delay": 2}, "rules.repeat_delay", "repeat_delay"),
    ({"passes": "inf"}, {}, "rules.passes", "retry_pause"),
    ({"passes": "inf", "retry_pause": 0}, {}, "rules.passes", "wait_in_line"),
    ({"last_ring": "finish"}, {}, "rules.last_ring", "max_wait_time"),
    ({"join_ringing": True}, {}, "rules.join_ringing", "at_once"),
    (
        {"join_ringing": True, "order_fixed": "pass"},
        EVERYBODY,
        "rules.join_ringing",
        "order_fixed",
    ),
    ({"primary": True}, {}, "rules.primary", "order_fixed"),
    ({"primary": True, "order_fixed": "pass"}, {}, "rules.primary", "order_fixed"),
    ({"level_rules": [(0, 1, 1)]}, {}, "rules.level_rules", "order_by"),
    ({**BY_LEVEL, "order_by": ["n_rung", "skill_level"]}, {}, "rules.level_rules", "order_by"),
    *(({name: value}, {}, f"rules.{name}", "wait_in_line") for name, value in OF_LINES.items()),
    *(
        ({name: value, "wait_in_line": False}, {}, f"rules.{name}", "wait_in_line")
        for name, value in OF_LINES.items()
    ),
    *(
        ({name: value}, {}, f"rules.{name}", "auto_pause_after")
        for name, value in OF_PAUSES.items()
    ),
    ({"after_decline": "rest"}, ENDLESS, "members[1].ring_time", "after_decline"),
    *(
        ({name: value, "auto_answer": True}, {}, f"rules.{name}", "auto_answer")
        for name, value in NOT_OF_PAGES.items()
    ),
    *(
        ({name: value}, PAGE, f"rules.{name}", "auto_answer")
        for name, value in NOT_OF_PAGES.items()
    ),
]


def refusal(rules: dict[str, Any], fields: dict[str, Any]) -> str:
    """Return the sentence that refuses a group, when it is made or when it is to be played."""
    group = {
        "extension_number": "600",
        "members": ["201", "202"],
        "ring_strategy": "PRIORITIZED_HUNT",
        **fields,
        "rules": rules,
    }
    with pytest.raises(rs.ConfigurationError) as refused:
        plan_of(rs.Scenario(groups=[group]), None)
    return str(refused.value)


@pytest.mark.parametrize(
    ("rules", "fields", "subject", "other"),
    CONFLICTS,
    ids=[f"{', '.join([*rules, *fields])}-{other}" for rules, fields, _, other in CONFLICTS],
)
def test_a_conflict_is_one_sentence_that_names_both(
    rules: dict[str, Any], fields: dict[str, Any], subject: str, other: str
) -> None:
    sentence = refusal(rules, fields)
    assert sentence.startswith((f"groups[0].{subject} must ", f"groups.600.{subject} must "))
    assert other in sentence.partition(" must ")[2]
    assert "\n" not in sentence


def test_a_conflict_with_a_preset_names_it() -> None:
    with pytest.raises(rs.ConfigurationError, match="The preset asterisk-queue/rrmemory sets"):
        rs.RingGroup(preset="asterisk-queue/rrmemory", rules={"order_fixed": "call"})
