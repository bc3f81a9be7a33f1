"""From call records to a scenario, and from a scenario back to the days that happened.

`fit`, `Fit`
    A scenario with every input estimated from records, and its check on days held out.
`backtest`, `Backtest`
    Whether a scenario reproduces days that happened.
`calibrate`, `Calibration`
    Settings of a scenario that give known totals, for those who have no records.
`unit_of_parameter`
    Unit of a parameter of a fit, for tables.
"""

from ringsim.fitting._backtest import Backtest, backtest
from ringsim.fitting._calibrate import Calibration, calibrate
from ringsim.fitting._fit import fit
from ringsim.fitting._fit_result import Fit
from ringsim.fitting._rows import unit_of_parameter

__all__ = ["Backtest", "Calibration", "Fit", "backtest", "calibrate", "fit", "unit_of_parameter"]
