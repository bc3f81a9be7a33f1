"""Variants of a scenario for a comparison.

`Variant`
    A scenario, and the dispatchers that replace its groups' own strategies.
`VariantFactory`
    Make variants from changes, scenarios, dispatchers and names.
`variants_of`
    Make all variants from the arguments of `compare`, and choose the baseline.
`strategy_named`, `dispatcher_named`
    Return a dispatcher or a preset that is given by name, class or instance.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from ringsim.dispatch import (
    Dispatcher,
    DispatcherChoice,
    DispatcherLike,
    dispatcher_from,
    dispatchers_of,
    name_of,
)
from ringsim.errors import ConfigurationError, check_choice
from ringsim.group import RingStrategy
from ringsim.planning._own_orders import ordered_groups, reordered_groups
from ringsim.presets import names as preset_names
from ringsim.presets import preset
from ringsim.scenario import Scenario, changed

__all__ = [
    "ANSWERING",
    "AS_IT_IS",
    "Variant",
    "VariantFactory",
    "VariantLike",
    "VariantSet",
    "dispatcher_named",
    "strategy_named",
    "variants_of",
]

AS_IT_IS = "as it is"
ANSWERING = tuple(each for each in RingStrategy if each is not RingStrategy.PAGING_INTERCOM)

# A name is that of a dispatcher or of a preset
VariantLike: TypeAlias = "Mapping[str, Any] | Scenario | DispatcherLike"


@dataclass(frozen=True)
class Variant:
    """A scenario, and the dispatchers that replace its groups' own strategies."""

    scenario: Scenario
    dispatchers: Mapping[str, Dispatcher] = field(default_factory=dict)

    def plays_like(self, other: Variant) -> bool:
        """Return whether two variants have equal scenarios and dispatchers."""
        if self.scenario != other.scenario:
            return False
        mine, theirs = (
            dispatchers_of(each.scenario, each.dispatchers).values() for each in (self, other)
        )
        return all(
            one is two or (type(one) is type(two) and vars(one) == vars(two))
            for one, two in zip(mine, theirs, strict=True)
        )

    def ringing(self, numbers: Sequence[str], dispatcher: Dispatcher) -> Variant:
        """Return the variant in which some groups ring with a dispatcher.

        One of the eight strategies without options becomes a change of `ring_strategy`.
        """
        kept = {n: each for n, each in self.dispatchers.items() if n not in numbers}
        name = name_of(dispatcher)
        if name not in set(RingStrategy) or vars(dispatcher):
            return Variant(self.scenario, {**kept, **dict.fromkeys(numbers, dispatcher)})
        changes = {f"groups.{number}.ring_strategy": name for number in numbers}
        return Variant(changed(self.scenario, changes), kept)


class VariantSet(NamedTuple):
    """All variants by name, and the name of the baseline."""

    variants: dict[str, Variant]
    baseline: str


def variants_of(
    scenario: Scenario,
    group: str | None,
    *,
    strategies: Sequence[DispatcherLike] | None,
    variants: Mapping[str, VariantLike] | None,
    baseline: str | None,
    dispatcher: DispatcherChoice,
) -> VariantSet:
    """Return all variants by name and the name of the baseline, from arguments of `compare`.

    Raises
    ------
    ConfigurationError
        If a variant is invalid, two have the same name, or there are fewer than two.
    """
    make = VariantFactory(scenario, group, dispatcher)
    present = make.with_scenario(scenario)
    if strategies is None and variants is None:
        strategies = ANSWERING
    found = make.by_strategy(strategies)
    found.update(make.by_name(variants, taken=found))
    alike = next((name for name, each in found.items() if each.plays_like(present)), None)
    if found and alike is None and baseline in (None, AS_IT_IS):
        if AS_IT_IS in found:
            raise ConfigurationError(
                f"variants[{AS_IT_IS!r}]", "must change nothing", hint="Give it another name."
            )
        alike, found = AS_IT_IS, {AS_IT_IS: present, **found}
    if len(found) < 2:
        raise ConfigurationError(
            "strategies",
            "must be at least two",
            list(found),
            "Give another strategy, or a variant.",
        )
    if baseline is not None:
        check_choice("baseline", baseline, found)
    return VariantSet(found, baseline or alike or AS_IT_IS)


class VariantFactory:
    """Factory of variants from changes, scenarios, dispatchers and names."""

    def __init__(self, scenario: Scenario, group: str | None, choice: DispatcherChoice) -> None:
        self.scenario = scenario
        self.group = None if group is None else scenario.group(group).extension_number
        self.choice = choice

    def with_scenario(self, scenario: Scenario, ordered: Collection[str] = ()) -> Variant:
        """Return the variant with a scenario and the dispatchers given for all variants.

        Groups that are `ordered`, or whose own order is another than in the original scenario,
        ring in their own order: the dispatcher would hide what the variant is about.
        """
        if self.choice is None:
            return Variant(scenario)
        chosen = dispatchers_of(scenario, self.choice)
        numbers = self.choice if isinstance(self.choice, Mapping) else scenario.group_numbers
        own = {*ordered, *reordered_groups(self.scenario, scenario)}
        return Variant(
            scenario, {number: chosen[number] for number in numbers if number not in own}
        )

    def with_changes(self, changes: Mapping[str, Any]) -> Variant:
        """Return the variant with some settings changed, by path."""
        scenario = changed(self.scenario, changes, self.group)
        if self.choice is None:
            return Variant(scenario)
        return self.with_scenario(scenario, ordered_groups(self.scenario, changes, self.group))

    def with_dispatcher(self, dispatcher: Dispatcher) -> Variant:
        """Return the variant in which the compared group, or every group, has a dispatcher."""
        numbers = self.scenario.group_numbers if self.group is None else (self.group,)
        return self.with_scenario(self.scenario).ringing(numbers, dispatcher)

    def with_preset(self, name: str) -> Variant:
        """Return the variant in which the compared group, or every group, has a preset."""
        numbers = self.scenario.group_numbers if self.group is None else (self.group,)
        return self.with_changes({f"groups.{number}.preset": name for number in numbers})

    def with_strategy(self, given: DispatcherLike, subject: str) -> tuple[str, Variant]:
        """Return the name of a strategy or preset, and its variant; errors name `subject`."""
        named = strategy_named(given, subject)
        if isinstance(named, str):
            return named, self.with_preset(named)
        return name_of(named), self.with_dispatcher(named)

    def by_strategy(self, strategies: Sequence[DispatcherLike] | None) -> dict[str, Variant]:
        """Return one variant per strategy, by the strategy's name."""
        if isinstance(strategies, str) or not isinstance(strategies, Sequence | None):
            raise ConfigurationError("strategies", "must be a list of strategies", strategies)
        found: dict[str, Variant] = {}
        for place, given in enumerate(strategies or ()):
            subject = f"strategies[{place}]"
            name, variant = self.with_strategy(given, subject)
            if name in found:
                raise ConfigurationError(
                    subject,
                    "must not have the name of another",
                    name,
                    "Give names as variants={name: strategy}.",
                )
            found[name] = variant
        return found

    def by_name(
        self, variants: Mapping[str, VariantLike] | None, taken: Mapping[str, Variant]
    ) -> dict[str, Variant]:
        """Return the variants given by name."""
        if not isinstance(variants, Mapping | None):
            raise ConfigurationError("variants", "must be a table of variants by name", variants)
        found = {}
        for name, given in (variants or {}).items():
            subject = f"variants[{name!r}]"
            if not isinstance(name, str) or not name.strip() or not name.isprintable():
                raise ConfigurationError(subject, "must have a name that can be printed")
            if name in taken:
                raise ConfigurationError(subject, "must not have the name of a strategy beside it")
            found[name] = self.variant(given, subject)
        return found

    def variant(self, given: VariantLike, subject: str) -> Variant:
        """Return a variant from changes, a scenario or a dispatcher; errors name `subject`."""
        if isinstance(given, str | type | Dispatcher):
            return self.with_strategy(given, subject)[1]
        if isinstance(given, Mapping):
            try:
                made = self.with_changes(given)
            except ConfigurationError as wrong:
                raise wrong.inside(subject) from None
        elif isinstance(given, Scenario):
            made = self.with_scenario(given)
        else:
            raise ConfigurationError(
                subject, "must be changes by path, a Scenario or a dispatcher", given
            )
        numbers = made.scenario.group_numbers
        if self.group is not None and self.group not in numbers:
            raise ConfigurationError(subject, f"must have the group {self.group}", list(numbers))
        return made


def strategy_named(given: Any, subject: str) -> Dispatcher | str:
    """Return a dispatcher, or the name of a preset; an error names the subject."""
    if not (isinstance(given, str) and ("/" in given or given in preset_names())):
        return dispatcher_named(given, subject)
    try:
        return preset(given).name
    except ConfigurationError as wrong:
        raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None


def dispatcher_named(given: Any, subject: str) -> Dispatcher:
    """Return a dispatcher from an instance, class or name; an error names the subject."""
    try:
        return dispatcher_from(given)
    except ConfigurationError as wrong:
        if wrong.subject != "dispatcher":
            raise
        raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None
