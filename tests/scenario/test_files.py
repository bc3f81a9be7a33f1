"""Tests of scenario files: JSON and TOML are read and written back, and writes are atomic.

Includes arbitrary scenarios, and arbitrary JSON instead of a scenario.
"""

from __future__ import annotations

import errno
import io
import json
import math
import os
import sys
import types
from datetime import date
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ringsim import _files
from ringsim.distributions import Constant, Empirical, Lognormal, NamedScipy, lognormal
from ringsim.errors import ConfigurationError
from ringsim.group import Member, RingGroup
from ringsim.scenario import Demand, Extension, Scenario
from support.generated import json_trees, scenarios, spoiled
from support.helpers import makes_or_refuses, refusal

OFFICE = Scenario(
    name="Office",
    hours=8,
    opens_at="08:00",
    groups=[{"extension_number": "600", "members": ["201", "202"], "ring_time": 15}],
    demand={"600": Demand(calls_per_hour=[20, 40.5], talk_time=lognormal(mean=180, cv=1.2))},
    extensions=[
        Extension(
            "201",
            answer_delay=stats.gamma(2, scale=3),
            on_duty=[("08:00", "12:00")],
            own_calls=Demand(calls_per_hour=2, talk_time=120, patience=math.inf),
        )
    ],
)
OFFICE_JSON = """
{
  "name": "Office", "hours": 8, "opens_at": "08:00",
  "groups": [{"extension_number": "600", "members": ["201", "202"], "ring_time": 15}],
  "demand": {"600": {"calls_per_hour": [20, 40.5], "talk_time": {"mean": 180, "cv": 1.2}}},
  "extensions": [
    {
      "extension_number": "201",
      "answer_delay": {"dist": "gamma", "a": 2, "scale": 3},
      "on_duty": [["08:00", "12:00"]],
      "own_calls": {"calls_per_hour": 2, "talk_time": 120, "patience": "inf"}
    }
  ]
}
"""
OFFICE_TOML = """
name = "Office"
hours = 8
opens_at = "08:00"

[[groups]]
extension_number = "600"
members = ["201", "202"]
ring_time = 15

[demand.600]
calls_per_hour = [20, 40.5]
talk_time = {mean = 180, cv = 1.2}

[[extensions]]
extension_number = "201"
answer_delay = {dist = "gamma", a = 2, scale = 3}
on_duty = [["08:00", "12:00"]]
own_calls = {calls_per_hour = 2, talk_time = 120, patience = inf}
"""


def holding(folder: Path, contents: str | bytes, name: str = "office.json") -> Path:
    """Write a file with some contents and return its path."""
    path = folder / name
    path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
    return path


class TestReading:
    @pytest.mark.parametrize(
        ("name", "contents"),
        [
            pytest.param("office.json", OFFICE_JSON, id="JSON"),
            pytest.param("office.toml", OFFICE_TOML, id="TOML"),
            pytest.param("office", OFFICE_JSON, id="JSON, whose name does not say so"),
            pytest.param("office", OFFICE_TOML, id="TOML, whose name does not say so"),
            pytest.param("office.txt", "# a comment first\n" + OFFICE_TOML, id="TOML, commented"),
            pytest.param("office.json", "\ufeff" + OFFICE_JSON, id="JSON with a byte order mark"),
            pytest.param("office.toml", "\ufeff" + OFFICE_TOML, id="TOML with a byte order mark"),
            pytest.param("office.toml", OFFICE_TOML.replace("\n", "\r\n"), id="Windows' line ends"),
        ],
    )
    def test_a_scenario(self, tmp_path: Path, name: str, contents: str) -> None:
        assert Scenario.load(holding(tmp_path, contents, name)) == OFFICE

    @pytest.mark.parametrize(
        ("name", "contents", "data"),
        [
            pytest.param("x", "[1, 2]", [1, 2], id="a JSON list"),
            pytest.param("x", "[a]\nb = 1", {"a": {"b": 1}}, id="TOML that begins with a table"),
            pytest.param("x", "[[a]]\nb = 1", {"a": [{"b": 1}]}, id="TOML of a list of tables"),
            pytest.param("x.toml", "[a]\nb = 1", {"a": {"b": 1}}, id="the same by its name"),
            pytest.param("x", "a = 1", {"a": 1}, id="TOML that begins with a key"),
            pytest.param("x.json", " \n 5 ", 5, id="JSON by its name"),
            pytest.param("x", '{"a": "\u00fc"}', {"a": "\u00fc"}, id="not ASCII"),
        ],
    )
    def test_which_of_the_two_it_is(
        self, tmp_path: Path, name: str, contents: str, data: Any
    ) -> None:
        assert _files.read(holding(tmp_path, contents, name)) == data

    def test_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = types.SimpleNamespace(buffer=io.BytesIO(OFFICE_TOML.encode()))
        monkeypatch.setattr(sys, "stdin", stream)
        assert Scenario.load("-") == OFFICE

    @pytest.mark.parametrize(
        ("name", "contents", "sentence"),
        [
            ("x.json", "", "must hold a scenario or a ring group, and is empty."),
            ("x.json", " \n\t", "must hold a scenario or a ring group, and is empty."),
            ("x.json", "\ufeff", "must hold a scenario or a ring group, and is empty."),
            ("x.json", b"\xff\xfe", "must hold a scenario or a ring group, and is empty."),
            ("x.json", b"\xff\xfe{\x00}", "must be UTF-16 text, and is not at byte 4."),
            ("x.json", b"\xfe{}", "must be UTF-8 text, and is not at byte 0."),
            ("x.toml", b'name = "M\xfcller"', "must be UTF-8 text, and is not at byte 9."),
            (
                "x.json",
                "{'a': 1}",
                "must be JSON or TOML: Expecting property name enclosed in double quotes: "
                "line 1 column 2 (char 1).",
            ),
            (
                "x.toml",
                "a = 1\nb =",
                "must be JSON or TOML: Invalid value (at end of document).",
            ),
            (
                "x",
                "Dear all,",
                "must be JSON or TOML: Expected '=' after a key in a key/value pair "
                "(at line 1, column 6).",
            ),
            (
                "x",
                "[neither]\nnor",
                "must be JSON or TOML: Expecting value: line 1 column 2 (char 1).",
            ),
            ("x.json", '{"a": 1, "a": 2}', "must not hold a key twice in one table, got 'a'."),
            (
                "x.json",
                '{"a": {"b": 1, "c": 2, "b": 1}}',
                "must not hold a key twice in one table, got 'b'.",
            ),
            (
                "x.json",
                '{"a":' * 101 + "1" + "}" * 101,
                "must not be nested more than 100 levels deep.",
            ),
        ],
    )
    def test_what_cannot_be_read(
        self, tmp_path: Path, name: str, contents: str | bytes, sentence: str
    ) -> None:
        path = holding(tmp_path, contents, name)
        assert refusal(_files.read, path) == f"{path} {sentence}"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be"])
    def test_a_byte_order_mark_says_the_encoding(self, tmp_path: Path, encoding: str) -> None:
        """PowerShell 5 writes UTF-16 with a byte-order mark: `ringsim example > office.toml`."""
        mark = "" if encoding == "utf-8-sig" else "\ufeff"
        for name, text in {
            "x.toml": 'name = "Müller 😀"\r\n',
            "x.json": '{"name": "Müller 😀"}',
        }.items():
            path = holding(tmp_path, (mark + text).encode(encoding), name)
            assert _files.read(path) == {"name": "Müller 😀"}

    def test_a_toml_key_given_twice(self, tmp_path: Path) -> None:
        path = holding(tmp_path, "a = 1\na = 2\n", "x.toml")
        assert refusal(_files.read, path).startswith(f"{path} must be JSON or TOML: ")

    @pytest.mark.parametrize("opening", ["[", '{"a":', "x = [", "[t]\nx = ["])
    @pytest.mark.parametrize("levels", [400, 100_000])
    def test_no_depth_overflows_the_stack(self, tmp_path: Path, opening: str, levels: int) -> None:
        path = holding(tmp_path, opening + "[" * levels + "]" * levels, "deep")
        assert refusal(_files.read, path).startswith(f"{path} must ")

    def test_a_missing_file(self, tmp_path: Path) -> None:
        path = tmp_path / "none.toml"
        assert refusal(_files.read, path) == (
            f"{path} must be a readable file: no such file or directory."
        )

    def test_a_directory(self, tmp_path: Path) -> None:
        assert refusal(_files.read, tmp_path) == (
            f"{tmp_path} must be a readable file: is a directory."
        )

    def test_a_name_that_no_file_can_have(self) -> None:
        assert refusal(_files.read, "a\0b") == r"path must be the path of a file, got 'a\x00b'."

    def test_what_is_wrong_in_a_file_is_told_with_its_name(self, tmp_path: Path) -> None:
        path = holding(tmp_path, '{"groups": [{"extension_number": "600", "ring_time": -1}]}')
        assert refusal(Scenario.load, path) == (
            f"{path}: groups[0].ring_time must be from 0 to 2147483647 seconds, got -1."
        )

    def test_a_file_that_holds_no_table(self, tmp_path: Path) -> None:
        path = holding(tmp_path, "[1, 2]")
        assert refusal(Scenario.load, path) == (
            f"{path}: file must hold a table with the groups of a scenario, got [1, 2]."
        )

    def test_times_without_a_reading_on_the_clock(self, tmp_path: Path) -> None:
        path = holding(tmp_path, "hours = 08:00:00\ngroups = []", "x.toml")
        assert refusal(Scenario.load, path) == (
            f"{path}: hours must be a positive number of hours, at most 8784, "
            "got datetime.time(8, 0)."
        )


class TestThereAndBack:
    @given(scenario=scenarios())
    def test_through_json(
        self, tmp_path_factory: pytest.TempPathFactory, scenario: Scenario
    ) -> None:
        path = tmp_path_factory.getbasetemp() / "there.json"
        scenario.dump(path)
        assert Scenario.load(path) == scenario
        assert Scenario.load(path).to_file() == scenario.to_file()

    @given(scenario=scenarios(nulls=False))
    def test_through_toml(
        self, tmp_path_factory: pytest.TempPathFactory, scenario: Scenario
    ) -> None:
        path = tmp_path_factory.getbasetemp() / "there.toml"
        scenario.dump(path)
        assert Scenario.load(path) == scenario
        assert Scenario.load(path).to_file() == scenario.to_file()

    @pytest.mark.parametrize("suffix", [".json", ".toml"])
    @pytest.mark.parametrize(
        ("given", "in_file", "back"),
        [
            pytest.param(180, 180, Constant(180), id="number"),
            pytest.param(math.inf, "inf", Constant(math.inf), id="infinity"),
            pytest.param(
                lognormal(mean=180, cv=1.2),
                {"mean": 180, "cv": 1.2},
                Lognormal(180, 1.2),
                id="lognormal",
            ),
            pytest.param(
                Empirical([30, math.inf, 10]),
                {"samples": [10, 30, "inf"]},
                Empirical([10, 30, math.inf]),
                id="samples",
            ),
            pytest.param(
                stats.lognorm(0.9, scale=150),
                {"dist": "lognorm", "s": 0.9, "scale": 150},
                NamedScipy("lognorm", (("s", 0.9), ("scale", 150.0))),
                id="scipy's",
            ),
            pytest.param(
                stats.expon(),
                {"dist": "expon"},
                NamedScipy("expon", ()),
                id="scipy's without parameters",
            ),
        ],
    )
    def test_a_duration(
        self, tmp_path: Path, suffix: str, given: Any, in_file: Any, back: Any
    ) -> None:
        scenario = OFFICE.replace(demand={"600": Demand(arrives_at=[0], talk_time=given)})
        assert scenario.to_file()["demand"]["600"]["talk_time"] == in_file
        scenario.dump(tmp_path / f"office{suffix}")
        loaded = Scenario.load(tmp_path / f"office{suffix}")
        assert loaded.demand["600"].talk_time == back

    @pytest.mark.parametrize("suffix", [".json", ".toml"])
    def test_own_fields_and_what_only_the_pbx_knows(self, tmp_path: Path, suffix: str) -> None:
        scenario = Scenario(
            groups=[
                {
                    "extension_number": "600",
                    "agents": [{"extension_number": "201", "shift": {"from": "08:00"}}],
                    "max_repeats": 5,
                    "repeat_delay": 0,
                    "site": ["north", 4],
                }
            ],
            ringing_is_busy=True,
        )
        scenario.dump(tmp_path / f"office{suffix}")
        group = Scenario.load(tmp_path / f"office{suffix}").group("600")
        assert (group.max_repeats, group.repeat_delay) == (5, 0)
        assert group.to_api()["site"] == ["north", 4]
        assert group.to_api()["agents"][0]["shift"] == {"from": "08:00"}
        assert Scenario.load(tmp_path / f"office{suffix}").ringing_is_busy

    def test_only_what_was_given_is_written(self) -> None:
        scenario = Scenario(groups=[{"extension_number": "600"}], opens_at=None)
        assert scenario.to_file() == {"groups": [{"extension_number": "600"}]}

    def test_duty_without_an_end(self, tmp_path: Path) -> None:
        scenario = OFFICE.replace(extensions=[Extension("201", on_duty=[(0, 60), (90, math.inf)])])
        scenario.dump(tmp_path / "office.json")
        assert '"inf"' in (tmp_path / "office.json").read_text()
        assert Scenario.load(tmp_path / "office.json").duty("201") == ((0, 60), (90, math.inf))

    def test_numbers_from_numpy(self, tmp_path: Path) -> None:
        scenario = OFFICE.replace(
            demand={"600": Demand(calls_per_hour=np.array([20, 40]), talk_time=np.float32(0.5))},
            extensions=[Extension("201", on_duty=[(np.int64(0), np.int64(60))])],
        )
        scenario.dump(tmp_path / "office.json")
        assert Scenario.load(tmp_path / "office.json") == scenario
        assert json.loads((tmp_path / "office.json").read_text())["demand"]["600"] == {
            "calls_per_hour": [20, 40],
            "talk_time": 0.5,
        }


class TestWhatHasNoFormInAFile:
    @pytest.mark.parametrize(
        ("name", "site", "sentence"),
        [
            (
                "x.toml",
                None,
                "groups[0].site must be something that a .toml file can hold, got None. "
                "Write a .json file.",
            ),
            (
                "x.toml",
                [1, {"a": [None]}],
                "groups[0].site[1].a[0] must be something that a .toml file can hold, got None. "
                "Write a .json file.",
            ),
            (
                "x.json",
                math.nan,
                "groups[0].site must be something that a .json file can hold, got nan. "
                "Write a .toml file.",
            ),
            (
                "x.json",
                date(2026, 2, 3),
                "groups[0].site must be something that a .json file can hold, "
                "got datetime.date(2026, 2, 3). Write a .toml file.",
            ),
            (
                "x.json",
                {1, 2},
                "groups[0].site must be something that a .json file can hold, got {1, 2}. "
                "Write a .toml file.",
            ),
        ],
    )
    def test_of_an_unknown_key(self, tmp_path: Path, name: str, site: Any, sentence: str) -> None:
        scenario = Scenario(groups=[{"extension_number": "600", "site": site}])
        assert refusal(scenario.dump, tmp_path / name) == sentence
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("site", [math.nan, math.inf, date(2026, 2, 3)])
    def test_toml_holds_more(self, tmp_path: Path, site: Any) -> None:
        scenario = Scenario(groups=[{"extension_number": "600", "site": site}])
        scenario.dump(tmp_path / "x.toml")
        assert repr(Scenario.load(tmp_path / "x.toml")) == repr(scenario)

    @pytest.mark.parametrize("name", ["x.json", "x.toml"])
    def test_half_a_surrogate_pair(self, tmp_path: Path, name: str) -> None:
        scenario = Scenario(groups=[{"extension_number": "600", "site": "\ud800"}])
        path = tmp_path / name
        assert refusal(scenario.dump, path) == (
            f"{path} must be given text that is Unicode, got '\\ud800'."
        )
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("name", ["x.json", "x.toml"])
    def test_what_is_nested_too_deep(self, tmp_path: Path, name: str) -> None:
        deep: list[Any] = []
        for _ in range(99):
            deep = [deep]
        scenario = Scenario(groups=[{"extension_number": "600", "site": deep}])
        assert "must not be nested more than 100 levels" in refusal(scenario.dump, tmp_path / name)

    def test_a_distribution_that_scipy_does_not_name(self, tmp_path: Path) -> None:
        histogram = stats.rv_histogram(np.histogram([10, 20, 40]))
        scenario = OFFICE.replace(demand={}, extensions=[Extension("201", answer_delay=histogram)])
        assert refusal(scenario.dump, tmp_path / "x.json") == (
            "extensions[0].answer_delay must be in scipy.stats by name to be written to a file, "
            "got 'rv_histogram'. Give samples of it instead."
        )

    @pytest.mark.parametrize("name", ["office", "office.yaml", "office.JSON"])
    def test_other_kinds_of_files(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        assert refusal(OFFICE.dump, path) == f"path must end in .json or .toml, got '{path}'."


class FullDisk:
    """A file on a full disk, which fails when it is flushed."""

    def __call__(self, handle: int, binary: bool) -> IO[Any]:
        file = os.fdopen(handle, "wb" if binary else "w")
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, file.fileno())
        os.close(full)
        return file


class TestNeverHalfAFile:
    def test_a_new_file(self, tmp_path: Path) -> None:
        OFFICE.dump(tmp_path / "office.json")
        assert [path.name for path in tmp_path.iterdir()] == ["office.json"]

    @pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
    @pytest.mark.parametrize("binary", [False, True])
    def test_an_interruption_leaves_what_was_there(
        self, tmp_path: Path, stop: type[BaseException], binary: bool
    ) -> None:
        path = holding(tmp_path, "before")

        def write_half() -> None:
            with _files.replacing(path, binary=binary) as file:
                file.write(b"half" if binary else "half")
                file.flush()
                raise stop

        with pytest.raises(stop):
            write_half()
        assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [
            ("office.json", "before")
        ]

    def test_an_interruption_leaves_nothing_where_nothing_was(self, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt), _files.replacing(tmp_path / "office.json"):
            raise KeyboardInterrupt
        assert not list(tmp_path.iterdir())

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
    def test_a_full_disk_leaves_what_was_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = holding(tmp_path, "before")
        monkeypatch.setattr(_files, "_opened", FullDisk())
        assert refusal(OFFICE.dump, path) == (
            f"{path} must be a file that can be written: no space left on device."
        )
        assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [
            ("office.json", "before")
        ]

    def test_a_write_that_fails_is_told_as_the_system_says_it(self, tmp_path: Path) -> None:
        path = tmp_path / "office.json"
        with pytest.raises(ConfigurationError, match="file too large"), _files.replacing(path):
            raise OSError(errno.EFBIG, "File too large")

    def test_permissions_stay(self, tmp_path: Path) -> None:
        path = holding(tmp_path, "before")
        path.chmod(0o640)
        OFFICE.dump(path)
        assert path.stat().st_mode & 0o777 == 0o640
        assert Scenario.load(path) == OFFICE

    def test_a_new_file_has_the_permissions_of_any(self, tmp_path: Path) -> None:
        other = holding(tmp_path, "", "other")
        OFFICE.dump(tmp_path / "office.json")
        assert (tmp_path / "office.json").stat().st_mode == other.stat().st_mode

    @pytest.mark.parametrize(
        ("name", "dumped", "checked"),
        [
            ("no/office.json", "no such file or directory", "its folder does not exist"),
            ("folder.json", "is a directory", "it is a folder"),
        ],
    )
    def test_a_place_that_cannot_be_written(
        self, tmp_path: Path, name: str, dumped: str, checked: str
    ) -> None:
        (tmp_path / "folder.json").mkdir()
        path = tmp_path / name
        sentence = f"{path} must be a file that can be written: "
        assert refusal(OFFICE.dump, path) == f"{sentence}{dumped}."
        assert refusal(_files.check_writable, path) == f"{sentence}{checked}."
        assert [each.name for each in tmp_path.iterdir()] == ["folder.json"]

    def test_a_place_that_can(self, tmp_path: Path) -> None:
        _files.check_writable(tmp_path / "office.json")
        assert not list(tmp_path.iterdir())


class TestLookingUp:
    """Questions to a scenario about its groups and people."""

    def test_numbers_in_their_order(self) -> None:
        scenario = Scenario(
            groups=[
                {"extension_number": "601", "members": ["203", "201"]},
                {"extension_number": "600", "members": ["201", "204"]},
            ],
            extensions=[Extension("205"), Extension("201")],
        )
        assert scenario.group_numbers == ("601", "600")
        assert scenario.extension_numbers == ("203", "201", "204", "205")

    def test_people_as_listed_or_with_the_defaults(self) -> None:
        listed = Extension("201", answer_probability=0.5)
        scenario = Scenario(
            groups=[{"extension_number": "600", "members": ["201", "202"]}], extensions=[listed]
        )
        assert scenario.extension("201") == listed
        assert scenario.extension("202") == Extension("202")
        assert scenario.group("600").members == (Member("201"), Member("202"))

    def test_the_defaults_of_a_person(self) -> None:
        person = Extension("201")
        assert person.answer_delay == NamedScipy("gamma", (("a", 2.0), ("scale", 3.0)))
        assert (person.answer_probability, person.on_duty, person.own_calls) == (1, None, None)

    def test_the_defaults_of_demand_and_scenario(self) -> None:
        demand = Demand(calls_per_hour=1, talk_time=1)
        assert (demand.wrap_up_time, demand.patience) == (Constant(0), Constant(math.inf))
        scenario = Scenario(groups=[])
        assert (scenario.hours, scenario.ringing_is_busy, scenario.demand) == (8, False, {})

    def test_none_is_as_if_not_given(self) -> None:
        demand = Demand(calls_per_hour=None, arrives_at=[1], talk_time=1)
        assert demand == Demand(arrives_at=[1], talk_time=1)
        rate = demand.replace(arrives_at=None, calls_per_hour=4)
        assert rate == Demand(calls_per_hour=4, talk_time=1)
        person = Extension("201", on_duty=[], own_calls=demand)
        assert person.replace(on_duty=None, own_calls=None) == Extension("201")

    def test_what_can_be_gone_through_once_is_not_lost(self) -> None:
        assert Demand(arrives_at=iter([1, 2]), talk_time=1).arrives_at == (1, 2)
        assert Demand(calls_per_hour=iter([1, 2]), talk_time=1).calls_per_hour == (1, 2)


class TestAnyJsonAtAll:
    @given(json_trees)
    def test_as_a_whole(self, tree: Any) -> None:
        makes_or_refuses(Scenario.from_file, tree)

    @given(spoiled(scenarios().map(Scenario.to_file)))
    def test_inside_a_scenario(self, tree: Any) -> None:
        makes_or_refuses(Scenario.from_file, tree)

    @given(st.binary(max_size=20) | st.text(max_size=20).map(str.encode), st.sampled_from([*".tj"]))
    def test_any_bytes(
        self, tmp_path_factory: pytest.TempPathFactory, contents: bytes, kind: str
    ) -> None:
        suffix = {".": "", "t": ".toml", "j": ".json"}[kind]
        path = holding(tmp_path_factory.getbasetemp(), contents, f"any{suffix}")
        makes_or_refuses(Scenario.load, path)


ALL_KINDS = {
    "order_by": ["skill_level", "rotation"],
    "rotation": "rung",
    "passes": math.inf,
    "max_wait_time": math.inf,
    "wait_in_line": True,
    "join_empty": ["busy", "off_duty"],
    "level_rules": [(0, None, 2), (15, "+1", None, 3)],
}


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_options_of_rules_survive_a_file(suffix: str, tmp_path: Path) -> None:
    """Lists, rows with empty cells and numbers without limit are what files hold otherwise."""
    group = RingGroup(
        extension_number="600", rules=ALL_KINDS, members=[Member("201", ring_time=math.inf)]
    )
    scenario = Scenario(groups=[group])
    scenario.dump(tmp_path / f"office{suffix}")
    assert Scenario.load(tmp_path / f"office{suffix}") == scenario
