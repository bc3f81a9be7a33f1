"""The command line: `ringsim simulate`, `compare`, `size`, `sweep`, `report` and others."""

from ringsim.cli._main import main

__all__ = ["main"]
