"""The page of a report: its contents, its independence of other files, and its errors."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from scipy import stats

import ringsim as rs
from ringsim import plot
from ringsim.cli import main
from ringsim.dispatch import CyclicHunt, Hunt
from ringsim.reporting import Report, _assumptions, _pictures, report_on
from ringsim.reporting._stress_des import NAMES
from ringsim.scenario import changed

NASTY = "<script>alert(\"x\")</script> & 'sons' \u202egnissen"


def scenario(name: str = "Sales") -> rs.Scenario:
    """Return a small group that overflows, in a scenario of two half-hours."""
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
    assert text.count("To be written by the author.") == 3
    assert f"ringsim {rs.__version__}" in text
    assert "seed 0" in text


def test_it_needs_nothing_but_itself(report: Report) -> None:
    """The page has no external address and no script."""
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
    """A notebook would show open figures again."""
    before = plt.get_fignums()
    report_on(scenario(), replications=2)
    assert plt.get_fignums() == before


def test_a_group_that_nobody_calls_cannot_be_reported_on() -> None:
    quiet = scenario().replace(demand={})
    with pytest.raises(rs.ConfigurationError, match="groups must hold one that is called"):
        report_on(quiet)


# Today is what is configured


class Backwards(Hunt):
    """Dispatcher that rings the last member first."""

    order_by = ("-position",)


TODAY: dict[str, tuple[str, Any, str]] = {
    "a page": ("PAGING_INTERCOM", None, "PAGING_INTERCOM"),
    "an own dispatcher": ("CYCLIC_HUNT", Backwards, "Backwards"),
    "one of the eight in its place": ("CYCLIC_HUNT", "PRIORITIZED_HUNT", "PRIORITIZED_HUNT"),
    "a page in its place": ("CYCLIC_HUNT", {"600": "PAGING_INTERCOM"}, "PAGING_INTERCOM"),
    "one of the eight, changed": ("CYCLIC_HUNT", "changed", "CYCLIC_HUNT (as configured)"),
}


@pytest.mark.parametrize(("strategy", "dispatcher", "name"), TODAY.values(), ids=TODAY)
def test_today_is_what_is_configured(strategy: str, dispatcher: Any, name: str) -> None:
    if dispatcher == "changed":
        dispatcher = CyclicHunt()
        dispatcher.at_once = 2
    office = changed(scenario(), {"groups.600.ring_strategy": strategy})
    report = report_on(office, replications=4, dispatcher=dispatcher)
    summary = rs.simulate(office, replications=4, dispatcher=dispatcher).summary(group="600")
    text = Page(report.html).text
    assert f"As it rings today ({name})" in report.findings[0]
    rate = f"answers {100 * summary.loc['answer_rate', 'estimate']:.1f} %"
    assert rate in report.findings[0]
    assert report.comparison.baseline == name
    assert len(report.comparison.variants) == 8 - (name == "PRIORITIZED_HUNT")
    assumed = text[text.index("What was assumed") :]
    assert name.removesuffix(" (as configured)") in assumed


# Every figure comes from the same replications


def test_the_pictures_are_of_all_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shares of calls in the picture of waits are those of the text."""
    shown: list[pd.DataFrame] = []
    swept: list[pd.DataFrame] = []
    waits, heat_map = plot.waits, plot.heat_map
    monkeypatch.setattr(
        plot, "waits", lambda calls, within: shown.append(calls) or waits(calls, within)
    )
    monkeypatch.setattr(
        plot, "heat_map", lambda frame, **axes: swept.append(frame) or heat_map(frame, **axes)
    )
    report = report_on(scenario(), replications=45)
    [calls], [frame] = shown, swept
    summary = report.comparison.results["CYCLIC_HUNT"].summary(group="600")
    for outcome, metric in (("answered", "answer_rate"), ("abandoned", "abandonment_rate")):
        assert (calls["outcome"] == outcome).mean() == pytest.approx(
            summary.loc[metric, "estimate"], rel=1e-12
        )
    [here] = frame[(frame["ring_time"] == 12) & (frame["n_members"] == 3)]["service_level"]
    assert here == summary.loc["service_level", "estimate"]


@pytest.mark.parametrize(
    ("hours", "width"), [(168, 1800), (169, 3600), (5041, 86_400), (8784, 604_800)]
)
def test_intervals_are_as_wide_as_a_picture_needs(hours: float, width: float) -> None:
    long = scenario().replace(
        hours=hours, extensions=[], demand={"600": rs.Demand(arrives_at=[1], talk_time=9)}
    )
    result = rs.simulate(long, replications=1)
    assert _pictures.width_of_intervals(result) == width


def test_a_report_on_more_than_5040_hours() -> None:
    long = scenario().replace(
        hours=5050, extensions=[], demand={"600": rs.Demand(calls_per_hour=0.02, talk_time=90)}
    )
    report = report_on(long, replications=2)
    assert "Calls by day of arrival" in Page(report.html).text


# What is almost certain is not said to be


def test_for_ever_and_always_are_said_of_nothing_less() -> None:
    office = scenario().replace(
        demand={
            "600": rs.Demand(calls_per_hour=9, talk_time=9, patience=stats.pareto(0.9, scale=60))
        },
        extensions=[rs.Extension("201", answer_probability=0.999)],
    )
    assert "for ever" not in str(_assumptions.callers(office))
    assert "for ever" in str(
        _assumptions.callers(
            office.replace(demand={"600": rs.Demand(calls_per_hour=9, talk_time=9)})
        )
    )
    assert "99.9 % of rings" in str(_assumptions.people(office))


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

    monkeypatch.setattr("ringsim.cli._plans.report_on", interrupted)
    assert main(["report", file, "-o", str(page)]) == 130
    assert page.read_text() == "what was there"
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "office.toml"}
