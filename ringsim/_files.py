"""Reading and writing of files: JSON and TOML in, never half a file out.

A file is written beside its place and renamed when it is complete, so that a full disk or
Ctrl-C leaves what was there.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, time
from pathlib import Path
from typing import IO, Any

from ringsim.errors import ConfigurationError

__all__ = ["MOST_LEVELS", "check_writable", "read", "replacing", "write"]

SUFFIXES = (".json", ".toml")
FORMS = {
    ".json": (dict, list, str, int, float, type(None)),
    ".toml": (dict, list, str, int, float, date, time),
}
MOST_LEVELS = 100  # of tables and lists inside each other, far below what overflows a stack
MOST_BITS = 10_000  # of a whole number: TOML reads hexadecimal ones too long to be written


def read(path: str | Path) -> Any:
    """The contents of a JSON or TOML file; `-` is standard input.

    Raises
    ------
    ConfigurationError
        When it is missing, empty, a directory, not UTF-8, or neither JSON nor TOML.
    """
    name = str(path)
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(path).read_bytes()
    except OSError as wrong:
        raise ConfigurationError(name, f"must be a readable file: {_why(wrong)}") from None
    except ValueError:  # a NUL in the name
        raise ConfigurationError("file", "must be a readable file", name) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise ConfigurationError(
            name, f"must be UTF-8 text, and is not at byte {wrong.start}"
        ) from None
    if not text.strip():
        raise ConfigurationError(name, "must hold a scenario or a ring group, and is empty")
    return parse(text, name)


def parse(text: str, name: str) -> Any:
    """JSON or TOML, by its first character: JSON begins with a brace or a bracket.

    A TOML file may begin with a bracket too, that of a table: what fails as JSON is tried
    as TOML, unless its name says that it is JSON.
    """
    data = _parsed(text, name)
    for depth, _, value in _nested_values(data):
        _check_size(value, name, depth)
    return data


def _parsed(text: str, name: str) -> Any:
    first = text.lstrip()[0]
    either = first == "[" and not name.endswith(SUFFIXES)
    toml = name.endswith(".toml") or (first not in "{[" and not name.endswith(".json"))
    try:
        return tomllib.loads(text) if toml else _json(text, name)
    except ConfigurationError:
        raise
    except (RecursionError, ValueError) as wrong:
        if either:
            with suppress(RecursionError, ValueError):
                return tomllib.loads(text)
        raise ConfigurationError(name, f"must be JSON or TOML: {_one_line(wrong)}") from None


def _json(text: str, name: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for key, value in pairs:
            if key in table:
                raise ConfigurationError(name, "must not hold a key twice in one table", key)
            table[key] = value
        return table

    return json.loads(text, object_pairs_hook=once)


def write(path: str | Path, data: Mapping[str, Any]) -> None:
    """Write plain data as JSON or TOML, whichever the name says.

    Raises
    ------
    ConfigurationError
        When the name ends in neither, the place cannot be written, or a value in the data
        has no form in such a file.
    """
    suffix = Path(path).suffix
    if suffix not in SUFFIXES:
        raise ConfigurationError("path", "must end in .json or .toml", str(path))
    for depth, where, value in _nested_values(data):
        _check_has_form(value, where, depth, suffix)
    text = _toml(data) if suffix == ".toml" else _json_text(data)
    try:
        encoded = text.encode()
    except UnicodeEncodeError as wrong:
        got = text[wrong.start : wrong.end]
        raise ConfigurationError(str(path), "must be given text that is Unicode", got) from None
    with replacing(path, binary=True) as file:
        file.write(encoded)


def _json_text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _toml(data: Mapping[str, Any]) -> str:
    import tomli_w

    return tomli_w.dumps(data)


def _check_has_form(value: Any, where: str, depth: int, suffix: str) -> None:
    """Keys that ringsim does not know may hold whatever the file they came from could."""
    _check_size(value, where, depth)
    finite = not isinstance(value, float) or math.isfinite(value)
    if not isinstance(value, FORMS[suffix]) or not (finite or suffix == ".toml"):
        other = next(each for each in SUFFIXES if each != suffix)
        raise ConfigurationError(
            where,
            f"must be something that a {suffix} file can hold",
            value,
            f"Write a {other} file.",
        )


def _check_size(value: Any, where: str, depth: int) -> None:
    if depth > MOST_LEVELS:
        raise ConfigurationError(where, f"must not be nested more than {MOST_LEVELS} levels deep")
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise ConfigurationError(where, f"must hold no whole number of more than {MOST_BITS} bits")


def _nested_values(data: Any) -> Iterator[tuple[int, str, Any]]:
    """Everything inside tables and lists, with its depth and its path."""
    waiting = [(0, "", data)]
    while waiting:
        depth, path, value = waiting.pop()
        yield depth, path, value
        if isinstance(value, Mapping):
            inside = [(f"{path}.{key}" if path else str(key), item) for key, item in value.items()]
        elif isinstance(value, list):
            inside = [(f"{path}[{place}]", item) for place, item in enumerate(value)]
        else:
            continue
        waiting += [(depth + 1, at, item) for at, item in reversed(inside)]


@contextmanager
def replacing(path: str | Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """A file to write to, that takes its place when the block ends without an error.

    Raises
    ------
    ConfigurationError
        When the folder is missing or cannot be written, or the disk is full.
    """
    place = Path(path)
    try:
        handle, beside = tempfile.mkstemp(
            prefix=f".{place.name}.", suffix=".part", dir=place.parent
        )
        try:
            Path(beside).chmod(_mode(place))
            with _opened(handle, binary) as file:
                yield file
            Path(beside).replace(place)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as wrong:
        raise ConfigurationError(
            str(path), f"must be a file that can be written: {_why(wrong)}"
        ) from None


def check_writable(path: str | Path) -> None:
    """Find out that a file cannot be written before the work whose result it shall hold.

    Raises
    ------
    ConfigurationError
        When the folder is missing or cannot be written, or the path is a folder.
    """
    place = Path(path)
    problem = ""
    if place.is_dir():
        problem = "it is a folder"
    elif not place.parent.is_dir():
        problem = "its folder does not exist"
    elif not os.access(place.parent, os.W_OK):
        problem = "its folder cannot be written"
    if problem:
        raise ConfigurationError(str(path), f"must be a file that can be written: {problem}")


def _opened(handle: int, binary: bool) -> IO[Any]:
    if binary:
        return os.fdopen(handle, "wb")
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def _mode(place: Path) -> int:
    """Permissions of the file that is replaced, or those of any new file."""
    if place.exists():
        return place.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _why(wrong: OSError) -> str:
    return (wrong.strerror or type(wrong).__name__).lower()


def _one_line(wrong: Exception) -> str:
    return " ".join(str(wrong).split()) or type(wrong).__name__
