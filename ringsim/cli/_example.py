"""Command `example`: print the packaged scenario, or write it to a new file."""

from __future__ import annotations

import sys
from pathlib import Path

from ringsim import _files
from ringsim.errors import ConfigurationError
from ringsim.scenario import example_text

__all__ = ["run"]


def run(path: Path | None) -> None:
    """Print the example, or write it to a file, which must not exist."""
    if path is None:
        sys.stdout.write(example_text())
        return
    if path.exists():
        hint = "It may hold your own changes: choose another name."
        raise ConfigurationError("--output", "must be a new file", str(path), hint)
    with _files.replacing(path) as file:
        file.write(example_text())
    print(f"The example is in {path}. Edit it, then run: ringsim simulate {path}")
