"""Constraints that keep a roster from meeting its needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringsim.planning._cover import Worker
from ringsim.planning._roster_rounds import Rounds
from ringsim.planning._turns import Turn

__all__ = ["binding_constraints"]

LIMITS = ("max_hours", "max_days", "rest")


def binding_constraints(rounds: Rounds, needed: Sequence[Sequence[int]]) -> dict[str, int | None]:
    """Return the constraints without which all needs could be met, as in `Roster.binding`.

    There are none if all needs can be met.
    """
    covering = rounds.covering(needed)
    if covering.is_coverable():
        return {}
    found: dict[str, int | None] = {
        name: None for name in LIMITS if covering.relaxed(name).is_coverable()
    }
    team = rounds.team
    free = [_always_available(worker, team.turns) for worker in team.workers]
    if replace(covering, workers=free).is_coverable():
        found["available"] = None
    missing = covering.people_missing(frozenset(team.groups))
    return found | ({"shifts": None} if missing is None else {"people": missing})


def _always_available(worker: Worker, turns: tuple[Turn, ...]) -> Worker:
    """Return a person who could work every shift."""
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for index, turn in enumerate(turns):
        key = turn.day, turn.shift
        found[key] = (*found.get(key, ()), index)
    return worker._replace(turns=found)
