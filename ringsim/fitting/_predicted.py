"""Days as a scenario predicts them, and days as they were, in the same metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.metrics import VARIANTS, Observations, Thresholds, calls_of, group_layout
from ringsim.planning import simulate
from ringsim.scenario import Scenario

if TYPE_CHECKING:
    from ringsim.records import Records

__all__ = ["METRICS", "VOLUME", "observed_days", "own_members", "predictions"]

Floats: TypeAlias = NDArray[np.float64]

DRAWN_DAYS = 400  # simulated days, if arrivals are drawn
GIVEN_DAYS = 200  # simulated days for each day, given its calls

METRICS = ("answer_rate", "service_level", "mean_speed_of_answer", "abandonment_rate")
VOLUME = "offered"
SHARE = "answer_share of {}"


def predictions(
    scenario: Scenario,
    records: Records,
    number: str,
    thresholds: Thresholds,
    *,
    given_calls: bool,
    seed: int,
) -> dict[str, Floats]:
    """Return predictions of each metric on each day, shape (D, R)."""
    scenarios = records.scenarios(scenario)
    if not given_calls:
        return _drawn(scenarios, number, thresholds, DRAWN_DAYS, seed)
    on_duty = records.scenarios_on_duty(scenario)
    calls = records.calls
    by_day = [
        _predicted_days(
            _given_day(of_day, number, calls["arrives_at"][(calls["day"] == day).to_numpy()]),
            number,
            thresholds,
            GIVEN_DAYS,
            seed + 1 + day,
        )
        for day, of_day in enumerate(on_duty)
    ]
    together = {name: np.array([each[name] for each in by_day]) for name in by_day[0]}
    if scenario.demand[number].arrives_at is None:
        together[VOLUME] = _drawn(scenarios, number, thresholds, GIVEN_DAYS, seed)[VOLUME]
    return together


def _drawn(
    scenarios: Sequence[Scenario], number: str, thresholds: Thresholds, replications: int, seed: int
) -> dict[str, Floats]:
    """Return predictions with drawn arrivals of each metric on each day, shape (D, R).

    Days of one weekday have the same predictions.
    """
    of_day = {each.days: each for each in scenarios}
    drawn = {
        days: _predicted_days(each, number, thresholds, replications, seed)
        for days, each in of_day.items()
    }
    names = next(iter(drawn.values()))
    return {name: np.array([drawn[each.days][name] for each in scenarios]) for name in names}


def _predicted_days(
    scenario: Scenario, group: str, thresholds: Thresholds, replications: int, seed: int
) -> dict[str, Floats]:
    """Return the metrics of simulated days, by metric."""
    result = simulate(scenario, replications=replications, seed=seed)
    seen = result.observed(group_layout(result.roster, thresholds))
    return _metrics(seen, group, thresholds) | _shares(seen, group)


def _given_day(scenario: Scenario, group: str, arrives_at: Any) -> Scenario:
    """Return the scenario with the arrivals of one day at a group, instead of drawn ones."""
    demand = scenario.demand[group]
    fields: dict[str, Any] = {"calls_per_hour": None, "calls_per_interval": None, "busyness": 0}
    instants = tuple(float(each) for each in arrives_at)
    return scenario.replace(
        demand={**scenario.demand, group: demand.replace(arrives_at=instants, **fields)}
    )


def own_members(scenario: Scenario, number: str) -> list[str]:
    """Return the members of a group who are in no other group.

    Records have calls that were forwarded and answered elsewhere, too. Who is in both groups may
    have answered them in either.
    """
    others = {
        member.extension_number
        for group in scenario.groups
        for member in group.members
        if group.extension_number != number
    }
    members = (member.extension_number for member in scenario.group(number).members)
    return [member for member in members if member not in others]


def observed_days(
    records: Records, thresholds: Thresholds, members: Sequence[str]
) -> dict[str, Floats]:
    """Return the metrics of real days, by metric; shares are of the calls that `members` took."""
    seen = records.observed(group_layout(records.roster, thresholds))
    calls = records.calls
    answered = calls[calls["answered_by"].isin(members).to_numpy(dtype=bool)]
    days, by = answered["day"].to_numpy(), answered["answered_by"].astype(object).to_numpy()
    total = np.bincount(days, minlength=records.n_days)
    counts = {m: np.bincount(days[by == m], minlength=records.n_days) for m in members}
    shares = {SHARE.format(m): _ratio(count, total) for m, count in counts.items()}
    return _metrics(seen, records.group, thresholds) | shares


def _metrics(seen: Observations, group: str, thresholds: Thresholds) -> dict[str, Floats]:
    calls = calls_of(seen, seen.roster.index_of_group(group))
    offered, answered = calls.of("offered"), calls.of("answered")
    return {
        "answer_rate": _ratio(answered, offered),
        "service_level": _ratio(*VARIANTS[thresholds.variant].counts(calls)),
        "mean_speed_of_answer": _ratio(calls.of("waited_answered"), answered),
        "abandonment_rate": _ratio(calls.of("abandoned"), offered),
        VOLUME: np.asarray(offered, dtype=np.float64),
    }


def _shares(seen: Observations, group: str) -> dict[str, Floats]:
    """Return each own member's share of the calls that they all answered in the group."""
    roster = seen.roster
    names = {
        seat: roster.extensions[roster.seats[seat][1]]
        for seat in roster.seats_of_group(roster.index_of_group(group))
    }
    own = own_members(roster.scenario, group)
    seats = [seat for seat, name in names.items() if name in own]
    answered = seen.of_seat("answered")
    total = answered[:, seats].sum(axis=1)
    return {SHARE.format(names[seat]): _ratio(answered[:, seat], total) for seat in seats}


def _ratio(part: Any, whole: Any) -> Floats:
    """Return a ratio by day, NaN where the whole is 0."""
    whole = np.asarray(whole, dtype=np.float64)
    empty = np.full(len(whole), np.nan)
    ratio: Floats = np.divide(np.asarray(part, dtype=np.float64), whole, out=empty, where=whole > 0)
    return ratio
