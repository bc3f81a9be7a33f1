"""Reading of the presets in `data`: a TOML file per PBX, read when it is first asked for.

A file has the options of all strategies in a table `all`, and in a table of each strategy those
that differ. The values of `source` are keys of the table `sources`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.presets._preset import Cell, Preset
from ringsim.rules import Rules

__all__ = ["names", "preset"]

GROUP_FIELDS: Final = ("ring_time", "skip_busy_member")
WORDS: Final = ("summary", "notes", "limits")


@cache
def names() -> tuple[str, ...]:
    """Return the names of all presets, by PBX."""
    return tuple(name for pbx in _pbxs() for name in _names_of(pbx))


def preset(name: str) -> Preset:
    """Return a preset by its name.

    Parameters
    ----------
    name : str
        A name such as `"asterisk-queue/rrmemory"`; `names` returns all. The name of a PBX alone,
        such as `"asterisk-queue"`, is its strategy by default, where one is known.

    Raises
    ------
    ConfigurationError
        If there is no such preset.

    Examples
    --------
    >>> hunt = preset("freepbx-ringgroup/hunt")
    >>> hunt.rules.order_fixed, hunt.fields["ring_time"]
    ('call', 20)
    >>> preset("freepbx-ringgroup/hnut")
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: preset must be the name of a preset, got \
'freepbx-ringgroup/hnut'. Did you mean 'freepbx-ringgroup/hunt'?
    """
    if not isinstance(name, str) or name not in names():
        raise ConfigurationError("preset", "must be the name of a preset", name, _hint(name))
    return _read(name)


@cache
def _read(name: str) -> Preset:
    pbx, _, strategy = name.partition("/")
    data = _file(pbx)
    strategies = data.get("strategies", {})
    chosen = strategy or data.get("default", "")
    own: Mapping[str, Any] = strategies[chosen] if chosen else {}
    cells = _cells({**data["all"], **own}, data["sources"])
    values = {cell.option: cell.value for cell in cells if cell.value is not None}
    fields: dict[str, Any] = {field: values.pop(field) for field in GROUP_FIELDS if field in values}
    summary = own.get("summary", data.get("summary", ""))
    return Preset(
        name,
        data["title"],
        summary if strategy or not chosen else f"rings as /{chosen}, its default strategy",
        Rules(**{"auto_answer": False, **values}),
        MappingProxyType(fields),
        cells,
        (*data["notes"], *own.get("notes", ())),
        (*data["limits"], *own.get("limits", ())),
    )


def _hint(name: object) -> str:
    """Return what to write in place of an unknown name."""
    of_pbx = [each for each in names() if each.startswith(f"{name}/")]
    if of_pbx:
        return f"They are {', '.join(of_pbx)}."
    return did_you_mean(name, names()) or "`ringsim presets` lists them."


def _cells(given: Mapping[str, Any], sources: Mapping[str, str]) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            option,
            _frozen(cell.get("value")),
            cell.get("setting", ""),
            cell.get("to_give", False),
            cell["certainty"],
            sources[cell["source"]] if "source" in cell else "",
        )
        for option, cell in sorted(given.items(), key=lambda item: _place(item[0]))
        if option not in WORDS
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _place(option: str) -> int:
    """Return the place of an option in a table: the group's and members' fields stand first."""
    fields = list(Rules.model_fields)
    return fields.index(option) if option in fields else -1


def _names_of(pbx: str) -> Iterator[str]:
    data = _file(pbx)
    strategies = data.get("strategies", {})
    if not strategies or "default" in data:
        yield pbx
    yield from (f"{pbx}/{strategy}" for strategy in strategies)


@cache
def _pbxs() -> tuple[str, ...]:
    """Return the names of the files, without the suffix."""
    folder = files("ringsim.presets") / "data"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir()))


@cache
def _file(pbx: str) -> dict[str, Any]:
    path = files("ringsim.presets") / "data" / f"{pbx}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
