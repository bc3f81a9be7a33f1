"""Tests that both engines have the same verbs, in the same order, citing the same rules."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import ringsim as rs
from ringsim.engine import _compiled_layout, _simpy

ENGINE = Path(rs.__file__).parent / "engine"
MOST_LINES = 60  # lines of a function, about a screen

# Functions of one engine only: heap and processes of SimPy; rows of arrays and inlined parts
ONLY_SIMPY = {
    "play_call",
    "arrivals",
    "own_calls",
    "log",
    "n_rings",
    "schedule_at",
} | {*("spells_away", "played")}
ONLY_COMPILED = {
    *("play_runs", "full", "end_run", "is_stale", "unschedule", "forget", "order_by_call"),
    *("free", "look_at_duty", "ring_number", "draw_together"),
}

# The same of the files for groups with options, beside `_simpy` and `_compiled`
PARTS = ("", "_events", "_candidates", "_ringing", "_line", "_redial")
ONLY_SIMPY_OPTIONS = ONLY_SIMPY | {"play", "tell", "memories", "begin_attempt"}
ONLY_COMPILED_OPTIONS = ONLY_COMPILED | {
    *("schedule", "copy_place", "waits", "remember_ring_of", "remember_answer_of"),
    *(
        "forget_options",
        "push_event",
        "own_levels",
        "next_ringing",
        "remove_ring",
        "copy_ring",
        "sort_rings",
    ),
    *("end", "first_attempt", "arm", "disarm", "is_resting", "log_end"),
    *("watch_now", "watch_group_now", "stop_waiting", "not_rung", "on_duty"),
}
LATER = {"changed", "copy_memory", "set_levels", "wraps_up", "remember_ring", "remember_answer"}


def functions(name: str) -> dict[str, ast.FunctionDef]:
    """Return the functions of an engine by name, in the order of the file."""
    tree = ast.parse((ENGINE / name).read_text("utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    found.sort(key=lambda node: node.lineno)
    return {node.name.removeprefix("_"): node for node in found if "__" not in node.name}


SIMPY, COMPILED = functions("_simpy.py"), functions("_compiled.py")


def rules_of(function: ast.FunctionDef) -> list[str]:
    return re.findall(r"\bS\d+", ast.get_docstring(function) or "")


def test_verbs_are_the_same_in_the_same_order() -> None:
    only_simpy = ONLY_SIMPY | {"play", "columns", "leave"}  # to leave is part of `_end_pass` there
    simpy = [verb for verb in SIMPY if verb not in only_simpy]
    compiled = [verb for verb in COMPILED if verb not in ONLY_COMPILED]
    assert simpy == compiled
    assert {"arrive", "answer", "give_up", "time_out", "repeat", "own_call"} < set(simpy)


@pytest.mark.parametrize("part", PARTS)
def test_verbs_with_options_are_the_same_in_the_same_order(part: str) -> None:
    """Functions without a run stand at the end of a file of the reference engine."""
    simpy, compiled = (
        functions(f"_simpy_options{part}.py"),
        functions(f"_compiled_options{part}.py"),
    )
    without = LATER | ({"look_at_line"} if part == "_events" else set())
    assert [verb for verb in simpy if verb not in ONLY_SIMPY_OPTIONS | without] == [
        verb for verb in compiled if verb not in ONLY_COMPILED_OPTIONS | without
    ]
    both = simpy.keys() & compiled.keys() - {"start"}
    for verb in both:
        docstrings = [ast.get_docstring(of[verb]) or "" for of in (simpy, compiled)]
        assert len({docstring.split(":")[0] for docstring in docstrings}) == 1, verb
    assert len(both) >= (1 if part == "_redial" else 4)


def test_verbs_cite_the_same_rules() -> None:
    both = SIMPY.keys() & COMPILED.keys()
    assert {verb: rules_of(SIMPY[verb]) for verb in both} == {
        verb: rules_of(COMPILED[verb]) for verb in both
    }


def test_kinds_of_events_on_the_heap_have_room_in_their_bits() -> None:
    on_heap = {
        *(_compiled_layout.ANSWER, _compiled_layout.DECLINE, _compiled_layout.GIVE_UP),
        *(_compiled_layout.TIME_OUT, _compiled_layout.LINE, _compiled_layout.POLL),
        *(_compiled_layout.START, _compiled_layout.REPEAT),
    }
    assert on_heap == set(range(_compiled_layout.KIND_MASK + 1))


def test_steps_that_take_no_time_come_first() -> None:
    for engine in (_compiled_layout, _simpy):
        steps = (engine.LOOK, engine.END_PASS, engine.WAIT, engine.SLEEP, engine.END)
        assert steps == tuple(range(5))


def test_every_function_fits_one_screen() -> None:
    for function in [*SIMPY.values(), *COMPILED.values()]:
        assert (function.end_lineno or 0) - function.lineno < MOST_LINES, function.name
