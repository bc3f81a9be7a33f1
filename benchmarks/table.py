"""Measures everything in one run and writes the tables into the README of this folder.

python benchmarks/table.py                    # print all tables
python benchmarks/table.py studies threads    # print some tables
python benchmarks/table.py --write            # write all tables into README.md
python benchmarks/table.py --smoke            # test all tables with little work
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import tables_peers  # first: Cimba-Python must be imported before numba compiles anything
import tables_processes
import tables_speed
import tables_twin
from cases import bare
from measure import processor_seconds
from scale import Scale

CPUINFO = Path("/proc/cpuinfo")
README = Path(__file__).with_name("README.md")
FULL, SMOKE = Scale(rounds=11, part=1), Scale(rounds=1, part=50)
TABLES = {
    name: getattr(module, name)
    for module in (tables_speed, tables_processes, tables_peers, tables_twin)
    for name in module.__all__
}


def main() -> None:
    """Measure and print the tables, and write them with `--write`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)}")
    parser.add_argument("--write", action="store_true", help="write all into README.md")
    parser.add_argument("--smoke", action="store_true", help="little of everything, once")
    asked = parser.parse_args()
    unknown = set(asked.tables) - set(TABLES)
    if unknown:
        parser.error(f"no table {', '.join(sorted(unknown))}: there are {', '.join(TABLES)}")
    if asked.write and (asked.tables or asked.smoke):
        parser.error("--write takes all tables, and as they are measured in full")
    measured = {}
    wall, processor = time.perf_counter(), processor_seconds()
    for name in asked.tables or TABLES:
        measured[name] = TABLES[name](SMOKE if asked.smoke else FULL)
        print(f"{name}\n\n{measured[name]}\n", flush=True)
    share = (processor_seconds() - processor) / (time.perf_counter() - wall)
    measured["machine"] = machine(share)
    print(measured["machine"])
    if asked.write:
        README.write_text(filled(README.read_text(encoding="utf-8"), measured), encoding="utf-8")


def machine(share: float) -> str:
    """Return a sentence about the machine, the versions, and the processors that were available."""
    yardstick = bare(20_000)
    each = min(yardstick.seconds() for _ in range(5)) / yardstick.calls
    names = ("numba", "numpy", "pandas", "scipy", "simpy", "salabim", "ciw", "cimba")
    versions = [f"{name} {version(name)}" for name in names if find_spec(name)]
    return (
        f"Measured with Python {platform.python_version()}, {', '.join(versions)}, on"
        f" {os.cpu_count()} processors ({processor_model()}), of which the benchmarks had"
        f" {share:.2f} on average. The bare script takes {1e6 * each:.1f} microseconds of"
        " processor time a call there."
    )


def processor_model() -> str:
    """Return the processor model, as reported by the system."""
    lines = CPUINFO.read_text(encoding="utf-8").splitlines() if CPUINFO.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def filled(text: str, measured: dict[str, str]) -> str:
    """Return the README with new tables between the markers."""
    for name, table in measured.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, found_begin, rest = text.partition(begin)
        _, found_end, after = rest.partition(end)
        if not (found_begin and found_end):
            raise SystemExit(f"{README.name} has no place for {name}")
        text = f"{before}{begin}\n{table}\n\n{end}{after}"
    return text


if __name__ == "__main__":
    main()
