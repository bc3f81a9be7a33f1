"""The page to try settings on: in this process, and in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim.pbx.page import _results, create_page
from ringsim.pbx.twin._serving import serving
from support.browser import MEDIA, colours_of, contrast, seen_as
from support.pbx_twins import new_client

NASTY = "Sales <script>alert(1)</script> & \"Söhne\" 'n'"


def office() -> rs.Scenario:
    return rs.Scenario(
        name=NASTY,
        groups=[
            {
                "name": NASTY,
                "extension_number": "600",
                "ring_strategy": "CYCLIC_HUNT",
                "ring_time": 15,
                "members": ["201", "202", "203"],
                "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
            },
            {"name": "Back", "extension_number": "601", "members": ["204"]},
        ],
        demand={"600": rs.Demand(calls_per_hour=40, talk_time=90, patience={"mean": 40})},
        hours=2,
    )


@pytest.fixture(scope="module")
def client() -> Any:
    client = new_client(create_page(office()))
    client.base_url = "http://127.0.0.1"
    return client


CHOSEN = {
    "shown": "600",
    "group": "600",
    "ring_strategy": "RING_SIMULTANEOUSLY",
    "ring_time": "25",
    "n_members": "4",
    "members": "203:2, 201",
    "volume": "150",
}


def test_the_page_works_without_its_script(client: Any) -> None:
    page = client.get("/", params=CHOSEN)
    assert page.status_code == 200
    assert 'value="203:2, 201"' in page.text
    assert '<option value="RING_SIMULTANEOUSLY" selected>Everyone at once</option>' in page.text
    assert page.text.count("<tr class=") == 8
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_settings_reach_the_comparison(client: Any, tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_bytes(client.get("/download/office.toml", params=CHOSEN).content)
    tried = rs.Scenario.load(path)
    group = tried.group("600")
    assert (group.ring_strategy, group.ring_time) == ("RING_SIMULTANEOUSLY", 25)
    assert group.skip_busy_member is False  # the box was not ticked
    assert len(group.members) == 4
    assert [m.extension_number for m in group.members][:2] == ["203", "201"]
    assert group.members[0].skill_level == 2
    assert tried.demand["600"].calls_per_hour == 60


def test_results_are_those_of_compare_on_the_same_callers(client: Any) -> None:
    chosen = {**CHOSEN, "volume": "100", "members": "201, 202, 203", "skip_busy_member": "on"}
    text = client.get("/results", params=chosen).text
    days = int(text.rpartition(" days of the same callers")[0].rpartition(">")[2])
    changes = {"ring_strategy": "RING_SIMULTANEOUSLY", "ring_time": 25, "n_members": 4}
    expected = rs.compare(
        office(), group="600", variants={"x": changes}, replications=days, seed=0
    ).table
    rate = expected.loc[("x", "answer_rate")]
    assert f"{rate['estimate'] * 100:.1f} %" in text


def test_today_has_no_difference(client: Any) -> None:
    text = client.get("/results").text
    assert "These are today's settings." in text
    assert text.count("no measurable difference") == 8
    cells = re.findall(r"<td>(.*?)</td>", text)
    assert cells[0::3] == cells[1::3]  # the same figures, each with its own star or none
    assert "Service level within 20 s" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ring_time": "x"}, "ring_time must be a whole number from 0 to 120"),
        ({"ring_time": "121"}, "ring_time must be"),
        ({"volume": "0"}, "volume must be"),
        ({"members": "201, me"}, "members must be extension numbers"),
        ({"members": "201, 201"}, "201"),
        ({"ring_strategy": "RING_ALL"}, "ring_strategy must be one of"),
        ({"group": "999"}, "group must be the number of a group"),
    ],
)
def test_bad_values_are_one_sentence(client: Any, changes: dict[str, str], said: str) -> None:
    answer = client.get("/results", params={**CHOSEN, **changes})
    assert answer.status_code == 400
    assert said in answer.text
    assert 'role="alert"' in answer.text
    assert said in client.get("/", params={**CHOSEN, **changes}).text


def test_a_group_without_callers_asks_for_them(client: Any) -> None:
    page = client.get("/", params={"group": "601", "shown": "600", "ring_time": "99"}).text
    assert 'name="calls_per_hour"' in page
    assert 'value="20"' in page  # its own ring time, not that of the group shown before
    asked = {"group": "601", "shown": "601", "calls_per_hour": "10", "talk_time": "60"}
    assert client.get("/results", params=asked).status_code == 200


@pytest.mark.parametrize(
    "unusual",
    [
        {"ring_time": 12.5},
        {"ring_time": 300},
        {"members": [str(number) for number in range(200, 280)]},
    ],
    ids=["fraction", "long", "many"],
)
def test_sliders_can_stand_where_the_group_is_today(unusual: dict[str, Any]) -> None:
    """A browser moves a slider into its range, and would change what nobody touched."""
    plain = office()
    group = plain.group("600").replace(**unusual)
    client = new_client(create_page(plain.replace(groups=[group, *plain.groups[1:]])))
    client.base_url = "http://127.0.0.1"
    page = client.get("/").text
    assert "These are today's settings." in page
    today = {"ring_time": group.ring_time, "n_members": len(group.members)}
    for name, value in today.items():
        slider = re.search(rf'<input id="{name}"[^>]*>', page).group(0)
        shown = dict(re.findall(r'(min|max|step|value)="([^"]*)"', slider))
        assert float(shown["value"]) == value <= float(shown["max"])
        assert shown.get("step") == "any" or float(value).is_integer()
    sent = {"shown": "600", "group": "600", **{name: f"{value:g}" for name, value in today.items()}}
    listed = ",".join(member.extension_number for member in group.members)
    sent |= {"members": listed, "skip_busy_member": "on"}
    assert "These are today's settings." in client.get("/results", params=sent).text


def test_downloads(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_results, "MOST_DAYS", 10)  # drawing takes long enough
    report = client.get("/download/report.html", params=CHOSEN)
    assert report.headers["content-disposition"] == 'attachment; filename="report.html"'
    assert report.text.startswith("<!doctype html>")
    notebook = json.loads(client.get("/download/settings.ipynb", params=CHOSEN).text)
    code = "".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code")
    assert "rs.compare(office, group='600'" in code
    compile(code, "notebook", "exec")


def test_strangers_are_kept_out(client: Any) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    page = client.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for path in ("/assets/_app.py", "/assets/..%2f_app.py", "/docs", "/openapi.json"):
        assert client.get(path).status_code == 404
    assert client.post("/").status_code == 405


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(create_page(office())) as address:
        yield address


def wait_for(browser: Any, script: str) -> Any:
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(browser, 30, 0.05).until(lambda each: each.execute_script(script))


@pytest.mark.parametrize("width", [400, 1400])
def test_in_a_browser_it_fits_and_is_quiet(browser: Any, address: str, width: int) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(address)
    wait_for(browser, "return document.querySelector('#chart svg[role=img]') !== null")
    seen = browser.execute_script("""
        const root = document.documentElement;
        return {
            needed: root.scrollWidth,
            width: root.clientWidth,
            beyond: [...document.querySelectorAll('body *')].filter(
                each => !each.closest('.scroll') && !each.closest('thead')
                    && each.getBoundingClientRect().right > root.clientWidth + 1
            ).map(each => each.tagName),
            unlabelled: [...document.querySelectorAll('select, input:not([type=hidden])')].filter(
                each => each.labels.length === 0
            ).length,
        };
    """)
    assert seen["needed"] <= seen["width"]
    assert seen["beyond"] == []
    assert seen["unlabelled"] == 0
    assert browser.get_log("browser") == []
    entries = [json.loads(each["message"])["message"] for each in browser.get_log("performance")]
    asked = [
        entry["params"]["request"]["url"]
        for entry in entries
        if entry["method"] == "Network.requestWillBeSent"
    ]
    outside = [url for url in asked if not url.startswith((address, "data:"))]
    assert asked
    assert outside == []


@pytest.mark.parametrize(("media", "scheme", "lightness"), MEDIA)
def test_its_text_can_be_told_from_its_background(
    browser: Any, address: str, media: str, scheme: str, lightness: str
) -> None:
    """Contrast of at least 4.5, as the Web Content Accessibility Guidelines ask for (AA)."""
    with seen_as(browser, media, scheme):
        browser.get(f"{address}/?shown=600&group=600&ring_strategy=RING_SIMULTANEOUSLY")
        wait_for(browser, "return document.querySelector('#chart svg[role=img]') !== null")
        seen = colours_of(browser)
    assert len(seen["texts"]) >= 3  # figures, and differences for the better and the worse
    for pair in seen["texts"]:
        assert contrast(*pair) >= 4.5, pair
    assert (contrast("rgb(0, 0, 0)", seen["page"]) > 10) == (lightness == "light")
    assert seen["pictures"] == ["rgb(255, 255, 255)"]


def test_paper_shows_settings_and_results_and_nothing_to_click(browser: Any, address: str) -> None:
    """The table of results keeps its columns on A4, and the settings stand above it."""
    with seen_as(browser, "print", "light"):
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 688, "height": 1016, "deviceScaleFactor": 1, "mobile": False},
        )
        browser.get(address)
        wait_for(browser, "return document.querySelector('#chart svg[role=img]') !== null")
        seen = browser.execute_script("""
            const all = selector => [...document.querySelectorAll(selector)];
            return {
                clickable: all('button, a, input[type=range]')
                    .filter(each => each.checkVisibility()).length,
                wide: all('table, svg[role=img]').filter(
                    each => each.getBoundingClientRect().right > innerWidth + 1).length,
                columns: getComputedStyle(document.querySelector('#results tr')).display,
                settings: document.querySelector('form').innerText,
            };
        """)
    assert "Each phone rings for 15 seconds" in seen.pop("settings")
    assert seen == {"clickable": 0, "wide": 0, "columns": "table-row"}


def test_by_keyboard_new_results_come_at_once(browser: Any, address: str) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.get(address)
    wait_for(browser, "return document.querySelector('#chart svg[role=img]') !== null")
    before = browser.execute_script("return document.querySelector('#results').innerHTML")
    assert "These are today's settings" in before
    active = browser.switch_to.active_element
    for _ in range(20):  # from the top of the page, by the Tab key only
        active.send_keys(Keys.TAB)
        active = browser.switch_to.active_element
        if active.get_attribute("id") == "ring_time":
            break
    assert active.get_attribute("id") == "ring_time"
    browser.execute_script("window.began = performance.now()")
    active.send_keys(Keys.ARROW_RIGHT)
    took = wait_for(
        browser,
        """
        const text = document.querySelector('#results').textContent;
        const done = !document.querySelector('#results').classList.contains('waiting');
        const shown = document.querySelector('output[for=ring_time]').value === '16';
        return done && shown && !text.includes("These are today's settings")
            && performance.now() - window.began
        """,
    )
    assert took < 10_000  # the time itself is in the table of benchmarks
    assert "ring_time=16" in browser.current_url
    link = browser.execute_script("return document.querySelector('a.download').href")
    assert "ring_time=16" in link
    errors = [each for each in browser.get_log("browser") if each["level"] == "SEVERE"]
    assert errors == []
