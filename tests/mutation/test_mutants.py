"""Mutants of the rules and their options: each is there, and some of the options are killed.

With RINGSIM_SLOW=1 the mutants of every fourth option are killed, and otherwise those of two. The
script `mutants.py` plays all of them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mutation.mutations import MUTANTS, SOURCES, Mutant
from mutation.option_mutations import OPTION_MUTANTS, OPTION_SOURCES, REDIAL
from ringsim.group import Member
from ringsim.rules import Rules
from support.profiles import SLOW

TOP = Path(__file__).parents[2]
FEW = ("wave_step", "declined_rest")  # each once in each engine
SOME = tuple(sorted({each.rule for each in OPTION_MUTANTS["simpy"]})[::4])
CHOSEN = SOME if SLOW else FEW


@pytest.mark.parametrize("engine", OPTION_MUTANTS)
def test_every_option_has_a_mutant(engine: str) -> None:
    broken = {mutant.rule for mutant in OPTION_MUTANTS[engine]}
    assert broken == {*Rules.model_fields, *Member._own, REDIAL, "priority"}


@pytest.mark.parametrize("engine", MUTANTS)
@pytest.mark.parametrize(
    ("mutants", "sources"), [(MUTANTS, SOURCES), (OPTION_MUTANTS, OPTION_SOURCES)]
)
def test_every_piece_of_source_is_there_once(
    mutants: dict[str, list[Mutant]], sources: dict[str, tuple[str, ...]], engine: str
) -> None:
    texts = [(TOP / file).read_text() for file in sources[engine]]
    counts = {mutant: sum(text.count(mutant.old) for text in texts) for mutant in mutants[engine]}
    assert {mutant.broken: n for mutant, n in counts.items() if n != 1} == {}


@pytest.mark.long
def test_mutants_are_killed() -> None:
    script = TOP / "tests" / "mutation" / "mutants.py"
    done = subprocess.run(
        [sys.executable, str(script), "--options", *CHOSEN],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("`test_") == sum(
        mutant.rule in CHOSEN for mutants in OPTION_MUTANTS.values() for mutant in mutants
    )
