"""A picture as text, to be put into a page."""

from __future__ import annotations

import io

import matplotlib as mpl
from matplotlib.axes import Axes

__all__ = ["svg"]


def svg(ax: Axes, *, close: bool = False) -> str:
    """The figure of some axes as SVG: the same text for the same picture.

    Parameters
    ----------
    ax : Axes
        Of the figure.
    close : bool, default False
        Whether it is not to be shown as well, as a notebook would.

    Examples
    --------
    >>> from ringsim import Scenario, Workload, play
    >>> sales = {"extension_number": "600", "members": ["201"]}
    >>> log = play(Scenario(groups=[sales]), Workload(arrives_at=[0], talk_time=60))
    >>> from ringsim.plot import ring_chart
    >>> "<svg" in svg(ring_chart(log))
    True
    """
    figure = ax.get_figure(root=True)
    assert figure is not None  # noqa: S101  # axes without one cannot be drawn
    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "ringsim"}):
        figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    if close:
        from matplotlib import pyplot

        pyplot.close(figure)
    return text.getvalue()
