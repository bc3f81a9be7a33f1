"""A scenario from call records, with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ringsim._checks import is_integer
from ringsim._words import Said
from ringsim.errors import ConfigurationError, check_instance
from ringsim.fitting._arrays import RecordArrays
from ringsim.fitting._backtest import Backtest, predict_and_test
from ringsim.fitting._callers import Callers, callers_of
from ringsim.fitting._duty_hours import duty_of_answers, on_duty
from ringsim.fitting._naive import naive_scenario
from ringsim.fitting._people import People, people_of
from ringsim.fitting._rows import table_of
from ringsim.fitting._single_weekdays import told_apart_sentences, without_stray_days
from ringsim.fitting._template import group_of, rings_together
from ringsim.group import RingGroup
from ringsim.records import Records
from ringsim.scenario import Demand, Extension, Scenario
from ringsim.workload._keys import check_key_number

__all__ = ["Fit", "fit"]

LARGEST_SHARE = 3  # at most one day in so many is held out


@dataclass(frozen=True)
class Fit:
    """A scenario fitted to call records.

    Attributes
    ----------
    scenario : Scenario
        The group with its callers and people.
    table : DataFrame
        A row per parameter: `parameter` (its path in the scenario), `estimate`, `low` and `high`
        (95 % interval by days; of people with few rings, also by how far people differ), `naive`
        (what the usual shortcut would have given), `n_events` (what the estimate rests on) and
        `method`.
    limits : tuple of str
        Sentences on what the records cannot show.
    records : Records
        The records, the days held out included, without days of few calls that are the only
        ones of their weekday.
    fitted_days, held_out_days : tuple of int
        Numbers of the days that the scenario was fitted on, and of those kept for the check.
    seed : int
        Seed of the check.
    """

    scenario: Scenario
    table: pd.DataFrame
    limits: tuple[str, ...]
    records: Records
    fitted_days: tuple[int, ...]
    held_out_days: tuple[int, ...]
    seed: int = 0
    callers: Callers | None = field(default=None, repr=False)
    people: People | None = field(default=None, repr=False)

    def check(self, *, given_calls: bool = True, within: float = 20.0) -> Backtest:
        """Return how well the scenario predicts the days held out.

        If no day was held out, the days it was fitted on are predicted, and the verdict says so.

        Parameters
        ----------
        given_calls : bool, default True
            As in `backtest`.
        within : float, default 20
            Threshold of the service level [s].
        """
        if given_calls and within == 20.0:
            return self._check
        return self._checked(given_calls=given_calls, within=within)

    @cached_property
    def _check(self) -> Backtest:
        return self._checked(given_calls=True, within=20.0)

    def _checked(self, *, given_calls: bool, within: float) -> Backtest:
        return predict_and_test(
            self.scenario,
            self.records,
            days=self.held_out_days or self.fitted_days,
            given_calls=given_calls,
            within=within,
            seed=self.seed,
            n_fitted=len(self.fitted_days) if self.held_out_days else 0,
            seen=not self.held_out_days,
        )

    @cached_property
    def naive_scenario(self) -> Scenario:
        """The same group with every input estimated by the usual shortcut, for comparison."""
        group = self.scenario.groups[0]
        return naive_scenario(_arrays(self.records.only(self.fitted_days), group), group)

    @property
    def finding(self) -> str:
        """The verdict of the check, in one sentence."""
        return self.check().verdict

    def report(
        self, path: str | Path | None = None, *, language: str = "en", within: float = 20.0
    ) -> Any:
        """Return the page of the fit, and write it to a file if a path is given.

        Parameters
        ----------
        path : str or Path, optional
            File to write the page to.
        language : {"en", "de"}, default "en"
            Language of the page. Notes of the reader, which quote files, stay English.
        within : float, default 20
            Threshold of the service level [s].

        Raises
        ------
        ConfigurationError
            If there is no such language, or the file cannot be written.
        """
        from ringsim.reporting import fit_page

        page = fit_page(self, language, within)
        if path is not None:
            page.write(path)
        return page

    def __repr__(self) -> str:
        return (
            f"<Fit of group {self.scenario.groups[0].extension_number} to "
            f"{len(self.fitted_days)} days, {len(self.table)} parameters, "
            f"{len(self.held_out_days)} days held out>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.finding)}</p>{self.table.to_html(index=False)}"


def fit(
    records: Records,
    *,
    group: str | None = None,
    template: Any = None,
    hold_out: int = 5,
    seed: int = 0,
) -> Fit:
    """Fit a scenario to call records.

    Parameters
    ----------
    records : Records
        Days of one group, from `read_records`.
    group : str, optional
        Number of the group; it must be that of the records.
    template : RingGroup, dict or Scenario, optional
        The phone system's record of the group: members, strategy, ring time. Without it, they
        are inferred from the rings.
    hold_out : int, default 5
        Number of days, the last ones, that the scenario is not fitted on, for `check`; at most a
        third of all days.
    seed : int, default 0
        Seed of the check.

    Returns
    -------
    Fit
        The scenario, the table of its parameters, and `check()` on the days held out. A day that
        of few calls that is the only one of its weekday is left out; `limits` name it.

    Raises
    ------
    ConfigurationError
        If there are fewer than two days, no answered call, or the template is of another group.
    """
    check_instance("records", records, Records)
    check_key_number(seed, "seed")
    number = records.group
    if group is not None and (not isinstance(group, str) or group != number):
        raise ConfigurationError("group", f"must be the group of the records, {number}", group)
    if not is_integer(hold_out) or hold_out < 0:
        raise ConfigurationError("hold_out", "must be a whole number, at least 0", hold_out)
    if records.n_days < 2:
        raise ConfigurationError(
            "records",
            "must have at least two days",
            records.n_days,
            "Intervals and the check are by days.",
        )
    records, stray = without_stray_days(records)
    n_held = min(int(hold_out), records.n_days // LARGEST_SHARE)
    days = range(records.n_days)
    fitted, held = tuple(days[: len(days) - n_held]), tuple(days[len(days) - n_held :])
    limits = [] if n_held == hold_out else [_held_sentence(n_held, records.n_days)]
    ringing, assumed = group_of(records, template)
    some = records.only(fitted)
    found, callers, people, of_days = _estimated(some, ringing, records.weekdays)
    return Fit(
        scenario=found,
        table=table_of([*callers.rows, *people.rows]),
        limits=(*assumed, *limits, *stray, *of_days, *callers.limits, *people.limits),
        records=records,
        fitted_days=fitted,
        held_out_days=held,
        seed=seed,
        callers=callers,
        people=people,
    )


def _held_sentence(n: int, of: int) -> str:
    if n == 0:
        return Said("limits.not_held", of=of)
    return Said("limits.one_held" if n == 1 else "limits.few_held", n=n, of=of)


def _estimated(
    some: Records, group: RingGroup, weekdays: tuple[str, ...]
) -> tuple[Scenario, Callers, People, list[str]]:
    """Return the scenario fitted to some days, its parts, and sentences on rings and weekdays.

    `weekdays` are those of all records; days differ only if each of them was fitted.
    """
    number = group.extension_number
    arrays, limits = _with_rings(_arrays(some, group), group)
    limits += told_apart_sentences(some, weekdays)
    if some.weekdays != weekdays:
        arrays = replace(arrays, of_weekdays=False)
    callers = callers_of(arrays, number)
    people = people_of(arrays, number, together=rings_together(group))
    differ = callers.weekdays or people.weekdays
    demand = Demand(**callers.demand, wrap_up_time=people.wrap_up_time)
    scenario = Scenario(
        name=f"Fitted to {some.n_days} days of group {number}",
        groups=[group],
        demand={number: demand},
        extensions=people.extensions,
        hours=some.scenario.hours,
        opens_at=some.scenario.opens_at,
        **({"days": list(differ)} if differ else {}),
    )
    return scenario, callers, people, limits


def _arrays(records: Records, group: RingGroup) -> RecordArrays:
    return RecordArrays(records, tuple(member.extension_number for member in group.members))


def _with_rings(arrays: RecordArrays, group: RingGroup) -> tuple[RecordArrays, list[str]]:
    """Return records with every ring; rings that they lack are worked out from the answers."""
    records = arrays.records
    if records.rings_are_complete:
        return arrays, []
    spans = duty_of_answers(arrays)
    extensions = [
        Extension(person, on_duty=on_duty(span, arrays.end))
        for person, span in zip(arrays.people, spans, strict=True)
    ]
    roster = Scenario(
        groups=[group],
        extensions=extensions,
        hours=records.scenario.hours,
        opens_at=records.scenario.opens_at,
    )
    return _arrays(records.with_rings(roster), group), [Said("limits.worked_out")]
