"""Settings of `--set`, which change a scenario after all other options.

`with_settings`
    Return a scenario with the settings.
`members_in`
    Return the numbers of the members that the settings give to groups.
`check_beside`
    Check that a setting is not also given by an option of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ringsim.cli._options import ScenarioOptions
from ringsim.cli._parse import assigned, told_of_settings
from ringsim.errors import ConfigurationError
from ringsim.scenario import NoGroupNamedError, Scenario, changed

__all__ = ["check_beside", "members_in", "with_settings"]

# By the last part of a path: the fields of `ScenarioOptions` that set the same
OPTIONS: Mapping[str, Sequence[str]] = {
    "hours": ("hours",),
    "calls_per_hour": ("calls_per_hour", "calls_per_interval"),
    "calls_per_interval": ("calls_per_hour", "calls_per_interval"),
    "interval": ("interval",),
    "talk_time": ("talk_time",),
    "patience": ("patience",),
    "redial": ("redial",),
    "members": ("members", "agents"),
    "n_members": ("members", "agents"),
    "preset": ("preset",),
}


def with_settings(scenario: Scenario, source: ScenarioOptions) -> Scenario:
    """Return the scenario with the settings of `--set PATH=VALUE`.

    Raises
    ------
    ConfigurationError
        If a setting is invalid, or is also given by an option of its own.
    """
    settings = assigned(source.setting or ())
    for path in settings:
        for name in OPTIONS.get(path.rpartition(".")[2], ()):
            check_beside(path, f"--{name.replace('_', '-')}", getattr(source, name))
    with told_of_settings(settings, "--set"):
        try:
            return changed(scenario, settings)
        except NoGroupNamedError as wrong:  # `--group` says what to analyse, not what is set
            hint = f"Write {wrong.full_path}."
            raise ConfigurationError(wrong.subject, wrong.constraint, wrong.got, hint) from None


def members_in(source: ScenarioOptions) -> set[str]:
    """Return the numbers of the members that the settings give to groups."""
    lists = [
        value
        for path, value in assigned(source.setting or ()).items()
        if path.rpartition(".")[2] == "members" and isinstance(value, list)
    ]
    given = [
        each.get("extension_number") if isinstance(each, dict) else each
        for value in lists
        for each in value
    ]
    return {each for each in given if isinstance(each, str)}


def check_beside(path: str, option: str, given: Any) -> None:
    """Raise `ConfigurationError` if an option sets what `--set` sets at a path, too.

    An option may be for one group, as in `600=40`; settings of people have no option.
    """
    start, _, rest = path.partition(".")
    if not given or start == "extensions":
        return
    group = rest.partition(".")[0] if start in ("groups", "demand") else ""
    texts = given if isinstance(given, (list, tuple)) else [given]
    for text in texts:
        number, equals, _ = str(text).partition("=")
        of_group = number.strip() if equals and number.strip().isdigit() else ""
        if not (group and of_group) or group == of_group:
            raise ConfigurationError(f"--set {path}", f"must not be given beside {option}")
