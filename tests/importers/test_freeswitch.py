"""FreeSWITCH's queues: the example, each parameter, agents, tiers and includes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim.importers._freeswitch_rules import STRATEGIES

CONFIGS = Path(__file__).parent / "configs" / "freeswitch"
FILE = """<configuration name="callcenter.conf"><settings>{settings}</settings>
<queues><queue name="sales@x.com">{queue}</queue></queues>
<agents>{agents}</agents>
<tiers>{tiers}</tiers></configuration>"""
AGENT = '<agent name="{0}@x.com" contact="user/{0}@x.com" status="Available" {1}/>'
TIER = '<tier agent="{}@x.com" queue="sales@x.com" level="{}" position="{}"/>'


def told(findings: Any) -> str:
    return "\n".join(map(str, findings))


def read(
    folder: Path,
    queue: dict[str, str] | None = None,
    agents: dict[str, str] | None = None,
    tiers: list[tuple[str, int, int]] | None = None,
    settings: str = "",
) -> Any:
    agents = {"201": "", "202": ""} if agents is None else agents
    seats = [(number, 1, 1) for number in agents] if tiers is None else tiers
    path = folder / "callcenter.conf.xml"
    path.write_text(
        FILE.format(
            settings=settings,
            queue="".join(f'<param name="{k}" value="{v}"/>' for k, v in (queue or {}).items()),
            agents="".join(AGENT.format(*each) for each in agents.items()),
            tiers="".join(TIER.format(*each) for each in seats),
        )
    )
    return rs.read_pbx(path)


def test_the_example_file() -> None:
    imported = rs.read_pbx(CONFIGS / "callcenter.conf.xml", numbers={"sales@example.com": "700"})
    sales, support = imported.groups
    assert sales.extension_number == "700"
    assert [member.extension_number for member in sales.members] == ["201", "203", "202"]
    assert [member.ring_time for member in sales.members] == [15, None, 20]
    assert sales.members[0].enforced_wrap_up == 10
    assert sales.rules.max_wait_time == 120
    assert sales.rules.rotation == "rung"
    assert support.rules.wave_step == 8
    assert imported.scenario.duty("203") == ()
    text = told(imported.not_expressed)
    for words in (
        "line 23, X-PRE-PROCESS include: ../queues/*.xml is not there",
        "line 11, sales@example.com.tier-rules-apply: tier rules are not played",
        "line 9, sales@example.com.max-wait-time-with-no-agent",
        "max-no-answer: the agents' values differ",
    ):
        assert words in text


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_each_strategy_plays(strategy: str, tmp_path: Path) -> None:
    imported = read(tmp_path, {"strategy": strategy})
    assert imported.presets == {"600": f"freeswitch-callcenter/{strategy}"}
    workload = rs.Workload(arrives_at=[0], talk_time=30, patience=100, group="600")
    rings = rs.play(imported.scenario, workload, engine="simpy").rings
    expected = {"ring-all": [0, 0, 60, 60], "ring-progressively": [0, 10, 70, 80]}
    assert rings["started_at"].tolist() == pytest.approx(expected.get(strategy, [0, 60]), abs=0.2)


@pytest.mark.parametrize(
    ("queue", "agents", "expected"),
    [
        ({"max-wait-time": "90"}, "", {"max_wait_time": 90}),
        ({"max-wait-time": "0"}, "", {"max_wait_time": math.inf}),
        ({"max-wait-time-with-no-agent": "9"}, "", {"leave_when_empty": ("off_duty",)}),
        ({}, 'wrap-up-time="10"', {"enforced_wrap_up": 10}),
        ({}, 'max-no-answer="3"', {"auto_pause_after": 3, "auto_pause_scope": "extension"}),
        ({}, 'max-no-answer="0"', {"auto_pause_after": math.inf}),
        ({}, 'reject-delay-time="7"', {"declined_rest": 7}),
        ({}, 'no-answer-delay-time="8"', {"missed_rest": 8}),
        ({"strategy": "no-such"}, "", {"order_by": ("skill_level",)}),
        ({}, "", {"order_by": ("skill_level", "last_completed_at"), "passes": math.inf}),
    ],
)
def test_each_setting(
    queue: dict[str, str], agents: str, expected: dict[str, Any], tmp_path: Path
) -> None:
    [group] = read(tmp_path, queue, {"201": agents}).groups
    for option, value in expected.items():
        assert getattr(group.rules, option) == value


def test_ring_times_of_settings_and_contacts(tmp_path: Path) -> None:
    settings = '<param name="agent-originate-timeout" value="25"/>'
    assert read(tmp_path, settings=settings).groups[0].ring_time == 25
    assert read(tmp_path).groups[0].ring_time == 60


@pytest.mark.parametrize(
    ("no_wait", "multiply", "levels", "rows"),
    [
        ("true", "true", [1, 2], [(0, 1, 1, None), (30, 1, 2, None)]),
        ("false", "true", [2, 3], [(0, 1, 1, None), (15, 1, 2, None), (30, 1, 3, None)]),
        ("true", "false", [1, 2], [(0, 1, 1, None), (15, 1, 2, None)]),
    ],
)
def test_tier_rules(
    no_wait: str, multiply: str, levels: list[int], rows: list[Any], tmp_path: Path
) -> None:
    imported = read(
        tmp_path,
        {
            "tier-rules-apply": "true",
            "tier-rule-wait-second": "15",
            "tier-rule-wait-multiply-level": multiply,
            "tier-rule-no-agent-no-wait": no_wait,
        },
        tiers=[("201", 1, 1), ("202", 2, 1)],
    )
    [group] = imported.groups
    assert group.rules.level_rules == tuple(rows)
    assert [member.skill_level for member in group.members] == levels
    assert bool(group.rules.empty_level_opens_next) == (no_wait == "true")
    assert ("before they are offered to the first level" in told(imported.notes)) == (
        no_wait == "false"
    )


def test_members_are_in_order_of_position_then_of_the_file(tmp_path: Path) -> None:
    tiers = [("203", 1, 2), ("202", 1, 1), ("201", 1, 2)]
    [group] = read(tmp_path, agents=dict.fromkeys(("201", "202", "203"), ""), tiers=tiers).groups
    assert [member.extension_number for member in group.members] == ["202", "203", "201"]


def test_what_cannot_be_played_is_named(tmp_path: Path) -> None:
    imported = read(
        tmp_path,
        {"skip-agents-with-external-calls": "false", "strategi": "random"},
        {"201": 'type="uuid-standby"'},
        [("201", 1, 1), ("299", 1, 1)],
    )
    text = told(imported.not_expressed)
    assert "the files hold no agent 299" in text
    assert "keeps a line open" in text
    assert "skip-agents-with-external-calls" in text
    assert "strategi: there is no such parameter. Did you mean 'strategy'?" in told(
        imported.not_understood
    )


def test_includes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "callcenter.conf.xml"
    path.write_text(
        '<?xml version="1.0"?>\n<configuration name="callcenter.conf"><queues>\n'
        '<X-PRE-PROCESS cmd="include" data="q/*.xml"/></queues>\n'
        '<!-- <queue name="shipped@x.com"/> --></configuration>'
    )
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "a.xml").write_text(
        '<?xml version="1.0"?>\n<queue name="a"/><queue name="b"/>'
    )
    assert [group.name for group in rs.read_pbx(path).groups] == ["a", "b"]
    (tmp_path / "q" / "b.xml").write_text('<X-PRE-PROCESS cmd="include" data="q/b.xml"/>')
    with pytest.raises(rs.ConfigurationError, match="must not include a file that includes this"):
        rs.read_pbx(path)
