"""What runs while a command plays: workers or a cluster, progress bar, Ctrl-C.

Ctrl-C where it cannot be raised.

While numba compiles, LLVM calls back into Python. An interruption that arrives there is raised
inside the call back, which ctypes prints and forgets: the compilation goes on without what it
was to be told, and fails with an error that says nothing of Ctrl-C.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ringsim.cli._options import EngineOptions
from ringsim.errors import ConfigurationError, RingsimError

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["ProgressBar", "execution", "interrupts_kept"]

DELAY_BEFORE_BAR = 2.0  # seconds before a bar appears

SCHEDULER_TIMEOUT = "10s"  # for a scheduler that does not answer


@contextmanager
def execution(running: EngineOptions) -> Iterator[dict[str, Any]]:
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
        client = Client(running.scheduler, timeout=SCHEDULER_TIMEOUT)
    except (OSError, ValueError) as wrong:
        why = " ".join(str(wrong).split())
        raise ConfigurationError(
            "--scheduler", f"must be the address of a Dask scheduler: {why}", running.scheduler
        ) from None
    with client:
        yield {"engine": running.engine, "executor": client.get_executor()}


class ProgressBar:
    """Shows how far something is, on standard error, if that is a terminal."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._started_at = time.monotonic()
        self._bar: tuple[object, object] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar[0].stop()  # type: ignore[attr-defined]

    def show(self, done: int, total: int) -> None:
        """So many of so many are done."""
        if self._bar is None:
            if not sys.stderr.isatty() or time.monotonic() - self._started_at < DELAY_BEFORE_BAR:
                return
            self._bar = self._start(total)
        bar, task = self._bar
        bar.update(task, completed=done)  # type: ignore[attr-defined]

    def _start(self, total: int) -> tuple[object, object]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        bar.start()
        return bar, bar.add_task(self._doing, total=total)


@contextmanager
def interrupts_kept() -> Iterator[None]:
    """A block in which no Ctrl-C is lost: at its end at the latest, it is raised.

    Raises
    ------
    KeyboardInterrupt
        In place of any error that came after one that was lost, and if none came.
    """
    n_lost = 0
    before = sys.unraisablehook

    def heed(unraisable: UnraisableHookArgs) -> None:
        nonlocal n_lost
        if unraisable.exc_type is KeyboardInterrupt:
            n_lost += 1
        else:
            before(unraisable)

    sys.unraisablehook = heed
    try:
        yield
    except Exception:
        if not n_lost:
            raise
    finally:
        sys.unraisablehook = before
    if n_lost:
        raise KeyboardInterrupt
