"""Data frames with names that recur, built in as few steps of pandas as possible.

To make an index of names takes a third of the time of a small frame, and to put a column behind
named ones another third (measured).

`frame_of_columns`
    Return a frame of columns of any types.
`frame_of_figures`
    Return a frame of figures and a last column of notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim._lazy import pd

__all__ = ["frame_of_columns", "frame_of_figures"]

NOTE = "note"
SHORT = 50_000  # rows whose columns are copied: it takes less time than to keep them apart


def frame_of_columns(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return a frame of columns, numbered from 0.

    A long frame shares memory with the columns, of which pandas copies those that are changed. The
    columns of a short one are copied side by side by a method of pandas that is not public, and
    takes half the time (measured).
    """
    arrays = list(columns.values())
    index = pd.RangeIndex(len(arrays[0]))
    from_arrays: Any = getattr(pd.DataFrame, "_from_arrays", None)
    if from_arrays is None or len(index) > SHORT:
        frame = pd.DataFrame(dict(enumerate(arrays)), index=index, copy=False)
        frame.columns = _index_of(tuple(columns)).copy()
        return frame
    names = _index_of(tuple(columns)).copy()
    short: pd.DataFrame = from_arrays(arrays, columns=names, index=index, verify_integrity=False)
    return short


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
        The figures, which are copied.
    notes : sequence of str
        A note for each row.
    names : sequence of str
        Names of the columns of figures.
    index : Index
        Names of the rows.
    kind : type, optional
        Type of the frame; DataFrame by default.
    """
    n = figures.shape[1]
    frame = (kind or pd.DataFrame)(figures, index=index, columns=pd.RangeIndex(n))
    frame[n] = _text(tuple(notes)).copy()
    frame.columns = _index_of((*names, NOTE)).copy()
    return frame


@lru_cache(maxsize=64)  # takes as long as the rest of a frame; many tables have the same notes
def _text(values: tuple[str, ...]) -> pd.api.extensions.ExtensionArray:
    """Return a column of text; a caller who hands it out copies it."""
    return pd.array(list(values), dtype="str")


@lru_cache(maxsize=64)
def _index_of(names: tuple[str, ...]) -> pd.Index:
    """Return the index of columns with these names; a caller who hands it out copies it."""
    return pd.Index(list(names))
