"""Where a command plays: on threads, or on a Dask cluster by the address of its scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ringsim.errors import ConfigurationError, RingsimError

__all__ = ["Running", "running"]

PATIENCE = "10s"  # for a scheduler that does not answer


@dataclass(frozen=True)
class Running:
    """What was asked for: a number of threads, or a cluster."""

    workers: int | None = None
    scheduler: str | None = None

    @contextmanager
    def open(self) -> Iterator[dict[str, Any]]:
        """The arguments `workers` or `executor` of what plays.

        Raises
        ------
        RingsimError
            When Dask is not installed.
        ConfigurationError
            When no scheduler answers at the address.
        """
        if self.scheduler is None:
            yield {"workers": self.workers}
            return
        try:
            from distributed import Client
        except ImportError:
            raise RingsimError(
                "--scheduler must have Dask. Install it with: pip install 'ringsim[dask]'"
            ) from None
        try:
            client = Client(self.scheduler, timeout=PATIENCE)
        except (OSError, ValueError) as wrong:
            why = " ".join(str(wrong).split())
            raise ConfigurationError(
                "--scheduler", f"must be the address of a Dask scheduler: {why}", self.scheduler
            ) from None
        with client:
            yield {"executor": client.get_executor()}


def running(workers: int | None, scheduler: str | None) -> Running:
    """What was asked for, if it can be.

    Raises
    ------
    ConfigurationError
        When both are given.
    """
    if workers is not None and scheduler is not None:
        raise ConfigurationError("--workers", "must not be given beside --scheduler", workers)
    return Running(workers, scheduler)
