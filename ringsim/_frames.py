"""Data frames with names that recur, built in as few steps of pandas as possible.

`frame_of_columns`
    Return a frame of columns of any types.
`frame_of_figures`
    Return a frame of figures and a last column of notes.

To make an index of names takes a third of the time of a small frame. A method of pandas that is not
public builds a frame from copies of its columns, side by side, in half the time of one that keeps
the columns apart (measured). If a version of pandas lacks it, frames are built the public way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim._lazy import pd

__all__ = ["frame_of_columns", "frame_of_figures", "is_short"]

NOTE = "note"
SHORT = 50_000  # rows; copies of more would take memory


def frame_of_columns(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return a frame of columns, numbered from 0.

    A long frame shares memory with the columns, of which pandas copies those that are changed.
    """
    arrays = list(columns.values())
    return _frame(arrays, tuple(columns), pd.RangeIndex(len(arrays[0])), pd.DataFrame)


def is_short(frame: pd.DataFrame) -> bool:
    """Return whether a frame was built of copies, which nothing else refers to."""
    return len(frame) <= SHORT and hasattr(frame, "_from_arrays")


def frame_of_figures(
    figures: NDArray[np.float64],
    notes: Sequence[str],
    names: Sequence[str],
    index: pd.Index,
    kind: type[pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return a frame of figures and a last column of notes.

    Parameters
    ----------
    figures : array of shape (rows, len(names))
        The figures.
    notes : sequence of str
        A note for each row.
    names : sequence of str
        Names of the columns of figures.
    index : Index
        Names of the rows.
    kind : type, optional
        Type of the frame; DataFrame by default.
    """
    arrays = [*figures.T, _text(tuple(notes)).copy()]
    return _frame(arrays, (*names, NOTE), index, kind or pd.DataFrame)


def _frame(
    arrays: Sequence[Any], names: tuple[str, ...], index: pd.Index, kind: type[pd.DataFrame]
) -> pd.DataFrame:
    """Return a frame of arrays: copies of them if it is short."""
    columns = _index_of(names).view()
    from_arrays: Any = getattr(kind, "_from_arrays", None)
    if from_arrays is None or len(index) > SHORT:
        frame = kind(dict(enumerate(arrays)), index=index, copy=False)
        frame.columns = columns
        return frame
    short: pd.DataFrame = from_arrays(arrays, columns=columns, index=index, verify_integrity=False)
    return short


@lru_cache(maxsize=64)  # takes as long as the rest of a frame; many tables have the same notes
def _text(values: tuple[str, ...]) -> pd.api.extensions.ExtensionArray:
    """Return a column of text; a caller who hands it out copies it."""
    return pd.array(list(values), dtype="str")


@lru_cache(maxsize=64)
def _index_of(names: tuple[str, ...]) -> pd.Index:
    """Return the index of columns with these names; a caller who hands it out makes a view."""
    return pd.Index(list(names))
