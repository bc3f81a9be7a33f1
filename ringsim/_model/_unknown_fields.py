"""Notes about fields of the PBX's records that ringsim does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ringsim.errors import one_line

__all__ = ["notes_on_unknown"]


def notes_on_unknown(fields: Iterable[tuple[str, str | None]]) -> tuple[str, ...]:
    """Return one sentence per unknown field, even if many records have the field.

    Parameters
    ----------
    fields : iterable of (str, str or None)
        The path of each field, and the known name that it is a near-miss of.
    """
    paths_of: dict[tuple[str, str | None], list[str]] = {}
    for path, name in fields:
        paths_of.setdefault((re.sub(r"\[\d+\]", "[]", path), name), []).append(path)
    return tuple(_note(paths, name) for (_, name), paths in paths_of.items())


def _note(paths: list[str], name: str | None) -> str:
    others = len(paths) - 1
    where = f" (and {others} more like it)" if others else ""
    hint = f" Did you mean {name!r}?" if name else ""
    said = f"{one_line(paths[0])}{where} is carried along and changes nothing"
    return f"{said}: ringsim does not know the field.{hint}"
