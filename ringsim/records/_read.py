"""The public function `read_records`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ringsim import _files
from ringsim._sources import Source, sources_of
from ringsim.distributions import as_list
from ringsim.errors import ConfigurationError
from ringsim.records._build import records_of
from ringsim.records._clock import Clock
from ringsim.records._extract import Request
from ringsim.records._reader import FORMATS, Reader, Sample, reader_for
from ringsim.records._records import Records

__all__ = ["read_records"]


def read_records(
    path: str | Path | Sequence[str | Path],
    *,
    group: str,
    format: str = "auto",  # noqa: A002 - the name users know from other readers
    timezone: str | None = None,
    members: Mapping[str, str] | Iterable[str] | None = None,
    mapping: Mapping[str, Any] | str | Path | None = None,
    exclude: Iterable[object] = (),
) -> Records:
    """Read the call records of one ring group.

    Parameters
    ----------
    path : str, Path, or list of these
        Files, folders or patterns such as `logs/queue_log*`; `.gz` is decompressed.
    group : str
        Number or name of the group, as the records write it.
    format : str, default "auto"
        Name of the format; by default it is recognised.
    timezone : str, optional
        Time zone of the phone system, such as `"Europe/Berlin"`. Local times are read in it, and
        it says which calls belong to one day. Without it local times are taken as written.
    members : dict of str to str, or iterable of str, optional
        Extension numbers by the names that the records use, or the numbers in their configured
        order.
    mapping : dict or path of a TOML file, optional
        Columns of a table of your own: see `ringsim.records`. Other formats take no columns,
        only its table `members`.
    exclude : iterable of dates, optional
        Dates to leave out, such as holidays.

    Returns
    -------
    Records
        The days, in the columns of a call log; `.notes` says what was left out and why.

    Raises
    ------
    ConfigurationError
        If the files cannot be read, are of no known or of another format, or do not name the
        group. The message names file and row.
    """
    if not isinstance(group, str) or not group.strip():
        raise ConfigurationError("group", "must be the number or name of a group", group)
    names, roster = _members(members)
    table = _mapping(mapping)
    names = {**_text_table(table.get("members", {}), "mapping.members"), **names}
    sources = sources_of(path)
    reader, sources, notes = _chosen(sources, format, table)
    _check_mapping_is_used(reader, table)
    request = Request(group.strip(), Clock(timezone), table, names)
    extract = reader.read(sources, request)
    extract.notes = [*notes, *extract.notes]
    return records_of(extract, request, roster, exclude)


def _members(
    members: Mapping[str, str] | Iterable[str] | None,
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return numbers by name, and the members in the configured order."""
    if members is None:
        return {}, ()
    if isinstance(members, Mapping):
        return _text_table(members, "members"), ()
    roster = as_list(members, "members", "must be numbers, or a table of them by name")
    for index, number in enumerate(roster):
        _check_number(number, f"members[{index}]")
    return {}, tuple(roster)


def _text_table(given: object, subject: str) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise ConfigurationError(subject, "must be a table of numbers by name", given)
    for name, number in given.items():
        if not isinstance(name, str):
            raise ConfigurationError(subject, "must be keyed by strings", name)
        _check_number(number, f"{subject}.{name}")
    return dict(given)


def _check_number(number: object, subject: str) -> None:
    plain = isinstance(number, str) and number.isdecimal() and number.isascii()
    if not plain or not 3 <= len(str(number)) <= 64:
        raise ConfigurationError(subject, "must be a string of 3 to 64 digits", number)


def _mapping(mapping: Mapping[str, Any] | str | Path | None) -> dict[str, Any]:
    if mapping is None:
        return {}
    if isinstance(mapping, (str, Path)):
        data = _files.read(mapping, "the names of columns")
        if not isinstance(data, Mapping):
            raise ConfigurationError(str(mapping), "must hold a table of columns", data)
        return dict(data)
    if not isinstance(mapping, Mapping):
        raise ConfigurationError("mapping", "must be a table or the path of a file", mapping)
    return dict(mapping)


def _check_mapping_is_used(reader: Reader, mapping: Mapping[str, Any]) -> None:
    ignored = [] if reader.takes_mapping else [key for key in mapping if key != "members"]
    if ignored:
        raise ConfigurationError(
            f"mapping.{ignored[0]}",
            f"must not be given: the columns of {reader.title} are known",
            mapping[ignored[0]],
            "Give format='csv' for a table of your own.",
        )


def _chosen(
    sources: list[Source], name: str, mapping: Mapping[str, Any]
) -> tuple[Reader, list[Source], list[str]]:
    """Return the reader, the files that it reads, and sentences about the others."""
    if not isinstance(name, str) or name != "auto":
        return FORMATS.named(name), sources, []
    if "arrived_at" in mapping or "date" in mapping:
        return FORMATS.named("csv"), sources, []
    samples = [Sample(each.name, each.suffix, each.head) for each in sources]
    reader = next(filter(None, map(reader_for, samples)), None)
    if not any(sample.data.strip() for sample in samples):
        raise ConfigurationError(sources[0].name, "must hold call records, and is empty")
    if reader is None:
        first = samples[0].text.strip().split("\n", 1)[0][:80].strip()
        raise ConfigurationError(
            sources[0].name,
            f"must be call records of one of the formats {', '.join(FORMATS.names())}",
            first,
            "Give mapping= for a table of your own.",
        )
    known = [reader.recognises(sample) for sample in samples]
    chosen = [source for source, good in zip(sources, known, strict=True) if good]
    notes = [
        f"{source.name} is left out: it is not in the format {reader.name}."
        for source, good in zip(sources, known, strict=True)
        if not good
    ]
    return reader, chosen, notes
