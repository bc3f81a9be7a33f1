"""Help, completion, and errors that speak of options."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ringsim.cli import _completion
from ringsim.cli._added import ADDED
from ringsim.cli._app import app
from ringsim.cli._spoken import spoken_as_options
from ringsim.errors import ConfigurationError
from ringsim.group import RingStrategy
from ringsim.metrics import VARIANTS
from support.commands import ringsim

VERBS = [
    *ADDED,
    *(each.name or each.callback.__name__ for each in app.registered_commands if each.callback),
]
PANELS = {
    "simulate": ["Options", "Scenario", "Simulation", "Output", "Computing"],
    "compare": ["Options", "Scenario", "Simulation", "Output", "Computing"],
    "size": ["Options", "Target", "Staffing", "Scenario", "Simulation", "Output", "Computing"],
}


@pytest.mark.parametrize("verb", VERBS)
def test_help_says_the_form_of_every_value(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = ringsim(capsys, verb, "--help")
    assert (status, err) == (0, "")
    assert "<" not in out


@pytest.mark.parametrize("verb", VERBS)
def test_help_cuts_no_word(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ringsim(capsys, verb, "--help")
    assert max(map(len, out.splitlines())) <= 80
    assert "\N{HORIZONTAL ELLIPSIS}" not in out


@pytest.mark.parametrize("verb", PANELS)
def test_help_groups_the_options(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ringsim(capsys, verb, "--help")
    assert re.findall(r"╭─ (\w+) ─", out) == ["Arguments", *PANELS[verb]]


def test_help_shows_choices(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ringsim(capsys, "simulate", "--help")
    assert "auto|simpy|compiled" in out
    text = " ".join(re.sub("[│\n]", " ", out).split())
    assert "offered, ignore_abandoned_within, credit_abandoned_within, answered_only" in text


def test_choices_of_the_help_are_those_of_the_library() -> None:
    assert _completion.complete_variant("") == list(VARIANTS)
    assert set(RingStrategy) <= set(_completion.strategy_names())


def completed(words: str) -> list[str]:
    """Return what bash is offered at the end of a line."""
    environment = {
        **os.environ,
        "_RINGSIM_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "ringsim"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split()


def test_the_shell_completes_commands_options_and_values() -> None:
    assert completed("ringsim sim") == ["simulate"]
    assert "--replications" in completed("ringsim simulate --rep")
    assert completed("ringsim compare --strategy LEAST") == ["LEAST_WORKED_HUNT"]
    assert completed("ringsim sweep --metric service") == ["service_level"]
    assert completed("ringsim size --engine s") == ["simpy"]


def test_the_shell_is_told_how_to_complete(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ringsim(capsys, "--help")
    assert "--install-completion" in out
    assert "--show-completion" in out


# Errors

OPTIONS = {
    "strategy": "--strategy",
    "what_if": "--what-if",
    "metric": "--metric",
    "engine": "--engine",
    "group": "--group",
    "service_level": "--service-level",
    "setting": "--set",
}


@pytest.mark.parametrize(
    ("subject", "hint", "said"),
    [
        ("dispatcher", "", "--strategy must be"),
        ("strategies[2]", "", "--strategy must be"),
        ("metrics[0]", "", "--metric must be"),
        ("variants['a b'].ring_time", "", "--what-if a b:ring_time must be"),
        ("variants['a']", "", "--what-if a must be"),
        ("engine='compiled'", "Use engine='simpy'.", "--engine compiled must be. Use --engine"),
        ("target.service_level", "", "--service-level must be"),
        ("subject_to.service_level", "", "--service-level must be"),
        ("setting.ring_time[1]", "", "--set ring_time must be"),
        ("other.ring_time", "", "other.ring_time must be"),
        ("ring_time", "Or add group='600'.", "ring_time must be. Or add --group 600."),
        ("group.toml: hours", "", "group.toml: hours must be"),
        ("settings", "", "--set must be"),
        ("hours", "Write other='x'.", "hours must be. Write other='x'."),
        ("strategies", "variants={name: strategy}", "--what-if NAME:ring_strategy=STRATEGY"),
    ],
)  # fmt: skip
def test_errors_about_arguments_speak_of_options(subject: str, hint: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught, spoken_as_options(OPTIONS):
        raise ConfigurationError(subject, "must be", hint=hint)
    assert said in str(caught.value)


def test_a_hint_on_an_argument_without_an_option_is_left_out() -> None:
    """In an inner block, which knows only some options, it stays."""
    hint = "Raise it with max_calls=. Or write --group 600."
    for complete, said in ((True, "Or write --group 600."), (False, hint)):
        with (
            pytest.raises(ConfigurationError) as caught,
            spoken_as_options(OPTIONS, complete=complete),
        ):
            raise ConfigurationError("calls", "must be few", hint=hint)
        assert caught.value.hint == said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("simulate --strategy CYCLIC", "--strategy must be the name of a registered dispatcher"),
        ("compare --strategy CYCLIC", "--strategy must be the name of a registered dispatcher"),
        ("compare --group 600 --strategy CYCLIC_HUNT", "--strategy must be at least two"),
        ("compare --what-if short:ring_time=10", "--what-if short:ring_time must say which of the "
         "2 groups it is for. Write groups.600.ring_time, or add --group 600."),
        ("sweep --set ring_time=10,15", "--set ring_time must say which of the 2 groups it is for. "
         "Write groups.600.ring_time, or add --group 600."),
        ("sweep --set hours=0", "--set hours must be a positive number of hours"),
        ("compare --metric rate", "--metric must be one of offered"),
        ("size --replications 5", "--group must say which of the 2 groups it is."),
        ("size --group 600 --replications 5", "--replications must be a whole number, at least 20"),
        ("size --group 600 --width 0", "--width must"),
        ("size --group 600 --max-members 0", "--max-members must be a whole number from 1"),
    ],
)  # fmt: skip
def test_commands_name_their_options(
    arguments: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = ringsim(capsys, *arguments.split())
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"ringsim: {sentence}")


def test_paths_of_the_only_group_are_short(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The examples of the help work as they are printed there."""
    file = tmp_path / "group.json"
    file.write_text('{"extension_number": "600", "name": "Sales", "members": ["201", "202"]}')
    calls = ["--calls-per-hour", "30", "--talk-time", "60", "--hours", "1", "--replications", "4"]
    for verb, option, value in (
        ("compare", "--what-if", "short:ring_time=10"),
        ("sweep", "--set", "ring_time=10,15,20"),
    ):
        status, out, err = ringsim(capsys, verb, str(file), option, value, *calls)
        assert (status, err) == (0, "")
        assert "600 Sales today: RING_SIMULTANEOUSLY, ring time 20 s, 2 members" in out


def test_compare_without_a_group_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ringsim(capsys, "compare", "--replications", "2", "--metric", "answer_rate")
    assert "a strategy rings in all groups at once, 600 and 601, and the figures count" in out
    assert "All are compared with 'as it is'" in out
    assert "--group 600 varies one group" in out
