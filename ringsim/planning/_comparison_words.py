"""A comparison in sentences: what was compared, the advice, and each metric."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ringsim._sentences import counted
from ringsim.planning._advice import describe_advice
from ringsim.planning._findings import describe_finding, join_names, quote_name

if TYPE_CHECKING:
    from ringsim.planning._comparison import Comparison

__all__ = ["sentences"]


def sentences(comparison: Comparison) -> Iterator[str]:
    """Yield the lines that `print` shows; an empty line stands before each metric."""
    baseline, findings = comparison.baseline, comparison.findings
    yield _heading(comparison)
    yield from _caveats(comparison)
    if not any(versus.differs for each in findings for versus in each.versus.values()):
        yield "No variant differs measurably from the baseline."
    if comparison.advice is not None:
        yield describe_advice(comparison.advice, baseline)
    for finding in findings:
        yield ""
        yield from describe_finding(finding, baseline)
    if not all(each.estimates[baseline].is_trusted for each in findings):
        yield ""
        yield "* too few events to trust the interval"


def _heading(comparison: Comparison) -> str:
    subject = comparison.scenario.name or "the scenario"
    if comparison.group is not None:
        name = comparison.scenario.group(comparison.group).name
        subject = f"group {f'{comparison.group} {name}'.strip()} of {subject}"
    callers = "the same callers" if comparison.has_same_callers else "callers of their own"
    variants = counted(len(comparison.variants), "variant")
    days = counted(comparison.replications, "replication")
    return f"{variants} of {subject}, with {callers}: {days}, seed {comparison.seed}."


def _caveats(comparison: Comparison) -> Iterator[str]:
    """Yield sentences on the baseline, the confidence level, the groups and pages."""
    sure = (
        "one replication does not say what is chance"
        if comparison.replications == 1
        else "the intervals of the differences in a metric hold together with "
        f"{comparison.question.level * 100:g} % confidence"
    )
    yield f"All are compared with {quote_name(comparison.baseline)}; {sure}."
    numbers = comparison.scenario.group_numbers
    if comparison.group is None and len(numbers) > 1:
        yield (
            f"No group is named: a strategy rings in all groups at once, {join_names(numbers)}, "
            f"and the figures count the calls of all. group={numbers[0]!r} varies one group."
        )
    if comparison.pages:
        yield (
            f"{join_names(comparison.pages)}: a page reaches everybody at once and is answered by "
            "itself, so that its answers, waits and rings cannot be compared with those of "
            "phones that people answer; it is not a candidate for the best."
        )
