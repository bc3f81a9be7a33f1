"""Hypothesis strategy for days: a scenario and its workload together.

`Day`
    A scenario and its workload, shown as the Python that makes them.
`days`
    Strategy for days.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from ringsim.errors import ConfigurationError
from ringsim.scenario import Scenario
from ringsim.testing._failures import scenario_call, scenario_source, workload_call
from ringsim.testing._scenarios import scenarios
from ringsim.testing._times import LONGEST, Times
from ringsim.testing._workloads import Sizes, checked_sizes, workload_fields
from ringsim.workload import Workload

__all__ = ["Day", "days"]


class Day(tuple[Scenario, Workload]):
    """A scenario and its workload, as a tuple of two; its `repr` is the Python that makes them.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    arguments : dict
        Arguments of the `Workload`.

    Examples
    --------
    >>> Day(Scenario(groups=[]), {"arrives_at": [], "talk_time": 5.0})
    (rs.Scenario(groups=[]), rs.Workload(arrives_at=[], talk_time=5.0))
    """

    arguments: Mapping[str, Any]

    def __new__(cls, scenario: Scenario, arguments: Mapping[str, Any]) -> Day:
        made = super().__new__(cls, (scenario, Workload(**arguments)))
        made.arguments = arguments
        return made

    def __getnewargs__(self) -> tuple[Scenario, Mapping[str, Any]]:
        return self.scenario, self.arguments

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self[0]

    @property
    def workload(self) -> Workload:
        """The workload."""
        return self[1]

    def source(self, *runs: tuple[str, str]) -> list[str]:
        """Return the lines of Python that play the day, once per engine and dispatcher name."""
        return scenario_source(self.scenario, self.arguments) + [
            f"rs.play(scenario, workload, {engine!r}, dispatcher={name})" for engine, name in runs
        ]

    def __repr__(self) -> str:
        return f"({scenario_call(self.scenario)}, {workload_call(self.arguments)})"


def days(
    scenario: Scenario | st.SearchStrategy[Scenario] | None = None,
    *,
    min_calls: int = 0,
    max_calls: int = 8,
    max_own_calls: int = 2,
    max_spells: int = 2,
    options: bool = False,
    redials: bool = False,
    ties: bool = True,
    zero: bool = True,
    infinite: bool = True,
    longest: float = LONGEST,
) -> st.SearchStrategy[Day]:
    """Return a strategy for days: a scenario and a workload for it.

    Parameters
    ----------
    scenario : Scenario or strategy for one, optional
        The scenario; by default any of `scenarios(demand=False)`, with the times below.
    min_calls, max_calls : int, default 0 and 8
        Number of calls.
    max_own_calls, max_spells : int, default 2
        Largest numbers of own calls, and of spells away, of all people together.
    options, redials, ties, zero, infinite, longest
        As for `workloads`, and for the default scenarios.

    Returns
    -------
    SearchStrategy of Day
        A day unpacks into its scenario and its workload. A failing example is shown as the
        Python that makes them; `eval` makes an equal day of it where `rs` and `math` are
        imported. Shrinks to few groups, members and calls.

    Raises
    ------
    ConfigurationError
        If the scenario is neither, or `max_calls` is less than `min_calls`.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> import ringsim as rs
    >>> @settings(deadline=None, max_examples=20)
    ... @given(days(max_calls=3))
    ... def test_every_call_has_an_outcome(day):
    ...     scenario, workload = day
    ...     assert len(rs.play(scenario, workload).calls) == len(workload)
    >>> test_every_call_has_an_outcome()
    """
    times = Times(ties, zero, infinite, longest)
    if scenario is None:
        scenario = scenarios(
            demand=False,
            options=options,
            ties=ties,
            zero=zero,
            infinite=infinite,
            longest=longest,
        )
    of = st.just(scenario) if isinstance(scenario, Scenario) else scenario
    if not isinstance(of, st.SearchStrategy):
        raise ConfigurationError("scenario", "must be a Scenario or a strategy for one", scenario)
    sizes = checked_sizes(min_calls, max_calls, max_own_calls, max_spells, options, redials)
    return _days(of, times, sizes)


@st.composite
def _days(
    draw: st.DrawFn,
    scenario: st.SearchStrategy[Scenario],
    times: Times,
    sizes: Sizes,
) -> Day:
    """Draw a scenario and the arguments of its workload.

    A composite, because Hypothesis shows a failing example of it by the example's own repr.
    """
    found = draw(scenario)
    return Day(found, draw(workload_fields(found, times, sizes)))
