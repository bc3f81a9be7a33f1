"""Names with quotes, tags, formulas, directions of writing and controls stay names.

In tables of the command line, in CSV, in JSON and on the page of a report.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

import ringsim as rs
from ringsim.cli import main
from ringsim.reporting import report_on

TAG = "<img src=x onerror=alert(1)>"
NAMES = [
    f'"\'"><script>alert(1)</script>{TAG}',
    "{{ 7 * 7 }}{% raw %}${7*7}</title>",
    "=HYPERLINK(1)",
    "+1\t-1\r@SUM(1)",
    "a\x1b[31mb\x9b31mc\x07\x00\x7fd\be",
    "\u202egnissen\u202c\u2066x\u2069\u200b\ufeff",
    "[red]a[/red] :smile: [/] \\[",
    '\u2028\u2029\x85,\n;""',
]
FEW = ["--replications", "2"]


@pytest.fixture(params=NAMES, ids=ascii)
def name(request: pytest.FixtureRequest) -> str:
    """Return each of the names."""
    return str(request.param)


@pytest.fixture
def file(tmp_path: Path, name: str) -> str:
    """Return a scenario file that uses the name for everything that has a name."""
    group = {"extension_number": "600", "name": name, "members": ["201"], "site": name}
    demand = {"600": {"calls_per_hour": 20, "talk_time": 60}}
    path = tmp_path / "office.json"
    whole = {"name": name, "hours": 1, "groups": [group], "demand": demand}
    path.write_text(json.dumps(whole))
    return str(path)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the output of a command after checking that it has no control characters."""
    capsys.readouterr()
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert not [
        char
        for char in (out + err).replace("\n", "")
        if unicodedata.category(char) in ("Cc", "Cf", "Cs")
    ]
    out.encode()
    return out


def test_simulate(capsys: pytest.CaptureFixture[str], tmp_path: Path, file: str, name: str) -> None:
    tables = printed(capsys, "simulate", file, *FEW)
    for part in re.findall(r"\w+", name, re.ASCII):
        assert part in tables
    csvs = [tmp_path / "calls.csv", tmp_path / "rings.csv"]
    written = ["--calls", str(csvs[0]), "--rings", str(csvs[1])]
    told = json.loads(printed(capsys, "simulate", file, *FEW, "--json", *written))
    assert (told["scenario"], told["groups"]["600"]["name"]) == (name, name)
    for path in csvs:
        with path.open(newline="") as lines:
            cells = {cell for row in csv.reader(lines) for cell in row}
        assert cells
        assert not [cell for cell in cells if not re.fullmatch(r"[A-Za-z0-9_.e-]*|inf", cell)]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def check_plan(
    capsys: pytest.CaptureFixture[str], path: Path, name: str, arguments: list[str]
) -> set[str]:
    """Return the cells of the table that a command writes after checking that none is a formula."""
    printed(capsys, *arguments)
    told = json.loads(printed(capsys, *arguments, "--json", "--csv", str(path)))
    assert told["scenario"] == name
    with path.open(newline="") as lines:
        rows = list(csv.reader(lines))
    assert len(rows) == 1 + len(told["table"])
    cells = {cell for row in rows for cell in row}
    numbers = {cell for cell in cells if re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", cell)}
    assert not [cell for cell in cells - numbers if cell.startswith(tuple("=+-@\t\r"))]
    return cells


def test_sweep(capsys: pytest.CaptureFixture[str], tmp_path: Path, file: str, name: str) -> None:
    settings = ["--set", "ring_time=10,15", "--set", f"name=[{json.dumps(name)}]"]
    arguments = ["sweep", file, "--group", "600", *FEW, "--metric", "answer_rate", *settings]
    cells = check_plan(capsys, tmp_path / "table.csv", name, arguments)
    whole = name.replace("\r", "\n")
    assert cells & {whole, f"'{whole}"}


def test_compare(capsys: pytest.CaptureFixture[str], tmp_path: Path, file: str, name: str) -> None:
    """A variant must have a name that can be printed, and anything printed is only a name."""
    variant = name.replace(":", "")
    what_if = ["--what-if", f"{variant}: ring_time=10"]
    arguments = ["compare", file, "--group", "600", *FEW, "--metric", "answer_rate", *what_if]
    if variant.isprintable():
        cells = check_plan(capsys, tmp_path / "table.csv", name, arguments)
        assert cells & {variant, f"'{variant}"}
    else:
        assert main(arguments) == 2
        out, err = capsys.readouterr()
        note, error, end = err.split("\n")  # the note on `site`, which ringsim does not know
        assert (out, end, note.isprintable(), error.isprintable()) == ("", "", True, True)


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_report_of_all_names() -> None:
    """The page of a scenario with all of the names has the same tags as that of a plain one."""
    pages = [_page(NAMES), _page(["Sales"] * len(NAMES))]
    hostile, plain = (_Tags(page) for page in pages)
    assert hostile.found == plain.found
    assert hostile.attributes == plain.attributes
    assert "49" not in pages[0].split("7 * 7")[1][:20]


def _page(names: list[str]) -> str:
    groups = [
        {"extension_number": str(600 + place), "name": name, "members": ["201"]}
        for place, name in enumerate(names)
    ]
    demand = {"600": rs.Demand(calls_per_hour=10, talk_time=60)}
    scenario = rs.Scenario(name="".join(names), hours=1, groups=groups, demand=demand)
    return report_on(scenario, "600", replications=2).html
