"""Results of `simulate` in their three forms: on screen, as JSON, and as tables for files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, TypeAlias

from ringsim._lazy import pd
from ringsim._sentences import counted
from ringsim._version import __version__
from ringsim.cli import _output, _tables
from ringsim.cli._screen import Part
from ringsim.cli._spreadsheets import by_the_clock, long_form
from ringsim.confidence import FEW_EVENTS
from ringsim.dispatch import dispatchers_of, name_of
from ringsim.metrics import (
    FORWARDED_METRICS,
    MEMBER_METRICS,
    METRICS,
    Thresholds,
    few_events,
    member_rows,
    shown_metrics,
    summary_rows,
)
from ringsim.planning import Result

__all__ = ["SimulatedDays"]

Summary: TypeAlias = "Mapping[str, Mapping[str, Any]]"  # rows by metric

ALL = "all"  # the column of all calls
OF_INTERVALS = ("offered", "answer_rate", "service_level")


@dataclass(frozen=True)
class SimulatedDays:
    """Results of `simulate`.

    Attributes
    ----------
    result : Result
        The simulated days.
    notes : sequence of str
        Sentences on data that the scenario lacks.
    thresholds : Thresholds
        Thresholds of the metrics.
    width : float or None
        Length of the intervals of arrival [s], if a table of them is wanted.
    metrics : sequence of str
        Metrics on screen and in tables, beside those of forwarded calls; JSON has all.
    """

    result: Result
    notes: Sequence[str]
    thresholds: Thresholds
    width: float | None
    metrics: Sequence[str]

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """The thresholds as arguments of `summary` that JSON repeats."""
        asked = asdict(self.thresholds)
        return {name: asked[name] for name in ("within", "variant", "target")}

    @cached_property
    def summaries(self) -> dict[str, Summary]:
        """Summary of each group, and of all calls."""
        asked, numbers = Thresholds(**self.arguments), self.result.scenario.group_numbers
        return {
            **{number: summary_rows(self.result, asked, number) for number in numbers},
            ALL: summary_rows(self.result, asked),
        }

    @cached_property
    def members(self) -> Sequence[Mapping[str, Any]]:
        """A row for each group and member."""
        return member_rows(self.result)

    @cached_property
    def called(self) -> list[str]:
        """Numbers of the groups that any call entered."""
        return [
            number
            for number in self.result.scenario.group_numbers
            if self.summaries[number]["received"]["estimate"]
        ]

    @cached_property
    def columns(self) -> dict[str, Summary]:
        """Summaries of the groups that are called, and of all calls if there are several."""
        names = [*self.called, *([ALL] if len(self.called) > 1 else [])]
        return {name: self.summaries[name] for name in names}

    @cached_property
    def shown(self) -> Sequence[str]:
        """Metrics on screen and in tables, of those that the options of the scenario make possible.

        If calls were forwarded, the metrics of received calls are included.
        """
        offered, received = (
            sum(self.summaries[number][name]["estimate"] for number in self.called)
            for name in ("offered", "received")
        )
        possible = shown_metrics(self.result.roster)
        if received <= offered:
            return [name for name in self.metrics if name in possible]
        return [name for name in possible if name in (*self.metrics, *FORWARDED_METRICS)]

    @cached_property
    def dispatched(self) -> list[str]:
        """Numbers of the groups whose strategy an option replaced."""
        own = {n: name_of(each) for n, each in dispatchers_of(self.result.scenario, None).items()}
        return [number for number, name in self.result.dispatchers.items() if name != own[number]]

    @property
    def parts(self) -> Sequence[Part]:
        """Texts and tables on screen: notes, callers, members, intervals, assumptions."""
        scenario = self.result.scenario
        if not any(scenario.group(number).members for number in self.called):
            expected = sum(scenario.expected_calls(n) for n in scenario.group_numbers)
            silent = [f"No call arrives in {self._days}."] if expected and not self.called else []
            return _output.told([*self.notes, *silent])
        groups = _tables.group_lines(scenario, self.called, self.result.dispatchers)
        every = len(self.metrics) == len(shown_metrics(self.result.roster))
        parts: list[Part] = [
            *_output.told(self.notes),
            _tables.heading(scenario, self._days, self.result.seed, groups),
            _tables.callers(self.columns, scenario, self.thresholds, self.shown),
            *self._by_day(every=every),
            _tables.members(self.members, every=every),
        ]
        if self.width is not None:
            table = self.result.intervals(self.width, **self.arguments)
            shown = self.shown if every else OF_INTERVALS
            parts.append(_tables.intervals(table, scenario, self.thresholds, shown))
        return [*parts, *_output.assumed(scenario, self.dispatched)]

    def _by_day(self, *, every: bool) -> list[Part]:
        if len(self.result.scenario.days) < 2:
            return []
        shown = self.metrics if every else OF_INTERVALS
        return [_tables.by_day(self.result.by_day(**self.arguments), self.thresholds, shown)]

    @property
    def _days(self) -> str:
        """Description of the days, such as `100 replications from 20 on`."""
        result = self.result
        first, count = min(result.replication_numbers), result.replications
        words = counted(count, "replication")
        if first:
            words += f" from {first} on"
        if result.warm_up:
            words += f", without calls of the first {result.warm_up:g} s"
        if result.study.control:
            words += ", corrected by talk time"
        return words

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Tables for files: a row per group and metric; per member; per interval."""
        table = self.result.members()
        members = long_form(table, [name for name in MEMBER_METRICS if name in table])
        frames = {"callers": _stacked(self.columns, self.shown), "members": members}
        if self.result.scenario.days:
            found = {name: self._of_days(name) for name in self.columns}
            frames["days"] = pd.concat(found, names=["group"]).reset_index(level=0)
        if self.width is not None:
            opens_at = self.result.scenario.opens_at
            metrics = [name for name in self.shown if METRICS[name].of_any_calls]
            found = {
                name: long_form(by_the_clock(self._intervals(name, self.width), opens_at), metrics)
                for name in self.columns
            }
            frames["intervals"] = pd.concat(found, names=["group"]).reset_index(level=0)
        return frames

    def _of_days(self, column: str) -> pd.DataFrame:
        group = None if column == ALL else column
        table = self.result.by_day(group=group, **self.arguments)
        return long_form(table, list(self.shown))

    def _intervals(self, column: str, width: float) -> pd.DataFrame:
        group = None if column == ALL else column
        return self.result.intervals(width, group, **self.arguments)

    @property
    def json(self) -> dict[str, Any]:
        """The JSON object of the command; its shape is that of `JSON_VERSION`."""
        result, scenario = self.result, self.result.scenario
        report: dict[str, Any] = {
            "format": "ringsim.simulate",
            "version": _output.JSON_VERSION,
            "ringsim": __version__,
            "scenario": scenario.name,
            "hours": scenario.hours,
            "opens_at": scenario.opens_at,
            "replications": result.replications,
            "seed": result.seed,
            "warm_up": result.warm_up,
            "control": result.study.control,
            "first_replication": min(result.replication_numbers),
            **self.arguments,
            "notes": _output.all_notes(scenario, self.notes, self.dispatched),
            "all": _figures(self.summaries[ALL]),
            "groups": {
                group.extension_number: {
                    "name": group.name,
                    "dispatcher": result.dispatchers[group.extension_number],
                    "metrics": _figures(self.summaries[group.extension_number]),
                }
                for group in scenario.groups
            },
            "members": _rows(
                self.members,
                [name for name in MEMBER_METRICS if all(name in row for row in self.members)],
                ["group", "member"],
            ),
        }
        if scenario.days:
            table = result.by_day(**self.arguments)
            report["days"] = _rows(
                _output.rows(table), list(shown_metrics(result.roster)), table.index.names
            )
        if self.width is not None:
            table = result.intervals(self.width, **self.arguments)
            shown = shown_metrics(result.roster)
            report["intervals"] = _rows(
                _output.rows(table),
                [name for name in shown if METRICS[name].of_any_calls],
                [*table.index.names, "ends_at"],
            )
        return report


def _stacked(columns: Mapping[str, Summary], metrics: Sequence[str]) -> pd.DataFrame:
    """Return the summaries below each other, with a column that names the group."""
    rows = [
        {"group": group, "metric": metric, **rows[metric]}
        for group, rows in columns.items()
        for metric in metrics
    ]
    return pd.DataFrame(rows, columns=["group", "metric", "estimate", "low", "high", "note"])


def _figures(summary: Summary) -> dict[str, Any]:
    return {
        metric: {name: row[name] for name in ("estimate", "low", "high", "note")}
        for metric, row in summary.items()
    }


def _rows(
    rows: Sequence[Mapping[Any, Any]], metrics: Sequence[str], plain: Sequence[Any]
) -> list[dict[str, Any]]:
    """Return rows with keys `x`, `x_low`, `x_high` as objects, one for each metric `x`."""
    return [
        {
            **{str(name): row[name] for name in plain},
            **{
                metric: {
                    "estimate": row[metric],
                    "low": row[f"{metric}_low"],
                    "high": row[f"{metric}_high"],
                    "note": FEW_EVENTS if few_events(row["note"], metric) else "",
                }
                for metric in metrics
            },
        }
        for row in rows
    ]
