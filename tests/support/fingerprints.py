"""Fingerprints of what compiled code takes from other files, and a script that renews them.

    python tests/support/fingerprints.py             # fail if a fingerprint is out of date
    python tests/support/fingerprints.py --write     # write the fingerprints into their files

`IMPORTED`
    By module with compiled functions: the modules and constants that it imports.
`fingerprint_of`
    Return the fingerprint that a module must have as `BUILT_ON`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from ringsim import _jit, _jit_heap, _jit_reference, _jit_vector, _log_arrays
from ringsim._jit import fingerprint
from ringsim.confidence import _jit_cursor, _jit_estimates, _jit_percentiles
from ringsim.dispatch import SORT_FIELDS
from ringsim.engine import (
    _compiled,
    _compiled_layout,
    _compiled_options,
    _compiled_options_layout,
    _compiled_ring_order,
    _plan,
)
from ringsim.engine import _compiled_options_candidates as candidates
from ringsim.engine import _compiled_options_events as events
from ringsim.engine import _compiled_options_line as line
from ringsim.engine import _compiled_options_redial as redial
from ringsim.engine import _compiled_options_ringing as ringing
from ringsim.metrics import _jit_bins, _jit_lines, _jit_sums, _jit_time_use
from ringsim.workload import _jit_draws, _jit_lanes, _jit_random

# Modules that every part of the loop with options imports
SHARED: Sequence[ModuleType] = (
    *(_jit, _jit_heap, _log_arrays, _compiled, _compiled_layout),
    *(_compiled_options_layout, _compiled_ring_order),
)
# Each module stands below those that it imports, because a renewed fingerprint changes its file
IMPORTED: Mapping[ModuleType, Sequence[object]] = {
    _jit_heap: (_jit,),
    _jit_random: (_jit,),
    _jit_lanes: (_jit, _jit_vector, _jit_random),
    _jit_draws: (_jit, _jit_heap, _jit_random, _jit_lanes),
    _jit_estimates: (_jit,),
    _jit_cursor: (_jit,),
    _jit_percentiles: (_jit, _jit_cursor, _jit_estimates),
    _jit_bins: (_jit,),
    _jit_time_use: (_jit, _log_arrays),
    _jit_sums: (_jit, _log_arrays, _jit_time_use),
    _jit_lines: (_jit, _jit_sums),
    _compiled_ring_order: (_jit, _jit_vector),
    _compiled: (
        *(_jit, _jit_draws, _jit_heap, _jit_lanes, _jit_reference, _jit_vector, _log_arrays),
        *(_compiled_layout, _compiled_ring_order, _plan.NOWHERE, SORT_FIELDS),
    ),
    events: SHARED,
    candidates: (*SHARED, _jit_draws, events),
    ringing: (*SHARED, _jit_draws, events, candidates),
    line: (*SHARED, events, candidates, _plan.NOWHERE, _plan.MOST_PASSES),
    redial: (*SHARED, _jit_draws, events),
    _compiled_options: (
        *(*SHARED, events, candidates, ringing, line, redial, _plan.MOST_LOOKS),
        _jit_reference,
    ),
}


def fingerprint_of(module: ModuleType) -> str:
    """Return the fingerprint that a module must have as `BUILT_ON`."""
    return fingerprint(*IMPORTED[module])


def main(arguments: Sequence[str]) -> None:
    for module in IMPORTED:
        path = Path(str(module.__file__))
        text = path.read_text("utf-8")
        renewed = re.sub(
            r'^BUILT_ON = "\w+"', f'BUILT_ON = "{fingerprint_of(module)}"', text, flags=re.M
        )
        if renewed == text:
            continue
        if "--write" not in arguments:
            sys.exit(f"{path.name} is out of date: python tests/support/fingerprints.py --write")
        path.write_text(renewed, "utf-8")
        print(f"renewed {path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
