"""The public function `read_pbx`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ringsim._sources import sources_of
from ringsim.errors import ConfigurationError, check_flag
from ringsim.importers._assembly import assembled
from ringsim.importers._files import ConfigFile
from ringsim.importers._findings import Findings, Place
from ringsim.importers._imported import Imported
from ringsim.importers._importer import FORMATS, Importer
from ringsim.importers._numbers import checked_numbers

__all__ = ["is_configuration", "read_pbx"]


def read_pbx(
    path: str | Path | Sequence[str | Path],
    format: str = "auto",  # noqa: A002 - the name users know from other readers
    *,
    group: str | Sequence[str] | None = None,
    numbers: Mapping[str, str] | None = None,
    all_on_duty: bool = False,
) -> Imported:
    """Read ring groups or queues from the configuration files of a PBX.

    Parameters
    ----------
    path : str, Path, or list of these
        Files, folders or patterns. Files that belong together are read together, such as
        `queues.conf`, `queuerules.conf` and `extensions.conf`.
    format : str, default "auto"
        `asterisk`, `freepbx`, `freeswitch` or `fusionpbx`; by default it is recognised.
    group : str or list of str, optional
        Name or number of the group or queue to read; by default all.
    numbers : dict of str to str, optional
        Extension numbers by the names of the file, for queues and members without a number;
        otherwise numbers are handed out, and `notes` say which.
    all_on_duty : bool, default False
        Whether members count as on duty whom the file has as paused or logged out.

    Returns
    -------
    Imported
        The scenario, to be completed by callers, and what of the files is not played.

    Raises
    ------
    ConfigurationError
        If the files cannot be read, are of no known format, or have no such group. The message
        names file and line.
    """
    wanted = _wanted(group)
    given = checked_numbers(numbers)
    check_flag("all_on_duty", all_on_duty)
    files = [ConfigFile(source) for source in sources_of(path)]
    findings = Findings()
    importer, chosen = _chosen(files, format, findings)
    drafts = importer.read(chosen, findings)
    return assembled(
        drafts,
        findings,
        files[0].name,
        importer.name,
        wanted=wanted,
        numbers=given,
        all_on_duty=all_on_duty,
    )


def is_configuration(path: str | Path) -> bool:
    """Return whether a file or folder exists and looks like the configuration of a PBX."""
    if not Path(path).exists():
        return False
    try:
        files = [ConfigFile(source) for source in sources_of(path)]
        return any(importer.recognises(file) for importer in FORMATS for file in files)
    except ConfigurationError:
        return False


def _wanted(group: str | Sequence[str] | None) -> list[str] | None:
    if group is None:
        return None
    names = [group] if isinstance(group, str) else group
    good = isinstance(names, Sequence) and all(isinstance(name, str) for name in names)
    if not good or not names:
        raise ConfigurationError("group", "must be the name or number of a group", group)
    return list(names)


def _chosen(
    files: Sequence[ConfigFile], name: object, findings: Findings
) -> tuple[Importer, list[ConfigFile]]:
    """Return the reader and its files; add remarks on the others."""
    if name != "auto":
        return FORMATS.named(name), list(files)
    for importer in FORMATS:
        known = [importer.recognises(file) for file in files]
        if any(known):
            for file, good in zip(files, known, strict=True):
                if not good:
                    text = f"the file is left out: it is not in the format {importer.name}"
                    findings.add("notes", Place(file.name), "", text)
            return importer, [file for file, good in zip(files, known, strict=True) if good]
    if not any(file.head for file in files):
        raise ConfigurationError(files[0].name, "must not be empty")
    raise ConfigurationError(
        files[0].name,
        f"must be the configuration of one of {', '.join(FORMATS.names())}",
        hint="Say which with format= (--format).",
    )
