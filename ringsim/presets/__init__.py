"""Presets: the rules of ringing of other PBXs, by name.

`preset`
    Return a preset by its name: its `Rules`, each option with source and certainty, and limits.
`names`, `table`
    The names of all presets, and a table with a row for each.
`Preset`, `Cell`, `CERTAINTIES`
    The record of a preset, one option of it, and the meaning of the words for certainty.
"""

from ringsim.presets._preset import CERTAINTIES, Cell, Preset
from ringsim.presets._read import names, preset
from ringsim.presets._table import table

__all__ = ["CERTAINTIES", "Cell", "Preset", "names", "preset", "table"]
