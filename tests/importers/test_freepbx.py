"""FreePBX's ring groups: rows in every form, each column, the key store, and a law."""

from __future__ import annotations

import csv
import json
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringsim as rs
from ringsim.importers._freepbx import IN_ORDER
from ringsim.importers._freepbx_rules import STRATEGIES, rules_of
from ringsim.presets import names

CONFIGS = Path(__file__).parent / "configs" / "freepbx"
ROW = {"grpnum": "600", "strategy": "hunt", "grptime": "20", "grplist": "201-202", "postdest": ""}


def told(findings: Any) -> str:
    return "\n".join(map(str, findings))


def read(folder: Path, keys: str = "", **columns: str) -> Any:
    path = folder / "groups.json"
    path.write_text(json.dumps([{**ROW, **columns}]), "utf-8")
    files = [path]
    if keys:
        files.append(folder / "astdb.txt")
        files[-1].write_text(keys)
    return rs.read_pbx(files)


def test_the_example_table() -> None:
    imported = rs.read_pbx(CONFIGS / "ringgroups.csv")
    sales, back = imported.groups
    assert imported.presets == {
        "600": "freepbx-ringgroup/hunt",
        "601": "freepbx-ringgroup/ringall",
    }
    assert (sales.name, sales.ring_time, sales.skip_busy_member) == ("Sales", 20, True)
    assert sales.no_answer_forward_rule.number == "601"
    assert back.no_answer_forward_rule.action == "FORWARD_TO_VOICEMAIL"
    assert "601.cwignore: call waiting of the members" in told(imported.notes)
    assert not imported.not_expressed


def test_the_example_backup_with_its_key_store() -> None:
    backup = [CONFIGS / "backup-ringgroups.json", CONFIGS / "astdb.txt"]
    imported = rs.read_pbx(backup, group=["600", "601", "602"])
    sales, back, door = (imported.scenario.group(number) for number in ("600", "601", "602"))
    assert sales.rules.memory_hunt == "again"
    assert back.rules.primary
    assert [member.extension_number for member in back.members] == ["205", "0123456789"]
    assert [member.skip_busy for member in door.members] == [None, True]
    assert imported.scenario.duty("203") == ()
    text = told(imported.not_expressed)
    for words in ("601.annmsg_id", "601.needsconf", "204 forwards calls, and the group ignores"):
        assert words in text
    on_duty = rs.read_pbx(backup, all_on_duty=True)
    assert on_duty.scenario.duty("203") is None


def test_of_one_number_the_later_row_counts() -> None:
    imported = rs.read_pbx(CONFIGS)  # the backup, then the table
    assert [group.extension_number for group in imported.groups] == ["600", "601", "602"]
    assert imported.presets["600"] == "freepbx-ringgroup/hunt"
    assert "600: the group stands at" in told(imported.notes)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"grptime": "0"}, {"ring_time": 86400}),
        ({"grptime": "x"}, {"ring_time": 20}),
        ({"cwignore": "CHECKED"}, {"skip_busy_member": True}),
        ({"strategy": "firstnotonphone"}, {"skip_busy_member": True}),
        ({"strategy": "hunt-prim"}, {"rules.primary": True}),
        ({"strategy": "memoryhunt"}, {"rules.memory_hunt": "again"}),
        ({"description": "Back office"}, {"name": "Back office"}),
        ({"postdest": "ext-queues,700,1"}, {"no_answer_forward_rule.number": "700"}),
        ({"postdest": "from-did-direct,204,1"}, {"no_answer_forward_rule.number": "204"}),
        (
            {"postdest": "ext-local,vmb204,1"},
            {"no_answer_forward_rule.action": "FORWARD_TO_VOICEMAIL"},
        ),
        ({"postdest": "app-blackhole,hangup,1"}, {"no_answer_forward_rule.action": "HANGUP"}),
        ({"postdest": "ivr-2,s,1"}, {"no_answer_forward_rule.action": "HANGUP"}),
    ],
)
def test_each_column(columns: dict[str, str], expected: dict[str, Any], tmp_path: Path) -> None:
    [group] = read(tmp_path, **columns).groups
    for path, value in expected.items():
        assert attrgetter(path)(group) == value


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"grptime": "0"}, "600.grptime: 0 is no limit"),
        ({"postdest": "ivr-2,s,1"}, "600.postdest: ivr-2 is not read"),
        ({"needsconf": "CHECKED"}, "600.needsconf: members confirm"),
        ({"annmsg_id": "4"}, "600.annmsg_id: the announcement"),
        ({"annmsg": "welcome"}, "600.annmsg: the announcement"),
        ({"strategy": "ringallv2"}, "600.strategy: follow-me"),
        ({"grplist": "201-202-201"}, "201 stands twice"),
    ],
)
def test_what_cannot_be_played_is_named(
    columns: dict[str, str], words: str, tmp_path: Path
) -> None:
    assert words in told(read(tmp_path, **columns).not_expressed)


def test_what_is_not_understood(tmp_path: Path) -> None:
    imported = read(tmp_path, strategy="hnut", gprtime="12")
    text = told(imported.not_understood)
    assert "600.strategy: must be a strategy of FreePBX, got 'hnut'; ringall counts." in text
    assert "Did you mean 'hunt'?" in text
    assert "600.gprtime: there is no such column. Did you mean 'grptime'?" in text


@pytest.mark.parametrize("strategy", [*STRATEGIES, *(f"{name}-prim" for name in STRATEGIES)])
def test_each_strategy_plays(strategy: str, tmp_path: Path) -> None:
    imported = read(tmp_path, keys="/CW/201 : ENABLED\n/CW/202 : ENABLED\n", strategy=strategy)
    known = f"freepbx-ringgroup/{strategy}" in names()
    used = strategy if known else strategy.removesuffix("-prim")
    assert imported.presets == {"600": f"freepbx-ringgroup/{used}"}
    assert imported.groups[0].rules.primary == (strategy.endswith("-prim") or None)
    workload = rs.Workload(arrives_at=[0], talk_time=30, group="600")
    rings = rs.play(imported.scenario, workload, engine="simpy").rings
    waves = {"memoryhunt": [0, 20, 20], "hunt": [0, 20], "random": [0, 20]}
    alone = {"firstavailable": [0], "firstnotonphone": [0]}
    plain = strategy.removesuffix("-prim")
    assert rings["started_at"].tolist() == {**waves, **alone}.get(plain, [0, 0])


GROUPS = st.fixed_dictionaries(
    {
        "grpnum": st.integers(600, 699).map(str),
        "strategy": st.sampled_from([*STRATEGIES, "hunt-prim", "ringall-prim"]),
        "grptime": st.integers(1, 300).map(str),
        "grplist": st.lists(st.integers(200, 599).map(str), unique=True).map("-".join),
        "postdest": st.sampled_from(["", "ext-group,601,1", "ext-local,vmu204,1"]),
        "description": st.sampled_from(["Sales", 'it\'s; (odd), "quoted"', "Büro\n2", ""]),
        "cwignore": st.sampled_from(["", "CHECKED"]),
        "grppre": st.sampled_from(["", "VALUES ('x')"]),
    }
)


def in_csv(row: dict[str, str], path: Path) -> Path:
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerow(row)
    return path.with_suffix(".csv")


def in_sql(row: dict[str, str], path: Path) -> Path:
    values = {name: row.get(name, "") for name in IN_ORDER}
    quoted = (
        "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
        for value in values.values()
    )
    path.with_suffix(".sql").write_text(
        f"-- MySQL dump\nINSERT INTO `ringgroups` VALUES ({','.join(quoted)});\n", "utf-8"
    )
    return path.with_suffix(".sql")


def in_json(row: dict[str, str], path: Path) -> Path:
    path.with_suffix(".json").write_text(json.dumps({"configs": {"groups": [row]}}), "utf-8")
    return path.with_suffix(".json")


@given(GROUPS)
def test_a_row_is_the_same_group_in_every_form(
    tmp_path_factory: pytest.TempPathFactory, row: dict[str, str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "groups"
    [group] = rs.read_pbx(in_csv(row, path)).groups
    assert rs.read_pbx(in_sql(row, path)).groups == (group,)
    assert rs.read_pbx(in_json(row, path)).groups == (group,)
    assert group.extension_number == row["grpnum"]
    assert group.ring_time == int(row["grptime"])
    assert [member.extension_number for member in group.members] == (
        row["grplist"].split("-") if row["grplist"] else []
    )
    told = rs.Rules(**rules_of(row["strategy"])).given()
    assert told == {option: getattr(group.rules, option) for option in told}
    assert group.preset is None or not group.own_rules.given()
