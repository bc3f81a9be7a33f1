"""Scenario from the configuration files of other PBXs, read as `ringsim import` reads them.

What was read is told on standard error. Results stand on standard output, and a sentence there
names the settings that they do not follow.
"""

from __future__ import annotations

from collections.abc import Iterator

from ringsim._sentences import listed
from ringsim.cli._options import ScenarioOptions
from ringsim.cli._screen import printable
from ringsim.errors import ConfigurationError
from ringsim.importers import Imported, is_configuration, read_pbx
from ringsim.scenario import Scenario

__all__ = ["imported_from"]

MOST_NAMED = 8


def imported_from(source: ScenarioOptions) -> tuple[Scenario, list[str], list[str]] | None:
    """Return the groups of configuration files; None if the file is another one.

    Returns
    -------
    (Scenario, list of str, list of str)
        The groups, notes for beside the results, and what was read, for standard error.

    Raises
    ------
    ConfigurationError
        If the files cannot be read, or if `--queue` names no group of them.
    """
    file, queue = source.file, source.queue or None
    if file is None or file == "-" or not is_configuration(file):
        _refuse(queue)
        return None
    try:
        imported = read_pbx(file, group=queue)
    except ConfigurationError as wrong:
        if wrong.subject != "group":
            raise
        raise ConfigurationError("--queue", wrong.constraint, wrong.got, wrong.hint) from None
    told = printable(str(imported), keep="\n")
    return imported.scenario, list(_limits(imported)), [f"{told}\n"]


def _refuse(queue: list[str] | None) -> None:
    """Raise `ConfigurationError` if `--queue` is given with a file that is no configuration."""
    if queue is not None:
        raise ConfigurationError(
            "--queue",
            "must be given with a configuration file of a phone system, such as queues.conf",
            queue[0],
            "A scenario file is read with all its groups.",
        )


def _limits(imported: Imported) -> Iterator[str]:
    """Yield a sentence for each kind of settings that the results do not follow."""
    for title, findings in (
        ("Not played, or not exactly", imported.not_expressed),
        ("Not understood", imported.not_understood),
    ):
        names = dict.fromkeys(each.name or f"line {each.line}" for each in findings)
        if names:
            yield f"{title}: {listed(list(names), MOST_NAMED)} (reasons on standard error)."
