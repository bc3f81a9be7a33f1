"""All combinations of an optimum by two figures, and the frontier of those that none beats."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ringsim._words import has_word, word
from ringsim.errors import check_instance
from ringsim.metrics import METRICS, unit_named
from ringsim.planning import Optimum
from ringsim.planning._contenders import Contender
from ringsim.planning._objective import Objective
from ringsim.planning._optimum_words import named
from ringsim.plot._axes import axes_for, dot, draw_row_lines, hide_frame, legend_below
from ringsim.plot._colours import BLUE, GREY, ORANGE, background_colour
from ringsim.plot._dots import Dot, draw_dot, label_dots
from ringsim.plot._frames import label_with, metric_words, setting_label

__all__ = ["frontier"]

WIDTH, HEIGHT = 8.0, 4.6  # inches
MOST_LABELS = 8  # of the combinations on the frontier


def frontier(optimum: Optimum, *, ax: Axes | None = None) -> Axes:
    """Draw every combination as a dot: the objective to the right, the second figure upwards.

    Parameters
    ----------
    optimum : Optimum
        Result of `ringsim.optimize`.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Combinations that no other one beats in both figures are joined by a line and have
        intervals; those nearest to the choice have names. Crosses miss the target. A dashed line
        is the limit of the second figure, if the target has one.

    Raises
    ------
    ConfigurationError
        If it is not an `Optimum`.

    Examples
    --------
    >>> from ringsim import Demand, Scenario, Target, optimize
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=1)
    >>> over = {"n_members": [1, 2, 3]}
    >>> ax = frontier(
    ...     optimize(office, over=over, minimise="n_members", subject_to=Target(answer_rate=0.8))
    ... )
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('members', 'answer rate [%]')
    """
    check_instance("optimum", optimum, Optimum, "Give the result of optimize().")
    axes = axes_for(ax, WIDTH, HEIGHT)
    hide_frame(axes)
    draw_row_lines(axes)
    x, y, *_ = optimum.figures
    best = list(optimum.on_frontier)
    others = [each for each in optimum.contenders if each.estimates and each not in best]
    _draw_others(axes, others, (x, y))
    dots = [_dot_of(optimum, each, (x, y)) for each in best]
    chosen = "" if optimum.chosen is None else named(optimum, optimum.chosen)
    axes.plot(
        [each.x for each in dots], [each.y for each in dots], color=BLUE, linewidth=0.8, zorder=1
    )
    for each in dots:
        draw_dot(axes, each, "", chosen)
    if optimum.chosen is not None and optimum.chosen not in best:
        dots.append(_dot_of(optimum, optimum.chosen, (x, y)))
        draw_dot(axes, dots[-1], "", chosen)
    _draw_limit(axes, optimum, y)
    axes.margins(0.08)
    axes.set(xlabel=_axis_label(optimum, x), ylabel=_axis_label(optimum, y))
    for axis, figure in ((axes.xaxis, x), (axes.yaxis, y)):
        if figure.unit == "members":
            axis.set_major_locator(MaxNLocator(integer=True))
    legend_below(axes, _legend(axes, optimum, others))
    told = _nearest(dots, chosen)
    label_dots(axes, told, _short_names(told), {})
    return axes


def _dot_of(optimum: Optimum, each: Contender, figures: Sequence[Objective]) -> Dot:
    (x, *across), (y, *up) = (
        [
            number * unit_named(figure.unit).scale
            for number in (found.estimate, found.low, found.high)
        ]
        for found, figure in zip(each.estimates, figures, strict=False)
    )
    return Dot(named(optimum, each), x, y, (across[0], across[1]), (up[0], up[1]))


def _draw_others(axes: Axes, others: Sequence[Contender], figures: Sequence[Objective]) -> None:
    """Draw combinations that are not on the frontier: crosses miss the target."""
    x, y = (unit_named(figure.unit).scale for figure in figures)
    for marker, is_out in ((".", False), ("x", True)):
        some = [each for each in others if (each.meets == "no") is is_out]
        axes.plot(
            [each.estimates[0].estimate * x for each in some],
            [each.estimates[1].estimate * y for each in some],
            marker,
            color=GREY,
            markersize=4,
            zorder=1,
        )


def _draw_limit(axes: Axes, optimum: Optimum, y: Objective) -> None:
    limit = _limit(optimum, y)
    if not math.isnan(limit):
        axes.axhline(limit * unit_named(y.unit).scale, color=GREY, linestyle="--", linewidth=0.9)


def _limit(optimum: Optimum, figure: Objective) -> float:
    goals = () if optimum.target is None else optimum.target.goals
    return next((goal.limit for goal in goals if goal.name == figure.name), math.nan)


def _axis_label(optimum: Optimum, figure: Objective) -> str:
    if has_word(f"setting.{figure.name}"):
        return setting_label(figure.name)
    if figure.name in METRICS:
        return label_with(optimum.thresholds, figure.name)
    unit = unit_named(figure.unit).axis
    return f"{metric_words(figure.name)} [{unit}]" if unit else metric_words(figure.name)


def _nearest(dots: Sequence[Dot], chosen: str) -> list[Dot]:
    """Return the dots to name: those nearest to the choice along the frontier."""
    places = {each.name: place for place, each in enumerate(dots)}
    at = places.get(chosen, 0)
    ranked = sorted(dots, key=lambda each: abs(places[each.name] - at))
    return ranked[:MOST_LABELS]


def _short_names(dots: Sequence[Dot]) -> dict[str, str]:
    """Return names without the settings that all of the dots share."""
    parts = {each.name: each.name.split(", ") for each in dots}
    shared = set.intersection(*map(set, parts.values())) if len(parts) > 1 else set()
    return {
        name: ", ".join(part for part in settings if part not in shared)
        for name, settings in parts.items()
    }


def _legend(axes: Axes, optimum: Optimum, others: Sequence[Contender]) -> list[Artist]:
    behind = background_colour(axes)
    handles: list[Artist] = []
    if optimum.chosen is not None:
        handles.append(dot(0, 0, ORANGE, behind, hollow=False, size=9, label=word("plot.chosen")))
    handles.append(dot(0, 0, BLUE, behind, hollow=False, label=word("plot.on_frontier")))
    kinds = ((".", False, word("plot.other_combinations")), ("x", True, word("plot.misses_target")))
    for marker, is_out, label in kinds:
        if any((each.meets == "no") is is_out for each in others):
            handles.append(Line2D([], [], color=GREY, marker=marker, linestyle="", label=label))
    if not math.isnan(_limit(optimum, optimum.figures[1])):
        label = word("plot.limit")
        handles.append(Line2D([], [], color=GREY, linestyle="--", linewidth=0.9, label=label))
    return handles
