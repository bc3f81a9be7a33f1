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

RULES: dict[str, dict[str, Any]] = {
    **{
        f"asterisk-queue/{name}": _asterisk_rules.rules_of(name, {})
        for name in _asterisk_rules.STRATEGIES
    },
    **{
        f"freepbx-ringgroup/{name}{end}": _freepbx_rules.rules_of(f"{name}{end}")
        for name in _freepbx_rules.STRATEGIES
        for end in ("", "-prim")
        if f"freepbx-ringgroup/{name}{end}" in names()
    },
    **{
        f"freeswitch-callcenter/{name}": _freeswitch_rules.rules_of(name, {})
        for name in _freeswitch_rules.STRATEGIES
    },
    **{
        f"fusionpbx/{name}": _fusionpbx_rules.rules_of(name, 300)
        for name in _fusionpbx_rules.STRATEGIES
    },
}
OF_IMPORTERS = tuple({name.partition("/")[0] for name in RULES})


def test_every_preset_of_these_systems_can_be_imported() -> None:
    known = {name for name in names() if name.startswith(OF_IMPORTERS) and "/" in name}
    assert known == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_file_without_settings_is_the_preset(name: str) -> None:
    """What an importer says of a strategy and what its preset says play the same."""
    rules, usual = RULES[name], rs.preset(name).rules
    ours = rs.RingGroup(rules=rules).rules.given()
    assert ours == {option: getattr(usual, option) for option in ours}
    written = rs.RingGroup(rules=rules).played_rules(ringing_is_busy=False)
    named = rs.RingGroup(preset=name).played_rules(ringing_is_busy=False)
    assert dict(written) == dict(named)


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


@pytest.mark.parametrize("strategy", ["ringallv2", "firstavailable", "firstnotonphone", "random"])
def test_a_strategy_whose_primary_form_has_no_preset_adds_the_option(
    tmp_path: Path, strategy: str
) -> None:
    path = tmp_path / "ringgroups.csv"
    path.write_text(f"grpnum,strategy,grptime,grplist\n600,{strategy}-prim,20,201-202\n")
    imported = rs.read_pbx(path)
    [group] = imported.groups
    assert imported.presets == {"600": f"freepbx-ringgroup/{strategy}"}
    assert group.own_rules.given() == {"primary": True}
    assert dict(group.rules) == dict(rs.Rules(**_freepbx_rules.rules_of(f"{strategy}-prim")))
