"""The page that is handed over: what it says, that it needs nothing else, and what is refused."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import ringsim as rs
from ringsim.cli import main
from ringsim.report import Report, report_on
from ringsim.report._stress import NAMES

NASTY = "<script>alert(\"x\")</script> & 'sons' \u202egnissen"


def scenario(name: str = "Sales") -> rs.Scenario:
    """A small group that overflows, in a scenario of two half-hours."""
    return rs.Scenario(
        name=name,
        groups=[
            {
                "name": name,
                "extension_number": "600",
                "ring_time": 12,
                "ring_strategy": "CYCLIC_HUNT",
                "members": ["201", {"extension_number": "202", "skill_level": 2}, "203"],
                "no_answer_forward_rule": {"action": "FORWARD_TO_VOICEMAIL"},
            }
        ],
        demand={
            "600": rs.Demand(
                calls_per_hour=[60, 90],
                talk_time=rs.lognormal(mean=90, cv=1),
                patience={"dist": "expon", "scale": 60},
            )
        },
        extensions=[rs.Extension("201", on_duty=[("08:00", "08:45")])],
        hours=1,
        opens_at="08:00",
    )


@pytest.fixture(scope="module")
def report() -> Report:
    return report_on(scenario(), replications=10)


class Page(HTMLParser):
    """Tags, and the text that a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_the_findings_come_first_and_are_those_of_the_comparison(report: Report) -> None:
    page = Page(report.html)
    assert page.open == []
    places = [page.text.index(" ".join(finding.split())) for finding in report.findings]
    assert places == sorted(places)
    assert max(places) < page.text.index("The strategies, with the same callers")
    now = report.comparison.results["CYCLIC_HUNT"].summary(group="600")
    rate = now.loc["answer_rate", "estimate"]
    assert f"answers {100 * rate:.1f} %" in report.findings[0]


def test_every_figure_of_the_comparison_is_in_its_tables(report: Report) -> None:
    text = Page(report.html).text
    for (name, _), row in report.comparison.table.xs(
        "service_level", level="metric", drop_level=False
    ).iterrows():
        assert name in text
        assert f"{100 * row['estimate']:.1f} % ({100 * row['low']:.1f} to" in text


def test_it_says_of_all_twenty_items_what_it_knows(report: Report) -> None:
    text = Page(report.html).text
    assert len(NAMES) == 20
    for number, name in NAMES.items():
        assert f"{number} {name}" in text
    assert text.count("For the author to say.") == 3
    assert f"ringsim {rs.__version__}" in text
    assert "seed 0" in text


def test_it_needs_nothing_but_itself(report: Report) -> None:
    """No address of anything outside, and no script."""
    page = Page(report.html)
    assert not {tag for tag, _ in page.tags} & {"script", "iframe", "object", "embed", "base"}
    addresses = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in ("src", "href")
    ]
    assert addresses
    assert all(value is not None and value.startswith("data:") for value in addresses)
    assert not re.search(r"url\(|@import|https?://", report.html)


def test_every_picture_says_in_words_what_it_shows(report: Report) -> None:
    images = [attributes for tag, attributes in Page(report.html).tags if tag == "img"]
    assert len(images) >= 6
    assert all(image["alt"] for image in images)


def test_each_strategy_has_its_ring_chart(report: Report) -> None:
    text = Page(report.html).text
    chart = text[text.index("What each strategy does") : text.index("What was assumed")]
    for name in report.comparison.variants:
        assert name in chart


def test_names_are_text_whatever_is_in_them() -> None:
    """Neither tags nor quotes nor directions of writing get out of their place."""
    report = report_on(scenario(NASTY), replications=2)
    page = Page(report.html)
    assert "script" not in {tag for tag, _ in page.tags}
    assert " ".join(NASTY.split()) in page.text


def test_the_same_seed_gives_the_same_findings_and_pictures(report: Report) -> None:
    again = report_on(scenario(), replications=10)
    assert again.findings == report.findings
    pictures = [
        [attributes["src"] for tag, attributes in Page(each.html).tags if tag == "img"]
        for each in (again, report)
    ]
    assert pictures[0] == pictures[1]


def test_no_picture_stays_open() -> None:
    """A notebook would show them all once more."""
    before = plt.get_fignums()
    report_on(scenario(), replications=2)
    assert plt.get_fignums() == before


def test_a_group_that_nobody_calls_cannot_be_reported_on() -> None:
    quiet = scenario().replace(demand={})
    with pytest.raises(rs.ConfigurationError, match="groups must hold one that is called"):
        report_on(quiet)


# The command


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "office.toml"
    scenario().dump(path)
    return str(path)


def test_the_command_writes_the_page_and_says_what_it_found(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, table = tmp_path / "page.html", tmp_path / "table.csv"
    asked = ["report", file, "-o", str(page), "--csv", str(table), "--replications", "4"]
    assert main(asked) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "As it rings today (CYCLIC_HUNT)" in printed.out
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert len(pd.read_csv(table)) == 7 * 8


def test_the_command_tells_scripts_in_json(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert main(["report", file, "-o", str(page), "--json", "--replications", "3"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["report"]) == ("ringsim.report", str(page))
    assert len(told["table"]) == 7 * 8


@pytest.mark.parametrize("place", ["missing/page.html", "."])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    place: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", file, "-o", str(tmp_path / place), "--replications", "100000"]) == 2
    printed = capsys.readouterr()
    assert "must be a file that can be written" in printed.err
    assert len(printed.err.splitlines()) == 1


def test_ctrl_c_leaves_what_was_there(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text("what was there")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ringsim.cli._report.report_on", interrupted)
    assert main(["report", file, "-o", str(page)]) == 130
    assert page.read_text() == "what was there"
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "office.toml"}
