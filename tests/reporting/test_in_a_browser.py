"""The page in a real browser: it renders and fits, without console output or requests."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reporting.test_page import NASTY, scenario

from ringsim.reporting import report_on

webdriver = pytest.importorskip("selenium.webdriver")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield headless Chromium; skip the tests if there is none, except in CI."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        if os.environ.get("CI"):
            pytest.fail("chromium and chromedriver must be installed in CI")
        pytest.skip("chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=driver)
    browser = webdriver.Chrome(options=options, service=service)
    yield browser
    browser.quit()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the URL of a report on a group with a troublesome name."""
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    report_on(scenario(NASTY), replications=5).write(path)
    return path.as_uri()


@pytest.mark.parametrize("width", [400, 1400])
def test_it_renders_and_fits(browser: Any, page: str, width: int) -> None:
    """Every picture is shown, and nothing is wider than the window."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.get(page)
    seen = browser.execute_script("""
        const root = document.documentElement;
        const images = [...document.images];
        return {
            width: root.clientWidth,
            needed: root.scrollWidth,
            beyond: [...document.querySelectorAll('body *')].filter(
                each => !each.closest('.scroll')
                    && each.getBoundingClientRect().right > root.clientWidth + 1
            ).map(each => each.tagName),
            shown: images.filter(each => each.complete && each.naturalWidth > 0).length,
            images: images.length,
            heading: document.querySelector('h1').innerText,
        };
    """)
    assert width - 20 <= seen["width"] <= width  # a scroll bar may take the rest
    assert seen["needed"] <= seen["width"]
    assert seen["beyond"] == []
    assert seen["shown"] == seen["images"] >= 6
    assert NASTY in seen["heading"]


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


def test_it_prints_on_pages(browser: Any, page: str) -> None:
    browser.get(page)
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    assert len(printed["data"]) > 10_000
