"""Space of combinations of settings, of which `optimize` finds the best.

`Space`
    All combinations, by index, and how to make the study of each.
`space_of`
    Make a checked space from the arguments of `optimize`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from ringsim._checks import is_number
from ringsim.dispatch import Dispatcher, DispatcherChoice, name_of
from ringsim.errors import ConfigurationError
from ringsim.group import Member
from ringsim.planning._settings import Point, checked_settings, naming
from ringsim.planning._study import Study, study_of
from ringsim.planning._variants import VariantFactory, dispatcher_named
from ringsim.scenario import Scenario, changed

__all__ = ["MOST_COMBINATIONS", "STRATEGY", "Space", "space_of"]

MOST_COMBINATIONS = 100_000
STRATEGY = "strategy"  # the one name in `over` that is not a path; its values are dispatchers
RING_STRATEGY = "ring_strategy"


@dataclass(frozen=True)
class Space:
    """All combinations of the values of some settings, by index; the last changes fastest.

    Attributes
    ----------
    scenario : Scenario
        The scenario to change.
    group : str
        Number of the group whose paths may be shortened.
    settings : dict of str to tuple
        Values of each setting. Those of `strategy` are dispatchers.
    seed, engine, dispatcher
        As in `simulate`, for every combination.
    """

    scenario: Scenario
    group: str
    settings: Mapping[str, tuple[Any, ...]]
    seed: int
    engine: str
    dispatcher: DispatcherChoice

    def __len__(self) -> int:
        return prod(len(values) for values in self.settings.values())

    def places(self, index: int) -> tuple[int, ...]:
        """Return the position of each setting's value in a combination."""
        found = []
        for values in reversed(list(self.settings.values())):
            index, place = divmod(index, len(values))
            found.append(place)
        return tuple(reversed(found))

    def point(self, index: int) -> Point:
        """Return the values of a combination, by path."""
        pairs = zip(self.settings.items(), self.places(index), strict=True)
        return {path: values[place] for (path, values), place in pairs}

    def shown(self, index: int) -> Point:
        """Return the values of a combination as a table shows them: numbers and texts."""
        pairs = zip(self._shown.items(), self.places(index), strict=True)
        return {path: values[place] for (path, values), place in pairs}

    def study(self, index: int) -> Study:
        """Return the study of a combination; errors name the combination."""
        point = self.point(index)
        strategy: Dispatcher | None = point.pop(STRATEGY, None)
        with naming(point):
            made = self._factory.with_changes(point)
            made.scenario.group(self.group)
            if strategy is not None:
                made = made.ringing([self.group], strategy)
            return study_of(
                made.scenario, seed=self.seed, engine=self.engine, dispatcher=made.dispatchers
            )

    def key(self, index: int) -> tuple[int, tuple[tuple[str, Any], ...]]:
        """Return a key that does not depend on the order of settings and values.

        Combinations with fewer settings unlike the scenario's own come first, then lower values.
        """
        places = dict(zip(self.settings, self.places(index), strict=True))
        kept = sum(place == self._present.get(path) for path, place in places.items())
        ranks = tuple((path, self._ranks[path][places[path]]) for path in sorted(places))
        return len(places) - kept, ranks

    def rest_key(self, index: int) -> tuple[int, ...]:
        """Return a key that is equal for combinations that differ in strategies alone."""
        pairs = zip(self.settings, self.places(index), strict=True)
        return tuple(place for path, place in pairs if not _is_of_strategy(path))

    @cached_property
    def _factory(self) -> VariantFactory:
        return VariantFactory(self.scenario, self.group, self.dispatcher)

    @cached_property
    def _shown(self) -> dict[str, list[Any]]:
        return {path: list(map(_shown_value, values)) for path, values in self.settings.items()}

    @cached_property
    def _ranks(self) -> dict[str, list[tuple[float, str]]]:
        return {path: list(map(_rank, values)) for path, values in self._shown.items()}

    @cached_property
    def _present(self) -> dict[str, int]:
        """Position of the value, for each setting, that changes nothing in the scenario."""
        present = self._factory.with_scenario(self.scenario)
        found = {}
        for path, values in self.settings.items():
            for place, value in enumerate(values):
                if path == STRATEGY:
                    made = present.ringing([self.group], value)
                else:
                    with naming({path: value}):
                        try:
                            made = self._factory.with_changes({path: value})
                        except ConfigurationError:  # valid only beside other values
                            continue
                if made.plays_like(present):
                    found[path] = place
                    break
        return found


def space_of(
    scenario: Scenario,
    group: str,
    over: Any,
    *,
    seed: int,
    engine: str,
    dispatcher: DispatcherChoice,
) -> Space:
    """Return a checked space.

    Raises
    ------
    ConfigurationError
        If a path does not exist, a setting has no values or one of them twice, or there are
        more than 100,000 combinations.
    """
    values = checked_settings("over", over, MOST_COMBINATIONS, "combinations")
    if STRATEGY in values:
        if {RING_STRATEGY, f"groups.{group}.{RING_STRATEGY}"} & values.keys():
            raise ConfigurationError("over.strategy", "must not be given beside ring_strategy")
        values[STRATEGY] = tuple(
            dispatcher_named(value, f"over.strategy[{place}]")
            for place, value in enumerate(values[STRATEGY])
        )
    for path, given in values.items():
        _check_distinct(path, list(map(_shown_value, given)))
    changed(scenario, {}, group)
    return Space(scenario, group, values, seed, engine, dispatcher)


def _check_distinct(path: str, values: Sequence[Any]) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise ConfigurationError(str(path), "must not have a value twice", value)


def _is_of_strategy(path: str) -> bool:
    return path == STRATEGY or path.rpartition(".")[2] == RING_STRATEGY


def _shown_value(value: Any) -> Any:
    """Return a value as a number or a text."""
    if isinstance(value, Dispatcher):
        return name_of(value)
    if value is None or isinstance(value, bool):
        return str(value)
    if is_number(value) or type(value) is str:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return ", ".join(str(_shown_value(each)) for each in value)
    if isinstance(value, Member):
        return value.extension_number
    return json.dumps(value) if isinstance(value, Mapping) else repr(value)


def _rank(value: Any) -> tuple[float, str]:
    """Return a sort key that puts numbers in order, and texts in order after them."""
    return (float(value), "") if is_number(value) else (float("inf"), str(value))
