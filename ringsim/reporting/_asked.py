"""Variants of a report: the arguments of `compare` that make the variants asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ringsim._words import has_word, speaking, word
from ringsim.dispatch import Dispatcher, name_of
from ringsim.errors import ConfigurationError
from ringsim.planning._variants import ANSWERING, VariantLike, strategy_named
from ringsim.reporting._subject import CONFIGURED, setting_words, value_words

__all__ = ["asked_variants"]


def asked_variants(
    present: Dispatcher,
    variants: Mapping[str, VariantLike] | Sequence[str] | None,
    what_if: Mapping[str, Any] | None,
    language: str,
) -> dict[str, Any]:
    """Return the arguments of `compare` that make the variants, with today as the baseline."""
    if variants is None and what_if is None:
        return _strategies(present, ANSWERING)
    if isinstance(variants, Sequence) and not isinstance(variants, str) and what_if is None:
        for at, each in enumerate(variants):
            strategy_named(each, f"variants[{at}]")
        return _strategies(present, variants)
    if not isinstance(variants, Mapping | None):
        raise ConfigurationError(
            "variants", "must be a table of variants by name, or a list of strategies", variants
        )
    with speaking(language):
        tried = _what_if({} if what_if is None else what_if)
        named = {**(variants or {}), **tried}
        today = word("report.now")
    if not named:
        asked = "what_if" if variants is None else "variants"
        raise ConfigurationError(asked, "must have at least one variant", {})
    if today in named:
        raise ConfigurationError(f"variants[{today!r}]", "must have another name", today)
    return {"variants": {today: {}, **named}, "baseline": today}


def _strategies(present: Dispatcher, strategies: Sequence[str]) -> dict[str, Any]:
    """Return arguments of `compare` that make the present strategy the baseline, by its name."""
    name = name_of(present)
    names = [str(each) for each in strategies]
    if name in names and not vars(present):
        return {"strategies": list(strategies), "baseline": name}
    title = f"{name}{CONFIGURED}" if name in names else name
    return {"strategies": list(strategies), "variants": {title: {}}, "baseline": title}


def _what_if(what_if: Mapping[str, Any]) -> dict[str, VariantLike]:
    """Return a variant for each value of a setting, or for changes by name."""
    if not isinstance(what_if, Mapping):
        raise ConfigurationError("what_if", "must be a table of settings", what_if)
    variants: dict[str, VariantLike] = {}
    for name, given in what_if.items():
        if isinstance(given, Mapping):
            variants[name] = given
            continue
        if isinstance(given, str) or not isinstance(given, Collection) or not given:
            raise ConfigurationError(
                f"what_if[{name!r}]", "must be a list of values, or changes by path", given
            )
        for value in given:
            variants[_tried(str(name), value)] = {name: value}
    return variants


def _tried(path: str, value: object) -> str:
    """Return the name of a variant with a value of a setting: `ring time 10 s`."""
    last = path.rsplit(".", maxsplit=1)[-1]
    key = f"tried.{last}" if has_word(f"tried.{last}") else "tried.other"
    return word(key, setting=setting_words(last).partition(" [")[0], value=value_words(value))
