"""Tables of metrics by group and by interval, from the sums of one run or of many.

`summary`, `intervals`
    The tables of `Result.summary` and `Result.intervals`.
`estimates_of`
    The rows of a summary as estimates, without pandas.
`calls_of`
    The calls of one group, or of all.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ringsim._frames import frame_of_figures
from ringsim._lazy import pd
from ringsim.confidence import Estimate, estimate_together
from ringsim.metrics._calls import Calls, CallsByCell, Floats
from ringsim.metrics._definitions import shown_metrics
from ringsim.metrics._member_metrics import columns_of, notes_of, side_by_side
from ringsim.metrics._note_codes import short_note
from ringsim.metrics._sums import Observations
from ringsim.metrics._thresholds import Thresholds

__all__ = ["calls_of", "estimates_of", "intervals", "summary"]

BOUNDS = Estimate._fields[:3]


def summary(observations: Observations, thresholds: Thresholds, group: int | None) -> pd.DataFrame:
    """Return the table of `Result.summary`, from observations by group."""
    found = estimates_of(observations, thresholds, group)
    from ringsim.metrics._printed import Summary  # pandas takes the memory that estimates have left

    figures = np.array([each[: len(BOUNDS)] for each in found.values()])
    notes = [short_note(each.note) for each in found.values()]
    return frame_of_figures(figures, notes, BOUNDS, _index_of(tuple(found)).copy(), Summary)


@lru_cache(maxsize=64)
def _index_of(metrics: tuple[str, ...]) -> pd.Index:
    """Return the index of a summary; a caller who hands it out copies it."""
    return pd.Index(list(metrics), name="metric")


def estimates_of(
    observations: Observations, thresholds: Thresholds, group: int | None
) -> dict[str, Estimate]:
    """Return the estimate of every metric that is shown, from observations by group."""
    calls, shown = calls_of(observations, group), shown_metrics(observations.roster)
    figures = [metric.figure(calls, thresholds) for metric in shown.values()]
    found = estimate_together(figures, thresholds.level)
    return {name: each.row(0) for name, each in zip(shown, found, strict=True)}


def calls_of(observations: Observations, group: int | None) -> Calls:
    """Return the calls of one group, or of all, from observations by group."""
    cells = range(observations.layout.n_cells) if group is None else [group]
    return Calls(observations, cells, group)


def intervals(observations: Observations, thresholds: Thresholds) -> pd.DataFrame:
    """Return the table of `Result.intervals`, from observations by interval."""
    layout = observations.layout
    edges = np.arange(layout.n_cells + 1) * layout.width
    first = int(np.searchsorted(edges[1:], observations.roster.warm_up, side="right"))
    shown = shown_metrics(observations.roster)
    asked = {name: metric for name, metric in shown.items() if metric.of_any_calls}
    columns: list[Floats] = [np.empty((0, 3 * len(asked)))]
    is_few = [np.empty((0, len(asked)), dtype=np.bool_)]
    for cells in observations.blocks(first):
        calls = CallsByCell(observations, cells, None if layout.group < 0 else layout.group)
        wanted = [each.figure(calls, thresholds) for each in asked.values()]
        figures, few = side_by_side(estimate_together(wanted, thresholds.level))
        columns.append(figures)
        is_few.append(few)
    names = [column for name in asked for column in columns_of(name)]
    starts = pd.Index(edges[first:-1], name="starts_at")
    frame = pd.DataFrame(np.concatenate(columns), index=starts, columns=names)
    frame.insert(0, "ends_at", edges[first + 1 :])
    frame["note"] = notes_of(list(asked), np.concatenate(is_few), starts)
    frame.attrs["service_level"] = thresholds.note
    return frame
