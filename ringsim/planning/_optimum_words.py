"""Sentences on the result of `optimize`: the choice, and the price of the next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ringsim._sentences import counted
from ringsim.confidence import Estimate, paired
from ringsim.metrics import format_estimate, unit_named
from ringsim.planning._closeness import closest_of
from ringsim.planning._contenders import Contender
from ringsim.planning._findings import describe_change
from ringsim.planning._goals import Goal
from ringsim.planning._metric_changes import describe_step
from ringsim.planning._objective import Objective
from ringsim.planning._target import Target

if TYPE_CHECKING:
    from ringsim.planning._optimum import Optimum

__all__ = ["named", "sentences"]

MEMBERS, SERVICE_LEVEL = "n_members", "service_level"


def sentences(optimum: Optimum) -> Iterator[str]:
    """Yield a sentence on the choice and one on the next step, or one on why there is none."""
    chosen = optimum.chosen
    if chosen is not None:
        yield _about_choice(optimum, chosen)
        yield _about_next(optimum, chosen)
    elif optimum.target is not None:
        yield _about_none(optimum, optimum.target)
    else:
        yield f"None of {_count(optimum)} has a figure of the objective."


def named(optimum: Optimum, contender: Contender, other: Contender | None = None) -> str:
    """Return the settings of a combination; only those that differ from another one's."""
    settings = optimum.space.shown(contender.index)
    if other is not None:
        old = optimum.space.shown(other.index)
        settings = {path: value for path, value in settings.items() if value != old[path]}
    return ", ".join(f"{path} {value}" for path, value in settings.items())


def _about_choice(optimum: Optimum, chosen: Contender) -> str:
    if optimum.decided:
        zone = f", or within {optimum.within:g} of it," if optimum.within else ""
        start = f"The best of {_count(optimum)}{zone} with 95 % confidence"
    else:
        rivals = sum(len(each.alike) for each in optimum.rivals)
        others = counted(rivals, "other")
        most = max(each.replications for each in optimum.contenders)
        start = (
            f"The best found of {_count(optimum)}, though {others} may be better after "
            f"{counted(most, 'replication')}"
        )
    meets = "" if optimum.target is None else f"It meets {optimum.target}, with "
    told = f"{start}: {named(optimum, chosen)}"
    figures = _figures(optimum, chosen)
    return f"{told}. {meets}{figures}." if meets else f"{told}, with {figures}."


def _about_none(optimum: Optimum, target: Target) -> str:
    """Return a sentence that names the goal that fails, and how close the best comes to it."""
    goals = target.goals
    known = [each for each in optimum.contenders if each.goal_values]  # all but pages
    closest = closest_of(known, goals)
    short = list(map(Goal.shortfall, goals, closest.goal_values))
    goal = goals[short.index(max(short))]
    verdict = "misses" if closest.meets == "no" else "is not sure to have"
    return (
        f"None of {_count(optimum)} meets {target} with 95 % confidence. The closest, "
        f"{named(optimum, closest)}, {verdict} {goal.words}: {_figures(optimum, closest)}."
    )


def _about_next(optimum: Optimum, chosen: Contender) -> str:
    """Return a sentence on the next combination that improves the second figure."""
    found = _next_step(optimum, chosen)
    if found is None:
        misses = any(each.meets == "no" for each in optimum.contenders)
        which = "other combination that may meet the target" if misses else "combination"
        return f"No {which} has a measurably better {_words(optimum.figures[1].name)}."
    told: dict[bool, list[str]] = {True: [], False: []}
    for figure, difference in zip(optimum.figures, _differences(found, chosen), strict=True):
        if is_better := _improvement(figure, difference):
            words = (
                _members(difference.estimate, "more", "fewer")
                if figure.name == MEMBERS
                else f"{_words(figure.name)} {describe_change(difference, unit_named(figure.unit))}"
            )
            told[is_better > 0].append(words)
    step = describe_step(f"The next step, {named(optimum, found, chosen)}", told[True], told[False])
    return step if found.meets == "yes" else f"{step} It is not sure to meet the target."


def _next_step(optimum: Optimum, chosen: Contender) -> Contender | None:
    """Return the combination that improves the second figure for least of the objective.

    Of equals, it is the one with the best second figure. A combination that misses the target is
    no step.
    """
    pair = optimum.figures[:2]
    known = [each for each in optimum.contenders if each.estimates and each.meets != "no"]
    better = [each for each in known if _improvement(pair[1], _differences(each, chosen)[1]) > 0]
    return min(better, key=lambda each: (*_signed(pair, each), each.key), default=None)


def _signed(figures: Sequence[Objective], contender: Contender) -> list[float]:
    """Return the first figures of a combination, turned so that less is better."""
    pairs = zip(figures, contender.estimates, strict=False)
    return [-figure.sign * found.estimate for figure, found in pairs]


def _improvement(figure: Objective, difference: Estimate) -> int:
    """Return 1 if a difference is measurably for the better, -1 if for the worse, else 0."""
    low, high = sorted(figure.sign * bound for bound in (difference.low, difference.high))
    return (low > 0) - (high < 0)


def _differences(one: Contender, other: Contender) -> list[Estimate]:
    """Return the figures of one combination minus those of the other, paired by replication."""
    count = min(one.replications, other.replications)
    pairs = zip(one.influences[count], other.influences[count], strict=True)
    return [paired(this, that).estimate() for this, that in pairs]


def _figures(optimum: Optimum, contender: Contender) -> str:
    pairs = zip(optimum.figures, optimum.estimates_of(contender), strict=True)
    return ", ".join(
        _members(found.estimate)
        if figure.name == MEMBERS
        else f"{_figure_words(optimum, figure)} {format_estimate(*found[:3], figure.unit)}"
        for figure, found in pairs
    )


def _figure_words(optimum: Optimum, figure: Objective) -> str:
    """Return the name of a figure, and how a service level is counted if the target lacks it."""
    goals = [] if optimum.target is None else [goal.name for goal in optimum.target.goals]
    if figure.name != SERVICE_LEVEL or SERVICE_LEVEL in goals:
        return _words(figure.name)
    return f"{_words(figure.name)} ({optimum.thresholds.note})"


def _members(n: float, more: str = "", fewer: str = "") -> str:
    """Return a number of members, which needs no interval: `2 members`, `1 member more`."""
    return f"{counted(abs(n), 'member')} {fewer if n < 0 else more}".rstrip()


def _count(optimum: Optimum) -> str:
    return f"{counted(len(optimum.space), 'combination')} for group {optimum.group}"


def _words(name: str) -> str:
    return name.replace("_", " ")
