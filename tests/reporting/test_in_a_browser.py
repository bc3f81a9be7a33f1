"""The page in a real browser: it renders, fits and prints, without console output or requests."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from reporting.test_page import NASTY, scenario
from support.browser import MEDIA, colours_of, contrast, seen_as


@pytest.fixture(scope="module", params=["en", "de"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the URL of a report, in each language, on a group with a troublesome name."""
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    rs.report(scenario(NASTY), path=path, language=request.param, replications=5)
    return path.as_uri()


def open_at(browser: Any, page: str, width: int) -> None:
    """Open a page in a window of a width [pixels]."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.get(page)


@pytest.mark.parametrize("width", [400, 1100, 1400])
def test_it_renders_and_fits(browser: Any, page: str, width: int) -> None:
    """Every picture is shown, nothing is wider than the window, and no column is lost."""
    open_at(browser, page, width)
    seen = browser.execute_script("""
        const root = document.documentElement;
        const pictures = [...document.querySelectorAll('svg[role=img]')];
        const tables = [...document.querySelectorAll('table')];
        return {
            width: root.clientWidth,
            needed: root.scrollWidth,
            beyond: [...document.querySelectorAll('body *')].filter(
                each => !each.closest('.scroll')
                    && each.getBoundingClientRect().right > root.clientWidth + 1
            ).map(each => each.tagName),
            sizes: pictures.map(each => each.getBoundingClientRect().width),
            lost: tables.filter(each => each.clientWidth > each.parentElement.clientWidth)
                .map(each => each.caption.innerText),
            heading: document.querySelector('h1').innerText,
        };
    """)
    assert width - 20 <= seen["width"] <= width  # a scroll bar may take the rest
    assert seen["needed"] <= seen["width"]
    assert seen["beyond"] == []
    assert len(seen["sizes"]) >= 6
    assert min(seen["sizes"]) > 300
    assert NASTY in seen["heading"]
    if width >= 1100:
        assert seen["lost"] == []


def test_its_structure_is_that_of_a_document(browser: Any, page: str) -> None:
    """One h1, headings in order, captions, landmarks, names of pictures, and a language."""
    open_at(browser, page, 1100)
    seen = browser.execute_script("""
        const all = selector => [...document.querySelectorAll(selector)];
        return {
            language: document.documentElement.lang,
            title: document.title,
            levels: all('h1, h2, h3, h4').map(each => Number(each.tagName[1])),
            mains: all('main').length,
            uncaptioned: all('table').filter(each => !each.caption).length,
            unscoped: all('th').filter(each => !each.scope).length,
            nameless: all('svg:not([aria-hidden]), img:not([alt]), [role=region]')
                .filter(each => !each.getAttribute('aria-label')).length,
            dangling: all('a[href^="#"]')
                .filter(each => !document.getElementById(each.hash.slice(1))).length,
            repeated: all('[id]').length - new Set(all('[id]').map(each => each.id)).size,
            unreachable: all('.scroll').filter(each => each.tabIndex !== 0).length,
        };
    """)
    levels = seen.pop("levels")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert seen.pop("language") in ("en", "de")
    assert NASTY.split()[0] in seen.pop("title")
    assert seen.pop("mains") == 1
    assert seen == dict.fromkeys(seen, 0)


@pytest.mark.parametrize(("media", "scheme", "lightness"), MEDIA)
def test_its_text_can_be_told_from_its_background(
    browser: Any, page: str, media: str, scheme: str, lightness: str
) -> None:
    """Contrast of at least 4.5, as the Web Content Accessibility Guidelines ask for (AA).

    Pictures have colours of their own, which are made for a white background.
    """
    with seen_as(browser, media, scheme):
        open_at(browser, page, 1100)
        seen = colours_of(browser)
    assert len(seen["texts"]) >= 2
    for pair in seen["texts"]:
        assert contrast(*pair) >= 4.5, pair
    assert (contrast("rgb(0, 0, 0)", seen["page"]) > 10) == (lightness == "light")
    assert seen["pictures"] == ["rgb(255, 255, 255)"]


def test_no_text_in_a_picture_overprints_another(browser: Any, page: str) -> None:
    """Texts of one picture do not overlap, with the fonts of this browser."""
    open_at(browser, page, 1100)
    overlapping = browser.execute_script("""
        const found = [];
        for (const picture of document.querySelectorAll('svg[role=img]')) {
            const texts = [...picture.querySelectorAll('text')];
            const boxes = texts.map(each => each.getBoundingClientRect());
            for (let i = 0; i < boxes.length; i++)
                for (let j = i + 1; j < boxes.length; j++) {
                    const [a, b] = [boxes[i], boxes[j]];
                    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                    const least = Math.min(a.height, b.height);
                    if (wide > 1.5 && high > 0.35 * least)
                        found.push([texts[i].textContent, texts[j].textContent]);
                }
        }
        return found;
    """)
    assert overlapping == []


def test_it_says_nothing_and_asks_for_nothing(browser: Any, page: str) -> None:
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(page)
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert browser.get_log("browser") == []
    assert [url for url in asked if not url.startswith("data:")] == [page]


A4 = {"paperWidth": 210 / 25.4, "paperHeight": 297 / 25.4}  # inches
BETWEEN_MARGINS = (688, 1016)  # width and height of an A4 page with margins of 14 mm [pixels]


def test_it_prints_on_pages(browser: Any, page: str) -> None:
    browser.get(page)
    printed = browser.execute_cdp_cmd("Page.printToPDF", A4)
    assert len(printed["data"]) > 10_000


def test_nothing_is_larger_than_a_printed_page(browser: Any, page: str) -> None:
    """No table is cut at the margin, no picture is split, and no links are on paper.

    Small print is smaller than the figures that it belongs to.
    """
    with seen_as(browser, "print", "light"):
        open_at(browser, page, BETWEEN_MARGINS[0])
        seen = browser.execute_script("""
            const all = selector => [...document.querySelectorAll(selector)];
            const size = each => parseFloat(getComputedStyle(each).fontSize);
            return {
                wide: all('table, svg[role=img]').filter(
                    each => each.getBoundingClientRect().right > innerWidth + 1
                ).map(each => each.innerText || each.getAttribute('aria-label')),
                high: Math.max(...all('figure').map(each => each.getBoundingClientRect().height)),
                links: all('a').filter(each => each.checkVisibility()).length,
                large: all('small').filter(each => size(each) >= size(each.parentElement)).length,
                notes: all('.note, figcaption').filter(each => size(each) >= size(document.body))
                    .length,
            };
        """)
    assert seen.pop("high") <= BETWEEN_MARGINS[1]
    assert seen == {"wide": [], "links": 0, "large": 0, "notes": 0}


def test_headings_of_rows_have_room_on_a_phone(browser: Any, page: str) -> None:
    """No heading becomes a column of single words, in more than four lines."""
    open_at(browser, page, 390)
    lines = browser.execute_script("""
        return [...document.querySelectorAll('tbody th')].map(each => {
            const range = document.createRange();
            range.selectNodeContents(each.firstChild);
            const tops = new Set([...range.getClientRects()].map(line => Math.round(line.top)));
            return [each.firstChild.data, tops.size];
        });
    """)
    assert lines
    crowded = [text for text, n in lines if n > 4]
    assert crowded == []
