"""Headless Chromium for tests of pages.

`browser`
    A fixture; `conftest.py` gives it to every test.
`MEDIA`
    Screen and paper, the colours that somebody prefers, and those that a page is to have there.
`seen_as`
    Context manager: pages as on a screen or on paper, with light or dark colours.
`colours_of`, `contrast`
    The colours of a page, and the contrast of two of them.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield headless Chromium; skip the tests if there is none, except in CI."""
    webdriver = pytest.importorskip("selenium.webdriver")
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


MEDIA = [
    ("screen", "light", "light"),
    ("screen", "dark", "dark"),
    ("print", "light", "light"),
    ("print", "dark", "light"),  # paper is white
]


@contextmanager
def seen_as(browser: Any, media: str, scheme: str) -> Iterator[None]:
    """Show pages as on a screen or on paper, and to people who prefer light or dark pages."""
    preferred = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": preferred})
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


COLOURS = """
    const behind = each => {
        for (; each; each = each.parentElement) {
            const colour = getComputedStyle(each).backgroundColor;
            if (colour !== 'rgba(0, 0, 0, 0)') return colour;
        }
        return 'none';
    };
    const texts = [...document.querySelectorAll('body *:not(svg *)')].filter(each =>
        [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
    return {
        texts: texts.filter(each => each.checkVisibility())
            .map(each => [getComputedStyle(each).color, behind(each)]),
        page: behind(document.body),
        pictures: [...new Set([...document.querySelectorAll('svg[role=img]')].map(behind))],
    };
"""


def colours_of(browser: Any) -> dict[str, Any]:
    """Return the colours of the open page.

    Returns
    -------
    dict
        `texts`: pairs of the colour of a text and of its background; `page`: background of the
        page; `pictures`: backgrounds of the pictures.
    """
    found = browser.execute_script(COLOURS)
    return {**found, "texts": sorted({tuple(pair) for pair in found["texts"]})}


def contrast(text: str, behind: str) -> float:
    """Return the ratio of contrast by the Web Content Accessibility Guidelines, from 1 to 21."""
    lights = sorted(
        _luminance([int(n) for n in re.findall(r"\d+", each)[:3]]) for each in (text, behind)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(rgb: list[int]) -> float:
    parts = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in (c / 255 for c in rgb)
    ]
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))
