"""Tests of the package: its names, the cost of importing it, and its files."""

from __future__ import annotations

import inspect
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from importlib.resources import files

import pytest

import ringsim
import ringsim.planning


def run(code: str) -> str:
    """Return the output of a new interpreter."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@cache  # one interpreter for all modules that must not be there
def imported_by(code: str) -> frozenset[str]:
    """Return the modules that a new interpreter has imported after running some code."""
    return frozenset(run(f"{code}\nimport sys; print(*sys.modules)").split())


def test_every_public_name_is_there_whatever_was_imported_before() -> None:
    """A submodule must not replace a function of the same name."""
    code = (
        "import pkgutil, ringsim, importlib\n"
        "for module in pkgutil.walk_packages(ringsim.__path__, 'ringsim.'):\n"
        "    module.name.endswith('__main__') or importlib.import_module(module.name)\n"
        "kinds = {name: type(getattr(ringsim, name)).__name__ for name in ringsim.__all__}\n"
        "print([name for name, kind in kinds.items() if kind == 'module'])"
    )
    modules = [
        "audit",
        "dispatch",
        "erlang",
        "estimators",
        "importers",
        "pbx",
        "plot",
        "presets",
        "records",
        "reporting",
        "testing",
    ]
    assert run(code) == str(modules)


def test_verbs_run_after_every_submodule_was_imported() -> None:
    """A submodule that is imported later must not take the place of a verb either."""
    code = """
import importlib, pkgutil
import ringsim as rs

for module in pkgutil.walk_packages(rs.__path__, "ringsim."):
    module.name.endswith("__main__") or importlib.import_module(module.name)

group = rs.RingGroup(extension_number="600", members=["201", "202"])
demand = rs.Demand(calls_per_hour=10, talk_time=rs.lognormal(mean=60, cv=1))
office = rs.Scenario(groups=[group], demand={"600": demand}, hours=1)
asked = {"group": "600", "target": rs.Target(answer_rate=0.5)}
results = [
    rs.play(office, rs.Workload.draw(office)),
    rs.simulate(office, replications=2),
    rs.compare(office, group="600", replications=2),
    rs.sweep(office, {"ring_time": [10, 20]}, group="600", replications=2),
    rs.size(office, **asked),
    rs.staffing(office, **asked),
    rs.optimize(office, over={"n_members": [1, 2]}, minimise="occupancy"),
    rs.roster(office, **asked, shifts=[rs.Shift(0, 3600)], replications_played=40),
    rs.stress(office, what=[rs.Stress.volume(2)], replications=2),
    rs.report(office, sections=[], replications=2),
]
print([type(result).__name__ for result in results])
"""
    kinds = ["CallLog", "Result", "Comparison", "Sweep", "Sizing", "Staffing"]
    kinds += ["Optimum", "Roster", "StressTest", "Report"]
    assert run(code) == str(kinds)


@pytest.mark.parametrize(
    "verb", ["compare", "optimize", "report", "roster", "size", "staffing", "stress"]
)
def test_verbs_about_a_group_take_it_beside_the_scenario(verb: str) -> None:
    scenario, group, *_ = inspect.signature(getattr(ringsim, verb)).parameters.values()
    assert (scenario.name, group.name) == ("scenario", "group")
    assert group.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD


def test_names_are_listed_and_unknown_ones_refused() -> None:
    assert set(dir(ringsim)) >= set(ringsim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = ringsim.simulat


@pytest.mark.parametrize("module", ["numpy", "pandas", "scipy", "simpy", "pydantic", "matplotlib"])
def test_import_is_light(module: str) -> None:
    assert module not in imported_by("import ringsim")


def test_records_do_not_import_what_only_drawing_needs() -> None:
    assert "scipy" not in imported_by("import ringsim; ringsim.Scenario")


@pytest.mark.parametrize(
    "module",
    ["pandas", "scipy.stats", "ringsim.planning._roster", "ringsim.engine._compiled_options"],
)
def test_a_study_imports_only_what_it_uses(module: str) -> None:
    assert module not in imported_by(
        "import ringsim\n"
        "group = {'extension_number': '600', 'members': ['201']}\n"
        "ringsim.simulate(ringsim.Scenario(groups=[group]), replications=2)"
    )


def test_names_of_a_part_are_refused_if_unknown() -> None:
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = ringsim.planning.simulat


def test_help_imports_no_numbers() -> None:
    code = (
        "import sys; from ringsim.cli import main\n"
        "main(['--help']); print({'numpy', 'pandas', 'scipy', 'matplotlib'} & set(sys.modules))"
    )
    assert run(code).endswith("set()")


def test_version_is_that_of_the_distribution() -> None:
    assert ringsim.__version__ == version("ringsim")


@pytest.mark.parametrize(
    "name",
    [
        "py.typed",
        "LICENSE",
        "data/my-office.toml",
        "data/ring-chart.svg",
        "data/words.toml",
        "presets/data/cucm.toml",
    ],
)
def test_package_carries_its_files(name: str) -> None:
    assert files("ringsim").joinpath(name).is_file()
