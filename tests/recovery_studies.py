"""Studies of fits and backtests on a group whose inputs are known.

`recovery` plays many months of the group, fits a scenario to each, and compares every parameter
with the truth; what follows from the calls of days alone, `from_totals` takes from many more
months. `rejections` backtests the last days of many months with the truth, with a proper fit,
without busyness, and with usual shortcuts.

    python tests/recovery_studies.py [--months N] [--backtests N] [--only TABLE] [--write]

This command prints both tables; `--write` updates them in `tests/README.md`.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy import special, stats

import ringsim as rs
from ringsim.estimators import arrivals, busyness
from ringsim.records import Records
from support.known_group import (
    BUSYNESS,
    PATIENCE,
    PEOPLE,
    RING_TIME,
    SHAPE,
    STRATEGIES,
    TALK,
    WRAP_UP,
    known_group,
    month,
)
from support.readme import TESTS_README, between_markers

__all__ = ["KINDS", "RIGHT", "Parameter", "Rejected", "recovery", "rejections", "too_far"]

CALLS, DAYS, HELD_OUT = 400.0, 20, 5
WITHIN = 10.0  # seconds, of the service level
MOST_BIAS = 0.02  # of a parameter's value
LEVEL = 0.95  # of the intervals
BY_CHANCE = 1e-3  # of right intervals, that the number which contain the truth is beyond its limits
MANY = 4000  # months of day totals
SECONDS: list[float] = []  # of processor time of each fit
NAMES = {"RING_SIMULTANEOUSLY": "all ring", "CYCLIC_HUNT": "hunt"}
PREDICTED = "predicted service level"
RIGHT = ("the truth", "a fit")  # scenarios that a backtest should seldom reject
KINDS = (*RIGHT, "a fit without busyness", "usual shortcuts")
FEW = 30  # months with which wrong scenarios are tested


class Parameter(NamedTuple):
    """What many months found of one parameter.

    Attributes
    ----------
    truth, naive, mean, sd : float
        The truth, the mean of usual shortcuts, and mean and standard deviation of estimates.
    covers, with_interval, of : int
        Intervals that contain the truth, intervals, and months.
    """

    truth: float
    naive: float
    mean: float
    sd: float
    covers: int
    with_interval: int
    of: int

    @property
    def bias(self) -> float:
        """Bias as a share of the truth."""
        return self.mean / self.truth - 1

    @property
    def bias_error(self) -> float:
        """Standard error of the bias."""
        return self.sd / math.sqrt(self.of) / self.truth


class Rejected(NamedTuple):
    """Backtests of one kind of scenario, and how many of them reject it."""

    kind: str
    strategy: str
    rejected: int
    of: int


# Recovery


def true_values() -> dict[str, float]:
    """Return the truth of every parameter that a fit estimates, but the calls of intervals."""
    found = {
        "demand.600.calls_a_day": CALLS,
        "demand.600.busyness": BUSYNESS,
        "demand.600.talk_time": TALK,
        "demand.600.wrap_up_time": WRAP_UP,
        "demand.600.patience.scale": PATIENCE.kwds["scale"],
        "demand.600.patience.c": PATIENCE.args[0],
        "demand.600.patience > 5 s": float(PATIENCE.sf(5)),
        "demand.600.patience > 10 s": float(PATIENCE.sf(10)),
    }
    for number, (probability, delay, duty, own) in PEOPLE.items():
        path = f"extensions.{number}"
        found[f"{path}.answer_probability"] = probability
        found[f"{path}.answer_delay"] = delay
        share = special.gammainc(SHAPE, SHAPE * RING_TIME / delay)
        found[f"{path}.answers within {RING_TIME} s"] = probability * float(share)
        found[f"{path}.on_duty"] = sum(_hours(end) - _hours(start) for start, end in duty)
        if own:
            found[f"{path}.own_calls.calls_per_hour"] = own
    return found


def _hours(clock: str) -> float:
    return int(clock[:2]) + int(clock[3:]) / 60


def service_level(scenario: rs.Scenario, replications: int, seed: int) -> float:
    result = rs.simulate(scenario, replications=replications, seed=seed, workers=1)
    return float(result.summary(within=WITHIN).loc["service_level", "estimate"])


def recovery(strategy: str, months: int, of_totals: int = MANY) -> dict[str, Parameter]:
    """Fit many months of the known group, and return what was found of each parameter."""
    truth = true_values()
    truth[PREDICTED] = service_level(known_group(strategy, BUSYNESS), 2000, seed=0)
    all_found = [fitted(strategy, seed) for seed in range(1, months + 1)]
    found = {
        name: _parameter(value, np.array([each[name] for each in all_found if name in each]))
        for name, value in truth.items()
    }
    return found | from_totals(of_totals)


def fitted(strategy: str, seed: int) -> dict[str, tuple[float, ...]]:
    """Return estimate, bounds and usual shortcut of each parameter of one month.

    Parameters that the fit does not have are left out.
    """
    records = month(strategy, seed=seed)
    started = time.process_time()
    fit = rs.fit(records, template=known_group(strategy), hold_out=0)
    SECONDS.append(time.process_time() - started)
    table = fit.table.set_index("parameter")[["estimate", "low", "high", "naive"]].astype(float)
    found = {str(name): tuple(row) for name, *row in table.itertuples()}
    levels = (service_level(each, 60, seed) for each in (fit.scenario, fit.naive_scenario))
    estimate, naive = levels
    return found | {PREDICTED: (estimate, math.nan, math.nan, naive)}


@cache
def from_totals(months: int) -> dict[str, Parameter]:
    """Return what many months find of the parameters that follow from the calls of days alone."""
    rng = np.random.default_rng(0)
    size = BUSYNESS**-2
    totals = rng.poisson(CALLS * rng.gamma(size, 1 / size, (months, DAYS)))
    a_day = [arrivals(each[:, None]).a_day for each in totals]
    cv = [busyness(each).cv for each in totals]
    return {
        "demand.600.calls_a_day": _parameter(CALLS, np.array([(*a, a.estimate) for a in a_day])),
        "demand.600.busyness": _parameter(BUSYNESS, np.array([(*each, 0.0) for each in cv])),
    }


def _parameter(truth: float, rows: np.ndarray) -> Parameter:
    estimate, low, high, naive = rows.T
    known = np.isfinite(low)
    slack = 1e-9 * truth
    covers = (low <= truth + slack) & (truth - slack <= high) & known
    return Parameter(
        truth=truth,
        naive=float(naive.mean()),
        mean=float(estimate.mean()),
        sd=float(estimate.std(ddof=1)),
        covers=int(covers.sum()),
        with_interval=int(known.sum()),
        of=len(estimate),
    )


# Backtests


def rejections(strategy: str, months: int, few: int = FEW) -> list[Rejected]:
    """Backtest the last days of many months, and return how often each scenario is rejected.

    Scenarios that are wrong are tested in a few of the months.
    """
    found = [
        rejected(strategy, seed, KINDS if seed <= 500 + few else RIGHT)
        for seed in range(501, 501 + months)
    ]
    return [
        Rejected(kind, strategy, sum(each), len(each))
        for kind in KINDS
        if (each := [of_month[kind] for of_month in found if kind in of_month])
    ]


def rejected(strategy: str, seed: int, kinds: tuple[str, ...]) -> dict[str, bool]:
    """Return whether the last days of one month reject each kind of scenario."""
    records, days = month(strategy, seed=seed), range(DAYS - HELD_OUT, DAYS)
    fit = rs.fit(records, template=known_group(strategy), hold_out=HELD_OUT, seed=seed)
    checks = {
        "the truth": lambda: _backtest(known_group(strategy, BUSYNESS), records, days, seed),
        "a fit": lambda: fit.check(within=WITHIN),
        "a fit without busyness": lambda: _backtest(
            _evenly_busy(fit.scenario), records, days, seed
        ),
        "usual shortcuts": lambda: _backtest(fit.naive_scenario, records, days, seed),
    }
    return {kind: not checks[kind]().reproduces for kind in kinds}


def _backtest(scenario: rs.Scenario, records: Records, days: range, seed: int) -> rs.Backtest:
    return rs.backtest(scenario, records, days=days, within=WITHIN, seed=seed)


def _evenly_busy(scenario: rs.Scenario) -> rs.Scenario:
    demand = scenario.demand["600"].replace(busyness=0)
    return scenario.replace(demand={"600": demand})


# The tables


def recovery_table(found: dict[str, dict[str, Parameter]]) -> Iterator[str]:
    some = next(iter(found.values()))
    months = min(each.of for each in some.values())
    yield (
        f"| {months} months each | truth | "
        + " | ".join(f"{NAMES[s]}: shortcut | estimate | bias | covers" for s in found)
        + " |"
    )
    yield "| --- | ---: |" + " ---: | ---: | ---: | ---: |" * len(found)
    for name in some:
        cells = " | ".join(_cells(found[strategy][name]) for strategy in found)
        truth = " / ".join(dict.fromkeys(f"{found[s][name].truth:.3g}" for s in found))
        of = some[name].of
        shown = name if of == months else f"{name} ({of:,} months of day totals)"
        yield f"| {shown} | {truth} | {cells} |"
    least, most = (100 * each / months for each in limits(months))
    yield ""
    wrong = [line for each in found.values() for line in too_far(each)]
    yield (
        f"A right interval contains the truth in {least:.1f} to {most:.1f} % of {months} months, "
        f"with {100 * (1 - BY_CHANCE):.1f} % probability. Beyond their limits: "
        f"{'; '.join(wrong) or 'none'}. A fit took {np.median(SECONDS):.1f} s of processor time, "
        f"the slowest {max(SECONDS):.1f} s."
    )


def _cells(found: Parameter) -> str:
    covers = "-"
    if found.with_interval:
        covers = f"{100 * found.covers / found.with_interval:.1f} %"
    bias = f"{100 * found.bias:+.1f} %"
    return f"{found.naive:.3g} | {found.mean:.4g} ± {found.sd:.2g} | {bias} | {covers}"


def rejection_table(rows: list[Rejected]) -> Iterator[str]:
    yield f"| rejected | {' | '.join(NAMES.values())} | months each |"
    yield "| --- | ---: | ---: | ---: |"
    for kind in KINDS:
        some = [row for row in rows if row.kind == kind]
        cells = " | ".join(_share(row) for row in some)
        yield f"| {kind} | {cells} | {some[0].of} |"


def _share(row: Rejected) -> str:
    """Return a share with its 95 % interval by Clopper and Pearson."""
    interval = stats.binomtest(row.rejected, row.of).proportion_ci()
    low, high = (f"{100 * each:.0f}" for each in (interval.low, interval.high))
    return f"{100 * row.rejected / row.of:.1f} % ({low} to {high})"


def limits(of: int) -> tuple[int, int]:
    """Return between which numbers that of right intervals with the truth lies, but by chance."""
    least, most = stats.binom.ppf((BY_CHANCE / 2, 1 - BY_CHANCE / 2), of, LEVEL)
    return int(least), int(most)


def too_far(found: dict[str, Parameter]) -> Iterator[str]:
    """Yield the parameters whose bias or coverage is beyond what chance explains."""
    for name, each in found.items():
        if abs(each.bias) > MOST_BIAS + stats.t.isf(5e-4, each.of - 1) * each.bias_error:
            yield f"{name}: bias {each.bias:+.1%}"
        if not each.with_interval:
            continue
        least, most = limits(each.with_interval)
        if not least <= each.covers <= most:
            yield f"{name}: {each.covers} of {each.with_interval} intervals cover"


def main() -> int:
    """Play the studies and print the tables; return 1 if a parameter is too far from the truth."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("--months", type=int, default=200)
    parser.add_argument("--backtests", type=int, default=200)
    parser.add_argument("--only", choices=["recovery", "backtests"])
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    tables, wrong = {}, []
    if asked.only in (None, "recovery"):
        found = {strategy: recovery(strategy, asked.months) for strategy in STRATEGIES}
        tables["recovery"] = "\n".join(recovery_table(found))
        wrong = [line for each in found.values() for line in too_far(each)]
    if asked.only in (None, "backtests"):
        rows = [row for strategy in STRATEGIES for row in rejections(strategy, asked.backtests)]
        tables["backtests"] = "\n".join(rejection_table(rows))
    print("\n\n".join(tables.values()))
    if asked.write:
        page = TESTS_README.read_text("utf-8")
        for name, text in tables.items():
            page = between_markers(page, name, text)
        TESTS_README.write_text(page, "utf-8")
    for line in wrong:
        print(f"too far: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
