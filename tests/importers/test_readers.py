"""Readers of other packages, the choice of a reader, and the record of the result."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

import ringsim as rs
from ringsim.group import RingStrategy
from ringsim.importers import (
    ConfigFile,
    Findings,
    GroupDraft,
    Importer,
    MemberDraft,
    Place,
    format_names,
)
from support.entry_points import Entry

CONFIGS = Path(__file__).parent / "configs"


class Plain(Importer):
    """Groups as lines `number member member`, below the line `PLAIN`."""

    name: ClassVar[str] = "plain"
    title: ClassVar[str] = "plain list"

    def recognises(self, file: ConfigFile) -> bool:
        return file.head.startswith("PLAIN")

    def read(self, files: Sequence[ConfigFile], findings: Findings) -> list[GroupDraft]:
        drafts = []
        for file in files:
            for line, text in enumerate(file.text.split("\n")[1:], 2):
                if text:
                    number, *members = text.split()
                    place = Place(file.name, line)
                    findings.add("dropped", place, "colour", "it changes no ringing", number)
                    drafts.append(
                        GroupDraft(
                            number,
                            number,
                            place,
                            "plain/all",
                            RingStrategy.RING_SIMULTANEOUSLY,
                            members=[MemberDraft(each, each, place) for each in members],
                        )
                    )
        return drafts


def test_readers_of_other_packages(install: Any, tmp_path: Path) -> None:
    path = tmp_path / "groups"
    path.write_text("PLAIN\n600 201 202\n601 203\n")
    install(Entry("plain", Plain))
    for name in ("auto", "plain"):
        imported = rs.read_pbx(path, format=name)
        assert [group.extension_number for group in imported.groups] == ["600", "601"]
        assert imported.format == "plain"
        assert [each.line for each in imported.dropped] == [2, 3]
    install(Entry("asterisk", Plain))
    with pytest.raises(rs.ConfigurationError, match="must have a name of its own"):
        rs.read_pbx(path)
    install(Entry("plain", dict))
    with pytest.raises(rs.ConfigurationError, match=r"derived from ringsim\.importers\.Importer"):
        rs.read_pbx(path)


@pytest.mark.parametrize("name", format_names())
def test_each_example_is_recognised(name: str) -> None:
    imported = rs.read_pbx(CONFIGS / name)
    assert imported.format == name
    assert rs.read_pbx(CONFIGS / name, format=name) == imported
    scenario = imported.scenario
    assert rs.Scenario.from_file(scenario.to_file()) == scenario
    assert {group.extension_number: group.preset for group in imported.groups} == imported.presets
    assert [demand.calls_per_hour for demand in scenario.demand.values()] == [0] * len(
        imported.groups
    )
    kinds = (imported.notes, imported.not_expressed, imported.not_understood, imported.dropped)
    assert all(each.file and each.text for kind in kinds for each in kind[:-1])


def test_files_of_another_kind_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("[600]\nmember=SIP/201\n")
    (tmp_path / "readme.txt").write_text("nothing\n")
    imported = rs.read_pbx(tmp_path)
    assert "readme.txt: the file is left out" in "\n".join(map(str, imported.notes))


def test_only_remarks_on_the_groups_wanted() -> None:
    imported = rs.read_pbx(CONFIGS / "asterisk", group="sales")
    text = str(imported)
    assert "support" not in text
    assert "Queue() in the dialplan" not in text
    assert "205 is off duty" in text


def test_the_import_is_light() -> None:
    code = "import ringsim, sys; print('ringsim.importers' in sys.modules, 'xml' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split()[0] == "False"
