"""What answered, abandoned and overflowed calls look like in every picture of many calls."""

from __future__ import annotations

from typing import Any

from ringsim.logarrays import OUTCOMES
from ringsim.plot._style import BLUE, ORANGE, VERMILLION, mixed

__all__ = ["OUTCOMES", "outcome_fill"]

LOOKS = {  # colour, share of paper in the fill, hatch
    "answered": (BLUE, 0.45, ""),
    "abandoned": (ORANGE, 0.6, "////"),
    "overflowed": (VERMILLION, 0.8, "...."),
}


def outcome_fill(outcome: str, paper: Any) -> dict[str, Any]:
    """Colours and hatch of what stands for calls with this outcome."""
    colour, paleness, hatch = LOOKS[outcome]
    return {
        "facecolor": mixed(colour, paper, paleness),
        "edgecolor": colour,
        "hatch": hatch,
        "linewidth": 0.8,
    }
