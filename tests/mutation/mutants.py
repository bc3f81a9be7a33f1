"""Mutation testing of the engines: break each rule, and check that a test named for it fails.

    python tests/mutation/mutants.py [S5 rotation ...] [--plain | --options] [--readme]

Every mutant replaces one piece of an engine's source, in a copy of the package: of the
rules S1 to S15 (`mutations.py`), or of the options of other phone systems and of callers who try
again (`option_mutations.py`). The script runs the tests named for the rule in the copy, up to the
first failure, and prints a table with that test. `--readme` also writes the tables into
`tests/README.md`. The script fails if a mutant survives, or if its piece of source does not occur
exactly once.

Compilation is switched off, because it would take most of the time. Each mutant is tested in a
fork of this process, which has imported the slow libraries beforehand. Assertions are not
rewritten, as nobody reads what they found.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import pytest

from mutation.mutations import MUTANTS, RING_ORDER, SCORES, SOURCES, Mutant
from mutation.option_mutations import OPTION_MUTANTS, OPTION_SOURCES, REDIAL
from support.readme import renew_table

TOP = Path(__file__).parents[2]
OTHER = {"simpy": "compiled", "compiled": "simpy"}
SLOW_LIBRARIES = ("hypothesis", "numba", "pandas", "pydantic", "scipy.stats", "simpy")
OWN_FILES = (RING_ORDER, SCORES, REDIAL)  # what a file of tests of its own is named for
LONGEST = 120  # seconds: a mutant that never ends is an error, as no test fails
HEAD = ["| rule | engine | broken so that | killed by |", "| --- | --- | --- | --- |"]


class Part(NamedTuple):
    """The mutants of a part of the rules, by engine, and the tests that must kill them."""

    name: str
    mutants: Mapping[str, Sequence[Mutant]]
    sources: Mapping[str, Sequence[str]]
    tests: tuple[str, ...]

    def files(self, rule: str) -> Sequence[str]:
        """Return the files with the tests of a rule."""
        own = [file for file in self.tests if rule in file]
        return own or [file for file in self.tests if not any(one in file for one in OWN_FILES)]

    def file_of(self, mutant: Mutant, engine: str) -> str:
        """Return the source file of an engine that contains a mutant's piece of source.

        Raises
        ------
        SystemExit
            If the piece does not occur exactly once.
        """
        counts = {file: (TOP / file).read_text().count(mutant.old) for file in self.sources[engine]}
        if sum(counts.values()) != 1:
            where = {file: n for file, n in counts.items() if n}
            sys.exit(
                f"{engine}, {mutant.rule}, {mutant.broken}: {mutant.old!r} must be there once, "
                f"got {where}"
            )
        return max(counts, key=counts.__getitem__)

    def chosen(self, rules: set[str]) -> list[tuple[Mutant, str]]:
        """Return the mutants of some rules, or of all, each with its engine."""
        return [
            (mutant, engine)
            for engine, mutants in self.mutants.items()
            for mutant in mutants
            if not rules or mutant.rule in rules
        ]


PLAIN = Part(
    "mutants",
    MUTANTS,
    SOURCES,
    (
        "tests/engine/test_rules.py",
        "tests/engine/test_simultaneous.py",
        "tests/engine/test_ring_order.py",
        "tests/engine/test_scores.py",
    ),
)
OPTIONS = Part(
    "mutants of options",
    OPTION_MUTANTS,
    OPTION_SOURCES,
    ("tests/engine/test_options.py", "tests/engine/test_redial.py"),
)


class Fate(NamedTuple):
    """A mutant, its engine, and the test that killed it; None if it survived."""

    mutant: Mutant
    engine: str
    killed_by: str | None

    def __str__(self) -> str:
        by = f"`{self.killed_by}`" if self.killed_by else "**nobody**"
        return f"| {self.mutant.rule} | {self.engine} | {self.mutant.broken} | {by} |"


def run_tests(folder: Path, output: Path, arguments: Sequence[str]) -> None:
    """Run pytest in a folder, in this process, whose exit status then is that of pytest."""
    with output.open("w") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
        sys.dont_write_bytecode = True
        os.chdir(folder)
        sys.path.insert(0, str(folder))
        status = pytest.main(
            ["-x", "-q", "--tb=no", "--assert=plain", "-p", "no:cacheprovider", *arguments]
        )
        sys.stdout.flush()
    os._exit(status)


def failing_test(folder: Path, *arguments: str) -> str | None:
    """Run the selected tests of a copy; return the name of the first failure, None if none fails.

    Raises
    ------
    SystemExit
        If the tests cannot be run, or take too long.
    """
    with tempfile.TemporaryDirectory() as made:
        output = Path(made, "output")
        fork = multiprocessing.get_context("fork")
        running = fork.Process(target=run_tests, args=(folder, output, arguments))
        running.start()
        running.join(LONGEST)
        if running.exitcode is None:
            running.kill()
            sys.exit(f"The tests {' '.join(arguments)} take longer than {LONGEST} s.")
        written = output.read_text()
    if running.exitcode == 0:
        return None
    failed = re.search(r"^FAILED \S+?::(.*?)(?: - |$)", written, re.MULTILINE)
    if running.exitcode != 1 or failed is None:
        sys.exit(f"The tests {' '.join(arguments)} cannot be run:\n{written}")
    return failed.group(1)


@contextmanager
def copied() -> Iterator[Path]:
    """Yield the folder of a copy of the package and its tests."""
    with tempfile.TemporaryDirectory() as made:
        for name in ("ringsim", "tests"):
            to, ignored = Path(made, name), shutil.ignore_patterns("__pycache__")
            shutil.copytree(TOP / name, to, ignore=ignored)
        shutil.copy(TOP / "pyproject.toml", made)
        yield Path(made)


def fate_of(part: Part, mutant: Mutant, engine: str, folder: Path) -> Fate:
    """Make a mutant of a copy, run the tests named for its rule, and undo the change."""
    broken = folder / part.file_of(mutant, engine)
    original = broken.read_text()
    broken.write_text(original.replace(mutant.old, mutant.new))
    selected = f"{named_tests(mutant.rule)} and not {OTHER[engine]}"
    killed_by = failing_test(folder, *part.files(mutant.rule), "-k", selected)
    broken.write_text(original)
    return Fate(mutant, engine, killed_by)


def named_tests(rule: str) -> str:
    """Return the expression that selects the tests named for a rule."""
    if rule in OWN_FILES:
        return "not both_engines"
    return f"{rule.lower()}_" if re.fullmatch(r"S\d+", rule) else rule


def broken(part: Part, rules: set[str]) -> list[str]:
    """Return the rules that the mutants of some rules, or of all, break."""
    return list(dict.fromkeys(mutant.rule for mutant, _ in part.chosen(rules)))


def main(*arguments: str) -> None:
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    for library in SLOW_LIBRARIES:
        import_module(library)
    gc.freeze()  # nothing of them is garbage in a fork
    rules = {one for one in arguments if not one.startswith("--")}
    parts = [
        part
        for part, left_out in ((PLAIN, "--options"), (OPTIONS, "--plain"))
        if left_out not in arguments and part.chosen(rules)
    ]
    for part in parts:
        for mutant, engine in part.chosen(rules):
            part.file_of(mutant, engine)  # there once, before anything takes time
        files = {file for rule in broken(part, rules) for file in part.files(rule)}
        selected = " or ".join(f"({named_tests(rule)})" for rule in broken(part, rules))
        if failed := failing_test(TOP, *sorted(files), "-k", selected):
            sys.exit(f"A test fails without any mutant: {failed}")
    print(*HEAD, sep="\n")
    survives = False
    for part in parts:
        fates = []
        with copied() as folder:
            for mutant, engine in part.chosen(rules):
                fates.append(fate_of(part, mutant, engine, folder))
                print(fates[-1], flush=True)
        survives = survives or any(fate.killed_by is None for fate in fates)
        if "--readme" in arguments:
            renew_table(part.name, "\n".join([*HEAD, *map(str, fates)]))
    if survives:
        sys.exit("Some mutants survive.")


if __name__ == "__main__":
    main(*sys.argv[1:])
