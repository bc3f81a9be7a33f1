"""Ring chart: a few calls over time, with a row per phone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ringsim._words import word
from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError
from ringsim.plot._axes import axes_for, heading, hide_frame, legend_below, points_across
from ringsim.plot._colours import (
    COLOURS,
    GREY,
    background_colour,
    contrast_colour,
    mix,
    text_colour,
)
from ringsim.plot._scene import Bar, Row, Scene, Wait, assign_lanes, scene_of
from ringsim.plot._symbols import KINDS, MARKS, OFF_DUTY, bar_patch, in_words, mark_line
from ringsim.plot._text import literal, text_points
from ringsim.plot._time_axis import time_axis

__all__ = ["Chart", "ring_chart"]

WAIT, HEADING, LANE = 0.8, 1.0, 0.6  # heights of a caller, a heading, another lane [rows]
GAP = 0.1  # above and below the bars of a row [rows]
FILLED = 0.9  # height of a bar as a share of its lane
FONT = 8.0  # points
ABOVE = 8  # points between a line and the number of a group above it
ACTION_LABELS = {  # keys of the catalogue of words
    "HANGUP": "plot.hung_up",
    "FORWARD_TO_VOICEMAIL": "plot.to_voicemail",
    "FORWARD_TO_NUMBER": "plot.to_number",
    "LOOP": "plot.loop_to",
}

WIDTH, ROW, REST = 10.0, 0.28, 1.2  # of the figure, of a row, of axis and legend [inch]


def ring_chart(
    log: CallLog,
    calls: Collection[int] | None = None,
    *,
    start: float | None = None,
    end: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a few calls over time: who waits, whose phone rings, who talks.

    Parameters
    ----------
    log : CallLog
        Log from `ringsim.play` or `Result.replay`.
    calls : collection of int, optional
        Numbers of the calls to show in colour; other calls in the window are grey.
    start, end : float, optional
        Window [s from the start]. By default it fits the calls: from their first arrival to the
        end of the last talk and wrap-up, or to a while after the last outcome if these are
        long. Without `calls`, it fits at most eight: the first ones from `start` on, the last
        ones before `end`, or those that arrive closest together.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with a line for each caller from arrival to outcome, and a row for each member of
        the groups that have a call in the window, in the configured order.

    Raises
    ------
    ConfigurationError
        If there are no such calls, or the window is invalid.

    Notes
    -----
    Every ring that touches the window is drawn with its start and end. Rings on one phone
    at the same time, or during a call, are stacked. A member of two groups has two rows; calls
    for one group are grey in the row of the other, and own calls are grey in both.

    Examples
    --------
    >>> from ringsim import Scenario, Workload, play
    >>> sales = {"extension_number": "600", "members": ["201", "202"], "ring_time": 15}
    >>> script = Workload(arrives_at=[0, 10], talk_time=60, answer_delay={"201": 4})
    >>> ring_chart(play(Scenario(groups=[sales]), script)).get_xlabel()
    'time from the start [s]'
    """
    if not isinstance(log, CallLog):
        hint = "Give one replication: result.replay(0)." if hasattr(log, "replay") else ""
        raise ConfigurationError("log", "must be a CallLog", log, hint)
    scene = scene_of(log, calls, start, end)
    axes = axes_for(ax, WIDTH, WIDTH / 2)
    time_axis(axes, log.scenario, *scene.window)
    chart = Chart(axes, scene)
    chart.draw({group.extension_number: group.name for group in log.scenario.groups})
    if ax is None:
        axes.figure.set_figheight(REST + ROW * chart.height)  # type: ignore[union-attr]
    return axes


class Chart:
    """Draws a scene from the top down, in rows of height 1.

    Attributes
    ----------
    height : float
        Height of everything drawn so far [rows].
    """

    def __init__(self, axes: Axes, scene: Scene) -> None:
        self.axes = axes
        self.scene = scene
        self.window = scene.window
        self.text_colour, self.background = text_colour(axes), background_colour(axes)
        self.per_point = (self.window.end - self.window.start) / points_across(axes)
        self.colours = {call: COLOURS[call % len(COLOURS)] for call in scene.coloured}
        self.height = 0.0
        self.labels: list[tuple[float, str]] = []
        self.kinds: set[str] = set()
        self.marks: dict[str, list[tuple[float, float]]] = {}

    def draw(self, names: Mapping[str, str]) -> None:
        """Draw callers, then groups, then the legend; `names` are the names of the groups."""
        self._callers()
        group = None
        for row in self.scene.rows:
            if row.group != group:
                group = row.group
                heading(self.axes, self.height + HEADING / 2, f"{group} {names[group]}")
                self.height += HEADING
            self._row(row)
        self._guides()
        for kind, points in self.marks.items():
            self.axes.add_line(
                mark_line(
                    kind,
                    points,
                    self.text_colour,
                    self.background,
                    gid=kind,
                    clip_on=False,
                    zorder=4,
                )
            )
        legend = self._legend()
        if legend:
            legend_below(self.axes, legend)
        hide_frame(self.axes, "left")
        self.axes.set_ylim(self.height, 0)
        self.axes.set_yticks([y for y, _ in self.labels], [text for _, text in self.labels])
        self.axes.tick_params(axis="y", length=0)

    # Callers

    def _callers(self) -> None:
        waits = self.scene.waits
        lanes = assign_lanes([self._extent(wait) for wait in waits])
        for wait, lane in zip(waits, lanes, strict=True):
            self._wait(wait, (lane + 0.5) * WAIT)
        self.height = (max(lanes, default=0) + 1) * WAIT
        self.labels.append((self.height / 2, word("plot.callers")))
        if not waits:
            self._note(self.window.start, WAIT / 2, word("plot.nobody_calls"), (4, 0))

    def _guides(self) -> None:
        """Draw a hairline from every arrival down to the phones."""
        starts = self.marks.get("arrival", [])
        self.axes.vlines(
            [x for x, _ in starts],
            [y for _, y in starts],
            self.height,
            colors=mix(self.background, self.text_colour, 0.3),
            linestyles=(0, (1, 3)),
            linewidth=0.6,
            zorder=0.6,
        )

    def _extent(self, wait: Wait) -> tuple[float, float]:
        """Return the span of time that a wait takes up, with the texts at both ends."""
        before = text_points(str(wait.call), FONT) + 8
        after = text_points(_action_label(wait), FONT) + 12
        ends = [wait.ends_at + after * self.per_point]
        ends += [at + text_points(text, FONT) * self.per_point for at, text in self._forwards(wait)]
        return wait.arrives_at - before * self.per_point, max(ends)

    def _wait(self, wait: Wait, y: float) -> None:
        ends = [self.window.clipped(instant) for instant in (wait.arrives_at, wait.ends_at)]
        colour = self.colours.get(wait.call, GREY)
        self.axes.plot(ends, [y, y], color=colour, linewidth=3, gid=f"wait-{wait.call}")
        self._mark("arrival", wait.arrives_at, y)
        self._note(wait.arrives_at, y, str(wait.call), (-6, 0), weight="bold")
        for at, _ in wait.forwards:
            self._mark("forward", at, y)
        for at, text in self._forwards(wait):
            self._note(at, y, text, (3, ABOVE))
        outcome = "caller_gave_up" if wait.outcome == "abandoned" else wait.outcome
        self._mark(outcome, wait.ends_at, y)
        self._note(wait.ends_at, y, _action_label(wait), (7, 0))

    def _forwards(self, wait: Wait) -> list[tuple[float, str]]:
        """Return the groups that a call was forwarded to, with instants.

        Groups entered so shortly after another that their numbers would overlap share a text.
        """
        texts: list[tuple[float, str]] = []
        for at, group in wait.forwards:
            if texts and at - texts[-1][0] < (text_points(texts[-1][1], FONT) + 3) * self.per_point:
                texts[-1] = (texts[-1][0], f"{texts[-1][1]}, {literal(group)}")
            else:
                texts.append((at, literal(group)))
        return texts

    def _note(self, x: float, y: float, text: str, offset: tuple[int, int], **looks: Any) -> None:
        """Write text beside an instant, if the window shows it."""
        if text and self.window.sees(x, x):
            self.axes.annotate(
                text,
                (x, y),
                offset,
                textcoords="offset points",
                horizontalalignment="right" if offset[0] < 0 else "left",
                verticalalignment="center",
                fontsize=FONT,
                annotation_clip=False,
                **looks,
            )

    # Phones

    def _row(self, row: Row) -> None:
        height = 1 + LANE * max(row.lanes, default=0)
        top, self.height = self.height, self.height + height
        self.labels.append((top + height / 2, literal(row.member)))
        line = mix(self.background, self.text_colour, 0.15)
        name = f"row-{row.group}-{row.member}"
        self.axes.axhline(self.height, color=line, linewidth=0.6, zorder=0, gid=name)
        for start, end in row.off_duty:
            self.kinds.add(OFF_DUTY)
            self.axes.add_patch(self._off_duty(xy=(start, top), width=end - start, height=height))
        lane_height = (height - 2 * GAP) / (max(row.lanes, default=0) + 1)
        for bar, lane in zip(row.bars, row.lanes, strict=True):
            y = self.height - GAP - (lane + 0.5) * lane_height
            self._bar(bar, y, lane_height * FILLED)

    def _off_duty(self, **fields: Any) -> Rectangle:
        grey = mix(self.background, self.text_colour, 0.09)
        return Rectangle(**fields, facecolor=grey, edgecolor="none", zorder=0.5, gid=OFF_DUTY)

    def _bar(self, bar: Bar, y: float, height: float) -> None:
        if bar.kind == "paged":
            self._mark("paged", bar.starts_at, y)
            return
        self.kinds.add(bar.kind)
        start, end = self.window.clipped(bar.starts_at), self.window.clipped(bar.ends_at)
        patch = bar_patch(
            bar.kind,
            self.colours.get(bar.call, GREY),
            self.background,
            xy=(start, y - height / 2),
            width=end - start,
            height=height,
            gid=bar.name,
        )
        self.axes.add_patch(patch)
        if bar.kind not in ("wrap_up", "own"):
            self._number(bar, y, patch)
        if bar.kind == "ringing" and bar.result != "answered":
            self._mark(bar.result, bar.ends_at, y)

    def _number(self, bar: Bar, y: float, patch: Rectangle) -> None:
        """Write the number of the call in the middle of the bar, if there is room."""
        start, end = max(bar.starts_at, self.window.start), min(bar.ends_at, self.window.end)
        text = str(bar.call)
        if (end - start) / self.per_point < text_points(text, FONT) + 6:
            return
        back = patch.get_facecolor()
        around = {"facecolor": back, "edgecolor": "none", "pad": 0.3}
        self.axes.text(
            (start + end) / 2,
            y,
            text,
            color=contrast_colour(back[:3]),
            fontsize=FONT,
            weight="bold",
            horizontalalignment="center",
            verticalalignment="center_baseline",
            bbox=around if patch.get_hatch() else None,
        )

    # Marks and legend

    def _mark(self, kind: str, x: float, y: float) -> None:
        if self.window.sees(x, x):
            self.marks.setdefault(kind, []).append((x, y))

    def _legend(self) -> list[Artist]:
        bars: list[Artist] = [
            bar_patch(kind, COLOURS[0], self.background, label=in_words(style.key))
            for kind, style in KINDS.items()
            if kind in self.kinds
        ]
        if OFF_DUTY in self.kinds:
            bars.append(self._off_duty(xy=(0, 0), width=1, height=1, label=in_words(OFF_DUTY)))
        return bars + [
            mark_line(kind, [(0, 0)], self.text_colour, self.background, label=in_words(style.key))
            for kind, style in MARKS.items()
            if kind in self.marks and style.key
        ]


def _action_label(wait: Wait) -> str:
    """Return the action of the no-answer rule in words, or "" if no rule ended the call."""
    if wait.outcome != "overflowed":
        return ""
    return word(ACTION_LABELS[wait.action], number=literal(wait.number))
