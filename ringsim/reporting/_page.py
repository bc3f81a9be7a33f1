"""The page of a report: words, pictures and tables as one HTML file without scripts."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from ringsim import _files
from ringsim._version import __version__
from ringsim._words import decimal, language, word
from ringsim.errors import ConfigurationError
from ringsim.planning import Comparison, StressTest
from ringsim.reporting._advice import advice_sentences, state_sentences
from ringsim.reporting._pictures import Gallery
from ringsim.reporting._sections import sections_of
from ringsim.reporting._subject import Subject
from ringsim.reporting._svg import Sheet

__all__ = ["Page", "Report", "logo_source", "page_of", "page_template"]

FIRST = "recommendation"  # the section at the top of every page
HOURS_OF_A_DAY = 24
HEIGHT = 720  # of the frame in a notebook [pixels]
IMAGES = {  # kinds of images by the ending of the file
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Page:
    """A web page that is complete without other files.

    Attributes
    ----------
    html : str
        The page.
    findings : tuple of str
        Sentences at its top.
    """

    html: str
    findings: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.findings)

    def _repr_html_(self) -> str:
        page = html.escape(self.html, quote=True)
        return (
            f'<iframe srcdoc="{page}" title="{html.escape(self.findings[0], quote=True)}" '
            f'style="width:100%;height:{HEIGHT}px;border:1px solid #bbb"></iframe>'
        )

    def save(self, path: str | Path) -> None:
        """Write the page to a file, atomically.

        Raises
        ------
        ConfigurationError
            If the file cannot be written.
        """
        with _files.replacing(path) as file:
            file.write(self.html)

    def write(self, path: str | Path) -> None:
        """Write the page to a file: the same as `save`."""
        self.save(path)


@dataclass(frozen=True)
class Report(Page):
    """A report on a group of a scenario, as a web page.

    Its findings are the recommendation with its price, then the group as it is.

    Attributes
    ----------
    html, findings
        As in `Page`.
    comparison : Comparison
        Comparison of the variants.
    """

    comparison: Comparison

    def __repr__(self) -> str:
        about = self.comparison.group or "all groups"
        return f"<Report on {about}, {len(self.html.encode()) // 1000} kB>"


def page_of(
    subject: Subject,
    sections: Sequence[str],
    swept: pd.DataFrame | None,
    stressed: StressTest | None,
    *,
    title: str | None,
    logo: str,
) -> Report:
    """Return the report in the language in use.

    Parameters
    ----------
    subject : Subject
        What the report is about.
    sections : sequence of str
        Names of the sections.
    swept : DataFrame or None
        Sweep over ring times and numbers of members, if that section is shown.
    stressed : StressTest or None
        Stress test of the group, if that section is shown.
    title : str or None
        Title; by default the number and name of the group.
    logo : str
        Image as a data URL, or "".
    """
    sheet = Sheet()
    gallery = Gallery(subject, sheet)
    advice, state = advice_sentences(subject), state_sentences(subject)
    [first, *others] = sections_of({FIRST, *sections}, subject, gallery, swept, stressed)
    page = page_template().render(
        version=__version__,
        lang=language(),
        title=title or subject.title(),
        about=_about(subject),
        logo=logo,
        contents=word("report.contents"),
        first_heading=first.heading,
        advice=advice,
        state=state,
        first=first,
        sections=others,
        styles=sheet.styles,
        definitions=sheet.definitions,
    )
    return Report(page, (" ".join(advice), *state), subject.comparison)


def logo_source(path: str | Path | None) -> str:
    """Return an image file as a data URL, "" for None.

    Raises
    ------
    ConfigurationError
        If it is not an image, or cannot be read.
    """
    if path is None:
        return ""
    is_path = isinstance(path, str | PathLike)
    kind = IMAGES.get(Path(path).suffix.lower()) if is_path else None
    if kind is None:
        constraint = f"must be a file that ends in {', '.join(IMAGES)}"
        raise ConfigurationError("logo", constraint, str(path) if is_path else path)
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError):  # a NUL in the name
        raise ConfigurationError("logo", "must be a readable file", str(path)) from None
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _about(subject: Subject) -> str:
    scenario, comparison = subject.scenario, subject.comparison
    opens = word("report.opens", at=scenario.opens_at) if scenario.opens_at else ""
    key = "report.about" if scenario.hours <= HOURS_OF_A_DAY else "report.about_periods"
    if len(scenario.days) > 1:
        key = "report.about_weeks"
    return word(
        "report.about_given" if subject.now.study.workloads else key,
        name=scenario.name or word("report.scenario"),
        n=comparison.replications,
        days=", ".join(word(f"weekday.{day}") for day in scenario.days),
        hours=decimal(f"{scenario.hours:g}"),
        opens=opens,
        seed=comparison.seed,
        version=__version__,
    )


def page_template() -> Any:
    """Return the template of all pages."""
    from jinja2 import Environment, StrictUndefined

    text = (package_files("ringsim.reporting") / "page.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)
