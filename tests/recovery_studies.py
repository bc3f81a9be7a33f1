"""Studies of fits and backtests on a group whose inputs are known.

`recovery` plays many months of the group, fits a scenario to each, and compares every parameter
with the truth. `rejections` backtests the last days of many months with the truth, with a proper
fit, without busyness, and with usual shortcuts.

    python tests/recovery_studies.py [--months N] [--backtests N] [--only TABLE] [--write]

This command prints both tables; `--write` updates them in `tests/README.md`.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy import special, stats
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

import ringsim as rs
from ringsim.records import Records

__all__ = ["KINDS", "Parameter", "Rejected", "recovery", "rejections", "too_far"]

DAYS, HELD_OUT = 20, 5
WITHIN = 10.0  # seconds, of the service level
MOST_BIAS = 0.02  # of a parameter's value
COVERS = (0.90, 0.98)  # share of 95 % intervals that contain the truth
NAMES = {"RING_SIMULTANEOUSLY": "all ring", "CYCLIC_HUNT": "hunt"}
PREDICTED = "predicted service level"
KINDS = ("the truth", "a fit", "a fit without busyness", "usual shortcuts")


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
        "demand.600.calls_a_day": 400.0,
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


def recovery(strategy: str, months: int) -> dict[str, Parameter]:
    """Fit many months of the known group, and return what was found of each parameter."""
    truth = true_values()
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in truth}
    levels = []
    for seed in range(1, months + 1):
        fit = rs.fit(month(strategy, seed=seed), template=known_group(strategy), hold_out=0)
        table = fit.table.set_index("parameter")
        for name in truth:
            if name in table.index:
                row = table.loc[name]
                found[name].append(tuple(row[["estimate", "low", "high", "naive"]].astype(float)))
        pair = (fit.scenario, fit.naive_scenario)
        levels.append([service_level(each, 60, seed) for each in pair])
    rows = {name: _parameter(truth[name], np.array(each)) for name, each in found.items()}
    true_level = service_level(known_group(strategy), 2000, seed=0)
    nothing = np.full((months, 2), np.nan)
    fitted, naive = np.array(levels).T
    columns = np.column_stack((fitted, nothing, naive))
    return rows | {PREDICTED: _parameter(true_level, columns)}


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


def rejections(strategy: str, months: int) -> list[Rejected]:
    """Backtest the last days of many months, and return how often each scenario is rejected."""
    counts = dict.fromkeys(KINDS, 0)
    days = range(DAYS - HELD_OUT, DAYS)
    for seed in range(501, 501 + months):
        records = month(strategy, seed=seed)
        fit = rs.fit(records, template=known_group(strategy), hold_out=HELD_OUT, seed=seed)
        checks = (
            _backtest(known_group(strategy, BUSYNESS), records, days, seed),
            fit.check(within=WITHIN),
            _backtest(_evenly_busy(fit.scenario), records, days, seed),
            _backtest(fit.naive_scenario, records, days, seed),
        )
        for kind, check in zip(KINDS, checks, strict=True):
            counts[kind] += not check.reproduces
    return [Rejected(kind, strategy, count, months) for kind, count in counts.items()]


def _backtest(scenario: rs.Scenario, records: Records, days: range, seed: int) -> rs.Backtest:
    return rs.backtest(scenario, records, days=days, within=WITHIN, seed=seed)


def _evenly_busy(scenario: rs.Scenario) -> rs.Scenario:
    demand = scenario.demand["600"].replace(busyness=0)
    return scenario.replace(demand={"600": demand})


# The tables


def recovery_table(found: dict[str, dict[str, Parameter]]) -> Iterator[str]:
    some = next(iter(found.values()))
    months = next(iter(some.values())).of
    yield (
        f"| {months} months each | truth | "
        + " | ".join(f"{NAMES[s]}: shortcut | estimate | bias | covers" for s in found)
        + " |"
    )
    yield "| --- | ---: |" + " ---: | ---: | ---: | ---: |" * len(found)
    for name in some:
        cells = " | ".join(_cells(found[strategy][name]) for strategy in found)
        truth = " / ".join(dict.fromkeys(f"{found[s][name].truth:.3g}" for s in found))
        yield f"| {name} | {truth} | {cells} |"


def _cells(found: Parameter) -> str:
    covers = "-"
    if found.with_interval:
        covers = f"{100 * found.covers / found.with_interval:.0f} %"
    bias = f"{100 * found.bias:+.1f} %"
    return f"{found.naive:.3g} | {found.mean:.4g} ± {found.sd:.2g} | {bias} | {covers}"


def rejection_table(rows: list[Rejected]) -> Iterator[str]:
    yield f"| rejected of {rows[0].of} backtests | {' | '.join(NAMES.values())} |"
    yield "| --- | ---: | ---: |"
    for kind in KINDS:
        cells = (f"{100 * row.rejected / row.of:.0f} %" for row in rows if row.kind == kind)
        yield f"| {kind} | {' | '.join(cells)} |"


def too_far(found: dict[str, Parameter]) -> Iterator[str]:
    """Yield the parameters whose bias or coverage is beyond what chance explains."""
    for name, each in found.items():
        if abs(each.bias) > MOST_BIAS + stats.t.isf(5e-4, each.of - 1) * each.bias_error:
            yield f"{name}: bias {each.bias:+.1%}"
        least, most = COVERS
        if each.with_interval and not (
            stats.binom.ppf(1e-3, each.with_interval, least)
            <= each.covers
            <= max(stats.binom.ppf(1 - 1e-3, each.with_interval, most), 0)
        ):
            yield f"{name}: {each.covers} of {each.with_interval} intervals cover"


def main() -> int:
    """Play the studies and print the tables; return 1 if a parameter is too far from the truth."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("--months", type=int, default=50)
    parser.add_argument("--backtests", type=int, default=30)
    parser.add_argument("--only", choices=["recovery", "backtests"])
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    tables, wrong = {}, []
    if asked.only != "backtests":
        found = {strategy: recovery(strategy, asked.months) for strategy in STRATEGIES}
        tables["recovery"] = "\n".join(recovery_table(found))
        wrong = [line for each in found.values() for line in too_far(each)]
    if asked.only != "recovery":
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
