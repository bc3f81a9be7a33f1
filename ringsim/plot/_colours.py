"""Colours of all pictures, and of the outcomes of calls.

They are the colours of Okabe and Ito, which people of any colour vision can distinguish, in an
order in which neighbours differ in lightness too. No picture relies on colour alone: a pattern, a
marker or a number repeats what a colour says, so that a grey print stays readable.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

__all__ = [
    "BLUE",
    "COLOURS",
    "GREY",
    "ORANGE",
    "SKY",
    "VERMILLION",
    "background_colour",
    "contrast_colour",
    "mix",
    "outcome_fill",
    "text_colour",
]

BLUE, ORANGE, GREEN, SKY, VERMILLION, PURPLE = COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#56B4E9",
    "#D55E00",
    "#CC79A7",
)

RGB: TypeAlias = tuple[float, float, float]
GREY = "#8C8C8C"

OUTCOME_STYLES = {  # colour, share of the background in the fill, hatch
    "answered": (BLUE, 0.45, ""),
    "abandoned": (ORANGE, 0.6, "////"),
    "overflowed": (VERMILLION, 0.8, "...."),
}


def outcome_fill(outcome: str, behind: Any) -> dict[str, Any]:
    """Return colours and hatch of areas for calls with this outcome, as keyword arguments."""
    colour, paleness, hatch = OUTCOME_STYLES[outcome]
    return {
        "facecolor": mix(colour, behind, paleness),
        "edgecolor": colour,
        "hatch": hatch,
        "linewidth": 0.8,
    }


def text_colour(ax: Axes) -> Any:
    """Return the colour of text on these axes."""
    return ax.xaxis.label.get_color()


def background_colour(ax: Axes) -> RGB:
    """Return the colour behind the axes: their own, or the figure's if they are transparent."""
    colour: Any = ax.get_facecolor()
    return to_rgb(colour if colour[3] > 0 else ax.figure.get_facecolor())


def mix(colour: Any, other: Any, share: float) -> RGB:
    """Return the mixture of a colour with a share of another."""
    first, second = to_rgb(colour), to_rgb(other)
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(first, second, strict=True))
    return red, green, blue


def contrast_colour(colour: Any) -> str:
    """Return "black" or "white", whichever has the higher contrast to a colour.

    Notes
    -----
    Relative luminance and contrast as the Web Content Accessibility Guidelines 2.1 define
    them: black has the higher contrast from a luminance of 0.179 on.
    """
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if luminance > 0.179 else "white"
