"""Registry of dispatchers by name: the eight strategies, and those of other packages.

Another package declares its dispatchers as entry points of the group `ringsim.dispatchers`, each
of which names a subclass of `Dispatcher`. Entry points are loaded once: when an unknown name or
the list of all names is requested.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, TypeAlias, TypeVar

from ringsim.dispatch._dispatcher import AtOnce, Dispatcher
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import RingGroup, RingStrategy
from ringsim.presets import names as preset_names
from ringsim.rules import ORDER_OPTIONS

__all__ = [
    "DispatcherChoice",
    "DispatcherLike",
    "RuledDispatcher",
    "dispatcher_for",
    "dispatcher_from",
    "dispatcher_of",
    "dispatchers_of",
    "has_own_order",
    "name_of",
    "register",
    "registered",
]

DispatcherChoice: TypeAlias = "DispatcherLike | Mapping[str, DispatcherLike] | None"

ENTRY_POINTS = "ringsim.dispatchers"

DispatcherLike: TypeAlias = "Dispatcher | type[Dispatcher] | RingStrategy | str"
D = TypeVar("D", bound=Dispatcher)


class RuledDispatcher(Dispatcher):
    """The dispatcher of a group whose rules order its members.

    Attributes
    ----------
    name : str
        Name of the group's preset, or of its strategy.
    """

    def __init__(self, name: str) -> None:
        self.name = name


class HasGroups(Protocol):
    """The part of a scenario that `dispatchers_of` uses."""

    @property
    def groups(self) -> Sequence[RingGroup]: ...


_registered: dict[str, type[Dispatcher]] = {}


def register(name: str) -> Callable[[type[D]], type[D]]:
    """Return a decorator that registers a dispatcher under a name.

    The name is one of `RingStrategy` or a new one. A class of the same module and qualified name
    replaces the earlier one, so you can run a notebook cell again.

    Raises
    ------
    ConfigurationError
        If another dispatcher has the name, or the class is not a subclass of `Dispatcher`.

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
    """Return a new dispatcher of the class registered under a strategy or a name.

    Raises
    ------
    ConfigurationError
        If no dispatcher has this name.

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
            _instead_of(strategy),
        )
    return found()


def _instead_of(name: object) -> str:
    """Return a hint for a name that no dispatcher has."""
    if name in preset_names():
        return "It is a preset: give it as the preset of a group."
    return did_you_mean(name, _registered) or f"They are {', '.join(_registered)}."


def dispatcher_from(given: DispatcherLike) -> Dispatcher:
    """Return a checked dispatcher from an instance, a class or a name.

    Raises
    ------
    ConfigurationError
        If the argument is none of these, or the attributes of the dispatcher are invalid.
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
    """Return the name of a dispatcher: its registered name, its group's preset, or its class."""
    if isinstance(dispatcher, RuledDispatcher):
        return dispatcher.name
    for name, kind in _registered.items():
        if type(dispatcher) is kind:
            return name
    return type(dispatcher).__name__


def registered() -> dict[str, type[Dispatcher]]:
    """Return all dispatcher classes by name: the eight, then others in order of registration."""
    _load_entry_points()
    return dict(_registered)


@cache
def _load_entry_points() -> None:
    """Register the dispatchers of other packages; a failed load is tried again next time.

    Raises
    ------
    ConfigurationError
        If an entry point cannot be imported or is not a dispatcher.
    """
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
    """Return the dispatcher of each group, by number: the chosen one or that of its strategy.

    Parameters
    ----------
    scenario : Scenario
        Or any object with `groups`.
    choice : dispatcher, class or name, or dict of number to one of them, or None
        One dispatcher for all groups, or dispatchers for some groups by number. Other groups
        keep the dispatcher of their strategy.
    """
    own = {group.extension_number: dispatcher_of(group) for group in scenario.groups}
    if choice is None:
        return own
    if isinstance(choice, Mapping):
        for number in choice:
            if not isinstance(number, str) or number not in own:
                raise ConfigurationError(
                    "dispatcher",
                    "must be keyed by the numbers of groups of the scenario",
                    number,
                    f"Its groups are {', '.join(own) or 'none'}.",
                )
        return {**own, **{number: dispatcher_from(given) for number, given in choice.items()}}
    return dict.fromkeys(own, dispatcher_from(choice))


def has_own_order(group: RingGroup, dispatcher: Dispatcher) -> bool:
    """Return whether a dispatcher is that of a group's rules, and not another in its place."""
    return isinstance(dispatcher, RuledDispatcher) and dispatcher.name == _name_for(group)


def _name_for(group: RingGroup) -> str:
    return group.preset or str(group.ring_strategy)


def dispatcher_of(group: RingGroup) -> Dispatcher:
    """Return the dispatcher of a group: that of its strategy, with the options of its rules."""
    dispatcher = dispatcher_for(group.ring_strategy)
    given = group.rules.given()
    own = {name: given[name] for name in ORDER_OPTIONS if name in given}
    if isinstance(own.get("at_once"), str):
        own["at_once"] = AtOnce(own["at_once"])
    order_by = own.get("order_by", dispatcher.order_by)
    if given.get("skill_order") == "highest_first":
        own["order_by"] = tuple("-skill_level" if key == "skill_level" else key for key in order_by)
    if not own:
        return dispatcher
    ruled = RuledDispatcher(_name_for(group))
    for name in ORDER_OPTIONS:
        setattr(ruled, name, own.get(name, getattr(dispatcher, name)))
    ruled.check()
    return ruled
