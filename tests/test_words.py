"""The catalogue of words is complete: every text in every language, and none unused."""

from __future__ import annotations

import ast
import re
import string
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

import ringsim
from ringsim._choices import LANGUAGES
from ringsim._words import catalogue, decimal, language, speaking, word
from ringsim.errors import ConfigurationError
from ringsim.group import RingStrategy
from ringsim.metrics import METRICS, UNITS, VARIANTS

SOURCES = [path for path in Path(ringsim.__file__).parent.rglob("*") if path.suffix == ".py"]
KEYS = sorted(catalogue())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def nodes() -> list[ast.AST]:
    """Return all nodes of the sources of the package."""
    texts = (path.read_text(encoding="utf-8") for path in SOURCES)
    return [node for text in texts for node in ast.walk(ast.parse(text))]


def starts() -> set[str]:
    """Return what texts that are put together from keys begin with, such as `metric.`."""
    first = (node.values[0] for node in nodes() if isinstance(node, ast.JoinedStr) and node.values)
    texts = (each.value for each in first if isinstance(each, ast.Constant))
    keys = {str(text) for text in texts if re.fullmatch(r"[a-z]+\.\w*", str(text))}
    return keys | {text for text in literals() if re.fullmatch(r"[a-z]+\.", text)}


def literals() -> set[str]:
    """Return all texts in the sources of the package."""
    found = (node.value for node in nodes() if isinstance(node, ast.Constant))
    return {text for text in found if isinstance(text, str)}


@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_there_in_every_language_with_the_same_fields(key: str) -> None:
    words = catalogue()[key]
    assert set(words) == {*LANGUAGES}
    assert all(text.strip() for text in words.values())
    assert len({frozenset(fields(text)) for text in words.values()}) == 1


def test_every_key_in_the_sources_is_in_the_catalogue() -> None:
    parts = {key.partition(".")[0] for key in KEYS}
    keys = {each for each in literals() if re.fullmatch(rf"({'|'.join(parts)})\.\w+", each)}
    assert keys - {*KEYS} - starts() - {"report.html"} == set()


def test_every_text_of_the_catalogue_is_used() -> None:
    """A key stands in the sources, or begins like one that is put together there."""
    known, begun = literals(), tuple(starts())
    assert [key for key in KEYS if key not in known and not key.startswith(begun)] == []


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("metric", METRICS),
        ("about", METRICS),
        ("strategy", RingStrategy),
        ("level", VARIANTS),
    ],
)
def test_everything_with_a_name_has_its_words(part: str, names: dict[str, object]) -> None:
    assert {f"{part}.{name}" for name in names} <= {*KEYS}


def test_every_unit_of_an_axis_has_its_words() -> None:
    units = {unit.axis for unit in UNITS.values()} - {"", "%", "s"}
    assert {f"unit.{unit}" for unit in units} <= {*KEYS}


def test_a_language_is_left_again() -> None:
    with speaking("de"), speaking("en"):
        assert (language(), word("plot.on_duty")) == ("en", "on duty")
    with suppress(ZeroDivisionError), speaking("de"):
        assert language() == "de"
        raise ZeroDivisionError
    assert language() == "en"


@pytest.mark.parametrize("code", ["fr", "DE", None, 3])
def test_an_unknown_language_is_refused(code: object) -> None:
    with pytest.raises(ConfigurationError, match="language must be one of en, de"), speaking(code):  # type: ignore[arg-type]
        pass


def test_only_decimal_points_become_commas() -> None:
    with speaking("de"):
        assert decimal("0.5 s. Then 12.25, and 08:00.") == "0,5 s. Then 12,25, and 08:00."
