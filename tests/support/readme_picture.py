"""The picture at the top of the README: a ring chart of seven scripted calls.

    python -m support.readme_picture   # in tests/: redraws ringsim/data/ring-chart.svg

`example`
    The log of the seven calls.
`PICTURE`
    Path of the picture.
`draw`
    Draw the picture into a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import ringsim as rs
from ringsim.plot import ring_chart

PICTURE = Path(rs.__file__).parent / "data" / "ring-chart.svg"
NEVER = float("inf")


def example() -> rs.CallLog:
    """Return the log of three minutes of a cyclic hunt with every result of rings and calls."""
    sales = rs.RingGroup(
        name="Sales",
        extension_number="600",
        ring_strategy="CYCLIC_HUNT",
        ring_time=15,
        members=["201", "202", "203"],
        no_answer_forward_rule={"action": "FORWARD_TO_VOICEMAIL"},
    )
    script = rs.Workload(
        arrives_at=[0, 12, 36, 62, 84, 106, 132],
        talk_time=[66, 75, 42, 30, 40, 30, 30],
        wrap_up_time=12,
        patience=[60, 60, 60, 60, 60, 9, 60],
        answer_delay={
            "201": [6, NEVER, NEVER, NEVER, 3, NEVER, NEVER],
            "202": [NEVER, NEVER, 5, NEVER, NEVER, NEVER, 4],
            "203": [NEVER, 4, NEVER, NEVER, NEVER, NEVER, 5],
        },
        own_calls=[(124, "203", 36)],
    )
    return rs.play(rs.Scenario(groups=[sales], opens_at="09:00"), script)


def picture() -> Axes:
    """Draw the ring chart on a new figure and return its axes."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    return ring_chart(example(), ax=figure.add_subplot())


def draw(path: Path = PICTURE) -> None:
    """Draw the picture into a file, without a date and with reproducible names in the SVG."""
    looks: dict[str, Any] = {"svg.hashsalt": "ringsim", "svg.fonttype": "path"}
    with mpl.rc_context(looks):
        picture().figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    draw()
