"""Variants of a scenario on the same callers, compared."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from functools import cached_property

import pandas as pd

from ringsim.dispatch import DispatcherLike
from ringsim.engine import DispatcherChoice
from ringsim.metrics import Question
from ringsim.planning._asked import metrics_of
from ringsim.planning._findings import Finding, Row, finding_of
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._simulate import Result, check_replications, job_of, study_of
from ringsim.planning._variants import VariantLike, plays_alike, variants_of
from ringsim.planning._words import listed, named, told
from ringsim.scenario import Scenario

__all__ = ["Comparison", "compare"]

OFFERED = "offered"  # the metric that depends on nothing but the callers


class Comparison:
    """What sets variants of a scenario apart; printed, it says so in words.

    Attributes
    ----------
    scenario : Scenario
        What was compared variants of.
    group : str or None
        Number of the group whose calls are compared; None is all calls.
    variants : tuple of str
        Their names, in their order.
    baseline : str
        The one that all others are compared with.
    results : dict of str to Result
        Of each variant: its summary, members and replays.
    metrics : tuple of str
        Which are compared.
    question : Question
        Thresholds and the confidence level.
    replications, seed : int
        How often, and from which random numbers.
    """

    def __init__(
        self,
        scenario: Scenario,
        group: str | None,
        results: Mapping[str, Result],
        baseline: str,
        metrics: tuple[str, ...],
        question: Question,
    ) -> None:
        self.scenario = scenario
        self.group = group
        self.results = dict(results)
        self.variants = tuple(results)
        self.baseline = baseline
        self.metrics = metrics
        self.question = question
        self.replications = results[baseline].replications
        self.seed = results[baseline].seed

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per variant and metric.

        Returns
        -------
        DataFrame
            Indexed by `variant` and `metric`. `estimate`, `low` and `high` are those of the
            variant's own summary. `difference` is the variant less the baseline, day by day;
            `difference_low` and `difference_high` hold for all variants together, metric by
            metric. `differs` says whether there is a difference; it is told by Holm's test,
            which now and then finds one whose interval just reaches 0. `best` says who may be
            the best of all variants, and is missing where there is no better, and for pages
            and variants without a figure.

        Notes
        -----
        Intervals are adjusted for the number of comparisons (Bonferroni), and who may be best
        is found by Hsu's comparisons with the best: see `ringsim.confidence`. `note` says
        `few events` where a figure or a difference rests on few replications. Only variants
        that cannot but play the same differ by 0 without an interval.
        """
        rows = [finding.row(name) for name in self.variants for finding in self._findings]
        index = pd.MultiIndex.from_product(
            [self.variants, self.metrics], names=["variant", "metric"]
        )
        frame = pd.DataFrame(rows, index=index, columns=Row._fields)
        return frame.astype({"differs": bool, "best": "boolean", "note": "str"})

    @cached_property
    def _findings(self) -> list[Finding]:
        return [
            finding_of(
                metric,
                {
                    name: result.figure(metric, self.group, self.question)
                    for name, result in self.results.items()
                },
                self.baseline,
                twins=self._of_the_same_callers if metric == OFFERED else self._twins,
                pages=self._pages,
                level=self.question.level,
            )
            for metric in self.metrics
        ]

    @cached_property
    def _twins(self) -> dict[str, str]:
        """Of each variant the first one that cannot but play the same, often itself."""
        return {
            name: next(
                first
                for first, other in self.results.items()
                if plays_alike(other.study, result.study)
            )
            for name, result in self.results.items()
        }

    @cached_property
    def _of_the_same_callers(self) -> dict[str, str]:
        """Of each variant the first one that the same callers call."""
        return {
            name: next(
                first
                for first, other in self.results.items()
                if _callers(other.scenario) == _callers(result.scenario)
            )
            for name, result in self.results.items()
        }

    @cached_property
    def _pages(self) -> list[str]:
        """Variants that page where another rings."""
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

    @property
    def _has_same_callers(self) -> bool:
        return len(set(self._of_the_same_callers.values())) == 1

    def __str__(self) -> str:
        lines = [self._heading(), *self._reservations()]
        if not any(versus.differs for each in self._findings for versus in each.versus.values()):
            lines.append("In no metric can any of them be told from the baseline.")
        for finding in self._findings:
            lines += ["", *told(finding, self.baseline)]
        if not all(each.estimates[self.baseline].is_trusted for each in self._findings):
            lines += ["", "* too few events to trust the interval"]
        return "\n".join(lines)

    def _heading(self) -> str:
        what = self.scenario.name or "the scenario"
        if self.group is not None:
            named = f"{self.group} {self.scenario.group(self.group).name}".strip()
            what = f"group {named} of {what}"
        callers = "the same callers" if self._has_same_callers else "callers of their own"
        days = "1 replication" if self.replications == 1 else f"{self.replications} replications"
        return f"{len(self.variants)} variants of {what}, with {callers}: {days}, seed {self.seed}."

    def _reservations(self) -> list[str]:
        """What must be known to read the figures."""
        sure = (
            "one replication does not say what is chance"
            if self.replications == 1
            else "the intervals of the differences in a metric hold together with "
            f"{self.question.level * 100:g} % confidence"
        )
        lines = [f"All are compared with {named(self.baseline)}; {sure}."]
        if self._pages:
            lines.append(
                f"{listed(self._pages)}: a page reaches everybody at once and is answered by "
                "itself, so that its answers, waits and rings cannot be compared with those of "
                "phones that people answer; it is no candidate for the best."
            )
        return lines

    def __repr__(self) -> str:
        return (
            f"<Comparison of {len(self.variants)} variants, "
            f"{self.replications} replications, seed {self.seed}>"
        )

    def _repr_html_(self) -> str:
        figures = self.table.to_html(float_format="{:.4g}".format, na_rep="")
        return f"<pre>{html.escape(str(self))}</pre>{figures}"


def _callers(scenario: Scenario) -> tuple[object, float]:
    """What decides who calls, and when."""
    return scenario.demand, scenario.hours


def compare(
    scenario: Scenario,
    group: str | None = None,
    *,
    strategies: Sequence[DispatcherLike] | None = None,
    variants: Mapping[str, VariantLike] | None = None,
    baseline: str | None = None,
    metrics: Sequence[str] | None = None,
    replications: int = 100,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    within: float = 20.0,
    variant: str = "offered",
    short: float = 5.0,
    target: float = 0.8,
    level: float = 0.95,
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Comparison:
    """Play variants of a scenario with the same random numbers, and say how they differ.

    Parameters
    ----------
    scenario : Scenario
        What variants are of.
    group : str, optional
        Number of the group that rings otherwise, and whose calls are compared; its paths may
        be given short. All groups and all calls, unless given.
    strategies : list of dispatchers, classes or names, optional
        How the group, or every group, rings: variants by the names of their strategies.
        Unless these or `variants` are given, the seven strategies that wait for a person to
        answer.
    variants : dict of str to changes, Scenario, dispatcher, class or name, optional
        Variants by names of their own. Changes are values by path, as in
        `ringsim.planning.changed`: `{"ring_time": 15}`, `{"groups.600.n_members": 6}`. The
        scenario as it is joins them, unless one of them is the same or `baseline` is given.
    baseline : str, optional
        Name of the variant that the others are compared with. Unless given, the one that
        plays as the scenario does; if there is none, the first.
    metrics : list of str, optional
        Which to compare; unless given, eight that callers and members feel.
    replications, seed, engine, workers, executor, on_progress
        As in `simulate`.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        In place of groups' own strategies, in all variants that do not name another.
    within, variant, short, target, level
        As in `Result.summary`.

    Returns
    -------
    Comparison
        Its `table` has all figures, and it says in words what they mean.

    Raises
    ------
    ConfigurationError
        When an argument cannot be, before anything is drawn; the sentence names the variant.
    RingsimError
        When the executor loses a part of the work.

    Examples
    --------
    >>> from ringsim.people import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=1)
    >>> variants = {"longer": {"ring_time": 30}, "alone": {"n_members": 1}}
    >>> comparison = compare(
    ...     office, "600", variants=variants, metrics=["answer_rate"], replications=100
    ... )
    >>> print(comparison)  # doctest: +NORMALIZE_WHITESPACE
    3 variants of group 600 of the scenario, with the same callers: 100 replications, seed 0.
    All are compared with 'as it is'; the intervals of the differences in a metric hold
    together with 95 % confidence.
    <BLANKLINE>
    answer_rate: 91.6 % (90.6 to 92.5) with 'as it is'.
      longer has 0.23 points more (0.04 to 0.42).
      alone has 27.0 points less (25.9 to 28.2).
      Best (higher is better): longer.
    """
    question = Question(within, variant, short, target, level)
    asked = metrics_of(metrics)
    check_replications(replications)
    runner = Runner(workers, executor, on_progress)
    chosen = variants_of(
        scenario,
        group,
        strategies=strategies,
        variants=variants,
        baseline=baseline,
        dispatcher=dispatcher,
    )
    studies = {
        name: study_of(each.scenario, seed=seed, engine=engine, dispatcher=each.dispatchers)
        for name, each in chosen.variants.items()
    }
    played = runner.play([job_of(study, question, replications) for study in studies.values()])
    results = {
        name: Result(study, each.observations, workers=workers)
        for (name, study), each in zip(studies.items(), played, strict=True)
    }
    return Comparison(scenario, group, results, chosen.baseline, asked, question)
