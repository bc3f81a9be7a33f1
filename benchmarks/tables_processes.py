"""Tables of time and memory of new processes, one function per table."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryDirectory

from measure import Spread, fresh
from scale import Scale, markdown

__all__ = ["memory", "start"]


def start(scale: Scale) -> str:
    """Return the processor time of imports and of the first study, relative to numpy and pandas."""

    def uncompiled() -> float:
        with TemporaryDirectory() as empty:
            said = fresh("first", environment={"NUMBA_CACHE_DIR": empty})
        return float(said["seconds"])

    def seconds(what: str) -> Callable[[], float]:
        return lambda: float(fresh(what)["seconds"])

    cases: dict[str, tuple[Callable[[], float], int]] = {
        "`import ringsim`": (seconds("package"), scale.rounds),
        "`from ringsim import Scenario, simulate, ...`": (seconds("names"), scale.rounds),
        "the first `simulate` of a process": (seconds("first"), scale.rounds),
        "the first after installation, which compiles": (uncompiled, (scale.rounds + 3) // 4),
    }
    libraries = seconds("libraries")
    libraries()
    rows = []
    for name, (take, rounds) in cases.items():
        take_both = [(take(), libraries()) for _ in range(rounds)]
        took = Spread.of(mine for mine, _ in take_both)
        rows.append([name, took, Spread.of(mine / others for mine, others in take_both)])
    return markdown(["what", "seconds", "over importing numpy and pandas"], rows)


def memory(scale: Scale) -> str:
    """Return the peak memory of a process that simulates many days."""
    rows = []
    for calls in scale.of(200_000), scale.of(2_000_000), scale.of(20_000_000):
        said = fresh("peak", str(calls))
        rows.append([f"{said['calls']:,.0f}", f"{said['before']:.0f}", f"{said['megabytes']:.0f}"])
    return markdown(["calls", "before the first [MB]", "at the peak [MB]"], rows)
