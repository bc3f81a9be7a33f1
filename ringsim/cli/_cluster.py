"""Where a command plays: on threads, or on a Dask cluster by the address of its scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ringsim.cli._options import Running
from ringsim.errors import ConfigurationError, RingsimError

__all__ = ["opened"]

PATIENCE = "10s"  # for a scheduler that does not answer


@contextmanager
def opened(running: Running) -> Iterator[dict[str, Any]]:
    """The arguments `engine`, and `workers` or `executor`, of what plays.

    Raises
    ------
    RingsimError
        When Dask is not installed.
    ConfigurationError
        When no scheduler answers at the address.
    """
    if running.scheduler is None:
        yield {"engine": running.engine, "workers": running.workers}
        return
    try:
        from distributed import Client
    except ImportError:
        raise RingsimError(
            "--scheduler must have Dask. Install it with: pip install 'ringsim[dask]'"
        ) from None
    try:
        client = Client(running.scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as wrong:
        why = " ".join(str(wrong).split())
        raise ConfigurationError(
            "--scheduler", f"must be the address of a Dask scheduler: {why}", running.scheduler
        ) from None
    with client:
        yield {"engine": running.engine, "executor": client.get_executor()}
