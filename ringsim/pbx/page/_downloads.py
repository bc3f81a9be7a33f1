"""Files to take away: the scenario, a report and a notebook."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from ringsim.pbx.page._results import YOURS, compared
from ringsim.pbx.page._settings import Settings
from ringsim.reporting._report import report_from
from ringsim.scenario import Scenario

__all__ = ["notebook", "report_page", "toml"]


def toml(scenario: Scenario) -> str:
    """Return the text of a scenario file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "office.toml"
        scenario.dump(file)
        return file.read_text(encoding="utf-8")


def report_page(settings: Settings) -> str:
    """Return a report on the chosen settings, as a web page."""
    return report_from(compared(settings)).html


def notebook(settings: Settings) -> str:
    """Return a notebook that compares the chosen settings with today's."""
    comparison = compared(settings)
    cells = [
        ("markdown", f"# Group {settings.group}: other settings on the same callers\n"),
        ("code", "import ringsim as rs\nfrom pathlib import Path\n"),
        (
            "code",
            f"Path('office.toml').write_text({toml(settings.today)!r}, encoding='utf-8')\n"
            "office = rs.Scenario.load('office.toml')\n",
        ),
        (
            "code",
            f"comparison = rs.compare(office, group={settings.group!r}, "
            f"variants={{{YOURS!r}: {_plain(settings)!r}}}, "
            f"replications={comparison.replications}, seed=0)\nprint(comparison)\n",
        ),
        ("code", "comparison.table\n"),
    ]
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"language_info": {"name": "python"}},
            "cells": [_cell(f"cell-{place}", *each) for place, each in enumerate(cells)],
        },
        indent=1,
    )


def _plain(settings: Settings) -> dict[str, object]:
    changes = dict(settings.changes)
    if "members" in changes:
        changes["members"] = [member.to_api() for member in changes["members"]]
    return changes


def _cell(identity: str, kind: str, text: str) -> dict[str, object]:
    cell: dict[str, object] = {
        "id": identity,
        "cell_type": kind,
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
