"""Options of the page that `report` writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from ringsim._choices import LANGUAGES, SECTIONS
from ringsim.cli._completion import complete_language

__all__ = [
    "PageOptions",
]


@dataclass(frozen=True)
class PageOptions:
    """The page of `report`."""

    panel: ClassVar[str] = "Page"

    title: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Title of the page. By default, the group."),
    ] = None
    logo: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Picture at the top of the page.")
    ] = None
    language: Annotated[
        str,
        typer.Option(
            metavar="|".join(LANGUAGES),
            autocompletion=complete_language,
            help="Language of the page: English or German.",
        ),
    ] = "en"
    section: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help=f"Section below the recommendation: {', '.join(SECTIONS[1:])}. Repeat the option "
            "for more. By default, all.",
        ),
    ] = None
