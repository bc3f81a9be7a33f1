"""Reading of JSON and TOML, and atomic writing of files.

A file is written under a temporary name in the same folder and renamed when it is complete.
After a full disk or Ctrl-C the previous file is therefore intact.
"""

from __future__ import annotations

import codecs
import json
import math
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, time
from pathlib import Path
from typing import IO, Any

from ringsim.errors import ConfigurationError

__all__ = ["MOST_LEVELS", "SUFFIXES", "check_writable", "decoded", "read", "replacing", "write"]

SUFFIXES = (".json", ".toml")
FORMS = {
    ".json": (dict, list, str, int, float, type(None)),
    ".toml": (dict, list, str, int, float, date, time),
}
LONGEST_NAME = 255  # bytes of the name of a file, on common systems
MOST_LEVELS = 100  # of nested tables and lists, far fewer than overflow the stack
MOST_BITS = 10_000  # of an integer: TOML can read hexadecimal integers that Python cannot print


def as_path(path: Any) -> Path:
    """Return the path of a file; raise `ConfigurationError` if there is none."""
    if not isinstance(path, str | os.PathLike) or not str(path) or "\0" in str(path):
        raise ConfigurationError("path", "must be the path of a file", path)
    return Path(path)


def read(path: str | Path, holding: str = "a scenario or a ring group") -> Any:
    """Return the parsed contents of a JSON or TOML file; `-` is standard input.

    `holding` says in the error of an empty file what it must hold.

    Raises
    ------
    ConfigurationError
        If the file is missing, empty, a directory, neither UTF-8 nor marked as UTF-16, or
        neither JSON nor TOML.
    """
    file, name = as_path(path), str(path)
    try:
        raw = sys.stdin.buffer.read() if name == "-" else file.read_bytes()
    except OSError as wrong:
        raise ConfigurationError(name, f"must be a readable file: {_why(wrong)}") from None
    text = decoded(raw, name)
    if not text.strip():
        raise ConfigurationError(name, f"must hold {holding}, and is empty")
    return parse(text, name)


def decoded(raw: bytes, name: str) -> str:
    """Return the text of a file: UTF-8, or UTF-16 with a byte-order mark, as PowerShell writes.

    Raises
    ------
    ConfigurationError
        If the bytes are neither.
    """
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as wrong:
        form = "UTF-16" if wide else "UTF-8"
        raise ConfigurationError(
            name, f"must be {form} text, and is not at byte {wrong.start}"
        ) from None


def parse(text: str, name: str) -> Any:
    """Parse JSON or TOML; without a known suffix, text that begins with `{` or `[` is JSON.

    TOML may also begin with `[`, the start of a table. If such a text is not valid JSON and
    its name has no suffix, it is parsed as TOML.
    """
    data = _parsed(text, name)
    for depth, _, value in _nested_values(data):
        _check_size(value, name, depth)
    return data


def _parsed(text: str, name: str) -> Any:
    first = text.lstrip()[0]
    may_be_toml = first == "[" and not name.endswith(SUFFIXES)
    toml = name.endswith(".toml") or (first not in "{[" and not name.endswith(".json"))
    try:
        return tomllib.loads(text) if toml else _json(text, name)
    except ConfigurationError:
        raise
    except (RecursionError, ValueError) as wrong:
        if may_be_toml:
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


def write(path: str | Path, data: Mapping[str, Any], stack: ExitStack | None = None) -> None:
    """Write plain data as JSON or TOML, by the suffix of the path.

    With a stack, the file appears when it closes.

    Raises
    ------
    ConfigurationError
        If the suffix is neither `.json` nor `.toml`, the file cannot be written, or the
        format cannot represent a value.
    """
    suffix = as_path(path).suffix
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
    with ExitStack() as own:
        (stack or own).enter_context(replacing(path, binary=True)).write(encoded)


def _json_text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _toml(data: Mapping[str, Any]) -> str:
    import tomli_w

    return tomli_w.dumps(data)


def _check_has_form(value: Any, where: str, depth: int, suffix: str) -> None:
    """Raise `ConfigurationError` if the format of the file cannot represent a value.

    Fields that ringsim does not know are kept unchecked, so a TOML date may reach a JSON file.
    """
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
    """Yield the depth, path and value of `data` and of everything nested in it."""
    waiting = [(0, "", data)]
    while waiting:
        depth, path, value = waiting.pop()
        yield depth, path, value
        if isinstance(value, Mapping):
            inside = [(f"{path}.{key}" if path else str(key), item) for key, item in value.items()]
        elif isinstance(value, list):
            inside = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
        else:
            continue
        waiting += [(depth + 1, path, item) for path, item in reversed(inside)]


@contextmanager
def replacing(path: str | Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """Open a temporary file that replaces `path` if the block ends without an error.

    Raises
    ------
    ConfigurationError
        If the folder is missing or cannot be written, or the disk is full.
    """
    target = as_path(path)
    try:
        handle, temporary = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=".part", dir=target.parent
        )
        try:
            Path(temporary).chmod(_mode(target))
            with _opened(handle, binary) as file:
                yield file
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as wrong:
        raise ConfigurationError(
            str(path), f"must be a file that can be written: {_why(wrong)}"
        ) from None


def check_writable(path: str | Path) -> None:
    """Check that a file can be written, before a long computation whose result it will hold.

    Raises
    ------
    ConfigurationError
        If the folder is missing or cannot be written, or the path is a folder.
    """
    target = as_path(path)
    if len(target.name.encode()) > LONGEST_NAME:
        raise ConfigurationError("path", f"must have a name of at most {LONGEST_NAME} bytes", path)
    problem = ""
    if target.is_dir():
        problem = "it is a folder"
    elif not target.parent.is_dir():
        problem = "its folder does not exist"
    elif not os.access(target.parent, os.W_OK):
        problem = "its folder cannot be written"
    if problem:
        raise ConfigurationError(str(path), f"must be a file that can be written: {problem}")


def _opened(handle: int, binary: bool) -> IO[Any]:
    if binary:
        return os.fdopen(handle, "wb")
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def _mode(target: Path) -> int:
    """Return the permissions of the file to replace, or the default ones of a new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _why(wrong: OSError) -> str:
    return (wrong.strerror or type(wrong).__name__).lower()


def _one_line(wrong: Exception) -> str:
    return " ".join(str(wrong).split()) or type(wrong).__name__
