"""The command line: `ringsim simulate`, `ringsim strategies`, `ringsim example`."""

from ringsim.cli._main import main

__all__ = ["main"]
