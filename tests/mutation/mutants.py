"""Break each rule in each engine, and see a test fail whose name says which rule it was.

    python tests/mutation/mutants.py [S5 ...] [--readme]

Every mutant is a copy of the package in which a piece of one engine's source is replaced by
another (`mutations.py`). The copy runs the tests that are named for the rule, up to the first
that fails. The table that is printed says which one that was; `--readme` puts it into
`tests/README.md`, too. A mutant that survives, or whose piece of source is not there exactly
once, is an error. Nothing is compiled, so that no mutant waits for a compiler.
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
LONGEST = 120  # seconds: a mutant that plays on for ever is none that a test can name


class Fate(NamedTuple):
    """A mutant, its engine, and the test that killed it; None if it survived."""

    mutant: Mutant
    engine: str
    killed_by: str | None

    def __str__(self) -> str:
        by = f"`{self.killed_by}`" if self.killed_by else "**nobody**"
        return f"| {self.mutant.rule} | {self.engine} | {self.mutant.broken} | {by} |"


def file_of(mutant: Mutant, engine: str) -> str:
    """The source file of an engine in which a mutant's piece of source is.

    Raises
    ------
    SystemExit
        When it is not there, or more than once.
    """
    counts = {file: (TOP / file).read_text().count(mutant.old) for file in SOURCES[engine]}
    if sum(counts.values()) != 1:
        sys.exit(f"{mutant.rule}, {mutant.broken}: {mutant.old!r} must be there once, got {counts}")
    return max(counts, key=counts.__getitem__)


def failing_test(folder: Path, *selection: str) -> str | None:
    """The first test of a copy that fails, by its name; None if all that are selected pass.

    Raises
    ------
    SystemExit
        When they cannot be run.
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
    """Make a mutant and run the tests that are named for its rule."""
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
