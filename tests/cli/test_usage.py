"""Options that the parser refuses: a text that is no number, and names of settings."""

from __future__ import annotations

import pytest

from support.commands import own_commands, ringsim

NUMBERS = [
    (verb, each.opts[0], kind)
    for verb, command in own_commands().items()
    for each in command.params
    for kind in (getattr(each.type_descriptor, "annotation", None),)
    if kind in (int, float) and each.type_descriptor.parameter_info.parser is None
]


@pytest.mark.parametrize(
    ("verb", "option", "kind", "text"),
    [
        *((*each, "1,5") for each in NUMBERS),
        *(("simulate", "--seed", int, text) for text in ("x", "", "1e3", "9" * 5000)),
        *(("simulate", "--hours", float, text) for text in ("abc", "", "8:00")),
    ],
)
def test_a_text_that_is_no_number_is_one_sentence(
    verb: str, option: str, kind: type, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number = "whole number" if kind is int else "number"
    status, out, err = ringsim(capsys, verb, option, text)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"ringsim: {option} must be a {number}, got {text[:100]!r}"[:100])


def test_there_are_options_of_both_kinds() -> None:
    assert {("simulate", "--seed", int), ("simulate", "--hours", float)} <= set(NUMBERS)


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (["simulate", "--ring-time", "20"], "ring_time=20."),
        (["compare", "--ring-time=20"], "ring_time=20."),
        (["sweep", "--ring_time", "10,20"], "ring_time=10,20."),
        (["simulate", "--opens-at", "9:00"], "opens_at=9:00."),
        (["size", "--name", "Our office"], "name='Our office'."),
        (["simulate", "--skip-busy-member"], "skip_busy_member=VALUE."),
        (["check", "--skip-busy-member", "--hours", "8"], "skip_busy_member=VALUE."),
        (
            ["simulate", "--wrap-up-time", "20"],
            "demand.600.wrap_up_time=20, with the number of your group.",
        ),
        (
            ["simulate", "--skill-level", "2"],
            "groups.600.members.201.skill_level=2, with the numbers of your group and of the "
            "member.",
        ),
        (
            ["simulate", "--answer-delay", "4"],
            "extensions.201.answer_delay=4, with the number of the person.",
        ),
    ],
)
def test_an_option_that_is_a_setting_is_written_with_set(
    arguments: list[str], written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    option = arguments[1].partition("=")[0]
    said = f"ringsim: No such option: {option}. Write --set {written}\n"
    assert ringsim(capsys, *arguments) == (2, "", said)


@pytest.mark.parametrize(
    "arguments",
    [
        ["simulate", "--seeds", "3"],  # no setting
        ["simulate", "--groups", "3"],  # a whole table
        ["strategies", "--ring-time", "20"],  # a command without `--set`
        ["simulate", "--hours"],  # an option, without a value
    ],
)
def test_the_words_of_the_parser_stay_for_others(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = ringsim(capsys, *arguments)
    assert (status, out) == (2, "")
    assert "Write --set" not in err
    assert arguments[1] in err
