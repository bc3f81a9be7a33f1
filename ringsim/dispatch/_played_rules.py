"""Rules of ringing of a group, beside the dispatcher that is played.

`played_rules`
    Return the rules with every option set.
"""

from __future__ import annotations

from typing import Protocol

from ringsim.dispatch._dispatcher import Dispatcher
from ringsim.dispatch._registry import has_own_order
from ringsim.group import RingGroup
from ringsim.rules import Rules

__all__ = ["played_rules"]


class HasRules(Protocol):
    """The part of a scenario that `played_rules` uses."""

    @property
    def ringing_is_busy(self) -> bool: ...

    def rules(self, number: str) -> Rules: ...


def played_rules(scenario: HasRules, group: RingGroup, dispatcher: Dispatcher) -> Rules:
    """Return a group's rules; without those that order its members if a dispatcher does so.

    A dispatcher that looks at `rotation` needs a pointer: the group's, else one that follows the
    rings.
    """
    if has_own_order(group, dispatcher):
        return scenario.rules(group.extension_number)
    rules = group.played_rules(ringing_is_busy=scenario.ringing_is_busy, another_order=True)
    if not dispatcher.looks_at("rotation"):
        return rules
    own = group.rules.given().get("rotation", "none")
    pointer = "rung" if own == "none" else own
    return rules.without("rotation").resolved(rotation=pointer)
