"""Context managers around a simulation: workers or a cluster, progress bar, Ctrl-C.

Ctrl-C needs care because LLVM calls back into Python while numba compiles. A KeyboardInterrupt
raised inside such a callback is printed and dropped by ctypes; the compilation then goes on and
fails with an error that does not mention Ctrl-C.
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

SCHEDULER_TIMEOUT = "10s"  # to connect to the scheduler


@contextmanager
def execution(running: EngineOptions) -> Iterator[dict[str, Any]]:
    """Yield the arguments `engine` and either `workers` or `executor` of a simulation.

    Raises
    ------
    RingsimError
        If a scheduler is given and Dask is not installed.
    ConfigurationError
        If no scheduler answers at the address.
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
    """Progress bar on standard error, if that is a terminal, for work of over 2 seconds."""

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
        """Show that `done` of `total` steps are done."""
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
    """Raise a KeyboardInterrupt at the end of the block if one was dropped inside it.

    Raises
    ------
    KeyboardInterrupt
        If one was dropped; it replaces any other error of the block.
    """
    n_dropped = 0
    before = sys.unraisablehook

    def count_interrupt(unraisable: UnraisableHookArgs) -> None:
        nonlocal n_dropped
        if unraisable.exc_type is KeyboardInterrupt:
            n_dropped += 1
        else:
            before(unraisable)

    sys.unraisablehook = count_interrupt
    try:
        yield
    except Exception:
        if not n_dropped:
            raise
    finally:
        sys.unraisablehook = before
    if n_dropped:
        raise KeyboardInterrupt
