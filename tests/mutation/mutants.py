"""Mutation testing of the engines: break each rule, and check that a test named for it fails.

    python tests/mutation/mutants.py [S5 ...] [--readme]

Every mutant is a copy of the package in which one piece of an engine's source is replaced
(`mutations.py`). The script runs the tests named for the rule in the copy, up to the first
failure, and prints a table with that test. `--readme` also writes the table into
`tests/README.md`. The script fails if a mutant survives, or if its piece of source does not occur
exactly once. Compilation is switched off, because it would take most of the time.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutation.mutations import MUTANTS, SOURCES, Mutant

TOP = Path(__file__).parents[2]
README = TOP / "tests" / "README.md"
TABLE_BEGINS, TABLE_ENDS = "<!-- mutants -->", "<!-- end of mutants -->"
TESTS = ("tests/engine/test_rules.py", "tests/engine/test_simultaneous.py")
OTHER = {"simpy": "compiled", "compiled": "simpy"}
LONGEST = 120  # seconds: a mutant that never ends is an error, as no test fails


class Fate(NamedTuple):
    """A mutant, its engine, and the test that killed it; None if it survived."""

    mutant: Mutant
    engine: str
    killed_by: str | None

    def __str__(self) -> str:
        by = f"`{self.killed_by}`" if self.killed_by else "**nobody**"
        return f"| {self.mutant.rule} | {self.engine} | {self.mutant.broken} | {by} |"


def file_of(mutant: Mutant, engine: str) -> str:
    """Return the source file of an engine that contains a mutant's piece of source.

    Raises
    ------
    SystemExit
        If the piece does not occur exactly once.
    """
    counts = {file: (TOP / file).read_text().count(mutant.old) for file in SOURCES[engine]}
    if sum(counts.values()) != 1:
        sys.exit(f"{mutant.rule}, {mutant.broken}: {mutant.old!r} must be there once, got {counts}")
    return max(counts, key=counts.__getitem__)


def failing_test(folder: Path, *selection: str) -> str | None:
    """Run the selected tests of a copy; return the name of the first failure, None if none fails.

    Raises
    ------
    SystemExit
        If the tests cannot be run.
    """
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", *TESTS, *selection],
        cwd=folder,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if done.returncode == 0:
        return None
    failed = re.search(r"^FAILED \S+?::(.*?)(?: - |$)", done.stdout, re.MULTILINE)
    if done.returncode != 1 or failed is None:
        sys.exit(f"The tests {' '.join(selection)} cannot be run:\n{done.stdout}{done.stderr}")
    return failed.group(1)


def fate_of(mutant: Mutant, engine: str) -> Fate:
    """Make a mutant and run the tests named for its rule."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for part in ("ringsim", "tests"):
            shutil.copytree(TOP / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(TOP / "pyproject.toml", folder)
        broken = folder / file_of(mutant, engine)
        broken.write_text(broken.read_text().replace(mutant.old, mutant.new))
        named = f"{mutant.rule.lower()}_ and not {OTHER[engine]}"
        return Fate(mutant, engine, failing_test(folder, "-k", named))


def main(*arguments: str) -> None:
    rules = set(arguments) - {"--readme"}
    todo = [
        (mutant, engine)
        for engine, mutants in MUTANTS.items()
        for mutant in mutants
        if not rules or mutant.rule in rules
    ]
    for mutant, engine in todo:
        file_of(mutant, engine)
    if failed := failing_test(TOP):
        sys.exit(f"A test fails without any mutant: {failed}")
    lines = ["| rule | engine | broken so that | killed by |", "| --- | --- | --- | --- |"]
    print(*lines, sep="\n")
    fates = []
    for mutant, engine in todo:
        fates.append(fate_of(mutant, engine))
        print(fates[-1], flush=True)
    if "--readme" in arguments:
        before, _, rest = README.read_text().partition(TABLE_BEGINS)
        table = "\n".join([TABLE_BEGINS, *lines, *map(str, fates), TABLE_ENDS])
        README.write_text(before + table + rest.partition(TABLE_ENDS)[2])
    if any(fate.killed_by is None for fate in fates):
        sys.exit("Some mutants survive.")


if __name__ == "__main__":
    main(*sys.argv[1:])
