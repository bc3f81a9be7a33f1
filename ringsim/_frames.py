"""Data frames with names that recur, built in as few steps of pandas as possible.

To make an index of names takes a third of the time of a small frame, and to put a column behind
named ones another third (measured).

`named`
    Gives a frame the names of its columns.
`frame_of_figures`
    Return a frame of figures and a last column of notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ringsim._lazy import pd

__all__ = ["frame_of_figures", "named"]

NOTE = "note"


def named(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return a frame whose columns have got these names."""
    frame.columns = _index_of(tuple(names)).copy()
    return frame


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
    return named(frame, (*names, NOTE))


@lru_cache(maxsize=64)  # takes as long as the rest of a frame; many tables have the same notes
def _text(values: tuple[str, ...]) -> pd.api.extensions.ExtensionArray:
    """Return a column of text; a caller who hands it out copies it."""
    return pd.array(list(values), dtype="str")


@lru_cache(maxsize=64)
def _index_of(names: tuple[str, ...]) -> pd.Index:
    """Return the index of columns with these names; a caller who hands it out copies it."""
    return pd.Index(list(names))
