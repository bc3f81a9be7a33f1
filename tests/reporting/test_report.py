"""The function `report`: what it compares, its language, sections, title and logo; its errors."""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import ringsim as rs
from reporting.test_page import Page, scenario
from ringsim._choices import SECTIONS
from ringsim._words import catalogue, speaking
from ringsim.confidence import Estimate
from ringsim.dispatch import Hunt
from ringsim.planning._advice import Advice
from ringsim.planning._metric_changes import Change
from ringsim.reporting import Report
from ringsim.reporting._advice import _more_calls, _price
from ringsim.reporting._figures import metric_name
from ringsim.scenario import changed
from support.helpers import refusal

BRIEF: dict[str, Any] = {"sections": [], "replications": 4}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Latest(Hunt):
    """Dispatcher that rings the last member first."""

    order_by = ("-position",)


WEEK = ["mon", "tue"]


@cache
def german() -> Report:
    """Return the whole page in German, about a scenario that leaves everything open."""
    group = {"extension_number": "600", "members": ["201", "202"], "name": "Vertrieb"}
    other = {
        "extension_number": "601",
        "members": ["203"],
        "no_answer_forward_rule": {"action": "REPEAT"},
    }
    office = rs.Scenario(
        groups=[group, other],
        demand={
            "600": rs.Demand(calls_per_hour=[40, 60], talk_time=90, patience=45, wrap_up_time=3),
            "601": rs.Demand(calls_per_hour=5, talk_time=rs.lognormal(mean=60, cv=1.5)),
        },
        extensions=[rs.Extension("202", answer_delay=2.5)],
    )
    return rs.report(office.replace(hours=1), "600", language="de", replications=10)


# Language


def test_a_german_page_is_german_throughout() -> None:
    """No text of the catalogue stands on it in English, and every number has a comma."""
    page = german().html
    text = Page(page).text
    assert '<html lang="de">' in page
    left = [
        words["en"]
        for key, words in catalogue().items()
        if "{" not in words["en"]
        and not key.startswith("fitted.")  # paths of a scenario, which pages name
        and len(words["en"]) > 10
        and words["en"] != words["de"]
        and re.search(rf"\b{re.escape(words['en'])}\b", text)
    ]
    assert left == []
    assert re.findall(r"\d+\.\d+ (?:%|s\b|bis|Punkte)", text) == []


def test_what_was_not_given_is_said_in_german() -> None:
    page = german().html
    start = page.index("Das Szenario lässt dies offen")
    listed = page[start : page.index("</ul>", start)]
    assert 'lang="en"' not in listed
    n_given = len(german().comparison.scenario.assumptions)
    assert listed.count("<li") == n_given >= 10
    assert "Mitglieder im Gespräch werden übersprungen" in listed
    assert "alle Gruppen" in listed


def test_what_is_left_out_of_a_day_is_said_in_german() -> None:
    office = scenario().replace(
        demand={"600": rs.Demand(calls_per_hour=[30, 30, 30, 30], talk_time=60)},
        extensions=[rs.Extension("203", on_duty=[("12:00", "13:00")])],
        hours=1.25,
    )
    text = rs.report(office, language="de", sections=["assumptions"], replications=2).html
    assert 'lang="en"' not in text
    assert "Anrufe nach den 1,25 h des Tages bleiben außer Betracht: 600." in text
    assert "Sie sind zu keiner Zeit der 1,25 h im Dienst: 203." in text
    short = office.replace(hours=4, extensions=[])
    text = rs.report(short, language="de", sections=["assumptions"], replications=2).html
    assert "Nach dem letzten der aufgeführten Intervalle ruft niemand mehr an: 600." in text


def test_a_note_that_the_catalogue_does_not_know_says_that_it_is_english() -> None:
    group = {"extension_number": "600", "members": ["201"], "greeting_of_tomorrow": 3}
    office = rs.Scenario(
        groups=[rs.RingGroup.from_pbx(group) if hasattr(rs.RingGroup, "from_pbx") else group],
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=60)},
        hours=1,
    )
    page = rs.report(office, language="de", sections=["assumptions"], replications=2).html
    assert re.search(r'<li lang="en">[^<]*greeting_of_tomorrow', page)


def test_both_languages_show_the_same_figures() -> None:
    pages = [
        rs.report(scenario(), language=code, sections=["variants"], replications=4).html
        for code in ("en", "de")
    ]
    texts = [re.sub(r"<svg.*?</svg>", "", page[page.index("<main") :]) for page in pages]
    figures = [re.findall(r"\d+[.,]\d+", text.replace(",", ".")) for text in texts]
    assert figures[0] == figures[1]


# What is compared


def test_settings_to_try_are_variants_and_today_is_the_baseline() -> None:
    page = rs.report(scenario(), what_if={"ring_time": [8, 20], "n_members": [5]}, **BRIEF)
    assert page.comparison.variants == ("today", "ring time 8 s", "ring time 20 s", "5 members")
    assert page.comparison.baseline == "today"
    ring_times = {
        name: result.scenario.group("600").ring_time
        for name, result in page.comparison.results.items()
    }
    assert list(ring_times.values()) == [12, 8, 20, 12]


@pytest.mark.parametrize(
    ("difference", "language", "days", "told"),
    [
        (0.009, "en", [], []),
        (0.012, "en", [], ["That is about one more answered call out of 100 in 2 h."]),
        (0.012, "de", [], ["Das ist etwa ein angenommener Anruf mehr von 100 in 2 h."]),
        (0.016, "en", [], ["That is about 2 more answered calls out of 100 in 2 h."]),
        (0.016, "de", [], ["Das sind etwa 2 angenommene Anrufe mehr von 100 in 2 h."]),
        (0.012, "en", WEEK, ["That is about one more answered call out of 100 in a week."]),
        (0.016, "de", WEEK, ["Das sind etwa 2 angenommene Anrufe mehr von 100 in einer Woche."]),
    ],
)
def test_one_more_call_is_singular(
    difference: float, language: str, days: list[str], told: list[str]
) -> None:
    offered = SimpleNamespace(estimate=lambda: Estimate(100.0))
    subject: Any = SimpleNamespace(
        now=SimpleNamespace(figure=lambda *_: offered),
        group="600",
        thresholds=None,
        scenario=SimpleNamespace(hours=2),
        is_week=len(days) > 1,
    )
    gain = Change("answer_rate", 0.8, 0.8 + difference, difference, 0.001, 0.03)
    with speaking(language):
        assert _more_calls(subject, gain) == told


@pytest.mark.parametrize(
    ("language", "low", "trusted", "doubt"),
    [
        ("en", 0.5, False, ", from few events)"),
        ("de", 0.5, False, ", aus wenigen Ereignissen)"),
        ("en", -0.1, True, ", on the edge of significance)"),
        ("de", -0.1, True, ", am Rand der Signifikanz)"),
        ("en", 0.5, True, "0.5 to 1.5)"),
        ("de", 0.5, True, "0,5 bis 1,5)"),
    ],
)
def test_a_doubtful_price_is_marked(
    language: str, low: float, doubt: str, *, trusted: bool
) -> None:
    thresholds = SimpleNamespace(within=20)
    subject: Any = SimpleNamespace(thresholds=thresholds, metric_name=metric_name)
    price = Change("interruptions_per_hour", 1, 2, 1.0, low, 1.5, trusted)
    with speaking(language):
        [told] = _price(subject, Advice("all", (price,), price, (3, 3)))
    assert told.endswith(f"{doubt}.")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "20 simulated weeks of Mon, Tue, each day of 1 h from 08:00"),
        ("de", "20 simulierte Wochen (Mo, Di), Tage zu 1 h ab 08:00 Uhr"),
    ],
)
def test_a_replication_of_several_days_is_a_week(language: str, told: str) -> None:
    page = rs.report(
        scenario().replace(days=WEEK), sections=["appendix"], replications=20, language=language
    )
    assert told in Page(page.html).text


@pytest.mark.parametrize("name", ["weniger", "Weniger"])
def test_the_name_of_a_variant_stays_as_it_was_written(name: str) -> None:
    page = rs.report(scenario(), what_if={name: {"n_members": 5}}, language="de", **BRIEF)
    assert page.findings[0].startswith(f"„{name}“ (")


def test_more_members_are_a_price() -> None:
    page = rs.report(scenario(), what_if={"n_members": [6]}, sections=[], replications=40)
    assert page.findings[0].startswith("6 members instead of what is set today. Then ")
    assert "The price: 6 members instead of 3." in page.findings[0]


def test_changes_by_name_are_variants_with_what_they_change() -> None:
    page = rs.report(
        scenario(),
        what_if={"short": {"ring_time": 7.5, "skip_busy_member": False}},
        sections=["variants"],
        replications=4,
    )
    assert page.comparison.variants == ("today", "short")
    assert "ring time [s]: 7.5, skip busy members: no" in Page(page.html).text


def test_variants_are_those_of_a_comparison() -> None:
    page = rs.report(scenario(), variants={"mine": Latest}, **BRIEF)
    assert page.comparison.variants == ("today", "mine")
    listed = rs.report(scenario(), variants=["RING_SIMULTANEOUSLY", "CYCLIC_HUNT"], **BRIEF)
    assert listed.comparison.variants == ("RING_SIMULTANEOUSLY", "CYCLIC_HUNT")
    assert listed.comparison.baseline == "CYCLIC_HUNT"


def test_the_comparison_is_that_of_compare() -> None:
    page = rs.report(scenario(), sections=[], replications=6, seed=3)
    compared = rs.compare(scenario(), group="600", replications=6, seed=3)
    assert page.comparison.table.equals(compared.table)


def test_given_days_are_played_again() -> None:
    """The page is about these days: no figure comes from drawn ones."""
    days = [rs.Workload.draw(scenario(), seed=5, replication=i) for i in range(3)]
    page = rs.report(scenario(), workload=days, sections=["settings", "assumptions", "callers"])
    assert page.comparison.table.equals(rs.compare(scenario(), group="600", workload=days).table)
    text = Page(page.html).text
    assert "3 given days of 1 h from 08:00, played again" in text
    assert 'id="settings"' not in page.html
    assert "Calls arrive at random" not in text


def test_a_precision_decides_the_number_of_replications() -> None:
    wanted = rs.Precision("answer_rate", 0.05, group="600")
    page = rs.report(scenario(), until=wanted, sections=[], seed=2)
    played = rs.simulate(scenario(), until=wanted, seed=2)
    assert page.comparison.replications == played.replications


def test_a_comparison_reports_on_itself(tmp_path: Path) -> None:
    compared = rs.compare(scenario(), group="600", replications=6, seed=3)
    path = tmp_path / "page.html"
    page = compared.report(path, sections=["variants"])
    assert path.read_text("utf-8") == page.html
    assert page.html == rs.report(scenario(), sections=["variants"], replications=6, seed=3).html


def test_a_comparison_whose_baseline_is_not_today_says_so() -> None:
    compared = rs.compare(
        scenario(),
        group="600",
        variants={"a": {"ring_time": 5}},
        baseline="a",
        strategies=["CYCLIC_HUNT"],
        replications=4,
    )
    page = compared.report(sections=["callers"])
    assert page.findings[1].startswith("With the baseline the group rings ")
    assert "What callers experience with the baseline" in page.html
    assert "oday" not in Page(page.html).text


def test_the_scenario_as_it_is_is_today() -> None:
    compared = rs.compare(
        scenario(), group="600", variants={"more": {"n_members": 6}}, replications=30
    )
    assert compared.baseline == "as it is"
    for language, words in (("en", "instead of what is set"), ("de", "statt der heutigen")):
        page = compared.report(language=language, sections=["variants"])
        assert words in page.findings[0]
        assert "as it is" not in Page(page.html).text


def test_a_comparison_of_all_groups_has_a_page() -> None:
    two = scenario().replace(
        groups=[*scenario().groups, rs.RingGroup(extension_number="601", members=["204"])]
    )
    sections = [name for name in SECTIONS if name != "charts"]
    page = rs.compare(two, replications=4).report(sections=sections)
    assert "<h1>All ring groups</h1>" in page.html
    assert 'id="settings"' not in page.html
    assert "600: 201" in Page(page.html).text


def test_a_comparison_of_few_metrics_has_a_page() -> None:
    for metrics in (["answer_rate"], ["interruptions_per_hour", "offered"], ["wait_p90"]):
        compared = rs.compare(scenario(), group="600", metrics=metrics, replications=4)
        page = compared.report(sections=["variants"])
        assert "<h1>Ring group 600 Sales</h1>" in page.html


def test_rare_calls_are_not_told_with_zeros() -> None:
    """A phone that rings 0.05 times an hour does not ring 0.0 times, nor 0.0 times more."""
    office = scenario()
    demand = {"600": office.demand["600"].replace(calls_per_hour=0.1)}
    page = rs.report(
        office.replace(demand=demand, hours=8), sections=["variants"], replications=200
    )
    text = Page(page.html).text
    assert re.search(r"rings most often, 0\.\d\d+ times per hour", text)
    for zero in ("0.0 times", "0.0 more", "0.0 less", "0.1 times"):
        assert zero not in text, text[:3000]


def test_one_replication_recommends_nothing_and_has_no_interval() -> None:
    page = rs.report(scenario(), replications=1, sections=["variants", "appendix"])
    assert page.findings[0].startswith("Keep one by one, in turn (CYCLIC_HUNT).")
    assert "nan" not in Page(page.html).text


def test_a_group_that_pages_has_no_recommendation() -> None:
    paging = changed(scenario(), {"groups.600.ring_strategy": "PAGING_INTERCOM"})
    page = rs.report(paging, **BRIEF)
    assert page.findings[0].startswith("No recommendation: the group pages.")


# Sections, title, logo


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_can_stand_alone(section: str) -> None:
    page = rs.report(scenario(), sections=[section], replications=2).html
    shown = set(re.findall(r'<section id="(\w+)"', page))
    assert shown == {"recommendation", section}


def test_title_and_logo(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(PIXEL)
    page = rs.report(scenario(), title="Sales <2027>", logo=logo, **BRIEF).html
    assert "<title>Sales &lt;2027&gt;</title>" in page
    assert "<h1>Sales &lt;2027&gt;</h1>" in page
    image = base64.b64encode(PIXEL).decode()
    assert f'<img src="data:image/png;base64,{image}" alt="">' in page


def test_it_is_saved_shown_and_described(tmp_path: Path) -> None:
    page = rs.report(scenario(), path=tmp_path / "a.html", **BRIEF)
    page.save(tmp_path / "b.html")
    page.write(tmp_path / "c.html")
    assert {(tmp_path / f"{name}.html").read_text("utf-8") for name in "abc"} == {page.html}
    assert str(page) == "\n".join(page.findings)
    shown = page._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "<script" not in shown
    assert shown.count("<") == 2


# Errors


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "language": ({"language": "fr"}, "language must be one of en, de, got 'fr'."),
    "section": (
        {"sections": ["variant"]},
        "sections[0] must be one of recommendation, variants, callers, members, settings, stress, "
        "charts, assumptions, appendix, got 'variant'. Did you mean 'variants'?",
    ),
    "sections": ({"sections": "all"}, "sections must be a list of sections, got 'all'."),
    "logo": (
        {"logo": "logo.bmp"},
        "logo must be a file that ends in .png, .jpg, .jpeg, .gif, .webp, .svg, got 'logo.bmp'.",
    ),
    "path of a logo": (
        {"logo": Path("logo.bmp")},
        "logo must be a file that ends in .png, .jpg, .jpeg, .gif, .webp, .svg, got 'logo.bmp'.",
    ),
    "no such logo": ({"logo": "none.png"}, "logo must be a readable file, got 'none.png'."),
    "what_if": ({"what_if": ["ring_time"]}, "what_if must be a table of settings"),
    "what_if values": (
        {"what_if": {"ring_time": 10}},
        "what_if['ring_time'] must be a list of values, or changes by path, got 10.",
    ),
    "setting": ({"what_if": {"ring_tim": [10]}}, "Did you mean 'ring_time'?"),
    "variants": ({"variants": 3}, "variants must be a table of variants by name, or a list"),
    "today": ({"variants": {"today": {}}}, "variants['today'] must have another name"),
    "both": (
        {"until": rs.Precision("answer_rate", 0.1), "replications": 3},
        "replications must not be given beside until, got 3.",
    ),
    "given days": (
        {
            "until": rs.Precision("answer_rate", 0.1),
            "workload": rs.Workload(arrives_at=[1], talk_time=9),
        },
        "until must not be given beside workload",
    ),
    "place": ({"path": "no/such/folder/page.html"}, "must be a file that can be written"),
}


@pytest.mark.parametrize(("asked", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_refused_before_the_work(asked: dict[str, Any], words: str) -> None:
    asked = {"replications": 1_000_000, **asked} if "until" not in asked else asked
    assert words in refusal(lambda: rs.report(scenario(), **asked))


def test_the_stress_section_plays_the_usual_events_with_the_callers_of_the_report() -> None:
    office = scenario()
    page = rs.report(office, sections=["stress"], replications=4, seed=3).html
    found = rs.stress(office, page_group(office), replications=4, seed=3)
    text = page[page.index('id="stress"') :]
    rows = re.findall(r'<th scope="row"[^>]*>([^<]*)', text)
    places = [
        next(at for at, row in enumerate(rows) if row.startswith(words))
        for words in map(said, found.order)
    ]
    assert places == sorted(places)
    german = rs.report(office, sections=["stress"], replications=4, language="de").html
    assert "Tage, an denen etwas schiefgeht" in german
    assert "1,3-mal so viele Anrufe" in german


def page_group(office: rs.Scenario) -> str:
    return next(number for number in office.group_numbers if number in office.demand)


def said(name: str) -> str:
    """Return the beginning of the words of the report for an event."""
    words = {
        "absent": name.replace(" absent", " is absent"),
        "calls": name,
        "long": name,
        "closed": name.replace(" closed", " is closed"),
    }.get(name.rpartition(" ")[2], name.partition(" calls")[0] + " more calls")
    return words[0].upper() + words[1:]


def test_the_stress_section_is_left_out_for_given_days_and_for_all_groups() -> None:
    office = scenario()
    days = [rs.Workload.draw(office, seed=seed) for seed in range(2)]
    assert 'id="stress"' not in rs.report(office, workload=days, sections=["stress"]).html
    compared = rs.compare(office, replications=2)
    if compared.group is None:
        assert 'id="stress"' not in compared.report(sections=["stress"]).html
