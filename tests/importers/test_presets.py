"""Groups that are imported with a preset: the preset and what their files say otherwise."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim.importers import (
    _asterisk_rules,
    _freepbx_rules,
    _freeswitch_rules,
    _fusionpbx_rules,
)
from ringsim.presets import names

RULES: dict[str, tuple[rs.RingStrategy, dict[str, Any]]] = {
    **{
        f"asterisk-queue/{name}": (each[0], _asterisk_rules.rules_of(name, {}))
        for name, each in _asterisk_rules.STRATEGIES.items()
    },
    **{
        f"freepbx-ringgroup/{name}{end}": (each[0], _freepbx_rules.rules_of(f"{name}{end}"))
        for name, each in _freepbx_rules.STRATEGIES.items()
        for end in ("", "-prim")
        if f"freepbx-ringgroup/{name}{end}" in names()
    },
    **{
        f"freeswitch-callcenter/{name}": (each[0], _freeswitch_rules.rules_of(name, {}))
        for name, each in _freeswitch_rules.STRATEGIES.items()
    },
    **{
        f"fusionpbx/{name}": (each[0], _fusionpbx_rules.rules_of(name, 300))
        for name, each in _fusionpbx_rules.STRATEGIES.items()
    },
}
OF_IMPORTERS = tuple({name.partition("/")[0] for name in RULES})


def test_every_preset_of_these_systems_can_be_imported() -> None:
    known = {name for name in names() if name.startswith(OF_IMPORTERS) and "/" in name}
    assert known == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_file_without_settings_is_the_preset(name: str) -> None:
    """What an importer says of a strategy and what its preset says play the same."""
    strategy, rules = RULES[name]
    ours = rs.RingGroup(ring_strategy=strategy, rules=rules).rules.given()
    usual = rs.preset(name).rules
    assert ours == {option: getattr(usual, option) for option in ours}
    written = rs.RingGroup(ring_strategy=strategy, rules=rules).played_rules(ringing_is_busy=False)
    named = rs.RingGroup(preset=name).played_rules(ringing_is_busy=False)
    differ = {
        each for each in rs.Rules.model_fields if getattr(named, each) != getattr(written, each)
    }
    # No strategy of theirs answers by itself, and the scope of a pause counts where there is one
    assert differ <= {"auto_answer", *(["auto_pause_scope"] if no_pauses(named) else [])}


def no_pauses(rules: rs.Rules) -> bool:
    return rules.auto_pause_after == math.inf


def read(tmp_path: Path, strategy: str, settings: str = "") -> rs.RingGroup:
    path = tmp_path / "queues.conf"
    path.write_text(f"[600]\nstrategy={strategy}\n{settings}\nmember=SIP/201\n")
    [group] = rs.read_pbx(path).groups
    return group


def test_rules_are_what_differs_from_the_preset(tmp_path: Path) -> None:
    plain = read(tmp_path, "rrmemory")
    assert plain.preset == "asterisk-queue/rrmemory"
    assert not plain.own_rules.given()
    changed = read(tmp_path, "rrmemory", "retry=9\nweight=2\nmaxlen=0\nautofill=no")
    assert changed.own_rules.given() == {"retry_pause": 9, "queue_weight": 2}
    assert changed.rules.passes == math.inf
    table = rs.Scenario(groups=[changed]).to_file()["groups"][0]
    assert table["preset"] == "asterisk-queue/rrmemory"
    assert table["rules"] == {"retry_pause": 9, "queue_weight": 2}
    assert "ring_strategy" not in table


def test_a_strategy_without_preset_keeps_all_its_rules(tmp_path: Path) -> None:
    path = tmp_path / "ringgroups.csv"
    path.write_text("grpnum,strategy,grptime,grplist\n600,ringallv2-prim,20,201-202\n")
    imported = rs.read_pbx(path)
    [group] = imported.groups
    assert imported.presets == {"600": "freepbx-ringgroup/ringallv2-prim"}
    assert group.preset is None
    assert group.rules == rs.Rules(**_freepbx_rules.rules_of("ringallv2-prim"))
