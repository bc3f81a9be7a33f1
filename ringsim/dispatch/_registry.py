"""Names for dispatchers: the eight strategies, and those of other packages.

Other packages declare theirs as entry points of the group `ringsim.dispatchers`, each the
name of a subclass of `Dispatcher`; they are looked for once, when a name is asked for that
nobody has registered, or all names are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, TypeAlias, TypeVar

from ringsim.dispatch._dispatcher import Dispatcher
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import RingGroup, RingStrategy

__all__ = [
    "DispatcherChoice",
    "DispatcherLike",
    "dispatcher_for",
    "dispatcher_from",
    "dispatchers_of",
    "name_of",
    "register",
    "registered",
]

DispatcherChoice: TypeAlias = "DispatcherLike | Mapping[str, DispatcherLike] | None"

ENTRY_POINTS = "ringsim.dispatchers"

DispatcherLike: TypeAlias = "Dispatcher | type[Dispatcher] | RingStrategy | str"
D = TypeVar("D", bound=Dispatcher)


class HasGroups(Protocol):
    """What `dispatchers_of` needs of a scenario."""

    @property
    def groups(self) -> Sequence[RingGroup]: ...

    def group(self, number: str) -> RingGroup:
        """Return the group with this number."""


_registered: dict[str, type[Dispatcher]] = {}


def register(name: str) -> Callable[[type[D]], type[D]]:
    """Give a dispatcher its name: one of `RingStrategy`, or a new one.

    The same class defined anew, as when a cell of a notebook is run again, takes its own
    place.

    Raises
    ------
    ConfigurationError
        When the name is another dispatcher's, or what is registered is no dispatcher.

    Examples
    --------
    >>> from ringsim.dispatch import Hunt
    >>> @register("LEAST_TALK_TIME_HUNT")
    ... class LeastTalkTimeHunt(Hunt):
    ...     order_by = ("talked_time",)
    >>> dispatcher_for("LEAST_TALK_TIME_HUNT")
    LeastTalkTimeHunt()
    """

    def remember(dispatcher: type[D]) -> type[D]:
        if not (isinstance(dispatcher, type) and issubclass(dispatcher, Dispatcher)):
            raise ConfigurationError(
                f"dispatcher {str(name)!r}", "must be a subclass of Dispatcher", dispatcher
            )
        taken = _registered.get(str(name))
        if taken is not None and _full_name(taken) != _full_name(dispatcher):
            raise ConfigurationError(
                "name", f"must not be that of another dispatcher, {taken.__name__}", str(name)
            )
        _registered[str(name)] = dispatcher
        return dispatcher

    return remember


def _full_name(dispatcher: type[Dispatcher]) -> tuple[str, str]:
    return dispatcher.__module__, dispatcher.__qualname__


def dispatcher_for(strategy: RingStrategy | str) -> Dispatcher:
    """The dispatcher registered for a strategy or under a name, ready to use.

    Raises
    ------
    ConfigurationError
        When there is none of this name.

    Examples
    --------
    >>> dispatcher_for(RingStrategy.CYCLIC_HUNT).order_by
    ('last_rung_at',)
    """
    if not isinstance(strategy, str) or strategy not in _registered:
        _load_entry_points()
    found = _registered.get(strategy) if isinstance(strategy, str) else None
    if found is None:
        raise ConfigurationError(
            "dispatcher",
            "must be the name of a registered dispatcher",
            strategy,
            did_you_mean(strategy, _registered) or f"They are {', '.join(_registered)}.",
        )
    return found()


def dispatcher_from(given: DispatcherLike) -> Dispatcher:
    """An instance, a class or a name, as a checked instance.

    Raises
    ------
    ConfigurationError
        When it is none of these, or its attributes make no sense.
    """
    if isinstance(given, type) and issubclass(given, Dispatcher):
        given = given()
    if isinstance(given, str):
        given = dispatcher_for(given)
    if not isinstance(given, Dispatcher):
        raise ConfigurationError(
            "dispatcher", "must be a Dispatcher, a subclass of it, or a registered name", given
        )
    given.check()
    return given


def name_of(dispatcher: Dispatcher) -> str:
    """The name that a dispatcher is registered under, or else that of its class."""
    for name, kind in _registered.items():
        if type(dispatcher) is kind:
            return name
    return type(dispatcher).__name__


def registered() -> dict[str, type[Dispatcher]]:
    """Every dispatcher by its name: the eight first, then others in order of registration."""
    _load_entry_points()
    return dict(_registered)


@cache
def _load_entry_points() -> None:
    for entry in entry_points(group=ENTRY_POINTS):
        try:
            dispatcher = entry.load()
        except (ImportError, AttributeError) as wrong:
            raise ConfigurationError(
                f"entry point {entry.name!r} of {ENTRY_POINTS}",
                f"must be the name of a class that can be imported: {wrong}",
                entry.value,
            ) from wrong
        register(entry.name)(dispatcher)


def dispatchers_of(scenario: HasGroups, choice: DispatcherChoice) -> dict[str, Dispatcher]:
    """Return the dispatcher of each group by its number: the chosen one, or its strategy's.

    Parameters
    ----------
    scenario : Scenario or anything else with groups
        The groups.
    choice : dispatcher, class, name, or dict of number to one of them; None
        One dispatcher for all groups, or a dispatcher for some groups by their numbers.
    """
    own = {group.extension_number: dispatcher_for(group.ring_strategy) for group in scenario.groups}
    if choice is None:
        return own
    if isinstance(choice, Mapping):
        chosen = {
            scenario.group(number).extension_number: dispatcher_from(given)
            for number, given in choice.items()
        }
        return {**own, **chosen}
    return dict.fromkeys(own, dispatcher_from(choice))
