"""Dispatchers in a local file: `--strategy mine.py:Fewest`.

`dispatcher_named`
    Return the class that such a text names, or the text if it names a registered strategy.
`error_in_file`
    Describe an error that such a file raised.
"""

from __future__ import annotations

import sys
import traceback
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from ringsim.dispatch import Dispatcher
from ringsim.errors import ConfigurationError, did_you_mean

__all__ = ["dispatcher_named", "error_in_file"]

OPTION = "--strategy"

_files: dict[str, ModuleType] = {}  # by absolute path, so that a file named twice is read once
_names: dict[str, str] = {}  # the files as the user named them, by absolute path


def dispatcher_named(text: str) -> str | type[Dispatcher]:
    """Return the class named by `FILE.py:CLASS`, or the text if it does not name a file.

    Raises
    ------
    ConfigurationError
        If the file is missing or raises an error, or has no such dispatcher.
    """
    name, colon, wanted = text.rpartition(":")
    if text.endswith(".py"):
        name, colon, wanted = text, ":", ""
    if not (colon and name.endswith(".py")):
        return text
    path = Path(name)
    if not path.is_file():
        raise ConfigurationError(OPTION, "must name a file that exists", text)
    found = vars(_module(path))
    own = [key for key, value in found.items() if _is_dispatcher(value, path)]
    if wanted not in found:
        hint = did_you_mean(wanted, own) or _listed(own, path)
        raise ConfigurationError(OPTION, f"must name a dispatcher of {name}", text, hint)
    dispatcher = found[wanted]
    if not (isinstance(dispatcher, type) and issubclass(dispatcher, Dispatcher)):
        hint = f"Write class {wanted}(Hunt), with Hunt from ringsim.dispatch."
        raise ConfigurationError(OPTION, "must name a subclass of Dispatcher", text, hint)
    return dispatcher


def _is_dispatcher(value: object, path: Path) -> bool:
    """Return whether a value of a file is a dispatcher that the file defines."""
    return (
        isinstance(value, type)
        and issubclass(value, Dispatcher)
        and value.__module__ == _module_name(path)
    )


def _listed(names: list[str], path: Path) -> str:
    if not names:
        return f"{path.name} defines no subclass of Dispatcher."
    return f"Write {OPTION} {path.name}:{names[0]}."


def _module_name(path: Path) -> str:
    return f"strategies of {path.name}"


def _module(path: Path) -> ModuleType:
    """Return the module of a file, run once.

    It is kept out of `sys.modules` afterwards, so that a cluster gets its classes by value.
    """
    key = str(path.resolve())
    if key not in _files:
        name = _module_name(path)
        spec = spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ConfigurationError(OPTION, "must name a Python file", str(path))
        module = module_from_spec(spec)
        _files[key], _names[key] = module, str(path)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except ConfigurationError:
            raise
        except Exception as wrong:
            raise ConfigurationError(
                str(path), f"must be Python that runs: {_described(wrong, {key})}"
            ) from None
        finally:
            del sys.modules[name]
    return _files[key]


def error_in_file(wrong: Exception) -> ConfigurationError | None:
    """Return the error of a file that `dispatcher_named` has read, or None for other errors."""
    places = [_resolved(each.filename) for each in _frames(wrong)]
    key = next((place for place in places if place in _names), None)
    if key is None:
        return None
    described = _described(wrong, set(_names))
    return ConfigurationError(_names[key], f"must run without an error: {described}")


def _frames(wrong: BaseException) -> list[traceback.FrameSummary]:
    """Return the frames of an error and of those it was raised from, as SimPy raises a copy."""
    cause = _frames(wrong.__cause__) if wrong.__cause__ is not None else []
    return [*traceback.extract_tb(wrong.__traceback__), *cause]


def _resolved(name: str) -> str:
    return str(Path(name).resolve())


def _described(wrong: Exception, paths: set[str]) -> str:
    """Return an error and the last line of the files that led to it: `line 3: NameError: ...`."""
    text = f"{type(wrong).__name__}: {wrong}".rstrip(": ")
    if isinstance(wrong, SyntaxError):
        return f"line {wrong.lineno}: {type(wrong).__name__}: {wrong.msg}"
    lines = [each.lineno for each in _frames(wrong) if _resolved(each.filename) in paths]
    return f"line {lines[-1]}: {text}" if lines else text
