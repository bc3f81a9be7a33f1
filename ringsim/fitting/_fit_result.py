"""Result of a fit: a scenario from call records, with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ringsim._sentences import counted
from ringsim.fitting._arrays import arrays_of
from ringsim.fitting._backtest import Backtest, predict_and_test
from ringsim.fitting._callers import Callers
from ringsim.fitting._naive import naive_scenario
from ringsim.fitting._people import People
from ringsim.records import Records
from ringsim.scenario import Scenario

__all__ = ["Fit"]


@dataclass(frozen=True)
class Fit:
    """A scenario fitted to call records.

    Attributes
    ----------
    scenario : Scenario
        The group with its callers and people.
    table : DataFrame
        A row per parameter: `parameter` (its path in the scenario), `estimate`, `low` and `high`
        (95 % interval by days; of people with few rings, also by how far people differ; by
        likelihood if a limit such as 1 or infinity is possible), `naive` (what the usual shortcut
        would have given), `n_events` (what the estimate rests on) and `method`.
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
        return naive_scenario(arrays_of(self.records.only(self.fitted_days), group), group)

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
            f"{counted(len(self.fitted_days), 'day')}, {counted(len(self.table), 'parameter')}, "
            f"{counted(len(self.held_out_days), 'day')} held out>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.finding)}</p>{self.table.to_html(index=False)}"
