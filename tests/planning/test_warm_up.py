"""After everything was compiled ahead, once, no study compiles."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from support.helpers import TELL_COMPILATIONS
from support.profiles import SLOW

# Functions of both loops, whose arguments differ
OF_BOTH_LOOPS = ("_compiled.", "_compiled_options_", "_compiled_ring_order.", "_jit_draws.")
STUDIES = f"""
from scipy import stats
{TELL_COMPILATIONS}
import ringsim as rs

office = rs.example()
target = rs.Target(service_level=0.8, within=20)
result = rs.simulate(office, replications=100)
result.members(), result.intervals(900), result.replay(3).rings
rs.simulate(office, until=rs.Precision("service_level", 0.02)).summary()
rs.simulate(office, replications=600, warm_up=3600).summary()
str(rs.compare(office, group="600", replications=30))
str(rs.size(office, group="600", target=target))
other = rs.Demand(calls_per_hour=20, talk_time=stats.gamma(2, scale=60), busyness=0.2)
rs.simulate(office.replace(demand={{"600": other}}), replications=20).summary()
print("done")
"""


@pytest.mark.long
@pytest.mark.skipif(not SLOW, reason="compiles for a minute: set RINGSIM_SLOW=1")
def test_no_study_compiles_afterwards(tmp_path: Path) -> None:
    where = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    for program in (["-m", "ringsim", "warm-up"], ["-c", STUDIES]):
        ran = subprocess.run(
            [sys.executable, *program], env=where, capture_output=True, text=True, check=True
        )
    assert ran.stdout.split("\n") == ["done", ""]
    compiled = Counter(path.name.partition("-")[0] for path in tmp_path.rglob("*.nbc"))
    assert len(compiled) > 150
    twice = {name for name, n in compiled.items() if n > 1}
    assert {name for name in twice if not name.startswith(OF_BOTH_LOOPS)} == set()
