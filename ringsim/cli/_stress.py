"""The command `stress`: days on which something goes wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from ringsim.cli import _options as on
from ringsim.cli._completion import metric_names
from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._options import PlanOptions
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.planning import Stress

__all__ = ["stress"]

BURST = re.compile(r"([0-9]+)/([0-9.]+)(?:@([0-9:]+))?")


@dataclass(frozen=True)
class EventOptions:
    """Events, each played on its own; without any of these options, the usual ones."""

    panel: ClassVar[str] = "Events"

    absent: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER", help="Absence of this person. Repeat the option for more."),
    ] = None
    volume: Annotated[
        list[float] | None,
        typer.Option(metavar="FACTOR", help="Multiply the calls of the group, such as by 1.3."),
    ] = None
    burst: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CALLS/MINUTES[@TIME]",
            help="More calls within some minutes, such as 20/10@09:30; by default at the busiest "
            "half-hour.",
        ),
    ] = None
    longer: Annotated[
        list[float] | None,
        typer.Option(metavar="FACTOR", help="Multiply the length of all calls, such as by 1.2."),
    ] = None
    closed: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TARGET",
            help="Close a target of unanswered calls: a number, or voicemail.",
        ),
    ] = None


@with_option_groups
def stress(
    *,
    group: on.Group = None,
    events: EventOptions,
    metric: on.Metrics = None,
    show_all: on.All = False,
    plan: PlanOptions,
) -> None:
    """Play days on which something goes wrong; say what breaks a group first."""
    from ringsim.cli import _plan_tables
    from ringsim.cli._plans import PlanCommand
    from ringsim.planning import stress as play
    from ringsim.scenario import named_group

    planned = PlanCommand.read(plan)
    number = named_group(planned.scenario, group)
    what = _events(events)
    with planned.playing("Playing") as where:
        found = play(
            planned.scenario,
            number,
            what or None,
            metrics=metric_names() if show_all else metric,
            **planned.asked,
            **where,
        )
    planned.print_result(
        "stress",
        found.table,
        [planned.heading(number), str(found), _plan_tables.events(found)],
        group=number,
        **planned.asked,
        order=list(found.order),
        text=str(found),
    )


def _events(events: EventOptions) -> list[Stress]:
    from ringsim.planning import Stress

    return [
        *(Stress.absence(number) for number in events.absent or ()),
        *(Stress.volume(factor) for factor in events.volume or ()),
        *(_burst(text) for text in events.burst or ()),
        *(Stress.longer_calls(factor) for factor in events.longer or ()),
        *(Stress.closed(target) for target in events.closed or ()),
    ]


def _burst(text: str) -> Stress:
    """Return a burst that is written as `20/10` or `20/10@09:30`."""
    from ringsim.planning import Stress

    match = BURST.fullmatch(text)
    if match is None:
        raise ConfigurationError("--burst", "must be such as 20/10@09:30", text)
    calls, minutes, at = match.groups()
    try:
        start = float(at) if at and ":" not in at else at
        return Stress.burst(int(calls), float(minutes), start)
    except ValueError:
        raise ConfigurationError("--burst", "must be such as 20/10@09:30", text) from None
