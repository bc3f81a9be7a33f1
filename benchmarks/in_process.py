"""Measurements of a new process, printed as JSON: see `measure.fresh`.

    python benchmarks/in_process.py libraries       # import numpy and pandas
    python benchmarks/in_process.py package         # import ringsim
    python benchmarks/in_process.py names           # import ringsim and all that `simulate` needs
    python benchmarks/in_process.py first           # simulate one day, then another
    python benchmarks/in_process.py shell           # `ringsim simulate` of the packaged example
    python benchmarks/in_process.py imports         # import the libraries that a study needs
    python benchmarks/in_process.py peak DAYS       # simulate DAYS days of the file $SCENARIO
    python benchmarks/in_process.py table           # read the file $RECORDS with pandas, as text
    python benchmarks/in_process.py records         # read it as call records of group 600

Times are seconds of processor time, memory is in megabytes. The processes that only measure memory,
`imports` and `peak`, also import the modules that $WITH names, and find pyarrow only if it is one.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

STATUS = Path("/proc/self/status")


def libraries() -> dict[str, float]:
    started_at = time.process_time()
    import numpy  # noqa: F401
    import pandas  # noqa: F401

    return {"seconds": time.process_time() - started_at}


def package() -> dict[str, float]:
    started_at = time.process_time()
    import ringsim  # noqa: F401

    return {"seconds": time.process_time() - started_at}


def names() -> dict[str, float]:
    started_at = time.process_time()
    from ringsim import Demand, Extension, Member, RingGroup, Scenario, simulate  # noqa: F401

    return {"seconds": time.process_time() - started_at}


def first() -> dict[str, float]:
    """Measure the first study of a process, which loads or compiles the engine, and the second."""
    from cases import office

    import ringsim as rs

    day = office()
    moments = [time.process_time()]
    for seed in (1, 2):
        rs.simulate(day, replications=1, seed=seed, workers=1)
        moments.append(time.process_time())
    return {"seconds": moments[1] - moments[0], "again": moments[2] - moments[1]}


def shell() -> dict[str, float]:
    """Measure all of the process of a command, from the start of Python to its end."""
    command = [sys.executable, "-m", "ringsim", "simulate"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"seconds": used.ru_utime + used.ru_stime}


def imports() -> dict[str, float]:
    """Measure the peak memory of a process that only imports what `simulate` needs."""
    import_with()
    for name in ("numba", "numpy", "pandas", "scipy.special"):
        import_module(name)
    return {"megabytes": peak_megabytes()}


def peak(days: int) -> dict[str, float]:
    """Measure the peak memory of a study of many days on all processors."""
    import_with()
    import ringsim as rs

    result = rs.simulate(rs.Scenario.load(os.environ["SCENARIO"]), replications=days)
    offered = float(result.summary()["estimate"]["offered"]) * days
    return {"calls": offered, "megabytes": peak_megabytes()}


def import_with() -> None:
    """Import the modules that $WITH names; pandas imports pyarrow if it finds it."""
    names = os.environ["WITH"].split()
    if "pyarrow" not in names:
        sys.modules["pyarrow"] = None  # type: ignore[assignment]  # as if it were not installed
    for name in names:
        import_module(name)


def table() -> dict[str, float]:
    """Measure how long pandas takes to read a file of call records as text."""
    import pandas as pd

    path = os.environ["RECORDS"]
    mark = "|" if Path(path).name == "queue_log" else ","
    started_at = time.process_time()
    read = pd.read_csv(path, sep=mark, header=None, names=range(30), dtype=object, na_filter=False)
    return {"seconds": time.process_time() - started_at, "rows": len(read)}


def records() -> dict[str, float]:
    """Measure time and peak memory of reading a file of call records."""
    import ringsim as rs

    before = peak_megabytes()
    started_at = time.process_time()
    read = rs.read_records(os.environ["RECORDS"], group="600", timezone="UTC")
    seconds = time.process_time() - started_at
    calls = len(read.arrays.calls)
    return {"seconds": seconds, "calls": calls, "before": before, "megabytes": peak_megabytes()}


def peak_megabytes() -> float:
    """Return the peak memory of this process [MB]."""
    if STATUS.exists():  # on Linux, where ru_maxrss includes the parent's peak
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Run the measurement named on the command line and print its result."""
    what, *arguments = sys.argv[1:]
    works = (libraries, package, names, first, shell, imports, peak, table, records)
    measurements = {each.__name__: each for each in works}
    print(json.dumps(measurements[what](*map(int, arguments))))


if __name__ == "__main__":
    main()
