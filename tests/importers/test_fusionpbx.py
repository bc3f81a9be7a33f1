"""FusionPBX's ring groups: tables, dumps and JSON, each column, and a law."""

from __future__ import annotations

import json
import math
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringsim as rs
from ringsim.importers._fusionpbx_rules import STRATEGIES

CONFIGS = Path(__file__).parent / "configs" / "fusionpbx"


def told(findings: Any) -> str:
    return "\n".join(map(str, findings))


def destination(number: str, delay: Any = "0", timeout: Any = "20", **more: Any) -> dict[str, Any]:
    return {
        "destination_number": number,
        "destination_delay": delay,
        "destination_timeout": timeout,
        **more,
    }


def read(folder: Path, *members: dict[str, Any], **columns: Any) -> Any:
    group = {
        "ring_group_uuid": "u1",
        "ring_group_name": "Sales",
        "ring_group_extension": "600",
        "ring_group_strategy": "simultaneous",
        **columns,
    }
    path = folder / "groups.json"
    path.write_text(json.dumps([{**group, "members": list(members)}]))
    return rs.read_pbx(path)


def test_the_example_tables() -> None:
    imported = rs.read_pbx(CONFIGS)
    sales, back = imported.groups
    assert [(each.extension_number, each.ring_delay) for each in sales.members] == [
        ("201", 0),
        ("202", 5),
    ]
    assert sales.rules.max_wait_time == 60
    assert sales.no_answer_forward_rule.number == "601"
    assert back.no_answer_forward_rule.action == "FORWARD_TO_VOICEMAIL"
    assert [each.extension_number for each in back.members] == ["0123456789", "204"]  # as text
    assert [each.ring_time for each in back.members] == [20, 20]  # the last one's
    assert "slip of the PBX's script" in told(imported.notes)
    assert "203 is switched off" in told(imported.notes)
    assert "601.destination_prompt: 0123456789 confirms" in told(imported.not_expressed)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"ring_group_call_timeout": None}, {"rules.max_wait_time": 300}),
        ({"ring_group_call_timeout": "45"}, {"rules.max_wait_time": 45}),
        (
            {"ring_group_strategy": "sequence"},
            {"rules.at_once": 1, "rules.max_wait_time": math.inf},
        ),
        (
            {"ring_group_timeout_app": "transfer", "ring_group_timeout_data": "601 XML x"},
            {"no_answer_forward_rule.number": "601"},
        ),
        ({"ring_group_timeout_app": "hangup"}, {"no_answer_forward_rule.action": "HANGUP"}),
        ({"ring_group_timeout_app": "lua"}, {"no_answer_forward_rule.action": "HANGUP"}),
        (
            {"timeout_action": "voicemails", "timeout_target": "204"},
            {"no_answer_forward_rule.action": "FORWARD_TO_VOICEMAIL"},
        ),
        (
            {"timeout_action": "ring_groups", "timeout_target": "601"},
            {"no_answer_forward_rule.number": "601"},
        ),
    ],
)
def test_each_column(columns: dict[str, Any], expected: dict[str, Any], tmp_path: Path) -> None:
    [group] = read(tmp_path, destination("201"), destination("202"), **columns).groups
    for path, value in expected.items():
        assert attrgetter(path)(group) == value


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"ring_group_greeting": "hello.wav"}, "600.ring_group_greeting: what callers hear"),
        ({"ring_group_call_screen_enabled": True}, "600.ring_group_call_screen_enabled"),
        ({"ring_group_forward_enabled": "t"}, "600.ring_group_forward_enabled: every call"),
        ({"ring_group_follow_me_enabled": "true"}, "600.ring_group_follow_me_enabled"),
        ({"ring_group_timeout_app": "lua"}, "600.ring_group_timeout_app: lua is not read"),
    ],
)
def test_what_cannot_be_played_is_named(
    columns: dict[str, Any], words: str, tmp_path: Path
) -> None:
    assert words in told(read(tmp_path, destination("201"), **columns).not_expressed)


def test_members(tmp_path: Path) -> None:
    imported = read(
        tmp_path,
        destination("201", 5, 20),
        destination("1000", 5, 25),
        destination("202", 0, 0),
        destination("203", 0, 10, destination_enabled=False),
        destination("204", 0, 10, destination_enabled=True),
    )
    [group] = imported.groups
    assert [member.extension_number for member in group.members] == ["204", "1000", "201"]
    [alone] = read(tmp_path, destination("201", 0, 17)).groups
    assert alone.rules.max_wait_time == 17  # one destination: its own time-out


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_each_strategy_plays(strategy: str, tmp_path: Path) -> None:
    imported = read(
        tmp_path, destination("201"), destination("202", 5, 10), ring_group_strategy=strategy
    )
    workload = rs.Workload(arrives_at=[0], talk_time=30, group="600")
    rings = rs.play(imported.scenario, workload, engine="simpy").rings
    expected = {"simultaneous": [(0, 20), (5, 15)], "rollover": [(0, 10), (10, 20)]}
    found = sorted(zip(rings["started_at"], rings["ended_at"], strict=True))
    fallback = expected["simultaneous"] if strategy == "enterprise" else [(0, 20), (20, 30)]
    assert found == expected.get(strategy, fallback)


def test_a_group_that_is_off_is_left_out(tmp_path: Path) -> None:
    with pytest.raises(rs.ConfigurationError, match="must hold at least one ring group"):
        read(tmp_path, destination("201"), ring_group_enabled="false")


def test_a_dump_of_the_database(tmp_path: Path) -> None:
    path = tmp_path / "fusionpbx.sql"
    path.write_text(
        "-- PostgreSQL database dump\n"
        "COPY public.v_ring_groups (ring_group_uuid, ring_group_extension, ring_group_name,"
        " ring_group_strategy, ring_group_context) FROM stdin;\n"
        "u1\t600\tIt's\\tours\tsequence\t\\N\n\\.\n"
        "INSERT INTO public.v_ring_group_destinations (ring_group_uuid, destination_number)"
        " VALUES ('u1', '202'), ('u1', E'201'), ('u9', '299');\n"
    )
    imported = rs.read_pbx(path)
    [group] = imported.groups
    assert group.name == "It's\tours"
    assert [member.extension_number for member in group.members] == ["201", "202"]
    assert "1 destination of a group that the files do not have" in told(imported.not_understood)


def test_a_statement_inside_a_value_is_no_statement(tmp_path: Path) -> None:
    path = tmp_path / "fusionpbx.sql"
    inside = "INSERT INTO v_ring_groups (ring_group_uuid, ring_group_extension) VALUES (9, 999);"
    path.write_text(
        "-- PostgreSQL database dump\n"
        "INSERT INTO v_ring_groups (ring_group_description, ring_group_uuid, ring_group_extension)"
        f" VALUES ('it is\n{inside}\n', 'u1', '600');\n"
    )
    assert [group.extension_number for group in rs.read_pbx(path).groups] == ["600"]


@given(
    st.lists(
        st.tuples(
            st.integers(200, 9999).map(str),
            st.integers(0, 30),
            st.integers(1, 60),
            st.booleans(),
        ),
        unique_by=lambda one: one[0],
        max_size=6,
    ),
    st.sampled_from(sorted(STRATEGIES)),
    st.randoms(use_true_random=False),
)
def test_the_order_of_destinations_is_irrelevant(
    tmp_path_factory: pytest.TempPathFactory, members: list[Any], strategy: str, random: Any
) -> None:
    folder = tmp_path_factory.getbasetemp()
    rows = [
        destination(number, delay, timeout, destination_enabled=enabled)
        for number, delay, timeout, enabled in members
        if number != "600"
    ]
    one = read(folder, *rows, ring_group_strategy=strategy).groups
    assert read(folder, *random.sample(rows, len(rows)), ring_group_strategy=strategy).groups == one
