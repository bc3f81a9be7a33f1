"""Tables of time and memory of new processes, one function per table."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryDirectory

from cases import CALLS_A_DAY, office
from measure import Spread, fresh
from scale import Scale, markdown

import ringsim as rs

__all__ = ["memory", "records", "start"]

INSTALLATIONS = {  # and the modules that are imported there as well
    "a plain installation": "",
    "`scipy.stats` imported as well": "scipy.stats",
    "pyarrow installed as well": "scipy.stats pyarrow",
}
FORMATS = ("asterisk_cdr", "queue_log", "freeswitch_cdr", "csv")
RINGS_A_CALL = 3.0
CALLS_AN_HOUR = 120


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
        "`ringsim simulate` of the example, from the shell": (seconds("shell"), scale.rounds),
        "the first after installation, which compiles": (uncompiled, (scale.rounds + 3) // 4),
    }
    libraries = seconds("libraries")
    libraries()
    fresh("first")  # leaves compiled code and bytecode to the others
    rows = []
    for name, (take, rounds) in cases.items():
        take_both = [(take(), libraries()) for _ in range(rounds)]
        took = Spread.of(mine for mine, _ in take_both)
        rows.append([name, took, Spread.of(mine / others for mine, others in take_both)])
    return markdown(["what", "seconds", "over importing numpy and pandas"], rows)


def memory(scale: Scale) -> str:
    """Return the peak memory of processes that simulate many days, and that only import."""

    def row(name: str, *arguments: str, path: str = "") -> list[str]:
        said = [
            fresh(*arguments, environment={"SCENARIO": path, "WITH": modules})
            for modules in INSTALLATIONS.values()
        ]
        return [name.format(**said[0]), *(f"{each['megabytes']:.0f}" for each in said)]

    with TemporaryDirectory() as folder:
        path = f"{folder}/office.toml"
        office().dump(path)
        days = [scale.of(calls) // CALLS_A_DAY for calls in (200_000, 2_000_000, 20_000_000)]
        rows = [
            row("none: only imports", "imports"),
            *(row("{calls:,.0f}", "peak", str(each), path=path) for each in days),
        ]
    return markdown(["calls", *(f"{name} [MB]" for name in INSTALLATIONS)], rows)


def records(scale: Scale) -> str:
    """Return the time and memory of reading a million rows of call records, by format."""
    log = _long_log(scale.of(1_000_000))
    rows = []
    for name in FORMATS:
        with TemporaryDirectory() as folder:
            path = f"{folder}/{name}"
            rs.records.write(log, path, format=name, starts_at="2024-01-01 00:00:00")
            said = [fresh("records", environment={"RECORDS": path}) for _ in range(3)]
            text = [fresh("table", environment={"RECORDS": path}) for _ in range(3)]
        seconds = Spread.of(each["seconds"] for each in said)
        ratio = Spread.of(
            each["seconds"] / other["seconds"] for each, other in zip(said, text, strict=True)
        )
        peak = max(each["megabytes"] for each in said)
        rows.append([f"`{name}`", f"{text[0]['rows']:,.0f}", seconds, ratio, f"{peak:.0f}"])
    return markdown(["format", "rows", "seconds", "over pandas", "peak [MB]"], rows)


def _long_log(rows: int) -> rs.CallLog:
    """Return a day that is long enough for about so many rings."""
    hours = rows / RINGS_A_CALL / CALLS_AN_HOUR
    group = {"extension_number": "600", "members": ["201", "202", "203"], "ring_time": 20}
    demand = rs.Demand(
        calls_per_hour=CALLS_AN_HOUR, talk_time=10, patience=rs.lognormal(mean=60, cv=1)
    )
    scenario = rs.Scenario(groups=[group], demand={"600": demand}, hours=max(hours, 0.1))
    return rs.play(scenario, rs.Workload.draw(scenario))
