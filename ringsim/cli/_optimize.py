"""Command `optimize`: the best settings that meet a target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringsim.cli import _options as on
from ringsim.cli._completion import completing, metric_names
from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._target_options import TargetOptions
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.planning import Cost, Optimum, Target

__all__ = ["optimize"]

STRATEGY = "strategy"


@dataclass(frozen=True)
class OptimizeStudyOptions(on.StudyOptions):
    """Largest number of simulated days, random numbers, and definition of the service level."""

    replications: Annotated[
        int,
        typer.Option(
            metavar="COUNT", help="Largest number of days to simulate for each combination."
        ),
    ] = 5000


@dataclass(frozen=True)
class OptimizePlanOptions(on.PlanOptions):
    """Options of `optimize`, which simulates as many days as the decision takes."""

    asked: OptimizeStudyOptions


@with_option_groups
def optimize(
    *,
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SETTING=VALUES",
            help="Setting and its values, SETTING=VALUE,VALUE; for example ring_time=8,12,20, "
            "n_members=3..6 or strategy=NAME,NAME. Repeat the option for more settings.",
        ),
    ] = None,
    minimise: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=completing(metric_names),
            help="Make this as low as possible: a metric, n_members or occupancy.",
        ),
    ] = None,
    maximise: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=completing(metric_names),
            help="Make this as high as possible.",
        ),
    ] = None,
    cost: Annotated[
        str | None,
        typer.Option(
            metavar="PRICES",
            help="Make the cost of a day, or of a week if the scenario has several days, "
            "as low as possible. Prices are member_hour, interruption "
            "and lost_call, for example member_hour=30,lost_call=12.",
        ),
    ] = None,
    indifference: Annotated[
        float | None,
        typer.Option(
            metavar="AMOUNT", help="Difference in the optimised figure that does not matter."
        ),
    ] = None,
    group: on.Group = None,
    goals: TargetOptions,
    plan: OptimizePlanOptions,
) -> None:
    """Find the best settings that meet a target, on the same callers, with 95 % confidence."""
    from ringsim.cli import _output, _plan_tables
    from ringsim.cli._parse import settings as settings_of
    from ringsim.cli._parse import told_of_settings
    from ringsim.cli._plans import PlanCommand, with_goals
    from ringsim.cli._strategy_files import dispatcher_named
    from ringsim.planning import optimize as find_best
    from ringsim.scenario import named_group

    plan, given = with_goals(plan, goals)
    settings = settings_of(over or (), "--over")
    if STRATEGY in settings:
        settings[STRATEGY] = [dispatcher_named(str(text)) for text in settings[STRATEGY]]
    zone = _checked_zone(indifference)
    planned = PlanCommand.read(plan)
    number = named_group(planned.scenario, group)
    with planned.playing("Optimizing") as where, told_of_settings(settings, "--over"):
        optimum = find_best(
            planned.scenario,
            group=number,
            over=settings,
            minimise=_minimised(minimise, maximise, cost),
            maximise=maximise,
            subject_to=_target(plan, given),
            within=zone,
            max_replications=plan.asked.replications,
            seed=plan.asked.seed,
            **where,
        )
    chosen = optimum.best or optimum.space.study(0).scenario
    planned.assuming(chosen).print_decision(  # settings in `over` are not assumed
        "optimize",
        optimum.table,
        [planned.heading(number, at_most=True), str(optimum), _plan_tables.optima(optimum)],
        group=number,
        target=given,
        text=str(optimum),
        objective=_objective(optimum, cost),
        **_figures(optimum),
        frontier=_output.rows(optimum.frontier.rename_axis("row")),
    )


def _objective(optimum: Optimum, cost: str | None) -> dict[str, Any]:
    """Return the JSON field of what is optimized; a cost with its prices."""
    from ringsim.cli._parse_amounts import amounts

    best = "greatest" if optimum.objective.is_greatest else "least"
    prices = {} if cost is None else {"prices": amounts(cost, "--cost")}
    return {"name": optimum.objective.name, "best": best, **prices}


def _figures(optimum: Optimum) -> dict[str, Any]:
    """Return the JSON fields of the choice."""
    return {
        "settings": optimum.settings,
        "decided": optimum.decided,
        "indifference": optimum.within,
        "replications": optimum.replications,
    }


def _checked_zone(indifference: float | None) -> float | None:
    if indifference is not None and not 0 <= indifference < math.inf:
        raise ConfigurationError(
            "--indifference", "must be a finite number, at least 0", indifference
        )
    return indifference


def _minimised(minimise: str | None, maximise: str | None, cost: str | None) -> str | Cost | None:
    """Return the metric or the cost to minimise; None if another figure is maximised.

    Raises
    ------
    ConfigurationError
        If the prices are invalid, or a cost is given beside another objective.
    """
    from ringsim.cli._parse_amounts import amounts
    from ringsim.planning import Cost

    if cost is None:
        if minimise == "cost":
            raise ConfigurationError("--cost", "must be given", hint="Write --cost member_hour=30.")
        return minimise
    if minimise not in (None, "cost") or maximise is not None:
        raise ConfigurationError("--cost", "must not be given beside another objective", cost)
    prices = amounts(cost, "--cost")
    unknown = prices.keys() - Cost.__dataclass_fields__.keys()
    if unknown:
        names = ", ".join(Cost.__dataclass_fields__)
        raise ConfigurationError("--cost", f"must have prices of {names}", min(unknown))
    try:
        return Cost(**prices)
    except ConfigurationError as wrong:
        raise ConfigurationError("--cost", f"{wrong.subject} {wrong.constraint}", cost) from None


def _target(plan: OptimizePlanOptions, given: dict[str, float]) -> Target | None:
    from ringsim.planning import Target

    if not given:
        return None
    return Target(**given, within=plan.asked.within, variant=plan.asked.variant)
