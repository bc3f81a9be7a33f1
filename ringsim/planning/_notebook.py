"""Progress bar in a notebook, for studies that take a while.

`bar_in_notebook`
    Return a callback that shows a bar, or None outside of notebooks.

The bar appears after a second, so that quick studies leave no trace, and disappears at the end.
All studies of one cell share its place. Nothing of IPython is imported here that a notebook has
not imported itself.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from ringsim._sentences import counted

__all__ = ["bar_in_notebook"]

AFTER = 1.0  # seconds until the bar appears
EVERY = 0.2  # least seconds between two updates
SHELL = "ZMQInteractiveShell"  # of a notebook; a terminal has another

_places: dict[int, Any] = {}  # the display of the running cell, by its number


def bar_in_notebook() -> Callable[[int, int], None] | None:
    """Return a callback for progress that shows a bar in the running cell; None elsewhere."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return _Bar(shell) if type(shell).__name__ == SHELL else None


class _Bar:
    """A bar that shows how many replications are done."""

    def __init__(self, shell: Any) -> None:
        self._cell = int(shell.execution_count)
        self._shown_at = time.monotonic() + AFTER - EVERY
        self._is_shown = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done >= total:
            if self._is_shown:
                self._show("")
        elif now >= self._shown_at + EVERY:
            self._shown_at, self._is_shown = now, True
            self._show(
                f'<progress value="{done}" max="{total}" aria-label="replications"></progress> '
                f"{done:,} of {counted(total, 'replication')}"
            )

    def _show(self, page: str) -> None:
        """Show HTML in the place of the running cell."""
        from IPython.display import HTML, display

        place = _places.get(self._cell)
        if place is None:
            _places.clear()
            _places[self._cell] = display(HTML(page), display_id=True)
        else:
            place.update(HTML(page))
