"""The table of all presets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ringsim.presets._preset import CERTAINTIES
from ringsim.presets._read import names, preset

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["table"]


def table() -> pd.DataFrame:
    """Return a row per preset, by name: the PBX, how it rings, and how certain its options are.

    The columns named after a certainty have the number of options that are so certain.

    Examples
    --------
    >>> int(table().loc["asterisk-queue/rrmemory", "traced"])
    29
    """
    import pandas as pd

    chosen = [preset(name) for name in names()]
    rows = [
        {
            "preset": each.name,
            "pbx": each.pbx,
            "rings": each.summary.removeprefix("rings "),
            **{word: count[word] for word in CERTAINTIES},
            "limits": len(each.limits),
        }
        for each in chosen
        for count in [Counter(cell.certainty for cell in each.cells)]
    ]
    return pd.DataFrame(rows).set_index("preset")
