"""The page of a report: its contents, its independence of other files, and its errors."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from scipy import stats

import ringsim as rs
from ringsim import plot
from ringsim._choices import SECTIONS
from ringsim._words import word
from ringsim.cli import main
from ringsim.dispatch import CyclicHunt, Hunt
from ringsim.planning._advice import advice_on
from ringsim.plot._frames import axis_label
from ringsim.plot._waits import _frame_of as frame_of
from ringsim.reporting import Report, _pictures, _tables, report_on
from ringsim.reporting._stress_des import NUMBERS
from ringsim.reporting._subject import Subject
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


def test_the_recommendation_comes_first_with_its_price(report: Report) -> None:
    page = Page(report.html)
    assert page.open == []
    places = [page.text.index(sentence) for sentence in sentences_of(report)]
    assert places == sorted(places)
    assert max(places) < page.text.index("All variants, with the same callers")
    advice = advice_on(report.comparison)
    assert advice is not None
    assert advice.price is not None
    before, after = (f"{each:.1f}" for each in (advice.price.before, advice.price.after))
    assert f"The price: each member's phone rings {after} times" in report.findings[0]
    assert f"instead of {before}" in report.findings[0]
    assert "Ring everyone at once (RING_SIMULTANEOUSLY)" in report.findings[0]


def sentences_of(report: Report) -> list[str]:
    return [" ".join(each.split()) for each in report.findings]


def test_the_picture_of_the_price_has_what_it_brings_and_what_it_costs(report: Report) -> None:
    first = report.html[: report.html.index("<nav")]
    advice = advice_on(report.comparison)
    assert advice is not None
    assert advice.price is not None
    assert f">{axis_label(advice.price.metric)}</text>" in first
    assert f">{axis_label(advice.gains[0].metric)}</text>" in first
    assert "What each variant brings" in first


def test_every_figure_of_the_comparison_is_in_its_tables(report: Report) -> None:
    text = Page(report.html).text
    rows = report.comparison.table.xs("service_level", level="metric", drop_level=False)
    for (name, _), row in rows.iterrows():
        assert name in text
        assert f"{100 * row['estimate']:.1f} % {100 * row['low']:.1f} to" in text


def test_variants_that_do_the_same_are_one_row() -> None:
    equal = scenario().replace(
        groups=[{**scenario().groups[0].model_dump(), "members": ["201", "202", "203"]}]
    )
    report = rs.report(equal, sections=["variants"], replications=4)
    assert len(report.comparison.distinct) < 7
    text = Page(report.html).text
    assert "CYCLIC_HUNT, SKILL_BASED_ROUTING_CYCLIC_HUNT" in text
    assert text.count("By skill level") == 0
    assert "Variants that do the same are one row." in text


def test_it_says_of_all_twenty_items_what_it_knows_and_asks_for_nothing(report: Report) -> None:
    text = Page(report.html).text
    assert len(NUMBERS) == 20
    appendix = text[text.index("Reporting items of STRESS-DES") :]
    places = [
        appendix.index(f"{number} {word('des.n' + number.replace('.', '_'))}") for number in NUMBERS
    ]
    assert places == sorted(places)
    assert "author" not in text
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
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    for value in addresses:
        assert value is not None
        assert value.startswith("data:") or value.removeprefix("#") in ids
    assert not re.search(r"url\((?!#)|@import|https?://", report.html)
    references = set(re.findall(r"url\(#(\w+)\)", report.html))
    assert references <= ids


def test_no_name_is_given_twice(report: Report) -> None:
    ids = [attributes["id"] for _, attributes in Page(report.html).tags if "id" in attributes]
    assert len(ids) == len({*ids})


def test_headings_captions_and_landmarks_are_in_order(report: Report) -> None:
    tags = Page(report.html).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    names = [tag for tag, _ in tags]
    assert names.count("main") == 1
    assert names.count("table") == names.count("caption") >= 6
    assert names.index("main") < names.index("h2")


def test_every_picture_says_in_words_what_it_shows(report: Report) -> None:
    images = [attributes for tag, attributes in Page(report.html).tags if tag == "svg"]
    shown = [image for image in images if image.get("role") == "img"]
    assert len(shown) >= 6
    assert all(image["aria-label"] for image in shown)
    assert all(image.get("aria-hidden") == "true" for image in images if image not in shown)


def test_each_variant_has_its_ring_chart(report: Report) -> None:
    text = Page(report.html).text
    chart = text[text.index("What each variant does", text.index("All figures") - 9000) :]
    for label in Subject(report.comparison, "600").labels.values():
        assert label in chart


def test_the_page_of_the_example_is_small() -> None:
    office = rs.Scenario.load(str(files("ringsim") / "data" / "my-office.toml"))
    page = rs.report(office, replications=10)
    assert len(page.html.encode()) < 500_000
    for section in SECTIONS:
        assert f'id="{section}"' in page.html


def test_what_was_not_given_is_listed(report: Report) -> None:
    text = Page(report.html).text
    assert report.comparison.scenario.assumptions
    for sentence in report.comparison.scenario.assumptions:
        assert sentence in text


def test_names_are_text_whatever_is_in_them() -> None:
    """Neither tags nor quotes nor directions of writing get out of their place."""
    report = rs.report(scenario(NASTY), sections=["assumptions"], replications=2)
    page = Page(report.html)
    assert "script" not in {tag for tag, _ in page.tags}
    assert " ".join(NASTY.split()) in page.text


def test_the_same_seed_gives_the_same_findings_and_pictures(report: Report) -> None:
    again = report_on(scenario(), replications=10)
    assert again.findings == report.findings
    assert again.html == report.html


def test_no_picture_stays_open() -> None:
    """A notebook would show open figures again."""
    before = plt.get_fignums()
    rs.report(scenario(), sections=["variants", "members"], replications=2)
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
    asked = {"sections": ["assumptions"], "replications": 4}
    report = rs.report(office, dispatcher=dispatcher, **asked)
    summary = rs.simulate(office, replications=4, dispatcher=dispatcher).summary(group="600")
    text = Page(report.html).text
    now = name.removesuffix(" (as configured)")
    assert now in report.findings[1]
    assert report.findings[1].startswith("Today the group rings ")
    rate = f"{100 * summary.loc['answer_rate', 'estimate']:.1f} % of the calls are answered"
    assert rate in report.findings[1]
    assert report.comparison.baseline == name
    assert len(report.comparison.variants) == 8 - (name == "PRIORITIZED_HUNT")
    assumed = text[text.rindex("The scenario leaves these things open") :]
    assert now in assumed


# Every figure comes from the same replications


def test_the_pictures_are_of_all_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shares of calls in the picture of waits are those of the text."""
    shown: list[pd.DataFrame] = []
    swept: list[pd.DataFrame] = []
    waits, heat_map = plot.waits, plot.heat_map
    monkeypatch.setattr(
        plot,
        "waits",
        lambda calls, within, group: (
            shown.append(frame_of(calls, group)) or waits(calls, within, group=group)
        ),
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
    report = rs.report(long, sections=["callers"], replications=2)
    assert "Calls by day of arrival" in Page(report.html).text
    assert "2 simulated periods of 5050 h" in Page(report.html).text


# What is almost certain is not said to be


def test_for_ever_and_always_are_said_of_nothing_less() -> None:
    office = scenario().replace(
        demand={
            "600": rs.Demand(calls_per_hour=9, talk_time=9, patience=stats.pareto(0.9, scale=60))
        },
        extensions=[rs.Extension("201", answer_probability=0.999)],
    )
    assert "for ever" not in str(_tables.callers(office))
    assert "for ever" in str(
        _tables.callers(office.replace(demand={"600": rs.Demand(calls_per_hour=9, talk_time=9)}))
    )
    assert "99.9 % of rings" in str(_tables.people(office))


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
    assert "Today the group rings one by one, in turn (CYCLIC_HUNT)" in printed.out
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

    monkeypatch.setattr("ringsim.cli._report.report", interrupted)
    assert main(["report", file, "-o", str(page)]) == 130
    assert page.read_text() == "what was there"
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "office.toml"}


def state_of(**changes: Any) -> str:
    """Return the sentences on an office as it is."""
    office = rs.Scenario(
        groups=[rs.RingGroup(extension_number="600", members=["201"])],
        demand={"600": rs.Demand(talk_time=60, **changes)},
        hours=1,
    )
    return str(rs.report(office, sections=[], replications=2))


def test_the_only_member_who_answers_is_named_once() -> None:
    told = state_of(arrives_at=[10.0])
    assert "Of the calls answered by members, 201 answers 100.0 %. The phone of 201" in told


def test_no_figure_stands_as_a_hyphen_in_a_sentence() -> None:
    """No mean wait without answered calls, and no rate without calls."""
    told = state_of(arrives_at=[10.0], patience=0)
    assert "0.0 % of the calls are answered" in told
    assert "wait -" not in told
    told = state_of(calls_per_hour=1e-6)
    assert "No call arrives in the simulated days." in told
    assert "- of the" not in told
