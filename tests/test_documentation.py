"""The docstrings that list columns and metrics list those of the code."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim._log_arrays import ACTIONS, OUTCOMES, RESULTS
from ringsim.calllog import FRAMES
from ringsim.metrics import MEMBER_METRICS, METRICS, VARIANTS
from support.profiles import STUDIES


def items(documented: Any, after: str) -> dict[str, str]:
    """Return the items of the list that follows a sentence: what each is, by its name."""
    text = inspect.getdoc(documented) or ""
    _, found, rest = text.partition(f"{after}\n\n- ")
    assert found, f"there is no list after {after!r}"
    listed = " ".join(rest.partition("\n\n")[0].split()).split(" - `")
    return dict(item.strip("`").split("`", 1) for item in listed)  # `name`: what it is


def test_summary_documents_every_metric_with_its_unit() -> None:
    documented = items(rs.Result.summary, "The metrics, with their units:")
    assert documented == {
        name: f" [{about.unit}]: {about.definition}"
        for name, about in METRICS.items()
        if not about.of_callers
    }
    assert items(rs.Result.summary, "when the first attempt arrived:") == {
        name: f" [{about.unit}]: {about.definition}"
        for name, about in METRICS.items()
        if about.of_callers
    }


def test_summary_documents_every_variant_of_the_service_level() -> None:
    assert items(rs.Result.summary, "The variants of the service level:") == {
        name: f": {about.definition}" for name, about in VARIANTS.items()
    }


def test_members_documents_every_metric() -> None:
    assert items(rs.Result.members, "The metrics:") == {
        name: f": {definition}" for name, (definition, _) in MEMBER_METRICS.items()
    }


@pytest.fixture(scope="module")
def log() -> rs.CallLog:
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    return rs.play(scenario, rs.Workload(arrives_at=[0], talk_time=30, answer_delay={"201": 5}))


@pytest.mark.parametrize("frame", FRAMES)
def test_the_call_log_documents_the_columns_of_its_frames(log: rs.CallLog, frame: str) -> None:
    text = inspect.getdoc(rs.CallLog) or ""
    entry = re.search(rf"^{frame} : DataFrame\n((?:    .+\n)+)", text, re.M)
    assert entry
    about, _, rest = " ".join(entry[1].split()).partition(": ")
    assert about.startswith("A row per ")
    columns = re.findall(r"`(\w+)`", rest.partition(". ")[0])
    assert columns == list(getattr(log, frame).columns)


@pytest.mark.parametrize(
    ("column", "values"), [("outcome", OUTCOMES), ("action", ACTIONS), ("result", RESULTS)]
)
def test_the_call_log_documents_the_values_of_a_column(column: str, values: list[str]) -> None:
    text = " ".join((inspect.getdoc(rs.CallLog) or "").split())
    sentence = re.search(rf"`{column}` is (`.+?)(?:\.|, which)", text)
    assert sentence
    assert re.findall(r"`(\w+)`", sentence[1]) == list(values)


def test_every_study_that_a_brief_run_leaves_out_is_there() -> None:
    assert [study for study in STUDIES if not (Path(__file__).parent / study).exists()] == []
