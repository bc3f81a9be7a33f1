"""Tests of what a command loads: libraries that it does not need would take most of its time."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

import ringsim as rs
from ringsim.cli import main
from ringsim.cli._process import NEW_OBJECTS, one_command

UNUSED = {
    *("matplotlib", "pandas", "pyarrow", "simpy", "scipy.optimize", "scipy.stats"),
    *("ringsim.audit", "ringsim.engine._compiled_options", "ringsim.reporting"),
}


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["screen", "json"])
def test_simulate_loads_only_what_it_uses(form: list[str], tmp_path: Path) -> None:
    office = tmp_path / "office.toml"
    main(["example", "--output", str(office)])
    code = (
        "import sys\nfrom ringsim.cli import main\n"
        f"assert main(['simulate', {str(office)!r}, '--replications', '2', *{form!r}]) == 0\n"
        f"print(sorted({UNUSED!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_command_of_its_own_process_collects_garbage_seldom() -> None:
    before = gc.get_threshold()
    try:
        with one_command():
            assert gc.isenabled()
            assert gc.get_threshold()[0] == NEW_OBJECTS
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_main_leaves_the_collector_of_its_caller_alone() -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    main(["strategies"])
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_main_without_arguments_is_the_command_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["ringsim", "--version"])
    before = gc.get_threshold()
    try:
        assert main() == 0
        assert gc.get_threshold()[0] == NEW_OBJECTS
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
    assert capsys.readouterr().out == f"ringsim {rs.__version__}\n"
