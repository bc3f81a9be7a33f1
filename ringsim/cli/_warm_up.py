"""Command `warm-up`: compile everything ahead of its first use."""

from __future__ import annotations

import time

from ringsim.cli._screen import show
from ringsim.planning._warm_up import compile_everything

__all__ = ["warm_up"]


def warm_up() -> None:
    """Compile everything ahead, once after installation, for container images."""
    started_at = time.perf_counter()
    compile_everything()
    show([f"Everything is compiled, after {time.perf_counter() - started_at:.0f} s."])
