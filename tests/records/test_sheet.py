"""Columns of text keep each different value once, and caller ids in bad quotes are mended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringsim._sources import Source
from ringsim.records._csv import sheet_of_csv
from ringsim.records._sheet import NOTHING, Text

PARTS = ["", " ", "NULL", "None", "a", "A", "a-1", "a-2", "-", "\\N"]
TEXTS = st.lists(st.builds("".join, st.lists(st.sampled_from(PARTS), max_size=2)))


@given(TEXTS)
def test_a_column_has_each_value_once_without_blanks(texts: list[str]) -> None:
    column = Text.of(texts)
    stripped = [text.strip() for text in texts]
    assert column.text.tolist() == ["" if text in NOTHING else text for text in stripped]
    assert len(set(column.distinct)) == len(column.distinct)
    assert column.codes.dtype == np.int32


@given(TEXTS)
def test_a_derived_column_has_each_text_once(texts: list[str]) -> None:
    column = Text.of(texts)
    derived = column.derived(lambda text: text.partition("-")[0])
    assert derived.text.tolist() == [text.partition("-")[0] for text in column.text]
    assert len(set(derived.distinct)) == len(derived.distinct)


def test_a_caller_id_in_bad_quotes_is_one_field(tmp_path: Path) -> None:
    """Other fields stay as they are: empty ones, good quotes, and quotes inside of a field."""
    path = tmp_path / "Master.csv"
    lines = ["clid,dst", '""Anna" <201>",600', '"","b"', '"""Bo, c"" <1>","e"', '"x ""b" <1>",1']
    path.write_text("\n".join(lines))
    sheet = sheet_of_csv(Source(path))
    assert sheet["clid"].text.tolist() == ['"Anna" <201>', "", '"Bo, c" <1>', 'x "b <1>"']
    assert sheet["dst"].text.tolist() == ["600", "b", "e", "1"]
