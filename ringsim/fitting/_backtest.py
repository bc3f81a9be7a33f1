"""Predictions of days that happened, and whether they came true."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from ringsim._checks import is_integer
from ringsim._words import Said, speaking
from ringsim.distributions import as_list
from ringsim.errors import ConfigurationError, check_flag, check_instance
from ringsim.fitting._backtest_tables import (
    evidence_in_range,
    table_of_days,
    table_of_tests,
)
from ringsim.fitting._evidence import evidence
from ringsim.fitting._predicted import METRICS, VOLUME, observed_days, own_members, predictions
from ringsim.fitting._words import verdict_sentence
from ringsim.metrics import Thresholds
from ringsim.records import Records
from ringsim.records._aligned import opening_is_unknown, within_hours
from ringsim.scenario import Scenario, check_scenario

__all__ = ["Backtest", "backtest", "predict_and_test"]


@dataclass(frozen=True)
class Backtest:
    """Predicted days against days that happened.

    Attributes
    ----------
    verdict : str
        A sentence that begins with `Reproduces` or `Does not reproduce`. The former says how
        large an error these days would have shown.
    table : DataFrame
        A row per metric and day: `metric`, `day`, `observed`, `predicted` (mean), `low` and `high`
        (within which a day is with 90 % probability), `pit` (place of the observed value among the
        predicted ones, from 0 to 1) and `verdict` (`inside`, `below` or `above`).
    tests : DataFrame
        A row per metric: means over days, `low` and `high` for the mean, `detectable` (least
        error of the mean that is found with 80 % probability), p-values of `bias`, `spread` and
        `uniformity`, `inside` (days between their bounds) and `verdict`.
    p_value : float
        Probability of so large a deviation if the scenario is right; below 0.05 it is rejected.
    reproduces : bool
        Whether the scenario is not rejected.
    given_calls : bool
        Whether the arrivals of each day were given.
    within : float
        Threshold of the service level [s].
    notes : tuple of str
        Sentences on what could not be predicted as asked.
    spoken : callable or None
        Function that makes the verdict.
    """

    verdict: str
    table: pd.DataFrame
    tests: pd.DataFrame
    p_value: float
    reproduces: bool
    given_calls: bool
    within: float
    notes: tuple[str, ...] = ()
    spoken: Callable[[], str] | None = field(default=None, repr=False, compare=False)

    @property
    def words(self) -> str:
        """The verdict in the language in use, as `ringsim.report` chooses it."""
        return self.verdict if self.spoken is None else self.spoken()

    def __repr__(self) -> str:
        return f"<Backtest: {self.verdict}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.verdict)}</p>{self.tests.to_html()}"


def backtest(
    scenario: Scenario,
    records: Records,
    *,
    days: Iterable[int] | None = None,
    given_calls: bool = True,
    within: float = 20.0,
    seed: int = 0,
) -> Backtest:
    """Test whether a scenario reproduces days that happened.

    Parameters
    ----------
    scenario : Scenario
        A scenario with the group of the records, fitted or written by hand.
    records : Records
        Days of that group.
    days : iterable of int, optional
        Numbers of the days to predict; by default all.
    given_calls : bool, default True
        Predict each day given the arrivals of its calls, and the hours of duty and pauses of its
        people where these are recorded, which tests how calls were served apart from how many
        came; the number of calls is tested with drawn arrivals either way. If False,
        everything is predicted with drawn arrivals. So it is if callers of the scenario redial:
        the arrivals of the records include calls of callers who tried again.
    within : float, default 20
        Threshold of the service level [s].
    seed : int, default 0
        Seed of the simulated days.

    Returns
    -------
    Backtest
        The verdict in a sentence, a row per metric and day, and the tests. Answer rate, service
        level, mean speed of answer, abandonment rate and number of calls are tested for bias,
        spread and uniformity, the shares of members who are in no other group in the calls that
        they answered for bias. All tests together reject a right scenario with probability 5 %.

    Raises
    ------
    ConfigurationError
        If the scenario has no such group or nobody calls it, there is no such day, or no call lies
        within the hours of the scenario.

    Notes
    -----
    Times of day are compared, so that scenario and records may open at different times. Calls
    outside the hours of the scenario are left out; the notes of the backtest count them.
    """
    check_scenario(scenario)
    check_instance("records", records, Records)
    check_flag("given_calls", given_calls)
    chosen = range(records.n_days) if days is None else _checked_days(days, records.n_days)
    return predict_and_test(
        scenario, records, days=chosen, given_calls=given_calls, within=within, seed=seed
    )


def _checked_days(days: Iterable[int], n_days: int) -> list[int]:
    listed = as_list(days, "days", "must be a list of days")
    for index, day in enumerate(listed):
        if not is_integer(day) or not 0 <= day < n_days:
            raise ConfigurationError(
                f"days[{index}]", f"must be a whole number from 0 to {n_days - 1}", day
            )
    return [int(day) for day in listed]


def predict_and_test(
    scenario: Scenario,
    records: Records,
    *,
    days: Iterable[int],
    given_calls: bool,
    within: float,
    seed: int,
    n_fitted: int = 0,
    seen: bool = False,
) -> Backtest:
    """Return the backtest of a scenario that was fitted on `n_fitted` days; 0 if it is not fitted.

    `seen` tells that it was fitted on the very days that are predicted.
    """
    number, chosen = _checked(scenario, records, list(days), seed)
    thresholds = Thresholds(within=within)
    some, notes = _within_hours(records.only(chosen), scenario)
    observed = observed_days(some, thresholds, own_members(scenario, number))
    if given_calls and scenario.demand[number].redials:
        given_calls = False
        notes.append(Said("fitting.redials", group=number))
    predicted = predictions(scenario, some, number, thresholds, given_calls=given_calls, seed=seed)
    if scenario.demand[number].arrives_at is not None:
        del observed[VOLUME]
    metrics = {name: observed[name] for name in observed if name in predicted}
    bias_only = {name: name not in (*METRICS, VOLUME) for name in metrics}
    found = evidence_in_range(
        evidence(metrics, predicted, bias_only=bias_only, n_fitted=n_fitted, seed=seed)
    )
    table = table_of_days(metrics, predicted, chosen, n_fitted, seed)
    spoken = partial(
        verdict_sentence, found, within, len(chosen), held_out=bool(n_fitted), seen=seen
    )
    with speaking("en"):
        verdict, tests = spoken(), table_of_tests(found, table, within)
    return Backtest(
        verdict=verdict,
        table=table,
        tests=tests,
        p_value=found.p_value,
        reproduces=not found.rejects,
        given_calls=given_calls,
        within=within,
        notes=tuple(notes),
        spoken=spoken,
    )


def _within_hours(records: Records, scenario: Scenario) -> tuple[Records, list[str]]:
    """Return the records within the hours of the scenario, and sentences on what is left out."""
    some = within_hours(records, scenario)
    n, of = len(some.arrays.calls), len(records.arrays.calls)
    if not n:
        raise ConfigurationError(
            "records",
            "must have a call within the hours of the scenario",
            hint=f"Calls outside them: {of}.",
        )
    notes: list[str] = []
    if n < of:
        notes.append(Said("fitting.outside_one" if of == n + 1 else "fitting.outside", n=of - n))
    if opening_is_unknown(records, scenario):
        notes.append(Said("fitting.opening"))
    return some, notes


def _checked(
    scenario: Scenario, records: Records, days: list[int], seed: int
) -> tuple[str, list[int]]:
    number = scenario.group(records.group).extension_number
    if number not in scenario.demand:
        raise ConfigurationError(
            f"demand.{number}", "must be given", hint="Nobody calls the group of the records."
        )
    if not days:
        raise ConfigurationError("days", "must name at least one day", days)
    if not is_integer(seed) or seed < 0:
        raise ConfigurationError("seed", "must be a whole number, at least 0", seed)
    return number, days
