"""Output on a terminal of 80 columns, and in encodings that lack characters.

What a pipe shows, which is as wide as it needs to be, is the measure: a terminal shows the same
words and figures, and breaks none of them.
"""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from ringsim.cli import main
from support.commands import in_encoding, on_terminal, ringsim

FEW = ["--replications", "6"]
COMMANDS = {
    "simulate": ["simulate", *FEW, "--intervals", "7200"],
    "simulate all": ["simulate", *FEW, "--intervals", "7200", "--all"],
    "compare": ["compare", "--group", "600", *FEW],
    "compare all groups": ["compare", *FEW],
    "sweep": ["sweep", "--group", "600", "--set", "ring_time=10,15", *FEW],
    "sweep two": ["sweep", "--group", "600", "--set", "ring_time=10", "--set", "n_members=2,3",
                  *FEW],
    "size": ["size", "--group", "601", "--max-members", "3", "--replications", "40"],
    "size by two": ["size", "--group", "601", "--max-members", "3", "--replications", "40",
                    "--answer-rate", "0.8", "--occupancy", "0.9"],
    "size by interval": ["size", "--group", "601", "--width", "14400", "--answer-rate", "0.5",
                         "--max-members", "3", "--replications", "40"],
    "report": ["report", "--section", "variants", *FEW],  # what is printed is the same for all
    "check": ["check"],
    "strategies": ["strategies"],
    "example": ["example"],
}  # fmt: skip
DATA = Path(__file__).parents[2] / "ringsim" / "data" / "my-office.toml"
LONG = "Customer Care of the Northern and Southern Branch formerly Reklamationsbearbeitung"


def words(text: str) -> set[str]:
    return set(re.sub("[─-]{3,}", " ", text).split())


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_broken_at_80_columns(
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    _, piped, _ = ringsim(capsys, *COMMANDS[name])
    shown = on_terminal(monkeypatch, *COMMANDS[name])
    if name != "example":  # it is a file
        assert max(cell_len(line.rstrip()) for line in shown.splitlines()) <= 80
    assert words(shown) - words(piped) <= {"continued", "experienced,", "arrival,"}
    assert words(piped) <= words(shown)
    assert not re.search(r"\d[.]?\d*e[+-]?\d+", shown), "a figure in scientific notation"


@pytest.mark.parametrize("name", ["simulate", "compare", "sweep", "size", "check"])
def test_long_names_break_at_words(
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("long.toml").write_text(
        DATA.read_text("utf-8").replace('"Sales"', f'"{LONG}"').replace('"My office"', f'"{LONG}"'),
        "utf-8",
    )
    verb, *options = COMMANDS[name]
    _, piped, _ = ringsim(capsys, verb, "long.toml", *options)
    shown = on_terminal(monkeypatch, verb, "long.toml", *options)
    assert max(cell_len(line.rstrip()) for line in shown.splitlines()) <= 80
    assert words(piped) <= words(shown)
    assert set(LONG.split()) <= {word.rstrip(":,.") for word in words(shown)}


@pytest.mark.parametrize("name", ["simulate", "compare", "sweep", "size", "report"])
def test_one_heading_says_what_was_simulated(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _, out, _ = ringsim(capsys, *COMMANDS[name])
    first, group, *_ = out.splitlines()
    assert re.fullmatch(
        r"My office: 8 hours from 08:00, (at most )?\d+ replications, seed 0", first
    )
    assert re.fullmatch(r"60\d .*: [A-Z_]+, ring time 1[25] s, [45] members", group)


def test_the_strategy_in_the_heading_is_the_one_that_is_played(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = ringsim(capsys, "simulate", "--strategy", "600=LEAST_WORKED_HUNT", *FEW)
    assert out.splitlines()[1].startswith("600 Sales: LEAST_WORKED_HUNT, ring time 12 s")


def test_eight_metrics_unless_all_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    def metrics(*options: str) -> list[str]:
        _, out, _ = ringsim(capsys, "simulate", *FEW, *options)
        table = out[out.index("───\n") : out.index("\n\nMeans per")]
        return [re.split("  +", line)[0] for line in table.splitlines()[1:]]

    assert metrics() == [
        "offered",
        "answer rate",
        "abandonment rate",
        "overflow rate",
        "service level within 20 s",
        "mean speed of answer",
        "rings per call",
        "received",  # group 600 forwards to 601, so that three more tell what 601 received
        "answered here",
        "answer rate of received",
        "interruptions per hour",
    ]
    assert len(metrics("--all")) == 31


@pytest.mark.parametrize("name", ["simulate", "size by interval"])
def test_times_are_by_the_clock(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ringsim(capsys, *COMMANDS[name])
    assert status == 0
    assert "\n12:00  " in out
    assert "14400" not in out.partition("─")[2]


# Encodings

CYRILLIC = "Отдел продаж 😀"


@pytest.fixture
def cyrillic(tmp_path: Path) -> str:
    """Return a file whose names are in Cyrillic."""
    path = tmp_path / "office.toml"
    path.write_text(DATA.read_text("utf-8").replace("Sales", CYRILLIC), "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        *((name, "cp1252") for name in COMMANDS),
        *(("simulate", encoding) for encoding in ("ascii", "cp437", "latin-1")),
    ],
)
def test_every_command_prints_in_every_encoding(
    name: str, encoding: str, cyrillic: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    verb, *options = COMMANDS[name]
    file = [] if verb in ("strategies", "example") else [cyrillic]
    out = in_encoding(monkeypatch, encoding, verb, *file, *options).decode(encoding)
    assert out.strip()
    assert "─" not in out
    if name == "simulate":
        assert "600 \\u041e\\u0442\\u0434\\u0435\\u043b" in out
        assert re.search(r"^-{40,}$", out, re.M)
        assert "|" not in out


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_json_holds_every_name_in_every_encoding(
    encoding: str, cyrillic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = in_encoding(monkeypatch, encoding, "simulate", cyrillic, *FEW, "--json")
    assert json.loads(raw.decode(encoding))["groups"]["600"]["name"] == CYRILLIC
    assert (CYRILLIC.encode("utf-8") in raw) == (encoding == "utf-8")


def test_help_prints_in_a_code_page(monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (["--help"], ["simulate", "--help"], ["compare", "--help"]):
        assert in_encoding(monkeypatch, "cp1252", *arguments).startswith(b" ")


def test_a_terminal_of_a_code_page_shows_escapes(
    cyrillic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = on_terminal(monkeypatch, "simulate", cyrillic, *FEW, encoding="cp1252")
    assert "\\u041e" in shown
    assert "─" not in shown


def test_standard_output_is_as_strict_after_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert (main(["--version"]), out.errors) == (0, "strict")
