"""Presets: the data, the record, groups with a preset, and files."""

from __future__ import annotations

import copy
import math
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim import presets
from ringsim.cli._push import _record
from ringsim.fitting._template import rings_together
from ringsim.pbx._group_records import as_group
from ringsim.presets import CERTAINTIES, Preset, names, preset, table
from ringsim.presets._read import GROUP_FIELDS
from ringsim.rules import DEFAULTS, ORDER_OPTIONS
from ringsim.scenario import changed

RRMEMORY = "asterisk-queue/rrmemory"
MEMBERS = ["201", "202", "203"]


def group(**fields: Any) -> rs.RingGroup:
    return rs.RingGroup(**{"extension_number": "600", "members": MEMBERS, **fields})


def office(**fields: Any) -> rs.Scenario:
    return rs.Scenario(groups=[group(**fields)])


def refusal(make: Any, *args: Any, **fields: Any) -> str:
    with pytest.raises(rs.ConfigurationError) as refused:
        make(*args, **fields)
    return str(refused.value)


class TestData:
    def test_there_are_as_many_as_phone_systems_and_strategies(self) -> None:
        assert len(names()) == len(set(names())) == 86
        assert len({name.partition("/")[0] for name in names()}) == 16

    @pytest.mark.parametrize("name", names())
    def test_every_cell_has_a_certainty_and_a_source(self, name: str) -> None:
        chosen = preset(name)
        options = [cell.option for cell in chosen.cells]
        assert len(options) == len(set(options))
        for cell in chosen.cells:
            assert cell.certainty in CERTAINTIES, cell
            assert cell.source or cell.certainty in ("inferred", "unknown"), cell
            assert cell.value is not None or (cell.to_give and cell.setting), cell
            known = (*rs.Rules.model_fields, *GROUP_FIELDS, "members.ring_time")
            assert cell.option in (*known, "members.ring_delay"), cell

    @pytest.mark.parametrize("name", names())
    def test_rules_have_what_the_cells_say(self, name: str) -> None:
        chosen = preset(name)
        given = {**chosen.rules.given(), **chosen.fields}
        for cell in chosen.cells:
            if cell.value is not None:
                assert given.pop(cell.option) == cell.value, cell
        assert given in ({}, {"auto_answer": False})
        assert set(ORDER_OPTIONS) <= set(chosen.rules.given())

    @pytest.mark.parametrize("name", names())
    def test_sentences_end_with_a_full_stop(self, name: str) -> None:
        chosen = preset(name)
        assert all(text.endswith(".") for text in (*chosen.notes, *chosen.limits))
        assert chosen.summary
        assert not chosen.summary.endswith(".")

    def test_a_bare_name_is_the_strategy_by_default(self) -> None:
        bare, whole = preset("asterisk-queue"), preset("asterisk-queue/ringall")
        assert bare.rules == whole.rules
        assert bare.fields == whole.fields
        assert "ringall" in bare.summary

    def test_an_unknown_name_has_a_hint(self) -> None:
        assert refusal(preset, "asterisk-queue/rrmemroy").endswith(f"Did you mean '{RRMEMORY}'?")
        assert "They are cucm/top-down, cucm/circular" in refusal(preset, "cucm")
        for wrong in ("zzz", "", 5, None, ["cucm/top-down"]):
            assert refusal(preset, wrong).endswith("`ringsim presets` lists them.")

    def test_tables(self) -> None:
        every, one = table(), preset(RRMEMORY).table
        assert list(every.index) == list(names())
        counted = every[list(CERTAINTIES)].sum(axis=1)
        assert list(counted) == [len(preset(name).cells) for name in names()]
        assert one.loc["rotation", "value"] == "rung"
        assert one.loc["rotation", "certainty"] == "traced"

    def test_the_page_of_phone_systems_names_presets_that_exist(self) -> None:
        page = " ".join((presets.__doc__ or "").split())
        known = set(names())
        found = re.findall(r"`([a-z0-9-]+/[a-z0-9-]+)`", page)
        assert len(found) > 5
        assert set(found) <= known
        for pbx in {name.partition("/")[0] for name in known}:
            assert f"`{pbx}" in page, pbx
        for listed in re.findall(r"`([a-z0-9-]+)/([a-z0-9-]+)`((?:,| or| and| `[a-z-]+`)+)", page):
            for strategy in re.findall(r"`([a-z-]+)`", listed[2]):
                assert f"{listed[0]}/{strategy}" in known

    def test_text_names_what_to_give_and_the_limits(self) -> None:
        text = str(preset("zoom/group-rotating"))
        assert text.startswith("zoom/group-rotating (Zoom Phone, call queues): rings a few")
        assert "at_once (size of the subset)" in text
        assert "Not expressed: Subsets" in text


class TestGroups:
    def test_a_preset_sets_what_the_group_does_not(self) -> None:
        chosen = preset(RRMEMORY)
        one = group(preset=RRMEMORY, rules={"retry_pause": 2}, skip_busy_member=True)
        assert one.ring_time == chosen.fields["ring_time"] == 15
        assert one.skip_busy_member is True
        assert one.rules.given() == {**chosen.rules.given(), "retry_pause": 2}
        assert one.own_rules.given() == {"retry_pause": 2}
        assert group(preset=RRMEMORY, ring_time=9).ring_time == 9

    @pytest.mark.parametrize("name", names())
    def test_it_is_written_as_its_name_and_what_was_set(self, name: str, tmp_path: Path) -> None:
        scenario = office(preset=name, ring_time=12, rules={"max_active_calls": 3})
        for suffix in ("json", "toml"):
            path = tmp_path / f"office.{suffix}"
            scenario.dump(path)
            assert rs.Scenario.load(path) == scenario
        assert scenario.to_file()["groups"][0] == {
            "extension_number": "600",
            "ring_time": 12,
            "members": [{"extension_number": number} for number in MEMBERS],
            "rules": {"max_active_calls": 3},
            "preset": name,
        }
        assert "preset" not in scenario.groups[0].to_api()

    @pytest.mark.parametrize("name", names())
    def test_nothing_is_set_that_was_not_given(self, name: str) -> None:
        one = group(preset=name)
        assert one.model_fields_set == {"extension_number", "members", "preset"}
        for same in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one), one.replace()):
            assert same == one
            assert same.to_file() == one.to_file()

    @pytest.mark.parametrize("suffix", ["json", "toml"])
    def test_limits_without_an_end_and_open_levels_are_written(
        self, suffix: str, tmp_path: Path
    ) -> None:
        scenario = office(
            preset=RRMEMORY,
            members=[rs.Member("201", ring_time=math.inf), "202"],
            rules={"max_wait_time": math.inf, "level_rules": [(0, None, 2), (30, None, "+1")]},
        )
        path = tmp_path / f"office.{suffix}"
        scenario.dump(path)
        assert rs.Scenario.load(path) == scenario

    def test_options_may_need_one_of_the_preset(self) -> None:
        assert group(preset=RRMEMORY, rules={"line_serves": "all"}).rules.line_serves == "all"

    def test_nulls_leave_the_options_of_the_preset(self) -> None:
        one = group(preset=RRMEMORY, rules={"retry_pause": None}, ring_strategy=None)
        assert one.rules.retry_pause == 5

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            (
                {"ring_strategy": "CYCLIC_HUNT"},
                f"ring_strategy must not be given beside preset '{RRMEMORY}', got 'CYCLIC_HUNT'.",
            ),
            (
                {"rules": {"order_by": ["skill_level"]}},
                "rules.rotation must have 'rotation' in order_by, got 'rung'. "
                f"The preset {RRMEMORY} sets rotation.",
            ),
            (
                {"rules": {"wait_in_line": False}},
                "rules.line_serves must have wait_in_line. "
                f"The preset {RRMEMORY} sets line_serves.",
            ),
            (
                {"rules": {"retry_pase": 1}},
                "rules must have no field 'retry_pase', got 1. Did you mean 'retry_pause'?",
            ),
            ({"rules": 3}, "rules must be a table, got 3."),
            ({"preset": [RRMEMORY]}, f"preset must be the name of a preset, got ['{RRMEMORY}']."),
            ({"preset": 5}, "preset must be the name of a preset, got 5. `ringsim presets` lists "),
            ({"preset": ""}, "preset must be the name of a preset, got ''."),
        ],
    )
    def test_conflicts_are_one_sentence(self, fields: dict[str, Any], said: str) -> None:
        assert refusal(group, **{"preset": RRMEMORY, **fields}).startswith(said)
        whole = {"preset": RRMEMORY, "extension_number": "600", **fields}
        assert refusal(rs.Scenario, groups=[whole]).startswith(f"groups[0].{said}")

    def test_repeat_makes_its_own_passes(self) -> None:
        again = {"action": "REPEAT"}
        scenario = office(preset=RRMEMORY, no_answer_forward_rule=again, max_repeats=2)
        assert scenario.rules("600").passes == 3
        scenario = office(preset=RRMEMORY, no_answer_forward_rule=again, rules={"passes": 7})
        assert scenario.rules("600").passes == 7

    def test_max_repeats_beside_own_passes_is_refused(self) -> None:
        assert office(preset=RRMEMORY, max_repeats=2).rules("600").passes == math.inf
        said = refusal(group, preset=RRMEMORY, max_repeats=2, rules={"passes": 7})
        assert said == "rules.passes must not be given beside max_repeats, got 7."


class TestChanges:
    def test_options_of_a_preset_are_changed_one_by_one(self) -> None:
        scenario = office(preset=RRMEMORY, rules={"retry_pause": 2})
        new = changed(scenario, {"rules.line_serves": "all", "ring_time": 9})
        assert new.to_file()["groups"][0]["rules"] == {"retry_pause": 2, "line_serves": "all"}
        assert new.groups[0].ring_time == 9
        assert changed(new, {"rules.retry_pause": None}).rules("600").retry_pause == 5

    def test_errors_name_the_path(self) -> None:
        scenario = office(preset=RRMEMORY)
        said = refusal(changed, scenario, {"rules.line_serves": "alls"})
        assert said.startswith(
            "rules.line_serves must be one of all, head, one_ringing, got 'alls'"
        )
        said = refusal(changed, scenario, {"groups.600.rules.rotation": "none"})
        assert said.startswith("groups.600.rules.order_by must not name rotation")
        assert refusal(changed, scenario, {"preset": "webex/cirular"}) == (
            "preset must be the name of a preset, got 'webex/cirular'. "
            "Did you mean 'webex/circular'?"
        )

    def test_a_preset_takes_the_place_of_a_strategy(self) -> None:
        scenario = office(
            ring_strategy="CYCLIC_HUNT", rules={"order_by": ["n_rung"], "retry_pause": 3}
        )
        new = changed(scenario, {"groups.600.preset": "webex/circular"}).groups[0]
        assert new == group(preset="webex/circular", rules={"retry_pause": 3})
        other = changed(office(preset=RRMEMORY), {"preset": "webex/circular"}).groups[0]
        assert other.to_file() == group(preset="webex/circular").to_file()

    def test_a_strategy_takes_the_place_of_a_preset(self) -> None:
        scenario = office(preset="freeswitch-callcenter/ring-progressively")
        new = changed(scenario, {"ring_strategy": "CYCLIC_HUNT"})
        cleared = {"order_by", "at_once", "one_wave", "rotation", "auto_answer"}
        cleared |= {"memory_hunt", "wave_step", "join_ringing"}
        old = scenario.groups[0].rules.given()
        kept = {name: value for name, value in old.items() if name not in cleared}
        assert new.groups[0].preset is None
        assert new.groups[0].rules.given() == kept
        assert new.groups[0].ring_time == 60
        assert new.rules("600").rotation == DEFAULTS["rotation"]

    def test_without_its_preset_a_group_keeps_what_it_set(self) -> None:
        new = changed(office(preset=RRMEMORY, rules={"retry_pause": 2}), {"preset": None})
        assert new.groups[0] == group(rules={"retry_pause": 2})


def test_a_fit_knows_whether_a_preset_rings_all_together() -> None:
    assert rings_together(group(preset="cucm/broadcast"))
    assert not rings_together(group(preset="cucm/top-down"))


def test_a_preset_is_not_written_to_the_pbx(tmp_path: Path) -> None:
    said = (
        "preset must not be given for the PBX, which rings by its own rules, "
        "got 'cucm/broadcast'. Give a ring_strategy."
    )
    assert refusal(as_group, group(preset="cucm/broadcast")) == said
    assert as_group(group(ring_strategy="CYCLIC_HUNT")).preset is None
    path = tmp_path / "office.toml"
    office(preset="cucm/broadcast").dump(path)
    assert refusal(_record, str(path), None, None, None) == said
    assert _record(str(path), None, "CYCLIC_HUNT", None).ring_strategy == "CYCLIC_HUNT"


def test_the_record_is_frozen() -> None:
    with pytest.raises(AttributeError):
        preset(RRMEMORY).name = "x"  # type: ignore[misc]
    assert isinstance(preset(RRMEMORY), Preset)
