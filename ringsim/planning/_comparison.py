"""Result of comparing variants of a scenario on the same callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ringsim._lazy import pd
from ringsim._sentences import counted
from ringsim.metrics import METRICS, WEEK, Thresholds
from ringsim.planning._advice import Advice, advice_on
from ringsim.planning._alike import plays_alike
from ringsim.planning._comparison_words import sentences
from ringsim.planning._findings import Finding, Row
from ringsim.planning._html import as_html, estimates_table
from ringsim.planning._metric_changes import SHARES
from ringsim.planning._metric_comparison import compare_metric
from ringsim.planning._result import Result
from ringsim.scenario import Scenario

if TYPE_CHECKING:
    from ringsim.reporting import Report

__all__ = ["Comparison"]


class Comparison:
    """Differences between variants of a scenario; `print` describes them in sentences.

    Attributes
    ----------
    scenario : Scenario
        The scenario whose variants were compared.
    group : str or None
        Number of the group whose calls are compared; None for all calls.
    variants : tuple of str
        Names of the variants, in their order.
    baseline : str
        Name of the variant that all others are compared with.
    results : dict of str to Result
        Result of each variant, with its summary, members and replays.
    metrics : tuple of str
        Names of the compared metrics.
    question : Thresholds
        Thresholds and the confidence level.
    equivalent_within : float, dict of str to float or None
        Differences that do not matter, as given to `compare`.
    replications, seed : int
        Number of replications, and the seed of their random numbers.
    """

    def __init__(
        self,
        scenario: Scenario,
        group: str | None,
        results: Mapping[str, Result],
        baseline: str,
        metrics: tuple[str, ...],
        question: Thresholds,
        equivalent_within: float | Mapping[str, float] | None = None,
    ) -> None:
        self.scenario = scenario
        self.group = group
        self.results = dict(results)
        self.variants = tuple(results)
        self.baseline = baseline
        self.metrics = metrics
        self.question = question
        self.equivalent_within = equivalent_within
        self.replications = results[baseline].replications
        self.seed = results[baseline].seed

    def on(self, day: str) -> Comparison:
        """Return the comparison of one weekday, from the same replications.

        Raises
        ------
        ConfigurationError
            If it is not one of the scenario's `days`.
        """
        scenario = self.scenario.on(day)
        results = {name: result.on(day) for name, result in self.results.items()}
        return Comparison(
            scenario,
            self.group,
            results,
            self.baseline,
            self.metrics,
            self.question,
            self.equivalent_within,
        )

    @cached_property
    def by_day(self) -> pd.DataFrame:
        """The table of each of the scenario's `days`, and of the whole week.

        Returns
        -------
        DataFrame
            Indexed by `day`, `variant` and `metric`; the last day is `week`.
        """
        days = {day: self.on(day).table for day in self.scenario.days}
        return pd.concat({**days, WEEK: self.table}, names=["day"])

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per variant and metric.

        Returns
        -------
        DataFrame
            Indexed by `variant` and `metric`. `estimate`, `low` and `high` are those of the
            variant's own summary. `difference` is the variant minus the baseline, paired day
            by day; for each metric, the intervals from `difference_low` to `difference_high`
            hold for all variants together. `differs` is the result of Holm's test, which
            occasionally finds a difference whose interval just reaches 0. `best` is true for
            variants that may be the best of all. It is missing for metrics without a better
            direction, for pages, and for variants without a figure. If `equivalent_within` was
            given, `equivalent` is true for variants that differ from the baseline by less; it is
            missing for metrics without such a limit.

        Notes
        -----
        Intervals are adjusted for the number of comparisons (Bonferroni). `best` comes from
        Hsu's multiple comparisons with the best: see `ringsim.confidence`. `note` contains
        `few events` where a figure or a difference rests on few replications. Only variants
        that must play alike differ by 0 without an interval.
        """
        rows = [self.row(name, metric) for name in self.variants for metric in self.metrics]
        index = pd.MultiIndex.from_product(
            [self.variants, self.metrics], names=["variant", "metric"]
        )
        frame = pd.DataFrame(rows, index=index, columns=Row._fields)
        frame = frame.astype({"differs": bool, "best": "boolean", "note": "str"})
        frame["equivalent"] = frame["equivalent"].astype("boolean")
        return frame.drop(columns="equivalent") if self.equivalent_within is None else frame

    def row(self, variant: str, metric: str) -> Row:
        """Return one row of the table, by the names of a variant and of a compared metric."""
        return self.finding(metric).row(variant)

    def finding(self, metric: str) -> Finding:
        """Return the differences in a compared metric."""
        return self.findings[self.metrics.index(metric)]

    @cached_property
    def findings(self) -> list[Finding]:
        """Differences in each compared metric, in the order of `metrics`."""
        return [
            compare_metric(
                metric,
                {
                    name: result.figure(metric, self.group, self.question)
                    for name, result in self.results.items()
                },
                self.baseline,
                twins=self._same_callers if self._is_of_callers_alone(metric) else self._twins,
                pages=self.pages,
                level=self.question.level,
                margin=self._margin(metric),
            )
            for metric in self.metrics
        ]

    def _margin(self, metric: str) -> float | None:
        """Return the difference in a metric that does not matter, in the metric's own unit."""
        given = self.equivalent_within
        if given is None or isinstance(given, Mapping):
            return None if given is None else given.get(metric)
        if METRICS[metric].unit in SHARES:
            return given
        result = self.results[self.baseline]
        figure = result.figure(metric, self.group, self.question).estimate().estimate
        return given * abs(figure)

    def _is_of_callers_alone(self, metric: str) -> bool:
        """Return whether a metric has the same value for all variants with the same callers."""
        if metric == "offered":
            return not any(result.counts_callers for result in self.results.values())
        return metric == "callers"

    @cached_property
    def _twins(self) -> dict[str, str]:
        """For each variant, the first variant that must play alike, often itself."""
        return self._first_alike(lambda one, other: plays_alike(one.study, other.study))

    @cached_property
    def _same_callers(self) -> dict[str, str]:
        """For each variant, the first variant that has the same callers, often itself."""
        return self._first_alike(
            lambda one, other: _callers(one.scenario) == _callers(other.scenario)
        )

    def _first_alike(self, are_alike: Callable[[Result, Result], bool]) -> dict[str, str]:
        """Return, for each variant, the first variant whose result is like its own."""
        return {
            name: next(first for first, other in self.results.items() if are_alike(other, result))
            for name, result in self.results.items()
        }

    @cached_property
    def pages(self) -> list[str]:
        """Variants in which a group pages that rings in another variant."""
        paging = {
            name: {
                number
                for number, dispatcher in result.study.dispatchers.items()
                if dispatcher.auto_answer
            }
            for name, result in self.results.items()
        }
        of_all = set.intersection(*paging.values())
        return [name for name, numbers in paging.items() if numbers - of_all]

    @cached_property
    def distinct(self) -> dict[str, tuple[str, ...]]:
        """Variants in sets that do the same: those of one set differ in no compared figure.

        Variants do the same if they must play alike, or if all their figures and intervals are
        equal to the last bit.

        Returns
        -------
        dict of str to tuple of str
            The names of each set in their order, by the baseline if the set has it, or else by
            its first variant.
        """
        found: dict[object, list[str]] = {}
        for name in self.variants:
            found.setdefault(self._figures_of(self._twins[name]), []).append(name)
        return {
            self.baseline if self.baseline in names else names[0]: tuple(names)
            for names in found.values()
        }

    def _figures_of(self, name: str) -> str:
        """Return a text that is equal for variants with equal estimates and intervals."""
        return repr([self.row(name, metric)[:3] for metric in self.metrics])

    @cached_property
    def advice(self) -> Advice | None:
        """The variant to choose, what it improves, and what worsens most; None if none is better.

        None as well if a variant pages and others do not, as their figures cannot be compared.
        """
        return None if self.pages else advice_on(self)

    @property
    def has_same_callers(self) -> bool:
        """True if all variants have equal calls."""
        return len(set(self._same_callers.values())) == 1

    def report(
        self,
        path: str | Path | None = None,
        *,
        title: str | None = None,
        logo: str | Path | None = None,
        language: str = "en",
        sections: Sequence[str] | None = None,
    ) -> Report:
        """Return a report on the comparison as a web page, and write it to a file if asked to.

        Parameters
        ----------
        path : str or Path, optional
            File to write the page to.
        title, logo, language, sections
            As in `ringsim.report`.

        Raises
        ------
        ConfigurationError
            If an argument is invalid.
        """
        from ringsim.reporting._report import report_from

        return report_from(self, path, title=title, logo=logo, language=language, sections=sections)

    def __str__(self) -> str:
        return "\n".join(sentences(self))

    def __repr__(self) -> str:
        return (
            f"<Comparison of {counted(len(self.variants), 'variant')}, "
            f"{counted(self.replications, 'replication')}, seed {self.seed}>"
        )

    def _repr_html_(self) -> str:
        columns = {
            " = ".join(names): {each.metric: each.estimates[name] for each in self.findings}
            for name, names in self.distinct.items()
        }
        return as_html(str(self), [estimates_table(columns).T])


def _callers(scenario: Scenario) -> tuple[object, ...]:
    """Return the fields that decide which calls arrive, and when."""
    return scenario.demand, scenario.hours, scenario.days
