"""Dispatchers in a local file: `--strategy mine.py:Fewest`."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.commands import ringsim, told

FILE = '''
from ringsim.dispatch import CyclicHunt, Dispatcher, Hunt, register

TALLEST = 3

class Fewest(Hunt):
    """Ring the member with the fewest answers first."""

    order_by = ("n_answered",)

@register("MINE_BY_NAME")
class Named(Hunt):
    order_by = ("-position",)

class Backwards(Dispatcher):
    def wave(self, candidates, moment):
        return list(candidates)[-1:]

class Broken(Dispatcher):
    def wave(self, candidates, moment):
        return candidates[moment.no_such_thing]

class Lettered(Hunt):
    at_once = "TIED"

class NoKey(Hunt):
    order_by = ("n_answerd",)

class Cheat(Dispatcher):
    def wave(self, candidates, moment):
        return [candidates[0], candidates[0]]
'''
BROKEN = 1 + FILE.splitlines().index("        return candidates[moment.no_such_thing]")
FEW = ["--replications", "2", "--hours", "1"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(FILE, "utf-8")


@pytest.mark.parametrize(
    ("strategy", "names"),
    [
        ("mine.py:Fewest", ["Fewest", "Fewest"]),
        ("600=mine.py:Fewest", ["Fewest", "RING_SIMULTANEOUSLY"]),
        ("600=./mine.py:Backwards", ["Backwards", "RING_SIMULTANEOUSLY"]),
        ("601=mine.py:Named", ["CYCLIC_HUNT", "MINE_BY_NAME"]),
    ],
)
def test_it_is_simulated(
    strategy: str, names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    report = told(capsys, "simulate", "--strategy", strategy, *FEW)
    assert [group["dispatcher"] for group in report["groups"].values()] == names


def test_it_is_compared_with_today(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ["--strategy", "mine.py:Fewest", "--strategy", "LEAST_WORKED_HUNT"]
    report = told(capsys, "compare", "--group", "600", *chosen, "--metric", "answer_rate", *FEW)
    names = [row["variant"] for row in report["table"]]
    assert names == ["as it is", "Fewest", "LEAST_WORKED_HUNT"]
    assert report["baseline"] == "as it is"


@pytest.mark.parametrize("verb", ["simulate", "compare"])
@pytest.mark.parametrize(
    ("strategy", "sentence"),
    [
        ("their.py:Fewest", "--strategy must name a file that exists, got 'their.py:Fewest'."),
        (
            "mine.py:Fewst",
            "--strategy must name a dispatcher of mine.py, got 'mine.py:Fewst'. "
            "Did you mean 'Fewest'?",
        ),
        (
            "mine.py",
            "--strategy must name a dispatcher of mine.py, got 'mine.py'. "
            "Write --strategy mine.py:Fewest.",
        ),
        (
            "mine.py:TALLEST",
            "--strategy must name a subclass of Dispatcher, got 'mine.py:TALLEST'. "
            "Write class TALLEST(Hunt), with Hunt from ringsim.dispatch.",
        ),
        ("empty.py:X", "--strategy must name a dispatcher of empty.py, got 'empty.py:X'. "
                       "empty.py defines no subclass of Dispatcher."),
        ("syntax.py:X", "syntax.py must be Python that runs: line 2: SyntaxError: "),
        ("raises.py:X", "raises.py must be Python that runs: line 3: ZeroDivisionError: division"),
        ("imports.py:X", "imports.py must be Python that runs: line 1: ModuleNotFoundError: No"),
        (
            "mine.py:Broken",
            f"mine.py must run without an error: line {BROKEN}: AttributeError: 'Moment' object "
            "has no attribute 'no_such_thing'; its fields are now, call, wave, waited, last_rung, "
            "last_answered.",
        ),
        (
            "mine.py:Lettered",
            "Lettered.at_once must be a number of phones, ALL or TIED, got 'TIED'. "
            "Import ALL and TIED from ringsim.dispatch; they are no text.",
        ),
        ("mine.py:NoKey", "NoKey.order_by"),
        ("mine.py:Cheat", "Cheat"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(
    verb: str, strategy: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty.py").write_text("from ringsim.dispatch import Hunt\n", "utf-8")
    Path("syntax.py").write_text("x = 1\nclass X(:\n", "utf-8")
    Path("raises.py").write_text("def f():\n    pass\nx = 1 / 0\n", "utf-8")
    Path("imports.py").write_text("import no_such_module_anywhere\n", "utf-8")
    group = ["--group", "600"] if verb == "compare" else []
    status, out, err = ringsim(capsys, verb, *group, "--strategy", strategy, *FEW)
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert sentence in err, err


def test_errors_of_ringsim_itself_stay_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ringsim must show its traceback, even if a file was read before."""
    from ringsim.cli import _simulate, main

    def bug(*arguments: object, **options: object) -> None:
        raise LookupError("a bug")

    monkeypatch.setattr(_simulate, "simulate", bug)
    with pytest.raises(LookupError, match="a bug"):
        main(["simulate", "--strategy", "mine.py:Fewest"])
