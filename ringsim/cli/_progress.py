"""A progress bar on the terminal, for what takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

__all__ = ["Progress"]

PATIENCE = 2.0  # seconds before a bar appears


class Progress:
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
            if not sys.stderr.isatty() or time.monotonic() - self._started_at < PATIENCE:
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
