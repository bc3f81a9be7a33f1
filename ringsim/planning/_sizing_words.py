"""Sentences on the size of a group: the answer, its neighbours and its price."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ringsim._sentences import counted
from ringsim.confidence import Estimate
from ringsim.metrics import METRICS, format_estimate, format_figure
from ringsim.planning._goals import Goal
from ringsim.planning._metric_changes import changes_between, describe_step, gain_and_price
from ringsim.planning._search import SizeResult
from ringsim.planning._target import Target, percent

if TYPE_CHECKING:
    from ringsim.planning._sizing import Sizing

__all__ = ["sentences"]

NEGLIGIBLE_SHARE = 0.01  # of the calls entering a group
OUT_OF_SIGHT = 1_000_000  # replications; too many to suggest
CLOSE = 0.01  # relative distance of a figure from its limit


def sentences(sizing: Sizing) -> Iterator[str]:
    """Yield sentences on the answer, its neighbours and price, Erlang's formulas and head count."""
    yield from (
        _unmet_sentences(sizing)
        if sizing.members is None
        else _met_sentences(sizing, sizing.members)
    )
    if sizing.erlang_members is not None:
        yield (
            f"Erlang's formulas, for {sizing.formulas.load:.3g} erlang and members who answer "
            f"at once: {sizing.erlang_members}."
        )
    if sizing.shrinkage is not None and sizing.head_count is not None:
        yield (
            f"With a shrinkage of {percent(sizing.shrinkage)}, a head count of "
            f"{sizing.head_count:.3g}."
        )


def _met_sentences(sizing: Sizing, members: int) -> Iterator[str]:
    tried = {each.members: each for each in sizing.tried}
    found = " or ".join([*map(str, sizing.possible[:-1]), counted(sizing.possible[-1], "member")])
    meet = "meets" if sizing.possible == (1,) else "meet"
    yield f"{found} of group {sizing.group} {meet} {sizing.target}."
    yield _size_sentence(sizing.target, tried[members])
    beside = {*sizing.possible, members - 1, members + 1} - {members, *sizing.ruled_out}
    for other in sorted(beside & tried.keys()):
        yield _size_sentence(sizing.target, tried[other])
    yield from _ruled_out_sentences(sizing)
    yield from _step_sentence(sizing, tried, members)


def _step_sentence(sizing: Sizing, tried: Mapping[int, SizeResult], members: int) -> Iterator[str]:
    """Yield what the last member improves and worsens most, or else what one more would."""
    for before, after in ((members - 1, members), (members, members + 1)):
        pair = [tried[n].influences if n in tried else {} for n in (before, after)]
        count = max(pair[0].keys() & pair[1].keys(), default=None)
        if count is None:
            continue
        goals = [goal.name for goal in sizing.target.goals]
        changes = changes_between(pair[0][count], pair[1][count])
        gain, prices = gain_and_price(changes, goals)
        if gain is not None:
            worse = [each.words for each in prices]
            step = f"The step from {before} to {counted(after, 'member')}"
            yield describe_step(step, [gain.words], ["1 more member", *worse])
        return


def _ruled_out_sentences(sizing: Sizing) -> Iterator[str]:
    last = max(sizing.ruled_out, default=0)
    if last > 0:
        share = max(each.high for each in sizing.tried[last].limits if each.high == each.high)
        yield (
            f"0 to {last} cannot, and were not played: {last} would have time for at most "
            f"{format_figure(share, 'rate')} of the calls."
        )


def _unmet_sentences(sizing: Sizing) -> Iterator[str]:
    best = next(each for each in sizing.tried if each.members == sizing.closest)
    yield (
        f"No number of members of group {sizing.group} up to {sizing.tried[-1].members} meets "
        f"{sizing.target} with 95 % confidence."
    )
    yield f"The closest: {_size_sentence(sizing.target, best)}"
    yield from _ruled_out_sentences(sizing)
    if sizing.possible:
        yield f"{counted(len(sizing.possible), 'number is', 'numbers are')} undecided."
    is_no_help = (
        best.meets == "no"
        and best.nobody_free < NEGLIGIBLE_SHARE
        and all(goal.name != "occupancy" for goal in sizing.target.goals)
    )
    yield f"{format_figure(best.nobody_free, 'rate')} of its calls found nobody to ring" + (
        ", so that more members are no help: people answer too late or callers give up too soon."
        if is_no_help
        else " at first."
    )


def _size_sentence(target: Target, tried: SizeResult) -> str:
    """Return one size's verdict and figures: `6 do not: service level 75.2 % ...`."""
    does = "does" if tried.members == 1 else "do"
    verb = {"yes": does, "no": f"{does} not", "undecided": "may"}[tried.meets]
    figures = ", ".join(map(_figure, target.goals, tried.estimates(target.goals)))
    after = _undecided(target, tried) if tried.meets == "undecided" else ""
    return f"{tried.members} {verb}: {figures}{after}."


def _undecided(target: Target, tried: SizeResult) -> str:
    """Return how many replications would decide an undecided size."""
    told = f", undecided after {counted(tried.replications, 'replication')}"
    if tried.needed > OUT_OF_SIGHT:
        close = _is_close(target, tried)
        return f"{told}: too {'close to the target' if close else 'few calls'} to tell"
    digits = 1 - math.floor(math.log10(tried.needed))
    return f"{told}: about {math.ceil(round(tried.needed, digits)):,} would tell"


def _is_close(target: Target, tried: SizeResult) -> bool:
    """Return whether the figure of a goal that is undecided almost equals its limit."""
    pairs = zip(target.goals, tried.estimates(target.goals), strict=True)
    return any(
        each.low < goal.limit < each.high and abs(goal.shortfall(each.estimate)) < CLOSE
        for goal, each in pairs
    )


def _figure(goal: Goal, estimate: Estimate) -> str:
    name = "days that reach it" if goal.name == "p_target_met" else goal.name.replace("_", " ")
    if math.isnan(estimate.estimate):
        return f"{name} unknown"
    unit = METRICS[goal.name].unit if goal.name in METRICS else "rate"
    return f"{name} {format_estimate(*estimate[:3], unit, beside=goal.limit)}"
