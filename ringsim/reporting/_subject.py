"""The subject of a report: a comparison, the group, today's setting, and names of variants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ringsim._words import decimal, has_word, word
from ringsim.dispatch import dispatchers_of
from ringsim.metrics import Thresholds
from ringsim.planning import Comparison, Result
from ringsim.planning._advice import Advice, advice_on
from ringsim.planning._variants import AS_IT_IS
from ringsim.reporting._figures import metric_name, sentence
from ringsim.reporting._tables import strategy_words
from ringsim.scenario import Scenario

__all__ = ["CONFIGURED", "Subject", "setting_words", "value_words"]

CONFIGURED = " (as configured)"  # ends the name of a strategy whose options were changed


@dataclass(frozen=True)
class Subject:
    """A comparison to report on.

    Attributes
    ----------
    comparison : Comparison
        The comparison.
    group : str or None
        Number of the group, None for all groups.
    is_today : bool or None
        Whether the baseline is the setting of today. By default it is if it is the scenario
        as it is, and no variant of it.
    """

    comparison: Comparison
    group: str | None
    is_today: bool | None = None

    def __post_init__(self) -> None:
        if self.is_today is None:
            object.__setattr__(self, "is_today", self._is_configured())

    @property
    def scenario(self) -> Scenario:
        """Scenario of the baseline."""
        return self.now.scenario

    @property
    def now(self) -> Result:
        """Result of the baseline."""
        return self.comparison.results[self.comparison.baseline]

    @property
    def is_week(self) -> bool:
        """True if a replication is a week."""
        return len(self.scenario.days) > 1

    def metric_name(self, metric: str) -> str:
        """Return the name of a metric in words."""
        return metric_name(metric, by_week=self.is_week)

    @cached_property
    def is_called(self) -> bool:
        """Whether calls arrive at the group; others may forward some to it."""
        return self.now.figure("offered", self.group).estimate().estimate > 0

    @property
    def thresholds(self) -> Thresholds:
        """Thresholds of the metrics."""
        return self.comparison.question

    @property
    def asked(self) -> dict[str, Any]:
        """Arguments with which planning functions play the callers of the baseline again."""
        now, thresholds = self.now, self.thresholds
        return {
            "replications": now.replications,
            "seed": now.seed,
            "engine": now.study.engine,
            "dispatcher": now.study.dispatchers,
            "within": thresholds.within,
            "variant": thresholds.variant,
        }

    @cached_property
    def advice(self) -> Advice | None:
        """The variant to choose; None if the group pages, or no variant is better."""
        return None if self.pages else advice_on(self.comparison)

    @cached_property
    def pages(self) -> bool:
        """True if the group pages in the baseline."""
        playing = self.now.study.dispatchers
        numbers = playing if self.group is None else [self.group]
        return any(playing[number].auto_answer for number in numbers)

    def _is_configured(self) -> bool:
        """Return whether the baseline is the scenario as it is, and no variant of it."""
        if self.now.scenario != self.comparison.scenario:
            return False
        configured = dispatchers_of(self.comparison.scenario, None)
        return all(
            type(playing) is type(configured[number])
            for number, playing in self.now.study.dispatchers.items()
        )

    @property
    def when(self) -> str:
        """The words for the baseline in a heading: `today`."""
        return word("report.today" if self.is_today else "report.baseline")

    def title(self) -> str:
        """Return the usual title: the number and name of the group."""
        if self.group is None:
            return word("report.title_all")
        name = self.scenario.group(self.group).name
        return word("report.title", group=f"{self.group} {name}".strip())

    def words(self, variant: str) -> str:
        """Return a variant in words: those of its strategy, or its own name."""
        if variant == AS_IT_IS:
            return word("report.now")
        if variant.endswith(CONFIGURED):
            words = strategy_words(variant.removesuffix(CONFIGURED))
            return word("advice.as_configured", words=words)
        return strategy_words(variant)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The variants that differ, by name, each with a label of its own."""
        labels: dict[str, str] = {}
        for name in self.comparison.distinct:
            label = self.label(name)
            labels[name] = f"{label} ({name})" if label in labels.values() else label
        return labels

    @staticmethod
    def is_strategy(variant: str) -> bool:
        """Return whether a variant is one of the eight strategies, by its name."""
        return has_word(f"strategy.{variant.removesuffix(CONFIGURED)}")

    def label(self, variant: str) -> str:
        """Return a variant in words, with a capital letter if they are a strategy's."""
        words = self.words(variant)
        return sentence(words) if self.is_strategy(variant) else words

    @property
    def is_present(self) -> bool:
        """True if the baseline is called `today`, and not by the name of a strategy."""
        return self.words(self.comparison.baseline) == word("report.now")

    @property
    def now_word(self) -> str:
        """The word for the baseline in a table: `today`."""
        return word("report.now" if self.is_today else "report.now_baseline")

    def marked(self, variant: str) -> str:
        """Return the label of a variant, with a mark if it is the baseline."""
        label = self.labels[variant]
        if variant != self.comparison.baseline or self.is_present:
            return label
        return f"{label} ({self.now_word})"

    def details(self, variant: str) -> str:
        """Return the names of a variant and of those that do the same, or what it changes."""
        names = self.comparison.distinct.get(variant, (variant,))
        return ", ".join(filter(None, map(self._detail, names)))

    def named(self, variant: str) -> str:
        """Return a variant in words with its name, or its changes, in brackets."""
        detail = self._detail(variant)
        words = self.words(variant)
        return word("advice.named", words=words, name=detail) if detail else words

    def _detail(self, variant: str) -> str:
        if self.is_strategy(variant):
            return variant.removesuffix(CONFIGURED)
        return self._changes(variant)

    def _changes(self, variant: str) -> str:
        """Return the settings of the group that a variant changes, as `ring time [s] 10`."""
        if self.group is None:
            return ""
        result = self.comparison.results[variant]
        old, new = self.scenario.group(self.group), result.scenario.group(self.group)
        found = [
            f"{setting_words(field)}: {value_words(getattr(new, field))}"
            for field in ("ring_time", "skip_busy_member", "max_repeats")
            if getattr(new, field) != getattr(old, field)
        ]
        if new.members != old.members:
            found.append(f"{setting_words('n_members')}: {len(new.members)}")
        name = result.dispatchers[self.group]
        if name not in (variant, self.now.dispatchers[self.group]):
            found.append(f"{setting_words('ring_strategy')}: {strategy_words(name)}")
        return "" if len(found) == 1 and _is_told(variant, found[0]) else ", ".join(found)


def _is_told(name: str, change: str) -> bool:
    """Return whether the name of a variant already states its only change."""
    setting, _, value = change.partition(": ")
    return setting.partition(" [")[0] in name and value in name


def setting_words(name: str) -> str:
    """Return the words and unit of a setting."""
    return word(f"setting.{name}") if has_word(f"setting.{name}") else name.replace("_", " ")


def value_words(value: object) -> str:
    """Return the value of a setting in words."""
    if isinstance(value, bool):
        return word("figure.yes" if value else "figure.no")
    return decimal(f"{value:g}") if isinstance(value, float) else str(value)
